-- The commands of `tocha` that are words: tocha convert, inspect, freeze. Each is a module with
-- usage, options = { ["--name"] = "value" or "flag" } and run(arguments, options).

local run = require "tocha.repl.run"

local commands <const> = {}

local PLACES <const> = { convert = "tocha.repl.command_convert",
  inspect = "tocha.repl.command_inspect", freeze = "tocha.repl.command_freeze" }

--- commands.has(word): is it a command?
function commands.has(word) return PLACES[word] ~= nil end

local function usage(command, problem)
  error(run.quiet((problem and problem .. "\n" or "") .. command.usage), 0)
end

local function asks_for_help(list, first)
  for k = first, #list do
    if list[k] == "-h" or list[k] == "--help" then return true end
  end
  return false
end

-- The next option's value is the argument after it; an option given twice makes a list.
local function read(command, list, first)
  local arguments <const>, options <const>, at = {}, {}, first
  while list[at] do
    local text <const> = list[at]
    local kind <const> = command.options[text]
    if text:find "^%-" and not kind then usage(command, "unknown option '" .. text .. "'") end
    if kind == "flag" then options[text] = true
    elseif kind then
      at = at + 1
      options[text] = options[text] or {}
      table.insert(options[text], list[at] or usage(command, text .. " needs a value"))
    else arguments[#arguments + 1] = text end
    at = at + 1
  end
  if #arguments < command.least or #arguments > command.most then usage(command) end
  return arguments, options
end

--- commands.run(list, at): runs the command list[at] with what follows it; what goes wrong is told
--- in a line, without a traceback.
function commands.run(list, at)
  local command <const> = require(PLACES[list[at]])
  if asks_for_help(list, at + 1) then return print(command.usage) end
  require "tocha"
  local arguments <const>, options <const> = read(command, list, at + 1)
  local ok <const>, problem <const> = pcall(command.run, arguments, options)
  if not ok then error(run.quiet((tostring(problem):gsub("^[^%s:]+:%d+: %[", "["))), 0) end
end

return commands
