"""Which call of PyTorch an operation of the registry stands for.

By default `f` is the first of torch.f, torch.nn.functional.f, torch.linalg.f, torch.special.f,
torch.fft.f and Tensor.f, with the arguments in the same places. SPECIAL holds what differs, ABSENT
what PyTorch has no counterpart of, and why. Arguments arrive counted from 0 (see make.py).
"""

import math

import torch
import torch.nn.functional as F

from composed import COMPOSED

aten = torch.ops.aten

# The function in torch takes other arguments than PyTorch's users see: the functional one is meant.
FUNCTIONAL = """
    alpha_dropout batch_norm binary_cross_entropy_with_logits cosine_embedding_loss
    cosine_similarity ctc_loss dropout embedding embedding_bag feature_alpha_dropout group_norm
    hinge_embedding_loss instance_norm kl_div layer_norm margin_ranking_loss max_pool1d max_pool2d
    max_pool3d adaptive_max_pool1d avg_pool1d pairwise_distance poisson_nll_loss rms_norm
    triplet_margin_loss triplet_margin_with_distance_loss pdist rrelu
""".split()

# What torch has by the name is removed or older than what torch.linalg has.
LINALG = """
    cholesky matrix_rank qr solve svdvals eigvalsh pinv solve_triangular
""".split()


def listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def broadcast(f):
    """A loss without reduction, of operands that broadcast."""
    return lambda x, y, **more: f(*torch.broadcast_tensors(x, y), reduction="none", **more)


def as_tensor(value, like):
    return value if torch.is_tensor(value) else torch.tensor(value, dtype=like.dtype)


def along_all(f):
    """f reduces one dimension: `dim` may be a list, and missing means all."""
    def reduce(x, dim=None, keepdim=False, dtype=None):
        x = x if dtype is None else x.to(dtype)
        dims = range(x.ndim) if dim is None else listed(dim)
        for d in sorted((d % max(x.ndim, 1) for d in dims), reverse=True):
            x = f(x, d, keepdim)
        return x
    return reduce


def spread(f):
    """Variance and its kin: a positional `unbiased` and a `correction`."""
    def call(x, dim=None, unbiased=None, keepdim=False, correction=1):
        if unbiased is not None:
            correction = int(unbiased)
        return f(x, dim=dim, keepdim=keepdim, correction=correction)
    return call


def along(f):
    """f whose `dim` PyTorch wants to be told; it is the last one here."""
    return lambda x, dim=-1, *rest, **named: f(x, dim, *rest, **named)


# ---- ranges include their ends ------------------------------------------------------------------

def sliced(x, dim, first=1, last=-1, step=1):
    n = x.size(dim)
    begin = (first if first > 0 else first + n + 1) - 1
    end = last if last > 0 else last + n + 1
    return x[(slice(None),) * (dim % x.ndim) + (slice(begin, end, step),)]


def arange(start, end=None, step=1, **named):
    if end is None:
        start, end = 1, start
    whole = all(isinstance(v, int) for v in (start, end, step))
    if (end - start) * step < 0:  # an error in PyTorch; here an empty range, as in Lua's loops
        return torch.arange(0 if whole else 0.0, 0, **named)
    beyond = math.copysign(1, step) if whole else step / 2
    return torch.arange(start, end + (int(beyond) if whole else beyond), step, **named)


# ---- convolution and its neighbours -------------------------------------------------------------

