-- keras.layers: other shapes of the same elements, padding, cropping, enlarging. Sizes are without
-- the batch. Elements come in Keras's order, channels last.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local Module = require "tocha.nn.module"
local layer = require "tocha.keras.layer"

local function as_list(value) return type(value) == "table" and value or { value } end

--- Flatten(): an example becomes a row.
local Flatten <const> = layer.define("Flatten", Module, "data_format = nil")

function Flatten:forward(x)
  if self.data_format == "channels_first" then x = ops.movedim(x, 2, -1) end
  return x.ndim > 1 and ops.flatten(x, 2) or x:unsqueeze(2)
end

--- Reshape(sizes): one of them may be -1.
local Reshape <const> = layer.define("Reshape", Module, "target_shape")

-- The sizes with what -1 stands for, so that an empty batch has a shape too.
local function full_sizes(self, x)
  local n, known, open = 1, 1, nil
  for d = 2, x.ndim do n = n * x:size(d) end
  local sizes <const> = { x:size(1) }
  for k, size in ipairs(as_list(self.target_shape)) do
    sizes[k + 1] = size
    if size == -1 then open = k + 1 else known = known * size end
  end
  if open then sizes[open] = n // known end
  if open and known * sizes[open] ~= n or not open and known ~= n then
    core.fail("Reshape", nil, "an example has %d elements, which do not fit (%s)", n,
      table.concat(as_list(self.target_shape), ", "))
  end
  return sizes
end

function Reshape:forward(x) return x:reshape(full_sizes(self, x)) end

--- Permute(dims): of an example; 1 is its first dimension.
local Permute <const> = layer.define("Permute", Module, "dims")

function Permute:forward(x)
  local order <const> = { 1 }
  for k, d in ipairs(self.dims) do order[k + 1] = d + 1 end
  return x:permute(order)
end

--- RepeatVector(n): (N, features) to (N, n, features)
local RepeatVector <const> = layer.define("RepeatVector", Module, "n")

function RepeatVector:forward(x)
  return x:unsqueeze(2):expand { x:size(1), self.n, x:size(2) }
end

-- ---- padding and cropping -----------------------------------------------------------------------

-- One number, one a dimension, or a pair a dimension, as pairs; in one dimension a pair is one.
local function as_pairs(who, value, n)
  local list <const> = {}
  for d = 1, n do
    local each = type(value) == "table" and value[d] or value
    if n == 1 and type(value) == "table" and type(value[1]) == "number" then each = value end
    if type(each) == "number" then each = { each, each } end
    if type(each) ~= "table" or #each ~= 2 then
      core.fail(who, 1, "expected a number, %d numbers or %d pairs", n, n)
    end
    list[d] = each
  end
  return list
end

local function define_padding(n)
  local name <const> = ("ZeroPadding%dD"):format(n)
  local class <const> = layer.define(name, Module, "padding = 1, data_format = nil")

  function class:setup(args)
    local pads <const> = {}
    for _, pair in ipairs(as_pairs(name, args.padding, n)) do
      table.insert(pads, 1, pair[2])
      table.insert(pads, 1, pair[1])
    end
    rawset(self, "_pads", pads)
  end

  function class:forward(x) return self:outside(ops.pad(self:inside(x), self._pads)) end
end

local function define_cropping(n)
  local name <const> = ("Cropping%dD"):format(n)
  local class <const> = layer.define(name, Module, "cropping = 1, data_format = nil")

  function class:setup(args) rawset(self, "_crops", as_pairs(name, args.cropping, n)) end

  function class:forward(x)
    local first <const> = self.data_format == "channels_first" and 2 or 1
    for d, pair in ipairs(self._crops) do
      local size <const> = x:size(first + d) - pair[1] - pair[2]
      if size < 1 then
        core.fail(name, nil, "nothing is left of a size of %d", x:size(first + d))
      end
      x = x:narrow(first + d, pair[1] + 1, size)
    end
    return x
  end
end

local function define_upsampling(n)
  local class <const> = layer.define(("UpSampling%dD"):format(n), Module,
    "size = 2, data_format = nil" .. (n == 2 and ", interpolation = 'nearest'" or ""))

  function class:forward(x)
    x = self:inside(x)
    local sizes <const> = {}
    for d = 1, n do
      sizes[d] = x:size(d + 2) * (type(self.size) == "table" and self.size[d] or self.size)
    end
    local mode <const> = self.interpolation or "nearest"
    return self:outside(ops.interpolate(x, sizes, nil, mode, mode ~= "nearest" and false or nil))
  end
end

for n = 1, 3 do
  define_padding(n)
  define_cropping(n)
  define_upsampling(n)
end
