-- PPM and PGM: P6 and P5 (bytes), P3 and P2 (numbers in text), of 8 bits. Comments are skipped.

local tensor = require "tocha.tensor"

local netpbm <const> = {}

local CHANNELS <const> = { P2 = 1, P3 = 3, P5 = 1, P6 = 3 }

-- The next number of the header, and where it ends.
local function number_at(bytes, at)
  while true do
    local first <const> = bytes:find("%S", at)
    if not first then error("the data end too early", 0) end
    if bytes:sub(first, first) ~= "#" then
      local _, last <const>, digits <const> = bytes:find("^(%d+)", first)
      if not digits or #digits > 9 then error("the header is damaged", 0) end
      return tonumber(digits), last + 1
    end
    at = (bytes:find("\n", first, true) or #bytes) + 1
  end
end

local function text_samples(bytes, at, n)
  local list <const> = {}
  for digits in bytes:sub(at):gsub("#[^\n]*", ""):gmatch "%S+" do
    local v <const> = #digits < 9 and tonumber(digits:match "^%d+$")
    if not v then error("a number is damaged", 0) end
    list[#list + 1] = v
    if #list == n then break end
  end
  if #list < n then error("the data end too early", 0) end
  return list
end

local function scaled(x, most)
  if most == 255 then return x end
  return ((x:long():clamp(0, most) * 510 + most) // (2 * most)):byte()
end

--- netpbm.decode(bytes, {max_pixels}): (H, W, C) uint8
function netpbm.decode(bytes, options)
  local kind <const> = bytes:sub(1, 2)
  local channels <const> = CHANNELS[kind]
  local w, h, most, at
  w, at = number_at(bytes, 3)
  h, at = number_at(bytes, at)
  most, at = number_at(bytes, at)
  if w * h > options.max_pixels then error("there are more pixels than max_pixels", 0) end
  if w == 0 or h == 0 then error("the picture is empty", 0) end
  if most < 1 or most > 255 then error("only 8 bits are read", 0) end
  local n <const> = w * h * channels
  if #bytes - at < n then error("the data end too early", 0) end
  if kind == "P2" or kind == "P3" then
    local list <const> = text_samples(bytes, at, n)
    return scaled(tensor.from(list, { dtype = "int32" }):clamp(0, most), most):byte()
      :reshape(h, w, channels)
  end
  return scaled(tensor.from_bytes(bytes:sub(at + 1, at + n), { h, w, channels }, "uint8"), most)
end

--- netpbm.encode(pixels (H, W, 1 or 3) uint8): P5 or P6
function netpbm.encode(pixels)
  local channels <const> = pixels:size(3)
  if channels ~= 1 and channels ~= 3 then error("PPM and PGM have no opacity", 0) end
  return ("%s\n%d %d\n255\n"):format(channels == 1 and "P5" or "P6", pixels:size(2),
    pixels:size(1)) .. pixels:to_bytes()
end

return netpbm
