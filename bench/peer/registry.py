"""The peer's workloads by name. A builder is called with a mode and returns a Work.

A mode is one way in which PyTorch can do the same work; several traits of one are joined by "+":
eager, fused (the fused optimiser), channels_last, out (into a tensor that is there), jit
(TorchScript, frozen and optimised), sdpa (the fused attention), compiled (torch.compile), and with
that one frozen (weights become constants, inductor packs them), reduced (mode "reduce-overhead"),
stepped (the optimiser's step is compiled too)."""
from collections import namedtuple

import torch

# unit() does `inner` units of work; check() returns numbers that both sides must agree on;
# peak(unit): its peak memory, where that is not the process's
Work = namedtuple("Work", "unit check inner peak", defaults=(1, None))
WORKLOADS = {}


def workload(*modes, name=None):
    def add(build):
        WORKLOADS[name or build.__name__] = (modes or ("eager",), build)
        return build
    return add


def traits(mode):
    return set(mode.split("+"))


def compiled(f, mode):
    """f, as torch.compile makes it in this mode; f itself where the mode does not compile."""
    have = traits(mode)
    if "compiled" not in have:
        return f
    if "reduced" in have:
        return torch.compile(f, mode="reduce-overhead")
    return torch.compile(f, options={"freezing": True} if "frozen" in have else None)


def numbers(*tensors):
    """A few numbers that tell tensors apart: sums, plain and weighted, and single elements."""
    out = []
    for t in tensors:
        x = t.detach().double().reshape(-1)
        size, weights = x.abs().sum(), torch.arange(x.numel()) % 7 - 3
        out += [size, x.sum() / size, (x * weights).sum() / size, x[0], x[x.numel() // 2], x[-1]]
    return [float(v) for v in out]
