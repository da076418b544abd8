-- Swin Transformer: Liu et al., "Swin Transformer: Hierarchical Vision Transformer using Shifted
-- Windows" (2021), and "Swin Transformer V2: Scaling Up Capacity and Resolution" (2022). Pictures
-- of any size. Inside, maps are (B, H, W, C).

local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local F <const> = nn.functional

-- ---- windows ------------------------------------------------------------------------------------

-- From (B, H, W, C) to (B * windows, w * w, C); w divides H and W.
local function to_windows(x, w)
  local B <const>, H <const>, W <const>, C <const> = table.unpack(x.shape)
  return x:reshape { B, H // w, w, W // w, w, C }:permute(1, 2, 4, 3, 5, 6)
    :reshape { -1, w * w, C }
end

-- And back to (B, H, W, C).
local function from_windows(x, w, H, W)
  local C <const> = x:size(-1)
  return x:reshape { -1, H // w, W // w, w, w, C }:permute(1, 2, 4, 3, 5, 6)
    :reshape { -1, H, W, C }
end

-- 1 for the places of n that a shift has brought here from the other end.
local function wrapped(n, shift)
  local list <const> = {}
  for i = 1, n do list[i] = i > n - shift and 1 or 0 end
  return tocha.tensor(list, { dtype = "float32" })
end

-- -100 between places of a window that are no neighbours, (windows, 1, w * w, w * w).
local function shift_mask(H, W, w, down, right, like)
  local part <const> = wrapped(H, down):unsqueeze(2) * 2 + wrapped(W, right)
  local each <const> = to_windows(part:reshape { 1, H, W, 1 }, w):squeeze(3)
  local apart <const> = each:unsqueeze(2):ne(each:unsqueeze(3))
  return (apart:to(like.dtype) * -100):unsqueeze(2):to(like.device)
end

-- ---- attention inside windows -------------------------------------------------------------------

-- Of each pair of places in a window, the row of the bias table: counts from 0, as in files.
local function position_index(w)
  local list <const> = {}
  for a = 0, w * w - 1 do
    for b = 0, w * w - 1 do
      local down <const>, right <const> = a // w - b // w + w - 1, a % w - b % w + w - 1
      list[#list + 1] = down * (2 * w - 1) + right
    end
  end
  return tocha.tensor(list, { dtype = "int64" })
end

local WindowAttention <const> = nn.Module:extend "ShiftedWindowAttention"

function WindowAttention:new(width, heads, shift, o)
  self.heads, self.shift, self.window = heads, shift, o.window_size
  self.attention_dropout = o.attention_dropout
  self:define_bias(heads, o.window_size)
  self:register_buffer("relative_position_index", position_index(o.window_size))
  self.qkv = nn.Linear(width, 3 * width)
  self.proj = nn.Linear(width, width)
  self.dropout = nn.Dropout(o.dropout)
end

function WindowAttention:define_bias(heads, w)
  self.relative_position_bias_table = nn.Parameter(tocha.empty((2 * w - 1) * (2 * w - 1), heads))
  nn.init.trunc_normal_(self.relative_position_bias_table, 0, 0.02)
end

-- One row of numbers for each difference of two places.
function WindowAttention:bias_table() return self.relative_position_bias_table end

function WindowAttention:qkv_bias() return self.qkv.bias end

-- q and k are (windows, heads, w * w, d), the result (windows, heads, w * w, w * w)
function WindowAttention:scores(q, k)  -- luacheck: ignore self
  return (q * q:size(-1) ^ -0.5):matmul(k:transpose(-2, -1))
end

-- (heads, w * w, w * w)
local function position_bias(self)
  local n <const> = self.window * self.window
  local rows <const> = self:bias_table():index_select(1, self.relative_position_index + 1)
  return rows:reshape { n, n, self.heads }:permute(3, 1, 2)
end

-- x is (windows, w * w, C), so is the result; mask is that of shift_mask or nil
local function attend(self, x, mask)
  local N <const>, n <const>, C <const> = table.unpack(x.shape)
  local qkv <const> = F.linear(x, self.qkv.weight, self:qkv_bias())
    :reshape { N, n, 3, self.heads, C // self.heads }:permute(3, 1, 4, 2, 5)
  local scores = self:scores(qkv:select(1, 1), qkv:select(1, 2)) + position_bias(self)
  if mask then
    scores = scores:reshape { -1, mask:size(1), self.heads, n, n } + mask
    scores = scores:reshape { N, self.heads, n, n }
  end
  local weights <const> = F.dropout(scores:softmax(-1), self.attention_dropout, self.is_training)
  return self.proj(weights:matmul(qkv:select(1, 3)):transpose(2, 3):reshape { N, n, C })
end

-- x is (B, H, W, C), so is the result: padded to whole windows, shifted unless one window holds all
function WindowAttention:forward(x)
  local w <const>, H <const>, W <const> = self.window, x:size(2), x:size(3)
  x = F.pad(x, { 0, 0, 0, -W % w, 0, -H % w })
  local high <const>, wide <const> = x:size(2), x:size(3)
  local down <const>, right <const> = high > w and self.shift or 0, wide > w and self.shift or 0
  local shifted <const> = down + right > 0
  if shifted then x = x:roll({ -down, -right }, { 2, 3 }) end
  local mask <const> = shifted and shift_mask(high, wide, w, down, right, x) or nil
  x = from_windows(self.dropout(attend(self, to_windows(x, w), mask)), w, high, wide)
  if shifted then x = x:roll({ down, right }, { 2, 3 }) end
  return x:narrow(2, 1, H):narrow(3, 1, W)
end

-- ---- attention of V2: by angles, the bias from a small network ----------------------------------

local WindowAttentionV2 <const> = WindowAttention:extend "ShiftedWindowAttentionV2"

function WindowAttentionV2:new(width, heads, shift, o)
  self.logit_scale = nn.Parameter(tocha.full({ heads, 1, 1 }, math.log(10)))
  WindowAttention.new(self, width, heads, shift, o)
  self.cpb_mlp = nn.Sequential(nn.Linear(2, 512), nn.ReLU { inplace = true },
    nn.Linear(512, heads, { bias = false }))
end

-- Differences of places as logarithms, -8 to 8 before: (1, 2 w - 1, 2 w - 1, 2).
function WindowAttentionV2:define_bias(_, w)
  local d <const> = tocha.arange(1 - w, w - 1, 1, { dtype = "float32" }) * (8 / (w - 1))
  local log <const> = d:sign() * (d:abs() + 1):log2() / 3
  local n <const> = 2 * w - 1
  self:register_buffer("relative_coords_table", tocha.stack({
    log:unsqueeze(2):expand { n, n }, log:unsqueeze(1):expand { n, n },
  }, 3):unsqueeze(1))
end

function WindowAttentionV2:bias_table()
  local rows <const> = self.cpb_mlp(self.relative_coords_table)
  return rows:reshape { -1, self.heads }:sigmoid() * 16
end

-- Keys have none.
function WindowAttentionV2:qkv_bias()
  local bias <const>, C <const> = self.qkv.bias, self.qkv.bias:size(1) // 3
  local q <const>, v <const> = bias:narrow(1, 1, C), bias:narrow(1, 2 * C + 1, C)
  return tocha.cat({ q, tocha.zeros_like(q), v }, 1)
end

function WindowAttentionV2:scores(q, k)
  local cosine <const> = F.normalize(q, { dim = -1 })
    :matmul(F.normalize(k, { dim = -1 }):transpose(-2, -1))
  return cosine * self.logit_scale:clamp_max(math.log(100)):exp()
end

-- ---- blocks -------------------------------------------------------------------------------------

local Block <const> = nn.Module:extend "SwinTransformerBlock"
Block.Attention = WindowAttention

function Block:new(width, heads, shift, drop, o)
  self.norm1 = nn.LayerNorm(width)
  self.attn = self.Attention(width, heads, shift, o)
  self.stochastic_depth = nn.StochasticDepth(drop, "row")
  self.norm2 = nn.LayerNorm(width)
  self.mlp = blocks.mlp(width, math.floor(width * o.mlp_ratio), o.dropout)
end

-- x is (B, H, W, width), so is the result
function Block:forward(x)
  x = x + self.stochastic_depth(self.attn(self.norm1(x)))
  return x + self.stochastic_depth(self.mlp(self.norm2(x)))
end

-- Normalised after, not before.
local BlockV2 <const> = Block:extend "SwinTransformerBlockV2"
BlockV2.Attention = WindowAttentionV2

function BlockV2:forward(x)
  x = x + self.stochastic_depth(self.norm1(self.attn(x)))
  return x + self.stochastic_depth(self.norm2(self.mlp(x)))
end

-- Four neighbours, one below the other first, become the channels of one.
local function gather_neighbours(x)
  x = F.pad(x, { 0, 0, 0, x:size(3) % 2, 0, x:size(2) % 2 })
  local B <const>, H <const>, W <const>, C <const> = table.unpack(x.shape)
  return x:reshape { B, H // 2, 2, W // 2, 2, C }:permute(1, 2, 4, 5, 3, 6)
    :reshape { B, H // 2, W // 2, 4 * C }
end

-- To half the size and twice the channels.
local PatchMerging <const> = nn.Module:extend "PatchMerging"

function PatchMerging:new(width)
  self.reduction = nn.Linear(4 * width, 2 * width, { bias = false })
  self.norm = nn.LayerNorm(4 * width)
end

-- x is (B, H, W, width), the result (B, H / 2, W / 2, 2 width)
function PatchMerging:forward(x) return self.reduction(self.norm(gather_neighbours(x))) end

local PatchMergingV2 <const> = nn.Module:extend "PatchMergingV2"

function PatchMergingV2:new(width)
  self.reduction = nn.Linear(4 * width, 2 * width, { bias = false })
  self.norm = nn.LayerNorm(2 * width)
end

function PatchMergingV2:forward(x) return self.norm(self.reduction(gather_neighbours(x))) end

local VERSIONS <const> = { { Block, PatchMerging }, { BlockV2, PatchMergingV2 } }

-- ---- the network --------------------------------------------------------------------------------

local SwinTransformer <const> = nn.Module:extend "SwinTransformer"

-- Stage k, whose first block is the one after `before` others; every second block is shifted.
local function stage(k, before, o)
  local layers <const>, Kind <const> = nn.Sequential(), VERSIONS[o.version][1]
  local last <const> = math.max(1, blocks.total(o.depths) - 1)
  for j = 0, o.depths[k] - 1 do
    local shift <const> = j % 2 == 0 and 0 or o.window_size // 2
    layers:add(Kind(o.embed_dim << (k - 1), o.num_heads[k], shift,
      o.stochastic_depth_prob * (before + j) / last, o))
  end
  return layers
end

local function features(o)
  local E <const>, before = o.embed_dim, 0
  local layers <const> = nn.Sequential(nn.Sequential(
    nn.Conv2d(3, E, o.patch_size, o.patch_size), nn.Permute(1, 3, 4, 2), nn.LayerNorm(E)))
  for k, count in ipairs(o.depths) do
    layers:add(stage(k, before, o))
    before = before + count
    if k < #o.depths then layers:add(VERSIONS[o.version][2](E << (k - 1))) end
  end
  return layers
end

local ARGS <const> = "embed_dim, depths, num_heads, window_size, version = 1, patch_size = 4, "
  .. "mlp_ratio = 4.0, dropout = 0.0, attention_dropout = 0.0, stochastic_depth_prob = 0.1, "
  .. "num_classes = 1000"

--- models.SwinTransformer(embed_dim, depths, num_heads, window_size, {version = 1, patch_size = 4,
--- mlp_ratio = 4, dropout = 0, attention_dropout = 0, stochastic_depth_prob = 0.1, num_classes =
--- 1000}): blocks and heads of each stage; `embed_dim` channels in the first, twice as many in each
--- that follows.
function SwinTransformer:new(...)
  local o <const> = {}
  signature.read(ARGS, "SwinTransformer", o, ...)
  blocks.expect("SwinTransformer", "version", o.version, VERSIONS)
  local last <const> = o.embed_dim << (#o.depths - 1)
  self.features = features(o)
  self.norm = nn.LayerNorm(last)
  self.permute = nn.Permute(1, 4, 2, 3)
  self.avgpool = nn.AdaptiveAvgPool2d(1)
  self.flatten = nn.Flatten()
  self.head = nn.Linear(last, o.num_classes)
  blocks.start_weights(self, nn.Linear, function(w) nn.init.trunc_normal_(w, 0, 0.02) end)
end

-- x is (B, 3, H, W), the result (B, num_classes)
function SwinTransformer:forward(x)
  x = self.permute(self.norm(self.features(x)))
  return self.head(self.flatten(self.avgpool(x)))
end

local function kind(version, embed_dim, third, drop)
  local h <const> = embed_dim // 32
  return { version = version, embed_dim = embed_dim, depths = { 2, 2, third, 2 },
    num_heads = { h, 2 * h, 4 * h, 8 * h }, window_size = version == 1 and 7 or 8,
    stochastic_depth_prob = drop }
end

return blocks.define({}, SwinTransformer, {
  swin_t = kind(1, 96, 6, 0.2), swin_s = kind(1, 96, 18, 0.3), swin_b = kind(1, 128, 18, 0.5),
  swin_v2_t = kind(2, 96, 6, 0.2), swin_v2_s = kind(2, 96, 18, 0.3),
  swin_v2_b = kind(2, 128, 18, 0.5),
})
