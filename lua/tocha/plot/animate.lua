-- plot.animate: a figure for each moment, as an animated GIF (tocha.gif) or an animated SVG.

local core = require "tocha.core"
local file = require "tocha.io.file"
local gif = require "tocha.plot.gif"

local OPTIONS <const> = { path = true, fps = true, scale = true, hold = true }

-- ---- GIF ----------------------------------------------------------------------------------------

local function load_gif()
  local ok <const>, codec <const> = pcall(require, "tocha.gif")
  if ok then return codec end
  core.fail("animate", "path", "writing GIF needs giflib, which this build of Tocha is without "
    .. "(Debian: libgif-dev, then `make build`); a path that ends in .svg works")
end

local function a_figure(value)
  if type(value) == "table" and value.pixels then return value end
  core.fail("animate", 2, "the function must return a figure, got %s", type(value))
end

local SHORTEST <const> = 2  -- 1/100 s, which viewers keep

local function make_gif(n, figure_of, options)
  local delay <const> = math.max(SHORTEST, math.floor(100 / options.fps + 0.5))
  local hold <const> = options.hold * 100 // 1 | 0
  return gif.encode(load_gif(), "animate", n, function(k)
    return a_figure(figure_of(k)):pixels({ scale = options.scale }):narrow(3, 1, 3)
  end, function(k) return k == n and delay + hold or delay end)
end

-- ---- SVG ----------------------------------------------------------------------------------------
-- What all frames begin with is written once; each frame's rest is a group that is visible in its
-- time.

local function lines_of(text)
  local lines <const> = {}
  for line in text:gmatch "[^\n]+" do lines[#lines + 1] = line end
  return lines
end

-- How many lines all frames begin with, ending outside of every clip.
local function common(frames)
  local depth, safe = 0, 0
  for k, line in ipairs(frames[1]) do
    for _, other in ipairs(frames) do
      if other[k] ~= line then return safe end
    end
    if line:find "^<svg" then depth = depth + 1 elseif line == "</svg>" then depth = depth - 1 end
    if depth == 0 then safe = k end
  end
  return safe
end

local ANIMATE <const> = '<animate attributeName="visibility" calcMode="discrete" values="%s" '
  .. 'keyTimes="%s" dur="%.3fs" repeatCount="indefinite"/>'

local function visible_from(k, n, options)
  local total <const> = n / options.fps + options.hold
  local first <const>, last <const> = (k - 1) / options.fps / total, k / options.fps / total
  if n == 1 then return "" end
  if k == 1 then return ANIMATE:format("visible;hidden", ("0;%.5f"):format(last), total) end
  if k == n then return ANIMATE:format("hidden;visible", ("0;%.5f"):format(first), total) end
  return ANIMATE:format("hidden;visible;hidden", ("0;%.5f;%.5f"):format(first, last), total)
end

local function make_svg(n, figure_of, options)
  local svg <const> = require "tocha.plot.svg"
  local layout <const> = require "tocha.plot.layout"
  local frames <const>, width, height = {}, nil, nil
  for k = 1, n do
    local list <const> = layout.draw(a_figure(figure_of(k)), 2)
    width, height = list.width, list.height
    frames[k] = lines_of(svg.body(list))
  end
  local shared <const> = n > 1 and common(frames) or 0
  local parts <const> = { table.concat(frames[1], "\n", 1, shared) }
  for k, lines in ipairs(frames) do
    parts[#parts + 1] = ('<g visibility="%s">%s\n%s\n</g>'):format(
      k == n and "visible" or "hidden", visible_from(k, n, options),
      table.concat(lines, "\n", shared + 1))
  end
  return svg.document(width, height, table.concat(parts, "\n"))
end

-- ---- both ---------------------------------------------------------------------------------------

local MAKERS <const> = { gif = make_gif, svg = make_svg }

local function check(n, options)
  if math.type(n) ~= "integer" or n < 1 then
    core.fail("animate", 1, "expected a number of figures above 0, got %s", tostring(n))
  end
  for name in pairs(options) do
    if not OPTIONS[name] then core.fail("animate", 3, "unknown option '%s'", tostring(name)) end
  end
  for name, least in pairs { fps = 0.01, hold = 0 } do
    local v <const> = options[name]
    if v ~= nil and not (type(v) == "number" and v >= least and v <= 600) then
      core.fail("animate", name, "expected a number from %g to 600, got %s", least, tostring(v))
    end
  end
end

--- plot.animate(n, function(k) return figure end, {path = "race.gif", fps = 10, hold = 1, scale =
--- 1}): an animation of n figures of one size, which repeats; the last stands `hold` seconds
--- longer. A path that ends in ".gif" needs giflib and libcairo, ".svg" nothing. Colours of a GIF
--- frame are exact up to 255, then the nearest.
return function(n, figure_of, options)
  options = options or {}
  check(n, options)
  local path <const> = options.path
  local make <const> = type(path) == "string" and MAKERS[(path:match "%.(%w+)$" or ""):lower()]
  if not make then
    core.fail("animate", "path", "expected a name that ends in .gif or .svg, got %s",
      tostring(path))
  end
  local bytes <const> = make(n, figure_of, {
    fps = options.fps or 10, hold = options.hold or 1, scale = options.scale or 1,
  })
  file.replace("animate", path, function(handle) assert(handle:write(bytes)) end)
end
