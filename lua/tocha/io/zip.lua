-- ZIP archives, as NumPy and PyTorch write them: members stored or deflated, ZIP64 too.
--
-- zip.open(who, path) reads the directory at the end; member:read() gives bytes, checked by length
-- and, where tocha.zlib is there, by checksum. zip.write stores or deflates. No encryption, no
-- archives in several parts.

local core = require "tocha.core"
local files = require "tocha.io.file"

local zip <const> = {}

local END <const>, END64 <const>, LOCATOR <const> = "PK\5\6", "PK\6\6", "PK\6\7"
local ENTRY <const>, LOCAL <const> = "PK\1\2", "PK\3\4"
local STORED <const>, DEFLATED <const> = 0, 8
local MANY <const>, LARGE <const> = 0xFFFF, 0xFFFFFFFF  -- the true number is in a ZIP64 field
local MEMBERS_MOST <const> = 1 << 20

local function bad(a, format, ...) core.fail(a.who, 1, "%s: " .. format, a.path, ...) end

-- ---- the directory ------------------------------------------------------------------------------

-- The n bytes at an offset from the start of the file.
local function bytes_at(a, offset, n)
  if offset < 0 or n < 0 or offset > a.size or n > a.size - offset then
    bad(a, "a ZIP record lies outside it")
  end
  a.handle:seek("set", offset)
  local bytes <const> = n == 0 and "" or a.handle:read(n)
  if not bytes or #bytes ~= n then bad(a, "the file ends early") end
  return bytes
end

-- The record at the end may be followed by a comment of up to 64 KiB.
local function find_end(a)
  local length <const> = math.min(a.size, 22 + 0xFFFF)
  local tail <const> = bytes_at(a, a.size - length, length)
  for k = #tail - 21, 1, -1 do
    if tail:sub(k, k + 3) == END then return a.size - length + k - 1, tail:sub(k, k + 21) end
  end
  bad(a, "no ZIP archive (there is no directory at its end)")
end

-- Offset, size and number of members of the directory.
local function find_directory(a)
  local place <const>, record <const> = find_end(a)
  local count, size, offset = string.unpack("<I2I4I4", record, 11)
  local locator <const> = place >= 20 and bytes_at(a, place - 20, 20) or ""
  if locator:sub(1, 4) == LOCATOR then
    local record64 <const> = bytes_at(a, string.unpack("<i8", locator, 9), 56)
    if record64:sub(1, 4) ~= END64 then bad(a, "its ZIP64 record is damaged") end
    count, size, offset = string.unpack("<i8i8i8", record64, 33)
  end
  if count < 0 or count > MEMBERS_MOST then bad(a, "a directory of %d members", count) end
  return offset, size, count
end

