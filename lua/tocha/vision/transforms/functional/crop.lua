-- Crops, padding, flips, erasing: pixels moved, no arithmetic, in any dtype. Rows and columns count
-- from 1.

local core = require "tocha.core"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local picture = require "tocha.vision.transforms.picture"

local ops <const>, text <const> = registry.ops, registry.rule.text
local crop <const> = {}

local function check_integers(who, o, names, least)
  for name in names:gmatch "%S+" do
    if math.type(o[name]) ~= "integer" or o[name] < (least or math.mininteger) then
      core.fail(who, name, "expected an integer%s, got %s",
        least and " of at least " .. least or "", signature.text(o[name]))
    end
  end
end

-- ---- padding ------------------------------------------------------------------------------------

-- PIL's words and ours. "symmetric" is made here: reflection in which the edge comes twice.
local PAD_MODES <const> = { constant = "constant", edge = "replicate", reflect = "reflect",
  symmetric = "symmetric" }

-- { left, top, right, bottom } from one integer, { horizontal, vertical }, or all four.
function crop.sides(who, padding)
  local list <const> = math.type(padding) == "integer" and { padding } or padding
  local n <const> = type(list) == "table" and #list or 0
  if n ~= 1 and n ~= 2 and n ~= 4 then
    core.fail(who, "padding", "expected an integer, {horizontal, vertical} or {left, top, right, "
      .. "bottom}, got %s", signature.text(padding))
  end
  for k = 1, n do
    if math.type(list[k]) ~= "integer" then
      core.fail(who, "padding", "expected integers, got %s", signature.text(padding))
    end
  end
  return { list[1], list[n == 1 and 1 or 2], list[n == 4 and 3 or 1],
    list[n == 4 and 4 or n == 2 and 2 or 1] }
end

function crop.check_pad_mode(who, mode)
  if not PAD_MODES[mode] then
    core.fail(who, "padding_mode", "expected constant, edge, reflect or symmetric, got '%s'",
      tostring(mode))
  end
end

