-- library/tensor.lua: the fields, operators and methods of tensors.

local core = require "tocha.core"
local doc = require "tocha.doc"
local registry = require "tocha.op"
local operations = require "annotations.operations"
local page = require "annotations.page"
local types = require "annotations.types"

local put <const> = page.put
local TENSOR <const> = types.TENSOR

local FIELDS <const> = {
  { "shape", "integer[]", "its sizes, a new list" }, { "dtype", "tocha.dtype" },
  { "device", "string" }, { "ndim", "integer" }, { "requires_grad", "boolean" },
  { "grad", TENSOR, "nil before backward" }, { "data", TENSOR }, { "T", TENSOR, "transposed" },
  { "mT", TENSOR, "the last two dimensions transposed" },
  { "[integer]", TENSOR, "t[i]" }, { "[table]", TENSOR, "t[{i, {a, b}, {}}]" },
  { "[tocha.Tensor]", TENSOR, "t[mask], t[ids]" },
}

local BINARY <const> = { "add", "sub", "mul", "div", "idiv", "mod", "pow", "band", "bor", "bxor",
  "shl", "shr" }

-- What is in C, or takes its arguments from `...`: parameters, result, comment.
local PLAIN <const> = {
  copy_ = { "src: tocha.Tensor|number", TENSOR }, detach = { "", TENSOR, "off the tape" },
  dim = { "", "integer" }, element_size = { "", "integer", "bytes of an element" },
  is_contiguous = { "", "boolean" }, is_floating_point = { "", "boolean" },
  is_same_size = { "other: tocha.Tensor", "boolean" }, item = { "", "any", "number or boolean" },
  nelement = { "", "integer" }, numel = { "", "integer" },
  size = { "dim?: integer", "any", "all sizes, or one" }, storage_offset = { "", "integer" },
  stride = { "dim?: integer", "any", "all strides, or one" },
  to_bytes = { "", "string", "the bytes as they are in memory" },
  tolist = { "", "any", "the same as totable" },
  totable = { "", "any", "nested tables; a number for a 0-d tensor" },
}

-- A word of Lua, such as `repeat`, is assigned, and then names its tensor.
local function head_of(name)
  if types.safe(name) ~= name then return ("Tensor[%q] = function"):format(name), 1 end
  return "function Tensor:" .. name, 2
end

local function put_plain(name, row)
  page.comment { row[3] or "" }
  local names <const> = {}
  for parameter, kind in row[1]:gmatch "([%w_?]+):%s*([^,]+)" do
    put("---@param %s %s", parameter, kind)
    names[#names + 1] = parameter:gsub("%?", "")
  end
  put("---@return %s", row[2])
  put("%s(%s) end\n", head_of(name), table.concat(names, ", "))
end

local function put_documented(name, f)
  page.comment(doc.of(f, "x:" .. name).lines)
  put "---@return any ..."
  put("%s(%s) end\n", head_of(name), (doc.parameters(f):gsub("^[^,]*,?%s*", "")))
end

local function put_method(name, f)
  local base <const> = name:gsub("_$", "")
  local decl <const> = registry.of[f] or name ~= base and registry.decl[base] or nil
  if PLAIN[name] then return put_plain(name, PLAIN[name]) end
  if not decl then return put_documented(name, f) end
  local head <const>, first <const> = head_of(name)
  local returns <const> = name == decl.name and operations.returns(decl) or { TENSOR }
  operations.put(decl, head, first, returns)
end

local function put_class()
  put("---@class %s", TENSOR)
  for _, row in ipairs(FIELDS) do
    put("---@field %s %s%s", row[1], row[2], row[3] and " " .. row[3] or "")
  end
  for _, name in ipairs(BINARY) do
    put("---@operator %s(%s|number): %s", name, TENSOR, TENSOR)
  end
  for _, name in ipairs { "unm", "bnot" } do put("---@operator %s: %s", name, TENSOR) end
  put "---@operator len: integer"
  put "local Tensor = {}\n"
end

local function keys(t)
  local names <const> = {}
  for name in pairs(t) do names[#names + 1] = name end
  table.sort(names)
  return names
end

--- tensors(folder): writes the file.
return function(folder)
  page.begin "tocha.tensor"
  local dtypes <const> = keys(core.dtypes())
  put('---@alias tocha.dtype "%s"\n', table.concat(dtypes, '"|"'))
  put_class()
  operations.list()  -- all families are read, before the methods are listed
  for _, name in ipairs(keys(registry.methods)) do put_method(name, registry.methods[name]) end
  put "return Tensor"
  page.write(folder .. "/tensor.lua")
end
