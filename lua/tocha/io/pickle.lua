-- Python's pickles, read without executing anything.
--
-- A pickle is a program for a stack machine that may call any function of Python. This reader knows
-- the instructions of protocols 2 to 5 and only those Python objects that it is given in a table;
-- the first other one is an error that names it. Work and memory are linear in the bytes read.
--
-- dict: a table by key; list, tuple, set: a list; None: tocha.io.json.null; integers beyond 64
-- bits: floats. Text instructions of protocol 0 and instances made by INST and OBJ are refused.

local json = require "tocha.io.json"

local pickle <const> = {}

local NAME_LONGEST <const> = 1000

local Reader <const> = {}
Reader.__index = Reader

-- ---- the stack ----------------------------------------------------------------------------------

function Reader:push(value, kind)
  self.top = self.top + 1
  self.stack[self.top] = value
  if kind then self.kinds[value] = kind end
end

function Reader:pop()
  local top <const> = self.top
  if top <= (self.marks[#self.marks] or 0) then self.bad "a pickle takes more than it has" end
  local value <const> = self.stack[top]
  self.stack[top], self.top = nil, top - 1
  return value
end

-- What lies above the last mark, as a list; the mark goes.
function Reader:pop_mark()
  local mark <const> = table.remove(self.marks)
  if not mark then self.bad "a pickle without the mark it needs" end
  local list <const> = table.move(self.stack, mark + 1, self.top, 1, {})
  for k = mark + 1, self.top do self.stack[k] = nil end
  self.top = mark
  return list
end

--- reader:need(value, kind): the value, which must be a list, tuple, dict, global or such.
function Reader:need(value, kind)
  if self.kinds[value] ~= kind then self.bad("a pickle with a value that is no %s", kind) end
  return value
end

--- reader:new(value, kind): the value, which `need` knows from now on.
function Reader:new(value, kind)
  self.kinds[value] = kind
  return value
end

--- reader:copies(n): before n elements are copied that a pickle may name again and again.
function Reader:copies(n)
  self.copied = self.copied + n
  if self.copied > self.read then self.bad "a pickle that repeats itself" end
end

-- ---- bytes --------------------------------------------------------------------------------------

function Reader:take(n)
  self.read = self.read + n
  return self.source(n)
end

function Reader:number(format)
  return (string.unpack(format, self:take(string.packsize(format))))
end

function Reader:counted(format)
  local n <const> = self:number(format)
  if n < 0 then self.bad "a pickle with a negative length" end
  return self:take(n)
end

function Reader:line()
  local characters <const> = {}
  for k = 1, NAME_LONGEST do
    local c <const> = self:take(1)
    if c == "\n" then return table.concat(characters) end
    characters[k] = c
  end
  self.bad "a pickle with a name that does not end"
end

-- Two's complement, lowest byte first.
local function long(bytes)
  if #bytes == 0 then return 0 end
  if #bytes <= 8 then return (string.unpack("<i" .. #bytes, bytes)) end
  local value = string.unpack("<i1", bytes, #bytes) + 0.0
  for k = #bytes - 1, 1, -1 do value = value * 256 + bytes:byte(k) end
  return value
end

-- ---- containers ---------------------------------------------------------------------------------

--- reader:set(dict, key, value)
function Reader:set(dict, key, value)
  local kind <const> = math.type(key) or type(key)
  if kind ~= "string" and kind ~= "integer" and kind ~= "boolean"
    and not (kind == "float" and key == key) then
    self.bad("a pickle with a %s as a key", self.kinds[key] or kind)
  end
  dict[key] = value
end

local function append_all(self, items)
  local list <const> = self.stack[self.top]
  if self.kinds[list] ~= "set" then self:need(list, "list") end
  local n <const> = #list
  for k, item in ipairs(items) do list[n + k] = item end
end

local function set_all(self, items)
  local dict <const> = self:need(self.stack[self.top], "dict")
  if #items % 2 ~= 0 then self.bad "a pickle with a key without a value" end
  for k = 1, #items, 2 do self:set(dict, items[k], items[k + 1]) end
end

local function tuple(self, n)
  local list <const> = {}
  for k = n, 1, -1 do list[k] = self:pop() end
  self:push(list, "tuple")
end

-- ---- what is remembered -------------------------------------------------------------------------

local function put(self, index)
  local value <const> = self.stack[self.top]
  if value == nil then self.bad "a pickle that remembers nothing" end
  self.memo[index] = value
end

local function get(self, index)
  local value <const> = self.memo[index]
  if value == nil then self.bad "a pickle that recalls what it has not seen" end
  self:push(value)
end

local function memoize(self)
  put(self, self.memoized)
  self.memoized = self.memoized + 1
end

-- ---- objects ------------------------------------------------------------------------------------

local function find(self, module, name)
  if type(module) ~= "string" or type(name) ~= "string" then
    self.bad "a pickle with a damaged name"
  end
  local full <const> = module .. "." .. name
  local entry <const> = self.globals[full]
  if entry == nil then
    self.bad("it needs Python's %s, which is not among what may be read", full)
  end
  self:push(entry, type(entry) == "table" and "global" or nil)
end

local function find_on_stack(self)
  local name <const> = self:pop()
  find(self, self:pop(), name)
end

local function call(self)
  local arguments <const> = self:need(self:pop(), "tuple")
  local f <const> = self:need(self:pop(), "global")
  if not f.call then self.bad "a pickle that calls what is no function" end
  self:push(f.call(self, arguments))
end

-- Attributes of a dict (its _metadata) and of a tensor say nothing about values; an object that
-- wants its state has it as a field.
local function build(self)
  local state <const> = self:pop()
  local object <const> = self.stack[self.top]
  if self.kinds[object] == "stateful" then object.state = state
  elseif type(object) ~= "userdata" then self:need(object, "dict") end
end

local function persistent(self)
  self:push(self.persistent(self, self:need(self:pop(), "tuple")))
end

-- ---- instructions -------------------------------------------------------------------------------

local function integer(format) return function(r) r:push(r:number(format)) end end
local function text(format) return function(r) r:push(r:counted(format)) end end
local function constant(value) return function(r) r:push(value) end end
local function fresh(kind) return function(r) r:push({}, kind) end end

local OPS <const> = {
  ["\x80"] = function(r) r:take(1) end,  -- the protocol
  ["\x95"] = function(r) r:take(8) end,  -- the length of a frame
  ["("] = function(r) table.insert(r.marks, r.top) end,
  ["0"] = function(r) r:pop() end,
  ["1"] = function(r) r:pop_mark() end,
  ["2"] = function(r)
    local value <const> = r:pop()
    r:push(value)
    r:push(value)
  end,
  N = constant(json.null), ["\x88"] = constant(true), ["\x89"] = constant(false),
  J = integer "<i4", K = integer "<I1", M = integer "<I2", G = integer ">d",
  ["\x8a"] = function(r) r:push(long(r:counted "<I1")) end,
  ["\x8b"] = function(r) r:push(long(r:counted "<i4")) end,
  X = text "<I4", ["\x8c"] = text "<I1", ["\x8d"] = text "<i8",
  T = text "<i4", U = text "<I1",
  B = text "<I4", C = text "<I1", ["\x8e"] = text "<i8", ["\x96"] = text "<i8",
  ["]"] = fresh "list", ["}"] = fresh "dict", [")"] = fresh "tuple", ["\x8f"] = fresh "set",
  a = function(r)
    local item <const> = r:pop()
    append_all(r, { item })
  end,
  e = function(r) append_all(r, r:pop_mark()) end, ["\x90"] = function(r)
    append_all(r, r:pop_mark())
  end,
  l = function(r) r:push(r:pop_mark(), "list") end,
  t = function(r) r:push(r:pop_mark(), "tuple") end,
  ["\x91"] = function(r) r:push(r:pop_mark(), "set") end,
  ["\x85"] = function(r) tuple(r, 1) end,
  ["\x86"] = function(r) tuple(r, 2) end,
  ["\x87"] = function(r) tuple(r, 3) end,
  s = function(r)
    local value <const> = r:pop()
    local key <const> = r:pop()
    set_all(r, { key, value })
  end,
  u = function(r) set_all(r, r:pop_mark()) end,
  q = function(r) put(r, r:number "<I1") end, r = function(r) put(r, r:number "<I4") end,
  h = function(r) get(r, r:number "<I1") end, j = function(r) get(r, r:number "<I4") end,
  ["\x94"] = memoize,
  c = function(r)
    local module <const> = r:line()
    find(r, module, r:line())
  end,
  ["\x93"] = find_on_stack, R = call, ["\x81"] = call, b = build, Q = persistent,
}

--- pickle.bytes(bytes, bad): a source for pickle.load.
function pickle.bytes(bytes, bad)
  local at = 1
  return function(n)
    if n > #bytes - at + 1 then bad "a pickle that is cut off" end
    at = at + n
    return bytes:sub(at - n, at - 1)
  end
end

--- pickle.load(source, options): the object. source(n) gives the next n bytes or raises. options:
--- globals: "module.name" -> {call = f(reader, arguments)} or a plain value;
--- persistent(reader, id): what an id stands for; bad(format, ...): raises the error; file: theirs,
--- as reader.file.
function pickle.load(source, options)
  local r <const> = setmetatable({ source = source, globals = options.globals,
    persistent = options.persistent, bad = options.bad, file = options.file, stack = {}, top = 0,
    marks = {}, memo = {}, memoized = 0, kinds = {}, read = 0, copied = 0 }, Reader)
  while true do
    local code <const> = r:take(1)
    if code == "." then return r:pop() end
    local op <const> = OPS[code]
    if not op then r.bad("a pickle with the unknown instruction 0x%02X", code:byte()) end
    op(r)
  end
end

return pickle
