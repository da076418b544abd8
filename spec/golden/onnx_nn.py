#!/usr/bin/env python3
"""Makes spec/golden/onnx_nn.safetensors: models of one node with the outputs that onnxruntime gives.

    python3 spec/golden/onnx_nn.py

What the node tests of the ONNX project leave out: attributes together, odd sizes, sequences of
several lengths, older versions. Names: CASE/model (bytes), CASE/input_1, CASE/output_1 ...
"""
import json
import pathlib
import struct

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

random = np.random.RandomState(7)
tensors = {}
TYPES = {"float32": "F32", "int64": "I64", "int32": "I32", "uint8": "U8", "int8": "I8", "int16": "I16"}


def rand(*shape):
    return random.randn(*shape).astype(np.float32)


def case(name, op_type, inputs, outputs=1, opset=22, **attributes):
    inputs = [x if x is None else np.asarray(x) for x in inputs]
    names = [f"x{k}" if x is not None else "" for k, x in enumerate(inputs)]
    made = [f"y{k}" for k in range(outputs)]
    node = helper.make_node(op_type, names, made, **attributes)
    given = [(n, x) for n, x in zip(names, inputs) if n]
    graph = helper.make_graph(
        [node], "one",
        [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)
         for n, x in given],
        [helper.make_empty_tensor_value_info(n) for n in made])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                               providers=["CPUExecutionProvider"])
        results = session.run(None, dict(given))
    except Exception as problem:
        print("left out", name, str(problem).splitlines()[0][:150])
        return
    if any(str(y.dtype) not in TYPES for y in results):
        print("left out", name, [y.dtype for y in results])
        return
    tensors[f"{name}/model"] = np.frombuffer(model.SerializeToString(), np.uint8)
    for k, (_, x) in enumerate(given):
        tensors[f"{name}/input_{k + 1}"] = x
    for k, y in enumerate(results):
        tensors[f"{name}/output_{k + 1}"] = y


# ---- windows ------------------------------------------------------------------------------------

SIZES = {1: (9,), 2: (6, 7), 3: (4, 5, 4)}
for n, size in SIZES.items():
    x = rand(1, 4, *size)
    w = rand(6, 2, *([3] * n))
    case(f"conv{n}_pads", "Conv", [x, w, rand(6)], group=2, strides=[2] * n,
         pads=[0, 1, 2][:n] + [2, 0, 1][:n])
    for auto in ("SAME_UPPER", "SAME_LOWER", "VALID"):
        case(f"conv{n}_{auto}", "Conv", [x, w], group=2, strides=[2] * n, auto_pad=auto)
        case(f"max{n}_{auto}", "MaxPool", [x], kernel_shape=[3] * n, strides=[2] * n, auto_pad=auto)
        case(f"average{n}_{auto}", "AveragePool", [x], kernel_shape=[2] * n, strides=[2] * n,
             auto_pad=auto)
    case(f"conv{n}_dilated", "Conv", [x, w], group=2, dilations=[2, 1, 2][:n], pads=[2] * 2 * n)
    t = rand(4, 3, *([3] * n))
    case(f"transposed{n}", "ConvTranspose", [x, t, rand(6)], group=2, strides=[2] * n,
         pads=[0, 1, 1][:n] + [1, 0, 1][:n], output_padding=[1] * n, dilations=[2] * n)
    case(f"transposed{n}_shape", "ConvTranspose", [x, t], group=2, strides=[2] * n,
         output_shape=[2 * s for s in size])
    for auto in ("SAME_UPPER", "SAME_LOWER"):
        case(f"transposed{n}_{auto}", "ConvTranspose", [x, t], group=2, strides=[2] * n,
             auto_pad=auto)
    case(f"max{n}_indices", "MaxPool", [x], 2, kernel_shape=[3] * n, strides=[2] * n,
         pads=[1] * 2 * n, ceil_mode=1, dilations=[1, 2, 1][:n])
    case(f"max{n}_columns", "MaxPool", [x], 2, kernel_shape=[2] * n, strides=[2] * n,
         storage_order=1)
    for include in (0, 1):
        case(f"average{n}_{include}", "AveragePool", [x], kernel_shape=[3] * n, strides=[2] * n,
             pads=[1, 0, 1][:n] + [0, 1, 1][:n], ceil_mode=0, count_include_pad=include)
    case(f"lp{n}", "LpPool", [x], kernel_shape=[3] * n, strides=[2] * n, pads=[1] * 2 * n, p=3)
    case(f"globals{n}", "GlobalLpPool", [x], opset=11, p=3)
