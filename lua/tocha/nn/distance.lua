-- How near two lists of vectors are, row by row.

local registry = require "tocha.op"
local Module = require "tocha.nn.module"

local ops <const> = registry.ops

--- nn.CosineSimilarity(dim = 2, eps = 1e-8): the cosine of the angle between vectors along `dim`.
local CosineSimilarity <const> = Module:extend("CosineSimilarity", "dim = 2, eps = 1e-8")
function CosineSimilarity:forward(a, b) return ops.cosine_similarity(a, b, self.dim, self.eps) end

--- nn.PairwiseDistance(p = 2, eps = 1e-6, keepdim = false): the p-norm of x1 - x2 + eps along the
--- last dimension.
local PairwiseDistance <const> = Module:extend("PairwiseDistance",
  "p = 2.0, eps = 1e-6, keepdim = false")
function PairwiseDistance:forward(a, b)
  return ops.pairwise_distance(a, b, self.p, self.eps, self.keepdim)
end

return { CosineSimilarity = CosineSimilarity, PairwiseDistance = PairwiseDistance }
