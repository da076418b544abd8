-- Tables of vectors looked up by id (from 1): Embedding, and EmbeddingBag, which sums them up.

local core = require "tocha.core"
local registry = require "tocha.op"
local Module = require "tocha.nn.module"
local init = require "tocha.nn.initialize"

local ops <const> = registry.ops
local classes <const> = {}

-- padding_idx as 1 .. num_embeddings.
local function resolve_padding(self)
  local k = self.padding_idx
  if not k then return end
  if k < 0 then k = k + self.num_embeddings + 1 end
  if k < 1 or k > self.num_embeddings then
    core.fail(getmetatable(self).__name, "padding_idx", "%d is out of range for %d rows",
      self.padding_idx, self.num_embeddings)
  end
  self.padding_idx = k
end

local function shapes(self)
  if self.sparse then
    core.fail(getmetatable(self).__name, "sparse", "sparse gradients do not exist here")
  end
  return { { "weight", { self.num_embeddings, self.embedding_dim } } }
end

-- Normal numbers; zeros for padding.
local function reset(self)
  resolve_padding(self)
  init.normal_(self.weight)
  local k <const> = self.padding_idx
  if k then init.zeros_(self.weight:detach():select(1, k)) end
end

local function from_pretrained(class)
  return function(weight, options)
    if not core.is_tensor(weight) or weight.ndim ~= 2 then
      core.fail(class.__name, 1, "expected a matrix of vectors")
    end
    local given <const> = { dtype = weight.dtype }
    for name, value in pairs(options or {}) do
      if name ~= "freeze" then given[name] = value end
    end
    local layer <const> = class(weight:size(1), weight:size(2), given)
    layer.weight = Module.Parameter(weight, options ~= nil and options.freeze == false)
    return layer
  end
end

local function table_class(name, args)
  local class <const> = Module:extend(name, "num_embeddings, embedding_dim, " .. args
    .. ", device = nil, dtype = nil")
  class.owns = { device = true, dtype = true }
  class.shapes, class.reset_parameters = shapes, reset
  class.from_pretrained = from_pretrained(class)
  classes[name] = class
  return class
end

local Embedding <const> = table_class("Embedding", "padding_idx = nil, max_norm = nil, "
  .. "norm_type = 2, scale_grad_by_freq = false, sparse = false")

--- nn.Embedding(num_embeddings, embedding_dim, {padding_idx =, max_norm =, ...}): ids of any shape
--- (...) to vectors (..., embedding_dim). nn.Embedding.from_pretrained(weight, {freeze = true,
--- padding_idx = ...}) takes a table that there is.
function Embedding:forward(ids)
  return ops.embedding(ids, self.weight, self.padding_idx, self.max_norm, self.norm_type,
    self.scale_grad_by_freq)
end

local EmbeddingBag <const> = table_class("EmbeddingBag", 'max_norm = nil, norm_type = 2, '
  .. 'scale_grad_by_freq = false, mode = "mean", sparse = false, include_last_offset = false, '
  .. "padding_idx = nil")

local MODES <const> = { sum = true, mean = true, max = true }

function EmbeddingBag:shapes()
  if not MODES[self.mode] then
    core.fail("EmbeddingBag", "mode", 'expected "sum", "mean" or "max", got "%s"',
      tostring(self.mode))
  end
  return shapes(self)
end

--- nn.EmbeddingBag(num_embeddings, embedding_dim, {mode = "mean", ...}): bag(ids, offsets,
--- per_sample_weights) is the "sum", "mean" or "max" of the vectors of each bag, (bags,
--- embedding_dim): the rows of a matrix of ids, or parts of a vector that begin at `offsets` (from
--- 1; with include_last_offset the last one is the end, one more than there are ids).
--- per_sample_weights scale the vectors of sums. Ids equal to padding_idx do not count.
function EmbeddingBag:forward(ids, offsets, per_sample_weights)
  return ops.embedding_bag(ids, self.weight, offsets, self.max_norm, self.norm_type,
    self.scale_grad_by_freq, self.mode, false, per_sample_weights, self.include_last_offset,
    self.padding_idx)
end

return classes
