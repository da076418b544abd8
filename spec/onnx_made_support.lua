-- Small ONNX models, made for a spec.

local tocha = require "tocha"
local core = require "tocha.core"
local fuzz = require "spec.fuzz_support"
local schema = require "tocha.onnx.schema"
local tensor = require "tocha.onnx.tensor"

local made <const> = {}

--- made.info(name, shape, number = 1): of an input or output; texts are sizes that vary.
function made.info(name, shape, number)
  local dims <const> = {}
  for d, size in ipairs(shape or {}) do
    dims[d] = type(size) == "string" and { dim_param = size } or { dim_value = size }
  end
  return { name = name, type = { tensor_type = { elem_type = number or 1,
    shape = { dim = dims } } } }
end

local function attribute(name, value)
  local fields <const> = { name = name }
  if math.type(value) == "integer" then fields.type, fields.i = 2, value
  elseif type(value) == "number" then fields.type, fields.f = 1, value
  elseif type(value) == "string" then fields.type, fields.s = 3, value
  elseif core.is_tensor(value) then fields.type, fields.t = 4, tensor.encode("", value)
  else fields.type, fields.ints = 7, value end
  return fields
end

--- made.node(op_type, inputs, outputs, attributes, more): a NodeProto; `more` are other fields.
function made.node(op_type, inputs, outputs, attributes, more)
  local list <const> = {}
  for name, value in pairs(attributes or {}) do list[#list + 1] = attribute(name, value) end
  local n <const> = { op_type = op_type, input = inputs, output = outputs, attribute = list }
  for key, value in pairs(more or {}) do n[key] = value end
  return n
end

--- made.model_bytes(g): g is { inputs, outputs (names or infos), nodes, weights (name -> tensor),
--- opset, functions }.
function made.model_bytes(g)
  local function infos(list)
    local result <const> = {}
    for k, each in ipairs(list) do
      result[k] = type(each) == "string" and made.info(each) or each
    end
    return result
  end
  local weights <const> = {}
  for name, x in pairs(g.weights or {}) do weights[#weights + 1] = tensor.encode(name, x) end
  return schema.encode("ModelProto", { ir_version = 8, producer_name = "spec",
    opset_import = { { domain = "", version = g.opset or 17 } }, functions = g.functions,
    graph = { name = "g", node = g.nodes, input = infos(g.inputs), output = infos(g.outputs),
      initializer = weights } })
end

--- made.load(g): the model of such a description, or of bytes.
function made.load(g)
  local path <const> = fuzz.write(type(g) == "string" and g or made.model_bytes(g))
  local ok <const>, result <const> = pcall(tocha.onnx.load, path)
  os.remove(path)
  return ok and result or error(result, 0)
end

--- made.one(op_type, { attributes, opset = n }, inputs...): what one operator makes of them.
function made.one(op_type, attributes, ...)
  local given <const>, names <const> = { ... }, {}
  for k = 1, select("#", ...) do names[k] = "x" .. k end
  local net <const> = made.load { inputs = names, outputs = { "y" }, opset = attributes.opset,
    nodes = { made.node(op_type, names, { "y" }, attributes[1]) } }
  return net(table.unpack(given))
end

--- made.perceptron(): two layers' worth of nodes: y = 2 relu(x W^T + b) and h, what is rectified.
function made.perceptron()
  return { inputs = { made.info("x", { "N", 3 }) }, outputs = { made.info("y", { "N", 2 }), "h" },
    nodes = { made.node("Gemm", { "x", "W", "b" }, { "h" }, { transB = 1 }, { name = "fc" }),
      made.node("Relu", { "h" }, { "r" }), made.node("Mul", { "r", "scale" }, { "y" }) },
    weights = { W = tocha.tensor { { 1.0, 2.0, 3.0 }, { -1.0, 0.0, 1.0 } },
      b = tocha.tensor { 0.5, -0.5 }, scale = tocha.tensor(2.0) } }
end

return made
