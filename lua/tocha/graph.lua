-- tocha.graph: a step, recorded once and run again without Lua.
--
--     local step = tocha.graph(function(x, y)
--       optimizer:zero_grad()
--       local loss = F.mse_loss(net(x), y)
--       loss:backward()
--       optimizer:step()
--       return loss
--     end)
--     for x, y in loader:batches() do print(step(x, y):item()) end
--
-- The first call with arguments of a kind (shapes, dtypes, other values) runs the function as it
-- is, the second records what it does, the others run that: csrc/lua/graph.c. Here is what is rare:
-- which program serves a call, when to record, lists among the arguments, what is printed.

local core = require "tocha.core"
local random = require "tocha.random"

local Graph <const> = { __name = "tocha.Graph", __call = core.graph_call }
Graph.__index = Graph

local MOST <const> = 16    -- programs of a graph; the one unused for longest goes
local SEEN <const> = 1000  -- kinds of arguments that are remembered, before all are forgotten

-- Where things are in a graph's table; csrc/lua/graph.c knows.
local LAST <const>, MODULE <const> = 1, 2

-- ---- kinds of arguments -------------------------------------------------------------------------

local function tensor_kind(x)
  return ("%s(%s)%s"):format(x.dtype, table.concat(x.shape, ","), x.device)
end

local function kind(value)
  if core.is_tensor(value) then return tensor_kind(value) end
  if type(value) == "table" then return ("%p"):format(value) end
  return math.type(value) == "float" and ("%.17g f"):format(value) or
    ("%s %s"):format(type(value), tostring(value))
end

local function kind_of_all(args)
  local parts <const> = { core.grad_enabled() and "tape" or "no tape" }
  for k = 1, args.n do parts[k + 1] = kind(args[k]) end
  return table.concat(parts, "; ")
end

local function check(args)
  for k = 1, args.n do
    local x <const> = args[k]
    if core.is_tensor(x) and x.requires_grad then
      core.fail("graph", k, "requires a gradient, which would end at the graph: compute it inside "
        .. "the function, or pass x:detach()")
    end
  end
end

-- ---- lists of tensors among the arguments -------------------------------------------------------

local function is_list(value) return type(value) == "table" and getmetatable(value) == nil end

local function has_lists(args)
  for k = 1, args.n do
    if is_list(args[k]) then return true end
  end
  return false
end

local function sorted_keys(t)
  local keys <const> = {}
  for key in pairs(t) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    if type(a) == type(b) and type(a) ~= "boolean" then return a < b end
    return tostring(a) < tostring(b)
  end)
  return keys
end

-- Appends what is in the tables to `flat`; returns their structure as text, and a function that
-- builds them of a list again.
local function flatten(value, flat, depth)
  if not is_list(value) then
    flat.n = flat.n + 1
    local place <const> = flat.n
    flat[place] = value
    return "*", function(list) return list[place] end
  end
  if depth > 100 then core.fail("graph", nil, "the arguments are nested deeper than 100 tables") end
  local keys <const>, texts <const>, builders <const> = sorted_keys(value), {}, {}
  for k, key in ipairs(keys) do
    local text
    text, builders[k] = flatten(value[key], flat, depth + 1)
    texts[k] = ("%s=%s"):format(kind(key), text)
  end
  return "{" .. table.concat(texts, ",") .. "}", function(list)
    local t <const> = {}
    for k, key in ipairs(keys) do t[key] = builders[k](list) end
    return t
  end
end

local new

-- A graph over what is in the lists serves the calls whose lists are built alike.
local function call_flat(self, args)
  local flat <const> = { n = 0 }
  local text <const>, build <const> = flatten(table.move(args, 1, args.n, 1, {}), flat, 0)
  local key <const> = args.n .. text
  if not self.flat[key] then
    self.flat[key] = new(function(...)
      local list <const> = build { ... }
      return self.run(table.unpack(list, 1, args.n))
    end, self.strict)
  end
  return self.flat[key](table.unpack(flat, 1, flat.n))
end

-- ---- recording ----------------------------------------------------------------------------------

