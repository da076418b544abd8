-- The command line of `tocha`: runs scripts, -e chunks and modules, or opens the prompt.
--
-- A script sees Lua's own globals and no more; -e and the prompt also have `tocha`. Ctrl-C in a
-- script ends it as an error would, with its files closed, and the process with status 130.

local USAGE <const> = [=[
usage: tocha [options] [script [args]]
       tocha convert IN OUT     weights from one tool's file to another's (--help tells more)
       tocha inspect FILE ...   what is in a file of weights
       tocha freeze IN -o OUT   a network as one file of C or of Lua

  script         run a Lua file ("-" is standard input); args are in `arg` and `...`
  -e code        run a piece of Lua, with the global `tocha`
  -l module      require a module and make it a global: -l a.b is `b`, -l x=a.b is `x`
  -i             go to the prompt after the script or -e
  -v, --version  print the version and what it runs on
  -h, --help     print this
Without script or -e: the prompt, or what standard input holds where that is no terminal.

TOCHA_HISTORY    file of the prompt's history; empty: none is kept
TOCHA_EDITOR     "editline", "readline" or "plain": how the prompt reads lines
NO_COLOR         set to anything: no colours
]=]

local LABEL <const> = "tocha: "
-- How many times Ctrl-C may go unheard in a C function before the process ends.
local SCRIPT_PATIENCE <const>, PROMPT_PATIENCE <const> = 2, 3

local function complain(message) io.stderr:write(LABEL, message, "\n") end

-- ---- the library --------------------------------------------------------------------------------

local NOT_BUILT <const> = "not built yet: run `make build` in the folder of Tocha"

-- The core, or a line that says what to do instead of Lua's list of places.
local function load_core()
  pcall(require, "tocha.openmp")
  local ok <const>, result <const> = pcall(require, "tocha.core")
  if ok then return require "tocha.repl.run" end
  local missing <const> = tostring(result):find("module 'tocha.core' not found", 1, true)
  complain(missing and NOT_BUILT or tostring(result))
  return nil
end

-- Runs it; false when it failed, after telling so.
local function run(chunk, message, ...)
  local running <const> = require "tocha.repl.run"
  if not chunk then
    complain(message)
    return false
  end
  running.listen(SCRIPT_PATIENCE)
  local ok <const>, problem <const> = running.call(chunk, ...)
  if not ok and running.report(problem, LABEL) then require "tocha.core".die_interrupted() end
  return ok
end

local function set_globals()
  return run(function() _G.tocha = require "tocha" end)  -- luacheck: ignore
end

-- ---- what the options ask for -------------------------------------------------------------------

local function run_code(code)
  require "tocha.repl.source".remember("=(command line)", code)
  return set_globals() and run(load(code, "=(command line)"))
end

-- -l a.b is the global b; -l x=a.b is the global x.
local function run_module(text)
  local global <const>, name <const> = text:match "^([%a_][%w_]*)=(.*)$"
  return run(function()
    if (name or text):find "^tocha%." then require "tocha" end  -- its rooms build on it
    _G[global or text:match "[^.]*$"] = require(name or text)
  end)
end

local function run_command(list, at)
  return run(function() require "tocha.repl.commands".run(list, at) end)
end

local function run_script(list, at)
  if require "tocha.repl.commands".has(list[at]) then return run_command(list, at) end
  local script <const> = list[at]
  local args <const> = table.move(list, at + 1, #list, 1, { [0] = script, [-1] = list[0] })
  _G.arg = args  -- luacheck: ignore
  if script == "-" then return run(loadfile(), nil, table.unpack(args)) end
  local chunk <const>, message <const> = loadfile(script)
  return run(chunk, message, table.unpack(args))
end

local function print_version()
  return run(function()
    local tocha <const> = require "tocha"
    print(("Tocha %s, %s, %s kernels, %d threads"):format(
      tocha._VERSION, _VERSION, tocha.simd(), tocha.get_num_threads()))
  end)
end

local function prompt(asked)
  if not set_globals() then return false end
  require "tocha.repl.run".listen(PROMPT_PATIENCE)
  return require "tocha.repl.prompt".run(asked)
end

-- ---- options ------------------------------------------------------------------------------------

local VALUED <const> = { ["-e"] = run_code, ["-l"] = run_module }

local function usage_error(message)
  complain(message)
  io.stderr:write(USAGE)
  return false
end

-- -e code, -ecode: runs it; returns whether all went well and the place of the next argument.
local function run_valued(list, at, name)
  local value = list[at]:sub(3)
  if value == "" then at = at + 1 value = list[at] end
  if not value then return usage_error("'" .. name .. "' needs an argument") end
  return VALUED[name](value), at + 1
end

-- Runs the options in order; returns whether all went well, and the place of the script or nil, and
-- whether the prompt was asked for and whether there was work besides.
local function read_options(list)
  local at, worked, interactive = 1, false, false
  while list[at] and list[at]:find "^%-." do
    local option <const>, name <const> = list[at], list[at]:sub(1, 2)
    if option == "--" then at = at + 1 break end
    if VALUED[name] and not option:find "^%-%-" then
      local ok
      ok, at = run_valued(list, at, name)
      if not ok then return false end
      worked = worked or name == "-e"
    elseif option == "-i" then interactive, at = true, at + 1
    else return usage_error("unknown option '" .. option .. "'") end
  end
  return true, list[at] and at, interactive, worked
end

--- main(list): does what the arguments say; false when it failed.
return function(list)
  if list[1] == "-h" or list[1] == "--help" then return io.write(USAGE) end
  if not load_core() then return false end
  if list[1] == "-v" or list[1] == "--version" then return print_version() end
  local ok <const>, script <const>, interactive <const>, worked <const> = read_options(list)
  if not ok then return false end
  if script and not run_script(list, script) then return false end
  if interactive or not (script or worked) then return prompt(interactive) end
  return true
end
