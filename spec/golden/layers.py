"""Writes spec/golden/layers.lua: what PyTorch computes for the layers that model.py leaves out, and
ten training losses of a small network of each family.

    python spec/golden/layers.py > spec/golden/layers.lua

A row is the Lua code of a module, its counterpart here, and the inputs; spec/golden/case.lua builds
the one, run_case of model.py the other, from weights that both know by a formula.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations, prune

from counterparts import same_padding
from model import F as floats, I as ids, checksum, fill, lua_input, lua_list, make_input, number, run_case

P = lambda *shape: ("prob", shape)
V = lambda *values: ("value", list(values))
W4 = torch.tensor([0.5, 1, 2, 0.25])
LUA_W4 = "tocha.tensor({0.5, 1, 2, 0.25}, {dtype = 'float64'})"


# ---- helpers that case.lua has too --------------------------------------------------------------

class Joined(nn.Module):
    """All outputs in a row; indices counted from 1."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, *inputs):
        outputs = self.module(*inputs)
        flat = [y.reshape(-1) if y.is_floating_point() else (y + 1).to(torch.float64).reshape(-1)
                for y in outputs]
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


# ---- rows ---------------------------------------------------------------------------------------

def convolutions():
    rows = []
    for n, size in ((1, (9,)), (2, (6, 7)), (3, (4, 5, 3))):
        conv, name, shape = getattr(nn, f"Conv{n}d"), f"nn.Conv{n}d", (2, 2) + size
        for mode in ("zeros", "reflect", "replicate", "circular"):
            rows.append((f"{name}(2, 3, 3, {{padding = 1, padding_mode = '{mode}'}})",
                         conv(2, 3, 3, padding=1, padding_mode=mode), [floats(*shape)]))
        rows += [
            (f"{name}(2, 4, 2, {{padding = 'same', dilation = 2, groups = 2}})",
             conv(2, 4, 2, padding="same", dilation=2, groups=2), [floats(*shape)]),
            (f"{name}(2, 3, 2, 2, {{padding = 'same'}})", Padded(conv(2, 3, 2, 2)), [floats(*shape)]),
            (f"{name}(2, 3, 3, 2, {{padding = 'same', padding_mode = 'replicate'}})",
             Padded(conv(2, 3, 3, 2, padding_mode="replicate")), [floats(*shape)]),
            (f"{name}(2, 3, 2, {{padding = 'valid', stride = 3, bias = false}})",
             conv(2, 3, 2, padding="valid", stride=3, bias=False), [floats(*shape)]),
            (f"{name}(2, 3, 2)", conv(2, 3, 2), [floats(*shape[1:])]),
        ]
        pads = [(1, 0), (2, 1), (0, 1)][:n]  # before and after, dimension by dimension
        for mode in ("zeros", "replicate"):
            rows.append((
                f"{name}(2, 3, 2, {{padding = {lua_list(sum(pads, ()))}, padding_mode = '{mode}'}})",
                Padded(conv(2, 3, 2, padding_mode=mode), pads), [floats(*shape)]))
        transposed, name = getattr(nn, f"ConvTranspose{n}d"), f"nn.ConvTranspose{n}d"
        rows += [
            (f"{name}(2, 4, 3, {{stride = 2, padding = 1, output_padding = 1, groups = 2}})",
             transposed(2, 4, 3, stride=2, padding=1, output_padding=1, groups=2), [floats(*shape)]),
            (f"{name}(2, 3, 2, {{dilation = 2, bias = false}})",
             transposed(2, 3, 2, dilation=2, bias=False), [floats(*shape[1:])]),
        ]
    return rows


