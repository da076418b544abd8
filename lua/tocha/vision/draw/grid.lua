-- Many pictures in one.

local core = require "tocha.core"
local images = require "tocha.vision.io"
local picture = require "tocha.vision.draw.picture"
local registry = require "tocha.op"
local signature = require "tocha.signature"

local ops <const> = registry.ops
local grid <const> = {}

local ARGS <const> = "nrow = 8, padding = 2, normalize = false, value_range = nil, "
  .. "scale_each = false, pad_value = 0"

-- (N, C, H, W), C not 1.
local function batch(who, x)
  if type(x) == "table" and not core.is_tensor(x) and #x > 0 then x = ops.stack(x) end
  if not core.is_tensor(x) then
    core.fail(who, 1, "expected pictures (N, C, H, W) or a list of them, got %s", type(x))
  end
  local shape <const> = x.shape
  x = x:detach()
  if x.ndim == 2 then x = x:unsqueeze(1) end
  if x.ndim == 3 then x = x:unsqueeze(1) end
  if x.ndim ~= 4 or x:numel() == 0 then
    core.fail(who, 1, "expected pictures (N, C, H, W), got %s", registry.rule.text(shape))
  end
  return x:size(2) == 1 and x:expand(x:size(1), 3, x:size(3), x:size(4)) or x
end

-- ---- numbers to 0..1 ----------------------------------------------------------------------------

local SMALLEST <const> = 1e-5  -- range

local function scaled(x, range)
  local low <const>, high <const> = range and range[1] or x:min():item(),
    range and range[2] or x:max():item()
  return (x:clamp(low, high) - low) / math.max(high - low, SMALLEST)
end

local function normalized(x, o)
  local floats <const> = x:is_floating_point() and x or x:float()
  if not o.scale_each then return scaled(floats, o.value_range) end
  local list <const> = {}
  for k = 1, floats:size(1) do list[k] = scaled(floats[k], o.value_range) end
  return ops.stack(list)
end

-- ---- the grid -----------------------------------------------------------------------------------

local function check_options(who, o)
  for name, least in pairs { nrow = 1, padding = 0 } do
    if math.type(o[name]) ~= "integer" or o[name] < least then
      core.fail(who, name, "expected a number from %d on, got %s", least, tostring(o[name]))
    end
  end
  local range <const> = o.value_range
  if range ~= nil and (type(range) ~= "table" or not tonumber(range[1]) or not tonumber(range[2])
    or range[1] >= range[2]) then
    core.fail(who, "value_range", "expected {least, greatest}")
  end
end

local function arrange(x, o)
  local n <const>, pad <const> = x:size(1), o.padding
  if n == 1 then return x:squeeze(1) end
  local cols <const> = math.min(o.nrow, n)
  local rows <const> = (n + cols - 1) // cols
  local h <const>, w <const> = x:size(3) + pad, x:size(4) + pad
  local page <const> = ops.full({ x:size(2), h * rows + pad, w * cols + pad }, o.pad_value,
    { dtype = x.dtype, device = x.device })
  for k = 0, n - 1 do
    page:narrow(2, k // cols * h + pad + 1, h - pad):narrow(3, k % cols * w + pad + 1, w - pad)
      :copy_(x[k + 1])
  end
  return page
end

--- vision.draw.make_grid(images, {nrow = 8, padding = 2, normalize = false, value_range, scale_each
--- = false, pad_value = 0}): pictures (N, C, H, W), or a list of them, as one (C, ..., ...), `nrow`
--- in each row, `padding` pixels between them. `normalize` brings value_range {least, greatest}, or
--- the least and greatest of all, with scale_each of each, to 0 and 1. As torchvision's make_grid.
function grid.make_grid(x, options)
  local o <const> = {}
  signature.read(ARGS, "make_grid", o, options or {})
  check_options("make_grid", o)
  local all <const> = batch("make_grid", x)
  return arrange(o.normalize and normalized(all, o) or all, o)
end

--- vision.draw.save_image(images, path, options): a picture, or the grid of pictures, to a file
--- whose name's end says the format; floats are 0 to 1. Options as make_grid has, and quality,
--- lossless, compression_level as vision.io.write.
function grid.save_image(x, path, options)
  local o <const>, of_file <const> = {}, {}
  signature.read(ARGS .. ", quality = nil, lossless = nil, compression_level = nil", "save_image",
    o, options or {})
  check_options("save_image", o)
  for _, name in ipairs { "quality", "lossless", "compression_level" } do
    of_file[name] = o[name]
  end
  local all <const> = batch("save_image", x)
  images.write(picture.bytes(arrange(o.normalize and normalized(all, o) or all, o)), path, of_file)
end

return grid
