-- A display list as pixels, by libcairo (tocha.cairo; optional).

local core = require "tocha.core"
local Display = require "tocha.plot.display"
local markers = require "tocha.plot.markers"

local raster <const> = {}

local function load_cairo(who)
  local ok <const>, cairo <const> = pcall(require, "tocha.cairo")
  if ok then return cairo end
  core.fail(who, nil, "drawing pixels needs libcairo, which this build of Tocha is without "
    .. "(Debian: libcairo2-dev, then `make build`); saving a plot as .svg works")
end

-- ---- primitives ---------------------------------------------------------------------------------

-- Fills and strokes the path that stands.
local function paint(canvas, item, fill, stroke, width)
  if fill and fill[4] > 0 then canvas:fill(fill, stroke ~= nil) end
  if stroke then canvas:stroke(stroke, width or item.width or 1, item.dash) end
end

local DRAW <const> = {}

function DRAW.path(canvas, item)
  for _, points in ipairs(item.paths) do canvas:path(points, item.closed or false) end
  paint(canvas, item, item.fill, item.stroke)
end

function DRAW.rect(canvas, item)
  local x <const>, y <const>, w <const>, h <const> = item.x, item.y, item.w, item.h
  canvas:path({ x, y, x + w, y, x + w, y + h, x, y + h }, true)
  paint(canvas, item, item.fill, item.stroke)
end

local EDGE <const> = 0.6

function DRAW.markers(canvas, item)
  local shape <const>, size <const> = markers.shape(item.shape), item.size
  local one <const> = type(item.colors[1]) == "number" and item.colors
  for k = 1, #item.xs do
    local x <const>, y <const>, c <const> = item.xs[k], item.ys[k], one or item.colors[k]
    if shape.strokes then
      for _, points in ipairs(shape.strokes) do
        canvas:path(markers.at(points, x, y, size), false)
      end
      paint(canvas, item, nil, c, math.max(1, size / 5))
    else
      if shape.radius then canvas:circle(x, y, shape.radius * size)
      else canvas:path(markers.at(shape.polygon, x, y, size), true) end
      paint(canvas, item, c, item.stroke, EDGE)
    end
  end
end

local BEFORE <const> = { center = 0.5, right = 1 }

function DRAW.text(canvas, item)
  canvas:text(item.text, item.x, item.y, item.size, BEFORE[item.halign] or 0,
    Display.baseline(item), math.rad(-(item.angle or 0)), item.bold or false, item.color, item.halo)
end

function DRAW.image(canvas, item)
  canvas:image(item.pixels, item.x, item.y, item.w, item.h, item.smooth or false, item.opacity or 1)
end

function DRAW.clip(canvas, item) canvas:clip(item.x, item.y, item.w, item.h) end
function DRAW.unclip(canvas) canvas:unclip() end

local function has_text(list)
  for _, item in ipairs(list) do
    if item.kind == "text" then return true end
  end
end

--- raster.pixels(list, scale, who): (H, W, 4) uint8, red, green, blue, opacity.
function raster.pixels(list, scale, who)
  local canvas <close> = load_cairo(who).canvas(
    math.floor(list.width * scale + 0.5), math.floor(list.height * scale + 0.5), scale)
  if has_text(list) and not canvas:has_font() then
    core.fail(who, nil, "libcairo finds no font to write with (Debian: fonts-dejavu-core); "
      .. "saving a plot as .svg works")
  end
  for _, item in ipairs(list) do DRAW[item.kind](canvas, item) end
  return canvas:pixels()
end

return raster
