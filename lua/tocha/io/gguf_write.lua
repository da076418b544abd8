-- GGUF files written: plain dtypes, and Q8_0. See tocha.io.gguf.

local core = require "tocha.core"
local files = require "tocha.io.file"
local quants = require "tocha.io.gguf_quants"

local WHO <const> = "gguf.save"
local VERSION <const>, ALIGNMENT <const>, DIMS_MOST <const> = 3, 32, 4
local KINDS <const> = { float32 = 0, float16 = 1, int8 = 24, int16 = 25, int32 = 26, int64 = 27,
  float64 = 28, bfloat16 = 30 }
local WIDER <const> = { bool = "int8", uint8 = "int16" }
local Q8_0 <const> = quants.types[8]

-- ---- metadata -----------------------------------------------------------------------------------

local function text(s) return string.pack("<s8", s) end

-- Number of the kind, and how a value of it is written.
local function kind_of(key, value)
  if type(value) == "string" then return 8, text end
  if type(value) == "boolean" then return 7, function(v) return v and "\1" or "\0" end end
  if math.type(value) == "float" then return 6, function(v) return string.pack("<f", v) end end
  if math.type(value) ~= "integer" then
    core.fail(WHO, 3, "metadata '%s': a %s cannot be written", key, type(value))
  end
  if value >= 0 and value < 1 << 32 then return 4, function(v) return string.pack("<I4", v) end end
  return 11, function(v) return string.pack("<i8", v) end
end

-- One kind for all of a list: integers that differ in size are 64 bits wide.
local function list(key, values)
  local kind, write = kind_of(key, values[1])
  for _, v in ipairs(values) do
    local own <const>, writer <const> = kind_of(key, v)
    if own ~= kind and (own == 11 and kind == 4 or own == 4 and kind == 11) then kind, write = 11,
      function(each) return string.pack("<i8", each) end
    elseif own ~= kind then
      core.fail(WHO, 3, "metadata '%s': a list of several types", key)
    else write = kind == 11 and write or writer end
  end
  local parts <const> = { string.pack("<I4I4i8", 9, kind, #values) }
  for k, v in ipairs(values) do parts[k + 1] = write(v) end
  return table.concat(parts)
end

local function pair(key, value)
  if type(value) == "table" then
    if #value == 0 then return text(key) .. string.pack("<I4I4i8", 9, 8, 0) end
    return text(key) .. list(key, value)
  end
  local kind <const>, write <const> = kind_of(key, value)
  return text(key) .. string.pack("<I4", kind) .. write(value)
end

local function metadata_bytes(metadata)
  local keys <const>, parts <const> = {}, {}
  for key in pairs(metadata) do
    if type(key) ~= "string" then core.fail(WHO, 3, "metadata has its values by name") end
    keys[#keys + 1] = key
  end
  table.sort(keys)
  for k, key in ipairs(keys) do parts[k] = pair(key, metadata[key]) end
  return table.concat(parts), #keys
end

-- ---- tensors ------------------------------------------------------------------------------------

-- Norms and biases stay as they are, as llama.cpp has them.
local function is_quantised(x, dtype)
  return dtype == "q8_0" and x:is_floating_point() and x.ndim >= 2 and x:numel() > 0
    and x:size(x.ndim) % Q8_0.size == 0
end

local function entry_of(name, x, dtype)
  if not core.is_tensor(x) then
    core.fail(WHO, 2, "'%s' is no tensor but a %s", tostring(name), type(x))
  end
  if x.ndim > DIMS_MOST then
    core.fail(WHO, 2, "'%s' has %d dimensions: GGUF has at most %d", name, x.ndim, DIMS_MOST)
  end
  if is_quantised(x, dtype) then
    return { name = name, x = x, kind = Q8_0.id, bytes = x:numel() // Q8_0.size * Q8_0.bytes }
  end
  local stored <const> = WIDER[x.dtype] or x.dtype
  local item <const> = core.empty({ 0 }, stored):element_size()
  return { name = name, x = x, stored = stored, kind = KINDS[stored], bytes = x:numel() * item }
end

local function entries_of(tensors, dtype)
  local entries <const>, at = {}, 0
  for name, x in pairs(tensors) do
    if type(name) ~= "string" then core.fail(WHO, 2, "tensors have names") end
    entries[#entries + 1] = entry_of(name, x, dtype)
  end
  table.sort(entries, function(a, b) return a.name < b.name end)
  for _, e in ipairs(entries) do
    e.offset = at
    at = at + e.bytes + -e.bytes % ALIGNMENT
  end
  return entries
end

-- Sizes are turned round.
local function entry_bytes(e)
  local shape <const> = e.x.ndim > 0 and e.x.shape or { 1 }
  local parts <const> = { text(e.name), string.pack("<I4", #shape) }
  for d = #shape, 1, -1 do parts[#parts + 1] = string.pack("<i8", shape[d]) end
  parts[#parts + 1] = string.pack("<I4i8", e.kind, e.offset)
  return table.concat(parts)
end

local function value_bytes(e)
  local x <const> = e.x:detach():to "cpu"
  return e.stored and x:to(e.stored):to_bytes() or quants.q8_0(x)
end

local function padded(bytes) return bytes .. ("\0"):rep(-#bytes % ALIGNMENT) end

return function(path, tensors, options)
  options = options or {}
  if type(tensors) ~= "table" then
    core.fail(WHO, 2, "expected a table of tensors by name, got %s", type(tensors))
  end
  if options.dtype ~= nil and options.dtype ~= "q8_0" then
    core.fail(WHO, nil, "expected dtype q8_0 or none, got '%s'", tostring(options.dtype))
  end
  local metadata <const> = { ["general.architecture"] = "tocha" }
  for key, value in pairs(options.metadata or {}) do metadata[key] = value end
  metadata["general.alignment"] = nil
  local pairs_bytes <const>, pair_count <const> = metadata_bytes(metadata)
  local entries <const>, head <const> = entries_of(tensors, options.dtype), {}
  for k, e in ipairs(entries) do head[k] = entry_bytes(e) end
  files.replace(WHO, path, function(handle)
    assert(handle:write(padded("GGUF" .. string.pack("<I4i8i8", VERSION, #entries, pair_count)
      .. pairs_bytes .. table.concat(head))))
    for _, e in ipairs(entries) do
      assert(handle:write(padded(value_bytes(e))))
      if options.watch then options.watch(e.x) end
    end
  end, options)
end
