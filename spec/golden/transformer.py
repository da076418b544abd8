#!/usr/bin/env python3
"""Makes spec/golden/transformer.safetensors: PyTorch's attention and transformers, see cases.py.

    python spec/golden/transformer.py        (a Python with PyTorch)
"""

import os
import warnings

import torch
from torch import nn

from cases import Cases, numbers

warnings.simplefilter("ignore")
cases = Cases(os.path.join(os.path.dirname(__file__), "transformer.safetensors"))
B, L, S, E, HEADS, FF = 2, 4, 3, 4, 2, 6


def bools(*rows):
    return torch.tensor(rows, dtype=torch.bool)


# ---- attention: options of the module, masks of the call ----------------------------------------

PADDING = bools([False, False, True], [False, False, False])                       # (B, S)
HIDDEN = bools([False, True, False], [False, False, True], [True, False, False], [False] * 3)  # (L, S)
ADDED = numbers(L, S)
EACH = numbers(B * HEADS, L, S)
CAUSAL = torch.triu(torch.ones(L, L, dtype=torch.bool), 1)

MODULES = {  # name: options in Lua, in Python, widths of key and value
    "": ("", {}, E, E),
    "_no_bias": ("bias = false", dict(bias=False), E, E),
    "_widths": ("kdim = 3, vdim = 5", dict(kdim=3, vdim=5), 3, 5),
    "_bias_kv": ("add_bias_kv = true", dict(add_bias_kv=True), E, E),
    "_zero": ("add_zero_attn = true", dict(add_zero_attn=True), E, E),
    "_bias_kv_zero": ("add_bias_kv = true, add_zero_attn = true", dict(add_bias_kv=True, add_zero_attn=True), E, E),
}


def attention(name, options, call_options, masks=(), batch=True, kdim=E, vdim=E, **call):
    """Cross-attention. `masks`: (name in the call, tensor)."""
    lua, python = options
    module = nn.MultiheadAttention(E, HEADS, **python)
    first = python.get("batch_first", False)

    def shaped(n, width):
        if not batch:
            return numbers(n, width)
        return numbers(B, n, width) if first else numbers(n, B, width)

    def run(m, q, k, v, *given):
        named = {key: x for (key, _), x in zip(masks, given)}
        return [y for y in m(q, k, v, **named, **call) if y is not None]

    letters = "abc"[:len(masks)]
    named = ", ".join([f"{key} = {c}" for (key, _), c in zip(masks, letters)] + call_options)
    code = f"function(m, q, k, v{''.join(', ' + c for c in letters)}) return m(q, k, v, {{{named}}}) end"
    cases.add("mha" + name, f"nn.MultiheadAttention({E}, {HEADS}, {{{lua}}})", code, module, run,
              shaped(L, E), shaped(S, kdim), shaped(S, vdim), *[x for _, x in masks])


for name, (lua, python, kdim, vdim) in MODULES.items():
    attention(name, (lua, python), [], kdim=kdim, vdim=vdim)
    attention(name + "_masked", (lua, python), ["need_weights = false"],
              [("key_padding_mask", PADDING), ("attn_mask", ADDED if "zero" in name else HIDDEN)],
              kdim=kdim, vdim=vdim, need_weights=False)

plain = ("", {})
attention("_batch_first", ("batch_first = true", dict(batch_first=True)), [])
attention("_single", plain, [], [("attn_mask", HIDDEN)], batch=False)
attention("_each_head", plain, ["average_attn_weights = false"], [("attn_mask", EACH)],
          average_attn_weights=False)
attention("_padding_weights", plain, [], [("key_padding_mask", PADDING), ("attn_mask", HIDDEN)])
attention("_added_padding", plain, ["need_weights = false"],
          [("key_padding_mask", numbers(B, S)), ("attn_mask", ADDED)], need_weights=False)


def self_attention(name, lua, call, **options):
    module = nn.MultiheadAttention(E, HEADS, **options)
    cases.add("mha_self" + name, f"nn.MultiheadAttention({E}, {HEADS}, {{{lua}}})",
              "function(m, x, mask) return m(x, x, x, {%s}) end" % call, module,
              lambda m, x, mask: [m(x, x, x, attn_mask=mask, need_weights=False)[0]],
              numbers(B, L, E) if options.get("batch_first") else numbers(L, B, E), CAUSAL)


