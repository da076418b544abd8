---@meta tocha.vision.draw
-- Written by `make annotations`; do not edit.

---tocha.vision.draw: on pictures, and pictures for eyes, by the names of torchvision.utils.
---
---    local x = vision.draw.bounding_boxes(photo, boxes, { labels = names, width = 3 })
---    vision.draw.show(x)                                  -- in the terminal
---    vision.draw.save_image(batch, "batch.png")           -- a grid
---
---A picture is (C, H, W), C 1 or 3, or (H, W): uint8, or floats of 0 to 1. Each function gives a
---new one of three channels and the same dtype. Coordinates are (x, y), counted in pixels from 0 at
---the upper left; a whole number is the middle of a pixel, as in Pillow and matplotlib. Colours are
---those of tocha.plot: "red", "#ff0000", "C1", {1, 0, 0}; one for all or a list.
---
---Text, lines and polygons are drawn by libcairo and are an error without; boxes, masks, heat maps
---and grids need nothing.
---@class tocha.vision.draw
local draw = {}

---vision.draw.bounding_boxes(x, boxes, {labels, colors, fill = false, width = 1, font_size = 12,
---label_colors, label_background_colors, fill_labels = false}): the picture with boxes (N, 4) of
---(xmin, ymin, xmax, ymax), whose frames are `width` pixels inwards; what lies outside is left
---out. `fill` tints their insides; `labels`, a list of texts (false for none), stand in their
---upper left corners, with `fill_labels` on a ground of the box's colour. As torchvision's
---draw_bounding_boxes.
---@return any ...
function draw.bounding_boxes(x, boxes, options) end

---vision.draw.flow_to_image(flow): optical flow (2, H, W), how far each pixel moves to the right
---and down, or (N, 2, H, W), as pictures (3, H, W) or (N, 3, H, W) uint8: white where nothing
---moves, the longest in full colour. As torchvision's.
---@return any ...
function draw.flow_to_image(flow) end

---vision.draw.heat_map(x, map, {cmap = "turbo", alpha = 0.5, vmin, vmax}): the picture with
---numbers (h, w) over it in a colour map (tocha.plot.colormap): a saliency, the output of a
---network. A smaller map is enlarged. From vmin to vmax, or from the least to the greatest; NaN is
---clear.
---@return any ...
function draw.heat_map(x, map, options) end

---vision.draw.keypoints(x, keypoints, {connectivity, colors, radius = 2, width = 3, visibility}):
---the picture with K points (x, y) of each of N instances, (N, K, 2). `connectivity` {{1, 2}, {2,
---3}} joins points, counted from 1, by lines; what `visibility` (N, K) has 0 or false for is left
---out. A colour an instance. As torchvision's draw_keypoints.
---@return any ...
function draw.keypoints(x, keypoints, options) end

---vision.draw.lines(x, paths, {colors, width = 2}): the picture with lines through points (K, 2),
---or several: (N, K, 2), or a list of lists or tensors of points (x, y).
---@return any ...
function draw.lines(x, paths, options) end

---vision.draw.make_grid(images, {nrow = 8, padding = 2, normalize = false, value_range, scale_each
---= false, pad_value = 0}): pictures (N, C, H, W), or a list of them, as one (C, ..., ...), `nrow`
---in each row, `padding` pixels between them. `normalize` brings value_range {least, greatest}, or
---the least and greatest of all, with scale_each of each, to 0 and 1. As torchvision's make_grid.
---@return any ...
function draw.make_grid(x, options) end

---vision.draw.polygons(x, paths, {colors, width = 2, fill = nil}): the same, closed; `fill` is the
---opacity of their insides, 0 to 1.
---@return any ...
function draw.polygons(x, paths, options) end

---vision.draw.save_image(images, path, options): a picture, or the grid of pictures, to a file
---whose name's end says the format; floats are 0 to 1. Options as make_grid has, and quality,
---lossless, compression_level as vision.io.write.
---@return any ...
function draw.save_image(x, path, options) end

---vision.draw.segmentation_masks(x, masks, {alpha = 0.8, colors}): the picture with masks (N, H,
---W) or (H, W) of bool over it, or a map (H, W) of classes, integers from 1, 0 being none. Where
---masks overlap it is black. As torchvision's draw_segmentation_masks.
---@return any ...
function draw.segmentation_masks(x, m, options) end

---vision.draw.show(x, {graphics = "kitty" | "sixel" | "iterm" | "none", scale, width, height,
---colors, ascii}): the picture (C, H, W) or (H, W), or the grid of pictures (N, C, H, W), in the
---terminal: as a picture, each pixel `scale` times as large, where the terminal can; otherwise in
---half blocks, at most width x height characters. Returns nothing.
---@return any ...
function draw.show(x, options) end

---vision.draw.text(x, text, at, {color = "white", size = 14, halign = "left", valign = "top", bold
---= false, halo = "black"}): the picture with text at {x, y}, which may have several lines. halign
---is "left", "center" or "right", valign "top", "middle" or "bottom" of it; `halo` false leaves
---out the rim by which it is read on any ground.
---@return any ...
function draw.text(x, text, at, options) end

return draw
