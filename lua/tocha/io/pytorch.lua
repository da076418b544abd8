-- PyTorch's .pt and .pth files: what torch.save wrote, in both of its forms, read safely, and
-- written.
--
-- Since 1.6 such a file is a ZIP archive: data.pkl, a pickle of the object, and a member data/KEY a
-- storage. Before, it was five pickles (a magic number, the version, the machine, the object, the
-- storages' keys) and then the storages. Nothing is executed: see tocha.io.pickle. Tensors that
-- shared a storage share it here. Whole modules (torch.save(net)) need their Python code and are
-- refused, as are sparse, quantised and complex tensors.

local core = require "tocha.core"
local files = require "tocha.io.file"
local numpy = require "tocha.io.pickle_numpy"
local pickle = require "tocha.io.pickle"
local json = require "tocha.io.json"
local raw = require "tocha.io.raw"
local write = require "tocha.io.pytorch_write"
local zip = require "tocha.io.zip"

local pytorch <const> = {}

local WHO <const> = "load"
local MAGIC <const> = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"  -- as a pickle has it
local MAGIC_WITHIN <const> = 32
local DIMS_MOST <const> = 8

-- ---- storages -----------------------------------------------------------------------------------
-- { dtype, count, base = all of it as one row } or, without a dtype, { count, bytes }

local STORAGES <const> = {
  Float = "float32", Double = "float64", Half = "float16", BFloat16 = "bfloat16", Long = "int64",
  Int = "int32", Short = "int16", Char = "int8", Byte = "uint8", Bool = "bool",
}
local UNSIGNED <const> = { uint16 = 2, uint32 = 4 }
local BYTES <const> = "bytes"  -- a storage without a type

-- Type, key and number of elements of a persistent id, and its size in bytes.
local function described(r, id)
  local kind <const>, key <const>, count <const> = id[2], id[3], id[5]
  if id[1] ~= "storage" then r.bad "a pickle that refers to what is no storage" end
  r:need(kind, "global")
  if not kind.dtype or type(key) ~= "string" or not raw.is_natural(count) then
    r.bad "a storage is described in a damaged way"
  end
  local item <const> = kind.dtype == BYTES and 1 or raw.item_size(kind.dtype)
  local bytes <const> = raw.count({ count }, item, r.file.room)
  if not bytes then r.bad("the storage '%s' has more bytes than the file", key) end
  return { dtype = kind.dtype, key = key, count = count, size = bytes }
end

local function fill(file, storage, bytes)
  if storage.dtype == BYTES then
    storage.bytes = bytes
    return
  end
  local values <const> = raw.tensor(bytes, { storage.count }, storage.dtype, file.big)
  if storage.base then storage.base:copy_(values)
  else storage.base = file.device and values:to(file.device) or values end
end

-- The row of a storage as a dtype; one without a type has the type of the tensor that asks.
local function row_of(r, storage, dtype)
  if storage.dtype ~= BYTES then return storage.base end
  storage.rows = storage.rows or {}
  if storage.rows[dtype] then return storage.rows[dtype] end
  local item <const> = UNSIGNED[dtype] or raw.item_size(dtype)
  if storage.size % item ~= 0 then r.bad("a storage of %d bytes as %s", storage.size, dtype) end
  local shape <const> = { storage.size // item }
  local row <const> = UNSIGNED[dtype] and raw.unsigned(storage.bytes, shape, item, r.file.big)
    or raw.tensor(storage.bytes, shape, dtype, r.file.big)
  storage.rows[dtype] = r.file.device and row:to(r.file.device) or row
  return storage.rows[dtype]
end

-- ---- tensors ------------------------------------------------------------------------------------

local function naturals(r, list)
  r:need(list, "tuple")
  if #list > DIMS_MOST then r.bad("a tensor of %d dimensions: at most %d", #list, DIMS_MOST) end
  for _, v in ipairs(list) do
    if not raw.is_natural(v) then r.bad "a tensor with a damaged size" end
  end
  return list
end

local function rebuild(r, arguments, dtype)
  local storage <const> = r:need(arguments[1], "storage")
  local offset <const>, size <const>, stride <const> = arguments[2], naturals(r, arguments[3]),
    naturals(r, arguments[4])
  if not raw.is_natural(offset) or #size ~= #stride then r.bad "a tensor with a damaged size" end
  if not dtype and storage.dtype == BYTES then r.bad "a tensor without a type" end
  local x <const>, problem <const> = raw.view(row_of(r, storage, dtype), offset, size, stride)
  return x or r.bad("a tensor %s", problem)
end

local function rebuild_typed(r, arguments)
  local dtype <const> = arguments[7]
  if type(dtype) ~= "string" then r.bad "a tensor without a type" end
  return rebuild(r, arguments, dtype)
end

local function need_tensor(r, x)
  if not core.is_tensor(x) then r.bad "a parameter that is no tensor" end
  return x
end

-- Tensors with attributes or of a subclass, as plain ones.
local function rebuild_from_type(r, arguments)
  local f <const> = r:need(arguments[1], "global")
  if not f.tensor then r.bad "a tensor made by what makes none" end
  return f.call(r, r:need(arguments[3], "tuple"))
end

-- ---- the Python objects that may be named -------------------------------------------------------

local function ordered_dict(r, arguments)
  local dict <const> = r:new({}, "dict")
  local list <const> = arguments[1]
  if list == nil then return dict end
  r:copies(#r:need(list, "list"))
  for _, pair in ipairs(list) do
    if r.kinds[pair] ~= "list" then r:need(pair, "tuple") end
    r:set(dict, pair[1], pair[2])
  end
  return dict
end

local function first(_, arguments) return arguments[1] or json.null end

local function parameter(r, arguments) return need_tensor(r, arguments[1]) end

local GLOBALS <const> = {
  ["collections.OrderedDict"] = { call = ordered_dict },
  ["torch._utils._rebuild_tensor"] = { call = rebuild, tensor = true },
  ["torch._utils._rebuild_tensor_v2"] = { call = rebuild, tensor = true },
  ["torch._utils._rebuild_tensor_v3"] = { call = rebuild_typed, tensor = true },
  ["torch._utils._rebuild_parameter"] = { call = parameter },
  ["torch._utils._rebuild_parameter_with_state"] = { call = parameter },
  ["torch._tensor._rebuild_from_type_v2"] = { call = rebuild_from_type },
  ["torch.Size"] = { call = first },
  ["torch.device"] = { call = first },
  ["torch.Tensor"] = {},
  ["torch.nn.parameter.Parameter"] = {},
  ["torch.storage.UntypedStorage"] = { dtype = BYTES },
}
for name, entry in pairs(numpy.numbers) do GLOBALS[name] = entry end
for name, dtype in pairs(STORAGES) do
  GLOBALS["torch." .. name .. "Storage"] = { dtype = dtype }
  GLOBALS["torch." .. dtype] = dtype
end
for dtype in pairs(UNSIGNED) do GLOBALS["torch." .. dtype] = dtype end

-- ---- both forms ---------------------------------------------------------------------------------

-- `source` and what the pickle reader needs; persistent(r, id) gives a storage.
local function unpickle(file, source, persistent)
  return pickle.load(source, { globals = GLOBALS, persistent = persistent, bad = file.bad,
    file = file })
end

-- Each key once: `make` gives the storage its row.
local function storages(file, make)
  return function(r, id)
    local storage <const> = described(r, id)
    local known <const> = file.storages[storage.key]
    if not known then
      make(storage, id)
      file.storages[storage.key] = r:new(storage, "storage")
      return storage
    end
    if known.dtype ~= storage.dtype or known.count ~= storage.count then
      file.bad("the storage '%s' is described in two ways", storage.key)
    end
    return known
  end
end

local function opened(path, options)
  local function bad(format, ...) core.fail(WHO, 1, "%s: " .. format, path, ...) end
  return { path = path, bad = bad, device = options and options.device, storages = {}, room = 0 }
end

-- ---- the ZIP form -------------------------------------------------------------------------------

local function member_of(file, archive, name)
  return archive.at[name] or file.bad("the archive has no '%s'", name)
end

-- The first part of the members' names, such as "archive/".
local function folder_of(archive)
  for _, member in ipairs(archive.members) do
    local folder <const> = member.name:match "^(.*)data%.pkl$"
    if folder and (folder == "" or folder:match "^[^/]*/$") then return folder end
  end
end

local function read_order(file, archive, folder)
  local member <const> = archive.at[folder .. "byteorder"]
  file.big = member ~= nil and member.size < 16 and member:read() == "big"
end

local function load_archive(file, archive, folder)
  read_order(file, archive, folder)
  file.room = math.maxinteger  -- a member is as long as it says, or an error
  local persistent <const> = storages(file, function(storage)
    local member <const> = member_of(file, archive, folder .. "data/" .. storage.key)
    if member.size ~= storage.size then
      file.bad("the storage '%s' has %d bytes, not %d", storage.key, member.size, storage.size)
    end
    fill(file, storage, member:read())
  end)
  local bytes <const> = member_of(file, archive, folder .. "data.pkl"):read()
  return unpickle(file, pickle.bytes(bytes, file.bad), persistent)
end

--- pytorch.in_archive(archive): does an open ZIP archive hold what torch.save wrote?
function pytorch.in_archive(archive) return folder_of(archive) ~= nil end

-- ---- the old form -------------------------------------------------------------------------------

local function handle_source(file, handle)
  return function(n)
    if n > file.left then file.bad "the file ends early" end
    file.left = file.left - n
    return n == 0 and "" or handle:read(n) or file.bad "the file cannot be read"
  end
end

-- Rows are made when the pickle names them and filled when the bytes come, behind it.
local function promised(file)
  local promises = 0
  return storages(file, function(storage, id)
    promises = promises + storage.size
    if promises > file.left then file.bad "the storages have more bytes than the file" end
    if storage.dtype == BYTES or id[6] ~= nil and id[6] ~= json.null then
      file.bad("the storage '%s' is a view of another, which is not read", storage.key)
    end
    storage.base = core.empty({ storage.count }, storage.dtype)
    if file.device then storage.base = storage.base:to(file.device) end
  end)
end

local function fill_all(file, source, keys)
  if type(keys) ~= "table" then file.bad "the list of the storages is damaged" end
  for _, key in ipairs(keys) do
    local storage <const> = file.storages[key]
    local count <const> = string.unpack(file.big and ">i8" or "<i8", source(8))
    if not storage or storage.filled or count ~= storage.count then
      file.bad("the storage '%s' is damaged", tostring(key))
    end
    fill(file, storage, source(storage.size))
    storage.filled = true
  end
  for key, storage in pairs(file.storages) do
    if not storage.filled then file.bad("the storage '%s' is missing", key) end
  end
end

local function load_old(file, handle)
  file.left = handle:seek "end"
  file.room = file.left
  handle:seek "set"
  local source <const> = handle_source(file, handle)
  local function none() file.bad "a storage in the head of the file" end
  unpickle(file, source, none)  -- the magic number
  unpickle(file, source, none)  -- the version
  local machine <const> = unpickle(file, source, none)
  file.big = type(machine) == "table" and machine.little_endian == false
  local object <const> = unpickle(file, source, promised(file))
  fill_all(file, source, unpickle(file, source, none))
  return object
end

--- pytorch.is_old(head): are these the first bytes of a file in the old form?
function pytorch.is_old(head)
  local at <const> = head:find(MAGIC, 1, true)
  return head:byte() == 0x80 and at ~= nil and at <= MAGIC_WITHIN
end

--- pytorch.load(path, {device = "cpu"}): the object that torch.save wrote: tensors, numbers,
--- strings and booleans in tables. None is tocha.io.json.null.
function pytorch.load(path, options)
  local file <const> = opened(path, options)
  local handle <close> = files.open(WHO, path)
  local head <const> = handle:read(64) or ""
  if pytorch.is_old(head) then return load_old(file, handle) end
  if head:sub(1, 2) ~= "PK" then file.bad "this is no file of torch.save" end
  local archive <close> = zip.open(WHO, path)
  local folder <const> = folder_of(archive) or file.bad "a ZIP archive without data.pkl"
  return load_archive(file, archive, folder)
end

--- pytorch.save(path, object): tensors, numbers, texts and booleans in tables, such as a state dict
--- or a checkpoint, for torch.load (weights_only too). Needs zlib. Options: sync, as file.replace
--- has it; watch, a function called with each tensor that is written.
function pytorch.save(path, object, options) return write(path, object, options) end

return pytorch
