-- Operations as functions and as methods: two forms each, everything by place, or what may be left
-- out in a table of options.

local registry = require "tocha.op"
local first_call = require "first_call"
local page = require "annotations.page"
local types = require "annotations.types"

local put <const> = page.put
local operations <const> = {}

-- The types of the results, found by calling it.
local function returns_of(decl)
  local results <const> = table.pack(first_call(decl, "float32"))
  local list <const> = {}
  for k = 2, results[1] and results.n or 1 do list[#list + 1] = types.of_value(results[k]) end
  return #list > 0 and list or { types.TENSOR }
end

local known <const> = {}

--- operations.returns(decl): the types of its results.
function operations.returns(decl)
  known[decl] = known[decl] or returns_of(decl)
  return known[decl]
end

--- operations.list(): the declarations by name.
function operations.list()
  local list <const> = { table.unpack(registry.list) }
  table.sort(list, function(a, b) return a.name < b.name end)
  return list
end

-- "{dim?: integer, dtype?: tocha.dtype}": those that may be left out.
local function options_type(params, first)
  local parts <const> = {}
  for k = first, #params do
    local p <const> = params[k]
    if p.optional then
      parts[#parts + 1] = ("%s?: %s"):format(types.key(p.name), types.of_code(p.code))
    end
  end
  return #parts > 0 and "{" .. table.concat(parts, ", ") .. "}" or nil
end

-- The arguments up to `last` by place, the rest in a table.
local function put_option_form(params, first, last, returns)
  local options <const> = options_type(params, last + 1)
  if not options then return end
  local parts <const> = { first == 2 and "self: " .. types.TENSOR or nil }
  for k = first, last do
    parts[#parts + 1] = types.safe(params[k].name) .. ": " .. types.of_code(params[k].code)
  end
  parts[#parts + 1] = "options: " .. options
  put("---@overload fun(%s): %s", table.concat(parts, ", "), table.concat(returns, ", "))
end

local FORMS <const> = 3  -- with none, one or two of the optional arguments by place

local function put_option_forms(params, first, returns)
  local last = first - 1
  while params[last + 1] and not params[last + 1].optional do last = last + 1 end
  for k = last, math.min(last + FORMS, #params) - 1 do
    put_option_form(params, first, k, returns)
  end
end

-- Sizes may come one by one: whatever follows has to be named.
local function put_params(params, first)
  local names <const> = {}
  for k = first, #params do
    local p <const> = params[k]
    names[#names + 1] = types.safe(p.name)
    put("---@param %s%s %s%s", types.safe(p.name), p.optional and "?" or "", types.of_code(p.code),
      p.default and " " .. p.default .. " by default" or "")
    if p.code == "S" then
      put "---@param ... any"
      names[#names + 1] = "..."
      break
    end
  end
  return table.concat(names, ", ")
end

--- operations.put(decl, head, first, returns): `head` is all before the parameters, of which
--- `first` is the first that is named.
function operations.put(decl, head, first, returns)
  page.comment { decl.doc or "" }
  local names <const> = put_params(decl.params, first)
  for _, kind in ipairs(returns) do put("---@return %s", kind) end
  put_option_forms(decl.params, first, returns)
  put("%s(%s) end\n", head, names)
end

return operations
