-- Words about declarations, for `help` and docs/ops.md: signature, formula, gradient, an example.

local registry = require "tocha.op"

local describe <const> = {}

describe.signature = registry.signature

local TYPE <const> = {
  T = "tensor", F = "floating tensor", I = "integer tensor", K = "bool tensor",
  L = "list of tensors",
  o = "tensor or number", n = "number", i = "integer", b = "boolean", s = "string",
  d = "dimension", D = "dimension(s)", l = "integer(s)", S = "sizes", y = "dtype", a = "any",
}

--- A line for each argument: name, type, default.
function describe.arguments(decl)
  local lines <const> = {}
  for k, p in ipairs(decl.params) do
    local default = p.default and ", " .. p.default .. " by default" or p.optional and ", optional"
      or ""
    lines[k] = ("%s: %s%s"):format(p.name, TYPE[p.code], default)
  end
  return lines
end

-- ---- elementwise formulas -----------------------------------------------------------------------

-- The operands' letters become the arguments' names; K(0.5) becomes 0.5; macros become lower case.
local function readable(decl, text)
  local names <const> = { y = "y", g = "g" }
  for k, letter in ipairs { "a", "b", "c" } do
    if k <= decl.inputs then names[letter] = decl.params[k].name end
  end
  for k, letter in ipairs { "p", "q", "r" } do
    local param = decl.params[decl.inputs + k]
    if param then names[letter] = param.name end
  end
  text = text:gsub("K%((%-?[%w.+-]+)%)", "%1"):gsub("%f[%w_](%u[%u%d_]+)%f[%W]", string.lower)
  return (text:gsub("%f[%w_](%a)%f[^%w_]", names))
end

--- "y = tanh(input)", or nil for an operation that has no formula.
function describe.formula(decl)
  return decl.formula and "y = " .. readable(decl, decl.formula)
end

--- A line for each gradient of an elementwise operation.
function describe.gradients(decl)
  local lines <const> = {}
  local written <const> = decl.pointwise and decl.own_grad and decl.grads and decl.grad_texts or {}
  for k, text in ipairs(written) do
    if text ~= "NONE" then
      lines[#lines + 1] = ("d %s = %s"):format(decl.params[k].name, readable(decl, text))
    end
  end
  return lines
end

--- How the gradient of an operation comes about: "formula", "own", "definition", "none".
function describe.gradient_kind(decl)
  if decl.grad == false or decl.class == "COMPARE" or decl.class == "BITS" then return "none" end
  if decl.pointwise then return decl.own_grad and "formula" or "none" end
  if decl.grad then return "own" end
  return decl.ref and "definition" or "none"
end

-- ---- examples -----------------------------------------------------------------------------------

local function list(items)
  local parts <const> = {}
  for k, v in ipairs(items) do parts[k] = tostring(v) end
  return table.concat(parts, ", ")
end

local function options_text(value)
  local parts <const> = {}
  for k, v in pairs(value) do
    parts[#parts + 1] = k .. " = " .. (type(v) == "string" and ("%q"):format(v) or tostring(v))
  end
  table.sort(parts)
  return "{" .. table.concat(parts, ", ") .. "}"
end

-- Sizes in a call: "3, 4"; "{}" for a tensor without dimensions.
local function sizes(shape) return #shape > 0 and list(shape) or "{}" end

local NUMBER <const> = { ["nan"] = "0/0", ["-nan"] = "0/0", ["inf"] = "math.huge",
  ["-inf"] = "-math.huge" }

-- Nested tables as Lua text.
local function literal(data)
  if type(data) ~= "table" then return NUMBER[tostring(data)] or tostring(data) end
  local parts <const> = {}
  for k, each in ipairs(data) do parts[k] = literal(each) end
  return "{" .. table.concat(parts, ", ") .. "}"
end

local function spd_text(s)
  local n <const> = s.shape[#s.shape]
  local text <const> = ("tocha.eye(%d):add(0.5)"):format(n)
  return #s.shape > 2 and ("%s:expand(%s)"):format(text, list(s.shape)) or text
end

local TEXT <const> = {
  ids = function(s) return ("tocha.randint(1, %d, {%s})"):format(s.max, list(s.shape)) end,
  mask = function(s) return ("tocha.rand(%s):gt(0.5)"):format(sizes(s.shape)) end,
  above_one = function(s) return ("tocha.rand(%s):add(1)"):format(sizes(s.shape)) end,
  spd = spd_text,
  list = function(s) return "{" .. list(s.list) .. "}" end,
  value = function(s)
    local dtype <const> = s.dtype and (", %q"):format(s.dtype) or ""
    return ("tocha.tensor(%s%s)"):format(literal(s.data), dtype)
  end,
  tensors = function(s)
    local parts <const> = {}
    for k, each in ipairs(s.list) do parts[k] = describe.value(each) end
    return "{" .. table.concat(parts, ", ") .. "}"
  end,
}

--- Lua text for one argument of a sample.
function describe.value(value)
  if type(value) == "string" then return ("%q"):format(value) end
  if type(value) ~= "table" then return NUMBER[tostring(value)] or tostring(value) end
  if value.kind then
    local text = TEXT[value.kind]
    return text and text(value) or ("tocha.rand(%s)"):format(sizes(value.shape))
  end
  if #value == 0 and next(value) then return options_text(value) end
  return ("tocha.randn(%s)"):format(sizes(value))
end

local function elementwise_arguments(decl)
  local args <const> = {}
  local operand <const> = decl.class == "BITS" and "tocha.randint(1, 7, {3, 4})"
    or "tocha.randn(3, 4)"
  for k, param in ipairs(decl.params) do
    if k == 1 and decl.class == "SELECT" then args[k] = "tocha.rand(3, 4):gt(0.5)"
    elseif k <= decl.inputs then args[k] = operand
    elseif not param.optional then args[k] = "1" end
  end
  return args
end

local function example_arguments(decl)
  local sample <const> = (decl.sample or {})[1] or (decl.nograd_sample or {})[1]
  if not sample then return decl.pointwise and elementwise_arguments(decl) or {} end
  local args <const> = {}
  for k = 1, #sample do args[k] = describe.value(sample[k]) end
  return args
end

--- A call with the first sample: "tocha.softmax(tocha.randn(3, 4))". nil for an operation that
--- users do not see.
function describe.example(decl)
  local name <const>, args <const> = decl.name, example_arguments(decl)
  local rest <const> = table.concat(args, ", ", 2)
  if decl.func ~= false then return ("tocha.%s(%s)"):format(name, table.concat(args, ", ")) end
  if decl.method == false then return nil end
  if load("return x." .. name) then return ("%s:%s(%s)"):format(args[1], name, rest) end
  return ("x = %s; x[%q](x, %s)"):format(args[1], name, rest)  -- a word of Lua
end

--- The whole page of an operation, as lines.
function describe.page(decl)
  local lines <const> = { describe.signature(decl), "", "  " .. (decl.doc or "") }
  for _, line in ipairs(describe.arguments(decl)) do lines[#lines + 1] = "  " .. line end
  local formula <const> = describe.formula(decl)
  if formula then lines[#lines + 1] = "  " .. formula end
  for _, line in ipairs(describe.gradients(decl)) do lines[#lines + 1] = "  " .. line end
  local example <const> = describe.example(decl)
  if example then table.move({ "", "  > " .. example }, 1, 2, #lines + 1, lines) end
  return lines
end

return describe
