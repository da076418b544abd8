-- Lengths and angles of vectors: local_response_norm, normalize, cosine_similarity,
-- pairwise_distance, and the distances between all vectors, pdist and cdist.

local registry = require "tocha.op"
local op, rule, ops = registry.op, registry.rule, registry.ops
local core = require "tocha.core"
local check_channels <const> = require "tocha.normalisation".check_channels

op "local_response_norm" {
  doc = "Each element over (k + alpha * mean of squares of `size` neighbouring channels) ^ beta.",
  args = "input: float, size: int, alpha: number = 1e-4, beta: number = 0.75, k: number = 1",
  method = false,
  ref = function(x, size, alpha, beta, add)
    local _, C <const> = check_channels("local_response_norm", x)
    local pads <const> = {}
    for k = 1, 2 * (x.ndim - 2) do pads[k] = 0 end
    pads[#pads + 1], pads[#pads + 2] = size // 2, (size - 1) // 2
    local squares <const>, sums = ops.pad(x * x, pads), nil
    for k = 1, size do
      local part = ops.narrow(squares, 2, k, C)
      sums = sums and sums + part or part
    end
    return x / ops.pow(sums * (alpha / size) + add, beta)
  end,
  sample = { { { 2, 5, 3 }, 3 }, { { 2, 4, 2, 2 }, 2, 0.5, 0.75, 2 } },
}

op "normalize" {
  doc = "Each vector along `dim` divided by its p-norm (at least `eps`).",
  args = "input: float, p: number = 2, dim: dims = 2, eps: number = 1e-12",
  method = false,
  ref = function(x, p, dims, eps)
    return x / ops.clamp_min(ops.norm(x, p, dims, true), eps)
  end,
  sample = { { { 3, 4 } }, { { 3, 4 }, 1, 1 } },
}

op "cosine_similarity" {
  doc = "Cosine of the angle between vectors along `dim`; norms are at least `eps`.",
  args = "x1: float, x2: float, dim: int = 2, eps: number = 1e-8",
  method = false,
  ref = function(a, b, dim, eps)
    local shape <const> = rule.broadcast(a, b)
    a, b = ops.expand(a, shape), ops.expand(b, shape)
    local na, nb = ops.norm(a, 2, dim, true), ops.norm(b, 2, dim, true)
    return ops.sum((a / ops.clamp_min(na, eps)) * (b / ops.clamp_min(nb, eps)), dim)
  end,
  sample = { { { 3, 4 }, { 3, 4 } }, { { 3, 4 }, { 1, 4 }, 1 } },
}

op "pairwise_distance" {
  doc = "p-norm of x1 - x2 + eps along the last dimension.",
  args = "x1: float, x2: float, p: number = 2, eps: number = 1e-6, keepdim: bool = false",
  method = false,
  ref = function(a, b, p, eps, keepdim) return ops.norm(a - b + eps, p, -1, keepdim) end,
  sample = { { { 3, 4 }, { 3, 4 } }, { { 3, 4 }, { 4 }, 1, 1e-6, true } },
}

op "cdist" {
  doc = "p-norm distances between every row of x1 (..., P, M) and every row of x2 (..., R, M): "
    .. "(..., P, R).",
  args = "x1: float, x2: float, p: number = 2",
  method = false,
  ref = function(a, b, p)
    if a.ndim < 2 or b.ndim < 2 or a:size(-1) ~= b:size(-1) then
      core.fail("cdist", 2, "%s and %s are not rows of one length", rule.text(a.shape),
        rule.text(b.shape))
    end
    return ops.norm(ops.unsqueeze(a, -2) - ops.unsqueeze(b, -3), p, -1)
  end,
  sample = { { { 3, 4 }, { 2, 4 } }, { { 2, 3, 2 }, { 4, 2 }, 1 } },
}

op "pdist" {
  doc = "p-norm distances between all pairs of rows of (N, M), those of row 1 with 2, 3, ... "
    .. "first: N (N - 1) / 2 of them.",
  args = "input: float, p: number = 2",
  method = false,
  ref = function(x, p)
    if x.ndim ~= 2 then
      core.fail("pdist", 1, "expected a matrix, got a %s tensor", rule.text(x.shape))
    end
    local pairs <const> = ops.triu_indices(x:size(1), x:size(1), 1, { device = x.device })
    return ops.norm(ops.index_select(x, 1, pairs:select(1, 1))
      - ops.index_select(x, 1, pairs:select(1, 2)), p, 2)
  end,
  sample = { { { 4, 3 } }, { { 3, 2 }, 1 } },
}
