-- Learns to make pictures of digits: a variational autoencoder, DCGAN or diffusion.
--
--     bin/tocha examples/generate.lua [vae | dcgan | diffusion] [--data FOLDER] [--epochs 40]
--                                     [--out made.png] [--save weights.safetensors]
--
-- FOLDER holds MNIST's four files (or Fashion-MNIST's); without it the 8 x 8 digits that come with
-- Tocha are learned, which takes seconds on two cores, diffusion a minute or more. Expect digits in
-- the grid that is written, and a mean and spread of the pixels near those of the data: the
-- autoencoder's are soft, the others' crisp. Diffusion samples with averaged weights, by 50 steps
-- of DDIM. TOCHA_SMOKE=1: a few steps.

local tocha = require "tocha"
local progress = require "tocha.progress"
local models, optim, vision = tocha.vision.models, tocha.optim, tocha.vision

local options, kinds = tocha.arguments "data = nil, epochs = 40, out = 'made.png', save = nil"
local kind = kinds[1] or "vae"
local SMOKE <const>, BATCH <const> = os.getenv "TOCHA_SMOKE", 64
tocha.manual_seed(1)

-- ---- the data: (N, 1, side, side) of 0 to 1 -----------------------------------------------------

-- MNIST's 28 x 28 get a margin: halved and doubled, sides must be powers of 2.
local function read()
  if not options.data then return (tocha.data.digits()) end
  local images = tocha.data.mnist { root = options.data }.tensors[1]
  return tocha.nn.functional.pad(images, { 2, 2, 2, 2 })
end

local pictures = read()
local N <const>, SIDE <const> = pictures:size(1), pictures:size(3)
local STEPS <const> = SMOKE and 5 or math.ceil(N / BATCH * options.epochs)

local function draw()
  return pictures:index_select(1, tocha.randint(1, N, { BATCH }))
end

-- ---- the makers: each { net, step() -> what to show, make(n) -> (n, 1, side, side) of 0 to 1 } --

local makers = {}

function makers.vae()
  local net = models.VAE { inputs = SIDE * SIDE, hidden = 400, latent = SIDE == 8 and 8 or 20 }
  local optimizer = optim.Adam(net:parameters(), { lr = 1e-3 })
  local function step()
    optimizer:zero_grad()
    local loss, parts = net:loss(draw())
    loss:backward()
    optimizer:step()
    return ("bound %.2f, divergence %.2f"):format(loss:item(), parts.kl:item())
  end
  return net, step, function(n) return net:sample(n):reshape(n, 1, SIDE, SIDE) end
end

function makers.dcgan()
  local width = SIDE == 8 and 32 or 64
  local net = models.DCGANGenerator { latent = 32, width = width, channels = 1, size = SIDE }
  local judge = models.DCGANDiscriminator { width = width // 2, channels = 1, size = SIDE }
  local adam = { lr = 5e-4, betas = { 0.5, 0.999 } }
  local optimizers = { optim.Adam(net:parameters(), adam), optim.Adam(judge:parameters(), adam) }
  local function step()
    return ("discriminator %.3f, generator %.3f"):format(net:step(judge, optimizers[1],
      optimizers[2], draw() * 2 - 1))
  end
  return net, step, function(n)
    local _ <close> = tocha.no_grad()
    return (net:eval()(net:noise(n)) + 1) / 2
  end
end

function makers.diffusion()
  local net = models.DiffusionUNet { channels = 1, width = SIDE == 8 and 24 or 32,
    multipliers = SIDE == 8 and { 1, 2 } or { 1, 2, 2 }, blocks = 1, attention = { 2 },
    dropout = 0, groups = 8 }
  local process = models.GaussianDiffusion { steps = 200, schedule = "cosine" }
  local optimizer = optim.Adam(net:parameters(), { lr = 2e-3 })
  local schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, { T_max = STEPS })
  local ema, smooth = optim.EMA(net, { decay = 0.995, warmup = true }), nil
  local function step()
    optimizer:zero_grad()
    local loss = process:loss(net, draw() * 2 - 1)
    loss:backward()
    optimizer:step()
    schedule:step()
    ema:update()
    smooth = smooth and 0.98 * smooth + 0.02 * loss:item() or loss:item()
    return ("error of the noise %.4f"):format(smooth)
  end
  return net, step, function(n)
    local _ <close> = ema:swap()
    local bar <close> = progress.bar(50, "sampling")
    local x = process:sample(net, { n, 1, SIDE, SIDE }, { steps = 50,
      on_step = function() bar:step() end })
    bar:finish()
    return ((x + 1) / 2):clamp(0, 1)
  end
end

-- ---- training and what came of it ---------------------------------------------------------------

assert(STEPS >= 1, "--epochs: expected a number above 0")
local net, step, make = (makers[kind] or error("vae, dcgan or diffusion?", 0))()
print(("%s: %d parameters, %d pictures of %d x %d, %d steps of %d"):format(kind,
  net:num_parameters(), N, SIDE, SIDE, STEPS, BATCH))
do
  local bar <close>, note = progress.bar(STEPS, "training"), nil
  for k = 1, STEPS do
    note = step()
    if k == 1 then print("at the start: " .. note) end
    bar:step(note)
  end
  bar:finish("at the end:   " .. note)
end

local made = make(64)
print(("pixels of the data: mean %.3f, spread %.3f; of what was made: mean %.3f, spread %.3f")
  :format(pictures:mean():item(), pictures:std():item(), made:mean():item(), made:std():item()))
if options.save then tocha.save(net:state_dict(), options.save) end
if SMOKE then return end
local factor = math.max(1, 32 // SIDE)
vision.draw.save_image(made:repeat_interleave(factor, 3):repeat_interleave(factor, 4), options.out)
print("wrote " .. options.out)
