-- A recorded program of a frozen network, as the back ends write it down: calls of kernels on
-- buffers and weights. It is what the network itself runs, kernel by kernel, with the same plan of
-- the memory; nothing here knows layers, but for their names.
--
-- A program is { inputs =, outputs =, arena = floats of scratch, buffers = names of more scratch
-- with their sizes, weights =, calls = lists }. A weight is { name =, dtype = "float32", "int8" or
-- "int32", values = tensor, scale = tensor of an int8 one }; a call { fn =, layer =, args = }. What
-- stands in args is told by `kind`:
--
--   "ref"    { base = a buffer's or weight's name, offset = elements, weight = or nil }
--   "none"   an optional tensor that is absent
--   "int", "float", "ints"    numbers, a list

local core = require "tocha.core"
local calls = require "tocha.freeze.calls"
local quantize = require "tocha.freeze.quantize"

local program <const> = {}
local FLOAT <const> = 4  -- bytes

-- ---- where tensors lie --------------------------------------------------------------------------

local Places <const> = {}
Places.__index = Places

local function refuse(self, format, ...)
  core.fail("freeze", nil, "layer '%s': " .. format, self.layer, ...)
end

-- The name of a storage that is no constant.
local function buffer_name(self, k, storage)
  if storage.offset then return "arena" end
  local known <const> = self.by_key[storage.key]
  if known then return known end
  if not storage.written then return nil end
  self.buffers[k] = self.buffers[k] or { name = "kept" .. k, size = storage.bytes // FLOAT }
  return self.buffers[k].name
end

local function add_weight(self, key, make)
  local weight = self.known[key]
  if not weight then
    weight = make()
    weight.name = "w" .. #self.weights + 1
    self.known[key] = weight
    self.weights[#self.weights + 1] = weight
  end
  return weight
end

-- All elements that a tensor's storage holds, in its dtype.
local function constant(self, t)
  local data <const> = self.storages[t.storage].data
  local size <const> = core.from_bytes("", { 0 }, t.dtype):element_size()
  return core.from_bytes(data:sub(1, #data // size * size), { #data // size }, t.dtype)
end

local function find(self, t)
  if not t then return { kind = "none" } end
  local stored <const> = self.stored[t.storage]
  if stored then return { kind = "ref", base = stored.name, offset = t.offset, weight = stored } end
  local storage <const> = self.storages[t.storage]
  local name <const> = buffer_name(self, t.storage, storage)
  if not name then
    local weight <const> = add_weight(self, t.storage .. t.dtype, function()
      return { dtype = "float32", values = constant(self, t):to "float32" }
    end)
    return { kind = "ref", base = weight.name, offset = t.offset, weight = weight }
  end
  if t.dtype ~= "float32" then refuse(self, "%s values have no meaning here", t.dtype) end
  local start <const> = (storage.offset or 0) // FLOAT
  return { kind = "ref", base = name, offset = start + t.offset }
end

--- places:ref(tensor): where a float32 tensor of a step lies; constants of other dtypes become
--- float32. { kind = "none" } for false.
function Places:ref(t)
  local ref <const> = find(self, t)
  if ref.weight then ref.weight.plain = true end
  return ref
end

local function is_whole(t, count)
  local n = 1
  for _, size in ipairs(t.shape) do n = n * size end
  return t.offset == 0 and n == count and n > 0
end

--- places:matrix(tensor): the same for a weight with a row for each output. One that is nothing
--- else (`plain`) may be stored as int8.
function Places:matrix(t)
  local ref <const> = find(self, t)
  local weight <const> = ref.weight
  if not weight then return ref end
  if is_whole(t, weight.values:numel()) and (weight.rows or t.shape[1]) == t.shape[1] then
    weight.rows = t.shape[1]
  else
    weight.plain = true
  end
  return ref
end

--- places:ids(tensor): the name of a constant list of integers, counted from 0.
function Places:ids(t)
  if buffer_name(self, t.storage, self.storages[t.storage]) then
    refuse(self, "indices that are computed have no meaning here")
  end
  local weight <const> = add_weight(self, "ids" .. t.storage, function()
    return { dtype = "int32", values = (constant(self, t) - 1):to "int32" }
  end)
  return { kind = "ref", base = weight.name, offset = t.offset, weight = weight }
end

-- Weights that are int8 already (net:freeze{int8 = true}): a step makes floats of them, the values
-- times the scales. What follows takes the values and the scales themselves.
function Places:store(step)
  local out <const>, values <const>, scale <const> = table.unpack(step.tensors, 1, 3)
  if step.name ~= "mul" or not values or values.dtype ~= "int8" then return false end
  self.stored[out.storage] = add_weight(self, "int8" .. values.storage, function()
    return { dtype = "int8", values = constant(self, values):reshape(out.shape),
      scale = constant(self, scale), rows = out.shape[1] }
  end)
  return true
end

Places.refuse = refuse

-- ---- inputs and outputs -------------------------------------------------------------------------

local function names(prefix, list)
  local result <const> = {}
  for k in ipairs(list) do result[k] = #list == 1 and prefix or prefix .. k end
  return result
end

local function check_tensors(list, what)
  for _, x in ipairs(list) do
    if not core.is_tensor(x) or x.dtype ~= "float32" then
      core.fail("freeze", nil, "%s: expected a float32 tensor, got %s", what,
        core.is_tensor(x) and x.dtype or type(x))
    end
  end
end

-- Each as { name =, shape =, size = }; the storages behind them get these names.
local function name_ends(self, list, prefix)
  local ends <const> = {}
  for k, name in ipairs(names(prefix, list)) do
    local x <const> = list[k]
    local key <const> = core.storage(x)
    ends[k] = { name = name, shape = x.shape, size = x:numel() }
    if x:is_contiguous() and not self.by_key[key] and x:storage_offset() == 0
      and self.bytes_of[key] == x:numel() * FLOAT then
      self.by_key[key] = name
    else
      ends[k].copy_of = x
    end
  end
  return ends
end

-- An output that is a part of something, or an input, is copied at the end.
local function copy_outputs(self, outputs, list)
  for _, out in ipairs(outputs) do
    local x <const> = out.copy_of
    if x then
      self.layer = out.name
      local from <const> = { storage = self.place_of[core.storage(x)], offset = x:storage_offset(),
        dtype = x.dtype, shape = x.shape, strides = x:stride() }
      list[#list + 1] = calls.copy(self, out.name, from)
      out.copy_of = nil
    end
  end
end

-- ---- the whole ----------------------------------------------------------------------------------

local function new_places(listing)
  local self <const> = setmetatable({ storages = listing.storages, by_key = {}, known = {},
    bytes_of = {}, place_of = {}, buffers = {}, weights = {}, stored = {} }, Places)
  for k, storage in ipairs(listing.storages) do
    if storage.key then
      self.bytes_of[storage.key], self.place_of[storage.key] = storage.bytes, k
    end
  end
  return self
end

local function layer_of(marks, k)
  local name = "the network"
  for _, mark in ipairs(marks) do
    if mark.first < k then name = mark.name end
  end
  return name
end

-- Outputs that are inputs too, or that no step writes, have no storage among the steps' own.
local function sorted_buffers(buffers)
  local list <const> = {}
  for _, buffer in pairs(buffers) do list[#list + 1] = buffer end
  table.sort(list, function(a, b) return a.name < b.name end)
  return list
end

--- program.of(recorded, marks): of what core.graph_record gave; `marks` are { first =, name = } for
--- the layers: which calls are a layer's. A kernel without a meaning outside of Tocha is an error
--- that names its layer.
function program.of(recorded, marks)
  local listing <const>, ends <const> = core.graph_steps(recorded), core.graph_describe(recorded)
  local self <const> = new_places(listing)
  check_tensors(ends.inputs, "an input")
  check_tensors(ends.outputs, "an output")
  local inputs <const> = name_ends(self, ends.inputs, "in")
  local outputs <const> = name_ends(self, ends.outputs, "out")
  local list <const> = {}
  for k, step in ipairs(listing.steps) do
    self.layer = layer_of(marks, k)
    for _, call in ipairs(self:store(step) and {} or calls.of(self, step)) do
      call.layer = self.layer
      list[#list + 1] = call
    end
  end
  copy_outputs(self, outputs, list)
  return { inputs = inputs, outputs = outputs, calls = list, arena = listing.arena // FLOAT,
    buffers = sorted_buffers(self.buffers), weights = self.weights }
end

--- program.quantized(p): with the weights of convolutions, linear and recurrent layers as int8.
function program.quantized(p)
  for _, weight in ipairs(p.weights) do
    if weight.rows and not weight.plain and weight.dtype == "float32" then
      weight.dtype = "int8"
      weight.values, weight.scale = quantize.rows(weight.values:reshape(weight.rows, -1))
    end
  end
  return p
end

return program
