-- Images: imshow, heatmap, confusion. Rows run downwards, counted from 1: pixel (i, j) is the
-- square around y = i, x = j.

local core = require "tocha.core"
local registry = require "tocha.op"
local Artist = require "tocha.plot.artists.artist"
local clip = require "tocha.plot.clip"
local color = require "tocha.plot.color"
local colormap = require "tocha.plot.colormap"
local scale = require "tocha.plot.scale"
local values = require "tocha.plot.values"

local ops <const> = registry.ops
local methods <const> = {}

-- ---- pixels -------------------------------------------------------------------------------------

local function range_of(x, options)
  local finite <const> = x:masked_select(x:isfinite())
  local none <const> = finite:numel() == 0
  return options.vmin or (none and 0 or finite:min():item()),
    options.vmax or (none and 1 or finite:max():item())
end

-- Where the colours are: first, as PyTorch has them, or last.
local function channels_last(x, who)
  if x.ndim == 3 and (x:size(1) == 3 or x:size(1) == 4) and x:size(3) > 4 then
    return x:permute(2, 3, 1)
  end
  if x.ndim == 3 and (x:size(3) == 3 or x:size(3) == 4) then return x end
  if x.ndim == 3 and (x:size(1) == 3 or x:size(1) == 4) then return x:permute(2, 3, 1) end
  core.fail(who, 1, "expected (H, W), (C, H, W) or (H, W, C) with 1, 3 or 4 channels, got %s",
    registry.rule.text(x.shape))
end

-- uint8 is 0..255, other numbers 0..1, as in matplotlib; an opaque alpha is added.
local function color_pixels(x)
  if x.dtype ~= "uint8" then x = (x:double():nan_to_num() * 255 + 0.5):clamp(0, 255):byte() end
  if x:size(3) == 4 then return x:contiguous() end
  return ops.cat({ x, ops.full({ x:size(1), x:size(2), 1 }, 255, { dtype = "uint8" }) }, 3)
end

-- (H, W, 4) uint8 pixels of an image, and the range of the colour map where one was used.
local function pixels_of(x, options, who)
  local gray <const> = x.ndim == 2 and x or x.ndim == 3 and (x:size(1) == 1 and x:select(1, 1)
    or x:size(3) == 1 and x:select(3, 1))
  if not gray then return color_pixels(channels_last(x, who)) end
  local numbers <const> = gray:double()
  local low <const>, high <const> = range_of(numbers, options)
  return colormap.apply(numbers, options.cmap or "viridis", low, high), low, high
end

-- ---- the artist ---------------------------------------------------------------------------------

local Image <const> = Artist:extend "Image"

function Image:bounds()
  local e <const> = self.extent
  return e[1], e[2], math.min(e[3], e[4]), math.max(e[3], e[4])
end

local TINY <const> = 1e-6  -- points: a smaller picture is none

function Image:draw(view, list)
  local e <const>, box <const> = self.extent, view.box
  local x0 <const>, x1 <const> = view.fx(e[1]), view.fx(e[2])
  local y0 <const>, y1 <const> = view.fy(e[3]), view.fy(e[4])
  local w <const>, h <const> = math.abs(x1 - x0), math.abs(y1 - y0)
  if self.pixels:numel() == 0 or not (w > TINY and h > TINY and w + h < math.huge) then return end
  local pixels = self.pixels  -- an axis that runs the other way turns them round
  if x1 < x0 then pixels = pixels:flip { 2 } end
  if y0 < y1 then pixels = pixels:flip { 1 } end
  list:clip { x = box.x, y = box.y, w = box.w, h = box.h }
  list:image {
    x = math.min(x0, x1), y = math.min(y0, y1), w = w, h = h, pixels = pixels:contiguous(),
    smooth = self.smooth, opacity = self.alpha,
  }
  list:unclip()
end

local STYLES <const> = "cmap vmin vmax extent origin interpolation colorbar aspect"
local ORIGINS <const> = { upper = true, lower = true }

local function as_tensor(x, who)
  if core.is_tensor(x) then
    if x.ndim ~= 2 and x.ndim ~= 3 then channels_last(x, who) end
    return x:detach()
  end
  return values.tensor(x, who, 1)
end

-- Where an image lies: {left, right, bottom, top}. Its first row is on top unless asked otherwise.
local function place(axes, image, options, who)
  local origin <const> = options.origin or "upper"
  if not ORIGINS[origin] then core.fail(who, "origin", "expected 'upper' or 'lower'") end
  local h <const>, w <const> = image.pixels:size(1), image.pixels:size(2)
  if origin == "lower" then image.pixels = image.pixels:flip { 1 } end
  local low, high = h + 0.5, 0.5
  if origin == "lower" then low, high = high, low end
  image.extent = options.extent or { 0.5, w + 0.5, low, high }
  if not options.extent and origin == "upper" then axes:set_reversed("y") end
end

local function add_image(axes, x, options, who)
  local image <const> = Image()
  local low, high
  image.pixels, low, high = pixels_of(x, options, who)
  place(axes, image, options, who)
  image.alpha, image.zorder = options.alpha, options.zorder or 0
  image.smooth = options.interpolation ~= nil and options.interpolation ~= "nearest"
  image.sticky = { all = true }
  if low then axes:set_mappable(options.cmap or "viridis", low, high, options.colorbar or false) end
  axes:set_image(options.aspect or "equal")
  return axes:add(image)
