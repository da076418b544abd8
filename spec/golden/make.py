#!/usr/bin/env python3
"""Makes spec/golden/ops.txt: PyTorch's results and gradients for the samples of every operation.

    python spec/golden/make.py       (a Python with PyTorch; a built checkout)

Reads what spec/golden/dump.lua writes, calls PyTorch in float64 on the same arguments, and records
the results and the gradients of sum(output_k * w_k), with the fixed weights w of
lua/tocha/gradcheck.lua.
Fails when an operation is neither mapped nor listed as having no counterpart (counterparts.py).

The file, a record a line:
    op NAME                                    or   absent NAME: reason
    sample FINGERPRINT
    result DTYPE SIZES: values                 a Lua number or boolean has the dtype "value"
    gradient PLACE: values                     PLACE is that of the argument (and in its list)
"""

import inspect
import json
import math
import os
import subprocess
import sys
import warnings

import torch
import torch.nn.functional as F

from counterparts import ABSENT, FUNCTIONAL, INDICES, LINALG, NO_GRADIENT, SPECIAL

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MODULES = (torch, F, torch.linalg, torch.special, torch.fft, torch.Tensor)

REFUSALS = ("not implemented", "not differentiable when", "which is not computed")


# ---- arguments, counted from 0 ------------------------------------------------------------------

def place0(value):
    return value - 1 if isinstance(value, int) and value > 0 else value


def places0(value):
    return [places0(v) for v in value] if isinstance(value, list) else place0(value)


def paired0(value):
    """Lists of dimensions; a plain number counts them."""
    return places0(value) if isinstance(value, list) else value


def index0(value):
    return torch.where(value > 0, value - 1, value) if torch.is_tensor(value) else value


def id0(value):
    """Ids may be 0 for "none" (a target of multilabel_margin_loss), which is -1."""
    return value - 1 if torch.is_tensor(value) and not value.is_floating_point() else value


def indices0(value):
    return [index0(v) for v in value] if isinstance(value, list) else index0(value)


def dtype(value):
    return getattr(torch, value) if isinstance(value, str) else value


def dtype_or_device(value):
    found = getattr(torch, value, None)
    return found if isinstance(found, torch.dtype) else value


def same(value):
    return value


BY_CODE = {"d": places0, "D": places0, "I": index0, "y": dtype}
BY_NAME = {  # where the code of an argument does not tell that it counts
    "dim": places0, "dim1": places0, "dim2": places0, "padding_idx": place0, "ignore_index": place0,
    "blank": place0, "indices": indices0,
}
BY_OP = {
    ("select", "index"): place0, ("narrow", "start"): place0, ("permute", "dims"): places0,
    ("squeeze_dims", "dims"): places0, ("to", "dtype"): dtype_or_device,
    ("tensordot", "dims"): paired0, ("cross_entropy", "target"): id0, ("nll_loss", "target"): id0,
    ("softmax_focal_loss", "target"): id0, ("dice_loss", "target"): id0,
    ("tversky_loss", "target"): id0, ("multi_margin_loss", "target"): id0, ("multilabel_margin_loss", "target"): id0,
}
COUNTS = {"input_lengths", "target_lengths"}  # integer tensors that are no indices


def translator(op, name, code):
    if name in COUNTS:
        return same
    return BY_OP.get((op, name)) or BY_NAME.get(name) or BY_CODE.get(code, same)


def build(value):
    """A value of the dump: tensors are made, lists and options gone through."""
    if isinstance(value, list):
        return [build(v) for v in value]
    if isinstance(value, dict) and "dtype" in value:
        flat = torch.tensor(value["data"], dtype=getattr(torch, value["dtype"]))
        return flat.reshape(value["shape"])
    return value


def wrap_indices(op, args):
    """Negative indices along a dimension, which some functions of PyTorch do not know."""
    names = [name for name, _ in op["params"]]
    if "dim" not in names or not torch.is_tensor(args[0]):
        return
    at = names.index("dim")
    for k, (_, code) in enumerate(op["params"][:len(args)]):
        known = at < len(args) and isinstance(args[at], int)
        if code == "I" and known and torch.is_tensor(args[k]):
            args[k] = torch.where(args[k] < 0, args[k] + args[0].size(args[at]), args[k])


def arguments(op, sample):
    args, named = [build(v) for v in sample["args"]], {}
    if args and isinstance(args[-1], dict):
        named = args.pop()["options"]
    params = op["params"]
    args = [translator(op["name"], *params[k])(v) for k, v in enumerate(args)]
    codes = dict(params)
    named = {k: translator(op["name"], k, codes[k])(build(v)) for k, v in named.items()}
    wrap_indices(op, args)
    return args, named


# ---- calls --------------------------------------------------------------------------------------

def resolve(name):
    if name in SPECIAL:
        return SPECIAL[name]
    modules = (F,) if name in FUNCTIONAL else (torch.linalg,) if name in LINALG else MODULES
    for module in modules:
        f = getattr(module, name, None)
        if callable(f):
            return f
    return None


