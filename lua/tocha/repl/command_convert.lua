-- tocha convert IN OUT: weights from one tool's file to another's. See tocha.io.convert.

local columns = require "tocha.columns"
local core = require "tocha.core"
local inspect = require "tocha.repl.command_inspect"
local progress = require "tocha.progress"

local command <const> = { least = 2, most = 2,
  options = { ["--dtype"] = "value", ["--rename"] = "value", ["--only"] = "value",
    ["--model"] = "value", ["--classes"] = "value", ["--force"] = "flag",
    ["--input"] = "value", ["--keep-prefix"] = "flag", ["--quiet"] = "flag" },
  usage = [[
usage: tocha convert IN OUT [options]

IN is a file (or folder) of weights of any format that tocha.load reads; the ending of OUT says what
is written: .safetensors, .safetensors.index.json (several files), .pt .pth (PyTorch), .npz (NumPy),
.t7 (Torch7), .gguf, .h5 (HDF5). .onnx takes the network of a Torch7 or Keras file, or weights with
--model.

  --dtype float16      floating-point tensors become float16, bfloat16, float32 or float64
                       (for .gguf also q8_0: matrices in 8 bits)
  --rename 'A=B'       in names what the Lua pattern A matches becomes B; may be given again
  --only A             only tensors whose name has the Lua pattern A
  --model resnet18     through this network of tocha.vision.models: its names and layouts (what
                       TensorFlow and Darknet have otherwise becomes PyTorch's)
  --classes 10         that network's number of classes
  --input 1,3,224,224  for .onnx: the sizes of the input, where the network does not know them
  --keep-prefix        what all names begin with ("module.") is kept
  --force              writes over OUT where it is there
  --quiet              no table]] }

local function rules(list)
  local result <const> = {}
  for k, text in ipairs(list or {}) do
    local pattern <const>, replacement <const> = text:match "^(.-[^%%])=(.*)$"
    if not pattern then error(("--rename '%s': expected PATTERN=REPLACEMENT"):format(text), 0) end
    result[k] = { pattern, replacement }
  end
  return result
end

local function first(options, name) return options[name] and options[name][1] end

local function network_of(options)
  local name <const> = first(options, "--model")
  if not name then return nil end
  local models <const> = require "tocha.vision.models"
  if not name:find "^%l" or not models[name] then
    error(("--model %s: tocha.vision.models has no such network"):format(name), 0)
  end
  local text <const> = first(options, "--classes")
  local classes <const> = text and (math.tointeger(tonumber(text))
    or error(("--classes: expected a number, got '%s'"):format(text), 0))
  return models[name] { num_classes = classes }
end

local function sizes(text)
  if not text then return nil end
  local list <const> = {}
  for size in text:gmatch "[^,x]+" do
    list[#list + 1] = math.tointeger(tonumber(size)) or error("--input: expected sizes", 0)
  end
  return list
end

-- A line that redraws itself while tensors are written.
local function watcher(label)
  local bar <const> = progress.bar(nil, label)
  return function(x)
    bar:step(columns.bytes(x:numel() * x:element_size()))
  end, bar
end

function command.run(paths, options)
  local input <const>, output <const> = paths[1], paths[2]
  local started <const> = core.clock()
  local watch <const>, bar <close> = watcher("writing " .. output)
  local done <const> = require "tocha.io.convert"(input, output, {
    dtype = first(options, "--dtype"), rename = rules(options["--rename"]),
    only = first(options, "--only"), network = network_of(options), force = options["--force"],
    input = sizes(first(options, "--input")), keep_prefix = options["--keep-prefix"],
    watch = watch })
  bar:close()
  local _, size <const> = core.file_kind(output)
  if not options["--quiet"] then print(inspect.table(done.rows)) end
  if #done.left > 0 then
    print(("left out, as it is no tensor: %s"):format(table.concat(done.left, ", ", 1,
      math.min(#done.left, 8)) .. (#done.left > 8 and ", ..." or "")))
  end
  print(("%s (%s) -> %s (%s), %s in %.1f s"):format(input, done.format, output, done.output,
    columns.bytes(size), core.clock() - started))
end

return command
