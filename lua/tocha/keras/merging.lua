-- keras.layers: several inputs become one: Add, Subtract, Multiply, Average, Maximum, Minimum,
-- Concatenate, Dot. They are called with a list, Add(){ a, b }, or with the inputs one by one; the
-- functions add{ a, b } and so on make the layer and call it.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local Module = require "tocha.nn.module"
local layer = require "tocha.keras.layer"
local layout = require "tocha.keras.layout"

local function as_list(first, ...)
  if type(first) == "table" and getmetatable(first) == nil then return first end
  return { first, ... }
end

-- The inputs with channels first, where all of them lie so.
local function in_memory_order(list)
  for _, x in ipairs(list) do
    if not layout.is_first(x) then return list, false end
  end
  local inside <const> = {}
  for k, x in ipairs(list) do inside[k] = layout.first(x) end
  return inside, true
end

local function define(name, args, join, least)
  local class <const> = layer.define(name, Module, args)
  function class:forward(...)
    local list <const> = as_list(...)
    if #list < (least or 1) then
      core.fail(name, nil, "expected a list of at least %d tensors, got %d", least, #list)
    end
    return join(self, list)
  end
end

-- From the left, element by element.
local function define_fold(name, op, finish)
  define(name, "", function(_, list)
    local inside <const>, first <const> = in_memory_order(list)
    local y = inside[1]
    for k = 2, #inside do y = ops[op](y, inside[k]) end
    if finish then y = finish(y, #inside) end
    return first and layout.last(y) or y
  end, 2)
end

define_fold("Add", "add")
define_fold("Multiply", "mul")
define_fold("Maximum", "maximum")
define_fold("Minimum", "minimum")
define_fold("Average", "add", function(y, n) return y / n end)

define("Subtract", "", function(_, list)
  if #list ~= 2 then core.fail("Subtract", nil, "expected 2 tensors, got %d", #list) end
  return list[1] - list[2]
end, 2)

--- Concatenate(axis = -1): 1 is the batch.
define("Concatenate", "axis = -1", function(self, list)
  local inside <const>, first <const> = in_memory_order(list)
  if first and self.axis == -1 then return layout.last(ops.cat(inside, 2)) end
  return ops.cat(list, self.axis)
end)

--- Dot(axes): products summed along a dimension of each: a number, or one for each input. 1 is the
--- batch. {normalize = true} gives the cosine of the angle.
define("Dot", "axes, normalize = false", function(self, list)
  if #list ~= 2 then core.fail("Dot", nil, "expected 2 tensors, got %d", #list) end
  local x, y = list[1], list[2]
  local a <const> = type(self.axes) == "table" and self.axes[1] or self.axes
  local b <const> = type(self.axes) == "table" and self.axes[2] or self.axes
  if self.normalize then x, y = ops.normalize(x, 2, a), ops.normalize(y, 2, b) end
  local flat <const> = x.ndim == 2 and y.ndim == 2
  if x.ndim == 2 then x = x:unsqueeze(2) else x = x:movedim(a, -1) end
  if y.ndim == 2 then y = y:unsqueeze(3) else y = y:movedim(b, 2) end
  local product <const> = ops.matmul(x:reshape { x:size(1), -1, x:size(-1) },
    y:reshape { y:size(1), y:size(2), -1 })
  if flat then return product:squeeze(3) end
  local sizes <const> = table.move(x.shape, 1, list[1].ndim == 2 and 1 or x.ndim - 1, 1, {})
  if list[2].ndim > 2 then table.move(y.shape, 3, y.ndim, #sizes + 1, sizes) end
  return product:reshape(sizes)
end, 2)
