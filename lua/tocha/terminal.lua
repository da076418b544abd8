-- What a terminal can show: its width, whether it takes UTF-8, colours, a line that redraws itself.
--
-- Asked anew at each call, so a window that was made narrower is noticed; nothing here starts a
-- process. Honours COLUMNS, TERM=dumb, NO_COLOR (https://no-color.org) and the locale's variables.

local core = require "tocha.core"

local terminal <const> = {}
local COLUMNS <const> = 80

local function variable(name)
  local value <const> = os.getenv(name)
  return value ~= "" and value or nil
end

--- terminal.is_terminal(fd = 1): does the descriptor (1 is standard output) lead to one?
function terminal.is_terminal(fd) return core.terminal_size(fd) ~= nil end

--- terminal.columns(fd = 1): COLUMNS where it is set, else the window's, else 80.
function terminal.columns(fd)
  local wish <const> = math.tointeger(tonumber(variable "COLUMNS"))
  if wish and wish > 0 then return wish end
  local window <const> = core.terminal_size(fd) or 0
  return window > 0 and window or COLUMNS
end

--- terminal.is_utf8(): does the locale say so?
function terminal.is_utf8()
  local locale <const> = variable "LC_ALL" or variable "LC_CTYPE" or variable "LANG" or ""
  return locale:lower():find "utf%-?8" ~= nil
end

--- terminal.is_smart(fd = 1): a terminal that moves its cursor.
function terminal.is_smart(fd) return variable "TERM" ~= "dumb" and terminal.is_terminal(fd) end

--- terminal.has_color(fd = 1)
function terminal.has_color(fd) return not variable "NO_COLOR" and terminal.is_smart(fd) end

--- terminal.width(text): how many cells it takes: a character each, escapes none. Wide characters
--- (Chinese, emoji) are not told apart.
function terminal.width(text)
  local plain <const> = text:gsub("\27%[[%d;]*[A-Za-z]", "")
  return utf8.len(plain) or #plain
end

return terminal
