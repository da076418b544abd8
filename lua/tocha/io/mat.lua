-- MATLAB's files of version 5 to 7 (.mat), read.
--
--     local variables = tocha.io.mat.load "train_32x32.mat"      -- variables.X, variables.y
--
-- "MAT-File Format", MathWorks, chapter 1. What becomes of what:
--   numbers, logical   a tensor of the array's shape, which is at least (rows, columns); uint16 and
--                      uint32 are int32 and int64, which hold their values
--   complex            { real = tensor, imag = tensor }
--   char               a string; of several rows a list of strings
--   sparse             a dense tensor
--   cell               a list, down the columns, and its `shape`
--   struct             a table by field; an array of them a list, and its `shape`
-- Objects and function handles are errors that name them, unless `only` leaves them out. Version
-- 7.3 is HDF5, and said to be. Sizes are checked before memory is taken.

local core = require "tocha.core"
local files = require "tocha.io.file"
local raw = require "tocha.io.raw"
local registry = require "tocha.op"
local signature = require "tocha.signature"

local ops <const> = registry.ops
local mat <const> = {}

local HEADER <const> = 128  -- bytes
local DIMS_MOST <const>, DEEPEST <const> = 8, 32
local DENSE_MOST <const> = 1 << 24  -- elements of a sparse array

local INT8 <const>, UINT16 <const>, INT32 <const>, UINT32 <const> = 1, 4, 5, 6
local UINT64 <const>, MATRIX <const>, COMPRESSED <const>, UTF8 <const> = 13, 14, 15, 16

-- How numbers are stored: dtype (with room for unsigned ones), bytes, unsigned?
local STORED <const> = {
  [INT8] = { "int8", 1 }, [2] = { "uint8", 1 }, [3] = { "int16", 2 },
  [UINT16] = { "int32", 2, true }, [INT32] = { "int32", 4 }, [UINT32] = { "int64", 4, true },
  [7] = { "float32", 4 }, [9] = { "float64", 8 }, [12] = { "int64", 8 }, [UINT64] = { "int64", 8 },
}

-- ---- elements -----------------------------------------------------------------------------------

-- Looks at bytes[at..stop], which lie in `depth` arrays.
local Reader <const> = {}
Reader.__index = Reader

function Reader:fail(format, ...) core.fail("load", 1, "%s: " .. format, self.path, ...) end

-- A reader of `size` bytes from `first` on.
function Reader:part(first, size)
  if size > self.stop - first + 1 then self:fail "the data end too early" end
  return setmetatable({ bytes = self.bytes, at = first, stop = first + size - 1, path = self.path,
    order = self.order, depth = self.depth }, Reader)
end

function Reader:size() return self.stop - self.at + 1 end

function Reader:text() return self.bytes:sub(self.at, self.stop) end

-- The next element: its type, and a reader of its data. A small one keeps type, size and at most
-- four bytes of data in the eight that others have for type and size.
function Reader:element()
  if self:size() < 8 then self:fail "the data end too early" end
  local kind <const>, size <const> = (self.order .. "I4I4"):unpack(self.bytes, self.at)
  if kind >> 16 ~= 0 then
    if kind >> 16 > 4 then self:fail "a small element is too large" end
    self.at = self.at + 8
    return kind & 0xffff, self:part(self.at - 4, kind >> 16)
  end
  local data <const> = self:part(self.at + 8, size)
  local padding <const> = kind == COMPRESSED and 0 or -size % 8
  self.at = math.min(self.at + 8 + size + padding, self.stop + 1)
  return kind, data
end

function Reader:expect(kind, what)
  local found <const>, data <const> = self:element()
  if found ~= kind then self:fail("%s is not where it should be", what) end
  return data
end

-- The next element as a row of numbers, `count` where that is known.
function Reader:row(count)
  local kind <const>, data <const> = self:element()
  if not STORED[kind] then self:fail("numbers of the unknown type %d", kind) end
  local dtype <const>, item <const>, unsigned <const> = table.unpack(STORED[kind])
  count = count or data:size() // item
  if data:size() ~= count * item then
    self:fail("%d bytes do not make the %d elements of an array", data:size(), count)
  end
  local is_big <const> = self.order == ">"
  if unsigned then return raw.unsigned(data:text(), { count }, item, is_big) end
  local row <const> = raw.tensor(data:text(), { count }, dtype, is_big)
  if kind == UINT64 and count > 0 and row:min():item() < 0 then
    self:fail "an integer is above 2^63 - 1, the largest that int64 holds"
  end
  return row
end

-- ---- numbers ------------------------------------------------------------------------------------

-- A row whose first dimension runs fastest, as a tensor.
local function shaped(row, dims)
  local turned <const>, order <const>, n <const> = {}, {}, #dims
  for k = 1, n do turned[k], order[k] = dims[n + 1 - k], n + 1 - k end
  return row:reshape(turned):permute(order):contiguous()
