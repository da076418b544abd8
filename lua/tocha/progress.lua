-- A progress bar: one line that redraws itself on a terminal, one plain line at the end elsewhere.
--
--     local bar = progress.bar(100, "epoch 1")
--     for k = 1, 100 do bar:step("loss 0.5") end
--     bar:finish "epoch 1: loss 0.5"
--
-- Draws at most ten times a second. Assumes 80 columns.

local core = require "tocha.core"
local Object = require "tocha.class"

local progress <const> = {}
local COLUMNS <const>, CELLS <const>, PAUSE <const> = 79, 30, 0.1

local terminal  -- whether stdout is one; asked once, since asking starts a process

--- progress.is_terminal(): does standard output go to a terminal?
function progress.is_terminal()
  if terminal == nil then
    terminal = os.getenv "TERM" ~= "dumb" and os.execute "test -t 1" == true
  end
  return terminal
end

-- Parts of a cell in eighths, so that the bar moves smoothly.
local PARTS <const> = { [0] = "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" }

local function cells(fraction)
  local eighths <const> = math.floor(fraction * CELLS * 8)
  local full <const>, part <const> = eighths // 8, PARTS[eighths % 8]
  return ("█"):rep(full) .. part .. (" "):rep(CELLS - full - (part == "" and 0 or 1))
end

local Bar <const> = Object:extend "Bar"

function Bar:new(total, label)
  self.total, self.label, self.done = total, label or "", 0
  self.drawn = -PAUSE
end

local function draw(self, note)
  local fraction <const> = self.total > 0 and math.min(1, self.done / self.total) or 1
  local tail <const> = (" %3d %%  %s"):format(math.floor(100 * fraction), note or "")
  local room <const> = COLUMNS - CELLS - #self.label - 3
  io.write("\r\27[K", self.label, " ▕", cells(fraction), "▏", tail:sub(1, math.max(0, room)))
  io.flush()
end

--- bar:step(note): one more is done; the note stands behind the bar.
function Bar:step(note)
  self.done = self.done + 1
  if not progress.is_terminal() then return end
  local now <const> = core.clock()
  if now - self.drawn < PAUSE and self.done < self.total then return end
  self.drawn = now
  draw(self, note)
end

--- bar:finish(text): the bar gives way to this line.
function Bar:finish(text)
  io.write(progress.is_terminal() and "\r\27[K" or "", text or self.label, "\n")
  io.flush()
end

--- progress.bar(total, label): a bar of `total` steps.
progress.bar = Bar

return progress
