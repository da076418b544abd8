"""Training steps: zero_grad, forward, loss, backward, step of the optimiser."""
import torch
import torch.nn as nn
import torch.nn.functional as F

import nets
from fill import fill_module, labels, tensor
from registry import Work, compiled, traits, workload

STEPS = 3  # their losses are compared


def training(mode, net, x, y, criterion, optimizer, **options):
    """optimizer: a class of torch.optim; criterion(net, x, y) is the loss."""
    have = traits(mode)
    fill_module(net)
    if "channels_last" in have:
        net, x = (v.to(memory_format=torch.channels_last) for v in (net, x))
    if "fused" in have:
        options["fused"] = True
    opt = optimizer(net.parameters(), **options)

    def loss_of(x, y):
        return criterion(net, x, y)

    loss_of = compiled(loss_of, mode)
    update = compiled(opt.step, mode) if "stepped" in have else opt.step

    def step():
        opt.zero_grad(set_to_none=True)
        loss = loss_of(x, y)
        loss.backward()
        update()
        return loss

    return Work(step, lambda: [step().item() for _ in range(STEPS)])


def classes(net, x, y):
    return F.cross_entropy(net(x), y)


SMALL = "eager", "fused", "compiled+fused", "compiled+reduced+fused", "compiled+stepped"
PICTURES = "eager", "channels_last+fused", "compiled+fused", "compiled+channels_last+fused"


@workload(*SMALL)
def tiny_train(mode):
    return training(mode, nets.tiny(), tensor(10, 2), tensor(10, 1, shift=3),
                    lambda net, x, y: F.mse_loss(net(x), y), torch.optim.SGD, lr=0.03)


@workload(*SMALL)
def mlp_sgd(mode):
    return training(mode, nets.mlp(), tensor(64, 784), labels(64, 10), classes, torch.optim.SGD,
                    lr=0.01)


@workload(*SMALL)
def mlp_adam(mode):
    return training(mode, nets.mlp(), tensor(64, 784), labels(64, 10), classes, torch.optim.Adam,
                    lr=1e-3)


@workload(*PICTURES)
def lenet5(mode):
    return training(mode, nets.lenet5(), tensor(64, 1, 28, 28), labels(64, 10), classes,
                    torch.optim.SGD, lr=0.01)


@workload(*PICTURES)
def mnist_cnn(mode):
    return training(mode, nets.mnist_cnn(), tensor(64, 1, 28, 28), labels(64, 10), classes,
                    torch.optim.SGD, lr=0.01)


@workload(*PICTURES)
def digits_cnn(mode):
    return training(mode, nets.digits_cnn(), tensor(64, 1, 8, 8), labels(64, 10), classes,
                    torch.optim.AdamW, lr=1e-3)


@workload(*PICTURES)
def resnet18(mode):
    return training(mode, nets.resnet18(), tensor(64, 3, 32, 32), labels(64, 10), classes,
                    torch.optim.SGD, lr=0.1, momentum=0.9)


def characters(net, x, y):
    scores, _ = net(x)
    return F.cross_entropy(scores.view(-1, scores.shape[-1]), y)


@workload("eager", "fused", "compiled+fused")
def lstm_train(mode):
    return training(mode, nets.CharLSTM(), labels(2500, 65).view(50, 50), labels(2500, 65, 7),
                    characters, torch.optim.Adam, lr=2e-3)


def tokens(net, x, y):
    scores = net(x)
    return F.cross_entropy(scores.view(-1, scores.shape[-1]), y)


@workload("eager", "sdpa+fused", "compiled+sdpa+fused")
def gpt_train(mode):
    return training(mode, nets.GPT(sdpa="sdpa" in traits(mode)), labels(1024, 65).view(4, 256),
                    labels(1024, 65, 7), tokens, torch.optim.AdamW, lr=1e-3, betas=(0.9, 0.99),
                    weight_decay=0.1)


@workload("eager", "fused")
def adam_10m(mode):
    p = nn.Parameter(tensor(10_000_000))
    p.grad = tensor(10_000_000, scale=1e-3, shift=3)
    opt = torch.optim.Adam([p], lr=1e-3, fused="fused" in traits(mode) or None)

    def check():
        for _ in range(STEPS):
            opt.step()
        return [p.double().sum().item(), p.double().abs().sum().item()] + p[:3].tolist()

    return Work(opt.step, check)
