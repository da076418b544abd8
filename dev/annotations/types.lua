-- Types for the annotations: of arguments by the registry's letters, by their defaults, by their
-- names.

local lexer = require "tocha.repl.lexer"

local types <const> = {}

types.TENSOR = "tocha.Tensor"

local OF_CODE <const> = {
  T = "tocha.Tensor", F = "tocha.Tensor", I = "tocha.Tensor", K = "tocha.Tensor",
  L = "tocha.Tensor[]", o = "tocha.Tensor|number", n = "number", i = "integer", b = "boolean",
  s = "string", d = "integer", D = "integer|integer[]", l = "integer|integer[]",
  S = "integer|integer[]", y = "tocha.dtype", a = "any",
}

--- types.of_code(letter): the type of an operation's argument.
function types.of_code(code) return OF_CODE[code] or "any" end

local OF_NAME <const> = {
  { "^dtype$", "tocha.dtype" }, { "^device$", "string" }, { "^n$", "integer" },
  { "^in_", "integer" }, { "^out_", "integer" }, { "^num_", "integer" }, { "_dim$", "integer" },
  { "_size$", "integer|integer[]" }, { "^stride", "integer|integer[]" },
  { "^padding$", "integer|integer[]|string" }, { "^dilation", "integer|integer[]" },
  { "^x$", "tocha.Tensor" }, { "^input$", "tocha.Tensor" }, { "^target$", "tocha.Tensor" },
  { "^params$", "table" }, { "^path$", "string" }, { "^name$", "string" }, { "^f$", "function" },
  { "^options$", "table" },
}

--- types.of_name(name): what an argument of this name is everywhere; "any" where that says nothing.
function types.of_name(name)
  for _, row in ipairs(OF_NAME) do
    if name:find(row[1]) then return row[2] end
  end
  return "any"
end

--- types.of_default(name, value): by the default, else by the name.
function types.of_default(name, value)
  local by_name <const> = types.of_name(name)
  if by_name ~= "any" then return by_name end
  if value == nil or type(value) == "table" then return "any" end
  return type(value)
end

--- types.of_value(value): of a result.
function types.of_value(value)
  if require "tocha.core".is_tensor(value) then return types.TENSOR end
  if type(value) == "table" then
    return value[1] ~= nil and types.of_value(value[1]) .. "[]" or "table"
  end
  return math.type(value) == "integer" and "integer" or type(value)
end

--- types.safe(name): a parameter's name that is no word of Lua.
function types.safe(name) return lexer.keywords[name] and name .. "_" or name end

--- types.key(name): the name as a key of a table type.
function types.key(name) return lexer.keywords[name] and ("[%q]"):format(name) or name end

local RETURNS <const> = {
  tensor = types.TENSOR, from_bytes = types.TENSOR, Parameter = types.TENSOR,
  parameters = types.TENSOR .. "[]", buffers = types.TENSOR .. "[]",
  modules = "tocha.nn.Module[]", children = "tocha.nn.Module[]",
  state_dict = "table<string, any>", num_parameters = "integer", get_num_threads = "integer",
  clock = "number", simd = "string", memory = "table<string, integer>",
}

--- types.of_result(name): what a function of this name gives; any number of anything where that is
--- not known.
function types.of_result(name)
  return RETURNS[name] or name:find "^is_" and "boolean" or "any ..."
end

return types
