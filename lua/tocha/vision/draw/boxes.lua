-- Bounding boxes with labels.

local core = require "tocha.core"
local color = require "tocha.plot.color"
local picture = require "tocha.vision.draw.picture"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local Display = require "tocha.plot.display"

local WHO <const> = "bounding_boxes"
local ARGS <const> = "labels = nil, colors = nil, fill = false, width = 1, font_size = 12, "
  .. "label_colors = nil, label_background_colors = nil, fill_labels = false"
local FILL <const> = 100 / 255  -- opacity, as torchvision has it

-- ---- rectangles ---------------------------------------------------------------------------------

-- The pixels from (x0, y0) to (x1, y1), both within, as far as they are on the picture, or nil.
local function region(x, x0, y0, x1, y1)
  local left <const>, top <const> = math.max(0, x0), math.max(0, y0)
  local right <const>, bottom <const> = math.min(x:size(3) - 1, x1), math.min(x:size(2) - 1, y1)
  if right < left or bottom < top then return nil end
  return x:narrow(2, top + 1, bottom - top + 1):narrow(3, left + 1, right - left + 1)
end

local function paint(x, ink, opacity, x0, y0, x1, y1)
  local part <const> = region(x, x0, y0, x1, y1)
  if part then part:copy_(opacity == 1 and ink:expand_as(part)
    or picture.mix(part, ink, opacity)) end
end

-- The frame grows inwards.
local function frame(x, box, c, o)
  local x0 <const>, y0 <const>, x1 <const>, y1 <const> = table.unpack(box)
  local ink <const>, w <const> = picture.ink(c, x), o.width - 1
  if o.fill then paint(x, ink, FILL, x0, y0, x1, y1) end
  if w < 0 then return end
  paint(x, ink, 1, x0, y0, x1, math.min(y1, y0 + w))
  paint(x, ink, 1, x0, math.max(y0, y1 - w), x1, y1)
  paint(x, ink, 1, x0, y0, math.min(x1, x0 + w), y1)
  paint(x, ink, 1, math.max(x0, x1 - w), y0, x1, y1)
end

-- ---- labels -------------------------------------------------------------------------------------

local MARGIN <const> = 1

local function add_label(list, box, label, o, ink, ground)
  local size <const> = o.font_size
  local x <const>, y <const> = box[1] + o.width + MARGIN, box[2] + o.width + MARGIN
  if ground then
    list:rect { x = x - MARGIN, y = y - MARGIN, w = Display.text_width(label, size) + 2 * MARGIN,
      h = Display.text_height(label, size) + 2 * MARGIN, fill = ground }
  end
  list:text { text = label, x = x, y = y, size = size, valign = "top", color = ink,
    halo = not ground and color.parse(color.is_dark(ink) and "white" or "black", 0.7) or nil }
end

local function draw_labels(x, boxes, colors, o)
  local n <const> = #boxes
  local grounds <const> = o.fill_labels and (o.label_background_colors
    and picture.colors(WHO, o.label_background_colors, n) or colors) or {}
  local inks <const> = o.label_colors and picture.colors(WHO, o.label_colors, n) or {}
  return picture.draw(WHO, x, function(list)
    for k, box in ipairs(boxes) do
      local label <const> = o.labels[k]
      local contrast <const> = grounds[k]
        and color.parse(color.is_dark(grounds[k]) and "white" or "black")
      if label and label ~= "" then
        add_label(list, box, tostring(label), o, inks[k] or contrast or colors[k], grounds[k])
      end
    end
  end)
end

-- ---- all ----------------------------------------------------------------------------------------

local function is_turned(box)
  return box[1] > box[3] or box[2] > box[4]
end

-- Whole numbers { x0, y0, x1, y1 }, cut towards 0; outside of +-2^31 there is nothing to see.
local function read_boxes(boxes)
  if core.is_tensor(boxes) and boxes:numel() > 0 and (boxes.ndim ~= 2 or boxes:size(2) ~= 4) then
    core.fail(WHO, 2, "expected boxes (N, 4), got %s", registry.rule.text(boxes.shape))
  end
  local list <const> = {}
  for k, box in ipairs(picture.list(WHO, 2, boxes)) do
    list[k] = {}
    for d = 1, 4 do
      local v <const> = tonumber(box[d])
      if not v or v ~= v then core.fail(WHO, 2, "box %d is not four numbers", k) end
      list[k][d] = math.tointeger(math.max(-2^31, math.min(2^31, v < 0 and math.ceil(v) or v // 1)))
    end
    if is_turned(list[k]) then
      core.fail(WHO, 2, "box %d is not (xmin, ymin, xmax, ymax): %g %g %g %g", k, table.unpack(box))
    end
  end
  return list
end

local function read_options(given, n)
  local o <const> = {}
  signature.read(ARGS, WHO, o, given or {})
  if o.labels and #o.labels ~= n then
    core.fail(WHO, "labels", "%d labels for %d boxes", #o.labels, n)
  end
  if math.type(o.width) ~= "integer" or o.width < 0 then
    core.fail(WHO, "width", "expected a number of pixels, got %s", tostring(o.width))
  end
  return o
end

--- vision.draw.bounding_boxes(x, boxes, {labels, colors, fill = false, width = 1, font_size = 12,
--- label_colors, label_background_colors, fill_labels = false}): the picture with boxes (N, 4) of
--- (xmin, ymin, xmax, ymax), whose frames are `width` pixels inwards; what lies outside is left
--- out. `fill` tints their insides; `labels`, a list of texts (false for none), stand in their
--- upper left corners, with `fill_labels` on a ground of the box's colour. As torchvision's
--- draw_bounding_boxes.
local function bounding_boxes(x, boxes, options)
  local drawn <const>, list <const> = picture.check(WHO, x), read_boxes(boxes)
  local o <const> = read_options(options, #list)
  local colors <const> = picture.colors(WHO, o.colors, #list)
  for k, box in ipairs(list) do frame(drawn, box, colors[k], o) end
  return o.labels and draw_labels(drawn, list, colors, o) or drawn
end

return { bounding_boxes = bounding_boxes }
