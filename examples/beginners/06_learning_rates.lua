-- Learning rates: too low, good, high, too high; and a way to find a good one.
--
--     bin/tocha examples/beginners/06_learning_rates.lua [--out FOLDER]
--
-- Trains one network on the small digits that come with Tocha, at four rates. Expect, on digits
-- that training has not seen, 33.7 % right at rate 0.001, 97.5 % at 0.2, 95.5 % at 0.8, 9.7 %,
-- which is guessing, at 2; and 0.327 as the suggestion of the range finder. Pictures: 06-steps.svg,
-- 06-rates.svg, 06-finder.svg. It takes a few seconds.

local tocha = require "tocha"
local data, nn, optim, plot = tocha.data, tocha.nn, tocha.optim, tocha.plot

local out = "."
for k = 1, #arg, 2 do
  if arg[k] == "--out" then out = arg[k + 1] end
end
local function save(fig, name)
  fig:save(out .. "/" .. name)
  print("wrote " .. out .. "/" .. name)
end
local EPOCHS <const> = os.getenv "TOCHA_SMOKE" and 2 or 20

-- ---- steps in a bowl ----------------------------------------------------------------------------

-- The loss w * w has the slope 2 * w: a step is w = w - rate * 2 * w.
local bowl = tocha.linspace(-2.2, 2.2, 121)
local four, axes = plot.subplots(1, 4, { width = 900, height = 250, xlabel = "weight",
  ylabel = "loss", xlim = { -2.2, 2.2 }, ylim = { -0.2, 4.8 } })
local BOWLS <const> = { { 0.02, "too low" }, { 0.3, "good" }, { 0.9, "high" },
  { 1.05, "too high" } }
for k, each in ipairs(BOWLS) do
  local w, ws = -1.5, { -1.5 }
  for step = 1, 8 do
    w = w - each[1] * 2 * w
    ws[step + 1] = w
  end
  ws = tocha.tensor(ws)
  axes[k]:set_title(("%s: rate %g"):format(each[2], each[1]))
  axes[k]:plot(bowl, bowl * bowl, { color = "lightgray" })
  axes[k]:plot(ws, ws * ws, { marker = "o", markersize = 5, linewidth = 1.2, color = "C2" })
end
save(four, "06-steps.svg")

-- ---- the same on a network ----------------------------------------------------------------------

local images, labels = data.digits()
local x, x_test, y, y_test = data.train_test_split(images:flatten(2), labels,
  { test_size = 0.2, seed = 1, stratify = labels })                    -- x is (1437, 64)
local criterion = nn.CrossEntropyLoss()

local function new_net()
  tocha.manual_seed(1)   -- every run starts from the same weights and sees the same batches
  return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
end
local function batches()
  return data.DataLoader(data.TensorDataset(x, y), { batch_size = 10, shuffle = true })
end

-- Trains at one rate. Returns the loss on all training digits, before and after each epoch, and the
-- share of the other digits that are read right.
local function train(rate)
  local net = new_net()
  local optimizer = optim.SGD(net:parameters(), { lr = rate })
  local function loss_now()
    return tocha.no_grad(function() return criterion(net(x), y):item() end)
  end
  local curve, loader = { loss_now() }, batches()
  for epoch = 1, EPOCHS do
    for bx, by in loader:batches() do
      optimizer:zero_grad()
      criterion(net(bx), by):backward()
      optimizer:step()
    end
    curve[epoch + 1] = loss_now()
  end
  local right = tocha.no_grad(function() return net(x_test):argmax(2):eq(y_test) end)
  return curve, right:float():mean():item()
end

local RATES <const> = { { 0.001, "too low", "C1" }, { 0.2, "good", "C3" }, { 0.8, "high", "C2" },
  { 2, "too high", "C4" } }
local epochs = tocha.arange(0, EPOCHS)
local fig = plot.figure { title = "One network, four learning rates", xlabel = "epoch",
  ylabel = "loss on the training digits", yscale = "log", legend = "lower left",
  xticks = { 0, 5, 10, 15, 20 } }
print "rate     loss   right on digits not seen"
for _, each in ipairs(RATES) do
  local curve, right = train(each[1])
  print(("%-6g %6.3f   %5.1f %%   %s"):format(each[1], curve[#curve], 100 * right, each[2]))
  fig:plot(epochs, curve, { color = each[3], label = ("%g, %s"):format(each[1], each[2]) })
end
fig:show()
save(fig, "06-rates.svg")

-- ---- the range finder ---------------------------------------------------------------------------

-- 300 batches while the rate grows from 0.001 to 10; the network is put back as it was.
local net = new_net()
local optimizer = optim.SGD(net:parameters(), { lr = 1 })
local found = optim.find_lr(net, criterion, batches(), optimizer,
  { start_lr = 1e-3, end_lr = 10, num_iter = 300 })
print(found)

local search = plot.figure { title = "The range finder", xlabel = "learning rate", ylabel = "loss",
  xscale = "log", ylim = { 0, 5 }, legend = "upper left" }
search:plot(found.lrs, found.raw, { color = "lightgray", label = "loss of each batch" })
search:plot(found.lrs, found.losses, { label = "smoothed" })
for _, each in ipairs { { "valley", "C3" }, { "suggestion", "C2" }, { "minimum", "gray" } } do
  local rate = found[each[1]]
  if rate then
    search:axvline(rate, { linestyle = "--", color = each[2],
      label = ("%s %.2g"):format(each[1], rate) })
  end
end
save(search, "06-finder.svg")
