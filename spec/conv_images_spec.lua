-- Convolution with images as lanes (csrc/cpu/conv_images.h), against the reference in float64:
-- forward and the gradient of the input of batches of small maps; vectors of images that are not
-- full, rows of taps beyond the border, groups, dilation, three dimensions, endings.

local tocha = require "tocha"
local registry = require "tocha.op"

local ops <const> = registry.ops

-- images, channels, outputs, map, kernel, padding (pairs), dilation, groups
local cases <const> = {
  { 64, 6, 16, { 14, 14 }, { 5, 5 }, { 0, 0, 0, 0 }, { 1, 1 }, 1 },
  { 33, 1, 7, { 5, 6 }, { 3, 3 }, { 1, 1, 1, 1 }, { 1, 1 }, 1 },
  { 17, 4, 6, { 6, 5 }, { 3, 2 }, { 2, 0, 0, 1 }, { 1, 2 }, 2 },
  { 16, 2, 3, { 4, 4 }, { 3, 3 }, { 4, 4, 3, 3 }, { 1, 1 }, 1 },  -- rows under no tap
  { 19, 3, 5, { 7 }, { 4 }, { 2, 1 }, { 1 }, 1 },
  { 40, 2, 9, { 3, 4, 5 }, { 2, 3, 2 }, { 1, 0, 1, 1, 0, 1 }, { 1, 1, 2 }, 1 },
}

local function near(got, want, error)
  return ((got:double() - want):abs():max() / want:abs():max()):item() < error
end

describe("convolution of a batch of small maps", function()
  local threads <const> = tocha.get_num_threads()
  before_each(function() tocha.manual_seed(5) end)
  after_each(function() tocha.set_num_threads(threads) end)

  for _, c in ipairs(cases) do
    local n <const>, channels <const>, outputs <const>, map <const>, kernel <const>, pads <const>,
      dilation <const>, groups <const> = table.unpack(c)
    local size <const>, weights <const>, result <const>, stride <const> = { n, channels },
      { outputs, channels // groups }, { n, outputs }, {}
    for d, k in ipairs(kernel) do
      size[d + 2], weights[d + 2], stride[d] = map[d], k, 1
      result[d + 2] = map[d] + pads[2 * d - 1] + pads[2 * d] - dilation[d] * (k - 1)
    end

    it(("%d of (%s), %d outputs"):format(n, table.concat(map, ", "), outputs), function()
      local x <const>, w <const> = tocha.randn(size), tocha.randn(weights)
      local g <const> = tocha.randn(result)
      for _, name in ipairs { "conv_forward", "conv_input_grad" } do
        local from <const> = name == "conv_forward" and x or g
        local rest <const> = { name == "conv_forward" and result or size, stride, pads, dilation,
          groups }
        local want <const> = registry.decl[name].ref(from:double(), w:double(),
          table.unpack(rest))
        tocha.set_num_threads(1)
        local got <const> = ops[name](from, w, table.unpack(rest))
        assert.is_true(near(got, want, 2e-6))
        assert.is_true(near(ops[name](from:double(), w:double(), table.unpack(rest)), want, 1e-14))
        tocha.set_num_threads(3)
        assert.is_true(tocha.equal(ops[name](from, w, table.unpack(rest)), got))
      end
    end)
  end

  it("ends like any other", function()
    local x <const>, w <const> = tocha.randn(20, 2, 6, 6), tocha.randn(5, 2, 3, 3)
    local bias <const>, residual <const> = tocha.randn(5), tocha.randn(20, 5, 6, 6)
    local got <const> = ops.conv_fused(x, w, bias, residual, 1, 1, 1, 1, 0)
    local want <const> = registry.decl.conv_fused.ref(x:double(), w:double(), bias:double(),
      residual:double(), 1, 1, 1, 1, 0, math.huge)
    assert.is_true(near(got, want, 2e-6))
  end)
end)
