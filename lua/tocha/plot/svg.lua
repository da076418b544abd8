-- A display list as SVG 1.1: text, no library needed. Images are embedded as PNG where tocha.png is
-- there, otherwise as rectangles, one for each run of equal pixels.

local color = require "tocha.plot.color"
local Display = require "tocha.plot.display"
local base64 = require "tocha.plot.base64"
local markers = require "tocha.plot.markers"

local svg <const> = {}

local FONT <const> = "DejaVu Sans,Verdana,Helvetica,Arial,sans-serif"

-- ---- numbers and attributes ---------------------------------------------------------------------

local function number(v)
  local text <const> = ("%.2f"):format(v):gsub("0+$", ""):gsub("%.$", "")
  return text == "-0" and "0" or text
end

local ESCAPES <const> = { ["<"] = "&lt;", [">"] = "&gt;", ["&"] = "&amp;", ['"'] = "&quot;" }
local function escape(text) return (text:gsub('[<>&"]', ESCAPES)) end

local function paint(name, c)
  if not c or c[4] == 0 then return (' %s="none"'):format(name) end
  local opacity <const> = c[4] < 1 and (' %s-opacity="%s"'):format(name, number(c[4])) or ""
  return (' %s="%s"%s'):format(name, color.hex(c), opacity)
end

local function stroke_style(item)
  if not item.stroke then return "" end
  local text = paint("stroke", item.stroke)
    .. (' stroke-width="%s"'):format(number(item.width or 1))
  if item.dash then
    local parts <const> = {}
    for k, v in ipairs(item.dash) do parts[k] = number(v) end
    text = text .. (' stroke-dasharray="%s"'):format(table.concat(parts, ","))
  end
  return text
end

-- ---- primitives ---------------------------------------------------------------------------------

