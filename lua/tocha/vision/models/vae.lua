-- The variational autoencoder: Kingma and Welling, "Auto-Encoding Variational Bayes" (2014). The
-- code is a normal distribution, held near the standard one, so that what is drawn from that one
-- decodes to something like the data; a heavier hold (beta) parts the factors of variation (Higgins
-- et al., "beta-VAE", 2017). Layers are named as in PyTorch's example.

local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local VAE <const> = nn.Module:extend "VAE"

--- models.VAE{inputs = 784, hidden = 400, latent = 20, beta = 1}: pictures (B, ...) of `inputs`
--- numbers in 0 to 1.
function VAE:new(options)
  local o <const> = {}
  signature.read("inputs = 784, hidden = 400, latent = 20, beta = 1", "VAE", o, options)
  self.inputs, self.latent, self.beta = o.inputs, o.latent, o.beta
  self.fc1 = nn.Linear(o.inputs, o.hidden)
  self.fc21 = nn.Linear(o.hidden, o.latent)  -- the mean of the code
  self.fc22 = nn.Linear(o.hidden, o.latent)  -- the logarithm of its variance
  self.fc3 = nn.Linear(o.latent, o.hidden)
  self.fc4 = nn.Linear(o.hidden, o.inputs)
end

--- vae:encode(x): mean and log-variance of the code, both (B, latent).
function VAE:encode(x)
  local hidden <const> = self.fc1(x:reshape(-1, self.inputs)):relu()
  return self.fc21(hidden), self.fc22(hidden)
end

--- vae:reparameterise(mu, logvar): a draw mu + sigma * noise, through which gradients reach both;
--- the mean in evaluation mode.
function VAE:reparameterise(mu, logvar)
  if not self.is_training then return mu end
  return mu + (logvar / 2):exp() * tocha.randn_like(mu)
end

--- vae:decode(z): (B, inputs) in 0 to 1.
function VAE:decode(z) return self.fc4(self.fc3(z):relu()):sigmoid() end

--- vae(x): what comes back, (B, inputs), the mean and the log-variance of the code.
function VAE:forward(x)
  local mu <const>, logvar <const> = self:encode(x)
  return self:decode(self:reparameterise(mu, logvar)), mu, logvar
end

--- vae:loss(x): minus the evidence lower bound, the mean over the batch, and its parts {
--- reconstruction, kl }: the cross entropy of the pixels and beta times the divergence from the
--- standard normal, in closed form (the paper's appendix B).
function VAE:loss(x)
  local y <const>, mu <const>, logvar <const> = self(x)
  local reconstruction <const> = nn.functional.binary_cross_entropy(y, x:reshape(-1, self.inputs),
    { reduction = "sum" }) / y:size(1)
  local kl <const> = (mu:square() + logvar:exp() - logvar - 1):sum() / (2 * y:size(1))
  return reconstruction + kl * self.beta, { reconstruction = reconstruction, kl = kl }
end

--- vae:sample(n): n pictures (n, inputs) from codes of the standard normal.
function VAE:sample(n)
  local _ <close> = tocha.no_grad()
  local like <const> = self.fc3.weight
  return self:decode(tocha.randn(n, self.latent, { dtype = like.dtype, device = like.device }))
end

return blocks.define({}, VAE, { vae = {} })
