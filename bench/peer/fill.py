"""The values both sides start with: bench/ours/fill.lua computes the same."""
import torch


def values(n, shift=0):
    """n numbers in [0, 1) that look like chance, float64."""
    r = torch.sin(torch.arange(1, n + 1, dtype=torch.float64) * 12.9898 + shift) * 43758.5453
    return r - r.floor()


def fill(x, scale=1.0, shift=0):
    with torch.no_grad():
        x.copy_(((values(x.numel(), shift) * 2 - 1) * scale).view(x.shape))
    return x


def tensor(*shape, scale=1.0, shift=0):
    return fill(torch.empty(*shape), scale, shift)


def labels(n, classes, shift=0):
    return (values(n, shift) * classes).long()


def fill_module(module):
    """Weights within 1 / sqrt(inputs), as the layers' own; biases near 0, scales near 1."""
    for k, (name, p) in enumerate(module.named_parameters(), 1):
        wide = p.dim() > 1
        fill(p, (p.numel() / p.shape[0]) ** -0.5 if wide else 0.1, 100 * k)
        if not wide and "weight" in name:
            with torch.no_grad():
                p += 1
    return module
