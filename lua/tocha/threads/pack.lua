-- Lua values as bytes, and back in another state.
--
-- Numbers, strings, booleans and nil go by value; tensors with the storage they see, which both
-- states then share; channels as themselves. Modules, their functions and their classes go by name
-- (names.lua): the other state loads its own. Other tables and functions are copied, a function
-- with its upvalues; what is one object, or one upvalue of several functions, is one again, cycles
-- included. A function's globals are those of the state it comes to.
--
-- Coroutines, files and other userdata stay where they are: an error says where one was found.

local core = require "tocha.core"
local names = require "tocha.threads.names"

local pack <const> = {}
local format <const>, read <const> = string.pack, string.unpack

-- ---- writing ------------------------------------------------------------------------------------

-- parts: the bytes; seen: object -> its number; path: the keys that lead to the present value.
local function new_writer(job)
  return { job = job, parts = {}, attached = {}, seen = {}, count = 0, path = {} }
end

local function put(w, text) w.parts[#w.parts + 1] = text end

local function place(w)
  local texts <const> = {}
  for k, key in ipairs(w.path) do
    texts[k] = type(key) == "string" and (k == 1 and key or "." .. key) or ("[%s]"):format(key)
  end
  return (table.concat(texts):gsub("^%.", ""))  -- the first may be ""
end

local function fail(w, what, ...)
  core.fail(w.job.op, nil, "%s is %s", place(w), what:format(...))
end

local write

local function write_at(w, key, value)
  w.path[#w.path + 1] = key
  write(w, value)
  w.path[#w.path] = nil
end

-- A number for an object that may be met again; true when it was.
local function is_known(w, object)
  local id <const> = w.seen[object]
  if id then
    put(w, format("<c1I4", "r", id))
    return true
  end
  w.count = w.count + 1
  w.seen[object] = w.count
  return false
end

-- By name, where it has one.
local function is_named(w, object)
  w.names = w.names or names.all(w.job.fresh)
  local name <const> = w.names[object]
  if not name then return false end
  put(w, format("<c1B", "m", #name))
  for _, key in ipairs(name) do put(w, format("<s", key)) end
  return true
end

local function attach(w, tag, object)
  w.attached[#w.attached + 1] = object
  put(w, format("<c1I4", tag, #w.attached))
end

local function write_tensor(w, x)
  if is_known(w, x) then return end
  if x.requires_grad and not x:is_leaf() then
    fail(w, "a tensor that was computed on the tape: detach() it first")
  end
  attach(w, x.requires_grad and "g" or "x", x)
end

local function write_userdata(w, x)
  if core.is_tensor(x) then
    write_tensor(w, x)
  elseif core.channel.is(x) then
    if not is_known(w, x) then attach(w, "c", x) end
  else
    fail(w, "a userdata (%s), which stays in its Lua state", tostring(x))
  end
end

local function write_table(w, t)
  if is_known(w, t) or is_named(w, t) then return end
  put(w, "T")
  for key, value in next, t do
    write_at(w, "(key)", key)
    write_at(w, key, value)
  end
  put(w, "n")
  write_at(w, "(metatable)", debug.getmetatable(t))
end

-- An upvalue that functions share is written with the first of them.
local function write_upvalue(w, f, k)
  local name <const>, value <const> = debug.getupvalue(f, k)
  if name == "_ENV" then return put(w, "e") end
  local id <const> = debug.upvalueid(f, k)
  local owner <const> = w.seen[id]
  if owner then return put(w, format("<c1I4B", "j", owner[1], owner[2])) end
  w.seen[id] = { w.seen[f], k }
  put(w, "u")
  write_at(w, name, value)
end

local function write_function(w, f)
  if is_known(w, f) or is_named(w, f) then return end
  local info <const> = debug.getinfo(f, "Su")
  if info.what == "C" then
    fail(w, "a C function that no loaded module has under a name")
  end
  put(w, format("<c1sB", "F", string.dump(f), info.nups))
  for k = 1, info.nups do write_upvalue(w, f, k) end
end

local function write_number(w, x)
  put(w, math.type(x) == "integer" and format("<c1j", "i", x) or format("<c1n", "d", x))
end

local WRITE <const> = {
  ["nil"] = function(w) put(w, "n") end,
  boolean = function(w, x) put(w, x and "t" or "f") end,
  number = write_number,
  string = function(w, x) put(w, format("<c1s", "s", x)) end,
  table = write_table,
  ["function"] = write_function,
  userdata = write_userdata,
  thread = function(w) fail(w, "a coroutine, which stays in its Lua state") end,
}

function write(w, x) return WRITE[type(x)](w, x) end

local PLAIN <const> = {}

--- pack.pack(job, ...): bytes, and the list of tensors and channels that goes with them. `job` or
--- nil: { op = whose errors, labels = what they call the values, fresh = look at the loaded modules
--- again }.
function pack.pack(job, ...)
  local w <const>, n <const> = new_writer(job or PLAIN), select("#", ...)
  local labels <const> = w.job.labels or PLAIN
  put(w, format("<I4", n))
  for k = 1, n do write_at(w, labels[k] or "argument " .. k, (select(k, ...))) end
  return table.concat(w.parts), w.attached[1] and w.attached or nil
end

-- ---- reading ------------------------------------------------------------------------------------

-- One value of a layout.
local function take(r, layout)
  local x
  x, r.at = read(layout, r.bytes, r.at)
  return x
end

-- Objects are numbered as they were written: before what they hold.
local function number(r, object)
  r.objects[#r.objects + 1] = object
  return object
end

local value

local function read_named(r)
  local name <const> = {}
  for k = 1, take(r, "<B") do name[k] = take(r, "<s") end
  local object <const>, problem <const> = names.find(name)
  if object == nil then
    core.fail("threads", nil, "what was sent by name is not found in the thread: %s", problem)
  end
  return number(r, object)
end

local function read_table(r)
  local t <const> = number(r, {})
  while true do
    local key <const> = value(r)
    if key == nil then return debug.setmetatable(t, value(r)) end
    t[key] = value(r)
  end
end

local UPVALUE <const> = {
  u = function(r, f, k) debug.setupvalue(f, k, value(r)) end,
  e = function(_, f, k) debug.setupvalue(f, k, _G) end,
  j = function(r, f, k)
    local owner <const> = r.objects[take(r, "<I4")]
    debug.upvaluejoin(f, k, owner, take(r, "<B"))
  end,
}

local function read_function(r)
  local f <const> = number(r, assert(load(take(r, "<s"), nil, "b")))
  for k = 1, take(r, "<B") do UPVALUE[take(r, "c1")](r, f, k) end
  return f
end

local function attached(r) return number(r, r.attached[take(r, "<I4")]) end

local READ <const> = {
  n = function() return nil end,
  t = function() return true end,
  f = function() return false end,
  i = function(r) return take(r, "<j") end,
  d = function(r) return take(r, "<n") end,
  s = function(r) return take(r, "<s") end,
  r = function(r) return r.objects[take(r, "<I4")] end,
  m = read_named,
  T = read_table,
  F = read_function,
  x = attached,
  c = attached,
  g = function(r) return attached(r):requires_grad_() end,
}

function value(r) return READ[take(r, "c1")](r) end

--- pack.unpack(bytes, list): the values again. The bytes must come from `pack`.
function pack.unpack(bytes, list)
  local r <const> = { bytes = bytes, at = 1, objects = {}, attached = list }
  local values <const>, n <const> = {}, take(r, "<I4")
  for k = 1, n do values[k] = value(r) end
  return table.unpack(values, 1, n)
end

return pack
