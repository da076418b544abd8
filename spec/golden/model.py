# Writes spec/golden/model.lua: what PyTorch computes for layers, losses, optimisers and a small network.
#
#     python spec/golden/model.py > spec/golden/model.lua
#
# Weights and inputs come from a formula that both sides know, so only results are stored: for each
# tensor its checksum, the sum of its elements times cos(0.3 k + 0.1), in float64.

import math
import torch
from torch import nn

torch.set_default_dtype(torch.float64)


def fill(shape, j, scale=1.0):
    n = math.prod(shape)
    k = torch.arange(n, dtype=torch.float64)
    return (torch.sin(0.7 * k + 1.3 * j + 0.5) * scale).reshape(shape)


def weights(n):
    return torch.cos(0.3 * torch.arange(n, dtype=torch.float64) + 0.1)


def checksum(x):
    x = x.detach().to(torch.float64).reshape(-1)
    return (x * weights(x.numel())).sum().item()


def ids(most, shape):
    return (torch.arange(math.prod(shape)) * 7 % most).reshape(shape)


def number(x):
    return "0/0" if x != x else repr(x)


# ---- inputs: the same little language is in spec/nn_spec.lua ----

def make_input(spec, j):
    kind, *rest = spec
    if kind == "float":
        return fill(rest[0], j).requires_grad_()
    if kind == "prob":
        return (0.5 + 0.4 * fill(rest[0], j)).detach().requires_grad_()
    if kind == "ids":
        return ids(rest[0], rest[1])
    if kind == "sign":
        return torch.where(fill(rest[0], j) < 0, -1.0, 1.0)
    if kind == "target":
        return fill(rest[0], j)
    if kind == "target_prob":
        return 0.5 + 0.4 * fill(rest[0], j)
    if kind == "log_softmax":
        return torch.log_softmax(fill(rest[0], j), -1).detach().requires_grad_()
    if kind == "value":
        return torch.tensor(rest[0])
    raise ValueError(kind)


def lua_list(values):
    return "{" + ", ".join(lua_list(v) if isinstance(v, (list, tuple)) else str(v) for v in values) + "}"


def lua_input(spec):
    parts = ['"%s"' % spec[0]]
    for r in spec[1:]:
        parts.append(str(r) if isinstance(r, int) else lua_list(r))
    return "{" + ", ".join(parts) + "}"


F = lambda *shape: ("float", shape)
I = lambda most, *shape: ("ids", most, shape)


def activations():
    rows = [
        ("ReLU()", nn.ReLU()), ("ReLU6()", nn.ReLU6()), ("LeakyReLU(0.2)", nn.LeakyReLU(0.2)), ("ELU(0.7)", nn.ELU(0.7)),
        ("SELU()", nn.SELU()), ("CELU(1.5)", nn.CELU(1.5)), ("GELU()", nn.GELU()),
        ("GELU('tanh')", nn.GELU("tanh")), ("SiLU()", nn.SiLU()), ("Mish()", nn.Mish()),
        ("Softplus()", nn.Softplus()), ("Softplus(2, 0.5)", nn.Softplus(2, 0.5)), ("Softsign()", nn.Softsign()),
        ("Hardtanh(-0.5, 0.3)", nn.Hardtanh(-0.5, 0.3)), ("Hardsigmoid()", nn.Hardsigmoid()),
        ("Hardswish()", nn.Hardswish()), ("LogSigmoid()", nn.LogSigmoid()), ("Sigmoid()", nn.Sigmoid()),
        ("Tanh()", nn.Tanh()), ("Tanhshrink()", nn.Tanhshrink()), ("Softshrink(0.3)", nn.Softshrink(0.3)),
        ("Hardshrink(0.3)", nn.Hardshrink(0.3)), ("Threshold(0.1, 20)", nn.Threshold(0.1, 20)),
        ("Softmax()", nn.Softmax(-1)), ("Softmax(1)", nn.Softmax(0)), ("LogSoftmax(2)", nn.LogSoftmax(1)),
        ("Softmin()", nn.Softmin(-1)), ("GLU()", nn.GLU()), ("PReLU()", nn.PReLU()), ("PReLU(6)", nn.PReLU(6)),
        ("Identity()", nn.Identity()),
    ]
    return [(code, module, [F(4, 6)]) for code, module in rows]


