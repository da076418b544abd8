#!/usr/bin/env python3
"""Makes spec/golden/onnx_resnet18.onnx and spec/golden/onnx_import.lua.

    python spec/golden/onnx_import.py      (PyTorch, torchvision, onnx, onnxruntime)

torchvision's ResNet-18 as torch.onnx.export writes it, its weights (45 MB) in a file beside it that
is not kept: onnx_import_spec.lua makes the same one by `chirp`. Kept are logits of a small picture,
in evaluation by ONNX Runtime and in training by PyTorch, and checksums of gradients.
"""

import math
import os
import tempfile
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
import torchvision
from onnx.external_data_helper import set_external_data

from vision import checksum, chirp, numbers

warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
WEIGHTS = "onnx_resnet18.bin"


def contents(name, shape, j):
    values = chirp(shape, j)
    if len(shape) > 1:
        return values * (1.5 / math.sqrt(math.prod(shape[1:])))
    if name.endswith("running_var") or name.endswith("weight"):
        return 1 + 0.2 * values
    return 0.1 * values


def export(net, path):
    axes = {"x": {0: "N", 2: "H", 3: "W"}, "logits": {0: "N"}}
    torch.onnx.export(net, (torch.zeros(2, 3, 40, 33),), path, dynamo=False, opset_version=17,
                      input_names=["x"], output_names=["logits"], dynamic_axes=axes,
                      training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)


def main():
    net = torchvision.models.resnet18().eval()
    for name, x in net.state_dict().items():  # equal contents would be written once
        if x.is_floating_point():
            x.copy_(torch.rand_like(x))
    folder = tempfile.mkdtemp()
    export(net, f"{folder}/full.onnx")
    model = onnx.load(f"{folder}/full.onnx")
    state, offset = net.state_dict(), 0
    for j, proto in enumerate(model.graph.initializer, 1):
        values = contents(proto.name, tuple(proto.dims), j).float()
        state[proto.name].copy_(values)
        proto.raw_data = values.numpy().tobytes()
    onnx.save(model, f"{folder}/full.onnx")
    x = chirp((2, 3, 40, 33), 0).float()
    session = onnxruntime.InferenceSession(f"{folder}/full.onnx")
    logits = session.run(None, {"x": x.numpy()})[0]

    net.train()
    trained = net(x)
    (trained * torch.cos(0.3 * torch.arange(trained.numel()) + 0.1).reshape(trained.shape)).sum().backward()

    for proto in model.graph.initializer:
        size = len(proto.raw_data)
        set_external_data(proto, WEIGHTS, offset, size)
        proto.ClearField("raw_data")
        offset += size
    with open(f"{HERE}/onnx_resnet18.onnx", "wb") as file:
        file.write(model.SerializeToString())
    with open(f"{HERE}/onnx_import.lua", "w") as file:
        file.write("-- Written by spec/golden/onnx_import.py.\nreturn {\n")
        for name, values in [
            ("evaluated", logits.flatten()[::67]), ("trained", trained.detach().flatten()[::67]),
            ("gradients", [checksum(net.conv1.weight.grad), checksum(net.layer4[1].bn2.weight.grad),
                           checksum(net.fc.weight.grad)]),
            ("running_mean", net.bn1.running_mean[:4]),
        ]:
            file.write(f"  {name} = {numbers([float(v) for v in np.asarray(values)])},\n")
        file.write("}\n")


main()
