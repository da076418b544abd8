-- Averages of weights: optim.swa_utils, optim.EMA.

local tocha = require "tocha"
local nn, optim = tocha.nn, tocha.optim
local swa_utils = optim.swa_utils

local function layer(value)
  local net <const> = nn.Linear(1, 1)
  local _ <close> = tocha.no_grad()
  net.weight:fill_(value)
  net.bias:fill_(-value)
  return net
end

local function set(net, value)
  local _ <close> = tocha.no_grad()
  net.weight:fill_(value)
  net.bias:fill_(-value)
end

local function near(expected, got)
  assert.is_true(math.abs(expected - got) < 1e-6, ("expected %g, got %g"):format(expected, got))
end

describe("AveragedModel", function()
  it("is the plain mean of what it saw", function()
    local net <const> = layer(100)
    local averaged <const> = swa_utils.AveragedModel(net)
    for _, value in ipairs { 1, 2, 6 } do
      set(net, value)
      averaged:update_parameters(net)
    end
    near(3, averaged.module.weight:item())
    near(-3, averaged.module.bias:item())
    assert.are.equal(3, averaged.n_averaged:item())
    near(6, net.weight:item())
    near(3 * 2 - 3, averaged(tocha.full({ 1, 1 }, 2.0)):item())
  end)

  it("takes PyTorch's moving averages, and one's own", function()
    for options, expected in pairs {
      [{ multi_avg_fn = swa_utils.get_ema_multi_avg_fn(0.75) }] = 2.5,
      [{ avg_fn = swa_utils.get_ema_avg_fn(0.75) }] = 2.5,
      [{ multi_avg_fn = swa_utils.get_swa_multi_avg_fn() }] = 4,
      [{ avg_fn = swa_utils.get_swa_avg_fn() }] = 4,
      [{ avg_fn = function(averaged, current, n) return averaged * 10 + current + n end }] = 18,
    } do
      local net <const> = layer(1)
      local averaged <const> = swa_utils.AveragedModel(net, options)
      averaged:update_parameters(net)
      set(net, 7)
      averaged:update_parameters(net)
      near(expected, averaged.module.weight:item())
    end
  end)

  it("copies buffers, or averages them", function()
    for _, use_buffers in ipairs { false, true } do
      local net <const> = nn.BatchNorm1d(1)
      local averaged <const> = swa_utils.AveragedModel(net, { use_buffers = use_buffers })
      averaged:update_parameters(net)
      net.running_mean:fill_(4)
      net.num_batches_tracked:fill_(9)
      averaged:update_parameters(net)
      near(use_buffers and 2 or 4, averaged.module.running_mean:item())
      assert.are.equal(9, averaged.module.num_batches_tracked:item())
    end
  end)

  it("is saved and loaded by PyTorch's names", function()
    local averaged <const> = swa_utils.AveragedModel(layer(3))
    averaged:update_parameters(layer(5))
    local dict <const> = averaged:state_dict()
    near(5, dict["module.weight"]:item())
    assert.are.equal(1, dict.n_averaged:item())
    local other <const> = swa_utils.AveragedModel(layer(0))
    other:load_state_dict(dict)
    other:update_parameters(layer(7))
    near(6, other.module.weight:item())
  end)

  it("refuses what makes no sense", function()
    assert.error_matches(function() swa_utils.AveragedModel(3) end, "expected a module, got number")
    assert.error_matches(function()
      swa_utils.AveragedModel(layer(1), { avg_fn = print, multi_avg_fn = print })
    end, "not both")
    assert.error_matches(function() swa_utils.get_ema_multi_avg_fn(2) end, "decay must be a number")
    assert.error_matches(function() swa_utils.get_ema_avg_fn(0 / 0) end, "decay must be a number")
    local averaged <const> = swa_utils.AveragedModel(layer(1))
    assert.error_matches(function() averaged:update_parameters(nn.Sequential()) end,
      "a model of 0 tensors, the average has 2")
  end)
end)

