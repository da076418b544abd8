-- Networks as Darknet's .cfg files describe them: Redmon, "Darknet: open source neural networks in
-- C" (2013-2016). A list of layers, some of which take what earlier ones gave (route, shortcut).
--
-- Layer k of the list is named k - 1, as tocha.io.darknet names weights. Its convolutions normalise
-- with an epsilon of 1e-5. What is read: convolutional, maxpool, avgpool, upsample, route,
-- shortcut, reorg, connected, dropout, softmax, cost, and the detectors' yolo and region
-- (yolo_head.lua). Settings of training in [net] are the caller's to follow.

local core = require "tocha.core"
local tocha = require "tocha"
local nn = require "tocha.nn"
local io = require "tocha.io"
local Head = require "tocha.vision.models.yolo_head"
local detect = require "tocha.vision.models.yolo_detect"

local WHO <const>, EPS <const> = "Darknet", 1e-5

-- ---- settings of a section ----------------------------------------------------------------------

local function fail(section, ...)
  local format <const> = ...
  local place <const> = section.number < 0 and "" or ("layer %d "):format(section.number)
  core.fail(WHO, 1, "%s[%s]: " .. format, place, section.kind, select(2, ...))
end

-- A .cfg comes from outside: sizes are bounded before memory is taken.
local LARGEST <const>, MOST_WEIGHTS <const> = 1 << 20, 1 << 27

local function number(section, key, default, least)
  local value <const> = section[key] == nil and default or tonumber(section[key])
  if not value or not (value >= (least or 0) and value <= LARGEST) then
    fail(section, "%s=%s", key, tostring(section[key]))
  end
  return math.tointeger(value) or value
end

local function whole(section, key, default, least)
  local value <const> = number(section, key, default, least)
  return math.tointeger(value) or fail(section, "%s=%s", key, section[key])
end

