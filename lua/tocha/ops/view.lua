-- Views and what is nearest to them: new shapes over the same memory, copies, conversions.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local layout = require "tocha.layout"

-- The gradient of a view: g put in its place in zeros of the shape of x.
local function placed(view)
  return function(g, _, x, ...)
    local z = ops.zeros_like(x)
    view(z, ...):copy_(g)
    return z
  end
end

local function view_op(name, decl)
  decl.view, decl.saves = name, ""
  op(name)(decl)
end

view_op("select", {
  doc = "The slice at `index` of dimension `dim`, which disappears. A view.",
  args = "input: tensor, dim: dim, index: int",
  grad = { input = placed(function(z, ...) return ops.select(z, ...) end) },
  sample = { { { 3, 4 }, 1, 2 }, { { 2, 3, 4 }, -1, -1 } },
})

view_op("narrow", {
  doc = "`length` elements of dimension `dim` from `start` on. A view.",
  args = "input: tensor, dim: dim, start: int, length: int",
  grad = { input = placed(function(z, ...) return ops.narrow(z, ...) end) },
  sample = { { { 3, 4 }, 2, 2, 2 }, { { 5 }, 1, -2, 2 }, { { 3, 4 }, 1, 2, 0 } },
})

view_op("slice", {
  doc = "Elements `first` to `last`, both included, of dimension `dim`, every `step`-th. A view.",
  args = "input: tensor, dim: dim, first: int = 1, last: int = -1, step: int = 1",
  grad = { input = placed(function(z, ...) return ops.slice(z, ...) end) },
  sample = { { { 7 }, 1, 2, 6, 2 }, { { 3, 4 }, 2, 1, -2 } },
})

view_op("view", {
  doc = "The same elements in another shape; one size may be -1. A view: an error where only a "
    .. "copy would do.",
  args = "input: tensor, size: shape",
  grad = { input = function(g, _, x) return ops.reshape(g, x.shape) end },
  sample = { { { 3, 4 }, S.list { 2, 6 } }, { { 3, 4 }, S.list { -1 } }, { {}, S.list { 1, 1 } } },
})

view_op("transpose", {
  doc = "Two dimensions exchanged. A view.",
  args = "input: tensor, dim0: dim, dim1: dim",
  grad = { input = function(g, _, _, a, b) return ops.transpose(g, a, b) end },
  sample = { { { 3, 4 }, 1, 2 }, { { 2, 3, 4 }, 1, -1 } },
})

