-- Order: sort, topk, kthvalue, unique, searchsorted. NaN is the greatest value, as in PyTorch.
-- Every sort
-- is stable, so results are the same on every machine.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"

-- Values and their places along dim, n of them.
local function pair(x, dim, n)
  local sizes <const> = { table.unpack(x.shape) }
  if #sizes > 0 then sizes[dim] = n end
  return core.empty(sizes, x.dtype, x), core.empty(sizes, "int64", x)
end

-- What was taken from x goes back to where it was.
local function to_places(g, y, x, dim)
  return ops.scatter(ops.zeros_like(x), dim, y[2], g)
end

op "sort" {
  doc = "The elements in order along `dim`, and the index each came from. Always stable.",
  args = "input: tensor, dim: dim = -1, descending: bool = false, stable: bool = true",
  outputs = 2, saves = "y",
  run = function(x, dim, descending)
    local values, places = pair(x, dim, x.ndim > 0 and x:size(dim) or 1)
    core.kernel.sort(values, places, x, dim, descending)
    return values, places
  end,
  grad = { input = to_places },
  sample = { { { 3, 4 } }, { { 4, 3 }, 1, true }, { { 2, 40 } }, { { 0 } }, { {} } },
}

op "argsort" {
  doc = "The indices that put the elements along `dim` in order. Always stable.",
  args = "input: tensor, dim: dim = -1, descending: bool = false, stable: bool = true",
  ref = function(x, dim, descending)
    local _, places = ops.sort(x:detach(), dim, descending)
    return places
  end,
  sample = { { { 3, 4 } }, { { 4, 3 }, 1, true } },
}

op "msort" {
  doc = "The elements in order along dimension 1.",
  args = "input: tensor",
  ref = function(x) return (ops.sort(x, 1)) end,
  sample = { { { 4, 3 } } },
}

local function check_k(name, x, k, dim, least)
  local n <const> = x.ndim > 0 and x:size(dim) or 1
  if k < least or k > n then
    core.fail(name, 2, "%d is out of range: dimension %d of the %s tensor has %d elements", k, dim,
      rule.text(x.shape), n)
  end
end

op "topk" {
  doc = "The `k` largest (or smallest) elements along `dim`, and the index of each; in order where "
    .. "`sorted`.",
  args = "input: tensor, k: int, dim: dim = -1, largest: bool = true, sorted: bool = true",
  outputs = 2, saves = "y",
  run = function(x, k, dim, largest, sorted)
    check_k("topk", x, k, dim, 0)
    local values, places = pair(x, dim, k)
    core.kernel.topk(values, places, x, dim, k, largest, sorted, false)
    return values, places
  end,
  grad = { input = function(g, y, x, _, dim) return to_places(g, y, x, dim) end },
  sample = { { { 3, 4 }, 2 }, { { 4, 3 }, 1, 1, false }, { { 2, 50 }, 3, -1, true, false } },
}

op "kthvalue" {
  doc = "The `k`-th smallest element along `dim` (1 is the smallest), and its index.",
  args = "input: tensor, k: int, dim: dim = -1, keepdim: bool = false",
  outputs = 2, saves = "y",
  run = function(x, k, dim, keepdim)
    check_k("kthvalue", x, k, dim, 1)
    local values, places = pair(x, dim, 1)
    core.kernel.topk(values, places, x, dim, k, false, true, true)
    if keepdim or x.ndim == 0 then return values, places end
    return values:select(dim, 1), places:select(dim, 1)
  end,
  grad = { input = function(g, y, x, _, dim, keepdim)
    if keepdim or x.ndim == 0 then return to_places(g, y, x, dim) end
    return to_places(g:unsqueeze(dim), { nil, y[2]:unsqueeze(dim) }, x, dim)
  end },
  sample = { { { 3, 4 }, 2 }, { { 4, 3 }, 4, 1, true }, { { 2, 50 }, 7 } },
}

-- ---- unique -------------------------------------------------------------------------------------

