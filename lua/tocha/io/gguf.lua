-- GGUF, the files of llama.cpp and its relatives: metadata and tensors.
--
-- Versions 2 and 3, little-endian. Sizes are turned round, so that shapes read as in PyTorch.
-- Quantised tensors (Q4_0 to Q8_1, Q2_K to Q8_K, IQ4_NL, IQ4_XS) become float32; those of other
-- types are refused by name, unless `only` leaves them out. See ggml's docs/gguf.md.

local core = require "tocha.core"
local files = require "tocha.io.file"
local quants = require "tocha.io.gguf_quants"
local raw = require "tocha.io.raw"
local write = require "tocha.io.gguf_write"

local gguf <const> = {}

local WHO <const> = "load"
local DIMS_MOST <const>, ALIGNMENT <const> = 4, 32
local STRING <const>, LIST <const> = 8, 9

local DTYPES <const> = { [0] = "float32", [1] = "float16", [24] = "int8", [25] = "int16",
  [26] = "int32", [27] = "int64", [28] = "float64", [30] = "bfloat16" }
local NUMBERS <const> = { [0] = "<I1", [1] = "<i1", [2] = "<I2", [3] = "<i2", [4] = "<I4",
  [5] = "<i4", [6] = "<f", [10] = "<i8", [11] = "<i8", [12] = "<d" }
local BOOL <const> = 7

-- ---- bytes --------------------------------------------------------------------------------------
-- r: { handle, left = bytes to the end of the file, bad }

local function take(r, n)
  if n < 0 or n > r.left then r.bad "the file ends early" end
  r.left = r.left - n
  return n == 0 and "" or r.handle:read(n) or r.bad "the file cannot be read"
end

local function number(r, format)
  return (string.unpack(format, take(r, string.packsize(format))))
end

local function text(r) return take(r, number(r, "<i8")) end

-- A count of what takes at least `item` bytes each.
local function count(r, item)
  local n <const> = number(r, "<i8")
  if n < 0 or n > r.left // item then r.bad "it promises more than it has" end
  return n
end

-- ---- metadata -----------------------------------------------------------------------------------

local value

local function list(r)
  local kind <const> = number(r, "<I4")
  if kind == LIST then r.bad "lists within lists" end
  local result <const> = {}
  for k = 1, count(r, 1) do result[k] = value(r, kind) end
  return result
end

function value(r, kind)
  if NUMBERS[kind] then return number(r, NUMBERS[kind]) end
  if kind == BOOL then return number(r, "<I1") ~= 0 end
  if kind == STRING then return text(r) end
  if kind == LIST then return list(r) end
  r.bad("metadata of the unknown kind %d", kind)
end

local function read_metadata(r, n)
  local metadata <const> = {}
  for _ = 1, n do
    local key <const> = text(r)
    metadata[key] = value(r, number(r, "<I4"))
  end
  return metadata
end

-- ---- tensors ------------------------------------------------------------------------------------

local function read_entry(r)
  local name <const>, dims <const> = text(r), number(r, "<I4")
  if dims > DIMS_MOST then r.bad("'%s' has %d dimensions", name, dims) end
  local shape <const> = {}
  for d = dims, 1, -1 do
    shape[d] = number(r, "<i8")
    if shape[d] < 0 then r.bad("'%s' has a negative size", name) end
  end
  local kind <const>, offset <const> = number(r, "<I4"), number(r, "<i8")
  local quant <const> = quants.types[kind]
  return { name = name, shape = shape, kind = kind, offset = offset, quant = quant,
    dtype = DTYPES[kind] or quant and quant.name }
end

