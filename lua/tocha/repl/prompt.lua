-- The prompt: reads statements over as many lines as they take, runs them, goes on after errors.
--
-- Where standard input is no terminal it is run instead: as a script if it is one, else statement
-- by statement, showing the values of expressions, until one fails.

local core = require "tocha.core"
local terminal = require "tocha.terminal"
local run = require "tocha.repl.run"
local source = require "tocha.repl.source"
local Session = require "tocha.repl.session"

local prompt <const> = {}

-- ---- a statement, whoever gives the lines -------------------------------------------------------

-- Commands are whole at the end of their line; Lua may need more lines.
local function is_command(text) return require "tocha.repl.magic".parse(text) ~= nil end

-- next_line(more, text so far) gives a line, false (start anew) or nil (the end). Returns the text
-- and what it compiles to; the text alone for a command; nil at the end, false to start anew.
local function read_statement(session, next_line)
  local text = next_line(false)
  if not text or is_command(text) then return text end
  while true do
    local compiled <const>, message <const>, incomplete <const> = session:compile(text)
    if compiled then return text, compiled end
    local line = incomplete and next_line(true, text)
    if line == false and incomplete then return false end
    if not line then return text, { run = function() error(run.quiet(message)) end } end
    text = text .. "\n" .. line
  end
end

local function perform(session, text, compiled)
  if compiled then return session:execute(text, compiled) end
  return require "tocha.repl.magic".run(session, text)
end

-- ---- without a terminal -------------------------------------------------------------------------

local function lines_of(text)
  local next_one <const> = (text:gsub("\n$", "") .. "\n"):gmatch "(.-)\r?\n"
  return function() return next_one() end
end

local function run_statements(text)
  local session <const>, next_line <const> = Session(), lines_of(text)
  while true do
    local entered <const>, compiled <const> = read_statement(session, next_line)
    if not entered then return true end
    if entered:find "%S" and not perform(session, entered, compiled) then return false end
    session:next()
  end
end

local function run_all()
  local text <const> = io.read "a" or ""
  local whole <const> = load((text:gsub("^#[^\n]*", "")), "=stdin")
  if not whole then return run_statements(text) end
  source.remember("=stdin", text)
  local ok <const>, problem <const> = run.call(whole)
  if not ok and run.report(problem, "tocha: ") then core.die_interrupted() end
  return ok
end

-- ---- at a terminal ------------------------------------------------------------------------------

-- Pasted from a session: its prompts are no part of the statement.
local function without_prompt(line)
  return (line:gsub("^%[%d+%]> ", ""):gsub("^%.%.%.+> ", ""))
end

local function reader(session, input)
  return function(more, text)
    local label <const> = session:chunk()
    session.above = more and text .. "\n" or ""
    local shown <const> = more and ("."):rep(#label) or label
    local line <const> = input.read(input.prompt(shown .. "> ", more and "more" or "prompt"))
    return line and without_prompt(line)
  end
end

local ENDS <const> = { exit = true, quit = true }

local function asks_to_end(text)
  local word <const> = text:match "^%s*(%a+)%s*%(?%s*%)?%s*;?%s*$"
  return ENDS[word] and _G[word] == nil
end

local function remember(input, history, text)
  input.add(text)
  history.append(text)
end

local function loop(session, input)
  local history <const> = require "tocha.repl.history"
  for _, entry in ipairs(history.load()) do input.add(entry) end
  input.complete(function(before)
    return require "tocha.repl.complete".text(session.above .. before)
  end)
  local next_line <const> = reader(session, input)
  while true do
    local text <const>, compiled <const> = read_statement(session, next_line)
    if text == nil then print() return end
    if text and text:find "%S" then
      remember(input, history, text)
      if asks_to_end(text) then return end
      perform(session, text, compiled)
      session:next()
    end
  end
end

local function greet()
  local tocha <const> = require "tocha"
  print(("Tocha %s, %s. ?tocha.relu explains, %%help lists commands, Ctrl-D ends.")
    :format(tocha._VERSION, _VERSION))
end

--- prompt.run(asked): the prompt, until it is left. `asked`: also where standard input is no
--- terminal. false when a statement of such an input failed.
function prompt.run(asked)
  _G.help = function(...) require "tocha.help"(...) end  -- luacheck: ignore
  if not asked and not terminal.is_terminal(0) then return run_all() end
  local session <const> = Session()
  greet()
  loop(session, require "tocha.repl.input")
  return true
end

return prompt
