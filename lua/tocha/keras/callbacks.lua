-- keras.callbacks: tocha.train's, by the same names.

local lazy = require "tocha.lazy"
local train = require "tocha.train"

local function find(name)
  local class <const> = train[name]
  if type(class) == "table" and (class.is_callback or name == "Callback") then return class end
end

local function names()
  local list <const> = {}
  for name in pairs(train) do
    if find(name) then list[#list + 1] = name end
  end
  return list
end

return lazy({}, {}, { get = find, names = names })
