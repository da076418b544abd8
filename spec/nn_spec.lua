-- tocha.nn: layers and losses against PyTorch (golden/model.lua), and what a module can do.

local tocha = require "tocha"
local golden = require "spec.golden.model"
local nn = tocha.nn

-- ---- the formula that golden/model.py uses too --------------------------------------------------

local fill <const> = require "spec.golden.formula".fill
local checksum <const>, weights <const> = require "spec.golden.formula".checksum,
  require "spec.golden.formula".weights

local MAKE <const> = {
  float = function(j, shape) return fill(shape, j):requires_grad_() end,
  prob = function(j, shape) return (fill(shape, j) * 0.4 + 0.5):detach():requires_grad_() end,
  ids = function(_, most, shape)
    local n = 1
    for _, size in ipairs(shape) do n = n * size end
    return ((tocha.arange(0, n - 1) * 7):remainder(most) + 1):to("int64"):reshape(shape)
  end,
  sign = function(j, shape) return tocha.where(fill(shape, j):lt(0), -1.0, 1.0):to "float64" end,
  target = function(j, shape) return fill(shape, j) end,
  target_prob = function(j, shape) return fill(shape, j) * 0.4 + 0.5 end,
  log_softmax = function(j, shape) return fill(shape,
    j):log_softmax(-1):detach():requires_grad_() end,
}

local function make_input(spec, j) return MAKE[spec[1]](j, table.unpack(spec, 2)) end

-- PyTorch's gradient of hardsigmoid has 1/6 as a float32, in float64 too.
local LOOSE <const> = { ["Hardsigmoid()"] = 1e-7 }

local function near(expected, got, what, tolerance)
  local room <const> = (tolerance or 1e-10) * math.max(1, math.abs(expected))
  assert.is_true(math.abs(expected - got) <= room, ("%s: expected %.17g, got %.17g"):format(what,
    expected, got))
end

local function set_parameters(module, names)
  local _ <close> = tocha.no_grad()
  local j = 0
  for name, p in module:named_parameters() do
    j = j + 1
    assert.are.equal(names[j], name)
    p:copy_(fill(p.shape, j))
  end
  assert.are.equal(#names, j)
end

local function build(code)
  return assert(load("local nn, tocha = ... return " .. "nn." .. code))(nn, tocha):double()
end

local function check_case(case)
  local module <const>, inputs, wanted = build(case.code), {}, {}
  for j, spec in ipairs(case.inputs) do
    inputs[j] = make_input(spec, j + 9)
    if inputs[j].requires_grad then wanted[#wanted + 1] = inputs[j] end
  end
  set_parameters(module, case.names)
  local y <const> = module(table.unpack(inputs))
  assert.are.same(case.shape, y.shape)
  near(case.y, checksum(y), "output")
  local flat <const> = y:reshape { -1 }
  ;(flat * weights(flat:numel())):sum():backward()
  for _, p in ipairs(module:parameters()) do wanted[#wanted + 1] = p end
  for k, x in ipairs(wanted) do
    near(case.grads[k], checksum(x.grad), "gradient " .. k, LOOSE[case.code])
  end
  local state <const> = module:state_dict()
  for name, expected in pairs(case.buffers) do near(expected, checksum(state[name]), name) end
end

describe("as in PyTorch", function()
  for _, case in ipairs(golden.layers) do
    it(case.code, function() check_case(case) end)
  end
end)

describe("every layer that is one operation", function()
  local registry = require "tocha.op"
  local signature = require "tocha.signature"

  local function takes(decl, name)
    for _, param in ipairs(decl.params) do
      if param.name == name then return true end
    end
    return false
  end

  for name, class in pairs(nn) do
    local op <const> = type(class) == "table" and rawget(class, "op")
    if op then
      it(name, function()
        local decl <const> = assert(registry.decl[op], op)
        for _, argument in ipairs(signature.parse(class.args).names) do
          if argument == "inplace" then
            assert.is_truthy(name:find "Dropout" or registry.methods[op .. "_"])
          else
            assert.is_true(takes(decl, argument), argument)
          end
        end
      end)
    end
  end

  it("finds the way back from a maximum", function()
    local pool <const>, unpool <const> = nn.MaxPool2d(2, { return_indices = true }),
      nn.MaxUnpool2d(2)
    local x <const> = tocha.arange(1, 16):reshape(1, 1, 4, 4):to "float32"
    local y, indices = pool(x)
    local back <const> = unpool(y, indices)
    assert.are.same({ { 0, 0, 0, 0 }, { 0, 6, 0, 8 }, { 0, 0, 0, 0 }, { 0, 14, 0, 16 } },
      back[1][1]:to("int64"):totable())
  end)

  it("makes a transposed convolution as large as asked", function()
    local layer <const> = nn.ConvTranspose2d(2, 3, 3, { stride = 2, padding = 1 })
    assert.are.same({ 1, 3, 9, 7 }, layer(tocha.ones(1, 2, 5, 4)).shape)
    assert.are.same({ 1, 3, 10, 7 }, layer(tocha.ones(1, 2, 5, 4), { 10, 7 }).shape)
    assert.error_matches(function() layer(tocha.ones(1, 2, 5, 4), { 11, 7 }) end,
      "possible are 9 to 10")
  end)
end)

describe("the demo network", function()
  -- float64: the same numbers up to rounding. float32: what ten steps make of rounding errors.
  local TOLERANCE <const> = { float64 = 1e-9, float32 = 1e-4 }

  local function demo()
    return nn.Sequential(
      nn.Conv2d(8, 3, { padding = 1 }), nn.BatchNorm2d(), nn.ReLU(),
      nn.Conv2d(16, 3, { padding = 1 }), nn.BatchNorm2d(), nn.ReLU(),
      nn.MaxPool2d(2), nn.Flatten(), nn.Linear(10))
  end

  local function batch(step, dtype)
    return fill({ 12, 1, 8, 8 }, 49 + step):to(dtype),
      (tocha.arange(0, 11) * 7 + (step - 1)):remainder(10):to "int64" + 1
  end

  for _, case in ipairs(golden.demo) do
    it(("has PyTorch's ten losses: %s, %s"):format(case.name, case.dtype), function()
      local net <const>, criterion <const> = demo():to(case.dtype), nn.CrossEntropyLoss()
      local options <const> = load("return " .. case.options)()
      net:eval()(batch(1, case.dtype))  -- sizes become known
      net:train()
      do
        local _ <close> = tocha.no_grad()
        for j, p in ipairs(net:parameters()) do p:copy_(fill(p.shape, j) * 0.2) end
      end
      local optimiser <const> = tocha.optim[case.name](net:parameters(), options)
      for step, expected in ipairs(case.losses) do
        local x, y = batch(step, case.dtype)
        optimiser:zero_grad()
        local loss = criterion(net(x), y)
        loss:backward()
        optimiser:step()
        local off <const> = math.abs(loss:item() - expected) / expected
        assert.is_true(off <= TOLERANCE[case.dtype],
          ("step %d: expected %.9g, got %.9g"):format(step, expected,
          loss:item()))
      end
    end)
  end
end)
