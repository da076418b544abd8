-- How a module is called: the name of the layer in errors, Torch's forward and backward.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local hooks = require "tocha.nn.hooks"

local call <const> = {}
local is_tensor <const> = core.is_tensor

-- The modules that are being called, outermost first, with room for the usual depth.
local active <const> = { nil, nil, nil, nil, nil, nil, nil, nil }
local depth = 0

-- ---- calls --------------------------------------------------------------------------------------

-- The depth is set and not counted down: an error that a `forward` caught left some above it.
local function leave(mine, ...)
  active[mine] = nil
  depth = mine - 1
  return ...
end

local function with_hooks(self, ...)
  return hooks.call(self, rawget(self, "forward") or getmetatable(self).forward, ...)
end

-- Its children, and what is in their lists, which are not called themselves.
local function name_below(parent, module)
  for name, each in parent:named_modules() do
    if each == module then return name end
  end
  return "?"
end

-- "1.conv (Conv2d)": the way from the outermost module to the one in which an error arose.
local function path()
  local names <const> = {}
  for k = 2, depth do
    names[#names + 1] = name_below(active[k - 1], active[k])
  end
  local function class_name(module) return getmetatable(module).__name end
  return ("in %s (%s) of %s"):format(table.concat(names, "."), class_name(active[depth]),
    class_name(active[1]))
end

--- stack(): the modules that are being called, outermost first, and how many they are.
function call.stack() return active, depth end

local function explain(message)
  if core.hooks.caught then core.hooks.caught(message) end  -- the command's: it reads the stack
  if depth < 2 or type(message) ~= "string" then return message end
  local ok <const>, where <const> = pcall(path)
  return ok and message .. "\n  " .. where or message
end

local function clear(ok, ...)
  if ok then
    active[1], depth = nil, 0
    return ...
  end
  for k = depth, 1, -1 do active[k] = nil end
  depth = 0
  error(..., 0)
end

local is_symbolic, note  -- set when there are symbolic tensors (graph_node.lua)
function call.set_symbolic(...) is_symbolic, note = ... end

local function may_be_symbolic(first, second) return second ~= nil or type(first) == "table" end

--- module(...): runs `forward` with hooks; an error names the layer it arose in. Every layer of
--- every step comes through here: calls in between are few, and one field (hooks.index) says that
--- there is nothing to do but compute.
function call.run(self, ...)
  local mine <const>, class <const> = depth + 1, self._plain
  if note and mine == 1 and may_be_symbolic(...) and is_symbolic(...) then
    return note(self, ...)
  end
  local compute <const> = class and class.forward or with_hooks
  depth, active[mine] = mine, self
  if mine > 1 then return leave(mine, compute(self, ...)) end
  return clear(xpcall(compute, explain, self, ...))
end

local run <const> = call.run

local joins <const> = {}
call.joins = joins

--- call.chain(list, k, x): the modules of a list from the k-th on, one after the other. As
--- list[k](x), but that the calls in between are loops of one: most layers are called from here.
--- A layer may do the next ones' work too: call.joins[its class](layer, list, at, x) gives the
--- result and how many did it, or nil (norm_relu.lua, linear.lua). A subclass may compute something
--- else and is not asked.
function call.chain(list, k, x)
  local mine <const> = depth + 1
  local at, n = k, #list
  while at <= n do
    local child <const> = list[at]
    local class <const> = child._plain
    if not class or mine == 1 or class.__call ~= run then
      active[mine], depth = nil, mine - 1
      return call.chain(list, at + 1, (child(x)))
    end
    depth, active[mine] = mine, child
    local joined <const> = joins[class]
    local y, count
    if joined then y, count = joined(child, list, at, x) end
    x, at = y or class.forward(child, x), at + (count or 1)
  end
  active[mine], depth = nil, mine - 1
  return x
end

-- ---- Torch's forward and backward ---------------------------------------------------------------

local function is_list(value) return type(value) == "table" and getmetatable(value) == nil end

-- The input as a leaf whose gradient can be asked for; a list of inputs likewise.
local function track(x)
  if is_list(x) then
    local list <const> = {}
    for k, each in ipairs(x) do list[k] = track(each) end
    return list
  end
  if not is_tensor(x) or x.requires_grad or not x:is_floating_point() then return x end
  return x:detach():requires_grad_()
end

local function keep(self, given, tracked, output, ...)
  rawset(self, "_given", given)
  rawset(self, "_tracked", tracked)
  rawset(self, "output", output)
  return output, ...
end

--- module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
function call.forward(self, x, ...)
  if depth > 0 then return call.run(self, x, ...) end
  local tracked <const> = core.grad_enabled() and track(x) or x
  return keep(self, x, tracked, call.run(self, tracked, ...))
end

-- Appends to `wanted` what gradients are asked for in `x`.
local function collect(wanted, x)
  if is_list(x) then
    for _, each in ipairs(x) do collect(wanted, each) end
  elseif is_tensor(x) and x.requires_grad then
    wanted[#wanted + 1] = x
  end
end

-- The gradients in the form of the input; zeros where it was not used.
local function like_input(x, found)
  if is_list(x) then
    local list <const> = {}
    for k, each in ipairs(x) do list[k] = like_input(each, found) end
    return list
  end
  if not is_tensor(x) then return nil end
  return found[x] or core.empty(x):zero_()
end

local function accumulate(p, g)
  if not g then return end
  if p.grad then p.grad:add_(g) else p.grad = g end
end

local function gradients(self, wanted, grad_output)
  local options <const> = { grad_outputs = grad_output, allow_unused = true }
  local list <const> = autograd.grad(self.output, wanted, options)
  local found <const> = {}
  for k, x in ipairs(wanted) do found[x] = list[k] or nil end
  return found
end

--- module:backward(x, gradOutput): after module:forward(x). Adds to the gradients of the parameters
--- and returns gradInput, the gradient with respect to x. Derived from the tape, for every module.
function call.backward(self, x, grad_output)
  if not rawequal(self._given, x) or not self.output then self:forward(x) end
  if not (is_tensor(self.output) and self.output.requires_grad) then
    core.fail("backward", nil,
      "forward was not recorded (inside tocha.no_grad, or nothing in it has a gradient)")
  end
  local wanted <const>, parameters <const> = {}, self:parameters()
  collect(wanted, self._tracked)
  collect(wanted, parameters)
  local found <const> = gradients(self, wanted, grad_output)
  local _ <close> = autograd.no_grad()
  for _, p in ipairs(parameters) do accumulate(p, found[p]) end
  rawset(self, "gradInput", like_input(self._tracked, found))
  return self.gradInput
end

--- Forgets output, gradInput and what backward would need.
function call.clear_state(self)
  for _, key in ipairs { "output", "gradInput", "_given", "_tracked" } do rawset(self, key, nil) end
  return self
end

return call
