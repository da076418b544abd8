-- The first steps: tensors, broadcasting, gradients, and a line fitted by hand.
--
--     bin/tocha examples/first.lua
--
-- Expect a few tensors, a gradient, and a line close to y = 3 x + 2.

local tocha = require "tocha"
tocha.manual_seed(1)

local x = tocha.tensor { { 1, 2, 3 }, { 4, 5, 6 } }:to "float32"
print(x)
print(x[2])               -- a row: Lua counts from 1
print(x[{ {}, { 2, 3 } }])  -- all rows, columns 2 to 3
print(0.5 * x + tocha.tensor { 10, 20, 30 })  -- broadcasts over the rows

-- What the result depends on is remembered, so that it can be differentiated.
local w = tocha.tensor({ 1.0, -2.0 }, { requires_grad = true })
local y = (w ^ 2):sum()
y:backward()
print(w.grad)  -- 2 w

-- A line through noisy points, by gradient descent.
local inputs = tocha.linspace(-1, 1, 50)
local targets = 3 * inputs + 2 + 0.1 * tocha.randn(50)
local slope = tocha.tensor(0.0, { requires_grad = true })
local offset = tocha.tensor(0.0, { requires_grad = true })
for _ = 1, 200 do
  local loss = ((slope * inputs + offset - targets) ^ 2):mean()
  loss:backward()
  do
    local _ <close> = tocha.no_grad()
    slope:sub_(0.1 * slope.grad)
    offset:sub_(0.1 * offset.grad)
  end
  slope.grad, offset.grad = nil, nil
end
print(("y = %.2f x + %.2f"):format(slope:item(), offset:item()))
