-- The networks of the benchmark, as a user writes them: bench/peer/nets.py has the same. Sizes can
-- be made smaller, for the spec.

local tocha = require "tocha"

local nn <const>, F <const> = tocha.nn, tocha.nn.functional
local nets <const> = {}

function nets.tiny()
  return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
end

function nets.mlp(width)
  return nn.Sequential(nn.Linear(784, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
    nn.Linear(width, 10))
end

function nets.lenet5()
  return nn.Sequential(nn.Conv2d(1, 6, 5, { padding = 2 }), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(),
    nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
end

function nets.mnist_cnn()
  return nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(),
    nn.MaxPool2d(2), nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10))
end

function nets.digits_cnn()
  return nn.Sequential(nn.Conv2d(1, 32, 3, { padding = 1 }), nn.ReLU(),
    nn.Conv2d(32, 64, 3, { padding = 1 }), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.Linear(1024, 128), nn.ReLU(), nn.Linear(128, 10))
end

-- ---- residual networks -------------------------------------------------------------------------

local function conv(cin, cout, size, stride)
  return nn.Conv2d(cin, cout, size, { stride = stride, padding = size // 2, bias = false })
end

local function shortcut(cin, cout, stride)
  if stride == 1 and cin == cout then return nil end
  return nn.Sequential(conv(cin, cout, 1, stride), nn.BatchNorm2d(cout))
end

local Basic <const> = nn.Module:extend "Basic"

function Basic:new(cin, cout, stride)
  self.c1 = conv(cin, cout, 3, stride)
  self.b1 = nn.BatchNorm2d(cout)
  self.c2 = conv(cout, cout, 3, 1)
  self.b2 = nn.BatchNorm2d(cout)
  self.short = shortcut(cin, cout, stride)
end

function Basic:forward(x)
  local h = self.b2(self.c2(self.b1(self.c1(x)):relu_()))
  return (h + (self.short and self.short(x) or x)):relu_()
end

local Bottleneck <const> = nn.Module:extend "Bottleneck"

function Bottleneck:new(cin, mid, stride)
  self.c1 = conv(cin, mid, 1, 1)
  self.b1 = nn.BatchNorm2d(mid)
  self.c2 = conv(mid, mid, 3, stride)
  self.b2 = nn.BatchNorm2d(mid)
  self.c3 = conv(mid, 4 * mid, 1, 1)
  self.b3 = nn.BatchNorm2d(4 * mid)
  self.short = shortcut(cin, 4 * mid, stride)
end

function Bottleneck:forward(x)
  local h = self.b1(self.c1(x)):relu_()
  h = self.b3(self.c3(self.b2(self.c2(h)):relu_()))
  return (h + (self.short and self.short(x) or x)):relu_()
end

-- Stages of { width, blocks, stride } after the stem; a block widens its width `widening` times.
local function residual(stem, Block, widening, stages, classes)
  local net <const>, cin = nn.Sequential(table.unpack(stem)), 64
  for _, stage in ipairs(stages) do
    local width <const>, blocks <const>, stride <const> = table.unpack(stage)
    for k = 1, blocks do
      net:add(Block(cin, width, k == 1 and stride or 1))
      cin = width * widening
    end
  end
  net:add(nn.AdaptiveAvgPool2d(1))
  net:add(nn.Flatten())
  return net:add(nn.Linear(cin, classes))
end

--- A 3 x 3 stem without pooling, widths 64, 128, 256, 512, two basic blocks each.
function nets.resnet18(blocks)
  return residual({ conv(3, 64, 3, 1), nn.BatchNorm2d(64), nn.ReLU() }, Basic, 1,
    { { 64, blocks, 1 }, { 128, blocks, 2 }, { 256, blocks, 2 }, { 512, blocks, 2 } }, 10)
end

function nets.resnet50(small)
  local stem <const> = { conv(3, 64, 7, 2), nn.BatchNorm2d(64), nn.ReLU(),
    nn.MaxPool2d(3, { stride = 2, padding = 1 }) }
  return residual(stem, Bottleneck, 4, small and { { 64, 1, 1 } }
    or { { 64, 3, 1 }, { 128, 4, 2 }, { 256, 6, 2 }, { 512, 3, 2 } }, 1000)
end

-- ---- sequences ---------------------------------------------------------------------------------

local CharLSTM <const> = nn.Module:extend "CharLSTM"
nets.CharLSTM = CharLSTM

--- Ids (T, B) to scores (T, B, vocab), and the state after them.
function CharLSTM:new(vocab, hidden, layers)
  self.embed = nn.Embedding(vocab, hidden)
  self.rnn = nn.LSTM(hidden, hidden, { num_layers = layers })
  self.head = nn.Linear(hidden, vocab)
end

function CharLSTM:forward(x, state)
  local h, after = self.rnn(self.embed(x), state)
  return self.head(h), after
end

local Block <const> = nn.Module:extend "Block"

function Block:new(d, heads, gelu)
  self.ln1 = nn.LayerNorm(d)
  self.attention = nn.MultiheadAttention(d, heads, { bias = false, batch_first = true })
  self.ln2 = nn.LayerNorm(d)
  self.mlp = nn.Sequential(nn.Linear(d, 4 * d, { bias = false }), nn.GELU { approximate = gelu },
    nn.Linear(4 * d, d, { bias = false }))
end

function Block:forward(x, cache)
  x = x + self.attention(self.ln1(x), { is_causal = true, need_weights = false, cache = cache })
  return x + self.mlp(self.ln2(x))
end

local GPT <const> = nn.Module:extend "GPT"
nets.GPT = GPT

--- A tied head, learned positions, no dropout. `gelu`: "none", or GPT-2's "tanh".
function GPT:new(vocab, context, layers, d, heads, gelu)
  self.tok = nn.Embedding(vocab, d)
  self.pos = nn.Embedding(context, d)
  self.blocks = nn.ModuleList()
  for _ = 1, layers do self.blocks:append(Block(d, heads, gelu or "none")) end
  self.ln = nn.LayerNorm(d)
end

function GPT:new_caches()
  local caches <const> = {}
  for k = 1, #self.blocks do caches[k] = nn.KVCache() end
  return caches
end

--- ids (B, T), the first of them at place `start`
function GPT:forward(ids, caches, start)
  local x = self.tok(ids) + self.pos.weight:narrow(1, start or 1, ids:size(2))
  for k, block in ipairs(self.blocks) do x = block(x, caches and caches[k]) end
  return F.linear(self.ln(x), self.tok.weight)
end

return nets
