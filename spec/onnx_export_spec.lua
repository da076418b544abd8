-- Export: every form of an operation, and layers made of them, are written, read again by
-- tocha.onnx.load and give the same for a batch of another size. TOCHA_ONNX_OUT=folder keeps the
-- files, with inputs and outputs, for spec/golden/onnx_check.py.

local tocha = require "tocha"
local nn = tocha.nn
local cuda = require "spec.cuda_support"
local cases = require "spec.onnx_export_cases"
local export = require "tocha.onnx.export"
local support = require "spec.support"

local OUT <const> = os.getenv "TOCHA_ONNX_OUT"
local temporary <const> = os.tmpname()
local seen <const> = {}

-- Which forms are used.
for name, entry in pairs(export.forms) do
  local form <const> = entry.form
  entry.form = function(...)
    seen[name] = true
    return form(...)
  end
end

local function inputs_of(case, batch)
  local list <const> = {}
  for k = 3, #case do
    list[k - 2] = type(case[k]) == "function" and case[k](batch)
      or tocha.rand(batch, table.unpack(case[k])) * 0.8 + 0.1
  end
  return list
end

local function results(f, inputs)
  local _ <close> = tocha.no_grad()
  local list <const> = {}
  local function add(x)
    if type(x) == "table" then for _, each in ipairs(x) do add(each) end
    elseif x ~= nil then list[#list + 1] = x end
  end
  for _, x in ipairs { f(table.unpack(inputs)) } do add(x) end
  return list
end

local function keep(path, inputs, outputs)
  local dict <const> = {}
  for k, x in ipairs(inputs) do dict["input_" .. k] = x:contiguous() end
  for k, y in ipairs(outputs) do dict["output_" .. k] = y:contiguous() end
  tocha.save(dict, (path:gsub("onnx$", "safetensors")))
end

local function check(case, opset)
  tocha.manual_seed(5)
  local module <const> = type(case[2]) == "function" and nn.Lambda(case[2]) or case[2]
  module:eval()
  local path <const> = OUT and ("%s/%s_%d.onnx"):format(OUT, case[1]:gsub("%W", "_"), opset)
    or temporary
  local function run(inputs)
    tocha.manual_seed(9)  -- constants that a case draws
    return results(module, inputs)
  end
  local example <const> = inputs_of(case, 2)
  tocha.manual_seed(9)
  local drawn <const> = tocha.get_rng_state()
  local handle <const> = module:register_forward_pre_hook(function() tocha.set_rng_state(drawn) end)
  tocha.onnx.export(module, example, path, { opset = opset })
  handle.remove()
  local inputs <const> = inputs_of(case, 3)
  local outputs <const> = run(inputs)
  local again <const> = results(tocha.onnx.load(path), inputs)
  assert.is_true(#outputs > 0)
  assert.equal(#outputs, #again)
  for k, y in ipairs(outputs) do support.assert_alike(again[k], y, 1e-5, 1e-5) end
  if OUT then keep(path, inputs, outputs) end
end

for kind, list in pairs(cases) do
  describe("export of " .. kind, function()
    for _, case in ipairs(list) do
      it(case[1], function()
        for _, opset in ipairs { 18, 24 } do check(case, opset) end
      end)
    end
  end)
end

describe("export", function()
  local function network()
    return nn.Sequential(nn.Conv2d(3, 4, 3, { padding = 1 }), nn.BatchNorm2d(4), nn.ReLU(),
      nn.Flatten(), nn.Linear(4 * 5 * 6, 7)):eval()
  end

  it("writes weights under their names, and a batch of any size", function()
    local net <const> = network()
    tocha.onnx.export(net, { 1, 3, 5, 6 }, temporary, { input_names = { "picture" },
      output_names = { "scores" }, name = "small" })
    local weights <const> = tocha.onnx.weights(temporary)
    for name, x in pairs(net:state_dict()) do
      if not name:find "num_batches" then support.assert_alike(weights[name], x) end
    end
    local again <const> = tocha.onnx.load(temporary)
    assert.equal("picture", again.inputs[1].name)
    assert.equal("scores", again.outputs[1].name)
    local x <const> = tocha.randn(4, 3, 5, 6)
    support.assert_alike(again(x), net(x), 1e-5, 1e-6)
  end)

  it("refuses names that nothing has, and what is no module", function()
    local function refused(text, net_, options)
      support.fails_with(text, tocha.onnx.export, net_, { 1, 3, 5, 6 }, temporary, options)
    end
    refused("input_names: 2 names for 1", network(), { input_names = { "x", "y" } })
    refused("output_names: 2 names for 1", network(), { output_names = { "x", "y" } })
    refused("input_names: expected a list of texts", network(), { input_names = "x" })
    refused("argument 1: expected a module", function(x) return x end)
  end)

  it("writes models that were imported", function()
    local net <const>, second <const> = network(), os.tmpname()
    tocha.onnx.export(net, { 1, 3, 5, 6 }, temporary)
    tocha.onnx.export(tocha.onnx.load(temporary), { 1, 3, 5, 6 }, second)
    local x <const> = tocha.randn(4, 3, 5, 6)
    support.assert_alike(tocha.onnx.load(second)(x), net(x), 1e-5, 1e-6)
    os.remove(second)
  end)

  it("gives models that freeze when they are imported", function()
    local net <const> = network()
    tocha.onnx.export(net, { 1, 3, 5, 6 }, temporary)
    local frozen <const> = tocha.onnx.load(temporary):freeze(3, 5, 6)
    local x <const> = tocha.randn(2, 3, 5, 6)
    support.assert_alike(frozen(x), net(x), 1e-5, 1e-6)
  end)

  it("leaves the network's mode as it was, and exports what it does in evaluation", function()
    local net <const> = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.9)):train()
    tocha.onnx.export(net, { 2, 4 }, temporary)
    assert.is_true(net[2].is_training)
    local x <const> = tocha.randn(3, 4)
    support.assert_alike(tocha.onnx.load(temporary)(x), net[1](x), 1e-5, 1e-6)
  end)

  it("takes batches along another dimension", function()
    local net <const> = nn.LSTM(3, 4, 2, { bidirectional = true })
    tocha.onnx.export(net, { 5, 1, 3 }, temporary, { batch_dim = 2 })
    local x <const> = tocha.randn(5, 6, 3)
    support.assert_alike((tocha.onnx.load(temporary)(x)), (net(x)), 1e-5, 1e-6)
  end)

  it("writes the example's batch alone where that is asked for", function()
    local net <const> = nn.Lambda(function(x)
      return x * tocha.arange(1, x:size(1)):unsqueeze(2)
    end)
    support.fails_with("depends on the size of the batch", tocha.onnx.export, net, { 2, 3 },
      temporary)
    tocha.onnx.export(net, { 2, 3 }, temporary, { dynamic = false })
    local x <const> = tocha.randn(2, 3)
    support.assert_alike(tocha.onnx.load(temporary)(x), net(x))
  end)

  it("names the layer and the operation that have no form", function()
    local net <const> = nn.Sequential(nn.Linear(4, 4), nn.Lambda(function(x) return x:det() end))
    support.fails_with("no ONNX form of the operation 'det' (in 1 (Lambda))", tocha.onnx.export,
      net, { 4, 4 }, temporary, { dynamic = false })
  end)

  it("says what a graph cannot do", function()
    local function refused(text, f)
      support.fails_with(text, tocha.onnx.export, nn.Lambda(f), { 2, 3 }, temporary)
    end
    refused("item() reads a value", function(x) return x:sum():item() > 0 and x or -x end)
    refused("writes into a view", function(x)
      local y <const> = x * 2
      y:unfold(2, 2, 1):relu_()
      return y
    end)
    refused("whose memory was written", function(x)
      local y <const> = x * 2
      local part <const> = y:view(-1)
      y[{ {}, 1 }] = 0
      return part + 1
    end)
    support.fails_with("unknown option 'opsets'", tocha.onnx.export, network(), { 1, 3, 5, 6 },
      temporary, { opsets = 3 })
    support.fails_with("opset: expected", tocha.onnx.export, network(), { 1, 3, 5, 6 }, temporary,
      { opset = 12 })
    support.fails_with("[onnx.export] argument 1: expected a module, got number", tocha.onnx.export,
      3, { 1, 3 }, temporary)
    support.fails_with("expected a tensor", tocha.onnx.export, network(), "x", temporary)
  end)
end)

cuda.suite(describe, pending)("export on CUDA", function()
  it("writes a network that is on the device", function()
    local net <const> = nn.Sequential(nn.Linear(3, 4), nn.LSTM(4, 2, { batch_first = true })):eval()
    net:to "cuda"
    tocha.onnx.export(net, tocha.randn(2, 5, 3):to "cuda", temporary)
    local x <const> = tocha.randn(3, 5, 3)
    support.assert_alike((tocha.onnx.load(temporary)(x)), (net(x:to "cuda")):cpu(), 1e-5, 1e-5)
  end)
end)

describe("the forms of operations", function()
  teardown(function() os.remove(temporary) end)

  it("are all tested above", function()
    local missing <const> = {}
    for name in pairs(export.forms) do
      if not seen[name] then missing[#missing + 1] = name end
    end
    table.sort(missing)
    assert.same({}, missing)
  end)
end)
