"""Makes gguf_quants.gguf, a tensor of random blocks of each type, and gguf_quants.npz, their values by gguf-py; and
gguf_q8.npz: values and the Q8_0 blocks that they become.

    /opt/torch/bin/python spec/golden/gguf.py
"""
import pathlib
import sys

sys.path.pop(0)  # this file's folder: here `gguf` would be this file

import gguf
import numpy as np
from gguf import GGMLQuantizationType as T
from gguf import quants

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(3)
writer = gguf.GGUFWriter(HERE / "gguf_quants.gguf", "llama")
values = {}
for t in [T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0, T.Q2_K, T.Q3_K, T.Q4_K, T.Q5_K, T.Q6_K, T.IQ4_NL, T.IQ4_XS]:
    size, bytes_ = gguf.GGML_QUANT_SIZES[t]
    blocks = rng.integers(0, 256, (2, 256 // size * bytes_), dtype=np.uint8)
    values[t.name] = quants.dequantize(blocks, t)
    writer.add_tensor(t.name, blocks, raw_dtype=t)
writer.add_uint32("answer", 42)
writer.add_array("words", ["a", "b"])
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
np.savez(HERE / "gguf_quants.npz", **values)

x = np.concatenate([rng.normal(size=(3, 64)), np.zeros((1, 64)), np.full((1, 64), 127.0)]).astype("float32")
x[0, :4] = [0.5, -0.5, 1.5, 127.0]  # halves, with a scale of one
np.savez(HERE / "gguf_q8.npz", x=x, blocks=quants.quantize(x, T.Q8_0))
