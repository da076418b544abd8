-- NumPy's files: .npy (one array) and .npz (a ZIP archive of them), both ways.
--
--     tocha.io.npy.save("x.npy", x)      tocha.io.npy.load "x.npy"
--     tocha.io.npz.save("xs.npz", {x = x, y = y}, {compressed = true})   npz.load "xs.npz" .x
--
-- Either byte order and Fortran order are read. Arrays of objects would need Python's pickle, which
-- can run code: they are refused. The format: numpy.lib.format, versions 1 to 3.

local core = require "tocha.core"
local files = require "tocha.io.file"
local raw = require "tocha.io.raw"
local zip = require "tocha.io.zip"

local npy <const>, npz <const> = {}, {}

local MAGIC <const> = "\147NUMPY"
local DIMS_MOST <const> = 8

local DTYPES <const> = {
  b1 = "bool", u1 = "uint8", i1 = "int8", i2 = "int16", i4 = "int32", i8 = "int64",
  f2 = "float16", f4 = "float32", f8 = "float64",
}
-- Types that Tocha has not, by their bytes: read as a wider one. The high half of u8 has none.
local WIDER <const> = { u2 = 2, u4 = 4 }

local CODES <const> = { bfloat16 = "<f4" }  -- NumPy has none: written as float32
for code, dtype in pairs(DTYPES) do
  CODES[dtype] = (code:sub(2) == "1" and "|" or "<") .. code
end

-- ---- the header ---------------------------------------------------------------------------------

local function bad(who, path, format, ...) core.fail(who, 1, "%s: " .. format, path, ...) end

-- The text of the header and where the values begin.
local function header_of(who, path, bytes)
  if bytes:sub(1, 6) ~= MAGIC or #bytes < 12 then bad(who, path, "this is no .npy file") end
  local wide <const> = bytes:byte(7) >= 2
  local length <const>, first <const> = string.unpack(wide and "<I4" or "<I2", bytes, 9)
  if first + length - 1 > #bytes then bad(who, path, "its header is cut off") end
  return bytes:sub(first, first + length - 1), first + length
end

-- The header is a Python dictionary of three entries, always written alike.
local function parse(who, path, text)
  local descr <const> = text:match "'descr'%s*:%s*'([^']*)'"
  local order <const> = text:match "'fortran_order'%s*:%s*(%a+)"
  local sizes <const> = text:match "'shape'%s*:%s*%(([%d%s,]*)%)"
  if not (descr and order and sizes) then
    bad(who, path, "an array of Python objects or records, which cannot be read: %s", text)
  end
  local shape <const> = {}
  for size in sizes:gmatch "%d+" do shape[#shape + 1] = math.tointeger(tonumber(size)) or -1 end
  if #shape > DIMS_MOST then bad(who, path, "%d dimensions: at most %d", #shape, DIMS_MOST) end
  return descr, order == "True", shape
end

-- ---- reading ------------------------------------------------------------------------------------

local function values_of(who, path, bytes, descr, shape)
  local order <const>, code <const> = descr:match "^([<>|=]?)(%a%d+)$"
  local dtype <const> = DTYPES[code]
  if not dtype and not WIDER[code] then
    bad(who, path, "the type '%s' has no counterpart here", descr)
  end
  local need <const> = raw.count(shape, tonumber(code:sub(2)), #bytes)
  if need ~= #bytes then
    bad(who, path, "%d bytes do not make (%s) values of type '%s'", #bytes,
      table.concat(shape, ", "), descr)
  end
  if WIDER[code] then return raw.unsigned(bytes, shape, WIDER[code], order == ">") end
  return raw.tensor(bytes, shape, dtype, order == ">")
end

local function reversed(list)
  local result <const> = {}
  for k = #list, 1, -1 do result[#result + 1] = list[k] end
  return result
end

local function decode(who, path, bytes)
  local text <const>, first <const> = header_of(who, path, bytes)
  local descr <const>, fortran <const>, shape <const> = parse(who, path, text)
  local stored <const> = fortran and reversed(shape) or shape
  local x <const> = values_of(who, path, bytes:sub(first), descr, stored)
  if not fortran or #shape < 2 then return x end
  local dims <const> = {}
  for d = 1, #shape do dims[d] = d end
  return x:permute(reversed(dims)):contiguous()
end

--- npy.load(path): the array of a .npy file (also .npy.gz).
function npy.load(path) return decode("npy.load", path, files.read("npy.load", path)) end

--- npz.load(path): name -> tensor, of a .npz file.
function npz.load(path)
  local archive <close> = zip.open("npz.load", path)
  local arrays <const> = {}
  for _, member in ipairs(archive.members) do
    local name <const> = member.name:gsub("%.npy$", "")
    arrays[name] = decode("npz.load", path .. ":" .. member.name, member:read())
  end
  return arrays
end

-- ---- writing ------------------------------------------------------------------------------------

local FORM <const> = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"

-- Values begin at a multiple of 64 bytes.
local function head_of(x)
  local sizes <const> = table.concat(x.shape, ", ") .. (x.ndim == 1 and "," or "")
  local text <const> = FORM:format(CODES[x.dtype], sizes)
  local room <const> = -(#MAGIC + 4 + #text + 1) % 64
  return MAGIC .. "\1\0" .. string.pack("<s2", text .. (" "):rep(room) .. "\n")
end

local function encode(x)
  local y <const> = x:detach():to "cpu"
  return head_of(y), (y.dtype == "bfloat16" and y:to "float32" or y):to_bytes()
end

local function check_tensor(who, argument, x)
  if not core.is_tensor(x) then core.fail(who, argument, "expected a tensor, got %s", type(x)) end
end

--- npy.save(path, x): for numpy.load. bfloat16 becomes float32.
function npy.save(path, x)
  check_tensor("npy.save", 2, x)
  files.replace("npy.save", path, function(handle) assert(handle:write(encode(x))) end)
end

--- npz.save(path, tensors, {compressed = false, watch = nil}): `tensors` is name -> tensor, `watch`
--- a function called with each one. Needs zlib.
function npz.save(path, tensors, options)
  local list <const> = {}
  for name, x in pairs(tensors) do
    if type(name) ~= "string" then core.fail("npz.save", 2, "names must be strings") end
    check_tensor("npz.save", 2, x)
    list[#list + 1] = { name .. ".npy", function()
      if options and options.watch then options.watch(x) end
      return table.concat { encode(x) }
    end }
  end
  table.sort(list, function(a, b) return a[1] < b[1] end)
  zip.write("npz.save", path, list, options)
end

return { npy = npy, npz = npz }
