-- Torch7's .t7 files written, binary and ASCII: see tocha.io.t7.
--
-- Each tensor is written with a contiguous storage of its own; bool becomes Byte, bfloat16 Float.
-- Tables that are there more than once are written once. Equal objects give equal bytes.

local core = require "tocha.core"
local files = require "tocha.io.file"
local raw = require "tocha.io.raw"

local WHO <const> = "t7.save"
local DEEPEST <const> = 150
local LARGEST <const> = 1 << 31  -- of what is counted in 32 bits

local KINDS <const> = { float32 = "Float", float64 = "Double", float16 = "Half", int64 = "Long",
  int32 = "Int", int16 = "Short", int8 = "Char", uint8 = "Byte" }
local WIDER <const> = { bool = "uint8", bfloat16 = "float32" }

-- ---- the two encodings --------------------------------------------------------------------------

local Binary <const> = {}
Binary.__index = Binary

function Binary:put(...) assert(self.handle:write(...)) end
function Binary:int(v) self:put(string.pack("<i4", v)) end
function Binary:long(v) self:put(string.pack("<i8", v)) end
function Binary:double(v) self:put(string.pack("<d", v)) end
function Binary:chars(text) self:put(text) end
function Binary:longs(list) for _, v in ipairs(list) do self:long(v) end end
function Binary:values(x) self:put(x:to_bytes()) end

local Ascii <const> = { put = Binary.put }
Ascii.__index = Ascii

function Ascii:int(v) self:put(("%d\n"):format(v)) end
Ascii.long = Ascii.int
function Ascii:double(v) self:put(("%.17g\n"):format(v)) end
function Ascii:chars(text) if #text > 0 then self:put(text, "\n") end end
function Ascii:longs(list) if #list > 0 then self:put(table.concat(list, " "), "\n") end end

function Ascii:values(x)
  if x:element_size() == 1 then return self:chars(x:to_bytes()) end
  local form <const> = x:is_floating_point() and "%.17g" or "%d"
  local parts <const> = {}
  local wide <const> = x:is_floating_point() and x:to "float64" or x:to "int64"
  for k, v in ipairs(wide:totable()) do parts[k] = form:format(v) end
  if #parts > 0 then self:put(table.concat(parts, " "), "\n") end
end

-- ---- objects ------------------------------------------------------------------------------------

local write

local function text(w, s)
  if #s >= LARGEST then core.fail(WHO, 2, "a string of %d bytes", #s) end
  w:int(#s)
  w:chars(s)
end

local function header(w, class)
  w:int(4)
  w.objects = w.objects + 1
  w:int(w.objects)
  text(w, "V 1")
  text(w, class)
end

-- Torch7 has no tensors without dimensions: one number has one.
local function tensor(w, x)
  x = x:detach():to "cpu"
  x = (WIDER[x.dtype] and x:to(WIDER[x.dtype]) or x):contiguous()
  local shape <const> = x.ndim == 0 and { 1 } or x.shape
  header(w, "torch." .. KINDS[x.dtype] .. "Tensor")
  w:int(#shape)
  w:longs(shape)
  w:longs(raw.strides(shape))
  w:long(1)
  header(w, "torch." .. KINDS[x.dtype] .. "Storage")
  w:long(x:numel())
  w:values(x:flatten())
end

local function in_order(a, b)
  if type(a) ~= type(b) then return type(a) < type(b) end
  if type(a) == "number" or type(a) == "string" then return a < b end
  return tostring(a) < tostring(b)
end

local function fields(w, t, depth)
  local keys <const> = {}
  for key in pairs(t) do
    if key ~= "torch_typename" then keys[#keys + 1] = key end
  end
  table.sort(keys, in_order)
  w:int(#keys)
  for _, key in ipairs(keys) do
    write(w, key, depth)
    write(w, t[key], depth)
  end
end

-- A table, or an object of a class, whose fields are a table of their own.
local function whole_table(w, t, depth)
  if w.index[t] then
    w:int(t.torch_typename and 4 or 3)
    return w:int(w.index[t])
  end
  if t.torch_typename then
    w.index[t] = w.objects + 1
    header(w, t.torch_typename)
  end
  w:int(3)
  w.objects = w.objects + 1
  w:int(w.objects)
  w.index[t] = w.index[t] or w.objects
  fields(w, t, depth)
end

local function number(w, v)
  if math.type(v) == "integer" and math.tointeger(v + 0.0) ~= v then
    core.fail(WHO, 2, "%d is no double, as all numbers of Torch7 are", v)
  end
  w:int(1)
  w:double(v + 0.0)
end

function write(w, value, depth)
  if depth > DEEPEST then core.fail(WHO, 2, "tables nested too deep") end
  if value == nil then return w:int(0) end
  if core.is_tensor(value) then return tensor(w, value) end
  if type(value) == "table" and not getmetatable(value) then
    return whole_table(w, value, depth + 1)
  end
  if type(value) == "number" then return number(w, value) end
  if type(value) == "string" then
    w:int(2)
    return text(w, value)
  end
  if type(value) ~= "boolean" then core.fail(WHO, 2, "a %s cannot be saved", type(value)) end
  w:int(5)
  w:int(value and 1 or 0)
end

return function(path, object, options)
  files.replace(WHO, path, function(handle)
    write(setmetatable({ handle = handle, objects = 0, index = {} },
      options and options.ascii and Ascii or Binary), object, 1)
  end, options)
end
