"""Makes pytorch.pt, pytorch_old.pt and pytorch_deflated.pt: one object, torch.save's two forms.

    /opt/torch/bin/python spec/golden/pytorch.py
"""
import pathlib
import zipfile
from collections import OrderedDict

import numpy
import torch

HERE = pathlib.Path(__file__).parent
DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64"]


def contents(unsigned):
    base = torch.arange(24, dtype=torch.float32)
    tensors = {name: torch.tensor([[1, 0, 1]], dtype=getattr(torch, name)) for name in DTYPES}
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    for k, p in enumerate(net.parameters()):
        p.data = torch.arange(p.numel(), dtype=torch.float32).reshape(p.shape) + k
    tagged = torch.nn.Parameter(torch.tensor([5.0]))
    tagged.note = "kept by Python only"
    object = {
        "dtypes": tensors, "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3),
        "row": base[2:5], "transposed": base.view(4, 6).t(), "expanded": base[7].expand(2, 3),
        "column": base.view(4, 6)[1:, 2], "net": net.state_dict(), "parameter": net[0].bias,
        "tagged": tagged, "size": base.view(4, 6).shape, "dtype": torch.float16,
        "epoch": 3, "negative": -70000, "large": 1 << 40, "beyond": 1 << 70, "lr": 0.125,
        "none": None, "flags": [True, False, None], "name": "r\u00e9seau", "bytes": b"\0\1",
        "pair": ("a", (1,)), "by_number": {0: "zero", 1: "one"}, "ordered": OrderedDict(x=1),
        "numpy": [numpy.float64(0.5), numpy.float32(-2), numpy.int64(-3), numpy.uint8(200), numpy.bool_(True)],
        "params": {"deep": {"er": torch.tensor([1, 2])}},
    }
    if unsigned:
        object["uint16"] = torch.tensor([1, 65535], dtype=torch.uint16)
        object["uint32"] = torch.tensor([1, 4294967295], dtype=torch.uint32)
    return object


torch.save(contents(True), HERE / "pytorch.pt")
torch.save(contents(False), HERE / "pytorch_old.pt", _use_new_zipfile_serialization=False)
torch.save(contents(True), HERE / "pytorch_protocol4.pt", pickle_protocol=4)
with zipfile.ZipFile(HERE / "pytorch.pt") as source:
    with zipfile.ZipFile(HERE / "pytorch_deflated.pt", "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            target.writestr(zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0)), source.read(info),
                            zipfile.ZIP_DEFLATED)
