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

-- Every optimiser that takes its steps from the gradients alone.
local ALL <const> = {
  "SGD", "ASGD", "Rprop", "Adam", "AdamW", "AMSGrad", "Adamax", "NAdam", "RAdam", "RMSprop",
  "Adagrad", "Adadelta", "Lion", "LAMB", "Adafactor", "Muon",
}

-- Large, strided, small and many; Muon takes matrices only.
local function mixed_parameters(name)
  local list <const> = { fill({ 300, 200 }, 1):transpose(1, 2), fill({ 90, 100 }, 2) }
  for k = 1, name == "Muon" and 2 or 40 do
    list[#list + 1] = fill(name == "Muon" and { 3, k } or { k }, k):to "float32"
  end
  for k, p in ipairs(list) do list[k] = p:detach():requires_grad_() end
  return list
end

local function take_steps(name, n)
  local params <const> = mixed_parameters(name)
  local optimizer <const> = optim[name](params)
  for step = 1, n do
    for k, p in ipairs(params) do
      p.grad = fill(p.shape, 7 * step + k):to(p.dtype):t():contiguous():t()
    end
    optimizer:step()
  end
  return params
end

describe("every optimiser", function()
  for _, name in ipairs(ALL) do
    it("computes the same on any number of threads: " .. name, function()
      local threads <const> = tocha.get_num_threads()
      local results <const> = {}
      for n = 1, 2 do
        tocha.set_num_threads(n)
        results[n] = take_steps(name, 3)
      end
      tocha.set_num_threads(threads)
      for k, p in ipairs(results[1]) do
        assert.is_true(p:equal(results[2][k]))
        assert.is_true(p:isfinite():all():item())
      end
    end)

    it("updates one tensor as it does many: " .. name, function()
      local together <const> = take_steps(name, 2)
      for k, p in ipairs(mixed_parameters(name)) do
        if k < 8 then
          local optimizer <const> = optim[name]({ p })
          for step = 1, 2 do
            p.grad = fill(p.shape, 7 * step + k):to(p.dtype)
            optimizer:step()
          end
          assert.is_true(p:equal(together[k]), "parameter " .. k)
        end
      end
    end)

    it("takes half precision: " .. name, function()
      local shape <const> = name == "Muon" and { 3, 4 } or { 12 }
      for _, dtype in ipairs { "bfloat16", "float16" } do
        local p <const> = fill(shape, 1):to(dtype):requires_grad_()
        local q <const> = fill(shape, 1):to(dtype):to("float64"):requires_grad_()
        p.grad = fill(shape, 2):to(dtype)
        q.grad = p.grad:to "float64"
        optim[name]({ p }, { lr = 0.1 }):step()
        optim[name]({ q }, { lr = 0.1 }):step()
        assert.are.equal(dtype, p.dtype)
        local off <const> = (p:to "float64" - q):abs():max():item()
        assert.is_true(off < (dtype == "bfloat16" and 1e-2 or 2e-3), tostring(off))
      end
    end)

    it("prints itself, and takes empty parameters: " .. name, function()
      local p <const> = tocha.zeros({ 0, 3 }):requires_grad_()
      p.grad = tocha.zeros(0, 3)
      local optimizer <const> = optim[name]({ p })
      optimizer:step()
      local start <const> = name .. "(\n  group 1: 0 parameters in 1 tensor, lr = "
      assert.are.equal(start, tostring(optimizer):sub(1, #start))
    end)
  end

  it("is the same by name and by option", function()
    local a <const>, b <const> = fill({ 5 }, 1):requires_grad_(), fill({ 5 }, 1):requires_grad_()
    local one <const>, two <const> = optim.AMSGrad({ a }), optim.Adam({ b }, { amsgrad = true })
    for step = 1, 3 do
      a.grad, b.grad = fill({ 5 }, step), fill({ 5 }, step)
      one:step()
      two:step()
    end
    assert.is_true(a:equal(b))
  end)
end)

describe("an optimiser", function()
  it("has groups with options of their own", function()
    local a <const>, b <const>, c <const> = tocha.ones(1):requires_grad_(),
      tocha.ones(1):requires_grad_(), tocha.ones(1):requires_grad_()
    local optimiser <const> = optim.SGD({ { params = { a }, name = "first" },
      { params = { b }, lr = 1 } }, { lr = 0.5 })
    assert.are.equal("first", optimiser.param_groups[1].name)
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

  it("counts the steps of each parameter apart", function()
    local a <const>, b <const> = tocha.ones(1):requires_grad_(), tocha.ones(1):requires_grad_()
    local c <const> = tocha.ones(1):requires_grad_()
    local optimizer <const> = optim.Adam({ a, b })
    a.grad = tocha.ones(1)
    optimizer:step()
    b.grad = tocha.ones(1)
    optimizer:step()
    local alone <const> = optim.Adam({ c })
    c.grad = tocha.ones(1)
    alone:step()
    assert.are.equal(c:item(), b:item())
    assert.are.equal(2, optimizer.state[a].step)
    assert.are.equal(1, optimizer.state[b].step)
  end)

  it("runs hooks around a step, and around saving", function()
    local p <const> = tocha.ones(1):requires_grad_()
    local optimizer <const>, seen <const> = optim.SGD({ p }, { lr = 1 }), {}
    local function note(name)
      return function(o) seen[#seen + 1] = o == optimizer and name or "another" end
    end
    local before <const> = optimizer:register_step_pre_hook(note "before")
    optimizer:register_step_post_hook(note "after")
    optimizer:register_state_dict_post_hook(function(_, dict) dict.note = 7 end)
    optimizer:register_load_state_dict_pre_hook(function(_, dict) return dict.inner end)
    optimizer:step()
    before.remove()
    optimizer:step(function() seen[#seen + 1] = "closure" end)
    assert.are.same({ "before", "after", "closure", "after" }, seen)
    local dict <const> = optimizer:state_dict()
    assert.are.equal(7, dict.note)
    dict.param_groups[1].lr = 3
    optimizer:load_state_dict { inner = dict }
    assert.are.equal(3, optimizer.param_groups[1].lr)
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
    refuses("unknown option 'rate'", function() optim.SGD({ p }):add_param_group { rate = 1 } end)
  end)

  local function needs(pattern, code)
    it("refuses " .. code, function()
      local p <const> = tocha.ones(2, 2):requires_grad_()
      local env <const> = setmetatable({ p = p, tocha = tocha }, { __index = optim })
      assert.error_matches(load("return " .. code, "=code", "t", env), pattern, nil, true)
    end)
  end
  for _, name in ipairs(ALL) do
    needs("lr must be a number from 0", name .. "({p}, {lr = 0/0})")
    needs("lr must be a number from 0", name .. "({p}, {lr = '1'})")
    needs("unknown option 'foo'", name .. "({p}, {foo = 1})")
    if name ~= "Rprop" then
      needs("weight_decay must be a number", name .. "({p}, {weight_decay = -1})")
    end
    if name ~= "Muon" then
      needs("expected true or false, got number", name .. "({p}, {maximize = 1})")
    end
  end
  for _, name in ipairs { "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Lion", "LAMB" } do
    needs("betas must be a list of two numbers, got 0.9", name .. "({p}, {betas = 0.9})")
    needs("betas must be a list of two numbers, got {0.9}", name .. "({p}, {betas = {0.9}})")
    needs("betas[2] must be a number from 0 to below 1, got 1", name .. "({p}, {betas = {0, 1}})")
  end
  needs("momentum must be a number from 0, got -1", "SGD({p}, {momentum = -1})")
  needs("dampening must be a number", "SGD({p}, {momentum = 1, dampening = {}})")
  needs("momentum must be", "RMSprop({p}, {momentum = 0/0})")
  needs("alpha must be", "ASGD({p}, {alpha = -1})")
  needs("etas must be below and above 1, got {1.5, 2}", "Rprop({p}, {etas = {1.5, 2}})")
  needs("step_sizes must be a list", "Rprop({p}, {step_sizes = 3})")
  needs("rho must be a number", "Adadelta({p}, {rho = 1.5})")
  needs("momentum_decay must be", "NAdam({p}, {momentum_decay = -1})")
  needs("beta2_decay must be", "Adafactor({p}, {beta2_decay = 1})")
  needs("d must be a number from 1", "Adafactor({p}, {d = 0.5})")
  needs("eps[2] must be a number from 0", "Adafactor({p}, {eps = {false, -1}})")
  needs("eps must be a list of two numbers", "Adafactor({p}, {eps = 1})")
  needs("two dimensions, got a (3) tensor", "Muon({tocha.ones(3):requires_grad_()})")
  needs("adjust_lr_fn must be original", "Muon({p}, {adjust_lr_fn = 'none'})")
  needs("ns_steps must be below 100", "Muon({p}, {ns_steps = 100})")
  needs("ns_coefficients must be a list of three", "Muon({p}, {ns_coefficients = {1, 2}})")
  needs("max_iter must be an integer from 1", "LBFGS({p}, {max_iter = 0})")
  needs("max_iter must be an integer", "CG({p}, {max_iter = 2.5})")
  needs("history_size must be", "LBFGS({p}, {history_size = 0})")
  needs("line_search_fn must be strong_wolfe, got \"wolfe\"",
    "LBFGS({p}, {line_search_fn = 'wolfe'})")
  needs("takes one group", "LBFGS({{params = {p}}, {params = {tocha.ones(1):requires_grad_()}}})")
  needs("step(closure) needs a function", "LBFGS({p}):step()")
  needs("the closure must return the loss, got nil", "CG({p}):step(function() end)")
  needs("expected a group, { params = ... }, got number", "SGD({p}):add_param_group(3)")
  needs("a group needs 'params'", "SGD({p}):add_param_group {lr = 3}")
  needs("expected what state_dict() returned", "SGD({p}):load_state_dict(3)")
  needs("expected what state_dict() returned", "SGD({p}):load_state_dict {state = {}}")
  needs("it has 0 parameter groups, the optimiser 1",
    "SGD({p}):load_state_dict {state = {}, param_groups = {}}")
  needs("its group 1 is no table", "SGD({p}):load_state_dict {state = {}, param_groups = {{}}}")
  needs("has 2 parameters, the optimiser's 1",
    "SGD({p}):load_state_dict {state = {}, param_groups = {{params = {1, 2}}}}")
  needs("the state of parameter 1 is no table",
    "SGD({p}):load_state_dict {state = {3}, param_groups = {{params = {1}}}}")
  needs("lr must be a number",
    "SGD({p}):load_state_dict {state = {}, param_groups = {{params = {1}, lr = 'a'}}}")

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

  it("takes modules as groups, and says what a group is", function()
    local head <const>, base <const> = tocha.nn.Linear(2, 2), tocha.nn.Linear(3, 3)
    local sgd <const> = optim.SGD({ { params = head }, { params = base, lr = 0.1 } }, { lr = 1 })
    assert.are.same({ 2, 2 }, { #sgd.param_groups[1].params, #sgd.param_groups[2].params })
    for _, wrong in ipairs { 3, tocha.nn.Linear(2, 2):parameters() } do
      assert.error_matches(function() sgd:add_param_group(wrong) end, "expected a group, ")
    end
  end)
end)
