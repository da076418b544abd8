-- GPT-2 (Radford et al., 2019) from scratch on a text file, byte by byte, and text that it writes.
--
--     bin/tocha examples/gpt2.lua --file FILE [--device cuda] [--dtype bfloat16] [--size tiny]
--                                 [--steps 2000] [--batch 16] [--context 256] [--lr 0.001]
--     bin/tocha examples/gpt2.lua --synthetic --size 124m --context 1024 --device cuda ...
--
-- Sizes: tiny (4 layers, 128 wide), small (6, 384), 124m, 355m, 774m, 1558m as in the paper.
-- Without a file it learns this repository's guide. Expect a loss near 5.5 at first (log 256), 2.5
-- after 300 steps of `tiny` with --batch 8 --context 64, and the beginnings of words. --synthetic
-- trains on random tokens of GPT-2's vocabulary and prints only how fast that is. --graph 0 turns
-- the recording of the step off. TOCHA_SMOKE=1: a few steps.

local tocha = require "tocha"
local nn, optim, F = tocha.nn, tocha.optim, tocha.nn.functional

local here = arg[0]:match "^.*/" or ""
local options = tocha.arguments("batch = 16, context = 256, device = 'cpu', dtype = 'float32', "
  .. "file = nil, graph = 1, lr = 0.001, seed = 1, size = 'tiny', steps = 2000, synthetic = false")
local smoke = os.getenv "TOCHA_SMOKE" ~= nil
if smoke then options.steps, options.batch, options.context = 3, 2, 16 end
local STEPS <const>, B <const>, T <const> = options.steps, options.batch, options.context

local SIZES <const> = {  -- layers, width, heads
  tiny = { 4, 128, 4 }, small = { 6, 384, 6 }, ["124m"] = { 12, 768, 12 },
  ["355m"] = { 24, 1024, 16 }, ["774m"] = { 36, 1280, 20 }, ["1558m"] = { 48, 1600, 25 },
}

-- ---- the network --------------------------------------------------------------------------------

local Block = nn.Module:extend "Block"

function Block:new(width, heads)
  self.ln_1 = nn.LayerNorm(width)
  self.attn = nn.MultiheadAttention(width, heads, { batch_first = true })
  self.ln_2 = nn.LayerNorm(width)
  self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU { approximate = "tanh" },
    nn.Linear(4 * width, width))
end

-- x is (B, T, C)
function Block:forward(x, cache)
  x = x + self.attn(self.ln_1(x), { is_causal = true, need_weights = false, cache = cache })
  return x + self.mlp(self.ln_2(x))
end

local GPT2 = nn.Module:extend "GPT2"

function GPT2:new(vocabulary, context, layers, width, heads)
  self.wte = nn.Embedding(vocabulary, width)  -- also the head's weight
  self.wpe = nn.Embedding(context, width)
  self.h = nn.ModuleList()
  for _ = 1, layers do self.h:append(Block(width, heads)) end
  self.ln_f = nn.LayerNorm(width)
  self:initialise(layers)
end

-- The paper's: standard deviation 0.02, in what adds to the residual stream over sqrt(2 layers).
function GPT2:initialise(layers)
  for name, p in self:named_parameters() do
    if p.ndim == 2 then
      local last = name:find "out_proj" or name:find "mlp%.2"
      nn.init.normal_(p, 0, last and 0.02 / math.sqrt(2 * layers) or 0.02)
    elseif name:find "bias$" then
      nn.init.zeros_(p)
    end
  end
end

-- ids (B, T), the first of them at place `start`, to scores (B, T, vocabulary)
function GPT2:forward(ids, caches, start)
  local x = self.wte(ids) + self.wpe.weight:narrow(1, start or 1, ids:size(2))
  for k, block in ipairs(self.h) do x = block(x, caches and caches[k]) end
  return F.linear(self.ln_f(x), self.wte.weight)
end

-- ---- text ---------------------------------------------------------------------------------------

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local function guide()
  local parts = {}
  for k, name in ipairs { "1-tensors", "2-gradients", "3-training", "7-layers" } do
    parts[k] = read(here .. "../docs/guide/" .. name .. ".md")
  end
  return table.concat(parts)
end

