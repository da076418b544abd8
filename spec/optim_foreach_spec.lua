-- Kernels over lists of tensors: rows of several dtypes and layouts, norms, what is refused.

local tocha = require "tocha"
local core = require "tocha.core"
local formula = require "spec.golden.formula"

local kernel <const>, fill <const> = core.kernel, formula.fill

-- More than one chunk, one element, none; float32 and float64; contiguous and not.
local function tensors()
  return {
    fill({ 100, 250 }, 1), fill({ 100, 250 }, 2):t(), fill({ 1 }, 3):to "float32",
    fill({ 30, 700 }, 4):to "float32", tocha.zeros(0, 3), fill({ 7 }, 5):narrow(1, 2, 4),
  }
end

local function norms(list, p)
  local y <const> = core.empty({ #list }, "float64")
  kernel.foreach_norm(y, list, p)
  return y
end

describe("foreach_norm", function()
  for _, p in ipairs { 2, 1, 0, 3, 0.5, -1, math.huge, -math.huge } do
    it("is the norm of each, p = " .. p, function()
      local list <const> = tensors()
      local y <const> = norms(list, p)
      for k, x in ipairs(list) do
        if x:numel() > 0 then
          local expected <const> = x:to "float64":norm(p):item()
          local off <const> = math.abs(y[k]:item() - expected) / expected
          assert.is_true(off < (x.dtype == "float64" and 1e-12 or 1e-6), ("%d: %g"):format(k, off))
        end
      end
    end)

    it("is NaN where there is one, p = " .. p, function()
      if p == 0 then return end  -- counts it
      local bad <const> = tocha.ones(20000)
      bad[12345] = 0 / 0
      local y <const> = norms({ tocha.ones(3), bad, bad:to "float64" }, p)
      assert.is_true(y[1]:item() == y[1]:item())
      assert.is_true(y[2]:item() ~= y[2]:item() and y[3]:item() ~= y[3]:item())
    end)
  end

  it("does not depend on the number of threads", function()
    local threads <const>, seen <const> = tocha.get_num_threads(), {}
    for n = 1, 2 do
      tocha.set_num_threads(n)
      seen[n] = norms(tensors(), 2)
    end
    tocha.set_num_threads(threads)
    assert.is_true(seen[1]:equal(seen[2]))
  end)
end)

describe("an update of many tensors", function()
  it("writes each where it lies", function()
    local list <const>, before <const> = tensors(), {}
    for k, x in ipairs(list) do before[k] = x:clone() end
    kernel.foreach_mul(list, 3)
    for k, x in ipairs(list) do assert.is_true(x:equal(before[k] * 3)) end
    kernel.foreach_clamp(list, -0.5, 1.25)
    for k, x in ipairs(list) do assert.is_true(x:equal((before[k] * 3):clamp(-0.5, 1.25))) end
  end)

  it("keeps NaN when it clamps", function()
    local x <const> = tocha.tensor { 0 / 0, 2.0, -2.0 }
    kernel.foreach_clamp({ x }, -1, 1)
    assert.is_true(x[1]:item() ~= x[1]:item())
    assert.are.same({ 1.0, -1.0 }, x:narrow(1, 2, 2):tolist())
  end)

  it("computes in the type that a row has together, and keeps each dtype", function()
    for _, pair in ipairs { { "float32", "float64" }, { "bfloat16", "float32" },
      { "float64", "float16" }, { "float16", "bfloat16" } } do
      local p <const>, g <const> = fill({ 9 }, 1):to(pair[1]), fill({ 9 }, 2):to(pair[2])
      local whole <const> = p:to "float64":lerp(g:to "float64", 1 / 3)
      kernel.foreach_lerp({ p }, { g }, 1 / 3)
      assert.are.equal(pair[1], p.dtype)
      local off <const> = (p:to "float64" - whole:to(pair[1]):to "float64"):abs():max():item()
      assert.is_true(off <= 1e-7, table.concat(pair, " ") .. " " .. off)
    end
  end)

  it("is seen by the tape", function()
    local p <const> = tocha.ones(2):requires_grad_()
    local y <const> = (p * p):sum()
    kernel.foreach_mul({ tocha.ones(1), p }, 2)
    assert.error_matches(function() y:backward() end, "in place by foreach_mul")
  end)

  it("takes a gradient that is its own parameter", function()
    local p <const> = tocha.tensor { 1.0, 2.0, 4.0 }
    kernel.sgd({ p }, { p }, 1, 0, 0.5)
    assert.are.same({ 0.5, 1.0, 2.0 }, p:tolist())
  end)

  it("takes no tensors", function()
    kernel.foreach_mul({}, 2)
    assert.are.equal(0, norms({}, 2):numel())
  end)

  it("refuses what does not belong together, and changes nothing", function()
    local a <const>, b <const> = tocha.ones(3), tocha.ones(4)
    local function refuses(pattern, f, ...)
      local args <const> = table.pack(...)
      assert.error_matches(function() f(table.unpack(args, 1, args.n)) end, pattern, nil, true)
    end
    refuses("tensor 2 has 3 elements, what belongs to it 4", kernel.foreach_lerp, { b, a },
      { b, b }, 0.5)
    refuses("expected a list of 1 tensors, got 2", kernel.foreach_lerp, { a }, { a, a }, 0.5)
    refuses("element 2 is number", kernel.foreach_mul, { a, 3 }, 2)
    refuses("table expected", kernel.foreach_mul, a, 2)
    refuses("number expected", kernel.foreach_mul, { a })
    refuses("expected floating tensors, got int64", kernel.foreach_mul, { tocha.arange(1, 3) }, 2)
    assert.are.equal(7.0, a:sum():item() + b:sum():item())
  end)

  it("tells when there is no memory, and changes nothing", function()
    local list <const> = { fill({ 200, 300 }, 1):t(), fill({ 300, 200 }, 2):t() }
    local before <const> = { list[1]:clone(), list[2]:clone() }
    tocha.empty_cache()
    for n = 1, 3 do
      core.fail_after(n)
      local ok <const>, message <const> = pcall(kernel.foreach_mul, list, 2)
      core.fail_after(0)
      assert.is_false(ok)
      assert.is_truthy(message:find "not enough memory")
      for k, x in ipairs(list) do assert.is_true(x:equal(before[k])) end
    end
  end)
end)
