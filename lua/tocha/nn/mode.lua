-- Training and evaluation mode; gradients of all parameters together; freezing by name.

local walk = require "tocha.nn.walk"

local mode <const> = {}

--- module:train(mode = true): training mode for it and all it holds; Torch's name is training().
function mode.train(self, flag)
  for _, m in ipairs(self:modules()) do rawset(m, "is_training", flag ~= false) end
  return self
end

--- module:eval(): evaluation mode; Torch's name is evaluate().
function mode.eval(self) return self:train(false) end

function mode.training(self) return self:train() end
mode.evaluate = mode.eval

--- module:requires_grad_(flag = true): freezes (false) or thaws all parameters.
function mode.requires_grad_(self, flag)
  for _, p in ipairs(self:parameters()) do p:requires_grad_(flag ~= false) end
  return self
end

local function set_where(self, what, flag)
  local test <const> = walk.matcher(what)
  self:visit(function(name, value, kind)
    if kind == "module" and what ~= nil and type(what) ~= "string" and test(name, value) then
      value:requires_grad_(flag)
    elseif kind == "parameter" and test(name, value) then
      value:requires_grad_(flag)
    end
  end)
  return self
end

--- module:freeze_parameters(what): parameters get no gradients from now on; all of them, or those
--- whose names match a Lua pattern ("^features%."), those of modules of a class (nn.BatchNorm2d),
--- of a module inside it, those for which what(name, value) is true, or a list of these. Returns
--- the module.
function mode.freeze_parameters(self, what) return set_where(self, what, false) end

--- module:unfreeze_parameters(what): the contrary.
function mode.unfreeze_parameters(self, what) return set_where(self, what, true) end

--- module:zero_grad(set_to_none = true)
function mode.zero_grad(self, set_to_none)
  for _, p in ipairs(self:parameters()) do
    if set_to_none ~= false then p.grad = nil
    elseif p.grad then p.grad:detach_():zero_() end
  end
end

--- module:num_parameters(trainable = false): how many numbers its parameters hold.
function mode.num_parameters(self, trainable)
  local n = 0
  for _, p in ipairs(self:parameters()) do
    if p.requires_grad or not trainable then n = n + p:numel() end
  end
  return n
end

return mode
