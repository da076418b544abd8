-- Colours: names, "#rrggbb", grey levels and lists become one form, {r, g, b, a} with r, g, b in
-- 0..255 and a, the opacity, in 0..1.
--
-- The cycle, of which each artist takes the next, is Okabe and Ito's: told apart by colour-blind
-- eyes and in grey print.

local core = require "tocha.core"

local color <const> = {}

--- color.cycle: the colours that artists take in turn; "C1" is the first.
color.cycle = {
  "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5C3E", "#5B5B5B",
}

local NAMES <const> = {
  b = "#0000ff", g = "#008000", r = "#ff0000", c = "#00bfbf", m = "#bf00bf", y = "#bfbf00",
  k = "#000000", w = "#ffffff",
  black = "#000000", white = "#ffffff", gray = "#808080", grey = "#808080", silver = "#c0c0c0",
  lightgray = "#d3d3d3", darkgray = "#a9a9a9", dimgray = "#696969", red = "#ff0000",
  darkred = "#8b0000", crimson = "#dc143c", firebrick = "#b22222", tomato = "#ff6347",
  coral = "#ff7f50", salmon = "#fa8072", orange = "#ffa500", darkorange = "#ff8c00",
  gold = "#ffd700", yellow = "#ffff00", khaki = "#f0e68c", olive = "#808000", lime = "#00ff00",
  green = "#008000", darkgreen = "#006400", forestgreen = "#228b22", seagreen = "#2e8b57",
  lightgreen = "#90ee90", teal = "#008080", turquoise = "#40e0d0", cyan = "#00ffff",
  aqua = "#00ffff", skyblue = "#87ceeb", lightblue = "#add8e6", steelblue = "#4682b4",
  royalblue = "#4169e1", dodgerblue = "#1e90ff", cornflowerblue = "#6495ed", blue = "#0000ff",
  mediumblue = "#0000cd", darkblue = "#00008b", navy = "#000080", indigo = "#4b0082",
  purple = "#800080", violet = "#ee82ee", orchid = "#da70d6", magenta = "#ff00ff",
  fuchsia = "#ff00ff", pink = "#ffc0cb", hotpink = "#ff69b4", brown = "#a52a2a",
  chocolate = "#d2691e", sienna = "#a0522d", tan = "#d2b48c", maroon = "#800000",
}

local TRANSPARENT <const> = { 0, 0, 0, 0 }

local function of_hex(text)
  local digits = text:match "^#(%x+)$"
  if not digits then return nil end
  if #digits == 3 or #digits == 4 then digits = digits:gsub("%x", "%0%0") end
  if #digits ~= 6 and #digits ~= 8 then return nil end
  local bytes <const> = {}
  for pair in digits:gmatch "%x%x" do bytes[#bytes + 1] = tonumber(pair, 16) end
  return { bytes[1], bytes[2], bytes[3], (bytes[4] or 255) / 255 }
end

local function of_text(text)
  if text == "none" then return TRANSPARENT end
  local index <const> = tonumber(text:match "^C(%d+)$")
  if index and index > 0 then return of_hex(color.cycle[(index - 1) % #color.cycle + 1]) end
  local grey <const> = tonumber(text)
  if grey and grey >= 0 and grey <= 1 then
    return { 255 * grey, 255 * grey, 255 * grey, 1 }
  end
  return of_hex(NAMES[text] or text)
end

local function of_list(list)
  for k = 1, #list do
    if type(list[k]) ~= "number" or not (list[k] >= 0 and list[k] <= 1) then return nil end
  end
  if #list ~= 3 and #list ~= 4 then return nil end
  return { 255 * list[1], 255 * list[2], 255 * list[3], list[4] or 1 }
end

--- color.is(value): can it be read as a colour?
function color.is(value)
  if type(value) == "string" then return of_text(value) ~= nil end
  return type(value) == "table" and of_list(value) ~= nil
end

--- color.parse(value, alpha, who): "red", "r", "#f00", "#ff0000", "#ff000080", "0.5" (grey), "C1",
--- "none" or {1, 0, 0} (also with an opacity). `alpha` multiplies the opacity.
function color.parse(value, alpha, who)
  local found
  if type(value) == "string" then found = of_text(value)
  elseif type(value) == "table" then found = of_list(value) end
  if not found then
    core.fail(who or "color", nil,
      "%s is no color (there are names such as \"red\", \"#ff0000\", \"0.5\", \"C1\", {1, 0, 0})",
      type(value) == "string" and ("%q"):format(value) or "a " .. type(value))
  end
  if not alpha or alpha == 1 then return found end
  return { found[1], found[2], found[3], found[4] * alpha }
end

--- color.bytes(c): r, g, b as integers.
function color.bytes(c)
  return math.floor(c[1] + 0.5), math.floor(c[2] + 0.5), math.floor(c[3] + 0.5)
end

--- color.hex(c): "#rrggbb" of {r, g, b, a}.
function color.hex(c) return ("#%02x%02x%02x"):format(color.bytes(c)) end

--- color.is_dark(c): does white text read better on it than black? By WCAG's relative luminance.
function color.is_dark(c)
  local function linear(v) return (v / 255) ^ 2.2 end
  return 0.2126 * linear(c[1]) + 0.7152 * linear(c[2]) + 0.0722 * linear(c[3]) < 0.35
end

--- color.mix(a, b, t): from a (t = 0) to b (t = 1).
function color.mix(a, b, t)
  local mixed <const> = {}
  for k = 1, 4 do mixed[k] = a[k] + (b[k] - a[k]) * t end
  return mixed
end

return color
