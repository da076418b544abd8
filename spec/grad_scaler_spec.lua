-- The scaling of losses for float16: what is multiplied, what is left out, how the factor moves.
-- The expected factors are those of PyTorch 2.15's GradScaler for the same events.

local tocha = require "tocha"
local support = require "spec.support"

local fails_with <const> = support.fails_with

local function setup(options)
  local p <const> = tocha.tensor({ 1.0, 2.0 }):requires_grad_()
  return p, tocha.optim.SGD({ p }, { lr = 0.5 }), tocha.GradScaler(options)
end

describe("a gradient scaler", function()
  it("leaves a step as it would be without it", function()
    local p <const>, optimizer <const>, scaler <const> = setup()
    scaler:scale((p * p):sum()):backward()
    assert.same({ 2 * 65536.0, 4 * 65536.0 }, p.grad:tolist())
    scaler:step(optimizer)
    assert.same({ 0.0, 0.0 }, p:tolist())
    scaler:update()
    assert.equal(65536.0, scaler:get_scale())
  end)

  it("unscales before the step where it is asked to, and only once", function()
    local p <const>, optimizer <const>, scaler <const> = setup { init_scale = 8.0 }
    scaler:scale((p * p):sum()):backward()
    scaler:unscale_(optimizer)
    assert.same({ 2.0, 4.0 }, p.grad:tolist())
    fails_with("unscaled already", scaler.unscale_, scaler, optimizer)
    scaler:step(optimizer)
    assert.same({ 0.0, 0.0 }, p:tolist())
  end)

  for name, value in pairs { infinity = math.huge, NaN = 0 / 0 } do
    it("leaves the step out and halves the factor at " .. name, function()
      local p <const>, optimizer <const>, scaler <const> = setup { init_scale = 8.0 }
      p.grad = tocha.tensor { 1.0, value }
      scaler:step(optimizer)
      assert.same({ 1.0, 2.0 }, p:tolist())
      scaler:update()
      assert.equal(4.0, scaler:get_scale())
    end)
  end

  it("raises the factor after so many good steps in a row", function()
    local p <const>, optimizer <const>, scaler <const> =
      setup { init_scale = 2.0, growth_interval = 2, growth_factor = 4.0 }
    local seen <const> = {}
    for k = 1, 6 do
      p.grad = tocha.tensor { 0.0, k == 2 and math.huge or 0.0 }
      scaler:step(optimizer)
      scaler:update()
      seen[k] = scaler:get_scale()
    end
    assert.same({ 2.0, 1.0, 1.0, 4.0, 4.0, 16.0 }, seen)
  end)

  it("takes one bad optimiser for all at the update", function()
    local p <const>, optimizer <const>, scaler <const> = setup { init_scale = 8.0 }
    local q <const>, other <const> = setup()
    p.grad, q.grad = tocha.tensor { 8.0, 8.0 }, tocha.tensor { math.huge, 1.0 }
    scaler:step(optimizer)
    scaler:step(other)
    scaler:update()
    assert.same({ 0.5, 1.5 }, p:tolist())
    assert.same({ 1.0, 2.0 }, q:tolist())
    assert.equal(4.0, scaler:get_scale())
  end)

  it("is saved and loaded by PyTorch's names", function()
    local _, _, scaler <const> = setup { init_scale = 4.0, growth_interval = 7 }
    scaler.good_steps = 3
    local state <const> = scaler:state_dict()
    assert.same({ scale = 4.0, growth_factor = 2.0, backoff_factor = 0.5, growth_interval = 7,
      _growth_tracker = 3 }, state)
    local twin <const> = tocha.GradScaler()
    twin:load_state_dict(state)
    assert.same(state, twin:state_dict())
    fails_with("no number 'scale'", twin.load_state_dict, twin, { growth_factor = 1.0,
      backoff_factor = 1.0, growth_interval = 1, _growth_tracker = 1 })
  end)

  it("does nothing when it is not enabled", function()
    local p <const>, optimizer <const>, scaler <const> = setup { enabled = false }
    scaler:scale((p * p):sum()):backward()
    scaler:step(optimizer)
    scaler:update()
    assert.same({ 0.0, 0.0 }, p:tolist())
    assert.equal(1.0, scaler:get_scale())
  end)

  it("names a wrong option, and an update without a step", function()
    fails_with("unknown option 'scale'", tocha.GradScaler, { scale = 3 })
    fails_with("no step of an optimiser", function() tocha.GradScaler():update() end)
  end)
end)
