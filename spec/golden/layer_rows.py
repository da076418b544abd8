"""Rows of layers.py: layers. A row is the Lua code of a module, its counterpart and its inputs."""

import torch
import torch.nn.functional as F
from torch import nn

from layer_modules import Bag, Function, Joined, Maxout, Padded, filled
from model import F as floats, I as ids, fill, lua_list


def P(*shape):
    return ("prob", shape)


def V(*values):
    return ("value", list(values))


def convolutions():
    rows = []
    for n, size in ((1, (9,)), (2, (6, 7)), (3, (4, 5, 3))):
        conv, name, shape = getattr(nn, f"Conv{n}d"), f"nn.Conv{n}d", (2, 2) + size
        for mode in ("zeros", "reflect", "replicate", "circular"):
            rows.append(
                (
                    f"{name}(2, 3, 3, {{padding = 1, padding_mode = '{mode}'}})",
                    conv(2, 3, 3, padding=1, padding_mode=mode),
                    [floats(*shape)],
                )
            )
        rows += [
            (
                f"{name}(2, 4, 2, {{padding = 'same', dilation = 2, groups = 2}})",
                conv(2, 4, 2, padding="same", dilation=2, groups=2),
                [floats(*shape)],
            ),
            (
                f"{name}(2, 3, 2, 2, {{padding = 'same'}})",
                Padded(conv(2, 3, 2, 2)),
                [floats(*shape)],
            ),
            (
                f"{name}(2, 3, 3, 2, {{padding = 'same', padding_mode = 'replicate'}})",
                Padded(conv(2, 3, 3, 2, padding_mode="replicate")),
                [floats(*shape)],
            ),
            (
                f"{name}(2, 3, 2, {{padding = 'valid', stride = 3, bias = false}})",
                conv(2, 3, 2, padding="valid", stride=3, bias=False),
                [floats(*shape)],
            ),
            (f"{name}(2, 3, 2)", conv(2, 3, 2), [floats(*shape[1:])]),
        ]
        pads = [(1, 0), (2, 1), (0, 1)][:n]  # before and after, dimension by dimension
        for mode in ("zeros", "replicate"):
            rows.append(
                (
                    f"{name}(2, 3, 2, {{padding = {lua_list(sum(pads, ()))}, padding_mode = '{mode}'}})",
                    Padded(conv(2, 3, 2, padding_mode=mode), pads),
                    [floats(*shape)],
                )
            )
        transposed, name = getattr(nn, f"ConvTranspose{n}d"), f"nn.ConvTranspose{n}d"
        rows += [
            (
                f"{name}(2, 4, 3, {{stride = 2, padding = 1, output_padding = 1, groups = 2}})",
                transposed(2, 4, 3, stride=2, padding=1, output_padding=1, groups=2),
                [floats(*shape)],
            ),
            (
                f"{name}(2, 3, 2, {{dilation = 2, bias = false}})",
                transposed(2, 3, 2, dilation=2, bias=False),
                [floats(*shape[1:])],
            ),
        ]
    return rows


