-- nn.init: fills tensors with starting values, in place and off the tape. As in PyTorch.
--
--     init.normal_(w, 0, 0.02)        init.normal_(w, {std = 0.02, generator = {seed = 7}})
--
-- Every function returns its tensor. `generator` is a seed (an integer) or a state {seed =, offset
-- =}, which is moved on; Tocha's own generator is then left alone.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local random = require "tocha.random"
local registry = require "tocha.op"
local signature = require "tocha.signature"

local init <const> = {}
local ops <const> = registry.ops

-- ---- how tensors are filled ---------------------------------------------------------------------

local function with_generator(generator, f, args)
  local was <const> = random.get_rng_state()
  local _ <close> = setmetatable({}, { __close = function() random.set_rng_state(was) end })
  local state <const> = type(generator) == "table" and generator or { seed = generator }
  random.set_rng_state { seed = state.seed, offset = state.offset or 0 }
  f(args)
  if rawequal(state, generator) then state.offset = random.get_rng_state().offset end
end

-- Runs f(arguments by the signature `text`) off the tape, with the generator that is asked for.
local function fill(name, x, text, f, ...)
  if not core.is_tensor(x) then core.fail(name, 1, "expected a tensor, got %s", type(x)) end
  local args <const> = {}
  signature.read(text, name, args, ...)
  local _ <close> = autograd.no_grad()
  if args.generator ~= nil then with_generator(args.generator, f, args) else f(args) end
  return x
end

-- ---- spreads ------------------------------------------------------------------------------------

local GAINS <const> = {
  linear = 1, conv1d = 1, conv2d = 1, conv3d = 1, conv_transpose1d = 1, conv_transpose2d = 1,
  conv_transpose3d = 1, sigmoid = 1, tanh = 5 / 3, relu = math.sqrt(2), selu = 3 / 4,
}

--- init.calculate_gain(nonlinearity, param): by how much an activation makes the spread smaller;
--- `param` is the slope of leaky_relu.
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
    core.fail(who, "mode", "expected 'fan_in' or 'fan_out', got '%s'", tostring(mode))
  end
  return mode == "fan_in" and fan_in or fan_out
end

-- ---- plain --------------------------------------------------------------------------------------

--- init.uniform_(x, a = 0, b = 1, generator)
function init.uniform_(x, ...)
  return fill("uniform_", x, "a = 0.0, b = 1.0, generator = nil", function(o)
    x:uniform_(o.a, o.b)
  end, ...)
end

--- init.normal_(x, mean = 0, std = 1, generator)
function init.normal_(x, ...)
  return fill("normal_", x, "mean = 0.0, std = 1.0, generator = nil", function(o)
    x:normal_(o.mean, o.std)
  end, ...)
end

--- init.constant_(x, val)
function init.constant_(x, ...)
  return fill("constant_", x, "val", function(o) x:fill_(o.val) end, ...)
end

--- init.ones_(x)
function init.ones_(x) return init.constant_(x, 1) end

--- init.zeros_(x)
function init.zeros_(x) return init.constant_(x, 0) end

local function expect_matrix(who, x)
  if x.ndim ~= 2 then core.fail(who, 1, "expected a matrix, got %d dimensions", x.ndim) end
end

--- init.eye_(x): the identity, for a matrix.
function init.eye_(x)
  return fill("eye_", x, "", function()
    expect_matrix("eye_", x)
    x:copy_(ops.eye(x:size(1), x:size(2), { dtype = x.dtype, device = x.device }))
  end)
end

-- The distribution function of the standard normal distribution.
local function cdf(v)
  return (1 + ops.erf(core.from_table(v / math.sqrt(2), "float64")):item()) / 2
end

--- init.trunc_normal_(x, mean = 0, std = 1, a = -2, b = 2, generator): normal numbers, without
--- what lies outside [a, b].
function init.trunc_normal_(x, ...)
  return fill("trunc_normal_", x, "mean = 0.0, std = 1.0, a = -2.0, b = 2.0, generator = nil",
    function(o)
      local low <const>, high <const> = cdf((o.a - o.mean) / o.std), cdf((o.b - o.mean) / o.std)
      local u <const> = core.empty(x, "float64", x):uniform_(2 * low - 1, 2 * high - 1)
      x:copy_((ops.erfinv(u) * (o.std * math.sqrt(2)) + o.mean):clamp(o.a, o.b))
    end, ...)
end