end

-- In the dtype of the array's class, which may be stored in fewer bits.
local function read_numbers(dtype)
  return function(r, a)
    local wanted <const> = a.is_logical and "bool" or dtype
    local function part() return shaped(r:row(a.count):to(wanted), a.dims) end
    local real <const> = part()
    return a.is_complex and { real = real, imag = part() } or real
  end
end

local function within(ids, most)
  return ids:numel() == 0 or ids:min():item() >= 0 and ids:max():item() <= most
end

local function damaged_sparse(r, a) r:fail("'%s' is a damaged sparse array", a.name) end

-- Compressed columns: the row of each value, where each column begins, and the values.
local function read_sparse(r, a)
  local rows <const>, columns <const> = a.dims[1], a.dims[2]
  if #a.dims > 2 or a.is_complex or a.count > DENSE_MOST then
    r:fail("'%s' is a sparse array that is complex or of more than %d elements", a.name, DENSE_MOST)
  end
  local row_ids, starts <const> = r:row():long(), r:row():long()
  if starts:numel() ~= columns + 1 or starts[1]:item() ~= 0 then damaged_sparse(r, a) end
  local counts <const>, used <const> = starts:diff(), starts[-1]:item()
  if used > row_ids:numel() or not within(counts, used) then damaged_sparse(r, a) end
  row_ids = row_ids:narrow(1, 1, used)
  if not within(row_ids, rows - 1) then damaged_sparse(r, a) end
  local dense <const> = ops.zeros({ a.count }, { dtype = a.is_logical and "bool" or "float64" })
  local values <const> = r:row()
  if values:numel() < used then damaged_sparse(r, a) end
  if used == 0 then return shaped(dense, a.dims) end
  local places <const> = ops.arange(0, columns - 1):repeat_interleave(counts) * rows + row_ids + 1
  return shaped(dense:scatter(1, places, values:narrow(1, 1, used):to(dense.dtype)), a.dims)
end

-- ---- text ---------------------------------------------------------------------------------------

local REPLACEMENT <const> = 0xfffd

local function is_surrogate(code) return code & ~0x7ff == 0xd800 end

local function is_character(code)
  return code >= 0 and code <= 0x10ffff and not is_surrogate(code)
end

