-- The registry: every operation, declared once. Functions, methods, in-place forms, documentation,
-- tests and the support table are loops over `registry.list`.
--
-- `op "name" {...}` declares; docs/architecture.md says what the fields mean. What a declaration
-- lacks (a doc line, a sample, a kernel) is reported by `registry.problems()`, which a test runs:
-- loading stays quick.

local core = require "tocha.core"
local formula = require "tocha.formula"

local registry <const> = {
  decl = {},    -- name -> declaration
  ops = {},     -- name -> function
  of = {},      -- function -> declaration
  defaults = {},  -- name -> its arguments' defaults, by place
  methods = core.methods,
  rule = require "tocha.rule",
  samples = require "tocha.samples",
}
local ops <const> = registry.ops
local list <const> = {}  -- the declarations, in order: `registry.list`

-- ---- the text of an argument list ---------------------------------------------------------------

local CODE <const> = {
  tensor = "T", float = "F", index = "I", mask = "K", tensors = "L", operand = "o", number = "n",
  int = "i", bool = "b", string = "s", dim = "d", dims = "D", ints = "l", shape = "S", dtype = "y",
  any = "a",
}

local LITERAL <const> = { ["true"] = true, ["false"] = false, inf = math.huge }

local function literal(text)
  if LITERAL[text] ~= nil then return LITERAL[text] end
  return tonumber(text) or assert(load("return " .. text, "default", "t", {}))()
end

-- "dim: dim = -1" -> { name = "dim", code = "d", optional = true }, -1
local function parse_arg(text)
  local name, kind, question, rest = text:match "^%s*([%w_]+)%s*:%s*(%a+)(%??)%s*(.-)%s*$"
  local code = CODE[kind or "tensor"]
  if not name then name, code, question, rest = text:match "^%s*([%w_]+)%s*$", "T", "", "" end
  assert(name and code, "cannot read the argument '" .. text .. "'")
  local default = rest:match "^=%s*(.+)$"
  local value
  if default and default ~= "nil" then value = literal(default) end
  return { name = name, code = code, optional = question == "?" or default ~= nil,
    default = default }, value
end

