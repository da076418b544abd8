# Writes spec/golden/keras.safetensors: what Keras 3 computes for layers, activations, losses, optimisers,
# regularisers, constraints and a small network in training.
#
#     python spec/golden/keras.py            (a Python with keras, torch, numpy and safetensors)
#
# Everything is float64 on the torch backend (which makes float32 of some options: they are numbers that
# float32 has). Inputs and weights come from a formula that both sides know
# (`fill`), so only results are stored: for a case NAME the output NAME/y, and where gradients are asked
# for, of sum(y * fill(y.shape, 9)), NAME/dx1 ... of the inputs and NAME/dw1 ... of the weights, in Keras's
# layout. spec/keras_spec.lua has the same cases.

import math
import os
import pathlib
import sys

sys.path.pop(0)  # this file's folder: here `keras` would be this file
os.environ["KERAS_BACKEND"] = "torch"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import torch
from keras import layers
from keras.src import backend
from keras.src.backend.common import dtypes
from safetensors.numpy import save_file

torch.set_num_threads(1)
keras.config.set_floatx("float64")
results = {}


# Keras's promotion knows no float64, and would compute means and maxima in float32.
def result_type(*kinds, original=dtypes.result_type):
    return "float64" if any("float64" in str(kind) for kind in kinds) else original(*kinds)


dtypes.result_type = backend.result_type = result_type


def fill(shape, j, scale=1.0):
    k = np.arange(math.prod(shape), dtype=np.float64)
    return (np.sin(0.7 * k + 1.3 * j + 0.5) * scale).reshape(shape)


def tensor(x):
    return torch.tensor(x, dtype=torch.float64)


def put(name, x):
    if isinstance(x, torch.Tensor):
        x = x.detach().cpu().numpy()
    results[name] = np.array(x, dtype=np.float64, order="C")


def set_weights(layer):
    layer.set_weights([fill(w.shape, 20 + j, 0.5) for j, w in enumerate(layer.get_weights())])


def record(name, y, inputs, weights):
    put(name + "/y", y)
    (y * tensor(fill(tuple(y.shape), 9))).sum().backward()
    for j, x in enumerate(inputs):
        put(f"{name}/dx{j + 1}", x.grad)
    for j, w in enumerate(weights):
        put(f"{name}/dw{j + 1}", w.value.grad)


# A layer on inputs of these shapes (with the batch); examples of `holes` have zeros from their second step on.
def layer_case(name, layer, *shapes, training=False, holes=()):
    values = [fill(s, j + 1) for j, s in enumerate(shapes)]
    for k in holes:
        values[0][k, 1:] = 0
    inputs = [tensor(v).requires_grad_() for v in values]
    given = inputs if len(inputs) > 1 else inputs[0]
    layer(given)
    set_weights(layer)
    keywords = {"training": True} if training else {}
    record(name, layer(given, **keywords), inputs, layer.trainable_weights)
    if training:
        for j, w in enumerate(layer.non_trainable_weights):
            put(f"{name}/state{j + 1}", w.value)


IMAGE = (2, 6, 5, 3)

