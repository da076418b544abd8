-- Animations as GIF: each frame holds only the rectangle that changed, and of it only what changed;
-- the rest is clear. Colours of a frame are exact up to 255, then the nearest.

local core = require "tocha.core"
local palette = require "tocha.plot.palette"
local registry = require "tocha.op"

local ops <const> = registry.ops
local gif <const> = {}

local CLEAR <const> = 255      -- number of the clear colour, from 0
local COLORS <const> = 255     -- beside it
local LONGEST <const> = 65535  -- delay

-- First and last true of a list, or nil.
local function span(mask)
  local places <const> = mask:nonzero():flatten()
  if places:numel() == 0 then return nil end
  return places[1]:item(), places[-1]:item()
end

-- The rectangle in which two pictures (H, W, 3) differ, as top, bottom, left, right; and where (H,
-- W).
local function changes(before, now)
  local differs <const> = before:ne(now):any(3)
  local top <const>, bottom <const> = span(differs:any(2))
  local left <const>, right <const> = span(differs:any(1))
  return top, bottom, left, right, differs
end

local function palette_bytes(colors)
  local parts <const> = {}
  for k, c in ipairs(colors) do parts[k] = string.char(c[1], c[2], c[3]) end
  return table.concat(parts) .. ("\0"):rep(3 * (COLORS + 1 - #colors))
end

local function frame_of(pixels, differs, delay, x, y)
  local colors <const>, numbers <const> = palette.of(pixels, COLORS)
  local from_zero = numbers - 1
  if differs then from_zero = ops.where(differs, from_zero, CLEAR) end
  return {
    pixels = from_zero:byte():contiguous(), palette = palette_bytes(colors), delay = delay, x = x,
    y = y, transparent = differs and CLEAR or nil,
  }
end

-- A picture that equals the one before only prolongs it.
local function add_frame(frames, before, now, delay)
  if not before then
    frames[1] = frame_of(now, nil, delay, 0, 0)
    return
  end
  local top <const>, bottom <const>, left <const>, right <const>, differs <const> =
    changes(before, now)
  if not top then
    frames[#frames].delay = math.min(LONGEST, frames[#frames].delay + delay)
    return
  end
  local rows <const>, cols <const> = { top, bottom }, { left, right }
  frames[#frames + 1] = frame_of(now[{ rows, cols, {} }], differs[{ rows, cols }], delay, left - 1,
    top - 1)
end

--- gif.encode(codec, who, n, pixels_of, delay_of): the bytes of n pictures, which repeat for ever.
--- codec is tocha.gif; pixels_of(k) gives (H, W, 3) uint8, delay_of(k) how long it stands in 1/100
--- s. Errors are those of `who`.
function gif.encode(codec, who, n, pixels_of, delay_of)
  local frames <const>, before = {}, nil
  for k = 1, n do
    local now <const> = pixels_of(k)
    if before and not now:is_same_size(before) then
      core.fail(who, 2, "figure %d has another size than those before it", k)
    end
    add_frame(frames, before, now, math.min(LONGEST, delay_of(k)))
    before = now
  end
  return codec.encode(before:size(2), before:size(1), frames)
end

return gif