def layers():
    up = nn.Upsample
    return [
        ("Linear(3, 4)", nn.Linear(3, 4), [F(2, 5, 3)]),
        ("Linear(3, 4, {bias = false})", nn.Linear(3, 4, bias=False), [F(2, 3)]),
        ("Bilinear(2, 3, 4)", nn.Bilinear(2, 3, 4), [F(5, 2), F(5, 3)]),
        ("Embedding(7, 3)", nn.Embedding(7, 3), [I(7, 2, 5)]),
        ("Embedding(7, 3, {padding_idx = 1})", nn.Embedding(7, 3, padding_idx=0), [I(7, 2, 5)]),
        ("Flatten()", nn.Flatten(), [F(2, 3, 4)]),
        ("Flatten(1, 2)", nn.Flatten(0, 1), [F(2, 3, 4)]),
        ("Unflatten(2, {2, 3})", nn.Unflatten(1, (2, 3)), [F(2, 6, 2)]),
        ("Conv1d(3, 4, 3)", nn.Conv1d(3, 4, 3), [F(2, 3, 9)]),
        ("Conv1d(4, 6, 3, 2, 1, 2, 2)", nn.Conv1d(4, 6, 3, 2, 1, 2, 2), [F(2, 4, 11)]),
        ("Conv2d(2, 3, 3)", nn.Conv2d(2, 3, 3), [F(2, 2, 6, 5)]),
        ("Conv2d(2, 3, {3, 2}, {2, 1}, {1, 0})", nn.Conv2d(2, 3, (3, 2), (2, 1), (1, 0)), [F(2, 2, 6, 5)]),
        ("Conv2d(2, 3, 4, {padding = 'same'})", nn.Conv2d(2, 3, 4, padding="same"), [F(2, 2, 6, 5)]),
        ("Conv2d(2, 3, 3, {padding = 2, padding_mode = 'reflect'})",
         nn.Conv2d(2, 3, 3, padding=2, padding_mode="reflect"), [F(2, 2, 6, 5)]),
        ("Conv2d(2, 3, {3, 2}, {padding = 'same', padding_mode = 'circular', bias = false})",
         nn.Conv2d(2, 3, (3, 2), padding="same", padding_mode="circular", bias=False), [F(2, 2, 6, 5)]),
        ("Conv2d(4, 4, 3, {groups = 4, padding = 1})", nn.Conv2d(4, 4, 3, groups=4, padding=1), [F(2, 4, 5, 5)]),
        ("Conv3d(2, 3, 2, {padding = 1})", nn.Conv3d(2, 3, 2, padding=1), [F(1, 2, 3, 4, 3)]),
        ("ConvTranspose1d(3, 4, 3, 2, 1, 1)", nn.ConvTranspose1d(3, 4, 3, 2, 1, 1), [F(2, 3, 5)]),
        ("ConvTranspose2d(4, 6, 3, {stride = 2, groups = 2})", nn.ConvTranspose2d(4, 6, 3, stride=2, groups=2),
         [F(2, 4, 3, 4)]),
        ("ConvTranspose2d(2, 3, 3, {dilation = 2, bias = false})", nn.ConvTranspose2d(2, 3, 3, dilation=2, bias=False),
         [F(2, 2, 3, 4)]),
        ("ConvTranspose3d(2, 2, 2, 2)", nn.ConvTranspose3d(2, 2, 2, 2), [F(1, 2, 2, 3, 2)]),
        ("MaxPool1d(2)", nn.MaxPool1d(2), [F(2, 3, 9)]),
        ("MaxPool2d(3, 2, 1)", nn.MaxPool2d(3, 2, 1), [F(2, 3, 7, 6)]),
        ("MaxPool2d(2, {ceil_mode = true})", nn.MaxPool2d(2, ceil_mode=True), [F(2, 3, 7, 5)]),
        ("MaxPool3d(2)", nn.MaxPool3d(2), [F(1, 2, 4, 4, 5)]),
        ("AvgPool1d(3, 2, 1)", nn.AvgPool1d(3, 2, 1), [F(2, 3, 9)]),
        ("AvgPool2d(2)", nn.AvgPool2d(2), [F(2, 3, 7, 6)]),
        ("AvgPool2d(3, 2, 1, {count_include_pad = false})", nn.AvgPool2d(3, 2, 1, count_include_pad=False),
         [F(2, 3, 7, 6)]),
        ("AvgPool3d(2)", nn.AvgPool3d(2), [F(1, 2, 4, 4, 5)]),
        ("LPPool2d(2, 2)", nn.LPPool2d(2, 2), [("prob", (2, 3, 4, 6))]),
        ("AdaptiveAvgPool1d(3)", nn.AdaptiveAvgPool1d(3), [F(2, 3, 7)]),
        ("AdaptiveAvgPool2d({2, 3})", nn.AdaptiveAvgPool2d((2, 3)), [F(2, 3, 5, 7)]),
        ("AdaptiveMaxPool2d(2)", nn.AdaptiveMaxPool2d(2), [F(2, 3, 5, 7)]),
        ("AdaptiveAvgPool3d(1)", nn.AdaptiveAvgPool3d(1), [F(2, 3, 2, 3, 2)]),
        ("BatchNorm1d(3)", nn.BatchNorm1d(3), [F(4, 3)]),
        ("BatchNorm1d(3, {momentum = 0.3})", nn.BatchNorm1d(3, momentum=0.3), [F(4, 3, 5)]),
        ("BatchNorm2d(3)", nn.BatchNorm2d(3), [F(4, 3, 2, 5)]),
        ("BatchNorm2d(3):eval()", nn.BatchNorm2d(3).eval(), [F(4, 3, 2, 5)]),
        ("BatchNorm2d(3, {affine = false, track_running_stats = false}):eval()",
         nn.BatchNorm2d(3, affine=False, track_running_stats=False).eval(), [F(4, 3, 2, 5)]),
        ("BatchNorm3d(2)", nn.BatchNorm3d(2), [F(2, 2, 2, 3, 2)]),
        ("LayerNorm(5)", nn.LayerNorm(5), [F(2, 3, 5)]),
        ("LayerNorm({3, 5}, {bias = false})", nn.LayerNorm((3, 5), bias=False), [F(2, 3, 5)]),
        ("RMSNorm(5)", nn.RMSNorm(5), [F(2, 3, 5)]),
        ("RMSNorm({3, 5}, 1e-3)", nn.RMSNorm((3, 5), 1e-3), [F(2, 3, 5)]),
        ("GroupNorm(2, 4)", nn.GroupNorm(2, 4), [F(2, 4, 3, 2)]),
        ("InstanceNorm1d(3)", nn.InstanceNorm1d(3), [F(2, 3, 5)]),
        ("InstanceNorm2d(3, {affine = true, track_running_stats = true})",
         nn.InstanceNorm2d(3, affine=True, track_running_stats=True), [F(2, 3, 4, 5)]),
        ("InstanceNorm3d(2)", nn.InstanceNorm3d(2), [F(2, 2, 2, 3, 2)]),
        ("LocalResponseNorm(3)", nn.LocalResponseNorm(3), [F(2, 5, 4)]),
        ("Softmax2d()", nn.Softmax2d(), [F(2, 3, 2, 2)]),
        ("PixelShuffle(2)", nn.PixelShuffle(2), [F(1, 8, 2, 3)]),
        ("PixelUnshuffle(2)", nn.PixelUnshuffle(2), [F(1, 2, 4, 6)]),
        ("Upsample({scale_factor = 2})", up(scale_factor=2), [F(1, 2, 3, 4)]),
        ("Upsample({5, 7}, {mode = 'bilinear'})", up((5, 7), mode="bilinear"), [F(1, 2, 3, 4)]),
        ("Upsample({scale_factor = 2, mode = 'bicubic', align_corners = true})",
         up(scale_factor=2, mode="bicubic", align_corners=True), [F(1, 2, 3, 4)]),
        ("ReflectionPad1d({1, 2})", nn.ReflectionPad1d((1, 2)), [F(2, 2, 4)]),
        ("ReflectionPad2d(1)", nn.ReflectionPad2d(1), [F(1, 2, 3, 4)]),
        ("ReplicationPad2d({1, 2, 3, 0})", nn.ReplicationPad2d((1, 2, 3, 0)), [F(1, 2, 3, 4)]),
        ("CircularPad2d(1)", nn.CircularPad2d(1), [F(1, 2, 3, 4)]),
        ("ZeroPad2d({1, 0, 2, 1})", nn.ZeroPad2d((1, 0, 2, 1)), [F(1, 2, 3, 4)]),
        ("ConstantPad1d(2, 3.5)", nn.ConstantPad1d(2, 3.5), [F(1, 2, 3)]),
        ("Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))",
         nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)), [F(4, 3)]),
    ]