-- For rows x (n, width): number of each row's run, first row of each run, how many rows each has.
local function runs_of(x)
  local n <const> = x:size(1)
  local run <const>, start <const> = core.empty({ n }, "int64", x), core.empty({ n }, "int64", x)
  local count <const> = core.empty({}, "int64", x)
  core.kernel.runs(run, start, count, x)
  local first <const> = start:narrow(1, 1, count:item()):clone()
  local last <const> = ops.full({ 1 }, n + 1, { device = x.device })
  local after <const> = ops.cat { first, last }
  return run, first, after:narrow(1, 2, first:numel()) - first
end

-- All slices along dim as rows; the flattened tensor has rows of one element.
local function as_rows(x, dim)
  if not dim then return x:reshape { -1, 1 } end
  local n <const> = x:size(dim)
  return x:transpose(1, dim):reshape { n, n > 0 and x:numel() // n or rule.product(x.shape) }
end

-- Slices of x at these rows, in the layout of x.
local function pick_rows(x, dim, rows)
  if not dim then return ops.index_select(x:reshape { -1 }, 1, rows) end
  return ops.index_select(x, dim, rows)
end

local function results(values, inverse, counts, want_inverse, want_counts)
  if want_inverse and want_counts then return values, inverse, counts end
  if want_inverse then return values, inverse end
  if want_counts then return values, counts end
  return values
end

-- The order of rows, and the rows in that order.
local function ordered(rows)
  if rows:size(2) == 1 then
    local sorted <const>, order <const> = ops.sort(rows:select(2, 1))
    return order, sorted:unsqueeze(2)
  end
  local order <const> = core.empty({ rows:size(1) }, "int64", rows)
  core.kernel.sort_rows(order, rows)
  return order, ops.index_select(rows, 1, order)
end

op "unique" {
  doc = "The distinct elements in order, or the distinct slices along `dim`. With "
    .. "`return_inverse`, also where each element is found among them; with `return_counts`, also "
    .. "how often each occurs.",
  args = "input: tensor, sorted: bool = true, return_inverse: bool = false, return_counts: bool = "
    .. "false, dim: dim?",
  grad = false,
  run = function(x, _, want_inverse, want_counts, dim)
    x = x:detach()
    local order <const>, sorted <const> = ordered(as_rows(x, dim))
    local run <const>, first <const>, counts <const> = runs_of(sorted)
    local values <const> = pick_rows(x, dim, ops.index_select(order, 1, first))
    local inverse
    if want_inverse then
      inverse = core.empty(run):scatter_(1, order, run)
      if not dim then inverse = inverse:reshape(x.shape) end
    end
    return results(values, inverse, counts, want_inverse, want_counts)
  end,
  sample = {
    { S.value { 3, 1, 2, 1, 3 } }, { S.value { { 3.5, 1.5 }, { 1.5, 1.5 } }, true, true, true },
    { S.value { { 1, 2 }, { 0, 5 }, { 1, 2 } }, true, true, true, 1 },
  },
}

op "unique_consecutive" {
  doc = "The elements (or slices along `dim`) without those that equal the one before them; "
    .. "inverse and counts as for `unique`.",
  args = "input: tensor, return_inverse: bool = false, return_counts: bool = false, dim: dim?",
  grad = false,
  run = function(x, want_inverse, want_counts, dim)
    x = x:detach()
    local run <const>, first <const>, counts <const> = runs_of(as_rows(x, dim))
    local inverse <const> = dim and run or run:reshape(x.shape)
    return results(pick_rows(x, dim, first), inverse, counts, want_inverse, want_counts)
  end,
  sample = {
    { S.value { 3, 3, 1, 1, 3 }, true, true }, { S.value { { 1, 2 }, { 1, 2 }, { 0, 5 } }, false,
      true, 1 },
  },
}

-- ---- searching ----------------------------------------------------------------------------------

local function check_sorted(x, values)
  if x.ndim == 0 then
    core.fail("searchsorted", 1, "expected at least one dimension, got a 0-d tensor")
  end
  if x.ndim == 1 then return end
  local fits = values.ndim == x.ndim
  for d = 1, x.ndim - 1 do fits = fits and values:size(d) == x:size(d) end
  if not fits then
    core.fail("searchsorted", 2, "%s does not agree with the sequences %s in all dimensions but "
      .. "the last",
      rule.text(values.shape), rule.text(x.shape))
  end
end

local function is_right(right, side)
  if side and side ~= "left" and side ~= "right" then
    core.fail("searchsorted", 5, "expected \"left\" or \"right\", got \"%s\"", side)
  end
  if side == "left" and right then
    core.fail("searchsorted", 5, "side is \"left\", but right is true")
  end
  return right or side == "right"
end

op "searchsorted" {
  doc = "Where each of `values` is to be put into `sorted_sequence` (along its last dimension), "
    .. "counted from 1: before elements that equal it, or after them (`right`, or side = "
    .. "\"right\"). One sequence serves all values; several go with the rows of `values`. "
    .. "`sorter`: the indices that sort an unsorted sequence.",
  args = "sorted_sequence: tensor, values: operand, out_int32: bool = false, right: bool = false, "
    .. "side: string?, sorter: index?",
  grad = false,
  run = function(x, values, out_int32, right, side, sorter)
    if not core.is_tensor(values) then
      values = ops.full({}, values, { device = x.device })
    end
    check_sorted(x, values)
    if sorter and not sorter:is_same_size(x) then
      core.fail("searchsorted", 6, "expected the shape of the sequence, %s, got %s",
        rule.text(x.shape),
        rule.text(sorter.shape))
    end
    local y <const> = core.empty(values, "int64", x)
    core.kernel.searchsorted(y, x, values, sorter, is_right(right, side))
    return out_int32 and ops.to(y, "int32") or y
  end,
  sample = {
    { S.value { 1.0, 3.0, 3.0, 7.0 }, S.value { 3.0, 0.0, 9.0 } },
    { S.value { 1, 3, 3, 7 }, 3, { right = true } },
    { S.value { { 1, 3 }, { 2, 4 } }, S.value { { 2, 5, 0 }, { 2, 5, 0 } } },
  },
}

op "bucketize" {
  doc = "Which bucket (from 1) each element falls into; bucket k ends with boundary k, which "
    .. "belongs to it, or to the next one (`right`).",
  args = "input: operand, boundaries: tensor, out_int32: bool = false, right: bool = false",
  ref = function(x, boundaries, out_int32, right)
    if boundaries.ndim ~= 1 then
      core.fail("bucketize", 2, "expected a vector, got a %s tensor", rule.text(boundaries.shape))
    end
    return ops.searchsorted(boundaries, x, out_int32, right)
  end,
  sample = { { { 3, 4 }, S.value { -1.0, 0.0, 1.0 } } },
}

local function as_tensor(x) return core.is_tensor(x) and x or ops.full({ 1 }, x) end

op "isin" {
  doc = "Is each element one of `test_elements`? (With `invert`: is it none of them?)",
  args = "elements: operand, test_elements: operand, assume_unique: bool = false, invert: bool = "
    .. "false",
  grad = false,
  run = function(x, test, _, invert)
    if not core.is_tensor(x) then x = ops.full({}, x, { device = test.device }) end
    local known <const> = ops.sort(as_tensor(test):to(x.device):detach():reshape { -1 })
    if known:numel() == 0 then
      return ops.full(x.shape, invert, { device = x.device })
    end
    local at <const> = ops.clamp_max(ops.searchsorted(known, x), known:numel())
    local f <const> = invert and ops.ne or ops.eq
    return f(ops.take(known, at), x)
  end,
  sample = { { S.value { 1, 2, 3, 4 }, S.value { 2, 4, 9 } },
    { S.value { 1, 2 }, 2, false, true } },
}
