-- Convolutions with enough outputs for packed panels (csrc/cpu/conv_panel.h), against the sum over
-- the taps: every way in which columns, outputs and depth are cut.

local tocha = require "tocha"
local registry = require "tocha.op"
local support = require "spec.support"

local assert_alike <const> = support.assert_alike

local function double(sizes) return tocha.randn(sizes, { dtype = "float64" }) end

-- name; input, weight; stride, padding, dilation, groups
local CASES <const> = {
  { "rests of a panel, one image", { 1, 3, 9, 7 }, { 17, 3, 3, 3 }, 1, 1 },
  { "several images a panel", { 5, 4, 7, 7 }, { 24, 4, 3, 3 }, 1, 1 },
  { "several spans of images", { 40, 2, 7, 5 }, { 16, 2, 1, 1 } },
  { "several spans of an image", { 2, 3, 23, 29 }, { 16, 3, 3, 3 }, 1, 1 },
  { "chunks of the depth", { 2, 61, 6, 5 }, { 19, 61, 3, 3 }, 1, 1 },
  { "more taps than a chunk", { 1, 2, 20, 20 }, { 16, 2, 17, 17 }, 1, 3 },
  { "parts of the outputs", { 2, 3, 4, 4 }, { 1100, 3, 1, 1 } },
  { "one pixel", { 1, 70, 1, 1 }, { 33, 70, 1, 1 } },
  { "more tiles than a block", { 1, 5, 18, 18 }, { 210, 5, 1, 1 } },
  { "1 x 1 with a stride", { 2, 5, 11, 12 }, { 16, 5, 1, 1 }, 2 },
  { "1 x 1 with padding", { 1, 5, 6, 6 }, { 16, 5, 1, 1 }, 1, 1 },
  { "strides", { 1, 3, 21, 22 }, { 20, 3, 5, 3 }, { 2, 3 }, { 2, 1 } },
  { "dilation", { 2, 3, 15, 14 }, { 18, 3, 3, 3 }, 1, 2, { 2, 3 } },
  { "padding on one side", { 1, 3, 8, 9 }, { 16, 3, 3, 2 }, 1, { 2, 0, 0, 1 } },
  { "same", { 1, 3, 10, 9 }, { 16, 3, 4, 3 }, 2, "same" },
  { "groups", { 3, 12, 6, 7 }, { 54, 4, 3, 3 }, 1, 1, 1, 3 },
  { "groups in spans", { 1, 4, 24, 25 }, { 32, 2, 3, 3 }, 1, 1, 1, 2 },
  { "no batch", { 3, 9, 9 }, { 16, 3, 3, 3 } },
  { "1-D", { 2, 6, 301 }, { 16, 6, 5 }, 2, 2 },
  { "3-D", { 2, 3, 5, 6, 7 }, { 16, 3, 2, 3, 3 }, { 1, 2, 1 }, 1 },
  { "3-D in spans", { 1, 2, 7, 11, 13 }, { 16, 2, 3, 1, 3 }, 1, { 1, 0, 1 } },
}

local function op_of(weight) return ("conv%dd"):format(#weight - 2) end

describe("convolution by panels", function()
  for _, case in ipairs(CASES) do
    local name <const>, input <const>, weight <const> = table.unpack(case, 1, 3)
    local rest <const> = table.pack(case[4] or 1, case[5] or 0, case[6] or 1, case[7] or 1)
    it(name, function()
      local x, w, b = double(input), double(weight), double { weight[1] }
      local op <const> = op_of(weight)
      local want = registry.decl[op].ref(x, w, b, registry.rule.list(rest[1], #weight - 2), rest[2],
        registry.rule.list(rest[3], #weight - 2), rest[4])
      assert_alike(tocha[op](x, w, b, table.unpack(rest)), want, 1e-11, 1e-11)
      assert_alike(tocha[op](x:float(), w:float(), b:float(), table.unpack(rest)), want:float(),
        1e-4, 1e-4)
    end)
  end

  it("gives the same bits on any number of threads", function()
    local had <const> = tocha.get_num_threads()
    for _, case in ipairs(CASES) do
      local x, w = tocha.randn(case[2]), tocha.randn(case[3])
      local results <const> = {}
      for k, threads in ipairs { 1, 2, 5 } do
        tocha.set_num_threads(threads)
        results[k] = tocha[op_of(case[3])](x, w, nil, case[4] or 1, case[5] or 0, case[6] or 1,
          case[7] or 1)
      end
      assert_alike(results[1], results[2])
      assert_alike(results[1], results[3])
    end
    tocha.set_num_threads(had)
  end)

  it("keeps NaN and infinity where they belong", function()
    local x = tocha.ones(1, 2, 20, 20)
    x[1][2][1][1] = math.huge
    x[1][1][20][20] = 0 / 0
    local y = tocha.conv2d(x, tocha.ones(16, 2, 1, 1))
    assert.equal(16, y:isinf():sum():item())
    assert.equal(16, y:isnan():sum():item())
    assert.equal(2, y[1][16][20][19]:item())
  end)
end)
