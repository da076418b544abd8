-- tocha.onnx.load: networks that other tools wrote compute and train as they do there. Small models
-- are in onnx_model_spec.

local tocha = require "tocha"
local core = require "tocha.core"
local formula = require "spec.golden.formula"
local golden = require "spec.golden.onnx_import"
local schema = require "tocha.onnx.schema"
local read_bytes <const> = require "spec.support".read_bytes

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
      near(golden.running_mean,
        net:state_dict()["bn1.running_mean"]:narrow(1, 1, 4):totable(), 1e-4, "running mean")
      -- In doubles: roundings of float32 take a ReLU near zero to its other side.
      local wide <const> = onnx.load(path):double():train()
      local out <const>, named <const> = wide(x:double()), {};
      (out * formula.weights(out:numel()):reshape(out.shape)):sum():backward()
      for name, p in wide:named_parameters() do named[name] = p end
      near(golden.gradients, { formula.checksum(named["conv1.weight"].grad),
        formula.checksum(named["layer4.1.bn2.weight"].grad),
        formula.checksum(named["fc.weight"].grad) }, 2e-3, "gradient")
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