-- "1, 2,3" -> { 1, 2, 3 }
local function numbers(section, key)
  local list <const> = {}
  for text in (section[key] or ""):gmatch "[^,%s]+" do
    list[#list + 1] = tonumber(text) or fail(section, "%s=%s", key, section[key])
  end
  return list
end

local ACTIVATIONS <const> = {
  linear = nn.Identity, relu = nn.ReLU, mish = nn.Mish, swish = nn.SiLU, logistic = nn.Sigmoid,
  tanh = nn.Tanh, elu = nn.ELU, selu = nn.SELU, gelu = nn.GELU,
  leaky = function() return nn.LeakyReLU(0.1, { inplace = true }) end,
}

local function activation(section, default)
  local name <const> = section.activation or default
  local make <const> = ACTIVATIONS[name] or fail(section, "the activation '%s'", name)
  return make()
end

-- ---- layers -------------------------------------------------------------------------------------

local Convolutional <const> = nn.Module:extend "Convolutional"

-- Of a [convolutional] section; `eps` is for weights that another tool made.
function Convolutional:new(cin, s, eps)
  local size <const>, filters <const> = whole(s, "size", 1, 1), whole(s, "filters", 1, 1)
  local padding <const> = number(s, "pad", 0) ~= 0 and size // 2 or whole(s, "padding", 0)
  local normalised <const> = number(s, "batch_normalize", 0) ~= 0
  local groups <const> = whole(s, "groups", 1, 1)
  if cin % groups ~= 0 or filters % groups ~= 0 then
    fail(s, "%d groups of %d channels and %d filters", groups, cin, filters)
  end
  if cin // groups * filters * size * size > MOST_WEIGHTS then
    fail(s, "%d filters of %d x %d x %d", filters, cin // groups, size, size)
  end
  self.conv = nn.Conv2d(cin, filters, size, { stride = whole(s, "stride", 1, 1), groups = groups,
    padding = padding, dilation = whole(s, "dilation", 1, 1), bias = not normalised })
  if normalised then self.bn = nn.BatchNorm2d(filters, { eps = eps or EPS }) end
  self.activation = activation(s, "logistic")
  nn.init.kaiming_normal_(self.conv.weight, { a = 0.1 })
end

function Convolutional:forward(x)
  x = self.conv(x)
  return self.activation(self.bn and self.bn(x) or x)
end

local Connected <const> = nn.Module:extend "Connected"

function Connected:new(s)
  local n <const> = whole(s, "output", 1, 1)
  local normalised <const> = number(s, "batch_normalize", 0) ~= 0
  self.linear = nn.Linear(n, { bias = not normalised })
  if normalised then self.bn = nn.BatchNorm1d(n, { eps = EPS }) end
  self.activation = activation(s, "logistic")
end

function Connected:forward(x)
  x = self.linear(x:flatten(2))
  return self.activation(self.bn and self.bn(x) or x)
end

-- Pads by `padding` altogether, half of it before: of size 2 and stride 1 the map keeps its size.
local Maxpool <const> = nn.Module:extend "Maxpool"

function Maxpool:new(s)
  self.stride = whole(s, "stride", 1, 1)
  self.size = whole(s, "size", self.stride, 1)
  self.padding = whole(s, "padding", self.size - 1)
end

-- Before and after a line of n: no more than the last window needs.
function Maxpool:pads(n)
  local before <const> = self.padding // 2
  local count <const> = (n + self.padding - self.size) // self.stride + 1
  return before, math.max(0, (count - 1) * self.stride + self.size - n - before)
end

function Maxpool:forward(x)
  local left <const>, right <const> = self:pads(x:size(4))
  local top <const>, bottom <const> = self:pads(x:size(3))
  if left + right + top + bottom > 0 then
    x = nn.functional.pad(x, { left, right, top, bottom }, "constant", -math.huge)
  end
  return nn.functional.max_pool2d(x, self.size, self.stride)
end

function Maxpool:extra_repr() return ("size=%d, stride=%d"):format(self.size, self.stride) end

-- The maps of the layers it takes, side by side; of `groups` parts of each, one.
local Route <const> = nn.Module:extend "Route"

function Route:new(takes, s)
  self.takes, self.groups = takes, whole(s, "groups", 1, 1)
  self.group = whole(s, "group_id", 0)
  if self.group >= self.groups then fail(s, "group %d of %d", self.group, self.groups) end
end

function Route:forward(...)
  local list <const> = { ... }
  if self.groups > 1 then
    for k, x in ipairs(list) do list[k] = x:chunk(self.groups, 2)[self.group + 1] end
  end
  return #list == 1 and list[1] or tocha.cat(list, 2)
end

function Route:extra_repr()
  local names <const> = {}
  for k, layer in ipairs(self.takes) do names[k] = ("%d"):format(layer - 1) end
  return table.concat(names, ", ")
end

local Shortcut <const> = nn.Module:extend "Shortcut"

function Shortcut:new(takes, s)
  self.takes, self.activation = takes, activation(s, "linear")
end

function Shortcut:forward(x, y) return self.activation(x + y) end
Shortcut.extra_repr = Route.extra_repr

-- Space into channels, (B, C, H, W) to (B, C s s, H / s, W / s). Darknet reads its input's memory
-- as if it were of C / (s s) channels, and networks were trained so.
local Reorg <const> = nn.Module:extend "Reorg"

function Reorg:new(s) self.stride = whole(s, "stride", 1, 1) end

function Reorg:forward(x)
  local s <const> = self.stride
  local B <const>, C <const>, H <const>, W <const> = table.unpack(x.shape)
  return x:reshape(B, C // (s * s), H, s, W, s):permute(1, 4, 6, 2, 3, 5)
    :reshape(B, C * s * s, H // s, W // s)
end

-- ---- reading a .cfg -----------------------------------------------------------------------------
-- kind -> f(section, channels of what comes in, channels of all outputs so far) -> module, channels

-- Places of the layers that `key` names: from 0, or backwards from here.
local function layers_of(s, key)
  local takes <const> = {}
  for k, n in ipairs(numbers(s, key)) do
    takes[k] = math.tointeger(n < 0 and s.number + n + 1 or n + 1)
    if not takes[k] or takes[k] < 1 or takes[k] > s.number then
      fail(s, "there is no layer %s before it", tostring(n))
    end
  end
  if #takes == 0 then fail(s, "'%s' is missing", key) end
  return takes
end

local LAYERS <const> = {}

function LAYERS.convolutional(s, channels)
  return Convolutional(channels, s), whole(s, "filters", 1, 1)
end
function LAYERS.connected(s) return Connected(s), whole(s, "output", 1, 1) end
function LAYERS.maxpool(s, channels) return Maxpool(s), channels end
function LAYERS.avgpool(_, channels) return nn.AdaptiveAvgPool2d(1), channels end
function LAYERS.dropout(s, channels) return nn.Dropout(number(s, "probability", 0.5)), channels end
function LAYERS.softmax(_, channels) return nn.Identity(), channels end  -- of logits, as in PyTorch
LAYERS.cost = LAYERS.softmax

function LAYERS.upsample(s, channels)
  return nn.Upsample { scale_factor = whole(s, "stride", 2, 1), mode = "nearest" }, channels
end

function LAYERS.route(s, _, outputs)
  local takes <const>, sum = layers_of(s, "layers"), 0
  for _, k in ipairs(takes) do sum = sum + outputs[k] // whole(s, "groups", 1, 1) end
  return Route(takes, s), sum
end

function LAYERS.shortcut(s, channels, outputs)
  local takes <const> = layers_of(s, "from")
  table.insert(takes, 1, s.number)
  if #takes ~= 2 or outputs[takes[2]] ~= channels then fail(s, "a sum of maps of two sizes") end
  return Shortcut(takes, s), channels
end

function LAYERS.reorg(s, channels)
  if number(s, "reverse", 0) ~= 0 then fail(s, "reverse is not read") end
  local made <const> = Reorg(s)
  local parts <const> = made.stride * made.stride
  if channels % parts ~= 0 then fail(s, "%d channels do not part into %d", channels, parts) end
  return made, channels * parts
end

-- Pairs of sizes above zero.
local function anchors_of(s)
  local list <const> = numbers(s, "anchors")
  for _, side in ipairs(list) do
    if not (side > 0 and side <= LARGEST) then fail(s, "an anchor of %s", tostring(side)) end
  end
  if #list == 0 or #list % 2 ~= 0 then fail(s, "%d numbers for anchors", #list) end
  return list
end

local function head(kind) return function(s, channels)
  local made <const> = Head { kind = kind, classes = whole(s, "classes", 20, 1),
    anchors = anchors_of(s), mask = s.mask and numbers(s, "mask") or nil,
    ignore = number(s, kind == "yolo" and "ignore_thresh" or "thresh", 0.5),
    scale = number(s, "scale_x_y", 1), rescore = number(s, "rescore", 0) ~= 0,
    object_scale = number(s, "object_scale", 1), noobject_scale = number(s, "noobject_scale", 1),
    coord_scale = number(s, "coord_scale", 1), class_scale = number(s, "class_scale", 1) }
  if made:channels() ~= channels then
    fail(s, "expected %d channels (anchors x (5 + classes)), got %d", made:channels(), channels)
  end
  return made, channels
end end
LAYERS.yolo, LAYERS.region = head "yolo", head "region"

local SHORT <const> = { conv = "convolutional", max = "maxpool", avg = "avgpool",
  conn = "connected", soft = "softmax" }

-- Which outputs later layers ask for.
local function kept_by(layers)
  local kept <const> = {}
  for _, layer in ipairs(layers) do
    for _, k in ipairs(layer.takes or {}) do kept[k] = true end
  end
  return kept
end

local function read(sections)
  local net <const> = sections[1]
  if not net or net.kind ~= "net" and net.kind ~= "network" then
    core.fail(WHO, 1, "a .cfg begins with [net]")
  end
  net.number = -1
  local layers <const>, outputs <const>, weights = {}, {}, 0
  local channels = whole(net, "channels", 3, 1)
  for k = 2, #sections do
    local s <const> = sections[k]
    s.number = k - 2
    local make <const> = LAYERS[SHORT[s.kind] or s.kind] or fail(s, "this kind is not read")
    layers[k - 1], channels = make(s, channels, outputs)
    outputs[k - 1] = channels
    if channels > LARGEST then fail(s, "%d channels", channels) end
    weights = weights + layers[k - 1]:num_parameters()
    if weights > MOST_WEIGHTS then fail(s, "more than %d weights", MOST_WEIGHTS) end
  end
  return layers
end

-- ---- the network --------------------------------------------------------------------------------

local Darknet <const> = nn.Sequential:extend "Darknet"

--- models.Darknet(cfg): the network of a .cfg: its path, its text, or sections as tocha.io.darknet
--- gives them. Called with pictures (B, channels, H, W) of values in 0 to 1, sides a multiple of
--- 32, it gives the last layer's output, or for a detector a list of its heads' maps:
---
---     local net = models.Darknet "yolov3-tiny.cfg"
---     net:load "yolov3-tiny.weights"
---     local boxes, scores, labels = net:eval():detect(picture, { threshold = 0.5, iou = 0.45 })
---     net:loss(net:train()(x), targets):backward()
function Darknet:new(cfg)
  if type(cfg) == "string" then
    cfg = cfg:find "\n" and io.darknet.parse(cfg, WHO) or io.darknet.cfg(cfg)
  end
  if type(cfg) ~= "table" then
    core.fail(WHO, 1, "expected the path of a .cfg, its text or its sections, got %s", type(cfg))
  end
  local layers <const> = read(cfg)
  self._sections, self._kept = cfg, kept_by(layers)
  self._height, self._width = whole(cfg[1], "height", 416, 1), whole(cfg[1], "width", 416, 1)
  nn.Sequential.new(self, table.unpack(layers))
end

function Darknet:forward(x)
  local kept <const>, maps <const> = {}, {}
  for k, layer in ipairs(self) do
    if layer.takes then
      local given <const> = {}
      for j, from in ipairs(layer.takes) do given[j] = kept[from] end
      x = layer(table.unpack(given))
    else
      x = layer(x)
    end
    if self._kept[k] then kept[k] = x end
    if layer.is_head then maps[#maps + 1] = x end
  end
  return #maps > 0 and maps or x
end

--- net:heads(): its yolo and region layers, in order.
function Darknet:heads()
  local list <const> = {}
  for _, layer in ipairs(self) do
    if layer.is_head then list[#list + 1] = layer end
  end
  return list
end

--- net:load(file, options): as every module; Darknet's .weights by the network's own .cfg.
function Darknet:load(file, options)
  if type(file) == "string" and file:find "%.weights$" then
    file = io.darknet.load(file, { cfg = self._sections })
  end
  return nn.Sequential.load(self, file, options)
end

for name, method in pairs(detect) do Darknet[name] = method end

return { Darknet = Darknet, Convolutional = Convolutional }