end

--- axes:imshow(x, {cmap = "viridis", vmin =, vmax =, extent = {left, right, bottom, top}, origin =
--- "upper", aspect = "equal", interpolation = "nearest", alpha =, colorbar = false}): a picture,
--- its first row at the top, or at the bottom with origin "lower". A tensor (H, W), or
--- with one channel, goes through the colour map, its least number to its greatest unless vmin and
--- vmax say otherwise; (3 or 4, H, W) and (H, W, 3 or 4) are colours, uint8 in 0..255 or floats in
--- 0..1.
function methods.imshow(axes, x, options)
  add_image(axes, as_tensor(x, "imshow"), Artist.check("imshow", options, STYLES), "imshow")
  return axes
end

-- ---- heat maps ----------------------------------------------------------------------------------

local Numbers <const> = Artist:extend "Numbers"

-- Whole numbers as they are, others with few digits.
local function number_text(v, format)
  if v ~= v then return "" end
  if format then return format:format(v) end
  if v == math.floor(v) and math.abs(v) < 1e6 then return ("%d"):format(v) end
  return ("%.2g"):format(v)
end

function Numbers:draw(view, list)
  local cell_w <const> = math.abs(view.fx(2) - view.fx(1))
  local cell_h <const> = math.abs(view.fy(2) - view.fy(1))
  local size <const> = math.min(11, cell_h * 0.6, cell_w * 1.6 / math.max(2, self.longest))
  local light <const>, ink <const> = color.parse "white", color.parse "0.1"
  for i, row in ipairs(self.texts) do
    for j, text in ipairs(row) do
      local x <const>, y <const> = view.fx(j), view.fy(i)
      if clip.has(view.box, x, y) then
        list:text {
          x = x, y = y, text = text, size = size, halign = "center", valign = "middle",
          color = self.dark[i][j] and light or ink,
        }
      end
    end
  end
end

local function numbers_over(m, image, format)
  local texts <const>, dark <const>, longest = {}, {}, 0
  local pixels <const> = image.pixels:totable()
  for i, row in ipairs(m:totable()) do
    texts[i], dark[i] = {}, {}
    for j, v in ipairs(row) do
      texts[i][j], dark[i][j] = number_text(v, format), color.is_dark(pixels[i][j])
      longest = math.max(longest, #texts[i][j])
    end
  end
  local numbers <const> = Numbers()
  numbers.texts, numbers.dark, numbers.longest, numbers.zorder = texts, dark, longest, 3
  return numbers
end

local function heat(axes, m, options, who)
  local x_labels <const>, y_labels <const> = options.xticklabels, options.yticklabels
  local image <const> = add_image(axes, m, {
    cmap = options.cmap, vmin = options.vmin, vmax = options.vmax, alpha = options.alpha,
    aspect = options.aspect or "equal", colorbar = options.colorbar ~= false,
  }, who)
  if options.annot then
    axes:add(numbers_over(m, image, options.fmt))
    axes:gca().has_numbers = true
  end
  if x_labels then axes:set_xticks(values.count(#x_labels), x_labels) end
  if y_labels then axes:set_yticks(values.count(#y_labels), y_labels) end
end

--- axes:heatmap(matrix, {annot = false, fmt = "%.2f", cmap =, vmin =, vmax =, xticklabels =,
--- yticklabels =, colorbar = true, aspect = "equal"}): a matrix as colours, with `annot` also as
--- numbers (the name and options are seaborn's).
function methods.heatmap(axes, matrix, options)
  options = Artist.check("heatmap", options,
    "annot fmt cmap vmin vmax xticklabels yticklabels colorbar aspect")
  heat(axes, values.matrix(matrix, "heatmap", 1), options, "heatmap")
  return axes
end

--- axes:confusion(matrix, classes, {normalize = false, cmap = "Blues", fmt =, colorbar = true}): a
--- confusion matrix; row i is the true class, column j the prediction. `classes` are their names.
--- With `normalize` each row is divided by its sum.
function methods.confusion(axes, matrix, classes, options)
  options = Artist.check("confusion", options, "normalize cmap fmt colorbar")
  local m = values.matrix(matrix, "confusion", 1)
  if m:size(1) ~= m:size(2) then
    core.fail("confusion", 1, "expected a square matrix, got %s", registry.rule.text(m.shape))
  end
  if classes and #classes ~= m:size(1) then
    core.fail("confusion", 2, "has %d names, the matrix %d classes", #classes, m:size(1))
  end
  if options.normalize then m = m / m:sum(2, { keepdim = true }):clamp(1e-300, math.huge) end
  local names <const> = classes or scale.labels(values.count(m:size(1)))
  heat(axes, m, {
    annot = true, fmt = options.fmt or options.normalize and "%.2f" or nil, vmin = 0,
    cmap = options.cmap or "Blues", xticklabels = names, yticklabels = names,
    colorbar = options.colorbar,
  }, "confusion")
  axes:set_xlabel "predicted"
  axes:set_ylabel "true"
  return axes
end

return methods
