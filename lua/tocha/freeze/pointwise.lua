-- Elementwise calls of an emitted program: one function for each operation, made of its text in
-- csrc/pointwise.def, over up to six dimensions with strides.
--
-- The arguments of such a function are the result, the operands, the geometry (sizes, then the
-- strides of the result and of each operand, six of each) and the operation's numbers.

local core = require "tocha.core"
local formula = require "tocha.formula"

local pointwise <const> = {}

local DIMS <const> = 6
local NUMBERS <const> = { "p", "q", "r" }
pointwise.DIMS, pointwise.NUMBERS = DIMS, NUMBERS

local rows  -- name -> row of csrc/pointwise.def

--- pointwise.row(name): { formula =, inputs =, ... }
function pointwise.row(name)
  if not rows then
    rows = {}
    for _, row in ipairs(core.pointwise()) do rows[row.name] = row end
  end
  return rows[name]
end

--- pointwise.formula(name): the text of the operation over a, b, c; nil where there is none.
function pointwise.formula(name)
  if name == "copy" then return "a" end  -- its own text takes the second operand
  local row <const> = pointwise.row(name)
  return row and row.formula
end

-- ---- geometry -----------------------------------------------------------------------------------

-- Strides of `t` over the dimensions of `shape`, 0 where it is broadcast.
local function broadcast_strides(t, shape)
  local strides <const>, first <const> = {}, #shape - #t.shape
  for d = 1, #shape do
    local own <const> = d - first
    strides[d] = own >= 1 and t.shape[own] ~= 1 and t.strides[own] or 0
  end
  return strides
end

-- Can dimension d of all tensors be walked together with the one before?
local function joins(sizes, strides, d)
  for _, each in ipairs(strides) do
    if each[#sizes] ~= each.next * d then return false end
  end
  return true
end

-- Fewer dimensions over the same elements: those of one element go, neighbours that lie one after
-- the other become one.
local function merged(shape, tensors)
  local sizes <const>, strides <const> = {}, {}
  for k, each in ipairs(tensors) do strides[k] = { of = each } end
  for d = 1, #shape do
    if shape[d] ~= 1 then
      for _, each in ipairs(strides) do each.next = each.of[d] end
      if #sizes > 0 and joins(sizes, strides, shape[d]) then
        sizes[#sizes] = sizes[#sizes] * shape[d]
        for _, each in ipairs(strides) do each[#sizes] = each.next end
      else
        sizes[#sizes + 1] = shape[d]
        for _, each in ipairs(strides) do each[#sizes] = each.next end
      end
    end
  end
  return sizes, strides
end

-- The last dimension is the innermost loop: what is missing is put before.
local function append_padded(list, values, otherwise)
  for _ = #values + 1, DIMS do list[#list + 1] = otherwise end
  for k = 1, #values do list[#list + 1] = values[k] end
end

local function geometry_of(places, tensors)
  local shape <const>, all <const> = tensors[1].shape, {}
  for k, t in ipairs(tensors) do all[k] = broadcast_strides(t, shape) end
  local sizes <const>, strides <const> = merged(shape, all)
  if #sizes > DIMS then
    places:refuse("more than %d dimensions that lie apart have no meaning here", DIMS)
  end
  local list <const> = {}
  append_padded(list, sizes, 1)
  for _, each in ipairs(strides) do append_padded(list, each, 0) end
  return { kind = "ints", list = list }
end

-- ---- calls --------------------------------------------------------------------------------------

local function make(places, name, tensors, numbers)
  local args <const> = {}
  for k, t in ipairs(tensors) do args[k] = places:ref(t) end
  args[#args + 1] = geometry_of(places, tensors)
  local text <const> = pointwise.row(name).formula
  for k, letter in ipairs(NUMBERS) do
    if formula.mentions(text, letter) then
      args[#args + 1] = { kind = "float", value = numbers[k] }
    end
  end
  return { fn = "each_" .. name, formula = text, args = args }
end

-- `copy` takes its values from the second operand alone.
function pointwise.call(places, step)
  if step.wrt > 0 then places:refuse("the gradient of '%s' has no meaning here", step.name) end
  local tensors <const> = { step.tensors[1] }
  if step.name == "copy" then
    return pointwise.copy_tensors(places, step.tensors[1], step.tensors[3])
  end
  for k = 2, pointwise.row(step.name).inputs + 1 do tensors[k] = step.tensors[k] end
  return make(places, step.name, tensors, step.numbers)
end

function pointwise.copy_tensors(places, to, from)
  return { fn = "each_copy", formula = "a", args = { places:ref(to), places:ref(from),
    geometry_of(places, { to, from }) } }
end

--- pointwise.copy(places, name, tensor): its elements in order into a buffer.
function pointwise.copy(places, name, from)
  local strides <const>, n = {}, 1
  for d = #from.shape, 1, -1 do strides[d], n = n, n * from.shape[d] end
  local to <const> = { shape = from.shape, strides = strides }
  return { fn = "each_copy", formula = "a", layer = name, args = {
    { kind = "ref", base = name, offset = 0 }, places:ref(from),
    geometry_of(places, { to, from }) } }
end

return pointwise
