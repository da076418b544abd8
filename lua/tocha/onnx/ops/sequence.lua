-- Sequences of tensors, and values that may be absent (optionals). See value.lua.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local op = require "tocha.onnx.registry".op
local value = require "tocha.onnx.value"

local NONE <const> = value.NONE

local function check(list)
  if not value.is_sequence(list) then op.fail "the input is no sequence" end
  return list
end

-- The place from 1, of a position from 0 or from the end; `last` is the highest.
local function place(list, position, last)
  local at <const> = op.number(position)
  local k <const> = at < 0 and at + #list + 1 or at + 1
  if k < 1 or k > last then op.fail("position %d of a sequence of %d", at, #list) end
  return k
end

op "SequenceConstruct" {
  since = 11, inputs = "inputs...", doc = "A sequence of the inputs", types = "none",
  run = function(_, ...) return value.sequence { ... } end,
}

op "SequenceEmpty" {
  since = 11, attributes = { dtype = op.int }, doc = "A sequence of nothing", types = "none",
  run = function() return value.sequence {} end,
}

op "SequenceAt" {
  since = 11, inputs = "input_sequence, position: cpu", types = "none", doc = "One of a sequence",
  run = function(_, list, position) return list[place(check(list), position, #list)] end,
}

op "SequenceInsert" {
  since = 11, inputs = "input_sequence, tensor, position?: cpu", types = "none",
  doc = "With a tensor put in, at the end or before `position`",
  run = function(_, list, x, position)
    local copy <const> = value.sequence(check(list))
    table.insert(copy, position and place(list, position, #list + 1) or #copy + 1, x)
    return copy
  end,
}

op "SequenceErase" {
  since = 11, inputs = "input_sequence, position?: cpu", types = "none",
  doc = "With one taken out, the last or that at `position`",
  run = function(_, list, position)
    local copy <const> = value.sequence(check(list))
    table.remove(copy, position and place(list, position, #list) or #copy)
    return copy
  end,
}

op "SequenceLength" {
  since = 11, inputs = "input_sequence", types = "none", doc = "How many there are",
  run = function(_, list) return core.from_table(#check(list), "int64") end,
}

op "ConcatFromSequence" {
  since = 11, inputs = "input_sequence", attributes = { axis = op.need.int, new_axis = 0 },
  types = "none", doc = "All joined along `axis`, or stacked along a new one",
  run = function(a, list)
    local n <const> = check(list)[1] and list[1].ndim or op.fail "the sequence is empty"
    local tensors <const> = table.move(list, 1, #list, 1, {})
    if a.new_axis ~= 0 then return ops.stack(tensors, op.axis(a.axis, n + 1)) end
    return ops.cat(tensors, op.axis(a.axis, n))
  end,
}

local function sizes_of(x, dim, split)
  if split and split.ndim > 0 then return op.list(split) end
  local each <const>, sizes <const>, left = op.number(split) or 1, {}, x:size(dim)
  if each < 1 then op.fail("parts of %d", each) end
  while left > 0 do
    sizes[#sizes + 1] = math.min(each, left)
    left = left - each
  end
  return sizes
end

op "SplitToSequence" {
  since = 11, inputs = "input, split?: cpu", attributes = { axis = 0, keepdims = 1 },
  types = "none", doc = "Parts along `axis` as a sequence",
  run = function(a, x, split)
    local dim <const>, parts <const>, at = op.axis(a.axis, x.ndim), {}, 1
    for k, size in ipairs(sizes_of(x, dim, split)) do
      local part <const> = x:narrow(dim, at, size)
      parts[k] = not split and a.keepdims == 0 and part:squeeze(dim) or part
      at = at + size
    end
    return value.sequence(parts)
  end,
}

-- ---- optionals ----------------------------------------------------------------------------------

op "Optional" {
  since = 15, inputs = "input?", attributes = { type = op.type }, types = "none",
  doc = "The input, or nothing",
  run = function(_, x) return x == nil and NONE or core.is_tensor(x) and ops.alias(x) or x end,
}

op "OptionalHasElement" {
  since = 15, inputs = "input?", types = "none", doc = "Is there a value?",
  run = function(_, x) return core.from_table(x ~= nil and not rawequal(x, NONE), "bool") end,
}

op "OptionalGetElement" {
  since = 15, inputs = "input", types = "none", doc = "The value",
  run = function(_, x)
    if rawequal(x, NONE) then op.fail "there is no value" end
    return core.is_tensor(x) and ops.alias(x) or x
  end,
}
