-- Learning from real weather: how warm will it be (regression), sunny or rainy (classification)?
--
--     bin/tocha examples/beginners/03_weather.lua [--data FOLDER] [--out FOLDER]
--
-- Needs seattle-weather.csv (1,461 days of Seattle, 2012 to 2015). Expect, on a fifth of the days,
-- which training has not seen: the highest temperature to 2.3 degrees on average, where always
-- saying the mean is 6.4 off; sunny or rainy right on 84 % of the days, where always "rainy" is
-- right on half. Pictures: 03-regression.svg, 03-loss.svg. It takes a few seconds.

local tocha = require "tocha"
local data, nn, optim, plot = tocha.data, tocha.nn, tocha.optim, tocha.plot

local here = arg[0]:match "^.*/" or ""
local options = { data = os.getenv "TOCHA_DATA" or here .. "../../../shared/data", out = "." }
for k = 1, #arg, 2 do options[arg[k]:sub(3)] = arg[k + 1] end

local path = options.data .. "/tabular/seattle-weather.csv"
if not io.open(path) then
  print("Get seattle-weather.csv of vega-datasets (github.com/vega/vega-datasets, folder data),")
  print("put it into FOLDER/tabular and say --data FOLDER. Looked for " .. path)
  return
end
local EPOCHS <const> = os.getenv "TOCHA_SMOKE" and 3 or 60
tocha.manual_seed(1)

-- ---- the data -----------------------------------------------------------------------------------

local days = data.csv(path)
print(days)

-- The season as a point on a circle, so that December and January are neighbours.
local angle = {}
for k, date in ipairs(days:column "date") do
  local month, day = date:match "%d+-(%d+)-(%d+)"
  angle[k] = 2 * math.pi * ((month - 1) * 30.4 + day) / 365
end
angle = tocha.tensor(angle):float()
local season = tocha.stack({ angle:sin(), angle:cos() }, 2)                     -- (1461, 2)

-- ---- regression: weather -> temperature ---------------------------------------------------------

local x = tocha.cat({ days:tensor { "precipitation", "wind", "temp_min" }, season }, 2)
local y = days:tensor { "temp_max" }                                            -- (1461, 1)

-- A fifth of the days is kept aside: only what a network says of days it has never seen counts.
local x_train, x_test, y_train, y_test = data.train_test_split(x, y, { test_size = 0.2, seed = 1 })
local scaler = data.StandardScaler()
x_train = scaler:fit_transform(x_train)   -- each input with mean 0 and spread 1 ...
x_test = scaler:transform(x_test)         -- ... and the test days by the same numbers

-- The loop that all training is made of. Returns the loss of each epoch on both sets.
local function train(net, criterion, inputs, targets, test_inputs, test_targets)
  local optimizer = optim.Adam(net:parameters(), { lr = 0.005 })
  local loader = data.DataLoader(data.TensorDataset(inputs, targets),
    { batch_size = 32, shuffle = true })
  local curve, test_curve = {}, {}
  for epoch = 1, EPOCHS do
    local sum = 0
    for bx, by in loader:batches() do
      optimizer:zero_grad()
      local loss = criterion(net(bx), by)   -- how wrong?
      loss:backward()                       -- which way is less wrong, for every weight
      optimizer:step()                      -- a small step that way
      sum = sum + loss:item()
    end
    curve[epoch] = sum / #loader
    test_curve[epoch] = tocha.no_grad(function()
      return criterion(net(test_inputs), test_targets):item()
    end)
  end
  return curve, test_curve
end

local function mlp(inputs, outputs)
  return nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(),
    nn.Linear(16, outputs))
end

local net = mlp(5, 1)
local curve, test_curve = train(net, nn.MSELoss(), x_train, y_train, x_test, y_test)
local guess = tocha.no_grad(function() return net(x_test) end)
local function error_of(z) return (z - y_test):abs():mean():item() end
print(("highest temperature: %.2f degrees off; always the mean: %.2f degrees off"):format(
  error_of(guess), error_of(y_train:mean())))

local fig = plot.figure { title = "Days that training has not seen", xlabel = "measured, degrees C",
  ylabel = "predicted", width = 420, height = 400 }
fig:scatter(y_test:flatten(), guess:flatten(), { s = 12, alpha = 0.6 })
fig:plot({ 0, 35 }, { 0, 35 }, { color = "gray", linestyle = "--" })
fig:save(options.out .. "/03-regression.svg")

local losses = plot.figure { title = "The loss while training", xlabel = "epoch",
  ylabel = "mean squared error", yscale = "log" }
losses:plot(curve, { label = "training days" })
losses:plot(test_curve, { label = "days kept aside" })
losses:show()
losses:save(options.out .. "/03-loss.svg")

-- ---- classification: sunny or rainy? ------------------------------------------------------------

-- The two kinds of days that are many. The rain itself is not shown to the network: that were easy.
local ids, kinds = days:categories "weather"
local sunny, rainy
for k, kind in ipairs(kinds) do
  if kind == "sun" then sunny = ids:eq(k) elseif kind == "rain" then rainy = ids:eq(k) end
end
local kept = (sunny | rainy):nonzero():select(2, 1)
local inputs = tocha.cat({ days:tensor { "temp_max", "temp_min", "wind" }, season }, 2)
inputs = inputs:index_select(1, kept)
local classes = rainy:index_select(1, kept):long() + 1                          -- 1 sunny, 2 rainy

local a, b, class_a, class_b = data.train_test_split(inputs, classes,
  { test_size = 0.2, seed = 1, stratify = classes })
a = scaler:fit_transform(a)
b = scaler:transform(b)

local classifier = mlp(5, 2)    -- two outputs: a score for each class; the larger one wins
train(classifier, nn.CrossEntropyLoss(), a, class_a, b, class_b)
local predicted = tocha.no_grad(function() return classifier(b):argmax(2) end)
print(("sunny or rainy: right on %.1f %% of %d days; always 'rainy': on %.1f %%"):format(
  100 * predicted:eq(class_b):float():mean():item(), #b,
  100 * class_b:eq(2):float():mean():item()))
local counts = tocha.bincount((class_b - 1) * 2 + predicted, { minlength = 4 })
counts = counts:view(2, 2):totable()
print("              said sunny  said rainy")
print(("was sunny     %10d  %10d"):format(counts[1][1], counts[1][2]))
print(("was rainy     %10d  %10d"):format(counts[2][1], counts[2][2]))
