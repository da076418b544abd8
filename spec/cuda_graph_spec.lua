-- Recorded steps on the emulated CUDA device: what does not change between runs is captured, and
-- runs give what the same steps give without recording.

local tocha = require "tocha"
local cuda = require "spec.cuda_support"

local core <const> = require "tocha.core"
local suite <const> = cuda.suite(describe, pending)

local function described(graph) return core.graph_describe(graph.programs[1]) end

suite("a recorded step on CUDA", function()
  local function chain(x) return ((x * 2 + 1):tanh() * x):exp() end

  it("is captured in the third of its calls, and gives the same", function()
    local step <const> = tocha.graph(chain)
    for k = 1, 6 do
      local x <const> = tocha.rand(5, 7)
      assert.is_true(tocha.allclose(step(x:to "cuda"):to "cpu", chain(x), 1e-5, 1e-6))
      if k == 3 then assert.equal(0, described(step).parts) end
    end
    local d <const> = described(step)
    assert.equal(1, d.parts)
    assert.equal(#d.calls, d.captured)
  end)

  it("runs a call on the host by itself, between captured parts", function()
    local function mixed(a)
      local b <const> = tocha.linalg.inv(a + a.mT + 20 * tocha.eye(4, { device = a.device }))
      return (b * 3 - 1):tanh()
    end
    local step <const> = tocha.graph(mixed)
    for _ = 1, 5 do
      local a <const> = tocha.rand(4, 4)
      assert.is_true(tocha.allclose(step(a:to "cuda"):to "cpu", mixed(a), 1e-4, 1e-5))
    end
    local d <const> = described(step)
    assert.is_true(d.parts >= 1 and d.captured < #d.calls)
  end)

  local seen  -- how often it has run
  local function on_host(x)
    local y <const> = x * 2 + 1
    seen:add_(1)
    return (tocha.linalg.inv(y):tanh() + 1) * 3
  end
  before_each(function()
    if cuda.here then seen = tocha.zeros(1, { device = "cuda" }) end
  end)

  it("tells what runs outside of captured parts, and why", function()
    local step <const>, x <const> = tocha.graph(on_host), tocha.eye(3, { device = "cuda" })
    for _ = 1, 3 do step(x) end
    assert.is_nil(tostring(step):find "captured:")
    step(x)
    local text <const> = tostring(step)
    assert.truthy(text:find("outside: 1 inv: the host has a part in it", 1, true), text)
    assert.truthy(text:find "captured: %d calls in 2 parts", text)
    assert.equal(1, select(2, text:gsub("outside:", "")), text)
  end)

  it("says of random numbers and pieces in Lua that these are new each time", function()
    local step <const> = tocha.graph(function(x)
      local y <const> = (x + 1) * tocha.rand(3, 3, { device = x.device })
      core.live(function() end)
      return (y + 1) * 2
    end)
    for _ = 1, 4 do step(tocha.ones(3, 3, { device = "cuda" })) end
    local text <const> = tostring(step)
    assert.truthy(text:find("draws other random numbers in every run", 1, true), text)
    assert.truthy(text:find("1 live: runs in Lua", 1, true), text)
  end)

  it("strict, raises an error that names what cannot be captured, before anything runs", function()
    local step <const> = tocha.graph(on_host, { strict = true })
    local x <const> = tocha.eye(3, { device = "cuda" })
    for _ = 1, 3 do step(x) end
    for _ = 1, 2 do
      local ok <const>, reason <const> = pcall(step, x)
      assert.is_false(ok)
      assert.truthy(reason:find("[inv] broke the capture of a strict tocha.graph: the host has a "
        .. "part in it", 1, true), reason)
    end
    assert.equal(3, seen:item())
  end)

  it("strict, lets pass what can be captured", function()
    local step <const> = tocha.graph(chain, { strict = true })
    for _ = 1, 5 do
      local x <const> = tocha.rand(5, 7)
      assert.is_true(tocha.allclose(step(x:to "cuda"):to "cpu", chain(x), 1e-5, 1e-6))
    end
    assert.equal(1, described(step).parts)
    assert.has_error(function() tocha.graph(chain, { stricter = true }) end)
  end)

  it("draws its random numbers anew, as without recording", function()
    local function noisy(x)
      local y <const> = (x * 2):tanh() * tocha.rand(8, 8, { device = x.device })
      return (y + 1):exp()
    end
    local step <const> = tocha.graph(noisy)
    for k = 1, 5 do
      local x <const> = tocha.rand(8, 8)
      tocha.manual_seed(k)
      local want <const> = noisy(x)
      tocha.manual_seed(k)
      assert.is_true(tocha.allclose(step(x:to "cuda"):to "cpu", want, 1e-5, 1e-6))
    end
    assert.is_true(described(step).parts >= 1)
  end)

  it("is captured anew for other shapes, and keeps no memory when it is dropped", function()
    collectgarbage() collectgarbage()
    tocha.cuda.empty_cache()
    local before <const> = tocha.cuda.memory_allocated()
    do
      local step <const> = tocha.graph(chain)
      for _ = 1, 4 do
        for n = 1, 3 do
          local x <const> = tocha.rand(n, 1000)
          assert.is_true(tocha.allclose(step(x:to "cuda"):to "cpu", chain(x), 1e-5, 1e-6))
        end
      end
      assert.equal(1, described(step).parts)
    end
    collectgarbage() collectgarbage()
    assert.equal(before, tocha.cuda.memory_allocated())
  end)

  -- Losses of a few steps, and what the recorded one is made of.
  local function train(device, record)
    local nn <const>, F <const> = tocha.nn, tocha.nn.functional
    tocha.manual_seed(1)
    local net <const> = nn.Sequential(nn.Linear(6, 16), nn.LayerNorm(16), nn.GELU(),
      nn.Dropout(0.3), nn.Linear(16, 3)):to(device)
    local optimizer <const> = tocha.optim.AdamW(net:parameters(), { lr = 0.01 })
    local schedule <const> = tocha.optim.lr_scheduler.StepLR(optimizer, 3)
    local function step(x, y)
      optimizer:zero_grad()
      local loss <const> = F.cross_entropy(net(x), y)
      loss:backward()
      nn.utils.clip_grad_norm_(net:parameters(), 1.0)
      optimizer:step()
      return loss
    end
    local run <const> = record and tocha.graph(step) or step
    local losses <const> = {}
    for k = 1, 8 do
      local x <const>, y <const> = tocha.randn(4, 6), tocha.randint(1, 3, { 4 })
      losses[k] = run(x:to(device), y:to(device)):item()
      schedule:step()
    end
    return losses, record and described(run)
  end

  it("trains with dropout, clipping and a schedule, to the bit as without recording", function()
    local plain <const> = train("cuda", false)
    local recorded <const>, d = train("cuda", true)
    assert.same(plain, recorded)
    assert.is_true(d.parts == 3 and d.captured > 20)
    for k, loss in ipairs(train("cpu", false)) do assert.near(loss, recorded[k], 1e-4) end
    for _, name in ipairs(d.calls) do assert.is_not.equal("signbit", name) end
  end)
end)
