-- A step uses the batch of the step before where it is the same: never where it is not. It keeps no
-- gradient alive.

local tocha = require "tocha"

local function parameters(n)
  local list <const> = {}
  for k = 1, n do list[k] = tocha.nn.Parameter(tocha.arange(1, 4) * (0.1 * k)) end
  return list
end

local function give(params, seed)
  for k, p in ipairs(params) do p.grad = tocha.ones(4) * (0.01 * seed * k) end
end

-- Each parameter alone, in an optimiser of its own, is the definition.
local function same_as_alone(change)
  local together <const>, apart <const> = parameters(3), parameters(3)
  local all <const> = tocha.optim.Adam(together, { lr = 0.1 })
  local each <const> = {}
  for k, p in ipairs(apart) do each[k] = tocha.optim.Adam({ p }, { lr = 0.1 }) end
  for step = 1, 6 do
    give(together, step)
    give(apart, step)
    change(step, together, apart, all, each)
    all:step()
    for k, p in ipairs(apart) do
      if p.grad then each[k]:step() end
    end
  end
  for k, p in ipairs(together) do
    assert.same(apart[k]:detach():tolist(), p:detach():tolist())
  end
end

describe("the batch of an optimiser's step", function()
  it("is the same from step to step", function() same_as_alone(function() end) end)

  it("is another where a parameter has no gradient for a while", function()
    same_as_alone(function(step, together, apart)
      if step == 3 or step == 4 then together[2].grad, apart[2].grad = nil, nil end
    end)
  end)

  it("is another where a state was replaced", function()
    same_as_alone(function(step, together, apart, all, each)
      if step ~= 4 then return end
      all.state[together[1]], each[1].state[apart[1]] = nil, nil
    end)
  end)

  it("takes what is added to the group", function()
    local params <const> = parameters(3)
    local group <const> = { params = { params[1], params[2] } }
    local optimiser <const> = tocha.optim.SGD({ group }, { lr = 1 })
    give(params, 1)
    optimiser:step()
    table.insert(optimiser.param_groups[1].params, params[3])
    local before <const> = params[3]:detach():clone()
    optimiser:step()
    assert.is_false(tocha.equal(before, params[3]:detach()))
  end)

  it("keeps no gradient", function()
    local params <const> = parameters(2)
    local optimiser <const> = tocha.optim.SGD(params, { lr = 1 })
    give(params, 1)
    optimiser:step()
    local seen <const> = setmetatable({ params[1].grad }, { __mode = "v" })
    optimiser:zero_grad()
    collectgarbage()
    assert.is_nil(seen[1])
  end)
end)
