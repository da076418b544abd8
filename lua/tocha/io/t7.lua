-- Torch7's .t7 files, binary and ASCII, read and written.
--
-- Numbers, strings, booleans and tables come as they are, tensors and storages as tensors (views
-- of one storage share it), objects of other classes as tables with their fields and the name of
-- the class in `torch_typename`. Functions are left out: nothing in a file is executed. Binary
-- files are those of 64-bit little-endian machines.

local core = require "tocha.core"
local files = require "tocha.io.file"
local raw = require "tocha.io.raw"
local write = require "tocha.io.t7_write"

local t7 <const> = {}

local WHO <const> = "load"
local DIMS_MOST <const>, DEEPEST <const> = 8, 150
local NIL <const>, NUMBER <const>, STRING <const>, TABLE <const>, TORCH <const>, BOOLEAN <const> =
  0, 1, 2, 3, 4, 5
local FUNCTIONS <const> = { [6] = "no index", [7] = "indexed", [8] = "indexed" }

local KINDS <const> = { Float = "float32", Double = "float64", Half = "float16", Long = "int64",
  Int = "int32", Short = "int16", Char = "int8", Byte = "uint8", Cuda = "float32" }
for _, name in ipairs { "Double", "Half", "Long", "Int", "Short", "Char", "Byte" } do
  KINDS["Cuda" .. name] = KINDS[name]
end

-- ---- binary -------------------------------------------------------------------------------------

local Binary <const> = {}
Binary.__index = Binary

function Binary:chars(n)
  if n < 0 or n > #self.text - self.at + 1 then self.bad "it ends early" end
  self.at = self.at + n
  return self.text:sub(self.at - n, self.at - 1)
end

function Binary:int() return (string.unpack("<i4", self:chars(4))) end
function Binary:long() return (string.unpack("<i8", self:chars(8))) end
function Binary:double() return (string.unpack("<d", self:chars(8))) end

