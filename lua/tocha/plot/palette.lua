-- A picture with few colours, for GIF and sixel: exact where it has few enough, otherwise by median
-- cut (Heckbert 1982).

local registry = require "tocha.op"
local tensor = require "tocha.tensor"

local ops <const> = registry.ops
local palette <const> = {}

local MANY <const> = 20000  -- more colours than that are first rounded to five bits a channel

-- ---- median cut ---------------------------------------------------------------------------------
-- An entry is { r, g, b, count, index }; a box is a list of entries with `total` pixels.

local function measure(box)
  local low <const>, high <const> = { 255, 255, 255 }, { 0, 0, 0 }
  box.total = 0
  for _, e in ipairs(box) do
    box.total = box.total + e[4]
    for k = 1, 3 do low[k], high[k] = math.min(low[k], e[k]), math.max(high[k], e[k]) end
  end
  box.axis, box.extent = 1, 0
  for k = 1, 3 do
    if high[k] - low[k] > box.extent then box.axis, box.extent = k, high[k] - low[k] end
  end
  return box
end

-- Two boxes of about as many pixels, parted along the longest side.
local function split(box)
  local axis <const> = box.axis
  table.sort(box, function(a, b)
    if a[axis] ~= b[axis] then return a[axis] < b[axis] end
    return a[5] < b[5]
  end)
  local sum, cut = 0, 1
  while cut < #box and (cut == 1 or sum + box[cut][4] <= box.total / 2) do
    sum = sum + box[cut][4]
    cut = cut + 1
  end
  local first <const> = table.move(box, 1, cut - 1, 1, {})
  return measure(first), measure(table.move(box, cut, #box, 1, {}))
end

-- The box whose parting gains most: many pixels far apart.
local function worst(boxes)
  local found, most = nil, 0
  for k, box in ipairs(boxes) do
    local weight <const> = box.extent ^ 2 * math.sqrt(box.total)
    if #box > 1 and weight > most then found, most = k, weight end
  end
  return found
end

local OFTEN <const> = 0.3  -- a colour with that part of a box's pixels stands for it unchanged

local function colour_of(box)
  local mean <const>, top = { 0, 0, 0 }, box[1]
  for _, e in ipairs(box) do
    if e[4] > top[4] then top = e end
    for k = 1, 3 do mean[k] = mean[k] + e[k] * e[4] / box.total end
  end
  if top[4] >= OFTEN * box.total then return { top[1], top[2], top[3] } end
  for k = 1, 3 do mean[k] = math.floor(mean[k] + 0.5) end
  return mean
end

local function median_cut(entries, most)
  local boxes <const> = { measure(entries) }
  while #boxes < most do
    local k <const> = worst(boxes)
    if not k then break end
    boxes[k], boxes[#boxes + 1] = split(boxes[k])
  end
  local colors <const>, number <const> = {}, {}
  for k, box in ipairs(boxes) do
    colors[k] = colour_of(box)
    for _, e in ipairs(box) do number[e[5]] = k end
  end
  return colors, number
end

-- ---- the picture --------------------------------------------------------------------------------

-- The different colours as entries, and the number of its entry for each pixel, (H, W).
local function entries_of(codes)
  local unique <const>, inverse <const>, counts <const> = ops.unique(codes,
    { return_inverse = true, return_counts = true })
  local entries <const>, n <const> = {}, counts:totable()
  for k, code in ipairs(unique:totable()) do
    entries[k] = { code >> 16, code >> 8 & 255, code & 255, n[k], k }
  end
  return entries, inverse
end

--- palette.of(pixels, most): a list of at most so many colours {r, g, b}, and the number of its
--- colour for each pixel of an image (H, W, 3 or 4) uint8, as an int64 tensor (H, W). Opacity is
--- left out.
function palette.of(pixels, most)
  local channel <const> = function(k) return pixels:select(3, k):long() end
  local codes = channel(1) * 65536 + channel(2) * 256 + channel(3)
  local entries, places = entries_of(codes)
  if #entries > MANY then
    codes = codes & 0xf8f8f8 | 0x040404
    entries, places = entries_of(codes)
  end
  local colors <const>, number <const> = median_cut(entries, most)
  local numbers <const> = tensor.from(number, { dtype = "int64" })
  return colors, numbers:index_select(1, places:flatten()):reshape(places.shape)
end

return palette
