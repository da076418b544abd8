-- optim.find_lr: the curve, the suggestion, and that nothing has changed.

local tocha = require "tocha"
local nn, optim = tocha.nn, tocha.optim

-- A line to learn, in batches of 20.
local function line()
  tocha.manual_seed(3)
  local x <const> = tocha.randn(200, 3)
  local y <const> = x:matmul(tocha.tensor { { 1.0 }, { -2.0 }, { 0.5 } })
  local batches <const> = {}
  for k = 1, 10 do batches[k] = { x:narrow(1, 20 * k - 19, 20), y:narrow(1, 20 * k - 19, 20) } end
  return batches
end

local function network()
  return nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.1), nn.Linear(3, 1))
end

local function snapshot(net)
  local copies <const> = {}
  for name, x in pairs(net:state_dict()) do copies[name] = x:clone() end
  return copies
end

local function same(net, copies)
  for name, x in pairs(net:state_dict()) do
    if not x:equal(copies[name]) then return false end
  end
  return true
end

describe("find_lr", function()
  it("finds a rate that learns, below those that diverge", function()
    local net <const> = nn.Linear(3, 1)
    local found <const> = optim.find_lr(net, nn.MSELoss(), line(), optim.SGD(net),
      { start_lr = 1e-4, end_lr = 100 })
    assert.is_true(found.diverged)
    assert.is_true(#found.lrs < 100)
    assert.are.equal(#found.lrs, #found.losses)
    assert.are.equal(#found.lrs, #found.raw)
    assert.is_true(found.suggestion == found.steepest and found.steepest > 1e-3)
    assert.is_true(found.steepest < found.minimum and found.minimum < 2)
    assert.is_true(found.valley > 1e-4 and found.valley < found.minimum)
    local optimizer <const> = optim.SGD(net, { lr = found.suggestion })
    local loss
    for _ = 1, 10 do
      for _, batch in ipairs(line()) do
        optimizer:zero_grad()
        loss = nn.functional.mse_loss(net(batch[1]), batch[2])
        loss:backward()
        optimizer:step()
      end
    end
    assert.is_true(loss:item() < 0.3)
    assert.is_truthy(tostring(found):find "^LRFinder: %d+ rates from 0.0001 to .*, where it div")
  end)

  -- Losses that do not care about the model: 4, 4, 3, 4, 2, 1, 1.5, 2, 9.
  local function along(losses, options)
    local net <const>, k = nn.Linear(3, 1), 0
    options.start_lr, options.end_lr, options.num_iter = 1, 2 ^ (#losses - 1), #losses
    return optim.find_lr(net, function(y)
      k = k + 1
      return y:sum() * 0 + losses[k]
    end, line(), optim.SGD(net), options)
  end

  it("suggests by the curve", function()
    local found <const> = along({ 4, 4, 3, 4, 2, 1, 1.5, 2, 9 }, { smooth = 0, diverge = 5 })
    assert.is_true(found.diverged)
    assert.are.same({ 4, 4, 3, 4, 2, 1, 1.5, 2, 9 }, found.losses)
    assert.is_true(math.abs(found.steepest - 16) < 1e-9)  -- from 4 to 1 around the fifth
    assert.is_true(math.abs(found.minimum - 32) < 1e-9)
    -- 4, 3, 2, 1 fall, to the sixth, from the second: a third and a half of a third into them
    assert.is_true(math.abs(found.valley - 2 ^ 2) < 1e-9)
    assert.is_nil(along({ 1, 2, 3, 4 }, { smooth = 0 }).steepest)
  end)

  it("smooths from both ends", function()
    local losses <const> = along({ 8, 0, 4 }, { smooth = 0.5 }).losses
    local up <const> = { 8, 8 / 3, (0.25 * 8 + 0.5 * 0 + 4) / 1.75 }
    local down <const> = { (0.25 * 4 + 8) / 1.75, 0.5 * 4 / 1.5, 4 }
    for k = 1, 3 do assert.is_true(math.abs(losses[k] - (up[k] + down[k]) / 2) < 1e-6) end
  end)

  it("grows the rates by factors or by steps, from one end to the other", function()
    local net <const> = nn.Linear(3, 1)
    local function rates(options)
      options.diverge = 1e30
      return optim.find_lr(net, nn.MSELoss(), line(), optim.SGD(net), options).lrs
    end
    local by_factors <const> = rates { start_lr = 1e-3, end_lr = 1e-1, num_iter = 3 }
    assert.are.equal(3, #by_factors)
    assert.is_true(math.abs(by_factors[2] - 1e-2) < 1e-12)
    local by_steps <const> = rates { start_lr = 1, end_lr = 2, num_iter = 5, step_mode = "linear" }
    assert.are.same({ 1, 1.25, 1.5, 1.75, 2 }, by_steps)
  end)

  it("leaves model and optimiser as they were", function()
    for _, break_at in ipairs { 0, 7 } do
      local net <const> = network()
      local optimizer <const> = optim.Adam({
        { params = net[1]:parameters(), lr = 0.2 }, { params = net[3]:parameters() } })
      local data <const>, criterion <const> = line(), nn.MSELoss()
      criterion(net(data[1][1]), data[1][2]):backward()
      optimizer:step()
      net:eval()
      net[1]:train()
      local before <const>, g <const> = snapshot(net), net[3].weight.grad
      local state <const> = optimizer.state[net[3].weight]
      local exp_avg <const>, calls = state.exp_avg:clone(), 0
      local function loss(...)
        calls = calls + 1
        if calls == break_at then error "the loss is broken" end
        return criterion(...)
      end
      local ok <const>, message <const> = pcall(optim.find_lr, net, loss, data, optimizer,
        { num_iter = 20, end_lr = 0.1 })
      assert.are.equal(break_at == 0, ok)
      if not ok then assert.is_truthy(message:find "the loss is broken") end
      assert.are.equal(break_at == 0 and 20 or 7, calls)
      assert.is_true(same(net, before))
      assert.are.equal(g, net[3].weight.grad)
      assert.is_true(net[1].is_training and not net[2].is_training and not net.is_training)
      assert.are.same({ 0.2, 0.001 },
        { optimizer.param_groups[1].lr, optimizer.param_groups[2].lr })
      assert.are.equal(state, optimizer.state[net[3].weight])
      assert.are.equal(1, state.step)
      assert.is_true(state.exp_avg:equal(exp_avg))
    end
  end)

  it("keeps the proportions of the groups", function()
    local net <const>, seen <const> = network(), {}
    local optimizer <const> = optim.SGD({
      { params = net[1]:parameters(), lr = 0.2 }, { params = net[3]:parameters(), lr = 0.1 } })
    optimizer:register_step_pre_hook(function(o)
      seen[#seen + 1] = o.param_groups[2].lr / o.param_groups[1].lr
    end)
    optim.find_lr(net, nn.MSELoss(), line(), optimizer, { num_iter = 4, end_lr = 0.1 })
    assert.are.equal(4, #seen)
    for _, ratio in ipairs(seen) do assert.is_true(math.abs(ratio - 0.5) < 1e-12) end
  end)

  it("starts the data again, from a loader or a function too", function()
    local net <const> = nn.Linear(3, 1)
    local batch <const> = line()[1]
    local set <const> = tocha.data.TensorDataset(batch[1], batch[2])
    local function run(data)
      local options <const> = { num_iter = 9, end_lr = 1e-3 }
      return #optim.find_lr(net, nn.MSELoss(), data, optim.SGD(net), options).lrs
    end
    assert.are.equal(9, run(tocha.data.DataLoader(set, { batch_size = 6 })))
    assert.are.equal(9, run { batch })
    assert.are.equal(9, run(function() return batch[1], batch[2] end))
    assert.are.equal(9, run(function() return batch end))
    assert.error_matches(function() run {} end, "the data gave no batch")
  end)

  it("tells of a first loss that is no number", function()
    local net <const> = nn.Linear(3, 1)
    local found <const> = optim.find_lr(net, function(y) return y:sum() / 0 * 0 end, line(),
      optim.SGD(net))
    assert.is_true(found.diverged)
    assert.are.equal(0, #found.lrs)
    assert.is_nil(found.suggestion)
    assert.are.equal("LRFinder: the first loss was not a finite number", tostring(found))
  end)

  it("refuses what makes no sense", function()
    local net <const> = nn.Linear(3, 1)
    local function refuses(pattern, ...)
      local args <const> = table.pack(...)
      assert.error_matches(function() optim.find_lr(table.unpack(args, 1, args.n)) end, pattern)
    end
    local loss <const>, o <const> = nn.MSELoss(), optim.SGD(net)
    refuses("argument 1: expected a module", 3, loss, {}, o)
    refuses("argument 2: expected a loss", net, 3, {}, o)
    refuses("argument 4: expected an optimiser", net, loss, {}, nil)
    refuses("end_lr must be a number above 0.1", net, loss, {}, o, { start_lr = 0.1, end_lr = 0.1 })
    refuses("start_lr must be a number above 0", net, loss, {}, o, { start_lr = 0 })
    refuses("num_iter must be an integer from 2", net, loss, {}, o, { num_iter = 1 })
    refuses("smooth must be a number", net, loss, {}, o, { smooth = 1 })
    refuses("diverge must be a number", net, loss, {}, o, { diverge = 0 })
    refuses("step_mode must be exp or linear", net, loss, {}, o, { step_mode = "log" })
    refuses("unknown option 'steps'", net, loss, {}, o, { steps = 3 })
  end)
end)
