-- DCGAN: Radford, Metz, and Chintala, "Unsupervised Representation Learning with Deep Convolutional
-- Generative Adversarial Networks" (2016). A generator makes pictures of noise by convolutions
-- that double the side; a discriminator, its mirror, tells them from real ones. No pooling, batch
-- norm but at the ends, weights from N(0, 0.02). Pictures are -1 to 1. Layers are numbered as in
-- PyTorch's tutorial.

local core = require "tocha.core"
local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"

local dcgan <const> = {}

-- Doublings from 4 x 4 to the picture.
local function doublings(who, size)
  local n = 0
  while 4 << n < size do n = n + 1 end
  if 4 << n ~= size or n == 0 then
    core.fail(who, 1, "'size': expected 8, 16, 32, 64, ..., got %s", tostring(size))
  end
  return n
end

-- The paper's starting values.
local function initialise(net)
  for _, m in net:named_modules() do
    if m:is(nn.Conv2d) or m:is(nn.ConvTranspose2d) then nn.init.normal_(m.weight, 0, 0.02)
    elseif m:is(nn.BatchNorm2d) then
      nn.init.normal_(m.weight, 1, 0.02)
      nn.init.zeros_(m.bias)
    end
  end
end

local ARGS <const> = "latent = 100, width = 64, channels = 3, size = 64"

-- ---- the generator ------------------------------------------------------------------------------

local Generator <const> = nn.Module:extend "DCGANGenerator"
dcgan.DCGANGenerator = Generator

--- models.DCGANGenerator{latent = 100, width = 64, channels = 3, size = 64}: noise (B, latent, 1,
--- 1), or (B, latent), to pictures (B, channels, size, size). `width` channels before the last
--- layer, twice as many before each doubling.
function Generator:new(options)
  local o <const> = {}
  signature.read(ARGS, "DCGANGenerator", o, options)
  self.latent = o.latent
  local n <const> = doublings("DCGANGenerator", o.size)
  local cin, cout = o.latent, o.width << (n - 1)
  self.main = nn.Sequential()
  for k = 1, n do
    local step <const> = k == 1 and { stride = 1, padding = 0, bias = false }
      or { stride = 2, padding = 1, bias = false }
    self.main:add(nn.ConvTranspose2d(cin, cout, 4, step)):add(nn.BatchNorm2d(cout))
      :add(nn.ReLU { inplace = true })
    cin, cout = cout, cout // 2
  end
  self.main:add(nn.ConvTranspose2d(cin, o.channels, 4, { stride = 2, padding = 1, bias = false }))
    :add(nn.Tanh())
  initialise(self)
end

function Generator:forward(z) return self.main(z:reshape(z:size(1), -1, 1, 1)) end

--- generator:noise(n): (n, latent) standard normal numbers where its weights are.
function Generator:noise(n)
  return tocha.randn(n, self.latent, { device = self.main[1].weight.device })
end

-- ---- the discriminator --------------------------------------------------------------------------

local Discriminator <const> = nn.Module:extend "DCGANDiscriminator"
dcgan.DCGANDiscriminator = Discriminator

--- models.DCGANDiscriminator{width = 64, channels = 3, size = 64}: pictures to the probability that
--- each is real, (B).
function Discriminator:new(options)
  local o <const> = {}
  signature.read("width = 64, channels = 3, size = 64", "DCGANDiscriminator", o, options)
  local cin, cout = o.channels, o.width
  self.main = nn.Sequential()
  for k = 1, doublings("DCGANDiscriminator", o.size) do
    self.main:add(nn.Conv2d(cin, cout, 4, { stride = 2, padding = 1, bias = false }))
    if k > 1 then self.main:add(nn.BatchNorm2d(cout)) end
    self.main:add(nn.LeakyReLU(0.2, { inplace = true }))
    cin, cout = cout, 2 * cout
  end
  self.main:add(nn.Conv2d(cin, 1, 4, { bias = false })):add(nn.Sigmoid())
  initialise(self)
end

function Discriminator:forward(x) return self.main(x):flatten() end

-- ---- a step of training -------------------------------------------------------------------------

local function should_be(value, probability)
  return nn.functional.binary_cross_entropy(probability, tocha.full_like(probability, value))
end

--- generator:step(discriminator, optimizer_g, optimizer_d, real): one step of both on a batch of
--- pictures: the discriminator learns to tell `real` from made ones, then the generator to make
--- them pass as real. Returns the losses of the discriminator and the generator, numbers. The
--- paper's optimisers are Adam with lr = 0.0002 and betas = {0.5, 0.999}.
function Generator:step(discriminator, optimizer_g, optimizer_d, real)
  local made <const> = self(self:noise(real:size(1)))
  optimizer_d:zero_grad()
  local loss_d <const> = should_be(1, discriminator(real))
    + should_be(0, discriminator(made:detach()))
  loss_d:backward()
  optimizer_d:step()
  optimizer_g:zero_grad()
  local loss_g <const> = should_be(1, discriminator(made))
  loss_g:backward()
  optimizer_g:step()
  return loss_d:item(), loss_g:item()
end

return dcgan
