-- PPM and PGM: P6 and P5 (of one or two bytes), P3 and P2 (numbers in text). Comments are skipped.

local raw = require "tocha.io.raw"
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

-- From 0..most to 0..255, or to 0..65535 in int32.
local function scaled(x, most, depth)
  local full <const> = depth == 16 and 65535 or 255
  if most ~= full then x = (x:long():clamp(0, most) * (2 * full) + most) // (2 * most) end
  return x:to(depth == 16 and "int32" or "uint8")
end

local function binary_samples(bytes, at, n, most)
  if most < 256 then return tensor.from_bytes(bytes:sub(at + 1, at + n), { n }, "uint8") end
  return raw.unsigned(bytes:sub(at + 1, at + 2 * n), { n }, 2, true)
end

--- netpbm.decode(bytes, {max_pixels, depth}): (H, W, C) uint8, or int32 with depth 16
function netpbm.decode(bytes, options)
  local kind <const> = bytes:sub(1, 2)
  local channels <const> = CHANNELS[kind]
  local w, h, most, at
  w, at = number_at(bytes, 3)
  h, at = number_at(bytes, at)
  most, at = number_at(bytes, at)
  if w * h > options.max_pixels then error("there are more pixels than max_pixels", 0) end
  if w == 0 or h == 0 then error("the picture is empty", 0) end
  if most < 1 or most > 65535 then error("its largest number is not 1 to 65535", 0) end
  local is_text <const> = kind == "P2" or kind == "P3"
  local n <const> = w * h * channels
  if #bytes - at < n * (is_text and 1 or most > 255 and 2 or 1) then
    error("the data end too early", 0)
  end
  local samples <const> = is_text and tensor.from(text_samples(bytes, at, n), { dtype = "int32" })
    or binary_samples(bytes, at, n, most)
  return scaled(samples, most, options.depth):reshape(h, w, channels)
end

--- netpbm.encode(pixels (H, W, 1 or 3), {depth}): P5 or P6
function netpbm.encode(pixels, options)
  local channels <const> = pixels:size(3)
  if channels ~= 1 and channels ~= 3 then error("PPM and PGM have no opacity", 0) end
  local most <const> = options.depth == 16 and 65535 or 255
  local samples <const> = most == 255 and pixels:to_bytes()
    or raw.swapped(pixels:clamp(0, most):to("int16"):to_bytes(), 2)
  return ("%s\n%d %d\n%d\n"):format(channels == 1 and "P5" or "P6", pixels:size(2),
    pixels:size(1), most) .. samples
end

return netpbm
