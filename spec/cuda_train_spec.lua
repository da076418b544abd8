-- Training on the CUDA device as a whole: clipping, mixed precision with a scaler, fit, saving. The
-- device is the emulated one, the numbers are the CPU's.

local tocha = require "tocha"
local device = require "spec.cuda_support"

local nn <const>, optim <const>, F <const> = tocha.nn, tocha.optim, tocha.nn.functional
local describe_cuda <const> = device.suite(describe, pending)

local function net()
  tocha.manual_seed(5)
  return nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3))
end

local function batch()
  tocha.manual_seed(6)
  return tocha.randn(12, 6), tocha.randint(1, 3, { 12 })
end

-- The losses of five steps on `where`.
local function losses(where, update)
  local model <const>, x <const>, y <const> = net():to(where), batch()
  local optimizer <const> = optim.AdamW(model:parameters(), { lr = 0.05 })
  local a <const>, b <const>, list <const> = x:to(where), y:to(where), {}
  tocha.manual_seed(7)
  for k = 1, 5 do list[k] = update(model, optimizer, a, b):item() end
  return tocha.tensor(list)
end

local function plain(model, optimizer, x, y)
  optimizer:zero_grad()
  local loss <const> = F.cross_entropy(model(x), y)
  loss:backward()
  optimizer:step()
  return loss
end

local function clipped(most)
  return function(model, optimizer, x, y)
    optimizer:zero_grad()
    local loss <const> = F.cross_entropy(model(x), y)
    loss:backward()
    local norm <const> = nn.utils.clip_grad_norm_(model:parameters(), most)
    optimizer:step()
    return loss + norm
  end
end

describe_cuda("training on CUDA", function()
  it("gives the CPU's losses, with the same dropout", function()
    device.assert_alike(losses("cuda", plain):cuda(), losses("cpu", plain), 1e-5, 1e-6)
  end)

  for name, most in pairs { ["what is too long"] = 0.1, ["nothing that is short"] = 100 } do
    it("clips " .. name, function()
      device.assert_alike(losses("cuda", clipped(most)):cuda(), losses("cpu", clipped(most)), 1e-5,
        1e-6)
    end)
  end

  it("scales losses in float16, and leaves out a step that overflows", function()
    local model <const>, x <const>, y <const> = net():cuda(), batch()
    local optimizer <const> = optim.SGD(model:parameters(), { lr = 0.1 })
    local scaler <const> = tocha.GradScaler("cuda", { init_scale = 2.0 ^ 40 })
    local before <const> = model[1].weight:detach():clone()
    local first, last
    for _ = 1, 40 do
      optimizer:zero_grad()
      do
        local _ <close> = tocha.autocast("cuda", "float16")
        last = F.cross_entropy(model(x:cuda()), y:cuda())
      end
      scaler:scale(last):backward()
      scaler:step(optimizer)
      scaler:update()
      if not first then
        first = last:item()
        assert.is_true(model[1].weight:equal(before))
      end
    end
    assert.is_true(scaler:get_scale() < 2.0 ^ 40)
    assert.is_true(last:item() < first)
  end)

  it("fits, evaluates and predicts; batches come to the model", function()
    local results <const> = {}
    for _, where in ipairs { "cpu", "cuda" } do
      local model <const>, x <const>, y <const> = net():to(where), batch()
      model:compile { optimizer = "adam", loss = "cross_entropy", metrics = { "accuracy" } }
      local history <const> = model:fit(x, y, { epochs = 2, batch_size = 4, verbose = 0,
        shuffle = false, validation_data = { x, y } })
      local said <const> = model:evaluate(x, y, { verbose = 0 })
      assert.equal(where == "cuda" and "cuda:0" or "cpu", model:predict(x, { verbose = 0 }).device)
      results[where] = { history.history.loss, history.history.val_accuracy, said }
    end
    device.assert_alike(tocha.tensor(results.cuda[1]):cuda(), tocha.tensor(results.cpu[1]), 1e-5,
      1e-6)
    assert.same(results.cpu[2], results.cuda[2])
  end)

  it("saves what it has, and loads it on the other device", function()
    local model <const>, path <const> = net():cuda(), os.tmpname()
    tocha.save(model:state_dict(), path)
    local twin <const> = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(), nn.Linear(16, 3))
    twin:load_state_dict(tocha.load(path))
    os.remove(path)
    assert.equal("cpu", twin[1].weight.device)
    assert.is_true(twin[4].weight:equal(model[4].weight:cpu()))
  end)

  it("keeps an optimiser that was made before the model moved", function()
    local model <const>, x <const>, y <const> = net(), batch()
    local optimizer <const> = optim.Adam(model:parameters(), { lr = 0.05 })
    model:cuda()
    local first <const> = plain(model, optimizer, x:cuda(), y:cuda()):item()
    for _ = 1, 10 do plain(model, optimizer, x:cuda(), y:cuda()) end
    assert.is_true(plain(model, optimizer, x:cuda(), y:cuda()):item() < first)
  end)
end)