def pooling():
    rows = []
    for n, size in ((1, (8,)), (2, (7, 6)), (3, (4, 5, 6))):
        shape = floats(2, 3, *size)
        some = [2, 3, 1][:n]
        lua = "{" + ", ".join(map(str, some)) + "}"
        rows += [
            (
                f"joined(nn.MaxPool{n}d(3, 2, 1, {{return_indices = true, ceil_mode = true}}))",
                Joined(getattr(nn, f"MaxPool{n}d")(3, 2, 1, return_indices=True, ceil_mode=True)),
                [shape],
            ),
            (
                f"nn.MaxPool{n}d(2, 1, {{dilation = 2}})",
                getattr(nn, f"MaxPool{n}d")(2, 1, dilation=2),
                [shape],
            ),
            (
                f"nn.AvgPool{n}d(3, 2, 1, true, false)",
                getattr(nn, f"AvgPool{n}d")(3, 2, 1, True, False),
                [shape],
            ),
            (f"nn.AdaptiveAvgPool{n}d({lua})", getattr(nn, f"AdaptiveAvgPool{n}d")(some), [shape]),
            (
                f"joined(nn.AdaptiveMaxPool{n}d({lua}, true))",
                Joined(getattr(nn, f"AdaptiveMaxPool{n}d")(some if n > 1 else 2, True)),
                [shape],
            ),
            (f"nn.LPPool{n}d(3, 2)", getattr(nn, f"LPPool{n}d")(3, 2), [("prob", shape[1])]),
            (f"nn.GlobalAvgPool{n}d()", Function(lambda x, n=n: x.flatten(2).mean(2)), [shape]),
            (
                f"nn.GlobalMaxPool{n}d(true)",
                Function(lambda x, n=n: x.amax(tuple(range(2, 2 + n)), keepdim=True)),
                [shape],
            ),
            (
                f"nn.MaxUnpool{n}d(2)",
                Function(lambda x, i, n=n: getattr(nn, f"MaxUnpool{n}d")(2)(x, i - 1)),
                [floats(1, 1, *[2] * n), ("value", nested(unpool_places(n), (1, 1) + (2,) * n))],
            ),
        ]
    rows += [
        (
            "nn.AvgPool3d(2, {divisor_override = 3})",
            nn.AvgPool3d(2, divisor_override=3),
            [floats(1, 2, 4, 4, 5)],
        ),
        ("nn.AdaptiveAvgPool2d({nil, 2})", nn.AdaptiveAvgPool2d((None, 2)), [floats(2, 3, 5, 4)]),
        (
            "nn.AdaptiveMaxPool3d({2, nil, 1})",
            nn.AdaptiveMaxPool3d((2, None, 1)),
            [floats(1, 2, 5, 3, 4)],
        ),
    ]
    for n, size in ((2, (7, 6)), (3, (5, 6, 4))):
        samples = 0.4 * fill((1, 2, n), 3) + 0.5
        lua = f"tocha.tensor({lua_list(samples.tolist())}, {{dtype = 'float64'}})"
        rows.append(
            (
                f"joined(nn.FractionalMaxPool{n}d(2, {{output_ratio = 0.6, return_indices = true, "
                f"_random_samples = {lua}}}))",
                Joined(
                    getattr(nn, f"FractionalMaxPool{n}d")(
                        2, output_ratio=0.6, return_indices=True, _random_samples=samples
                    )
                ),
                [floats(1, 2, *size)],
            )
        )
    return rows


def unpool_places(n):
    """The last tap of one window, the first of the others, as indices into a plane, from 1."""
    places = []
    for k in range(2**n):
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
    return [nested(values[k * step : (k + 1) * step], shape[1:]) for k in range(shape[0])]


def paddings():
    rows = []
    for n in (1, 2, 3):
        pads = [2, 1, 1, 0, 1, 2][: 2 * n]
        lua = "{" + ", ".join(map(str, pads)) + "}"
        shape = [floats(1, 2, *[3, 4, 3][:n])]
        for kind in ("Reflection", "Replication", "Circular", "Zero"):
            rows.append(
                (f"nn.{kind}Pad{n}d({lua})", getattr(nn, f"{kind}Pad{n}d")(tuple(pads)), shape)
            )
        rows.append(
            (f"nn.ConstantPad{n}d(1, -0.5)", getattr(nn, f"ConstantPad{n}d")(1, -0.5), shape)
        )
    return rows + [
        (
            "nn.UpsamplingNearest2d({scale_factor = 2})",
            nn.UpsamplingNearest2d(scale_factor=2),
            [floats(1, 2, 3, 4)],
        ),
        ("nn.UpsamplingBilinear2d({5, 6})", nn.UpsamplingBilinear2d((5, 6)), [floats(1, 2, 3, 4)]),
        (
            "nn.Upsample({scale_factor = 2, mode = 'trilinear'})",
            nn.Upsample(scale_factor=2, mode="trilinear"),
            [floats(1, 1, 2, 3, 2)],
        ),
        (
            "nn.Upsample(7, {mode = 'linear', align_corners = true})",
            nn.Upsample(7, mode="linear", align_corners=True),
            [floats(1, 2, 4)],
        ),
        (
            "nn.Upsample({scale_factor = 1.5, mode = 'nearest-exact'})",
            nn.Upsample(scale_factor=1.5, mode="nearest-exact"),
            [floats(1, 2, 4, 5)],
        ),
        (
            "nn.Unfold({3, 2}, {padding = 1, stride = 2})",
            nn.Unfold((3, 2), padding=1, stride=2),
            [floats(2, 3, 5, 4)],
        ),
        (
            "nn.Fold({5, 4}, {3, 2}, {padding = 1, dilation = 1, stride = 2})",
            nn.Fold((5, 4), (3, 2), padding=1, dilation=1, stride=2),
            [floats(2, 12, 9)],
        ),
        ("nn.ChannelShuffle(3)", nn.ChannelShuffle(3), [floats(2, 6, 2, 2)]),
    ]


