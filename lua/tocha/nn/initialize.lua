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

-- ---- how functions are declared -----------------------------------------------------------------

local function with_generator(generator, f, x, args)
  local was <const> = random.get_rng_state()
  local _ <close> = setmetatable({}, { __close = function() random.set_rng_state(was) end })
  local state <const> = type(generator) == "table" and generator or { seed = generator }
  random.set_rng_state { seed = state.seed, offset = state.offset or 0 }
  f(x, args)
  if rawequal(state, generator) then state.offset = random.get_rng_state().offset end
end

-- init[name](x, ...) with the arguments of the signature in the table that f gets.
local function define(name, text, f)
  init[name] = function(x, ...)
    if not core.is_tensor(x) then
      core.fail(name, 1, "expected a tensor, got %s", type(x))
    end
    local args <const> = {}
    signature.read(text, name, args, ...)
    local _ <close> = autograd.no_grad()
    if args.generator ~= nil then with_generator(args.generator, f, x, args) else f(x, args) end
    return x
  end
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
define("uniform_", "a = 0.0, b = 1.0, generator = nil", function(x, o) x:uniform_(o.a, o.b) end)

--- init.normal_(x, mean = 0, std = 1, generator)
define("normal_", "mean = 0.0, std = 1.0, generator = nil",
  function(x, o) x:normal_(o.mean, o.std) end)

--- init.constant_(x, val), init.ones_(x), init.zeros_(x)
define("constant_", "val", function(x, o) x:fill_(o.val) end)
define("ones_", "", function(x) x:fill_(1) end)
define("zeros_", "", function(x) x:zero_() end)

local function expect_matrix(who, x)
  if x.ndim ~= 2 then core.fail(who, 1, "expected a matrix, got %d dimensions", x.ndim) end
end

--- init.eye_(x): the identity, for a matrix.
define("eye_", "", function(x)
  expect_matrix("eye_", x)
  x:copy_(ops.eye(x:size(1), x:size(2), { dtype = x.dtype, device = x.device }))
end)

--- init.trunc_normal_(x, mean = 0, std = 1, a = -2, b = 2, generator): normal numbers, without
--- what lies outside [a, b].
define("trunc_normal_", "mean = 0.0, std = 1.0, a = -2.0, b = 2.0, generator = nil",
  function(x, o)
    local function cdf(v)
      return (1 + ops.erf(core.from_table(v / math.sqrt(2), "float64")):item()) / 2
    end
    local low <const>, high <const> = cdf((o.a - o.mean) / o.std), cdf((o.b - o.mean) / o.std)
    local u <const> = core.empty(x, "float64", x):uniform_(2 * low - 1, 2 * high - 1)
    x:copy_((ops.erfinv(u) * (o.std * math.sqrt(2)) + o.mean):clamp(o.a, o.b))
  end)

--- init.dirac_(x, groups = 1): a convolution's weight that passes its input on.
define("dirac_", "groups = 1", function(x, o)
  local groups <const> = o.groups
  if x.ndim < 3 or x.ndim > 5 then
    core.fail("dirac_", 1, "expected 3 to 5 dimensions, got %d", x.ndim)
  end
  if x:size(1) % groups ~= 0 then
    core.fail("dirac_", "groups", "%d groups do not divide %d channels", groups, x:size(1))
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
end)

-- ---- by the number of connections ---------------------------------------------------------------

local function xavier_std(who, x, gain)
  local fan_in <const>, fan_out <const> = fans(who, x)
  return gain * math.sqrt(2 / (fan_in + fan_out))
end

--- init.xavier_uniform_(x, gain = 1, generator): Glorot and Bengio, "Understanding the difficulty
--- of training deep feedforward neural networks" (2010).
define("xavier_uniform_", "gain = 1.0, generator = nil", function(x, o)
  local bound <const> = math.sqrt(3) * xavier_std("xavier_uniform_", x, o.gain)
  x:uniform_(-bound, bound)
end)

--- init.xavier_normal_(x, gain = 1, generator)
define("xavier_normal_", "gain = 1.0, generator = nil", function(x, o)
  x:normal_(0, xavier_std("xavier_normal_", x, o.gain))
end)

local KAIMING <const> =
  "a = 0.0, mode = 'fan_in', nonlinearity = 'leaky_relu', generator = nil"

local function kaiming_std(who, x, o)
  return init.calculate_gain(o.nonlinearity, o.a) / math.sqrt(fan_of(who, x, o.mode))
end

--- init.kaiming_uniform_(x, a = 0, mode = "fan_in", nonlinearity = "leaky_relu", generator): He et
--- al., "Delving deep into rectifiers" (2015); `a` is the slope of a leaky relu.
define("kaiming_uniform_", KAIMING, function(x, o)
  if x:numel() == 0 then return end
  local bound <const> = math.sqrt(3) * kaiming_std("kaiming_uniform_", x, o)
  x:uniform_(-bound, bound)
end)

--- init.kaiming_normal_(x, a = 0, mode = "fan_in", nonlinearity = "leaky_relu", generator)
define("kaiming_normal_", KAIMING, function(x, o)
  if x:numel() > 0 then x:normal_(0, kaiming_std("kaiming_normal_", x, o)) end
end)

-- ---- matrices -----------------------------------------------------------------------------------

--- init.orthogonal_(x, gain = 1, generator): rows (or columns, where there are fewer) at right
--- angles, uniformly distributed. Saxe et al., "Exact solutions to the nonlinear dynamics of
--- learning in deep linear neural networks" (2014).
define("orthogonal_", "gain = 1.0, generator = nil", function(x, o)
  if x.ndim < 2 then
    core.fail("orthogonal_", 1, "expected at least 2 dimensions, got %d", x.ndim)
  end
  if x:numel() == 0 then return end
  local rows <const> = x:size(1)
  local columns <const> = x:numel() // rows
  local wide <const> = rows < columns
  local q, r = ops.qr(core.empty({ math.max(rows, columns), math.min(rows, columns) }, "float64",
    x):normal_(0, 1))
  q = q * ops.sign(ops.diagonal(r))
  if wide then q = q:transpose(1, 2) end
  x:copy_((q * o.gain):reshape(x.shape))
end)

--- init.sparse_(x, sparsity, std = 0.01, generator): a matrix with this share of zeros in each
--- column.
define("sparse_", "sparsity, std = 0.01, generator = nil", function(x, o)
  expect_matrix("sparse_", x)
  local rows <const> = x:size(1)
  local zeros <const> = math.ceil(o.sparsity * rows)
  x:normal_(0, o.std)
  for column = 1, zeros > 0 and x:size(2) or 0 do
    x:select(2, column):index_fill_(1, ops.randperm(rows):narrow(1, 1, zeros), 0)
  end
end)

return init
