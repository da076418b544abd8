-- Creation: tensors from sizes, values and rules. All take a trailing table of options
-- {dtype =, device =, requires_grad =}.
--
-- Ranges include their end, as Lua's do: arange(1, 5) is 1 2 3 4 5, and arange(5) the same.

local registry = require "tocha.op"
local op, S, ops = registry.op, registry.samples, registry.ops
local core = require "tocha.core"

local create <const> = {}

create.OPTIONS = "dtype: dtype?, device: string?, requires_grad: bool = false"

--- A new tensor of these sizes, filled by `fill(y)`.
function create.made(fill, sizes, dtype, device, requires_grad)
  local y <const> = core.empty(sizes, dtype, device)
  if fill then fill(y) end
  return requires_grad and y:requires_grad_(true) or y
end
local made <const> = create.made

local function zero(y) y:zero_() end
local function one(y) y:fill_(1) end
local FILLS <const> = {
  empty = { fill = false,
    doc = "A tensor of the given sizes whose values are whatever memory held." },
  zeros = { fill = zero, doc = "A tensor of the given sizes filled with 0." },
  ones = { fill = one, doc = "A tensor of the given sizes filled with 1." },
}

for name, family in pairs(FILLS) do
  op(name) {
    doc = family.doc,
    args = "size: shape, " .. create.OPTIONS, method = false, random = name == "empty",
    run = function(size, dtype, device, requires_grad)
      return made(family.fill, size, dtype or "float32", device, requires_grad)
    end,
    sample = { { S.list { 2, 3 } }, { S.list {} }, { S.list { 2, 0 }, { dtype = "int64" } } },
  }
  op(name .. "_like") {
    doc = "As `" .. name .. "`, with the sizes, dtype and device of `input`.",
    args = "input: tensor, " .. create.OPTIONS, method = false, random = name == "empty",
      grad = false,
    run = function(x, dtype, device, requires_grad)
      return made(family.fill, x, dtype, device, requires_grad)
    end,
    sample = { { { 2, 3 } }, { { 2 }, { dtype = "int64" } } },
  }
end

-- The dtype that a Lua value has by itself.
local function natural(name, value)
  if type(value) == "boolean" then return "bool" end
  if type(value) ~= "number" then
    core.fail(name, 2, "expected a number or a boolean, got %s", type(value))
  end
  return math.type(value) == "integer" and "int64" or "float32"
end

local function filler(value)
  if type(value) == "boolean" then value = value and 1 or 0 end
  return function(y) y:fill_(value) end
end

op "full" {
  doc = "A tensor of the given sizes (a list) filled with a value; int64 for an integer, bool for "
    .. "a boolean.",
  args = "size: shape, fill_value: any, " .. create.OPTIONS, method = false,
  run = function(size, value, dtype, device, requires_grad)
    return made(filler(value), size, dtype or natural("full", value), device, requires_grad)
  end,
  sample = { { S.list { 2, 3 }, 1.5 }, { S.list { 2 }, 7 }, { S.list {}, true } },
}

op "full_like" {
  doc = "A tensor with the sizes, dtype and device of `input`, filled with a value.",
  args = "input: tensor, fill_value: any, " .. create.OPTIONS, method = false, grad = false,
  run = function(x, value, dtype, device, requires_grad)
    natural("full_like", value)
    return made(filler(value), x, dtype, device, requires_grad)
  end,
  sample = { { { 2, 3 }, 1.5 }, { { 2 }, 7, { dtype = "int64" } } },
}

-- ---- ranges -------------------------------------------------------------------------------------

-- How many steps lead from first to last; an end within rounding of a step counts as reached.
local function steps_between(first, last, step)
  if step == 0 then core.fail("arange", 3, "the step is 0") end
  if math.type(first) == "integer" and math.type(last) == "integer"
    and math.type(step) == "integer" then
    return math.max(0, (last - first) // step + 1)
  end
  local q <const> = (last - first) / step
  if q ~= q or math.abs(q) > 2 ^ 53 then
    core.fail("arange", nil, "there is no range from %s to %s by %s", first, last, step)
  end
  return math.max(0, math.floor(q + math.abs(q) * 2 ^ -51) + 1)
end

local function truncated(number)
  return math.tointeger(number < 0 and math.ceil(number) or math.floor(number)) or 0
end

op "arange" {
  doc = "The numbers from `start` to `end`, both included, by `step`; `arange(n)` is 1 to n. int64 "
    .. "where all are integers. (PyTorch's arange starts at 0 and leaves the end out.)",
  args = "start: number, end: number?, step: number = 1, " .. create.OPTIONS, method = false,
  run = function(first, last, step, dtype, device, requires_grad)
    if not last then first, last = 1, first end
    local count <const> = steps_between(first, last, step)
    local whole <const> = math.type(first) == "integer" and math.type(last) == "integer"
      and math.type(step) == "integer"
    return made(function(y)
      core.kernel.arange(y, truncated(first), truncated(step), first, step)
    end, { count }, dtype or whole and "int64" or "float32", device, requires_grad)
  end,
  sample = { { 5 }, { 2, 10, 3 }, { 1.0, 0.0, -0.25 }, { 3, 1 } },
}

local function check_steps(name, steps)
  if steps < 0 then core.fail(name, 3, "expected a count, got %d", steps) end
end

op "linspace" {
  doc = "`steps` numbers from `start` to `end`, both included, evenly spaced.",
  args = "start: number, end: number, steps: int, " .. create.OPTIONS, method = false,
  run = function(first, last, steps, dtype, device, requires_grad)
    check_steps("linspace", steps)
    return made(function(y) core.kernel.linspace(y, first, last, 0) end, { steps },
      dtype or "float32", device, requires_grad)
  end,
  sample = { { 0, 1, 5 }, { 3, -3, 4 }, { 2, 9, 1 }, { 1, 2, 0 } },
}

op "logspace" {
  doc = "`base` to the powers `linspace(start, end, steps)`.",
  args = "start: number, end: number, steps: int, base: number = 10, " .. create.OPTIONS,
    method = false,
  run = function(first, last, steps, base, dtype, device, requires_grad)
    check_steps("logspace", steps)
    return made(function(y) core.kernel.linspace(y, first, last, base) end, { steps },
      dtype or "float32", device, requires_grad)
  end,
  sample = { { 0, 2, 5 }, { -1, 1, 3, 2 } },
}

-- ---- matrices -----------------------------------------------------------------------------------

op "eye" {
  doc = "The n x m matrix (m = n where not given) with 1 on its diagonal and 0 elsewhere.",
  args = "n: int, m: int?, " .. create.OPTIONS, method = false,
  run = function(n, m, dtype, device, requires_grad)
    return made(function(y)
      y:zero_()
      if y:numel() > 0 then ops.diagonal(y):fill_(1) end
    end, { n, m or n }, dtype or "float32", device, requires_grad)
  end,
  sample = { { 3 }, { 2, 4 }, { 0 } },
}

for name, which in pairs { tril_indices = "tril", triu_indices = "triu" } do
  op(name) {
    doc = "Rows and columns, as a 2 x N int64 tensor, of the elements that `" .. which
      .. "` keeps.",
    args = "row: int, col: int, offset: int = 0, dtype: dtype = \"int64\", device: string?",
    method = false,
    run = function(rows, cols, offset, dtype, device)
      local mask <const> = ops[which](ops.ones({ rows, cols }, { dtype = "bool", device = device }),
        offset)
      return ops.to(ops.nonzero(mask):t():contiguous(), dtype)
    end,
    sample = { { 3, 3 }, { 2, 4, 1 }, { 4, 2, -1 } },
  }
end

return create
