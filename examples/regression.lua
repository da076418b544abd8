-- A cubic fitted to points of a sine: once by gradient descent, once by solving for it.
--
--     bin/tocha examples/regression.lua
--
-- Expect the error falling to that of the exact solution, and both sets of coefficients alike. It
-- takes about a second.

local tocha = require "tocha"
tocha.manual_seed(1)

local STEPS <const> = os.getenv "TOCHA_SMOKE" and 100 or 500

-- The columns of X (100, 4) are 1, x, x^2 and x^3; y is (100, 1).
local x = tocha.linspace(-1, 1, 100)
local X = tocha.stack({ tocha.ones_like(x), x, x ^ 2, x ^ 3 }, 2)
local y = (tocha.sin(3 * x) + 0.1 * tocha.randn(100)):unsqueeze(2)

local function mean_square(w) return ((X:matmul(w) - y) ^ 2):mean() end

local w = tocha.zeros(4, 1, { requires_grad = true })
for step = 1, STEPS do
  w.grad = nil
  local loss = mean_square(w)
  loss:backward()
  do
    local _ <close> = tocha.no_grad()  -- the step itself is not differentiated
    w:sub_(0.3 * w.grad)
  end
  if step % (STEPS // 5) == 0 then print(("step %4d  error %.6f"):format(step, loss:item())) end
end

-- The least squares solution: X' X w = X' y.
local exact = tocha.linalg.solve(X:t():matmul(X), X:t():matmul(y))
print(("exact      error %.6f"):format(mean_square(exact):item()))
print(tocha.cat({ w:detach(), exact }, 2))
