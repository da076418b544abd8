-- tocha.optim against PyTorch (golden/model.lua), and what every optimiser does.

local tocha = require "tocha"
local golden = require "spec.golden.model"
local formula = require "spec.golden.formula"
local optim = tocha.optim

local fill <const>, checksum <const> = formula.fill, formula.checksum

local function parameters(dtype)
  return {
    fill({ 3, 5 }, 1):to(dtype):requires_grad_(), fill({ 7 }, 2):to(dtype):requires_grad_(),
  }
end

-- Steps first..last of the golden run.
local function run(optimiser, params, first, last)
  for step = first, last do
    for j, p in ipairs(params) do
      p.grad = (fill(p.shape, 3 * (step - 1) + j - 1) * 0.8):to(p.dtype)
    end
    optimiser:step()
  end
end

local function options_of(case) return load("return " .. case.options)() end

local function check(case, params, tolerance)
  for j, p in ipairs(params) do
    local off <const> = math.abs(checksum(p) - case.p[j])
    assert.is_true(off <= tolerance, ("parameter %d: expected %.17g, got %.17g"):format(j,
      case.p[j], checksum(p)))
  end
end

describe("as in PyTorch", function()
  for _, case in ipairs(golden.optimisers) do
    local title <const> = ("optim.%s%s"):format(case.name, case.options)

    it(title, function()
      local params <const> = parameters "float64"
      run(optim[case.name](params, options_of(case)), params, 1, 7)
      check(case, params, 1e-12)
    end)

    it(title .. " in float32", function()
      local params <const> = parameters "float32"
      run(optim[case.name](params, options_of(case)), params, 1, 7)
      check(case, params, 3e-6)
    end)

    it(title .. " goes on from its state dict", function()
      local params <const> = parameters "float64"
      local first <const> = optim[case.name](params, options_of(case))
      run(first, params, 1, 3)
      local path <const> = os.tmpname()
      tocha.save(first:state_dict(), path)
      local second <const> = optim[case.name](params, { lr = 77 })
      second:load_state_dict(tocha.load(path))
      os.remove(path)
      run(second, params, 4, 7)
      check(case, params, 1e-12)
    end)
  end
end)

