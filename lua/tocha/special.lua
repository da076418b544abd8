-- Functions of plain Lua numbers that `math` lacks, to nearly the last digit of a double: reference
-- values for tests and formulas. Slow on purpose: series and continued fractions, no tables.

local special <const> = {}

local abs <const>, floor <const>, sqrt <const> = math.abs, math.floor, math.sqrt
local exp <const>, log <const>, pi <const>, inf <const> = math.exp, math.log, math.pi, math.huge
local nan <const> = 0 / 0

-- ---- elementary ---------------------------------------------------------------------------------

--- log(1 + x): what 1 + x loses is given back as a factor (Kahan).
function special.log1p(x)
  local u <const> = 1 + x
  if u == 1 then return x end
  if u == inf or u <= 0 then return log(u) end
  return log(u) * x / (u - 1)
end

--- exp(x) - 1, by its series near 0.
function special.expm1(x)
  if x ~= x or abs(x) > 0.5 then return exp(x) - 1 end
  if x == 0 then return x end
  local sum, term, n = 0.0, x, 1
  while sum + term ~= sum do
    sum, n = sum + term, n + 1
    term = term * x / n
  end
  return sum
end

-- e^709 / 2 is finite where e^710 is not.
local function half_exp(x)
  local half <const> = exp(x / 2)
  return half / 2 * half
end

function special.sinh(x)
  if x ~= x or x == 0 then return x end
  local a <const> = abs(x)
  local t <const> = special.expm1(math.min(a, 700))
  local y <const> = a > 700 and half_exp(a) or (t + t / (t + 1)) / 2
  return x < 0 and -y or y
end

function special.cosh(x)
  return half_exp(abs(x)) + half_exp(-abs(x))
end

function special.tanh(x)
  if x ~= x or x == 0 then return x end
  local t <const> = special.expm1(-2 * abs(x))
  local y <const> = -t / (t + 2)
  return x < 0 and -y or y
end

function special.asinh(x)
  local a <const> = abs(x)
  if x ~= x or a == inf or x == 0 then return x end
  local y = a > 1e8 and log(a) + log(2) or special.log1p(a + a * a / (1 + sqrt(a * a + 1)))
  return x < 0 and -y or y
end

function special.acosh(x)
  if x ~= x or x < 1 then return nan end
  if x > 1e8 then return log(x) + log(2) end
  return special.log1p(x - 1 + sqrt((x - 1) * (x + 1)))
end

function special.atanh(x)
  if x == 0 then return x end
  local y <const> = special.log1p(2 * abs(x) / (1 - abs(x))) / 2
  return x < 0 and -y or y
end

function special.hypot(x, y)
  x, y = abs(x), abs(y)
  if x == inf or y == inf then return inf end
  local big <const>, small <const> = math.max(x, y), math.min(x, y)
  if x ~= x or y ~= y or big == 0 then return x + y end
  return big * sqrt(1 + (small / big) ^ 2)
end

-- ---- the error function -------------------------------------------------------------------------

-- 2 / sqrt(pi) exp(-x^2) (x + 2 x^3 / 3 + 4 x^5 / 15 + ...): no term is negative.
local function erf_series(x)
  local sum, term, n = 0.0, x, 0
  while sum + term ~= sum do
    sum, n = sum + term, n + 1
    term = term * 2 * x * x / (2 * n + 1)
  end
  return 2 / sqrt(pi) * exp(-x * x) * sum
end

-- exp(-x^2) / sqrt(pi) / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...)))), from far inside outwards.
local function erfc_fraction(x)
  local f = x
  for n = 200, 1, -1 do f = x + n / 2 / f end
  -- x^2 = head^2 + (x - head) (x + head), the first exact
  local head <const> = floor(x * 1024) / 1024
  return exp(-head * head) * exp(-(x - head) * (x + head)) / sqrt(pi) / f
end

function special.erfc(x)
  if x ~= x then return x end
  if x < 0 then return 2 - special.erfc(-x) end
  if x > 27 then return 0.0 end
  if x < 1 then return 1 - erf_series(x) end
  return erfc_fraction(x)
end

