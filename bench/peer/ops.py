"""Single operations, forward alone under no_grad or forward and backward."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from fill import labels, tensor
from registry import Work, numbers, workload

BIG = 16 << 20


def operation(op):
    def unit():
        with torch.no_grad():
            return op()

    return Work(unit, lambda: numbers(unit()))


def repeated(op, times=1000):
    """So small that a loop around it must not end in a call of its own."""
    def unit():
        for _ in range(times):
            op()

    return Work(unit, lambda: numbers(op()), times)


def with_gradients(op, x, g, *parameters):
    """Checked by the result and every gradient."""
    leaves = (x, *parameters)
    x.requires_grad_()

    def unit():
        for leaf in leaves:
            leaf.grad = None
        y = op()
        y.backward(g)
        return y

    return Work(unit, lambda: numbers(unit(), *(leaf.grad for leaf in leaves)))


@workload()
def add4(mode):
    a, b = tensor(4), tensor(4, shift=5)
    return repeated(lambda: a + b)


@workload()
def add4_grad(mode):
    a, b = tensor(4).requires_grad_(), tensor(4, shift=5)
    return repeated(lambda: a + b)


def elementwise(f, *operands):
    def build(mode):
        inputs = [make() for make in operands]
        if mode == "out":
            out = torch.empty(BIG)
            return operation(lambda: f(*inputs, out=out))
        g = torch.compile(f) if mode == "compiled" else f
        return operation(lambda: g(*inputs))
    return build


def big(shift=0):
    return lambda: tensor(BIG, shift=shift)


def positive():
    return tensor(BIG) + 1.1


for name, f, operands in (("tanh_16m", torch.tanh, (big(),)), ("exp_16m", torch.exp, (big(),)),
                          ("log_16m", torch.log, (positive,))):
    workload("eager", "out", "compiled", name=name)(elementwise(f, *operands))
workload("eager", "compiled", name="gelu_16m")(elementwise(F.gelu, big()))
workload("eager", "out", name="add_16m")(elementwise(torch.add, big(), big(5)))
workload(name="relu_16m")(elementwise(F.relu, big()))


@workload()
def sum_16m(mode):
    a = tensor(BIG) + 0.5
    return operation(lambda: a.sum())


@workload()
def copy_16m(mode):
    a, b = tensor(BIG), torch.zeros(BIG)
    return operation(lambda: b.copy_(a))


@workload()
def max_pool(mode):
    x = tensor(16, 64, 112, 112)
    return operation(lambda: F.max_pool2d(x, 3, 2, 1))


@workload()
def max_pool_grad(mode):
    x, g = tensor(16, 64, 112, 112), tensor(16, 64, 56, 56)
    return with_gradients(lambda: F.max_pool2d(x, 3, 2, 1), x, g)


@workload("eager", "compiled")
def batch_norm(mode):
    x, layer = tensor(16, 64, 56, 56), nn.BatchNorm2d(64).train()
    if mode == "compiled":
        layer = torch.compile(layer)
    return operation(lambda: layer(x))


@workload("eager", "compiled")
def batch_norm_grad(mode):
    x, g = (tensor(16, 64, 56, 56, shift=s) for s in (0, 3))
    layer = nn.BatchNorm2d(64).train()
    f = torch.compile(layer) if mode == "compiled" else layer
    return with_gradients(lambda: f(x), x, g, layer.weight, layer.bias)


@workload("eager", "compiled")
def layer_norm_grad(mode):
    x, g, layer = tensor(1024, 384), tensor(1024, 384, shift=3), nn.LayerNorm(384)
    f = torch.compile(layer) if mode == "compiled" else layer
    return with_gradients(lambda: f(x), x, g, layer.weight, layer.bias)


def softmax(x):
    return F.softmax(x, -1)


@workload("eager", "compiled")
def softmax_grad(mode):
    x, g = tensor(6144, 256, scale=4), tensor(6144, 256, shift=3)
    f = torch.compile(softmax) if mode == "compiled" else softmax
    return with_gradients(lambda: f(x), x, g)


@workload("eager", "compiled")
def cross_entropy_grad(mode):
    x, y = tensor(1024, 65, scale=4), labels(1024, 65)
    f = torch.compile(F.cross_entropy) if mode == "compiled" else F.cross_entropy
    return with_gradients(lambda: f(x, y), x, None)


@workload()
def transpose(mode):
    x = tensor(1024, 1024)
    return operation(lambda: x.t().contiguous())


@workload()
def channels_last(mode):
    x = tensor(16, 64, 56, 56)
    return operation(lambda: x.permute(0, 2, 3, 1).contiguous())


@workload()
def strided(mode):
    x = tensor(4096, 4096)
    return operation(lambda: x[:, ::2].contiguous())


def product(n):
    def build(mode):
        a, b = tensor(n, n), tensor(n, n, shift=3)
        return operation(lambda: torch.mm(a, b))
    return build


for n in (512, 1024, 2048):
    workload(name="mm_%d" % n)(product(n))
