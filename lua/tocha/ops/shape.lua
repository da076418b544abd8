-- Joining, parting and rearranging. What gives several tensors (split, chunk, unbind, meshgrid, ...)
-- returns one list of them: `local a, b = table.unpack(x:chunk(2))`.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"

local function copied_sizes(x) return { table.unpack(x.shape) } end

-- ---- joining ------------------------------------------------------------------------------------

-- The dtype of all, and whether they differ in it.
local function promoted(tensors)
  local first <const> = tensors[1].dtype
  local dtype, mixed = first, false
  for k = 2, #tensors do
    local own <const> = tensors[k].dtype
    if own ~= first then dtype, mixed = core.promote(dtype, own), true end
  end
  return dtype, mixed
end

local function check_some(name, tensors)
  if #tensors == 0 then core.fail(name, 1, "expected at least one tensor") end
end

-- An empty vector joins anything, as in PyTorch.
local function is_nothing(x) return x.ndim == 1 and x:size(1) == 0 end

local function joined_sizes(tensors, dim)
  local model = tensors[1]
  for _, x in ipairs(tensors) do
    if not is_nothing(x) then model = x break end
  end
  local sizes <const>, total = copied_sizes(model), 0
  if dim > #sizes then core.fail("cat", 2, "there is no dimension %d in a %s tensor", dim, rule.text(sizes)) end
  for k, x in ipairs(tensors) do
    if not is_nothing(x) then
      local shape <const> = x.shape
      local fits = #shape == #sizes
      for d = 1, #sizes do fits = fits and (d == dim or shape[d] == sizes[d]) end
      if not fits then
        core.fail("cat", 1, "tensor %d is %s and does not fit the %s of the first but for dimension %d", k,
          rule.text(shape), rule.text(model.shape), dim)
      end
      total = total + shape[dim]
    end
  end
  sizes[dim] = total
  return sizes
end

-- Tensors put side by side into y, which is `outer` rows. Small ones go a dozen at a time; large ones by
-- copy_, which shares them out over the threads.
local LARGE <const>, DOZEN <const> = 1 << 16, 12

local function join(y, tensors, outer, mixed)
  local list = tensors
  if mixed then
    list = {}
    for k, x in ipairs(tensors) do list[k] = ops.to(x, y.dtype) end
  end
  local start, count = 0, #list
  for k = 1, count, DOZEN do
    local last <const> = math.min(k + DOZEN - 1, count)
    core.kernel.join(y, outer, start, table.unpack(list, k, last))
    if last == count or outer == 0 then return end
    for j = k, last do start = start + list[j]:numel() // outer end
  end
end

-- f(element, its place along dim, its size) for every tensor that has something to join.
local function each_part(tensors, dim, f)
  local at = 1
  for k, x in ipairs(tensors) do
    local n <const> = is_nothing(x) and 0 or x:size(dim)
    f(k, at, n)
    at = at + n
  end
end

op "cat" {
  doc = "Tensors joined along dimension `dim`; their other sizes agree.",
  args = "tensors: tensors, dim: dim = 1", method = false, saves = "",
  run = function(tensors, dim)
    check_some("cat", tensors)
    if tensors[1].ndim == 0 then core.fail("cat", 1, "0-d tensors cannot be joined; stack() them") end
    local sizes <const> = joined_sizes(tensors, dim)
    local dtype <const>, mixed <const> = promoted(tensors)
    local y <const> = core.empty(sizes, dtype, tensors[1])
    if y:numel() <= LARGE * #tensors then
      join(y, tensors, rule.product(sizes, 1, dim - 1), mixed)
      return y
    end
    each_part(tensors, dim, function(k, at, n)
      if n > 0 then y:narrow(dim, at, n):copy_(tensors[k]) end
    end)
    return y
  end,
  grad = { tensors = function(g, _, tensors, dim)
    local parts <const> = {}
    each_part(tensors, dim, function(k, at, n)
      parts[k] = ops.to(is_nothing(tensors[k]) and ops.zeros_like(tensors[k]) or g:narrow(dim, at, n),
        tensors[k].dtype)
    end)
    return parts
  end },
  sample = {
    { S.tensors { { 2, 3 }, { 1, 3 } } }, { S.tensors { { 2, 3 }, { 2, 2 }, { 2, 0 } }, 2 },
    { S.tensors { { 2, 3, 2 }, { 2, 1, 2 } }, -2 }, { S.tensors { { 0 }, { 2, 3 } } },
  },
}

