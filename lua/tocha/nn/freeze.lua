-- module:freeze(): a network for inference, to be called from a game loop or behind a server.
--
--     local frozen = net:freeze(3, 32, 32)    -- sizes of an input without the batch, or an example
--     local scores = frozen(x)                -- (1, 10): the same tensor in every call
--
-- Layers are fused (fuse_graph.lua): batch normalisation goes into the weights, convolutions add
-- and rectify in the pass that sums. What is left is recorded for each shape of input: kernels and
-- their arguments, with all memory planned in one block. A call is then one C function: it takes no
-- memory, makes nothing for the collector, records no gradients, and does not care for no_grad. The
-- weights are copies: the network may train on, and be frozen again.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local random = require "tocha.random"
local Node = require "tocha.nn.graph_node"
local fuse = require "tocha.nn.fuse_graph"
local infer = require "tocha.nn.graph_infer"
local int8 = require "tocha.nn.freeze_int8"

local Frozen <const> = { __name = "tocha.Frozen", __call = core.frozen_call }
Frozen.__index = Frozen

local MOST <const> = 16  -- programs that are kept; the one unused for longest may go

-- ---- copies of what stays -----------------------------------------------------------------------

-- Each module and tensor once, however often the network is traced. A module's copy knows what it
-- is called in the network.
local function keeper(net, with_int8)
  local copies <const>, names <const> = setmetatable({}, { __mode = "k" }), {}
  for name, m in net:named_modules() do names[m] = names[m] or name end
  local function module(m)
    if not copies[m] then
      copies[m] = m:clone():eval():requires_grad_(false)
      rawset(copies[m], "_origin", names[m])
    end
    return copies[m]
  end
  local function tensor(x)
    copies[x] = copies[x] or x:detach():clone()
    return copies[x]
  end
  return { module = module, tensor = tensor, names = names, int8 = with_int8 and int8.linear(),
    folded = setmetatable({}, { __mode = "k" }) }
end

-- ---- models: the network, fused, for inputs of the same sizes but for the batch -----------------

local function sizes_without_batch(x) return table.move(x.shape, 2, x.ndim, 1, {}) end

local function model_key(args)
  local parts <const> = {}
  for k, x in ipairs(args) do
    parts[k] = ("%s(%s)%s"):format(x.dtype, table.concat(sizes_without_batch(x), ","), x.device)
  end
  return table.concat(parts, "; ")
end

