-- tocha.optim.lr_scheduler against PyTorch (golden/schedules.py), saving, and what it refuses.

local tocha = require "tocha"
local optim = tocha.optim
local lr_scheduler = optim.lr_scheduler

local function groups()
  local a <const>, b <const> = tocha.zeros(1):requires_grad_(), tocha.zeros(1):requires_grad_()
  return { { params = { a } }, { params = { b }, lr = 0.5 } }
end

local function sgd() return optim.SGD(groups(), { lr = 0.1, momentum = 0.9 }) end
local function adam() return optim.Adam(groups(), { lr = 0.1 }) end

-- The schedule of a golden line, and its optimiser.
local function make(code)
  local env <const> = setmetatable({ sgd = sgd(), adam = adam(), math = math },
    { __index = function(_, name) return lr_scheduler[name] or optim.swa_utils[name] end })
  local schedule <const> = assert(load("return " .. code, "=code", "t", env))()
  return schedule, schedule.optimizer
end

local function read_golden()
  local cases <const> = {}
  for line in io.lines "spec/golden/schedules.txt" do
    local code <const>, rest <const> = line:match "^(.-)\t(.*)$"
    local states <const> = {}
    for state in rest:gmatch "[^,]+" do
      local numbers <const> = {}
      for number in state:gmatch "%S+" do numbers[#numbers + 1] = tonumber(number) end
      states[#states + 1] = numbers
    end
    cases[#cases + 1] = { code = code, states = states }
  end
  return cases
end

local MEASURES <const> = { 1.0, 0.9, 0.95, 0.91, 0.92, 0.93, 0.8, 0.81, 0.82, 0.83 }
local function measure(t) return MEASURES[t % 10 + 1] / (1 + t // 25) end

local function advance(schedule, t)
  schedule:step(schedule:is(lr_scheduler.ReduceLROnPlateau) and measure(t) or nil)
end

local function numbers_of(optimizer, n)
  local group <const> = optimizer.param_groups[1]
  local all <const> = { group.lr, optimizer.param_groups[2].lr, group.momentum or group.betas[1] }
  return { table.unpack(all, 1, n) }
end

local function check(expected, got, where)
  for k, want in ipairs(expected) do
    local off <const> = math.abs(want - got[k])
    assert.is_true(off <= 1e-10 * math.max(math.abs(want), 1e-3),
      ("%s: expected %.17g, got %.17g"):format(where, want, got[k]))
  end
end

local cases <const> = read_golden()

describe("as in PyTorch", function()
  it("there are cases", function() assert.is_true(#cases > 40) end)

  for _, case in ipairs(cases) do
    it(case.code, function()
      local schedule <const>, optimizer <const> = make(case.code)
      for t, state in ipairs(case.states) do
        if t > 1 then advance(schedule, t - 2) end
        check(state, numbers_of(optimizer, #state), "step " .. t - 1)
        check({ state[1], state[2] }, schedule:get_last_lr(), "get_last_lr")
      end
    end)

    it(case.code .. " goes on from a file", function()
      local first <const>, before <const> = make(case.code)
      for t = 0, 22 do advance(first, t) end
      local path <const> = os.tmpname()
      tocha.save({ schedule = first:state_dict(), optimizer = before:state_dict() }, path)
      local second <const>, after <const> = make(case.code)
      local dict <const> = tocha.load(path)
      os.remove(path)
      after:load_state_dict(dict.optimizer)
      second:load_state_dict(dict.schedule)
      for t = 23, 59 do
        advance(first, t)
        advance(second, t)
        assert.are.same(numbers_of(before, 3), numbers_of(after, 3))
        assert.are.same(first:get_last_lr(), second:get_last_lr())
      end
    end)
  end
end)

describe("a schedule", function()
  it("is at any epoch", function()
    for _, code in ipairs {
      "StepLR(sgd, 7)", "MultiStepLR(sgd, {5, 20})", "ExponentialLR(sgd, 0.9)",
      "LinearLR(sgd, {total_iters = 20})", "PolynomialLR(sgd, 30)", "CosineAnnealingLR(sgd, 40)",
      "ConstantLR(sgd, 0.2, 11)", "CosineAnnealingWarmRestarts(sgd, 5, 2)",
    } do
      local walks <const>, one <const> = make(code)
      local jumps <const>, other <const> = make(code)
      for t = 1, 25 do
        walks:step()
        jumps:step(t)
        check(numbers_of(one, 2), numbers_of(other, 2), code)
      end
    end
  end)

  it("goes on from last_epoch", function()
    local optimizer <const> = sgd()
    local whole <const> = lr_scheduler.CosineAnnealingLR(optimizer, 30)
    for _ = 1, 10 do whole:step() end
    local after_10 <const> = whole:get_last_lr()
    local again <const> = lr_scheduler.CosineAnnealingLR(optimizer, 30, { last_epoch = 9 })
    assert.are.equal(10, again.last_epoch)
    check(after_10, again:get_last_lr(), "step 10")
    whole:step()
    for g, group in ipairs(optimizer.param_groups) do group.lr = after_10[g] end
    again:step()
    check(whole:get_last_lr(), again:get_last_lr(), "step 11")
  end)

  it("takes fractions of an epoch in warm restarts", function()
    local schedule <const> = lr_scheduler.CosineAnnealingWarmRestarts(sgd(), 4, 2)
    schedule:step(4 + 4 + 0.5)
    assert.are.equal(8, schedule.T_i)
    assert.are.equal(4.5, schedule.T_cur)
    assert.are.equal(8, schedule.last_epoch)
    schedule:step(13)  -- 4 and 8 are over, the third period has 16
    assert.are.equal(16, schedule.T_i)
    assert.are.equal(1, schedule.T_cur)
    schedule:step(3)
    assert.are.equal(4, schedule.T_i)
  end)

  it("holds schedules that hold schedules", function()
    local o <const> = sgd()
    local rise <const> = lr_scheduler.LinearLR(o, { start_factor = 0.5, total_iters = 2 })
    local chain <const> = lr_scheduler.ChainedScheduler { lr_scheduler.ExponentialLR(o, 0.5),
      lr_scheduler.ConstantLR(o, { factor = 0.5, total_iters = 1 }) }
    local all <const> = lr_scheduler.SequentialLR(o, { rise, chain }, { 3 })
    local seen <const> = { o.param_groups[2].lr }
    for t = 1, 6 do
      all:step()
      seen[t + 1] = o.param_groups[2].lr
    end
    assert.are.same({ 0.25, 0.375, 0.5, 0.25, 0.25, 0.125, 0.0625 }, seen)
  end)

  it("prints where it stands", function()
    local schedule <const> = lr_scheduler.StepLR(sgd(), 2)
    for _ = 1, 3 do schedule:step() end
    assert.are.equal("StepLR(2), step 3: lr = {0.01, 0.05}", tostring(schedule))
    assert.are.equal("ChainedScheduler(\n  StepLR(2), step 3: lr = {0.01, 0.05}\n)",
      tostring(lr_scheduler.ChainedScheduler { schedule }))
    local o <const> = sgd()
    local text <const> = tostring(lr_scheduler.SequentialLR(o,
      { lr_scheduler.LinearLR(o), lr_scheduler.StepLR(o, 9) }, { 5 }))
    assert.are.equal("SequentialLR(\n  LinearLR(), step 0: lr = {0.0333333, 0.166667}\n"
      .. "  from step 5: StepLR(9), step -1: lr = {0.0333333, 0.166667}\n)", text)
  end)
end)

describe("it refuses", function()
  local plain <const> = optim.Adagrad({ tocha.zeros(1):requires_grad_() })
  for code, pattern in pairs {
    ["StepLR(sgd, 0)"] = "step_size must be an integer from 1, got 0",
    ["StepLR(3, 1)"] = "expected an optimiser, got number",
    ["StepLR(sgd)"] = "'step_size' is missing",
    ["StepLR(sgd, 3, {gama = 1})"] = "unknown option 'gama'",
    ["StepLR(sgd, 3, {last_epoch = 4})"] = "needs initial_lr",
    ["MultiStepLR(sgd, 3)"] = "milestones must be a list",
    ["MultiStepLR(sgd, {1.5})"] = "milestones must be a list",
    ["ConstantLR(sgd, 2)"] = "factor must be a number from 0 to 1, got 2",
    ["LinearLR(sgd, 0)"] = "start_factor must be",
    ["LinearLR(sgd, 0/0)"] = "start_factor must be",
    ["ExponentialLR(sgd, '0.9')"] = "gamma must be a number",
    ["PolynomialLR(sgd, 0)"] = "total_iters must be",
    ["CosineAnnealingLR(sgd, 0)"] = "T_max must be",
    ["CosineAnnealingWarmRestarts(sgd, 1.5)"] = "T_0 must be an integer",
    ["CosineAnnealingWarmRestarts(sgd, 2):step(-1)"] = "epoch must be a number from 0",
    ["LambdaLR(sgd, 3)"] = "lr_lambda must be a function, got number",
    ["LambdaLR(sgd, {function() return 1 end})"] = "lr_lambda has 1 values, the optimiser has 2",
    ["CyclicLR(sgd, 0.1, 0.2, {mode = 'square'})"] = "mode must be one of triangular",
    ["CyclicLR(plain, 0.1, 0.2)"] = "neither momentum nor betas",
    ["OneCycleLR(sgd, 0.1)"] = "give total_steps, or epochs",
    ["OneCycleLR(sgd, 0.1, {epochs = 3})"] = "give total_steps, or epochs",
    ["OneCycleLR(sgd, 0.1, {total_steps = 10, pct_start = 2})"] = "pct_start must be",
    ["OneCycleLR(sgd, 0.1, {total_steps = 2.5})"] = "total_steps must be an integer",
    ["ReduceLROnPlateau(sgd, {factor = 1})"] = "factor must be below 1",
    ["ReduceLROnPlateau(sgd, {mode = 'low'})"] = "mode must be one of min, max",
    ["ReduceLROnPlateau(sgd):step()"] = "step%(measure%) expects a number, got nil",
    ["ChainedScheduler {}"] = "expected a list of schedules",
    ["ChainedScheduler {3}"] = "element 1 is no schedule",
    ["ChainedScheduler {StepLR(sgd, 1), StepLR(adam, 1)}"] = "element 2 belongs to another",
    ["ChainedScheduler {StepLR(sgd, 1), ReduceLROnPlateau(sgd)}"] = "needs a measure",
    ["SequentialLR(sgd, {StepLR(sgd, 1)}, {3})"] = "1 schedules need 0 milestones",
    ["SequentialLR(sgd, {StepLR(sgd, 1), StepLR(sgd, 1), StepLR(sgd, 1)}, {3, 2})"] = "do not fall",
    ["WarmupLinearLR(sgd, 5)"] = "'total_steps' is missing",
    ["WarmupLR(sgd, -1)"] = "warmup_steps must be",
    ["InverseSqrtLR(sgd, 1, 0)"] = "timescale must be",
    ["SWALR(sgd, 0.1, {anneal_strategy = 'log'})"] = "anneal_strategy must be one of",
    ["StepLR(sgd, 1):load_state_dict {last_epoch = {}}"] = "'last_epoch' is no state of a StepLR",
    ["StepLR(sgd, 1):load_state_dict {os = 1}"] = "'os' is no state",
    ["StepLR(sgd, 1):load_state_dict {optimizer = {}}"] = "'optimizer' is no state",
    ["StepLR(sgd, 1):load_state_dict(3)"] = "expected what state_dict",
  } do
    it(code, function()
      local env <const> = setmetatable({ sgd = sgd(), adam = adam(), plain = plain },
        { __index = function(_, name) return lr_scheduler[name] or optim.swa_utils[name] end })
      assert.error_matches(load("return " .. code, "=code", "t", env), pattern)
    end)
  end

  it("steps past the end of OneCycleLR", function()
    local schedule <const> = lr_scheduler.OneCycleLR(sgd(), 0.1, { total_steps = 3 })
    for _ = 1, 3 do schedule:step() end
    assert.error_matches(function() schedule:step() end, "the schedule has 3 steps")
  end)
end)

describe("a function that returns no number", function()
  it("is named", function()
    for _, name in ipairs { "LambdaLR", "MultiplicativeLR" } do
      local schedule <const> = lr_scheduler[name](sgd(), function(step) return step == 0 and 1 end)
      assert.error_matches(function() schedule:step() end, "lr_lambda returned boolean")
    end
  end)
end)
