-- Networks that part and join: residual connections, branches side by side, and the sums, products
-- and concatenations that bring them together again. Torch's names stand beside the short ones.
--
--     nn.Residual(nn.Sequential(conv1, nn.ReLU(), conv2), shortcut)       x -> f(x) + shortcut(x)
--     nn.Concat(2, branch1, branch3, branch5)                             as in an Inception block
--     nn.Sequential(nn.ConcatTable(a, b), nn.Add())                       x -> a(x) + b(x)
--
-- What has several inputs takes them as arguments or as one list; what has several outputs returns
-- a list, so that it fits into a Sequential.

local core = require "tocha.core"
local registry = require "tocha.op"
local Module = require "tocha.nn.module"
local list = require "tocha.nn.list"

local ops <const> = registry.ops

local function is_list(value) return type(value) == "table" and getmetatable(value) == nil end

-- ---- one input, a branch and a way past it ------------------------------------------------------

local Residual <const> = Module:extend "Residual"

--- nn.Residual(f, shortcut = identity): f(x) + shortcut(x); both are modules or functions. He et
--- al., "Deep residual learning for image recognition" (2016).
function Residual:new(f, shortcut)
  self.block = list.as_module(self, f)
  if shortcut ~= nil then self.shortcut = list.as_module(self, shortcut) end
end

function Residual:forward(x)
  local past <const> = self.shortcut
  return ops.add(self.block(x), past and past(x) or x)
end

-- ---- several branches ---------------------------------------------------------------------------

local function branches(name)
  local class <const> = list.equip(Module:extend(name), list.as_module)
  class.add, class.new = class.append, list.fill
  return class
end

local ConcatTable <const>, ParallelTable <const> = branches "ConcatTable", branches "ParallelTable"

--- nn.ConcatTable(a, b, ...): x -> {a(x), b(x), ...}
function ConcatTable:forward(...)
  local outputs <const> = {}
  for k, branch in ipairs(self) do outputs[k] = branch(...) end
  return outputs
end

local function need(self, inputs)
  if #inputs == #self then return inputs end
  core.fail(getmetatable(self).__name, 1, "expected %d inputs, one for each branch, got %d", #self,
    #inputs)
end

--- nn.ParallelTable(a, b, ...): {x, y, ...} -> {a(x), b(y), ...}
function ParallelTable:forward(first, ...)
  local inputs <const> = need(self, is_list(first) and first or { first, ... })
  local outputs <const> = {}
  for k, branch in ipairs(self) do outputs[k] = branch(inputs[k]) end
  return outputs
end

--- nn.Concat(dim, a, b, ...): a(x), b(x), ... one behind the other along `dim` (2: channels).
local Concat <const> = branches "Concat"

function Concat:new(dim, ...)
  self.dim = dim or 2
  list.fill(self, ...)
end

function Concat:forward(...) return ops.cat(ConcatTable.forward(self, ...), self.dim) end
function Concat:extra_repr() return ("%d"):format(self.dim) end
function Concat:empty_twin() return Concat(self.dim) end

--- nn.Parallel(input_dim, output_dim, a, b, ...): the k-th branch gets the k-th slice of x along
--- `input_dim`, without that dimension; the results stand behind each other along `output_dim`.
local Parallel <const> = branches "Parallel"

function Parallel:new(input_dim, output_dim, ...)
  self.input_dim, self.output_dim = input_dim, output_dim
  list.fill(self, ...)
end

function Parallel:forward(x)
  local outputs <const> = {}
  for k, slice in ipairs(need(self, ops.unbind(x, self.input_dim))) do
    outputs[k] = self[k](slice)
  end
  return ops.cat(outputs, self.output_dim)
end

function Parallel:extra_repr() return ("%d, %d"):format(self.input_dim, self.output_dim) end
function Parallel:empty_twin() return Parallel(self.input_dim, self.output_dim) end

-- ---- several inputs become one ------------------------------------------------------------------

local function merging(name, f, args)
  local class <const> = Module:extend(name, args or "")
  function class:forward(first, ...)
    local inputs <const> = is_list(first) and first or { first, ... }
    if #inputs == 0 then core.fail(name, 1, "there are no inputs") end
    return f(self, inputs)
  end
  return class
end

local function folded(op)
  return function(_, inputs)
    local y = inputs[1]
    for k = 2, #inputs do y = ops[op](y, inputs[k]) end
    return y
  end
end

--- nn.Add(), nn.Mul(): the sum or product of several inputs; nn.Cat(dim = 2): one behind the
--- other. Torch's CAddTable, CMulTable and JoinTable.
local Add <const>, Mul <const> = merging("Add", folded "add"), merging("Mul", folded "mul")
local Cat <const> = merging("Cat", function(self, inputs) return ops.cat(inputs, self.dim) end,
  "dim = 2")

return {
  Residual = Residual, ConcatTable = ConcatTable, ParallelTable = ParallelTable, Concat = Concat,
  Parallel = Parallel, Add = Add, Mul = Mul, Cat = Cat,
  CAddTable = Add, CMulTable = Mul, JoinTable = Cat,
}
