-- What a session at the prompt keeps: the number of the statement, its text, its results.
--
-- Result of statement 3 is the global `_3`, the last one `_`; the last hundred are kept, since a
-- tensor lives as long as its name. What was typed is chunk "[3]" in error messages.

local Object = require "tocha.class"
local paint = require "tocha.repl.paint"
local pretty = require "tocha.repl.pretty"
local run = require "tocha.repl.run"
local source = require "tocha.repl.source"
local statement = require "tocha.repl.statement"
local terminal = require "tocha.terminal"

local Session <const> = Object:extend "Session"

local KEPT <const> = 100

local function names_now()
  local names <const> = {}
  for name in pairs(_G) do names[name] = true end
  return names
end

--- Session(): counts from 1; the globals there are now are not the user's.
function Session:new()
  self.number, self.inputs = 1, {}
  self.given = names_now()
end

--- session:names(): the globals that the user made, sorted, without the results.
function Session:names()
  local names <const> = {}
  for name in pairs(_G) do
    local own <const> = type(name) == "string" and not self.given[name]
    if own and not name:find "^_%d*$" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

--- session:reset(): forgets the user's globals and the results.
function Session:reset()
  for _, name in ipairs(self:names()) do _G[name] = nil end
  for name in pairs(_G) do
    if type(name) == "string" and name:find "^_%d*$" then _G[name] = nil end
  end
  collectgarbage()
end

--- session:chunk(): the name of the chunk that is typed next, "[3]".
function Session:chunk() return ("[%d]"):format(self.number) end

-- ---- results ------------------------------------------------------------------------------------

function Session:keep(value)
  if value == nil then return end
  _G._ = value
  _G["_" .. self.number] = value
  _G["_" .. self.number - KEPT] = nil
end

local function texts_of(values)
  local options <const> = { paint = paint(1), width = terminal.columns() }
  local texts, one_line = {}, true
  for k = 1, values.n do
    texts[k] = pretty.text(values[k], options)
    one_line = one_line and not texts[k]:find "\n"
  end
  return texts, one_line
end

--- session:show(values): prints them as the prompt does; values.n says how many there are.
function Session:show(values)  -- luacheck: ignore self
  if values.n == 0 then return end
  local texts <const>, one_line <const> = texts_of(values)
  print(table.concat(texts, one_line and "\t" or "\n"))
end

-- ---- statements ---------------------------------------------------------------------------------

--- session:compute(compiled): its values, kept and shown.
function Session:compute(compiled)
  local values <const> = table.pack(compiled.run())
  self:keep(values[1])
  if not compiled.quiet then self:show(values) end
end

--- session:execute(text, compiled): runs one statement; false when it failed, after telling so.
function Session:execute(text, compiled)
  self:note(text)
  return self:protect(self.compute, self, compiled)
end

--- session:note(text): the text belongs to this statement.
function Session:note(text)
  self.inputs[self.number] = text
  source.remember("=" .. self:chunk(), text)
end

--- session:protect(f, ...): calls f as part of this statement.
function Session:protect(f, ...)  -- luacheck: ignore self
  local ok <const>, problem <const> = run.call(f, ...)
  if not ok then run.report(problem, "error: ") end
  return ok
end

--- session:compile(text): as statement.compile, by the name of this statement.
function Session:compile(text) return statement.compile(text, "=" .. self:chunk()) end

--- session:next(): the statement is over.
function Session:next() self.number = self.number + 1 end

return Session
