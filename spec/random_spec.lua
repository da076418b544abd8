-- Random numbers: the sequence, the distributions, the ranges.

local tocha = require "tocha"

local N <const> = 200000

local function moments(x)
  x = x:to "float64"
  return x:mean():item(), x:std():item()
end

local function assert_near(expected, got, tolerance)
  assert.is_true(math.abs(expected - got) <= tolerance, ("expected %g, got %g"):format(expected,
    got))
end

describe("the generator", function()
  -- Blocks of Philox 4x32-10 from the paper's test vectors: counter 0, key 0.
  it("is Philox", function()
    tocha.manual_seed(0)
    local words <const> = { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 }
    for k, u in ipairs(tocha.rand(4):totable()) do
      assert.equal((words[k] >> 8) / (1 << 24), u)
    end
  end)

  it("repeats itself under the same seed, and differs under another", function()
    tocha.manual_seed(5)
    local a, b = tocha.randn(100), tocha.randn(100)
    tocha.manual_seed(5)
    assert.is_true(tocha.randn(100):eq(a):all():item())
    assert.is_true(tocha.randn(100):eq(b):all():item())
    tocha.manual_seed(6)
    assert.is_false(tocha.randn(100):eq(a):all():item())
    assert.is_false(a:eq(b):any():item())
  end)

  it("gives the same numbers on one thread and on several", function()
    local threads <const> = tocha.get_num_threads()
    local function draw()
      tocha.manual_seed(1)
      return tocha.cat { tocha.rand(70001), tocha.randn(70001),
        tocha.randint(9, { 70001 }):to "float32" }
    end
    tocha.set_num_threads(1)
    local one = draw()
    tocha.set_num_threads(4)
    local four = draw()
    tocha.set_num_threads(threads)
    assert.is_true(one:eq(four):all():item())
  end)

  it("continues where a saved state was", function()
    local state = tocha.get_rng_state()
    local a = tocha.rand(10)
    tocha.set_rng_state(state)
    assert.is_true(tocha.rand(10):eq(a):all():item())
  end)
end)

describe("distributions", function()
  before_each(function() tocha.manual_seed(11) end)

  local EXPECTED <const> = {
    { "rand", function() return tocha.rand(N) end, 0.5, 0.2887 },
    { "rand float64", function() return tocha.rand(N, { dtype = "float64" }) end, 0.5, 0.2887 },
    { "rand float16", function() return tocha.rand(N, { dtype = "float16" }) end, 0.5, 0.2887 },
    { "randn", function() return tocha.randn(N) end, 0, 1 },
    { "randn float64", function() return tocha.randn(N, { dtype = "float64" }) end, 0, 1 },
    { "randint", function() return tocha.randint(1, 6, { N }) end, 3.5, 1.7078 },
    { "uniform_", function() return tocha.zeros(N):uniform_(-1, 3) end, 1, 1.1547 },
    { "normal_", function() return tocha.zeros(N):normal_(5, 2) end, 5, 2 },
    { "normal of tensors", function() return tocha.normal(tocha.full({ N }, 3.0), 0.5) end, 3,
      0.5 },
    { "bernoulli", function() return tocha.bernoulli(tocha.full({ N }, 0.3)) end, 0.3, 0.4583 },
    { "bernoulli_", function() return tocha.zeros(N):bernoulli_(0.8) end, 0.8, 0.4 },
    { "exponential_", function() return tocha.zeros(N):exponential_(2) end, 0.5, 0.5 },
    { "log_normal_", function() return tocha.zeros(N):log_normal_(0, 0.5) end, 1.1331, 0.6039 },
    { "geometric_", function() return tocha.zeros(N):geometric_(0.2) end, 5, 4.4721 },
    { "random_", function() return tocha.zeros(N):random_(1, 3) end, 2, 0.8165 },
    { "poisson of a small rate", function() return tocha.poisson(tocha.full({ N }, 3.0)) end, 3,
      1.7321 },
    { "poisson of a large rate", function() return tocha.poisson(tocha.full({ N }, 40.0)) end, 40,
      6.3246 },
  }
  for _, case in ipairs(EXPECTED) do
    it(case[1] .. " has its mean and deviation", function()
      local mean, std = moments(case[2]())
      assert_near(case[3], mean, 5 * case[4] / math.sqrt(N))
      assert_near(case[4], std, 0.03 * case[4])
    end)
  end

  it("stay in their ranges, which include both ends for integers", function()
    local u = tocha.rand(N)
    assert.is_true(u:ge(0):all():item() and u:lt(1):all():item())
    assert.is_true(tocha.rand(N, { dtype = "bfloat16" }):lt(1):all():item())
    local dice = tocha.randint(1, 6, { 1000 })
    assert.equal(1, dice:min():item())
    assert.equal(6, dice:max():item())
    assert.equal(1, tocha.randint(4, { 1000 }):min():item())
    assert.is_true(tocha.zeros(N):exponential_():gt(0):all():item())
  end)

  it("randperm is a permutation", function()
    local sorted = tocha.randperm(1000):sort()
    assert.is_true(sorted:eq(tocha.arange(1000)):all():item())
    assert.equal(0, tocha.randperm(0):numel())
  end)

  it("multinomial draws by weight, without repeats unless told", function()
    local weights = tocha.tensor { 1.0, 0.0, 3.0 }
    local many = tocha.multinomial(weights, 40000, true)
    assert_near(0.75, many:eq(3):to "float64":mean():item(), 0.011)
    assert.is_false(many:eq(2):any():item())
    local pairs_ = tocha.multinomial(weights:expand(500, 3), 2)
    assert.is_false(pairs_:select(2, 1):eq(pairs_:select(2, 2)):any():item())
    assert.is_false(pairs_:eq(2):any():item())
    assert.error_matches(function() tocha.multinomial(weights, 3) end,
      "%[multinomial%].*at least 3")
    assert.error_matches(function() tocha.multinomial(tocha.tensor { -1.0 }, 1, true) end,
      "%[multinomial%]")
  end)

  it("refuse impossible parameters", function()
    assert.error_matches(function() tocha.randint(3, 1, { 2 }) end, "%[randint%]")
    assert.error_matches(function() tocha.rand(2, { dtype = "int64" }) end, "%[rand%].*floating")
    assert.error_matches(function() tocha.bernoulli(tocha.tensor { 1.5 }) end, "%[bernoulli%]")
    assert.error_matches(function() tocha.zeros(2):geometric_(2) end, "%[geometric%]")
    assert.error_matches(function() tocha.poisson(tocha.tensor { -1.0 }) end, "%[poisson%]")
  end)

  it("cut the tape: what was drawn has no gradient for what was there", function()
    local x = tocha.ones(3, { requires_grad = true })
    local y = x * 2
    y:uniform_()
    y:sum():backward()
    assert.same({ 0, 0, 0 }, x.grad:totable())
  end)
end)
