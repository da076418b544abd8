-- nn.init: fills tensors with starting values, in place and off the tape. As in PyTorch.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local registry = require "tocha.op"

local init <const> = {}
local ops <const> = registry.ops

local GAINS <const> = {
  linear = 1, conv1d = 1, conv2d = 1, conv3d = 1, conv_transpose1d = 1, conv_transpose2d = 1,
  conv_transpose3d = 1, sigmoid = 1, tanh = 5 / 3, relu = math.sqrt(2), selu = 3 / 4,
}

--- init.calculate_gain(nonlinearity, param): by how much an activation makes the spread smaller.
function init.calculate_gain(nonlinearity, param)
  if nonlinearity == "leaky_relu" then return math.sqrt(2 / (1 + (param or 0.01) ^ 2)) end
  return GAINS[nonlinearity]
    or core.fail("calculate_gain", 1, "unknown nonlinearity '%s'", tostring(nonlinearity))
end

local function fans(who, x)
  if x.ndim < 2 then core.fail(who, 1, "fan-in needs at least 2 dimensions, got %d", x.ndim) end
  local field = 1
  for d = 3, x.ndim do field = field * x:size(d) end
  return x:size(2) * field, x:size(1) * field
end

local function fan_of(who, x, mode)
  local fan_in <const>, fan_out <const> = fans(who, x)
  if mode ~= "fan_in" and mode ~= "fan_out" then
    core.fail(who, 3, "mode is 'fan_in' or 'fan_out', not '%s'", tostring(mode))
  end
  return mode == "fan_in" and fan_in or fan_out
end

-- ---- plain --------------------------------------------------------------------------------------

function init.uniform_(x, a, b) return x:uniform_(a or 0, b or 1) end
function init.normal_(x, mean, std) return x:normal_(mean or 0, std or 1) end
function init.constant_(x, value) return x:fill_(value) end
function init.ones_(x) return x:fill_(1) end
function init.zeros_(x) return x:zero_() end

--- init.eye_(x): the identity, for a matrix.
function init.eye_(x)
  if x.ndim ~= 2 then core.fail("eye_", 1, "expected a matrix, got %d dimensions", x.ndim) end
  return x:copy_(ops.eye(x:size(1), x:size(2), { dtype = x.dtype }))
end

--- init.trunc_normal_(x, mean = 0, std = 1, a = -2, b = 2): normal, without what lies outside [a,
--- b].
function init.trunc_normal_(x, mean, std, a, b)
  mean, std, a, b = mean or 0, std or 1, a or -2, b or 2
  local function cdf(v)
    return (1 + ops.erf(core.from_table(v / math.sqrt(2), "float64")):item()) / 2
  end
  local low <const>, high <const> = cdf((a - mean) / std), cdf((b - mean) / std)
  local u <const> = core.empty(x, "float64", x):uniform_(2 * low - 1, 2 * high - 1)
  return x:copy_((ops.erfinv(u) * (std * math.sqrt(2)) + mean):clamp(a, b))
end

--- init.dirac_(x, groups = 1): a convolution's weight that passes its input on.
function init.dirac_(x, groups)
  groups = groups or 1
  if x.ndim < 3 or x.ndim > 5 then
    core.fail("dirac_", 1, "expected 3 to 5 dimensions, got %d", x.ndim)
  end
  x:zero_()
  local out <const> = x:size(1) // groups
  for g = 0, groups - 1 do
    for k = 1, math.min(out, x:size(2)) do
      local at = x:select(1, g * out + k):select(1, k)
      for _ = 3, x.ndim do at = at:select(1, at:size(1) // 2 + 1) end
      at:fill_(1)
    end
  end
  return x
end

-- ---- by the number of connections ---------------------------------------------------------------

function init.xavier_uniform_(x, gain)
  local fan_in <const>, fan_out <const> = fans("xavier_uniform_", x)
  local bound <const> = (gain or 1) * math.sqrt(6 / (fan_in + fan_out))
  return x:uniform_(-bound, bound)
end

function init.xavier_normal_(x, gain)
  local fan_in <const>, fan_out <const> = fans("xavier_normal_", x)
  return x:normal_(0, (gain or 1) * math.sqrt(2 / (fan_in + fan_out)))
end

local function kaiming_std(who, x, a, mode, nonlinearity)
  local fan <const> = fan_of(who, x, mode or "fan_in")
  return init.calculate_gain(nonlinearity or "leaky_relu", a or 0) / math.sqrt(fan)
end

--- init.kaiming_uniform_(x, a = 0, mode = "fan_in", nonlinearity = "leaky_relu")
function init.kaiming_uniform_(x, ...)
  if x:numel() == 0 then return x end
  local bound <const> = math.sqrt(3) * kaiming_std("kaiming_uniform_", x, ...)
  return x:uniform_(-bound, bound)
end

--- init.kaiming_normal_(x, a = 0, mode = "fan_in", nonlinearity = "leaky_relu")
function init.kaiming_normal_(x, ...)
  if x:numel() == 0 then return x end
  return x:normal_(0, kaiming_std("kaiming_normal_", x, ...))
end

-- Gram and Schmidt, each column twice: what rounding leaves of the earlier ones goes the second
-- time.
local function orthonormal_columns(q)
  for k = 1, q:size(2) do
    local column <const> = q:narrow(2, k, 1)
    local before <const> = q:narrow(2, 1, k - 1)
    for _ = 1, k > 1 and 2 or 0 do
      column:sub_(before:matmul(before:transpose(1, 2):matmul(column)))
    end
    column:div_(ops.norm(column))
  end
end

--- init.orthogonal_(x, gain = 1): rows (or columns, where there are fewer) at right angles.
function init.orthogonal_(x, gain)
  if x.ndim < 2 then
    core.fail("orthogonal_", 1, "expected at least 2 dimensions, got %d", x.ndim)
  end
  if x:numel() == 0 then return x end
  local rows <const> = x:size(1)
  local columns <const> = x:numel() // rows
  local q = core.empty({ rows, columns }, "float64", x):normal_(0, 1)
  if rows < columns then q = q:transpose(1, 2) end
  orthonormal_columns(q)
  if rows < columns then q = q:transpose(1, 2) end
  return x:copy_((q * (gain or 1)):reshape(x.shape))
end

--- init.sparse_(x, sparsity, std = 0.01): a matrix with this share of zeros in each column.
function init.sparse_(x, sparsity, std)
  if x.ndim ~= 2 then core.fail("sparse_", 1, "expected a matrix, got %d dimensions", x.ndim) end
  local rows <const> = x:size(1)
  local zeros <const> = math.ceil(sparsity * rows)
  x:normal_(0, std or 0.01)
  for column = 1, x:size(2) do
    if zeros > 0 then
      x:select(2, column):index_fill_(1, ops.randperm(rows):narrow(1, 1, zeros), 0)
    end
  end
  return x
end

-- Nothing of this is recorded.
for name, f in pairs(init) do
  if name:find "_$" then
    init[name] = function(x, ...)
      local _ <close> = autograd.no_grad()
      return f(x, ...)
    end
  end
end

return init
