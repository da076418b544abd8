#!/usr/bin/env python3
"""Makes spec/golden/rnn.safetensors: PyTorch's recurrent layers and cells, see cases.py.

    python spec/golden/rnn.py        (a Python with PyTorch)
"""

import os

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from cases import Cases, numbers

cases = Cases(os.path.join(os.path.dirname(__file__), "rnn.safetensors"))
T, B, IN, H = 5, 3, 2, 3

LSTM_CALL = "function(m, x, h, c) local y, s = m(x, {h, c}); return y, s[1], s[2] end"
ONE_CALL = "function(m, x, h) return m(x, h) end"


def run_lstm(m, x, h, c):
    y, (h, c) = m(x, (h, c))
    return y, h, c


def run_one(m, x, h):
    return m(x, h)


def lua_options(options):
    """{num_layers = 2, bidirectional = true}"""
    text = {True: "true", False: "false"}
    pairs = [f"{k} = {text.get(v, v) if isinstance(v, bool) else repr(v)}" for k, v in options.items()]
    return "{" + ", ".join(pairs) + "}"


def states(kind, options, batch=(B,)):
    layers = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
    sizes = [options.get("proj_size") or H] + ([H] if kind == "LSTM" else [])
    return [numbers(layers, *batch, size) for size in sizes]


LAYERS = {
    "lstm": ("LSTM", {}),
    "lstm_no_bias": ("LSTM", dict(bias=False)),
    "lstm_deep_both_ways": ("LSTM", dict(num_layers=2, bidirectional=True)),
    "lstm_projected": ("LSTM", dict(proj_size=2)),
    "lstm_projected_deep_both_ways": ("LSTM", dict(num_layers=2, bidirectional=True, proj_size=2)),
    "gru": ("GRU", {}),
    "gru_no_bias": ("GRU", dict(bias=False)),
    "gru_deep_both_ways": ("GRU", dict(num_layers=2, bidirectional=True)),
    "rnn": ("RNN", {}),
    "rnn_relu_deep_both_ways": ("RNN", dict(num_layers=2, nonlinearity="relu", bidirectional=True)),
}

for name, (kind, options) in LAYERS.items():
    call, run = (LSTM_CALL, run_lstm) if kind == "LSTM" else (ONE_CALL, run_one)
    cases.add(name, f"nn.{kind}({IN}, {H}, {lua_options(options)})", call,
              getattr(nn, kind)(IN, H, **options), run, numbers(T, B, IN), *states(kind, options))

cases.add("lstm_batch_first", "nn.LSTM(2, 3, {batch_first = true})", LSTM_CALL,
          nn.LSTM(IN, H, batch_first=True), run_lstm, numbers(B, T, IN), *states("LSTM", {}))
cases.add("gru_single", "nn.GRU(2, 3)", ONE_CALL, nn.GRU(IN, H), run_one, numbers(T, IN),
          *states("GRU", {}, ()))


# ---- wide ones: packed weights, whole and partial panels, a batch that is cut -------------------

def wide(name, kind, call, run, hidden):
    layer = getattr(nn, kind)(2, hidden)
    first = [numbers(1, 9, hidden, scale=0.3) for _ in range(2 if kind == "LSTM" else 1)]
    cases.add(name, f"nn.{kind}(2, {hidden})", call, layer, run, numbers(6, 9, 2), *first)


wide("lstm_wide", "LSTM", LSTM_CALL, run_lstm, 18)
wide("gru_wide", "GRU", ONE_CALL, run_one, 18)
wide("rnn_wide", "RNN", ONE_CALL, run_one, 18)


# ---- sequences of several lengths ---------------------------------------------------------------

def packed(kind, lengths, enforce_sorted):
    def run(m, x, *state):
        p = pack_padded_sequence(x, lengths, enforce_sorted=enforce_sorted)
        y, s = m(p, state if kind == "LSTM" else state[0])
        return (pad_packed_sequence(y)[0], *(s if kind == "LSTM" else (s,)))

    numbers_text = ", ".join(map(str, lengths))
    state = "{h, c}" if kind == "LSTM" else "h"
    last = "s[1], s[2]" if kind == "LSTM" else "s"
    call = f"""function(m, x, h, c)
      local rnn = nn.utils.rnn
      local p = rnn.pack_padded_sequence(x, {{{numbers_text}}},
        {{enforce_sorted = {str(enforce_sorted).lower()}}})
      local y, s = m(p, {state})
      return rnn.pad_packed_sequence(y), {last}
    end"""
    # pad_packed_sequence gives two values; in the middle of a list Lua takes the first
    return call, run


for name, kind, lengths, enforce_sorted in (
        ("lstm_packed", "LSTM", [5, 3, 2], True), ("lstm_packed_unsorted", "LSTM", [2, 5, 3], False),
        ("gru_packed_unsorted", "GRU", [1, 5, 5], False), ("rnn_packed_unsorted", "RNN", [2, 4, 5], False)):
    options = dict(num_layers=2, bidirectional=True)
    call, run = packed(kind, lengths, enforce_sorted)
    cases.add(name, f"nn.{kind}({IN}, {H}, {lua_options(options)})", call,
              getattr(nn, kind)(IN, H, **options), run, numbers(T, B, IN), *states(kind, options))


# ---- cells --------------------------------------------------------------------------------------

cases.add("lstm_cell", "nn.LSTMCell(2, 3)", "function(m, x, h, c) return m(x, {h, c}) end",
          nn.LSTMCell(IN, H), lambda m, x, h, c: m(x, (h, c)), numbers(B, IN), numbers(B, H), numbers(B, H))
for name, make, cell in (
        ("gru_cell", "nn.GRUCell(2, 3)", nn.GRUCell(IN, H)),
        ("gru_cell_no_bias", "nn.GRUCell(2, 3, false)", nn.GRUCell(IN, H, False)),
        ("rnn_cell", "nn.RNNCell(2, 3)", nn.RNNCell(IN, H)),
        ("rnn_cell_relu", "nn.RNNCell(2, 3, {nonlinearity = 'relu'})", nn.RNNCell(IN, H, nonlinearity="relu"))):
    cases.add(name, make, "function(m, x, h) return m(x, h) end", cell, lambda m, x, h: [m(x, h)],
              numbers(B, IN), numbers(B, H))


# ---- training -----------------------------------------------------------------------------------

class Reader(nn.Module):
    """A recurrent layer, and a linear one on its last step."""
    def __init__(self, rnn):
        super().__init__()
        self.rnn, self.head = rnn, nn.Linear(H, 2)

    def forward(self, x):
        return self.head(self.rnn(x)[0][-1])


for name, kind in (("lstm_training", "LSTM"), ("gru_training", "GRU")):
    cases.train(
        name, f"nn.ModuleDict{{{{'rnn', nn.{kind}(2, 3, 2)}}, {{'head', nn.Linear(3, 2)}}}}",
        "function(m, x, t) return nn.MSELoss()(m.head(m.rnn(x)[-1]), t) end",
        Reader(getattr(nn, kind)(IN, H, 2)), lambda m, x, t: nn.functional.mse_loss(m(x), t),
        numbers(T, 6, IN), numbers(6, 2), lr=0.5)

cases.save()