def pooling():
    rows = []
    for n, size in ((1, (8,)), (2, (7, 6)), (3, (4, 5, 6))):
        shape = floats(2, 3, *size)
        some = [2, 3, 1][:n]
        lua = "{" + ", ".join(map(str, some)) + "}"
        rows += [
            (f"joined(nn.MaxPool{n}d(3, 2, 1, {{return_indices = true, ceil_mode = true}}))",
             Joined(getattr(nn, f"MaxPool{n}d")(3, 2, 1, return_indices=True, ceil_mode=True)), [shape]),
            (f"nn.MaxPool{n}d(2, 1, {{dilation = 2}})", getattr(nn, f"MaxPool{n}d")(2, 1, dilation=2), [shape]),
            (f"nn.AvgPool{n}d(3, 2, 1, true, false)", getattr(nn, f"AvgPool{n}d")(3, 2, 1, True, False), [shape]),
            (f"nn.AdaptiveAvgPool{n}d({lua})", getattr(nn, f"AdaptiveAvgPool{n}d")(some), [shape]),
            (f"joined(nn.AdaptiveMaxPool{n}d({lua}, true))",
             Joined(getattr(nn, f"AdaptiveMaxPool{n}d")(some if n > 1 else 2, True)), [shape]),
            (f"nn.LPPool{n}d(3, 2)", getattr(nn, f"LPPool{n}d")(3, 2), [("prob", shape[1])]),
            (f"nn.GlobalAvgPool{n}d()", Function(lambda x, n=n: x.flatten(2).mean(2)), [shape]),
            (f"nn.GlobalMaxPool{n}d(true)",
             Function(lambda x, n=n: x.amax(tuple(range(2, 2 + n)), keepdim=True)), [shape]),
            (f"nn.MaxUnpool{n}d(2)", Function(
                lambda x, i, n=n: getattr(nn, f"MaxUnpool{n}d")(2)(x, i - 1)),
             [floats(1, 1, *[2] * n), ("value", nested(unpool_places(n), (1, 1) + (2,) * n))]),
        ]
    rows += [
        ("nn.AvgPool3d(2, {divisor_override = 3})", nn.AvgPool3d(2, divisor_override=3), [floats(1, 2, 4, 4, 5)]),
        ("nn.AdaptiveAvgPool2d({nil, 2})", nn.AdaptiveAvgPool2d((None, 2)), [floats(2, 3, 5, 4)]),
        ("nn.AdaptiveMaxPool3d({2, nil, 1})", nn.AdaptiveMaxPool3d((2, None, 1)), [floats(1, 2, 5, 3, 4)]),
    ]
    for n, size in ((2, (7, 6)), (3, (5, 6, 4))):
        samples = 0.4 * fill((1, 2, n), 3) + 0.5
        lua = f"tocha.tensor({lua_list(samples.tolist())}, {{dtype = 'float64'}})"
        rows.append((
            f"joined(nn.FractionalMaxPool{n}d(2, {{output_ratio = 0.6, return_indices = true, "
            f"_random_samples = {lua}}}))",
            Joined(getattr(nn, f"FractionalMaxPool{n}d")(
                2, output_ratio=0.6, return_indices=True, _random_samples=samples)),
            [floats(1, 2, *size)]))
    return rows


def unpool_places(n):
    """The last tap of one window, the first of the others, as indices into a plane, from 1."""
    places = []
    for k in range(2 ** n):
        at = [2 * (k >> (n - 1 - d) & 1) + (k == 1) for d in range(n)]
        flat = 0
        for a in at:
            flat = flat * 4 + a
        places.append(flat + 1)
    return places


def nested(values, shape):
    """A flat list as nested ones of this shape."""
    if len(shape) == 1:
        return list(values)
    step = len(values) // shape[0]
    return [nested(values[k * step:(k + 1) * step], shape[1:]) for k in range(shape[0])]


def paddings():
    rows = []
    for n in (1, 2, 3):
        pads = [2, 1, 1, 0, 1, 2][:2 * n]
        lua = "{" + ", ".join(map(str, pads)) + "}"
        shape = [floats(1, 2, *[3, 4, 3][:n])]
        for kind in ("Reflection", "Replication", "Circular", "Zero"):
            rows.append((f"nn.{kind}Pad{n}d({lua})", getattr(nn, f"{kind}Pad{n}d")(tuple(pads)), shape))
        rows.append((f"nn.ConstantPad{n}d(1, -0.5)", getattr(nn, f"ConstantPad{n}d")(1, -0.5), shape))
    return rows + [
        ("nn.UpsamplingNearest2d({scale_factor = 2})", nn.UpsamplingNearest2d(scale_factor=2), [floats(1, 2, 3, 4)]),
        ("nn.UpsamplingBilinear2d({5, 6})", nn.UpsamplingBilinear2d((5, 6)), [floats(1, 2, 3, 4)]),
        ("nn.Upsample({scale_factor = 2, mode = 'trilinear'})", nn.Upsample(scale_factor=2, mode="trilinear"),
         [floats(1, 1, 2, 3, 2)]),
        ("nn.Upsample(7, {mode = 'linear', align_corners = true})", nn.Upsample(7, mode="linear", align_corners=True),
         [floats(1, 2, 4)]),
        ("nn.Upsample({scale_factor = 1.5, mode = 'nearest-exact'})", nn.Upsample(scale_factor=1.5, mode="nearest-exact"),
         [floats(1, 2, 4, 5)]),
        ("nn.Unfold({3, 2}, {padding = 1, stride = 2})", nn.Unfold((3, 2), padding=1, stride=2), [floats(2, 3, 5, 4)]),
        ("nn.Fold({5, 4}, {3, 2}, {padding = 1, dilation = 1, stride = 2})",
         nn.Fold((5, 4), (3, 2), padding=1, dilation=1, stride=2), [floats(2, 12, 9)]),
        ("nn.ChannelShuffle(3)", nn.ChannelShuffle(3), [floats(2, 6, 2, 2)]),
    ]