def parameters(f, names):
    """The parameters of a function written in Python, when it has all these names."""
    try:
        known = {} if f in SPECIAL.values() else inspect.signature(f).parameters
    except (TypeError, ValueError):
        return None
    return known if all(name in known for name in names) else None


def call(f, op, args, named):
    """Functions written in Python are called by keyword: some of their places are historical."""
    names = [name for name, _ in op["params"]][:len(args)]
    known = parameters(f, names)
    if not known:
        try:
            return f(*args, **named)
        except TypeError:  # options that PyTorch takes by name only: what follows the last tensor
            last = max(k for k, v in enumerate(args, 1) if torch.is_tensor(v))
            return f(*args[:last], **dict(zip(names[last:], args[last:])), **named)
    given = {name: value for name, value in zip(names, args)
             if value is not None or known[name].default is inspect.Parameter.empty}
    return f(**given, **named)


def flatten(result):
    if isinstance(result, (list, tuple)):
        return [y for part in result for y in flatten(part)]
    return [result]


def weights(y, k):
    w = [math.sin(1.7 * i + k) + 0.3 for i in range(1, y.numel() + 1)]
    return torch.tensor(w, dtype=torch.float64).reshape(y.shape)


def leaves(op, args):
    """(place, tensor) of every floating argument, also in lists; they become leaves."""
    found, without = [], NO_GRADIENT.get(op["name"], [])
    for k, value in enumerate(args, 1):
        if op["params"][k - 1][0] in without:
            continue
        for j, x in enumerate(value if isinstance(value, list) else [value], 1):
            if torch.is_tensor(x) and x.is_floating_point() and x.numel() > 0:
                place = f"{k}.{j}" if isinstance(value, list) else str(k)
                found.append((place, x.requires_grad_()))
    return found


def gradients(outputs, inputs):
    terms = [(y * weights(y, k)).sum() for k, y in enumerate(outputs, 1)
             if torch.is_tensor(y) and y.requires_grad]
    if not terms:
        return []
    grads = torch.autograd.grad(sum(terms), [x for _, x in inputs], allow_unused=True)
    return [(place, g) for (place, _), g in zip(inputs, grads)]


# ---- the file -----------------------------------------------------------------------------------

def text(values):
    return " ".join(format(v, ".13g") if isinstance(v, float) else str(int(v)) for v in values)


def result_line(y):
    if not torch.is_tensor(y):
        return f"result value : {text([y])}"
    kind = str(y.dtype).removeprefix("torch.")
    return f"result {kind} {','.join(map(str, y.shape))}: {text(y.detach().reshape(-1).tolist())}"


def gradient_line(place, g):
    return f"gradient {place}: {'none' if g is None else text(g.reshape(-1).tolist())}"


def sample_lines(op, f, sample):
    args, named = arguments(op, sample)
    inputs = leaves(op, args)
    outputs = flatten(call(f, op, args, named))
    lines = [f"sample {sample['fingerprint']}"]
    for k, y in enumerate(outputs):
        lines.append(result_line(y + 1 if k in INDICES.get(op["name"], []) else y))
    if not sample["gradients"]:
        return lines
    try:
        grads = gradients(outputs, inputs)
    except RuntimeError as problem:
        if not any(words in str(problem) for words in REFUSALS):
            raise
        grads = [(place, None) for place, _ in inputs]
    return lines + [gradient_line(place, g) for place, g in grads]


def op_lines(op, problems):
    name = op["name"]
    reason = "random" if op["random"] else ABSENT.get(name)
    if reason:
        return [f"absent {name}: {reason}"]
    f = resolve(name)
    if f is None:
        problems.append(f"{name}: no function of PyTorch by this name; see counterparts.py")
        return []
    lines = [f"op {name}"]
    for k, sample in enumerate(op["samples"], 1):
        try:
            lines += sample_lines(op, f, sample)
        except Exception as problem:  # whatever PyTorch raises: all of it at once in the report
            problems.append(f"{name}, sample {k}: {type(problem).__name__}: {problem}")
    return lines


def dump():
    path = f"{ROOT}/lua/?.lua;{ROOT}/lua/?/init.lua;{ROOT}/?.lua;;"
    build_dir = os.environ.get("TOCHA_BUILD", "build")
    env = dict(os.environ, LUA_PATH=path, LUA_CPATH=f"{os.path.join(ROOT, build_dir)}/?.so;;")
    lua = os.environ.get("LUA", "lua5.4")
    return json.loads(subprocess.run([lua, f"{HERE}/dump.lua"], env=env, check=True,
                                     stdout=subprocess.PIPE, text=True).stdout)


def main():
    warnings.simplefilter("ignore")
    ops, problems = dump(), []
    lines = [f"# Made by spec/golden/make.py with PyTorch {torch.__version__}. Do not edit."]
    for op in sorted(ops, key=lambda op: op["name"]):
        lines += op_lines(op, problems)
    stale = sorted((set(SPECIAL) | set(ABSENT)) - {op["name"] for op in ops})
    problems += [f"{name}: in counterparts.py, but not in the registry" for name in stale]
    if problems:
        sys.exit("\n".join(problems))
    with open(f"{HERE}/ops.txt", "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")


main()
