# Writes draw.safetensors: what torchvision.utils draws on a small picture, for spec/vision_draw_spec.lua.
#
#   python spec/golden/draw.py        (a Python with torch, torchvision and safetensors)
import os

import torch
from safetensors.torch import save_file
from torchvision import utils

here = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(3)
out = {}
picture = out["picture"] = torch.randint(0, 256, (3, 24, 31), dtype=torch.uint8)
floats = out["floats"] = torch.rand(3, 24, 31)
boxes = out["boxes"] = torch.tensor([[2, 3, 12, 20], [8, 1, 30, 9], [5.7, 5.2, 9.9, 18.8], [20, 15, 40, 60]])
colors = ["red", (0, 128, 255), "#a0522d", "lime"]
for width in (1, 3):
    for fill in (False, True):
        out[f"boxes_{width}_{fill}"] = utils.draw_bounding_boxes(picture, boxes, colors=colors, width=width, fill=fill)
thin = out["thin"] = torch.tensor([[5, 5, 5, 18], [7, 2, 8, 3], [0, 0, 30, 23]])
out["thin_drawn"] = utils.draw_bounding_boxes(picture, thin, colors=colors[:3])
out["boxes_gray"] = utils.draw_bounding_boxes(picture[:1], boxes, colors="yellow")

masks = out["masks"] = torch.rand(3, 24, 31) > 0.6
out["masks_drawn"] = utils.draw_segmentation_masks(picture, masks, alpha=0.7, colors=colors[:3])
out["masks_floats"] = utils.draw_segmentation_masks(floats, masks, alpha=0.3, colors="red")
out["mask_one"] = utils.draw_segmentation_masks(picture, masks[0], colors="blue")

batch = out["batch"] = torch.randn(7, 3, 5, 4)
out["grid"] = utils.make_grid(batch, nrow=3)
out["grid_options"] = utils.make_grid(batch, nrow=4, padding=1, normalize=True, pad_value=0.5)
out["grid_each"] = utils.make_grid(batch, normalize=True, scale_each=True)
out["grid_range"] = utils.make_grid(batch[:, :1], normalize=True, value_range=(-1, 1), padding=0)
out["grid_one"] = utils.make_grid(batch[:1, :1])
out["grid_bytes"] = utils.make_grid([picture, picture.flip(2)], pad_value=255)
flow = out["flow"] = torch.randn(2, 2, 9, 7)
flow[0, :, 0, 0] = 0
out["flow_drawn"] = utils.flow_to_image(flow)
save_file({k: v.contiguous() for k, v in out.items()}, os.path.join(here, "draw.safetensors"))
