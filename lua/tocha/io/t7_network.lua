-- Networks of Torch7's nn (and cudnn), as tocha.io.t7 reads them, as modules of tocha.nn: to run,
-- to train on, to export as ONNX.
--
-- Containers keep their structure, so that the weights have the same places. Classes that are not
-- in the table below are an error that names them. Batches come first: a network that was made for
-- one example at a time (nn.Reshape(784)) takes batches here.

local core = require "tocha.core"
local nn = require "tocha.nn"

local WHO <const> = "t7.network"
local DEEPEST <const> = 100

local classes <const> = {}

-- ---- fields -------------------------------------------------------------------------------------

local function fail(module, format, ...)
  core.fail(WHO, 1, "%s: " .. format, module.torch_typename, ...)
end

local function whole(module, field, default)
  local value <const> = math.tointeger(module[field] == nil and default or module[field])
  return value or fail(module, "its '%s' is no integer", field)
end

-- A list of numbers, also from a storage.
local function list(module, field)
  local value <const> = module[field]
  if core.is_tensor(value) then return value:to("int64"):totable() end
  if type(value) == "table" then return value end
  fail(module, "its '%s' is no list", field)
end

local function pair(module, first, second, default)
  return { whole(module, first, default), whole(module, second, default) }
end

local function weight(module)
  return core.is_tensor(module.weight) and module.weight or fail(module, "it has no weight")
end

local function has_bias(module) return core.is_tensor(module.bias) end

-- ---- containers ---------------------------------------------------------------------------------

local build

local function children(module, depth)
  if type(module.modules) ~= "table" then fail(module, "it has no modules") end
  local built <const> = {}
  for k, each in ipairs(module.modules) do built[k] = build(each, depth + 1) end
  return built
end

local function container(name)
  classes[name] = function(module, depth) return nn[name](table.unpack(children(module, depth))) end
end
container "Sequential"
container "ConcatTable"
container "ParallelTable"

function classes.Concat(module, depth)
  return nn.Concat(whole(module, "dimension"), table.unpack(children(module, depth)))
end

-- ---- with weights -------------------------------------------------------------------------------

function classes.Linear(module)
  local w <const> = weight(module)
  return nn.Linear(w:size(2), w:size(1), { bias = has_bias(module) })
end

function classes.LookupTable(module)
  return nn.Embedding(weight(module):size(1), weight(module):size(2))
end

function classes.SpatialConvolution(module)
  return nn.Conv2d(whole(module, "nInputPlane"), whole(module, "nOutputPlane"),
    pair(module, "kH", "kW"), { stride = pair(module, "dH", "dW", 1),
      padding = pair(module, "padH", "padW", 0), groups = whole(module, "groups", 1),
      dilation = pair(module, "dilationH", "dilationW", 1), bias = has_bias(module) })
end
classes.SpatialConvolutionMM = classes.SpatialConvolution
classes.SpatialDilatedConvolution = classes.SpatialConvolution

function classes.SpatialFullConvolution(module)
  return nn.ConvTranspose2d(whole(module, "nInputPlane"), whole(module, "nOutputPlane"),
    pair(module, "kH", "kW"), { stride = pair(module, "dH", "dW", 1),
      padding = pair(module, "padH", "padW", 0), bias = has_bias(module),
      output_padding = pair(module, "adjH", "adjW", 0) })
end

local function batch_norm(name)
  return function(module)
    if not core.is_tensor(module.running_mean) or not core.is_tensor(module.running_var) then
      fail(module, "it has no running_mean and running_var")
    end
    return nn[name](module.running_mean:numel(), { eps = module.eps or 1e-5,
      momentum = module.momentum or 0.1, affine = core.is_tensor(module.weight) })
  end
end
classes.BatchNormalization = batch_norm "BatchNorm1d"
classes.SpatialBatchNormalization = batch_norm "BatchNorm2d"

function classes.PReLU(module)
  return nn.PReLU(weight(module):numel())
end

-- ---- without ------------------------------------------------------------------------------------

local function plain(name, own)
  classes[name] = function() return nn[own or name]() end
end
for name in ("Identity ReLU Tanh Sigmoid ReLU6 CAddTable CMulTable"):gmatch "%S+" do plain(name) end
plain("SoftPlus", "Softplus")
plain("SoftSign", "Softsign")
plain("SpatialSoftMax", "Softmax2d")

-- Along the classes: behind the batch.
function classes.SoftMax() return nn.Softmax(2) end
function classes.LogSoftMax() return nn.LogSoftmax(2) end
function classes.ELU(module) return nn.ELU(module.alpha or 1) end
function classes.LeakyReLU(module) return nn.LeakyReLU(module.negval or 0.01) end
function classes.Threshold(module) return nn.Threshold(module.threshold or 0, module.val or 0) end
function classes.HardTanh(module) return nn.Hardtanh(module.min_val or -1, module.max_val or 1) end
function classes.Dropout(module) return nn.Dropout(module.p or 0.5) end
function classes.SpatialDropout(module) return nn.Dropout2d(module.p or 0.5) end
function classes.JoinTable(module)
  local dim <const>, inputs <const> = whole(module, "dimension"), module.nInputDims or 0
  return nn.JoinTable(inputs > 0 and dim + 1 or dim)
end

function classes.SpatialMaxPooling(module)
  return nn.MaxPool2d(pair(module, "kH", "kW"), { stride = pair(module, "dH", "dW"),
    padding = pair(module, "padH", "padW", 0), ceil_mode = module.ceil_mode == true })
end

function classes.SpatialAveragePooling(module)
  if module.divide == false then fail(module, "sums are not means (divide = false)") end
  return nn.AvgPool2d(pair(module, "kH", "kW"), { stride = pair(module, "dH", "dW"),
    padding = pair(module, "padH", "padW", 0), ceil_mode = module.ceil_mode == true,
    count_include_pad = module.count_include_pad ~= false })
end

function classes.SpatialCrossMapLRN(module)
  return nn.LocalResponseNorm(whole(module, "size"), { alpha = module.alpha or 1e-4,
    beta = module.beta or 0.75, k = module.k or 1 })
end

function classes.SpatialZeroPadding(module)
  return nn.ZeroPad2d { whole(module, "pad_l"), whole(module, "pad_r"), whole(module, "pad_t"),
    whole(module, "pad_b") }
end

function classes.SpatialUpSamplingNearest(module)
  return nn.UpsamplingNearest2d { scale_factor = whole(module, "scale_factor") }
end

-- nn.View and nn.Reshape of each example: the batch stays.
local function reshaped(module)
  local sizes <const> = list(module, "size")
  if sizes[1] == -1 and #sizes == 2 then sizes[1] = sizes[2] sizes[2] = nil end  -- View(-1, n)
  if #sizes == 1 then return nn.Flatten() end
  return nn.Sequential(nn.Flatten(), nn.Unflatten(2, sizes))
end
classes.View, classes.Reshape = reshaped, reshaped

-- ---- all ----------------------------------------------------------------------------------------

function build(module, depth)
  if type(module) ~= "table" or type(module.torch_typename) ~= "string" then
    core.fail(WHO, 1, "expected a network of Torch7, got %s", type(module))
  end
  if depth > DEEPEST then fail(module, "modules nested that deep") end
  local make <const> = classes[module.torch_typename:match "^%l*%.?(.*)$"]
  if not make then fail(module, "this class is not known here") end
  return make(module, depth)
end

--- t7.network(object): the network that t7.load gave as a module of tocha.nn, with its weights, in
--- evaluation mode.
return function(object)
  local net <const> = build(object, 1)
  net:load(object)
  return net:eval()
end
