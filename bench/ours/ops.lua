-- Single operations, forward alone under no_grad or forward and backward. A workload is a function
-- of `small`, true in the spec.

local tocha = require "tocha"
local fill = require "fill"
local numbers = require "numbers"

local nn <const>, F <const> = tocha.nn, tocha.nn.functional
local tensor <const> = fill.tensor
local workloads <const> = {}

local function operation(op)
  local function unit()
    local _ <close> = tocha.no_grad()
    return op()
  end
  return { unit = unit, check = function() return numbers(unit()) end }
end

-- So small that a loop around it must not end in a call of its own.
local function repeated(op)
  local times <const> = 1000
  return { inner = times, check = function() return numbers(op()) end,
    unit = function() for _ = 1, times do op() end end }
end

-- Checked by the result and every gradient; without `g` the result is a loss.
local function with_gradients(op, x, g, ...)
  local leaves <const> = { x, ... }
  x:requires_grad_()
  local function unit()
    for _, leaf in ipairs(leaves) do leaf.grad = nil end
    local y <const> = op()
    y:backward(g)
    return y
  end
  return { unit = unit, check = function()
    local list <const> = { unit() }
    for k, leaf in ipairs(leaves) do list[k + 1] = leaf.grad end
    return numbers(table.unpack(list))
  end }
end

function workloads.add4()
  local a <const>, b <const> = tensor { 4 }, tensor({ 4 }, 1, 5)
  return repeated(function() return a + b end)
end

function workloads.add4_grad()
  local a <const>, b <const> = tensor { 4 }:requires_grad_(), tensor({ 4 }, 1, 5)
  return repeated(function() return a + b end)
end

-- ---- elementwise -------------------------------------------------------------------------------

local function big(small, shift) return tensor({ small and 1000 or 16 << 20 }, 1, shift) end

local function unary(f, shift)
  return function(small)
    local a <const> = big(small) + (shift or 0)
    return operation(function() return f(a) end)
  end
end
workloads.tanh_16m, workloads.exp_16m = unary(tocha.tanh), unary(tocha.exp)
workloads.log_16m, workloads.gelu_16m = unary(tocha.log, 1.1), unary(F.gelu)
workloads.relu_16m, workloads.sum_16m = unary(F.relu), unary(tocha.sum, 0.5)

function workloads.add_16m(small)
  local a <const>, b <const> = big(small), big(small, 5)
  return operation(function() return a + b end)
end

function workloads.copy_16m(small)
  local a <const> = big(small)
  local b <const> = tocha.zeros_like(a)
  return operation(function() return b:copy_(a) end)
end

-- ---- layers ------------------------------------------------------------------------------------

-- Batches of 64 maps
local function maps(small, size, shift)
  if small then return tensor({ 2, 3, size // 8, size // 8 }, 1, shift) end
  return tensor({ 16, 64, size, size }, 1, shift)
end

local function pool(x) return F.max_pool2d(x, 3, 2, 1) end

function workloads.max_pool(small)
  local x <const> = maps(small, 112)
  return operation(function() return pool(x) end)
end

function workloads.max_pool_grad(small)
  local x <const>, g <const> = maps(small, 112), maps(small, 56)
  return with_gradients(function() return pool(x) end, x, g)
end

function workloads.batch_norm(small)
  local x <const> = maps(small, 56)
  local layer <const> = nn.BatchNorm2d(x:size(2))
  return operation(function() return layer(x) end)
end

function workloads.batch_norm_grad(small)
  local x <const>, g <const> = maps(small, 56), maps(small, 56, 3)
  local layer <const> = nn.BatchNorm2d(x:size(2))
  return with_gradients(function() return layer(x) end, x, g, layer.weight, layer.bias)
end

-- Rows of a table, and a gradient of its shape
local function table_of(small, rows, columns, scale)
  local shape <const> = { small and 5 or rows, columns }
  return tensor(shape, scale), tensor(shape, 1, 3)
end

function workloads.layer_norm_grad(small)
  local x <const>, g <const> = table_of(small, 1024, 384)
  local layer <const> = nn.LayerNorm(384)
  return with_gradients(function() return layer(x) end, x, g, layer.weight, layer.bias)
end

function workloads.softmax_grad(small)
  local x <const>, g <const> = table_of(small, 6144, 256, 4)
  return with_gradients(function() return F.softmax(x, -1) end, x, g)
end

function workloads.cross_entropy_grad(small)
  local x <const> = table_of(small, 1024, 65, 4)
  local y <const> = fill.labels(x:size(1), 65)
  return with_gradients(function() return F.cross_entropy(x, y) end, x)
end

-- ---- copies ------------------------------------------------------------------------------------

local function square(small, n) return tensor { small and 20 or n, small and 20 or n } end

function workloads.transpose(small)
  local x <const> = square(small, 1024)
  return operation(function() return x:t():contiguous() end)
end

function workloads.channels_last(small)
  local x <const> = maps(small, 56)
  return operation(function() return x:permute(1, 3, 4, 2):contiguous() end)
end

function workloads.strided(small)
  local x <const> = square(small, 4096)
  return operation(function() return x[{ {}, { 1, -1, 2 } }]:contiguous() end)
end

-- ---- products ----------------------------------------------------------------------------------

for _, n in ipairs { 512, 1024, 2048 } do
  workloads["mm_" .. n] = function(small)
    local m <const> = small and 10 or n
    local a <const>, b <const> = tensor { m, m }, tensor({ m, m }, 1, 3)
    return operation(function() return tocha.mm(a, b) end)
  end
end

return workloads
