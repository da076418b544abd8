-- Our side of the GPU's benchmark, as a user writes it. TOCHA_DEVICE is the device ("cuda"),
-- TOCHA_SMALL_SHAPES=1 makes shapes for a check on any machine.

local tocha = require "tocha"
local fill = require "fill"
local nets = require "nets"

local nn <const>, optim <const>, F <const> = tocha.nn, tocha.optim, tocha.nn.functional
local device <const> = os.getenv "TOCHA_DEVICE" or "cuda"
local kind <const> = device:match "^%a+"
local small <const> = os.getenv "TOCHA_SMALL_SHAPES" ~= nil
local workloads <const> = {}

local function synchronize()
  if kind == "cuda" then tocha.cuda.synchronize() end
end

local function pick(large, little) return small and little or large end

-- The most that tensors held on the device during some units, in bytes.
local function peak(unit)
  tocha.cuda.reset_peak_memory_stats()
  for _ = 1, 2 do unit() end
  return tocha.cuda.max_memory_allocated()
end

-- Work that is `inner` runs of `run` and waits for the device once.
local function repeated(inner, run, check)
  return { inner = inner, check = check, peak = kind == "cuda" and peak, unit = function()
    for _ = 1, inner do run() end
    synchronize()
  end }
end

-- ---- training steps -----------------------------------------------------------------------------

local STEPS <const> = 3  -- their losses are compared

-- Both on the device, pictures channels last there, as the peer's.
local function placed(net, x, y, dtype)
  fill.module(net):to(device)
  x, y = x:to(device), y:to(device)
  if x.ndim ~= 4 or not dtype or kind == "cpu" then return x, y end
  net:to { memory_format = "channels_last" }
  return x:to { memory_format = "channels_last" }, y
end

-- Recorded: what tocha.graph is for.
local function training(inner, net, x, y, loss_of, optimizer, dtype)
  x, y = placed(net, x, y, dtype)
  local opt <const> = optimizer(net:parameters())
  local step <const> = tocha.graph(function(a, b)
    opt:zero_grad()
    local loss
    do
      local _ <close> = tocha.autocast(kind, { enabled = dtype ~= nil, dtype = dtype })
      loss = loss_of(net, a, b)
    end
    loss:backward()
    opt:step()
    return loss
  end)
  return repeated(inner, function() step(x, y) end, function()
    local list <const> = {}
    for k = 1, STEPS do list[k] = step(x, y):item() end
    return list
  end)
end

local function classes(net, x, y) return F.cross_entropy(net(x), y) end

local function sgd(options)
  return function(params) return optim.SGD(params, options) end
end

local function adamw(options)
  return function(params) return optim.AdamW(params, options) end
end

function workloads.mlp()
  return training(20, nets.mlp(pick(512, 16)), fill.tensor { 128, 784 }, fill.labels(128, 10),
    classes, sgd { lr = 0.01 })
end

function workloads.lenet5()
  return training(20, nets.lenet5(), fill.tensor { pick(128, 4), 1, 28, 28 },
    fill.labels(pick(128, 4), 10), classes, sgd { lr = 0.01 })
end

function workloads.char_lstm()
  local T <const>, B <const> = pick(50, 3), pick(128, 2)
  return training(5, nets.CharLSTM(65, pick(128, 8), 2), fill.labels(T * B, 65):view(T, B),
    fill.labels(T * B, 65, 7), function(net, x, y)
      local scores = net(x)
      return F.cross_entropy(scores:flatten(1, 2), y)
    end, function(params) return optim.Adam(params, { lr = 2e-3 }) end)
end

function workloads.gpt2()
  local vocabulary <const>, T <const>, B <const> = pick(50304, 65), pick(1024, 8), pick(16, 2)
  local net <const> = nets.GPT(vocabulary, T, pick(12, 1), pick(768, 24), pick(12, 6),
    "tanh")
  return training(2, net, fill.labels(B * T, vocabulary):view(B, T),
    fill.labels(B * T, vocabulary, 7), function(model, x, y)
      local scores <const> = model(x)
      return F.cross_entropy(scores:view(-1, vocabulary), y, { inplace = true })
    end, adamw { lr = 1e-4, weight_decay = 0.1 }, "bfloat16")
