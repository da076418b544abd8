-- plot.grid: many pictures in one figure, row by row, with a word above each where wanted.

local core = require "tocha.core"
local registry = require "tocha.op"
local Figure = require "tocha.plot.figure"
local values = require "tocha.plot.values"

local ops <const> = registry.ops

local OPTIONS <const> = {
  nrow = true, padding = true, labels = true, colors = true, cmap = true, vmin = true, vmax = true,
  scale_each = true, title = true, width = true,
}
local EDGE <const>, SMALL <const> = 20, 11  -- of the page; size of the words

-- (N, C, H, W) float64 of 0..1, C 1 or 3; a single channel keeps its numbers.
local function stack(images)
  if type(images) == "table" and not core.is_tensor(images) then
    local list <const> = {}
    for k, each in ipairs(images) do list[k] = core.is_tensor(each) and each:detach()
      or values.tensor(each, "grid", 1) end
    images = ops.stack(list)
  end
  if not core.is_tensor(images) then
    core.fail("grid", 1, "expected images (N, C, H, W) or (N, H, W), got %s", type(images))
  end
  local x = images:detach()
  if x.ndim == 3 then x = x:unsqueeze(2) end
  if x.ndim ~= 4 or x:size(2) ~= 1 and x:size(2) ~= 3 then
    core.fail("grid", 1, "expected (N, C, H, W) with 1 or 3 channels, or (N, H, W), got %s",
      registry.rule.text(images.shape))
  end
  local bytes <const> = x.dtype == "uint8" and x:size(2) == 3
  return bytes and x:double() / 255 or x:double()
end

-- Each picture from its least to its greatest number.
local function scaled(x)
  local flat <const> = x:flatten(2)
  local low <const> = flat:amin(2):reshape(-1, 1, 1, 1)
  local span <const> = flat:amax(2):reshape(-1, 1, 1, 1) - low
  return (x - low) / ops.where(span:eq(0), 1, span)
end

-- The places of picture k: its upper left corner, from 0.
local function corner(k, plan)
  local r <const>, c <const> = (k - 1) // plan.cols, (k - 1) % plan.cols
  return plan.gap + r * (plan.h + plan.gap), plan.pad + c * (plan.w + plan.pad)
end

-- Points of the page to a pixel, room for words between the rows, the size of all.
local function plan_of(x, options)
  local n <const>, h <const>, w <const> = x:size(1), x:size(3), x:size(4)
  local cols <const> = math.max(1, math.min(n, options.nrow or 8))
  local pad <const> = options.padding or math.max(1, math.floor(w / 14 + 0.5))
  local width <const> = options.width or 640
  local wide <const> = cols * (w + pad) + pad
  local scale <const> = (width - EDGE) / wide
  local gap <const> = options.labels and math.ceil((SMALL + 5) / scale) + pad or pad
  local rows <const> = math.max(1, (n + cols - 1) // cols)
  return {
    h = h, w = w, cols = cols, rows = rows, pad = pad, gap = gap, scale = scale, width = width,
    wide = wide, high = rows * (h + gap) + pad,
  }
end

-- One picture of all, (C, high, wide); what lies between is no number, so nothing is drawn there.
local function tile(x, plan)
  local sheet <const> = ops.full({ x:size(2), plan.high, plan.wide }, 0 / 0, { dtype = "float64" })
  for k = 1, x:size(1) do
    local top <const>, left <const> = corner(k, plan)
    sheet[{ {}, { top + 1, top + plan.h }, { left + 1, left + plan.w } }] = x[k]
  end
  return sheet
end

-- Colours are not numbers of a map: what lies between is made transparent by a fourth channel.
local function with_opacity(sheet)
  local there <const> = sheet:narrow(1, 1, 1):isfinite():double()
  return ops.cat({ sheet:clamp(0, 1), there }, 1)
end

local function write_labels(axes, labels, colors, plan, n)
  for k = 1, math.min(n, #labels) do
    local top <const>, left <const> = corner(k, plan)
    axes:text(left + plan.w / 2 + 0.5, top - 1.5 / plan.scale, tostring(labels[k]), {
      ha = "center", fontsize = SMALL, color = colors and colors[k] or nil,
    })
  end
end

--- plot.grid(images, {nrow = 8, padding =, labels =, colors =, cmap = "gray", vmin =, vmax =,
--- scale_each = false, title =, width = 640}): a figure of pictures, (N, C, H, W) or (N, H, W) or a
--- list. One channel goes through the colour map, from the least number of all to the greatest
--- (with `scale_each` of each picture); three are colours, uint8 or 0..1. `nrow` is the number in a
--- row, as in torchvision; `labels` (a list or tensor) stand above the pictures, in `colors`.
return function(images, options)
  options = options or {}
  for name in pairs(options) do
    if not OPTIONS[name] then core.fail("grid", nil, "unknown option '%s'", tostring(name)) end
  end
  local x = stack(images)
  if options.scale_each then x = scaled(x) end
  local labels = options.labels
  if core.is_tensor(labels) then labels = labels:totable() end
  local plan <const> = plan_of(x, options)
  local heading <const> = options.title and 30 or 0
  local figure <const> = Figure(1, 1, {
    width = plan.width, height = math.max(40, plan.high * plan.scale + EDGE + heading),
    title = options.title, axis = "off",
  })
  local sheet = tile(x, plan)
  if x:size(2) == 3 then sheet = with_opacity(sheet) end
  figure:imshow(sheet, { cmap = options.cmap or "gray", vmin = options.vmin, vmax = options.vmax })
  if labels then write_labels(figure:gca(), labels, options.colors, plan, x:size(1)) end
  return figure
end
