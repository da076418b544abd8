-- Joining: cat, stack and their kin; grids; tensors broadcast to one shape. What gives several
-- tensors
-- returns one list of them.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local shape = require "tocha.shape"

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
  local sizes <const>, total = shape.sizes(model), 0
  if dim > #sizes then
    core.fail("cat", 2, "there is no dimension %d in a %s tensor", dim, rule.text(sizes))
  end
  for k, x in ipairs(tensors) do
    if not is_nothing(x) then
      local own <const> = x.shape
      local fits = #own == #sizes
      for d = 1, #sizes do fits = fits and (d == dim or own[d] == sizes[d]) end
      if not fits then
        core.fail("cat", 1, "tensor %d is %s and does not fit the %s of the first but for "
          .. "dimension %d", k,
          rule.text(own), rule.text(model.shape), dim)
      end
      total = total + own[dim]
    end
  end
  sizes[dim] = total
  return sizes
end

-- Tensors put side by side into y, which is `outer` rows. Small ones go a dozen at a time; large
-- ones by
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
    if tensors[1].ndim == 0 then
      core.fail("cat", 1, "0-d tensors cannot be joined; stack() them")
    end
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
      parts[k] = ops.to(is_nothing(tensors[k]) and ops.zeros_like(tensors[k])
        or g:narrow(dim, at, n),
        tensors[k].dtype)
    end)
    return parts
  end },
  sample = {
    { S.tensors { { 2, 3 }, { 1, 3 } } }, { S.tensors { { 2, 3 }, { 2, 2 }, { 2, 0 } }, 2 },
    { S.tensors { { 2, 3, 2 }, { 2, 1, 2 } }, -2 }, { S.tensors { { 0 }, { 2, 3 } } },
  },
}

op "stack" {
  doc = "Tensors of one shape joined along a new dimension `dim`.",
  args = "tensors: tensors, dim: int = 1", method = false, saves = "",
  run = function(tensors, dim)
    check_some("stack", tensors)
    local sizes <const> = shape.sizes(tensors[1])
    dim = shape.new_dim("stack", #sizes, dim)
    table.insert(sizes, dim, #tensors)
    for k, x in ipairs(tensors) do
      if not x:is_same_size(tensors[1]) then
        core.fail("stack", 1, "tensor %d is %s, the first is %s", k, rule.text(x.shape),
          rule.text(tensors[1].shape))
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
    local parts <const>, d = {}, shape.new_dim("stack", tensors[1].ndim, dim)
    for k, x in ipairs(tensors) do parts[k] = ops.to(g:select(d, k), x.dtype) end
    return parts
  end },
  sample = {
    { S.tensors { { 2, 3 }, { 2, 3 } } }, { S.tensors { { 2, 3 }, { 2, 3 }, { 2, 3 } }, -1 },
    { S.tensors { {}, {} } },
  },
}

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
  hstack = {
    AT_LEAST.atleast_1d, function(x) return x.ndim == 1 and 1 or 2 end,
    "side by side (along dimension 2, vectors along 1)",
  },
  vstack = { AT_LEAST.atleast_2d, function() return 1 end, "one below the other" },
  dstack = { AT_LEAST.atleast_3d, function() return 3 end, "one behind the other (along dimension "
    .. "3)" },
}
for name, how in pairs(STACKS) do
  local raise <const>, dim <const>, words <const> = table.unpack(how)
  op(name) {
    doc = "Tensors joined " .. words .. ".",
    args = "tensors: tensors", method = false,
    ref = function(tensors)
      check_some(name, tensors)
      local raised <const> = shape.mapped(tensors, raise)
      return ops.cat(raised, dim(raised[1]))
    end,
    sample = { { S.tensors { { 3 }, { 3 } } }, { S.tensors { { 2, 3 }, { 2, 3 } } } },
  }
end

-- ---- grids --------------------------------------------------------------------------------------

op "meshgrid" {
  doc = "A list of n tensors of n dimensions, each repeating one of n vectors along the others: "
    .. "coordinates of a grid. `indexing` is \"ij\" (first vector along dimension 1) or \"xy\".",
  args = "tensors: tensors, indexing: string = \"ij\"", method = false,
  ref = function(tensors, indexing)
    if indexing ~= "ij" and indexing ~= "xy" then
      core.fail("meshgrid", 2, "expected \"ij\" or \"xy\", got \"%s\"", indexing)
    end
    local sizes <const> = shape.mapped(tensors, function(x) return x:numel() end)
    local grids <const> = {}
    for k, x in ipairs(tensors) do
      if x.ndim > 1 then
        core.fail("meshgrid", 1, "tensor %d is %s, not a vector", k, rule.text(x.shape))
      end
      local ones <const> = shape.mapped(sizes, function() return 1 end)
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
    local columns <const> = shape.mapped(ops.meshgrid(tensors),
      function(x) return x:reshape { -1 } end)
    return ops.stack(columns, 2)
  end,
  sample = { { S.tensors { { 2 }, { 3 } } } },
}

op "broadcast_tensors" {
  doc = "A list of the tensors, expanded to the shape they broadcast to.",
  args = "tensors: tensors", method = false,
  ref = function(tensors)
    local common = {}
    for _, x in ipairs(tensors) do
      local both, a, b = rule.broadcast_shapes(common, x.shape)
      if not both then
        core.fail("broadcast_tensors", 1, "shapes %s and %s do not broadcast: sizes %d and %d",
          rule.text(common),
          rule.text(x.shape), a, b)
      end
      common = both
    end
    return shape.mapped(tensors, function(x) return x:expand(common) end)
  end,
  sample = { { S.tensors { { 2, 1 }, { 3 } } } },
}
