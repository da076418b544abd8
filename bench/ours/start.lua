-- From nothing to the end of a first training step: the MLP of the benchmark, on TOCHA_DEVICE.
local tocha = require "tocha"
local nn = tocha.nn
local device = os.getenv "TOCHA_DEVICE" or "cpu"

local net = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(),
  nn.Linear(512, 10)):to(device)
local optimizer = tocha.optim.SGD(net:parameters(), { lr = 0.01 })
local x, y = tocha.randn(64, 784):to(device), tocha.randint(1, 10, { 64 }):to(device)
optimizer:zero_grad()
local loss = nn.CrossEntropyLoss()(net(x), y)
loss:backward()
optimizer:step()
print(loss:item())
