-- LeNet-5: LeCun et al., "Gradient-Based Learning Applied to Document Recognition" (1998), for
-- 32 x 32 pictures of one channel: sub-sampling with a factor and a bias for each map, C3 with its
-- table of connections, A tanh(S x) for activations. The last layer is linear; the paper's radial
-- basis functions, which measure the distance to drawn digits, are not here.

local nn = require "tocha.nn"
local tocha = require "tocha"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

-- ---- layers of its time -------------------------------------------------------------------------

-- 1.7159 tanh(2/3 x): 1 and -1 stay.
local ScaledTanh <const> = nn.Module:extend "ScaledTanh"
function ScaledTanh:new() end  -- luacheck: ignore
function ScaledTanh:forward(x) return (x * (2 / 3)):tanh() * 1.7159 end  -- luacheck: ignore

-- The mean of 2 x 2, times a number, plus a number, of each map; x is (B, C, H, W).
local Subsampling <const> = nn.Module:extend "Subsampling"

function Subsampling:new(channels)
  self.weight = nn.Parameter(tocha.ones(channels, 1, 1))
  self.bias = nn.Parameter(tocha.zeros(channels, 1, 1))
end

function Subsampling:forward(x) return x:avg_pool2d(2) * self.weight + self.bias end

-- The paper's table 1: which maps of S2 each of the 16 maps of C3 sees.
local SEEN <const> = {
  "012", "123", "234", "345", "045", "015", "0123", "1234", "2345", "0345", "0145", "0125",
  "0134", "1245", "0235", "012345",
}

-- A 5 x 5 convolution that has weights for these connections alone, (60, 25).
local TableConv2d <const> = nn.Module:extend "TableConv2d"

function TableConv2d:new()
  local count <const>, rows <const> = #table.concat(SEEN), {}
  local at = 0
  for k, maps in ipairs(SEEN) do
    for map = 0, 5 do
      local seen <const> = maps:find(map, 1, true)
      if seen then at = at + 1 end
      rows[6 * (k - 1) + map + 1] = seen and at or count + 1
    end
  end
  self.weight = nn.Parameter(tocha.empty(count, 25))
  self.bias = nn.Parameter(tocha.empty(#SEEN))
  self:register_buffer("rows", tocha.tensor(rows, { dtype = "int64" }), false)
  local bound <const> = 1 / math.sqrt(25 * count / #SEEN)
  for _, p in ipairs { self.weight, self.bias } do nn.init.uniform_(p, -bound, bound) end
end

-- x is (B, 6, H, W), the result (B, 16, H - 4, W - 4)
function TableConv2d:forward(x)
  local absent <const> = tocha.zeros_like(self.weight:narrow(1, 1, 1))
  local weight <const> = tocha.cat({ self.weight, absent }, 1):index_select(1, self.rows)
  return nn.functional.conv2d(x, weight:reshape { #SEEN, 6, 5, 5 }, self.bias)
end

-- ---- the network --------------------------------------------------------------------------------

local LeNet5 <const> = nn.Module:extend "LeNet5"

--- models.LeNet5(num_classes = 10)
function LeNet5:new(...)
  local o <const> = {}
  signature.read("num_classes = 10", "LeNet5", o, ...)
  self.c1 = nn.Conv2d(1, 6, 5)
  self.s2 = Subsampling(6)
  self.c3 = TableConv2d()
  self.s4 = Subsampling(16)
  self.c5 = nn.Conv2d(16, 120, 5)
  self.f6 = nn.Linear(120, 84)
  self.output_layer = nn.Linear(84, o.num_classes)
  self.activation = ScaledTanh()
end

-- x is (B, 1, 32, 32), the result (B, num_classes)
function LeNet5:forward(x)
  local f <const> = self.activation
  x = f(self.s2(self.c1(x)))
  x = f(self.s4(self.c3(x)))
  return self.output_layer(f(self.f6(f(self.c5(x)):flatten(2))))
end

return blocks.define({}, LeNet5, { lenet5 = {} })
