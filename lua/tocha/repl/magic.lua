-- Commands of the prompt: %name arguments, !shell, ?name, name?, ??name. No Lua statement begins or
-- ends like them.
--
-- A file per family gives a list of { name, args, doc, run }, with run(session, rest of the line);
-- the table of contents is FAMILIES.

local magic <const> = {}

local FAMILIES <const> = { "timing", "variables", "files", "about" }

local commands  -- name -> command, once asked for

--- magic.list(): the commands, by name; also as a list, in order.
function magic.list()
  if commands then return commands end
  commands = {}
  for _, family in ipairs(FAMILIES) do
    for _, command in ipairs(require("tocha.repl.magic_" .. family)) do
      commands[#commands + 1], commands[command.name] = command, command
    end
  end
  table.sort(commands, function(a, b) return a.name < b.name end)
  return commands
end

-- ---- what is a command --------------------------------------------------------------------------

local NAME <const> = "[%a_][%w_.:]*"

local FORMS <const> = {
  { "^%s*%%(%a+)%s*(.-)%s*$" },
  { "^%s*!%s*(.-)%s*$", "shell" },
  { "^%s*%?%?%s*(" .. NAME .. ")%s*$", "source" },
  { "^%s*(" .. NAME .. ")%s*%?%?%s*$", "source" },
  { "^%s*%?%s*(.-)%s*$", "help" },
  { "^%s*(" .. NAME .. ")%s*%?%s*$", "help" },
}

--- magic.parse(text): the command's name and the rest of its line; nil where it is none.
function magic.parse(text)
  if not text:find "^%s*[%%!?]" and not text:find "%?%s*$" then return nil end
  for _, form in ipairs(FORMS) do
    local first <const>, second <const> = text:match(form[1])
    if first then return form[2] or first, form[2] and first or second end
  end
  return nil
end

-- ---- running ------------------------------------------------------------------------------------

local function find(name)
  local command <const> = magic.list()[name]
  if command then return command end
  local message <const> = ("there is no command %%%s; %%help lists them"):format(name)
  error(require "tocha.repl.run".quiet(message))
end

--- magic.run(session, text): runs the command; false when it failed, after telling so.
function magic.run(session, text)
  local name <const>, rest <const> = magic.parse(text)
  session:note(text)
  return session:protect(function() find(name).run(session, rest) end)
end

return magic