def norms():
    two = [floats(4, 3, 5)]
    rows = [
        ("filled(nn.BatchNorm1d(3)):eval()", filled(nn.BatchNorm1d(3)).eval(), two),
        ("filled(nn.BatchNorm1d(3, {momentum = false}))", filled(nn.BatchNorm1d(3, momentum=None)), two),
        ("filled(nn.BatchNorm3d(2, {affine = false})):eval()", filled(nn.BatchNorm3d(2, affine=False)).eval(),
         [floats(2, 2, 2, 3, 2)]),
        ("filled(nn.SyncBatchNorm(3))", filled(nn.BatchNorm1d(3)), two),
        ("filled(nn.SyncBatchNorm(3)):eval()", filled(nn.BatchNorm2d(3)).eval(), [floats(2, 3, 2, 2)]),
        ("nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3)))",
         nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3)), [floats(2, 2, 3, 4)]),
        ("filled(nn.InstanceNorm1d(3, {affine = true, track_running_stats = true})):eval()",
         filled(nn.InstanceNorm1d(3, affine=True, track_running_stats=True)).eval(), two),
        ("nn.InstanceNorm2d(3, {affine = true})", nn.InstanceNorm2d(3, affine=True), [floats(3, 4, 5)]),
        ("nn.InstanceNorm3d(2, 1e-3)", nn.InstanceNorm3d(2, 1e-3), [floats(2, 2, 2, 3, 2)]),
        ("nn.LayerNorm({3, 5}, 1e-3, false)", nn.LayerNorm((3, 5), 1e-3, False), two),
        ("nn.RMSNorm(5, {elementwise_affine = false})", nn.RMSNorm(5, elementwise_affine=False), two),
        ("nn.GroupNorm(3, 6, 1e-4, false)", nn.GroupNorm(3, 6, 1e-4, False), [floats(2, 6, 4)]),
        ("nn.GroupNorm(1, 4)", nn.GroupNorm(1, 4), [floats(3, 4)]),
        ("nn.LocalResponseNorm(2, 0.1, 0.5, 2)", nn.LocalResponseNorm(2, 0.1, 0.5, 2), [floats(2, 4, 3, 2)]),
        ("nn.CrossMapLRN2d(3)", nn.LocalResponseNorm(3), [floats(2, 4, 3, 2)]),
    ]
    return rows


def lookups():
    weights = floats(6)
    bag = lambda **named: Bag(7, 3, **named)
    flat, offsets = ids(7, 6), V(1, 3, 3)
    rows = [
        ("nn.Embedding(7, 3, {scale_grad_by_freq = true})", nn.Embedding(7, 3, scale_grad_by_freq=True), [ids(7, 2, 5)]),
        ("nn.Embedding(7, 3, {max_norm = 0.7, norm_type = 1})", nn.Embedding(7, 3, max_norm=0.7, norm_type=1),
         [ids(7, 2, 3)]),
        ("nn.Embedding(7, 3, {padding_idx = -2})", nn.Embedding(7, 3, padding_idx=-2), [ids(7, 2, 5)]),
        ("nn.EmbeddingBag(7, 3)", nn.EmbeddingBag(7, 3), [ids(7, 2, 4)]),
        ("nn.EmbeddingBag(7, 3, {mode = 'max', padding_idx = 1})", nn.EmbeddingBag(7, 3, mode="max", padding_idx=0),
         [ids(7, 3, 4)]),
        ("nn.EmbeddingBag(7, 3, {mode = 'sum'})", bag(mode="sum"), [flat, offsets, weights]),
    ]
    for mode in ("sum", "mean", "max"):
        rows.append((f"nn.EmbeddingBag(7, 3, {{mode = '{mode}', padding_idx = 2}})", bag(mode=mode, padding_idx=1),
                     [flat, offsets]))
    rows += [
        ("nn.EmbeddingBag(7, 3, {include_last_offset = true})", bag(include_last_offset=True), [flat, V(1, 3, 3, 7)]),
        ("nn.EmbeddingBag(4, 3, {mode = 'sum', scale_grad_by_freq = true})",
         Bag(4, 3, mode="sum", scale_grad_by_freq=True), [ids(4, 6), offsets, weights]),
        ("nn.EmbeddingBag(4, 3, {scale_grad_by_freq = true})", Bag(4, 3, scale_grad_by_freq=True), [ids(4, 6), offsets]),
        ("nn.EmbeddingBag(7, 3, {max_norm = 1.1})", bag(max_norm=1.1), [flat, offsets]),
    ]
    return rows


