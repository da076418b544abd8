-- The arguments of a sample as text (JSON, numbers exact), for PyTorch and for the fingerprint that
-- tells whether a golden value still belongs to the sample it was made from.

local tocha = require "tocha"

local arguments <const> = {}
local text_of

local function number(v)
  if math.type(v) == "integer" then return tostring(v) end
  if v ~= v then return "NaN" end
  if v == math.huge or v == -math.huge then return v > 0 and "Infinity" or "-Infinity" end
  local text <const> = ("%.17g"):format(v)
  return text:find "[.e]" and text or text .. ".0"
end

local function list(values, n)
  local parts <const> = {}
  for k = 1, n do parts[k] = text_of(values[k]) end
  return "[" .. table.concat(parts, ",") .. "]"
end

local function tensor(x)
  local flat <const> = x:reshape { -1 }:totable()
  return ('{"dtype":"%s","shape":%s,"data":%s}'):format(x.dtype, list(x.shape, x.ndim), list(flat,
  #flat))
end

local function options(t)
  local names, parts = {}, {}
  for name in pairs(t) do names[#names + 1] = name end
  table.sort(names)
  for k, name in ipairs(names) do parts[k] = ('"%s":%s'):format(name, text_of(t[name])) end
  return '{"options":{' .. table.concat(parts, ",") .. "}}"
end

function text_of(v)
  if v == nil then return "null" end
  if tocha.is_tensor(v) then return tensor(v) end
  if type(v) == "number" then return number(v) end
  if type(v) == "string" then return '"' .. v .. '"' end
  if type(v) ~= "table" then return tostring(v) end
  return type(next(v)) == "string" and options(v) or list(v, v.n or #v)
end

--- A list (with `n`) of arguments as JSON; tensors are objects {dtype, shape, data}, a
--- trailing table of options is {options: {...}}.
arguments.text = text_of

--- 16 hexadecimal digits that stand for the text.
function arguments.fingerprint(text)
  local h = #text
  text = text .. ("\0"):rep(-#text % 8)
  for at = 1, #text, 8 do
    h = (h ~ string.unpack("<i8", text, at)) * 0x100000001b3
    h = h ~ (h >> 29)
  end
  return ("%016x"):format(h)
end

return arguments
