-- Colours of the command, where terminal.lua allows them.
--
--     local paint = require "tocha.repl.paint" (2)      -- for what goes to standard error
--     io.stderr:write(paint("error", "error: "), message)

local terminal = require "tocha.terminal"

local CODES <const> = {
  error = "1;31", place = "36", name = "1", dim = "2", prompt = "32", more = "2;32",
  string = "32", number = "36", keyword = "35", key = "34", mark = "1;31",
}

local function plain(_, text) return text end

local function painted(style, text)
  return ("\27[%sm%s\27[0m"):format(CODES[style], text)
end

--- paint(fd): the function paint(style, text) of a descriptor; the text where it shows no colours.
return function(fd) return terminal.has_color(fd) and painted or plain end
