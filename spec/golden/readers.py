"""Writes spec/golden/numpy.npz and numpy_deflated.npz: arrays of every type that NumPy's format has
and Tocha reads, in both byte orders and both orders of dimensions.

    python spec/golden/readers.py

Each array holds 0, 1, 2 ... (modulo 2 for bool) in the shape that spec/readers_spec.lua expects.
"""
import os
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
types = ["?", "u1", "i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "<u2", ">u2", "<u4", ">u4",
         "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"]
arrays = {}
for t in types:
    name = t.replace("<", "little_").replace(">", "big_").replace("?", "bool")
    arrays[name] = (np.arange(6).reshape(2, 3) % (2 if t == "?" else 6)).astype(t)
arrays["fortran"] = np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))
arrays["scalar"] = np.array(7, dtype="<i4")
arrays["empty"] = np.zeros((0, 3))
arrays["largest_u4"] = np.array([2**32 - 1, 2**31], dtype="<u4")
arrays["largest_u2"] = np.array([2**16 - 1, 2**15], dtype=">u2")
np.savez(os.path.join(here, "numpy.npz"), **arrays)
np.savez_compressed(os.path.join(here, "numpy_deflated.npz"), **arrays)
