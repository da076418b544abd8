-- Does memory stay flat? Garbage tensors of 100 GB in all, then 10,000 training steps of the
-- network of examples/digits.lua: resident memory on the way, from /proc. TOCHA_STEPS shortens it.

local tocha = require "tocha"
local nn = tocha.nn

local STEPS <const> = tonumber(os.getenv "TOCHA_STEPS") or 10000

local function resident()
  local file <const> = io.open "/proc/self/statm"
  if not file then return 0 / 0 end
  local pages <const> = file:read "a":match "^%d+ (%d+)"
  file:close()
  return pages * 4096 / (1 << 20)
end

local function report(what)
  print(("%-28s %8.1f MB resident, %8.1f MB of tensors, %6.1f MB of Lua"):format(what, resident(),
    tocha.memory().in_use / (1 << 20), collectgarbage "count" / 1024))
end

local function make_garbage(gigabytes)
  local most = 0
  for k = 1, gigabytes * 32 do
    tocha.zeros(1 << 23)  -- 32 MB
    if k % 32 == 0 then most = math.max(most, resident()) end
  end
  print(("%d GB of garbage: at most %.1f MB resident"):format(gigabytes, most))
end

local function network()
  return nn.Sequential(
    nn.Conv2d(1, 32, 3, { padding = 1 }), nn.BatchNorm2d(32), nn.ReLU(),
    nn.Conv2d(32, 64, 3, { padding = 1 }), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Dropout(0.3), nn.Linear(64 * 4 * 4, 10))
end

local function train(steps)
  local model <const>, criterion <const> = network(), nn.CrossEntropyLoss()
  local optimizer <const> = tocha.optim.AdamW(model:parameters(), { lr = 2e-3 })
  local x <const>, y <const> = tocha.randn(32, 1, 8, 8), tocha.randint(1, 10, { 32 })
  for step = 1, steps do
    optimizer:zero_grad()
    criterion(model(x), y):backward()
    optimizer:step()
    if step == 100 or step == 1000 or step % 10000 == 0 or step == steps then
      report("step " .. step)
    end
  end
end

make_garbage(math.max(1, STEPS // 100))
train(STEPS)