-- Characters of 16-bit units: two surrogates are one.
local function of_utf16(units)
  local letters <const>, k = {}, 1
  while k <= #units do
    local unit <const>, low <const> = units[k], units[k + 1] or 0
    if unit & 0xfc00 == 0xd800 and low & 0xfc00 == 0xdc00 then
      letters[#letters + 1] = utf8.char(0x10000 + ((unit & 0x3ff) << 10 | low & 0x3ff))
      k = k + 2
    else
      letters[#letters + 1] = utf8.char(is_character(unit) and unit or REPLACEMENT)
      k = k + 1
    end
  end
  return table.concat(letters)
end

-- UTF-8 as a string, or a list of units.
local function read_characters(r)
  local at <const> = r.at
  local kind <const>, data <const> = r:element()
  if kind ~= UTF8 then
    r.at = at
    return nil, r:row():long():totable()
  end
  if not utf8.len(data:text()) then r:fail "text that is no UTF-8" end
  local units <const> = {}
  for _, code in utf8.codes(data:text()) do units[#units + 1] = code end
  return data:text(), units
end

-- Writers count a character beyond 16 bits as one or as two: a row is taken as it is.
local function read_text(r, a)
  local rows <const>, text <const>, units <const> = a.dims[1], read_characters(r)
  if rows <= 1 and text then return text end
  if #units ~= a.count then r:fail("'%s' has %d characters, not %d", a.name, #units, a.count) end
  if rows <= 1 then return of_utf16(units) end
  local lines <const> = {}
  for row = 1, math.min(rows, a.count) do
    local line <const> = {}
    for k = row, a.count, rows do line[#line + 1] = units[k] end
    lines[row] = of_utf16(line)
  end
  return lines
end

-- ---- arrays of arrays ---------------------------------------------------------------------------

local read_array

local function child(r, a) return (read_array(r:expect(MATRIX, "a part of '" .. a.name .. "'"))) end

-- Each part has a tag of eight bytes.
local function check_parts(r, a, parts)
  if a.count > 1 and a.count > r:size() // (8 * math.max(1, parts)) then
    r:fail("'%s' has %d elements, more than its data", a.name, a.count)
  end
end

local function read_cell(r, a)
  check_parts(r, a, 1)
  local list <const> = { shape = a.dims }
  for k = 1, a.count do list[k] = child(r, a) end
  return list
end

-- Names of a fixed length, filled up with zeros.
local function read_fields(r, a)
  local length <const> = r:expect(INT32, "the length of names"):text()
  local room <const> = #length == 4 and (r.order .. "i4"):unpack(length) or 0
  local text <const> = r:expect(INT8, "the fields"):text()
  if room < 1 or #text % room ~= 0 then r:fail("the fields of '%s' are damaged", a.name) end
  local names <const> = {}
  for at = 1, #text, room do names[#names + 1] = text:sub(at, at + room - 1):match "^[^\0]*" end
  return names
end

local function read_struct(r, a)
  local names <const> = read_fields(r, a)
  check_parts(r, a, #names)
  local list <const> = { shape = a.dims }
  for k = 1, a.count do
    list[k] = {}
    for _, name in ipairs(names) do list[k][name] = child(r, a) end
  end
  return a.count == 1 and list[1] or list
end

-- ---- arrays -------------------------------------------------------------------------------------

local function unread(what)
  return function(r, a) r:fail("'%s' is %s, which is not read", a.name, what) end
end

local CLASSES <const> = {
  read_cell, read_struct, unread "an object", read_text, read_sparse, read_numbers "float64",
  read_numbers "float32", read_numbers "int8", read_numbers "uint8", read_numbers "int16",
  read_numbers "int32", read_numbers "int32", read_numbers "int64", read_numbers "int64",
  read_numbers "int64", unread "a function handle", unread "an object of a class of its own",
}

local function read_dims(r)
  local dims <const>, data <const> = {}, r:expect(INT32, "the size of an array")
  for at = data.at, data.stop - 3, 4 do
    dims[#dims + 1] = (r.order .. "i4"):unpack(r.bytes, at)
    if dims[#dims] < 0 then r:fail "an array of a negative size" end
  end
  if #dims < 2 or #dims > DIMS_MOST then
    r:fail("an array of %d dimensions: 2 to %d are read", #dims, DIMS_MOST)
  end
  return dims
end

-- The value in the data of a matrix element, and its name. What `only` does not want is nil.
function read_array(r, only)
  if r:size() == 0 then return ops.zeros({ 0, 0 }, { dtype = "float64" }), "" end
  local flags <const> = r:expect(UINT32, "the class of an array"):text()
  if #flags ~= 8 then r:fail "the class of an array is damaged" end
  local word <const> = (r.order .. "I4"):unpack(flags)
  local read <const>, a <const> = CLASSES[word & 0xff], { is_complex = word & 0x800 ~= 0,
    is_logical = word & 0x200 ~= 0 }
  if not read then r:fail("an array of the unknown class %d", word & 0xff) end
  if word & 0xff ~= 17 then a.dims = read_dims(r) end
  a.name = r:expect(INT8, "the name of an array"):text()
  if only and not only(a.name) then return nil, a.name end
  a.count = a.dims and raw.count(a.dims, 1, math.max(r:size(), DENSE_MOST)) or 0
  if not a.count then r:fail("'%s' is larger than its data", a.name) end
  r.depth = r.depth + 1
  if r.depth > DEEPEST then r:fail "arrays nested too deep" end
  return read(r, a), a.name
end

-- ---- files --------------------------------------------------------------------------------------

local ORDERS <const> = { IM = "<", MI = ">" }

local function open(path)
  local bytes <const> = files.read("load", path)
  local r <const> = setmetatable({ bytes = bytes, at = HEADER + 1, stop = #bytes, path = path,
    depth = 0 }, Reader)
  if bytes:find "^MATLAB 7%.3" or bytes:sub(513, 516) == "\x89HDF" then
    r:fail "version 7.3 is HDF5; save with -v7"
  end
  r.order = ORDERS[bytes:sub(HEADER - 1, HEADER)]
  if not r.order then r:fail "this is no MATLAB file of version 5 to 7" end
  return r
end

-- The array in a compressed element.
local function unpacked(r, data, most)
  local bytes <const>, problem <const> = files.zlib("load").decompress(data:text(), "zlib", most)
  if not bytes then r:fail("%s (max_bytes is %d)", problem, most) end
  local inner <const> = setmetatable({ bytes = bytes, at = 1, stop = #bytes, path = r.path,
    order = r.order, depth = 0 }, Reader)
  return inner:expect(MATRIX, "a compressed array")
end

--- io.mat.load(path, {only = nil, max_bytes = 2^28}): the variables of a MATLAB file of version 5
--- to 7 by name. only(name) says which to read; one that would be unpacked to more than max_bytes
--- is an error.
function mat.load(path, options)
  local o <const> = {}
  signature.read("only = nil, max_bytes = 268435456", "load", o, options or {})
  local r <const>, variables <const> = open(path), {}
  while r:size() > 0 do
    local kind, data = r:element()
    if kind == COMPRESSED then kind, data = MATRIX, unpacked(r, data, o.max_bytes) end
    if kind ~= MATRIX then r:fail("an element of the type %d, which is no array", kind) end
    local value <const>, name <const> = read_array(data, function(each)
      return each ~= "" and (not o.only or o.only(each))  -- data of objects have no name
    end)
    if name ~= "" then variables[name] = value end
  end
  return variables
end

return mat
