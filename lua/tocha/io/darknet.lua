-- Darknet: the weights of a .weights file by name, by the layers of its .cfg.
--
-- A .weights file is a short head and then float32 after float32: only the .cfg says what they are.
-- Layers are numbered from 0, without [net], as Darknet prints them. Convolutions give
-- N.conv.weight and N.conv.bias, or with batch_normalize N.bn.weight, N.bn.bias, N.bn.running_mean
-- and N.bn.running_var beside N.conv.weight; connected layers N.linear.* alike. A file that stops
-- after some layer (darknet53.conv.74) is read as far as it goes. Recurrent, local and
-- deconvolutional layers are refused by name.

local core = require "tocha.core"
local files = require "tocha.io.file"
local raw = require "tocha.io.raw"

local darknet <const> = {}

local WHO <const> = "load"
local LARGEST <const> = 1 << 20  -- of a size in a .cfg: the product of three fits
local FLOAT <const> = 4

-- ---- the .cfg -----------------------------------------------------------------------------------

--- darknet.parse(text, path): the sections of a .cfg in their order: { kind = "convolutional",
--- filters = "16", ... }, values as they stand there. `path` is for errors.
function darknet.parse(text, path)
  local sections <const> = {}
  for line in text:gmatch "[^\r\n]+" do
    line = line:gsub("%s", "")
    local kind <const>, key <const>, value <const> = line:match "^%[(.-)%]", line:match "^(.-)=(.*)"
    if kind then sections[#sections + 1] = { kind = kind }
    elseif key and not line:find "^[#;]" then
      if #sections == 0 then core.fail(WHO, 1, "%s: '%s' before any section", path, line) end
      sections[#sections][key] = value
    end
  end
  if #sections == 0 then core.fail(WHO, 1, "%s: no section of a Darknet .cfg", path) end
  return sections
end

--- darknet.cfg(path): the sections of a file.
function darknet.cfg(path) return darknet.parse(files.read(WHO, path), path) end

-- ---- reading ------------------------------------------------------------------------------------
-- r: { handle, left, bad, weights, layer = its number, outputs = list of {c, h, w} }

local function option(r, section, key, default)
  local text <const> = section[key]
  local value <const> = text == nil and default or math.tointeger(tonumber(text))
  if not value or value < 0 or value > LARGEST then
    r.bad("layer %d [%s]: %s=%s", r.layer, section.kind, key, tostring(text))
  end
  return value
end

local function read_tensor(r, name, shape)
  local bytes <const> = raw.count(shape, FLOAT, r.left)
  if not bytes then r.bad("layer %d: the file ends within '%s'", r.layer, name) end
  r.left = r.left - bytes
  local x <const> = raw.tensor(bytes == 0 and "" or r.handle:read(bytes), shape, "float32")
  r.weights[("%d.%s"):format(r.layer, name)] = x
  return x
end

local function read_statistics(r, n)
  read_tensor(r, "bn.weight", { n })
  read_tensor(r, "bn.running_mean", { n })
  read_tensor(r, "bn.running_var", { n })
end

local function is_set(r, section, key) return option(r, section, key, 0) ~= 0 end

-- ---- layers -------------------------------------------------------------------------------------
-- (r, section, {c, h, w} of what comes in) -> {c, h, w} of what goes out

local function convolutional(r, s, x)
  local n <const>, size <const> = option(r, s, "filters", 1), option(r, s, "size", 1)
  local stride <const>, groups <const> = option(r, s, "stride", 1), option(r, s, "groups", 1)
  local padding <const> = is_set(r, s, "pad") and size // 2 or option(r, s, "padding", 0)
  local reach <const> = (size - 1) * option(r, s, "dilation", 1) + 1
  if stride == 0 or size == 0 or groups == 0 or x.c % groups ~= 0 or is_set(r, s, "flipped") then
    r.bad("layer %d: a convolution that is not read", r.layer)
  end
  local normalised <const> = is_set(r, s, "batch_normalize")
  read_tensor(r, normalised and "bn.bias" or "conv.bias", { n })
  if normalised then read_statistics(r, n) end
  read_tensor(r, "conv.weight", { n, x.c // groups, size, size })
  return { c = n, h = (x.h + 2 * padding - reach) // stride + 1,
    w = (x.w + 2 * padding - reach) // stride + 1 }
end

local function connected(r, s, x)
  local n <const>, inputs <const> = option(r, s, "output", 1), x.c * x.h * x.w
  local normalised <const> = is_set(r, s, "batch_normalize")
  read_tensor(r, normalised and "bn.bias" or "linear.bias", { n })
  local stored <const> = r.transposed and { inputs, n } or { n, inputs }
  local weight <const> = read_tensor(r, "linear.weight", stored)
  if r.transposed then r.weights[r.layer .. ".linear.weight"] = weight:t():contiguous() end
  if normalised then read_statistics(r, n) end
  return { c = n, h = 1, w = 1 }
end

local function batchnorm(r, _, x)
  read_tensor(r, "bn.bias", { x.c })
  read_statistics(r, x.c)
  return x
end

local function maxpool(r, s, x)
  local stride <const> = math.max(option(r, s, "stride", 1), 1)
  local size <const> = option(r, s, "size", stride)
  local padding <const> = option(r, s, "padding", math.max(size - 1, 0))
  return { c = x.c, h = (x.h + padding - size) // stride + 1,
    w = (x.w + padding - size) // stride + 1 }
end

local function upsample(r, s, x)
  local stride <const> = option(r, s, "stride", 2)
  return { c = x.c, h = x.h * stride, w = x.w * stride }
end

local function reorg(r, s, x)
  local k <const> = math.max(option(r, s, "stride", 1), 1)
  if is_set(r, s, "reverse") then return { c = x.c // (k * k), h = x.h * k, w = x.w * k } end
  return { c = x.c * k * k, h = x.h // k, w = x.w // k }
end

-- The layers that it names (from 0, or back from here), put together.
local function route(r, s)
  local out
  for number in (s.layers or ""):gmatch "[^,]+" do
    local k = math.tointeger(tonumber(number)) or r.layer
    if k < 0 then k = r.layer + k end
    local from <const> = r.outputs[k + 1]
      or r.bad("layer %d: a route from layer '%s'", r.layer, number)
    if out then out.c = math.min(out.c + from.c, LARGEST + 1)
    else out = { c = from.c, h = from.h, w = from.w } end
  end
  if not out then r.bad("layer %d: a route from nowhere", r.layer) end
  out.c = out.c // math.max(option(r, s, "groups", 1), 1)
  return out
end

local function shortcut(r, s, x)
  if s.weights_type and s.weights_type ~= "none" then
    r.bad("layer %d: a shortcut with weights", r.layer)
  end
  return x
end

local function crop(r, s, x)
  return { c = x.c, h = option(r, s, "crop_height", 1), w = option(r, s, "crop_width", 1) }
end

local function same(_, _, x) return x end

local LAYERS <const> = { convolutional = convolutional, conv = convolutional,
  connected = connected, conn = connected, batchnorm = batchnorm, maxpool = maxpool, max = maxpool,
  avgpool = function(_, _, x) return { c = x.c, h = 1, w = 1 } end,
  upsample = upsample, reorg = reorg, route = route, shortcut = shortcut, crop = crop }
LAYERS.avg = LAYERS.avgpool
for _, kind in ipairs { "dropout", "softmax", "soft", "cost", "yolo", "region", "detection",
  "activation", "normalization", "lrn", "logistic", "l2norm" } do
  LAYERS[kind] = same
end

-- ---- files --------------------------------------------------------------------------------------

-- Four numbers, the last (pictures seen) of 64 bits since 0.2.
local function read_head(r)
  local major <const>, minor <const> = string.unpack("<i4i4", r.handle:read(12) or "")
  local wide <const> = major < 0 or minor < 0 or major * 10 + minor >= 2
  if r.left < (wide and 20 or 16) then r.bad "it is too short" end
  r.handle:read(wide and 8 or 4)
  r.left = r.left - (wide and 20 or 16)
  r.transposed = major > 1000 or minor > 1000
end

local function input_of(r, net)
  local x <const> = { c = option(r, net, "channels", 0), h = option(r, net, "height", 0),
    w = option(r, net, "width", 0) }
  if x.c * x.h * x.w > 0 then return x end
  return { c = option(r, net, "inputs", 0), h = 1, w = 1 }
end

local function read_layers(r, sections)
  local x = input_of(r, sections[1])
  for k = 2, #sections do
    r.layer = k - 2
    local layer <const> = LAYERS[sections[k].kind]
      or r.bad("layer %d: [%s] is not read", r.layer, sections[k].kind)
    if r.left == 0 then return end
    x = layer(r, sections[k], x)
    for _, size in pairs(x) do
      if size < 1 or size > LARGEST then r.bad("layer %d: an output of no size", r.layer) end
    end
    r.outputs[k - 1] = x
  end
end

local function sections_of(path, options)
  if type(options.cfg) == "table" then return options.cfg end
  local beside <const> = path:gsub("%.[^./]*$", "") .. ".cfg"
  if options.cfg or files.exists(beside) then return darknet.cfg(options.cfg or beside) end
  core.fail(WHO, 1, "%s: the weights of Darknet need their .cfg: give {cfg = path}", path)
end

--- darknet.matches(head): may these be the first bytes of a .weights file?
function darknet.matches(head)
  return head:find "^%z%z%z%z[\1-\5]%z%z%z[%z\1-\9]%z%z%z" ~= nil
end

--- darknet.load(path, {cfg = path with .cfg, or its sections, device = "cpu"}): name -> tensor, and
--- the sections.
function darknet.load(path, options)
  options = options or {}
  local sections <const> = sections_of(path, options)
  local handle <close> = files.open(WHO, path)
  local r <const> = { handle = handle, left = handle:seek "end", layer = -1, outputs = {},
    weights = {}, bad = function(format, ...) core.fail(WHO, 1, "%s: " .. format, path, ...) end }
  handle:seek "set"
  if r.left < 16 then r.bad "it is too short" end
  read_head(r)
  read_layers(r, sections)
  if r.left > 0 then r.bad("%d bytes more than its .cfg has layers for", r.left) end
  if options.device then
    for name, x in pairs(r.weights) do r.weights[name] = x:to(options.device) end
  end
  return r.weights, sections
end

return darknet
