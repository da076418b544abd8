-- tocha.optim against PyTorch: parameters and states after twelve steps, ten losses of a small
-- network, descents with a closure (golden/optim.py, which says what the names mean).

local tocha = require "tocha"
local line_search = require "tocha.optim.line_search"
local formula = require "spec.golden.formula"
local optim = tocha.optim
local describe_cuda <const> = require "spec.cuda_support".suite(describe, pending)
local fill <const> = formula.fill

local golden <const> = tocha.io.safetensors.load "spec/golden/optim.safetensors"

-- kind -> "Class|options" -> { class, options, tensors by what they are }
local cases <const> = {}
local titles <const> = {}
for name, value in pairs(golden) do
  local kind <const>, class <const>, options <const>, what <const> =
    name:match "^(%a+)|(%w+)|([^|]*)|?(.*)$"
  local title <const> = table.concat({ kind, class .. options }, " ")
  if not cases[title] then
    cases[title] = { kind = kind, class = class, options = options, tensors = {} }
    titles[#titles + 1] = title
  end
  cases[title].tensors[what] = value
end
table.sort(titles)

local function options_of(case) return load("return " .. case.options)() end

-- Muon iterates in bfloat16, whose products may round the other way.
local function tolerance(case, dtype)
  if case.class == "Muon" then return 1e-5 end
  return dtype == "float64" and 1e-10 or 1e-5
end

local function check(expected, got, bar, what)
  assert.are.same(expected.shape, got.shape)
  local off <const> = (got:to "float64" - expected):abs() / (expected:abs() + 1)
  local worst <const> = off:max():item()
  assert.is_true(worst <= bar, ("%s: off by %.3g"):format(what, worst))
end

-- ---- steps with given gradients -----------------------------------------------------------------

local function parameters(case, dtype, device)
  local shapes <const> = case.class == "Muon" and { { 3, 5 }, { 6, 4 } }
    or { { 3, 5 }, { 7 }, { 2, 3, 2 } }
  local list <const> = {}
  for j, shape in ipairs(shapes) do list[j] = fill(shape, j):to(dtype, device):requires_grad_() end
  return list
end

local function make(case, params)
  if case.kind == "steps" then return optim[case.class](params, options_of(case)) end
  return optim[case.class]({
    { params = { params[1] } },
    { params = table.move(params, 2, #params, 1, {}), lr = 0.02, weight_decay = 0.1 },
  }, options_of(case))
end

-- Steps first..last, counted from 0.
local function run_steps(optimizer, params, first, last)
  for step = first, last do
    for j, p in ipairs(params) do
      p.grad = (fill(p.shape, 3 * step + j - 1) * 0.8):to(p.dtype, p.device)
    end
    optimizer:step()
  end
end

local function check_steps(case, optimizer, params, dtype)
  for what, expected in pairs(case.tensors) do
    local j <const> = tonumber(what:match "^p(%d)$")
    local got <const> = j and params[j] or optimizer.state[params[1]][what]
    check(expected, got:detach():cpu(), tolerance(case, dtype), what)
  end
end

local function steps_case(case, dtype, device)
  local params <const> = parameters(case, dtype, device)
  local optimizer <const> = make(case, params)
  run_steps(optimizer, params, 0, 11)
  check_steps(case, optimizer, params, dtype)
end

-- Saved in the middle, loaded into another: bit for bit as if it had not been.
local function resumed_case(case)
  local whole <const>, broken <const> = parameters(case, "float32"), parameters(case, "float32")
  local one <const>, two <const> = make(case, whole), make(case, broken)
  run_steps(one, whole, 0, 11)
  run_steps(two, broken, 0, 4)
  local path <const> = os.tmpname()
  tocha.save(two:state_dict(), path)
  local three <const> = make(case, broken)
  three:load_state_dict(tocha.load(path))
  os.remove(path)
  run_steps(three, broken, 5, 11)
  for j, p in ipairs(whole) do assert.is_true(p:equal(broken[j])) end
end

-- ---- losses -------------------------------------------------------------------------------------

local function network(dtype, device)
  local x <const>, y <const> = fill({ 20, 3 }, 1):to(dtype, device),
    fill({ 20, 2 }, 2):to(dtype, device)
  local params <const> = {}
  for j, shape in ipairs { { 8, 3 }, { 8 }, { 2, 8 }, { 2 } } do
    params[j] = (fill(shape, j + 2) * 0.5):to(dtype, device):requires_grad_()
  end
  local w1 <const>, b1 <const>, w2 <const>, b2 <const> = table.unpack(params)
  return params, function()
    return ((x:matmul(w1:t()) + b1):tanh():matmul(w2:t()) + b2 - y):square():mean()
  end
end

local function rosenbrock(dtype)
  local p <const> = tocha.tensor({ -1.2, 1.0 }, dtype):requires_grad_()
  return { p }, function() return (1 - p[1]) ^ 2 + 100 * (p[2] - p[1] ^ 2) ^ 2 end
end

local function losses_case(case, dtype, device)
  local params <const>, loss <const> = network(dtype, device)
  local optimizer <const> = optim[case.class](params, options_of(case))
  local seen <const> = {}
  for step = 1, 10 do
    optimizer:zero_grad()
    local value <const> = loss()
    value:backward()
    optimizer:step()
    seen[step] = value:item()
  end
  check(case.tensors[""], tocha.tensor(seen, "float64"), tolerance(case, dtype), "losses")
end

local function closure_of(optimizer, loss)
  return function()
    optimizer:zero_grad()
    local value <const> = loss()
    value:backward()
    return value
  end
end

local function descent_case(case, dtype)
  local params <const>, loss <const> =
    (case.kind == "rosenbrock" and rosenbrock or network)(dtype)
  local optimizer <const> = optim[case.class](params, options_of(case))
  local seen <const> = {}
  for step = 1, 10 do seen[step] = optimizer:step(closure_of(optimizer, loss)):item() end
  local n <const> = dtype == "float64" and 8 or 2  -- rounding sends later steps elsewhere
  check(case.tensors[""]:narrow(1, 1, n), tocha.tensor({ table.unpack(seen, 1, n) }, "float64"),
    tolerance(case, dtype), "losses")
  if dtype == "float32" then return end
  local all <const> = { tocha.tensor(seen, "float64") }
  for _, p in ipairs(params) do all[#all + 1] = p:detach():reshape { -1 } end
  local state <const> = optimizer.state[params[1]]
  if case.class == "LBFGS" then
    all[#all + 1] = tocha.tensor({ state.func_evals, state.n_iter }, "float64")
  end
  check(case.tensors[""], tocha.cat(all), 1e-8, "all")
end

-- Saved after four steps of ten, loaded into another: the same as unbroken.
local function resumed_descent(case)
  local losses <const> = {}
  for _, break_at in ipairs { 0, 4 } do
    local params <const>, loss <const> =
      (case.kind == "rosenbrock" and rosenbrock or network) "float32"
    local optimizer = optim[case.class](params, options_of(case))
    for step = 1, 10 do
      local value <const> = optimizer:step(closure_of(optimizer, loss)):item()
      losses[step] = losses[step] or value
      assert.are.equal(losses[step], value)
      if step == break_at then
        local path <const> = os.tmpname()
        tocha.save(optimizer:state_dict(), path)
        optimizer = optim[case.class](params, options_of(case))
        optimizer:load_state_dict(tocha.load(path))
        os.remove(path)
      end
    end
  end
end

-- ---- line searches ------------------------------------------------------------------------------

local CURVES <const> = {
  thuente1 = function(a) return -a / (a * a + 2) end,
  thuente2 = function(a) return (a + 0.004) ^ 5 - 2 * (a + 0.004) ^ 4 end,
  yanai = function(a)
    return 0.99 * ((1 - a) ^ 2 + 1e-6):sqrt() + 0.01 * (a * a + 1e-6):sqrt() - 0.3 * a
  end,
  waves = function(a) return (3 * a + 1):cos() - 0.2 * a + 0.01 * a * a end,
  wall = function(a) return a:exp() - 3 * a end,
  kink = function(a) return (a - 0.7):abs() ^ 1.5 + 0.1 * (9 * a):sin() end,
}

local function wolfe_case(case)
  local evals = 0
  local function at(t)
    evals = evals + 1
    local a <const> = tocha.tensor(t + 0.0, "float64"):requires_grad_()
    local f <const> = CURVES[case.class](a)
    f:backward()
    return { t = t, f = f:item(), g = a.grad, slope = a.grad:item() }
  end
  local search <const>, start <const> = options_of(case), at(0)
  search.at, search.size, search.c1, search.tolerance_change = at, 1, 1e-4, 1e-9
  local found <const>, n <const> = line_search.strong_wolfe(search, start, search.t)
  assert.are.equal(evals - 1, n)
  check(case.tensors[""], tocha.tensor({ found.t, found.f, found.slope, n }, "float64"), 1e-9,
    "found")
end

-- ---- specs --------------------------------------------------------------------------------------

local RUN <const> = {
  steps = steps_case, groups = steps_case, losses = losses_case, rosenbrock = descent_case,
  regression = descent_case, wolfe = wolfe_case,
}

local RESUMED <const> = { [steps_case] = resumed_case, [descent_case] = resumed_descent }

describe("a line search", function()
  -- exp(x) - 3 x, and no number at all right of 2: both are walls, whatever the first step.
  for _, t in ipairs { 1000.0, 2.5 } do
    it("comes back from where the loss is no number, from " .. t, function()
      local function at(x)
        local f <const> = x > 2 and x < 3 and 0 / 0 or math.exp(x) - 3 * x
        return { t = x, f = f, slope = math.exp(x) - 3 }
      end
      local found <const> = line_search.strong_wolfe({ at = at, size = 1, c1 = 1e-4, c2 = 0.1,
        max_ls = 40, tolerance_change = 1e-9 }, at(0), t)
      assert.is_true(math.abs(found.slope) <= 0.1 * 2 and found.t > 0 and found.t < 2)
    end)
  end
end)

describe("as in PyTorch", function()
  it("there are cases", function() assert.is_true(#titles > 100) end)

  for _, title in ipairs(titles) do
    local case <const> = cases[title]
    for _, dtype in ipairs { "float64", RUN[case.kind] ~= wolfe_case and "float32" or nil } do
      it(title .. " in " .. dtype, function() RUN[case.kind](case, dtype) end)
    end
    local resumed <const> = RESUMED[RUN[case.kind]]
    if resumed then it(title .. " goes on from a file", function() resumed(case) end) end
  end
end)

describe_cuda("on CUDA as in PyTorch", function()
  for _, title in ipairs(titles) do
    local case <const> = cases[title]
    local run <const> = RUN[case.kind]
    if run == steps_case or run == losses_case then
      for _, dtype in ipairs { "float64", "float32" } do
        it(title .. " in " .. dtype, function() run(case, dtype, "cuda") end)
      end
    end
  end
end)
