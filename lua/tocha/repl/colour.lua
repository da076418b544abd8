-- Colours of the command: on a terminal that has them, unless NO_COLOR is set (no-color.org).
--
--     local paint = colour.on(2)              -- for what goes to standard error
--     io.stderr:write(paint("error", "error: "), message)

local core = require "tocha.core"

local colour <const> = {}

local CODES <const> = {
  error = "1;31", place = "36", name = "1", dim = "2", prompt = "32", more = "2;32",
  string = "32", number = "36", keyword = "35", key = "34", mark = "1;31",
}

local function plain(_, text) return text end

local function painted(style, text)
  return ("\27[%sm%s\27[0m"):format(CODES[style], text)
end

--- colour.wanted(fd): does this descriptor lead to a terminal that shows colours?
function colour.wanted(fd)
  local no <const>, term <const> = os.getenv "NO_COLOR", os.getenv "TERM"
  if (no and no ~= "") or not term or term == "" or term == "dumb" then return false end
  return core.terminal_size(fd) ~= nil
end

--- colour.on(fd): paint(style, text) for a descriptor; where colours are not wanted, the text.
function colour.on(fd) return colour.wanted(fd) and painted or plain end

--- colour.columns(): how many columns standard output has; 80 where it does not tell.
function colour.columns()
  local columns <const> = core.terminal_size(1)
  return columns and columns > 0 and columns or tonumber(os.getenv "COLUMNS") or 80
end

return colour
