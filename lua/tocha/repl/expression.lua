-- What an expression stands for, found without running it: names and fields are looked up, calls of
-- operations give tensors, calls of classes give objects of them.
--
-- Works on the tokens of lexer.lua, backwards from a place in them.

local core = require "tocha.core"
local doc = require "tocha.doc"
local registry = require "tocha.op"
local fields = require "tocha.repl.fields"

local expression <const> = {}

local CLOSES <const> = { [")"] = "(", ["]"] = "[", ["}"] = "{" }
local OPENS <const> = { ["("] = true, ["["] = true, ["{"] = true }
expression.opens = OPENS

-- The place of the bracket that the one at k closes.
local function opening(tokens, k)
  local depth = 0
  for j = k, 1, -1 do
    local text <const> = tokens[j].kind == "symbol" and tokens[j].text
    if CLOSES[text] then depth = depth + 1 end
    if OPENS[text] then depth = depth - 1 end
    if depth == 0 then return j end
  end
end

local function literal(token)
  if token.kind == "number" then return tonumber(token.text) end
  if token.kind ~= "string" then return nil end
  local f <const> = load("return " .. token.text, "=literal", "t", {})
  return f and f()
end

local function is_tensor(what) return what.tensor or core.is_tensor(what.value) end

local function field_of(what, name)
  local value
  if not what then return nil
  elseif what.tensor then value = registry.methods[name]
  elseif type(what.value) == "string" then value = string[name]
  else value = fields.get(what.class or what.value, name) end
  return value ~= nil and { value = value } or nil
end

-- What a call of it gives.
local function called(what)
  local f <const> = what and what.value
  if registry.of[f] then return { tensor = true } end
  if doc.is_class(f) then return { class = f } end
  return nil
end

local ENDS <const> = { [")"] = true, ["]"] = true, ["}"] = true }

-- What ends in ")" or "}" at k: a call, or an expression in parentheses.
local function bracketed(tokens, k)
  local open <const> = opening(tokens, k)
  local before <const> = open and tokens[open - 1]
  if before and (before.kind == "name" or ENDS[before.text]) then
    return called(expression.before(tokens, open - 1))
  end
  return open and tokens[k].text == ")" and expression.before(tokens, k - 1) or nil
end

-- What ends in "]" at k: an element that a literal key names, or part of a tensor.
local function indexed(tokens, k)
  local open <const> = opening(tokens, k)
  local what <const> = open and expression.before(tokens, open - 1)
  if not what then return nil end
  if is_tensor(what) then return { tensor = true } end
  local key <const> = open == k - 2 and literal(tokens[k - 1])
  local value <const> = key and type(what.value) == "table" and rawget(what.value, key)
  return value and { value = value } or nil
end

--- expression.before(tokens, k): what ends at token k: { value = }, { tensor = true }, { class = }
--- or nil.
function expression.before(tokens, k)
  local token <const> = tokens[k]
  if not token then return nil end
  if token.kind == "string" then return { value = "" } end
  if token.text == ")" or token.text == "}" then return bracketed(tokens, k) end
  if token.text == "]" then return indexed(tokens, k) end
  if token.kind ~= "name" then return nil end
  local before <const> = tokens[k - 1]
  if before and (before.text == "." or before.text == ":") then
    return field_of(expression.before(tokens, k - 2), token.text)
  end
  local value <const> = rawget(_G, token.text)
  return value ~= nil and { value = value } or nil
end

--- expression.open(tokens): the place of the innermost bracket that is open at the end; nil.
function expression.open(tokens)
  local stack <const> = {}
  for k, token in ipairs(tokens) do
    local text <const> = token.kind == "symbol" and token.text
    if OPENS[text] then stack[#stack + 1] = k end
    if CLOSES[text] then stack[#stack] = nil end
  end
  return stack[#stack], stack[#stack - 1]
end

return expression
