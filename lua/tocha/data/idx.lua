-- IDX, the format of MNIST: a big-endian header of type and sizes, then the values, row by row.
--
--     data.idx "train-images-idx3-ubyte.gz"      -- (60000, 28, 28), uint8
--     data.idx.save("x-idx2-float", x)

local core = require "tocha.core"
local files = require "tocha.io.file"
local raw = require "tocha.io.raw"

local DTYPES <const> = {
  [0x08] = "uint8", [0x09] = "int8", [0x0B] = "int16", [0x0C] = "int32", [0x0D] = "float32",
  [0x0E] = "float64",
}
local CODES <const> = {}
for code, dtype in pairs(DTYPES) do CODES[dtype] = code end
local DIMS_MOST <const> = 8

local function bad(path, format, ...) core.fail("idx", 1, "%s: " .. format, path, ...) end

-- dtype, sizes and where the values begin
local function read_header(path, bytes)
  if #bytes < 4 or bytes:sub(1, 2) ~= "\0\0" then bad(path, "this is no IDX file") end
  local dtype <const>, ndim <const> = DTYPES[bytes:byte(3)], bytes:byte(4)
  if not dtype then bad(path, "unknown type 0x%02x", bytes:byte(3)) end
  if ndim > DIMS_MOST then bad(path, "%d dimensions: at most %d", ndim, DIMS_MOST) end
  if #bytes < 4 + 4 * ndim then bad(path, "the header is cut off") end
  local shape <const> = {}
  for d = 1, ndim do shape[d] = string.unpack(">I4", bytes, 4 * d + 1) end
  return dtype, shape, 5 + 4 * ndim
end

local idx <const> = {}

--- data.idx(path): the tensor in an IDX file, or in one that gzip packed.
function idx.load(path)
  local bytes <const> = files.read("idx", path)
  local dtype <const>, shape <const>, first <const> = read_header(path, bytes)
  local room <const> = #bytes - first + 1
  if raw.count(shape, raw.item_size(dtype), room) ~= room then
    bad(path, "%d bytes do not make a (%s) tensor of %s", room, table.concat(shape, ", "), dtype)
  end
  return raw.tensor(bytes:sub(first), shape, dtype, true)
end

--- data.idx.save(path, x): dtypes uint8, int8, int16, int32, float32, float64.
function idx.save(path, x)
  local code <const> = core.is_tensor(x) and CODES[x.dtype]
  if not code then
    core.fail("idx.save", 2, "expected a tensor of a type that IDX has, got %s",
      core.is_tensor(x) and x.dtype or type(x))
  end
  local sizes <const> = x.shape
  local head <const> = string.pack("BBBB", 0, 0, code, #sizes)
    .. string.pack(">" .. ("I4"):rep(#sizes), table.unpack(sizes))
  local values <const> = raw.swapped(x:detach():to("cpu"):to_bytes(), x:element_size())
  files.replace("idx.save", path, function(handle) assert(handle:write(head, values)) end)
end

return setmetatable(idx, { __call = function(_, path) return idx.load(path) end })
