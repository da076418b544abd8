-- Gaussian diffusion: pictures drown in noise step by step, and a network learns the way back. Ho,
-- Jain, and Abbeel, "Denoising Diffusion Probabilistic Models" (2020; training and DDPM sampling),
-- Song, Meng, and Ermon, "Denoising Diffusion Implicit Models" (2021; DDIM), Nichol and Dhariwal,
-- "Improved Denoising Diffusion Probabilistic Models" (2021; the cosine schedule).
--
-- Pictures are -1 to 1. A network is anything that takes noisy pictures and their steps t, (B) from
-- 1 to T, and gives the noise (diffusion_unet.lua). Average weights (optim.EMA) sample better.

local core = require "tocha.core"
local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"

-- ---- schedules ----------------------------------------------------------------------------------
-- T -> the variances of the noise that each step adds, a list

local SCHEDULES <const> = {}

-- From 1e-4 to 0.02 in a thousand steps; with fewer each adds as much more.
function SCHEDULES.linear(T)
  local betas <const>, scale <const> = {}, 1000 / T
  for t = 1, T do
    betas[t] = math.min(0.999, scale * (1e-4 + (0.02 - 1e-4) * (t - 1) / math.max(T - 1, 1)))
  end
  return betas
end

function SCHEDULES.cosine(T)
  local betas <const> = {}
  local function left(t) return math.cos((t / T + 0.008) / 1.008 * math.pi / 2) ^ 2 end
  for t = 1, T do betas[t] = math.min(0.999, 1 - left(t) / left(t - 1)) end
  return betas
end

-- ---- the process --------------------------------------------------------------------------------

local GaussianDiffusion <const> = nn.Module:extend "GaussianDiffusion"

--- models.GaussianDiffusion{steps = 1000, schedule = "linear"}: pictures drown in noise in so many
--- steps, and a network takes it out again; schedule "linear" (Ho et al., 2020) or "cosine" (Nichol
--- and Dhariwal, 2021). Its buffers, (steps): betas, and alphas_cumprod, the share of the picture's
--- variance that is left.
function GaussianDiffusion:new(options)
  local o <const> = {}
  signature.read("steps = 1000, schedule = 'linear'", "GaussianDiffusion", o, options)
  if math.type(o.steps) ~= "integer" or o.steps < 1 then
    core.fail("GaussianDiffusion", 1, "'steps': expected an integer above 0, got %s",
      tostring(o.steps))
  end
  local schedule <const> = SCHEDULES[o.schedule]
    or core.fail("GaussianDiffusion", 1, "'schedule': expected 'linear' or 'cosine', got '%s'",
      tostring(o.schedule))
  self.steps, self.schedule = o.steps, o.schedule
  local betas <const>, left <const>, product = schedule(o.steps), {}, 1
  for t, beta in ipairs(betas) do
    product = product * (1 - beta)
    left[t] = product
  end
  self:register_buffer("betas", tocha.tensor(betas), false)
  self:register_buffer("alphas_cumprod", tocha.tensor(left), false)
  self._left = left
end

function GaussianDiffusion:extra_repr()
  return ("%d steps, %s"):format(self.steps, self.schedule)
end

-- The roots of what is left and of what is noise at steps t (B), each (B, 1, 1, 1).
local function shares(self, t, like)
  local left <const> = self.alphas_cumprod:index_select(1, t):to(like.dtype):reshape(-1, 1, 1, 1)
  return left:sqrt(), (1 - left):sqrt()
end

--- diffusion:q_sample(x, t, noise): pictures (B, C, H, W) as they are after steps t (B): equation
--- 4.
function GaussianDiffusion:q_sample(x, t, noise)
  local kept <const>, drowned <const> = shares(self, t, x)
  return kept * x + drowned * noise
end

--- diffusion:loss(net, x, {t, noise}): how far off the network is in naming the noise, the mean
--- square over all pixels (the paper's L_simple); steps and noise are drawn unless given.
function GaussianDiffusion:loss(net, x, options)
  local o <const> = options or {}
  local t <const> = o.t or tocha.randint(1, self.steps, { x:size(1) }, { device = x.device })
  local noise <const> = o.noise or tocha.randn_like(x)
  return nn.functional.mse_loss(net(self:q_sample(x, t, noise), t), noise)
end

--- diffusion:predict(net, x, t): the picture (cut to -1..1) and the noise that the network sees in
--- x at step t, an integer.
function GaussianDiffusion:predict(net, x, t)
  local noise <const> = net(x, tocha.full({ x:size(1) }, t, { dtype = "int64", device = x.device }))
  local left <const> = self._left[t]
  local picture <const> = (x - noise * math.sqrt(1 - left)) / math.sqrt(left)
  return picture:clamp(-1, 1), noise
end

-- ---- the way back -------------------------------------------------------------------------------

-- One step, from t to t - 1: the mean of the posterior (equation 7) and its noise.
local function ddpm_step(self, net, x, t)
  local picture <const> = self:predict(net, x, t)
  local left <const>, before <const> = self._left[t], self._left[t - 1] or 1
  local alpha <const> = left / before
  local mean <const> = picture * (math.sqrt(before) * (1 - alpha) / (1 - left))
    + x * (math.sqrt(alpha) * (1 - before) / (1 - left))
  if t == 1 then return mean end
  return mean + tocha.randn_like(x) * math.sqrt((1 - alpha) * (1 - before) / (1 - left))
end

-- From step t to an earlier one, 0 for the end: equation 12, the noise from the cut picture.
local function ddim_step(self, net, x, t, to, eta)
  local picture <const> = self:predict(net, x, t)
  local left <const>, before <const> = self._left[t], self._left[to] or 1
  local noise <const> = (x - picture * math.sqrt(left)) / math.sqrt(1 - left)
  local sigma <const> = eta * math.sqrt((1 - before) / (1 - left) * (1 - left / before))
  local y <const> = picture * math.sqrt(before)
    + noise * math.sqrt(math.max(0, 1 - before - sigma * sigma))
  return sigma > 0 and y + tocha.randn_like(x) * sigma or y
end

-- n of the steps 1 .. T, evenly spread, the last one first; then 0.
local function fewer(T, n)
  local list <const> = {}
  for k = n, 1, -1 do list[#list + 1] = math.max(1, math.floor(T * k / n)) end
  list[#list + 1] = 0
  return list
end

--- diffusion:sample(net, {B, C, H, W}, {steps, eta, noise, on_step}): pictures from noise. Without
--- `steps` by all steps of DDPM; with it by so many of DDIM, where eta = 0 makes the result a
--- function of the noise it begins with, and eta = 1 draws as DDPM does. on_step(t, x) sees each.
--- The network is in evaluation mode meanwhile.
function GaussianDiffusion:sample(net, sizes, options)
  local o <const> = options or {}
  if o.steps and (math.type(o.steps) ~= "integer" or o.steps < 1 or o.steps > self.steps) then
    core.fail("sample", 3, "'steps': expected 1 .. %d, got %s", self.steps, tostring(o.steps))
  end
  local _ <close> = tocha.no_grad()
  local x = o.noise or tocha.randn(sizes, { device = self.betas.device })
  local was <const> = net.is_training
  if was then net:eval() end
  local path <const> = fewer(self.steps, o.steps or self.steps)
  for k = 1, #path - 1 do
    if o.steps then x = ddim_step(self, net, x, path[k], path[k + 1], o.eta or 0)
    else x = ddpm_step(self, net, x, path[k]) end
    if o.on_step then o.on_step(path[k], x) end
  end
  if was then net:train() end
  return x
end

return { GaussianDiffusion = GaussianDiffusion }