-- Results leave off the tape, whose nodes would keep what is temporary.
local function off_tape(value)
  if core.is_tensor(value) then return value.requires_grad and core.detach(value) or value end
  if not is_list(value) then return value end
  local copy <const> = {}
  for key, each in pairs(value) do copy[key] = off_tape(each) end
  return copy
end

local function all_off_tape(...)
  local list <const> = table.pack(...)
  for k = 1, list.n do list[k] = off_tape(list[k]) end
  return table.unpack(list, 1, list.n)
end

local function forget_oldest(self)
  local programs <const> = self.programs
  while #programs > MOST do table.remove(programs) end
end

local function with_offset(...) return random.get_rng_state().offset, ... end

local function record(self, args)
  local before <const> = random.get_rng_state()
  local function recorded(...) return with_offset(all_off_tape(self.run(...))) end
  local results <const> = table.pack(core.graph_record(recorded, before.seed, before.offset,
    table.unpack(args, 1, args.n)))
  if self.strict then core.graph_strict(results[1]) end
  table.insert(self.programs, 1, results[1])
  self[LAST] = results[1]
  forget_oldest(self)
  return table.unpack(results, 2, results.n)
end

-- A program that fits, and its place.
local function find(self, args)
  for k, program in ipairs(self.programs) do
    if core.graph_fits(program, table.unpack(args, 1, args.n)) then return program, k end
  end
end

local function remember(self, key)
  if self.kinds >= SEEN then self.seen, self.kinds = {}, 0 end
  if not self.seen[key] then self.kinds = self.kinds + 1 end
  self.seen[key] = true
end

-- A program whose surroundings have changed gives way to a new one.
local function call(self, args)
  local program <const>, place <const> = find(self, args)
  if program then
    table.remove(self.programs, place)
    local results <const> = table.pack(core.graph_replay(program, table.unpack(args, 1, args.n)))
    if not results[1] then return record(self, args) end
    table.insert(self.programs, 1, program)
    self[LAST] = program
    return table.unpack(results, 2, results.n)
  end
  check(args)
  local key <const> = kind_of_all(args)
  if self.seen[key] then return record(self, args) end
  local results <const> = table.pack(all_off_tape(self.run(table.unpack(args, 1, args.n))))
  remember(self, key)
  return table.unpack(results, 1, results.n)
end

-- Calls that the program used last does not serve. Inside of another recording the function is a
-- part of that.
function Graph:miss(...)
  if core.recording() then return all_off_tape(self.run(...)) end
  local args <const> = table.pack(...)
  if has_lists(args) then return call_flat(self, args) end
  return call(self, args)
end

-- ---- what users call ----------------------------------------------------------------------------

-- A module's mode comes as the last argument (csrc/lua/graph.c).
local function runner(f)
  if type(f) == "function" then return f end
  return function(...)
    local args <const> = table.pack(...)
    return f(table.unpack(args, 1, args.n - 1))
  end
end

local function is_callable(f)
  local meta <const> = getmetatable(f)
  return type(f) == "function" or type(meta) == "table" and meta.__call ~= nil
end

function new(f, strict)
  local self <const> = { run = runner(f), programs = {}, seen = {}, kinds = 0, flat = {},
    strict = strict }
  self[LAST] = false
  if type(f) ~= "function" then self[MODULE] = f end
  return setmetatable(self, Graph)
end

--- tocha.graph(f, {strict = false}): a function that does what f does, from the third call on
--- without Lua. f takes tensors (also in tables) and other values, and returns tensors; it may be a
--- module. The first call with arguments of a kind is f itself, the second is recorded: each kernel
--- call with its memory. Other shapes, dtypes or values are recorded for themselves. What is
--- returned are the same tensors each time: clone() what is to stay. On CUDA the fourth call
--- captures what does not change between runs as CUDA graphs; what cannot be captured runs by
--- itself, and print(step) tells which operations these are, and why. With {strict = true} they are
--- an error of that call, which names the operation; nothing has run then.
local function graph(f, options)
  if not is_callable(f) then
    core.fail("graph", 1, "expected a function or a module, got %s", type(f))
  end
  for name in pairs(options or {}) do
    if name ~= "strict" then
      core.fail("graph", 2, "there is no option '%s': {strict = false}", tostring(name))
    end
  end
  return new(f, options and options.strict or false)