layer_case("dense", layers.Dense(4, activation="tanh"), (3, 5))
layer_case("dense3d", layers.Dense(2, use_bias=False), (2, 3, 4))
layer_case("conv1d", layers.Conv1D(3, 3, activation="relu"), (2, 7, 2))
layer_case("conv1d_same", layers.Conv1D(3, 4, strides=3, padding="same"), (2, 8, 2))
layer_case("conv1d_causal", layers.Conv1D(2, 3, padding="causal", dilation_rate=2), (2, 7, 2))
layer_case("conv2d", layers.Conv2D(4, (3, 2), activation="softmax"), IMAGE)
layer_case("conv2d_same2", layers.Conv2D(3, 3, strides=2, padding="same"), IMAGE)
layer_case("conv2d_same5", layers.Conv2D(2, 5, strides=2, padding="same"), (1, 8, 8, 2))
layer_case("conv2d_groups", layers.Conv2D(4, 3, groups=2, dilation_rate=2), (1, 6, 6, 4))
layer_case("conv3d", layers.Conv3D(2, 2, padding="same", strides=(1, 2, 1)), (1, 3, 4, 3, 2))
layer_case("conv2dt", layers.Conv2DTranspose(2, 3, strides=2), (1, 3, 4, 2))
layer_case("conv2dt_wide", layers.Conv2DTranspose(2, 2, strides=3), (1, 3, 4, 2))
layer_case("conv2dt_same", layers.Conv2DTranspose(2, 4, strides=2, padding="same"), (1, 3, 4, 2))
layer_case("conv2dt_odd", layers.Conv2DTranspose(2, 3, strides=2, padding="same"), (1, 3, 4, 2))
layer_case("conv1dt", layers.Conv1DTranspose(3, 3, padding="same"), (2, 5, 2))
layer_case("depthwise", layers.DepthwiseConv2D(3, depth_multiplier=2, strides=2, padding="same"), IMAGE)
layer_case("depthwise1d", layers.DepthwiseConv1D(3, activation="relu"), (2, 6, 2))
layer_case("separable", layers.SeparableConv2D(4, 3, depth_multiplier=2, activation="elu"), IMAGE)
layer_case("maxpool", layers.MaxPooling2D(2), IMAGE)
layer_case("maxpool_same", layers.MaxPooling2D(3, strides=2, padding="same"), IMAGE)
layer_case("maxpool1d", layers.MaxPooling1D(3, strides=1), (2, 7, 2))
layer_case("avgpool", layers.AveragePooling2D((2, 3)), IMAGE)


