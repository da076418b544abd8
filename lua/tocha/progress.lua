-- A progress bar: one line that redraws itself on a terminal, one plain line at the end elsewhere.
--
--     local bar <close> = progress.bar(100, "epoch 1")
--     for k = 1, 100 do bar:step("loss 0.5") end
--     bar:finish "epoch 1: loss 0.5"
--
-- It shows what is done, the rate and the time that remains, and is as wide as the terminal lets it
-- (terminal.lua). Draws at most ten times a second, each time in one write. `<close>` ends the line
-- where an error or Ctrl-C left it.

local core = require "tocha.core"
local Object = require "tocha.class"
local terminal = require "tocha.terminal"

local progress <const> = { is_terminal = terminal.is_smart }
local CELLS <const>, FEWEST <const>, PAUSE <const> = 30, 5, 0.1

-- ---- parts of the line --------------------------------------------------------------------------

-- Parts of a cell in eighths, so that the bar moves smoothly.
local PARTS <const> = { [0] = "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" }

local function utf8_cells(fraction, n)
  local eighths <const> = math.floor(fraction * n * 8)
  local full <const>, part <const> = eighths // 8, PARTS[eighths % 8]
  local empty <const> = n - full - (part == "" and 0 or 1)
  return "▕" .. ("█"):rep(full) .. part .. (" "):rep(empty) .. "▏"
end

local function ascii_cells(fraction, n)
  local full <const> = math.floor(fraction * n)
  local tip <const> = full < n and ">" or ""
  return "[" .. ("="):rep(full) .. tip .. ("."):rep(n - full - #tip) .. "]"
end

--- progress.duration(seconds): "0:07", "12:31", "1:02:03".
function progress.duration(seconds)
  local whole <const> = math.floor(seconds + 0.5)
  local h <const>, m <const>, s <const> = whole // 3600, whole // 60 % 60, whole % 60
  return h > 0 and ("%d:%02d:%02d"):format(h, m, s) or ("%d:%02d"):format(m, s)
end

-- "231/s", "4.7/s", "3.1 s each"
local function rate_text(done, seconds)
  if done == 0 or seconds <= 0 then return "" end
  local rate <const> = done / seconds
  if rate < 1 then return ("  %.1f s each"):format(1 / rate) end
  return (rate < 10 and "  %.1f/s" or "  %.0f/s"):format(rate)
end

-- ---- the bar ------------------------------------------------------------------------------------

local Bar <const> = Object:extend "Bar"

--- progress.bar(total, label, options): a bar of `total` steps; nil where it is not known. Options:
--- file = io.stdout; live, columns, utf8, color: what the terminal is asked otherwise; clock.
function Bar:new(total, label, options)
  options = options or {}
  self.total, self.label, self.done = total, label or "", 0
  self.file, self.clock = options.file or io.stdout, options.clock or core.clock
  self.options, self.live = options, options.live
  if self.live == nil then self.live = self.file == io.stdout and terminal.is_smart() end
  self.start, self.drawn, self.open = self.clock(), -math.huge, false
end

local function asked(self, name, ask)
  local value <const> = self.options[name]
  if value == nil then return ask() end
  return value
end

-- " 53 %  231/s  0:07", or what is known without a total; and the share that is done
local function numbers(self, seconds)
  local rate <const> = rate_text(self.done, seconds)
  if not self.total then return ("  %d%s"):format(self.done, rate) end
  local fraction <const> = self.total > 0 and math.min(1, self.done / self.total) or 1
  local left <const> = self.done > 0 and seconds * math.max(0, self.total / self.done - 1) or 0
  local text <const> = " %3d %%%s  %s"
  return text:format(math.floor(100 * fraction), rate, progress.duration(left)), fraction
end

local function cut(text, room)
  if terminal.width(text) <= room then return text end
  return text:sub(1, (utf8.offset(text, room + 1) or room + 1) - 1)
end

-- The cells get what the texts leave; without room for a few of them the bar is left out.
local function line_of(self)
  local text <const>, fraction <const> = numbers(self, self.clock() - self.start)
  local note = self.note
  if type(note) == "function" then note = note() end
  note = note and "  " .. note or ""
  local room <const> = asked(self, "columns", terminal.columns) - 1
  local free <const> = room - terminal.width(self.label .. text .. note) - 3
  if not fraction or free < FEWEST then return cut(self.label .. text .. note, room) end
  local draw <const> = asked(self, "utf8", terminal.is_utf8) and utf8_cells or ascii_cells
  local bar = draw(fraction, math.min(CELLS, free))
  if asked(self, "color", terminal.has_color) then bar = "\27[36m" .. bar .. "\27[0m" end
  return self.label .. " " .. bar .. text .. note
end

--- bar:step(note): one more is done; the note stands behind the bar: a text, or a function that is
--- asked for it when the line is drawn.
function Bar:step(note)
  self.done, self.note = self.done + 1, note
  if not self.live then return end
  local now <const> = self.clock()
  if now - self.drawn < PAUSE and self.done ~= self.total then return end
  self.drawn, self.open = now, true
  self.file:write("\r", line_of(self), "\27[K")
  self.file:flush()
end

--- bar:finish(text): the bar gives way to this line.
function Bar:finish(text)
  self.open = false
  self.file:write(self.live and "\r" or "", text or self.label, self.live and "\27[K\n" or "\n")
  self.file:flush()
end

--- bar:close(): ends the line that an error or Ctrl-C left open; so does `<close>`.
function Bar:close()
  if not self.open then return end
  self.open = false
  self.file:write "\n"
  self.file:flush()
end
Bar.__close = Bar.close

progress.bar = Bar

return progress
