-- The command line of a script as options, as Torch7's CmdLine and Python's argparse have it; one
-- line of text says names and defaults, as for layers (signature.lua). It prints nothing and ends
-- no script: what is wrong is an error.

local core = require "tocha.core"
local signature = require "tocha.signature"

local EXPECTED <const> = { integer = "a whole number", float = "a number" }

local function value_of(name, text, default)
  local kind <const> = math.type(default)
  if not kind then return text end
  local number = tonumber(text)
  if kind == "integer" then number = math.tointeger(number) end
  return number or core.fail("arguments", nil, "--%s: expected %s, got '%s'", name, EXPECTED[kind],
    text)
end

local function unknown(sig, name)
  core.fail("arguments", nil, "unknown option --%s (there are: --%s)", name,
    table.concat(sig.names, ", --"))
end

-- The option at list[at]: `--name value`, `--name=value`, or `--name` whose default is false.
-- Returns the place of what follows.
local function take(sig, options, list, at)
  local name <const>, text = list[at]:match "^%-%-([^=]*)=?(.*)$"
  local k <const> = sig.at[name] or unknown(sig, name)
  if sig.defaults[k] == false then
    options[name] = true
    return at + 1
  end
  if not list[at]:find "=" then
    at = at + 1
    text = list[at] or core.fail("arguments", nil, "--%s needs a value", name)
  end
  options[name] = value_of(name, text, sig.defaults[k])
  return at + 1
end

--- tocha.arguments(text, list = arg): the options of a script by name, and a list of what is none.
---
---     local options, files = tocha.arguments "epochs = 20, lr = 0.1, save = nil, quiet = false"
---
--- takes `--epochs 5 --lr=0.01 --quiet photo.png`. The default says what a value must be: a whole
--- number, a number, true where the option stands alone (false), or any text; a name without a
--- default must be given. Behind `--` all is no option.
return function(text, list)
  if type(text) ~= "string" then
    core.fail("arguments", 1, "expected names and defaults, such as 'epochs = 20, save = nil'")
  end
  local sig <const>, options <const>, rest <const> = signature.parse(text), {}, {}
  list = list or arg
  for k, name in ipairs(sig.names) do options[name] = sig.defaults[k] end
  local at = 1
  while list[at] and list[at] ~= "--" do
    if list[at]:find "^%-%-" then at = take(sig, options, list, at)
    else rest[#rest + 1], at = list[at], at + 1 end
  end
  for k, name in ipairs(sig.names) do
    if sig.required[k] and options[name] == nil then
      core.fail("arguments", nil, "--%s is missing", name)
    end
  end
  return options, table.move(list, at + 1, #list, #rest + 1, rest)
end