local function put_dirac(x, groups)
  x:zero_()
  local out <const> = x:size(1) // groups
  for g = 0, groups - 1 do
    for k = 1, math.min(out, x:size(2)) do
      local at = x:select(1, g * out + k):select(1, k)
      for _ = 3, x.ndim do at = at:select(1, at:size(1) // 2 + 1) end
      at:fill_(1)
    end
  end
end

--- init.dirac_(x, groups = 1): a convolution's weight that passes its input on.
function init.dirac_(x, ...)
  return fill("dirac_", x, "groups = 1", function(o)
    if x.ndim < 3 or x.ndim > 5 then
      core.fail("dirac_", 1, "expected 3 to 5 dimensions, got %d", x.ndim)
    end
    if x:size(1) % o.groups ~= 0 then
      core.fail("dirac_", "groups", "%d groups do not divide %d channels", o.groups, x:size(1))
    end
    put_dirac(x, o.groups)
  end, ...)
end

-- ---- by the number of connections ---------------------------------------------------------------

local XAVIER <const> = "gain = 1.0, generator = nil"

local function xavier_std(who, x, gain)
  local fan_in <const>, fan_out <const> = fans(who, x)
  return gain * math.sqrt(2 / (fan_in + fan_out))
end

--- init.xavier_uniform_(x, gain = 1, generator): Glorot and Bengio, "Understanding the difficulty
--- of training deep feedforward neural networks" (2010).
function init.xavier_uniform_(x, ...)
  return fill("xavier_uniform_", x, XAVIER, function(o)
    local bound <const> = math.sqrt(3) * xavier_std("xavier_uniform_", x, o.gain)
    x:uniform_(-bound, bound)
  end, ...)
end

--- init.xavier_normal_(x, gain = 1, generator)
function init.xavier_normal_(x, ...)
  return fill("xavier_normal_", x, XAVIER, function(o)
    x:normal_(0, xavier_std("xavier_normal_", x, o.gain))
  end, ...)
end

local KAIMING <const> =
  "a = 0.0, mode = 'fan_in', nonlinearity = 'leaky_relu', generator = nil"

local function kaiming_std(who, x, o)
  return init.calculate_gain(o.nonlinearity, o.a) / math.sqrt(fan_of(who, x, o.mode))
end

--- init.kaiming_uniform_(x, a = 0, mode = "fan_in", nonlinearity = "leaky_relu", generator): He et
--- al., "Delving deep into rectifiers" (2015); `a` is the slope of a leaky relu.
function init.kaiming_uniform_(x, ...)
  return fill("kaiming_uniform_", x, KAIMING, function(o)
    if x:numel() == 0 then return end
    local bound <const> = math.sqrt(3) * kaiming_std("kaiming_uniform_", x, o)
    x:uniform_(-bound, bound)
  end, ...)
end

--- init.kaiming_normal_(x, a = 0, mode = "fan_in", nonlinearity = "leaky_relu", generator)
function init.kaiming_normal_(x, ...)
  return fill("kaiming_normal_", x, KAIMING, function(o)
    if x:numel() > 0 then x:normal_(0, kaiming_std("kaiming_normal_", x, o)) end
  end, ...)
end

-- ---- matrices -----------------------------------------------------------------------------------

-- A matrix with at least as many rows as columns, the latter orthonormal, uniformly distributed.
local function random_orthogonal(rows, columns, like)
  local q, r = ops.qr(core.empty({ rows, columns }, "float64", like):normal_(0, 1))
  return q * ops.sign(ops.diagonal(r))
end

--- init.orthogonal_(x, gain = 1, generator): rows (or columns, where there are fewer) at right
--- angles. Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear
--- neural networks" (2014).
function init.orthogonal_(x, ...)
  return fill("orthogonal_", x, XAVIER, function(o)
    if x.ndim < 2 then
      core.fail("orthogonal_", 1, "expected at least 2 dimensions, got %d", x.ndim)
    end
    if x:numel() == 0 then return end
    local rows <const>, columns <const> = x:size(1), x:numel() // x:size(1)
    local wide <const> = rows < columns
    local q = random_orthogonal(math.max(rows, columns), math.min(rows, columns), x) * o.gain
    x:copy_((wide and q:transpose(1, 2) or q):reshape(x.shape))
  end, ...)
end

--- init.sparse_(x, sparsity, std = 0.01, generator): a matrix with this share of zeros in each
--- column.
function init.sparse_(x, ...)
  return fill("sparse_", x, "sparsity, std = 0.01, generator = nil", function(o)
    expect_matrix("sparse_", x)
    local rows <const> = x:size(1)
    local zeros <const> = math.ceil(o.sparsity * rows)
    x:normal_(0, o.std)
    for column = 1, zeros > 0 and x:size(2) or 0 do
      x:select(2, column):index_fill_(1, ops.randperm(rows):narrow(1, 1, zeros), 0)
    end
  end, ...)
end

return init
