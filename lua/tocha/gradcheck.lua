-- tocha.gradcheck(f, inputs, options): compares the gradients of f with finite differences.
--
-- f takes the inputs and returns one tensor or several; inputs is a list (float64 for the default
-- tolerances), those that require grad are checked. The outputs are weighted with fixed distinct
-- numbers and summed, so one backward and two calls an element tell all. Returns true, or raises an
-- error that names input, element and both numbers; with {raise = false} returns false and
-- that text.

local core = require "tocha.core"
local registry = require "tocha.op"
local autograd = require "tocha.autograd"

local gradcheck <const> = {}
local ops <const> = registry.ops

--- Weights for the k-th output that no symmetry of it can cancel. spec/golden/make.py has the same
--- ones.
function gradcheck.weights(y, k)
  local parts <const> = {}
  for i = 1, y:numel() do parts[i] = string.pack("d", math.sin(1.7 * i + k) + 0.3) end
  return core.convert_to(core.from_bytes(table.concat(parts), y.shape, "float64"), y.dtype)
end

local function weighted(f, inputs, n)
  local outputs <const> = table.pack(f(table.unpack(inputs, 1, n)))
  local total
  for k = 1, outputs.n do
    local y = outputs[k]
    if core.is_tensor(y) and y:is_floating_point() then
      local part = ops.sum(y * gradcheck.weights(y, k))
      total = total and total + part or part
    end
  end
  return total
end

local function number(f, inputs, n)
  local _ <close> = autograd.no_grad()
  return weighted(f, inputs, n):item()
end

-- d f / d x[i], from both sides, by writing into the flat view of x.
local function numeric(f, inputs, n, flat, i, eps)
  local _ <close> = autograd.no_grad()
  local place <const> = flat:select(1, i)
  local was <const> = place:item()
  place:fill_(was + eps)
  local above <const> = number(f, inputs, n)
  place:fill_(was - eps)
  local below <const> = number(f, inputs, n)
  place:fill_(was)
  return (above - below) / (2 * eps)
end

local function close(a, b, options)
  return a == b or math.abs(a - b) <= options.atol + options.rtol * math.abs(b)
    or (a ~= a and b ~= b)
end

local function check_input(f, inputs, n, k, grad, options)
  local flat <const> = inputs[k]:detach():view(-1)
  local found <const> = grad and grad:contiguous():view(-1):totable()
  for i = 1, flat:numel() do
    local want <const> = numeric(f, inputs, n, flat, i, options.eps)
    local got <const> = found and found[i] or 0.0
    if not close(got, want, options) then
      return ("input %d, element %d: the gradient is %.9g, finite differences give %.9g"):format(k,
        i, got,
        want)
    end
  end
end

local DEFAULTS <const> = { eps = 1e-6, atol = 1e-5, rtol = 1e-3, raise = true }

local function settings(options)
  local full <const> = {}
  for k, v in pairs(DEFAULTS) do full[k] = v end
  for k, v in pairs(options or {}) do full[k] = v end
  return full
end

local function leaves(inputs)
  local list, n = {}, 0
  for k in pairs(inputs) do
    if math.type(k) == "integer" then n = math.max(n, k) end
  end
  for k = 1, n do
    local x = inputs[k]
    local wants = core.is_tensor(x) and x.requires_grad
    list[k] = wants and x:detach():clone():requires_grad_() or x
  end
  return list, n
end

local function find_problem(f, inputs, options)
  local list <const>, n <const> = leaves(inputs)
  local asked, places = {}, {}
  for k = 1, n do
    if core.is_tensor(list[k]) and list[k].requires_grad then
      asked[#asked + 1], places[#places + 1] = list[k], k
    end
  end
  local total <const> = weighted(f, list, n)
  if not (total and total.requires_grad) then
    return "no output depends on an input that requires grad"
  end
  local grads <const> = autograd.grad(total, asked, { allow_unused = true })
  for j, k in ipairs(places) do
    local problem = check_input(f, list, n, k, grads[j], options)
    if problem then return problem end
  end
end

local function report(problem, options)
  if not problem then return true end
  if options.raise then core.fail("gradcheck", nil, "%s", problem) end
  return false, problem
end

function gradcheck.check(f, inputs, options)
  options = settings(options)
  return report(find_problem(f, inputs, options), options)
end

-- The gradients of f as a function of its inputs.
local function gradient_function(f)
  return function(...)
    local n <const> = select("#", ...)
    local inputs <const> = { ... }
    local _ <close> = autograd.enable_grad()
    local asked <const> = {}
    for k = 1, n do
      local x = inputs[k]
      if core.is_tensor(x) and x:is_floating_point() then
        if not x.requires_grad then
          x = x:detach():requires_grad_()
          inputs[k] = x
        end
        asked[#asked + 1] = x
      end
    end
    local found <const> = autograd.grad(weighted(f, inputs, n), asked,
      { create_graph = true, allow_unused = true })
    local results <const> = {}
    for _, g in ipairs(found) do
      if g then results[#results + 1] = g end
    end
    return table.unpack(results)
  end
end

--- tocha.gradgradcheck(f, inputs, options): the same for the gradients of the gradients.
function gradcheck.gradgrad(f, inputs, options)
  options = settings(options)
  local problem <const> = find_problem(gradient_function(f), inputs, options)
  -- linear: nothing to differ
  if problem and problem:find "^no output depends" then return true end
  return report(problem, options)
end

return gradcheck
