-- tocha.help(x): what something is, by itself or by its name: of an operation the signature,
-- arguments, formula and an example; of a function or class what its source says above it; of a
-- room what is in it. Prints it.

local registry = require "tocha.op"
local describe = require "tocha.describe"

local help <const> = {}

-- ---- names --------------------------------------------------------------------------------------

local function walk(value, path)
  for name in path:gmatch "[^.:]+" do
    local ok, found = pcall(function() return value[name] end)
    if not ok or found == nil then return nil end
    value = found
  end
  return value
end

--- help.find(path): the value that "nn.Linear", "tocha.nn.Linear", "x.weight" or "softmax" names.
function help.find(path)
  if not path:find "^[%a_][%w_.:]*$" then return nil end
  local tocha <const> = require "tocha"
  if path == "tocha" then return tocha end
  local inside <const> = path:match "^tocha%.(.*)$"
  if inside then return walk(tocha, inside) end
  local value = walk(_G, path)
  if value == nil then value = walk(tocha, path) end
  if value == nil then return registry.methods[path] end
  return value
end

local function near(name)
  local found <const> = {}
  for other in pairs(registry.list and registry.decl) do
    if other:find(name:lower(), 1, true) then found[#found + 1] = other end
  end
  table.sort(found)
  local problem <const> = "there is no '" .. name .. "'"
  if #found == 0 then return problem end
  return problem .. "; operations like it: " .. table.concat(found, ", ", 1, math.min(#found, 12))
end

-- ---- pages --------------------------------------------------------------------------------------

local function members(room)
  local rows, doc = {}, require "tocha.doc"
  local names <const> = require "tocha.repl.fields".names({ value = room }, false, "")
  table.sort(names)
  for _, name in ipairs(names) do
    local ok <const>, value <const> = pcall(function() return room[name] end)
    if ok and (type(value) == "function" or type(value) == "table") then
      rows[#rows + 1] = { name, doc.summary(value, name) }
    end
  end
  return rows
end

local WIDEST <const> = 76

local function add_members(lines, room)
  local rows <const> = members(room)
  if #rows == 0 then return end
  lines[#lines + 1] = ""
  for _, row in ipairs(rows) do
    local line <const> = ("  %-22s %s"):format(row[1], row[2])
    lines[#lines + 1] = #line > WIDEST and line:sub(1, WIDEST - 3) .. "..." or line
  end
end

local function page(value, name)
  local found <const> = require "tocha.doc".of(value, name)
  local lines <const> = table.move(found.lines, 1, #found.lines, 1, {})
  if found.kind == "room" and value ~= require "tocha" then add_members(lines, value) end
  if found.place then lines[#lines + 1] = "" lines[#lines + 1] = found.place end
  return table.concat(lines, "\n")
end

local INTRODUCTION <const> = 'help(tocha.softmax), help "nn.Linear", help(tocha.optim); %d '
  .. "operations are in tocha.ops"

--- help.text(x): what tocha.help prints. A string is a name, any other value itself.
function help.text(x)
  if x == nil then return INTRODUCTION:format(#registry.list) end
  if type(x) ~= "string" then
    local own <const> = type(x) == "table" and getmetatable(x) == nil and (x.help or x.doc)
    return type(own) == "string" and own or page(x)
  end
  local decl <const> = registry.decl[x]
  if decl then return table.concat(describe.page(decl), "\n") end
  local value <const> = help.find(x)
  return value ~= nil and page(value, x) or near(x)
end

return setmetatable(help, { __call = function(_, x) print(help.text(x)) end })