local function path_data(paths, closed)
  local parts <const> = {}
  for _, points in ipairs(paths) do
    for k = 1, #points, 2 do
      parts[#parts + 1] = ("%s%s %s"):format(k == 1 and "M" or "L", number(points[k]),
        number(points[k + 1]))
    end
    if closed then parts[#parts + 1] = "Z" end
  end
  return table.concat(parts)
end

local DRAW <const> = {}

function DRAW.path(item)
  local join <const> = item.stroke and ' stroke-linejoin="round"' or ""
  return ('<path d="%s"%s%s%s/>'):format(path_data(item.paths, item.closed),
    paint("fill", item.fill), stroke_style(item), join)
end

function DRAW.rect(item)
  return ('<rect x="%s" y="%s" width="%s" height="%s"%s%s/>'):format(number(item.x), number(item.y),
    number(item.w), number(item.h), paint("fill", item.fill), stroke_style(item))
end

local function marker_element(shape, x, y, size)
  if shape.radius then
    return ('<circle cx="%s" cy="%s" r="%s"'):format(number(x), number(y),
      number(shape.radius * size))
  end
  local paths <const> = {}
  for k, points in ipairs(shape.strokes or { shape.polygon }) do
    paths[k] = markers.at(points, x, y, size)
  end
  return ('<path d="%s"'):format(path_data(paths, not shape.strokes))
end

local function marker_style(shape, c, item)
  if shape.strokes then
    return ('<g fill="none"%s stroke-width="%s">'):format(paint("stroke", c),
      number(math.max(1, item.size / 5)))
  end
  local edge <const> = item.stroke and paint("stroke", item.stroke) .. ' stroke-width="0.6"' or ""
  return ("<g%s%s>"):format(paint("fill", c), edge)
end

-- Runs of one colour share a group.
function DRAW.markers(item)
  local shape <const>, parts <const>, current = markers.shape(item.shape), {}, nil
  local one <const> = type(item.colors[1]) == "number" and item.colors
  for k = 1, #item.xs do
    local c <const> = one or item.colors[k]
    if c ~= current then
      parts[#parts + 1] = (current and "</g>" or "") .. marker_style(shape, c, item)
      current = c
    end
    parts[#parts + 1] = marker_element(shape, item.xs[k], item.ys[k], item.size) .. "/>"
  end
  if current then parts[#parts + 1] = "</g>" end
  return table.concat(parts)
end

local ANCHORS <const> = { center = "middle", right = "end" }

local function text_start(item)
  local x <const>, y <const> = number(item.x), number(item.y)
  local parts <const> = { ('<text x="%s" y="%s" font-size="%s"'):format(x,
    number(item.y + Display.baseline(item)), number(item.size)) }
  local anchor <const> = ANCHORS[item.halign]
  if anchor then parts[#parts + 1] = (' text-anchor="%s"'):format(anchor) end
  if item.bold then parts[#parts + 1] = ' font-weight="bold"' end
  if (item.angle or 0) ~= 0 then
    parts[#parts + 1] = (' transform="rotate(%s %s %s)"'):format(number(-item.angle), x, y)
  end
  return table.concat(parts), escape(item.text)
end

-- A halo is the text drawn before as a broad line.
function DRAW.text(item)
  local start <const>, text <const> = text_start(item)
  local plain <const> = ("%s%s>%s</text>"):format(start, paint("fill", item.color), text)
  if not item.halo then return plain end
  return ('%s%s stroke-width="2.5" stroke-linejoin="round">%s</text>'):format(start,
    paint("fill", item.halo) .. paint("stroke", item.halo), text) .. plain
end

function DRAW.clip(item)
  local x <const>, y <const> = number(item.x), number(item.y)
  local w <const>, h <const> = number(item.w), number(item.h)
  return ('<svg x="%s" y="%s" width="%s" height="%s" viewBox="%s %s %s %s">'):format(x, y, w, h, x,
    y, w, h)
end

function DRAW.unclip() return "</svg>" end

local LARGEST <const> = 2000000  -- pixels of an image that is enlarged

-- ---- images -------------------------------------------------------------------------------------

-- Not all viewers know `pixelated`, and smooth what they enlarge: small pictures are enlarged
-- before.
local function enlarged(item)
  local h <const>, w <const> = item.pixels:size(1), item.pixels:size(2)
  local factor <const> = math.ceil(2 * math.max(item.w / w, item.h / h))
  if item.smooth or factor < 2 or factor ^ 2 * w * h > LARGEST then return item.pixels end
  return item.pixels:repeat_interleave(factor, 1):repeat_interleave(factor, 2):contiguous()
end

local function embedded(item, png)
  local style <const> = item.smooth and "" or ' style="image-rendering:pixelated"'
  return ('<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none"%s%s '
    .. 'xlink:href="data:image/png;base64,%s"/>'):format(number(item.x), number(item.y),
    number(item.w), number(item.h), style,
    item.opacity and (' opacity="%s"'):format(number(item.opacity)) or "",
    base64(png.encode(enlarged(item))))
end

-- Neighbours overlap by a little, since edges that only touch show as a line.
local OVERLAP <const> = 0.3

local function as_rects(item)
  local rows <const> = item.pixels:totable()
  local dx <const>, dy <const> = item.w / #rows[1], item.h / #rows
  local parts <const> = { item.opacity and ('<g opacity="%s">'):format(number(item.opacity))
    or "<g>" }
  for i, row in ipairs(rows) do
    local first = 1
    for j = 1, #row do
      local here <const>, after <const> = row[j], row[j + 1]
      local same <const> = after and here[1] == after[1] and here[2] == after[2]
        and here[3] == after[3] and here[4] == after[4]
      if not same then
        parts[#parts + 1] = DRAW.rect {
          x = item.x + (first - 1) * dx, y = item.y + (i - 1) * dy,
          w = (j - first + 1) * dx + OVERLAP, h = dy + OVERLAP,
          fill = { here[1], here[2], here[3], here[4] / 255 },
        }
        first = j + 1
      end
    end
  end
  parts[#parts + 1] = "</g>"
  return table.concat(parts)
end

function DRAW.image(item)
  local ok <const>, png <const> = pcall(require, "tocha.png")
  if ok then return embedded(item, png) end
  return as_rects(item)
end

-- ---- the document -------------------------------------------------------------------------------

--- svg.body(list): the elements, a line each.
function svg.body(list)
  local parts <const> = {}
  for k, item in ipairs(list) do parts[k] = DRAW[item.kind](item) end
  return table.concat(parts, "\n")
end

--- svg.document(width, height, body)
function svg.document(width, height, body)
  return ('<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    .. 'width="%s" height="%s" viewBox="0 0 %s %s" font-family="%s">\n%s\n</svg>\n'):format(
    number(width), number(height), number(width), number(height), FONT, body)
end

return svg
