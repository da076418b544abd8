-- Colour maps: numbers in 0..1 to colours, by linear interpolation between anchors at equal
-- distances.
--
-- viridis, magma, inferno, plasma (van der Walt and Smith, CC0), turbo (Mikhailov) and coolwarm
-- (Moreland) are anchors fitted to the published tables, within 5 of 255; RdBu, Spectral, Blues,
-- Greens, Reds and Greys are ColorBrewer's (Brewer). "_r" behind a name turns it round.

local core = require "tocha.core"
local registry = require "tocha.op"
local color = require "tocha.plot.color"
local tensor = require "tocha.tensor"

local ops <const> = registry.ops
local colormap <const> = {}

local ANCHORS <const> = {
  viridis = [[
    440154471164481f71472d7b443a834046883b528b355d8d31688e2c728e287c8e24868e21908d1e9a8a20a486
    27ae8035b77947c06f5cc96374d0548fd744abdc32c7e01fe3e417fde725]],
  magma = [[
    0000040908211c1246350f6c51117d691c818226829c2e80b6367ad04070e75063f5695bfc8760fea570fec387
    fde0a1fcfdbf]],
  inferno = [[
    000004050418110a30210d4a33095f450a6a57106e68166f781c6d89226a9a2865ab2f5ebb3755ca404ad84b3f
    e45932ed6925f57a18f98d09fca006fcb519f9ca32f4df51f0f27bfcffa4]],
  plasma = [[
    0d08873205974c03a16600a87e02a89511a2a92396bb3587cb4778d9596ae66c5cf07f4ff89441fdab33fec327
    f9dd25f0f921]],
  turbo = [[
    30123b3c3185444fbd476be44786fc3ca1ff29bbed19d3d118e5b730f29a56fb7581ff53a3fd3bbff433d9e535
    eed13afbbb39ffa02ffc8022f36014e5450ad23005ba1e029d0f017a0403]],
  coolwarm = [[
    3b4cc0475fd05471de6282ea7092f37ea2fa8db0fe9cbcffaac7fdb8d0f9c5d6f2d2dbe9dddddde7d7cdefcfbd
    f5c4adf7b89cf7aa8bf49a7bef886be8755bde614dd24a3fc43132b40426]],
  RdBu = "67001fb2182bd6604df4a582fddbc7f7f7f7d1e5f092c5de4393c32166ac053061",
  Spectral = "9e0142d53e4ff46d43fdae61fee08bffffbfe6f598abdda466c2a53288bd5e4fa2",
  Blues = "f7fbffdeebf7c6dbef9ecae16baed64292c62171b508519c08306b",
  Greens = "f7fcf5e5f5e0c7e9c0a1d99b74c47641ab5d238b45006d2c00441b",
  Reds = "fff5f0fee0d2fcbba1fc9272fb6a4aef3b2ccb181da50f1567000d",
  Greys = "fffffff0f0f0d9d9d9bdbdbd969696737373525252252525000000",
  gray = "000000ffffff",
}
ANCHORS.grey, ANCHORS.binary = ANCHORS.gray, "ffffff000000"

--- colormap.names: of all maps, sorted.
colormap.names = {}
for name in pairs(ANCHORS) do colormap.names[#colormap.names + 1] = name end
table.sort(colormap.names)

local LEVELS <const> = 256
local BAD <const> = { 255, 255, 255, 0 }  -- what NaN looks like: nothing

local function anchors_of(name)
  local base <const>, turned <const> = name:match "^(.-)(_?r?)$"
  local text <const> = ANCHORS[name] or turned == "_r" and ANCHORS[base]
  if not text then
    core.fail("colormap", nil, "unknown map '%s' (there are: %s)", name,
      table.concat(colormap.names, ", "))
  end
  local list <const> = {}
  for r, g, b in text:gmatch "(%x%x)(%x%x)(%x%x)" do
    local at <const> = turned == "_r" and not ANCHORS[name] and 1 or #list + 1
    table.insert(list, at, { tonumber(r, 16), tonumber(g, 16), tonumber(b, 16), 1 })
  end
  return list
end

local function interpolate(list, t)
  local place <const> = t * (#list - 1)
  local k <const> = math.min(place // 1 | 0, #list - 2)
  return color.mix(list[k + 1], list[k + 2], place - k)
end

local tables <const> = {}  -- name -> the colours of its levels

-- `cmap` is the name of a map, or a list of colours between which to interpolate.
local function levels_of(cmap)
  if tables[cmap] then return tables[cmap] end
  local list = {}
  if type(cmap) == "string" then list = anchors_of(cmap)
  elseif type(cmap) == "table" and #cmap > 1 then
    for k, each in ipairs(cmap) do list[k] = color.parse(each, nil, "colormap") end
  else core.fail("colormap", nil, "expected the name of a map or a list of colors") end
  local levels <const> = {}
  for k = 1, LEVELS do levels[k] = interpolate(list, (k - 1) / (LEVELS - 1)) end
  if type(cmap) == "string" then tables[cmap] = levels end
  return levels
end

--- colormap.color(cmap, t): the colour {r, g, b, a} at t in 0..1; beyond, that of the end.
function colormap.color(cmap, t)
  if t ~= t then return BAD end
  local k <const> = math.min(LEVELS, math.max(1, t * LEVELS // 1 + 1))
  return levels_of(cmap)[k | 0]
end

--- colormap.discrete(cmap, n): n colours from one end to the other.
function colormap.discrete(cmap, n)
  local list <const> = {}
  for k = 1, n do list[k] = colormap.color(cmap, n == 1 and 0.5 or (k - 1) / (n - 1)) end
  return list
end

-- (LEVELS + 1, 4) uint8; the last row is for NaN.
local function lookup_table(cmap)
  local rows <const> = {}
  for k, c in ipairs(levels_of(cmap)) do
    rows[k] = { color.bytes(c) }
    rows[k][4] = 255
  end
  rows[LEVELS + 1] = BAD
  return tensor.from(rows, { dtype = "uint8" })
end

--- colormap.apply(x, cmap, low, high): a tensor (H, W) of numbers to pixels (H, W, 4) uint8; `low`
--- and below has the first colour, `high` and above the last, NaN is transparent.
function colormap.apply(x, cmap, low, high)
  local span <const> = high > low and high - low or 1
  local place <const> = ((x:detach():double() - low) * (LEVELS / span)):floor():clamp(0, LEVELS - 1)
  local ids <const> = ops.where(place:isnan(), LEVELS, place):long() + 1
  return lookup_table(cmap):index_select(1, ids:flatten()):reshape(x:size(1), x:size(2), 4)
end

return colormap