end

-- The programs of a graph and of those for its lists.
local function all_programs(self, list)
  for _, program in ipairs(self.programs) do list[#list + 1] = core.graph_describe(program) end
  for _, flat in pairs(self.flat) do all_programs(flat, list) end
  return list
end

--- step:memory(): bytes of what was recorded: `arena`, the block in which temporaries lie;
--- `temporaries`, what they would take one by one; `kept`, gradients and results.
function Graph:memory()
  local sum <const> = { arena = 0, temporaries = 0, kept = 0 }
  for _, program in ipairs(all_programs(self, {})) do
    for name in pairs(sum) do sum[name] = sum[name] + program[name] end
  end
  return sum
end

--- step:reset(): forgets what was recorded, for when what the function does in Lua has changed.
function Graph:reset()
  self.programs, self.seen, self.kinds, self.flat = {}, {}, 0, {}
  self[LAST] = false
end

-- ---- print --------------------------------------------------------------------------------------

local function bytes_text(n)
  for _, unit in ipairs { "bytes", "KB", "MB" } do
    if n < 1000 then return (unit == "bytes" and "%d %s" or "%.1f %s"):format(n, unit) end
    n = n / 1024
  end
  return ("%.1f GB"):format(n)
end

local function value_text(value)
  if core.is_tensor(value) then
    return ("%s(%s)"):format(value.dtype, table.concat(value.shape, ", "))
  end
  return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

local function values_text(list)
  local texts <const> = {}
  for k = 1, #list do texts[k] = value_text(list[k]) end
  return #texts > 0 and table.concat(texts, ", ") or "nothing"
end

-- "3 linear, 2 tanh", the most frequent first.
local function calls_text(calls)
  local count <const>, names <const> = {}, {}
  for _, name in ipairs(calls) do
    if not count[name] then names[#names + 1] = name end
    count[name] = (count[name] or 0) + 1
  end
  table.sort(names, function(a, b)
    if count[a] ~= count[b] then return count[a] > count[b] end
    return a < b
  end)
  for k, name in ipairs(names) do names[k] = ("%d %s"):format(count[name], name) end
  return table.concat(names, ", ")
end

-- "    outside: 2 cholesky: the host has a part in it", those of one name and reason together.
local function outside_lines(program, lines)
  local count <const>, order <const> = {}, {}
  for k, name in ipairs(program.calls) do
    local why <const> = program.outside[k]
    local text <const> = why and ("%s: %s"):format(name, why)
    if text and not count[text] then order[#order + 1] = text end
    if text then count[text] = (count[text] or 0) + 1 end
  end
  if #order > 0 or program.parts > 0 then
    lines[#lines + 1] = ("    captured: %d calls in %d parts"):format(program.captured,
      program.parts)
  end
  for _, text in ipairs(order) do
    lines[#lines + 1] = ("    outside: %d %s"):format(count[text], text)
  end
end

local function program_lines(program, lines)
  lines[#lines + 1] = ("  %s -> %s, run %d times"):format(values_text(program.inputs),
    values_text(program.outputs), program.runs)
  lines[#lines + 1] = ("    %d calls: %s"):format(#program.calls, calls_text(program.calls))
  lines[#lines + 1] = ("    memory: %s (without the plan %s), results %s"):format(
    bytes_text(program.arena), bytes_text(program.temporaries), bytes_text(program.kept))
  outside_lines(program, lines)
end

function Graph:__tostring()
  local programs <const> = all_programs(self, {})
  if #programs == 0 then return "tocha.graph: nothing recorded yet" end
  local lines <const> = { ("tocha.graph: %d recorded"):format(#programs) }
  for _, program in ipairs(programs) do program_lines(program, lines) end
  return table.concat(lines, "\n")
end

return { graph = graph }
