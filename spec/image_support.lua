-- Small pictures in files, with their pixels: the lines of golden/images.txt and pictures.txt.

local tocha = require "tocha"

local support <const> = {}

function support.exists(path)
  local file <const> = io.open(path, "rb")
  return file and file:close()
end

--- support.difference(a, b): the largest of two pictures' pixels.
function support.difference(a, b) return (a:int() - b:int()):abs():max():item() end

local DIGITS <const> = {}
for k = 1, 64 do
  local letters <const> = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  DIGITS[letters:sub(k, k)] = k - 1
end

local function from_base64(text)
  local bytes <const>, bits, n = {}, 0, 0
  for letter in text:gmatch "[^=]" do
    bits, n = (bits << 6 | DIGITS[letter]) & 0xffffff, n + 6
    if n >= 8 then
      n = n - 8
      bytes[#bytes + 1] = string.char(bits >> n & 255)
    end
  end
  return table.concat(bytes)
end

-- Pixels of two bytes, the high one first, as numbers.
local function wide_pixels(bytes, shape)
  local list <const> = {}
  for k = 1, #bytes, 2 do list[#list + 1] = (string.unpack(">I2", bytes, k)) end
  return tocha.tensor(list, { dtype = "int32" }):reshape(shape)
end

--- support.cases(path): { name, depth, bytes, pixels }, and of lines "shared" { name, shape, crc }.
function support.cases(path)
  local cases <const>, shared <const> = {}, {}
  for line in io.lines(path) do
    local f <const> = {}
    for field in line:gmatch "%S+" do f[#f + 1] = field end
    if f[1] == "shared" then
      shared[#shared + 1] = { name = f[2], shape = { f[3], f[4], f[5] }, crc = f[6] }
    else
      local shape <const> = { tonumber(f[3]), tonumber(f[4]), tonumber(f[5]) }
      local raw <const> = from_base64(f[7])
      cases[#cases + 1] = {
        name = f[1], depth = tonumber(f[2]), bytes = from_base64(f[6]),
        pixels = f[2] == "16" and wide_pixels(raw, shape) or tocha.from_bytes(raw, shape, "uint8"),
      }
    end
  end
  return cases, shared
end

return support
