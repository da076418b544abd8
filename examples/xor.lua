-- Learns exclusive or: a network of one hidden layer, four examples.
--
--     bin/tocha examples/xor.lua
--
-- Expect four outputs close to 0, 1, 1, 0, in less than a second.

local tocha = require "tocha"
local nn, optim = tocha.nn, tocha.optim
tocha.manual_seed(3)

local x = tocha.tensor({ { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }, { dtype = "float32" })
local y = tocha.tensor({ { 0 }, { 1 }, { 1 }, { 0 } }, { dtype = "float32" })

local model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid())
local criterion = nn.MSELoss()
local optimizer = optim.Adam(model:parameters(), { lr = 0.05 })

for step = 1, 500 do
  optimizer:zero_grad()
  local loss = criterion(model(x), y)
  loss:backward()
  optimizer:step()
  if step % 100 == 0 then print(("step %3d  loss %.5f"):format(step, loss:item())) end
end

local _ <close> = tocha.no_grad()
print(model(x))