case("max_int8", "MaxPool", [random.randint(-99, 99, (1, 2, 5, 5)).astype(np.int8)],
     kernel_shape=[3, 3], pads=[1, 1, 1, 1])
places = np.array([[[[6, 9], [20, 23]]]], np.int64)
case("unpool", "MaxUnpool", [rand(1, 1, 2, 2), places], kernel_shape=[2, 2], strides=[3, 3])
rois = np.array([[0, 1, 1, 6, 9], [1, -3, 2, 4, 30], [1, 5, 5, 4, 4]], np.float32)
case("max_roi", "MaxRoiPool", [rand(2, 3, 8, 9), rois], opset=11, pooled_shape=[3, 2],
     spatial_scale=0.7)
corners = np.array([[1, 1, 6, 7.5], [-3, 2, 4, 30], [3, 3, 3.2, 9]], np.float32)
for mode in ("half_pixel", "output_half_pixel"):
    for ratio in (0, 3):
        case(f"roi_align_{mode}_{ratio}", "RoiAlign",
             [rand(2, 3, 8, 9), corners, np.array([0, 1, 1], np.int64)], opset=16, output_height=3,
             output_width=2, sampling_ratio=ratio, spatial_scale=0.7,
             coordinate_transformation_mode=mode)
boxes = np.abs(rand(2, 9, 4)) + np.array([0, 0, 1, 1], np.float32)
for centre in (0, 1):
    case(f"nms_{centre}", "NonMaxSuppression",
         [boxes, rand(2, 3, 9), np.array([4], np.int64), np.array([0.3], np.float32),
          np.array([-0.5], np.float32)], opset=11, center_point_box=centre)
case("deform", "DeformConv", [rand(1, 4, 6, 7), rand(6, 2, 3, 2), rand(1, 24, 5, 8), rand(6),
                              rand(1, 12, 5, 8)], group=2, offset_group=2, pads=[1, 2, 0, 0],
     opset=19)

# ---- recurrence ---------------------------------------------------------------------------------

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
for kind, gates in GATES.items():
    outputs = 3 if kind == "LSTM" else 2
    for direction in ("forward", "reverse", "bidirectional"):
        d = 2 if direction == "bidirectional" else 1
        x, w, r = rand(5, 3, 4), rand(d, gates * 6, 4), rand(d, gates * 6, 6)
        b, h = rand(d, 2 * gates * 6), rand(d, 3, 6)
        lens = np.array([5, 2, 3], np.int32)
        state = [h, rand(d, 3, 6)] if kind == "LSTM" else [h]
        case(f"{kind}_{direction}", kind, [x, w, r, b, None, *state], outputs, hidden_size=6,
             direction=direction)
        case(f"{kind}_{direction}_lengths", kind, [x, w, r, b, lens, *state], outputs,
             hidden_size=6, direction=direction)
        case(f"{kind}_{direction}_clip", kind, [x, w, r, b], outputs, hidden_size=6,
             direction=direction, clip=0.7)
        if kind == "GRU":
            case(f"GRU_{direction}_linear", kind, [x, w, r, b, lens, h], 2, hidden_size=6,
                 direction=direction, linear_before_reset=1)
            case(f"GRU_{direction}_fast", kind, [x, w, r, b, None, h], 2, hidden_size=6,
                 direction=direction, linear_before_reset=1)
            case(f"GRU_{direction}_activations", kind, [x, w, r, b], 2, hidden_size=6,
                 direction=direction, activations=["HardSigmoid", "ScaledTanh"] * d,
                 activation_alpha=[0.3, 0.9] * d, activation_beta=[0.4, 1.1] * d)
        if kind == "LSTM":
            case(f"LSTM_{direction}_peepholes", kind, [x, w, r, b, lens, *state, rand(d, 18)], 3,
                 hidden_size=6, direction=direction)
            case(f"LSTM_{direction}_coupled", kind, [x, w, r, b], 3, hidden_size=6,
                 direction=direction, input_forget=1)
            case(f"LSTM_{direction}_activations", kind, [x, w, r, b], 3, hidden_size=6,
                 direction=direction, activations=["Sigmoid", "LeakyRelu", "Elu"] * d,
                 activation_alpha=[0.1, 0.7] * d)
        if kind == "RNN":
            for f in ("Relu", "Softsign", "Softplus"):
                case(f"RNN_{direction}_{f}", kind, [x, w, r, b], 2, hidden_size=6,
                     direction=direction, activations=[f] * d)

