-- Pictures in terminals that show them: kitty's protocol, sixel, iTerm2's. Each is the PNG or the
-- pixels of the figure between escape codes.

local core = require "tocha.core"
local base64 = require "tocha.plot.base64"
local palette = require "tocha.plot.palette"
local screen = require "tocha.plot.screen"
local term = require "tocha.terminal"

local graphics <const> = {}

-- ---- kitty, iTerm2 ------------------------------------------------------------------------------

local CHUNK <const> = 4096

--- graphics.kitty(png): https://sw.kovidgoyal.net/kitty/graphics-protocol/: a PNG (f=100), shown at
--- once (a=T), in chunks; m=1 says that more follow.
function graphics.kitty(png)
  local text <const>, parts <const> = base64(png), {}
  for first = 1, #text, CHUNK do
    local more <const> = first + CHUNK <= #text and 1 or 0
    local keys <const> = first == 1 and ("f=100,a=T,q=2,m=%d"):format(more) or ("m=%d"):format(more)
    parts[#parts + 1] = ("\27_G%s;%s\27\\"):format(keys, text:sub(first, first + CHUNK - 1))
  end
  return table.concat(parts)
end

--- graphics.iterm(png): https://iterm2.com/documentation-images.html
function graphics.iterm(png)
  return ("\27]1337;File=inline=1;size=%d:%s\a"):format(#png, base64(png))
end

-- ---- sixel --------------------------------------------------------------------------------------
-- Bands of six rows; for each colour of a band a letter a column, whose bits say which of the six
-- pixels have it. "$" goes back to the band's start, "-" to the next; "!n" repeats.

local function run_length(letters, first, last)
  local parts <const>, k = {}, first
  while k <= last do
    local n = 1
    while k + n <= last and letters[k + n] == letters[k] do n = n + 1 end
    local letter <const> = string.char(63 + (letters[k] or 0))
    parts[#parts + 1] = n > 3 and ("!%d%s"):format(n, letter) or letter:rep(n)
    k = k + n
  end
  return table.concat(parts)
end

-- Colour -> its bits by column, for the rows first..first + 5 of colour numbers.
local function masks_of(rows, first)
  local masks <const>, order <const> = {}, {}
  for bit = 0, 5 do
    local row <const> = rows[first + bit]
    for x = 1, row and #row or 0 do
      local c <const> = row[x]
      local mask = masks[c]
      if not mask then
        mask = {}
        masks[c] = mask
        order[#order + 1] = c
      end
      mask[x] = (mask[x] or 0) | 1 << bit
    end
  end
  return masks, order
end

--- graphics.sixel(pixels): (H, W, 4) uint8; at most 256 colours.
function graphics.sixel(pixels)
  local colors <const>, numbers <const> = palette.of(pixels, 256)
  local rows <const> = numbers:totable()
  local wide <const> = #rows[1]
  local parts <const> = { ("\27Pq\"1;1;%d;%d"):format(wide, #rows) }
  for k, c in ipairs(colors) do
    parts[#parts + 1] = ("#%d;2;%d;%d;%d"):format(k - 1, c[1] * 100 // 255, c[2] * 100 // 255,
      c[3] * 100 // 255)
  end
  for first = 1, #rows, 6 do
    local masks <const>, order <const> = masks_of(rows, first)
    for k, c in ipairs(order) do
      parts[#parts + 1] = ("%s#%d%s"):format(k > 1 and "$" or "", c - 1,
        run_length(masks[c], 1, wide))
    end
    parts[#parts + 1] = "-"
  end
  return table.concat(parts) .. "\27\\"
end

-- ---- the choice ---------------------------------------------------------------------------------

local WAYS <const> = {
  kitty = function(pixels) return graphics.kitty(require("tocha.png").encode(pixels)) end,
  iterm = function(pixels) return graphics.iterm(require("tocha.png").encode(pixels)) end,
  sixel = graphics.sixel,
}

local function has_all(modules)
  for _, name in ipairs(modules) do
    if not pcall(require, "tocha." .. name) then return false end
  end
  return true
end

--- graphics.way(options, modules): how the terminal shows pictures, "kitty", "sixel" or "iterm", or
--- nil where characters are to be drawn: it cannot, or the modules that this needs are missing. A
--- way that is asked for by name is taken without looking.
function graphics.way(options, modules)
  local way <const> = options.graphics or term.is_smart() and screen.graphics() or "none"
  if way == "none" or not options.graphics and not has_all(modules) then return nil end
  if not WAYS[way] then
    core.fail("show", "graphics", "unknown way '%s' (there are: kitty, sixel, iterm, none)",
      tostring(way))
  end
  return way
end

--- graphics.encode(way, pixels): the escape codes that show pixels (H, W, 4) uint8.
function graphics.encode(way, pixels) return WAYS[way](pixels) end

--- graphics.picture(figure, options): the escape codes that show it, or nil where characters are to
--- be drawn.
function graphics.picture(figure, options)
  local way <const> = graphics.way(options, { "cairo", "png" })
  return way and graphics.encode(way, figure:pixels { scale = options.scale or 1 })
end

return graphics
