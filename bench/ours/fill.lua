-- The values both sides start with: bench/peer/fill.py computes the same.

local tocha = require "tocha"

local fill <const> = {}

--- values(n, shift = 0): n numbers in [0, 1) that look like chance, float64.
function fill.values(n, shift)
  local r = (tocha.arange(1, n, 1, { dtype = "float64" }) * 12.9898 + (shift or 0)):sin()
    * 43758.5453
  return r - r:floor()
end

--- fill_(x, scale = 1, shift = 0): x, filled from -scale to scale.
function fill.fill_(x, scale, shift)
  local _ <close> = tocha.no_grad()
  return x:copy_(((fill.values(x:numel(), shift) * 2 - 1) * (scale or 1)):view(x.shape))
end

--- tensor(shape, scale, shift)
function fill.tensor(shape, scale, shift) return fill.fill_(tocha.empty(shape), scale, shift) end

--- labels(n, classes, shift = 0): n of 1 .. classes.
function fill.labels(n, classes, shift)
  return (fill.values(n, shift) * classes):floor():long() + 1
end

--- module(net): weights within 1 / sqrt(inputs), as the layers' own; biases near 0, scales near 1.
function fill.module(net)
  local k = 0
  for name, p in net:named_parameters() do
    k = k + 1
    local wide <const> = p.ndim > 1
    fill.fill_(p, wide and (p:numel() / p:size(1)) ^ -0.5 or 0.1, 100 * k)
    if not wide and name:find "weight" then tocha.no_grad(function() p:add_(1) end) end
  end
  return net
end

return fill
