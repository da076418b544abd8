-- Constructor arguments of layers and optimisers: one line of text says names, order and defaults.
--
--     signature.read("inputs, outputs, bias = true", "Linear", self, 3, 4, {bias = false})
--
-- sets self.inputs = 3, self.outputs = 4, self.bias = false. Values come by place, or by
-- name in one trailing options table (a plain table whose keys are strings; a list is a value).

local core = require "tocha.core"

local signature <const> = {}
local parsed <const> = {}  -- text -> { names, at, defaults }

local function parse_part(sig, part)
  local name <const>, default <const> = part:match "^%s*([%w_]+)%s*=?%s*(.-)%s*$"
  local k <const> = #sig.names + 1
  sig.names[k], sig.at[name] = name, k
  if default == "" then sig.required[k] = true
  else sig.defaults[k] = load("return " .. default:gsub(";", ","), "=default", "t", {})() end
end

--- signature.parse(text): { names = list, at = name -> place, required = set, defaults = by place }
function signature.parse(text)
  if not parsed[text] then
    local sig <const> = { names = {}, at = {}, required = {}, defaults = {} }
    local flat <const> = text:gsub("%b{}", function(list) return (list:gsub(",", ";")) end)
    for part in flat:gmatch "[^,]+" do parse_part(sig, part) end
    parsed[text] = sig
  end
  return parsed[text]
end

--- Is it a table of options (perhaps none), and not a list, a tensor or an object?
function signature.is_options(value)
  if type(value) ~= "table" or getmetatable(value) then return false end
  local key <const> = next(value)
  return key == nil or type(key) == "string"
end

local function unknown(who, sig, name)
  core.fail(who, nil, "unknown option '%s' (there are: %s)", tostring(name),
    table.concat(sig.names, ", "))
end

local function spread(who, sig, values, options)
  for name, value in pairs(options) do
    local k <const> = sig.at[name] or unknown(who, sig, name)
    if values[k] ~= nil then core.fail(who, k, "'%s' is given twice", name) end
    values[k] = value
  end
end

local function copy(value)
  if type(value) ~= "table" or getmetatable(value) then return value end
  return table.move(value, 1, #value, 1, {})
end

local function settle(who, sig, values, k, optional)
  local default <const> = sig.defaults[k]
  if values[k] == nil then
    if sig.required[k] and not optional then
      core.fail(who, k, "'%s' is missing", sig.names[k])
    end
    return copy(default)
  end
  if type(default) == "boolean" and type(values[k]) ~= "boolean" then
    core.fail(who, k, "'%s': expected true or false, got %s", sig.names[k], type(values[k]))
  end
  return values[k]
end

-- Is the first argument left out: exactly `short` are given by place, and not by name as well?
local function leaves_out_first(sig, n, short, options)
  if n ~= short or (options and options[sig.names[1]] ~= nil) then return false end
  for k = 2, short + 1 do
    if options and options[sig.names[k]] ~= nil then return false end
  end
  return true
end

--- signature.read(text, who, target, ...): sets the fields of `target`. With
--- signature.read_short(short, ...) the first argument may be nil, and is so when exactly `short`
--- values are given by place.
function signature.read_short(short, text, who, target, ...)
  local sig <const> = signature.parse(text)
  local values <const>, n = { ... }, select("#", ...)
  local options
  if n > 0 and signature.is_options(values[n]) then
    options, values[n], n = values[n], nil, n - 1
  end
  if short and leaves_out_first(sig, n, short, options) then
    table.move(values, 1, n, 2)
    values[1], n = nil, n + 1
  end
  if n > #sig.names then
    core.fail(who, nil, "takes at most %d arguments, got %d", #sig.names, n)
  end
  if options then spread(who, sig, values, options) end
  for k, name in ipairs(sig.names) do
    target[name] = settle(who, sig, values, k, short and k == 1)
  end
end

function signature.read(text, who, target, ...)
  signature.read_short(nil, text, who, target, ...)
end

-- ---- back to text -------------------------------------------------------------------------------

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  if #a ~= #b then return false end
  for k = 1, #a do
    if a[k] ~= b[k] then return false end
  end
  return true
end

--- A value as one would write it in Lua.
function signature.text(value)
  if type(value) == "string" then return ("%q"):format(value) end
  if math.type(value) == "float" then return ("%.6g"):format(value) end
  if core.is_tensor(value) then return "tensor(" .. table.concat(value.shape, ", ") .. ")" end
  if type(value) ~= "table" or getmetatable(value) then return tostring(value) end
  local parts <const> = {}
  for k, each in ipairs(value) do parts[k] = signature.text(each) end
  return "{" .. table.concat(parts, ", ") .. "}"
end

--- The arguments that would make `object` again: required ones by place, others where not default.
--- What a tensor has replaced, or a method hides, is in `args`.
function signature.show(text, object, args)
  local sig <const> = signature.parse(text)
  local parts, options = {}, {}
  for k, name in ipairs(sig.names) do
    local value = object[name]
    local hidden <const> = value == nil or core.is_tensor(value) or type(value) == "function"
    if hidden then value = args[name] end
    if sig.required[k] then
      if value ~= nil then parts[#parts + 1] = signature.text(value) end
    elseif not same(value, sig.defaults[k]) then
      options[#options + 1] = name .. " = " .. signature.text(value)
    end
  end
  if #options > 0 then parts[#parts + 1] = "{" .. table.concat(options, ", ") .. "}" end
  return table.concat(parts, ", ")
end

return signature
