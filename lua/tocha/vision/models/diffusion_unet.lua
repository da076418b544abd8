-- The network of "Denoising Diffusion Probabilistic Models" (Ho, Jain, and Abbeel, 2020): a U-Net
-- of residual blocks that are told the time, with self-attention at some sizes. Named as in the
-- paper's PyTorch ports (down.0.block.1.conv1 ...), whose weights load.

local tocha = require "tocha"
local nn = require "tocha.nn"
local core = require "tocha.core"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local function norm(channels, groups) return nn.GroupNorm(groups, channels, { eps = 1e-6 }) end
local function conv(cin, cout) return nn.Conv2d(cin, cout, 3, { padding = 1 }) end

-- ---- time ---------------------------------------------------------------------------------------

-- Sines and cosines of the step at `width` / 2 wavelengths, (B, width), as in "Attention Is All You
-- Need"; t is (B), from 1.
local function embed(t, width)
  local half <const> = width // 2
  local scale <const> = math.log(10000) / math.max(half - 1, 1)
  local rates <const> = (tocha.arange(0, half - 1, 1, { device = t.device }):float() * -scale):exp()
  local angles <const> = (t:float() - 1):unsqueeze(2) * rates
  return tocha.cat({ angles:sin(), angles:cos() }, 2)
end

local TimeEmbedding <const> = nn.Module:extend "TimeEmbedding"

function TimeEmbedding:new(width)
  self.width = width
  self.dense = nn.ModuleList(nn.Linear(width, 4 * width), nn.Linear(4 * width, 4 * width))
end

function TimeEmbedding:forward(t, dtype)
  local hidden <const> = self.dense[1](embed(t, self.width):to(dtype))
  return self.dense[2](nn.functional.silu(hidden))
end

-- ---- blocks -------------------------------------------------------------------------------------

local ResnetBlock <const> = nn.Module:extend "ResnetBlock"

function ResnetBlock:new(cin, cout, o)
  self.norm1 = norm(cin, o.groups)
  self.conv1 = conv(cin, cout)
  self.temb_proj = nn.Linear(4 * o.width, cout)
  self.norm2 = norm(cout, o.groups)
  self.dropout = nn.Dropout(o.dropout)
  self.conv2 = conv(cout, cout)
  if cin ~= cout then self.nin_shortcut = nn.Conv2d(cin, cout, 1) end
end

-- x is (B, cin, H, W), time (B, 4 width); gives (B, cout, H, W)
function ResnetBlock:forward(x, time)
  local y = self.conv1(nn.functional.silu(self.norm1(x)))
  y = y + self.temb_proj(nn.functional.silu(time)):unsqueeze(3):unsqueeze(4)
  y = self.conv2(self.dropout(nn.functional.silu(self.norm2(y))))
  return (self.nin_shortcut and self.nin_shortcut(x) or x) + y
end

-- Each place looks at all: one head as wide as the map.
local AttnBlock <const> = nn.Module:extend "AttnBlock"

function AttnBlock:new(channels, groups)
  self.norm = norm(channels, groups)
  for _, name in ipairs { "q", "k", "v", "proj_out" } do
    self[name] = nn.Conv2d(channels, channels, 1)
  end
end

-- x is (B, C, H, W), so is the result
function AttnBlock:forward(x)
  local y <const> = self.norm(x)
  local function rows(map) return map:flatten(3):transpose(2, 3) end  -- (B, H W, C)
  local seen <const> = nn.functional.scaled_dot_product_attention(rows(self.q(y)),
    rows(self.k(y)), rows(self.v(y)))
  return x + self.proj_out(seen:transpose(2, 3):reshape(x.shape))
end

local Downsample <const> = nn.Module:extend "Downsample"

function Downsample:new(channels) self.conv = nn.Conv2d(channels, channels, 3, { stride = 2 }) end

function Downsample:forward(x) return self.conv(nn.functional.pad(x, { 0, 1, 0, 1 })) end

local Upsample <const> = nn.Module:extend "Upsample"

function Upsample:new(channels) self.conv = conv(channels, channels) end

function Upsample:forward(x)
  return self.conv(nn.functional.interpolate(x, { scale_factor = 2, mode = "nearest" }))
end

-- ---- levels -------------------------------------------------------------------------------------

-- The blocks at one size, some with attention after each.
local Level <const> = nn.Module:extend "Level"

function Level:new(cins, cout, attends, o)
  self.block, self.attn = nn.ModuleList(), nn.ModuleList()
  for _, cin in ipairs(cins) do
    self.block:append(ResnetBlock(cin, cout, o))
    if attends then self.attn:append(AttnBlock(cout, o.groups)) end
  end
