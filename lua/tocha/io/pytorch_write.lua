-- PyTorch's .pt and .pth files written, in the ZIP form: see tocha.io.pytorch.
--
-- The pickle (protocol 2) names the dictionaries, lists, numbers, texts and tensors that
-- torch.load(path, weights_only = True) takes, and nothing else. Each tensor gets a contiguous
-- storage of its own; the same tensor in two places is written once. Tables by name or number
-- become dictionaries, in the order of their keys, lists lists; json.null is None; a text that is
-- no UTF-8 becomes bytes. Equal objects give equal bytes.

local core = require "tocha.core"
local json = require "tocha.io.json"
local raw = require "tocha.io.raw"
local zip = require "tocha.io.zip"

local WHO <const> = "pytorch.save"
local DEEPEST <const> = 50
local FOLDER <const>, ALIGNMENT <const> = "archive/", 64  -- as torch.save has them

local STORAGES <const> = { float32 = "Float", float64 = "Double", float16 = "Half",
  bfloat16 = "BFloat16", int64 = "Long", int32 = "Int", int16 = "Short", int8 = "Char",
  uint8 = "Byte", bool = "Bool" }

local function refuse(path, what)
  core.fail(WHO, 2, "'%s': a %s cannot be saved", path == "" and "the object" or path, what)
end

-- ---- opcodes ------------------------------------------------------------------------------------
-- w: { parts = pieces of the pickle, tensors = list, keys = tensor -> its key }

local MARK <const>, TUPLE <const>, REDUCE <const> = "(", "t", "R"

local function put(w, ...)
  for _, piece in ipairs { ... } do w.parts[#w.parts + 1] = piece end
end

local function global(w, module, name) put(w, "c", module, "\n", name, "\n") end

local function integer(w, v)
  if v >= -(1 << 31) and v < 1 << 31 then return put(w, "J", string.pack("<i4", v)) end
  put(w, "\x8a\8", string.pack("<i8", v))
end

local function text(w, s) put(w, "X", string.pack("<s4", s)) end

local function naturals(w, list)
  put(w, MARK)
  for _, v in ipairs(list) do integer(w, v) end
  put(w, TUPLE)
end

-- Bytes in protocol 2: _codecs.encode(the same numbers as characters, "latin1").
local function bytes(w, s)
  global(w, "_codecs", "encode")
  put(w, MARK)
  text(w, (s:gsub("[\x80-\xff]", function(c) return utf8.char(c:byte()) end)))
  text(w, "latin1")
  put(w, TUPLE, REDUCE)
end

-- ---- values -------------------------------------------------------------------------------------

local write

local function key_of(w, x)
  if not w.keys[x] then
    w.tensors[#w.tensors + 1] = x
    w.keys[x] = ("%d"):format(#w.tensors - 1)
  end
  return w.keys[x]
end

-- torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)
local function tensor(w, x)
  global(w, "torch._utils", "_rebuild_tensor_v2")
  put(w, MARK, MARK)
  text(w, "storage")
  global(w, "torch", STORAGES[x.dtype] .. "Storage")
  text(w, key_of(w, x))
  text(w, "cpu")
  integer(w, x:numel())
  put(w, TUPLE, "Q")
  integer(w, 0)
  naturals(w, x.shape)
  naturals(w, raw.strides(x.shape))
  put(w, "\x89")  -- False
  global(w, "collections", "OrderedDict")
  put(w, ")", REDUCE, TUPLE, REDUCE)
end

-- Numbers before texts.
local function in_order(a, b)
  if type(a) == type(b) then return a < b end
  return type(a) == "number"
end

local function sorted_keys(t, path)
  local keys <const> = {}
  for key in pairs(t) do
    if type(key) ~= "string" and not math.type(key) then refuse(path, type(key) .. " as a key") end
    keys[#keys + 1] = key
  end
  table.sort(keys, in_order)
  return keys
end

local function whole_table(w, t, path, depth)
  if getmetatable(t) then
    refuse(path, (getmetatable(t).__name or "table with a metatable") .. " (save its state_dict())")
  end
  if depth > DEEPEST then refuse(path, "table nested that deep") end
  local keys <const> = sorted_keys(t, path)
  local is_list <const> = #keys > 0 and #keys == #t
  put(w, is_list and "]" or "}", MARK)
  for _, key in ipairs(keys) do
    if not is_list then write(w, key, path, depth) end
    write(w, t[key], path == "" and tostring(key) or path .. "." .. tostring(key), depth)
  end
  put(w, is_list and "e" or "u")
end

local WRITERS <const> = {
  boolean = function(w, v) put(w, v and "\x88" or "\x89") end,
  string = function(w, v) return (utf8.len(v) and text or bytes)(w, v) end,
  number = function(w, v)
    if math.type(v) == "integer" then return integer(w, v) end
    put(w, "G", string.pack(">d", v))
  end,
  table = function(w, v, path, depth) return whole_table(w, v, path, depth + 1) end,
}

function write(w, value, path, depth)
  if value == json.null then return put(w, "N") end
  if core.is_tensor(value) then return tensor(w, value) end
  local writer <const> = WRITERS[type(value)] or refuse(path, type(value))
  return writer(w, value, path, depth)
end

-- ---- the file -----------------------------------------------------------------------------------

local function member(name, content)
  return { FOLDER .. name, type(content) == "string" and function() return content end or content }
end

return function(path, object, options)
  local w <const> = { parts = { "\x80\2" }, tensors = {}, keys = {} }
  write(w, object, "", 0)
  put(w, ".")
  options = options or {}
  local list <const> = { member("data.pkl", table.concat(w.parts)), member("byteorder", "little") }
  for k, x in ipairs(w.tensors) do
    list[#list + 1] = member(("data/%d"):format(k - 1), function()
      if options.watch then options.watch(x) end
      return (x:detach():to "cpu"):to_bytes()
    end)
  end
  list[#list + 1] = member("version", "3\n")
  zip.write(WHO, path, list, { align = ALIGNMENT, sync = options.sync,
    beside = options.beside })
end
