-- Keypoints, lines, polygons and text, by libcairo, with smooth edges.

local core = require "tocha.core"
local color = require "tocha.plot.color"
local picture = require "tocha.vision.draw.picture"
local registry = require "tocha.op"
local signature = require "tocha.signature"

local shapes <const> = {}

local MIDDLE <const> = 0.5  -- of a pixel

local function check_size(who, name, v)
  if type(v) ~= "number" or not (v >= 0 and v <= 10000) then
    core.fail(who, name, "expected a number of pixels, got %s", tostring(v))
  end
end

local function point(who, p, what, argument)
  local x <const>, y <const> = type(p) == "table" and tonumber(p[1]), type(p) == "table"
    and tonumber(p[2])
  if not x or not y or x ~= x or y ~= y then
    core.fail(who, argument or 2, "%s is not (x, y)", what)
  end
  return math.max(-1e6, math.min(1e6, x)) + MIDDLE, math.max(-1e6, math.min(1e6, y)) + MIDDLE
end

-- ---- paths --------------------------------------------------------------------------------------

-- A list of flat lists { x1, y1, x2, y2, ... }: of a tensor (N, K, 2) or (K, 2), or lists of
-- points.
local function read_paths(who, paths)
  if core.is_tensor(paths) then
    if paths.ndim == 2 then paths = paths:unsqueeze(1) end
    if paths.ndim ~= 3 or paths:size(3) ~= 2 then
      core.fail(who, 2, "expected points (K, 2) or (N, K, 2), got %s",
        registry.rule.text(paths.shape))
    end
  end
  local list <const> = {}
  for k, path in ipairs(picture.list(who, 2, paths)) do
    list[k] = {}
    for j, p in ipairs(picture.list(who, 2, path)) do
      local x <const>, y <const> = point(who, p, ("point %d of %d"):format(j, k))
      table.insert(list[k], x)
      table.insert(list[k], y)
    end
  end
  return list
end

