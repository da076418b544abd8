-- Two half moons: a small network learns which points belong to which, and draws what it learned.
--
--     bin/tocha examples/moons.lua
--
-- Expect the loss falling, an accuracy near 100 %, and a map of the plane in characters: "." and
-- "o" for the class that the network chooses, "1" and "2" for points. It takes about a second.

local tocha = require "tocha"
local nn, optim = tocha.nn, tocha.optim
tocha.manual_seed(2)

local STEPS <const> = os.getenv "TOCHA_SMOKE" and 20 or 300
local N <const> = 100  -- points a moon

-- Points (2 N, 2) and their classes (2 N), 1 and 2.
local function moons()
  local angle <const> = tocha.rand(N) * tocha.pi
  local upper <const> = tocha.stack({ tocha.cos(angle), tocha.sin(angle) }, 2)
  local lower <const> = tocha.tensor { 1.0, 0.5 } - upper
  local classes <const> = tocha.arange(2):repeat_interleave(N)
  return tocha.cat { upper, lower } + 0.1 * tocha.randn(2 * N, 2), classes
end

local function accuracy(net, x, y)
  local _ <close> = tocha.no_grad()
  return net(x):argmax(2):eq(y):float():mean():item()
end

local x, y = moons()
local net = nn.Sequential(nn.Linear(32), nn.Tanh(), nn.Linear(32), nn.Tanh(), nn.Linear(2))
local criterion = nn.CrossEntropyLoss()
net(x)  -- the layers learn their input sizes here
local optimizer = optim.AdamW(net:parameters(), { lr = 0.02 })

for step = 1, STEPS do
  optimizer:zero_grad()
  local loss = criterion(net(x), y)
  loss:backward()
  optimizer:step()
  if step % 50 == 0 then print(("step %3d  loss %.4f"):format(step, loss:item())) end
end
print(("accuracy %.1f %%"):format(100 * accuracy(net, x, y)))

-- ---- the map ------------------------------------------------------------------------------------

local COLUMNS <const>, ROWS <const> = 64, 20
local LEFT <const>, RIGHT <const>, TOP <const>, BOTTOM <const> = -1.5, 2.5, 1.5, -1.0

-- The class at each place of the page, a list of rows of characters.
local function regions()
  local across <const> = tocha.linspace(LEFT, RIGHT, COLUMNS)
  local down <const> = tocha.linspace(TOP, BOTTOM, ROWS)
  local grid <const> = tocha.stack({
    across:expand(ROWS, COLUMNS),
    down:unsqueeze(2):expand(ROWS, COLUMNS),
  }, 3)
  local _ <close> = tocha.no_grad()
  local page <const> = net(grid):argmax(3):totable()  -- the layers take (ROWS, COLUMNS, 2) as it is
  for _, row in ipairs(page) do
    for k, class in ipairs(row) do row[k] = class == 1 and "." or "o" end
  end
  return page
end

local page <const> = regions()
for i, point in ipairs(x:totable()) do
  local column <const> = math.floor((point[1] - LEFT) / (RIGHT - LEFT) * (COLUMNS - 1) + 1.5)
  local row <const> = math.floor((TOP - point[2]) / (TOP - BOTTOM) * (ROWS - 1) + 1.5)
  if page[row] and page[row][column] then page[row][column] = tostring(y[i]) end
end
for _, row in ipairs(page) do print(table.concat(row)) end
