-- %help, ?name, ??name: what things are.

local columns = require "tocha.repl.columns"
local run = require "tocha.repl.run"

local INTRODUCTION <const> = [[
Type Lua: values are shown, `local` makes a global, several lines are joined until they are whole.
_ is the last value, _3 the value of statement 3; a trailing ; shows nothing. Tab completes.
help(x), ?name     what it is        ??name   its source
!command           the shell         Ctrl-C   interrupts, Ctrl-D ends
]]

local function show_commands()
  local rows <const> = {}
  for k, command in ipairs(require "tocha.repl.magic".list()) do
    rows[k] = { ("%%%s %s"):format(command.name, command.args), command.doc }
  end
  print(INTRODUCTION)
  print(columns.rows(rows))
end

local function help(_, rest)
  if rest == "" then return show_commands() end
  local command <const> = require "tocha.repl.magic".list()[rest:gsub("^%%", "")]
  if command and rest:find "^%%" then
    print(("%%%s %s: %s"):format(command.name, command.args, command.doc))
    return
  end
  print(require "tocha.help".text(rest))
end

local function source(_, rest)
  local value <const> = require "tocha.help".find(rest)
  local text <const>, place <const> = require "tocha.doc".source(value)
  if not text then error(run.quiet("there is no Lua source of " .. rest)) end
  print(text)
  if place then print("\n" .. place) end
end

return {
  { name = "help", args = "[name]", doc = "this list, or what a name is; ?name is the same",
    run = help },
  { name = "source", args = "name", doc = "the source of a function or class; ??name is the same",
    run = source },
}