def others():
    x = [floats(4, 6)]
    half = lambda f: lambda x: f(x.chunk(2, -1)[0]) * x.chunk(2, -1)[1]
    rows = [
        ("nn.RReLU():eval()", nn.RReLU().eval(), x), ("nn.RReLU(0.2, 0.6):eval()", nn.RReLU(0.2, 0.6).eval(), x),
        ("nn.Dropout():eval()", nn.Dropout().eval(), x), ("nn.SwiGLU()", Function(half(F.silu)), x),
        ("nn.GEGLU({gate = 'first'})", Function(half(F.gelu)), x),
        ("nn.ReGLU({dim = 1, gate = 'first'})", Function(lambda x: F.relu(x[:2]) * x[2:]), x),
        ("nn.Maxout(6, 3, 2)", Maxout(6, 3, 2), x), ("nn.DropPath(0.3):eval()", nn.Identity(), x),
        ("nn.Tanhshrink()", nn.Tanhshrink(), x), ("nn.ReLU({inplace = false})", nn.ReLU(), x),
        ("nn.CosineSimilarity()", nn.CosineSimilarity(), [floats(4, 6), floats(4, 6)]),
        ("nn.CosineSimilarity(3, 0.1)", nn.CosineSimilarity(2, 0.1), [floats(2, 3, 4), floats(2, 3, 4)]),
        ("nn.PairwiseDistance()", nn.PairwiseDistance(), [floats(4, 6), floats(4, 6)]),
        ("nn.PairwiseDistance(1, 1e-3, true)", nn.PairwiseDistance(1, 1e-3, True), [floats(4, 6), floats(4, 6)]),
        ("nn.Bilinear(2, 3, 4, {bias = false})", nn.Bilinear(2, 3, 4, bias=False), [floats(5, 2), floats(5, 3)]),
        ("nn.Residual(nn.Linear(6, 6))", Function(lambda f, x: f(x) + x, block=nn.Linear(6, 6)), x),
        ("nn.Residual(nn.Linear(6, 2), nn.Linear(6, 2))",
         Function(lambda f, g, x: f(x) + g(x), block=nn.Linear(6, 2), shortcut=nn.Linear(6, 2)), x),
        ("nn.Concat(2, nn.Linear(6, 2), nn.Linear(6, 3))",
         Function(lambda f, g, x: torch.cat([f(x), g(x)], 1), _0=nn.Linear(6, 2), _1=nn.Linear(6, 3)), x),
        ("nn.Sequential(nn.ConcatTable(nn.Linear(6, 2), nn.Linear(6, 2)), nn.Mul())",
         nn.Sequential(Function(lambda f, g, x: f(x) * g(x), _0=nn.Linear(6, 2), _1=nn.Linear(6, 2))), x),
    ]
    return rows


def given(module):
    with torch.no_grad():
        for j, p in enumerate(module.parameters()):
            p.copy_(fill(p.shape, j + 1))
    return module