describe("an optimiser", function()
  it("takes strided and large parameters, whatever the number of threads", function()
    local threads <const> = tocha.get_num_threads()
    local results <const> = {}
    for n = 1, 2 do
      tocha.set_num_threads(n)
      local base <const> = fill({ 300, 200 }, 1)
      local p <const> = base:transpose(1, 2):detach():requires_grad_()
      p.grad = fill({ 300, 200 }, 2):transpose(1, 2)
      local optimiser <const> = optim.Adam({ p }, { lr = 0.1, eps = 0 })
      for _ = 1, 3 do optimiser:step() end
      results[n] = base
      -- the gradient does not change: after bias correction every step is lr * sign(g)
      local expected <const> = fill({ 300, 200 }, 1) - fill({ 300, 200 }, 2):sign() * 0.3
      assert.is_true((base - expected):abs():max():item() < 1e-12)
    end
    tocha.set_num_threads(threads)
    assert.is_true((results[1] - results[2]):abs():max():item() == 0)
  end)

  it("has groups with options of their own", function()
    local a <const>, b <const>, c <const> = tocha.ones(1):requires_grad_(),
      tocha.ones(1):requires_grad_(), tocha.ones(1):requires_grad_()
    local optimiser <const> = optim.SGD({ { params = { a } }, { params = { b }, lr = 1 } },
      { lr = 0.5 })
    optimiser:add_param_group { params = c, lr = 0 }
    for _, p in ipairs { a, b, c } do p.grad = tocha.ones(1) end
    optimiser:step()
    assert.are.same({ 0.5, 0.0, 1.0 }, { a:item(), b:item(), c:item() })
    optimiser.param_groups[1].lr = 0.25
    optimiser:step()
    assert.are.equal(0.25, a:item())
  end)

  it("skips what has no gradient, and clears gradients", function()
    local a <const>, b <const> = tocha.ones(1):requires_grad_(), tocha.ones(1):requires_grad_()
    local optimiser <const> = optim.Adam { a, b }
    a.grad = tocha.ones(1)
    optimiser:step()
    assert.are.equal(1.0, b:item())
    assert.is_nil(optimiser.state[b])
    optimiser:zero_grad(false)
    assert.are.equal(0.0, a.grad:item())
    optimiser:zero_grad()
    assert.is_nil(a.grad)
  end)

  it("runs a closure with gradients on", function()
    local p <const> = tocha.tensor({ 3.0 }):requires_grad_()
    local optimiser <const> = optim.SGD({ p }, { lr = 0.1 })
    local _ <close> = tocha.no_grad()
    local loss <const> = optimiser:step(function()
      optimiser:zero_grad()
      local value <const> = (p * p):sum()
      value:backward()
      return value
    end)
    assert.are.equal(9.0, loss:item())
    assert.is_true(math.abs(p:item() - 2.4) < 1e-6)
  end)

  it("changes parameters under the tape's eyes", function()
    local p <const> = tocha.tensor({ 3.0 }):requires_grad_()
    local y <const> = (p * p):sum()
    p.grad = tocha.ones(1)
    optim.SGD({ p }, { lr = 0.1 }):step()
    assert.error_matches(function() y:backward() end, "in place")
  end)

  it("trains half-precision parameters", function()
    local p <const> = tocha.ones(4, { dtype = "bfloat16" }):requires_grad_()
    p.grad = tocha.ones(4, { dtype = "bfloat16" })
    optim.Adam({ p }, { lr = 0.5 }):step()
    assert.are.equal("bfloat16", p.dtype)
    assert.are.equal(0.5, p[1]:item())
  end)

  it("takes a module, one tensor or named parameters", function()
    local net <const> = tocha.nn.Conv2d(1, 2, 3)
    assert.are.equal(2, #optim.SGD(net).param_groups[1].params)
    assert.are.equal(1, #optim.SGD(net.weight).param_groups[1].params)
    assert.are.equal("w", optim.SGD({ { "w", net.weight } }).param_groups[1].param_names[1])
  end)

  it("refuses what makes no sense", function()
    local p <const> = tocha.ones(1):requires_grad_()
    local function refuses(pattern, f, ...)
      local args <const> = table.pack(...)
      assert.error_matches(function() f(table.unpack(args, 1, args.n)) end, pattern)
    end
    refuses("lr must be a number from 0", optim.SGD, { p }, { lr = -1 })
    refuses("weight_decay must be", optim.AdamW, { p }, { weight_decay = -1 })
    refuses("nesterov needs a momentum", optim.SGD, { p }, { nesterov = true })
    refuses("from 0 to below 1", optim.Adam, { p }, { betas = { 0.9, 1.0 } })
    refuses("unknown option 'learning_rate'", optim.Adam, { p }, { learning_rate = 1 })
    refuses("no parameters", optim.Adam, {})
    refuses("given twice", optim.Adam, { p, p })
    refuses("expected parameters", optim.Adam, { 3 })
    refuses("must be a leaf", optim.Adam, { p * 2 })
    refuses("unknown option 'rate'", optim.SGD, { { params = { p }, rate = 1 } })
    refuses("groups", function() optim.SGD({ p }):load_state_dict { state = {},
      param_groups = {} } end)
  end)

  it("refuses state of another shape", function()
    local p <const> = tocha.ones(3):requires_grad_()
    p.grad = tocha.ones(3)
    local optimiser <const> = optim.Adam { p }
    optimiser:step()
    for _, n in ipairs { 0, 2, 4 } do
      local dict <const> = optimiser:state_dict()
      dict.state[1] = { step = 1, exp_avg = tocha.zeros(n), exp_avg_sq = tocha.zeros(3) }
      local other <const> = optim.Adam { p }
      other:load_state_dict(dict)
      assert.error_matches(function() other:step() end, "tensor 1 has 3 elements")
    end
  end)

  it("prints its groups", function()
    local text <const> = tostring(optim.SGD({ tocha.ones(1):requires_grad_() }, 0.25))
    assert.is_truthy(text:find("group 1: 1 parameter in 1 tensor, lr = 0.25", 1, true))
  end)
end)