end

function workloads.resnet50()
  local B <const>, side <const> = pick(128, 2), pick(224, 32)
  return training(2, nets.resnet50(small), fill.tensor { B, 3, side, side },
    fill.labels(B, 1000), classes, sgd { lr = 0.01, momentum = 0.9 }, "bfloat16")
end

-- The scaler looks at the gradients, so the step is not recorded.
function workloads.resnet50_half()
  if kind == "cpu" then return workloads.resnet50() end
  local B <const>, side <const> = pick(128, 2), pick(224, 32)
  local net <const> = nets.resnet50(small)
  local x <const>, y <const> = placed(net, fill.tensor { B, 3, side, side },
    fill.labels(B, 1000), "float16")
  local opt <const>, scaler <const> = optim.SGD(net:parameters(), { lr = 0.01, momentum = 0.9 }),
    tocha.GradScaler(device)
  local function step()
    opt:zero_grad()
    local loss
    do
      local _ <close> = tocha.autocast("cuda", "float16")
      loss = classes(net, x, y)
    end
    scaler:scale(loss):backward()
    scaler:step(opt)
    scaler:update()
    return loss
  end
  return repeated(2, step, function()
    local list <const> = {}
    for k = 1, STEPS do list[k] = step():item() end
    return list
  end)
end

-- ---- single operations --------------------------------------------------------------------------

local function numbers(...)
  local list <const> = {}
  for _, x in ipairs { ... } do
    local y <const> = x:detach():float()
    list[#list + 1] = y:abs():mean():item()
    list[#list + 1] = y:reshape({ -1 })[1]:item()
  end
  return list
end

-- (rows, n), of 64 rows again and again: filling is slow.
local function tall(rows, n, ...)
  local some <const> = pick(64, 8)
  return fill.tensor({ some, n }, ...):tile(rows // some, 1)
end

-- In the device's half type; the CPU checks in float32.
local function half(x) return x:to(device):to(kind == "cpu" and "float32" or "bfloat16") end

function workloads.layer_norm()
  local rows <const>, n <const> = pick(16384, 8), pick(1600, 32)
  local x <const> = half(tall(rows, n)):requires_grad_()
  local g <const> = half(tall(rows, n, 1, 3))
  local layer <const> = fill.module(nn.LayerNorm(n)):to(device, x.dtype)
  local function run()
    x.grad = nil
    layer:zero_grad()
    local y <const> = layer(x)
    y:backward(g)
    return y
  end
  return repeated(10, run, function() return numbers(run(), x.grad, layer.weight.grad) end)
end

function workloads.cross_entropy()
  local rows <const>, n <const> = pick(8192, 8), pick(50304, 32)
  local x <const> = half(tall(rows, n)):requires_grad_()
  local y <const> = fill.labels(rows, n):to(device)
  local function run()
    x.grad = nil
    local loss <const> = F.cross_entropy(x, y)
    loss:backward()
    return loss
  end
  return repeated(5, run, function() return numbers(run(), x.grad) end)
end

function workloads.adamw()
  local some <const>, times <const> = pick(1000000, 1000), pick(124, 1)
  local p <const> = nn.Parameter(fill.tensor({ some }):tile(times):to(device))
  p.grad = fill.tensor({ some }, 1e-3, 3):tile(times):to(device)
  local opt <const> = optim.AdamW({ p }, { lr = 1e-3 })
  local function run() opt:step() end
  return repeated(5, run, function()
    for _ = 1, STEPS do run() end
    return numbers(p)
  end)
end

function workloads.copy()
  local x <const> = fill.tensor({ pick(1 << 20, 1000) }):tile(pick(64, 1)):to(device)
  return repeated(10, function() return x:clone() end, function() return numbers(x:clone()) end)
end

function workloads.mm()
  local n <const> = pick(8192, 64)
  local a <const>, b <const> = half(tall(n, n)), half(tall(n, n, 1, 3))
  return repeated(5, function() return a:mm(b) end, function() return numbers(a:mm(b)) end)
end

return workloads
