-- Linear, Bilinear, Identity, Flatten, Unflatten, Embedding.

local core = require "tocha.core"
local registry = require "tocha.op"
local Module = require "tocha.nn.module"
local init = require "tocha.nn.initialize"

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

-- ---- shapes -------------------------------------------------------------------------------------

local Flatten <const> = Module:extend("Flatten", "start_dim = 2, end_dim = -1")

--- nn.Flatten(start_dim = 2, end_dim = -1): dimensions become one; the first is the batch.
function Flatten:forward(x) return ops.flatten(x, self.start_dim, self.end_dim) end

local Unflatten <const> = Module:extend("Unflatten", "dim, unflattened_size")

--- nn.Unflatten(dim, sizes): one dimension becomes several.
function Unflatten:forward(x)
  local d <const> = self.dim < 0 and self.dim + x.ndim + 1 or self.dim
  local shape <const> = x.shape
  if not shape[d] then
    core.fail("Unflatten", 1, "dimension %d is out of range for %d dimensions", self.dim, x.ndim)
  end
  local sizes <const> = table.move(shape, 1, d - 1, 1, {})
  for _, size in ipairs(self.unflattened_size) do sizes[#sizes + 1] = size end
  return x:reshape(table.move(shape, d + 1, #shape, #sizes + 1, sizes))
end

-- ---- Embedding ----------------------------------------------------------------------------------

local Embedding <const> = Module:extend("Embedding",
  "num_embeddings, embedding_dim, padding_idx = nil, max_norm = nil, norm_type = 2, "
  .. "scale_grad_by_freq = false, device = nil, dtype = nil")
Embedding.owns = { device = true, dtype = true }

function Embedding:shapes() return { { "weight", { self.num_embeddings, self.embedding_dim } } } end

function Embedding:reset_parameters()
  local k = self.padding_idx
  if k and k < 0 then k = k + self.num_embeddings + 1 end
  if k and (k < 1 or k > self.num_embeddings) then
    core.fail("Embedding", 3, "padding_idx %d is out of range for %d rows", self.padding_idx,
      self.num_embeddings)
  end
  self.padding_idx = k
  init.normal_(self.weight)
  if k then init.zeros_(self.weight:detach():select(1, k)) end
end

--- nn.Embedding(num_embeddings, embedding_dim, {padding_idx =, max_norm =, ...}): row ids (from 1)
--- to vectors.
function Embedding:forward(ids)
  return ops.embedding(ids, self.weight, {
    padding_idx = self.padding_idx, max_norm = self.max_norm, norm_type = self.norm_type,
    scale_grad_by_freq = self.scale_grad_by_freq,
  })
end

--- nn.Embedding.from_pretrained(weight, {freeze = true, padding_idx = ...})
function Embedding.from_pretrained(weight, options)
  options = options or {}
  local given <const> = { dtype = weight.dtype }
  for name, value in pairs(options) do
    if name ~= "freeze" then given[name] = value end
  end
  local layer <const> = Embedding(weight:size(1), weight:size(2), given)
  layer.weight = Module.Parameter(weight, options.freeze == false)
  return layer
end

return {
  Identity = Identity, Linear = Linear, Bilinear = Bilinear, Flatten = Flatten,
  Unflatten = Unflatten, Embedding = Embedding,
}
