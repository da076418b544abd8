#!/usr/bin/env python3
"""Makes spec/golden/transforms.safetensors: what Pillow and torchvision make of small pictures.

    python spec/golden/transforms.py        (a Python with torchvision 0.29 and Pillow)

Pictures "bytes" (3, 15, 21), "grey" (1, 15, 21), "dark" (3, 17, 12; one channel even, values up to 90),
"floats" (3, 9, 10; 0..1) and "batch" (2, 3, 9, 14, bytes); results "CASE" have the names of the rows of
spec/vision_transforms_golden_spec.lua. Cases "pillow ..." are Pillow's, the others torchvision's v2
functions of tensors.
"""

import os

import numpy
import torch
from PIL import Image
from safetensors.torch import save_file
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as F

torch.manual_seed(7)
out = {}


def smooth(c, h, w):
    """Waves and noise: like a photograph, neighbours are alike and all values come."""
    y, x = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    planes = [torch.sin(x / (2.0 + k) + k) * torch.cos(y / (3.0 + k)) for k in range(c)]
    noise = torch.rand(c, h, w) - 0.5
    return ((torch.stack(planes) * 100 + 128) + noise * 60).clamp(0, 255).round().to(torch.uint8)


x = out["bytes"] = smooth(3, 15, 21)
grey = out["grey"] = smooth(1, 15, 21)
dark = smooth(3, 17, 12) // 3 + 5
dark[1] = 77
out["dark"] = dark
floats = out["floats"] = torch.rand(3, 9, 10)
batch = out["batch"] = torch.stack([smooth(3, 9, 14), smooth(3, 9, 14).flip(2)])

# ---- resizing by Pillow --------------------------------------------------------------------------

FILTERS = {"nearest-exact": Image.NEAREST, "box": Image.BOX, "bilinear": Image.BILINEAR, "hamming": Image.HAMMING,
           "bicubic": Image.BICUBIC, "lanczos": Image.LANCZOS}
SIZES = [(9, 13), (15, 12), (8, 21), (27, 35), (1, 1), (15, 40), (30, 7), (5, 24), (3, 18)]


def to_pillow(picture):
    return Image.fromarray(picture.permute(1, 2, 0).squeeze(2).numpy())


def from_pillow(image):
    array = torch.from_numpy(numpy.array(image))
    return array[None] if array.ndim == 2 else array.permute(2, 0, 1)


for name, filter in FILTERS.items():
    for h, w in SIZES:
        out[f"pillow {name} {h}x{w}"] = from_pillow(to_pillow(x).resize((w, h), filter))
    out[f"pillow grey {name}"] = from_pillow(to_pillow(grey).resize((17, 10), filter))
    part = to_pillow(x).crop((4, 3, 4 + 15, 3 + 10))
    out[f"pillow crop {name}"] = from_pillow(part.resize((11, 12), filter))
    if name != "nearest-exact":  # Pillow's 32-bit pictures; nearest is the same as for bytes
        planes = [Image.fromarray(p.numpy()).resize((13, 9), filter) for p in floats]
        out[f"pillow floats {name}"] = torch.stack([torch.from_numpy(numpy.array(p)) for p in planes])

# ---- torchvision ---------------------------------------------------------------------------------

NEAREST, BILINEAR = InterpolationMode.NEAREST, InterpolationMode.BILINEAR


def both(name, f, *more):
    """A function of bytes, and of floats; the floats' white is 1.0."""
    out[name + " bytes"] = f(x, *more)
    out[name + " floats"] = f(floats, *more)


both("nearest", lambda p: F.resize(p, [11, 40], interpolation=NEAREST))
both("plain bilinear", lambda p: F.resize(p, [11, 40], antialias=False))
both("plain bicubic", lambda p: F.resize(p, [30, 12], interpolation=InterpolationMode.BICUBIC, antialias=False))
both("shorter side", lambda p: F.resize(p, [14]))
both("max size", lambda p: F.resize(p, [20], max_size=25))
both("longer side", lambda p: F.resize(p, None, max_size=19))
both("crop", lambda p: F.crop(p, 3, 5, 10, 12))
both("crop outside", lambda p: F.crop(p, -2, 7, 12, 16))
both("crop away", lambda p: F.crop(p, 30, 3, 4, 5))
for h, w in [(10, 11), (8, 10), (30, 14), (31, 36), (14, 19), (12, 20)]:
    both(f"center {h}x{w}", lambda p: F.center_crop(p, [h, w]))
for k, p in enumerate(F.five_crop(x, [8, 9])):
    out[f"five {k + 1}"] = p
for k, p in enumerate(F.ten_crop(x, [8, 9], vertical_flip=True)):
    out[f"ten {k + 1}"] = p
