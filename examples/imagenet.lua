-- Trains a residual network on pictures of 224 x 224 in 1,000 classes.
--
--     bin/tocha examples/imagenet.lua --synthetic [--model resnet50] [--device cuda]
--                                     [--dtype bfloat16] [--batch 128] [--steps 100]
--                                     [--layout channels_last]
--
-- The synthetic mode, the only one so far, trains on one batch of random pictures and says how many
-- it learns from in a second: the arithmetic of ImageNet without its files. Expect the loss to fall
-- from about 7 (log 1000), since the batch is always the same. On a GPU channels lie last, as its
-- tensor cores want them, unless --layout says contiguous_format. TOCHA_SMOKE=1: two steps on small
-- pictures.

local tocha = require "tocha"
local nn, optim, vision = tocha.nn, tocha.optim, tocha.vision

local options = tocha.arguments("batch = 8, device = 'cpu', dtype = 'float32', graph = 1, "
  .. "layout = nil, model = 'resnet50', size = 224, steps = 100, synthetic = false")
if os.getenv "TOCHA_SMOKE" then
  options.model, options.batch, options.steps, options.size = "resnet18", 2, 2, 32
end
local B <const>, STEPS <const>, SIDE <const> = options.batch, options.steps, options.size
local on_gpu = options.device:match "^cuda" ~= nil
local layout = { memory_format = options.layout
  or on_gpu and "channels_last" or "contiguous_format" }
local half = options.dtype ~= "float32" and options.dtype or nil

tocha.manual_seed(1)
local model = assert(vision.models[options.model], "unknown --model")():to(options.device)
  :to(layout)
local criterion = nn.CrossEntropyLoss { label_smoothing = 0.1 }
local optimizer = optim.SGD(model:parameters(),
  { lr = 0.02, momentum = 0.9, nesterov = true, weight_decay = 5e-5 })
local scaler = tocha.GradScaler(options.device, { enabled = half == "float16" })

-- Normalised pictures, (B, 3, SIDE, SIDE), and their classes.
local x = tocha.randn(B, 3, SIDE, SIDE, { device = options.device }):to(layout)
local y = tocha.randint(1, 1000, { B }, { device = options.device })

local function loss_of()
  local _ <close> = tocha.autocast(on_gpu and "cuda" or "cpu", { enabled = half ~= nil,
    dtype = half })
  return criterion(model(x), y)
end

local function plain_step()
  optimizer:zero_grad()
  local loss = loss_of()
  scaler:scale(loss):backward()
  scaler:step(optimizer)
  scaler:update()
  return loss
end
-- A scaler looks at the gradients, so its step cannot be recorded as a whole.
local step = options.graph == 1 and half ~= "float16" and tocha.graph(plain_step) or plain_step

print(("%s: %d parameters, batches of %d on %s in %s"):format(options.model,
  model:num_parameters(), B, options.device, options.dtype))
local clock, counted = tocha.clock(), 0
for k = 1, STEPS do
  local loss = step()
  counted = counted + 1
  if k == 1 or k % 10 == 0 or k == STEPS then
    local value, now = loss:item(), tocha.clock()
    print(("step %4d  loss %.4f  %8.1f images/s"):format(k, value, counted * B / (now - clock)))
    clock, counted = now, 0
  end
end
