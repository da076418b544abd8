-- Vision Transformer: Dosovitskiy et al., "An Image is Worth 16x16 Words: Transformers for Image
-- Recognition at Scale" (2021). Pictures are image_size x image_size.

local tocha = require "tocha"
local nn = require "tocha.nn"
local core = require "tocha.core"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local function norm(width) return nn.LayerNorm(width, { eps = 1e-6 }) end

local EncoderBlock <const> = nn.Module:extend "EncoderBlock"

function EncoderBlock:new(o)
  self.ln_1 = norm(o.hidden_dim)
  self.self_attention = nn.MultiheadAttention(o.hidden_dim, o.num_heads,
    { dropout = o.attention_dropout, batch_first = true })
  self.dropout = nn.Dropout(o.dropout)
  self.ln_2 = norm(o.hidden_dim)
  self.mlp = blocks.mlp(o.hidden_dim, o.mlp_dim, o.dropout)
end

-- x is (B, L, hidden_dim), so is the result
function EncoderBlock:forward(x)
  local y <const> = self.ln_1(x)
  x = x + self.dropout((self.self_attention(y, y, y, { need_weights = false })))
  return x + self.mlp(self.ln_2(x))
end

local Encoder <const> = nn.Module:extend "Encoder"

function Encoder:new(length, o)
  self.pos_embedding = nn.Parameter(tocha.empty(1, length, o.hidden_dim))
  nn.init.normal_(self.pos_embedding, 0, 0.02)
  self.dropout = nn.Dropout(o.dropout)
  self.layers = nn.Sequential()
  for k = 0, o.num_layers - 1 do self.layers:add(EncoderBlock(o), "encoder_layer_" .. k) end
  self.ln = norm(o.hidden_dim)
end

-- x is (B, L, hidden_dim), so is the result
function Encoder:forward(x) return self.ln(self.layers(self.dropout(x + self.pos_embedding))) end

-- ---- the network --------------------------------------------------------------------------------

local ARGS <const> = "image_size, patch_size, num_layers, num_heads, hidden_dim, mlp_dim, "
  .. "dropout = 0.0, attention_dropout = 0.0, num_classes = 1000, representation_size = nil"

local VisionTransformer <const> = nn.Module:extend "VisionTransformer"

local function head(o)
  local width <const> = o.representation_size
  if not width then return nn.Sequential { { "head", nn.Linear(o.hidden_dim, o.num_classes) } } end
  return nn.Sequential {
    { "pre_logits", nn.Linear(o.hidden_dim, width) }, { "act", nn.Tanh() },
    { "head", nn.Linear(width, o.num_classes) },
  }
end

--- models.VisionTransformer(image_size, patch_size, num_layers, num_heads, hidden_dim, mlp_dim,
--- {dropout = 0, attention_dropout = 0, num_classes = 1000, representation_size = nil}); the last
--- is the width of a layer before the classifier.
function VisionTransformer:new(...)
  local o <const> = {}
  signature.read(ARGS, "VisionTransformer", o, ...)
  if o.image_size % o.patch_size ~= 0 then
    core.fail("VisionTransformer", 2, "'patch_size': %d does not divide image_size %d",
      o.patch_size, o.image_size)
  end
  self.image_size = o.image_size
  self.class_token = nn.Parameter(tocha.zeros(1, 1, o.hidden_dim))
  self.conv_proj = nn.Conv2d(3, o.hidden_dim, o.patch_size, { stride = o.patch_size })
  local side <const> = o.image_size // o.patch_size
  self.encoder = Encoder(side * side + 1, o)
  self.heads = head(o)
  self:initialise()
  blocks.rename_on_load(self, "mlp%.linear_1%.", "mlp.0.")  -- of older files
  blocks.rename_on_load(self, "mlp%.linear_2%.", "mlp.3.")
end

-- By the number of inputs; the classifier begins with zeros.
function VisionTransformer:initialise()
  local function start(m)
    nn.init.trunc_normal_(m.weight, 0, math.sqrt(m.weight:size(1) / m.weight:numel()))
    nn.init.zeros_(m.bias)
  end
  start(self.conv_proj)
  if #self.heads > 1 then start(self.heads[1]) end
  nn.init.zeros_(self.heads[-1].weight)
  nn.init.zeros_(self.heads[-1].bias)
end

-- x is (B, 3, image_size, image_size), the result (B, num_classes)
function VisionTransformer:forward(x)
  if x:size(-1) ~= self.image_size or x:size(-2) ~= self.image_size then
    core.fail("VisionTransformer", 1, "expected a picture of %d x %d, got %d x %d", self.image_size,
      self.image_size, x:size(-2), x:size(-1))
  end
  local patches <const> = self.conv_proj(x):flatten(3):transpose(2, 3)  -- (B, L, hidden_dim)
  local token <const> = self.class_token:expand { x:size(1), -1, -1 }
  return self.heads(self.encoder(tocha.cat({ token, patches }, 2)):select(2, 1))
end

local function kind(patch_size, num_layers, num_heads, hidden_dim)
  return { image_size = 224, patch_size = patch_size, num_layers = num_layers,
    num_heads = num_heads, hidden_dim = hidden_dim, mlp_dim = 4 * hidden_dim }
end

return blocks.define({}, VisionTransformer, {
  vit_b_16 = kind(16, 12, 12, 768), vit_b_32 = kind(32, 12, 12, 768),
  vit_l_16 = kind(16, 24, 16, 1024), vit_l_32 = kind(32, 24, 16, 1024),
  vit_h_14 = kind(14, 32, 16, 1280),
})
