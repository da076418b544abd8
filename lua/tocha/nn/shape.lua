-- Layers that change the shape and nothing else: Flatten, Unflatten, Reshape, View, Permute,
-- Transpose, Squeeze, Unsqueeze.

local core = require "tocha.core"
local registry = require "tocha.op"
local Module = require "tocha.nn.module"

local ops <const> = registry.ops

local Flatten <const> = Module:extend("Flatten", "start_dim = 2, end_dim = -1")

--- nn.Flatten(start_dim = 2, end_dim = -1): dimensions become one; the first is the batch.
function Flatten:forward(x) return ops.flatten(x, self.start_dim, self.end_dim) end

local Unflatten <const> = Module:extend("Unflatten", "dim, unflattened_size")

--- nn.Unflatten(dim, sizes): one dimension becomes several.
function Unflatten:forward(x)
  local d <const> = self.dim < 0 and self.dim + x.ndim + 1 or self.dim
  local shape <const> = x.shape
  if not shape[d] then
    core.fail("Unflatten", 1, "dimension %d is out of range for %d dimensions", self.dim, x.ndim)
  end
  local sizes <const> = table.move(shape, 1, d - 1, 1, {})
  for _, size in ipairs(self.unflattened_size) do sizes[#sizes + 1] = size end
  return x:reshape(table.move(shape, d + 1, #shape, #sizes + 1, sizes))
end

-- ---- layers made with a list of integers --------------------------------------------------------

-- A class whose integers are given one by one or as a list.
local function listed(name, field)
  local class <const> = Module:extend(name)
  function class:new(first, ...)
    local values <const> = type(first) == "table" and table.move(first, 1, #first, 1, {})
      or { first, ... }
    for k, v in ipairs(values) do
      if math.type(v) ~= "integer" then
        core.fail(name, k, "expected an integer, got %s", tostring(v))
      end
    end
    self[field] = values
  end
  function class:extra_repr() return table.concat(self[field], ", ") end
  return class
end

--- nn.View(sizes...): all sizes anew; one may be -1.
local View <const> = listed("View", "sizes")
function View:forward(x) return x:reshape(self.sizes) end

--- nn.Reshape(sizes...): the sizes of one example; the batch stays. One may be -1.
local Reshape <const> = listed("Reshape", "sizes")
function Reshape:forward(x)
  return x:reshape { x:size(1), table.unpack(self.sizes) }
end

--- nn.Permute(dims...): the dimensions in this order, nn.Permute(1, 3, 4, 2) from (N, C, H, W) to
--- (N, H, W, C).
local Permute <const> = listed("Permute", "dims")
function Permute:forward(x) return x:permute(self.dims) end

-- ---- one dimension or two -----------------------------------------------------------------------

--- nn.Transpose(dim0, dim1): two dimensions change places.
local Transpose <const> = Module:extend("Transpose", "dim0, dim1")
function Transpose:forward(x) return x:transpose(self.dim0, self.dim1) end

--- nn.Squeeze(dim): without this dimension of size 1, or without all of them.
local Squeeze <const> = Module:extend("Squeeze", "dim = nil")
function Squeeze:forward(x) return x:squeeze(self.dim) end

--- nn.Unsqueeze(dim): a dimension of size 1 more.
local Unsqueeze <const> = Module:extend("Unsqueeze", "dim")
function Unsqueeze:forward(x) return x:unsqueeze(self.dim) end

return {
  Flatten = Flatten, Unflatten = Unflatten, View = View, Reshape = Reshape, Permute = Permute,
  Transpose = Transpose, Squeeze = Squeeze, Unsqueeze = Unsqueeze,
}
