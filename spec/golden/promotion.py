#!/usr/bin/env python3
"""Prints the table of spec/promotion_spec.lua: the dtypes of PyTorch's results.

A row a dtype of the first operand, a letter a dtype of the second: first with dimensions, then 0-d,
then a Python integer and a float. The last two rows are those numbers as the first operand.
"""

import torch

LETTERS = {
    "b": torch.bool, "u": torch.uint8, "c": torch.int8, "s": torch.int16, "i": torch.int32,
    "l": torch.int64, "h": torch.float16, "g": torch.bfloat16, "f": torch.float32, "d": torch.float64,
}
NAMES = {dtype: letter for letter, dtype in LETTERS.items()}
OPS = {"add": torch.add, "div": torch.div, "pow": torch.pow}
NUMBERS = (2, 2.0)


def letter(f, a, b):
    try:
        return NAMES[f(a, b).dtype]
    except (RuntimeError, TypeError):
        return "-"


def tensors(*shape):
    return [torch.ones(shape, dtype=dtype) for dtype in LETTERS.values()]


def row(f, a):
    """The letters of a against everything, a number against tensors only."""
    groups = [tensors(2), tensors()] + ([list(NUMBERS)] if torch.is_tensor(a) else [])
    return " ".join("".join(letter(f, a, b) for b in group) for group in groups)


for name, f in OPS.items():
    print(f"  {name} = {{")
    for a in tensors(2) + list(NUMBERS):
        print(f'    "{row(f, a)}",')
    print("  },")
