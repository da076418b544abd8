-- HDF5 files: their tensors and texts by path, read by libhdf5 (tocha.hdf5).
--
-- libhdf5 crashes on some damaged files and spins on others. So another process reads the file and
-- sends what it finds; whatever happens there is an error here. Files are written in this process.
--
-- What it sends, a record each: "e" path, kind, attributes, value; "!" message; "." at the end. A
-- value is "-" nothing, "t" text, "l" list of texts, "x" tensor.

local core = require "tocha.core"
local files = require "tocha.io.file"
local keras_h5 = require "tocha.io.keras_h5"
local raw = require "tocha.io.raw"

local hdf5 <const> = {}

local WHO <const> = "load"
local SIGNATURE <const> = "\137HDF\r\n\26\n"
local SECONDS <const>, BYTES_A_SECOND <const> = 10, 1 << 22  -- of the processor, for reading
local LONGEST_TEXT <const> = 1 << 28

local function library(who)
  local ok <const>, found <const> = pcall(require, "tocha.hdf5")
  if ok then return found end
  core.fail(who, nil, "HDF5 files need libhdf5, which this build of Tocha is without "
    .. "(Debian: libhdf5-dev, then `make build`)")
end

--- hdf5.matches(head): are these the first bytes of a file?
function hdf5.matches(head) return head:sub(1, #SIGNATURE) == SIGNATURE end

-- ---- the process that reads ---------------------------------------------------------------------

local function tensor_head(dtype, shape)
  return "x" .. string.pack("<s1B" .. ("i8"):rep(#shape), dtype, #shape, table.unpack(shape))
end

local function send_value(stream, value)
  if type(value) == "string" then return stream:write("t", string.pack("<s8", value)) end
  if core.is_tensor(value) then
    return stream:write(tensor_head(value.dtype, value.shape), value:to_bytes())
  end
  stream:write("l", string.pack("<i8", #value))
  for _, text in ipairs(value) do stream:write(string.pack("<s8", text)) end
end

local function send_attributes(stream, attributes)
  for name, value in pairs(attributes) do
    stream:write("a", string.pack("<s8", name))
    send_value(stream, value)
  end
  stream:write ";"
end

local function send_entry(stream, file, e, only)
  stream:write("e", string.pack("<s8s1", e.path, e.kind))
  send_attributes(stream, file:attributes(e.path))
  if not e.dtype or only and not only(e.path) then return stream:write "-" end
  if e.dtype == "text" then return send_value(stream, file:read(e.path)) end
  file:send(e.path, stream, tensor_head(e.dtype, e.shape))
end

local function send_all(stream, path, only)
  local file <const> = library(WHO).open(path)
  send_entry(stream, file, { path = "/", kind = "group" })
  for _, e in ipairs(file:walk()) do send_entry(stream, file, e, only) end
end

local function send(stream, path, only)
  local ok <const>, problem <const> = pcall(send_all, stream, path, only)
  stream:write(ok and "." or "!" .. string.pack("<s8", tostring(problem)))
end

-- ---- the process that asks ----------------------------------------------------------------------
-- r: { stream, bad = raises, left = bytes that may come yet }

local function take(r, n)
  if n < 0 or n > r.left then r.bad "it has more than fits into memory" end
  r.left = r.left - n
  local bytes <const> = n == 0 and "" or r.stream:read(n)
  if bytes and #bytes == n then return bytes end
  local _, problem <const> = r.stream:close()
  r.bad("%s", problem or "the file is damaged")
end

local function number(r, format)
  return (string.unpack(format, take(r, string.packsize(format))))
end

local function text(r)
  local n <const> = number(r, "<i8")
  if n > LONGEST_TEXT then r.bad "a text of that length" end
  return take(r, n)
end

-- Where a record or a value begins, the message of what went wrong may come.
local function read_tag(r)
  local tag <const> = take(r, 1)
  if tag == "!" then r.bad("%s", (text(r):gsub("^[^%[]*hdf5: ", ""))) end
  return tag
end

local function read_tensor(r)
  local dtype <const> = take(r, number(r, "B"))
  local shape <const> = {}
  for d = 1, number(r, "B") do shape[d] = number(r, "<i8") end
  local bytes <const> = raw.count(shape, raw.item_size(dtype), r.left)
    or r.bad "it has more than fits into memory"
  local x <const> = raw.tensor(take(r, bytes), shape, dtype)
  return r.device and x:to(r.device) or x
end

local VALUES <const> = {
  ["-"] = function() return nil end,
  t = text,
  x = read_tensor,
  l = function(r)
    local list <const> = {}
    for k = 1, number(r, "<i8") do list[k] = text(r) end
    return list
  end,
}

local function read_value(r)
  local read <const> = VALUES[read_tag(r)] or r.bad "the file is damaged"
  return read(r)
end

-- The next entry, or nil at the end.
local function read_entry(r)
  if read_tag(r) == "." then return nil end
  local entry <const> = { path = text(r), kind = take(r, number(r, "B")), attributes = {} }
  while read_tag(r) == "a" do
    local name <const> = text(r)
    entry.attributes[name] = read_value(r)
  end
  entry.value = read_value(r)
  return entry
end

--- hdf5.entries(path, {device = "cpu", only = nil, seconds = nil}): what is in a file, groups
--- before what they hold, sorted by name: a list of { path, kind = "group" or "dataset",
--- attributes, value }. Values are tensors, texts or lists of texts; nil where the type is another,
--- or where `only`, a function of the path, says so. The first is the file itself, "/". Reading
--- takes at most 10 seconds of the processor and a second for 4 MB, or `seconds`.
function hdf5.entries(path, options)
  options = options or {}
  local apart <const> = library(WHO).apart
  files.open(WHO, path):close()
  local _, size <const> = core.file_kind(path)
  local stream <close> = apart(function(to) send(to, path, options.only) end,
    options.seconds or SECONDS + size // BYTES_A_SECOND, 8 * size)
  local r <const> = { stream = stream, device = options.device, left = (1 << 32) + 1200 * size,
    bad = function(format, ...) core.fail(WHO, 1, "%s: " .. format, path, ...) end }
  local list <const> = {}
  for entry in read_entry, r do list[#list + 1] = entry end
  return list
end

-- ---- by name ------------------------------------------------------------------------------------

local function metadata_of(entry)
  local metadata <const> = {}
  for name, value in pairs(entry.attributes) do
    metadata[name] = core.is_tensor(value) and value:numel() == 1 and value:item() or value
  end
  return metadata
end

--- hdf5.load(path, {device = "cpu", only = nil}): path -> tensor (texts too), and the attributes of
--- the file. Files of Keras's weights have Keras's names, "conv2d/kernel", and the metadata has
--- `modelTopology`, the model's configuration, as TensorFlow.js's files do: see tocha.io.keras_h5.
function hdf5.load(path, options)
  local entries <const> = hdf5.entries(path, options)
  local metadata <const> = metadata_of(entries[1])
  local layers <const> = keras_h5.layers(entries)
  if layers then
    metadata.modelTopology = keras_h5.topology(entries, layers)
    return keras_h5.named(layers), metadata
  end
  local tensors <const> = {}
  for _, e in ipairs(entries) do tensors[e.path] = e.value end
  return tensors, metadata
end

--- hdf5.save(path, list of { path, value or nil, attributes or nil }): a new file of tensors, and
--- of groups where there is no value; attributes are texts and lists of texts. float16 stays,
--- bfloat16 becomes float32.
function hdf5.save(path, list)
  local h5 <const> = library "hdf5.save"
  local temporary <const> = path .. ".new"
  local ok <const>, problem <const> = pcall(function()
    local file <close> = h5.open(temporary, "w")
    for _, e in ipairs(list) do
      local x <const> = e.value and e.value:detach():to "cpu":contiguous()
      if x then file:write(e.path, x.dtype == "bfloat16" and x:to "float32" or x)
      elseif e.path ~= "/" then file:group(e.path) end
      for name, value in pairs(e.attributes or {}) do file:set_attribute(e.path, name, value) end
    end
  end)
  if ok and os.rename(temporary, path) then return end
  os.remove(temporary)
  core.fail("hdf5.save", 1, "%s: %s", path, tostring(problem))
end

return hdf5
