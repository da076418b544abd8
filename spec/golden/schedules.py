# Writes spec/golden/schedules.txt: what PyTorch's learning-rate schedules give over 60 steps.
#
#     python spec/golden/schedules.py > spec/golden/schedules.txt
#
# Each line: the Lua code that makes the schedule (spec/optim_schedule_spec.lua runs it, with `sgd` or `adam`
# an optimiser of two groups, rates 0.1 and 0.5), a tab, then for each of the 61 states "lr1 lr2" and,
# where the schedule moves the momentum, its value for group 1; the states parted by commas.
# What PyTorch has not is written out here: the warm-ups of Hugging Face's transformers
# (optimization.py, get_..._schedule_with_warmup) and the inverse square root of Vaswani et al.,
# "Attention Is All You Need" (2017), section 5.3, with its peak at the base rate.

import math
import warnings

import torch
from torch.optim import SGD, Adam
from torch.optim import lr_scheduler as S
from torch.optim.swa_utils import SWALR

warnings.simplefilter("ignore")
STEPS = 60


def optimizer(kind):
    params = [torch.zeros(1, requires_grad=True) for _ in range(2)]
    groups = [{"params": [params[0]]}, {"params": [params[1]], "lr": 0.5}]
    return SGD(groups, lr=0.1, momentum=0.9) if kind == "sgd" else Adam(groups, lr=0.1)


def warm(warmup, after):
    return lambda t: t / max(1, warmup) if t < warmup else after(t)


def linear(warmup, total):
    return warm(warmup, lambda t: max(0.0, (total - t) / max(1, total - warmup)))


def cosine(warmup, total, cycles=0.5, least=0.0):
    def after(t):
        progress = min(1, (t - warmup) / max(1, total - warmup))
        return least + (1 - least) * max(0.0, 0.5 * (1.0 + math.cos(math.pi * cycles * 2.0 * progress)))
    return warm(warmup, after)


def inverse_sqrt(warmup, scale=None):
    scale = scale or warmup or 10_000
    return warm(warmup, lambda t: 1.0 / math.sqrt((t + scale - warmup) / scale))


