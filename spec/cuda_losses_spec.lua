-- Losses on the CUDA device against the CPU, with their gradients: sizes around a warp, a block and
-- what registers hold, every reduction, weights, labels left out, labels out of range.

local tocha = require "tocha"
local device = require "spec.cuda_support"
local numbers = require "spec.cuda_numbers_support"
local support = require "spec.support"

local describe_cuda <const> = device.suite(describe, pending)
local ops <const> = require "tocha.op".ops
local NAN <const>, INF <const> = 0 / 0, math.huge
local SIZES <const>, TOLERANCE <const> = numbers.SIZES, numbers.TOLERANCE
local random <const>, same <const> = numbers.random, numbers.same

local REDUCTIONS <const> = { "none", "mean", "sum" }

describe_cuda("losses on CUDA, as on the CPU, with their gradients:", function()
  it("mse_loss", function()
    for _, n in ipairs(SIZES) do
      for _, reduction in ipairs(REDUCTIONS) do
        local x <const>, t <const> = random { n, 3 }, random({ n, 3 }) * 2
        same(function(a, b) return ops.mse_loss(a, b, reduction) end, { x:requires_grad_(), t },
          1e-9, 1e-12)
      end
    end
    same(function(a, b) return ops.mse_loss(a, b) end, { tocha.zeros(0), tocha.zeros(0) }, 0)
  end)

  local function ids(shape, C)
    local t <const> = (tocha.rand(shape) * C):floor():to "int64" + 1
    t:view(-1)[1] = -100
    return t
  end

  for _, smoothing in ipairs { 0, 0.2 } do
    it("cross_entropy with smoothing " .. smoothing, function()
      for _, s in ipairs { { 7, 3 }, { 40, 33 }, { 3, 1000 }, { 2, 5000 }, { 5, 3, 7 },
        { 2, 300, 3 }, { 9000, 2 } } do
        local shape <const> = { s[1], s[3] }
        local x <const>, t <const> = random(s), ids(shape, s[2])
        local w <const> = random({ s[2] }):abs()
        for _, reduction in ipairs(REDUCTIONS) do
          local function loss(v, id, p)
            return ops.cross_entropy(v, id, p, -100, reduction, smoothing)
          end
          same(loss, { x:detach():requires_grad_(), t, w }, 1e-9, 1e-10)
          same(loss, { x:detach():requires_grad_(), t }, 1e-9, 1e-10)
        end
      end
    end)
  end

  it("class ids and labels out of range raise an error that names the operation", function()
    support.fails("cross_entropy.*out of range", function()
      ops.cross_entropy(random({ 2, 3 }):to "cuda", tocha.tensor({ 1, 9 }):to "cuda"):item()
    end)
    support.fails("ctc_loss.*out of range", function()
      ops.ctc_loss(random({ 4, 1, 3 }):to "cuda", tocha.tensor({ { 2, 7 } }):to "cuda",
        tocha.tensor({ 4 }):to "cuda", tocha.tensor({ 2 }):to "cuda"):item()
    end)
  end)

  it("cross_entropy of halves; infinities", function()
    for _, dtype in ipairs { "float32", "float16", "bfloat16" } do
      for _, C in ipairs { 10, 4104 } do
        same(function(v, id) return ops.cross_entropy(v, id, nil, -100, "sum", 0.1) end,
          { random({ 6, C }, dtype):requires_grad_(), ids({ 6 }, C) }, TOLERANCE[dtype],
          TOLERANCE[dtype])
      end
    end
    local x <const> = random { 5, 4 }
    x[1][1], x[2][2], x[4][1] = -INF, INF, NAN
    x[3]:fill_(-INF)
    same(function(v, id) return ops.cross_entropy(v, id, nil, -100, "none") end,
      { x, tocha.tensor { 2, 2, 1, 1, 1 } }, 1e-9)
  end)

  it("nll_loss", function()
    for _, s in ipairs { { 7, 3 }, { 3, 1000 }, { 5, 3, 7 }, { 9000, 2 } } do
      for _, reduction in ipairs(REDUCTIONS) do
        same(function(v, id, w) return ops.nll_loss(v, id, w, -100, reduction) end,
          { random(s):requires_grad_(), ids({ s[1], s[3] }, s[2]), random({ s[2] }):abs() }, 1e-9,
          1e-10)
      end
    end
  end)

  it("ctc_loss", function()
    local long <const> = tocha.full({ 1, 40 }, 2, { dtype = "int64" })
    long[1][20], long[1][30] = 3, 1
    for _, s in ipairs {
      { T = 12, C = 5, targets = tocha.tensor { { 2, 2, 3 }, { 4, 3, 4 }, { 5, 2, 2 } },
        frames = { 12, 9, 5 }, lengths = { 3, 3, 2 } },
      { T = 100, C = 4, targets = long, frames = { 97 }, lengths = { 40 } },
      { T = 4, C = 3, targets = tocha.tensor { { 2, 2 }, { 2, 3 } }, frames = { 2, 0 },
        lengths = { 2, 0 } },
    } do
      local N <const> = s.targets:size(1)
      local lp <const> = ops.log_softmax(random { s.T, N, s.C }, 3):requires_grad_()
      for _, reduction in ipairs(REDUCTIONS) do
        same(function(v, targets, frames, lengths)
          return ops.ctc_loss(v, targets, frames, lengths, 1, reduction, true)
        end, { lp, s.targets, tocha.tensor(s.frames), tocha.tensor(s.lengths) }, 1e-8, 1e-9)
      end
    end
  end)
end)
