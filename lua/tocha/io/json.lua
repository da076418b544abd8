-- A strict JSON reader and writer, for the headers of files from outside.
--
-- Objects become tables by key, arrays lists; null becomes json.null. Integers stay integers. Depth
-- is limited; a key given twice is an error. The writer sorts keys, so that equal tables give equal
-- text.

local json <const> = { null = setmetatable({}, { __tostring = function() return "null" end,
  __name = "json.null" }) }

local DEEPEST <const> = 64

local function fail(at, what) error({ json = ("at byte %d: %s"):format(at, what) }, 0) end

local function skip(text, at) return text:match("^[ \t\r\n]*()", at) end

-- ---- strings ------------------------------------------------------------------------------------

local ESCAPES <const> = {
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}

local function read_unicode(text, at)
  local high = text:match("^%x%x%x%x", at) or fail(at, "four hexadecimal digits expected")
  local code = tonumber(high, 16)
  if code < 0xD800 or code > 0xDFFF then return utf8.char(code), at + 4 end
  local low <const> = tonumber(text:match("^\\u([dD][c-fC-F]%x%x)", at + 4) or "", 16)
  if code > 0xDBFF or not low then fail(at, "half of a surrogate pair") end
  return utf8.char(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)), at + 10
end

local function read_escape(text, at)
  local c <const> = text:sub(at, at)
  if c == "u" then return read_unicode(text, at + 1) end
  return ESCAPES[c] or fail(at, "unknown escape"), at + 1
end

-- at: the byte after the opening quote
local function read_string(text, at)
  local parts, part = {}, nil
  while true do
    local plain <const>, stop <const> = text:match('^([^"\\%c]*)()', at)
    parts[#parts + 1] = plain
    local c <const> = text:sub(stop, stop)
    if c == '"' then return table.concat(parts), stop + 1 end
    if c == "\127" then
      part, at = c, stop + 1
    elseif c == "\\" then
      part, at = read_escape(text, stop + 1)
    else
      fail(stop, c == "" and "unfinished string" or "control character in a string")
    end
    parts[#parts + 1] = part
  end
end

-- ---- values -------------------------------------------------------------------------------------

local WORDS <const> = { ["true"] = true, ["false"] = false, null = json.null }

local function read_number(text, at)
  local whole <const>, stop <const> = text:match("^(%-?%d+)()", at)
  if not whole or whole:find "^%-?0%d" then fail(at, "not a value") end
  local rest = text:match("^%.%d+", stop) or ""
  rest = rest .. (text:match("^[eE][+-]?%d+", stop + #rest) or "")
  local value <const> = tonumber(whole .. rest)
  return value, stop + #rest
end

local read_value

local function read_array(text, at, depth)
  local list = {}
  at = skip(text, at)
  if text:sub(at, at) == "]" then return list, at + 1 end
  while true do
    list[#list + 1], at = read_value(text, at, depth)
    at = skip(text, at)
    local c <const> = text:sub(at, at)
    if c == "]" then return list, at + 1 end
    if c ~= "," then fail(at, "',' or ']' expected") end
    at = at + 1
  end
end

local function read_pair(text, at, depth, into)
  at = skip(text, at)
  if text:sub(at, at) ~= '"' then fail(at, "a key in quotes expected") end
  local key, after = read_string(text, at + 1)
  if into[key] ~= nil then fail(at, ("the key '%s' is given twice"):format(key)) end
  after = skip(text, after)
  if text:sub(after, after) ~= ":" then fail(after, "':' expected") end
  into[key], at = read_value(text, after + 1, depth)
  return skip(text, at)
end

local function read_object(text, at, depth)
  local object <const> = {}
  at = skip(text, at)
  if text:sub(at, at) == "}" then return object, at + 1 end
  while true do
    at = read_pair(text, at, depth, object)
    local c <const> = text:sub(at, at)
    if c == "}" then return object, at + 1 end
    if c ~= "," then fail(at, "',' or '}' expected") end
    at = at + 1
  end
end

function read_value(text, at, depth)
  if depth > DEEPEST then fail(at, "nested too deep") end
  at = skip(text, at)
  local c <const> = text:sub(at, at)
  if c == "{" then return read_object(text, at + 1, depth + 1) end
  if c == "[" then return read_array(text, at + 1, depth + 1) end
  if c == '"' then return read_string(text, at + 1) end
  local word <const> = text:match("^%l+", at)
  if word and WORDS[word] ~= nil then return WORDS[word], at + #word end
  return read_number(text, at)
end

--- json.decode(text): the value, or nil and what is wrong with the text.
function json.decode(text)
  if not utf8.len(text) then return nil, "the text is no UTF-8" end
  local ok, value, at = pcall(read_value, text, 1, 0)
  if not ok then
    if type(value) == "table" and value.json then return nil, value.json end
    error(value, 0)
  end
  at = skip(text, at)
  if at <= #text then return nil, ("at byte %d: text after the value"):format(at) end
  return value
end

-- ---- writing ------------------------------------------------------------------------------------

local function quote(text)
  if not utf8.len(text) then error(("%q is no UTF-8"):format(text), 0) end
  return '"' .. text:gsub('[%c"\\]', function(c)
    return c == '"' and '\\"' or c == "\\" and "\\\\" or ("\\u%04x"):format(c:byte())
  end) .. '"'
end

-- The fewest digits that read back as the same number.
local function shortest(value)
  for digits = 15, 17 do
    local text <const> = ("%." .. digits .. "g"):format(value)
    if tonumber(text) == value then return text end
  end
end

local function number_text(value)
  if math.type(value) == "integer" then return ("%d"):format(value) end
  if value ~= value or value == math.huge or value == -math.huge then
    error("JSON has no " .. tostring(value), 0)
  end
  local text <const> = shortest(value)
  return text:find "[.eE]" and text or text .. ".0"
end

local encode

local function object_text(value, depth)
  local keys, parts = {}, {}
  for key in pairs(value) do
    if type(key) ~= "string" then error("JSON keys are strings, not " .. type(key), 0) end
    keys[#keys + 1] = key
  end
  table.sort(keys)
  for k, key in ipairs(keys) do parts[k] = quote(key) .. ":" .. encode(value[key], depth) end
  return "{" .. table.concat(parts, ",") .. "}"
end

function encode(value, depth)
  if depth > DEEPEST then error("nested too deep", 0) end
  if value == json.null then return "null" end
  if type(value) == "string" then return quote(value) end
  if type(value) == "number" then return number_text(value) end
  if type(value) == "boolean" then return tostring(value) end
  if type(value) ~= "table" then error("JSON has no " .. type(value), 0) end
  if #value == 0 then return object_text(value, depth + 1) end
  local parts <const> = {}
  for k, each in ipairs(value) do parts[k] = encode(each, depth + 1) end
  return "[" .. table.concat(parts, ",") .. "]"
end

--- json.encode(value): lists become arrays, other tables (the empty one too) objects.
function json.encode(value) return encode(value, 0) end

return json