-- Quantised rows are whole blocks. A block has fewer than four values a byte.
local function bytes_of(r, e, room)
  if not e.quant then return raw.count(e.shape, raw.item_size(e.dtype), room) end
  local numbers <const> = raw.count(e.shape, 1, 4 * room)
  if not numbers then return nil end
  if numbers > 0 and (#e.shape == 0 or e.shape[#e.shape] % e.quant.size ~= 0) then
    r.bad("'%s': its rows are no whole blocks of %s", e.name, e.dtype)
  end
  return numbers // e.quant.size * e.quant.bytes
end

local function check(r, e, room)
  if not e.dtype then
    r.bad("'%s' is of ggml's type %d, which is not read", e.name, e.kind)
  end
  e.bytes = bytes_of(r, e, room)
  if not e.bytes or e.offset < 0 or e.offset > room or e.bytes > room - e.offset then
    r.bad("'%s' lies outside the file", e.name)
  end
  r.taken = r.taken + e.bytes
  if r.taken > room then r.bad("'%s' lies where others do", e.name) end
end

local function read_head(r)
  if take(r, 4) ~= "GGUF" then r.bad "no GGUF file" end
  local version <const> = number(r, "<I4")
  if version ~= 2 and version ~= 3 then r.bad("version %d, of which 2 and 3 are read", version) end
  local tensors <const>, pairs_ <const> = count(r, 24), count(r, 13)
  local metadata <const>, entries <const> = read_metadata(r, pairs_), {}
  for k = 1, tensors do entries[k] = read_entry(r) end
  return entries, metadata
end

-- Where the tensors' bytes begin.
local function start_of(r, metadata)
  local alignment <const> = metadata["general.alignment"] or ALIGNMENT
  if not raw.is_natural(alignment) or alignment == 0 or alignment > 1 << 20 then
    r.bad "a damaged alignment"
  end
  local at <const> = r.size - r.left
  return at + -at % alignment
end

local function open(path)
  local handle <const> = files.open(WHO, path)
  local size <const> = handle:seek "end"
  handle:seek "set"
  return { handle = handle, size = size, left = size, taken = 0,
    bad = function(format, ...) core.fail(WHO, 1, "%s: " .. format, path, ...) end }, handle
end

--- gguf.header(path): what is in a file: a list of { name, shape, kind = ggml's number, dtype =
--- Tocha's or ggml's name ("Q4_K"), bytes }, and the metadata.
function gguf.header(path)
  local r <const>, handle <const> = open(path)
  local _ <close> = handle
  local entries <const>, metadata <const> = read_head(r)
  for _, e in ipairs(entries) do
    e.bytes = e.dtype and bytes_of(r, e, r.size) or 0
    e.dtype = e.dtype or ("ggml type %d"):format(e.kind)
  end
  return entries, metadata
end

local function read_values(r, e, options)
  local bytes <const> = take(r, e.bytes)
  if e.quant then return quants.values(e.quant, bytes, e.shape, options.dtype) end
  return raw.tensor(bytes, e.shape, e.dtype)
end

--- gguf.load(path, {device = "cpu", only = nil, dtype = "float32"}): name -> tensor, and the
--- metadata. `only` may be a function of the name that says which tensors to read; `dtype` is what
--- quantised tensors become ("float16" takes half of the memory).
function gguf.load(path, options)
  options = options or {}
  local r <const>, handle <const> = open(path)
  local _ <close> = handle
  local entries <const>, metadata <const> = read_head(r)
  local start <const>, result <const> = start_of(r, metadata), {}
  for _, e in ipairs(entries) do
    if not options.only or options.only(e.name) then
      if result[e.name] then r.bad("'%s' is there twice", e.name) end
      check(r, e, r.size - start)
      handle:seek("set", start + e.offset)
      r.left = e.bytes
      local x <const> = read_values(r, e, options)
      result[e.name] = options.device and x:to(options.device) or x
    end
  end
  return result, metadata
end

--- gguf.save(path, tensors, {metadata = nil, dtype = nil}): `tensors` is name -> tensor of at most
--- four dimensions, `metadata` texts, numbers, booleans and lists of them by name. dtype = "q8_0":
--- floating-point matrices whose rows are multiples of 32 are quantised to 8 bits. bool and uint8
--- become wider integers. The same tensors give the same bytes.
function gguf.save(path, tensors, options) return write(path, tensors, options) end

return gguf
