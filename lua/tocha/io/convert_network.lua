-- A network out of a file, written as ONNX: Torch7's networks, Keras's models, and weights of any
-- file in a network that is given.

local core = require "tocha.core"
local formats = require "tocha.io.formats"
local t7 = require "tocha.io.t7"

local WHO <const> = "convert"

local readers <const> = {}

readers["Torch7"] = function(path)
  local object <const> = t7.load(path)
  return type(object) == "table" and object.torch_typename and t7.network(object) or nil
end

local function keras(path) return require "tocha.keras".models.load_model(path):eval() end
readers["Keras"], readers["HDF5"] = keras, keras

local function network_of(path)
  local format <const>, place <const> = formats.of(path)
  local net <const> = readers[format.name] and readers[format.name](place)
  return net or core.fail(WHO, 1, "%s (%s) holds weights alone, which make no ONNX model: give the "
    .. "network (network = module, or --model NAME)", path, format.name), format
end

-- The sizes of an input: those asked for, or what the model knows, of one example.
local function sizes_of(net, sizes)
  if sizes then return sizes end
  local node <const> = rawget(net, "input")
  local shape <const> = node and node.shape
  if type(shape) ~= "table" then
    core.fail(WHO, nil, "an ONNX model needs the sizes of the input (input = {1, 3, 224, 224}, or "
      .. "--input 1,3,224,224)")
  end
  local known <const> = { 1 }
  for d = 2, #shape do
    known[d] = math.tointeger(shape[d])
      or core.fail(WHO, nil, "size %d of the input varies: say which (--input)", d)
  end
  return known
end

--- convert_network(input, output, {network = nil, input = nil}): the network of a file, or the one
--- given with the file's weights, as an ONNX file; `input` are the sizes of one input with its
--- batch.
return function(input, output, options)
  local net, format = options.network, nil
  if net then
    net:load(input)
    net:eval()
  else net, format = network_of(input) end
  require "tocha.onnx".export(net, sizes_of(net, options.input), output)
  return (format or formats.of(input)).name
end
