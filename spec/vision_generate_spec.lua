-- Networks that make pictures: sizes, values and gradients of PyTorch twins
-- (golden/vision_generate.py), what sampling must give where the answer is known, short trainings.

local tocha = require "tocha"
local support = require "spec.support"
local models <const>, optim <const> = tocha.vision.models, tocha.optim
local functional <const> = tocha.nn.functional

local golden <const> = tocha.io.safetensors.load "spec/golden/vision_generate.safetensors"

local function get(case, what)
  return golden[case .. "/" .. what] or error("no golden value " .. case .. "/" .. what)
end

local function near(want, got, tolerance)
  support.assert_alike(got, want, tolerance or 1e-4, tolerance or 1e-5)
end

-- What the file has by names that begin so.
local function part(prefix)
  local found <const> = {}
  for name, x in pairs(golden) do
    if name:sub(1, #prefix) == prefix then found[name:sub(#prefix + 1)] = x end
  end
  return found
end

local function load(net, prefix)
  net:load(part(prefix))
  return net
end

local function expect_gradients(net, case)
  local checked = 0
  for name, g in pairs(part(case .. "/grad/")) do
    near(g, net:get_parameter(name).grad)
    checked = checked + 1
  end
  assert.is_true(checked > 0)
end

-- The digits, (N, 1, 8, 8) of 0 to 1.
local digits <const> = tocha.data.digits()

local function draw(n) return digits:index_select(1, tocha.randint(1, digits:size(1), { n })) end

-- Trains for some steps; the mean loss of the first and of the last ten.
local function train(net, steps, rate, loss_of)
  local optimizer <const> = optim.Adam(net:parameters(), { lr = rate })
  local first, last = 0, 0
  for step = 1, steps do
    optimizer:zero_grad()
    local loss <const> = loss_of()
    loss:backward()
    optimizer:step()
    if step <= 10 then first = first + loss:item() / 10 end
    if step > steps - 10 then last = last + loss:item() / 10 end
  end
  return first, last
end

-- How alike two pictures are: the correlation of their pixels.
local function correlation(a, b)
  a, b = a:flatten() - a:mean(), b:flatten() - b:mean()
  return ((a * b):sum() / (a:square():sum() * b:square():sum()):sqrt()):item()
end

describe("the published sizes:", function()
  local COUNTS <const> = {
    ddpm_cifar10 = 35746307,        -- Ho et al.: 35.7 million
    vae = 652824,                   -- PyTorch's example
    DCGANGenerator = 3576704, DCGANDiscriminator = 2765568,  -- PyTorch's tutorial
    autoencoder = 2837314,          -- 784-1000-500-250-30 and back
  }
  for name, count in pairs(COUNTS) do
    it(name, function() assert.equal(count, models[name]():num_parameters()) end)
  end
end)

describe("an autoencoder", function()
  it("of linear layers learns digits", function()
    tocha.manual_seed(1)
    local net <const> = models.Autoencoder { sizes = { 64, 32, 8 } }
    local x <const> = draw(32)
    assert.same({ 32, 8 }, net:encode(x).shape)
    assert.same({ 32, 1, 8, 8 }, net(x).shape)
    local first <const>, last <const> = train(net, 150, 0.01, function()
      local batch <const> = draw(32)
      return functional.mse_loss(net(batch), batch)
    end)
    assert.is_true(last < first / 2.5, ("%g, then %g"):format(first, last))
  end)

  it("of convolutions does too", function()
    tocha.manual_seed(1)
    local net <const> = models.ConvAutoencoder { widths = { 8, 4 } }
    assert.same({ 5, 4, 2, 2 }, net:encode(draw(5)).shape)
    local first <const>, last <const> = train(net, 150, 0.01, function()
      local batch <const> = draw(32)
      return functional.mse_loss(net(batch), batch)
    end)
    assert.is_true(last < first / 2, ("%g, then %g"):format(first, last))
    assert.same({ 2, 3, 16, 24 },
      models.ConvAutoencoder { channels = 3 }(tocha.rand(2, 3, 16, 24)).shape)
  end)
end)

it("an autoencoder refuses options that it does not know", function()
  support.fails_with("[Autoencoder] unknown option 'size'", models.Autoencoder, { size = 3 })
end)

describe("the variational autoencoder", function()
  it("is its PyTorch twin", function()
    local net <const> = load(models.VAE { inputs = 12, hidden = 7, latent = 3, beta = 4 },
      "vae/state/"):eval()
    local y <const>, mu <const>, logvar <const> = net(get("vae", "x"))
    near(get("vae", "y"), y)
    near(get("vae", "mu"), mu)
    near(get("vae", "logvar"), logvar)
    local loss <const>, parts <const> = net:loss(get("vae", "x"))
    near(get("vae", "reconstruction"), parts.reconstruction)
    near(get("vae", "kl"), parts.kl)
    near(get("vae", "reconstruction") + 4 * get("vae", "kl"), loss)
    loss:backward()
    expect_gradients(net, "vae")
  end)

  it("draws its code in training: of the mean and spread it says", function()
    tocha.manual_seed(2)
    local net <const> = models.VAE { inputs = 4, hidden = 4, latent = 1 }
    local z <const> = net:reparameterise(tocha.full({ 20000, 1 }, 3.0),
      tocha.full({ 20000, 1 }, math.log(0.25)))
    assert.is_true(math.abs(z:mean():item() - 3) < 0.02)
    assert.is_true(math.abs(z:std():item() - 0.5) < 0.02)
    assert.equal(3, net:eval():reparameterise(tocha.full({ 1 }, 3.0), tocha.zeros(1)):item())
  end)

  it("learns digits, and what it draws has their mean and spread", function()
    tocha.manual_seed(1)
    local net <const> = models.VAE { inputs = 64, hidden = 64, latent = 8 }
    local first <const>, last <const> = train(net, 400, 0.005, function()
      return (net:loss(draw(64)))
    end)
    assert.is_true(last < 0.75 * first, ("%g, then %g"):format(first, last))
    local made <const> = net:sample(512)
    local real <const> = digits:flatten(2)
    assert.is_true(correlation(made:mean(1), real:mean(1)) > 0.97)
    assert.is_true(math.abs(made:mean():item() - real:mean():item()) < 0.03)
    assert.is_true(correlation(made:std(1), real:std(1)) > 0.8)
  end)
end)

describe("DCGAN", function()
  local function pair()
    local g <const> = models.DCGANGenerator { latent = 5, width = 4, channels = 2, size = 16 }
    local d <const> = models.DCGANDiscriminator { width = 4, channels = 2, size = 16 }
    return g, d
  end

  it("is its PyTorch twin", function()
    local g <const>, d <const> = pair()
    load(g, "dcgan/state/g.")
    load(d, "dcgan/state/d.")
    local made <const> = g(get("dcgan", "z"))
    near(get("dcgan", "made"), made)
    local p <const> = d(made)
    near(get("dcgan", "p"), p)
    functional.binary_cross_entropy(p, tocha.ones(3)):backward()
    near(get("dcgan", "grad_g"), g.main[1].weight.grad)
    near(get("dcgan", "grad_d"), d.main[1].weight.grad)
  end)

  it("begins as the paper says", function()
    tocha.manual_seed(1)
    local g <const> = models.DCGANGenerator()
    assert.is_true(math.abs(g.main[4].weight:std():item() - 0.02) < 1e-4)
    assert.is_true(math.abs(g.main[2].weight:mean():item() - 1) < 0.01)
    assert.equal(0, g.main[2].bias:abs():max():item())
    assert.same({ 2, 3, 64, 64 }, g(g:noise(2)).shape)
  end)

  it("trains both sides: the discriminator tells digits from made ones, then is fooled", function()
    tocha.manual_seed(1)
    local g <const> = models.DCGANGenerator { latent = 8, width = 16, channels = 1, size = 8 }
    local d <const> = models.DCGANDiscriminator { width = 8, channels = 1, size = 8 }
    local options <const> = { lr = 0.002, betas = { 0.5, 0.999 } }
    local og <const>, od <const> = optim.Adam(g:parameters(), options),
      optim.Adam(d:parameters(), options)
    local before <const> = correlation(g(g:noise(256)):mean(1), digits:mean(1))
    local losses_d <const> = {}
    for step = 1, 200 do
      losses_d[step] = g:step(d, og, od, draw(32) * 2 - 1)
    end
    assert.is_true(losses_d[20] < losses_d[1])
    local made <const> = g(g:noise(256))
    local after <const> = correlation(made:mean(1), digits:mean(1))
    assert.is_true(after > 0.8 and after > before, ("%g, then %g"):format(before, after))
    assert.is_true(made:std(1):mean():item() > 0.2)  -- not one picture alone
  end)

  it("says what it needs", function()
    assert.error_matches(function() models.DCGANGenerator { size = 24 } end,
      "expected 8, 16, 32, 64, ..., got 24")
  end)
end)

describe("the diffusion U-Net", function()
  it("is its PyTorch twin, by name", function()
    local net <const> = load(models.DiffusionUNet { channels = 2, width = 8, multipliers = { 1, 2 },
      blocks = 2, attention = { 2 }, dropout = 0, groups = 4 }, "unet/state/")
    local y <const> = net(get("unet", "x"), get("unet", "t") + 1)
    near(get("unet", "y"), y)
    local weights <const> = tocha.arange(0, y:numel() - 1):float():sin():reshape(y.shape)
    ;(y * weights):sum():backward()
    expect_gradients(net, "unet")
    assert.error_matches(function() net(tocha.zeros(1, 2, 7, 8), tocha.tensor { 1 }) end,
      "sides that 2 divides")
  end)
end)

describe("diffusion", function()
  it("has the papers' schedules", function()
    near(get("schedule", "linear"):float(), models.GaussianDiffusion().alphas_cumprod, 1e-5)
    near(get("schedule", "cosine"):float(),
      models.GaussianDiffusion { steps = 40, schedule = "cosine" }.betas, 1e-5)
    local short <const> = models.GaussianDiffusion { steps = 50 }
    assert.is_true(short.alphas_cumprod[50]:item() < 1e-3)  -- nothing is left of a picture
    assert.error_matches(function() models.GaussianDiffusion { schedule = "sudden" } end,
      "expected 'linear' or 'cosine'")
  end)

  it("drowns pictures as equation 4 says", function()
    tocha.manual_seed(1)
    local process <const> = models.GaussianDiffusion()
    local x <const> = tocha.ones(2, 1, 100, 100)
    local y <const> = process:q_sample(x, tocha.tensor { 1, 400 }, tocha.randn_like(x))
    for b, t in ipairs { 1, 400 } do
      local left <const> = process.alphas_cumprod[t]:item()
      assert.is_true(math.abs(y[b]:mean():item() - math.sqrt(left)) < 0.05)
      assert.is_true(math.abs(y[b]:var():item() - (1 - left)) < 0.05)
    end
  end)

  it("samples by DDIM as its twin", function()
    local net <const> = load(models.DiffusionUNet { channels = 2, width = 8, multipliers = { 1, 2 },
      attention = { 2 }, groups = 4 }, "unet/state/")
    local process <const>, seen <const> = models.GaussianDiffusion(), {}
    local x <const> = process:sample(net, nil, { steps = 4, noise = get("ddim", "noise"),
      on_step = function(t) seen[#seen + 1] = t end })
    near(get("ddim", "x"), x, 1e-3)
    assert.same({ 1000, 750, 500, 250 }, seen)
    assert.is_true(net.is_training)
  end)

  -- The best answer for normally distributed pixels is known: samples must have their mean and
  -- spread.
  local MEAN <const>, SPREAD <const> = 0.3, 0.15
  local function oracle(process)
    return function(x, t)
      local left <const> = process.alphas_cumprod[t[1]]:item()
      local variance <const> = left * SPREAD ^ 2 + 1 - left
      local picture <const> = MEAN + (x - math.sqrt(left) * MEAN)
        * (math.sqrt(left) * SPREAD ^ 2 / variance)
      return (x - picture * math.sqrt(left)) / math.sqrt(1 - left)
    end
  end

  local SAMPLERS <const> = { ["DDPM"] = {}, ["DDIM"] = { steps = 200 },
    ["DDIM with noise"] = { steps = 200, eta = 1 } }
  for name, options in pairs(SAMPLERS) do
    it(name .. " draws from the distribution", function()
      tocha.manual_seed(3)
      local process <const> = models.GaussianDiffusion { steps = 200, schedule = "cosine" }
      local net <const> = setmetatable({ is_training = false },
        { __call = function(_, ...) return oracle(process)(...) end })
      local x <const> = process:sample(net, { 1, 1, 100, 100 }, options)
      assert.is_true(math.abs(x:mean():item() - MEAN) < 0.01, tostring(x:mean():item()))
      assert.is_true(math.abs(x:std():item() / SPREAD - 1) < 0.05, tostring(x:std():item()))
    end)
  end

  it("learns digits: what it makes has their mean and spread", function()
    tocha.manual_seed(1)
    local net <const> = models.DiffusionUNet { channels = 1, width = 16, multipliers = { 1, 2 },
      blocks = 1, attention = { 2 }, dropout = 0, groups = 4 }
    local process <const> = models.GaussianDiffusion { steps = 60, schedule = "cosine" }
    local ema <const> = optim.EMA(net, { decay = 0.98, warmup = true })
    local first <const>, last <const> = train(net, 250, 0.003, function()
      ema:update()
      return process:loss(net, draw(64) * 2 - 1)
    end)
    assert.is_true(last < first / 2.5, ("%g, then %g"):format(first, last))
    local _ <close> = ema:swap()
    local made <const> = (process:sample(net, { 64, 1, 8, 8 }, { steps = 20 }) + 1) / 2
    assert.is_true(correlation(made:mean(1), digits:mean(1)) > 0.85)
    assert.is_true(math.abs(made:mean():item() - digits:mean():item()) < 0.08)
    assert.is_true(math.abs(made:std():item() - digits:std():item()) < 0.08)
  end)

  it("says what it needs", function()
    assert.error_matches(function()
      models.GaussianDiffusion { steps = 10 }:sample(nil, { 1, 1, 8, 8 }, { steps = 11 })
    end, "expected 1 .. 10, got 11")
  end)
end)
