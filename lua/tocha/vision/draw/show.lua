-- Pictures in the terminal: as such where it can (kitty, sixel, iTerm2), else in half blocks.

local core = require "tocha.core"
local graphics = require "tocha.plot.graphics"
local make_grid = require "tocha.vision.draw.grid".make_grid
local picture = require "tocha.vision.draw.picture"
local registry = require "tocha.op"
local screen = require "tocha.plot.screen"
local signature = require "tocha.signature"
local Cells = require "tocha.plot.cells"

local ops <const> = registry.ops
local WHO <const> = "show"
local ARGS <const> = "width = nil, height = nil, graphics = nil, scale = nil, colors = nil, "
  .. "ascii = nil"

-- ---- half blocks --------------------------------------------------------------------------------

-- Columns and half rows that fit into so many columns and rows; a half block is a square. A picture
-- smaller than that keeps a block a pixel.
local function fit(x, cols, rows)
  local h <const>, w <const> = x:size(2), x:size(3)
  local by <const> = math.min(1, cols / w, 2 * rows / h)
  return math.max(1, math.floor(h * by + 0.5)), math.max(1, math.floor(w * by + 0.5))
end

local function in_blocks(x, options)
  local o <const> = screen.text_options({ rows = 1 }, options)
  local h <const>, w <const> = fit(x, o.width, o.height)
  local small <const> = ops.adaptive_avg_pool2d(x:float():unsqueeze(1), { h, w }):squeeze(1)
  local rows <const> = small:permute(2, 3, 1):totable()
  local cells <const> = Cells(w, (h + 1) // 2)
  for r, row in ipairs(rows) do
    for c, rgb in ipairs(row) do
      cells:pixel(c - 1, r - 1, { rgb[1], rgb[2], rgb[3], 1 })
    end
  end
  return cells:render(o)
end

-- ---- pictures -----------------------------------------------------------------------------------

local COMFORTABLE <const> = 160  -- pixels of the longer side

local function enlarged(x, scale)
  local longer <const> = math.max(x:size(2), x:size(3))
  local by <const> = scale or math.max(1, COMFORTABLE // longer)
  return x:repeat_interleave(by, 2):repeat_interleave(by, 3)
end

local function in_pixels(x, way, scale)
  local big <const> = enlarged(x, scale)
  local opaque <const> = ops.full({ 1, big:size(2), big:size(3) }, 255, { dtype = "uint8" })
  return graphics.encode(way, ops.cat({ big, opaque }, 1):permute(2, 3, 1):contiguous())
end

--- vision.draw.show(x, {graphics = "kitty" | "sixel" | "iterm" | "none", scale, width, height,
--- colors, ascii}): the picture (C, H, W) or (H, W), or the grid of pictures (N, C, H, W), in the
--- terminal: as a picture, each pixel `scale` times as large, where the terminal can; otherwise in
--- half blocks, at most width x height characters. Returns nothing.
local function show(x, options)
  local o <const> = {}
  signature.read(ARGS, WHO, o, options or {})
  if core.is_tensor(x) and x.ndim == 4 or type(x) == "table" and not core.is_tensor(x) then
    x = make_grid(x)
  end
  if o.scale ~= nil and (math.type(o.scale) ~= "integer" or o.scale < 1 or o.scale > 64) then
    core.fail(WHO, "scale", "expected a whole number from 1 to 64, got %s", tostring(o.scale))
  end
  local bytes <const> = picture.bytes(picture.check(WHO, x)):to("cpu")
  local way <const> = graphics.way(o, { "png" })
  io.write(way and in_pixels(bytes, way, o.scale) or in_blocks(bytes, o), "\n")
end

return { show = show }