def parametrized():
    x, image = [floats(4, 5)], [floats(2, 3, 4, 5)]
    rows = [
        ("parametrizations.weight_norm(nn.Linear(5, 3))", parametrizations.weight_norm(nn.Linear(5, 3)), x),
        ("parametrizations.weight_norm(nn.Linear(5, 3), 'bias')",
         parametrizations.weight_norm(nn.Linear(5, 3), "bias"), x),
        ("parametrizations.weight_norm(nn.Conv2d(3, 2, 2), 'weight', 2)",
         parametrizations.weight_norm(nn.Conv2d(3, 2, 2), dim=1), image),
        ("parametrizations.weight_norm(nn.ConvTranspose2d(3, 2, 2), 'weight', false)",
         parametrizations.weight_norm(nn.ConvTranspose2d(3, 2, 2), dim=None), image),
        ("utils.weight_norm(nn.Linear(5, 3))", nn.utils.weight_norm(nn.Linear(5, 3)), x),
        ("utils.weight_norm(nn.Conv2d(3, 2, 2), 'weight', 2)",
         nn.utils.weight_norm(nn.Conv2d(3, 2, 2), dim=1), image),
        ("utils.weight_norm(nn.Linear(5, 3), 'weight', false)",
         nn.utils.weight_norm(nn.Linear(5, 3), dim=None), x),
    ]
    spectral = parametrizations.spectral_norm
    for lua, py in (("", dict()), (", 'weight', 3", dict(n_power_iterations=3)), (", 'bias'", dict(name="bias"))):
        rows += [(f"filled(parametrizations.spectral_norm(nn.Linear(5, 3){lua}))",
                  filled(spectral(nn.Linear(5, 3), **py)), x)]
    rows += [
        ("filled(parametrizations.spectral_norm(nn.Conv2d(3, 2, 2))):eval()",
         filled(spectral(nn.Conv2d(3, 2, 2))).eval(), image),
        ("filled(parametrizations.spectral_norm(nn.ConvTranspose2d(3, 2, 2)))",
         filled(spectral(nn.ConvTranspose2d(3, 2, 2))), image),
        ("filled(parametrizations.spectral_norm(parametrizations.weight_norm(nn.Linear(5, 3))))",
         filled(spectral(parametrizations.weight_norm(nn.Linear(5, 3)))), x),
        ("filled(utils.spectral_norm(nn.Linear(5, 3)))", filled(nn.utils.spectral_norm(nn.Linear(5, 3))), x),
        ("filled(utils.spectral_norm(nn.ConvTranspose2d(3, 2, 2), 'weight', 2)):eval()",
         filled(nn.utils.spectral_norm(nn.ConvTranspose2d(3, 2, 2), "weight", 2)).eval(), image),
    ]
    for sizes in ((5, 5), (5, 3), (5, 7)):
        for kind in ("matrix_exp", "cayley", "householder"):
            for based in (True, False):
                layer = filled(parametrizations.orthogonal(nn.Linear(*sizes), orthogonal_map=kind,
                                                           use_trivialization=based))
                rows.append((
                    f"filled(parametrizations.orthogonal(nn.Linear({sizes[0]}, {sizes[1]}), 'weight', "
                    f"{{orthogonal_map = '{kind}', use_trivialization = {str(based).lower()}}}))",
                    layer, x, 3 if kind == "householder" else 1))
    return rows


def pruned():
    x = [floats(4, 6)]
    both = given(nn.Sequential(nn.Linear(6, 5), nn.Linear(5, 3)))
    prune.global_unstructured([(both[0], "weight"), (both[1], "weight")], prune.L1Unstructured, amount=0.4)
    linear = lambda: given(nn.Linear(6, 5))
    start = "given(nn.Linear(6, 5)), 'weight'"
    rows = [
        (f"prune.l1_unstructured({start}, 0.3)", prune.l1_unstructured(linear(), "weight", 0.3), x),
        (f"prune.l1_unstructured({start}, 7)", prune.l1_unstructured(linear(), "weight", 7), x),
        (f"prune.l1_unstructured(prune.l1_unstructured({start}, 0.25), 'weight', 0.25)",
         prune.l1_unstructured(prune.l1_unstructured(linear(), "weight", 0.25), "weight", 0.25), x),
        (f"prune.ln_structured({start}, 0.4, 2, 1)", prune.ln_structured(linear(), "weight", 0.4, 2, 0), x),
        (f"prune.ln_structured(prune.l1_unstructured({start}, 5), 'weight', 2, 1, -1)",
         prune.ln_structured(prune.l1_unstructured(linear(), "weight", 5), "weight", 2, 1, -1), x),
        (f"prune.l1_unstructured(prune.ln_structured({start}, 2, 1, 1), 'weight', 0.5)",
         prune.l1_unstructured(prune.ln_structured(linear(), "weight", 2, 1, 0), "weight", 0.5), x),
        (f"prune.ln_structured(prune.ln_structured({start}, 2, 1, 1), 'weight', 0.5, 2, 1)",
         prune.ln_structured(prune.ln_structured(linear(), "weight", 2, 1, 0), "weight", 0.5, 2, 0), x),
        (f"prune.identity({start})", prune.identity(linear(), "weight"), x),
        ("prune.custom_from_mask(given(nn.Linear(6, 5)), 'bias', tocha.tensor({1, 0, 0, 1, 1}))",
         prune.custom_from_mask(linear(), "bias", torch.tensor([1, 0, 0, 1, 1])), x),
        (f"prune.remove(prune.l1_unstructured({start}, 0.3), 'weight')",
         prune.remove(prune.l1_unstructured(linear(), "weight", 0.3), "weight"), x),
        ("(function() local m = given(nn.Sequential(nn.Linear(6, 5), nn.Linear(5, 3))) "
         "prune.global_unstructured({{m[1], 'weight'}, {m[2], 'weight'}}, prune.L1Unstructured, {amount = 0.4}) "
         "return m end)()", both, x),
    ]
    for code, f, before, bn, shape in (
            ("fuse_conv_bn_eval", nn.utils.fuse_conv_bn_eval, nn.Conv2d(3, 4, 2), nn.BatchNorm2d(4), (2, 3, 4, 3)),
            ("fuse_linear_bn_eval", nn.utils.fusion.fuse_linear_bn_eval, nn.Linear(3, 4), nn.BatchNorm1d(4), (5, 3))):
        kind = type(before).__name__
        args = "3, 4, 2" if kind == "Conv2d" else "3, 4"
        module = f(given(before).eval(), filled(given(bn)).eval())
        rows.append((f"(function() local f = utils.{code}(given(nn.{kind}({args})):eval(), "
                     f"filled(given(nn.{type(bn).__name__}(4))):eval()) return nn.Lambda(function(x) return f(x) end) end)()",
                     Function(lambda x, module=module: module(x)), [floats(*shape)]))
    return rows


