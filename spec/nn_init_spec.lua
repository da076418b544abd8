-- nn.init: ranges, identities, right angles.

local tocha = require "tocha"
local nn = tocha.nn
local same <const> = require "spec.modules".same

describe("nn.init", function()
  local function spread(x) return x:std():item() end

  it("draws from the right ranges", function()
    local x <const> = tocha.empty(200, 100)
    nn.init.kaiming_uniform_(x, math.sqrt(5))
    assert.is_true(x:abs():max():item() <= 0.1 and x:abs():max():item() > 0.0999)
    nn.init.xavier_uniform_(x)
    assert.is_true(x:abs():max():item() <= math.sqrt(6 / 300) and x:abs():max():item() > 0.14)
    nn.init.kaiming_normal_(x, 0, "fan_out", "relu")
    assert.is_true(math.abs(spread(x) - 0.1) < 0.002)
    nn.init.xavier_normal_(x, 2)
    assert.is_true(math.abs(spread(x) - 2 * math.sqrt(2 / 300)) < 0.003)
    nn.init.trunc_normal_(x, 0, 1, -1, 0.5)
    assert.is_true(x:min():item() >= -1 and x:max():item() <= 0.5)
    nn.init.sparse_(x, 0.3)
    assert.are.equal(60, 200 - x:select(2, 7):count_nonzero():item())
    assert.has_error(function() nn.init.xavier_normal_(tocha.ones(3)) end)
  end)

  it("makes identities and right angles", function()
    assert.is_true(same(nn.init.eye_(tocha.empty(3, 2)), tocha.eye(3, 2)))
    local conv <const> = nn.Conv2d(3, 3, 3, { padding = 1, bias = false })
    nn.init.dirac_(conv.weight)
    local x <const> = tocha.randn(1, 3, 4, 4)
    assert.is_true(same(conv(x), x))
    for _, shape in ipairs { { 4, 6 }, { 6, 4 } } do
      local q <const> = nn.init.orthogonal_(tocha.empty(shape))
      local gram <const> = shape[1] < shape[2] and q:matmul(q:transpose(1, 2)) or q:transpose(1,
        2):matmul(q)
      assert.is_true((gram - tocha.eye(4)):abs():max():item() < 1e-5)
    end
  end)

  it("passes channels on in groups", function()
    local conv <const> = nn.Conv1d(4, 4, 3, { padding = 1, bias = false, groups = 2 })
    nn.init.dirac_(conv.weight, 2)
    local x <const> = tocha.randn(2, 4, 5)
    assert.is_true(same(conv(x), x))
    assert.error_matches(function() nn.init.dirac_(conv.weight, 3) end, "3 groups do not divide")
  end)

  it("takes options by name, and a generator", function()
    local x <const>, y <const> = tocha.empty(50, 40), tocha.empty(50, 40)
    tocha.manual_seed(1)
    local before <const> = tocha.get_rng_state()
    for name, options in pairs { uniform_ = { a = -2, b = -1 }, normal_ = { std = 3 },
      trunc_normal_ = { std = 0.5 }, xavier_uniform_ = {}, xavier_normal_ = { gain = 2 },
      kaiming_uniform_ = { mode = "fan_out" }, kaiming_normal_ = { nonlinearity = "relu" },
      orthogonal_ = { gain = 3 }, sparse_ = { sparsity = 0.2 } } do
      options.generator = 7
      assert.is_true(rawequal(x, nn.init[name](x, options)))
      assert.is_true(same(x, nn.init[name](y, options)), name)
      options.generator = 8
      assert.is_false(same(x, nn.init[name](y, options)), name)
    end
    assert.are.same(before, tocha.get_rng_state())
    local state <const> = { seed = 7 }
    nn.init.normal_(x, { generator = state })
    nn.init.normal_(y, { generator = state })
    assert.is_false(same(x, y))
    assert.is_true(same(x, nn.init.normal_(y, 0, 1, 7)))
    nn.init.uniform_(x, { a = 5, b = 6 })
    assert.is_true(x:min():item() >= 5 and x:max():item() <= 6)
  end)

  it("knows the gains and says what is wrong", function()
    assert.are.equal(5 / 3, nn.init.calculate_gain "tanh")
    assert.are.equal(math.sqrt(2 / 1.04), nn.init.calculate_gain("leaky_relu", 0.2))
    assert.error_matches(function() nn.init.calculate_gain "sine" end, "unknown nonlinearity")
    assert.error_matches(function() nn.init.normal_(3) end, "expected a tensor, got number")
    assert.error_matches(function() nn.init.eye_(tocha.ones(2)) end, "expected a matrix")
    assert.error_matches(function() nn.init.kaiming_normal_(tocha.ones(2, 2), 0, "fan") end,
      "expected 'fan_in' or 'fan_out'")
    assert.error_matches(function() nn.init.constant_(tocha.ones(2)) end, "'val' is missing")
    assert.error_matches(function() nn.init.normal_(tocha.ones(2), { sd = 1 }) end,
      "unknown option 'sd'")
    assert.are.equal(7.0, nn.init.constant_(tocha.ones(2), 7):max():item())
  end)

  it("is off the tape", function()
    local p <const> = nn.Parameter(tocha.ones(3, 3))
    for _, name in ipairs { "zeros_", "orthogonal_", "xavier_normal_" } do nn.init[name](p) end
    assert.is_true(p:is_leaf() and p.requires_grad)
  end)

  it("gives layers PyTorch's default ranges", function()
    local layer <const> = nn.Conv2d(8, 64, 3)
    local bound <const> = 1 / math.sqrt(72)
    for _, p in ipairs(layer:parameters()) do
      assert.is_true(p:abs():max():item() <= bound and p:abs():max():item() > 0.9 * bound)
      assert.is_true(p.requires_grad)
    end
    assert.is_true(math.abs(spread(nn.Embedding(100, 50).weight) - 1) < 0.05)
  end)
end)
