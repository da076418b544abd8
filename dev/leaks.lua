-- Work whose end finds no memory left behind: run under the leak sanitizer by dev/debug.sh.
--
-- Trains a small network, loads data in threads, raises and catches errors, drops everything. The
-- sanitizer looks when the process ends.

local tocha = require "tocha"
local nn <const>, optim <const> = tocha.nn, tocha.optim
local data <const>, threads <const> = tocha.data, tocha.threads

local function train()
  local model <const> = nn.Sequential(
    nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 * 6, 10))
  local optimizer <const> = optim.AdamW(model:parameters())
  local criterion <const> = nn.CrossEntropyLoss()
  for _ = 1, 5 do
    optimizer:zero_grad()
    criterion(model(tocha.randn(16, 1, 8, 8)), tocha.randint(1, 10, { 16 })):backward()
    optimizer:step()
  end
end

local MISTAKES <const> = {
  function() return tocha.ones(2, 3) + tocha.ones(4) end,
  function() return tocha.ones(2, 3):view(7) end,
  function() return tocha.conv2d(tocha.ones(1, 1, 8, 8), tocha.ones(1, 2, 3, 3)) end,
  function() return tocha.zeros(1 << 40, 1 << 40) end,
  function() return tocha.tensor { { 1, 2 }, { 3 } } end,
  function() return tocha.ones(3):index_select(1, tocha.tensor { 9 }) end,
}

-- Threads that end, fail, are left, and are collected while they run.
local function load_data()
  local set <const> = data.FunctionDataset(20, function(i) return i, tocha.rand(2000) end)
  for k = 1, 3 do
    for _ in data.DataLoader(set, { num_workers = 2 }):batches() do
      if k == 2 then break end
    end
  end
  data.DataLoader(set, { num_workers = 2 }):batches()()
  threads.spawn(error, "nobody asks")
  threads.channel():send(tocha.ones(4000))
end

train()
load_data()
for k, mistake in ipairs(MISTAKES) do assert(not pcall(mistake), "no error in mistake " .. k) end
collectgarbage()
collectgarbage()
tocha.empty_cache()
assert(tocha.memory().in_use < 1 << 20, "tensors are still alive")
print "no mistake went through"
