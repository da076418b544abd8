-- Figures: a page of one or more plots, saved as SVG or PNG, or shown in the terminal.

local core = require "tocha.core"
local Object = require "tocha.class"
local Axes = require "tocha.plot.axes"
local color = require "tocha.plot.color"
local file = require "tocha.io.file"
local layout = require "tocha.plot.layout"

local Figure <const> = Object:extend "Figure"

local OWN <const> = { width = true, height = true, facecolor = true, suptitle = true }
local LARGEST <const> = 20000  -- points of a side

local function check_size(v, name)
  if type(v) ~= "number" or not (v >= 20 and v <= LARGEST) then
    core.fail("figure", name, "expected 20 to %d points, got %s", LARGEST, tostring(v))
  end
  return v
end

local function check_options(options)
  for name in pairs(options) do
    if not OWN[name] and not Axes.options[name] then
      core.fail("figure", nil, "unknown option '%s' (there are: width, height, facecolor, suptitle "
        .. "and those of axes:set)", tostring(name))
    end
  end
end

--- Figure(rows, cols, options): see plot.figure and plot.subplots.
function Figure:new(rows, cols, options)
  check_options(options)
  self.rows, self.cols, self.axes = rows, cols, {}
  self.width = check_size(options.width or math.max(640, 320 * cols), "width")
  self.height = check_size(options.height or math.max(420, 280 * rows), "height")
  self.facecolor = color.parse(options.facecolor or "white", nil, "figure")
  self.heading = options.suptitle
  for k = 1, rows * cols do self.axes[k] = Axes() end
  self.current = self.axes[1]
  local own <const> = {}
  for name, value in pairs(options) do
    if Axes.options[name] then own[name] = value end
  end
  for _, axes in ipairs(self.axes) do axes:set(own) end
end

--- figure:gca(): the axes that the figure's own methods draw into; figure:sca(axes) changes them.
function Figure:gca() return self.current end

function Figure:sca(axes)
  self.current = axes
  return self
end

--- figure:suptitle(text): a title above all plots.
function Figure:suptitle(text)
  self.heading = text ~= nil and tostring(text) or nil
  return self
end

for _, name in ipairs(Axes.shared) do Figure[name] = Axes[name] end

-- What those methods use of their axes.
local USED <const> = { "add", "next_color", "set_categories", "set_mappable", "set_reversed",
  "set_image" }
for _, name in ipairs(USED) do
  Figure[name] = function(self, ...) return self.current[name](self.current, ...) end
end

-- ---- out ----------------------------------------------------------------------------------------

--- figure:svg(): the text of an SVG picture.
function Figure:svg()
  local svg <const> = require "tocha.plot.svg"
  local list <const> = layout.draw(self, 2)
  return svg.document(list.width, list.height, svg.body(list))
end

--- figure:pixels({scale = 1}): the picture as (H, W, 4) uint8: red, green, blue, opacity. Needs
--- libcairo.
function Figure:pixels(options)
  local scale <const> = options and options.scale or 1
  local side <const> = math.max(self.width, self.height)
  if type(scale) ~= "number" or not (scale > 0 and scale * side < 32768) then
    core.fail("pixels", "scale", "expected a number above 0, and sides below 32768 pixels")
  end
  local raster <const> = require "tocha.plot.raster"
  return raster.pixels(layout.draw(self, scale), scale, "save")
end

local function load_png()
  local ok <const>, png <const> = pcall(require, "tocha.png")
  if ok then return png end
  core.fail("save", 1, "writing PNG needs libpng, which this build of Tocha is without (Debian: "
    .. "libpng-dev, then `make build`); saving as .svg works")
end

local WRITERS <const> = {
  svg = function(self) return self:svg() end,
  png = function(self, options) return load_png().encode(self:pixels(options)) end,
}

--- figure:save(path, {scale = 1}): as the name's end says: ".svg" (no library needed) or ".png"
--- (needs libcairo and libpng). `scale` multiplies the pixels of a PNG: at 1 a point is a pixel.
function Figure:save(path, options)
  if type(path) ~= "string" then core.fail("save", 1, "expected a path, got %s", type(path)) end
  local writer <const> = WRITERS[(path:match "%.(%w+)$" or ""):lower()]
  if not writer then core.fail("save", 1, "%s: expected a name that ends in .svg or .png", path) end
  local bytes <const> = writer(self, options)
  file.replace("save", path, function(handle) assert(handle:write(bytes)) end)
  return self
end

-- ---- the terminal -------------------------------------------------------------------------------

--- figure:render({width =, height =, colors =, ascii =}): the figure drawn with characters. Width
--- and height are columns and rows; `colors` is 0, 256 or 2^24; `ascii` does without Unicode. What
--- is not given is as the terminal has it (80 x 24 without colours where there is none).
function Figure:render(options)
  local screen <const> = require "tocha.plot.screen"
  local terminal <const> = require "tocha.plot.terminal"
  return terminal.draw(self, screen.text_options(self, options or {}))
end

--- tostring(figure), print(figure): the drawing with characters.
function Figure:__tostring() return self:render() end

--- figure:show({graphics = "kitty" | "sixel" | "iterm" | "none", scale = 1, width =, height =,
--- colors =, ascii =}): writes the figure to standard output: as a picture where the terminal can
--- (or `graphics` says so), otherwise with characters.
function Figure:show(options)
  options = options or {}
  local graphics <const> = require "tocha.plot.graphics"
  local picture <const> = graphics.picture(self, options)
  io.write(picture or self:render(options), "\n")
  return self
end

return Figure
