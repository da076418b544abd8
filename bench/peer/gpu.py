"""PyTorch's side of the GPU's benchmark: bench/ours/gpu.lua has the same workloads. TOCHA_DEVICE is
the device ("cuda"), TOCHA_SMALL_SHAPES=1 makes shapes for a check on any machine."""
import os

import torch
import torch.nn as nn
import torch.nn.functional as F

import nets
from fill import fill_module, labels, tensor
from registry import Work, traits, workload

DEVICE = os.environ.get("TOCHA_DEVICE", "cuda")
SMALL = "TOCHA_SMALL_SHAPES" in os.environ
STEPS = 3
FORMS = "eager", "compiled", "compiled+reduced"


def pick(large, little):
    return little if SMALL else large


def peak(unit):
    """The most that tensors held on the device during some units, in bytes."""
    torch.cuda.reset_peak_memory_stats()
    for _ in range(2):
        unit()
    return torch.cuda.max_memory_allocated()


def repeated(inner, run, check):
    """Work that is `inner` runs and waits for the device once."""
    def unit():
        for _ in range(inner):
            run()
        if DEVICE != "cpu":
            torch.cuda.synchronize()

    return Work(unit, check, inner, None if DEVICE == "cpu" else peak)


def made(f, mode):
    """f as the mode has it; "reduced" replays CUDA graphs."""
    have = traits(mode)
    if "compiled" not in have:
        return f
    return torch.compile(f, mode="reduce-overhead" if "reduced" in have else None)


def training(mode, inner, net, x, y, loss_of, optimizer, dtype=None, scaled=False):
    net = fill_module(net).to(DEVICE)
    x, y = x.to(DEVICE), y.to(DEVICE)
    if x.dim() == 4 and dtype:
        net, x = (v.to(memory_format=torch.channels_last) for v in (net, x))
    opt = optimizer(net.parameters())
    scaler = torch.amp.GradScaler(DEVICE, enabled=scaled and DEVICE != "cpu")
    loss_of = made(loss_of, mode)

    def step():
        opt.zero_grad(set_to_none=True)
        with torch.autocast(DEVICE, dtype=dtype, enabled=dtype is not None):
            loss = loss_of(net, x, y)
        scaler.scale(loss).backward()
        scaler.step(opt)
        scaler.update()
        return loss

    return repeated(inner, step, lambda: [step().item() for _ in range(STEPS)])


def classes(net, x, y):
    return F.cross_entropy(net(x), y)


def sgd(**options):
    return lambda params: torch.optim.SGD(params, fused=DEVICE != "cpu" or None, **options)


@workload(*FORMS)
def mlp(mode):
    return training(mode, 20, nets.mlp(pick(512, 16)), tensor(128, 784), labels(128, 10), classes,
                    sgd(lr=0.01))


@workload(*FORMS)
def lenet5(mode):
    n = pick(128, 4)
    return training(mode, 20, nets.lenet5(), tensor(n, 1, 28, 28), labels(n, 10), classes,
                    sgd(lr=0.01))


@workload("eager", "compiled")
def char_lstm(mode):
    t, b = pick(50, 3), pick(128, 2)

    def loss_of(net, x, y):
        scores, _ = net(x)
        return F.cross_entropy(scores.flatten(0, 1), y)

    return training(mode, 5, nets.CharLSTM(65, pick(128, 8), 2), labels(t * b, 65).view(t, b),
                    labels(t * b, 65, 7), loss_of,
                    lambda params: torch.optim.Adam(params, lr=2e-3, fused=DEVICE != "cpu" or None))


@workload(*FORMS)
def gpt2(mode):
    vocabulary, t, b = pick(50304, 65), pick(1024, 8), pick(16, 2)
    net = nets.GPT(vocabulary, t, pick(12, 1), pick(768, 24), pick(12, 6), sdpa=True,
                   gelu="tanh")

    def loss_of(net, x, y):
        return F.cross_entropy(net(x).view(-1, vocabulary), y)

    return training(mode, 2, net, labels(b * t, vocabulary).view(b, t), labels(b * t, vocabulary, 7),
                    loss_of, lambda params: torch.optim.AdamW(
                        params, lr=1e-4, weight_decay=0.1, fused=DEVICE != "cpu" or None),
                    torch.bfloat16)


def resnet(mode, dtype, scaled):
    b, side = pick(128, 2), pick(224, 32)
    return training(mode, 2, nets.resnet50(SMALL), tensor(b, 3, side, side), labels(b, 1000), classes,
                    sgd(lr=0.01, momentum=0.9), dtype, scaled)


@workload(*FORMS)
def resnet50(mode):
    return resnet(mode, torch.bfloat16, False)


@workload("eager", "compiled")
def resnet50_half(mode):
    return resnet(mode, torch.float16 if DEVICE != "cpu" else torch.bfloat16, True)


def numbers(*tensors):
    out = []
    for x in tensors:
        y = x.detach().float()
        out += [y.abs().mean().item(), y.reshape(-1)[0].item()]
    return out


def half(x):
    return x.to(DEVICE).to(torch.float32 if DEVICE == "cpu" else torch.bfloat16)


def tall(rows, n, **options):
    some = pick(64, 8)
    return tensor(some, n, **options).repeat(rows // some, 1)


@workload("eager", "compiled")
def layer_norm(mode):
    rows, n = pick(16384, 8), pick(1600, 32)
    x = half(tall(rows, n)).requires_grad_()
    g = half(tall(rows, n, scale=1, shift=3))
    layer = fill_module(nn.LayerNorm(n)).to(DEVICE, x.dtype)
    forward = made(layer, mode)

    def run():
        x.grad = layer.weight.grad = layer.bias.grad = None
        y = forward(x)
        y.backward(g)
        return y

    return repeated(10, run, lambda: numbers(run(), x.grad, layer.weight.grad))


@workload("eager", "compiled")
def cross_entropy(mode):
    rows, n = pick(8192, 8), pick(50304, 32)
    x = half(tall(rows, n)).requires_grad_()
    y = labels(rows, n).to(DEVICE)
    loss_of = made(lambda x, y: F.cross_entropy(x, y), mode)

    def run():
        x.grad = None
        loss = loss_of(x, y)
        loss.backward()
        return loss

    return repeated(5, run, lambda: numbers(run(), x.grad))


@workload("eager")
def adamw(mode):
    some, times = pick(1_000_000, 1000), pick(124, 1)
    p = nn.Parameter(tensor(some).repeat(times).to(DEVICE))
    p.grad = tensor(some, scale=1e-3, shift=3).repeat(times).to(DEVICE)
    opt = torch.optim.AdamW([p], lr=1e-3, fused=DEVICE != "cpu" or None)

    def check():
        for _ in range(STEPS):
            opt.step()
        return numbers(p)

    return repeated(5, opt.step, check)


@workload("eager")
def copy(mode):
    x = tensor(pick(1 << 20, 1000)).repeat(pick(64, 1)).to(DEVICE)
    return repeated(10, x.clone, lambda: numbers(x.clone()))


@workload("eager")
def mm(mode):
    n = pick(8192, 64)
    a, b = half(tall(n, n)), half(tall(n, n, scale=1, shift=3))
    return repeated(5, lambda: a @ b, lambda: numbers(a @ b))
