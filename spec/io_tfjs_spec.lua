-- TensorFlow.js models: real ones, made ones, mutated ones.

local tocha = require "tocha"
local core = require "tocha.core"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"

local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/io_tfjs_spec.lua$"
local models <const> = root .. "../shared/data/models/"

local function skip_without(name)
  if core.file_kind(models .. name) ~= "folder" then pending(models .. name .. " is not there") end
end

-- A model of two shards in a folder of its own: f(path of model.json), and the folder goes.
local BYTES <const> = string.pack("<ffffffi4i4", 1, 2, 3, 4, 5, 6, 7, -8) .. "\0\128\255"
  .. string.pack("<I2I2", 0, 65535)
local TOPOLOGY <const> = '"modelTopology":{"model_config":{"config":{"layers":[{"name":"d"}]}}}'
local WEIGHTS <const> = '{"name":"d/kernel","shape":[2,3],"dtype":"float32"},'
  .. '{"name":"d/steps","shape":[2],"dtype":"int32"},'
  .. '{"name":"d/q","shape":[3],"dtype":"float32","quantization":'
  .. '{"dtype":"uint8","scale":0.5,"min":-1}},'
  .. '{"name":"d/wide","shape":[2],"dtype":"float32","quantization":'
  .. '{"dtype":"uint16","scale":1,"min":1}}'

local function json_of(paths, weights)
  return ('{"format":"layers-model",%s,"weightsManifest":[{"paths":[%s],"weights":[%s]}]}'):format(
    TOPOLOGY, paths or '"a","b"', weights or WEIGHTS)
end

local function with_model(json, f)
  local folder <const> = fuzz.path()
  assert(core.make_folder(folder))
  local all <const> = { ["model.json"] = json, a = BYTES:sub(1, 10), b = BYTES:sub(11) }
  for name, bytes in pairs(all) do
    local file <close> = assert(io.open(folder .. "/" .. name, "wb"))
    file:write(bytes)
  end
  local results <const> = table.pack(pcall(f, folder .. "/model.json"))
  for name in pairs(all) do os.remove(folder .. "/" .. name) end
  os.remove(folder)
  if not results[1] then error(results[2], 0) end
  return table.unpack(results, 2, results.n)
end

describe("TensorFlow.js", function()
  it("weights over two shards, quantised ones too, and the topology", function()
    local weights <const>, rest <const> = with_model(json_of(), tocha.load)
    assert.same({ { 1, 2, 3 }, { 4, 5, 6 } }, weights["d/kernel"]:totable())
    assert.same({ 7, -8 }, weights["d/steps"]:totable())
    assert.same({ -1, 63, 126.5 }, weights["d/q"]:totable())
    assert.same({ 1, 65536 }, weights["d/wide"]:totable())
    assert.equal("d", rest.modelTopology.model_config.config.layers[1].name)
    assert.equal("layers-model", rest.format)
  end)

  for _, name in ipairs { "../a", "x/../../a", "..", "/etc/passwd", "", "a\\\\..\\\\b" } do
    it("reads no file but of its folder: " .. name, function()
      local json <const> = json_of('"' .. name .. '"')
      support.fails_with("not in its folder", with_model, json, tocha.load)
    end)
  end

  for what, json in pairs {
    ["a path that is a number"] = json_of "3", ["a file twice"] = json_of '"a","a"',
    ["a file that is not there"] = json_of '"a","c"', ["a file too few"] = json_of '"a"',
    ["unused bytes"] = json_of(nil, '{"name":"x","shape":[2],"dtype":"float32"}'),
    ["a huge shape"] = json_of(nil, '{"name":"x","shape":[4611686018427387904],"dtype":"float32"}'),
    ["a negative shape"] = json_of(nil, '{"name":"x","shape":[-1],"dtype":"float32"}'),
    ["no shape"] = json_of(nil, '{"name":"x","dtype":"float32"}'),
    ["a name that is none"] = json_of(nil, '{"name":3,"shape":[],"dtype":"float32"}'),
    ["strings"] = json_of(nil, '{"name":"x","shape":[2],"dtype":"string"}'),
    ["a group that is null"] = '{"weightsManifest":[null]}',
    ["a manifest that is a number"] = '{"weightsManifest":1}',
  } do
    it("refuses " .. what, function()
      support.fails_with("[load] argument 1", with_model, json, tocha.load)
    end)
  end

  it("mutated JSON", function()
    local json <const> = json_of()
    local function load(path)
      local file <close> = assert(io.open(path, "rb"))
      return with_model(file:read "a", tocha.load)
    end
    assert.is_true(fuzz.read(json, load, { count = 1000 }) > 300)
  end)

  it("Tiny Darknet", function()
    skip_without "darknettiny"
    local weights <const>, rest <const> = tocha.load(models .. "darknettiny")
    local tensors, numbers = 0, 0
    for _, x in pairs(weights) do tensors, numbers = tensors + 1, numbers + x:numel() end
    assert.same({ 77, 1046488 }, { tensors, numbers })
    assert.same({ 3, 3, 3, 16 }, weights["conv2d_1/kernel"].shape)
    assert.equal("Model", rest.modelTopology.model_config.class_name)
  end)

  it("Tiny Darknet, into its network, which knows an espresso", function()
    skip_without "darknettiny"
    local net <const> = tocha.vision.models.tiny_darknet { eps = 0.001 }:eval()
    assert.equal(1042104, net:num_parameters())
    assert.equal(77, #net:load(models .. "darknettiny").matched)
    local photo <const> = tocha.vision.io.read(models .. "../images/coffee.png", { mode = "rgb" })
    local x <const> = photo:float():div_(255):unsqueeze(1):narrow(4, 101, 400)
    local _ <close> = tocha.no_grad()
    local class <const> = net(tocha.nn.functional.interpolate(x, { size = { 224, 224 },
      mode = "bilinear", antialias = true })):argmax(2):item()
    local k = 0
    for wnid in io.lines(models .. "../imagenet/darknet_wnids.txt") do
      k = k + 1
      if k == class then assert.equal("n07920052", wnid) end   -- espresso
    end
    assert.is_true(class <= k)
  end)

  it("the character model, in the older form", function()
    skip_without "charrnn_shakespeare"
    local weights <const> = tocha.load(models .. "charrnn_shakespeare/manifest.json")
    local numbers = 0
    for _, x in pairs(weights) do numbers = numbers + x:numel() end
    assert.equal(279874, numbers)
    assert.same({ 128, 65 }, weights["rnnlm/softmax_w"].shape)
  end)
end)