-- Commas inside braces or quotes do not part arguments.
local function split_args(text)
  local parts, depth, start, quoted = {}, 0, 1, false
  for at, c in text:gmatch '()([{},"])' do
    if c == '"' then quoted = not quoted
    elseif not quoted and c == "{" then depth = depth + 1
    elseif not quoted and c == "}" then depth = depth - 1
    elseif not quoted and depth == 0 then
      parts[#parts + 1] = text:sub(start, at - 1)
      start = at + 1
    end
  end
  if text:sub(start):find "%S" then parts[#parts + 1] = text:sub(start) end
  return parts
end

local function parse_args(text)
  local params, defaults = {}, {}
  for k, part in ipairs(split_args(text)) do params[k], defaults[k] = parse_arg(part) end
  return params, defaults
end

-- ---- gradients ----------------------------------------------------------------------------------

local SAVES_OUT <const> = 1 << 31

local function position(decl, name)
  for k, param in ipairs(decl.params) do
    if param.name == name then return k end
  end
  error(("%s: there is no argument '%s'"):format(decl.name, name))
end

local function saves_bits(decl)
  if not decl.saves then return 0xFFFFFFFF end
  local bits = 0
  for name in decl.saves:gmatch "%S+" do
    bits = bits | (name == "y" and SAVES_OUT or 1 << position(decl, name) - 1)
  end
  return bits
end

-- "matmul(g, weight)" -> "matmul", { 0, 3 }: where its arguments are among g, y and those of the
-- operation.
local function read_call(decl, text)
  local name <const>, args <const> = text:match "^([%w_]+)%((.*)%)$"
  local places <const> = {}
  for word in args:gmatch "[%w_]+" do
    places[#places + 1] = word == "g" and 0 or word == "y" and 1 or 1 + position(decl, word)
  end
  return name, places
end

-- The call as a function of g, y and the arguments.
local function call_function(decl, text)
  local name, places
  return function(...)
    if not name then name, places = read_call(decl, text) end
    local given <const>, picked <const> = { ... }, {}
    for k, place in ipairs(places) do picked[k] = given[1 + place] end
    return ops[name](table.unpack(picked, 1, #places))
  end
end

--- The gradient decl.calls[k] as the sweep takes it; kept in its place.
function registry.read_call(decl, k)
  local name <const>, places <const> = read_call(decl, decl.calls[k])
  decl.calls[k] = core.gradient(ops[name], places)
  return decl.calls[k]
end

local function set_gradient(decl)
  decl.saves_bits = saves_bits(decl)
  if type(decl.grad) == "table" then
    decl.grads, decl.calls, decl.ignores_result = {}, {}, true
    for name, f in pairs(decl.grad) do
      local k <const> = position(decl, name)
      if type(f) ~= "string" or f:find "%f[%w_]y%f[^%w_]" then decl.ignores_result = false end
      if type(f) == "string" then decl.calls[k], f = f, call_function(decl, f) end
      decl.grads[k] = f
    end
  elseif type(decl.grad) == "function" then
    decl.joint = decl.grad
  end
end

-- ---- what runs ----------------------------------------------------------------------------------

local function kernel_of(decl)
  local name <const> = decl.kernel
  return core.kernel[name] or function()
    core.fail(decl.name, nil, "kernel '%s' is not in this build", name)
  end
end

local function runs_kernel(decl)
  local kernel <const>, shape <const>, empty <const> = kernel_of(decl), decl.shape, core.empty
  if (decl.outputs or 1) == 1 then
    return function(x, ...)
      local like, dtype = shape(x, ...)
      local y = empty(like, dtype, x)
      kernel(y, x, ...)
      return y
    end
  end
  return function(x, ...)
    local like, dtype, like2, dtype2 = shape(x, ...)
    local y, z = empty(like, dtype, x), empty(like2, dtype2, x)
    kernel(y, z, x, ...)
    return y, z
  end
end

-- ---- forms --------------------------------------------------------------------------------------

local function publish(decl, f)
  local name <const> = decl.name
  ops[name], registry.of[f] = f, decl
  if decl.method ~= false then registry.methods[name] = f end
end

local function enter(decl)
  assert(not rawget(registry.decl, decl.name),
    "the operation '" .. decl.name .. "' is declared twice")
  registry.decl[decl.name] = decl
  list[#list + 1] = decl
end

local function inplace_form(decl, f)
  local copy
  registry.methods[decl.name .. "_"] = function(x, ...)
    copy = copy or registry.methods.copy_
    return copy(x, (f(x, ...)))
  end
end

local function declare(decl)
  local defaults
  decl.params, defaults = parse_args(decl.args)
  decl.nargs = #decl.params
  for _, param in ipairs(decl.params) do decl.has_lists = decl.has_lists or param.code == "L" end
  if decl.view then
    decl.kind, decl.id = "view", core.views[decl.view]
  else
    decl.kind = "function"
  end
  local own <const> = decl.kernel or decl.run or decl.view
  decl.own_grad = own ~= nil and decl.grad ~= false and (decl.grad or decl.ref) ~= nil
  if decl.own_grad then set_gradient(decl) end
  enter(decl)
  registry.defaults[decl.name] = defaults
  local run <const> = decl.run or decl.kernel and runs_kernel(decl) or decl.ref
  local f <const> = core.op(decl, run, defaults)
  publish(decl, f)
  if decl.inplace then inplace_form(decl, f) end
end

--- Declares an operation: `op "softmax" { args = "...", ... }`.
function registry.op(name)
  return function(decl)
    decl.name = name
    declare(decl)
  end
end

-- ---- elementwise operations, from csrc/pointwise.def --------------------------------------------

-- For the gradient of each operand: what its formula mentions.
local function pointwise_saves(row)
  local masks <const> = {}
  for j, text in ipairs(row.grads) do
    local bits = formula.mentions(text, "y") and SAVES_OUT or 0
    for k, letter in ipairs { "a", "b", "c" } do
      if formula.mentions(text, letter) then bits = bits | 1 << k - 1 end
    end
    masks[j] = bits
  end
  return masks
end

-- The operands whose gradient is that of the result, as it is.
local function identities(row)
  local bits = 0
  for k, text in ipairs(row.grads) do
    if text == "g" then bits = bits | 1 << k - 1 end
  end
  return bits
end

local function has_gradient(row)
  for _, text in ipairs(row.grads) do
    if text ~= "NONE" then return true end
  end
  return false
end

local function copy_row(row, changes)
  local copy <const> = {}
  for k, v in pairs(row) do copy[k] = v end
  for k, v in pairs(changes) do copy[k] = v end
  return copy
end

local function declare_row(row)
  local params <const>, defaults <const> = parse_args(row.args)
  local decl <const> = copy_row(row, {
    kind = "pointwise", params = params, nargs = #params, saves_for = pointwise_saves(row),
    grad_texts = row.grads, identities = identities(row),
    own_grad = has_gradient(row) and row.class ~= "COMPARE", pointwise = true,
  })
  decl.grads = require "tocha.derivative".of(decl, ops)
  if row.name ~= "copy" then
    enter(decl)
    publish(decl, core.op(decl, nil, defaults))
  end
  local in_place <const> = copy_row(decl, { name = row.name .. "_", kind = "inplace" })
  registry.methods[in_place.name] = core.op(in_place, nil, defaults)
end

--- Declares all rows of csrc/pointwise.def.
function registry.pointwise()
  for _, row in ipairs(core.pointwise()) do declare_row(row) end
end

-- ---- families that are loaded when they are needed ----------------------------------------------

--- registry.later(load, load_for): declarations that `load` makes when all are asked for, or a name
--- that `load_for(name)` did not find. Most of the time to start goes into reading declarations.
function registry.later(load, load_for)
  local places <const> = { registry.ops, registry.decl, registry.methods }
  local function all()
    for _, place in ipairs(places) do setmetatable(place, nil) end
    setmetatable(registry, { __index = { list = list } })
    load()
  end
  local function look(place, name)
    load_for(name)
    local found <const> = rawget(place, name)
    if found ~= nil then return found end
    all()
    return place[name]
  end
  for _, place in ipairs(places) do setmetatable(place, { __index = look }) end
  setmetatable(registry, { __index = function(_, key)
    if key ~= "list" then return nil end
    all()
    return list
  end })
end

-- ---- for declarations ---------------------------------------------------------------------------

local KINDS <const> = core.dtypes()

--- The floating dtype that results from a dtype: float32 for integers and bool.
function registry.float_of(dtype)
  return KINDS[dtype] == "float" and dtype or "float32"
end

--- Is the dtype "bool", "int" or "float"?
function registry.kind_of(dtype) return KINDS[dtype] end

--- "softmax(input: float, dim: dim = -1)"
function registry.signature(decl)
  local parts <const> = {}
  for k, p in ipairs(decl.params) do
    parts[k] = p.name .. (p.default and " = " .. p.default or p.optional and "?" or "")
  end
  return ("%s(%s)"):format(decl.name, table.concat(parts, ", "))
end

-- Kernels of devices with a library for them; who calls them asks for it first.
local WITHOUT_CPU <const> = { rnn_stack = true, rnn_stack_backward = true }

--- What declarations lack: a list of sentences, empty when all is well.
function registry.problems()
  local found <const>, kernels <const> = {}, core.kernels()
  local function complain(decl, what) found[#found + 1] = decl.name .. ": " .. what end
  for _, decl in ipairs(registry.list) do
    if not decl.doc then complain(decl, "no doc") end
    if not decl.pointwise and not decl.sample then complain(decl, "no sample") end
    if decl.kernel and not (kernels[decl.kernel] or {}).cpu then complain(decl, "no CPU kernel") end
    if not (decl.pointwise or decl.view or decl.kernel or decl.run or decl.ref) then
      complain(decl, "nothing to run")
    end
  end
  for name, k in pairs(kernels) do
    if not k.cpu and not WITHOUT_CPU[name] then
      found[#found + 1] = "kernel " .. name .. ": no CPU function"
    end
  end
  return found
end

return registry
