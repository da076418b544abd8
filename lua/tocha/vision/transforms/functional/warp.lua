-- Pictures moved by maps: rotation, affine and projective maps, displacements of each pixel.
--
-- For each pixel of the result a map says where in the picture it lies; its value is that of the
-- nearest pixel or a blend of the four around ("bilinear"). Outside of the picture is `fill`, and
-- at the border the two blend. Coordinates run from 0 at the outer edge of the first pixel to the
-- width (height) at that of the last. Bytes and float32 on the CPU have a kernel; what wants
-- gradients, and other devices, go through ops.grid_sample.

local core = require "tocha.core"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local picture = require "tocha.vision.transforms.picture"

local ops <const> = registry.ops
local warp <const> = {}

-- ---- two ways to look up ------------------------------------------------------------------------

-- map: nine numbers, (x, y, 1) = map * (column, row, 1) of a pixel's centre; move: (h, w, 2), in
-- pixels.
local function by_kernel(x, map, height, width, o, fill, move)
  local y <const> = core.empty({ x:size(1), x:size(2), height, width }, x.dtype, x)
  core.kernel.picture_warp(y, x, core.from_table(map, "float64"),
    core.from_table(fill, "float64"), move, o.interpolation == "bilinear")
  return y
end

-- Places (h, w) in the picture, in grid_sample's coordinates: -1 and 1 are the outer edges.
local function grid_of(x, map, height, width, move)
  local options <const> = { dtype = x.dtype == "float64" and "float64" or "float32",
    device = x.device }
  local col <const> = ops.arange(0.5, width - 0.5, 1, options):unsqueeze(1)
  local row <const> = ops.arange(0.5, height - 0.5, 1, options):unsqueeze(2)
  local function line(k) return col * map[k] + row * map[k + 1] + map[k + 2] end
  local z <const> = line(7)
  local px, py = line(1) / z, line(4) / z
  if move then
    local shift <const> = move:to(options.dtype):to(x.device)
    px, py = px + shift:select(3, 1), py + shift:select(3, 2)
  end
  return ops.stack({ px * (2 / x:size(4)) - 1, py * (2 / x:size(3)) - 1 }, 3):unsqueeze(1)
end

local function is_black(fill)
  for _, v in ipairs(fill) do
    if v ~= 0 then return false end
  end
  return true
end