-- In the extra field of ZIP64 stand those of the numbers that did not fit, in this order.
local function widen(a, extra, numbers)
  local at = 1
  while at + 3 <= #extra do
    local tag <const>, length <const> = string.unpack("<I2I2", extra, at)
    if tag == 1 then
      local from, last = at + 4, math.min(at + 3 + length, #extra)
      for k, value in ipairs(numbers) do
        if value == LARGE then
          if from + 7 > last then bad(a, "a ZIP64 field is cut off") end
          numbers[k], from = string.unpack("<i8", extra, from)
        end
      end
      return
    end
    at = at + 4 + length
  end
end

local function read_entry(a, directory, at)
  if at + 45 > #directory or directory:sub(at, at + 3) ~= ENTRY then
    bad(a, "its directory is damaged")
  end
  local flags, method <const>, _, crc <const>, packed, plain, name_length, extra_length, comment =
    string.unpack("<I2I2I4I4I4I4I2I2I2", directory, at + 8)
  local offset <const> = string.unpack("<I4", directory, at + 42)
  local after <const> = at + 46 + name_length + extra_length
  if after + comment - 1 > #directory then bad(a, "its directory is cut off") end
  local numbers <const> = { plain, packed, offset }
  widen(a, directory:sub(at + 46 + name_length, after - 1), numbers)
  return { archive = a, name = directory:sub(at + 46, at + 45 + name_length), method = method,
    crc = crc, size = numbers[1], packed = numbers[2], offset = numbers[3],
    encrypted = flags & 1 ~= 0 }, after + comment
end

-- ---- members ------------------------------------------------------------------------------------

local Member <const> = {}
Member.__index = Member

-- Where the member's own bytes begin: behind its local header.
local function start_of(member)
  local a <const> = member.archive
  local head <const> = bytes_at(a, member.offset, 30)
  if head:sub(1, 4) ~= LOCAL then bad(a, "'%s' has no header", member.name) end
  local name <const>, extra <const> = string.unpack("<I2I2", head, 27)
  return member.offset + 30 + name + extra
end

local function unpacked(member, bytes)
  if member.method == STORED then return bytes end
  if member.method ~= DEFLATED then
    bad(member.archive, "'%s' is packed by method %d", member.name, member.method)
  end
  local plain <const>, problem <const> =
    files.zlib(member.archive.who).decompress(bytes, "raw", math.max(member.size, 1))
  if not plain then bad(member.archive, "'%s': %s", member.name, problem) end
  return plain
end

--- member:read(): its bytes.
function Member:read()
  local a <const> = self.archive
  if self.encrypted then bad(a, "'%s' is encrypted", self.name) end
  local bytes <const> = unpacked(self, bytes_at(a, start_of(self), self.packed))
  if #bytes ~= self.size then
    bad(a, "'%s' has %d bytes, not the %d it should", self.name, #bytes, self.size)
  end
  local ok <const>, zlib <const> = pcall(require, "tocha.zlib")
  if ok and zlib.crc32(bytes) ~= self.crc then bad(a, "'%s': its checksum is wrong", self.name) end
  return bytes
end

local Archive <const> = {}
Archive.__index = Archive
function Archive:close() self.handle:close() end
Archive.__close = Archive.close

--- zip.open(who, path): { members = list of { name, size, read }, at = by name }, to be closed.
function zip.open(who, path)
  local handle <const> = files.open(who, path)
  local a <const> = setmetatable({ who = who, path = path, handle = handle, size = 0,
    members = {}, at = {} }, Archive)
  a.size = handle:seek "end" or 0
  local offset <const>, size <const>, count <const> = find_directory(a)
  local directory <const>, at, packed = bytes_at(a, offset, size), 1, 0
  for k = 1, count do
    local member
    member, at = read_entry(a, directory, at)
    if member.size < 0 or member.packed < 0 or member.packed > a.size - packed then
      bad(a, "'%s' has more bytes than the archive", member.name)
    end
    packed = packed + member.packed
    a.members[k] = setmetatable(member, Member)
    a.at[member.name] = member
  end
  return a
end

-- ---- writing ------------------------------------------------------------------------------------

local DATE <const> = 0x0021  -- the first day that the format knows: equal contents, equal bytes
local VERSION <const>, VERSION64 <const> = 20, 45
local LOCAL_HEAD <const>, PADDING <const> = 30, 0x4246  -- "FB", as PyTorch pads

-- The fields that the local header and the directory share.
local function fields(member, packed, plain)
  local large <const> = plain == LARGE
  return string.pack("<I2I2I2I2I2I4I4I4I2", large and VERSION64 or VERSION, 1 << 11,
    member.method, 0, DATE, member.crc, packed, plain, #member.name)
end

local function prepare(zlib, name, bytes, compressed)
  local packed <const> = compressed and zlib.compress(bytes, "raw") or bytes
  return { name = name, bytes = packed, size = #bytes, crc = zlib.crc32(bytes),
    method = compressed and DEFLATED or STORED, large = #bytes >= LARGE }
end

-- An extra field of zeros, so that what follows the `head` bytes of the header is aligned.
local function padding(offset, head, align)
  if not align then return "" end
  return string.pack("<I2s2", PADDING, ("\0"):rep(-(offset + head + 4) % align))
end

local function write_member(handle, member, offset, align)
  member.offset = offset
  local extra = member.large and string.pack("<I2I2i8i8", 1, 16, member.size, #member.bytes) or ""
  extra = extra .. padding(offset, LOCAL_HEAD + #member.name + #extra, align)
  local packed <const> = member.large and LARGE or #member.bytes
  local head <const> = LOCAL .. fields(member, packed, member.large and LARGE or member.size)
    .. string.pack("<I2", #extra) .. member.name .. extra
  assert(handle:write(head, member.bytes))
  member.packed, member.bytes = #member.bytes, nil
  return offset + #head + member.packed
end

-- Sizes and the offset in their ZIP64 forms wherever one of them is large.
local function directory_entry(member)
  local wide <const> = member.large or member.offset >= LARGE
  local extra <const> = wide and string.pack("<I2I2i8i8i8", 1, 24, member.size, member.packed,
    member.offset) or ""
  return ENTRY .. string.pack("<I2", VERSION64)
    .. fields(member, wide and LARGE or member.packed, wide and LARGE or member.size)
    .. string.pack("<I2I2I2I2I4I4", #extra, 0, 0, 0, 0, wide and LARGE or member.offset)
    .. member.name .. extra
end

local function directory_end(count, size, offset)
  local text = ""
  if count >= MANY or offset >= LARGE then
    text = END64 .. string.pack("<i8I2I2I4I4i8i8i8i8", 44, VERSION64, VERSION64, 0, 0, count, count,
      size, offset) .. LOCATOR .. string.pack("<I4i8I4", 0, offset + size, 1)
  end
  local n <const> = math.min(count, MANY)
  return text .. END .. string.pack("<I2I2I2I2I4I4I2", 0, 0, n, n, math.min(size, LARGE),
    math.min(offset, LARGE), 0)
end

--- zip.write(who, path, list of {name, function() return bytes end}, {compressed = false, align =
--- nil, sync = false}): needs tocha.zlib for the checksums. The members are made one at a time;
--- with `align` their bytes begin at multiples of it.
function zip.write(who, path, list, options)
  local zlib <const> = files.zlib(who)
  options = options or {}
  files.replace(who, path, function(handle)
    local offset, directory = 0, {}
    for k, each in ipairs(list) do
      local member <const> = prepare(zlib, each[1], each[2](), options.compressed)
      offset = write_member(handle, member, offset, options.align)
      directory[k] = directory_entry(member)
    end
    local text <const> = table.concat(directory)
    assert(handle:write(text, directory_end(#list, #text, offset)))
  end, options)
end

return zip
