-- Weights from one tool's file to another's: tocha.io.convert, and what `tocha convert` does.
--
-- The input's format is told by what is in it, the output's by its ending. Only tensors and their
-- names are carried over (a checkpoint's numbers are not), and safetensors' and GGUF's metadata
-- where both have them.

local core = require "tocha.core"
local contents = require "tocha.io.contents"
local files = require "tocha.io.file"
local formats = require "tocha.io.formats"
local safetensors = require "tocha.io.safetensors"

local WHO <const> = "convert"

local SAFETENSORS <const> = { name = "safetensors", metadata = "safetensors",
  save = function(path, tensors, options)
    safetensors.save(path, tensors, options.metadata, options)
  end }

-- ---- steps --------------------------------------------------------------------------------------

local function renamed(name, rules)
  for _, rule in ipairs(rules or {}) do name = name:gsub(rule[1], rule[2]) end
  return name
end

local function check_pattern(text)
  local ok <const>, problem <const> = pcall(string.find, "", text)
  if not ok then core.fail(WHO, "only", "'%s' is no pattern of Lua: %s", text, problem) end
end

-- The tensors that are asked for under their new names, and new name -> old name.
local function choose(tensors, options)
  local names <const> = contents.names(tensors)
  local cut <const> = (options.keep_prefix or options.network) and 0 or #contents.common(names)
  local result <const>, old <const> = {}, {}
  for _, name in ipairs(names) do
    local short <const> = name:sub(cut + 1)
    if not options.only or short:find(options.only) then
      local new <const> = renamed(short, options.rename)
      if result[new] then
        core.fail(WHO, nil, "'%s' and '%s' would both be '%s'", old[new], name, new)
      end
      result[new], old[new] = tensors[name], name
    end
  end
  if not next(result) then core.fail(WHO, nil, "no tensor has '%s' in its name", options.only) end
  return result, old
end

-- Floating-point tensors in another dtype; counters and masks stay.
local function converted(x, dtype)
  return dtype and x:is_floating_point() and x:to(dtype) or x
end

local function check_output(path, options)
  if type(path) ~= "string" then core.fail(WHO, 2, "expected a path, got %s", type(path)) end
  if not options.force and files.exists(path) then
    core.fail(WHO, 2, "%s is there already (force = true, or --force, writes over it)", path)
  end
  local writer <const> = formats.writer(path, WHO)
  return writer.save and writer or SAFETENSORS
end

local function rows_of(before, after, old)
  local rows <const> = {}
  for k, name in ipairs(contents.names(after)) do
    local x <const>, y <const> = before[name], after[name]
    rows[k] = { name = name, from = old[name], shape = y.shape, dtype = y.dtype,
      was = x.dtype, bytes = y:numel() * y:element_size() }
  end
  return rows
end

-- What is to be written: through a network, its state dict; else the file's own tensors.
local function source(input, network)
  local tensors <const>, rest <const>, metadata <const>, format <const> = contents.load(input)
  if not next(tensors) then core.fail(WHO, 1, "%s (%s) holds no tensors", input, format.name) end
  if not network then return tensors, rest, format, metadata end
  network:load(input)
  return network:state_dict(), {}, format, {}
end

local function check_dtype(dtype, writer)
  if dtype == nil or writer.dtypes and writer.dtypes[dtype] or core.dtypes()[dtype] == "float" then
    return
  end
  core.fail(WHO, nil, "expected a floating-point dtype, got '%s'", tostring(dtype))
end

-- Of dtypes that only the format has, what the file says.
local function rows_in(path, before, old)
  local rows <const> = {}
  for k, e in ipairs(contents.of(path).entries) do
    rows[k] = { name = e.name, from = old[e.name], shape = e.shape, dtype = e.dtype,
      was = before[e.name].dtype, bytes = e.bytes }
  end
  return rows
end

local function to_network(input, output, writer, options)
  for _, name in ipairs { "dtype", "only" } do
    if options[name] then core.fail(WHO, nil, "'%s' is not for %s", name, writer.name) end
  end
  local format <const> = require "tocha.io.convert_network"(input, output, options)
  return { format = format, output = writer.name, left = {}, rows = contents.of(output).entries }
end

--- tocha.io.convert(input, output, {dtype = nil, rename = nil, only = nil, keep_prefix = false,
--- network = nil, force = false, watch = nil}): the tensors of a file of any format into one whose
--- format its ending says (as for tocha.save). dtype: of floating-point tensors ("float16"; for
--- GGUF also "q8_0"). rename: a list of { Lua pattern, replacement }; only: a Lua pattern of the
--- names that are wanted. What all names begin with is taken off unless keep_prefix. network: a
--- module that loads the file first, so that names and layouts are those of its state dict (of
--- TensorFlow's kernels, too). For .onnx the network is the file's own (Torch7's, Keras's) or the
--- one given, and `input` the sizes of its input. watch(x) is called with each tensor written.
--- Returns { format, output, rows = list of { name, from, shape, dtype, was, bytes }, left = names
--- of what is no tensor }.
return function(input, output, options)
  options = options or {}
  local writer <const> = check_output(output, options)
  if writer.of_network then return to_network(input, output, writer, options) end
  check_dtype(options.dtype, writer)
  if options.only then check_pattern(options.only) end
  local tensors <const>, rest <const>, format <const>, metadata <const> =
    source(input, options.network)
  local chosen <const>, old <const> = choose(tensors, options)
  local own <const> = writer.dtypes and writer.dtypes[options.dtype] ~= nil
  local result <const> = {}
  for name, x in pairs(chosen) do result[name] = converted(x, not own and options.dtype) end
  writer.save(output, result, { watch = options.watch, dtype = own and options.dtype or nil,
    metadata = writer.metadata and writer.metadata == format.metadata and metadata or nil })
  return { format = format.name, output = writer.name, left = contents.names(rest),
    rows = own and rows_in(output, result, old) or rows_of(chosen, result, old) }
end
