-- The valley of Rosenbrock, (1 - x)^2 + 100 (y - x^2)^2, walked down by three optimisers.
--
--     bin/tocha examples/rosenbrock.lua
--
-- Expect a table of where each one stands; the lowest point is (1, 1). Momentum shortens the way
-- of gradient descent, and Adam chooses its own step for each coordinate. It takes two seconds.

local tocha = require "tocha"
local optim = tocha.optim

local STEPS <const> = os.getenv "TOCHA_SMOKE" and 200 or 4000
local ROWS <const> = 4  -- lines of the table an optimiser

-- p is (2): x and y.
local function rosenbrock(p)
  local x, y = p[1], p[2]
  return (1 - x) ^ 2 + 100 * (y - x ^ 2) ^ 2
end

local function report(name, step, p, value)
  print(("%-22s %5d   (%7.4f, %7.4f)   %.3e"):format(name, step, p[1]:item(), p[2]:item(), value))
end

local function descend(name, make)
  local p = tocha.tensor({ -1.5, 2.0 }, { dtype = "float64", requires_grad = true })
  local optimizer = make({ p })
  for step = 1, STEPS do
    optimizer:zero_grad()
    local value = rosenbrock(p)
    value:backward()
    optimizer:step()
    if step % (STEPS // ROWS) == 0 then report(name, step, p, rosenbrock(p):item()) end
  end
end

print(("%-22s %5s   %-18s   %s"):format("optimiser", "step", "at", "value"))
descend("SGD", function(p) return optim.SGD(p, { lr = 5e-4 }) end)
descend("SGD, momentum 0.9", function(p) return optim.SGD(p, { lr = 5e-4, momentum = 0.9 }) end)
descend("Adam", function(p) return optim.Adam(p, { lr = 0.02 }) end)
