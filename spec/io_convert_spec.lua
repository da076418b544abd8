-- tocha.io.convert and contents, and the commands `tocha convert` and `tocha inspect`.

local tocha = require "tocha"
local core = require "tocha.core"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"

local convert <const>, contents <const> = tocha.io.convert, tocha.io.contents
local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/io_convert_spec.lua$"
local shared <const> = root .. "../shared/data/models/"
local has_zlib <const> = pcall(require, "tocha.zlib")

-- A name for a file that is gone after the test.
local function scratch(ending)
  local path <const> = fuzz.path() .. ending
  finally(function() os.remove(path) end)
  return path
end

local function tensors()
  return { ["layer.2.weight"] = tocha.arange(0, 5):float():view(2, 3),
    ["layer.10.weight"] = tocha.tensor { 0.5, -2 }, ["layer.2.count"] = tocha.tensor(7) }
end

local function saved(object, ending)
  local path <const> = scratch(ending or ".safetensors")
  tocha.save(object, path)
  return path
end

local function assert_same_tensors(want, got)
  for name, x in pairs(want) do
    assert.equal(x.dtype, got[name].dtype, name)
    support.assert_alike(got[name]:double(), x:double(), 0, 0, name)
  end
  for name in pairs(got) do assert.is_not_nil(want[name], name) end
end