local function by_grid(x, map, height, width, o, fill, move)
  return picture.in_floats(x, function(y)
    local grid <const> = grid_of(y, map, height, width, move)
    local function seen(from)
      local all <const> = grid:expand(from:size(1), height, width, 2)
      return ops.grid_sample(from, all, o.interpolation)
    end
    local inside <const> = seen(y)
    if is_black(fill) then return inside end
    local like <const> = { dtype = y.dtype, device = y.device }
    local mask <const> = seen(ops.ones({ 1, 1, y:size(3), y:size(4) }, like))
    local color <const> = core.from_table(fill, y.dtype):to(y.device):reshape { 1, #fill, 1, 1 }
    return inside + (1 - mask) * color
  end):to(x.dtype)  -- halves are blended in float32
end

local function has_kernel(x)
  return x.device == "cpu" and (x.dtype == "uint8" or x.dtype == "float32" and not x.requires_grad)
end

--- warp.apply(who, o, map, height, width, move): o.x, with o.interpolation and o.fill, seen
--- through the map.
function warp.apply(who, o, map, height, width, move)
  if o.interpolation ~= "nearest" and o.interpolation ~= "bilinear" then
    core.fail(who, "interpolation", "expected nearest or bilinear, got '%s'",
      tostring(o.interpolation))
  end
  picture.check_values(who, o.x)
  local fill <const>, x <const> = picture.fill(who, o.x, o.fill), picture.as_batch(o.x)
  local shape <const> = picture.sized(o.x, height, width)
  if x:numel() == 0 then return core.empty(shape, x.dtype, x):fill_(0) end
  local way <const> = has_kernel(x) and by_kernel or by_grid
  return way(x, map, height, width, o, fill, move):reshape(shape)
end

-- ---- affine maps --------------------------------------------------------------------------------

-- The inverse of: shear, scale and turn around the centre, then move. Angles in degrees; centre
-- from the middle of the picture. Six numbers, from pixels of the result to those of the picture.
local function inverse_affine(center, angle, translate, scale, shear)
  local turn <const> = math.rad(angle)
  local sx <const>, sy <const> = math.rad(shear[1]), math.rad(shear[2])
  local a <const> = math.cos(turn - sy) / math.cos(sy)
  local b <const> = -(a * math.tan(sx) + math.sin(turn))
  local c <const> = math.sin(turn - sy) / math.cos(sy)
  local d <const> = math.cos(turn) - c * math.tan(sx)
  local m <const> = { d / scale, -b / scale, 0.0, -c / scale, a / scale, 0.0 }
  local x <const>, y <const> = center[1] + translate[1], center[2] + translate[2]
  m[3] = center[1] - m[1] * x - m[2] * y
  m[6] = center[2] - m[4] * x - m[5] * y
  return m
end

-- As nine numbers between corners: the middles of result and picture fall on each other.
local function between_corners(m, x, height, width)
  local h <const>, w <const> = picture.size(x)
  return {
    m[1], m[2], m[3] + w / 2 - m[1] * width / 2 - m[2] * height / 2,
    m[4], m[5], m[6] + h / 2 - m[4] * width / 2 - m[5] * height / 2, 0, 0, 1,
  }
end

local function centre_of(who, o)
  if o.center == nil then return { 0, 0 } end
  local list <const> = picture.numbers(who, "center", o.center, 2)
  local height <const>, width <const> = picture.size(o.x)
  return { list[1] - width / 2, list[2] - height / 2 }
end

local function check_number(who, name, value, above)
  if type(value) ~= "number" or value ~= value or (above and value <= above) then
    core.fail(who, name, "expected a number%s, got %s", above and " above " .. above or "",
      signature.text(value))
  end
end

--- functional.affine(x, angle, translate, scale, shear, {interpolation = "nearest", fill = 0,
--- center = nil}): the picture turned by `angle` degrees clockwise, moved by `translate` {right,
--- down} pixels, scaled, and sheared by {x, y} degrees. `center` {x, y} is what stays where it is,
--- measured from the upper left corner; the middle unless told otherwise.
function warp.affine(...)
  local o <const> = picture.arguments("affine",
    "angle, translate, scale, shear, interpolation = 'nearest', fill = 0, center = nil", ...)
  check_number("affine", "angle", o.angle)
  check_number("affine", "scale", o.scale, 0)
  local translate <const> = picture.numbers("affine", "translate", o.translate, 2)
  local shear <const> = picture.numbers("affine", "shear", o.shear, 1, 2)
  local height <const>, width <const> = picture.size(o.x)
  local m <const> = inverse_affine(centre_of("affine", o), o.angle, translate, o.scale,
    { shear[1], shear[2] or 0 })
  return warp.apply("affine", o, between_corners(m, o.x, height, width), height, width)
end

-- ---- rotation -----------------------------------------------------------------------------------

-- Height and width that hold the whole turned picture; a ten-thousandth of a pixel is none.
local function expanded(m, height, width)
  local low_x, high_x, low_y, high_y = math.huge, -math.huge, math.huge, -math.huge
  for _, corner in ipairs { { -1, -1 }, { -1, 1 }, { 1, 1 }, { 1, -1 } } do
    local x <const>, y <const> = corner[1] * width / 2, corner[2] * height / 2
    local px <const> = m[1] * x + m[2] * y + m[3] + width / 2
    local py <const> = m[4] * x + m[5] * y + m[6] + height / 2
    low_x, high_x = math.min(low_x, px), math.max(high_x, px)
    low_y, high_y = math.min(low_y, py), math.max(high_y, py)
  end
  local function span(low, high)
    return math.ceil(high // 1e-4 * 1e-4) - math.floor(math.ceil(low * 1e4) * 1e-4)
  end
  return span(low_y, high_y), span(low_x, high_x)
end

local function turned(x, quarters)
  if quarters == 0 then return x:clone() end
  return ops.rot90(x, quarters, { x.ndim - 1, x.ndim })
end

-- Quarter turns move pixels and compute nothing.
local function quarters_of(o)
  local quarters <const> = o.angle % 360 / 90
  local whole <const> = quarters == quarters // 1 and o.center == nil
  local fits <const> = quarters % 2 == 0 or o.expand or o.x:size(-1) == o.x:size(-2)
  return whole and fits and math.tointeger(quarters) or nil
end

--- functional.rotate(x, angle, {interpolation = "nearest", expand = false, center = nil, fill =
--- 0}): the picture turned by `angle` degrees, counterclockwise. `expand` makes the result as
--- large as the turned picture; `center` {x, y} is measured from the upper left corner.
function warp.rotate(...)
  local o <const> = picture.arguments("rotate",
    "angle, interpolation = 'nearest', expand = false, center = nil, fill = 0", ...)
  check_number("rotate", "angle", o.angle)
  local quarters <const> = quarters_of(o)
  if quarters then return turned(o.x, quarters) end
  local m <const> = inverse_affine(centre_of("rotate", o), -o.angle, { 0, 0 }, 1, { 0, 0 })
  local height, width = picture.size(o.x)
  if o.expand then height, width = expanded(m, height, width) end
  return warp.apply("rotate", o, between_corners(m, o.x, height, width), height, width)
end

-- ---- perspective --------------------------------------------------------------------------------

local function check_corners(who, name, points)
  local ok = type(points) == "table" and #points == 4
  for k = 1, ok and 4 or 0 do
    ok = ok and type(points[k]) == "table" and type(points[k][1]) == "number"
      and type(points[k][2]) == "number"
  end
  if not ok then
    core.fail(who, name, "expected four corners {x, y}: upper left, upper right, lower right, "
      .. "lower left; got %s", signature.text(points))
  end
end

--- warp.coefficients(who, startpoints, endpoints): the eight numbers of the projective map that
--- takes the end points (pixels {x, y} of the result, from 0) to the start points (of the picture).
function warp.coefficients(who, startpoints, endpoints)
  check_corners(who, "startpoints", startpoints)
  check_corners(who, "endpoints", endpoints)
  local rows <const>, right <const> = {}, {}
  for k = 1, 4 do
    local x <const>, y <const> = table.unpack(endpoints[k])
    local u <const>, v <const> = table.unpack(startpoints[k])
    rows[2 * k - 1] = { x, y, 1, 0, 0, 0, -u * x, -u * y }
    rows[2 * k] = { 0, 0, 0, x, y, 1, -v * x, -v * y }
    right[2 * k - 1], right[2 * k] = u, v
  end
  local ok <const>, found <const> = pcall(function()
    local matrix <const> = core.from_table(rows, "float64")
    return require "tocha.linalg".solve(matrix, core.from_table(right, "float64")):tolist()
  end)
  if not ok then
    core.fail(who, "endpoints", "three of the corners %s lie on a line", signature.text(endpoints))
  end
  return found
end

--- functional.perspective(x, startpoints, endpoints, {interpolation = "bilinear", fill = 0,
--- coefficients = nil}): the picture as seen from elsewhere: the four start points, pixels {x, y}
--- from {0, 0}, come to lie on the end points. Instead of points, the eight
--- coefficients that take pixels of the result to those of the picture.
function warp.perspective(...)
  local o <const> = picture.arguments("perspective", "startpoints = nil, endpoints = nil, "
    .. "interpolation = 'bilinear', fill = 0, coefficients = nil", ...)
  if o.coefficients and (o.startpoints or o.endpoints) then
    core.fail("perspective", "coefficients", "give either points or coefficients")
  end
  local map <const> = { table.unpack(o.coefficients
    and picture.numbers("perspective", "coefficients", o.coefficients, 8)
    or warp.coefficients("perspective", o.startpoints, o.endpoints)) }
  map[9] = 1
  return warp.apply("perspective", o, map, picture.size(o.x))
end

-- ---- elastic ------------------------------------------------------------------------------------

--- functional.elastic(x, displacement, {interpolation = "bilinear", fill = 0}): each pixel taken
--- from elsewhere: `displacement` (1, H, W, 2) says how far to the right and down, in units of half
--- the width and half the height.
function warp.elastic(...)
  local o <const> = picture.arguments("elastic",
    "displacement, interpolation = 'bilinear', fill = 0", ...)
  local height <const>, width <const> = picture.size(o.x)
  local d <const> = o.displacement
  local shape <const> = core.is_tensor(d) and d.shape or {}
  if not (#shape == 4 and shape[1] == 1 and shape[2] == height and shape[3] == width
    and shape[4] == 2) then
    core.fail("elastic", "displacement", "expected a tensor (1, %d, %d, 2), got %s", height, width,
      core.is_tensor(d) and registry.rule.text(shape) or type(d))
  end
  local halves <const> = core.from_table({ width / 2, height / 2 }, "float32"):to(d.device)
  local move <const> = (d:to "float32" * halves):squeeze(1)
  return warp.apply("elastic", o, { 1, 0, 0, 0, 1, 0, 0, 0, 1 }, height, width, move)
end

return warp