local function symbolic(x)
  local sizes <const> = sizes_without_batch(x)
  sizes[#sizes + 1] = { dtype = x.dtype, device = x.device }
  return Node.Input(table.unpack(sizes))
end

-- What cannot be fused, a network that takes no batch say, is recorded as it is.
local function make_model(self, args)
  local inputs <const> = {}
  local function trace()
    for k, x in ipairs(args) do inputs[k] = symbolic(x) end
    return fuse.trace(self.net, inputs, self.keep)
  end
  local ok <const>, model <const>, values <const> = pcall(infer.quietly, self.net, trace)
  if ok then
    if values > 1 then rawset(model, "_values", values) end
    return model
  end
  self.unfused = tostring(model)
  return self.keep.module(self.net)
end

local function model_of(self, args)
  if not self.net then
    core.fail("freeze", 1, "the frozen network is sealed, and has no plan for (%s)",
      model_key(args))
  end
  local key <const> = model_key(args)
  self.models[key] = self.models[key] or make_model(self, args)
  return self.models[key]
end

-- ---- programs: a model, recorded for one shape --------------------------------------------------

local function check(args)
  if args.n == 0 then core.fail("freeze", 1, "expected a tensor") end
  for k = 1, args.n do
    if not core.is_tensor(args[k]) then
      core.fail("freeze", k, "expected a tensor, got %s", type(args[k]))
    end
  end
  for k = 1, args.n do args[k] = args[k]:detach() end
  return args
end

-- A model returns the several values of its network as one list.
local function run(model, ...)
  local _ <close> = autograd.no_grad()
  if not model._values then return model(...) end
  return table.unpack(model(...), 1, model._values)
end

-- "conv_norm_relu_3 (layer1.0.conv1)"
local function layer_name(model, module)
  local name <const> = model._names and model._names[module] or getmetatable(module).__name
  local origin <const> = rawget(module, "_origin")
  return origin and origin ~= "" and ("%s (%s)"):format(name, origin) or name
end

-- While f runs: where in the recording each layer of the model begins.
local function with_marks(model, f)
  local marks <const> = { { first = 0, name = layer_name(model, model) } }
  rawset(model, "_watch", function(module)
    marks[#marks + 1] = { first = core.graph_recorded(), name = layer_name(model, module) }
  end)
  local results <const> = table.pack(pcall(f))
  rawset(model, "_watch", nil)
  if not results[1] then error(results[2], 0) end
  return marks, results
end

local function record(model, args)
  local before <const> = random.get_rng_state()
  local function recorded(...)
    local results <const> = table.pack(run(model, ...))
    return random.get_rng_state().offset, table.unpack(results, 1, results.n)
  end
  local marks <const>, results <const> = with_marks(model, function()
    return core.graph_record(recorded, before.seed, before.offset,
      table.unpack(args, 1, args.n))
  end)
  core.graph_freeze(results[2])
  return marks, table.unpack(results, 2, results.n)
end

local function remember(self, marks, program, ...)
  table.insert(self, 1, program)
  self.marks[program] = marks
  if #self > MOST then table.remove(self) end
  return ...
end

-- A shape that is new; inside of a step that is being recorded the network is a part of that.
function Frozen:miss(...)
  local args <const> = check(table.pack(...))
  local model <const> = model_of(self, args)
  if core.recording() then return run(model, table.unpack(args, 1, args.n)) end
  return remember(self, record(model, args))
end

-- ---- what users call ----------------------------------------------------------------------------

--- frozen:plan(example...): fuses and plans for inputs of this shape now, not at the first call.
--- Sixteen shapes are kept. Returns the frozen network.
function Frozen:plan(...)
  core.frozen_call(self, ...)
  return self
end

local function planned(self, name, k)
  return self[k or 1] or core.fail(name, nil, "nothing is planned yet: call plan(example)")
end

--- frozen:inputs(k = 1): the tensors that arguments are copied into, of the k-th plan. Fill one and
--- pass it: nothing is copied then.
function Frozen:inputs(k)
  return table.unpack(core.graph_describe(planned(self, "inputs", k)).inputs)
end

--- frozen:program(k = 1): what the k-th plan runs, as tables: tocha.freeze.program.
function Frozen:program(k)
  local recorded <const> = planned(self, "program", k)
  return require "tocha.freeze.program".of(recorded, self.marks[recorded])
end

--- frozen:write(path, {int8 = false, name = "model", plan = 1}): the network as one file that needs
--- nothing of Tocha. "model.c": C99, void model_forward(const float *in, float *out), weights and
--- scratch static, no dependency but math.h; `name` is the prefix. "model.lua": Lua 5.1 and later,
--- LuaJIT; the module is called with a flat table. Sizes are those of the plan, the batch too.
--- {int8 = true}: weights as 8-bit integers. What has no meaning there is an error that names the
--- layer.
function Frozen:write(path, options)
  options = options or {}
  return require "tocha.freeze".write(self:program(options.plan), path, options)
end

--- frozen:save(path, {plan = 1}): the same as a safetensors file with the program in its metadata:
--- for `tocha freeze`.
function Frozen:save(path, options)
  return require "tocha.freeze".save(self:program(options and options.plan), path)
end

--- frozen:model(k = 1): the fused network (nn.Model) that was traced k-th; nil where none is.
function Frozen:model(k)
  local keys <const> = {}
  for key in pairs(self.models) do keys[#keys + 1] = key end
  table.sort(keys)
  return self.models[keys[k or 1]]
end

-- Bytes of each tensor that the modules hold, once.
local function weigh(models)
  local known <const>, bytes = {}, 0
  for _, model in pairs(models) do
    for _, list in ipairs { model:parameters(), model:buffers() } do
      for _, x in ipairs(list) do
        if not known[x] then bytes = bytes + x:numel() * x:element_size() end
        known[x] = true
      end
    end
  end
  return bytes
end

--- frozen:memory(): bytes: `weights`; `arena`, the planned blocks of temporaries; `temporaries`,
--- what they would take one by one; `kept`, results.
function Frozen:memory()
  local sum <const> = { arena = 0, temporaries = 0, kept = 0,
    weights = self.weights or weigh(self.models) }
  for _, program in ipairs(self) do
    local sizes <const> = core.graph_describe(program)
    for _, name in ipairs { "arena", "temporaries", "kept" } do
      sum[name] = sum[name] + sizes[name]
    end
  end
  return sum
end

--- frozen:report(inputs, labels), frozen:report(loader): how its results differ from the network's,
--- on examples as one batch or on a loader of (x, labels); labels are classes from 1, and may be
--- left out. Returns { examples, largest = difference of a value, values = the largest value, same
--- = examples of the same class, accuracy, net_accuracy = percent }; tostring tells it.
function Frozen:report(...) return require "tocha.nn.freeze_report"(self, ...) end

--- frozen:seal(): forgets the network, and with it how to plan for other shapes: only what a call
--- needs is left. Returns the frozen network.
function Frozen:seal()
  self.weights, self.text = self:memory().weights, tostring(self)
  self.net, self.keep, self.models = nil, nil, {}
  return self
end

function Frozen:__tostring() return self.text or require "tocha.nn.freeze_show"(self) end

-- With the option `copy`: what is returned is the caller's.
local Copying <const> = { __name = "tocha.Frozen", __index = Frozen,
  __tostring = Frozen.__tostring }

local function cloned(value)
  if core.is_tensor(value) then return value:clone() end
  if type(value) ~= "table" then return value end
  local copy <const> = {}
  for key, each in pairs(value) do copy[key] = cloned(each) end
  return copy
end

function Copying:__call(...)
  local results <const> = table.pack(core.frozen_call(self, ...))
  for k = 1, results.n do results[k] = cloned(results[k]) end
  return table.unpack(results, 1, results.n)
end

local OPTIONS <const> = { copy = true, int8 = true, batch = true }

local function read_options(args)
  local last <const> = args[args.n]
  if type(last) ~= "table" or core.is_tensor(last) then return {} end
  for name in pairs(last) do
    if not OPTIONS[name] then
      core.fail("freeze", args.n, "unknown option '%s' (there are: batch, copy, int8)",
        tostring(name))
    end
  end
  args[args.n], args.n = nil, args.n - 1
  return last
end

-- An example of these sizes, where the network's weights are.
local function example_of(net, sizes, options)
  for k, size in ipairs(sizes) do
    if math.type(size) ~= "integer" or size < 1 then
      core.fail("freeze", k, "expected a size or an example tensor, got %s", tostring(size))
    end
  end
  local x <const> = net:parameters()[1]
  local dtype <const> = x and x:is_floating_point() and x.dtype or "float32"
  local shape <const> = table.move(sizes, 1, sizes.n, 2, { options.batch or 1 })
  return core.empty(shape, dtype, x and x.device or "cpu"):fill_(0)
end

-- What module:freeze does; nn/module.lua tells users.
local function freeze(net, ...)
  local args <const> = table.pack(...)
  local options <const> = read_options(args)
  local self <const> = setmetatable({ net = net, keep = keeper(net, options.int8), models = {},
    marks = setmetatable({}, { __mode = "k" }), options = options },
    options.copy and Copying or Frozen)
  if args.n == 0 then return self end
  if core.is_tensor(args[1]) then return self:plan(table.unpack(args, 1, args.n)) end
  return self:plan(example_of(net, args, options))
end

return { freeze = freeze, Frozen = Frozen }