def losses():
    prob, pair = [P(4, 5), ("target_prob", (4, 5))], [floats(5, 4), floats(5, 4)]
    three, classes = pair + [floats(5, 4)], [floats(5, 4), ids(4, 5)]
    from composed import overlap, sigmoid_focal_loss, softmax_focal_loss
    ctc = nn.CTCLoss(zero_infinity=True)
    distance = nn.TripletMarginWithDistanceLoss
    rows = [
        ("nn.MultiLabelMarginLoss()", Function(lambda x, y: nn.MultiLabelMarginLoss()(x, y - 1)),
         [floats(2, 4), ("value", nested([4, 1, 0, 1, 2, 0, 0, 0], (2, 4)))]),
        ("nn.MultiLabelSoftMarginLoss(%s, 'none')" % LUA_W4, nn.MultiLabelSoftMarginLoss(W4, reduction="none"),
         [floats(5, 4), ("target_prob", (5, 4))]),
        # PyTorch's gradient is right for a log_softmax only
        ("nn.Lambda(function(x, ...) return nn.CTCLoss({zero_infinity = true})(x:log_softmax(-1), ...) end)",
         Function(lambda *a: ctc(a[0].log_softmax(-1), a[1] - 1, a[2], a[3])),
         [floats(6, 2, 4), ("value", nested([2, 3, 4, 3, 3, 2], (2, 3))), V(6, 5), V(3, 2)]),
        ("nn.TripletMarginWithDistanceLoss({margin = 0.5, swap = true})", distance(margin=0.5, swap=True), three),
        ("nn.TripletMarginWithDistanceLoss({distance_function = function(a, b) return (a - b):abs():amax(2) end})",
         distance(distance_function=lambda a, b: (a - b).abs().amax(1)), three),
        ("nn.TripletMarginLoss({p = 1, reduction = 'none'})", nn.TripletMarginLoss(p=1, reduction="none"), three),
        ("nn.FocalLoss()", Function(lambda x, y: sigmoid_focal_loss(x, y, reduction="mean")),
         [floats(4, 5), ("target_prob", (4, 5))]),
        ("nn.FocalLoss(-1, 1.5, 'sum')", Function(lambda x, y: sigmoid_focal_loss(x, y, -1, 1.5, "sum")),
         [floats(4, 5), ("target_prob", (4, 5))]),
        ("nn.SoftmaxFocalLoss({weight = %s, ignore_index = 2})" % LUA_W4,
         Function(lambda x, y: softmax_focal_loss(x, y, 2, W4, 1)), classes),
        ("nn.SoftmaxFocalLoss(0, %s)" % LUA_W4, nn.CrossEntropyLoss(W4), classes),
        ("nn.DiceLoss()", Function(overlap("dice_loss")), prob),
        ("nn.DiceLoss(1, 'none')", Function(lambda x, y: overlap("dice_loss")(x, y, 1, "none")), [P(2, 3, 4), ids(3, 2, 4)]),
        ("nn.TverskyLoss(0.3, 0.7, 0.1)", Function(lambda x, y: overlap("tversky_loss")(x, y, 0.3, 0.7, 0.1)), prob),
        ("joined(nn.AdaptiveLogSoftmaxWithLoss(8, 10, {3, 6}, {div_value = 2, head_bias = true}))",
         Joined(nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3, 6], div_value=2, head_bias=True)), [floats(7, 8), ids(10, 7)]),
        ("joined(nn.AdaptiveLogSoftmaxWithLoss(8, 10, {4}))", Joined(nn.AdaptiveLogSoftmaxWithLoss(8, 10, [4])),
         [floats(3, 8), ids(10, 3)]),
        ("nn.LinearCrossEntropyLoss(3, 4, {out_features = {2}, bias = true, label_smoothing = 0.1})",
         nn.LinearCrossEntropyLoss(3, 4, out_features=(2,), bias=True, label_smoothing=0.1), [floats(5, 3), ids(4, 5, 2)]),
    ]
    for name, inputs in (("BCELoss", prob), ("BCEWithLogitsLoss", [floats(4, 5), ("target_prob", (4, 5))]),
                         ("SoftMarginLoss", [floats(4, 5), ("sign", (4, 5))]), ("L1Loss", [floats(4, 5), ("target", (4, 5))]),
                         ("SmoothL1Loss", [floats(4, 5), ("target", (4, 5))]), ("HuberLoss", [floats(4, 5), ("target", (4, 5))]),
                         ("HingeEmbeddingLoss", [floats(4, 5), ("sign", (4, 5))]),
                         ("CosineEmbeddingLoss", pair + [("sign", (5,))]),
                         ("MarginRankingLoss", [floats(5), floats(5), ("sign", (5,))]),
                         ("GaussianNLLLoss", [floats(4, 5), ("target", (4, 5)), P(4, 5)]),
                         ("PoissonNLLLoss", [floats(4, 5), ("target_prob", (4, 5))]),
                         ("KLDivLoss", [("log_softmax", (4, 5)), ("target_prob", (4, 5))]),
                         ("CrossEntropyLoss", classes), ("MultiMarginLoss", classes),
                         ("NLLLoss", [("log_softmax", (5, 4)), ids(4, 5)])):
        for reduction in ("sum", "none"):
            rows.append((f"nn.{name}({{reduction = '{reduction}'}})", getattr(nn, name)(reduction=reduction), inputs))
    rows += [
        ("nn.PoissonNLLLoss({log_input = false, full = true})", nn.PoissonNLLLoss(log_input=False, full=True),
         [P(4, 5), ("value", nested([1.5, 2, 0.5, 3, 0] * 4, (4, 5)))]),
        ("nn.GaussianNLLLoss({full = true})", nn.GaussianNLLLoss(full=True), [floats(4, 5), ("target", (4, 5)), P(4, 1)]),
        ("nn.CrossEntropyLoss({label_smoothing = 0.2, reduction = 'sum'})",
         nn.CrossEntropyLoss(label_smoothing=0.2, reduction="sum"), [floats(2, 4, 3), ids(4, 2, 3)]),
    ]
    return rows