-- Place of a dimension that is to be put in.
local function new_dim(name, n, dim)
  local d <const> = dim < 0 and dim + n + 2 or dim
  if d < 1 or d > n + 1 then core.fail(name, 2, "%d is out of range: the result has %d dimensions", dim, n + 1) end
  return d
end

op "stack" {
  doc = "Tensors of one shape joined along a new dimension `dim`.",
  args = "tensors: tensors, dim: int = 1", method = false, saves = "",
  run = function(tensors, dim)
    check_some("stack", tensors)
    local shape <const> = tensors[1].shape
    local sizes <const> = copied_sizes(tensors[1])
    dim = new_dim("stack", #shape, dim)
    table.insert(sizes, dim, #tensors)
    for k, x in ipairs(tensors) do
      if not x:is_same_size(tensors[1]) then
        core.fail("stack", 1, "tensor %d is %s, the first is %s", k, rule.text(x.shape), rule.text(shape))
      end
    end
    local dtype <const>, mixed <const> = promoted(tensors)
    local y <const> = core.empty(sizes, dtype, tensors[1])
    if tensors[1]:numel() <= LARGE then
      join(y, tensors, rule.product(sizes, 1, dim - 1), mixed)
      return y
    end
    for k, x in ipairs(tensors) do y:select(dim, k):copy_(x) end
    return y
  end,
  grad = { tensors = function(g, _, tensors, dim)
    local parts <const>, d = {}, new_dim("stack", tensors[1].ndim, dim)
    for k, x in ipairs(tensors) do parts[k] = ops.to(g:select(d, k), x.dtype) end
    return parts
  end },
  sample = {
    { S.tensors { { 2, 3 }, { 2, 3 } } }, { S.tensors { { 2, 3 }, { 2, 3 }, { 2, 3 } }, -1 },
    { S.tensors { {}, {} } },
  },
}

local function mapped(list, f)
  local result <const> = {}
  for k, x in ipairs(list) do result[k] = f(x) end
  return result
end

-- ---- at least so many dimensions ----------------------------------------------------------------

local AT_LEAST <const> = {
  atleast_1d = function(x) return x.ndim == 0 and x:reshape { 1 } or x end,
  atleast_2d = function(x)
    if x.ndim == 0 then return x:reshape { 1, 1 } end
    return x.ndim == 1 and x:unsqueeze(1) or x
  end,
  atleast_3d = function(x)
    if x.ndim == 0 then return x:reshape { 1, 1, 1 } end
    if x.ndim == 1 then return x:unsqueeze(1):unsqueeze(3) end
    return x.ndim == 2 and x:unsqueeze(3) or x
  end,
}
for name, f in pairs(AT_LEAST) do
  op(name) {
    doc = "The tensor with dimensions of size 1 added until it has " .. name:match "%d" .. ".",
    args = "input: tensor", method = false,
    ref = f,
    sample = { { {} }, { { 3 } }, { { 2, 3 } }, { { 2, 3, 4 } } },
  }
end

local STACKS <const> = {
  hstack = { AT_LEAST.atleast_1d, function(x) return x.ndim == 1 and 1 or 2 end, "side by side (along dimension 2, vectors along 1)" },
  vstack = { AT_LEAST.atleast_2d, function() return 1 end, "one below the other" },
  dstack = { AT_LEAST.atleast_3d, function() return 3 end, "one behind the other (along dimension 3)" },
}
for name, how in pairs(STACKS) do
  local raise <const>, dim <const>, words <const> = table.unpack(how)
  op(name) {
    doc = "Tensors joined " .. words .. ".",
    args = "tensors: tensors", method = false,
    ref = function(tensors)
      check_some(name, tensors)
      local raised <const> = mapped(tensors, raise)
      return ops.cat(raised, dim(raised[1]))
    end,
    sample = { { S.tensors { { 3 }, { 3 } } }, { S.tensors { { 2, 3 }, { 2, 3 } } } },
  }
end

-- ---- parting ------------------------------------------------------------------------------------

local function parts_of(x, sizes, dim)
  local parts <const>, at = {}, 1
  for k, n in ipairs(sizes) do
    parts[k] = x:narrow(dim, at, n)
    at = at + n
  end
  return parts
end

local function equal_sizes(n, each)
  local sizes <const> = {}
  for at = 0, n - 1, each do sizes[#sizes + 1] = math.min(each, n - at) end
  if n == 0 then sizes[1] = 0 end
  return sizes
end

op "split" {
  doc = "A list of views: parts of `split_size` elements along `dim` (the last may be smaller), or of the "
    .. "sizes in a list.",
  args = "input: tensor, split_size: ints, dim: dim = 1",
  ref = function(x, size, dim)
    local n <const> = x:size(dim)
    if type(size) == "number" then
      if size < 1 then core.fail("split", 2, "expected a positive size, got %d", size) end
      return parts_of(x, equal_sizes(n, size), dim)
    end
    local total = 0
    for _, s in ipairs(size) do total = total + s end
    if total ~= n then
      core.fail("split", 2, "the sizes sum to %d, dimension %d of the %s tensor has %d", total, dim,
        rule.text(x.shape), n)
    end
    return parts_of(x, size, dim)
  end,
  sample = { { { 5, 2 }, 2 }, { { 2, 5 }, S.list { 1, 4 }, 2 } },
}

local function check_count(name, n)
  if n < 1 then core.fail(name, 2, "expected a positive number of parts, got %d", n) end
end

op "chunk" {
  doc = "A list of `chunks` views of equal size along `dim`; the last may be smaller, or missing.",
  args = "input: tensor, chunks: int, dim: dim = 1",
  ref = function(x, chunks, dim)
    check_count("chunk", chunks)
    local each <const> = math.max(1, (x:size(dim) + chunks - 1) // chunks)
    return parts_of(x, equal_sizes(x:size(dim), each), dim)
  end,
  sample = { { { 5, 2 }, 2 }, { { 2, 6 }, 3, 2 } },
}

-- n into k parts whose sizes differ by one at most.
local function even_sizes(n, k)
  local sizes <const> = {}
  for i = 1, k do sizes[i] = n // k + (i <= n % k and 1 or 0) end
  return sizes
end

-- The sizes of parts that end with the given places (each part ends before the next begins).
local function sizes_by_ends(n, ends)
  local sizes <const>, at = {}, 0
  for k, last in ipairs(ends) do
    local stop <const> = math.max(at, math.min(n, last < 0 and last + n + 1 or last))
    sizes[k] = stop - at
    at = stop
  end
  sizes[#sizes + 1] = n - at
  return sizes
end

op "tensor_split" {
  doc = "A list of views along `dim`: so many of nearly equal size, or, for a list, parts that end with these "
    .. "indices and the rest.",
  args = "input: tensor, indices_or_sections: ints, dim: dim = 1",
  ref = function(x, how, dim)
    local n <const> = x:size(dim)
    if type(how) == "table" then return parts_of(x, sizes_by_ends(n, how), dim) end
    check_count("tensor_split", how)
    return parts_of(x, even_sizes(n, how), dim)
  end,
  sample = { { { 7, 2 }, 3 }, { { 2, 7 }, S.list { 2, 5 }, 2 } },
}

op "unbind" {
  doc = "A list of the slices along `dim`, without that dimension. Views.",
  args = "input: tensor, dim: dim = 1",
  ref = function(x, dim)
    if x.ndim == 0 then core.fail("unbind", 1, "a 0-d tensor has no dimension to unbind") end
    local parts <const> = {}
    for k = 1, x:size(dim) do parts[k] = x:select(dim, k) end
    return parts
  end,
  sample = { { { 2, 3 } }, { { 2, 3 }, 2 } },
}

-- ---- repeating ----------------------------------------------------------------------------------

-- One dimension n times over: a new dimension in front of it, expanded, and joined with it.
local function repeated(x, dim, n)
  if n == 1 then return x end
  local wide <const>, joined <const> = copied_sizes(x), copied_sizes(x)
  table.insert(wide, dim, n)
  joined[dim] = joined[dim] * n
  return x:unsqueeze(dim):expand(wide):reshape(joined)
end

-- From the last dimension on: what is copied several times is small then.
local function tiled(x, counts)
  for d = #counts, 1, -1 do x = repeated(x, d, counts[d]) end
  return x
end

local function with_leading_ones(x, ndim)
  local sizes <const> = copied_sizes(x)
  while #sizes < ndim do table.insert(sizes, 1, 1) end
  return x:reshape(sizes)
end

local function check_repeats(name, repeats)
  for _, n in ipairs(repeats) do
    if n < 0 then core.fail(name, 2, "expected counts that are not negative, got %d", n) end
  end
end

for _, name in ipairs { "repeat", "repeat_dims" } do
  op(name) {
    doc = "The tensor repeated along each dimension as often as `repeats` says, with new dimensions in front "
      .. "where it is longer. `repeat` is a word of Lua: write x[\"repeat\"](x, ...) or x:repeat_dims(...).",
    args = "input: tensor, repeats: shape", func = name ~= "repeat",
    ref = function(x, repeats)
      if #repeats < x.ndim then
        core.fail(name, 2, "%d counts for the %d dimensions of a %s tensor", #repeats, x.ndim, rule.text(x.shape))
      end
      check_repeats(name, repeats)
      local y <const> = tiled(with_leading_ones(x, #repeats), repeats)
      return y:numel() == x:numel() and ops.clone(y) or y
    end,
    sample = { { { 2, 3 }, S.list { 2, 1 } }, { { 3 }, S.list { 2, 2 } } },
  }
end

op "tile" {
  doc = "The tensor repeated along its last dimensions as `dims` says; counts that are missing in front are 1.",
  args = "input: tensor, dims: shape",
  ref = function(x, dims)
    check_repeats("tile", dims)
    local counts <const> = { table.unpack(dims) }
    while #counts < x.ndim do table.insert(counts, 1, 1) end
    return tiled(with_leading_ones(x, #counts), counts)
  end,
  sample = { { { 2, 3 }, S.list { 2 } }, { { 3 }, S.list { 2, 2 } }, { { 2, 3 }, S.list { 3, 0 } } },
}

-- The index of the element that each place of the result comes from.
local function repeat_ids(repeats)
  local ends <const> = ops.cumsum(ops.to(repeats, "int64"), 1)
  local total <const> = ends:numel() > 0 and ends:select(1, -1):item() or 0
  return ops.searchsorted(ends, ops.arange(total))
end

op "repeat_interleave" {
  doc = "Each element along `dim` (of the flattened tensor where not given) repeated `repeats` times: a number, "
    .. "or a tensor of counts.",
  args = "input: tensor, repeats: operand, dim: dim?",
  ref = function(x, repeats, dim)
    if not dim then x, dim = x:reshape { -1 }, 1 end
    if type(repeats) == "number" then
      check_repeats("repeat_interleave", { repeats })
      local wide <const> = copied_sizes(x)
      table.insert(wide, dim + 1, repeats)
      return x:unsqueeze(dim + 1):expand(wide):flatten(dim, dim + 1)
    end
    if repeats:numel() == 1 then repeats = repeats:expand { x:size(dim) } end
    if repeats.ndim ~= 1 or repeats:size(1) ~= x:size(dim) then
      core.fail("repeat_interleave", 2, "%s counts for dimension %d of a %s tensor", rule.text(repeats.shape), dim,
        rule.text(x.shape))
    end
    return ops.index_select(x, dim, repeat_ids(repeats))
  end,
  sample = { { { 3 }, 2 }, { { 2, 3 }, 2, 1 }, { { 2, 3 }, S.value { 2, 0, 1 }, 2 } },
}

-- ---- turning ------------------------------------------------------------------------------------

op "flip" {
  doc = "The order of elements reversed along the dimensions `dims`.",
  args = "input: tensor, dims: dims", saves = "",
  kernel = "flip", shape = rule.same,
  ref = function(x, dims)
    for _, d in ipairs(dims) do
      local n <const> = x:size(d)
      x = ops.index_select(x, d, ops.arange(n, 1, -1))
    end
    return x
  end,
  grad = { input = function(g, _, _, dims) return ops.flip(g, dims) end },
  sample = { { { 2, 3 }, 1 }, { { 2, 3, 2 }, S.list { 1, 3 } }, { { 4 }, 1 } },
}

for name, dim in pairs { fliplr = 2, flipud = 1 } do
  op(name) {
    doc = "The order of " .. (dim == 2 and "columns" or "rows") .. " reversed.",
    args = "input: tensor",
    ref = function(x)
      if x.ndim < dim then core.fail(name, 1, "expected %d dimensions, got a %s tensor", dim, rule.text(x.shape)) end
      return ops.flip(x, dim)
    end,
    sample = { { { 2, 3 } } },
  }
end

local function rolled(x, shift, dim)
  local n <const> = x:size(dim)
  if n == 0 or shift % n == 0 then return x end
  local s <const> = shift % n
  return ops.cat({ x:narrow(dim, n - s + 1, s), x:narrow(dim, 1, n - s) }, dim)
end

op "roll" {
  doc = "Elements moved by `shifts` places along `dims`, those that leave coming in at the other end; the "
    .. "flattened tensor where no dims are given.",
  args = "input: tensor, shifts: ints, dims: dims?",
  ref = function(x, shifts, dims)
    if type(shifts) == "number" then shifts = { shifts } end
    if not dims then return rolled(x:reshape { -1 }, shifts[1], 1):reshape(x.shape) end
    if #shifts ~= #dims then core.fail("roll", 2, "%d shifts for %d dimensions", #shifts, #dims) end
    local y = x
    for k, d in ipairs(dims) do y = rolled(y, shifts[k], d) end
    return rawequal(x, y) and x:clone() or y
  end,
  sample = { { { 2, 3 }, 1 }, { { 2, 3 }, -1, 2 }, { { 3, 4 }, S.list { 1, 2 }, S.list { 1, 2 } } },
}

op "rot90" {
  doc = "Turned `k` times by 90 degrees, from the first of two dimensions towards the second.",
  args = "input: tensor, k: int = 1, dims: dims = {1, 2}",
  ref = function(x, k, dims)
    if #dims ~= 2 then core.fail("rot90", 3, "expected two dimensions, got %d", #dims) end
    local a <const>, b <const> = dims[1], dims[2]
    local turns <const> = k % 4
    if turns == 0 then return x:clone() end
    if turns == 2 then return ops.flip(x, { a, b }) end
    if turns == 1 then return ops.flip(x, b):transpose(a, b) end
    return ops.flip(x:transpose(a, b), b)
  end,
  sample = { { { 2, 3 } }, { { 2, 3 }, 2 }, { { 2, 3, 4 }, -1, S.list { 2, 3 } } },
}

-- ---- grids --------------------------------------------------------------------------------------

op "meshgrid" {
  doc = "A list of n tensors of n dimensions, each repeating one of n vectors along the others: the "
    .. "coordinates of a grid. `indexing` is \"ij\" (first vector along dimension 1) or \"xy\".",
  args = "tensors: tensors, indexing: string = \"ij\"", method = false,
  ref = function(tensors, indexing)
    if indexing ~= "ij" and indexing ~= "xy" then
      core.fail("meshgrid", 2, "expected \"ij\" or \"xy\", got \"%s\"", indexing)
    end
    local sizes <const> = mapped(tensors, function(x) return x:numel() end)
    local grids <const> = {}
    for k, x in ipairs(tensors) do
      if x.ndim > 1 then core.fail("meshgrid", 1, "tensor %d is %s, not a vector", k, rule.text(x.shape)) end
      local ones <const> = mapped(sizes, function() return 1 end)
      ones[k] = sizes[k]
      grids[k] = x:reshape(ones):expand(sizes)
      if indexing == "xy" and #tensors > 1 then grids[k] = grids[k]:transpose(1, 2) end
    end
    return grids
  end,
  sample = { { S.tensors { { 2 }, { 3 } } }, { S.tensors { { 2 }, { 3 } }, "xy" } },
}

op "cartesian_prod" {
  doc = "All combinations of one element from each vector, a row each.",
  args = "tensors: tensors", method = false,
  ref = function(tensors)
    if #tensors == 1 then return tensors[1] end
    local columns <const> = mapped(ops.meshgrid(tensors), function(x) return x:reshape { -1 } end)
    return ops.stack(columns, 2)
  end,
  sample = { { S.tensors { { 2 }, { 3 } } } },
}

op "broadcast_tensors" {
  doc = "A list of the tensors, expanded to the shape they broadcast to.",
  args = "tensors: tensors", method = false,
  ref = function(tensors)
    local shape = {}
    for _, x in ipairs(tensors) do
      local both, a, b = rule.broadcast_shapes(shape, x.shape)
      if not both then
        core.fail("broadcast_tensors", 1, "shapes %s and %s do not broadcast: sizes %d and %d", rule.text(shape),
          rule.text(x.shape), a, b)
      end
      shape = both
    end
    return mapped(tensors, function(x) return x:expand(shape) end)
  end,
  sample = { { S.tensors { { 2, 1 }, { 3 } } } },
}

-- ---- triangles and diagonals --------------------------------------------------------------------

for name, upper in pairs { tril = false, triu = true } do
  op(name) {
    doc = ("The %s triangle of each matrix: 0 %s diagonal number `diagonal` (0 the main one, above it positive).")
      :format(upper and "upper" or "lower", upper and "below" or "above"),
    args = "input: tensor, diagonal: int = 0", saves = "", inplace = true,
    run = function(x, diagonal)
      if x.ndim < 2 then core.fail(name, 1, "expected a matrix, got a %s tensor", rule.text(x.shape)) end
      local y <const> = core.empty(x)
      core.kernel.tri(y, x, diagonal, upper)
      return y
    end,
    ref = function(x, diagonal)
      local rows <const>, cols <const> = ops.arange(x:size(-2)):unsqueeze(2), ops.arange(x:size(-1))
      local above <const> = cols - rows
      local keep <const> = upper and ops.ge(above, diagonal) or not upper and ops.le(above, diagonal)
      return ops.where(keep, x, ops.zeros_like(x))
    end,
    grad = { input = function(g, _, _, diagonal) return ops[name](g, diagonal) end },
    sample = { { { 3, 4 } }, { { 4, 3 }, -1 }, { { 2, 3, 3 }, 1 } },
  }
end

op "diag_embed" {
  doc = "The last dimension as the diagonal of matrices, whose dimensions are `dim1` and `dim2` of the result.",
  args = "input: tensor, offset: int = 0, dim1: int = -2, dim2: int = -1", saves = "",
  run = function(x, offset, dim1, dim2)
    if x.ndim == 0 then core.fail("diag_embed", 1, "expected at least one dimension, got a 0-d tensor") end
    local a <const>, b <const> = new_dim("diag_embed", x.ndim, dim1), new_dim("diag_embed", x.ndim, dim2)
    if a == b then core.fail("diag_embed", 4, "both dimensions are %d", a) end
    local sizes <const>, n = copied_sizes(x), x:size(-1) + math.abs(offset)
    sizes[#sizes] = nil
    table.insert(sizes, math.min(a, b), n)
    table.insert(sizes, math.max(a, b), n)
    local y <const> = ops.zeros(sizes, { dtype = x.dtype, device = x.device })
    y:diagonal(offset, a, b):copy_(x)
    return y
  end,
  grad = { input = function(g, _, x, offset, dim1, dim2)
    return g:diagonal(offset, new_dim("diag_embed", x.ndim, dim1), new_dim("diag_embed", x.ndim, dim2))
  end },
  sample = { { { 3 } }, { { 2, 3 }, 1 }, { { 2, 3 }, -1, 1, 3 } },
}

op "diag" {
  doc = "A vector as the diagonal of a matrix, or the diagonal of a matrix as a vector.",
  args = "input: tensor, diagonal: int = 0",
  ref = function(x, diagonal)
    if x.ndim == 1 then return ops.diag_embed(x, diagonal) end
    if x.ndim == 2 then return x:diagonal(diagonal):clone() end
    core.fail("diag", 1, "expected a vector or a matrix, got a %s tensor", rule.text(x.shape))
  end,
  sample = { { { 3 } }, { { 3, 4 }, 1 }, { { 2 }, -1 } },
}

op "diagflat" {
  doc = "All elements as the diagonal of a matrix.",
  args = "input: tensor, offset: int = 0",
  ref = function(x, offset) return ops.diag_embed(x:reshape { -1 }, offset) end,
  sample = { { { 3 } }, { { 2, 2 }, 1 } },
}

-- ---- by other names -----------------------------------------------------------------------------

op "broadcast_to" {
  doc = "The tensor expanded to a shape. A view.",
  args = "input: tensor, size: shape",
  ref = function(x, size) return ops.expand(x, size) end,
  sample = { { { 3, 1 }, S.list { 2, 3, 4 } } },
}

for _, name in ipairs { "swapaxes", "swapdims" } do
  op(name) {
    doc = "Two dimensions exchanged. A view. Another name of `transpose`.",
    args = "input: tensor, axis0: dim, axis1: dim",
    ref = function(x, a, b) return ops.transpose(x, a, b) end,
    sample = { { { 2, 3, 4 }, 1, -1 } },
  }
end

op "moveaxis" {
  doc = "Another name of `movedim`.",
  args = "input: tensor, source: dims, destination: dims",
  ref = function(x, from, to) return ops.movedim(x, from, to) end,
  sample = { { { 2, 3, 4 }, 1, 3 } },
}

op "ravel" {
  doc = "All elements in one dimension.",
  args = "input: tensor",
  ref = function(x) return x:reshape { -1 } end,
  sample = { { { 2, 3 } }, { {} } },
}

op "unflatten" {
  doc = "Dimension `dim` parted into the given sizes, one of which may be -1.",
  args = "input: tensor, dim: dim, sizes: shape",
  ref = function(x, dim, sizes)
    local full <const> = copied_sizes(x)
    local n <const> = full[dim]
    local known, open = 1, nil
    for k, s in ipairs(sizes) do
      if s == -1 then open = k else known = known * s end
    end
    local parts <const> = { table.unpack(sizes) }
    if open then parts[open] = known > 0 and n // known or 0 end
    if rule.product(parts) ~= n then
      core.fail("unflatten", 3, "dimension %d of size %d cannot be parted into %s", dim, n, rule.text(sizes))
    end
    table.remove(full, dim)
    for k, s in ipairs(parts) do table.insert(full, dim + k - 1, s) end
    return x:reshape(full)
  end,
  sample = { { { 2, 6 }, 2, S.list { 2, -1 } }, { { 4 }, 1, S.list { 2, 2 } } },
}
