-- What is known of every pixel, over the picture: segmentation masks, heat maps.

local core = require "tocha.core"
local colormap = require "tocha.plot.colormap"
local picture = require "tocha.vision.draw.picture"
local registry = require "tocha.op"
local signature = require "tocha.signature"

local ops <const> = registry.ops
local masks <const> = {}

local function check_opacity(who, alpha)
  if type(alpha) ~= "number" or not (alpha >= 0 and alpha <= 1) then
    core.fail(who, "alpha", "expected 0 to 1, got %s", tostring(alpha))
  end
end

-- ---- masks --------------------------------------------------------------------------------------

-- (N, H, W) bool: of a map of classes one each.
local function read_masks(x, m)
  local who <const> = "segmentation_masks"
  if not core.is_tensor(m) then core.fail(who, 2, "expected masks, got %s", type(m)) end
  if m.dtype ~= "bool" and (m:is_floating_point() or m.ndim ~= 2) then
    core.fail(who, 2, "expected bool (N, H, W) or (H, W), or integers (H, W), got %s of %s",
      registry.rule.text(m.shape), m.dtype)
  end
  local shape <const> = m.shape
  if m.ndim == 2 then m = m:unsqueeze(1) end
  if m.ndim ~= 3 or m:size(2) ~= x:size(2) or m:size(3) ~= x:size(3) then
    core.fail(who, 2, "expected masks of the picture's %d x %d pixels, got %s", x:size(2),
      x:size(3), registry.rule.text(shape))
  end
  if m.dtype == "bool" then return m end
  local most <const> = m:max():item()
  if most > 65535 then core.fail(who, 2, "expected classes up to 65535, got %d", most) end
  return nil, m:squeeze(1), math.max(0, most)
end

-- Later masks lie over earlier ones; where several overlap it is black, as torchvision has it.
local function painted(x, m, colors)
  local y = x
  for k = 1, m:size(1) do y = ops.where(m[{ { k } }], picture.ink(colors[k], x), y) end
  local black <const> = ops.zeros({}, { dtype = x.dtype, device = x.device })
  return ops.where(m:long():sum(1, { keepdim = true }):gt(1), black, y)
end

-- A map of classes from 1 looks its colours up; 0 and below is nothing.
local function painted_classes(x, map, colors)
  if #colors == 0 then return x end
  local inks <const> = {}
  for k, c in ipairs(colors) do inks[k] = picture.ink(c, x):flatten() end
  local ids <const> = map:long():clamp(1, #colors):flatten()
  local colored <const> = ops.stack(inks):index_select(1, ids):t():reshape(x.shape)
  return ops.where(map:gt(0):unsqueeze(1), colored, x)
end

--- vision.draw.segmentation_masks(x, masks, {alpha = 0.8, colors}): the picture with masks (N, H,
--- W) or (H, W) of bool over it, or a map (H, W) of classes, integers from 1, 0 being none. Where
--- masks overlap it is black. As torchvision's draw_segmentation_masks.
function masks.segmentation_masks(x, m, options)
  local o <const>, who <const> = {}, "segmentation_masks"
  signature.read("alpha = 0.8, colors = nil", who, o, options or {})
  check_opacity(who, o.alpha)
  local base <const> = picture.check(who, x)
  local list <const>, map <const>, classes <const> = read_masks(base, m)
  local colors <const> = picture.colors(who, o.colors, list and list:size(1) or classes)
  local drawn <const> = list and painted(base, list, colors) or painted_classes(base, map, colors)
  return picture.mix(base, drawn, o.alpha)
end

-- ---- heat maps ----------------------------------------------------------------------------------

local function check_map(who, map)
  if not core.is_tensor(map) then core.fail(who, 2, "expected a map, got %s", type(map)) end
  local m = map:detach()
  while m.ndim > 2 and m:size(1) == 1 do m = m:squeeze(1) end
  if m.ndim ~= 2 or m:numel() == 0 then
    core.fail(who, 2, "expected a map (h, w), got %s", registry.rule.text(map.shape))
  end
  return m:to("cpu"):float()
end

local function resized(map, h, w)
  if map:size(1) == h and map:size(2) == w then return map end
  return ops.interpolate(map:reshape(1, 1, map:size(1), map:size(2)), { h, w }, nil, "bilinear")
    :reshape(h, w)
end

-- Of the finite numbers.
local function range_of(map, o)
  local finite <const> = map:masked_select(map:isfinite())
  if finite:numel() == 0 then return o.vmin or 0, o.vmax or 1 end
  return o.vmin or finite:min():item(), o.vmax or finite:max():item()
end

--- vision.draw.heat_map(x, map, {cmap = "turbo", alpha = 0.5, vmin, vmax}): the picture with
--- numbers (h, w) over it in a colour map (tocha.plot.colormap): a saliency, the output of a
--- network. A smaller map is enlarged. From vmin to vmax, or from the least to the greatest; NaN is
--- clear.
function masks.heat_map(x, map, options)
  local o <const>, who <const> = {}, "heat_map"
  signature.read("cmap = 'turbo', alpha = 0.5, vmin = nil, vmax = nil", who, o, options or {})
  check_opacity(who, o.alpha)
  local base <const> = picture.check(who, x)
  local m <const> = resized(check_map(who, map), base:size(2), base:size(3))
  local low <const>, high <const> = range_of(m, o)
  local layer <const> = colormap.apply(m, o.cmap, low, high)
  local opacity <const> = (layer:narrow(3, 4, 1):float() * o.alpha):round():byte()
  return picture.over(base, ops.cat({ layer:narrow(3, 1, 3), opacity }, 3))
end

return masks
