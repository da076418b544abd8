-- safetensors: named tensors in one file. https://github.com/huggingface/safetensors
--
-- Eight bytes say how long the header is; the header is JSON, name -> {dtype, shape, data_offsets};
-- then come the bytes. Nothing in such a file is executed. What comes from outside is checked
-- before it is used: the header against the size of the file, each tensor's bytes against its
-- shape, and all of them together must cover the file without holes. Files are written beside and
-- renamed.

local core = require "tocha.core"
local rule = require "tocha.rule"
local files = require "tocha.io.file"
local json = require "tocha.io.json"
local raw = require "tocha.io.raw"

local safetensors <const> = {}

assert(string.pack("=I2", 1) == "\1\0", "safetensors: this machine's byte order is not the file's")

local HEADER_MOST <const> = 100000000
local DIMS_MOST <const> = 8

local DTYPES <const> = {
  BOOL = "bool", U8 = "uint8", I8 = "int8", I16 = "int16", I32 = "int32", I64 = "int64",
  F16 = "float16", BF16 = "bfloat16", F32 = "float32", F64 = "float64",
}
local NAMES <const>, SIZES <const> = {}, {}
for code, dtype in pairs(DTYPES) do
  NAMES[dtype] = code
  SIZES[dtype] = raw.item_size(dtype)
end

-- ---- reading ------------------------------------------------------------------------------------

local function bad(path, format, ...)
  core.fail("safetensors.load", nil, "%s: " .. format, path, ...)
end

local function read_exactly(path, file, n)
  local bytes <const> = n == 0 and "" or file:read(n)
  if not bytes or #bytes ~= n then bad(path, "the file ends early") end
  return bytes
end

local function read_header(path, file)
  local size <const> = file:seek "end"
  file:seek "set"
  if not size or size < 8 then bad(path, "too short to be a safetensors file") end
  local length <const> = string.unpack("<i8", read_exactly(path, file, 8))
  if length < 2 or length > HEADER_MOST or length > size - 8 then
    bad(path, "not a safetensors file: a header of %d bytes in a file of %d", length, size)
  end
  local text <const> = read_exactly(path, file, length)
  if text:byte() ~= 123 then bad(path, "the header does not begin with '{'") end
  local header <const>, problem <const> = json.decode(text)
  if not header then bad(path, "the header is no JSON: %s", problem) end
  return header, 8 + length, size - 8 - length
end

local function is_natural(v) return math.type(v) == "integer" and v >= 0 end

local function is_list_of_naturals(list, least, most)
  if type(list) ~= "table" or list == json.null or #list < least or #list > most then
    return false
  end
  local n = 0
  for _, v in pairs(list) do
    if not is_natural(v) then return false end
    n = n + 1
  end
  return n == #list
end

local function check_entry(path, name, entry, room)
  if type(entry) ~= "table" then bad(path, "the entry '%s' is no object", name) end
  local dtype <const> = DTYPES[entry.dtype]
  if not dtype then
    bad(path, "'%s' has the dtype %s, which Tocha has not", name, tostring(entry.dtype))
  end
  if not is_list_of_naturals(entry.shape, 0, DIMS_MOST) then
    bad(path, "'%s': its shape is no list of at most %d sizes", name, DIMS_MOST)
  end
  local span <const> = entry.data_offsets
  if not is_list_of_naturals(span, 2, 2) or span[1] > span[2] or span[2] > room then
    bad(path, "'%s': its bytes lie outside the file", name)
  end
  local bytes <const> = raw.count(entry.shape, SIZES[dtype], room)
  if bytes ~= span[2] - span[1] then
    bad(path, "'%s': %d bytes do not make a %s tensor of %s", name, span[2] - span[1],
      rule.text(entry.shape), entry.dtype)
  end
  return { name = name, dtype = dtype, shape = entry.shape, first = span[1], bytes = bytes }
end

local function check_metadata(path, metadata)
  if type(metadata) ~= "table" then bad(path, "__metadata__ is no object") end
  for name, value in pairs(metadata) do
    if type(name) ~= "string" or type(value) ~= "string" then
      bad(path, "__metadata__ holds more than strings")
    end
  end
  return metadata
end

local function in_file(a, b)
  if a.first ~= b.first then return a.first < b.first end
  if a.bytes ~= b.bytes then return a.bytes < b.bytes end
  return a.name < b.name
end