# ---- normalisation ------------------------------------------------------------------------------

x = rand(3, 4, 5, 6)
channels = [rand(4), rand(4)]
case("batch", "BatchNormalization", [x, *channels, rand(4), np.abs(rand(4))], epsilon=1e-3)
case("batch_training", "BatchNormalization", [x, *channels, rand(4), np.abs(rand(4))], 3,
     training_mode=1, momentum=0.7, opset=15)
case("batch_old", "BatchNormalization", [x, *channels, rand(4), np.abs(rand(4))], opset=7)
case("instance", "InstanceNormalization", [x, *channels], epsilon=1e-3)
for axis in (1, -1):
    shape = x.shape[axis:]
    case(f"layer_{axis}", "LayerNormalization", [x, rand(*shape), rand(*shape)], 3, axis=axis)
    case(f"rms_{axis}", "RMSNormalization", [x, rand(*shape)], opset=23, axis=axis)
case("layer_spread", "LayerNormalization", [x, rand(6), rand(6)], axis=-2)
case("group_18", "GroupNormalization", [x, rand(2), rand(2)], opset=18, num_groups=2)
case("group_21", "GroupNormalization", [x, *channels], opset=21, num_groups=2)
case("lrn_even", "LRN", [x], size=2, alpha=0.3, beta=0.6, bias=1.5)
case("lrn_odd", "LRN", [x], size=3, alpha=0.3)
case("mean_variance", "MeanVarianceNormalization", [x], axes=[0, 2])
for p in (1, 2):
    case(f"lp_{p}", "LpNormalization", [x], axis=1, p=p)

# ---- resizing and sampling ----------------------------------------------------------------------

x = rand(1, 2, 5, 7)
# With scales onnxruntime aligns the corners of the rounded size, ONNX's own tests those of the exact
# one: corners are aligned with sizes alone below.
COORDINATES = ("half_pixel", "pytorch_half_pixel", "asymmetric", "half_pixel_symmetric")
for mode in ("nearest", "linear", "cubic"):
    for coordinates in COORDINATES:
        for name, scale in (("up", [1, 1, 1.75, 2.25]), ("down", [1, 1, 0.7, 0.5])):
            case(f"resize_{mode}_{coordinates}_{name}", "Resize",
                 [x, None, np.array(scale, np.float32)], opset=19, mode=mode,
                 coordinate_transformation_mode=coordinates)
    case(f"resize_{mode}_corners", "Resize", [x, None, None, np.array([1, 2, 8, 4], np.int64)],
         opset=19, mode=mode, coordinate_transformation_mode="align_corners")
    case(f"resize_{mode}_crop", "Resize",
         [x, np.array([0, 0, -0.1, 0.2, 1, 1, 0.7, 1.2], np.float32), None,
          np.array([1, 2, 4, 9], np.int64)], opset=19, mode=mode, extrapolation_value=7.0,
         coordinate_transformation_mode="tf_crop_and_resize")
for nearest in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
    case(f"resize_{nearest}", "Resize", [x, None, None, np.array([1, 2, 8, 4], np.int64)],
         opset=19, nearest_mode=nearest)
for mode in ("linear", "cubic"):
    for exclude in (0, 1):
        case(f"resize_{mode}_smooth_{exclude}", "Resize",
             [x, None, np.array([1, 1, 0.6, 0.4], np.float32)], opset=19, mode=mode, antialias=1,
             exclude_outside=exclude)
case("resize_cubic_exclude", "Resize", [x, None, np.array([1, 1, 1.6, 1.4], np.float32)], opset=19,
     mode="cubic", exclude_outside=1, cubic_coeff_a=-0.5)
for policy in ("not_larger", "not_smaller"):
    case(f"resize_{policy}", "Resize", [x, None, None, np.array([9, 9], np.int64)], opset=19,
         axes=[2, 3], mode="linear", keep_aspect_ratio_policy=policy)
case("resize_10", "Resize", [x, np.array([1, 1, 2, 1.5], np.float32)], opset=10, mode="linear")
case("upsample_9", "Upsample", [x, np.array([1, 1, 2, 3], np.float32)], opset=9, mode="linear")
grid = rand(1, 4, 5, 2)
for mode in ("linear", "nearest", "cubic"):
    for padding in ("zeros", "border", "reflection"):
        for align in (0, 1):
            case(f"grid_{mode}_{padding}_{align}", "GridSample", [x, grid], mode=mode,
                 padding_mode=padding, align_corners=align)