def norms():
    two = [floats(4, 3, 5)]
    rows = [
        ("filled(nn.BatchNorm1d(3)):eval()", filled(nn.BatchNorm1d(3)).eval(), two),
        (
            "filled(nn.BatchNorm1d(3, {momentum = false}))",
            filled(nn.BatchNorm1d(3, momentum=None)),
            two,
        ),
        (
            "filled(nn.BatchNorm3d(2, {affine = false})):eval()",
            filled(nn.BatchNorm3d(2, affine=False)).eval(),
            [floats(2, 2, 2, 3, 2)],
        ),
        ("filled(nn.SyncBatchNorm(3))", filled(nn.BatchNorm1d(3)), two),
        (
            "filled(nn.SyncBatchNorm(3)):eval()",
            filled(nn.BatchNorm2d(3)).eval(),
            [floats(2, 3, 2, 2)],
        ),
        (
            "nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3)))",
            nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3)),
            [floats(2, 2, 3, 4)],
        ),
        (
            "filled(nn.InstanceNorm1d(3, {affine = true, track_running_stats = true})):eval()",
            filled(nn.InstanceNorm1d(3, affine=True, track_running_stats=True)).eval(),
            two,
        ),
        (
            "nn.InstanceNorm2d(3, {affine = true})",
            nn.InstanceNorm2d(3, affine=True),
            [floats(3, 4, 5)],
        ),
        ("nn.InstanceNorm3d(2, 1e-3)", nn.InstanceNorm3d(2, 1e-3), [floats(2, 2, 2, 3, 2)]),
        ("nn.LayerNorm({3, 5}, 1e-3, false)", nn.LayerNorm((3, 5), 1e-3, False), two),
        (
            "nn.RMSNorm(5, {elementwise_affine = false})",
            nn.RMSNorm(5, elementwise_affine=False),
            two,
        ),
        ("nn.GroupNorm(3, 6, 1e-4, false)", nn.GroupNorm(3, 6, 1e-4, False), [floats(2, 6, 4)]),
        ("nn.GroupNorm(1, 4)", nn.GroupNorm(1, 4), [floats(3, 4)]),
        (
            "nn.LocalResponseNorm(2, 0.1, 0.5, 2)",
            nn.LocalResponseNorm(2, 0.1, 0.5, 2),
            [floats(2, 4, 3, 2)],
        ),
        ("nn.CrossMapLRN2d(3)", nn.LocalResponseNorm(3), [floats(2, 4, 3, 2)]),
    ]
    return rows