# Averages under "same" leave out what lies outside; this backend counts the zeros where the padding is not
# the same on both sides, TensorFlow and JAX do not.
def average_same(x, size, strides):
    x = x.movedim(-1, 1)
    pads, n = [], x.ndim - 2
    for d in reversed(range(n)):
        out = -(-x.shape[d + 2] // strides[d])
        total = max((out - 1) * strides[d] + size[d] - x.shape[d + 2], 0)
        pads += [total // 2, total - total // 2]
    pool = getattr(torch.nn.functional, f"avg_pool{n}d")
    padded, ones = (torch.nn.functional.pad(t, pads) for t in (x, torch.ones_like(x)))
    return (pool(padded, size, strides) / pool(ones, size, strides)).movedim(1, -1)


for name, shape, size, strides in [
    ("avgpool_same", IMAGE, (3, 3), (2, 2)), ("avgpool3d", (1, 3, 4, 3, 2), (2, 2, 2), (2, 2, 2)),
]:
    x = tensor(fill(shape, 1)).requires_grad_()
    record(name, average_same(x, size, strides), [x], [])

layer_case("global_max", layers.GlobalMaxPooling2D(), IMAGE)
layer_case("global_avg", layers.GlobalAveragePooling2D(keepdims=True), IMAGE)
layer_case("global_avg1d", layers.GlobalAveragePooling1D(), (2, 5, 3))
layer_case("batchnorm", layers.BatchNormalization(), (4, 3), training=True)
layer_case("batchnorm2d", layers.BatchNormalization(momentum=0.7), (3, 4, 2, 2), training=True)
layer_case("batchnorm_axis", layers.BatchNormalization(axis=1), (3, 2, 4), training=True)
layer_case("batchnorm_plain", layers.BatchNormalization(center=False, scale=False), (4, 3), training=True)
layer_case("layernorm", layers.LayerNormalization(), (2, 3, 4))
layer_case("layernorm2", layers.LayerNormalization(axis=(1, 2)), (2, 3, 4))
layer_case("groupnorm", layers.GroupNormalization(groups=2), (2, 3, 3, 4))
layer_case("unitnorm", layers.UnitNormalization(), (2, 3, 4))
layer_case("relu_layer", layers.ReLU(max_value=0.6, negative_slope=0.1, threshold=0.2), (3, 7))
layer_case("leaky", layers.LeakyReLU(), (3, 7))
layer_case("elu_layer", layers.ELU(alpha=0.5), (3, 7))
layer_case("prelu", layers.PReLU(), (3, 4, 2))
layer_case("prelu_shared", layers.PReLU(shared_axes=[1]), (3, 4, 2))
layer_case("softmax_axis", layers.Softmax(axis=1), (3, 4, 2))
layer_case("flatten", layers.Flatten(), IMAGE)
layer_case("permute", layers.Permute((3, 1, 2)), IMAGE)
layer_case("repeat", layers.RepeatVector(3), (2, 4))
layer_case("reshape", layers.Reshape((5, -1)), IMAGE)
layer_case("zeropad", layers.ZeroPadding2D(((1, 2), (0, 1))), IMAGE)
layer_case("zeropad1d", layers.ZeroPadding1D((1, 2)), (2, 4, 3))
layer_case("cropping", layers.Cropping2D(((1, 2), (0, 1))), IMAGE)
layer_case("upsampling", layers.UpSampling2D((2, 3)), (1, 3, 2, 2))
layer_case("bilinear", layers.UpSampling2D(2, interpolation="bilinear"), (1, 3, 2, 2))
layer_case("add", layers.Add(), (2, 3), (2, 3), (2, 3))
layer_case("average", layers.Average(), (2, 3), (2, 3), (2, 3))
layer_case("maximum", layers.Maximum(), (2, 3), (2, 3))
layer_case("concatenate", layers.Concatenate(), (2, 3, 2), (2, 3, 4))
layer_case("concatenate1", layers.Concatenate(axis=1), (2, 3, 2), (2, 1, 2))
layer_case("dot", layers.Dot(axes=1), (2, 4), (2, 4))
layer_case("dot3d", layers.Dot(axes=(2, 1)), (2, 3, 4), (2, 4, 5))
layer_case("dot_cosine", layers.Dot(axes=1, normalize=True), (2, 4), (2, 4))

SEQUENCE = (2, 4, 3)
layer_case("simple_rnn", layers.SimpleRNN(4), SEQUENCE)
layer_case("simple_rnn_relu", layers.SimpleRNN(4, activation="relu", return_sequences=True), SEQUENCE)
layer_case("lstm", layers.LSTM(4), SEQUENCE)
layer_case("lstm_all", layers.LSTM(3, return_sequences=True, go_backwards=True), SEQUENCE)
layer_case("lstm_hard", layers.LSTM(3, recurrent_activation="softsign", use_bias=False), SEQUENCE)
layer_case("lstm_masked", keras.Sequential([layers.Masking(), layers.LSTM(3, return_sequences=True)]), SEQUENCE,
           holes=(1,))
layer_case("gru", layers.GRU(4, return_sequences=True), SEQUENCE)
layer_case("gru_before", layers.GRU(4, reset_after=False), SEQUENCE)
layer_case("gru_plain", layers.GRU(4, use_bias=False), SEQUENCE)
layer_case("bidirectional", layers.Bidirectional(layers.LSTM(3, return_sequences=True)), SEQUENCE)
layer_case("bidirectional_sum", layers.Bidirectional(layers.GRU(3), merge_mode="sum"), SEQUENCE)
layer_case("time_distributed", layers.TimeDistributed(layers.Dense(2)), SEQUENCE)
layer_case("masked_mean", keras.Sequential([layers.Masking(), layers.GlobalAveragePooling1D()]), SEQUENCE,
           holes=(1,))
layer_case("attention", layers.Attention(use_scale=True), (2, 3, 4), (2, 5, 4))
layer_case("attention_concat", layers.Attention(score_mode="concat"), (2, 3, 4), (2, 5, 4))
layer_case("attention_keys", layers.Attention(), (2, 3, 4), (2, 5, 2), (2, 5, 4))


class SelfAttention(layers.Layer):
    def __init__(self, **options):
        super().__init__()
        self.inner = layers.MultiHeadAttention(2, 3, **options)

    def build(self, shape):
        self.inner.build(shape, shape)

    def call(self, x):
        return self.inner(x, x, use_causal_mask=True)


layer_case("multi_head", SelfAttention(value_dim=4), (2, 3, 5))

# A chain of layers: what one leaves in memory is the next one's input.
chain = keras.Sequential([
    layers.Conv2D(3, 3, padding="same"), layers.BatchNormalization(), layers.Activation("relu"),
    layers.MaxPooling2D(2), layers.Conv2D(4, 2, strides=2, padding="same", activation="tanh"),
    layers.Flatten(), layers.Dense(3),
])
layer_case("chain", chain, (2, 6, 8, 2))

# ---- activations ----

for name in """celu elu exponential gelu hard_sigmoid hard_silu hard_tanh hard_shrink leaky_relu linear
        log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign
        sparse_plus sparse_sigmoid squareplus tanh tanh_shrink glu""".split():
    x = tensor(fill((3, 8), 1, 4.0)).requires_grad_()
    record("activation/" + name, getattr(keras.activations, name)(x), [x], [])



# As the paper has it: Keras 3.15 sums the cumulative sums, and its rows do not sum to one.
def sparsemax(x):
    rows = []
    for row in x:
        s, _ = row.sort(descending=True)
        k = max(j for j in range(1, len(s) + 1) if 1 + j * s[j - 1] > s[:j].sum())
        rows.append((row - (s[:k].sum() - 1) / k).clamp(min=0))
    return torch.stack(rows)


x = tensor(fill((3, 8), 1, 4.0)).requires_grad_()
record("activation/sparsemax", sparsemax(x), [x], [])

# ---- losses: (y_true, y_pred) ----

POSITIVE = 0.5 + 0.4 * fill((4, 3), 1)
ROWS = POSITIVE / POSITIVE.sum(-1, keepdims=True)
ONE_HOT = np.eye(3)[[0, 2, 1, 2]]
SIGNS = np.sign(fill((4, 3), 2))
BITS = (fill((4, 3), 3) > 0).astype(np.float64)
SCORES = fill((4, 3), 4, 3.0)


def loss_case(name, loss, t, y):
    y = tensor(y).requires_grad_()
    value = loss(tensor(t), y)
    put("loss/" + name + "/mean", value)
    value.backward()
    put("loss/" + name + "/dy", y.grad)


L = keras.losses
loss_case("mse", L.MeanSquaredError(), BITS, SCORES)
loss_case("mae", L.MeanAbsoluteError(), BITS, SCORES)
loss_case("mape", L.MeanAbsolutePercentageError(), POSITIVE, SCORES)
loss_case("msle", L.MeanSquaredLogarithmicError(), BITS, POSITIVE)
loss_case("categorical", L.CategoricalCrossentropy(), ONE_HOT, ROWS)
loss_case("categorical_smooth", L.CategoricalCrossentropy(label_smoothing=0.1), ONE_HOT, ROWS)
loss_case("categorical_logits", L.CategoricalCrossentropy(from_logits=True), ONE_HOT, SCORES)
loss_case("categorical_clipped", L.CategoricalCrossentropy(), ONE_HOT, np.eye(3)[[0, 1, 1, 0]] + 1e-9)
loss_case("binary", L.BinaryCrossentropy(), BITS, POSITIVE)
loss_case("binary_smooth", L.BinaryCrossentropy(label_smoothing=0.2), BITS, POSITIVE)
loss_case("binary_logits", L.BinaryCrossentropy(from_logits=True), BITS, SCORES)
loss_case("focal", L.BinaryFocalCrossentropy(gamma=1.5), BITS, POSITIVE)
loss_case("kl", L.KLDivergence(), ROWS[::-1].copy(), ROWS)
loss_case("huber", L.Huber(delta=0.7), BITS, SCORES)
loss_case("logcosh", L.LogCosh(), BITS, SCORES)
loss_case("poisson", L.Poisson(), BITS, POSITIVE)
loss_case("cosine", L.CosineSimilarity(), SIGNS, SCORES)
loss_case("hinge", L.Hinge(), SIGNS, SCORES)
loss_case("hinge_bits", L.Hinge(), BITS, SCORES)
loss_case("squared_hinge", L.SquaredHinge(), SIGNS, SCORES)
loss_case("categorical_hinge", L.CategoricalHinge(), ONE_HOT, SCORES)
y = tensor(ROWS).requires_grad_()
value = L.SparseCategoricalCrossentropy()(torch.tensor([0, 2, 1, 2]), y)
value.backward()
put("loss/sparse/mean", value)
put("loss/sparse/dy", y.grad)

# ---- optimisers: five steps on two parameters; the k-th gradient is a formula ----

O = keras.optimizers


def optimizer_case(name, optimizer):
    params = [keras.Variable(fill((3, 4), 1)), keras.Variable(fill((4,), 2))]
    optimizer.build(params)
    for step in range(5):
        grads = [tensor(fill(tuple(p.shape), 5 + step + j, 0.3)) for j, p in enumerate(params)]
        optimizer.apply(grads, params)
    for j, p in enumerate(params):
        put(f"optimizer/{name}/{j + 1}", p.value)


optimizer_case("sgd", O.SGD())
optimizer_case("momentum", O.SGD(0.1, momentum=0.9))
optimizer_case("nesterov", O.SGD(0.1, momentum=0.9, nesterov=True))
optimizer_case("rmsprop", O.RMSprop())
optimizer_case("rmsprop_centered", O.RMSprop(0.01, momentum=0.5, centered=True))
optimizer_case("adam", O.Adam())
optimizer_case("amsgrad", O.Adam(0.01, amsgrad=True))
optimizer_case("adamw", O.AdamW(0.01))
optimizer_case("adadelta", O.Adadelta(1.0))
optimizer_case("adagrad", O.Adagrad(0.1))
optimizer_case("adamax", O.Adamax(0.01))
optimizer_case("nadam", O.Nadam(0.01))
optimizer_case("ftrl", O.Ftrl(0.1, l1_regularization_strength=0.01, l2_regularization_strength=0.02))
optimizer_case("lion", O.Lion(0.01))
optimizer_case("lamb", O.Lamb(0.01))
optimizer_case("clipnorm", O.SGD(0.1, clipnorm=0.25))
optimizer_case("global_clipnorm", O.SGD(0.1, global_clipnorm=0.25))
optimizer_case("clipvalue", O.SGD(0.1, clipvalue=0.1))
optimizer_case("decay", O.Adam(0.01, weight_decay=0.1))

# ---- regularisers and constraints ----

W = tensor(fill((3, 4), 1, 2.0))
R, C = keras.regularizers, keras.constraints
put("regularizer/l1", R.L1(0.1)(W))
put("regularizer/l2", R.L2(0.1)(W))
put("regularizer/l1_l2", R.L1L2(0.1, 0.2)(W))
put("regularizer/orthogonal", R.OrthogonalRegularizer(0.125)(W))
put("constraint/max_norm", C.MaxNorm(1.0)(W))
put("constraint/non_neg", C.NonNeg()(W))
put("constraint/unit_norm", C.UnitNorm()(W))
put("constraint/min_max_norm", C.MinMaxNorm(2.5, 3.0, rate=0.75)(W))

# ---- a small network in training ----


def network():
    model = keras.Sequential([
        keras.Input((6, 6, 2)),
        layers.Conv2D(3, 3, padding="same", activation="relu", kernel_regularizer=R.L2(0.01)),
        layers.BatchNormalization(),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(5, activation="tanh", kernel_constraint=C.MaxNorm(0.8)),
        layers.Dense(3, activation="softmax"),
    ])
    set_weights(model)
    return model


# By hand: what train_on_batch returns has gone through a float32 metric.
def step(model, optimizer):
    loss = L.CategoricalCrossentropy()(tensor(TARGETS), model(tensor(BATCH), training=True))
    loss = loss + sum(model.losses)
    model.zero_grad()
    loss.backward()
    optimizer.apply([w.value.grad for w in model.trainable_weights], model.trainable_weights)
    return loss.item()


BATCH, TARGETS = fill((4, 6, 6, 2), 1), np.eye(3)[[0, 2, 1, 2]]
for name, optimizer in {"sgd": O.SGD(0.1), "adam": O.Adam(0.01)}.items():
    model = network()
    optimizer.build(model.trainable_weights)
    put(f"network/{name}", [step(model, optimizer) for _ in range(10)])
    put(f"network/{name}/predict", model(tensor(BATCH), training=False))

save_file(results, pathlib.Path(__file__).with_suffix(".safetensors"))
