-- keras.layers: Dense, Activation, Embedding, Lambda, Masking, Identity and the input of a model.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local nn_linear = require "tocha.nn.linear"
local nn_embedding = require "tocha.nn.embedding"
local Module = require "tocha.nn.module"
local activations = require "tocha.keras.activations"
local layer = require "tocha.keras.layer"
local layout = require "tocha.keras.layout"
local regularizers = require "tocha.keras.regularizers"

-- ---- Dense --------------------------------------------------------------------------------------

--- Dense(units, activation): y = f(x kernel + bias), on the last dimension. The kernel is (in,
--- out).
local Dense <const> = layer.define("Dense", nn_linear.Linear, "units, " .. layer.KERNEL_OPTIONS,
  { { "kernel", "weight", layer.KERNEL }, { "bias", "bias" } })

function Dense:setup(args)
  if math.type(args.units) ~= "integer" or args.units < 1 then
    core.fail("Dense", "units", "expected a positive integer, got %s", tostring(args.units))
  end
  self.out_features, args.bias = args.units, args.use_bias
  self:set_activation(args.activation)
end

function Dense:forward(x)
  local y <const>, f <const> = nn_linear.Linear.forward(self, x), self._activation
  return layer.pass_mask(x, f and f(y) or y)
end

-- ---- Activation, Lambda, Identity ---------------------------------------------------------------

--- Activation(name or function)
local Activation <const> = layer.define("Activation", Module, "activation")

function Activation:setup(args)
  rawset(self, "_activation", activations.get(args.activation, "Activation"))
end

function Activation:forward(x)
  local f <const> = self._activation
  return layer.pass_mask(x, activations.is_elementwise(f) and layout.elementwise(f, x) or f(x))
end

--- Lambda(function): any function of tensors as a layer; a model with one cannot be saved whole.
local Lambda <const> = layer.define("Lambda", Module, "f, output_shape = nil")
function Lambda:forward(...) return self.f(...) end

local Identity <const> = layer.define("Identity", Module, "")
function Identity:forward(x) return x end  -- luacheck: ignore self

-- ---- Embedding ----------------------------------------------------------------------------------

--- Embedding(input_dim, output_dim): ids 1 ... input_dim to vectors. Ids count from 1: Keras's id
--- plus one. Under mask_zero the id 1 (Keras's 0) is padding.
local Embedding <const> = layer.define("Embedding", nn_embedding.Embedding,
  "input_dim, output_dim, " .. layer.options("embeddings", "uniform")
  .. ", mask_zero = false, input_length = nil", { { "embeddings", "weight" } })

function Embedding:setup(args)
  self.num_embeddings, self.embedding_dim = args.input_dim, args.output_dim
  self.norm_type, self.scale_grad_by_freq = 2, false
  rawset(self, "input_dtype", "int64")
  if args.input_length then rawset(self, "input_sizes", { args.input_length }) end
end

function Embedding:forward(ids)
  if ids:is_floating_point() then ids = ids:to "int64" end
  local y <const> = nn_embedding.Embedding.forward(self, ids)
  if self.mask_zero then layer.set_mask(y, ids:ne(1)) end
  return y
end

--- Masking(mask_value = 0): steps of a sequence whose features all are that value are skipped.
local Masking <const> = layer.define("Masking", Module, "mask_value = 0")

function Masking:forward(x)
  local mask <const> = x:ne(self.mask_value):any(-1)
  local y <const> = x * mask:unsqueeze(-1):to(x.dtype)
  layer.set_mask(y, mask)
  return y
end

-- ---- penalties ----------------------------------------------------------------------------------

--- ActivityRegularization(l1, l2): passes its input on and adds to the loss for it.
local ActivityRegularization <const> = layer.define("ActivityRegularization", Module,
  "l1 = 0, l2 = 0")

function ActivityRegularization:setup(args)
  self._members.activity_regularizer = regularizers.L1L2(args.l1, args.l2)
end

function ActivityRegularization:forward(x) return x end  -- luacheck: ignore self

--- Rescaling(scale, offset): x * scale + offset
local Rescaling <const> = layer.define("Rescaling", Module, "scale, offset = 0")
function Rescaling:forward(x) return ops.add(x * self.scale, self.offset) end
