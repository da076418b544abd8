-- EXIF's orientation: how a camera was held, and a picture as one means to see it.
--
-- EXIF 2.32 (JEITA CP-3451), 4.6.4, tag 0x0112: the first row of the data is at the top, the right,
-- ... of the scene. It stands in the first directory of a TIFF file that JPEG keeps in APP1, PNG in
-- eXIf and WebP in EXIF. Where it is damaged or missing, the picture stands upright.

local exif <const> = {}

local ORIENTATION <const>, SHORT <const> = 0x0112, 3
local ENTRY <const> = 12  -- bytes

-- ---- TIFF ---------------------------------------------------------------------------------------

local function of_tiff(tiff)
  local order <const> = ({ ["II*\0"] = "<", ["MM\0*"] = ">" })[tiff:sub(1, 4)]
  if not order or #tiff < 8 then return 1 end
  local at = (order .. "I4"):unpack(tiff, 5) + 1
  if at + 1 > #tiff then return 1 end
  local count <const> = (order .. "I2"):unpack(tiff, at)
  for k = 0, count - 1 do
    local entry <const> = at + 2 + k * ENTRY
    if entry + ENTRY - 1 > #tiff then return 1 end
    local tag <const>, kind <const>, _, value <const> = (order .. "I2I2I4I2"):unpack(tiff, entry)
    if tag == ORIENTATION then
      return kind == SHORT and value >= 1 and value <= 8 and value or 1
    end
  end
  return 1
end

-- ---- where the formats keep it ------------------------------------------------------------------
-- Each gives the TIFF file, or nil.

local function in_jpeg(bytes)
  local at = 3
  while at + 3 <= #bytes do
    local mark <const>, code <const>, size <const> = (">BBI2"):unpack(bytes, at)
    if mark ~= 0xff or code == 0xda then return nil end
    if code == 0xff then at = at + 1  -- a byte that fills
    elseif code == 0xe1 and bytes:sub(at + 4, at + 9) == "Exif\0\0" then
      return bytes:sub(at + 10, at + 1 + size)
    else at = at + 2 + size end
  end
end

local function in_png(bytes)
  local at = 9
  while at + 7 <= #bytes do
    local size <const>, kind <const> = (">I4c4"):unpack(bytes, at)
    if kind == "eXIf" then return bytes:sub(at + 8, at + 7 + size) end
    at = at + 12 + size
  end
end

local function in_webp(bytes)
  local at = 13
  while at + 7 <= #bytes do
    local kind <const>, size <const> = ("<c4I4"):unpack(bytes, at)
    if kind == "EXIF" then
      return (bytes:sub(at + 8, at + 7 + size):gsub("^Exif%z%z", ""))
    end
    at = at + 8 + size + size % 2
  end
end

local PLACES <const> = { jpeg = in_jpeg, png = in_png, webp = in_webp }

--- exif.orientation(bytes, format): 1 to 8; 1 is upright.
function exif.orientation(bytes, format)
  local find <const> = PLACES[format]
  local tiff <const> = find and find(bytes)
  return tiff and of_tiff(tiff) or 1
end

-- ---- turning ------------------------------------------------------------------------------------

-- By orientation: are rows and columns exchanged first, and which dimensions are then turned round?
local TURNS <const> = {
  { false, {} }, { false, { 3 } }, { false, { 2, 3 } }, { false, { 2 } },
  { true, {} }, { true, { 3 } }, { true, { 2, 3 } }, { true, { 2 } },
}

--- exif.upright(x, orientation): the picture (C, H, W) turned and mirrored to stand upright.
function exif.upright(x, orientation)
  local turn <const> = TURNS[orientation]
  if turn[1] then x = x:transpose(2, 3) end
  return #turn[2] > 0 and x:flip(turn[2]) or x
end

return exif
