-- nn.init: ranges, identities, right angles.

local tocha = require "tocha"
local nn = tocha.nn

local function same(a, b) return (a - b):abs():sum():item() == 0 end

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