# ---- a small network of each family -------------------------------------------------------------

def networks():
    """(name, Lua code, network, input of each step); the loss is the mean square from a target."""
    return [
        ("convolution in one dimension",
         "nn.Sequential(nn.Conv1d(2, 4, 3, 2), nn.Tanh(), nn.Conv1d(4, 3, 2, {padding = 'same', padding_mode = 'circular'}))",
         nn.Sequential(nn.Conv1d(2, 4, 3, 2), nn.Tanh(), nn.Conv1d(4, 3, 2, padding="same", padding_mode="circular")),
         floats(3, 2, 11)),
        ("convolution in two dimensions",
         "nn.Sequential(nn.Conv2d(2, 4, 3, {padding = 1}), nn.SiLU(), nn.Conv2d(4, 4, 3, 2, {groups = 2}))",
         nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.SiLU(), nn.Conv2d(4, 4, 3, 2, groups=2)), floats(3, 2, 6, 7)),
        ("convolution in three dimensions",
         "nn.Sequential(nn.Conv3d(1, 3, 2), nn.GELU(), nn.Conv3d(3, 2, {2, 1, 2}, {dilation = {1, 1, 2}}))",
         nn.Sequential(nn.Conv3d(1, 3, 2), nn.GELU(), nn.Conv3d(3, 2, (2, 1, 2), dilation=(1, 1, 2))), floats(2, 1, 4, 3, 5)),
        ("transposed convolution",
         "nn.Sequential(nn.ConvTranspose1d(2, 3, 3, 2), nn.Unflatten(3, {3, 3}), nn.ConvTranspose2d(3, 2, 2, 2), "
         "nn.Softplus(), nn.Unsqueeze(3), nn.ConvTranspose3d(2, 1, 2))",
         nn.Sequential(nn.ConvTranspose1d(2, 3, 3, 2), nn.Unflatten(2, (3, 3)), nn.ConvTranspose2d(3, 2, 2, 2),
                       nn.Softplus(), Function(lambda x: x.unsqueeze(2)), nn.ConvTranspose3d(2, 1, 2)), floats(3, 2, 4)),
        ("batch normalisation",
         "nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Unflatten(2, {2, 3}), nn.Unsqueeze(4), nn.BatchNorm2d(2), "
         "nn.Unsqueeze(5), nn.BatchNorm3d(2))",
         nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Unflatten(1, (2, 3)), Function(lambda x: x.unsqueeze(3)),
                       nn.BatchNorm2d(2), Function(lambda x: x.unsqueeze(4)), nn.BatchNorm3d(2)), floats(5, 4)),
        ("other normalisation",
         "nn.Sequential(nn.LayerNorm(4), nn.Conv1d(4, 6, 1), nn.GroupNorm(3, 6), nn.Tanh(), nn.InstanceNorm1d(6, "
         "{affine = true}), nn.RMSNorm({6, 4}), nn.LocalResponseNorm(2))",
         nn.Sequential(nn.LayerNorm(4), nn.Conv1d(4, 6, 1), nn.GroupNorm(3, 6), nn.Tanh(),
                       nn.InstanceNorm1d(6, affine=True), nn.RMSNorm((6, 4)), nn.LocalResponseNorm(2)), floats(3, 4, 4)),
        ("embedding", "nn.Sequential(nn.Embedding(9, 4, {padding_idx = 2}), nn.Linear(4, 3), nn.Tanh())",
         nn.Sequential(nn.Embedding(9, 4, padding_idx=1), nn.Linear(4, 3), nn.Tanh()), ids(9, 3, 5)),
        ("bags of embeddings", "nn.Sequential(nn.EmbeddingBag(9, 4, {mode = 'sum'}), nn.Linear(4, 3), nn.Tanh())",
         nn.Sequential(nn.EmbeddingBag(9, 4, mode="sum"), nn.Linear(4, 3), nn.Tanh()), ids(9, 3, 5)),
        ("pooling",
         "nn.Sequential(nn.Conv2d(1, 3, 2), nn.MaxPool2d(2, {ceil_mode = true}), nn.Conv2d(3, 3, 2), nn.AvgPool2d(2, 1), "
         "nn.LPPool2d(2, 1), nn.AdaptiveMaxPool2d({2, 1}), nn.AdaptiveAvgPool2d(1))",
         nn.Sequential(nn.Conv2d(1, 3, 2), nn.MaxPool2d(2, ceil_mode=True), nn.Conv2d(3, 3, 2), nn.AvgPool2d(2, 1),
                       nn.LPPool2d(2, 1), nn.AdaptiveMaxPool2d((2, 1)), nn.AdaptiveAvgPool2d(1)), floats(2, 1, 10, 9)),
        ("gates, maxima and residuals",
         "nn.Sequential(nn.Linear(4, 8), nn.SwiGLU(), nn.Residual(nn.Maxout(4, 4, 2)), nn.PReLU(4))",
         nn.Sequential(nn.Linear(4, 8), Function(lambda x: F.silu(x[:, :4]) * x[:, 4:]),
                       Function(lambda f, x: f(x) + x, block=Maxout(4, 4, 2)), nn.PReLU(4)), floats(5, 4)),
    ]


