"""Makes keras_seq.keras, keras_seq.h5, keras_fun.keras, keras_rec.h5 (Keras 3), keras_two.h5 (as Keras 2 has
it, by h5py) and hdf5.h5 and its like (types and layouts), and prints what the models compute, for spec/keras_files_spec.lua.

    python spec/golden/keras_files.py         (a Python with keras, torch and h5py)
"""
import json
import os
import pathlib
import sys

sys.path.pop(0)  # this file's folder has a keras.py
os.environ["KERAS_BACKEND"] = "torch"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import h5py
import keras
import numpy as np
from keras import layers

HERE = pathlib.Path(__file__).parent
keras.utils.set_random_seed(1)


def show(name, y):
    print(name, [[round(float(v), 6) for v in row] for row in y.detach().numpy()])


def spread(*shape):
    return np.linspace(-1, 1, int(np.prod(shape))).reshape(shape).astype("float32")


seq = keras.Sequential([
    keras.Input((6, 6, 2)), layers.Conv2D(3, 3, padding="same", activation="relu"),
    layers.BatchNormalization(), layers.MaxPooling2D(), layers.DepthwiseConv2D(2), layers.Flatten(),
    layers.Dropout(0.5), layers.Dense(4, name="head", activation="softmax", kernel_regularizer="l2")], name="net")
seq.layers[1].set_weights([np.array([.5, 1, 1.5]), np.array([.1, -.1, .2]), np.array([.3, .1, 0]),
                           np.array([1, .5, 2])])
seq.compile("adam", "categorical_crossentropy")
seq.save(HERE / "keras_seq.keras")
seq.save(HERE / "keras_seq.h5")
show("seq", seq(spread(2, 6, 6, 2)))

left, right = keras.Input((3,), name="left"), keras.Input((3,), name="right")
shared = layers.Dense(2, activation="tanh")
inner = keras.Sequential([keras.Input((4,)), layers.Dense(4), layers.LayerNormalization()], name="inner")
x = layers.Concatenate(axis=1)([shared(left), shared(right)])
x = layers.Add()([inner(x), x])
fun = keras.Model([left, right], [layers.Dense(2, name="out")(x), layers.Activation("gelu")(x)])
fun.save(HERE / "keras_fun.keras")
for k, y in enumerate(fun([spread(2, 3), spread(2, 3)[::-1].copy()])):
    show(f"fun{k + 1}", y)

rec = keras.Sequential([
    keras.Input((5,), dtype="int32"), layers.Embedding(10, 3, mask_zero=True),
    layers.Bidirectional(layers.LSTM(2, return_sequences=True)), layers.GRU(2), layers.Dense(1)])
rec.save(HERE / "keras_rec.h5")
rec.save_weights(HERE / "keras_rec.weights.h5")
show("rec", rec(np.array([[1, 2, 3, 0, 0], [4, 5, 9, 7, 8]], dtype="int32")))

# Keras 2: texts are bytes of one length, names end in ":0", the configuration says batch_input_shape.
CONFIG = {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
    {"class_name": "Dense", "config": {
        "name": "dense", "trainable": True, "batch_input_shape": [None, 3], "dtype": "float32", "units": 2,
        "activation": "relu", "use_bias": True,
        "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
        "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": None,
        "bias_regularizer": None, "activity_regularizer": None, "kernel_constraint": None,
        "bias_constraint": None}},
    {"class_name": "BatchNormalization", "config": {
        "name": "bn", "trainable": True, "dtype": "float32", "axis": [1], "momentum": 0.99,
        "epsilon": 0.001, "center": True, "scale": True}}]}}
with h5py.File(HERE / "keras_two.h5", "w", track_order=False) as f:
    f.attrs["keras_version"] = b"2.3.1"
    f.attrs["model_config"] = json.dumps(CONFIG).encode()
    g = f.create_group("model_weights")
    g.attrs["layer_names"] = np.array([b"dense", b"bn"])
    dense, bn = g.create_group("dense"), g.create_group("bn")
    dense.attrs["weight_names"] = np.array([b"dense/kernel:0", b"dense/bias:0"])
    dense["dense/kernel:0"] = np.arange(6, dtype="float32").reshape(3, 2)
    dense["dense/bias:0"] = np.array([0.5, -1], dtype="float32")
    # A list that was too long for one attribute.
    bn.attrs["weight_names0"] = np.array([b"bn/gamma:0", b"bn/beta:0"])
    bn.attrs["weight_names1"] = np.array([b"bn/moving_mean:0", b"bn/moving_variance:0"])
    for k, name in enumerate(["gamma", "beta", "moving_mean", "moving_variance"]):
        bn[f"bn/{name}:0"] = np.array([k + 1, 1], dtype="float64")

with h5py.File(HERE / "hdf5.h5", "w", libver="earliest") as f:
    g = f.create_group("types")
    for name in ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16",
                 "float32", "float64", ">i4", ">f8", ">f2"]:
        g[name.strip(">") + ("_big" if name[0] == ">" else "")] = np.array([[1, 0, 1]]).astype(name)
    f["scalar"], f["empty"], f["text"] = 2.5, np.zeros((0, 3), "float32"), "r\u00e9seau"
    f["texts"] = ["one", "", "three"]
    f["fixed"] = np.array([b"ab", b"c"])
    f["record"] = np.zeros(2, dtype=[("a", "f4"), ("b", "i4")])
    f.create_dataset("packed", data=np.arange(2000, dtype="float32").reshape(40, 50), chunks=(7, 9),
                     compression="gzip", shuffle=True, fletcher32=True)
    f["link"] = h5py.SoftLink("/scalar")
    f["outside"] = h5py.ExternalLink("/etc/other.h5", "/x")
    f.attrs["number"], f.attrs["list"] = 7, np.array([1.5, 2.5])
with h5py.File(HERE / "hdf5_promise.h5", "w", libver="earliest") as f:
    f.create_dataset("promised", shape=(1 << 20, 1 << 10), dtype="float32")
with h5py.File(HERE / "hdf5_new.h5", "w", libver="v110") as f:
    f.create_dataset("packed", data=np.arange(2000, dtype="float32").reshape(40, 50), chunks=(7, 9), compression="gzip")
    f["a/b/c"] = np.arange(3)
