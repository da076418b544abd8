-- CIFAR-10 by ResNet-20: He et al., "Deep residual learning for image recognition" (2016), 4.2.
--
--     bin/tocha examples/cifar10.lua [--device cuda] [--epochs 182] [--model resnet20]
--         [--weights FILE] [--data FOLDER] [--save FILE]
--
-- The paper's recipe: SGD from 0.1 with momentum 0.9 and weight decay 0.0001 in batches of 128,
-- the rate divided by 10 after a half and three quarters of the epochs; pictures are padded by 4
-- pixels, cropped at random and mirrored every other time, on the device, a batch at a time. Needs
-- CIFAR-10's binary files in FOLDER/cifar10 and trains on those batches that are there.
--
-- The paper reports 91.25 % after 182 epochs of 45,000 pictures, for which one wants a GPU. On
-- the CPU it runs 20 epochs; expect about 45 % from the 2,000 pictures of the small set, in half a
-- minute to a minute. With --weights it only scores: the published ones (91.7 % on the original
-- pictures) give 79.8 % on the small set, whose pictures were JPEGs.

local tocha = require "tocha"
local nn, optim, vision = tocha.nn, tocha.optim, tocha.vision
local progress = require "tocha.progress"
local F = nn.functional

local here = arg[0]:match "^.*/" or ""
local options = tocha.arguments("data = nil, device = 'cpu', epochs = 0, model = 'resnet20', "
  .. "save = nil, weights = nil")
options.data = options.data or os.getenv "TOCHA_DATA" or here .. "../../shared/data"
local smoke, on_gpu = os.getenv "TOCHA_SMOKE", options.device:find "^cuda" ~= nil
local EPOCHS <const> = smoke and 1 or options.epochs > 0 and options.epochs or on_gpu and 182 or 20
local BATCH <const>, PAD <const> = 128, 4
tocha.manual_seed(1)

-- ---- pictures -----------------------------------------------------------------------------------

local found, training, test = pcall(tocha.data.cifar10, { root = options.data .. "/cifar10" })
if not found then
  print(training)   -- says which files to put where; then say --data FOLDER
  return
end

local function per_channel(list)
  return tocha.tensor(list):view(1, 3, 1, 1):to(options.device)
end
local mean, std = per_channel { 0.485, 0.456, 0.406 }, per_channel { 0.229, 0.224, 0.225 }

-- Normalised pictures (N, 3, 32, 32) and classes on the device, `most` of them.
local function prepare(set, most)
  local x, y = set.tensors[1], set.tensors[2]
  if smoke then x, y = x:narrow(1, 1, most), y:narrow(1, 1, most) end
  return (x:to(options.device) - mean) / std, y:to(options.device)
end
local x_train, y_train = prepare(training, 256)
local x_test, y_test = prepare(test, 100)

-- Each picture moved by up to 4 pixels, with black where it was not, and every other one mirrored.
local function augmented(x)
  local n = #x
  local places = F.pad(x, { PAD, PAD, PAD, PAD }):unfold(3, 32, 1):unfold(4, 32, 1)
  local rows = tocha.arange(1, n, { device = x.device })
  local function anywhere() return tocha.randint(1, 2 * PAD + 1, { n }, { device = x.device }) end
  local moved = places:permute(1, 3, 4, 2, 5, 6)[{ rows, anywhere(), anywhere() }]
  local mirror = tocha.rand(n, 1, 1, 1, { device = x.device }):lt(0.5)
  return tocha.where(mirror, moved:flip(4), moved)
end

-- ---- training -----------------------------------------------------------------------------------

local net = assert(vision.models[options.model], "unknown --model")():to(options.device)

local function accuracy()
  net:eval()
  local right = 0
  local _ <close> = tocha.no_grad()
  for first = 1, #x_test, 500 do
    local n = math.min(500, #x_test - first + 1)
    local guess = net(x_test:narrow(1, first, n)):argmax(2)
    right = right + guess:eq(y_test:narrow(1, first, n)):sum():item()
  end
  net:train()
  return 100 * right / #x_test
end

if options.weights then
  net:load(options.weights)
  print(("%s, weights of %s: %.1f %% of %d test pictures right"):format(options.model,
    options.weights, accuracy(), #x_test))
  return
end

local optimizer = optim.SGD(net:parameters(), { lr = 0.1, momentum = 0.9, weight_decay = 1e-4 })
local schedule = optim.lr_scheduler.MultiStepLR(optimizer, { EPOCHS // 2, EPOCHS * 3 // 4 })
local step = tocha.graph(function(x, y)      -- recorded once, run again without Lua
  optimizer:zero_grad()
  local loss = F.cross_entropy(net(x), y)
  loss:backward()
  optimizer:step()
  return loss
end)

local function train_epoch(label)
  local order, batches = tocha.randperm(#x_train):to(options.device), #x_train // BATCH
  local bar <close>, sum = progress.bar(batches, label), 0
  for k = 1, batches do
    local ids = order:narrow(1, (k - 1) * BATCH + 1, BATCH)
    local x, y = augmented(x_train:index_select(1, ids)), y_train:index_select(1, ids)
    sum = sum + step(x, y):detach()           -- stays on the device until the epoch ends
    bar:step()
  end
  return sum:item() / batches, bar
end

print(("%s: %d parameters, %d pictures, %d epochs on %s"):format(options.model,
  net:num_parameters(), #x_train, EPOCHS, options.device))
for epoch = 1, EPOCHS do
  local label, clock = ("epoch %3d/%d"):format(epoch, EPOCHS), tocha.clock()
  local loss, bar = train_epoch(label)
  schedule:step()
  bar:finish(("%s  %.1f s  loss %.4f  test accuracy %.1f %%"):format(label, tocha.clock() - clock,
    loss, accuracy()))
end
if options.save then tocha.save(net:state_dict(), options.save) end