def set_weights(net):
    with torch.no_grad():
        for j, p in enumerate(net.parameters()):
            p.copy_(fill(p.shape, j + 1, 0.2))


def train(code, net, spec, dtype):
    names = [name for name, _ in net.named_parameters()]
    net = net.to(torch.float64)
    for name, b in net.named_buffers():
        b.fill_(1 if name.endswith("running_var") else 0)
    set_weights(net)
    net = net.to(dtype)
    optimiser, found = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9), []
    for step in range(10):
        x = make_input(spec, 50 + step).detach()
        x = x.to(dtype) if x.is_floating_point() else x
        optimiser.zero_grad()
        y = net(x)
        loss = ((y - fill(y.shape, 99).to(dtype)) ** 2).mean()
        loss.backward()
        optimiser.step()
        found.append(loss.item())
    print("    { code = %s,\n      names = {%s}, dtype = \"%s\", input = %s,\n      losses = {%s} }," % (
        '"' + code + '"', ", ".join('"%s"' % n for n in names), str(dtype).split(".")[1], lua_input(spec),
        ", ".join(number(loss) for loss in found)))


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.set_num_threads(1)
    print("-- Written by spec/golden/layers.py with PyTorch %s; do not edit." % torch.__version__.split("+")[0])
    print("-- luacheck: ignore")
    print("return {\n  layers = {")
    for family in (convolutions, pooling, paddings, norms, lookups, others, parametrized, pruned, losses):
        for case in family():
            run_case(*case)
    print("  },\n  training = {")
    for name, code, net, spec in networks():
        for kind in (torch.float64, torch.float32):
            train(code, net, spec, kind)
    print("  },\n}")