describe("update_bn", function()
  it("makes the running statistics those of the data", function()
    local net <const> = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 1),
      nn.BatchNorm1d(1, { track_running_stats = false })):eval()
    net.watch = nn.InstanceNorm1d(2, { track_running_stats = true })
    net.watch.running_mean:fill_(7)
    local x <const> = tocha.tensor { { 1.0, 10.0 }, { 3, 30 }, { 5, 20 }, { 7, 40 } }
    local batches <const> = { x:narrow(1, 1, 2), { x:narrow(1, 3, 2), tocha.ones(2) } }
    net[1].running_mean:fill_(1000)
    swa_utils.update_bn(batches, net)
    assert.is_true(net[1].running_mean:allclose(tocha.tensor { 4.0, 25.0 }))
    assert.is_true(net[1].running_var:allclose(tocha.tensor { 2.0, 200.0 }))
    assert.are.equal(7, net.watch.running_mean[1]:item())
    assert.is_false(net.is_training)
    assert.are.equal(0.1, net[1].momentum)
    local k = 0
    swa_utils.update_bn(function()
      k = k + 1
      return batches[k]
    end, net)
    assert.are.equal(2, net[1].num_batches_tracked:item())
  end)
end)

describe("EMA", function()
  it("follows the weights, changes places with them and comes back", function()
    local net <const> = layer(1)
    local ema <const> = optim.EMA(net, { decay = 0.5 })
    set(net, 3)
    ema:update()
    set(net, 4)
    ema:update()
    do
      local _ <close> = ema:swap()
      near(3, net.weight:item())
      near(-3, net.bias:item())
      assert.error_matches(function() ema:update() end, "restore%(%) first")
      assert.error_matches(function() ema:swap() end, "restore%(%) first")
    end
    near(4, net.weight:item())
    ema:update()
    ema:swap()
    near(3.5, net.weight:item())
    ema:restore()
    ema:restore()
    near(4, net.weight:item())
    local other <const> = layer(0)
    ema:copy_to(other)
    near(3.5, other.weight:item())
    assert.are.equal("EMA(decay = 0.5), 2 tensors, 3 updates", tostring(ema))
  end)

  it("forgets early weights soon with warmup", function()
    local net <const> = layer(0)
    local ema <const> = optim.EMA(net, { decay = 0.9, warmup = true })
    set(net, 1)
    ema:update()
    do
      local _ <close> = ema:swap()
      near(1 - 2 / 11, net.weight:item())
    end
    for _ = 1, 200 do ema:update() end
    near(0.9, math.min(0.9, (1 + ema.updates) / (10 + ema.updates)))
  end)

  it("keeps floating buffers too", function()
    local net <const> = nn.BatchNorm1d(1)
    local ema <const> = optim.EMA(net, { decay = 0.5, use_buffers = true })
    net.running_mean:fill_(4)
    ema:update()
    local _ <close> = ema:swap()
    near(2, net.running_mean:item())
  end)

  it("goes on from a file", function()
    local net <const> = nn.Sequential(layer(1))
    local ema <const> = optim.EMA(net, { decay = 0.5 })
    set(net[1], 5)
    ema:update()
    local path <const> = os.tmpname()
    tocha.save(ema:state_dict(), path)
    local other <const> = optim.EMA(nn.Sequential(layer(0)))
    other:load_state_dict(tocha.load(path))
    os.remove(path)
    other:swap()
    near(3, other.model[1].weight:item())
    assert.are.equal(0.5, other.decay)
    assert.are.equal(1, other.updates)
  end)

  it("refuses what makes no sense", function()
    assert.error_matches(function() optim.EMA(3) end, "expected a module, got number")
    assert.error_matches(function() optim.EMA(layer(1), { decay = -1 }) end, "decay must be")
    local ema <const> = optim.EMA(layer(1))
    assert.error_matches(function() ema:load_state_dict {} end, "expected what state_dict")
    assert.error_matches(function()
      ema:load_state_dict { updates = 1, decay = 0.5, averages = { weight = tocha.ones(3) } }
    end, "'weight' is missing or of another shape")
  end)
end)
