-- tocha.vision.draw: on pictures, and pictures for eyes, by the names of torchvision.utils.
--
--     local x = vision.draw.bounding_boxes(photo, boxes, { labels = names, width = 3 })
--     vision.draw.show(x)                                  -- in the terminal
--     vision.draw.save_image(batch, "batch.png")           -- a grid
--
-- A picture is (C, H, W), C 1 or 3, or (H, W): uint8, or floats of 0 to 1. Each function gives a
-- new one of three channels and the same dtype. Coordinates are (x, y), counted in pixels from 0 at
-- the upper left; a whole number is the middle of a pixel, as in Pillow and matplotlib. Colours are
-- those of tocha.plot: "red", "#ff0000", "C1", {1, 0, 0}; one for all or a list.
--
-- Text, lines and polygons are drawn by libcairo and are an error without; boxes, masks, heat maps
-- and grids need nothing.

-- File of tocha/vision/draw -> the names it gives.
return require "tocha.contents" ("tocha.vision.draw", {
  boxes = "bounding_boxes",
  flow = "flow_to_image",
  grid = "make_grid save_image",
  masks = "segmentation_masks heat_map",
  shapes = "keypoints lines polygons text",
  show = "show",
})
