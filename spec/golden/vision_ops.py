"""Writes vision_ops.safetensors: what torchvision.ops gives, with what went in.

    python spec/golden/vision_ops.py                (a Python with PyTorch and torchvision 0.29)

Names are case/what. Indices are torchvision's, from 0.
"""
import pathlib
import sys

sys.path.pop(0)  # beside this file lie others that are called as libraries are

import torch  # noqa: E402
import torchvision.ops as ops  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

out = {}


def keep(case, **tensors):
    for name, x in tensors.items():
        out[f"{case}/{name}"] = x.detach().clone().contiguous()


def boxes(n, size=100.0, integers=False):
    corner, side = torch.rand(n, 2) * size, torch.rand(n, 2) * size / 4 + 1
    made = torch.cat([corner, corner + side], 1)
    return made.round() if integers else made


torch.manual_seed(3)

# ---- suppression: real boxes; whole ones, which tie in score and at the threshold
for case, n, integers in (("nms", 500, False), ("ties", 400, True)):
    x, scores = boxes(n, 60.0, integers), torch.rand(n)
    if integers:
        scores = (scores * 10).round() / 10
    groups = torch.randint(0, 5, (n,))
    keep(case, boxes=x, scores=scores, groups=groups)
    for threshold in (0.0, 0.25, 0.5, 1.0):
        keep(f"{case}/{threshold}", keep=ops.nms(x, scores, threshold))
        keep(f"{case}/{threshold}", batched=ops.boxes._batched_nms_vanilla(x, scores, groups, threshold)
             if not integers else ops.batched_nms(x, scores, groups, threshold))

# ---- overlaps
a, b = boxes(7), boxes(5)
b[0], b[1] = a[0], torch.tensor([200.0, 200, 210, 230])
keep("pairs", a=a, b=b, area=ops.box_area(a), iou=ops.box_iou(a, b), generalized=ops.generalized_box_iou(a, b),
     distance=ops.distance_box_iou(a, b), complete=ops.complete_box_iou(a, b),
     small=ops.remove_small_boxes(a, 12.0), clipped=ops.clip_boxes_to_image(a * 2 - 50, (60, 70)))
for fmt in ("xywh", "cxcywh"):
    keep("pairs", **{fmt: ops.box_convert(a, "xyxy", fmt), "back_" + fmt: ops.box_convert(a, fmt, "xyxy"),
                     "iou_" + fmt: ops.box_iou(a, b, fmt=fmt)})
for name in ("generalized", "distance", "complete"):
    x = a[:5].clone().requires_grad_()
    y = getattr(ops, name + "_box_iou_loss")(x, b)
    y.sum().backward()
    keep("losses", **{name: y, name + "_grad": x.grad})
masks = torch.zeros(4, 6, 9)
masks[0, 2:5, 3:8] = 1
masks[1, 0, 0] = 2
masks[3, 1:, 8] = -1
keep("masks", masks=masks, boxes=ops.masks_to_boxes(masks))

# ---- regions
x = torch.randn(2, 3, 13, 17)
rois = torch.cat([torch.tensor([[0.0], [0], [1], [1], [1], [0]]), torch.cat([boxes(5, 50.0), torch.tensor([[
    -8.0, -5, 90, 4]])])], 1)
keep("roi", x=x, rois=rois)
for k, (size, scale, ratio, aligned) in enumerate((((4, 3), 0.25, 2, False), ((2, 5), 0.25, -1, False),
                                                   ((3, 3), 0.3, -1, True), ((1, 1), 0.2, 3, True))):
    v = x.clone().requires_grad_()
    y = ops.roi_align(v, rois, size, scale, ratio, aligned)
    (y * torch.arange(y.numel()).reshape(y.shape).sin()).sum().backward()
    keep(f"roi/align{k + 1}", y=y, grad=v.grad)
    v = x.clone().requires_grad_()
    y = ops.roi_pool(v, rois, size, scale)
    (y * torch.arange(y.numel()).reshape(y.shape).sin()).sum().backward()
    keep(f"roi/pool{k + 1}", y=y, grad=v.grad)

levels = [torch.randn(2, 3, 32, 24), torch.randn(2, 3, 16, 12), torch.randn(2, 3, 8, 6)]
per_picture = [boxes(6, 60.0), torch.tensor([[0.0, 0, 90, 120], [3, 4, 20, 12]])]
pooler = ops.MultiScaleRoIAlign(["a", "b", "c"], 3, 2, canonical_scale=64, canonical_level=3)
y = pooler(dict(zip("abc", levels)), per_picture, [(128, 96), (128, 96)])
keep("levels", **{f"map{k + 1}": m for k, m in enumerate(levels)}, boxes1=per_picture[0], boxes2=per_picture[1], y=y)

# ---- deformable convolution: parts of the channels, groups, one row
for k, (shape, weight, parts, opts) in enumerate((
        ((2, 4, 7, 6), (6, 2, 3, 3), 2, dict(stride=1, padding=1, dilation=1)),
        ((1, 3, 9, 8), (4, 3, 3, 2), 1, dict(stride=(2, 1), padding=(0, 1), dilation=(1, 2))),
        ((1, 2, 1, 6), (2, 2, 1, 3), 1, dict(stride=1, padding=(0, 1), dilation=1)))):
    x, w, bias = torch.randn(shape), torch.randn(weight), torch.randn(weight[0])
    plain = torch.nn.functional.conv2d(torch.zeros(shape[0], weight[1], *shape[2:]), torch.zeros(1, *weight[1:]),
                                       **opts)
    taps = weight[2] * weight[3]
    offset = torch.randn(shape[0], 2 * parts * taps, *plain.shape[2:]) * 1.5
    mask = torch.rand(shape[0], parts * taps, *plain.shape[2:])
    leaves = [t.requires_grad_() for t in (x, offset, w, mask)]
    y = ops.deform_conv2d(x, offset, w, bias, mask=mask, **opts)
    (y * torch.arange(y.numel()).reshape(y.shape).sin()).sum().backward()
    keep(f"deform{k + 1}", x=x, offset=offset, weight=w, bias=bias, mask=mask, y=y,
         unmasked=ops.deform_conv2d(x, offset, w, **opts),
         **{f"grad{j + 1}": t.grad for j, t in enumerate(leaves)})

# ---- layers
torch.manual_seed(5)
pyramid = ops.FeaturePyramidNetwork([2, 4, 3], 3, extra_blocks=ops.feature_pyramid_network.LastLevelMaxPool())
maps = [torch.randn(1, 2, 9, 7), torch.randn(1, 4, 5, 4), torch.randn(1, 3, 3, 2)]
made = list(pyramid(dict(zip("abc", maps))).values())
keep("pyramid", **{f"map{k + 1}": m for k, m in enumerate(maps)}, **{f"y{k + 1}": m for k, m in enumerate(made)})
for name, p in pyramid.state_dict().items():
    out["pyramid/state/" + name] = p.clone()
frozen = ops.FrozenBatchNorm2d(3)
for p in frozen.buffers():
    p.copy_(torch.rand(3) + 0.5)
x = torch.randn(2, 3, 4, 5)
keep("frozen", x=x, y=frozen(x), **dict(frozen.state_dict()))

save_file(out, str(pathlib.Path(__file__).with_suffix(".safetensors")))