def losses():
    two = [F(5, 4), ("target", (5, 4))]
    classes = [F(5, 4), I(4, 5)]
    weight = "tocha.tensor({0.5, 1, 2, 0.25}, {dtype = 'float64'})"
    w = torch.tensor([0.5, 1, 2, 0.25])
    prob = [("prob", (5, 4)), ("target_prob", (5, 4))]
    pair = [F(5, 4), F(5, 4), ("sign", (5,))]
    rows = [
        ("MSELoss()", nn.MSELoss(), two), ("MSELoss('sum')", nn.MSELoss(reduction="sum"), two),
        ("MSELoss({reduction = 'none'})", nn.MSELoss(reduction="none"), two),
        ("L1Loss()", nn.L1Loss(), two), ("SmoothL1Loss({beta = 0.5})", nn.SmoothL1Loss(beta=0.5), two),
        ("HuberLoss({delta = 0.5})", nn.HuberLoss(delta=0.5), two),
        ("CrossEntropyLoss()", nn.CrossEntropyLoss(), classes),
        ("CrossEntropyLoss({weight = %s, label_smoothing = 0.1})" % weight,
         nn.CrossEntropyLoss(weight=w, label_smoothing=0.1), classes),
        ("CrossEntropyLoss({ignore_index = 2})", nn.CrossEntropyLoss(ignore_index=1), classes),
        ("CrossEntropyLoss()", nn.CrossEntropyLoss(), prob),
        ("CrossEntropyLoss()", nn.CrossEntropyLoss(), [F(2, 4, 3, 2), I(4, 2, 3, 2)]),
        ("NLLLoss()", nn.NLLLoss(), [("log_softmax", (5, 4)), I(4, 5)]),
        ("NLLLoss(%s)" % weight, nn.NLLLoss(w), [("log_softmax", (5, 4)), I(4, 5)]),
        ("BCELoss()", nn.BCELoss(), prob), ("BCELoss(%s)" % weight, nn.BCELoss(w), prob),
        ("BCEWithLogitsLoss()", nn.BCEWithLogitsLoss(), [F(5, 4), ("target_prob", (5, 4))]),
        ("BCEWithLogitsLoss({pos_weight = %s})" % weight, nn.BCEWithLogitsLoss(pos_weight=w),
         [F(5, 4), ("target_prob", (5, 4))]),
        ("KLDivLoss('batchmean')", nn.KLDivLoss(reduction="batchmean"), [("log_softmax", (5, 4)), ("target_prob", (5, 4))]),
        ("KLDivLoss('sum', {log_target = true})", nn.KLDivLoss(reduction="sum", log_target=True),
         [("log_softmax", (5, 4)), ("target", (5, 4))]),
        ("PoissonNLLLoss()", nn.PoissonNLLLoss(), [F(5, 4), ("target_prob", (5, 4))]),
        ("GaussianNLLLoss()", nn.GaussianNLLLoss(), two + [("prob", (5, 4))]),
        ("HingeEmbeddingLoss()", nn.HingeEmbeddingLoss(), [F(5, 4), ("sign", (5, 4))]),
        ("SoftMarginLoss()", nn.SoftMarginLoss(), [F(5, 4), ("sign", (5, 4))]),
        ("MultiMarginLoss()", nn.MultiMarginLoss(), classes),
        ("MultiMarginLoss(2, 0.7, %s)" % weight, nn.MultiMarginLoss(2, 0.7, w), classes),
        ("MultiLabelSoftMarginLoss()", nn.MultiLabelSoftMarginLoss(), prob),
        ("MarginRankingLoss(0.2)", nn.MarginRankingLoss(0.2), [F(5), F(5), ("sign", (5,))]),
        ("CosineEmbeddingLoss(0.1)", nn.CosineEmbeddingLoss(0.1), pair),
        ("TripletMarginLoss()", nn.TripletMarginLoss(), [F(5, 4), F(5, 4), F(5, 4)]),
        ("TripletMarginLoss({swap = true, margin = 0.5})", nn.TripletMarginLoss(swap=True, margin=0.5),
         [F(5, 4), F(5, 4), F(5, 4)]),
    ]
    return rows


