-- tocha freeze IN [WEIGHTS] -o OUT: a network as one C or Lua file.

local command <const> = { least = 1, most = 2, options = { ["-o"] = "value", ["--int8"] = "flag",
  ["--input"] = "value", ["--name"] = "value" },
  usage = [[
usage: tocha freeze IN [WEIGHTS] -o OUT.c|OUT.lua [--input 3x32x32] [--int8] [--name NAME]

Writes a network as one file that needs nothing of Tocha: C99, with NAME_forward(in, out), or Lua
5.1 and later, LuaJIT too. IN is a file of frozen:save(path), an ONNX model, or a Lua file that
returns a module; WEIGHTS go into that first.
--input   the sizes of one input, without the batch (a Lua file may return them behind the module)
--int8    weights as 8-bit integers with a scale for each output
--name    the prefix in C ("model")]] }

local function sizes_of(text)
  if not text then return nil end
  local sizes <const> = {}
  for part in (text .. "x"):gmatch "(.-)x" do
    sizes[#sizes + 1] = math.tointeger(tonumber(part))
      or error(("--input: expected sizes such as 3x32x32, got '%s'"):format(text), 0)
  end
  return sizes
end

local function is_module(value)
  return type(value) == "table" and type(value.freeze) == "function"
end

-- A module with its weights, for inputs of these sizes.
local function freeze(net, sizes, weights)
  if weights then net:load(weights) end
  if not sizes then error("the sizes of the input are not known: --input 3x32x32", 0) end
  return net:freeze(table.unpack(sizes)):program()
end

local READERS <const> = {}

function READERS.lua(path, weights, sizes)
  local chunk <const>, problem <const> = loadfile(path)
  if not chunk then error(problem, 0) end
  local net <const>, own_sizes <const> = chunk()
  if not is_module(net) then error(path .. " returns no module", 0) end
  return freeze(net, sizes or own_sizes, weights)
end

function READERS.onnx(path, weights, sizes)
  return freeze(require "tocha.onnx".load(path), sizes, weights)
end

local function read(path, weights, sizes)
  local reader <const> = READERS[path:match "%.(%w+)$"]
  if reader then return reader(path, weights, sizes) end
  return require "tocha.freeze".load(path)
end

function command.run(arguments, options)
  local out <const> = options["-o"] and options["-o"][1] or error("-o OUT is missing", 0)
  local p <const> = read(arguments[1], arguments[2], sizes_of((options["--input"] or {})[1]))
  require "tocha.freeze".write(p, out, { int8 = options["--int8"],
    name = (options["--name"] or {})[1] })
  local _, bytes <const> = require "tocha.core".file_kind(out)
  print(("%s: %d calls, %d weights, %s"):format(out, #p.calls, #p.weights,
    require "tocha.columns".bytes(bytes)))
end

return command
