-- The ONNX project's tests, read from its archives: models with inputs and the outputs to expect.

local tocha = require "tocha"
local files = require "tocha.io.file"
local Model = require "tocha.onnx.model"
local schema = require "tocha.onnx.schema"
local tensor = require "tocha.onnx.tensor"
local types = require "tocha.onnx.types"
local value = require "tocha.onnx.value"

local support <const> = {}

-- ---- archives -----------------------------------------------------------------------------------

local BLOCK <const> = 512

local function field(bytes, at, first, size)
  return bytes:sub(at + first + 1, at + first + size):match "^[^\0]*"
end

--- support.untar(path): name -> bytes of the files in a .tar.gz (ustar: long names have a prefix).
function support.untar(path)
  local bytes <const>, members <const>, at = files.read("untar", path), {}, 0
  while #field(bytes, at, 0, 100) > 0 do
    local prefix <const>, name <const> = field(bytes, at, 345, 155), field(bytes, at, 0, 100)
    local size <const> = tonumber(field(bytes, at, 124, 12):match "%d*", 8) or 0
    members[prefix == "" and name or prefix .. "/" .. name] =
      bytes:sub(at + BLOCK + 1, at + BLOCK + size)
    at = at + BLOCK + (size + BLOCK - 1) // BLOCK * BLOCK
  end
  return members
end

-- ---- values -------------------------------------------------------------------------------------

local function message(name, bytes) return assert(schema.decode(name, bytes)) end

local function sequence(proto)
  local list <const> = {}
  for _, each in ipairs(proto.tensor_values) do list[#list + 1] = tensor.decode(each) end
  for _, each in ipairs(proto.sequence_values) do list[#list + 1] = sequence(each) end
  return value.sequence(list)
end

-- What a .pb file of test data holds, by the type of the input or output.
local function read(bytes, info)
  if info.optional then
    local proto <const> = message("OptionalProto", bytes)
    if proto.tensor_value then return tensor.decode(proto.tensor_value) end
    return proto.sequence_value and sequence(proto.sequence_value) or value.NONE
  end
  if info.sequence then return sequence(message("SequenceProto", bytes)) end
  return tensor.decode(message("TensorProto", bytes))
end

local function problem_of_tensor(got, want)
  if not tocha.is_tensor(got) then return "no tensor" end
  local a <const>, b <const> = types.of(got).name, types.of(want).name
  if a ~= b then return ("%s instead of %s"):format(a, b) end
  if not got:is_same_size(want) then
    return ("(%s) instead of (%s)"):format(table.concat(got.shape, ", "),
      table.concat(want.shape, ", "))
  end
  if want:numel() == 0 then return nil end
  local same
  if want:is_floating_point() then
    same = got:detach():cpu():double():allclose(want:double(), 1e-3, 1e-7, true)
  else same = got:cpu():equal(want) end
  return not same and "other values" or nil
end

--- support.problem(got, want): nil where they are alike by the suite's rules (rtol 1e-3, atol
--- 1e-7), else what is wrong.
function support.problem(got, want)
  if rawequal(want, value.NONE) then return not rawequal(got, want) and "a value" or nil end
  if not value.is_sequence(want) then return problem_of_tensor(got, want) end
  if not value.is_sequence(got) or #got ~= #want then return "no such sequence" end
  for k = 1, #want do
    local problem <const> = support.problem(got[k], want[k])
    if problem then return problem end
  end
end

-- ---- tests --------------------------------------------------------------------------------------

-- As Model:forward, but that sequences and strings stay as they are.
local function outputs(net, given)
  local leave <const> = value.leave
  value.leave = function(x) return x end
  local ok <const>, results <const> = pcall(function()
    return table.pack(net(table.unpack(given, 1, #net.inputs)))
  end)
  value.leave = leave
  return ok and results or error(results, 0)
end

local function run_set(members, net, base, device)
  local given <const> = {}
  for k, info in ipairs(net.inputs) do
    local bytes <const> = members[("%s/input_%d.pb"):format(base, k - 1)]
    local x <const> = bytes and read(bytes, info)
    given[k] = device and tocha.is_tensor(x) and types.mark(x:to(device), types.of(x)) or x or nil
  end
  local results <const> = outputs(net, given)
  for k, info in ipairs(net.outputs) do
    local want <const> = read(members[("%s/output_%d.pb"):format(base, k - 1)], info)
    local problem <const> = support.problem(results[k], want)
    if problem then error(("output %d: %s"):format(k, problem), 0) end
  end
end

local function run_test(members, name, device)
  local proto <const> = message("ModelProto", members[name .. "/model.onnx"])
  assert(proto.graph, "it has no graph")
  local net <const> = Model(proto, {})
  if device then net:to(device) end
  local set = 0
  while members[("%s/test_data_set_%d/output_0.pb"):format(name, set)] do
    run_set(members, net, ("%s/test_data_set_%d"):format(name, set), device)
    set = set + 1
  end
  assert(set > 0, "it has no data")
end

--- support.run(members, name, device = nil): nil, or what is wrong with the test of this folder.
function support.run(members, name, device)
  local ok <const>, problem <const> = pcall(run_test, members, name, device)
  return not ok and tostring(problem) or nil
end

--- support.tests(members): the folders of tests, sorted.
function support.tests(members)
  local names <const> = {}
  for path in pairs(members) do
    local name <const> = path:match "^(.*)/model%.onnx$"
    if name then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

return support
