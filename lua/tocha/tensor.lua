-- What makes a tensor pleasant in Lua: operators, indexing, assignment, conversion.
--
-- t[i] selects; t[{i, {a, b}, {}}] takes one, a range, all, dimension by dimension ("..." stands
-- for as many full ones as are missing); t[mask] and t[ids] pick; assignment writes through.

local core = require "tocha.core"
local registry = require "tocha.op"

local ops <const>, methods <const> = registry.ops, core.methods
local rule <const> = registry.rule
local tensor <const> = {}

-- ---- operators ----------------------------------------------------------------------------------

local OPERATORS <const> = {
  __add = "add", __sub = "sub", __mul = "mul", __div = "true_divide", __idiv = "floor_divide",
  __mod = "remainder", __pow = "pow", __unm = "neg",
  __band = "bitwise_and", __bor = "bitwise_or", __bxor = "bitwise_xor", __bnot = "bitwise_not",
  __shl = "bitwise_left_shift", __shr = "bitwise_right_shift",
}

-- Lua hands a unary operator its operand twice.
local UNARY <const> = { __unm = true, __bnot = true }

function tensor.set_operators()
  for event, name in pairs(OPERATORS) do
    local op <const> = ops[name]
    local f <const> = UNARY[event] and function(x) return op(x) end or op
    core.metatable[event], core.small_metatable[event] = f, f
  end
end

local ndim <const>, slice <const> = methods.dim, methods.slice
local select <const> = methods.select

-- ---- reading ------------------------------------------------------------------------------------

local function fail_index(x, format, ...)
  core.fail("index", nil, "%s (the tensor is %s)", format:format(...), rule.text(x.shape))
end