def run_case(code, module, specs, scale=1):
    inputs = [make_input(s, j + 10) for j, s in enumerate(specs)]
    names = []
    with torch.no_grad():
        for j, (name, p) in enumerate(module.named_parameters()):
            names.append(name)
            p.copy_(fill(p.shape, j + 1, scale))
    y = module(*inputs)
    (y.reshape(-1) * weights(y.numel())).sum().backward()
    grads = [checksum(x.grad) for x in inputs if x.requires_grad]
    grads += [checksum(p.grad) for p in module.parameters()]
    buffers = [] if "Loss" in code else [
        '["%s"] = %s' % (n, number(checksum(b))) for n, b in module.named_buffers()]
    scaled = "scale = %d, " % scale if scale != 1 else ""
    print("    { code = %s, %sinputs = {%s},\n      names = {%s}, y = %s, shape = %s, grads = {%s}, buffers = {%s} }," % (
        '"' + code + '"', scaled, ", ".join(lua_input(s) for s in specs), ", ".join('"%s"' % n for n in names),
        number(checksum(y)), lua_list(y.shape), ", ".join(number(g) for g in grads), ", ".join(buffers)))


# ---- optimisers: seven steps of two parameters with gradients from the formula ----

O = torch.optim
OPTIMISERS = [
    ("SGD", "lr = 0.1", O.SGD, dict(lr=0.1)),
    ("SGD", "lr = 0.1, weight_decay = 0.2, maximize = true", O.SGD, dict(lr=0.1, weight_decay=0.2, maximize=True)),
    ("SGD", "lr = 0.1, momentum = 0.9, dampening = 0.3, weight_decay = 0.1", O.SGD,
     dict(lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.1)),
    ("SGD", "lr = 0.1, momentum = 0.9, nesterov = true", O.SGD, dict(lr=0.1, momentum=0.9, nesterov=True)),
    ("Adam", "lr = 0.05", O.Adam, dict(lr=0.05)),
    ("Adam", "lr = 0.05, betas = {0.4, 0.9}, weight_decay = 0.1, amsgrad = true, maximize = true", O.Adam,
     dict(lr=0.05, betas=(0.4, 0.9), weight_decay=0.1, amsgrad=True, maximize=True)),
    ("AdamW", "lr = 0.05", O.AdamW, dict(lr=0.05)),
    ("AdamW", "lr = 0.05, weight_decay = 0.3, amsgrad = true, eps = 1e-3", O.AdamW,
     dict(lr=0.05, weight_decay=0.3, amsgrad=True, eps=1e-3)),
    ("RMSprop", "lr = 0.02", O.RMSprop, dict(lr=0.02)),
    ("RMSprop", "lr = 0.02, alpha = 0.9, momentum = 0.5, centered = true, weight_decay = 0.1", O.RMSprop,
     dict(lr=0.02, alpha=0.9, momentum=0.5, centered=True, weight_decay=0.1)),
    ("Adagrad", "lr = 0.1", O.Adagrad, dict(lr=0.1)),
    ("Adagrad", "lr = 0.1, lr_decay = 0.2, weight_decay = 0.1, initial_accumulator_value = 0.5", O.Adagrad,
     dict(lr=0.1, lr_decay=0.2, weight_decay=0.1, initial_accumulator_value=0.5)),
    ("Adadelta", "", O.Adadelta, dict()),
    ("Adadelta", "lr = 0.5, rho = 0.8, weight_decay = 0.1, maximize = true", O.Adadelta,
     dict(lr=0.5, rho=0.8, weight_decay=0.1, maximize=True)),
]