self_attention("", "", "attn_mask = mask, need_weights = false")
self_attention("_causal_batch_first", "batch_first = true", "is_causal = true, need_weights = false",
               batch_first=True)


# ---- layers and stacks --------------------------------------------------------------------------

SQUARE = nn.Transformer.generate_square_subsequent_mask(L)
SOURCE_PADDING = bools([False] * L, [False, False, True, True])


def layer_code(kind, options):
    return f"nn.Transformer{kind}Layer({E}, {HEADS}, {FF}, 0{', ' if options else ''}{options})"


LAYERS = {
    "": ("", {}),
    "_norm_first_gelu": ("{norm_first = true, activation = 'gelu', batch_first = true}",
                         dict(norm_first=True, activation="gelu", batch_first=True)),
    "_no_bias": ("{bias = false, layer_norm_eps = 1e-3}", dict(bias=False, layer_norm_eps=1e-3)),
}

for name, (lua, python) in LAYERS.items():
    source = numbers(B, L, E) if python.get("batch_first") else numbers(L, B, E)
    memory = numbers(B, S, E) if python.get("batch_first") else numbers(S, B, E)
    cases.add("encoder_layer" + name, layer_code("Encoder", lua),
              "function(m, x, mask, padding) return m(x, mask, padding) end",
              nn.TransformerEncoderLayer(E, HEADS, FF, 0, **python),
              lambda m, x, mask, padding: [m(x, mask, padding)], source, CAUSAL, SOURCE_PADDING)
    cases.add("decoder_layer" + name, layer_code("Decoder", lua),
              "function(m, x, y, mask, hidden, padding) return m(x, y, mask, hidden, "
              "{memory_key_padding_mask = padding}) end",
              nn.TransformerDecoderLayer(E, HEADS, FF, 0, **python),
              lambda m, x, y, mask, hidden, padding: [m(x, y, mask, hidden, memory_key_padding_mask=padding)],
              source, memory, CAUSAL, HIDDEN, PADDING)

cases.add("encoder", f"nn.TransformerEncoder({layer_code('Encoder', '')}, 2, nn.LayerNorm({E}))",
          "function(m, x, mask) return m(x, mask) end",
          nn.TransformerEncoder(nn.TransformerEncoderLayer(E, HEADS, FF, 0), 2, nn.LayerNorm(E),
                                enable_nested_tensor=False),
          lambda m, x, mask: [m(x, mask)], numbers(L, B, E), SQUARE)
cases.add("decoder", f"nn.TransformerDecoder({layer_code('Decoder', '')}, 2)",
          "function(m, x, y, mask) return m(x, y, {tgt_mask = mask}) end",
          nn.TransformerDecoder(nn.TransformerDecoderLayer(E, HEADS, FF, 0), 2),
          lambda m, x, y, mask: [m(x, y, tgt_mask=mask)], numbers(L, B, E), numbers(S, B, E), CAUSAL)

for name, lua, python in (("transformer", "", {}),
                          ("transformer_batch_first", "batch_first = true, norm_first = true",
                           dict(batch_first=True, norm_first=True))):
    def batch(n):
        return numbers(B, n, E) if python.get("batch_first") else numbers(n, B, E)

    cases.add(name, f"nn.Transformer({E}, {HEADS}, 1, 2, {FF}, 0, {{{lua}}})",
              "function(m, x, y, mask, padding) return m(x, y, {tgt_mask = mask, "
              "src_key_padding_mask = padding, memory_key_padding_mask = padding}) end",
              nn.Transformer(E, HEADS, 1, 2, FF, 0, **python),
              lambda m, x, y, mask, padding: [m(x, y, tgt_mask=mask, src_key_padding_mask=padding,
                                                memory_key_padding_mask=padding)],
              batch(S), batch(L), SQUARE, PADDING)


# ---- training -----------------------------------------------------------------------------------

cases.train("encoder_training",
            f"nn.TransformerEncoder({layer_code('Encoder', '{batch_first = true}')}, 2)",
            "function(m, x, t) return nn.MSELoss()(m(x, {is_causal = true}), t) end",
            nn.TransformerEncoder(nn.TransformerEncoderLayer(E, HEADS, FF, 0, batch_first=True), 2,
                                  enable_nested_tensor=False),
            lambda m, x, t: nn.functional.mse_loss(m(x, SQUARE), t),
            numbers(B, L, E), numbers(B, L, E), lr=0.1)

cases.save()