def measure(t):
    return [1.0, 0.9, 0.95, 0.91, 0.92, 0.93, 0.8, 0.81, 0.82, 0.83][t % 10] / (1 + t // 25)


L = S.LambdaLR
CASES = [
    ("StepLR(sgd, 7)", "sgd", lambda o: S.StepLR(o, 7)),
    ("StepLR(sgd, 10, 0.5)", "sgd", lambda o: S.StepLR(o, 10, 0.5)),
    ("MultiStepLR(sgd, {5, 20, 20, 40})", "sgd", lambda o: S.MultiStepLR(o, [5, 20, 20, 40])),
    ("MultiStepLR(sgd, {3, 9}, {gamma = 0.3})", "sgd", lambda o: S.MultiStepLR(o, [3, 9], gamma=0.3)),
    ("ConstantLR(sgd)", "sgd", lambda o: S.ConstantLR(o)),
    ("ConstantLR(sgd, 0.2, 11)", "sgd", lambda o: S.ConstantLR(o, 0.2, 11)),
    ("LinearLR(sgd)", "sgd", lambda o: S.LinearLR(o)),
    ("LinearLR(sgd, {start_factor = 0.5, end_factor = 0.1, total_iters = 30})", "sgd",
     lambda o: S.LinearLR(o, 0.5, 0.1, 30)),
    ("ExponentialLR(sgd, 0.97)", "sgd", lambda o: S.ExponentialLR(o, 0.97)),
    ("PolynomialLR(sgd)", "sgd", lambda o: S.PolynomialLR(o)),
    ("PolynomialLR(sgd, {total_iters = 45, power = 2})", "sgd", lambda o: S.PolynomialLR(o, 45, 2)),
    ("CosineAnnealingLR(sgd, 20)", "sgd", lambda o: S.CosineAnnealingLR(o, 20)),
    ("CosineAnnealingLR(sgd, 7)", "sgd", lambda o: S.CosineAnnealingLR(o, 7)),
    ("CosineAnnealingLR(sgd, 50, {eta_min = 0.01})", "sgd", lambda o: S.CosineAnnealingLR(o, 50, 0.01)),
    ("CosineAnnealingWarmRestarts(sgd, 8)", "sgd", lambda o: S.CosineAnnealingWarmRestarts(o, 8)),
    ("CosineAnnealingWarmRestarts(sgd, 5, 2, {eta_min = 0.001})", "sgd",
     lambda o: S.CosineAnnealingWarmRestarts(o, 5, 2, 0.001)),
    ("LambdaLR(sgd, function(t) return 0.95 ^ t end)", "sgd", lambda o: L(o, lambda t: 0.95**t)),
    ("LambdaLR(sgd, {function(t) return 1 / (1 + t) end, function(t) return t // 30 end})", "sgd",
     lambda o: L(o, [lambda t: 1 / (1 + t), lambda t: t // 30])),
    ("MultiplicativeLR(sgd, function(t) return 1 - 1 / (2 + t) end)", "sgd",
     lambda o: S.MultiplicativeLR(o, lambda t: 1 - 1 / (2 + t))),
    ("CyclicLR(sgd, 0.01, 0.2, {step_size_up = 7})", "sgd", lambda o: S.CyclicLR(o, 0.01, 0.2, 7)),
    ("CyclicLR(adam, {0.01, 0.02}, {0.2, 0.3}, {step_size_up = 4, step_size_down = 9, mode = 'triangular2'})", "adam",
     lambda o: S.CyclicLR(o, [0.01, 0.02], [0.2, 0.3], 4, 9, "triangular2")),
    ("CyclicLR(sgd, 0.01, 0.2, {step_size_up = 6, mode = 'exp_range', gamma = 0.98, base_momentum = 0.7})", "sgd",
     lambda o: S.CyclicLR(o, 0.01, 0.2, 6, mode="exp_range", gamma=0.98, base_momentum=0.7)),
    ("CyclicLR(sgd, 0.01, 0.2, {step_size_up = 6, scale_fn = function(x) return 1 / x end, cycle_momentum = false})", "sgd",
     lambda o: S.CyclicLR(o, 0.01, 0.2, 6, scale_fn=lambda x: 1 / x, cycle_momentum=False)),
    ("OneCycleLR(sgd, 0.4, {total_steps = 60})", "sgd", lambda o: S.OneCycleLR(o, 0.4, total_steps=60)),
    ("OneCycleLR(adam, {0.4, 0.6}, {epochs = 6, steps_per_epoch = 10, pct_start = 0.25, anneal_strategy = 'linear', "
     "div_factor = 10, final_div_factor = 100})", "adam",
     lambda o: S.OneCycleLR(o, [0.4, 0.6], epochs=6, steps_per_epoch=10, pct_start=0.25, anneal_strategy="linear",
                            div_factor=10, final_div_factor=100)),
    ("OneCycleLR(sgd, 0.4, {total_steps = 60, three_phase = true, base_momentum = 0.8})", "sgd",
     lambda o: S.OneCycleLR(o, 0.4, total_steps=60, three_phase=True, base_momentum=0.8)),
    ("ReduceLROnPlateau(sgd, {patience = 3})", "sgd", lambda o: S.ReduceLROnPlateau(o, patience=3)),
    ("ReduceLROnPlateau(sgd, {factor = 0.5, patience = 2, threshold = 0.05, threshold_mode = 'abs', cooldown = 4, "
     "min_lr = {0.01, 0.002}})", "sgd",
     lambda o: S.ReduceLROnPlateau(o, factor=0.5, patience=2, threshold=0.05, threshold_mode="abs", cooldown=4,
                                   min_lr=[0.01, 0.002])),
    ("ReduceLROnPlateau(sgd, {mode = 'max', patience = 5, eps = 0.01})", "sgd",
     lambda o: S.ReduceLROnPlateau(o, mode="max", patience=5, eps=0.01)),
    ("ChainedScheduler {ConstantLR(sgd, {factor = 0.1, total_iters = 20}), ExponentialLR(sgd, 0.9)}", "sgd",
     lambda o: S.ChainedScheduler([S.ConstantLR(o, 0.1, 20), S.ExponentialLR(o, 0.9)])),
    ("ChainedScheduler {StepLR(sgd, 13), CosineAnnealingLR(sgd, 30)}", "sgd",
     lambda o: S.ChainedScheduler([S.StepLR(o, 13), S.CosineAnnealingLR(o, 30)])),
    ("SequentialLR(sgd, {ConstantLR(sgd, {factor = 0.1, total_iters = 20}), ExponentialLR(sgd, 0.9)}, {20})", "sgd",
     lambda o: S.SequentialLR(o, [S.ConstantLR(o, 0.1, 20), S.ExponentialLR(o, 0.9)], [20])),
    ("SequentialLR(sgd, {LinearLR(sgd, 0.01, 1, 10), CosineAnnealingLR(sgd, 50)}, {10})", "sgd",
     lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.01, 1, 10), S.CosineAnnealingLR(o, 50)], [10])),
    ("SequentialLR(sgd, {LinearLR(sgd), StepLR(sgd, 5), CosineAnnealingWarmRestarts(sgd, 9)}, {10, 30})", "sgd",
     lambda o: S.SequentialLR(o, [S.LinearLR(o), S.StepLR(o, 5), S.CosineAnnealingWarmRestarts(o, 9)], [10, 30])),
    ("SWALR(sgd, 0.05)", "sgd", lambda o: SWALR(o, 0.05)),
    ("SWALR(sgd, {0.05, 0.01}, {anneal_epochs = 25, anneal_strategy = 'linear'})", "sgd",
     lambda o: SWALR(o, [0.05, 0.01], anneal_epochs=25, anneal_strategy="linear")),
    ("WarmupLR(sgd, 12)", "sgd", lambda o: L(o, warm(12, lambda t: 1.0))),
    ("WarmupLinearLR(sgd, 10, 50)", "sgd", lambda o: L(o, linear(10, 50))),
    ("WarmupCosineLR(sgd, 10, 50)", "sgd", lambda o: L(o, cosine(10, 50))),
    ("WarmupCosineLR(sgd, 0, 60, {num_cycles = 2, min_factor = 0.1})", "sgd", lambda o: L(o, cosine(0, 60, 2, 0.1))),
    ("InverseSqrtLR(sgd, 16)", "sgd", lambda o: L(o, inverse_sqrt(16))),
    ("InverseSqrtLR(sgd, 4, {timescale = 9})", "sgd", lambda o: L(o, inverse_sqrt(4, 9))),
]


def state(o, moves):
    parts = [repr(float(g["lr"])) for g in o.param_groups]
    if moves:
        g = o.param_groups[0]
        parts.append(repr(float(g["momentum"] if "momentum" in g else g["betas"][0])))
    return " ".join(parts)


def run(kind, make):
    o = optimizer(kind)
    schedule = make(o)
    moves = getattr(schedule, "cycle_momentum", False)
    states = [state(o, moves)]
    for t in range(STEPS):
        o.step()
        if isinstance(schedule, S.ReduceLROnPlateau):
            schedule.step(measure(t))
        else:
            schedule.step()
        states.append(state(o, moves))
    return ",".join(states)


for code, kind, make in CASES:
    print(code + "\t" + run(kind, make))