for align in (0, 1):
    case(f"affine_{align}", "AffineGrid", [rand(2, 2, 3), np.array([2, 1, 4, 5], np.int64)],
         opset=20, align_corners=align)

# ---- quantised numbers --------------------------------------------------------------------------


def whole(dtype, *shape):
    info = np.iinfo(dtype)
    return random.randint(info.min, info.max + 1, shape).astype(dtype)


x = 100 * rand(3, 4, 5)
for dtype in (np.uint8, np.int8, np.int16):
    name = np.dtype(dtype).name
    q = whole(dtype, 3, 4, 5)
    case(f"quantize_{name}", "QuantizeLinear", [x, np.float32(0.7), dtype(3)], opset=21)
    case(f"quantize_axis_{name}", "QuantizeLinear", [x, np.abs(rand(4)), whole(dtype, 4)], opset=21)
    case(f"dequantize_{name}", "DequantizeLinear", [q, np.float32(0.7), dtype(3)], opset=21)
    case(f"dequantize_blocks_{name}", "DequantizeLinear", [q, np.abs(rand(3, 4, 3))], opset=21,
         axis=-1, block_size=2)
case("dynamic", "DynamicQuantizeLinear", [x], 3, opset=11)
image, filters = whole(np.uint8, 1, 4, 6, 5), whole(np.int8, 6, 2, 3, 3)
case("conv_integer", "ConvInteger", [image, whole(np.uint8, 6, 2, 3, 3), np.uint8(130), np.uint8(9)],
     opset=10, group=2, pads=[1, 0, 2, 1], strides=[2, 1])
case("conv_quantised", "QLinearConv",
     [image, np.float32(0.02), np.uint8(120), filters, np.abs(rand(6)) * 0.01 + 0.01,
      np.zeros(6, np.int8), np.float32(0.9), np.uint8(60), whole(np.int8, 6).astype(np.int32)],
     opset=10, group=2, pads=[1, 1, 1, 1])
a, b = whole(np.uint8, 2, 3, 9), whole(np.uint8, 9, 4)
case("matmul_integer", "MatMulInteger", [a, b, np.uint8(7), np.uint8(200)], opset=10)
case("matmul_columns", "MatMulInteger", [a, b, np.uint8(7), whole(np.uint8, 4)], opset=10)
case("matmul_quantised", "QLinearMatMul",
     [a, np.float32(0.02), np.uint8(7), b, np.float32(0.03), np.uint8(99), np.float32(1.3),
      np.uint8(128)], opset=10)

# ---- attention ----------------------------------------------------------------------------------

q, k, v = rand(2, 4, 3, 8), rand(2, 2, 5, 8), rand(2, 2, 5, 6)
mask = random.rand(3, 5) > 0.3
mask[:, 0] = True
case("attention", "Attention", [q, k, v], opset=23)
case("attention_mask", "Attention", [q, k, v, mask], opset=23)
case("attention_bias", "Attention", [q, k, v, rand(2, 4, 3, 5)], opset=23, softcap=2.0, scale=0.3)
case("attention_causal_past", "Attention",
     [q, k, v, None, rand(2, 2, 4, 8), rand(2, 2, 4, 6)], 3, opset=23, is_causal=1)
case("attention_flat", "Attention", [rand(2, 3, 32), rand(2, 5, 16), rand(2, 5, 12)], opset=23,
     q_num_heads=4, kv_num_heads=2)
ids = random.randint(0, 9, (2, 3)).astype(np.int64)
for interleaved in (0, 1):
    case(f"rotary_{interleaved}", "RotaryEmbedding", [q, rand(9, 4), rand(9, 4), ids], opset=23,
         interleaved=interleaved)
    case(f"rotary_part_{interleaved}", "RotaryEmbedding", [rand(2, 3, 32), rand(9, 2), rand(9, 2), ids],
         opset=23, interleaved=interleaved, num_heads=4, rotary_embedding_dim=4)

# ---- the file -----------------------------------------------------------------------------------

header, offset, parts = {}, 0, []
for name, x in tensors.items():
    data = np.ascontiguousarray(x).tobytes()
    header[name] = {"dtype": TYPES.get(str(x.dtype), "BOOL"), "shape": list(x.shape),
                    "data_offsets": [offset, offset + len(data)]}
    offset += len(data)
    parts.append(data)
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
path = pathlib.Path(__file__).with_name("onnx_nn.safetensors")
path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
print(sum(name.endswith("/model") for name in tensors), "models,", path.stat().st_size, "bytes")
