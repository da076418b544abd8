-- How a reduction over any dimensions becomes calls of kernels that know (outer, n, inner) only.
--
-- Adjacent dimensions are one run. A reduction that can be done in stages (a sum of sums) takes the
-- runs from the last to the first; any other gets its dimensions moved to the end.

local core = require "tocha.core"
local registry = require "tocha.op"

local reduction <const> = {}
local ops <const> = registry.ops
local product <const> = registry.rule.product

--- outer, n, inner of one dimension (already positive).
function reduction.split(x, dim)
  local shape <const> = x.shape
  return product(shape, 1, dim - 1), shape[dim] or 1, product(shape, dim + 1)
end

local function marked(dims)
  local set <const> = {}
  for _, d in ipairs(dims) do set[d] = true end
  return set
end

local function all(dims) return dims == nil or #dims == 0 end

--- The sizes that are left; nil or no dims: all are reduced.
function reduction.shape(x, dims, keepdim)
  local left, shape = {}, x.shape
  local reduced <const> = not all(dims) and marked(dims)
  for d, size in ipairs(shape) do
    if reduced and not reduced[d] then
      left[#left + 1] = size
    elseif keepdim then
      left[#left + 1] = 1
    end
  end
  return left
end

--- How many elements each result is made of.
function reduction.count(x, dims)
  if all(dims) then return x:numel() end
  local n = 1
  for _, d in ipairs(dims) do n = n * (x.ndim > 0 and x:size(d) or 1) end
  return n
end

--- The runs { outer, n, inner } in the order in which they are to be reduced. A dimension of size 1
--- parts nothing.
function reduction.runs(x, dims)
  if all(dims) or x.ndim == 0 then return { { 1, x:numel(), 1 } } end
  local shape, reduced, runs = x.shape, marked(dims), {}
  local d, inner = #shape, 1
  while d > 0 do
    if reduced[d] then
      local n = 1
      while d > 0 and (reduced[d] or shape[d] == 1) do
        n, d = n * shape[d], d - 1
      end
      runs[#runs + 1] = { product(shape, 1, d), n, inner }
    else
      inner, d = inner * shape[d], d - 1
    end
  end
  return runs
end

local HALF <const> = { float16 = true, bfloat16 = true }

--- What is computed in, for a dtype: halves as float32.
function reduction.wide(dtype) return HALF[dtype] and "float32" or dtype end

--- A reduction in stages: kernel(y, x, outer, n, inner, ...) run by run; `first` is the kernel of
--- the first run where that differs. The result has the sizes `out`.
function reduction.staged(kernel, x, runs, out, dtype, first)
  for k, run in ipairs(runs) do
    local last = k == #runs
    local y = core.empty(last and out or { run[1] * run[3] },
      last and dtype or reduction.wide(dtype), x)
    local step = k == 1 and first or kernel
    step(y, x, run[1], run[2], run[3])
    x = y
  end
  return x
end

--- The whole of it: staged(kernel, x, dims, keepdim, dtype, first). To a single number: at once.
function reduction.reduce(kernel, x, dims, keepdim, dtype, first)
  if dims == nil and not keepdim then
    local y <const>, step <const> = core.empty({}, dtype or x.dtype, x), first or kernel
    step(y, x, 1, x:numel(), 1)
    return y
  end
  return reduction.staged(kernel, x, reduction.runs(x, dims), reduction.shape(x, dims, keepdim),
    dtype or x.dtype, first)
end

--- The order of dimensions in which the reduced ones come last.
function reduction.order(x, dims)
  local reduced, order = marked(dims), {}
  for d = 1, x.ndim do
    if not reduced[d] then order[#order + 1] = d end
  end
  for d = 1, x.ndim do
    if reduced[d] then order[#order + 1] = d end
  end
  return order
end

--- x with all reduced dimensions in one run, and that run's outer, n, inner.
function reduction.gathered(x, dims)
  local runs <const> = reduction.runs(x, dims)
  if #runs == 1 then return x, runs[1][1], runs[1][2], runs[1][3] end
  return ops.permute(x, reduction.order(x, dims)), product(reduction.shape(x, dims)),
    reduction.count(x, dims), 1
end

--- A result (or its gradient) with the reduced dimensions as size 1, so that it broadcasts against
--- x.
function reduction.kept(g, x, dims, keepdim)
  if keepdim or all(dims) or x.ndim == 0 then return g end
  return ops.reshape(g, reduction.shape(x, dims, true))
end

--- ... and expanded to the shape of x.
function reduction.spread(g, x, dims, keepdim)
  return ops.expand(reduction.kept(g, x, dims, keepdim), x.shape)
end

--- An error unless every reduced dimension has elements.
function reduction.need_elements(name, x, dims)
  if x:numel() > 0 then return end
  if all(dims) then
    core.fail(name, "input", "a %s tensor has no elements to choose from; name a dimension of "
      .. "another size than 0 with 'dim'", registry.rule.text(x.shape))
  end
  for _, d in ipairs(dims) do
    if x:size(d) == 0 then
      core.fail(name, "dim", "dimension %d of a %s tensor has size 0: there is nothing to choose "
        .. "from",
        d, registry.rule.text(x.shape))
    end
  end
end

return reduction