local function inverse(dims)
  local back <const> = {}
  for k, d in ipairs(dims) do back[d < 0 and d + #dims + 1 or d] = k end
  return back
end

view_op("permute", {
  doc = "The dimensions in another order. A view.",
  args = "input: tensor, dims: shape",
  grad = { input = function(g, _, _, dims) return ops.permute(g, inverse(dims)) end },
  sample = { { { 2, 3, 4 }, S.list { 3, 1, 2 } }, { { 2, 3 }, S.list { -1, 1 } } },
})

view_op("expand", {
  doc = "Dimensions of size 1 repeated to the given sizes without a copy; -1 keeps a size. A view.",
  args = "input: tensor, size: shape",
  grad = { input = function(g, _, x) return ops.sum_to(g, x) end },
  sample = { { { 3, 1 }, S.list { 3, 4 } }, { { 4 }, S.list { 2, 3, 4 } },
    { { 2, 1 }, S.list { -1, 3 } } },
})

local function reshaped(g, _, x) return ops.reshape(g, x.shape) end

op "squeeze" {
  doc = "Without the dimensions of size 1: all of them, or those of `dim`. A view.",
  args = "input: tensor, dim: dims?",
  ref = function(x, dims) return ops.squeeze_dims(x, dims or {}) end,
  sample = { { { 3, 1, 2, 1 } }, { { 3, 1, 2, 1 }, 2 }, { { 1, 3, 1 }, S.list { 1, 3 } },
    { { 3 }, 1 } },
}

op "squeeze_dims" {
  view = "squeeze", method = false, saves = "",
  doc = "Without those dimensions of the list that have size 1; all of them for an empty list. A "
    .. "view.",
  args = "input: tensor, dims: ints",
  grad = { input = reshaped },
  sample = { { { 3, 1, 2, 1 }, S.list {} }, { { 3, 1, 2 }, S.list { 2 } } },
}

view_op("unsqueeze", {
  doc = "A dimension of size 1 put in at `dim` of the result. A view.",
  args = "input: tensor, dim: int",
  grad = { input = reshaped },
  sample = { { { 3, 4 }, 1 }, { { 3, 4 }, -1 }, { {}, 1 } },
})

op "diagonal" {
  doc = "The diagonal of two dimensions, as the last dimension of the result. A view.",
  args = "input: tensor, offset: int = 0, dim1: dim = 1, dim2: dim = 2",
  view = "diagonal", saves = "",
  grad = { input = placed(function(z, ...) return ops.diagonal(z, ...) end) },
  sample = { { { 3, 4 } }, { { 3, 4 }, 1 }, { { 2, 3, 4 }, -1, 2, 3 } },
}

-- Windows overlap: each element's gradient is the sum over the windows that hold it.
local function unfold_grad(g, _, x, dim, _, step)
  local z = ops.zeros_like(x)
  for k = 1, g:size(-1) do
    local part = g:select(-1, k)
    local last = k + (part:size(dim) - 1) * step
    local place = ops.slice(z, dim, k, last, step)
    place:copy_(place + part)
  end
  return z
end

op "unfold" {
  doc = "Windows of `size` elements along `dim`, `step` apart, as the last dimension of the "
    .. "result. A view.",
  args = "input: tensor, dim: dim, size: int, step: int",
  view = "unfold", saves = "",
  grad = { input = unfold_grad },
  sample = { { { 7 }, 1, 3, 2 }, { { 3, 6 }, 2, 3, 1 } },
}

-- The elements that x can see are those of its storage from its first to its last.
local function as_strided_grad(g, _, x, size, stride, offset)
  local held = offset + 1
  for d, s in ipairs(size) do held = held + (s - 1) * stride[d] end
  local own = x:storage_offset() + 1
  for d = 1, x.ndim do own = own + (x:size(d) - 1) * x:stride(d) end
  local z = ops.zeros({ math.max(held, own) }, { dtype = g.dtype, device = g.device })
  local seen = ops.as_strided(z, size, stride, offset)
  seen:copy_(g)
  return ops.as_strided(z, x.shape, x:stride(), x:storage_offset()):clone()
end

op "as_strided" {
  doc = "A view by sizes, strides and offset (in elements, from 0) into the storage of `input`; no "
    .. "two of its elements may share a place where a gradient is wanted.",
  args = "input: tensor, size: ints, stride: ints, storage_offset: int = 0",
  view = "as_strided", saves = "",
  grad = { input = as_strided_grad },
  sample = { { { 3, 4 }, S.list { 2, 2 }, S.list { 4, 1 }, 1 } },
}

-- ---- made of views ------------------------------------------------------------------------------

local function filled_in(x, size)
  local known, open = 1, nil
  local full <const> = { table.unpack(size) }
  for d, s in ipairs(size) do
    if s == -1 then open = d else known = known * s end
  end
  if open then full[open] = known > 0 and x:numel() // known or 0 end
  return full
end

op "reshape" {
  doc = "The same elements in another shape: a view where that is possible, else a copy. One size "
    .. "may be -1.",
  args = "input: tensor, shape: shape",
  ref = function(x, shape)
    if x:is_contiguous() then return ops.view(x, shape) end
    local ok, y = pcall(ops.view, x, shape)
    if ok then return y end
    return ops.view(x:contiguous(), filled_in(x, shape))
  end,
  sample = { { { 3, 4 }, S.list { 2, 6 } }, { { 3, 4 }, S.list { -1, 2 } } },
}

op "flatten" {
  doc = "Dimensions `start_dim` to `end_dim` as one.",
  args = "input: tensor, start_dim: dim = 1, end_dim: dim = -1",
  ref = function(x, first, last)
    if x.ndim == 0 then return ops.reshape(x, { 1 }) end
    local shape <const> = x.shape
    local size <const> = { table.unpack(shape, 1, first - 1) }
    size[first] = rule.product(shape, first, last)
    for d = last + 1, #shape do size[#size + 1] = shape[d] end
    return ops.reshape(x, size)
  end,
  sample = { { { 2, 3, 4 } }, { { 2, 3, 4 }, 2 }, { {} } },
}

-- The order of dimensions in which `from` stand at `to` and the others keep theirs.
local function moved(n, from, to)
  local order, taken = {}, {}
  for k, d in ipairs(from) do
    order[to[k]], taken[d] = d, true
  end
  local next_free = 1
  for d = 1, n do
    if not taken[d] then
      while order[next_free] do next_free = next_free + 1 end
      order[next_free] = d
    end
  end
  return order
end

op "movedim" {
  doc = "Dimensions moved from `source` to `destination`; the others keep their order. A view.",
  args = "input: tensor, source: dims, destination: dims",
  ref = function(x, from, to)
    if #from ~= #to then
      core.fail("movedim", 3, "%d destinations for %d sources", #to, #from)
    end
    return ops.permute(x, moved(x.ndim, from, to))
  end,
  sample = { { { 2, 3, 4 }, 1, 3 }, { { 2, 3, 4 }, S.list { 1, 2 }, S.list { -1, 1 } } },
}

op "t" {
  doc = "A matrix transposed; a vector stays as it is. A view.",
  args = "input: tensor",
  ref = function(x)
    if x.ndim > 2 then
      core.fail("t", 1, "expected at most 2 dimensions, got a %s tensor", rule.text(x.shape))
    end
    return x.ndim < 2 and ops.alias(x) or ops.transpose(x, 1, 2)
  end,
  sample = { { { 3, 4 } }, { { 3 } } },
}

op "alias" {
  doc = "The tensor itself, as another view of its memory.",
  args = "input: tensor",
  ref = function(x) return ops.view(x, x.shape) end,
  sample = { { { 3, 4 } } },
}

-- ---- copies -------------------------------------------------------------------------------------

local function copied(x)
  return core.convert_to(x, x.dtype)
end

op "clone" {
  doc = "A copy with memory of its own: contiguous, or channels last as the tensor is.",
  args = "input: tensor", run = copied, saves = "",
  grad = { input = function(g) return g end },
  sample = { { { 3, 4 } }, { {} } },
}

-- Is the format one with the channels of a pixel side by side, and for tensors like x?
local function is_channels_last(name, format, x)
  local ndim <const> = layout.dims_of(name, format)
  if ndim and x.ndim ~= ndim then
    core.fail(name, "memory_format", "'%s' is for %d dimensions, got a %s tensor", format, ndim,
      rule.text(x.shape))
  end
  return ndim
end

op "lay_out" {
  doc = "A copy laid out by rows or with its channels last.",
  args = "input: tensor, channels_last: bool", method = false, saves = "",
  run = core.lay_out,
  grad = { input = function(g) return g end },
  sample = { { { 2, 3, 2, 2 }, true }, { { 2, 3 }, false } },
}

op "contiguous" {
  doc = "The tensor itself where its elements lie in row order, else a copy in which they do; "
    .. "`memory_format` \"channels_last\" (four dimensions, (N, C, H, W)) or \"channels_last_3d\": "
    .. "with the channels of a pixel side by side, which tensor cores read best.",
  args = "input: tensor, memory_format: string = \"contiguous_format\"",
  ref = function(x, format)
    if is_channels_last("contiguous", format, x) then
      return core.is_channels_last(x) and x or ops.lay_out(x, true)
    end
    if x:is_contiguous() or format == "preserve_format" then return x end
    return ops.lay_out(x, false)
  end,
  sample = { { { 3, 4 } }, { { 2, 3, 2, 4 }, "channels_last" } },
}

op "to_dtype" {
  doc = "A copy in another dtype.",
  args = "input: tensor, dtype: dtype", method = false, saves = "",
  run = core.convert_to,
  grad = { input = function(g, _, x) return ops.to(g, x.dtype) end },
  sample = { { { 3 }, "float64" } },
  nograd_sample = { { { 3, 4 }, "float32" }, { { 3, 4 }, "int64" } },
}

op "to_device" {
  doc = "A copy on another device.",
  args = "input: tensor, device: string, non_blocking: bool = false", method = false, saves = "",
  run = function(x, device, non_blocking)
    return non_blocking and core.cuda.send(x, device) or core.move_to(x, device)
  end,
  grad = { input = function(g, _, x) return ops.to(g, x.device) end },
  sample = { { { 3 }, "cpu" } },
}

op "to" {
  doc = "The tensor in another dtype, or on another device (`\"cpu\"`, `\"cuda\"`, `\"cuda:1\"`); "
    .. "itself where nothing changes. `{non_blocking = true}`: a pinned tensor is copied to the "
    .. "device while the program, and the device, go on. `{memory_format = \"channels_last\"}`: "
    .. "laid out so, see `contiguous`.",
  args = "input: tensor, dtype: string?, device: string?, non_blocking: bool = false, "
    .. "memory_format: string?",
  ref = function(x, dtype, device, non_blocking, format)
    if dtype and not registry.kind_of(dtype) then device, dtype = dtype, device end
    if device and core.device_name(device) ~= x.device then
      x = ops.to_device(x, device, non_blocking)
    end
    if dtype and dtype ~= x.dtype then x = ops.to_dtype(x, dtype) end
    return format and ops.contiguous(x, format) or x
  end,
  sample = { { { 3, 4 }, "float64" }, { { 3 }, "cpu" } },
}

local SHORT <const> = {
  float = "float32", double = "float64", half = "float16", bfloat16 = "bfloat16", long = "int64",
  int = "int32", short = "int16", char = "int8", byte = "uint8", bool = "bool",
}
for name, dtype in pairs(SHORT) do
  op(name) {
    doc = "The tensor as " .. dtype .. ".",
    args = "input: tensor", func = false,
    ref = function(x) return ops.to(x, dtype) end,
    sample = {}, nograd_sample = { { { 3, 4 } } },
  }
end

op "cpu" {
  doc = "The tensor in the host's memory; itself where it is there.",
  args = "input: tensor", func = false,
  ref = function(x) return ops.to(x, "cpu") end,
  sample = {}, nograd_sample = { { { 3, 4 } } },
}

op "type_as" {
  doc = "The tensor in the dtype of another.",
  args = "input: tensor, other: tensor",
  ref = function(x, y) return ops.to(x, y.dtype) end,
  sample = { { { 3, 4 }, { 2 } } },
}

op "expand_as" {
  doc = "The tensor expanded to the shape of another. A view.",
  args = "input: tensor, other: tensor",
  ref = function(x, y) return ops.expand(x, y.shape) end,
  sample = { { { 3, 1 }, { 3, 4 } } },
}

for _, name in ipairs { "view_as", "reshape_as" } do
  local f <const> = name:match "^%a+"
  op(name) {
    doc = "The elements in the shape of another tensor.",
    args = "input: tensor, other: tensor",
    ref = function(x, y) return ops[f](x, y.shape) end,
    sample = { { { 3, 4 }, { 2, 6 } } },
  }
end
