-- Of ai.onnx.ml, the operators of classical learning: those of plain tensors.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local op = require "tocha.onnx.registry".op
local types = require "tocha.onnx.types"

op "ai.onnx.ml.Binarizer" {
  since = 1, inputs = "X", attributes = { threshold = 0.0 }, doc = "1 above the threshold, else 0",
  run = function(a, x) return x:gt(a.threshold):to(x.dtype) end,
}

op "ai.onnx.ml.ArrayFeatureExtractor" {
  since = 1, inputs = "X, Y", doc = "Elements of the last dimension at the places Y",
  run = function(_, x, places)
    local rows <const> = x.ndim == 1 and x:unsqueeze(1) or x
    return rows:index_select(-1, places:reshape { -1 }:to "int64" + 1)
  end,
}

op "ai.onnx.ml.Scaler" {
  since = 1, inputs = "X", attributes = { offset = op.floats, scale = op.floats }, types = "none",
  doc = "(X - offset) scale, feature by feature",
  run = function(a, x)
    local function row(list) return core.from_table(list, "float32"):to(x.device) end
    return (x:float() - row(a.offset or { 0.0 })) * row(a.scale or { 1.0 })
  end,
}

local NORMS <const> = {
  MAX = function(x) return x:amax(-1, true) end,
  L1 = function(x) return x:abs():sum(-1, true) end,
  L2 = function(x) return x:square():sum(-1, true):sqrt() end,
}

op "ai.onnx.ml.Normalizer" {
  since = 1, inputs = "X", attributes = { norm = "MAX" }, types = "none",
  doc = "Each row divided by its largest element, or its L1 or L2 norm",
  run = function(a, x)
    local wide <const> = x:float()
    local norm <const> = (NORMS[a.norm] or op.fail("unknown norm '%s'", a.norm))(wide)
    return ops.where(norm:eq(0), wide, wide / norm)
  end,
}

-- ---- labels -------------------------------------------------------------------------------------

local SUFFIXES <const> = { "strings", "int64s", "floats", "tensor" }
local NAMES <const> = { strings = "string", int64s = "int64", floats = "float32" }

-- keys_* or values_*: the list, and the type of its elements.
local function listed(a, prefix)
  for _, suffix in ipairs(SUFFIXES) do
    local list <const> = a[prefix .. suffix]
    if suffix == "tensor" and list then
      local type_ <const> = types.of(list)
      return type_.name == "string" and types.words(list) or op.list(list), type_
    elseif list then
      return list, types.named(NAMES[suffix])
    end
  end
  op.fail("it has no %s...", prefix)
end

local function default_of(a, type_)
  if a.default_tensor then
    local x <const> = a.default_tensor
    return types.of(x).name == "string" and types.words(x)[1] or op.list(x)[1]
  end
  if type_.name == "string" then return a.default_string end
  return type_.integer and a.default_int64 or a.default_float
end

-- NaN is a key like any other.
local function key_of(value) return value ~= value and "nan" or value end

op "ai.onnx.ml.LabelEncoder" {
  since = 2, inputs = "X", types = "own", doc = "Each key replaced by its value",
  attributes = { default_float = -0.0, default_int64 = -1, default_string = "_Unused",
    default_tensor = op.tensor, keys_floats = op.floats, keys_int64s = op.ints,
    keys_strings = op.strings, keys_tensor = op.tensor, values_floats = op.floats,
    values_int64s = op.ints, values_strings = op.strings, values_tensor = op.tensor },
  run = function(a, x)
    local keys <const>, from <const> = listed(a, "keys_")
    local values <const>, to <const> = listed(a, "values_")
    local default <const>, map <const> = default_of(a, to), {}
    for k, key in ipairs(keys) do map[key_of(key)] = values[k] end
    local list <const> = from.name == "string" and types.words(x) or op.list(x)
    for k, key in ipairs(list) do
      local value <const> = map[key_of(key)]
      if value == nil then list[k] = default else list[k] = value end
    end
    if to.name == "string" then return types.strings(list, x.shape) end
    return core.from_table(list, to.dtype):reshape(x.shape):to(x.device)
  end,
}

-- ---- trees --------------------------------------------------------------------------------------

-- nodes_modes: does the feature go to the true branch?
local TESTS <const> = {
  [0] = function(x, v) return x <= v end, function(x, v) return x < v end,
  function(x, v) return x >= v end, function(x, v) return x > v end,
  function(x, v) return x == v end, function(x, v) return x ~= v end,
}
local MEMBER <const> = 6

