-- What is in place while a profile records: the recorder in C, scopes around modules, backward
-- passes and steps of optimisers. Nothing of it is there at other times.

local core = require "tocha.core"
local call = require "tocha.nn.call"
local hooks = require "tocha.nn.hooks"

local recording <const> = {}  -- `active`: the profile that records

-- ---- scopes ------------------------------------------------------------------------------------

local Scope <const> = {}
Scope.__index = Scope
Scope.__close = function(scope) core.profile_leave(scope.event) end

--- scope(name): an event until it is closed.
function recording.scope(name) return setmetatable({ event = core.profile_enter(name) }, Scope) end

-- ---- modules -----------------------------------------------------------------------------------

local names <const> = setmetatable({}, { __mode = "k" })  -- parent -> child -> name

local function name_in(parent, child)
  local known = names[parent]
  if not (known and known[child]) then
    known = setmetatable({}, { __mode = "k" })
    for name, each in parent:named_children() do known[each] = name end
    names[parent] = known
  end
  return known[child] or getmetatable(child).__name
end

-- The modules that run: the event and the path of each. An error may have left deeper ones.
local events, paths = {}, {}

local function leave_from(depth)
  for k = #events, depth, -1 do
    core.profile_leave(events[k])
    events[k], paths[k] = nil, nil
  end
end

local function enter_module(module)
  local stack <const>, depth <const> = call.stack()
  leave_from(depth)
  for k = #events + 1, depth do  -- the outer ones that began before the record are named too
    local parent <const>, each <const> = stack[k - 1], k == depth and module or stack[k]
    paths[k] = parent and paths[k - 1] .. "." .. name_in(parent, each) or getmetatable(each).__name
    events[k] = core.profile_enter(paths[k], "module")
  end
end

local function leave_module()
  local _, depth <const> = call.stack()
  leave_from(depth)
end

-- ---- on and off --------------------------------------------------------------------------------

local handles <const> = {}

local function watch_modules()
  handles[1] = hooks.functions.register_module_forward_pre_hook(enter_module, { prepend = true })
  handles[2] = hooks.functions.register_module_forward_hook(leave_module)
  -- a node of the tape remembers the module that made it
  local was <const> = core.tracing(function() return paths[#paths] end)
  if was then
    core.tracing(was)
  else
    handles[3] = { remove = core.tracing }
  end
end

--- start(profile): with its options record_shapes and with_modules.
function recording.start(profile)
  if recording.active then
    core.fail("profile", nil, "a profile is recording; tocha.profiler.active():stop() ends it")
  end
  recording.active = profile
  core.reset_peak()
  core.profile_scope = recording.scope
  if profile.with_modules then watch_modules() end
  core.profile_start(profile.record_shapes)
end

--- stop(): the events, and the peak of the memory in use.
function recording.stop()
  local list <const>, peak <const> = core.profile_stop(), core.memory().peak
  while #handles > 0 do table.remove(handles).remove() end
  events, paths = {}, {}
  core.profile_scope = nil
  recording.active = nil
  return list, peak
end

return recording
