-- An operation with a gradient of its own, and the test that tells whether it is right.
--
--     bin/tocha examples/gradcheck.lua
--
-- Expect "true" for a right gradient, the place and both numbers for a wrong one, and second
-- derivatives that were not written down anywhere. It takes no time.

local tocha = require "tocha"
local Function, grad = tocha.autograd.Function, tocha.autograd.grad
tocha.manual_seed(1)

-- log(1 + exp(x)) without overflow. Its derivative is the sigmoid; the tape would record six
-- operations where this is one.
local function make(derivative)
  return Function {
    name = "softplus",
    forward = function(ctx, x)
      ctx.x = x
      return tocha.maximum(x, tocha.zeros_like(x)) + tocha.log1p(tocha.exp(-x:abs()))
    end,
    backward = function(ctx, g) return g * derivative(ctx.x) end,
  }
end

local softplus = make(tocha.sigmoid)
local x = tocha.randn(2, 3, { dtype = "float64" }):requires_grad_()

print("at 1000:", softplus(tocha.tensor(1000.0)):item())
print("right gradient:", tocha.gradcheck(softplus, { x }))
print("its gradient:  ", tocha.gradgradcheck(softplus, { x }))

local slip = make(tocha.tanh)  -- a plausible mistake
print("wrong gradient:", tocha.gradcheck(slip, { x }, { raise = false }))

-- The second derivative at 0, from the tape: sigmoid(0) (1 - sigmoid(0)) = 1/4.
local zero = tocha.tensor(0.0, { dtype = "float64", requires_grad = true })
local first = grad(softplus(zero), zero, { create_graph = true })
print("derivatives at 0:", first:item(), grad(first, zero):item())
