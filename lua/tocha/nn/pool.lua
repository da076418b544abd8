-- Pooling: maximum, average, power average, adaptive, fractional, over everything, and the way back
-- from a maximum.

local core = require "tocha.core"
local registry = require "tocha.op"
local window = require "tocha.window"
local Module = require "tocha.nn.module"

local ops <const> = registry.ops
local classes <const> = {}

local DIVISOR <const> = ", divisor_override = nil"  -- not in one dimension

local FAMILIES <const> = {
  -- class, operation, arguments, which of them the operation takes (in order)
  { "MaxPool%dd", "max_pool%dd",
    "kernel_size, stride = nil, padding = 0, dilation = 1, return_indices = false, "
      .. "ceil_mode = false",
    { "kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices" } },
  { "AvgPool%dd", "avg_pool%dd",
    "kernel_size, stride = nil, padding = 0, ceil_mode = false, count_include_pad = true"
      .. DIVISOR },
  { "LPPool%dd", "lp_pool%dd", "norm_type, kernel_size, stride = nil, ceil_mode = false" },
  { "AdaptiveMaxPool%dd", "adaptive_max_pool%dd", "output_size, return_indices = false" },
  { "AdaptiveAvgPool%dd", "adaptive_avg_pool%dd", "output_size" },
}

local function define(name, op, args, order)
  local class <const> = Module:extend(name, args)
  class.op = op
  local names <const> = order or require "tocha.signature".parse(args).names
  function class:forward(x)
    local options <const> = {}
    for _, each in ipairs(names) do options[each] = self[each] end
    return ops[op](x, options)
  end
  classes[name] = class
end

for _, family in ipairs(FAMILIES) do
  for n = 1, 3 do
    local args = family[3]
    if n == 1 then args = args:gsub(DIVISOR, "") end
    define(family[1]:format(n), family[2]:format(n), args, family[4])
  end
end

-- A size that is left out, {nil, 7}, stays that of the input. Lua cannot tell {7, nil} from {7}.
local function with_all_sizes(self, n)
  local size <const> = self.output_size
  if type(size) ~= "table" then return end
  if #size == 1 and size[1] ~= nil then
    core.fail(getmetatable(self).__name, 1, "expected a size or %d, got a list of one; write -1 "
      .. "for a last size that is to stay", n)
  end
  self.output_size = {}
  for d = 1, n do self.output_size[d] = size[d] or -1 end
end

for n = 2, 3 do
  for _, kind in ipairs { "Max", "Avg" } do
    local class <const> = classes[("Adaptive%sPool%dd"):format(kind, n)]
    function class:build() with_all_sizes(self, n) end
  end
end

for n = 2, 3 do
  define(("FractionalMaxPool%dd"):format(n), ("fractional_max_pool%dd"):format(n),
    "kernel_size, output_size = nil, output_ratio = nil, return_indices = false, "
    .. "_random_samples = nil")
  local class <const> = classes[("FractionalMaxPool%dd"):format(n)]
  class.owns = { _random_samples = true }
  function class:build(args)
    if args._random_samples then self:register_buffer("_random_samples", args._random_samples) end
  end
end

-- nn.GlobalAvgPool2d(keepdim = false), nn.GlobalMaxPool2d and so on: one number a channel, (N, C,
-- ...) to (N, C).
for n = 1, 3 do
  for kind, op in pairs { Avg = "mean", Max = "amax" } do
    local name <const> = ("Global%sPool%dd"):format(kind, n)
    local class <const>, dims <const> = Module:extend(name, "keepdim = false"), {}
    for d = 1, n do dims[d] = d - n - 1 end
    function class:forward(x)
      window.channel(name, x, n)
      return ops[op](x, dims, self.keepdim)
    end
    classes[name] = class
  end
end

for n = 1, 3 do
  local class <const> = Module:extend(("MaxUnpool%dd"):format(n),
    "kernel_size, stride = nil, padding = 0")
  class.op = "max_unpool" .. n .. "d"
  --- unpool(x, indices, output_size): zeros but for the places that MaxPool found.
  function class:forward(x, indices, output_size)
    return ops["max_unpool" .. n .. "d"](x, indices, self.kernel_size, self.stride, self.padding,
      output_size)
  end
  classes["MaxUnpool" .. n .. "d"] = class
end

return classes
