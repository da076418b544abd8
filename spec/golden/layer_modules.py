"""What layers.py and its rows share: modules that PyTorch has not, and the helpers of case.lua."""

import torch
import torch.nn.functional as F
from torch import nn

from counterparts import same_padding
from model import fill


class Joined(nn.Module):
    """All outputs in a row; indices counted from 1."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, *inputs):
        outputs = self.module(*inputs)
        flat = [
            y.reshape(-1) if y.is_floating_point() else (y + 1).to(torch.float64).reshape(-1)
            for y in outputs
        ]
        return torch.cat(flat)


def filled(module):
    j = 0
    for name, b in module.named_buffers():
        if b.is_floating_point():
            j += 1
            values = fill(b.shape, j) * 0.4 + 0.5
            if name.endswith(("_u", "_v")):
                values = values / values.norm()
            b.copy_(values)
    return module


class Function(nn.Module):
    """f(*children, *inputs), with the children by the names that Tocha gives them."""

    def __init__(self, f, **children):
        super().__init__()
        self.f = f
        for name, child in children.items():
            self.add_module(name.lstrip("_"), child)

    def forward(self, *inputs):
        return self.f(*self.children(), *inputs)


class Padded(nn.Module):
    """A convolution of what was padded by pairs, or (without pairs) by padding = "same" with any stride."""

    def __init__(self, conv, pads=None):
        super().__init__()
        self.weight, self.bias = conv.weight, conv.bias
        self.conv, self.pads = [conv], pads

    def forward(self, x):
        conv = self.conv[0]
        pads = self.pads or same_padding(x, conv.weight, conv.stride, conv.dilation)
        around = [p for pair in reversed(pads) for p in pair]
        mode = conv.padding_mode if conv.padding_mode != "zeros" else "constant"
        return conv._conv_forward(F.pad(x, around, mode), self.weight, self.bias)


class Maxout(nn.Linear):
    def __init__(self, inputs, outputs, pieces):
        super().__init__(inputs, outputs * pieces)
        self.pieces = pieces

    def forward(self, x):
        return super().forward(x).unflatten(-1, (-1, self.pieces)).amax(-1)


class Bag(nn.EmbeddingBag):
    """Offsets counted from 1."""

    def forward(self, ids, offsets, weights=None):
        return super().forward(ids, offsets - 1, weights)


def given(module):
    with torch.no_grad():
        for j, p in enumerate(module.parameters()):
            p.copy_(fill(p.shape, j + 1))
    return module
