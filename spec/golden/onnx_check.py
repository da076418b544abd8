#!/usr/bin/env python3
"""Checks exported models with other tools: onnx's checker and onnxruntime.

    python3 spec/golden/onnx_check.py FOLDER [tolerance]

FOLDER holds NAME.onnx beside NAME.safetensors with the tensors input_1 ..., output_1 ... of one run
here; spec/onnx_export_spec.lua writes such a folder where TOCHA_ONNX_OUT names one. Differences are
held against the largest output. Needs onnx, onnxruntime and numpy; the suite does not run this.
"""
import pathlib
import struct
import json
import sys

import numpy as np
import onnx
import onnxruntime

DTYPES = {"F32": np.float32, "F64": np.float64, "I64": np.int64, "I32": np.int32, "BOOL": np.bool_,
          "U8": np.uint8, "F16": np.float16}


def load(path):
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    tensors = {}
    for name, t in header.items():
        first, last = t["data_offsets"]
        tensors[name] = np.frombuffer(data[8 + size:][first:last], DTYPES[t["dtype"]]).reshape(t["shape"])
    return tensors


def numbered(tensors, kind):
    return [tensors[f"{kind}_{k}"] for k in range(1, 100) if f"{kind}_{k}" in tensors]


def check(path, tolerance):
    onnx.checker.check_model(str(path), full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    worst = 0.0
    tensors = load(path.with_suffix(".safetensors"))
    inputs = {i.name: x for i, x in zip(session.get_inputs(), numbered(tensors, "input"))}
    for got, want in zip(session.run(None, inputs), numbered(tensors, "output"), strict=True):
        if got.shape != want.shape or got.dtype != want.dtype:
            raise ValueError(f"{got.dtype} {got.shape}, expected {want.dtype} {want.shape}")
        if got.size:
            got, want = (np.atleast_1d(y).astype(np.float64) for y in (got, want))
            scale = max(1, np.abs(want[np.isfinite(want)]).max(initial=0))
            difference = np.abs(got - want)
            difference[(got == want) | (np.isnan(got) & np.isnan(want))] = 0
            worst = max(worst, float(difference.max() / scale))
    if not worst <= tolerance:
        raise ValueError(f"differs by {worst:g}")
    return worst


def main():
    folder = pathlib.Path(sys.argv[1])
    tolerance = float(sys.argv[2]) if len(sys.argv) > 2 else 1e-4
    passed, failed, worst = 0, 0, 0.0
    for path in sorted(folder.glob("*.onnx")):
        try:
            worst = max(worst, check(path, tolerance))
            passed += 1
        except Exception as problem:  # every model is tried
            failed += 1
            print(path.stem, str(problem).splitlines()[0][:200])
    print(f"{passed} models pass, {failed} fail; largest difference {worst:.3g}")
    return failed > 0


sys.exit(main())