def same_padding(x, weight, stride, dilation):
    """ceil(size / stride) results; an odd remainder goes to the end."""
    pads = []
    for d in range(weight.ndim - 2):
        n, taps = x.shape[x.ndim - (weight.ndim - 2) + d], weight.shape[2 + d]
        results = -(-n // stride[d])
        total = max(0, (results - 1) * stride[d] + dilation[d] * (taps - 1) + 1 - n)
        pads.append((total // 2, total - total // 2))
    return pads


def conv(f):
    """Padding may be "same" with a stride, or (before, after) for each dimension."""
    def call(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
        n = weight.ndim - 2
        strides, dilations = (
            listed(v) * n if len(listed(v)) == 1 else v for v in (stride, dilation))
        if padding == "same":
            pads = same_padding(x, weight, strides, dilations)
        elif len(listed(padding)) == 2 * n:
            pads = list(zip(padding[0::2], padding[1::2]))
        else:
            return f(x, weight, bias, stride, padding, dilation, groups)
        around = [p for pair in reversed(pads) for p in pair]
        return f(F.pad(x, around), weight, bias, stride, 0, dilation, groups)
    return call


def conv_fused(x, weight, bias=None, residual=None, stride=1, padding=0, dilation=1, groups=1,
               low=-math.inf, high=math.inf):
    function = (F.conv1d, F.conv2d, F.conv3d)[weight.ndim - 3]
    y = conv(function)(x, weight, bias, stride, padding, dilation, groups)
    return torch.clamp(y if residual is None else y + residual, low, high)


def adaptive(f):
    """A size of -1 keeps that of the input: None."""
    def call(x, output_size, *rest, **named):
        size = [None if s == -1 else s for s in listed(output_size)]
        return f(x, size if isinstance(output_size, list) else size[0], *rest, **named)
    return call


def padded(x, pad, mode="constant", value=0):
    if mode == "constant":
        return F.pad(x, pad, mode, value)
    # PyTorch wants a channel and a batch ahead of the dimensions it pads, and no cropping with them
    dims = len(pad) // 2
    wide = x.reshape((1,) * (dims + 2 - x.ndim) + tuple(x.shape))
    wide = F.pad(wide, [min(p, 0) for p in pad])
    return F.pad(wide, [max(p, 0) for p in pad], mode).reshape(
        tuple(x.shape[:x.ndim - dims]) + tuple(n + pad[2 * k] + pad[2 * k + 1]
                                               for k, n in reversed(list(enumerate(
                                                   reversed(x.shape[x.ndim - dims:]))))))


# ---- indexing -----------------------------------------------------------------------------------

def holes(indices):
    return [None if t is False else t for t in indices]


def unique(f, *names):
    """The inverse, where it is asked for, is an index: from 1. By keyword, as PyTorch's function
    mixes up the results when the options come by place."""
    def call(x, *args, **named):
        named |= dict(zip(names, args))
        result = f(x, **named)
        asked = named.get("return_inverse", False)
        return (result[0], result[1] + 1, *result[2:]) if asked else result
    return call


def searching(f, *names):
    """Options after the two operands are keywords in PyTorch; a place counts from 1."""
    def call(a, b, *rest, **named):
        named |= {name: value for name, value in zip(names, rest) if value is not None}
        return f(a, b, **named) + 1
    return call


def membership(elements, test_elements, assume_unique=False, invert=False):
    return torch.isin(elements, test_elements, assume_unique=assume_unique, invert=invert)


def ctc(log_probs, targets, input_lengths, target_lengths, *rest, **named):
    names = ("blank", "reduction", "zero_infinity")
    return F.ctc_loss(log_probs, targets, torch.tensor(input_lengths), torch.tensor(target_lengths),
                      **dict(zip(names, rest)), **named)


def laid_out(x, memory_format=None):
    return x.contiguous(memory_format=getattr(torch, memory_format or "contiguous_format"))


def batch_norm_relu(x, mean, var, w=None, b=None, residual=None, *rest):
    y = F.batch_norm(x, mean, var, w, b, *rest)
    return torch.relu(y if residual is None else y + residual)


def activated(x, activation="relu"):
    return F.gelu(x, approximate="tanh") if activation == "gelu_tanh" else F.relu(x)


def mlp(x, w, b, v, c=None, activation="relu"):
    return F.linear(activated(F.linear(x, w, b), activation), v, c)


def cropped(src, index):
    """PyTorch has no gradient for a source larger than the index: the part that is used."""
    return src[tuple(slice(n) for n in index.shape)] if torch.is_tensor(src) else src


def scatter(x, dim, index, src, reduce=None):
    src = cropped(src, index)
    if reduce is None:
        return torch.scatter(x, dim, index, src)
    if torch.is_tensor(src) and reduce == "add":  # PyTorch has no gradient for scatter with reduce
        return torch.scatter_add(x, dim, index, src)
    return torch.scatter(x, dim, index, src, reduce=reduce)


def scatter_reduce(x, dim, index, src, reduce, include_self=True):
    src = cropped(src, index)
    return torch.scatter_reduce(x, dim, index, src, reduce, include_self=include_self)


def least_squares(a, b, *rest):
    # PyTorch takes this for a batch of vectors, or fails
    b = b.expand(*a.shape[:-2], *b.shape) if b.ndim == 2 < a.ndim else b
    x, residuals, rank, values = torch.linalg.lstsq(a, b, *rest)
    if a.size(-2) > a.size(-1):  # what all drivers but the default one give
        columns, wanted = (t.unsqueeze(-1) if b.ndim == 1 else t for t in (x, b))
        residuals = (a @ columns - wanted).square().sum(-2)
    return x, residuals, rank, values


def signed_svd(*args):
    """Vectors have either sign: that of the first element is positive. Those that full_matrices
    adds may be any that complete the basis: without them."""
    u, s, vh = torch.linalg.svd(*args)
    k = s.size(-1)
    sign = u[..., :1, :k].sign().detach()
    return u[..., :k] * sign, s, vh[..., :k, :] * sign.mT


def signed_eigh(*args):
    values, vectors = torch.linalg.eigh(*args)
    return values, vectors * vectors[..., :1, :].sign().detach()


SPECIAL = {
    # lines of pointwise.def that another operation chooses among
    "trunc_divide": lambda x, y: torch.div(x, y, rounding_mode="trunc"),
    "clamp_low": torch.clamp_min,
    "clamp_high": torch.clamp_max,
    "clamp_both": torch.clamp,
    "gelu_erf": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "replace_nonfinite": torch.nan_to_num,
    "mse_term": broadcast(F.mse_loss),
    "l1_term": broadcast(F.l1_loss),
    "smooth_l1_term": broadcast(F.smooth_l1_loss),
    "huber_term": broadcast(F.huber_loss),
    "bce_term": broadcast(F.binary_cross_entropy),
    "bce_logits_term": lambda x, y, pos_weight: broadcast(F.binary_cross_entropy_with_logits)(
        *torch.broadcast_tensors(x, y, pos_weight)[:2], pos_weight=pos_weight),
    "softmargin_term": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
    "lstsq": least_squares,
    "svd": signed_svd,
    "eigh": signed_eigh,
    # the factor is triangular here: its other triangle has no gradient
    "cholesky_solve": lambda b, factor, upper=False: torch.cholesky_solve(
        b, factor.triu() if upper else factor.tril(), upper),
    # other places for arguments, or a function that is not where the others are
    "polygamma": lambda x, n: torch.polygamma(n, x),
    "div": lambda x, y, mode=None: torch.div(x, y, rounding_mode=mode),
    "isclose": lambda x, y, *rest, **named: torch.isclose(x, as_tensor(y, x), *rest, **named),
    "gelu": lambda x, approximate="none": F.gelu(x, approximate=approximate),
    "prod": along_all(torch.prod),
    "aminmax": lambda x, *rest: (torch.amin(x, *rest), torch.amax(x, *rest)),
    "var": spread(torch.var),
    "std": spread(torch.std),
    "var_mean": spread(torch.var_mean),
    "std_mean": spread(torch.std_mean),
    "logsumexp": lambda x, dim=None, keepdim=False: torch.logsumexp(
        x, list(range(x.ndim)) if dim is None else dim, keepdim),
    "max_dim": along(torch.max),
    "min_dim": along(torch.min),
    "median_dim": along(torch.median),
    "nanmedian_dim": along(torch.nanmedian),
    "mode_dim": along(torch.mode),
    "median_all": torch.median,
    "nanmedian_all": torch.nanmedian,
    "cumsum_reversed": lambda x, dim: (
        x.flip(dim).cumsum(dim).flip(dim) if x.ndim else x.cumsum(dim)),
    "softmax": along(torch.softmax),
    "log_softmax": along(torch.log_softmax),
    "softmin": along(lambda x, dim, dtype=None: torch.softmax(-x, dim, dtype)),
    "softmax_backward": lambda g, y, dim: aten._softmax_backward_data(g, y, dim, g.dtype),
    "log_softmax_backward": lambda g, y, dim: aten._log_softmax_backward_data(g, y, dim, g.dtype),
    "layer_norm": lambda x, shape, *rest, **named: F.layer_norm(x, listed(shape), *rest, **named),
    "rms_norm": lambda x, shape, *rest, **named: F.rms_norm(x, listed(shape), *rest, **named),
    "batch_norm_train": lambda x, w, b, mean, var, eps: F.batch_norm(
        x, None, None, w, b, True, 0.0, eps),
    "batch_norm_relu_train": lambda x, r, w, b, mean, var, eps: batch_norm_relu(
        x, None, None, w, b, r, True, 0.0, eps),
    "batch_norm_relu": batch_norm_relu,
    "linear_act_train": lambda x, w, b, before, activation: activated(F.linear(x, w, b), activation),
    "linear_act": lambda x, w, b=None, activation="relu": activated(F.linear(x, w, b), activation),
    "mlp_train": lambda x, w, b, v, c, hidden, before, activation: mlp(x, w, b, v, c, activation),
    "mlp": mlp,
    "batch_norm_eval": lambda x, w, b, mean, var, eps: F.batch_norm(
        x, mean, var, w, b, False, 0.0, eps),
    "mse_loss_backward": lambda g, x, y, reduction: aten.mse_loss_backward(
        g, x, y, ["none", "mean", "sum"].index(reduction)),
    "ctc_loss": ctc,
    "as_strided": torch.as_strided,
    # views
    "slice": sliced,
    "arange": arange,
    "squeeze_dims": lambda x, dims: torch.squeeze(x, tuple(dims)) if dims else torch.squeeze(x),
    "unfold": torch.Tensor.unfold,
    "alias": lambda x: x.view_as(x),
    "to_dtype": lambda x, dtype: x.to(dtype),
    "lay_out": lambda x, channels_last: laid_out(x, "channels_last" if channels_last else None),
    "contiguous": laid_out,
    "to_device": lambda x, device: x.to(device),
    "sum_to": lambda x, like: x.sum_to_size(like.shape),
    "sum_broadcast": lambda x, like: x.sum_to_size(like.shape),
    "repeat_dims": torch.Tensor.repeat,
    "flip": lambda x, dims: torch.flip(x, listed(dims)),
    "meshgrid": lambda tensors, indexing="ij": torch.meshgrid(*tensors, indexing=indexing),
    "cartesian_prod": lambda tensors: torch.cartesian_prod(*tensors),
    "broadcast_tensors": lambda tensors: torch.broadcast_tensors(*tensors),
    # convolution and pooling
    "conv1d": conv(F.conv1d),
    "conv2d": conv(F.conv2d),
    "conv3d": conv(F.conv3d),
    "conv_fused": conv_fused,
    "im2col": F.unfold,
    "adaptive_avg_pool2d": adaptive(F.adaptive_avg_pool2d),
    "adaptive_avg_pool3d": adaptive(F.adaptive_avg_pool3d),
    "adaptive_max_pool2d": adaptive(F.adaptive_max_pool2d),
    "adaptive_max_pool3d": adaptive(F.adaptive_max_pool3d),
    "pad": padded,
    # indexing
    "index": lambda x, indices: aten.index.Tensor(x, holes(indices)),
    "index_put": lambda x, indices, values, accumulate=False: aten.index_put(
        x, holes(indices), values, accumulate),
    "scatter": scatter,
    "scatter_add": lambda x, dim, index, src: torch.scatter_add(x, dim, index, cropped(src, index)),
    "scatter_reduce": scatter_reduce,
    "unique": unique(torch.unique, "sorted", "return_inverse", "return_counts", "dim"),
    "unique_consecutive": unique(
        torch.unique_consecutive, "return_inverse", "return_counts", "dim"),
    "searchsorted": searching(torch.searchsorted, "out_int32", "right", "side", "sorter"),
    "bucketize": searching(torch.bucketize, "out_int32", "right"),
    # without `sorted` the order is whatever PyTorch's algorithm leaves
    "topk": lambda x, k, dim=-1, largest=True, sorted=True: torch.topk(x, k, dim, largest),
    "isin": membership,
    **COMPOSED,
}

# Results that are indices, by their place: one more here than in PyTorch.
INDICES = {
    "argmax": [0], "argmin": [0], "argsort": [0], "nonzero": [0], "argwhere": [0],
    "tril_indices": [0], "triu_indices": [0],
    **{name: [1] for name in """
        max min median nanmedian mode max_dim min_dim median_dim nanmedian_dim mode_dim
        cummax cummin sort topk kthvalue max_pool1d max_pool2d max_pool3d
        adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d
        fractional_max_pool2d fractional_max_pool3d""".split()},
}

# Floating arguments with respect to which PyTorch refuses to differentiate, or does so otherwise.
NO_GRADIENT = {
    "bce_logits_term": ["pos_weight"], "batch_norm_eval": ["mean", "var"],
    "binary_cross_entropy": ["weight"],
    "binary_cross_entropy_with_logits": ["weight", "pos_weight"],
    # PyTorch's is that of a log_softmax before it as well
    "ctc_loss": ["log_probs"],
    "batch_norm": ["running_mean", "running_var"], "soft_margin_loss": ["target"],
    "cross_entropy": ["weight"], "nll_loss": ["weight"], "multi_margin_loss": ["weight"],
    "softmax_focal_loss": ["weight"],
    **{name: ["_random_samples"] for name in ("fractional_max_pool2d", "fractional_max_pool3d")},
}

GRADIENT = "part of a gradient: what the golden gradients of the operation test"
INNER = "the inner step of an operation that has golden values"
ABSENT = {
    **{name: GRADIENT for name in """
        logcumsumexp_backward layer_norm_backward group_norm_backward batch_norm_backward
        batch_norm_relu_backward
        cross_entropy_backward nll_loss_backward ctc_losses_backward conv_input_grad
        conv_weight_grad max_pool_backward avg_pool_backward resample_adjoint embedding_backward
        linear_weight_grad linear_bias_grad attention_backward""".split()},
    **{name: INNER for name in """
        ctc_losses conv_forward max_pool max_pool_with_indices avg_pool resample embedding_bag_sum
        embedding_bag_max attention attention_weights split_qkv triangular_batch solve_batch lstsq_batch""".split()},
    **{name: "a layer of a module: see rnn.py" for name in "rnn_layer lstm_layer gru_layer".split()},
    "rotary": "PyTorch has no rotary positions",
    "dropout_at": "random numbers of its own",
}