-- The entries in the order of their bytes, which must cover the file.
local function check_header(path, header, room)
  local entries, metadata = {}, {}
  for name, entry in pairs(header) do
    if type(name) ~= "string" then bad(path, "the header is no object") end
    if name == "__metadata__" then metadata = check_metadata(path, entry)
    else entries[#entries + 1] = check_entry(path, name, entry, room) end
  end
  table.sort(entries, in_file)
  local at = 0
  for _, e in ipairs(entries) do
    if e.first ~= at then
      bad(path, "'%s': %s before it", e.name,
        e.first > at and "unused bytes" or "it overlaps what lies")
    end
    at = at + e.bytes
  end
  if at ~= room then bad(path, "%d unused bytes at the end", room - at) end
  return entries, metadata
end

local function open(path) return files.open("safetensors.load", path) end

--- safetensors.header(path): what is in a file, without reading the tensors: a list of
--- { name, dtype, shape, first, bytes } and the metadata.
function safetensors.header(path)
  local file <close> = open(path)
  local header <const>, _, room <const> = read_header(path, file)
  return check_header(path, header, room)
end

--- safetensors.load(path, {device = "cpu", only = nil}): name -> tensor, and the metadata (string
--- -> string). `only` may be a function of the name that says which tensors to read.
function safetensors.load(path, options)
  options = options or {}
  local file <close> = open(path)
  local header <const>, start <const>, room <const> = read_header(path, file)
  local entries <const>, metadata <const> = check_header(path, header, room)
  local result <const> = {}
  for _, e in ipairs(entries) do
    if not options.only or options.only(e.name) then
      file:seek("set", start + e.first)
      local x <const> = core.from_bytes(read_exactly(path, file, e.bytes), e.shape, e.dtype)
      result[e.name] = options.device and x:to(options.device) or x
    end
  end
  return result, metadata
end

-- ---- writing ------------------------------------------------------------------------------------

local function check_tensor(name, x)
  if type(name) ~= "string" or name == "__metadata__" then
    core.fail("safetensors.save", 2, "'%s' cannot be a tensor's name", tostring(name))
  end
  if not core.is_tensor(x) then
    core.fail("safetensors.save", 2, "'%s' is no tensor but a %s", name, type(x))
  end
  if not utf8.len(name) then core.fail("safetensors.save", 2, "the name %q is no UTF-8", name) end
end

-- The widest elements first, so that all are aligned; then by name.
local function in_order(a, b)
  if a.item ~= b.item then return a.item > b.item end
  return a.name < b.name
end

local function layout(tensors)
  local entries <const> = {}
  for name, x in pairs(tensors) do
    check_tensor(name, x)
    entries[#entries + 1] = { name = name, x = x, item = x:element_size() }
  end
  table.sort(entries, in_order)
  local at = 0
  for _, e in ipairs(entries) do
    e.first, at = at, at + e.x:numel() * e.item
    e.last = at
  end
  return entries
end

local ENTRY <const> = '%s:{"dtype":"%s","shape":[%s],"data_offsets":[%d,%d]}'

local function header_text(entries, metadata)
  local parts <const> = {}
  if metadata and next(metadata) then parts[1] = '"__metadata__":' .. json.encode(metadata) end
  for _, e in ipairs(entries) do
    parts[#parts + 1] = ENTRY:format(json.encode(e.name), NAMES[e.x.dtype],
      table.concat(e.x.shape, ","), e.first, e.last)
  end
  local text <const> = "{" .. table.concat(parts, ",") .. "}"
  return text .. (" "):rep(-#text % 8)
end

local function write_all(handle, entries, header, watch)
  assert(handle:write(string.pack("<i8", #header), header))
  for _, e in ipairs(entries) do
    assert(handle:write((e.x:detach():to "cpu"):to_bytes()))
    if watch then watch(e.x) end
  end
end

--- safetensors.save(path, tensors, metadata, options): `tensors` is name -> tensor,
--- `metadata` string -> string. The same tensors give the same bytes. A crash on the way leaves the
--- old file as it was; options as file.replace has them ({sync = true} waits for the disk), and
--- `watch`, a function called with each tensor that is written.
function safetensors.save(path, tensors, metadata, options)
  if type(tensors) ~= "table" then
    core.fail("safetensors.save", 2, "expected a table of tensors by name")
  end
  for name, value in pairs(metadata or {}) do
    if type(name) ~= "string" or type(value) ~= "string" then
      core.fail("safetensors.save", 3, "metadata holds strings by name")
    end
  end
  local entries <const> = layout(tensors)
  local header <const> = header_text(entries, metadata)
  local watch <const> = options and options.watch
  files.replace("safetensors.save", path, function(f) write_all(f, entries, header, watch) end,
    options)
end

return safetensors
