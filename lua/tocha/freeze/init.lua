-- Frozen networks outside of Tocha: as C, as Lua, and as a file from which these are made.
--
-- A program (program.lua) is written by a back end, chosen by the ending of the file's name. Saved
-- programs are safetensors files whose metadata hold the calls (tocha.save's form); they come from
-- outside, so what is read is checked before anything is written of it: names become parts of
-- programs.

local core = require "tocha.core"
local files = require "tocha.io.file"
local formulas = require "tocha.freeze.formulas"
local pointwise = require "tocha.freeze.pointwise"
local program = require "tocha.freeze.program"

local freeze <const> = {}

local BACK_ENDS <const> = { c = "tocha.freeze.c", lua = "tocha.freeze.lua" }
local KEY <const> = "tocha_frozen"

-- ---- writing ------------------------------------------------------------------------------------

local function check_name(name)
  if type(name) == "string" and name:find "^[%a_][%w_]*$" then return name end
  core.fail("write", "name", "expected a name of C, got '%s'", tostring(name))
end

--- freeze.write(program, path, {int8 = false, name = "model"}): the program as a .c or .lua file.
function freeze.write(p, path, options)
  local ending <const> = type(path) == "string" and path:match "%.(%w+)$"
  if not BACK_ENDS[ending] then
    core.fail("write", 1, "expected a file that ends in .c or .lua, got '%s'", tostring(path))
  end
  if options.int8 then program.quantized(p) end
  local text <const> = require(BACK_ENDS[ending]).write(p, check_name(options.name or "model"))
  files.replace("write", path, function(f) return f:write(text) end)
end

-- ---- saved programs -----------------------------------------------------------------------------

local function plain_argument(arg)
  local copy <const> = {}
  for key, value in pairs(arg) do
    if key ~= "weight" then copy[key] = value end
  end
  return copy
end

--- freeze.save(program, path)
function freeze.save(p, path)
  local calls <const>, weights <const> = {}, {}
  for k, call in ipairs(p.calls) do
    local args <const> = {}
    for j, arg in ipairs(call.args) do args[j] = plain_argument(arg) end
    calls[k] = { fn = call.fn, layer = call.layer, args = args }
  end
  for k, w in ipairs(p.weights) do
    weights[k] = { name = w.name, dtype = w.dtype, rows = w.rows, plain = w.plain,
      values = w.values, scale = w.scale }
  end
  require "tocha.io".save({ [KEY] = 1, inputs = p.inputs, outputs = p.outputs, arena = p.arena,
    buffers = #p.buffers > 0 and p.buffers or nil, weights = #weights > 0 and weights or nil,
    calls = #calls > 0 and calls or nil }, path)
end

-- ---- reading ------------------------------------------------------------------------------------

local function bad(path, format, ...)
  core.fail("freeze.load", 1, "%s: " .. format, path, ...)
end

local MOST <const> = 1 << 31

local function is_size(v) return math.type(v) == "integer" and v >= 0 and v < MOST end

local function is_list_of(list, test)
  if type(list) ~= "table" then return false end
  for _, each in ipairs(list) do
    if not test(each) then return false end
  end
  return true
end

local function is_end(x)
  return type(x) == "table" and type(x.name) == "string" and x.name:find "^%a+%d*$"
    and is_size(x.size) and is_list_of(x.shape, is_size)
end

local WEIGHT_TYPES <const> = { float32 = true, int32 = true, int8 = true }

local function is_scale(w)
  if w.dtype ~= "int8" then return w.scale == nil end
  return w.rows and core.is_tensor(w.scale) and w.scale.dtype == "float32" and w.scale.ndim == 1
    and w.scale:numel() == w.rows
end

local function is_weight(w)
  return type(w) == "table" and type(w.name) == "string" and w.name:find "^w%d+$"
    and core.is_tensor(w.values) and WEIGHT_TYPES[w.dtype] and w.values.dtype == w.dtype
    and (w.rows == nil or is_size(w.rows) and w.rows > 0 and w.values:numel() % w.rows == 0)
    and is_scale(w)
end

local function is_buffer(b)
  return type(b) == "table" and type(b.name) == "string" and b.name:find "^kept%d+$"
    and is_size(b.size)
end

local IS_ARGUMENT <const> = {
  ref = function(arg, names) return names[arg.base] ~= nil and is_size(arg.offset) end,
  none = function() return true end,
  int = function(arg) return math.type(arg.value) == "integer" end,
  float = function(arg) return type(arg.value) == "number" end,
  ints = function(arg) return is_list_of(arg.list, math.type) end,
}

local function read_argument(path, arg, names)
  local test <const> = type(arg) == "table" and IS_ARGUMENT[arg.kind]
  if not (test and test(arg, names)) then bad(path, "an argument that is none") end
  arg.weight = arg.kind == "ref" and type(names[arg.base]) == "table" and names[arg.base] or nil
end

-- The text of an elementwise function comes from here, never from the file.
local function read_call(path, call, names)
  if type(call) ~= "table" or type(call.fn) ~= "string" or type(call.layer) ~= "string"
    or type(call.args) ~= "table" then
    bad(path, "a call that is none")
  end
  call.formula = nil
  if call.fn:find "^each_" then
    call.formula = pointwise.formula(call.fn:sub(6)) or bad(path, "the operation '%s'", call.fn)
    if #formulas.operands(call) == 0 then bad(path, "'%s' without a result", call.fn) end
  elseif not require "tocha.freeze.c_kernels".text[call.fn] then
    bad(path, "the function '%s'", call.fn)
  end
  for _, arg in ipairs(call.args) do read_argument(path, arg, names) end
end

local function names_of(p)
  local names <const> = { arena = true }
  for _, list in ipairs { p.inputs, p.outputs, p.buffers } do
    for _, each in ipairs(list) do names[each.name] = true end
  end
  for _, weight in ipairs(p.weights) do names[weight.name] = weight end
  return names
end

--- freeze.load(path): the program that freeze.save wrote.
function freeze.load(path)
  local p <const> = require "tocha.io".load(path)
  if type(p) ~= "table" or p[KEY] ~= 1 then
    bad(path, "no frozen network: frozen:save(path) writes one; for weights alone give the Lua "
      .. "file that returns the network")
  end
  p.buffers, p.weights, p.calls = p.buffers or {}, p.weights or {}, p.calls or {}
  if not (is_list_of(p.inputs, is_end) and is_list_of(p.outputs, is_end) and is_size(p.arena)
    and is_list_of(p.buffers, is_buffer) and is_list_of(p.weights, is_weight)
    and type(p.calls) == "table") then
    bad(path, "its tables are not those of a frozen network")
  end
  local names <const> = names_of(p)
  for _, call in ipairs(p.calls) do read_call(path, call, names) end
  return p
end

return freeze