function Binary:values(dtype, n)
  local bytes <const> = n >= 0 and raw.count({ n }, raw.item_size(dtype), #self.text)
  if not bytes then self.bad("a storage of %d elements", n) end
  return raw.tensor(self:chars(bytes), { n }, dtype)
end

-- ---- ASCII --------------------------------------------------------------------------------------
-- Numbers are separated by spaces; what was written at once is followed by one line end.

local Ascii <const> = {}
Ascii.__index = Ascii

local SPECIAL <const> = { inf = math.huge, ["-inf"] = -math.huge, nan = 0 / 0, ["-nan"] = 0 / 0 }

function Ascii:token()
  local token <const>, after <const> = self.text:match("^%s*(%S+)()", self.at)
  if not token then self.bad "it ends early" end
  self.at = after
  return token
end

function Ascii:end_line()
  if self.text:byte(self.at) == 10 then self.at = self.at + 1 end
end

function Ascii:integer() return math.tointeger(self:token()) or self.bad "a damaged integer" end

function Ascii:real()
  local token <const> = self:token()
  return SPECIAL[token] or tonumber(token) or self.bad "a damaged number"
end

function Ascii:int()
  local value <const> = self:integer()
  self:end_line()
  return value
end

Ascii.long = Ascii.int

function Ascii:double()
  local value <const> = self:real()
  self:end_line()
  return value + 0.0
end

function Ascii:chars(n)
  local bytes <const> = Binary.chars(self, n)
  if n > 0 then self:end_line() end
  return bytes
end

function Ascii:values(dtype, n)
  if n < 0 or n > #self.text - self.at + 1 then self.bad("a storage of %d elements", n) end
  if raw.item_size(dtype) == 1 then return raw.tensor(self:chars(n), { n }, dtype) end
  local real <const>, parts <const> = dtype:find "^float" ~= nil, {}
  for k = 1, n do
    parts[k] = real and string.pack("<d", self:real()) or string.pack("<i8", self:integer())
  end
  if n > 0 then self:end_line() end
  return raw.tensor(table.concat(parts), { n }, real and "float64" or "int64"):to(dtype)
end

-- ---- objects ------------------------------------------------------------------------------------

local read

local function read_string(r) return r:chars(r:int()) end

local function naturals(r, n)
  local list <const> = {}
  for k = 1, n do
    list[k] = r:long()
    if list[k] < 0 then r.bad "a tensor with a damaged size" end
  end
  return list
end

local function read_tensor(r, dtype, depth)
  local dims <const> = r:int()
  if dims < 0 or dims > DIMS_MOST then r.bad("a tensor of %d dimensions", dims) end
  local size <const>, stride <const> = naturals(r, dims), naturals(r, dims)
  local offset <const>, row <const> = r:long() - 1, read(r, depth)
  if dims == 0 then return core.empty({ 0 }, dtype) end
  if row == nil and raw.count(size, 1, 0) == 0 then return core.empty(size, dtype) end
  if row == nil or not r.rows[row] or row.dtype ~= dtype or offset < 0 then
    r.bad "a tensor without a storage"
  end
  local x <const>, problem <const> = raw.view(row, offset, size, stride)
  return x or r.bad("a tensor %s", problem)
end

local function read_storage(r, dtype)
  local values <const> = r:values(dtype, r:long())
  local row <const> = r.device and values:to(r.device) or values
  r.rows[row] = true
  return row
end

local function set(r, t, key, value)
  if key == nil or key ~= key then r.bad "a table with a damaged key" end
  t[key] = value
end

local function read_table(r, index, depth)
  local t <const> = {}
  r.objects[index] = t
  for _ = 1, r:int() do
    local key <const> = read(r, depth)
    set(r, t, key, read(r, depth))
  end
  return t
end

local function read_fields(r, object, depth)
  local fields <const> = read(r, depth)
  if type(fields) ~= "table" then r.bad("an object of %s without fields", object.torch_typename) end
  for key, value in pairs(fields) do
    r.copied = r.copied + 1
    object[key] = value
  end
  if r.copied > #r.text then r.bad "a file that repeats itself" end
  return object
end

-- Files older than versions begin with the name of the class.
local function class_name(r)
  local version <const> = read_string(r)
  return version:find "^V " and read_string(r) or version
end

local function read_object(r, index, depth)
  local class <const> = class_name(r)
  local kind <const>, what <const> = class:match "^torch%.(%a+)(Tensor)$"
  local stored <const> = class:match "^torch%.(%a+)Storage$"
  if what and KINDS[kind] then r.objects[index] = read_tensor(r, KINDS[kind], depth)
  elseif KINDS[stored] then r.objects[index] = read_storage(r, KINDS[stored])
  else
    r.objects[index] = { torch_typename = class }
    read_fields(r, r.objects[index], depth)
  end
  return r.objects[index]
end

-- The bytes are passed over, and so are the values that the function had.
local function skip_function(r, index, depth)
  if index then r.objects[index] = false end
  read_string(r)
  read(r, depth)
end

local function read_indexed(r, kind, depth)
  local index <const> = r:int()
  if r.objects[index] ~= nil then return r.objects[index] or nil end
  if kind == TABLE then return read_table(r, index, depth) end
  if kind == TORCH then return read_object(r, index, depth) end
  return skip_function(r, index, depth)
end

function read(r, depth)
  if depth > DEEPEST then r.bad "it is nested too deep" end
  local kind <const> = r:int()
  if kind == NIL then return nil end
  if kind == STRING then return read_string(r) end
  if kind == BOOLEAN then return r:int() == 1 end
  if kind == NUMBER then
    local value <const> = r:double()
    return math.tointeger(value) or value
  end
  if FUNCTIONS[kind] == "no index" then return skip_function(r, nil, depth + 1) end
  if kind == TABLE or kind == TORCH or FUNCTIONS[kind] then
    return read_indexed(r, kind, depth + 1)
  end
  r.bad("an object of the unknown kind %d", kind)
end

-- ---- files --------------------------------------------------------------------------------------

local function is_ascii(head) return head:find "^[0-8]\r?\n%s*%-?%d" ~= nil end

--- t7.matches(head): may these be the first bytes of a file?
function t7.matches(head)
  return is_ascii(head) or head:find "^[\1-\5]%z%z%z" ~= nil and not head:find "^....%z%z%z%z{"
end

--- t7.load(path, {device = "cpu"}): the object in a file. Integral numbers become integers.
function t7.load(path, options)
  local text <const> = files.read(WHO, path)
  local function bad(format, ...) core.fail(WHO, 1, "%s: " .. format, path, ...) end
  local r <const> = { text = text, at = 1, bad = bad, objects = {}, rows = {}, copied = 0,
    device = options and options.device }
  setmetatable(r, is_ascii(text:sub(1, 64)) and Ascii or Binary)
  return (read(r, 1))
end

--- t7.save(path, object, {ascii = false}): numbers, strings, booleans, tensors and tables of them,
--- for Torch7's torch.load; a table with a `torch_typename` is an object of that class.
function t7.save(path, object, options) return write(path, object, options) end

-- ---- networks -----------------------------------------------------------------------------------

local FIELDS <const> = { "weight", "bias", "running_mean", "running_var" }

-- SpatialConvolutionMM keeps its filters as rows.
local function weight_of(module, field)
  local x <const> = module[field]
  local planes <const>, w <const>, h <const> = module.nInputPlane, module.kW, module.kH
  if field ~= "weight" or x.ndim ~= 2 or not (raw.is_natural(planes) and raw.is_natural(w)
    and raw.is_natural(h)) or planes * w * h ~= x.shape[2] then
    return x
  end
  return x:reshape(x.shape[1], planes, h, w)
end

local function collect(dict, module, prefix, seen)
  if type(module) ~= "table" or seen[module] then return end
  seen[module] = true
  for _, field in ipairs(FIELDS) do
    if core.is_tensor(module[field]) then dict[prefix .. field] = weight_of(module, field) end
  end
  if type(module.modules) ~= "table" then return end
  for k, each in ipairs(module.modules) do
    collect(dict, each, ("%s%d."):format(prefix, k - 1), seen)
  end
end

--- t7.state_dict(network): name -> tensor of what t7.load gave for a network of Torch7's nn, with
--- the names that an nn.Sequential of the same modules has here.
function t7.state_dict(network)
  local dict <const> = {}
  collect(dict, network, "", {})
  return dict
end

--- t7.network(object): what t7.load gave for a network of Torch7's nn as a module of tocha.nn, with
--- its weights, in evaluation mode: see tocha.io.t7_network.
function t7.network(object) return require "tocha.io.t7_network"(object) end

return t7