-- "..." becomes full ranges for the dimensions that the others leave.
local function without_ellipsis(x, key)
  local full <const>, given = {}, 0
  for _, item in ipairs(key) do
    if item ~= "..." then given = given + 1 end
  end
  if given > x.ndim then fail_index(x, "%d indices for %d dimensions", given, x.ndim) end
  if given == #key then return key end
  for _, item in ipairs(key) do
    if item == "..." then
      for _ = 1, x.ndim - given do full[#full + 1] = {} end
    else
      full[#full + 1] = item
    end
  end
  return full
end

local function range(x, dim, item)
  if #item == 0 then return x end
  local first <const> = item[1]
  local last <const> = item[2] or item[1]
  return slice(x, dim, first, last, item[3] or 1)
end

-- Selects and ranges first, as views; returns the view and the index tensors by its dimensions.
local function basic(x, key)
  local dim, advanced = 1, nil
  for _, item in ipairs(without_ellipsis(x, key)) do
    if math.type(item) then
      x = methods.select(x, dim, item)
    elseif core.is_tensor(item) then
      advanced = advanced or {}
      advanced[dim] = item
      dim = dim + (item.dtype == "bool" and item.ndim or 1)
    elseif type(item) == "table" then
      x = range(x, dim, item)
      dim = dim + 1
    else
      fail_index(x, "an index is a number, a range {first, last}, {} or a tensor, not a %s",
        type(item))
    end
  end
  return x, advanced
end

local function check_mask(x, mask, dim)
  for k = 1, mask.ndim do
    if dim + k - 1 > x.ndim or mask:size(k) ~= x:size(dim + k - 1) then
      fail_index(x, "a mask of the shape %s does not fit at dimension %d", rule.text(mask.shape),
        dim)
    end
  end
end

-- A mask stands for the index tensors of its true places.
local function index_list(x, advanced)
  local list <const> = {}
  for d = 1, x.ndim do
    local item <const> = advanced[d]
    if item and item.dtype == "bool" then
      check_mask(x, item, d)
      local places = ops.nonzero(item)
      for k = 1, item.ndim do list[d + k - 1] = places:select(2, k) end
    elseif item then
      list[d] = item
    elseif list[d] == nil then
      list[d] = false
    end
  end
  return list
end

local function index_tensor(x, key)
  if key.dtype == "bool" and key.ndim == x.ndim then return ops.masked_select(x, key) end
  return ops.index(x, index_list(x, { key }))
end

-- A number and a range alone are what loops ask for: they come first.
function core.hooks.index(x, key)
  local kind <const> = type(key)
  if kind == "number" then return select(x, 1, key) end
  if kind ~= "table" then
    if core.is_tensor(key) then return index_tensor(x, key) end
    fail_index(x, "a %s is no index", kind)
  end
  local first <const> = key[1]
  if type(first) == "table" and #key == 1 and ndim(x) > 0 then return range(x, 1, first) end
  local view, advanced = basic(x, key)
  return advanced and ops.index(view, index_list(view, advanced)) or view
end

-- ---- writing ------------------------------------------------------------------------------------

local function as_tensor(x, value)
  if core.is_tensor(value) then return value end
  if type(value) == "number" then return value end
  if type(value) == "boolean" then return value and 1 or 0 end
  if type(value) == "table" then return tensor.from(value, { dtype = x.dtype }) end
  fail_index(x, "a %s cannot be stored", type(value))
end

local function put(view, advanced, value)
  if core.is_tensor(value) == false then
    value = ops.full({}, value, { dtype = view.dtype, device = view.device })
  end
  view:index_put_(index_list(view, advanced), value)
end

local function write_mask(x, mask, value)
  if core.is_tensor(value) and value:numel() ~= 1 then
    x:masked_scatter_(mask, value)
  else
    x:masked_fill_(mask, value)
  end
end

function core.hooks.newindex(x, key, value)
  value = as_tensor(x, value)
  if math.type(key) then
    methods.select(x, 1, key):copy_(value)
  elseif core.is_tensor(key) and key.dtype == "bool" then
    write_mask(x, key, value)
  elseif core.is_tensor(key) then
    put(x, { key }, value)
  elseif type(key) == "table" then
    local view, advanced = basic(x, key)
    if advanced then put(view, advanced, value) else view:copy_(value) end
  else
    fail_index(x, "a %s is no index", type(key))
  end
end

-- ---- properties ---------------------------------------------------------------------------------

-- Read like fields, made when asked for: the matrix transposed, and the last two dimensions.
local COMPUTED <const> = {
  T = function(x)
    local dims <const> = {}
    for d = 1, x.ndim do dims[d] = x.ndim + 1 - d end
    return ops.permute(x, dims)
  end,
  mT = function(x) return ops.transpose(x, -2, -1) end,
}

-- What is neither a method nor a property that C knows; methods may still have to be loaded.
function core.hooks.missing(x, name)
  local compute <const> = COMPUTED[name]
  if compute then return compute(x) end
  return methods[name]
end

local SET <const> = {
  requires_grad = function(x, flag) x:requires_grad_(flag) end,
  data = function(x, y) core.set_data(x, y) end,
  grad = function(x, g)
    if g and not (core.is_tensor(g) and g:is_same_size(x)) then
      core.fail("grad", nil, "expected a %s tensor or nil", rule.text(x.shape))
    end
    core.set_grad(x, g)
  end,
}

function core.hooks.set(x, key, value)
  local set <const> = SET[key]
  if not set then
    core.fail(nil, nil, "a tensor has no field '%s' that can be set (there are data, grad and "
      .. "requires_grad)", key)
  end
  set(x, value)
end

-- ---- conversion ---------------------------------------------------------------------------------

local function settle(x, options)
  if options and options.device and options.device ~= x.device then
    x = ops.to(x, options.device)
  end
  if options and options.requires_grad then x:requires_grad_() end
  return x
end

--- tocha.tensor(data, {dtype, device, requires_grad}): from a number, a boolean, nested tables, or
--- a copy of a tensor. Integers give int64, booleans bool, anything else float32.
function tensor.from(data, options)
  if type(options) == "string" then options = { dtype = options } end
  local dtype <const> = options and options.dtype or nil
  if core.is_tensor(data) then
    return settle(core.convert_to(data, dtype or data.dtype), options)
  end
  return settle(core.from_table(data, dtype), options)
end

--- tocha.from_bytes(string, size, dtype): the bytes as they are in memory, row by row.
function tensor.from_bytes(bytes, size, dtype)
  return core.from_bytes(bytes, size, dtype or "float32")
end

methods.totable, methods.item, methods.to_bytes = core.totable, core.item, core.to_bytes
methods.tolist = core.totable

--- x:cuda(device): on a CUDA device, by its number; without one, the current one.
function methods.cuda(x, device) return x:to(device and "cuda:" .. device or "cuda") end

--- x:pin_memory(): a copy in page-locked memory, itself where it is there: from such a tensor
--- `x:to("cuda", {non_blocking = true})` copies while the program goes on.
function methods.pin_memory(x) return require("tocha.cuda")._pin(x) end
methods.is_pinned = core.cuda.is_pinned

--- x:record_stream(stream): x is used on a stream other than the one that it was made on: its
--- memory is not used again before that stream is through with it.
methods.record_stream = core.cuda.record_stream

function methods.fill_(x, value) return x:copy_(value) end
function methods.zero_(x) return x:copy_(0) end

function methods.set_(x, y)
  core.set_data(x, y)
  return x
end

function core.hooks.tostring(x) return require "tocha.format".tensor(x) end

return tensor
