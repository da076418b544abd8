"""PyTorch's side of bench/workloads.lua: peer.py NAME SECONDS THREADS prints "median_seconds value"."""
import statistics
import sys
import time

import torch
import torch.nn as nn

BIG = 16 << 20


def fill(x, scale=1.0, shift=0):
    n = torch.arange(1, x.numel() + 1, dtype=torch.float64)
    with torch.no_grad():
        x.copy_((torch.sin((n + shift) * 0.7) * scale).view(x.shape))
    return x


def tensor(*shape, scale=1.0, shift=0):
    return fill(torch.empty(*shape), scale, shift)


def add4():
    a, b = tensor(4), tensor(4, shift=5)
    return lambda: a + b, (a + b).sum().item()


def add4_grad():
    a, b = tensor(4), tensor(4, shift=5)
    a.requires_grad_()
    return lambda: a + b, (a + b).sum().item()


def tiny_net():
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
    for k, p in enumerate(net.parameters(), 1):
        fill(p, 0.5, 10 * k)
    return net


def training(net, x, y, optimizer, criterion, warm):
    loss = None

    def step():
        nonlocal loss
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()

    for _ in range(warm):
        step()
    return step, loss.item()


def tiny_train():
    net = tiny_net()
    return training(net, tensor(10, 2), tensor(10, 1, shift=3),
                    torch.optim.SGD(net.parameters(), lr=0.05), nn.MSELoss(), 10)


def tiny_predict():
    net, x = tiny_net(), tensor(1, 2)

    def unit():
        with torch.no_grad():
            return net(x)

    return unit, net(x).item()


def mm(n):
    def build():
        a, b = tensor(n, n), tensor(n, n, shift=3)
        return lambda: torch.mm(a, b), torch.mm(a, b)[0, 0].item()
    return build


mm_512, mm_1024, mm_2048 = mm(512), mm(1024), mm(2048)


def add_16m():
    a, b = torch.ones(BIG), torch.full((BIG,), 2.0)
    return lambda: a + b, (a + b).sum().item()


def relu_16m():
    a = torch.full((BIG,), -1.0)
    return lambda: torch.relu(a), torch.relu(a).sum().item()


def copy_16m():
    a, b = torch.ones(BIG), torch.zeros(BIG)
    return lambda: b.copy_(a), 0


def digits_train():
    net = nn.Sequential(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 64, 3, padding=1),
                        nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(64 * 16, 128), nn.ReLU(),
                        nn.Linear(128, 10))
    for k, p in enumerate(net.parameters(), 1):
        fill(p, 0.05, 10 * k)
    y = torch.arange(64) % 10
    return training(net, tensor(64, 1, 8, 8), y, torch.optim.AdamW(net.parameters(), lr=1e-3),
                    nn.CrossEntropyLoss(), 3)


def repeats(unit):
    n = 1
    while True:
        start = time.perf_counter()
        for _ in range(n):
            unit()
        if time.perf_counter() - start > 2e-3:
            return n
        n *= 2


def measure(unit, seconds):
    n, samples, start = repeats(unit), [], time.perf_counter()
    while time.perf_counter() - start < seconds or len(samples) < 5:
        t = time.perf_counter()
        for _ in range(n):
            unit()
        samples.append((time.perf_counter() - t) / n)
    return statistics.median(samples)


if __name__ == "__main__":
    if sys.argv[1] == "--version":
        print("torch", torch.__version__)
        sys.exit()
    torch.set_num_threads(int(sys.argv[3]))
    unit, value = globals()[sys.argv[1]]()
    print("%.9g %.9g" % (measure(unit, float(sys.argv[2])), value))