-- Two functions: a batch of ids (B, T) and what comes next (B, T).
local function from_text()
  local text = options.file and read(options.file) or guide()
  local ids = tocha.from_bytes(text, nil, "uint8"):long() + 1
  assert(#ids > T + 1, "the text is shorter than the context")
  return 256, function()
    local x, y = {}, {}
    for b = 1, B do
      local at = math.random(1, #ids - T - 1)
      x[b], y[b] = ids:narrow(1, at, T), ids:narrow(1, at + 1, T)
    end
    return tocha.stack(x):to(options.device), tocha.stack(y):to(options.device)
  end
end

-- GPT-2's 50,257 tokens, rounded up to a multiple of 128 as is usual.
local function synthetic()
  local x = tocha.randint(1, 50257, { B, T + 1 }, { device = options.device })
  local from, to = x:narrow(2, 1, T):contiguous(), x:narrow(2, 2, T):contiguous()
  return 50304, function() return from, to end
end

-- ---- training -----------------------------------------------------------------------------------

tocha.manual_seed(options.seed)
math.randomseed(options.seed)
local vocabulary, next_batch = (options.synthetic and synthetic or from_text)()
local size = assert(SIZES[options.size], "unknown --size")
local layers, width, heads = table.unpack(size)
local model = GPT2(vocabulary, T, layers, width, heads):to(options.device)
print(("GPT-2 %s: %d parameters, on %s in %s"):format(options.size, model:num_parameters(),
  options.device, options.dtype))

-- Matrices decay, biases and norms do not.
local function groups()
  local decayed, plain = {}, {}
  for _, p in ipairs(model:parameters()) do table.insert(p.ndim > 1 and decayed or plain, p) end
  return { { params = decayed, weight_decay = 0.1 }, { params = plain, weight_decay = 0.0 } }
end
local optimizer = optim.AdamW(groups(), { lr = options.lr, betas = { 0.9, 0.95 } })
local warmup = math.min(100, STEPS // 10 + 1)
local schedule = optim.lr_scheduler.LambdaLR(optimizer, function(step)
  if step < warmup then return (step + 1) / warmup end
  return 0.1 + 0.45 * (1 + math.cos(math.pi * (step - warmup) / math.max(1, STEPS - warmup)))
end)

local function loss_of(x, y)
  local half = options.dtype ~= "float32" and options.dtype or nil
  local _ <close> = tocha.autocast(options.device:match "^%a+",
    { enabled = half ~= nil, dtype = half })
  return F.cross_entropy(model(x):view(-1, vocabulary), y:reshape { -1 }, { inplace = true })
end

local function plain_step(x, y)
  optimizer:zero_grad()
  local loss = loss_of(x, y)
  loss:backward()
  nn.utils.clip_grad_norm_(model:parameters(), 1.0)
  optimizer:step()
  return loss
end
local step = options.graph == 1 and tocha.graph(plain_step) or plain_step

local clock, counted = tocha.clock(), 0
local function report(k, loss)
  local value = loss:item()  -- waits for the device
  local now = tocha.clock()
  print(("step %5d  loss %.4f  %8.0f tokens/s"):format(k, value, counted * B * T / (now - clock)))
  clock, counted = now, 0
end

for k = 1, STEPS do
  local loss = step(next_batch())
  schedule:step()
  counted = counted + 1
  if k == 1 or k % 50 == 0 or k == STEPS then report(k, loss) end
end
if options.synthetic then return end

-- ---- writing ------------------------------------------------------------------------------------

-- One byte after the other, each drawn from the 40 likeliest.
local function write(prompt, count)
  local _ <close> = tocha.no_grad()
  local caches, out = {}, { prompt }
  for k = 1, layers do caches[k] = nn.KVCache() end
  local ids, start = tocha.from_bytes(prompt, { 1, #prompt }, "uint8"):long() + 1, 1
  for _ = 1, math.min(count, T - #prompt) do
    local scores = model(ids:to(options.device), caches, start)
    start = start + ids:size(2)
    local values, places = (scores[{ 1, -1, {} }] / 0.8):topk(math.min(40, vocabulary))
    local pick = values:softmax(-1):multinomial(1)
    ids = places:gather(1, pick):view(1, 1):cpu()
    out[#out + 1] = string.char(ids:item() - 1)
  end
  return table.concat(out)
end

model:eval()
print("\n" .. write("The ", smoke and 8 or 200))
