-- Samples besides those of the declarations: ties, NaN, whole numbers, options and shapes that are
-- seldom used, where an operation could part from PyTorch's without anyone noticing.

local registry = require "tocha.op"

local S <const> = registry.samples
local INF <const> = math.huge
local NAN <const> = string.unpack("<d", "\0\0\0\0\0\0\xf8\x7f")

local TIES <const> = { { 1.0, 3.0, 3.0, 2.0 }, { 2.0, 2.0, -1.0, -1.0 }, { 0.0, 0.0, 0.0, 0.0 } }
local WITH_NAN <const> = { { 1.0, NAN, 3.0, NAN }, { 2.0, 5.0, -1.0, INF },
  { NAN, NAN, -INF, 0.0 } }
local WHOLE <const> = { { 3, -1, 2, 2 }, { 7, 0, -5, 7 } }

local function ties(...) return { S.value(TIES), ... } end
local function with_nan(...) return { S.value(WITH_NAN), ... } end
local function whole(dtype, ...) return { S.value(WHOLE, dtype), ... } end

-- PyTorch's gradient there is NaN or zero by accident of its formula.
local function forward(sample)
  sample.forward_only = true
  return sample
end

local extra <const> = {}

local function add(names, samples)
  for name in names:gmatch "%S+" do
    local list <const> = extra[name] or {}
    extra[name] = list
    table.move(samples, 1, #samples, #list + 1, list)
  end
end

-- ---- reductions and scans -----------------------------------------------------------------------

add("sum nansum prod amax amin any all count_nonzero", {
  whole "int32", whole("int64", 1), whole("uint8", 2), with_nan(), with_nan(2),
  { S.mask { 3, 4 }, 1 },
})
add("amax amin max_dim min_dim median_dim nanmedian_dim cummax cummin argmax argmin",
  { ties(2), ties(1),
  with_nan(2), with_nan(1), whole("int32", 2) })
add("mode_dim", { whole("int32", 2) })
add("max min median nanmedian argmax argmin amax amin", { ties(), forward(with_nan()),
  whole "int64" })
add("argmax argmin", { { { 3, 4 }, nil, true } })
add("aminmax", { with_nan(), with_nan(1), ties(2, true), whole("int32") })
add("mean var std logsumexp norm", { with_nan(), { { 1, 3 }, 2 } })
add("var std var_mean std_mean", { { { 3, 4 }, { correction = 2 } }, { { 3, 4 }, 1,
  { correction = 0 } },
  { { 4 }, nil, false } })
add("sum mean prod", { { { 2, 3 }, 2, { dtype = "float32" } },
  whole("int32", 1, false, "float64") })
add("norm", { { { 3, 4 }, -INF, 1 }, { { 3, 4 }, INF }, { { 3, 4 }, 1.5 }, { { 3, 4 }, -1, 2 },
  { { 3, 4 }, 2, S.list { 1, 2 }, true } })
add("cumsum cumprod", { whole("int32", 2), forward(with_nan(2)), whole("uint8", 1) })
add("cumprod prod", { { S.value { { 0.0, 2.0, 0.0, 3.0 }, { 1.0, 0.0, 2.0, 4.0 } }, 2 } })
add("logcumsumexp", { forward { S.value { -INF, -INF, 1.0, 2.0, INF }, 1 } })
add("logsumexp", { { S.value { { -INF, -INF }, { 1000.0, 1001.0 }, { INF, 1.0 } }, 2 } })
add("histc", { { S.value { 0.0, 1.0, 2.0, 3.0, 4.0, 4.0, 5.0, -1.0 }, 4, 0, 4 } })
add("diff", { whole("int32", 2, 2), { { 2, 5 }, 3 } })
add("softmax log_softmax softmin", {
  { S.value { { 1000.0, -1000.0, 0.0 }, { -INF, 0.0, 1.0 } }, 2 },
  { { 2, 3 }, 2, { dtype = "float32" } } })

-- ---- order --------------------------------------------------------------------------------------

add("sort argsort", { ties(2), ties(2, true), with_nan(2), with_nan(2, true), with_nan(1),
  whole("int32", -1, true), { S.mask { 2, 5 } } })
add("topk", { { S.value { { 1.0, NAN, 3.0 } }, 2 },
  { S.value { { 1.0, NAN, INF } }, 2, 2, false }, whole("int32", 1, 1) })
add("kthvalue", { with_nan(2, 2), whole("int64", 1, 1), { { 3, 4 }, 3, 1, true } })
add("msort", { ties(), with_nan() })
add("unique", { { S.value { 2.0, NAN, 1.0 } }, { S.mask { 2, 3 } },
  whole("int32", true, true, true, 2) })
add("unique_consecutive", { { S.value { { 1, 1, 2 }, { 2, 3, 3 } }, true, true } })
add("searchsorted", { { S.value { 1.0, 2.0, 2.0, 5.0 }, S.value { 2.0, NAN, INF },
  { right = true } },
  { S.value { 1, 3, 5 }, S.value { 3, 4 }, { side = "right", out_int32 = true } },
  { S.value { 5, 1, 3 }, S.value { 3, 4 }, nil, nil, nil, S.value { 2, 3, 1 } } })
add("bucketize", { { S.value { 1, 2, 3 }, S.value { 1, 2 }, { right = true } } })
add("isin", { { S.value { { 1.0, 2.0 }, { 3.0, NAN } }, S.value { 2.0, NAN } } })

-- ---- losses -------------------------------------------------------------------------------------

local REDUCTIONS <const> = { "none", "sum", "mean" }
for _, reduction in ipairs(REDUCTIONS) do
  local r <const> = { reduction = reduction }
  add("mse_loss l1_loss smooth_l1_loss huber_loss", { { { 3, 2 }, { 3, 2 }, r } })
  add("binary_cross_entropy", { { S.prob { 3, 2 }, S.prob { 3, 2 }, r },
    forward { S.value { 0.0, 1.0, 0.0, 1.0 }, S.value { 0.0, 1.0, 1.0, 0.0 }, r } })
  add("binary_cross_entropy_with_logits", { { { 3, 2 }, S.prob { 3, 2 }, S.positive { 2 }, r },
    { S.value { 100.0, -100.0, 0.0 }, S.value { 0.0, 1.0, 0.5 }, r } })
  add("soft_margin_loss hinge_embedding_loss", {
    { { 2, 2 }, S.value { { 1, -1 }, { -1, 1 } }, r } })
  add("kl_div", { { { 3, 2 }, S.value { { 0.0, 1.0 }, { 0.5, 0.5 }, { 0.25, 0.75 } }, r } })
  add("poisson_nll_loss", { { { 3, 2 }, S.positive { 3, 2 },
    { reduction = reduction, full = true } } })
  add("gaussian_nll_loss", { { { 3, 2 }, { 3, 2 }, S.positive { 3, 1 }, r } })
  add("cross_entropy nll_loss", { { { 3, 4 }, S.ids(4, { 3 }), S.positive { 4 }, r },
    { { 3, 4 }, S.value { 1, 2, 4 }, { reduction = reduction, ignore_index = 2 } },
    { { 2, 4, 2, 3 }, S.ids(4, { 2, 2, 3 }), r } })
  add("cross_entropy", { { { 3, 4 }, S.value { 1, 2, 4 }, S.positive { 4 },
    { reduction = reduction, ignore_index = 2, label_smoothing = 0.3 } } })
  add("margin_ranking_loss", { { { 4 }, { 4 }, S.value { 1.0, -1.0, 1.0, -1.0 }, r } })
  add("cosine_embedding_loss", { { { 3, 4 }, { 3, 4 }, S.value { 1, -1, -1 }, 0.2, r } })
  add("triplet_margin_loss", { { { 3, 4 }, { 3, 4 }, { 3, 4 },
    { reduction = reduction, p = 1, swap = true } } })
  add("multi_margin_loss", { { { 3, 4 }, S.ids(4, { 3 }),
    { reduction = reduction, p = 2, margin = 2.0 } } })
  add("multilabel_margin_loss", { { { 2, 4 }, S.value { { 1, 4, 0, 2 }, { 0, 1, 2, 3 } }, r } })
  add("multilabel_soft_margin_loss", { { { 2, 3 }, S.value { { 1, 0, 1 }, { 0, 0, 1 } }, r } })
  add("ctc_loss", {
    { { 5, 2, 4 }, S.value { { 2, 2 }, { 3, 4 } }, S.list { 5, 4 }, S.list { 2, 1 }, r },
    { { 2, 1, 3 }, S.value { { 2, 2 } }, S.list { 2 }, S.list { 2 },
      { reduction = reduction, zero_infinity = true } } })
end

-- ---- normalisation, convolution, pooling, resampling --------------------------------------------

add("layer_norm", { { { 2, 3 }, 3, nil, { 3 } }, { { 2, 3 }, 3, { 3 }, { eps = 0.5 } } })
add("rms_norm", { { { 2, 3 }, 3 } })
add("group_norm", { { { 2, 4, 3 }, 2, { eps = 0.1 } } })
add("batch_norm", { { { 3, 2 }, { 2 }, S.positive { 2 }, { 2 }, { 2 }, true, 0.3, 0.1 },
  { { 2, 3, 2, 2 }, nil, nil, { training = true } } })
add("local_response_norm", { { { 1, 2, 3 }, 2 } })
add("normalize", { { { 3, 4 }, 3.0, 2 }, { S.value { { 0.0, 0.0 }, { 3.0, 4.0 } } } })
add("cosine_similarity", { { { 2, 3, 4 }, { 3, 1 }, -1 },
  { S.value { { 0.0, 0.0 } }, S.value { { 1.0, 2.0 } } } })
add("pairwise_distance", { { { 3, 4 }, { 3, 4 }, INF }, { { 3, 4 }, { 3, 4 }, 0.5 },
  { { 4 }, { 4 } } })
add("conv1d", { { { 2, 4, 9 }, { 6, 2, 3 }, { 6 }, 2, "valid", 2, 2 } })
add("conv2d", { { { 2, 4, 6, 5 }, { 4, 2, 3, 2 }, { 4 },
  S.list { 2, 1 }, S.list { 1, 2 }, S.list { 1, 2 }, 2 } })
add("conv_transpose2d", { { { 2, 4, 3, 3 }, { 4, 2, 3, 2 }, { 4 },
  S.list { 2, 3 }, S.list { 1, 0 }, S.list { 1, 0 }, 2, S.list { 2, 1 } } })
add("max_pool1d", { { { 2, 7 }, 3, { return_indices = true } },
  { S.value { { 1.0, 1.0, NAN, 2.0, 2.0, 1.0 } }, 2 } })
add("max_pool2d", { { { 1, 2, 5, 5 }, 3, 2, 1, { return_indices = true } },
  { { 1, 5, 5 }, 2, S.list { 2, 1 }, { ceil_mode = true, return_indices = true } } })
add("max_pool3d", { { { 1, 1, 3, 4, 3 }, 2, 1, { return_indices = true } } })
add("adaptive_max_pool1d", { { { 2, 7 }, 3, { return_indices = true } } })
add("adaptive_max_pool2d", { { { 2, 7, 5 }, S.list { 3, 2 }, { return_indices = true } } })
add("adaptive_avg_pool2d", { { { 2, 5, 7 }, S.list { 7, 3 } } })
add("avg_pool2d", { { { 1, 5, 5 }, 2, 2, 1, true, false },
  { { 1, 6, 6 }, 3, 2, { ceil_mode = true } } })
add("lp_pool1d", { { S.positive { 2, 9 }, 3, 2, 3, true } })
for _, mode in ipairs { "nearest", "nearest-exact", "bilinear", "bicubic", "area" } do
  add("interpolate", { { { 1, 2, 4, 3 }, S.list { 3, 7 }, nil, mode },
    { { 1, 1, 5, 4 }, nil, 1.7, mode },
    { { 1, 1, 5, 4 }, nil, 0.6, { mode = mode, recompute_scale_factor = true } } })
end
add("interpolate", { { { 1, 1, 6, 5 }, S.list { 3, 4 }, nil, "bicubic", { antialias = true } },
  { { 1, 2, 5 }, nil, 2.5 }, { { 1, 2, 3, 2, 2 }, S.list { 2, 3, 4 }, nil, "trilinear" },
  { { 1, 2, 5 }, nil, 0.4, "linear", true },
  { { 1, 2, 3, 4 }, nil, S.list { 2.0, 0.5 }, "bilinear", false } })
for _, mode in ipairs { "zeros", "border", "reflection" } do
  for _, aligned in ipairs { true, false } do
    local wide <const> = S.value {
      { { { -1.7, 0.3 }, { 1.4, -1.2 } }, { { 0.1, 0.2 }, { -0.4, 2.9 } } } }
    add("grid_sample", { { { 1, 2, 3, 4 }, wide, "bilinear", mode, aligned },
      { { 1, 2, 3, 4 }, wide, "nearest", mode, aligned } })
  end
end
add("pad", { { { 1, 2, 3, 3, 3 }, S.list { 1, 2, 0, 1, 2, 0 }, "reflect" },
  { { 1, 2, 3, 3 }, S.list { 1, 2, 3, 0 }, "replicate" },
  { { 1, 2, 3, 3 }, S.list { 1, 2, 3, 0 }, "circular" },
  whole("int32", S.list { 1, 1 }, "constant", 9) })
add("glu", { { { 2, 4, 3 }, 2 } })

-- ---- shapes and indexing ------------------------------------------------------------------------

add("roll", { { { 3, 4 }, -5, 1 }, { { 3, 4 }, 5 } })
add("rot90", { { { 2, 3 }, 3 }, { { 2, 3 }, -2 }, { { 2, 3 }, 4 } })
add("flip", { { { 2, 3 }, S.list { -1, 1 } } })
add("tril triu", { { { 3, 3 }, 2 }, { { 3, 3 }, -2 }, { { 2, 2 }, 5 }, whole "int32" })
add("diagonal diag", { { { 3, 4 }, -2 }, { { 3, 4 }, 3 } })
add("diag_embed", { { { 2, 2 }, 2, -1, -2 } })
add("repeat_interleave", { { { 2, 2 }, S.value { 1, 3 }, 1 }, { { 2, 2 }, 3 } })
add("tensor_split", { { { 7 }, S.list { 2, 2, 6 } }, { { 3 }, 5 } })
add("chunk", { { { 7 }, 3 }, { { 3 }, 5 } })
add("split", { { { 7 }, 3 } })
add("slice", { { { 5 }, 1, 3, 2 }, { { 5 }, 1, -3, -1 } })
add("arange", { { 0.0, 1.0, 0.1 }, { 1, 2, 0.25 }, { 5, 1, -2 }, { 0.5 },
  { 3, { dtype = "float64" } } })
add("linspace", { { -1, 1, 7, { dtype = "float64" } }, { 0, 10, 5, { dtype = "int64" } } })
local PLACES <const> = S.value { { 1, 2 }, { 3, 3 } }
add("scatter_reduce", { { { 3, 4 }, 2, S.value { { 1, 1, 2 }, { 4, 4, 4 } }, { 2, 3 }, "mean" },
  { S.value(TIES), 2, PLACES, S.value { { 3.0, 3.0 }, { -1.0, -1.0 } }, "amax" },
  { S.value(TIES), 2, PLACES, S.value { { 0.0, 2.0 }, { 0.0, 2.0 } }, "prod" },
  { S.value(TIES), 2, PLACES, S.value { { 0.0, 2.0 }, { 0.0, 2.0 } }, "prod", false },
  whole("int32", 2, PLACES, S.value({ { 3, 4 }, { 5, 6 } }, "int32"), "mean") })
add("scatter_add index_add", { { S.value { 1, 2, 3 }, 1, S.value { 1, 1 }, S.value { 5, 7 } } })
add("masked_fill", { whole("int64", S.mask { 2, 4 }, 3) })
add("one_hot", { { S.value { 3, 1 }, 5 } })
add("bincount", { { S.value { 5, 1, 1, 3 } }, { S.value { 2, 2 }, S.value { 0.5, 2.0 }, 3 } })
add("embedding", { { S.value { { 1, 2 }, { 5, 5 } }, { 5, 3 }, 2 },
  { S.value { 1, 3, 3 }, { 4, 2 }, { scale_grad_by_freq = true } } })
for _, mode in ipairs { "sum", "mean", "max" } do
  add("embedding_bag", { { S.value { 1, 2, 5, 5 }, { 5, 3 }, S.value { 1, 3, 3 }, { mode = mode } },
    { S.value { { 1, 2 }, { 5, 5 } }, { 5, 3 }, { mode = mode, padding_idx = 2 } },
    { S.value { 1, 2, 5, 5 }, { 5, 3 }, S.value { 1, 3, 5 },
    { mode = mode, include_last_offset = true } } })
end
add("embedding_bag", { { S.value { 1, 2, 5, 5 }, { 5, 3 }, S.value { 1, 3 },
  nil, nil, nil, "sum", nil, { 4 } } })
add("clamp", { { S.value { -1.0, 0.0, 1.0, NAN }, -1, 1 },
  { S.value { -1.0, 0.0, 1.0, NAN }, 1, -1 },
  { S.value { -1.0, 0.0, 1.0, 0.5 }, S.value { -1.0, 0.5, 2.0, 0.0 },
    S.value { 0.0, 0.0, 1.0, 1.0 } },
  whole("int32", 0, 3), whole("int64", 0.5, 2.5) })
add("clamp_min clamp_max", { { S.value { -1.0, 0.0, NAN }, 0 },
  { S.value { -1.0, 0.0, NAN }, S.value { 0.0, 0.0, 0.0 } } })
add("div", { whole("int32", 3), whole("int32", 3, "floor"), whole("int32", -2, "trunc"),
  { { 3 }, S.value { 0.0, -0.0, INF }, "floor" } })
add("nan_to_num", { with_nan(), with_nan(7, 8, 9) })
add("isclose", { { S.value { 1.0, INF, NAN, INF }, S.value { 1.0 + 1e-6, INF, NAN, -INF } },
  { S.value { 1.0, INF, NAN, INF }, S.value { 1.0, INF, NAN, -INF }, { equal_nan = true } },
  whole("int32", S.value(WHOLE, "int32")) })

-- ---- products and attention, several dtypes -----------------------------------------------------

local MATRIX <const> = S.value({ { 1, -2 }, { 3, 4 }, { 0, 5 } }, "int32")
add("matmul mm", { { MATRIX, S.value({ { 2, 1 }, { -3, 7 } }, "int32") } })
add("mv matmul", { { MATRIX, S.value({ 2, -1 }, "int32") } })
add("bmm matmul", { { { 1, 2, 3 }, { 1, 3, 1 } } })
add("einsum", { { "ijk,ikl->jl", { 2, 3, 2 }, { 2, 2, 4 } }, { "...i,...i->...", { 2, 3 }, { 3 } },
  { "ba", { 2, 3 } } })
add("scaled_dot_product_attention", {
  { { 1, 2, 3, 4 }, { 1, 2, 5, 4 }, { 1, 2, 5, 2 },
    S.value { { true, true, false, true, false } } },
  { { 2, 3, 4 }, { 2, 5, 4 }, { 2, 5, 4 }, nil, 0, true },
  { { 2, 3, 4 }, { 2, 3, 4 }, { 2, 3, 4 }, S.value { { 0.0, -INF, 1.0 } } } })
add("cat stack", { { S.tensors { S.value({ 1, 2 }, "int32"), { 2 } } } })
add("where", { { S.value { true, false }, S.value({ 1, 2 }, "int32"), { 2 } },
  { S.value { true, false }, 2, S.value({ 3, 4 }, "int32") } })
add("inv", { { { 2, 2 } }, { { 4, 4 } } })
add("det slogdet", { { { 4, 4 } }, { { 2, 3, 3 } } })
add("solve", { { { 4, 4 }, { 4, 2 } } })
add("qr", { { { 4, 2 } }, { { 3, 3 } } })
add("svd", { { { 5, 3 }, false }, { { 2, 5 }, false } })
add("cross", { { { 3, 2 }, { 3, 2 }, 1 } })
add("linear", { { { 2, 2, 3 }, { 1, 3 }, { 1 } } })

return extra
