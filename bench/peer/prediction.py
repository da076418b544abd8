"""Predictions and generation."""
import torch
import torch.nn.functional as F

import nets
from fill import fill_module, tensor
from registry import Work, compiled, numbers, traits, workload


def prediction(net, x):
    def unit():
        with torch.no_grad():
            return net(x)

    return Work(unit, lambda: numbers(unit()))


@workload("eager", "jit", "compiled", "compiled+frozen", "compiled+reduced")
def tiny_predict(mode):
    return prediction(optimised(fill_module(nets.tiny()).eval(), tensor(1, 2), mode), tensor(1, 2))


def optimised(net, x, mode):
    if mode != "jit":
        return compiled(net, mode)
    with torch.no_grad():
        script = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net, x)))
        for _ in range(3):
            script(x)
    return script


@workload("eager", "channels_last", "jit", "compiled", "compiled+frozen",
          "compiled+frozen+channels_last")
def resnet50(mode):
    return pictures(nets.resnet50(), tensor(1, 3, 224, 224), mode)


@workload("eager", "channels_last", "jit", "compiled", "compiled+frozen",
          "compiled+frozen+channels_last")
def resnet18_predict(mode):
    return pictures(nets.resnet18(), tensor(1, 3, 32, 32), mode)


@workload("eager", "channels_last", "jit", "compiled", "compiled+frozen",
          "compiled+frozen+channels_last")
def resnet18_predict_32(mode):
    return pictures(nets.resnet18(), tensor(32, 3, 32, 32), mode)


def pictures(net, x, mode):
    net = fill_module(net).eval()
    if "channels_last" in traits(mode):
        net, x = (v.to(memory_format=torch.channels_last) for v in (net, x))
    return prediction(optimised(net, x, mode), x)


def drawn(scores):
    return torch.multinomial(F.softmax(scores, -1), 1)


CHARACTERS = 100


@workload()
def lstm_generate(mode):
    net = fill_module(nets.CharLSTM()).eval()

    def generate(count, choose):
        scores = None
        with torch.no_grad():
            x, state = torch.zeros(1, 1, dtype=torch.long), None
            for _ in range(count):
                scores, state = net(x, state)
                x = choose(scores.view(1, -1))
        return scores

    def check():
        return numbers(generate(5, lambda scores: scores.argmax(1, keepdim=True)))

    return Work(lambda: generate(CHARACTERS, drawn), check, CHARACTERS)


@workload("eager", "sdpa")
def gpt_generate(mode):
    net = fill_module(nets.GPT(sdpa="sdpa" in traits(mode))).eval()

    def generate(count, choose):
        scores = None
        with torch.no_grad():
            caches, x = [[] for _ in net.blocks], torch.zeros(1, 1, dtype=torch.long)
            for t in range(count):
                scores = net(x, caches, t)[:, -1]
                x = choose(scores)
        return scores

    def check():
        return numbers(generate(9, lambda scores: scores.argmax(1, keepdim=True)))

    return Work(lambda: generate(256, drawn), check, 256)
