-- ONNX operators of layers against onnxruntime (spec/golden/onnx_nn.py), their gradients, and what
-- no other tool computes: by hand.

local tocha = require "tocha"
local Model = require "tocha.onnx.model"
local cuda = require "spec.cuda_support"
local golden = require "tocha.io".load "spec/golden/onnx_nn.safetensors"
local schema = require "tocha.onnx.schema"
local support = require "spec.support"

local names <const> = {}
for key in pairs(golden) do names[#names + 1] = key:match "^(.-)/model$" end
table.sort(names)

local function model_of(name)
  return Model(assert(schema.decode("ModelProto", golden[name .. "/model"]:to_bytes())), {})
end

local function numbered(name, kind)
  local list <const> = {}
  while golden[("%s/%s_%d"):format(name, kind, #list + 1)] do
    list[#list + 1] = golden[("%s/%s_%d"):format(name, kind, #list + 1)]
  end
  return list
end

-- Inputs that are left out have no name, so those that are there go by theirs.
local function check(name, device)
  local model <const>, given <const> = model_of(name):to(device), {}
  local inputs <const> = numbered(name, "input")
  for k, input in ipairs(model.inputs) do given[input.name] = inputs[k]:to(device) end
  local outputs <const> = table.pack(model(given))
  local wanted <const> = numbered(name, "output")
  assert.equal(#wanted, #model.outputs)
  for k, want in ipairs(wanted) do
    assert.equal(want.dtype, outputs[k].dtype)
    support.assert_alike(outputs[k]:cpu(), want, 1e-4, 1e-5)
  end
end

describe("ONNX's layers", function()
  for _, name in ipairs(names) do
    it(name .. " as onnxruntime", function() check(name, "cpu") end)
  end
end)

cuda.suite(describe, pending)("ONNX's layers on CUDA", function()
  it("as onnxruntime", function()
    for _, name in ipairs(names) do check(name, "cuda") end
  end)
end)

-- The sum of the first output, weighted, as a function of the floating inputs.
local function gradients_agree(name)
  local model <const>, inputs <const>, floats <const> = model_of(name), {}, {}
  for k, x in ipairs(numbered(name, "input")) do
    inputs[k] = x:is_floating_point() and x:to "float64" or x
    if x:is_floating_point() then floats[#floats + 1] = k end
  end
  local function f(...)
    local given <const> = {}
    for k, input in ipairs(model.inputs) do given[input.name] = inputs[k] end
    for j, k in ipairs(floats) do given[model.inputs[k].name] = (select(j, ...)) end
    return (model(given))
  end
  local leaves <const> = {}
  for j, k in ipairs(floats) do leaves[j] = inputs[k]:detach():requires_grad_() end
  return tocha.gradcheck(f, leaves)
end

describe("gradients of ONNX's layers", function()
  for _, name in ipairs { "conv2_pads", "transposed1_shape", "average1_1", "lp1", "GRU_reverse",
    "LSTM_bidirectional_peepholes", "RNN_forward_lengths", "layer_spread", "lrn_odd",
    "attention_bias", "rotary_1", "group_18" } do
    it(name .. " agree with differences", function() assert.is_true(gradients_agree(name)) end)
  end
end)

-- A model of one node.
local function empty(t) return setmetatable(t, { __index = function() return {} end }) end

local function node_model(op_type, inputs, attributes, opset, initials)
  local list <const>, ins <const> = {}, {}
  for name, value in pairs(attributes or {}) do
    local kind <const> = type(value) == "table" and 7 or math.type(value) == "integer" and 2
      or type(value) == "string" and 3 or 1
    list[#list + 1] = { name = name, type = kind, ints = kind == 7 and value or {},
      floats = {}, strings = {}, tensors = {}, graphs = {}, i = kind == 2 and value or nil,
      s = kind == 3 and value or nil, f = kind == 1 and value or nil }
  end
  for k, name in ipairs(inputs) do ins[k] = { name = name } end
  return Model({ opset_import = { { domain = "", version = opset or 22 } }, functions = {},
    metadata_props = {}, graph = empty { name = "g", input = ins, output = { { name = "y" } },
      initializer = initials or {}, sparse_initializer = {},
      node = { { op_type = op_type, name = "", domain = "", input = inputs, output = { "y" },
        attribute = list } } } }, {})
end

describe("ONNX's layers by hand", function()
  it("LRN of an even number of channels looks one further up", function()
    local model <const> = node_model("LRN", { "x" }, { size = 2, alpha = 2.0, beta = 1.0,
      bias = 0.0 })
    local x <const> = tocha.tensor { 1, 2, 3 }:to "float32":reshape(1, 3, 1, 1)
    support.assert_alike(model(x):reshape(-1),
      tocha.tensor { 1 / 5, 2 / 13, 3 / 9 }:to "float32", 1e-6)
  end)

  it("seeded dropout is that of the reference, and follows its inputs", function()
    local model <const> = node_model("Dropout", { "x", "ratio", "training" }, { seed = 0 })
    local x <const>, half <const> = tocha.ones(4), tocha.tensor(0.5)
    -- numpy.random.RandomState(0).uniform(0, 1, 4) >= 0.6
    support.assert_alike(model(x, tocha.tensor(0.6), tocha.tensor(true)),
      tocha.tensor { 0, 2.5, 2.5, 0 }:to "float32", 1e-6)
    support.assert_alike(model(x, half, tocha.tensor(false)), x)
  end)

  it("a copy of a model knows the types of its constants", function()
    local UINT16 <const> = 4
    local function number(name, type_, field, value)
      return { name = name, data_type = type_, dims = {}, [field] = { value }, external_data = {} }
    end
    local model <const> = node_model("QuantizeLinear", { "x", "scale", "zero" }, {}, 21,
      { number("scale", 1, "float_data", 0.5), number("zero", UINT16, "int32_data", 7) })
    local x <const> = tocha.tensor { -9, 1.2, 1e9 }:to "float32"
    assert.same({ 0, 9, 65535 }, model(x):totable())
    assert.same({ 0, 9, 65535 }, model:clone()(x):totable())
  end)

  it("statistics of each element, as spatial = 0 had them", function()
    local model <const> = node_model("BatchNormalization", { "x", "s", "b", "m", "v" },
      { spatial = 0, epsilon = 0.0 }, 7)
    local x <const> = tocha.randn(2, 3, 4)
    local s <const>, b <const>, m <const>, v <const> = tocha.randn(3, 4), tocha.randn(3, 4),
      tocha.randn(3, 4), tocha.rand(3, 4) + 0.5
    support.assert_alike(model(x, s, b, m, v), (x - m) / v:sqrt() * s + b, 1e-5, 1e-5)
  end)

  it("errors name the node and what is wrong", function()
    local resize <const> = node_model("Resize", { "x", "roi", "scales" }, { mode = "quadratic" })
    support.fails_with("there is no mode 'quadratic'", resize, tocha.ones(1, 1, 2, 2),
      tocha.ones(0), tocha.ones(4))
    support.fails_with("there is no activation 'Step'", function()
      local model <const> = node_model("RNN", { "x", "w", "r" }, {})
      model._graph.nodes[1].a.activations = { "Step" }
      model(tocha.ones(1, 1, 2), tocha.ones(1, 3, 2), tocha.ones(1, 3, 3))
    end)
    support.fails_with("a window of 9 does not fit into 4 elements",
      node_model("MaxPool", { "x" }, { kernel_shape = { 9 } }), tocha.ones(1, 1, 4))
    support.fails_with("kernel has 2 entries, the input 1 spatial dimensions",
      node_model("MaxPool", { "x" }, { kernel_shape = { 2, 2 } }), tocha.ones(1, 1, 4))
    support.fails_with("the update rule 'gated' does not go with these inputs",
      node_model("LinearAttention", { "q", "k", "v" }, { update_rule = "gated", q_num_heads = 1,
        kv_num_heads = 1 }, 27), tocha.ones(1, 1, 2), tocha.ones(1, 1, 2), tocha.ones(1, 1, 2))
  end)
end)
