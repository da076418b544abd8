-- Walks over a module and all it holds: by name, by kind, by what matches; and what a dotted name
-- stands for. In names, places in lists count from 0, as in PyTorch's files.

local core = require "tocha.core"

local walk <const> = {}

local function join(prefix, name) return prefix == "" and name or prefix .. "." .. name end

-- ---- all there is -------------------------------------------------------------------------------

local TENSORS <const> = { "parameter", "buffer", "temporary" }

-- visit(name, value, kind) for all there is, a module before what it holds, its tensors before its
-- submodules. A module that holds itself is entered once.
local function visit_all(module, prefix, visit, above)
  if above[module] then return end
  above[module] = true
  visit(prefix, module, "module")
  local entries <const> = module:entries()
  for _, wanted in ipairs(TENSORS) do
    for _, e in ipairs(entries) do
      if e.kind == wanted then visit(join(prefix, e.name), e.value, e.kind) end
    end
  end
  for _, e in ipairs(entries) do
    if e.kind == "module" then visit_all(e.value, join(prefix, e.name), visit, above) end
  end
  above[module] = nil
end

--- module:visit(f, prefix = ""): calls f(name, value, kind) for the module and all it holds; what
--- is shared is visited as often as it is named.
function walk.visit(self, f, prefix) visit_all(self, prefix or "", f, {}) end

-- ---- by kind ------------------------------------------------------------------------------------

-- f(name, value, kind) for the module's own tensors and submodules.
local function visit_own(self, f, prefix)
  f(prefix, self, "module")
  for _, e in ipairs(self:entries()) do
    if e.kind ~= "module" then f(join(prefix, e.name), e.value, e.kind) end
  end
end

-- A list of { name, value } of the wanted kinds, each value once.
local function select_kinds(self, wanted, prefix, recurse)
  local list <const>, seen <const> = {}, {}
  local visit <const> = recurse == false and visit_own or walk.visit
  visit(self, function(name, value, kind)
    if wanted[kind] and not seen[value] then
      seen[value] = true
      list[#list + 1] = { name = name, value = value }
    end
  end, prefix or "")
  return list
end

local KINDS <const> = {
  parameters = { parameter = true }, buffers = { buffer = true, temporary = true },
  modules = { module = true },
}

-- An iterator of name, value.
local function iterate(list)
  local k = 0
  return function()
    k = k + 1
    if list[k] then return list[k].name, list[k].value end
  end
end

local function values(list)
  local result <const> = {}
  for k, each in ipairs(list) do result[k] = each.value end
  return result
end

-- parameters(recurse = true), buffers(recurse), modules(): lists. named_parameters(prefix = "",
-- recurse = true) and so on: for name, value in ... do
for plural, wanted in pairs(KINDS) do
  walk[plural] = function(self, recurse) return values(select_kinds(self, wanted, "", recurse)) end
  walk["named_" .. plural] = function(self, prefix, recurse)
    return iterate(select_kinds(self, wanted, prefix, recurse))
  end
end

local function own_modules(self)
  local list <const> = {}
  for _, e in ipairs(self:entries()) do
    if e.kind == "module" then list[#list + 1] = e end
  end
  return list
end

--- module:children(): the direct submodules; named_children(): for name, child in ... do
function walk.children(self) return values(own_modules(self)) end
function walk.named_children(self) return iterate(own_modules(self)) end

--- module:apply(f): f(m) for every submodule, then for the module itself.
function walk.apply(self, f)
  for _, child in ipairs(self:children()) do child:apply(f) end
  f(self)
  return self
end

-- ---- what matches -------------------------------------------------------------------------------

local function is_class(value)
  return type(value) == "table" and rawget(value, "__name") ~= nil and value.is_module == true
end

--- walk.matcher(what): a predicate (name, value) from a Lua pattern of names, a class of modules, a
--- module or tensor itself, a predicate, a list of any of these, or nil for everything.
function walk.matcher(what)
  if what == nil then return function() return true end end
  if type(what) == "string" then return function(name) return name:find(what) ~= nil end end
  if type(what) == "function" then return what end
  if is_class(what) then
    return function(_, value) return getmetatable(value).is_module and value:is(what) end
  end
  if type(what) ~= "table" or getmetatable(what) then
    return function(_, value) return rawequal(value, what) end
  end
  local tests <const> = {}
  for k, each in ipairs(what) do tests[k] = walk.matcher(each) end
  return function(...)
    for _, test in ipairs(tests) do
      if test(...) then return true end
    end
    return false
  end
end

--- module:named_matching(what): for name, m in ... do, the modules inside it (and itself, named "")
--- that match: `what` is a class (nn.Conv2d), a Lua pattern of names ("^layer1%."), a predicate
--- (name, module), or a list of these.
function walk.named_matching(self, what)
  local test <const>, list <const> = walk.matcher(what), {}
  for name, module in self:named_modules() do
    if test(name, module) then list[#list + 1] = { name = name, value = module } end
  end
  return iterate(list)
end

-- ---- dotted names -------------------------------------------------------------------------------

-- The key that a part of a name stands for: a label, a place from 0, or the key itself.
local function key_of(at, part)
  for k, label in pairs(rawget(at, "_labels") or {}) do
    if label == part then return k end
  end
  local place <const> = math.tointeger(tonumber(part))
  return place and at[place + 1] ~= nil and place + 1 or part
end

--- module:locate "layer1.0.weight": the table that holds what is named, and the key in it.
function walk.locate(self, path)
  local at, last = self, nil
  for part in tostring(path):gmatch "[^.]+" do
    if last ~= nil then at = at[last] end
    if type(at) ~= "table" then return nil end
    last = key_of(at, part)
  end
  return at, last
end

local function found(self, name, path, wanted)
  local at <const>, key <const> = walk.locate(self, path)
  local value = self
  if path ~= "" then value = at and at[key] end
  local kind = getmetatable(value)
  kind = core.is_tensor(value) and "tensor" or type(kind) == "table" and kind.is_module and "module"
  if kind == wanted then return value end
  core.fail(name, 1, "there is no %s '%s'", wanted, tostring(path))
end

--- module:get_submodule "layer1.0.conv1"; the empty name is the module itself.
function walk.get_submodule(self, path) return found(self, "get_submodule", path, "module") end

--- module:get_parameter "layer1.0.weight", module:get_buffer "bn.running_mean"
for _, kind in ipairs { "parameter", "buffer" } do
  walk["get_" .. kind] = function(self, path)
    local x <const> = found(self, "get_" .. kind, path, "tensor")
    for _, each in ipairs(walk[kind .. "s"](self)) do
      if rawequal(each, x) then return x end
    end
    core.fail("get_" .. kind, 1, "'%s' is not a %s", path, kind)
  end
end

return walk
