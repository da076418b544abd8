-- ONNX nodes of what moves elements about, and of reductions: name -> f(g, call, arguments...), see
-- export_pointwise.lua.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local sizes = require "tocha.onnx.export_sizes"

local forms <const> = {}
local LAST <const> = math.maxinteger

local function dtype_of(c) return c.results[1].dtype end
local function sizes_of(c) return c.results[1].sizes end

-- Dimensions from 1, or from the end, of x as ONNX's axes.
local function axis(dim, x) return (dim < 0 and dim + #x.sizes + 1 or dim) - 1 end

local function axes(dims, x)
  local list <const> = {}
  for k, dim in ipairs(type(dims) == "table" and dims or { dims }) do list[k] = axis(dim, x) end
  return list
end

-- ---- views --------------------------------------------------------------------------------------

local function same(g, _, x) return g:of(x) end
for _, name in ipairs { "alias", "clone", "contiguous", "lay_out", "to_device" } do
  forms[name] = same
end

function forms.to_dtype(g, c, x) return g:operand(x, dtype_of(c)) end

function forms.view(g, c, x) return g:reshape(g:of(x), sizes_of(c)) end
forms.reshape = forms.view

function forms.expand(g, c, x) return g:node("Expand", { x, g:sizes(sizes_of(c)) }) end

function forms.transpose(g, _, x, a, b)
  local perm <const> = {}
  for d = 1, #x.sizes do perm[d] = d end
  perm[a], perm[b] = b, a
  return g:transpose(g:of(x), perm)
end

function forms.permute(g, _, x, dims)
  local perm <const> = {}
  for k, dim in ipairs(dims) do perm[k] = axis(dim, x) + 1 end
  return g:transpose(g:of(x), perm)
end

function forms.squeeze_dims(g, _, x, dims)
  local list <const> = {}
  for d, size in ipairs(x.sizes) do
    local wanted = #dims == 0
    for _, dim in ipairs(dims) do wanted = wanted or axis(dim, x) == d - 1 end
    if wanted and size == 1 then list[#list + 1] = d - 1 end
  end
  return #list == 0 and g:of(x) or g:node("Squeeze", { x, g:ints(list) })
end

function forms.unsqueeze(g, _, x, dim)
  return g:node("Unsqueeze", { x, g:ints { dim < 0 and dim or dim - 1 } })
end

-- ---- parts --------------------------------------------------------------------------------------

-- A place from 1, or from the end, as ONNX counts.
local function place(k) return (sizes.is_size(k) or k > 0) and k - 1 or k end

local function sliced(g, x, dim, from, to, step)
  return g:node("Slice", { x, g:sizes { from }, g:sizes { to }, g:ints { dim }, g:ints { step } })
end

function forms.select(g, _, x, dim, index)
  local at <const> = place(index)
  local name <const> = sizes.is_size(at) and g:reshape(g:sizes { at }, {}) or g:number(at, "int64")
  return g:node("Gather", { x, name }, { axis = axis(dim, x) })
end

function forms.narrow(g, _, x, dim, start, length)
  local from <const> = place(start)
  local to = from + length
  if to == 0 then to = LAST end  -- from the end on
  return sliced(g, x, axis(dim, x), from, to, 1)
end

function forms.slice(g, _, x, dim, first, last, step)
  local to <const> = not sizes.is_size(last) and last < 0 and (last == -1 and LAST or last + 1)
    or last
  return sliced(g, x, axis(dim, x), place(first), to, step)
end

function forms.flip(g, _, x, dims)
  local list <const>, from <const>, to <const>, step <const> = axes(dims, x), {}, {}, {}
  for k = 1, #list do from[k], to[k], step[k] = -1, math.mininteger, -1 end
  return g:node("Slice", { x, g:ints(from), g:ints(to), g:ints(list), g:ints(step) })
end

-- The whole x with `part` from `from` up to `to` (places from 0).
local function put(g, x, part, at, from, to)
  local name <const> = g:of(x)
  local before <const>, after <const> = sliced(g, name, at, 0, from, 1),
    sliced(g, name, at, to, LAST, 1)
  return g:node("Concat", { before, part, after }, { axis = at })
end

-- A dimension of x as an axis, and a place in it, from the end too, as one from 0.
local function spot(x, dim, k)
  local shape <const> = x.sizes or x.shape
  local at <const>, from <const> = axis(dim, { sizes = shape }), place(k)
  local counted <const> = sizes.is_size(from) or from >= 0
  return at, counted and from or shape[at + 1] + from
end

-- Writes into views (export_views.lua): the whole, the part, and how the view was made.
function forms.put_select(g, _, x, part, dim, index)
  local at <const>, from <const> = spot(x, dim, index)
  return put(g, x, g:node("Unsqueeze", { part, g:ints { at } }), at, from, from + 1)
end

function forms.put_narrow(g, _, x, part, dim, start, length)
  local at <const>, from <const> = spot(x, dim, start)
  return put(g, x, g:of(part), at, from, from + length)
end

function forms.put_slice(g, _, x, part, dim, first)
  local at <const>, from <const> = spot(x, dim, first)
  return put(g, x, g:of(part), at, from, from + part.sizes[at + 1])
end

-- All of x in another shape.
function forms.put_view(g, c, _, part) return g:reshape(g:of(part), sizes_of(c)) end
function forms.put_transpose(g, c, _, part, a, b) return forms.transpose(g, c, part, a, b) end

function forms.put_permute(g, _, x, part, dims)
  local back <const> = {}
  for k, dim in ipairs(dims) do back[axis(dim, { sizes = x.sizes or x.shape }) + 1] = k end
  return g:transpose(g:of(part), back)
end

-- Windows along `dim`, their elements in a new last dimension: a table of places.
function forms.unfold(g, _, x, dim, size, step)
  local at <const>, n <const> = axis(dim, x), #x.sizes
  local places <const> = ops.arange(0, (x.sizes[at + 1] - size) // step)
  local index <const> = (places * step):unsqueeze(2) + ops.arange(0, size - 1)
  local y <const> = g:node("Gather", { x, index }, { axis = at })
  local perm <const> = {}
  for d = 1, n + 1 do perm[d] = d <= at + 1 and d or d + 1 end
  perm[n + 1] = at + 2
  return g:transpose(y, perm)
end

-- ---- together -----------------------------------------------------------------------------------

function forms.cat(g, c, list, dim)
  local names <const> = {}
  for k, x in ipairs(list) do names[k] = g:operand(x, dtype_of(c)) end
  local at <const> = dim < 0 and dim or dim - 1
  return #names == 1 and names[1] or g:node("Concat", names, { axis = at })
end

function forms.stack(g, _, list, dim)
  local names <const>, at <const> = {}, dim < 0 and dim or dim - 1
  for k, x in ipairs(list) do names[k] = g:node("Unsqueeze", { x, g:ints { at } }) end
  return g:node("Concat", names, { axis = at })
end

function forms.repeat_dims(g, _, x, repeats) return g:node("Tile", { x, g:sizes(repeats) }) end

-- { last before, last after, ... } as { befores, afters } of all dimensions.
local function all_pads(x, pads)
  local n <const>, list <const> = #x.sizes, {}
  for d = 1, 2 * n do list[d] = 0 end
  for k = 1, #pads // 2 do
    list[n + 1 - k], list[2 * n + 1 - k] = pads[2 * k - 1], pads[2 * k]
  end
  return list
end

function forms.constant_pad_nd(g, c, x, pads, value)
  if type(pads) ~= "table" then pads = { pads, pads } end
  return g:node("Pad", { x, g:sizes(all_pads(x, pads)), g:number(value, dtype_of(c)) })
end

local MODES <const> = { reflect = "reflect", replicate = "edge" }

forms.pad = {
  when = function(_, _, mode) return MODES[mode] ~= nil end,
  form = function(g, _, x, pads, mode)
    if type(pads) ~= "table" then pads = { pads, pads } end
    return g:node("Pad", { x, g:sizes(all_pads(x, pads)) }, { mode = MODES[mode] })
  end,
}

-- Of the shape of x alone.
for name, value in pairs { zeros_like = 0, ones_like = 1 } do
  forms[name] = function(g, c)
    return g:node("Expand", { g:number(value, dtype_of(c)), g:sizes(sizes_of(c)) })
  end
end

function forms.full_like(g, c, _, value)
  return g:node("Expand", { g:number(value, dtype_of(c)), g:sizes(sizes_of(c)) })
end

-- ---- by index -----------------------------------------------------------------------------------

function forms.index_select(g, _, x, dim, index)
  return g:node("Gather", { x, g:from_zero(index) }, { axis = axis(dim, x) })
end

function forms.gather(g, _, x, dim, index)
  return g:node("GatherElements", { x, g:from_zero(index) }, { axis = axis(dim, x) })
end

function forms.one_hot(g, c, ids)
  local places <const>, count <const> = g:from_zero(ids), sizes_of(c)[#sizes_of(c)]
  return g:node("OneHot", { places, g:number(count, "int64"), g:ints { 0, 1 } }, { axis = -1 })
end

forms.scatter = {
  when = function(_, _, _, src, reduce) return core.is_tensor(src) and not reduce end,
  form = function(g, c, x, dim, index, src)
    return g:node("ScatterElements", { x, g:from_zero(index), g:operand(src, dtype_of(c)) },
      { axis = axis(dim, x) })
  end,
}

function forms.scatter_add(g, c, x, dim, index, src)
  return g:node("ScatterElements", { x, g:from_zero(index), g:operand(src, dtype_of(c)) },
    { axis = axis(dim, x), reduction = "add" })
end

for name, upper in pairs { tril = 0, triu = 1 } do
  forms[name] = function(g, _, x, k)
    return g:node("Trilu", { x, g:number(k, "int64") }, { upper = upper })
  end
end

-- ---- reductions ---------------------------------------------------------------------------------

-- Before version 18 axes were attributes; ReduceSum had them as an input from 13 on.
local function reduced(g, op_type, name, x, dims, keep)
  local inputs <const> = { name }
  if dims ~= nil and not (type(dims) == "table" and #dims == 0) then
    inputs[2] = g:ints(axes(dims, x))
  end
  return g:node(op_type, inputs, { keepdims = keep and 1 or 0 })
end

local REDUCE <const> = { sum = "ReduceSum", mean = "ReduceMean", prod = "ReduceProd",
  amax = "ReduceMax", amin = "ReduceMin", logsumexp = "ReduceLogSumExp" }

for name, op_type in pairs(REDUCE) do
  forms[name] = function(g, c, x, dims, keep)
    return reduced(g, op_type, g:operand(x, dtype_of(c)), x, dims, keep)
  end
end

for name, op_type in pairs { any = "ReduceMax", all = "ReduceMin" } do
  forms[name] = function(g, _, x, dims, keep)
    local bits <const> = g:cast(g:operand(x, "bool"), "bool", "int32")
    return g:cast(reduced(g, op_type, bits, x, dims, keep), "int32", "bool")
  end
end

local NORMS <const> = { [1] = "ReduceL1", [2] = "ReduceL2", [math.huge] = "ReduceMax",
  [-math.huge] = "ReduceMin" }

function forms.norm(g, c, x, p, dims, keep)
  local dtype <const> = dtype_of(c)
  local name <const>, op_type <const> = g:operand(x, dtype), NORMS[p]
  if p == 1 or p == 2 then return reduced(g, op_type, name, x, dims, keep) end
  local size <const> = g:node("Abs", { name })
  if op_type then return reduced(g, op_type, size, x, dims, keep) end
  local powers <const> = g:node("Pow", { size, g:number(p, dtype) })
  return g:node("Pow", { reduced(g, "ReduceSum", powers, x, dims, keep), g:number(1 / p, dtype) })
end

local function place_of(g, op_type, x, dim, keep)
  return g:from_one(g:node(op_type, { x }, { axis = axis(dim, x), keepdims = keep and 1 or 0 }))
end

for name, op_type in pairs { argmax = "ArgMax", argmin = "ArgMin" } do
  forms[name] = function(g, _, x, dim, keep)
    if dim then return place_of(g, op_type, x, dim, keep) end
    local flat <const> = g:node("Reshape", { x, g:ints { -1 } })
    return g:from_one(g:node(op_type, { flat }, { axis = 0, keepdims = 0 }))
  end
end

local EXTREMES <const> = { max_dim = { "ReduceMax", "ArgMax" },
  min_dim = { "ReduceMin", "ArgMin" } }

for name, pair in pairs(EXTREMES) do
  forms[name] = function(g, _, x, dim, keep)
    return reduced(g, pair[1], g:of(x), x, dim, keep), place_of(g, pair[2], x, dim, keep)
  end
end

function forms.cumsum(g, c, x, dim)
  return g:node("CumSum", { g:operand(x, dtype_of(c)), g:number(axis(dim, x), "int64") })
end

local function top(g, x, k, dim, largest, sorted)
  local values <const>, places <const> = g:node("TopK", { x, g:sizes { k } }, {
    axis = axis(dim, x), largest = largest and 1 or 0, sorted = sorted and 1 or 0 }, 2)
  return values, g:from_one(places)
end

function forms.topk(g, _, x, ...) return top(g, x, ...) end

function forms.sort(g, _, x, dim, descending)
  return top(g, x, x.sizes[axis(dim, x) + 1], dim, descending, true)
end

return forms
