-- tocha.help(x): what an operation does, by its function or its name: signature, arguments,
-- formula, an example. Other values say what they are. Prints, and returns the text.

local registry = require "tocha.op"
local describe = require "tocha.describe"

local function named(name)
  local decl <const> = registry.decl[name]
  if decl or not registry.list then return decl end
  local near <const> = {}
  for other in pairs(registry.decl) do
    if other:find(name, 1, true) then near[#near + 1] = other end
  end
  table.sort(near)
  local problem <const> = "no operation '" .. name .. "'"
  if #near == 0 then return nil, problem end
  return nil, problem .. "; there are " .. table.concat(near, ", ", 1, math.min(#near, 12))
end

local function text_of(x)
  if x == nil then
    return 'tocha.help(tocha.softmax), tocha.help "softmax"; ' .. #registry.list
      .. " operations are in tocha.ops"
  end
  local decl, problem = registry.of[x], nil
  if type(x) == "string" then decl, problem = named(x) end
  if decl then return table.concat(describe.page(decl), "\n") end
  if problem then return problem end
  local own <const> = type(x) == "table" and (x.help or x.doc)
  return type(own) == "string" and own or tostring(x)
end

return function(x)
  local text <const> = text_of(x)
  print(text)
  return text
end
