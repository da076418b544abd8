-- What PyTorch computed for a layer, checked: shared by nn_spec.lua (golden/model.lua) and
-- nn_layers_spec.lua (golden/layers.lua). Weights and inputs come from a formula that both sides
-- know (golden/formula.lua); of each result only a checksum is stored.

local tocha = require "tocha"
local formula = require "spec.golden.formula"

local nn <const> = tocha.nn
local fill <const>, checksum <const>, weights <const> = formula.fill, formula.checksum,
  formula.weights
local case <const> = {}

-- ---- inputs: the little language of make_input in golden/model.py -------------------------------

local MAKE <const> = {
  float = function(j, shape) return fill(shape, j):requires_grad_() end,
  prob = function(j, shape) return (fill(shape, j) * 0.4 + 0.5):detach():requires_grad_() end,
  ids = function(_, most, shape)
    local n = 1
    for _, size in ipairs(shape) do n = n * size end
    return ((tocha.arange(0, n - 1) * 7):remainder(most) + 1):to("int64"):reshape(shape)
  end,
  sign = function(j, shape) return tocha.where(fill(shape, j):lt(0), -1.0, 1.0):to "float64" end,
  target = function(j, shape) return fill(shape, j) end,
  target_prob = function(j, shape) return fill(shape, j) * 0.4 + 0.5 end,
  log_softmax = function(j, shape)
    return fill(shape, j):log_softmax(-1):detach():requires_grad_()
  end,
  value = function(_, list)
    local x <const> = tocha.tensor(list)
    return x:is_floating_point() and tocha.tensor(list, { dtype = "float64" }) or x
  end,
}

local function make_input(spec, j, device)
  local x <const> = MAKE[spec[1]](j, table.unpack(spec, 2))
  return x:detach():to(device):requires_grad_(x.requires_grad)
end

-- ---- modules ------------------------------------------------------------------------------------

-- All outputs in a row; indices too.
local Joined <const> = nn.Module:extend "Joined"
function Joined:new(module) self.module = module end
function Joined:forward(...)
  local parts <const> = {}
  for _, y in ipairs { self.module(...) } do parts[#parts + 1] = y:to("float64"):reshape { -1 } end
  return tocha.cat(parts)
end

-- Buffers of floats filled with positive numbers; those of spectral norms have the length 1.
local function filled(module)
  local j = 0
  for name, b in module:double():named_buffers() do
    if b:is_floating_point() then
      j = j + 1
      local values = fill(b.shape, j) * 0.4 + 0.5
      if name:find "_[uv]$" then values = values / values:norm() end
      b:copy_(values)
    end
  end
  return module
end

-- A module whose parameters are those of the formula from the start.
local function given(module)
  case.set_parameters(module:double())
  return module
end

local ENVIRONMENT <const> = { tocha = tocha, nn = nn, joined = Joined, filled = filled,
  given = given, utils = nn.utils, parametrizations = nn.utils.parametrizations,
  prune = nn.utils.prune }

--- case.build(code): the module that a piece of Lua makes, in float64.
function case.build(code)
  return assert(load("return " .. code, "=case", "t", ENVIRONMENT))():double()
end

-- ---- checks -------------------------------------------------------------------------------------

-- PyTorch's gradient of hardsigmoid has 1/6 as a float32, in float64 too.
local LOOSE <const> = { ["nn.Hardsigmoid()"] = 1e-7 }

local function near(expected, got, what, tolerance, least)
  local room <const> = (tolerance or 1e-10) * math.max(least or 1, math.abs(expected))
  assert(math.abs(expected - got) <= room or expected ~= expected and got ~= got,
    ("%s: expected %.17g, got %.17g"):format(what, expected, got))
end

--- case.set_parameters(module, names, scale): fills them by the formula; their names must be these.
function case.set_parameters(module, names, scale)
  local _ <close> = tocha.no_grad()
  local j = 0
  for name, p in module:named_parameters() do
    j = j + 1
    assert(not names or names[j] == name, ("parameter %d is %s, not %s"):format(j, name,
      names and names[j]))
    p:copy_(fill(p.shape, j) * (scale or 1))
  end
  assert(not names or #names == j, "number of parameters")
end

--- case.check(row, code, device): builds what `code` says and compares output, gradients, buffers.
function case.check(row, code, device)
  device = device or "cpu"
  local module <const>, inputs <const>, wanted <const> = case.build(code):to(device), {}, {}
  for j, spec in ipairs(row.inputs) do
    inputs[j] = make_input(spec, j + 9, device)
    if inputs[j].requires_grad then wanted[#wanted + 1] = inputs[j] end
  end
  case.set_parameters(module, row.names, row.scale)
  local y <const> = module(table.unpack(inputs))
  assert(table.concat(row.shape, "x") == table.concat(y.shape, "x"), "shape of the output")
  near(row.y, checksum(y), "output")
  local flat <const> = y:reshape { -1 }
  ;(flat * weights(flat:numel()):to(device)):sum():backward()
  for _, p in ipairs(module:parameters()) do wanted[#wanted + 1] = p end
  for k, x in ipairs(wanted) do
    near(row.grads[k], checksum(x.grad), "gradient " .. k, LOOSE[code])
  end
  local state <const> = module:state_dict()
  for name, expected in pairs(row.buffers) do near(expected, checksum(state[name]), name) end
end

--- case.train(row, device): ten steps of gradient descent, with the losses that PyTorch had.
function case.train(row, device)
  device = device or "cpu"
  local tolerance <const> = row.dtype == "float64" and 1e-10 or 1e-5
  local net <const> = case.build(row.code)
  case.set_parameters(net, row.names, 0.2)
  net:to(device, row.dtype)
  local optimiser <const> = tocha.optim.SGD(net:parameters(), { lr = 0.05, momentum = 0.9 })
  for step, expected in ipairs(row.losses) do
    local x = make_input(row.input, 49 + step, device):detach()
    if x:is_floating_point() then x = x:to(row.dtype) end
    optimiser:zero_grad()
    local y <const> = net(x)
    local target <const> = fill(y.shape, 99):to(device, row.dtype)
    local loss <const> = ((y - target) ^ 2):mean()
    loss:backward()
    optimiser:step()
    near(expected, loss:item(), "loss " .. step, tolerance, 0)
  end
end

return case
