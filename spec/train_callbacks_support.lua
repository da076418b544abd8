-- What the specs of callbacks share.

local tocha = require "tocha"
local nn = tocha.nn
local x <const>, y <const> = tocha.randn(8, 2), tocha.randn(8, 1)

local function small_model(lr)
  tocha.manual_seed(6)
  local net <const> = nn.Linear(2, 1)
  return net:compile { loss = "mse", metrics = { "mae" }, optimizer = { "sgd", lr = lr or 0.1 } }
end

local function fit(net, options)
  options.x, options.y = options.x or x, options.y or y
  options.verbose, options.batch_size = options.verbose or 0, options.batch_size or 4
  return net:fit(options)
end

-- A callback as fit sets it up, with a model that only has weights.
local function alone(callback, names)
  local weights = tocha.zeros(1)
  callback.model = { optimizer = { param_groups = { { lr = 1.0 }, { lr = 0.5 } } },
    state_dict = function() return { w = weights } end,
    load_state_dict = function(_, dict) weights = dict.w:clone() end }
  callback.params = { names = names or { "loss", "val_loss", "accuracy" }, verbose = 0 }
  return callback, function(value)
    if value then weights = tocha.tensor { value } end
    return weights:item()
  end
end

return { x = x, y = y, small_model = small_model, fit = fit, alone = alone }
