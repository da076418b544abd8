-- Scopes: recording on the tape is on or off until a scope closes.

local core = require "tocha.core"

local scopes <const> = {}
local grad_enabled <const>, recording <const> = core.grad_enabled, core.grad_scope

local Scope <const> = {}
Scope.__index = Scope
Scope.__close = function(scope) scope.leave(scope.was) end

--- A scope: enter() is called now, leave(what enter gave) when it closes.
function scopes.open(enter, leave)
  return setmetatable({ was = enter(), leave = leave }, Scope)
end

local function run_in(opened, f, ...)
  local _ <close> = opened
  return f(...)
end

local function grad_scope(value)
  return function(f, ...)
    if f == nil then return recording(value) end
    return run_in(recording(value), f, ...)
  end
end

--- tocha.no_grad(): no recording until the scope closes: `local _ <close> = tocha.no_grad()`. Or
--- tocha.no_grad(f, ...): none inside f.
scopes.no_grad = grad_scope(false)

--- tocha.enable_grad(): recording, inside a no_grad scope.
scopes.enable_grad = grad_scope(true)

--- tocha.set_grad_enabled(flag): a scope with recording on or off.
function scopes.set_grad_enabled(flag) return recording(flag) end

--- tocha.is_grad_enabled(): are operations recorded now?
function scopes.is_grad_enabled() return grad_enabled() end

return scopes
