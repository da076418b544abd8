"""The peer's workloads by name. A builder is called with a mode and returns a Work.

A mode is one way in which PyTorch can do the same work; several traits of one are joined by "+":
eager, fused (the fused optimiser), channels_last, compiled (torch.compile), out (into a tensor that
is there), jit (TorchScript, frozen and optimised), sdpa (the fused attention)."""
from collections import namedtuple

import torch

# unit() does `inner` units of work; check() returns numbers that both sides must agree on
Work = namedtuple("Work", "unit check inner", defaults=(1,))
WORKLOADS = {}


def workload(*modes, name=None):
    def add(build):
        WORKLOADS[name or build.__name__] = (modes or ("eager",), build)
        return build
    return add


def traits(mode):
    return set(mode.split("+"))


def numbers(*tensors):
    """A few numbers that tell tensors apart: sums, plain and weighted, and single elements."""
    out = []
    for t in tensors:
        x = t.detach().double().reshape(-1)
        size, weights = x.abs().sum(), torch.arange(x.numel()) % 7 - 3
        out += [size, x.sum() / size, (x * weights).sum() / size, x[0], x[x.numel() // 2], x[-1]]
    return [float(v) for v in out]
