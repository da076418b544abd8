"""Rows of layers.py: parametrized, pruned and fused layers, and losses."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations, prune

from composed import overlap, sigmoid_focal_loss, softmax_focal_loss
from layer_modules import Function, Joined, filled, given
from layer_rows import P, V, nested
from model import F as floats, I as ids

W4 = torch.tensor([0.5, 1, 2, 0.25])
LUA_W4 = "tocha.tensor({0.5, 1, 2, 0.25}, {dtype = 'float64'})"


def parametrized():
    x, image = [floats(4, 5)], [floats(2, 3, 4, 5)]
    rows = [
        (
            "parametrizations.weight_norm(nn.Linear(5, 3))",
            parametrizations.weight_norm(nn.Linear(5, 3)),
            x,
        ),
        (
            "parametrizations.weight_norm(nn.Linear(5, 3), 'bias')",
            parametrizations.weight_norm(nn.Linear(5, 3), "bias"),
            x,
        ),
        (
            "parametrizations.weight_norm(nn.Conv2d(3, 2, 2), 'weight', 2)",
            parametrizations.weight_norm(nn.Conv2d(3, 2, 2), dim=1),
            image,
        ),
        (
            "parametrizations.weight_norm(nn.ConvTranspose2d(3, 2, 2), 'weight', false)",
            parametrizations.weight_norm(nn.ConvTranspose2d(3, 2, 2), dim=None),
            image,
        ),
        ("utils.weight_norm(nn.Linear(5, 3))", nn.utils.weight_norm(nn.Linear(5, 3)), x),
        (
            "utils.weight_norm(nn.Conv2d(3, 2, 2), 'weight', 2)",
            nn.utils.weight_norm(nn.Conv2d(3, 2, 2), dim=1),
            image,
        ),
        (
            "utils.weight_norm(nn.Linear(5, 3), 'weight', false)",
            nn.utils.weight_norm(nn.Linear(5, 3), dim=None),
            x,
        ),
    ]
    spectral = parametrizations.spectral_norm
    for lua, py in (
        ("", dict()),
        (", 'weight', 3", dict(n_power_iterations=3)),
        (", 'bias'", dict(name="bias")),
    ):
        rows += [
            (
                f"filled(parametrizations.spectral_norm(nn.Linear(5, 3){lua}))",
                filled(spectral(nn.Linear(5, 3), **py)),
                x,
            )
        ]
    rows += [
        (
            "filled(parametrizations.spectral_norm(nn.Conv2d(3, 2, 2))):eval()",
            filled(spectral(nn.Conv2d(3, 2, 2))).eval(),
            image,
        ),
        (
            "filled(parametrizations.spectral_norm(nn.ConvTranspose2d(3, 2, 2)))",
            filled(spectral(nn.ConvTranspose2d(3, 2, 2))),
            image,
        ),
        (
            "filled(parametrizations.spectral_norm(parametrizations.weight_norm(nn.Linear(5, 3))))",
            filled(spectral(parametrizations.weight_norm(nn.Linear(5, 3)))),
            x,
        ),
        (
            "filled(utils.spectral_norm(nn.Linear(5, 3)))",
            filled(nn.utils.spectral_norm(nn.Linear(5, 3))),
            x,
        ),
        (
            "filled(utils.spectral_norm(nn.ConvTranspose2d(3, 2, 2), 'weight', 2)):eval()",
            filled(nn.utils.spectral_norm(nn.ConvTranspose2d(3, 2, 2), "weight", 2)).eval(),
            image,
        ),
    ]
    for sizes in ((5, 5), (5, 3), (5, 7)):
        for kind in ("matrix_exp", "cayley", "householder"):
            for based in (True, False):
                layer = filled(
                    parametrizations.orthogonal(
                        nn.Linear(*sizes), orthogonal_map=kind, use_trivialization=based
                    )
                )
                rows.append(
                    (
                        f"filled(parametrizations.orthogonal(nn.Linear({sizes[0]}, {sizes[1]}), 'weight', "
                        f"{{orthogonal_map = '{kind}', use_trivialization = {str(based).lower()}}}))",
                        layer,
                        x,
                        3 if kind == "householder" else 1,
                    )
                )
    return rows


def pruned():
    x = [floats(4, 6)]
    both = given(nn.Sequential(nn.Linear(6, 5), nn.Linear(5, 3)))
    prune.global_unstructured(
        [(both[0], "weight"), (both[1], "weight")], prune.L1Unstructured, amount=0.4
    )
    linear = lambda: given(nn.Linear(6, 5))
    start = "given(nn.Linear(6, 5)), 'weight'"
    rows = [
        (f"prune.l1_unstructured({start}, 0.3)", prune.l1_unstructured(linear(), "weight", 0.3), x),
        (f"prune.l1_unstructured({start}, 7)", prune.l1_unstructured(linear(), "weight", 7), x),
        (
            f"prune.l1_unstructured(prune.l1_unstructured({start}, 0.25), 'weight', 0.25)",
            prune.l1_unstructured(prune.l1_unstructured(linear(), "weight", 0.25), "weight", 0.25),
            x,
        ),
        (
            f"prune.ln_structured({start}, 0.4, 2, 1)",
            prune.ln_structured(linear(), "weight", 0.4, 2, 0),
            x,
        ),
        (
            f"prune.ln_structured(prune.l1_unstructured({start}, 5), 'weight', 2, 1, -1)",
            prune.ln_structured(prune.l1_unstructured(linear(), "weight", 5), "weight", 2, 1, -1),
            x,
        ),
        (
            f"prune.l1_unstructured(prune.ln_structured({start}, 2, 1, 1), 'weight', 0.5)",
            prune.l1_unstructured(prune.ln_structured(linear(), "weight", 2, 1, 0), "weight", 0.5),
            x,
        ),
        (
            f"prune.ln_structured(prune.ln_structured({start}, 2, 1, 1), 'weight', 0.5, 2, 1)",
            prune.ln_structured(
                prune.ln_structured(linear(), "weight", 2, 1, 0), "weight", 0.5, 2, 0
            ),
            x,
        ),
        (f"prune.identity({start})", prune.identity(linear(), "weight"), x),
        (
            "prune.custom_from_mask(given(nn.Linear(6, 5)), 'bias', tocha.tensor({1, 0, 0, 1, 1}))",
            prune.custom_from_mask(linear(), "bias", torch.tensor([1, 0, 0, 1, 1])),
            x,
        ),
        (
            f"prune.remove(prune.l1_unstructured({start}, 0.3), 'weight')",
            prune.remove(prune.l1_unstructured(linear(), "weight", 0.3), "weight"),
            x,
        ),
        (
            "(function() local m = given(nn.Sequential(nn.Linear(6, 5), nn.Linear(5, 3))) "
            "prune.global_unstructured({{m[1], 'weight'}, {m[2], 'weight'}}, prune.L1Unstructured, {amount = 0.4}) "
            "return m end)()",
            both,
            x,
        ),
    ]
    for code, f, before, bn, shape in (
        (
            "fuse_conv_bn_eval",
            nn.utils.fuse_conv_bn_eval,
            nn.Conv2d(3, 4, 2),
            nn.BatchNorm2d(4),
            (2, 3, 4, 3),
        ),
        (
            "fuse_linear_bn_eval",
            nn.utils.fusion.fuse_linear_bn_eval,
            nn.Linear(3, 4),
            nn.BatchNorm1d(4),
            (5, 3),
        ),
    ):
        kind = type(before).__name__
        args = "3, 4, 2" if kind == "Conv2d" else "3, 4"
        module = f(given(before).eval(), filled(given(bn)).eval())
        rows.append(
            (
                f"(function() local f = utils.{code}(given(nn.{kind}({args})):eval(), "
                f"filled(given(nn.{type(bn).__name__}(4))):eval()) return nn.Lambda(function(x) return f(x) end) end)()",
                Function(lambda x, module=module: module(x)),
                [floats(*shape)],
            )
        )
    return rows


def losses():
    prob, pair = [P(4, 5), ("target_prob", (4, 5))], [floats(5, 4), floats(5, 4)]
    three, classes = pair + [floats(5, 4)], [floats(5, 4), ids(4, 5)]
    ctc = nn.CTCLoss(zero_infinity=True)
    distance = nn.TripletMarginWithDistanceLoss
    rows = [
        (
            "nn.MultiLabelMarginLoss()",
            Function(lambda x, y: nn.MultiLabelMarginLoss()(x, y - 1)),
            [floats(2, 4), ("value", nested([4, 1, 0, 1, 2, 0, 0, 0], (2, 4)))],
        ),
        (
            "nn.MultiLabelSoftMarginLoss(%s, 'none')" % LUA_W4,
            nn.MultiLabelSoftMarginLoss(W4, reduction="none"),
            [floats(5, 4), ("target_prob", (5, 4))],
        ),
        # PyTorch's gradient is right for a log_softmax only
        (
            "nn.Lambda(function(x, ...) return nn.CTCLoss({zero_infinity = true})(x:log_softmax(-1), ...) end)",
            Function(lambda *a: ctc(a[0].log_softmax(-1), a[1] - 1, a[2], a[3])),
            [floats(6, 2, 4), ("value", nested([2, 3, 4, 3, 3, 2], (2, 3))), V(6, 5), V(3, 2)],
        ),
        (
            "nn.TripletMarginWithDistanceLoss({margin = 0.5, swap = true})",
            distance(margin=0.5, swap=True),
            three,
        ),
        (
            "nn.TripletMarginWithDistanceLoss({distance_function = function(a, b) return (a - b):abs():amax(2) end})",
            distance(distance_function=lambda a, b: (a - b).abs().amax(1)),
            three,
        ),
        (
            "nn.TripletMarginLoss({p = 1, reduction = 'none'})",
            nn.TripletMarginLoss(p=1, reduction="none"),
            three,
        ),
        (
            "nn.FocalLoss()",
            Function(lambda x, y: sigmoid_focal_loss(x, y, reduction="mean")),
            [floats(4, 5), ("target_prob", (4, 5))],
        ),
        (
            "nn.FocalLoss(-1, 1.5, 'sum')",
            Function(lambda x, y: sigmoid_focal_loss(x, y, -1, 1.5, "sum")),
            [floats(4, 5), ("target_prob", (4, 5))],
        ),
        (
            "nn.SoftmaxFocalLoss({weight = %s, ignore_index = 2})" % LUA_W4,
            Function(lambda x, y: softmax_focal_loss(x, y, 2, W4, 1)),
            classes,
        ),
        ("nn.SoftmaxFocalLoss(0, %s)" % LUA_W4, nn.CrossEntropyLoss(W4), classes),
        ("nn.DiceLoss()", Function(overlap("dice_loss")), prob),
        (
            "nn.DiceLoss(1, 'none')",
            Function(lambda x, y: overlap("dice_loss")(x, y, 1, "none")),
            [P(2, 3, 4), ids(3, 2, 4)],
        ),
        (
            "nn.TverskyLoss(0.3, 0.7, 0.1)",
            Function(lambda x, y: overlap("tversky_loss")(x, y, 0.3, 0.7, 0.1)),
            prob,
        ),
        (
            "joined(nn.AdaptiveLogSoftmaxWithLoss(8, 10, {3, 6}, {div_value = 2, head_bias = true}))",
            Joined(nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3, 6], div_value=2, head_bias=True)),
            [floats(7, 8), ids(10, 7)],
        ),
        (
            "joined(nn.AdaptiveLogSoftmaxWithLoss(8, 10, {4}))",
            Joined(nn.AdaptiveLogSoftmaxWithLoss(8, 10, [4])),
            [floats(3, 8), ids(10, 3)],
        ),
        (
            "nn.LinearCrossEntropyLoss(3, 4, {out_features = {2}, bias = true, label_smoothing = 0.1})",
            nn.LinearCrossEntropyLoss(3, 4, out_features=(2,), bias=True, label_smoothing=0.1),
            [floats(5, 3), ids(4, 5, 2)],
        ),
    ]
    for name, inputs in (
        ("BCELoss", prob),
        ("BCEWithLogitsLoss", [floats(4, 5), ("target_prob", (4, 5))]),
        ("SoftMarginLoss", [floats(4, 5), ("sign", (4, 5))]),
        ("L1Loss", [floats(4, 5), ("target", (4, 5))]),
        ("SmoothL1Loss", [floats(4, 5), ("target", (4, 5))]),
        ("HuberLoss", [floats(4, 5), ("target", (4, 5))]),
        ("HingeEmbeddingLoss", [floats(4, 5), ("sign", (4, 5))]),
        ("CosineEmbeddingLoss", pair + [("sign", (5,))]),
        ("MarginRankingLoss", [floats(5), floats(5), ("sign", (5,))]),
        ("GaussianNLLLoss", [floats(4, 5), ("target", (4, 5)), P(4, 5)]),
        ("PoissonNLLLoss", [floats(4, 5), ("target_prob", (4, 5))]),
        ("KLDivLoss", [("log_softmax", (4, 5)), ("target_prob", (4, 5))]),
        ("CrossEntropyLoss", classes),
        ("MultiMarginLoss", classes),
        ("NLLLoss", [("log_softmax", (5, 4)), ids(4, 5)]),
    ):
        for reduction in ("sum", "none"):
            rows.append(
                (
                    f"nn.{name}({{reduction = '{reduction}'}})",
                    getattr(nn, name)(reduction=reduction),
                    inputs,
                )
            )
    rows += [
        (
            "nn.PoissonNLLLoss({log_input = false, full = true})",
            nn.PoissonNLLLoss(log_input=False, full=True),
            [P(4, 5), ("value", nested([1.5, 2, 0.5, 3, 0] * 4, (4, 5)))],
        ),
        (
            "nn.GaussianNLLLoss({full = true})",
            nn.GaussianNLLLoss(full=True),
            [floats(4, 5), ("target", (4, 5)), P(4, 1)],
        ),
        (
            "nn.CrossEntropyLoss({label_smoothing = 0.2, reduction = 'sum'})",
            nn.CrossEntropyLoss(label_smoothing=0.2, reduction="sum"),
            [floats(2, 4, 3), ids(4, 2, 3)],
        ),
    ]
    return rows
