-- nn.fuse: what becomes one layer and what does not, against the network itself; conv_fused on
-- every way of the kernels, with each of its endings.

local tocha = require "tocha"
local support = require "spec.support"

local nn <const> = tocha.nn
local assert_alike <const>, fails_with <const> = support.assert_alike, support.fails_with
local lived <const> = support.lived

local function layer_names(model)
  local names <const> = {}
  for k, layer in ipairs(model:children()) do names[k] = getmetatable(layer).__name end
  return table.concat(names, " ")
end

local Block <const> = require "spec.residual_support":extend "Block"

function Block:forward(x)
  local h <const> = tocha.relu(self.b1(self.c1(x)))
  return tocha.relu(self.b2(self.c2(h)) + (self.short and self.short(x) or x))
end

describe("nn.fuse", function()
  local function check(net, names, ...)
    lived(net):eval()
    local fused = nn.fuse(net, ...)
    assert.equal(names, layer_names(fused))
    for _, batch in ipairs { 1, 3 } do
      local x = tocha.randn(batch, ...)
      assert_alike(fused(x):detach(), net(x):detach(), 1e-4, 1e-4)
    end
    return fused
  end

  it("sees through a forward written by hand", function()
    check(nn.Sequential(Block(4, 4, 1), Block(4, 20, 2)), ("FusedConv "):rep(5):sub(1, -2), 4, 9, 8)
  end)

  it("takes sequences, residual blocks and limits", function()
    check(nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU6(),
      nn.Residual(nn.Sequential(nn.Conv2d(16, 16, 3, 1, 1, 1, 16), nn.BatchNorm2d(16))), nn.ReLU(),
      nn.Conv2d(16, 2, 1), nn.Flatten(), nn.Linear(2 * 6 * 5, 3)),
      "FusedConv FusedConv FusedConv Flatten Linear", 3, 8, 7)
  end)

  it("leaves what others read", function()
    local Twice <const> = nn.Module:extend("Twice", "")
    function Twice:new() self.conv = nn.Conv1d(2, 16, 3) end
    function Twice:forward(x)
      local y <const> = self.conv(x)
      return tocha.relu(y) + y
    end
    check(Twice(), "FusedConv Operation Operation", 2, 9)
  end)

  it("keeps a module that needs values as it is", function()
    local Odd <const> = nn.Module:extend("Odd", "")
    function Odd:new() self.conv = nn.Conv2d(2, 3, 1) end
    function Odd:forward(x)
      if x:numel() > 0 and x:max():item() > 1e9 then return x end
      return self.conv(x)
    end
    check(nn.Sequential(Odd(), nn.Conv2d(3, 16, 1), nn.ReLU()), "Odd FusedConv", 2, 3, 3)
  end)

  it("leaves padding by other than zeros, hooks and training alone", function()
    local mirror = nn.Conv2d(2, 3, 3, { padding = 1, padding_mode = "reflect" })
    check(nn.Sequential(mirror, nn.ReLU()), "Conv2d ReLU", 2, 5, 5)
    local seen = 0
    local hooked = nn.Conv2d(2, 3, 3)
    hooked:register_forward_hook(function() seen = seen + 1 end)
    check(nn.Sequential(hooked, nn.ReLU()), "Conv2d ReLU", 2, 5, 5)
    assert.is_true(seen > 0)
    fails_with("[fuse] argument 1: goes with evaluation mode only", nn.fuse, nn.Conv2d(1, 1, 1), 1)
  end)

  it("takes sizes that vary, and does not change the network", function()
    local net = lived(nn.Sequential(nn.Conv2d(1, 16, 3, { bias = false }), nn.BatchNorm2d(16)))
    net:eval()
    local before <const> = net[1].weight:clone()
    local fused = nn.fuse(net, 1, false, false)
    fused:children()[1].weight:detach():fill_(0)
    assert_alike(net[1].weight:detach(), before:detach())
    assert.same({ 2, 16, 5, 4 }, fused(tocha.randn(2, 1, 7, 6)).shape)
  end)
end)

describe("conv_fused", function()
  local ops <const> = require "tocha.op".ops
  -- by Winograd's transforms, panels in place and not, several images, direct sums
  local shapes <const> = {
    { { 2, 16, 13, 14 }, { 18, 16, 3, 3 }, 1, 1 }, { { 1, 5, 20, 21 }, { 17, 5, 1, 1 } },
    { { 3, 4, 7, 7 }, { 33, 4, 3, 3 }, 2, 1 }, { { 2, 4, 9, 9 }, { 3, 4, 3, 3 } },
    { { 2, 6, 9, 9 }, { 6, 1, 3, 3 }, 1, 1, 1, 6 },
  }
  for k, s in ipairs(shapes) do
    it("adds and limits, way " .. k, function()
      for _, dtype in ipairs { "float32", "float64" } do
        local options <const> = { dtype = dtype }
        local x, w = tocha.randn(s[1], options), tocha.randn(s[2], options)
        local b, rest = tocha.randn({ s[2][1] }, options), { s[3] or 1, s[4] or 0, 1, s[6] or 1 }
        local y = tocha.conv2d(x, w, b, table.unpack(rest))
        local r = tocha.randn(y.shape, options)
        local function run(...)
          local stride, padding, dilation, groups = table.unpack(rest)
          local bias, residual, low, high = ...
          return ops.conv_fused(x, w, bias, residual, stride, padding, dilation, groups, low, high)
        end
        assert_alike(run(b), y, 1e-4, 1e-4)
        assert_alike(run(b, r), y + r, 1e-4, 1e-4)
        assert_alike(run(b, r, 0), tocha.relu(y + r), 1e-4, 1e-4)
        assert_alike(run(b, nil, -1, 2), tocha.clamp(y, -1, 2), 1e-4, 1e-4)
      end
    end)
  end

  it("passes NaN through its limits", function()
    local x = tocha.full({ 1, 1, 2, 2 }, 0 / 0)
    local y = ops.conv_fused(x, tocha.ones(16, 1, 1, 1), nil, nil, 1, 0, 1, 1, 0, 6)
    assert.equal(64, y:isnan():sum():item())
  end)

  it("names a residual of another shape", function()
    fails_with("[conv_fused] argument 4 'residual': expected (1, 2, 3, 3), the shape of the "
      .. "result, got (1, 2, 3, 1)", ops.conv_fused, tocha.ones(1, 1, 3, 3),
      tocha.ones(2, 1, 1, 1), nil, tocha.ones(1, 2, 3, 1))
  end)
end)