def lookups():
    weights = floats(6)
    bag = lambda **named: Bag(7, 3, **named)
    flat, offsets = ids(7, 6), V(1, 3, 3)
    rows = [
        (
            "nn.Embedding(7, 3, {scale_grad_by_freq = true})",
            nn.Embedding(7, 3, scale_grad_by_freq=True),
            [ids(7, 2, 5)],
        ),
        (
            "nn.Embedding(7, 3, {max_norm = 0.7, norm_type = 1})",
            nn.Embedding(7, 3, max_norm=0.7, norm_type=1),
            [ids(7, 2, 3)],
        ),
        (
            "nn.Embedding(7, 3, {padding_idx = -2})",
            nn.Embedding(7, 3, padding_idx=-2),
            [ids(7, 2, 5)],
        ),
        ("nn.EmbeddingBag(7, 3)", nn.EmbeddingBag(7, 3), [ids(7, 2, 4)]),
        (
            "nn.EmbeddingBag(7, 3, {mode = 'max', padding_idx = 1})",
            nn.EmbeddingBag(7, 3, mode="max", padding_idx=0),
            [ids(7, 3, 4)],
        ),
        ("nn.EmbeddingBag(7, 3, {mode = 'sum'})", bag(mode="sum"), [flat, offsets, weights]),
    ]
    for mode in ("sum", "mean", "max"):
        rows.append(
            (
                f"nn.EmbeddingBag(7, 3, {{mode = '{mode}', padding_idx = 2}})",
                bag(mode=mode, padding_idx=1),
                [flat, offsets],
            )
        )
    rows += [
        (
            "nn.EmbeddingBag(7, 3, {include_last_offset = true})",
            bag(include_last_offset=True),
            [flat, V(1, 3, 3, 7)],
        ),
        (
            "nn.EmbeddingBag(4, 3, {mode = 'sum', scale_grad_by_freq = true})",
            Bag(4, 3, mode="sum", scale_grad_by_freq=True),
            [ids(4, 6), offsets, weights],
        ),
        (
            "nn.EmbeddingBag(4, 3, {scale_grad_by_freq = true})",
            Bag(4, 3, scale_grad_by_freq=True),
            [ids(4, 6), offsets],
        ),
        ("nn.EmbeddingBag(7, 3, {max_norm = 1.1})", bag(max_norm=1.1), [flat, offsets]),
    ]
    return rows


def others():
    x = [floats(4, 6)]
    half = lambda f: lambda x: f(x.chunk(2, -1)[0]) * x.chunk(2, -1)[1]
    rows = [
        ("nn.RReLU():eval()", nn.RReLU().eval(), x),
        ("nn.RReLU(0.2, 0.6):eval()", nn.RReLU(0.2, 0.6).eval(), x),
        ("nn.Dropout():eval()", nn.Dropout().eval(), x),
        ("nn.SwiGLU()", Function(half(F.silu)), x),
        ("nn.GEGLU({gate = 'first'})", Function(half(F.gelu)), x),
        ("nn.ReGLU({dim = 1, gate = 'first'})", Function(lambda x: F.relu(x[:2]) * x[2:]), x),
        ("nn.Maxout(6, 3, 2)", Maxout(6, 3, 2), x),
        ("nn.DropPath(0.3):eval()", nn.Identity(), x),
        ("nn.Tanhshrink()", nn.Tanhshrink(), x),
        ("nn.ReLU({inplace = false})", nn.ReLU(), x),
        ("nn.CosineSimilarity()", nn.CosineSimilarity(), [floats(4, 6), floats(4, 6)]),
        (
            "nn.CosineSimilarity(3, 0.1)",
            nn.CosineSimilarity(2, 0.1),
            [floats(2, 3, 4), floats(2, 3, 4)],
        ),
        ("nn.PairwiseDistance()", nn.PairwiseDistance(), [floats(4, 6), floats(4, 6)]),
        (
            "nn.PairwiseDistance(1, 1e-3, true)",
            nn.PairwiseDistance(1, 1e-3, True),
            [floats(4, 6), floats(4, 6)],
        ),
        (
            "nn.Bilinear(2, 3, 4, {bias = false})",
            nn.Bilinear(2, 3, 4, bias=False),
            [floats(5, 2), floats(5, 3)],
        ),
        ("nn.Residual(nn.Linear(6, 6))", Function(lambda f, x: f(x) + x, block=nn.Linear(6, 6)), x),
        (
            "nn.Residual(nn.Linear(6, 2), nn.Linear(6, 2))",
            Function(lambda f, g, x: f(x) + g(x), block=nn.Linear(6, 2), shortcut=nn.Linear(6, 2)),
            x,
        ),
        (
            "nn.Concat(2, nn.Linear(6, 2), nn.Linear(6, 3))",
            Function(
                lambda f, g, x: torch.cat([f(x), g(x)], 1), _0=nn.Linear(6, 2), _1=nn.Linear(6, 3)
            ),
            x,
        ),
        (
            "nn.Sequential(nn.ConcatTable(nn.Linear(6, 2), nn.Linear(6, 2)), nn.Mul())",
            nn.Sequential(
                Function(lambda f, g, x: f(x) * g(x), _0=nn.Linear(6, 2), _1=nn.Linear(6, 2))
            ),
            x,
        ),
    ]
    return rows