local function draw_paths(who, x, paths, o, closed)
  check_size(who, "width", o.width)
  local base <const>, list <const> = picture.check(who, x), read_paths(who, paths)
  local colors <const> = picture.colors(who, o.colors, #list)
  return picture.draw(who, base, function(display)
    for k, path in ipairs(list) do
      local c <const> = colors[k]
      display:path { paths = { path }, closed = closed, width = o.width,
        stroke = o.width > 0 and c or nil,
        fill = o.fill and { c[1], c[2], c[3], c[4] * o.fill } or nil }
    end
  end)
end

--- vision.draw.lines(x, paths, {colors, width = 2}): the picture with lines through points (K, 2),
--- or several: (N, K, 2), or a list of lists or tensors of points (x, y).
function shapes.lines(x, paths, options)
  local o <const> = {}
  signature.read("colors = nil, width = 2", "lines", o, options or {})
  return draw_paths("lines", x, paths, o, false)
end

--- vision.draw.polygons(x, paths, {colors, width = 2, fill = nil}): the same, closed; `fill` is the
--- opacity of their insides, 0 to 1.
function shapes.polygons(x, paths, options)
  local o <const> = {}
  signature.read("colors = nil, width = 2, fill = nil", "polygons", o, options or {})
  if o.fill ~= nil and (type(o.fill) ~= "number" or not (o.fill >= 0 and o.fill <= 1)) then
    core.fail("polygons", "fill", "expected an opacity of 0 to 1, got %s", tostring(o.fill))
  end
  return draw_paths("polygons", x, paths, o, true)
end

-- ---- keypoints ----------------------------------------------------------------------------------

local function check_keypoints(keypoints, visibility)
  local who <const> = "keypoints"
  if not core.is_tensor(keypoints) or keypoints.ndim ~= 3 or keypoints:size(3) ~= 2 then
    core.fail(who, 2, "expected keypoints (N, K, 2), got %s", core.is_tensor(keypoints)
      and registry.rule.text(keypoints.shape) or type(keypoints))
  end
  local n <const>, k <const> = keypoints:size(1), keypoints:size(2)
  if visibility == nil then return nil end
  if not core.is_tensor(visibility) or visibility:numel() ~= n * k then
    core.fail(who, "visibility", "expected a tensor (%d, %d), got %s", n, k,
      core.is_tensor(visibility) and registry.rule.text(visibility.shape) or type(visibility))
  end
  return visibility:reshape(n, k):ne(0):totable()
end

local function add_disks(display, list, seen, c, radius)
  local xs <const>, ys <const> = {}, {}
  for k, p in ipairs(list) do
    if seen(k) then
      xs[#xs + 1], ys[#ys + 1] = point("keypoints", p, "keypoint " .. k)
    end
  end
  display:markers { shape = "o", size = 2 * (radius + MIDDLE), xs = xs, ys = ys, colors = c }
end

local function add_bones(display, list, seen, c, o)
  for _, pair in ipairs(o.connectivity or {}) do
    local from <const>, to <const> = list[pair[1]], list[pair[2]]
    if not from or not to then
      core.fail("keypoints", "connectivity", "there is no keypoint %s",
        tostring(from and pair[2] or pair[1]))
    end
    if seen(pair[1]) and seen(pair[2]) then
      local x0 <const>, y0 <const> = point("keypoints", from, "keypoint")
      local x1 <const>, y1 <const> = point("keypoints", to, "keypoint")
      display:line(x0, y0, x1, y1, { stroke = c, width = o.width })
    end
  end
end

--- vision.draw.keypoints(x, keypoints, {connectivity, colors, radius = 2, width = 3, visibility}):
--- the picture with K points (x, y) of each of N instances, (N, K, 2). `connectivity` {{1, 2}, {2,
--- 3}} joins points, counted from 1, by lines; what `visibility` (N, K) has 0 or false for is left
--- out. A colour an instance. As torchvision's draw_keypoints.
function shapes.keypoints(x, keypoints, options)
  local o <const>, who <const> = {}, "keypoints"
  signature.read("connectivity = nil, colors = nil, radius = 2, width = 3, visibility = nil", who,
    o, options or {})
  check_size(who, "radius", o.radius)
  check_size(who, "width", o.width)
  local base <const> = picture.check(who, x)
  local visible <const> = check_keypoints(keypoints, o.visibility)
  local colors <const> = picture.colors(who, o.colors, keypoints:size(1))
  return picture.draw(who, base, function(display)
    for n, list in ipairs(picture.list(who, 2, keypoints)) do
      local function seen(k) return not visible or visible[n][k] end
      add_bones(display, list, seen, colors[n], o)
      add_disks(display, list, seen, colors[n], o.radius)
    end
  end)
end

-- ---- text ---------------------------------------------------------------------------------------

--- vision.draw.text(x, text, at, {color = "white", size = 14, halign = "left", valign = "top", bold
--- = false, halo = "black"}): the picture with text at {x, y}, which may have several lines. halign
--- is "left", "center" or "right", valign "top", "middle" or "bottom" of it; `halo` false leaves
--- out the rim by which it is read on any ground.
local ALIGN <const> = {
  halign = { left = true, center = true, right = true },
  valign = { top = true, middle = true, bottom = true, baseline = true },
}

local function check_alignment(who, o)
  for name, known in pairs(ALIGN) do
    if not known[o[name]] then
      core.fail(who, name, name == "halign" and "expected left, center or right, got %s"
        or "expected top, middle, bottom or baseline, got %s", tostring(o[name]))
    end
  end
end

function shapes.text(x, text, at, options)
  local o <const>, who <const> = {}, "text"
  signature.read("color = 'white', size = 14, halign = 'left', valign = 'top', bold = false, "
    .. "halo = nil", who, o, options or {})
  check_size(who, "size", o.size)
  check_alignment(who, o)
  local base <const> = picture.check(who, x)
  local px <const>, py <const> = point(who, at, "the place", 3)
  local ink <const> = color.parse(o.color, nil, who)
  local rim <const> = o.halo == nil and (color.is_dark(ink) and "white" or "black") or o.halo
  return picture.draw(who, base, function(display)
    display:text { text = text, x = px, y = py, size = o.size, color = ink, halign = o.halign,
      valign = o.valign, bold = o.bold, halo = rim and color.parse(rim, nil, who) or nil }
  end)
end

return shapes
