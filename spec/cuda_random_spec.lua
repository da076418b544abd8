-- Random numbers and creation on CUDA: the same seed gives the CPU's numbers, bit for bit where
-- that is promised (docs/architecture.md).

local tocha = require "tocha"
local device = require "spec.cuda_support"

local describe_cuda <const> = device.suite(describe, pending)

local SIZES <const> = { 0, 1, 2, 3, 33, 1025, 5000 }
local FLOATS <const> = { "float16", "bfloat16", "float32", "float64" }

-- make(options): on both devices under one seed; the generator goes on alike.
local function same(make, options, rtol, where)
  local function run(on)
    local given <const> = { device = on }
    for k, v in pairs(options) do given[k] = v end
    tocha.manual_seed(11)
    local y <const> = make(given)
    return y, tocha.rand(1):item()
  end
  local want <const>, next_want <const> = run "cpu"
  local got <const>, next_got <const> = run "cuda"
  device.assert_alike(got, want, rtol or 0, rtol or 0, where)
  assert.equal(next_want, next_got)
end

describe_cuda("on CUDA, the CPU's numbers:", function()
  it("uniform and normal ones in every dtype", function()
    for _, dtype in ipairs(FLOATS) do
      for _, n in ipairs(SIZES) do
        local options <const>, where <const> = { dtype = dtype }, ("%s, %d"):format(dtype, n)
        same(function(o) return tocha.rand({ n }, o) end, options, 0, where)
        same(function(o) return tocha.randn({ n }, o) end, options,
          dtype == "float64" and 1e-14 or 0, where)
        same(function(o) return tocha.empty({ n }, o):uniform_(-2, 3) end, options, 0, where)
        same(function(o) return tocha.empty({ n }, o):normal_(1, 2) end, options,
          dtype == "float64" and 1e-14 or 0, where)
      end
    end
  end)

  it("integers and permutations", function()
    for _, n in ipairs { 0, 1, 2, 3, 4, 33, 1024, 1025, 5000, 70000 } do
      same(function(o) return tocha.randint(-3, 90, { n }, o) end, {}, 0)
      same(function(o) return tocha.randint(math.mininteger, math.maxinteger, { n }, o) end, {}, 0)
      same(function(o) return tocha.randperm(n, o) end, {}, 0, n .. " permuted")
    end
  end)

  it("draws by probability, weight and rate", function()
    for _, n in ipairs { 1, 33, 1025, 5000 } do
      tocha.manual_seed(2)
      local p <const> = tocha.rand { 3, n }
      local function on(f) return function(o) return f(p:to(o.device)) end end
      same(on(function(x) return tocha.bernoulli(x) end), {}, 0)
      same(on(function(x) return tocha.bernoulli(x, 0.3) end), {}, 0)
      same(on(function(x) return tocha.multinomial(x, 40, true) end), {}, 0)
      same(on(function(x) return tocha.poisson(x * 50) end), {}, 0)
    end
  end)

  it("sequences", function()
    for _, dtype in ipairs { "int64", "float16", "float32", "float64" } do
      for _, n in ipairs(SIZES) do
        if n > 0 then
          same(function(o) return tocha.arange(1, n, o) end, { dtype = dtype }, 0)
          same(function(o) return tocha.linspace(-3, 8, n, o) end, { dtype = dtype }, 1e-15)
        end
      end
    end
    same(function(o) return tocha.logspace(-3, 4, 50, o) end, { dtype = "float64" }, 1e-14)
  end)
end)

describe_cuda("on CUDA, permutations", function()
  it("have every number once", function()
    local y <const> = tocha.randperm(20000, { device = "cuda" })
    device.assert_alike(tocha.sort(y), tocha.arange(1, 20000, { dtype = "int64" }), 0, 0)
  end)
end)
