-- A residual block for the specs of fused networks; who extends it writes `forward`.

local nn = require "tocha".nn

local Block <const> = nn.Module:extend("Block", "cin, cout, stride")

function Block:new(cin, cout, stride)
  self.c1, self.b1 = nn.Conv2d(cin, cout, 3, stride, 1), nn.BatchNorm2d(cout)
  self.c2, self.b2 = nn.Conv2d(cout, cout, 3, 1, 1), nn.BatchNorm2d(cout)
  if cin ~= cout then
    self.short = nn.Sequential(nn.Conv2d(cin, cout, 1, stride), nn.BatchNorm2d(cout))
  end
end

return Block
