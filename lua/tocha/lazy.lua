-- Rooms whose parts load when they are first named.
--
--     return lazy(optim, { EMA = "tocha.optim.ema", StepLR = { "tocha.optim.steps", "StepLR" } })
--
-- A name's place is a module that is its value, or a module and the field of it (where it has no
-- such field, the module is the value), and perhaps a function (value, name) that makes more of
-- it. pairs(room) loads all; Tab and help read the names from `__names` of the metatable and load
-- nothing.

local function load(place)
  if type(place) == "string" then return require(place) end
  local module <const> = require(place[1])
  local value = type(module) == "table" and module[place[2]] or nil
  if value == nil then value = module end
  return place[3] and place[3](value, place[2]) or value
end

local function names_of(places, more)
  local list <const> = more and more.names() or {}
  for name in pairs(places) do list[#list + 1] = name end
  return list
end

--- lazy(room, places, more): gives the room its metatable and returns it. `more` has get(name) and
--- names() for what is found in another way; pairs then shows only what is there.
return function(room, places, more)
  local meta <const> = { __names = function() return names_of(places, more) end }

  function meta.__index(_, name)
    local value
    if places[name] then value = load(places[name])
    elseif more then value = more.get(name) end
    if value ~= nil then rawset(room, name, value) end
    return value
  end

  function meta.__pairs()
    for name in pairs(more and {} or places) do local _ = room[name] end
    return next, room
  end

  return setmetatable(room, meta)
end
