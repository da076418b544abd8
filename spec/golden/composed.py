"""Operations that PyTorch has no function for, written with its own: of Tocha's arguments, counted
from 0 (see make.py and counterparts.py)."""

import torch
import torch.nn.functional as F


def gated(f, default):
    """One half of a dimension goes through f and multiplies the other."""
    def call(x, dim=-1, gate=default):
        first, last = x.chunk(2, dim)
        return f(first) * last if gate == "first" else first * f(last)
    return call


def reduced(losses, reduction):
    return losses if reduction == "none" else getattr(losses, reduction)()


def sigmoid_focal_loss(x, target, alpha=0.25, gamma=2, reduction="none"):
    """As torchvision.ops.sigmoid_focal_loss computes it."""
    p = torch.sigmoid(x)
    losses = F.binary_cross_entropy_with_logits(x, target, reduction="none")
    losses = losses * (1 - (p * target + (1 - p) * (1 - target))) ** gamma
    if alpha >= 0:
        losses = (alpha * target + (1 - alpha) * (1 - target)) * losses
    return reduced(losses, reduction)


def softmax_focal_loss(x, target, gamma=2, weight=None, ignore_index=-100, reduction="mean"):
    """Focal loss of Lin et al. over classes, on the softmax itself."""
    logp = torch.log_softmax(x, 1).movedim(1, -1)
    kept = target != ignore_index
    own = logp.gather(-1, target.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    w = torch.ones(x.shape[1], dtype=x.dtype) if weight is None else weight.detach()
    w = w[target.clamp(min=0)] * kept
    losses = -w * (1 - own.exp()) ** gamma * own
    return losses.sum() / w.sum() if reduction == "mean" else reduced(losses, reduction)


def overlap(name):
    def loss(x, target, *rest, smooth=1e-5, reduction="mean", alpha=0.5, beta=0.5):
        places = {"tversky_loss": ["alpha", "beta"], "dice_loss": []}[name]
        given = dict(zip(places + ["smooth", "reduction"], rest))
        s, how = given.get("smooth", smooth), given.get("reduction", reduction)
        a, b = given.get("alpha", alpha), given.get("beta", beta)
        if not target.is_floating_point():
            target = F.one_hot(target, x.shape[1]).movedim(-1, 1).to(x.dtype)
        x, t = x.reshape(*x.shape[:2], -1), target.reshape(*x.shape[:2], -1)
        both, only_x, only_t = (x * t).sum(-1), (x * (1 - t)).sum(-1), ((1 - x) * t).sum(-1)
        if name == "dice_loss":
            score = (2 * both + s) / (2 * both + only_x + only_t + s)
        else:
            score = (both + s) / (both + a * only_x + b * only_t + s)
        return reduced(1 - score, how)
    return loss


def fractional(f, n):
    def call(x, kernel_size, output_size=None, output_ratio=None, return_indices=False,
             _random_samples=None):
        if isinstance(output_ratio, float):
            output_ratio = [output_ratio] * n
        return f(x, kernel_size, output_size, output_ratio, return_indices, _random_samples)
    return call


def unchanged(x, *_):
    """What is random in training only; the samples are of evaluation."""
    return x.clone()


COMPOSED = {
    "halves": lambda x, dim: x.chunk(2, dim),
    "swiglu": gated(F.silu, "first"),
    "geglu": gated(F.gelu, "last"),
    "reglu": gated(F.relu, "last"),
    "sigmoid_focal_loss": sigmoid_focal_loss,
    "softmax_focal_loss": softmax_focal_loss,
    "dice_loss": overlap("dice_loss"),
    "tversky_loss": overlap("tversky_loss"),
    "fractional_max_pool2d": fractional(F.fractional_max_pool2d, 2),
    "fractional_max_pool3d": fractional(F.fractional_max_pool3d, 3),
    "stochastic_depth": unchanged,
    "gaussian_noise": unchanged,
    "gaussian_dropout": unchanged,
}