def run_optimiser(name, code, make, options):
    params = [fill((3, 5), 1).requires_grad_(), fill((7,), 2).requires_grad_()]
    optimiser = make(params, **options)
    for step in range(7):
        for j, p in enumerate(params):
            p.grad = fill(p.shape, 3 * step + j, 0.8)
        optimiser.step()
    print('    { name = "%s", options = "{%s}", p = {%s} },' % (
        name, code, ", ".join(number(checksum(p)) for p in params)))


# ---- ten losses of the demo network ----

def demo():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16),
        nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10))


def run_demo(make, options, dtype):
    net = demo().to(dtype)
    with torch.no_grad():
        for j, p in enumerate(net.parameters()):
            p.copy_(fill(p.shape, j + 1, 0.2))
    optimiser, criterion, losses = make(net.parameters(), **options), nn.CrossEntropyLoss(), []
    for step in range(10):
        x = fill((12, 1, 8, 8), 50 + step).to(dtype)
        y = (torch.arange(12) * 7 + step) % 10
        optimiser.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


if __name__ == "__main__":
    torch.manual_seed(0)
    print("-- Written by spec/golden/model.py with PyTorch %s; do not edit." % torch.__version__.split("+")[0])
    print("-- luacheck: ignore")
    print("return {\n  layers = {")
    for case in layers() + activations() + losses():
        run_case(*case)
    print("  },\n  optimisers = {")
    for case in OPTIMISERS:
        run_optimiser(*case)
    print("  },\n  demo = {")
    for name, make, options, code in [
        ("SGD", O.SGD, dict(lr=0.05, momentum=0.9), "lr = 0.05, momentum = 0.9"),
        ("AdamW", O.AdamW, dict(lr=0.01), "lr = 0.01"),
    ]:
        for dtype in (torch.float64, torch.float32):
            print('    { name = "%s", options = "{%s}", dtype = "%s",\n      losses = {%s} },' % (
                name, code, str(dtype).split(".")[1], ", ".join(number(l) for l in run_demo(make, options, dtype))))
    print("  },\n}")
