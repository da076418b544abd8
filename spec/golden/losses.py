"""Losses by Keras: writes spec/golden/losses.safetensors, which spec/train_loss_spec.lua reads.

    KERAS_BACKEND=torch python spec/golden/losses.py     (keras 3.15, PyTorch, safetensors)

Of every loss: "NAME.y", "NAME.t" (output, target), "NAME.each" (the loss of every example),
"NAME.mean", "NAME.grad" (of the mean, by the output) and "NAME.weighted" (the mean under the weights
"w"), float64. Class ids are written counting from 1.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch
from safetensors.torch import save_file

keras.config.set_floatx("float64")
# Keras promotes to float32 at most; here float64 stays.
dtypes = keras.src.backend.common.dtypes
promote = dtypes.result_type
dtypes.result_type = lambda *kinds: "float64" if any("float64" in str(k) for k in kinds) else promote(*kinds)
torch.manual_seed(3)
N, C = 6, 4
out = {}

positive = torch.rand(N, C, dtype=torch.float64)
real = torch.randn(N, C, dtype=torch.float64)
rows = torch.softmax(torch.randn(N, C, dtype=torch.float64), 1)
unnormalised = rows * torch.linspace(0.5, 2, N, dtype=torch.float64)[:, None]
extreme = rows.clone()
extreme[0] = torch.tensor([1.0, 0, 0, 0])
ids = torch.randint(0, C, (N,))
ids[0] = 1
hot = torch.nn.functional.one_hot(ids, C).double()
soft = torch.softmax(torch.randn(N, C, dtype=torch.float64), 1)
bits = torch.randint(0, 2, (N, C)).double()
signs = bits * 2 - 1
w = torch.rand(N, dtype=torch.float64) + 0.1
out["w"] = w

L = keras.losses
CASES = {
    # name: y, t, loss
    "mse": (real, positive, L.MeanSquaredError),
    "mae": (real, positive, L.MeanAbsoluteError),
    "huber": (real * 3, positive, L.Huber),
    "mape": (real, positive, L.MeanAbsolutePercentageError),
    "msle": (positive * 2, positive.flip(0), L.MeanSquaredLogarithmicError),
    "log_cosh": (real * 20, positive, L.LogCosh),
    "poisson": (positive, positive.flip(0), L.Poisson),
    "cosine_similarity": (real, positive, L.CosineSimilarity),
    "kl_divergence": (rows, soft, L.KLDivergence),
    "hinge": (real, bits, L.Hinge),
    "hinge.signs": (real, signs, L.Hinge),
    "squared_hinge": (real, bits, L.SquaredHinge),
    "categorical_hinge": (real, hot, L.CategoricalHinge),
    "categorical_crossentropy": (rows, hot, L.CategoricalCrossentropy),
    "categorical_crossentropy.soft": (unnormalised, soft, L.CategoricalCrossentropy),
    "categorical_crossentropy.extreme": (extreme, hot, L.CategoricalCrossentropy),
    "categorical_crossentropy.options": (real, hot, lambda **o: L.CategoricalCrossentropy(
        from_logits=True, label_smoothing=0.2, **o)),
    "sparse_categorical_crossentropy": (unnormalised, ids, L.SparseCategoricalCrossentropy),
    "sparse_categorical_crossentropy.options": (real, ids, lambda **o: L.SparseCategoricalCrossentropy(
        from_logits=True, **o)),
    "binary_crossentropy": (positive, bits, L.BinaryCrossentropy),
    "binary_crossentropy.extreme": (extreme, bits, L.BinaryCrossentropy),
    "binary_crossentropy.options": (real, bits, lambda **o: L.BinaryCrossentropy(
        from_logits=True, label_smoothing=0.1, **o)),
    "binary_focal_crossentropy": (positive, bits, L.BinaryFocalCrossentropy),
    "binary_focal_crossentropy.options": (real, bits, lambda **o: L.BinaryFocalCrossentropy(
        from_logits=True, gamma=1.5, alpha=0.3, apply_class_balancing=True, **o)),
}

for name, (y, t, make) in CASES.items():
    y = y.clone().requires_grad_()
    each = make(reduction=None, dtype="float64")(t, y)
    mean = each.mean()
    mean.backward()
    out[f"{name}.y"] = y.detach()
    out[f"{name}.t"] = t + 1 if t is ids else t.clone()
    out[f"{name}.each"] = each.detach()
    out[f"{name}.mean"] = mean.detach()
    out[f"{name}.grad"] = y.grad
    out[f"{name}.weighted"] = (each * w).mean().detach()

out = {name: x.clone().contiguous() for name, x in out.items()}
for name, x in out.items():
    assert x.dtype == torch.float64 or name.endswith(".t"), (name, x.dtype)
save_file(out, os.path.join(os.path.dirname(__file__), "losses.safetensors"))
print(len(out), "tensors")
