-- tocha.onnx.load: networks of other tools compute, train, save and say what is wrong with them.

local tocha = require "tocha"
local core = require "tocha.core"
local cuda = require "spec.cuda_support"
local formula = require "spec.golden.formula"
local fuzz = require "spec.fuzz_support"
local golden = require "spec.golden.onnx_import"
local registry = require "tocha.onnx.registry"
local schema = require "tocha.onnx.schema"
local tensor = require "tocha.onnx.tensor"
local support = require "spec.support"
local read_bytes <const> = support.read_bytes

local onnx <const> = tocha.onnx
local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/onnx_import_spec.lua$"
local models <const> = root .. "../shared/data/models/"

local function near(want, got, tolerance, what)
  assert.equal(#want, #got)
  for k, x in ipairs(want) do
    if math.abs(x - got[k]) > tolerance * (1 + math.abs(x)) then
      error(("%s %d: %g instead of %g"):format(what, k, got[k], x), 2)
    end
  end
end

-- ---- small models, made here --------------------------------------------------------------------

local function info(name, shape, number)
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

local function node(op_type, inputs, outputs, attributes, more)
  local list <const> = {}
  for name, value in pairs(attributes or {}) do list[#list + 1] = attribute(name, value) end
  local n <const> = { op_type = op_type, input = inputs, output = outputs, attribute = list }
  for key, value in pairs(more or {}) do n[key] = value end
  return n
end

-- g: { inputs, outputs (names or infos), nodes, weights (name -> tensor), opset, functions }
local function model_bytes(g)
  local function infos(list)
    local result <const> = {}
    for k, each in ipairs(list) do result[k] = type(each) == "string" and info(each) or each end
    return result
  end
  local weights <const> = {}
  for name, x in pairs(g.weights or {}) do weights[#weights + 1] = tensor.encode(name, x) end
  return schema.encode("ModelProto", { ir_version = 8, producer_name = "spec",
    opset_import = { { domain = "", version = g.opset or 17 } }, functions = g.functions,
    graph = { name = "g", node = g.nodes, input = infos(g.inputs), output = infos(g.outputs),
      initializer = weights } })
end

local function load(g)
  local path <const> = fuzz.write(type(g) == "string" and g or model_bytes(g))
  local ok <const>, result <const> = pcall(onnx.load, path)
  os.remove(path)
  return ok and result or error(result, 0)
end

local function one(op_type, attributes, ...)
  local given <const>, names <const> = { ... }, {}
  for k = 1, select("#", ...) do names[k] = "x" .. k end
  local net <const> = load { inputs = names, outputs = { "y" }, opset = attributes.opset,
    nodes = { node(op_type, names, { "y" }, attributes[1]) } }
  return net(table.unpack(given))
end

-- ---- ResNet-18 of torch.onnx.export -------------------------------------------------------------

-- The weights of golden/onnx_import.py.
local function contents(proto, j)
  local name <const>, shape <const> = proto.name, proto.dims
  if #shape > 1 then
    local n = 1
    for d = 2, #shape do n = n * shape[d] end
    return formula.chirp(shape, j, 1.5 / math.sqrt(n), 0)
  end
  local is_factor <const> = name:find "running_var$" or name:find "weight$"
  return formula.chirp(shape, j, is_factor and 0.2 or 0.1, is_factor and 1 or 0)
end

-- A folder with the model and the file of its weights; f(path of the model).
local function with_resnet(f)
  local folder <const> = os.tmpname() .. ".d"
  os.execute("mkdir -p " .. folder)
  local bytes <const> = read_bytes(root .. "spec/golden/onnx_resnet18.onnx")
  local weights <close> = assert(io.open(folder .. "/onnx_resnet18.bin", "wb"))
  for j, proto in ipairs(schema.decode("ModelProto", bytes).graph.initializer) do
    weights:write(contents(proto, j):to_bytes())
  end
  weights:close()
  local copy <close> = assert(io.open(folder .. "/net.onnx", "wb"))
  copy:write(bytes)
  copy:close()
  local ok <const>, problem <const> = pcall(f, folder .. "/net.onnx")
  os.execute("rm -r " .. folder)
  if not ok then error(problem, 0) end
end

local function every(x, step) return x:reshape { -1 }:slice(1, 1, -1, step):totable() end

describe("an exported ResNet-18", function()
  local x <const> = formula.chirp({ 2, 3, 40, 33 }, 0, 1, 0)

  it("computes and trains as it does in PyTorch", function()
    with_resnet(function(path)
      local net <const> = onnx.load(path)
      assert.same({ name = "x", dtype = "float32", shape = { "N", 3, "H", "W" } }, net.inputs[1])
      assert.equal(11689512, net:num_parameters())
      assert.is_not_nil(net:state_dict()["layer4.1.bn2.running_var"])
      near(golden.evaluated, every(net(x):detach(), 67), 1e-4, "evaluated")
      net:train()
      local y <const> = net(x)
      near(golden.trained, every(y:detach(), 67), 1e-3, "trained")
      local weights <const> = formula.weights(y:numel()):float():reshape(y.shape);
      (y * weights):sum():backward()
      local named <const> = {}
      for name, p in net:named_parameters() do named[name] = p end
      near(golden.gradients, { formula.checksum(named["conv1.weight"].grad),
        formula.checksum(named["layer4.1.bn2.weight"].grad),
        formula.checksum(named["fc.weight"].grad) }, 2e-3, "gradient")
      near(golden.running_mean,
        net:state_dict()["bn1.running_mean"]:narrow(1, 1, 4):totable(), 1e-4, "running mean")
    end)
  end)

  it("its weights fit tocha.vision's ResNet-18, and load as a state dict", function()
    with_resnet(function(path)
      local dict <const> = tocha.load(path)
      local net <const> = tocha.vision.models.resnet18()
      net:load_state_dict(dict, { strict = false })
      net:evaluate()
      local _ <close> = tocha.no_grad()
      near(golden.evaluated, every(net(x), 67), 1e-4, "logit")
    end)
  end)

  it("says which file of weights is missing", function()
    local path <const> = root .. "spec/golden/onnx_resnet18.onnx"
    assert.error_matches(function() onnx.load(path) end, "onnx_resnet18.bin")
  end)
end)

-- ---- Silero's speech detector -------------------------------------------------------------------

-- Chances of speech of 40 pieces, and the sum of the state after them: ONNX Runtime 1.2x.
local SPEECH <const> = {
  { rate = 16000, piece = 512, context = 64, state = 16.27292,
    chances = { 0.208342, 0.817943, 0.891196, 0.996361, 0.999178, 0.999948 } },
  { rate = 8000, piece = 256, context = 32, state = 40.249638,
    chances = { 0.197937, 0.662424, 0.866279, 0.994441, 0.997395, 0.999081 } },
}

local function listen(net, sound, row)
  local context, state, chances = tocha.zeros(row.context), tocha.zeros(2, 1, 128), {}
  for k = 0, 39 do
    local chunk <const> = tocha.cat { context, sound:narrow(1, k * row.piece + 1, row.piece) }
    context = chunk:narrow(1, row.piece + 1, row.context)
    local y
    y, state = net { input = chunk:unsqueeze(1), state = state, sr = tocha.tensor(row.rate) }
    chances[k + 1] = y:item()
  end
  return chances, state
end

describe("Silero's speech detector", function()
  it("has weights in branches, which tocha.load reads", function()
    if not core.file_kind(models) then pending "../shared/data is not here" return end
    local dict <const>, count = tocha.load(models .. "silero_vad.onnx"), 0
    for _, x in pairs(dict) do count = count + x:numel() end
    assert.equal(543234, count)
  end)

  it("keeps its state through branches as ONNX Runtime does", function()
    if not core.file_kind(models) then pending "../shared/data is not here" return end
    local net <const> = onnx.load(models .. "silero_vad.onnx")
    local bytes <const> = read_bytes(models .. "silero_test.wav"):sub(45)
    local sound <const> = tocha.from_bytes(bytes, { #bytes // 2 }, "int16"):float() / 32768
    local _ <close> = tocha.no_grad()
    for _, row in ipairs(SPEECH) do
      local chances <const>, state <const> =
        listen(net, sound:slice(1, 1, -1, 16000 // row.rate):contiguous(), row)
      near(row.chances, table.move(chances, 1, 6, 1, {}), 1e-5, "chance")
      near({ row.state }, { state:sum():item() }, 1e-4, "state")
    end
    assert.is_true(net:num_parameters() > 500000)  -- constants inside the branches
  end)
end)

-- ---- what a user does ---------------------------------------------------------------------------

local function perceptron()
  return { inputs = { info("x", { "N", 3 }) }, outputs = { info("y", { "N", 2 }), "h" },
    nodes = { node("Gemm", { "x", "W", "b" }, { "h" }, { transB = 1 }, { name = "fc" }),
      node("Relu", { "h" }, { "r" }), node("Mul", { "r", "scale" }, { "y" }) },
    weights = { W = tocha.tensor { { 1.0, 2.0, 3.0 }, { -1.0, 0.0, 1.0 } },
      b = tocha.tensor { 0.5, -0.5 }, scale = tocha.tensor(2.0) } }
end

describe("a model of a few nodes", function()
  it("takes inputs by place and by name, and gives several outputs", function()
    local net <const> = load(perceptron())
    local x <const> = tocha.tensor { { 1.0, 1.0, 1.0 } }
    local y <const>, h <const> = net(x)
    assert.same({ { 13.0, 0.0 } }, y:totable())
    assert.same({ { 6.5, -0.5 } }, h:totable())
    assert.same(y:totable(), net { x = x }:totable())
    local out <const> = onnx.run(net, { x = x })
    assert.same(h:totable(), out.h:totable())
    assert.is_false(out.y.requires_grad)
    assert.is_true(y.requires_grad)
  end)

  it("has parameters and buffers that save, load and train", function()
    local net <const> = load(perceptron())
    local names <const> = {}
    for name in net:named_parameters() do names[#names + 1] = name end
    table.sort(names)
    assert.same({ "W", "b" }, names)
    assert.is_not_nil(net:state_dict().scale)
    local target <const> = tocha.tensor { { 1.0, 1.0 } }
    local sgd <const> = tocha.optim.SGD(net:parameters(), 0.01)
    local x <const>, first, last = tocha.tensor { { 1.0, 1.0, 1.0 } }, nil, nil
    for _ = 1, 20 do
      local loss <const> = ((net(x)) - target):square():sum()
      sgd:zero_grad()
      loss:backward()
      sgd:step()
      first, last = first or loss:item(), loss:item()
    end
    assert.is_true(last < first / 10, last .. " after " .. first)
    local other <const> = load(perceptron())
    other:load_state_dict(net:state_dict())
    assert.same((net(x)):totable(), (other(x)):totable())
    assert.same((net(x)):totable(), (net:clone()(x)):totable())
  end)

  it("is told by what is in the file, and printed with its parameters", function()
    local path <const> = fuzz.write(model_bytes(perceptron()))
    local dict <const> = tocha.load(path)
    os.remove(path)
    assert.same({ 2, 3 }, dict.W.shape)
    local text <const> = tostring(load(perceptron()))
    for _, part in ipairs { "opset 17, by spec", "x: float32 %(N, 3%)", "Gemm fc", "parameters",
      " 8\n", "output h" } do
      assert.is_truthy(text:find(part), part .. " in\n" .. text)
    end
  end)

  it("computes functions of its own, with their attributes", function()
    local func <const> = { name = "Twice", domain = "mine", input = { "a", "b" }, output = { "c" },
      attribute = { "by" }, opset_import = { { domain = "", version = 17 } },
      node = { node("Constant", {}, { "k" }), node("Mul", { "a", "k" }, { "c" }) } }
    func.node[1].attribute = { { name = "value_float", ref_attr_name = "by", type = 1 } }
    local net <const> = load { inputs = { "x" }, outputs = { "y" }, functions = { func },
      nodes = { node("Twice", { "x" }, { "y" }, { by = 2.5 }, { domain = "mine" }) } }
    assert.same({ 5.0 }, net(tocha.tensor { 2.0 }):totable())
  end)

  it("forgets values after their last use", function()
    local nodes <const> = {}
    for k = 1, 20 do
      nodes[k] = node("Exp", { k == 1 and "x" or "v" .. k - 1 }, { k == 20 and "y" or "v" .. k })
    end
    local net <const> = load { inputs = { "x" }, outputs = { "y" }, nodes = nodes }
    local exp <const> = registry.find("", "Exp")
    local run <const>, made <const> = exp.run, setmetatable({}, { __mode = "k" })
    local most = 0
    function exp.run(...)
      collectgarbage()
      local alive = 0
      for _ in pairs(made) do alive = alive + 1 end
      most = math.max(most, alive)
      local y <const> = run(...)
      made[y] = true
      return y
    end
    local ok <const>, problem <const> = pcall(onnx.run, net, { x = tocha.zeros(2) })
    exp.run = run
    assert.is_true(ok, problem)
    assert.is_true(most <= 2, most .. " values alive")
  end)
end)

-- ---- errors -------------------------------------------------------------------------------------

describe("errors of onnx", function()
  local function fails(pattern, f, ...)
    local ok <const>, problem <const> = pcall(f, ...)
    assert.is_false(ok)
    assert.is_truthy(problem:find(pattern), problem)
    assert.is_truthy(problem:find "onnx_import_spec", "the user's line: " .. problem)
  end

  local function refuses(pattern, g) fails(pattern, function() onnx.load(g) end) end
  local function written(g) return fuzz.write(model_bytes(g)) end

  it("name the node, the operator and what is wrong", function()
    local g <const> = perceptron()
    local net <const> = load(g)
    fails("node 'fc' %(Gemm%): .*%(1, 4%)", function() net(tocha.randn(1, 4)) end)
    fails("takes at most 1 inputs %(x%), got 2", function() net(tocha.randn(1, 3), 1) end)
    fails("input 'x' is missing", function() net {} end)
    fails("there is no input 'z'", function() net { z = tocha.randn(1, 3) } end)
    g.nodes[2].op_type = "Rleu"
    refuses("there is no operator 'Rleu'", written(g))
    g.nodes[2] = node("Relu", { "h" }, { "r" }, { slope = 1 })
    refuses("it has no attribute 'slope'", written(g))
    g.nodes[2] = node("Relu", { "nothing" }, { "r" })
    refuses("nothing makes 'nothing'", written(g))
    g.nodes[2] = node("Elu", { "h" }, { "r" }, { alpha = "x" })
    refuses("attribute 'alpha' is no float", written(g))
    g.nodes[2] = node("Gelu", { "h" }, { "r" })
    refuses("from version 20 of the operator set, the model has 17", written(g))
    refuses("is no ONNX file", fuzz.write "this is no model")
  end)
end)

-- ---- versions and corners that the project's tests leave out ------------------------------------

describe("older versions of operators", function()
  local a <const> = tocha.tensor { { 1.0, 2.0, 3.0 }, { 4.0, 5.0, 6.0 } }

  it("broadcast at an axis", function()
    local column <const> = tocha.tensor { 10.0, 20.0 }
    assert.same({ { 11.0, 12.0, 13.0 }, { 24.0, 25.0, 26.0 } },
      one("Add", { { axis = 0, broadcast = 1 }, opset = 6 }, a, column):totable())
  end)

  it("take axes, bounds and sizes as attributes", function()
    assert.same({ { 6.0 }, { 15.0 } },
      one("ReduceSum", { { axes = { 1 } }, opset = 11 }, a):totable())
    assert.same({ { 2.0, 2.0, 3.0 }, { 3.0, 3.0, 3.0 } },
      one("Clip", { { min = 2.0, max = 3.0 }, opset = 6 }, a):totable())
    assert.same({ { 2.0 }, { 5.0 } }, one("Slice",
      { { axes = { 1 }, starts = { 1 }, ends = { 2 } }, opset = 9 }, a):totable())
    assert.same({ 1, 2, 3 }, one("Unsqueeze", { { axes = { 0 } }, opset = 11 }, a).shape)
    assert.same({ { 0.0, 1.0, 2.0, 3.0 }, { 0.0, 4.0, 5.0, 6.0 } },
      one("Pad", { { pads = { 0, 1, 0, 0 } }, opset = 10 }, a):totable())
  end)

  it("softmax over all dimensions from the axis", function()
    local y <const> = one("Softmax", { { axis = 0 }, opset = 11 }, a)
    assert.is_true(math.abs(y:sum():item() - 1) < 1e-6)
  end)
end)

-- ---- gradients ----------------------------------------------------------------------------------

describe("gradients through operators that move elements", function()
  local function ints(...) return tocha.tensor({ ... }, "int64") end
  local function matrix() return tocha.randn(3, 4, { dtype = "float64", requires_grad = true }) end
  local ids <const> = tocha.tensor { { 0, 2 }, { 1, -1 } }

  local function node_of(op_type, attributes, ...)
    local rest <const> = { ... }
    return function(x) return one(op_type, { attributes, opset = 20 }, x, table.unpack(rest)) end
  end

  for _, case in ipairs {
    { "Gather", node_of("Gather", { axis = 1 }, ids) },
    { "GatherND", node_of("GatherND", {}, ids) },
    { "GatherElements", node_of("GatherElements", { axis = 0 }, ids) },
    { "Slice", node_of("Slice", {}, ints(-1), ints(-5), ints(1), ints(-2)) },
    { "Pad", node_of("Pad", { mode = "reflect" }, ints(1, 2, 1, 3)) },
    { "Pad with an edge", node_of("Pad", { mode = "edge" }, ints(0, 2, 1, -1)) },
    { "Tile", node_of("Tile", {}, ints(2, 1)) },
    { "CumSum", node_of("CumSum", { exclusive = 1, reverse = 1 }, ints(1)) },
    { "TopK", node_of("TopK", {}, ints(2)) },
    { "ReduceLogSumExp", node_of("ReduceLogSumExp", { keepdims = 0 }, ints(0)) },
    { "ReduceL2", node_of("ReduceL2", {}, ints(1)) },
    { "Trilu", node_of("Trilu", {}, ints(1)) },
    { "Compress", node_of("Compress", { axis = 1 }, tocha.tensor { true, false, true, true }) },
    { "ScatterElements", node_of("ScatterElements", { reduction = "mul" }, ids,
      tocha.full({ 2, 2 }, 0.5, { dtype = "float64" })) },
    { "DFT", function(x) return one("DFT", { {}, opset = 20 }, x:unsqueeze(-1)) end },
    { "Mish", node_of("Mish", {}) },
  } do
    it(case[1], function()
      tocha.manual_seed(5)
      assert.is_true(tocha.gradcheck(case[2], { matrix() }))
    end)
  end
end)

-- ---- the other device ---------------------------------------------------------------------------

cuda.suite(describe, pending)("a model on CUDA", function()
  it("computes and trains there; shapes stay on the host", function()
    local g <const> = perceptron()
    g.nodes[3] = node("Shape", { "r" }, { "s" })
    g.nodes[4] = node("Concat", { "s", "one" }, { "t" }, { axis = 0 })
    g.nodes[5] = node("Reshape", { "r", "t" }, { "u" })
    g.nodes[6] = node("Mul", { "u", "scale" }, { "y" })
    g.weights.one = tocha.tensor { 1 }
    local net <const> = load(g)
    local x <const> = tocha.randn(5, 3)
    local want <const> = net(x)
    net:to "cuda"
    local y <const> = net(x:to "cuda")
    assert.equal("cuda:0", y.device)
    cuda.assert_alike({ y }, { want }, 1e-5, 1e-6, "on CUDA")
    y:sum():backward()
    for _, p in ipairs(net:parameters()) do assert.equal("cuda:0", p.grad.device) end
  end)
end)
