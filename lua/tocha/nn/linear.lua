-- Linear, Bilinear, Maxout, Identity.

local registry = require "tocha.op"
local Module = require "tocha.nn.module"
local call = require "tocha.nn.call"
local init = require "tocha.nn.initialize"
local core = require "tocha.core"
local pointwise = require "tocha.nn.pointwise"

local ops <const> = registry.ops

local Identity <const> = Module:extend "Identity"
function Identity:new() end  -- luacheck: ignore
function Identity:forward(x) return x end  -- luacheck: ignore

-- ---- Linear -------------------------------------------------------------------------------------

local Linear <const> = Module:extend("Linear",
  "in_features, out_features, bias = true, device = nil, dtype = nil")
Linear.owns, Linear.short = { bias = true, device = true, dtype = true }, 1
Linear.lazy = {
  field = "in_features",
  of_input = function(_, x) return x:size(-1) end,
  of_weight = function(_, shape) return shape[2] end,
}

function Linear:shapes(args)
  return {
    { "weight", { self.out_features, self.in_features } },
    args.bias and { "bias", { self.out_features } },
  }
end

function Linear:reset_parameters()
  init.kaiming_uniform_(self.weight, math.sqrt(5))
  if not self.bias then return end
  local bound <const> = self.in_features > 0 and 1 / math.sqrt(self.in_features) or 0
  init.uniform_(self.bias, -bound, bound)
end

--- nn.Linear(in_features, out_features, bias = true): y = x weight' + bias on the last dimension.
--- nn.Linear(out_features) learns in_features from its first input.
function Linear:forward(x)
  if not self.in_features then self:infer(x) end
  return ops.linear(x, self.weight, self.bias)
end

-- In a Sequential, with the activation that follows and the layer after it (call.chain): for
-- devices that do them in the pass of the product. Off until there is one.

local function activation_of(layer)
  local class <const> = layer and layer._plain
  if class == pointwise.ReLU then return "relu" end
  return class == pointwise.GELU and layer.approximate == "tanh" and "gelu_tanh" or nil
end

local function joined(self, list, at, x)
  local activation <const> = activation_of(list[at + 1])
  if not activation or not core.is_tensor(x) or x.device == "cpu" or not self.in_features then
    return nil
  end
  local second <const> = list[at + 2]
  if not second or second._plain ~= Linear or second.in_features ~= self.out_features then
    return ops.linear_act(x, self.weight, self.bias, activation), 2
  end
  return ops.mlp(x, self.weight, self.bias, second.weight, second.bias, activation), 3
end

local function join() call.joins[Linear] = joined end
if core.has_devices then join() else core.on_devices = join end

-- ---- Bilinear -----------------------------------------------------------------------------------

local Bilinear <const> = Module:extend("Bilinear",
  "in1_features, in2_features, out_features, bias = true, device = nil, dtype = nil")
Bilinear.owns = Linear.owns

function Bilinear:shapes(args)
  return {
    { "weight", { self.out_features, self.in1_features, self.in2_features } },
    args.bias and { "bias", { self.out_features } },
  }
end

function Bilinear:reset_parameters()
  local bound <const> = 1 / math.sqrt(self.in1_features)
  for _, p in ipairs(self:parameters()) do init.uniform_(p, -bound, bound) end
end

--- nn.Bilinear(in1_features, in2_features, out_features, bias = true): y_k = x1' W_k x2 + b_k
function Bilinear:forward(x1, x2) return ops.bilinear(x1, x2, self.weight, self.bias) end

-- ---- Maxout -------------------------------------------------------------------------------------

local Maxout <const> = Module:extend("Maxout",
  "in_features, out_features, num_pieces, bias = true, device = nil, dtype = nil")
Maxout.owns, Maxout.short, Maxout.lazy = Linear.owns, 2, Linear.lazy
Maxout.reset_parameters = Linear.reset_parameters

-- The pieces of one output stand together.
function Maxout:shapes(args)
  local rows <const> = self.out_features * self.num_pieces
  return { { "weight", { rows, self.in_features } }, args.bias and { "bias", { rows } } }
end

--- nn.Maxout(in_features, out_features, num_pieces, bias = true): each output is the largest of
--- `num_pieces` linear functions. Goodfellow et al., "Maxout networks" (2013). nn.Maxout(
--- out_features, num_pieces) learns in_features from its first input.
function Maxout:forward(x)
  if not self.in_features then self:infer(x) end
  local pieces <const> = ops.linear(x, self.weight, self.bias)
  return ops.amax(ops.unflatten(pieces, -1, { self.out_features, self.num_pieces }), -1)
end

return { Identity = Identity, Linear = Linear, Bilinear = Bilinear, Maxout = Maxout }
