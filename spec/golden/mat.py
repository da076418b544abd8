# Writes svhn_32x32.mat and imagenet_meta.mat, small ones of the kind that SVHN and ImageNet's devkit come
# with, matlab.mat and matlab_compressed.mat (scipy.io.savemat), and matlab_big.mat (big-endian, put
# together here by the format's description): arrays of every class that spec/io_mat_spec.lua expects.
#
#   python spec/golden/mat.py        (a Python with scipy and numpy)
import os
import struct

import numpy as np
import scipy.io
import scipy.sparse

here = os.path.dirname(os.path.abspath(__file__))
variables = {}
for t in ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]:
    variables[t] = np.arange(6).reshape(2, 3).astype(t)
variables.update(
    cube=np.arange(24.0).reshape(2, 3, 4),
    largest_u2=np.array([[2**16 - 1, 2**15]], "u2"), largest_u4=np.array([[2**32 - 1, 2**31]], "u4"),
    least_i8=np.array([[-2**63]], "i8"),
    logical=np.array([[True, False], [False, False], [True, True]]),
    complex=np.array([[1 + 2j, 3 - 4j]]),
    empty=np.zeros((0, 3)), number=np.array([[2.5]]),
    text="photo of a cat", unicode="Café ünter 日本", emoji="a 😀", lines=np.array(["one", "two", "six"]), blank="",
    cell=np.array([[np.arange(3.0), "word"], [np.array([], object), np.array(["x", 7.0], object)]], object),
    record={"name": "eight", "size": np.array([[3, 4]], "u1"), "inner": {"deep": 1.0}},
    records=np.array([("first", 1), ("second", 2)], dtype=[("label", "O"), ("id", "i4")]),
    sparse=scipy.sparse.csc_matrix(np.array([[0, 1.5, 0, 0], [2, 0, 0, 3], [0, 4, 0, 0]])),
    sparse_none=scipy.sparse.csc_matrix((3, 0)), sparse_empty=scipy.sparse.csc_matrix((3, 2)),
)
scipy.io.savemat(os.path.join(here, "matlab.mat"), variables)
scipy.io.savemat(os.path.join(here, "matlab_compressed.mat"), variables, do_compression=True)


def element(kind, data):
    return struct.pack(">II", kind, len(data)) + data + b"\0" * (-len(data) % 8)


def matrix(name, dims, flags, body):
    name = struct.pack(">HH", len(name), 1) + name.ljust(4, b"\0") if len(name) <= 4 else element(1, name)
    return element(14, element(6, struct.pack(">II", flags, 0)) + element(5, struct.pack(f">{len(dims)}i", *dims))
                   + name + body)


header = b"MATLAB 5.0 MAT-file".ljust(124, b" ") + b"\x01\x00MI"
big = [
    # double stored as int16, down the columns
    matrix(b"x", (2, 3), 6, element(3, struct.pack(">6h", 0, -3, 1, 4, 2, 5))),
    matrix(b"words", (1, 3), 4, element(4, "añb".encode("utf-16-be"))),
    matrix(b"high", (1, 2), 4, element(4, "😀".encode("utf-16-be"))),
    matrix(b"u4", (1, 1), 13, struct.pack(">HHI", 4, 6, 2**32 - 2)),
    matrix(b"f", (1, 1), 16, b""),
]
with open(os.path.join(here, "matlab_big.mat"), "wb") as file:
    file.write(header + b"".join(big))

pixels = ((np.arange(32 * 32 * 3 * 5) * 7) % 251).astype("u1").reshape(32, 32, 3, 5)
scipy.io.savemat(os.path.join(here, "svhn_32x32.mat"), {"X": pixels, "y": np.array([[1], [10], [9], [2], [10]], "u1")},
                 do_compression=True)

fields = ["ILSVRC2012_ID", "WNID", "words", "gloss", "num_children", "children", "wordnet_height"]
synsets = np.zeros((4, 1), dtype=[(f, object) for f in fields])
for k, (number, wnid, words, children) in enumerate([(1, "n02119789", "kit fox, Vulpes macrotis", []),
                                                     (2, "n02100735", "English setter", []),
                                                     (3, "n01440764", "tench, Tinca tinca", []),
                                                     (1001, "n02083346", "canine, canid", [1.0, 2.0])]):
    synsets[k, 0] = (float(number), wnid, words, "a gloss", float(len(children)), np.array(children), 0.0)
scipy.io.savemat(os.path.join(here, "imagenet_meta.mat"), {"synsets": synsets}, do_compression=True)
