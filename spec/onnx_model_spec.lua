-- tocha.onnx.load: small models (onnx_made_support) compute, train, save and say what is wrong with
-- them; older versions of operators, gradients.

local tocha = require "tocha"
local cuda = require "spec.cuda_support"
local fuzz = require "spec.fuzz_support"
local models = require "spec.onnx_made_support"
local registry = require "tocha.onnx.registry"

local onnx <const> = tocha.onnx
local node <const>, model_bytes <const>, load <const> = models.node, models.model_bytes, models.load
local one <const>, perceptron <const> = models.one, models.perceptron

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
    assert.is_truthy(problem:find "onnx_model_spec", "the user's line: " .. problem)
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
