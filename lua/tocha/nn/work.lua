-- What a module does for one example: multiply-adds and the bytes of what its layers give.
--
-- The module runs once on the device "meta", where operations make shapes and compute nothing, and
-- the profiler says which operations ran, in which module, on which shapes. So what functions
-- inside a `forward` compute counts as what layers do. A product of matrices, a convolution, a
-- recurrent step and attention count, by the rules below; sums, activations and norms do not, as
-- in torch.utils.flop_counter (whose numbers torchvision publishes; half of a FLOP pair here).
--
-- A `forward` that looks at values (or at tensors that are neither parameters nor buffers) cannot
-- run there: it runs on its own device, on zeros.

local core = require "tocha.core"
local recording = require "tocha.profiler.recording"
local tree = require "tocha.nn.graph_tree"

local work <const> = {}

-- ---- rules --------------------------------------------------------------------------------------
-- operation -> f(sizes of the tensors that go in, sizes of those that come out); what an operation
-- with a rule is made of does not count again.

local function numel(sizes)
  local n = 1
  for _, size in ipairs(sizes) do n = n * size end
  return n
end

-- Of a weight (outputs, ...): what each output sums up.
local function fan_in(weight) return numel(weight) // math.max(weight[1], 1) end

-- Each element of `x`, the input or the output, meets a weight (x's channels, ...) once.
local function convolution(x) return function(given, made)
  return numel((x == "input" and given or made)[1]) * fan_in(given[2])
end end

-- The k-th tensor times the next, whose inner size is the k-th's last.
local function product(k) return function(given, made)
  return numel(made[1]) * given[k][#given[k]]
end end

-- scores and their sums: q is (heads, rows, width), k (heads, keys, width), v (heads, keys, width')
local function attention(given)
  local q <const>, k <const>, v <const> = given[1], given[2], given[3]
  return q[1] * q[2] * k[2] * (q[3] + v[3])
end

-- x is (rows of all steps, features); weights are the matrices from the k-th tensor on
local function recurrent(k) return function(given)
  local n = 0
  for at = k, #given do
    if #given[at] == 2 then n = n + numel(given[at]) end
  end
  return given[1][1] * n
end end

local RULES <const> = {
  linear = product(1), matmul = product(1), mm = product(1), bmm = product(1), mv = product(1),
  dot = product(1), addmm = product(2), addmv = product(2), baddbmm = product(2),
  attention = attention, rnn_layer = recurrent(3), gru_layer = recurrent(3),
  lstm_layer = recurrent(4), conv_fused = convolution "output",
}
for d = 1, 3 do
  RULES[("conv%dd"):format(d)] = convolution "output"
  RULES[("conv_transpose%dd"):format(d)] = convolution "input"
end

-- "(2, 3) (4)" -> { { 2, 3 }, { 4 } }
local function read_shapes(text)
  local list <const> = {}
  for sizes in (text or ""):gmatch "%((.-)%)" do
    local shape <const> = {}
    for size in sizes:gmatch "%d+" do shape[#shape + 1] = math.tointeger(tonumber(size)) end
    list[#list + 1] = shape
  end
  return list
end

-- ---- the run ------------------------------------------------------------------------------------

-- While this is open the module's parameters and buffers are on "meta".
local function without_values(module)
  local scope <const> = { tensors = {}, values = {} }
  for _, list in ipairs { module:parameters(), module:buffers() } do
    for _, x in ipairs(list) do
      scope.tensors[#scope.tensors + 1], scope.values[#scope.values + 1] = x, x:detach()
    end
  end
  for k, x in ipairs(scope.tensors) do core.set_data(x, scope.values[k]:to "meta") end
  return setmetatable(scope, { __close = function()
    for k, x in ipairs(scope.tensors) do core.set_data(x, scope.values[k]) end
  end })
end

local function bytes_of(output)
  local n = 0
  for _, x in ipairs(tree.leaves({ output }, core.is_tensor)) do
    n = n + x:numel() * x:element_size()
  end
  return n
end

local SCOPE <const>, SCOPE_PATTERN <const> = "tocha.nn.work %d", "^tocha%.nn%.work (%d+)$"

-- Each call of a module is a scope that has its place in the list in its name; `activations` are
-- the bytes of what layers without parts gave.
local function watch(modules, found)
  local handles <const>, open <const> = {}, {}
  for k, m in ipairs(modules) do
    local is_leaf <const> = #m:children() == 0
    handles[#handles + 1] = m:register_forward_pre_hook(function()
      open[#open + 1] = core.profile_enter(SCOPE:format(k))
    end)
    handles[#handles + 1] = m:register_forward_hook(function(_, _, output)
      core.profile_leave(table.remove(open))
      if is_leaf then found.activations = found.activations + bytes_of(output) end
    end)
  end
  return setmetatable(handles, { __close = function()
    for _, handle in ipairs(handles) do handle.remove() end
  end })
end

local function run(module, given, modules)
  local found <const> = { activations = 0, multiply_adds = {} }
  local _ <close> = watch(modules, found)
  core.profile_start(true)
  local ok <const>, message <const> = pcall(module, table.unpack(given))
  found.events = core.profile_stop()
  if not ok then return nil, message end
  return found
end

local function run_on_meta(module, examples, modules)
  local _ <close> = without_values(module)
  return run(module, examples "meta", modules)
end

-- ---- sums ---------------------------------------------------------------------------------------

-- To the module of each event that is open.
local function add(found, modules, at, n)
  local events <const>, sums <const> = found.events, found.multiply_adds
  while at > 0 do
    local event <const> = events[at]
    local module <const> = modules[tonumber(event.name:match(SCOPE_PATTERN))]
    if module then sums[module] = sums[module] + n end
    at = event.parent
  end
end

local function sum_up(found, modules)
  local counted <const> = {}
  for _, m in ipairs(modules) do found.multiply_adds[m] = 0 end
  for k, event in ipairs(found.events) do
    local rule <const> = event.kind == "op" and RULES[event.name]
    if counted[event.parent] then
      counted[k] = true
    elseif rule then
      counted[k] = true
      add(found, modules, event.parent, rule(read_shapes(event.shapes),
        read_shapes(event.results)))
    end
  end
  found.events = nil
  return found
end

--- work.of(module, examples): examples(device) gives the arguments for one example there (without a
--- device, where the module is). Returns { multiply_adds = module -> number, for each module in it
--- with all it holds, activations = bytes of what layers without parts give }; nil while a profile
--- records, for there is one at a time. Call it in evaluation mode, off the tape.
function work.of(module, examples)
  if recording.active then return nil end
  local modules <const> = module:modules()
  local found = run_on_meta(module, examples, modules)
  if not found then
    local message
    found, message = run(module, examples(), modules)
    if not found then error(message, 0) end
  end
  return sum_up(found, modules)
end

work.RULES = RULES
return work
