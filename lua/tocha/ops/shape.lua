-- Parting, repeating and turning. What gives several tensors (split, chunk, unbind, ...)
-- returns one list of them: `local a, b = table.unpack(x:chunk(2))`.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"

local copied_sizes <const> = require "tocha.shape".sizes

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
  doc = "A list of views: parts of `split_size` elements along `dim` (the last may be smaller), or "
    .. "of the sizes in a list.",
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
  doc = "A list of views along `dim`: so many of nearly equal size, or, for a list, parts that end "
    .. "with these indices and the rest.",
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

-- One dimension n times over. Three dimensions are enough for it: what stands before, n, and the
-- rest.
local function repeated(x, dim, n)
  if n == 1 then return x end
  local joined <const> = copied_sizes(x)
  local before <const>, rest <const> = rule.product(joined, 1, dim - 1), rule.product(joined, dim)
  joined[dim] = joined[dim] * n
  return x:reshape { before, 1, rest }:expand { before, n, rest }:reshape(joined)
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
    doc = "The tensor repeated along each dimension as often as `repeats` says, with new "
      .. "dimensions in front where it is longer. `repeat` is a word of Lua: write "
      .. "x[\"repeat\"](x, ...) or x:repeat_dims(...).",
    args = "input: tensor, repeats: shape", func = name ~= "repeat",
    ref = function(x, repeats)
      if #repeats < x.ndim then
        core.fail(name, 2, "%d counts for the %d dimensions of a %s tensor", #repeats, x.ndim,
          rule.text(x.shape))
      end
      check_repeats(name, repeats)
      local y <const> = tiled(with_leading_ones(x, #repeats), repeats)
      return y:numel() == x:numel() and ops.clone(y) or y
    end,
    sample = { { { 2, 3 }, S.list { 2, 1 } }, { { 3 }, S.list { 2, 2 } } },
  }
end

op "tile" {
  doc = "The tensor repeated along its last dimensions as `dims` says; counts that are missing in "
    .. "front are 1.",
  args = "input: tensor, dims: shape",
  ref = function(x, dims)
    check_repeats("tile", dims)
    local counts <const> = { table.unpack(dims) }
    while #counts < x.ndim do table.insert(counts, 1, 1) end
    return tiled(with_leading_ones(x, #counts), counts)
  end,
  sample = { { { 2, 3 }, S.list { 2 } }, { { 3 }, S.list { 2, 2 } },
    { { 2, 3 }, S.list { 3, 0 } } },
}

-- The index of the element that each place of the result comes from.
local function repeat_ids(repeats)
  local ends <const> = ops.cumsum(ops.to(repeats, "int64"), 1)
  local total <const> = ends:numel() > 0 and ends:select(1, -1):item() or 0
  return ops.searchsorted(ends, ops.arange(total, { device = repeats.device }))
end

op "repeat_interleave" {
  doc = "Each element along `dim` (of the flattened tensor where not given) repeated `repeats` "
    .. "times: a number, or a tensor of counts.",
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
      core.fail("repeat_interleave", 2, "%s counts for dimension %d of a %s tensor",
        rule.text(repeats.shape), dim,
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
      x = ops.index_select(x, d, ops.arange(n, 1, -1, { device = x.device }))
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
      if x.ndim < dim then
        core.fail(name, 1, "expected %d dimensions, got a %s tensor", dim, rule.text(x.shape))
      end
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
  doc = "Elements moved by `shifts` places along `dims`, those that leave coming in at the other "
    .. "end; the flattened tensor where no dims are given.",
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
      core.fail("unflatten", 3, "dimension %d of size %d cannot be parted into %s", dim, n,
        rule.text(sizes))
    end
    table.remove(full, dim)
    for k, s in ipairs(parts) do table.insert(full, dim + k - 1, s) end
    return x:reshape(full)
  end,
  sample = { { { 2, 6 }, 2, S.list { 2, -1 } }, { { 4 }, 1, S.list { 2, 2 } } },
}
