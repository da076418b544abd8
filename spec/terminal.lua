-- A program on a terminal of its own, for specs: script(1) gives the terminal, a pipe the keys.
--
--     local session <close> = terminal.start "bin/tocha"
--     session:wait "> "
--     session:type "1 + 1\r"
--     assert(session:wait "2")
--
-- What does not come within a minute is an error that shows what came instead.

local terminal <const> = {}

local Session <const> = {}
Session.__index = Session

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

--- terminal.there(): are script and mkfifo here, as util-linux and coreutils have them?
function terminal.there()
  return os.execute "script --version 2>/dev/null | grep -q util-linux" == true
    and os.execute "command -v mkfifo >/dev/null" == true
end

--- terminal.start(command, {TERM = "xterm"}): runs a shell command on a terminal of 80 x 24.
function terminal.start(command, environment)
  local fifo <const> = os.tmpname()
  os.remove(fifo)
  assert(os.execute("mkfifo " .. fifo))
  local settings <const> = { "TERM=" .. (environment and environment.TERM or "xterm") }
  for name, value in pairs(environment or {}) do
    if name ~= "TERM" then settings[#settings + 1] = name .. "=" .. quoted(value) end
  end
  -- The first line on the screen is the number of the process.
  local inner <const> = ("stty rows 24 cols 80; echo $$; exec env %s %s"):format(
    table.concat(settings, " "), command)
  local screen <const> = assert(io.popen(("timeout 60 script -qefc %s /dev/null <%s 2>&1"):format(
    quoted(inner), fifo)))
  local keys <const> = assert(io.open(fifo, "w"))
  keys:setvbuf "no"
  local pid <const> = screen:read("l"):match "%d+"
  return setmetatable({ screen = screen, keys = keys, fifo = fifo, pid = pid, seen = "",
    raw = "" }, Session)
end

--- session:type(keys): as if they were pressed: "\r" is Enter, "\3" Ctrl-C.
function Session:type(keys) self.keys:write(keys) end

local function plain(text) return (text:gsub("\27%[[%d;?]*%a", ""):gsub("\r", "")) end

--- session:wait(text): reads until the text is on the screen after what was waited for before;
--- returns what came up to it, without escapes. `raw` is all that ever came, with them.
function Session:wait(text)
  while true do
    local found <const> = plain(self.seen)
    if found:find(text, 1, true) then
      self.seen = ""
      return found
    end
    local more <const> = self.screen:read(1)
    if not more then error(("%q did not come; there was %q"):format(text, found), 2) end
    self.seen, self.raw = self.seen .. more, self.raw .. more
  end
end

--- session:finish(): reads to the end.
function Session:finish()
  local rest <const> = plain(self.seen .. (self.screen:read "a" or ""))
  self.seen = ""
  return rest
end

function Session:__close()
  os.execute("kill -9 " .. self.pid .. " 2>/dev/null")
  self.keys:close()
  self.screen:close()
  os.remove(self.fifo)
end

return terminal