local function mirrored(x, dim, before, after)
  local n <const>, index <const> = x:size(dim), {}
  for k = 1 - before, n + after do
    local at <const> = (k - 1) % (2 * n)
    index[#index + 1] = (at < n and at or 2 * n - 1 - at) + 1
  end
  return ops.index_select(x, dim, core.from_table(index, "int64"):to(x.device))
end

local function symmetric(who, x, sides)
  for k = 1, 4 do
    if sides[k] < 0 then
      core.fail(who, "padding", "a symmetric padding cannot be negative, got %d", sides[k])
    end
  end
  if x:numel() == 0 then core.fail(who, 1, "%s has no pixels to repeat", text(x.shape)) end
  return mirrored(mirrored(x, x.ndim, sides[1], sides[3]), x.ndim - 1, sides[2], sides[4])
end

-- Each channel by itself where their fills differ.
local function filled(x, pads, fill)
  local first, same = fill[1] or 0, true
  for c = 2, #fill do same = same and fill[c] == first end
  if same then return ops.constant_pad_nd(x, pads, first) end
  local planes <const> = {}
  for c = 1, #fill do
    planes[c] = ops.constant_pad_nd(x:narrow(x.ndim - 2, c, 1), pads, fill[c])
  end
  return ops.cat(planes, x.ndim - 2)
end

--- functional.pad(x, padding, {fill = 0, padding_mode = "constant"}): the picture with a border of
--- so many pixels: an integer, {horizontal, vertical} or {left, top, right, bottom}; negative ones
--- crop. Modes: constant (`fill`, a number or one a channel), edge, reflect, symmetric.
function crop.pad(...)
  local o <const> = picture.arguments("pad",
    "padding, fill = 0, padding_mode = 'constant'", ...)
  local sides <const> = crop.sides("pad", o.padding)
  crop.check_pad_mode("pad", o.padding_mode)
  local pads <const> = { sides[1], sides[3], sides[2], sides[4] }
  if o.padding_mode == "constant" then
    return filled(o.x, pads, picture.fill("pad", o.x, o.fill))
  end
  if o.padding_mode == "symmetric" then return symmetric("pad", o.x, sides) end
  return ops.pad(o.x, pads, PAD_MODES[o.padding_mode])
end

-- ---- crops --------------------------------------------------------------------------------------

--- Is the box { top, left, height, width } within the picture?
function crop.is_inside(x, box)
  local height <const>, width <const> = picture.size(x)
  return box[1] >= 1 and box[2] >= 1 and box[1] - 1 + box[3] <= height
    and box[2] - 1 + box[4] <= width
end

local function window(x, top, left, height, width)
  return x:narrow(x.ndim - 1, top, height):narrow(x.ndim, left, width)
end

--- functional.crop(x, top, left, height, width): `height` rows from `top` on and `width` columns
--- from `left` on, both from 1. What lies outside of the picture is 0. A view where nothing does.
function crop.crop(...)
  local o <const> = picture.arguments("crop", "top, left, height, width", ...)
  check_integers("crop", o, "top left")
  check_integers("crop", o, "height width", 0)
  if o.height > 0 and o.width > 0 and crop.is_inside(o.x, { o.top, o.left, o.height, o.width }) then
    return window(o.x, o.top, o.left, o.height, o.width)
  end
  local height <const>, width <const> = picture.size(o.x)
  return ops.constant_pad_nd(o.x, { 1 - o.left, o.left - 1 + o.width - width, 1 - o.top,
    o.top - 1 + o.height - height }, 0)
end

--- functional.center_crop(x, size): the middle of the picture, {height, width} or a square; a
--- picture that is smaller is padded with 0 first.
function crop.center_crop(...)
  local o <const> = picture.arguments("center_crop", "size", ...)
  local size <const> = picture.pair("center_crop", "size", o.size)
  local height, width = picture.size(o.x)
  local x = o.x
  if size[1] > height or size[2] > width then
    local more_h <const>, more_w <const> =
      math.max(size[1] - height, 0), math.max(size[2] - width, 0)
    x = crop.pad(x, { more_w // 2, more_h // 2, (more_w + 1) // 2, (more_h + 1) // 2 })
    height, width = picture.size(x)
  end
  -- Halves are rounded to even, as Python rounds them.
  local function middle(free) return (free + (free // 2) % 2) // 2 end
  return crop.crop(x, middle(height - size[1]) + 1, middle(width - size[2]) + 1, size[1], size[2])
end

--- functional.five_crop(x, size): the corners (upper left, upper right, lower left, lower right)
--- and the middle, a list of five pictures.
function crop.five_crop(...)
  local o <const> = picture.arguments("five_crop", "size", ...)
  local size <const> = picture.pair("five_crop", "size", o.size)
  local h <const>, w <const> = size[1], size[2]
  local height <const>, width <const> = picture.size(o.x)
  if h > height or w > width then
    core.fail("five_crop", "size", "%d x %d is more than the picture's %d x %d", h, w, height,
      width)
  end
  local right <const>, low <const> = width - w + 1, height - h + 1
  return {
    crop.crop(o.x, 1, 1, h, w), crop.crop(o.x, 1, right, h, w), crop.crop(o.x, low, 1, h, w),
    crop.crop(o.x, low, right, h, w), crop.center_crop(o.x, size),
  }
end

--- functional.ten_crop(x, size, {vertical_flip = false}): the five crops, and those of the flipped
--- picture, a list of ten.
function crop.ten_crop(...)
  local o <const> = picture.arguments("ten_crop", "size, vertical_flip = false", ...)
  local flip <const> = o.vertical_flip and crop.vertical_flip or crop.horizontal_flip
  return table.move(crop.five_crop(flip(o.x), o.size), 1, 5, 6, crop.five_crop(o.x, o.size))
end

-- ---- flips, channels, erasing -------------------------------------------------------------------

--- functional.horizontal_flip(x), functional.hflip: left and right exchanged.
function crop.horizontal_flip(x)
  return ops.flip(picture.check("horizontal_flip", x), { x.ndim })
end
crop.hflip = crop.horizontal_flip

--- functional.vertical_flip(x), functional.vflip: up and down exchanged.
function crop.vertical_flip(x)
  return ops.flip(picture.check("vertical_flip", x), { x.ndim - 1 })
end
crop.vflip = crop.vertical_flip

--- functional.permute_channels(x, permutation): channel k of the result is channel permutation[k].
function crop.permute_channels(...)
  local o <const> = picture.arguments("permute_channels", "permutation", ...)
  local channels <const>, seen <const> = o.x:size(-3), {}
  for _, c in ipairs(type(o.permutation) == "table" and o.permutation or {}) do
    if math.type(c) == "integer" and c >= 1 and c <= channels then seen[c] = true end
  end
  if #seen ~= channels or #o.permutation ~= channels then
    core.fail("permute_channels", "permutation", "expected the numbers 1 to %d in some order, got "
      .. "%s", channels, signature.text(o.permutation))
  end
  local index <const> = core.from_table(o.permutation, "int64"):to(o.x.device)
  return ops.index_select(o.x, o.x.ndim - 2, index)
end

--- functional.erase(x, top, left, height, width, value): the picture with `value` in a box whose
--- first row and column are `top` and `left` (from 1): a number, one a channel, or a tensor that
--- fits (C, height, width).
function crop.erase(...)
  local o <const> = picture.arguments("erase", "top, left, height, width, value = 0", ...)
  check_integers("erase", o, "top left")
  check_integers("erase", o, "height width", 1)
  if not crop.is_inside(o.x, { o.top, o.left, o.height, o.width }) then
    core.fail("erase", nil, "%d x %d from (%d, %d) on is not within the picture's %d x %d",
      o.height, o.width, o.top, o.left, picture.size(o.x))
  end
  local value = o.value
  if not core.is_tensor(value) then
    local list <const> = picture.fill("erase", o.x, value)
    value = core.from_table(list, "float64"):reshape { #list, 1, 1 }
  end
  local y <const> = o.x:clone()
  window(y, o.top, o.left, o.height, o.width):copy_(value:to(y.dtype):to(y.device))
  return y
end

return crop