describe("tocha.io.convert", function()
  local endings <const> = { ".safetensors", ".t7" }
  if has_zlib then
    for _, ending in ipairs { ".pt", ".npz" } do endings[#endings + 1] = ending end
  end
  for _, from in ipairs(endings) do
    for _, to in ipairs(endings) do
      it(("%s to %s"):format(from, to), function()
        local want <const> = tensors()
        if from == ".t7" or to == ".t7" then want["layer.2.count"] = tocha.tensor { 7 } end
        local output <const> = scratch(to)
        convert(saved(want, from), output, { keep_prefix = true })
        assert_same_tensors(want, tocha.load(output))
      end)
    end
  end

  local function converted(object, options)
    local output <const> = scratch ".safetensors"
    local report <const> = convert(saved(object), output, options)
    return tocha.load(output), report
  end

  it("takes off what all names begin with, and leaves what is no tensor", function()
    local got <const>, report <const> = converted({ epoch = 3,
      state_dict = { module = { a = tocha.ones(2), b = { c = tocha.zeros(1) } } } })
    assert_same_tensors({ a = tocha.ones(2), ["b.c"] = tocha.zeros(1) }, got)
    assert.same({ "epoch" }, report.left)
    assert.equal("state_dict.module.b.c", report.rows[2].from)
  end)

  it("changes floating-point dtypes alone", function()
    local got <const>, report <const> = converted(tensors(), { dtype = "float16" })
    assert.equal("float16", got["10.weight"].dtype)
    assert.equal("int64", got["2.count"].dtype)
    assert.same({ "2.count", "2.weight", "10.weight" }, { report.rows[1].name, report.rows[2].name,
      report.rows[3].name })
    assert.equal("float32", report.rows[2].was)
    assert.equal(12, report.rows[2].bytes)
    support.fails_with("expected a floating-point dtype, got 'float17'", converted, tensors(),
      { dtype = "float17" })
  end)

  it("renames by patterns, in order", function()
    local got <const> = converted(tensors(), { rename = { { "^(%d+)%.", "block%1." },
      { "weight$", "w" } } })
    assert.same({ 2, 3 }, got["block2.w"].shape)
    assert.same({ 2 }, got["block10.w"].shape)
    support.fails_with("would both be 'x'", converted, tensors(),
      { rename = { { ".*weight", "x" } } })
  end)

  it("takes some of the tensors", function()
    local got <const> = converted(tensors(), { only = "weight$", keep_prefix = true })
    assert.is_nil(got["layer.2.count"])
    assert.is_not_nil(got["layer.2.weight"])
    support.fails_with("no tensor has 'bias' in its name", converted, tensors(), { only = "bias" })
  end)

  it("keeps safetensors' metadata", function()
    local input <const>, output <const> = scratch ".safetensors", scratch ".safetensors"
    tocha.io.safetensors.save(input, tensors(), { author = "me" })
    convert(input, output)
    local _, metadata <const> = tocha.load(output)
    assert.equal("me", metadata.author)
  end)

  it("writes over nothing unless told to", function()
    local input <const> = saved(tensors())
    support.fails_with("is there already", convert, input, input)
    convert(input, input, { force = true })
    support.fails_with("holds no tensors", convert, saved { epoch = 3 }, scratch ".t7")
  end)

  it("by way of a network, with its names and layouts", function()
    if not core.file_kind(shared) then
      pending "../shared/data is not here"
      return
    end
    local output <const> = scratch ".safetensors"
    convert(shared .. "darknettiny", output,
      { network = tocha.vision.models.tiny_darknet { eps = 0.001 } })
    local net <const> = tocha.vision.models.tiny_darknet { eps = 0.001 }
    net:load(output)
    local other <const> = tocha.vision.models.tiny_darknet { eps = 0.001 }
    other:load(shared .. "darknettiny")
    assert.is_true(net[1].conv.weight:equal(other[1].conv.weight))
  end)
end)

-- ---- networks -----------------------------------------------------------------------------------

describe("networks of Torch7", function()
  local function convolution(cin, cout, k, pad)
    return { torch_typename = "nn.SpatialConvolutionMM", nInputPlane = cin, nOutputPlane = cout,
      kW = k, kH = k, dW = 1, dH = 1, padW = pad, padH = pad, bias = tocha.randn(cout),
      weight = tocha.randn(cout, cin * k * k) }
  end

  local function sequential(...) return { torch_typename = "nn.Sequential", modules = { ... } } end

  local function network()
    tocha.manual_seed(3)
    return sequential(convolution(3, 4, 3, 1),
      { torch_typename = "nn.SpatialBatchNormalization", weight = tocha.rand(4), eps = 1e-3,
        bias = tocha.randn(4), running_mean = tocha.randn(4), running_var = tocha.rand(4) + 0.5 },
      { torch_typename = "cudnn.ReLU" },
      { torch_typename = "nn.Concat", dimension = 2, modules = {
        sequential(convolution(4, 2, 1, 0), { torch_typename = "nn.Tanh" }),
        convolution(4, 3, 3, 1) } },
      { torch_typename = "nn.SpatialMaxPooling", kW = 3, kH = 3, dW = 2, dH = 2, padW = 0, padH = 0,
        ceil_mode = true },
      { torch_typename = "nn.View", size = tocha.tensor { -1 }, numElements = 5 * 4 * 4 },
      { torch_typename = "nn.Dropout", p = 0.5 },
      { torch_typename = "nn.Linear", weight = tocha.randn(6, 80), bias = tocha.randn(6) },
      { torch_typename = "nn.LogSoftMax" })
  end

  local function conv(t, y, k, pad)
    return y:conv2d(t.weight:reshape { t.nOutputPlane, t.nInputPlane, k, k }, t.bias, 1, pad)
  end

  -- The same, said in operations.
  local function computed(t, x)
    local m <const>, f <const> = t.modules, tocha.nn.functional
    local y = f.batch_norm(conv(m[1], x, 3, 1), m[2].running_mean, m[2].running_var, m[2].weight,
      m[2].bias, false, 0.1, 1e-3):relu()
    local a <const> = conv(m[4].modules[1].modules[1], y, 1, 0):tanh()
    y = tocha.cat({ a, conv(m[4].modules[2], y, 3, 1) }, 2)
    y = y:max_pool2d(3, 2, 0, 1, true):reshape { x:size(1), -1 }
    return (y:matmul(m[8].weight:t()) + m[8].bias):log_softmax(2)
  end

  it("become modules that compute the same", function()
    local t <const>, x <const> = network(), tocha.randn(2, 3, 8, 8)
    local net <const> = tocha.io.t7.network(tocha.load(saved(t, ".t7")))
    assert.is_false(net.is_training)
    support.assert_alike(net(x):detach(), computed(t, x), 1e-4, 1e-4)
  end)

  it("become ONNX models", function()
    local input <const>, result <const> = saved(network(), ".t7"), scratch ".onnx"
    local report <const> = convert(input, result, { input = { 1, 3, 8, 8 } })
    assert.same({ "Torch7", "ONNX" }, { report.format, report.output })
    local x <const> = tocha.randn(2, 3, 8, 8)
    local net <const> = tocha.io.t7.network(tocha.load(input))
    support.assert_alike(tocha.onnx.load(result)(x):detach(), net(x):detach(), 1e-4, 1e-4)
    support.fails_with("needs the sizes of the input", convert, input, scratch ".onnx")
    support.fails_with("'dtype' is not for ONNX", convert, input, scratch ".onnx",
      { dtype = "float16" })
  end)

  it("and those of the zoo, from weights", function()
    local net <const> = tocha.vision.models.lenet5():eval()
    local x <const> = tocha.randn(1, 1, 32, 32)
    local input <const>, result <const> = saved(net:state_dict()), scratch ".onnx"
    convert(input, result, { network = tocha.vision.models.lenet5(), input = x.shape })
    support.assert_alike(tocha.onnx.load(result)(x):detach(), net(x):detach(), 1e-4, 1e-5)
    support.fails_with("holds weights alone", convert, input, scratch ".onnx")
    support.fails_with("an ONNX file holds a network", tocha.save, net:state_dict(), "/tmp/x.onnx")
  end)

  it("with what is not known are refused", function()
    local function fails(text, module)
      support.fails_with(text, tocha.io.t7.network, sequential(module))
    end
    fails("nn.Secret: this class is not known", { torch_typename = "nn.Secret" })
    fails("it has no weight", { torch_typename = "nn.Linear" })
    fails("its 'kH' is no integer", { torch_typename = "nn.SpatialMaxPooling", kH = 1.5 })
    fails("expected a network of Torch7", 3)
    local loop <const> = sequential()
    loop.modules[1] = loop
    support.fails_with("nested that deep", tocha.io.t7.network, loop)
  end)
end)

describe("contents", function()
  it("lists tensors as one would count layers", function()
    local what <const> = contents.of(saved(tensors()))
    assert.equal("safetensors", what.format)
    local names <const> = {}
    for k, e in ipairs(what.entries) do names[k] = e.name end
    assert.same({ "layer.2.count", "layer.2.weight", "layer.10.weight" }, names)
    assert.same({ 2, 3 }, what.entries[2].shape)
    assert.equal(24, what.entries[2].bytes)
  end)

  it("of a network of Torch7 has the names of its state dict", function()
    local path <const> = saved({ torch_typename = "nn.Sequential", modules = {
      { torch_typename = "nn.Linear", weight = tocha.ones(2, 3), bias = tocha.zeros(2) } } }, ".t7")
    local what <const> = contents.of(path)
    assert.equal("Torch7", what.format)
    assert.equal("0.bias", what.entries[1].name)
  end)

  it("common beginnings", function()
    assert.equal("a.b.", contents.common { "a.b.c", "a.b.d.e" })
    assert.equal("a.", contents.common { "a.b.c", "a.bb.c" })
    assert.equal("", contents.common { "a.b", "c" })
    assert.equal("", contents.common {})
  end)
end)

-- ---- the commands -------------------------------------------------------------------------------

local COMMAND <const> = "env TOCHA_BUILD='" .. (os.getenv "TOCHA_BUILD" or "build")
  .. "' NO_COLOR=1 bin/tocha "

local function output(arguments)
  local pipe <const> = assert(io.popen("{ " .. COMMAND .. arguments .. "\n} 2>&1"))
  local text <const> = pipe:read "a"
  return text, select(3, pipe:close())
end

describe("tocha convert and tocha inspect", function()
  it("convert, and print a table", function()
    local input <const>, path <const> = saved(tensors()), scratch ".t7"
    local text <const>, status <const> = output(("convert %s %s --dtype float64 --only weight "
      .. "--rename 'weight=w' --rename '^(%%d)=l%%1'"):format(input, path))
    assert.equal(0, status, text)
    assert.truthy(text:find("  l2.w         2 x 3  float32 -> float64  48 B\n", 1, true), text)
    assert.truthy(text:find("2 tensors  8 numbers", 1, true), text)
    assert.truthy(text:find(("%s (safetensors) -> %s (Torch7)"):format(input, path), 1, true), text)
    local seen <const> = output("inspect " .. path)
    assert.truthy(seen:find("Torch7", 1, true), seen)
    assert.truthy(seen:find("  l10.w            2  float64  16 B", 1, true), seen)
  end)

  it("tell what is wrong in a line, with status 1", function()
    local input <const> = saved(tensors())
    local text, status = output("convert " .. input .. " " .. input)
    assert.equal(1, status)
    assert.truthy(text:find "^tocha: %[convert%] argument 2: .* is there already[^\n]*\n$", text)
    text, status = output "inspect /nowhere/x"
    assert.equal(1, status)
    assert.truthy(text:find "No such file", text)
    text, status = output "convert one"
    assert.equal(1, status)
    assert.truthy(text:find "^tocha: usage: tocha convert IN OUT", text)
    assert.truthy(output "convert a b --foo":find "unknown option '%-%-foo'")
    assert.truthy(output "convert a b --dtype":find "%-%-dtype needs a value")
    text = output("convert " .. input .. " /tmp/x.t7 --model none")
    assert.truthy(text:find "no such network", text)
    text = output("convert " .. input .. " /tmp/x.t7 --model resnet20 --classes x")
    assert.truthy(text:find("--classes: expected a number", 1, true), text)
    text = output("convert " .. input .. " /tmp/x.t7 --only '('")
    assert.truthy(text:find "is no pattern of Lua", text)
  end)

  it("tell how they are used", function()
    local text <const>, status <const> = output "convert --help"
    assert.equal(0, status)
    assert.truthy(text:find "^usage: tocha convert IN OUT", text)
  end)

  it("show metadata and other values", function()
    local path <const> = scratch ".safetensors"
    tocha.io.safetensors.save(path, tensors(), { author = ("long "):rep(40) })
    assert.truthy(output("inspect " .. path):find "author = long .*%.%.%.\n")
    assert.truthy(output("inspect --metadata " .. path):find(("long "):rep(40), 1, true))
    local text <const> = output("inspect " .. saved({ epoch = 3, w = tocha.ones(1) }, ".t7"))
    assert.truthy(text:find("other values\n  epoch = 3\n", 1, true), text)
  end)
end)