both("pad", lambda p: F.pad(p, [1, 2, 3, 4]))
both("pad two", lambda p: F.pad(p, [1, 2], fill=1))
out["pad color"] = F.pad(x, [2], fill=[1, 2, 3])
for mode in ["edge", "reflect", "symmetric"]:
    both(f"pad {mode}", lambda p: F.pad(p, [5, 2, 3, 4], padding_mode=mode))
both("hflip", F.horizontal_flip)
both("vflip", F.vertical_flip)
both("permute", lambda p: F.permute_channels(p, [2, 0, 1]))

for mode in [NEAREST, BILINEAR]:
    both(f"rotate {mode.value}", lambda p: F.rotate(p, 33.3, interpolation=mode))
    both(f"rotate expand {mode.value}", lambda p: F.rotate(p, -21.7, interpolation=mode, expand=True))
    both(f"rotate center {mode.value}", lambda p: F.rotate(p, 71.3, interpolation=mode, center=[3, 7.5]))
    both(f"affine {mode.value}",
         lambda p: F.affine(p, 17.3, [3, -2], 1.23, [11.1, -7.3], interpolation=mode))
    both(f"affine center {mode.value}",
         lambda p: F.affine(p, -17.3, [3, -2], 0.71, [5.3], interpolation=mode, center=[2.5, 20]))
    corners = [[0, 0], [20, 0], [20, 14], [0, 14]], [[2.3, 3.1], [17.4, 1.2], [19.3, 12.4], [4.1, 13.2]]
    both(f"perspective {mode.value}", lambda p: F.perspective(p, *corners, interpolation=mode))
    for kind, p in [("bytes", x), ("floats", floats)]:
        displacement = (torch.rand(1, *p.shape[1:], 2) - 0.5) * 0.31
        out[f"displacement {mode.value} {kind}"] = displacement
        out[f"elastic {mode.value} {kind}"] = F.elastic(p, displacement, interpolation=mode)
both("rotate fill", lambda p: F.rotate(p, 33.3, interpolation=NEAREST, fill=[1, 0.5, 0]))
for angle in [90, 180, 270, -90, 360]:
    both(f"turn {angle}", lambda p: F.rotate(p, angle, expand=True))
both("turn within", lambda p: F.rotate(p, 180))

for factor in [0.0, 0.37, 1.0, 1.9]:
    for name in ["brightness", "contrast", "saturation", "sharpness"]:
        both(f"{name} {factor}", getattr(F, "adjust_" + name), factor)
        out[f"{name} {factor} grey"] = getattr(F, "adjust_" + name)(grey, factor)
for hue in [-0.5, -0.13, 0.0, 0.31, 0.5]:
    both(f"hue {hue}", F.adjust_hue, hue)
out["hue dark"] = F.adjust_hue(dark, 0.2)
both("gamma", F.adjust_gamma, 0.6)
both("gamma gain", F.adjust_gamma, 2.2, 1.5)
for bits in [0, 1, 3, 8]:
    both(f"posterize {bits}", F.posterize, bits)
out["solarize bytes"], out["solarize floats"] = F.solarize(x, 128), F.solarize(floats, 0.4)
for name in ["invert", "autocontrast", "equalize", "rgb_to_grayscale"]:
    both(name, getattr(F, name))
    out[name + " dark"] = getattr(F, name)(dark)
out["grey 3"] = F.rgb_to_grayscale(x, 3)
out["even equalize"] = F.equalize(torch.full((1, 4, 4), 9, dtype=torch.uint8))
both("blur", F.gaussian_blur, [5, 3])
both("blur sigma", F.gaussian_blur, [7, 9], [1.3, 0.4])
both("erase", lambda p: F.erase(p, 3, 2, 4, 6, torch.tensor([1, 0, 1], dtype=p.dtype)[:, None, None]))
out["to floats"], out["to bytes"] = F.to_dtype(x, torch.float32, True), F.to_dtype(floats, torch.uint8, True)
out["normalize"] = F.normalize(floats, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
out["normalize bytes"] = F.normalize(out["to floats"], [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])

# Of a batch: one set of parameters, statistics a picture.
for name, f in {"resize": lambda p: F.resize(p, [5, 6]), "rotate": lambda p: F.rotate(p, 33.3, interpolation=BILINEAR),
                "contrast": lambda p: F.adjust_contrast(p, 0.4), "equalize": F.equalize, "hue": lambda p:
                F.adjust_hue(p, 0.3), "autocontrast": F.autocontrast, "blur": lambda p: F.gaussian_blur(p, [3, 3]),
                "saturation": lambda p: F.adjust_saturation(p, 1.7), "sharpness": lambda p: F.adjust_sharpness(p, 1.7)
                }.items():
    out[f"batch {name}"] = f(batch)

save_file({k: v.clone().contiguous() for k, v in out.items()}, os.path.splitext(os.path.abspath(__file__))[0] + ".safetensors")
print(len(out), "tensors")