end

function Level:apply_block(k, x, time)
  x = self.block[k](x, time)
  return self.attn[k] and self.attn[k](x) or x
end

local Middle <const> = nn.Module:extend "Middle"

function Middle:new(channels, o)
  self.block_1 = ResnetBlock(channels, channels, o)
  self.attn_1 = AttnBlock(channels, o.groups)
  self.block_2 = ResnetBlock(channels, channels, o)
end

function Middle:forward(x, time)
  return self.block_2(self.attn_1(self.block_1(x, time)), time)
end

-- ---- the network --------------------------------------------------------------------------------

local DiffusionUNet <const> = nn.Module:extend "DiffusionUNet"

local ARGS <const> = "channels = 3, width = 128, multipliers = {1, 2, 2, 2}, blocks = 2, "
  .. "attention = {2}, dropout = 0.1, groups = 32"

--- models.DiffusionUNet{channels = 3, width = 128, multipliers = {1, 2, 2, 2}, blocks = 2,
--- attention = {2}, dropout = 0.1, groups = 32}: level k has width * multipliers[k] channels and
--- half the side of the one before; `attention` lists the levels that have it. Called with noisy
--- pictures (B, channels, H, W) and their steps (B), from 1; gives the noise in them.
function DiffusionUNet:new(options)
  local o <const> = {}
  signature.read(ARGS, "DiffusionUNet", o, options)
  local attends <const> = {}
  for _, k in ipairs(o.attention) do attends[k] = true end
  self.sides = 1 << #o.multipliers - 1
  self.temb = TimeEmbedding(o.width)
  self.conv_in = conv(o.channels, o.width)
  local skips <const> = self:build_down(o, attends)
  self.mid = Middle(o.width * o.multipliers[#o.multipliers], o)
  self:build_up(o, attends, skips)
  self.norm_out = norm(o.width * o.multipliers[1], o.groups)
  self.conv_out = conv(o.width * o.multipliers[1], o.channels)
end

-- Returns the channels of all maps that the way up takes.
function DiffusionUNet:build_down(o, attends)
  local skips <const>, cin = { o.width }, o.width
  self.down = nn.ModuleList()
  for k, factor in ipairs(o.multipliers) do
    local cout <const>, cins <const> = o.width * factor, {}
    for j = 1, o.blocks do
      cins[j], cin = cin, cout
      skips[#skips + 1] = cout
    end
    self.down:append(Level(cins, cout, attends[k], o))
    if k < #o.multipliers then
      self.down[k].downsample = Downsample(cout)
      skips[#skips + 1] = cout
    end
  end
  return skips
end

function DiffusionUNet:build_up(o, attends, skips)
  local levels <const>, cin = {}, o.width * o.multipliers[#o.multipliers]
  for k = #o.multipliers, 1, -1 do
    local cout <const>, cins <const> = o.width * o.multipliers[k], {}
    for j = 1, o.blocks + 1 do
      cins[j], cin = cin + table.remove(skips), cout
    end
    levels[k] = Level(cins, cout, attends[k], o)
    if k > 1 then levels[k].upsample = Upsample(cout) end
  end
  self.up = nn.ModuleList(table.unpack(levels))
end

local function go_down(self, x, time)
  local skips <const> = { self.conv_in(x) }
  for _, level in ipairs(self.down) do
    for j = 1, #level.block do
      skips[#skips + 1] = level:apply_block(j, skips[#skips], time)
    end
    if level.downsample then skips[#skips + 1] = level.downsample(skips[#skips]) end
  end
  return skips
end

local function go_up(self, x, time, skips)
  for k = #self.up, 1, -1 do
    local level <const> = self.up[k]
    for j = 1, #level.block do
      x = level:apply_block(j, tocha.cat({ x, table.remove(skips) }, 2), time)
    end
    if level.upsample then x = level.upsample(x) end
  end
  return x
end

-- x is (B, channels, H, W), t (B) from 1
function DiffusionUNet:forward(x, t)
  if x:size(3) % self.sides ~= 0 or x:size(4) % self.sides ~= 0 then
    core.fail("DiffusionUNet", 1, "%d x %d: expected sides that %d divides", x:size(3), x:size(4),
      self.sides)
  end
  local time <const> = self.temb(t, x.dtype)
  local skips <const> = go_down(self, x, time)
  x = go_up(self, self.mid(skips[#skips], time), time, skips)
  return self.conv_out(nn.functional.silu(self.norm_out(x)))
end

-- That of the paper for CIFAR-10.
return blocks.define({}, DiffusionUNet, { ddpm_cifar10 = {} })
