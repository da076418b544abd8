-- keras.activations: Keras's functions, by its names and numerics. What goes along a dimension
-- (softmax, glu ...) goes along the last one.
--
-- A softmax or sigmoid remembers what it was made of for as long as its result lives, so that
-- losses can be computed from the logits, which is exact where probabilities round to 0 or 1.

local core = require "tocha.core"
local names = require "tocha.train.names"
local ops = require "tocha.op".ops

local activations <const> = {}
local known <const> = names.table "activation"
-- result -> what it was made of, for each of the two
local made_of <const> = { softmax = setmetatable({}, { __mode = "k" }),
  sigmoid = setmetatable({}, { __mode = "k" }) }
local elementwise <const> = {}  -- the functions that may see dimensions in any order

local function define(words, f, goes_along)
  known:add(words, f)
  for word in words:gmatch "%S+" do activations[word] = f end
  elementwise[f] = not goes_along
end

--- activations.logits("softmax", y): x where y is the softmax of x, or nil; "sigmoid" likewise.
function activations.logits(name, y) return made_of[name][y] end

define("linear", function(x) return x end)
define("softmax", function(x, axis)
  local y <const> = ops.softmax(x, axis or -1)
  if core.is_tensor(y) and (axis or -1) == -1 then made_of.softmax[y] = x end
  return y
end, true)

define("sigmoid", function(x)
  local y <const> = ops.sigmoid(x)
  if core.is_tensor(y) then made_of.sigmoid[y] = x end
  return y
end)

define("log_softmax", function(x, axis) return ops.log_softmax(x, axis or -1) end, true)
define("glu", function(x, axis) return ops.glu(x, axis or -1) end, true)

--- relu(x, {negative_slope = 0, max_value = nil, threshold = 0})
define("relu", function(x, options)
  if not options then return ops.relu(x) end
  local t <const>, slope <const> = options.threshold or 0, options.negative_slope or 0
  local above = x
  if options.max_value then above = x:clamp(nil, options.max_value) end
  return ops.where(x:ge(t), above, (x - t) * slope)
end)

define("elu", function(x, alpha) return ops.elu(x, alpha or 1.0) end)
define("celu", function(x, alpha) return ops.celu(x, alpha or 1.0) end)
define("leaky_relu", function(x, slope) return ops.leaky_relu(x, slope or 0.2) end)
define("gelu", function(x, approximate) return ops.gelu(x, approximate and "tanh" or "none") end)
define("exponential", function(x) return x:exp() end)
define("squareplus", function(x, b) return (x + (x:square() + (b or 4)):sqrt()) * 0.5 end)
define("sparse_plus", function(x)
  local middle <const> = (x + 1):square() * 0.25
  return ops.where(x:le(-1), x * 0, ops.where(x:ge(1), x, middle))
end)
define("sparse_sigmoid", function(x) return (x * 0.5 + 0.5):clamp(0, 1) end)
define("threshold", function(x, threshold, value) return ops.threshold(x, threshold, value) end)

-- Martins and Astudillo, "From softmax to sparsemax" (2016): the nearest point of the simplex.
define("sparsemax", function(x, axis)
  axis = axis or -1
  local sorted <const> = x:sort(axis, true)
  local n <const> = x:size(axis)
  local shape <const> = {}
  for d = 1, x.ndim do shape[d] = 1 end
  shape[axis < 0 and x.ndim + 1 + axis or axis] = n
  local places <const> = ops.arange(1, n, { dtype = x.dtype }):reshape(shape)
  local excess <const> = sorted:cumsum(axis) - 1
  local inside <const> = (sorted * places):gt(excess)
  local count <const> = inside:to(x.dtype):sum(axis, { keepdim = true })
  local tau <const> = excess:gather(axis, count:to "int64") / count
  return (x - tau):relu()
end, true)

-- Names whose operation has another name here, or the same.
local PLAIN <const> = {
  relu6 = "relu6", selu = "selu", mish = "mish", softplus = "softplus", softsign = "softsign",
  tanh = "tanh", ["silu swish"] = "silu", ["hard_sigmoid"] = "hardsigmoid",
  ["hard_silu hard_swish"] = "hardswish", hard_tanh = "hardtanh", hard_shrink = "hardshrink",
  soft_shrink = "softshrink", tanh_shrink = "tanhshrink", log_sigmoid = "logsigmoid",
}
for words, op in pairs(PLAIN) do
  define(words, function(x) return ops[op](x) end)
end

--- activations.get(spec): a function of a tensor, from a name, a function, a layer or nil.
function activations.get(spec, who)
  if spec == nil then return activations.linear end
  if type(spec) == "string" then return (known:find(who or "activation", spec)) end
  local meta <const> = getmetatable(spec)
  if type(spec) == "function" or meta and meta.__call then return spec end
  core.fail(who or "activation", nil, "expected the name of an activation or a function, got %s",
    type(spec))
end

--- activations.is_elementwise(f): may it see the dimensions in another order?
function activations.is_elementwise(f) return elementwise[f] or false end

return activations