-- Sets of values that the nodes of mode MEMBER ask for, NaN between them, node by node.
local function sets_of(t)
  local sets <const>, set, at = {}, {}, 0
  for k, mode in ipairs(t.modes) do
    if mode == MEMBER then
      repeat
        at = at + 1
        local v <const> = t.members[at]
        if v == v and v ~= nil then set[v] = true end
      until v == nil or v ~= v
      sets[k], set = set, {}
    end
  end
  return sets
end

local function goes_true(t, node, x)
  if x ~= x and t.missing[node] == 1 then return true end
  local mode <const> = t.modes[node]
  if mode == MEMBER then return t.sets[node][x] == true end
  return (TESTS[mode] or op.fail("unknown mode %s of a node", tostring(mode)))(x, t.splits[node])
end

-- The leaf (from 1) at which a row ends, of the tree that begins at `node` (from 1).
local function leaf_of(t, node, row)
  for _ = 0, #t.modes do
    local yes <const> = goes_true(t, node, row[t.features[node] + 1] or 0 / 0)
    local next_ <const> = (yes and t.true_ids or t.false_ids)[node] + 1
    if (yes and t.true_leafs or t.false_leafs)[node] ~= 0 then return next_ end
    node = next_
    if not t.modes[node] then op.fail "a tree leads nowhere" end
  end
  op.fail "a tree goes in circles"
end

local AGGREGATES <const> = {
  [0] = function(sum, _, _, n) return sum / n end, function(sum) return sum end,
  function(_, low) return low end, function(_, _, high) return high end,
}

-- The outputs of one row: sum, smallest and largest of the leaves' weights, for each target.
local function targets_of(t, row, n, aggregate)
  local sums <const>, lows <const>, highs <const>, y <const> = {}, {}, {}, {}
  for k = 1, n do sums[k], lows[k], highs[k] = 0.0, math.huge, -math.huge end
  for _, root in ipairs(t.roots) do
    local leaf <const> = leaf_of(t, root + 1, row)
    local k <const>, w <const> = (t.targets[leaf] or -1) + 1, t.weights[leaf]
    if not sums[k] or not w then op.fail "a leaf of no target" end
    sums[k], lows[k], highs[k] = sums[k] + w, math.min(lows[k], w), math.max(highs[k], w)
  end
  for k = 1, n do y[k] = aggregate(sums[k], lows[k], highs[k], #t.roots) end
  return y
end

local function logistic(y) return y:sigmoid() end
local POST <const> = {
  [0] = function(y) return y end, function(y) return y:softmax(-1) end, logistic,
  function(y) -- softmax of those that are not 0
    local some <const> = y:ne(0)
    return y:masked_fill(some:logical_not(), -math.huge):softmax(-1):nan_to_num()
  end,
  function(y) return (2 ^ 0.5) * ops.erfinv(y * 2 - 1) end,
}

local function trees_of(a)
  local t <const> = { modes = op.list(a.nodes_modes), splits = op.list(a.nodes_splits),
    features = a.nodes_featureids, true_ids = a.nodes_truenodeids,
    false_ids = a.nodes_falsenodeids, true_leafs = a.nodes_trueleafs,
    false_leafs = a.nodes_falseleafs, roots = a.tree_roots, targets = a.leaf_targetids,
    weights = op.list(a.leaf_weights), missing = a.nodes_missing_value_tracks_true or {},
    members = a.membership_values and op.list(a.membership_values) or {} }
  t.sets = sets_of(t)
  return t
end

op "ai.onnx.ml.TreeEnsemble" {
  since = 5, inputs = "X: cpu", types = "none", doc = "Decision trees, their leaves added up",
  attributes = { aggregate_function = 1, leaf_targetids = op.need.ints,
    leaf_weights = op.need.tensor, membership_values = op.tensor, n_targets = op.int,
    nodes_falseleafs = op.need.ints, nodes_falsenodeids = op.need.ints,
    nodes_featureids = op.need.ints, nodes_hitrates = op.tensor,
    nodes_missing_value_tracks_true = op.ints, nodes_modes = op.need.tensor,
    nodes_splits = op.need.tensor, nodes_trueleafs = op.need.ints,
    nodes_truenodeids = op.need.ints, post_transform = 0, tree_roots = op.need.ints },
  run = function(a, x)
    local t <const>, rows <const> = trees_of(a), {}
    local aggregate <const> = AGGREGATES[a.aggregate_function] or op.fail "unknown aggregate"
    for k, row in ipairs((x.ndim == 1 and x:unsqueeze(1) or x):totable()) do
      rows[k] = targets_of(t, row, a.n_targets or 1, aggregate)
    end
    local y <const> = core.from_table(rows, a.leaf_weights.dtype)
    return (POST[a.post_transform] or op.fail "unknown post_transform")(y):to(a.run.device, x.dtype)
  end,
}