function special.erf(x)
  if x ~= x or x == 0 then return x end
  local a <const> = abs(x)
  local y <const> = a < 2 and erf_series(a) or 1 - special.erfc(a)
  return x < 0 and -y or y
end

--- Halley's steps from Winitzki's approximation; in the tail towards erfc.
function special.erfinv(y)
  local a <const> = abs(y)
  if a ~= a or a > 1 then return nan end
  if a == 1 then return y * inf end
  if a < 1e-9 then return y * sqrt(pi) / 2 end
  local l <const> = special.log1p(-a * a)
  local t <const> = 2 / (0.147 * pi) + l / 2
  local x = sqrt(sqrt(t * t - l / 0.147) - t)
  for _ = 1, 3 do
    local err <const> = a < 0.5 and special.erf(x) - a or (1 - a) - special.erfc(x)
    local step <const> = err * sqrt(pi) / 2 * exp(x * x)
    x = x - step / (1 + x * step)
  end
  return y < 0 and -x or x
end

-- ---- the gamma function's family ----------------------------------------------------------------

-- Bernoulli numbers B_2, B_4 ...
local BERNOULLI <const> = {
  1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798,
}

-- The sum of (x + k)^-s over k >= 0.
local function zeta(s, x)
  if abs(x) == inf then return x > 0 and 0.0 or nan end
  if x <= 0 and x == floor(x) then return inf end
  local sum = 0.0
  while x < 13 do sum, x = sum + x ^ -s, x + 1 end
  local power <const> = x ^ -s
  sum = sum + power * x / (s - 1) + power / 2
  local factor = power * s / x
  for k = 1, #BERNOULLI do
    sum = sum + BERNOULLI[k] / (2 * k) * factor
    factor = factor * (s + 2 * k - 1) * (s + 2 * k) / (2 * k * (2 * k + 1) * x * x)
  end
  return sum
end

-- lgamma(1 + e) = -log(1 + e) + e (1 - gamma) + sum of (-1)^k (zeta(k) - 1) e^k / k, |e| < 1/2.
local function lgamma_near_1(e)
  local sum <const> = -special.log1p(e) + e * 0.42278433509846714
  local rest, power = 0.0, e
  for k = 2, 60 do
    power = -power * e
    rest = rest - zeta(k, 2.0) * power / k
  end
  return sum + rest
end

local function stirling(x)
  local sum = 0.0
  for k = #BERNOULLI, 1, -1 do
    sum = sum / (x * x) + BERNOULLI[k] / (2 * k * (2 * k - 1))
  end
  return (x - 0.5) * log(x) - x + 0.5 * log(2 * pi) + sum / x
end

function special.lgamma(x)
  if x ~= x then return x end
  if abs(x) == inf or x <= 0 and x == floor(x) then return inf end
  if x < 0.5 then
    local s <const> = math.sin(pi * (x - floor(x + 0.5)))
    return log(pi / abs(s)) - special.lgamma(1 - x)
  end
  if x < 1.5 then return lgamma_near_1(x - 1) end
  if x < 2.5 then return special.log1p(x - 2) + lgamma_near_1(x - 2) end
  local shift = 1.0
  while x < 12 do shift, x = shift * x, x + 1 end
  return stirling(x) - log(shift)
end

function special.digamma(x)
  if x ~= x or x == inf then return x end
  if x == 0 then return -1 / x end
  if x < 0 and x == floor(x) then return nan end
  if x < 0 then
    return special.digamma(1 - x) - pi / math.tan(pi * (x - floor(x + 0.5)))
  end
  local sum = 0.0
  while x < 12 do sum, x = sum - 1 / x, x + 1 end
  local tail = 0.0
  for k = #BERNOULLI, 1, -1 do tail = (tail + BERNOULLI[k] / (2 * k)) / (x * x) end
  return sum + log(x) - 0.5 / x - tail
end

--- The n-th derivative of digamma.
function special.polygamma(n, x)
  if n == 0 or x ~= x then return special.digamma(x) end
  local factorial = 1.0
  for k = 2, n do factorial = factorial * k end
  return (n % 2 == 0 and -1 or 1) * factorial * zeta(n + 1, x)
end

return special
