-- Axes: one plot of a figure. Artists are added by the methods of plot/artists/*.lua, and what
-- stands around them is set here, by matplotlib's names. These methods are also the figure's: it
-- has them act on its current axes (gca), and they return what they were called on.

local core = require "tocha.core"
local Object = require "tocha.class"
local color = require "tocha.plot.color"
local scale = require "tocha.plot.scale"
local values = require "tocha.plot.values"

local Axes <const> = Object:extend "Axes"

local ARTISTS <const> = { "line", "rules", "points", "bars", "area", "image", "contour", "note" }

function Axes:new()
  self.artists, self.reversed, self.integer = {}, {}, {}
  self.props = { xscale = "linear", yscale = "linear" }
  self.colors_taken = 0
end

function Axes:gca() return self end

-- ---- what artists use ---------------------------------------------------------------------------

function Axes:next_color()
  self.colors_taken = self.colors_taken + 1
  return "C" .. self.colors_taken
end

--- axes:add(artist): anything with draw(view, list) and bounds(view); see artists/artist.lua.
function Axes:add(artist)
  artist.order = #self.artists + 1
  self.artists[artist.order] = artist
  return artist
end

-- Names in place of numbers along "x" or "y"; the plots of one axes share them.
function Axes:set_categories(axis, names)
  if not names then return end
  self["set_" .. axis .. "ticks"](self, values.count(#names), names)
end

-- What a colour bar shows.
function Axes:set_mappable(cmap, low, high, shown, levels)
  self.mappable = { cmap = cmap, low = low, high = high, levels = levels, shown = shown ~= false }
end

function Axes:set_reversed(axis) self.reversed[axis] = true end

function Axes:set_image(aspect)
  self.has_image, self.integer.x, self.integer.y = true, true, true
  self.props.aspect = self.props.aspect or aspect
end

--- The artists in the order in which they are drawn.
function Axes:drawing_order()
  local list <const> = table.move(self.artists, 1, #self.artists, 1, {})
  table.sort(list, function(a, b)
    local za <const>, zb <const> = a.zorder or 1, b.zorder or 1
    if za ~= zb then return za < zb end
    return a.order < b.order
  end)
  return list
end

-- ---- what stands around -------------------------------------------------------------------------

local function text_setter(name)
  return function(self, text)
    self:gca().props[name] = text ~= nil and tostring(text) or nil
    return self
  end
end

local function limit_setter(name)
  return function(self, low, high)
    if type(low) == "table" then low, high = low[1], low[2] end
    for _, v in ipairs { low, high } do
      if type(v) ~= "number" or v - v ~= 0 then
        core.fail("set_" .. name, nil, "expected finite numbers, got %s", tostring(v))
      end
    end
    self:gca().props[name] = { low, high }
    return self
  end
end

local function scale_setter(name)
  return function(self, kind)
    if not (kind == "linear" or kind == "log") then
      core.fail("set_" .. name, 1, "expected \"linear\" or \"log\", got %s", tostring(kind))
    end
    self:gca().props[name] = kind
    return self
  end
end

local function ticks_setter(name)
  return function(self, list, labels)
    local places <const> = values.list(list, "set_" .. name, 1)
    if labels and #labels ~= #places then
      core.fail("set_" .. name, 2, "there are %d labels for %d ticks", #labels, #places)
    end
    local texts <const> = {}
    for k, text in ipairs(labels or scale.labels(places)) do texts[k] = tostring(text) end
    self:gca().props[name] = { values = places, labels = texts }
    return self
  end
end

--- axes:set_title(text), set_xlabel(text), set_ylabel(text)
Axes.set_title, Axes.set_xlabel = text_setter "title", text_setter "xlabel"
Axes.set_ylabel = text_setter "ylabel"

--- axes:set_xlim(low, high), set_ylim: from left to right and from bottom to top; nil is as the
--- data have it.
Axes.set_xlim, Axes.set_ylim = limit_setter "xlim", limit_setter "ylim"

--- axes:set_xscale("log"), set_yscale: "linear" or "log".
Axes.set_xscale, Axes.set_yscale = scale_setter "xscale", scale_setter "yscale"

--- axes:set_xticks(places, labels), set_yticks: ticks where one wants them; {} for none.
Axes.set_xticks, Axes.set_yticks = ticks_setter "xticks", ticks_setter "yticks"

--- axes:legend(location = "best"): where the labels stand: "best", "upper right", "lower left",
--- ..., "outside" (to the right), false for none. Shown by itself when an artist has a label.
function Axes:legend(location)
  if location == nil then location = "best" end
  if type(location) == "table" then location = location.loc or "best" end
  self:gca().props.legend = location
  return self
end

--- axes:grid(on = true): lines at the ticks, behind the data.
function Axes:grid(on)
  self:gca().props.grid = on ~= false
  return self
end

--- axes:axis("off" | "on" | "equal"): without frame and ticks; with them; one unit as long in x as
--- in y.
function Axes:axis(mode)
  local props <const> = self:gca().props
  if mode == "equal" then props.aspect = "equal"
  elseif mode == "off" or mode == "on" then props.off = mode == "off"
  else core.fail("axis", 1, "expected \"off\", \"on\" or \"equal\", got %s", tostring(mode)) end
  return self
end

--- axes:set_aspect("equal" | "auto")
function Axes:set_aspect(aspect)
  self:gca().props.aspect = aspect
  return self
end

--- axes:colorbar(on = true): beside an image, or points coloured by values.
function Axes:colorbar(on)
  local shown <const> = self:gca().mappable
  if not shown then
    core.fail("colorbar", nil, "nothing here has a color map (imshow, heatmap, scatter with c)")
  end
  shown.shown = on ~= false
  return self
end

--- axes:set_facecolor(color): of the area behind the data.
function Axes:set_facecolor(value)
  self:gca().props.facecolor = color.parse(value, nil, "set_facecolor")
  return self
end

local OPTIONS <const> = {
  title = "set_title", xlabel = "set_xlabel", ylabel = "set_ylabel", xlim = "set_xlim",
  ylim = "set_ylim", xscale = "set_xscale", yscale = "set_yscale", xticks = "set_xticks",
  yticks = "set_yticks", legend = "legend", grid = "grid", axis = "axis", aspect = "set_aspect",
}
Axes.options = OPTIONS

--- axes:set{title =, xlabel =, ylabel =, xlim = {low, high}, ylim =, xscale =, yscale =, xticks =,
--- yticks =, legend =, grid =, axis =, aspect =}: all of these at once.
function Axes:set(options)
  for name, value in pairs(options) do
    local setter <const> = OPTIONS[name]
    if not setter then core.fail("set", nil, "unknown option '%s'", tostring(name)) end
    self[setter](self, value)
  end
  return self
end

-- The methods that are also the figure's.
Axes.artist_names, Axes.shared = {}, { "set", "colorbar", "set_facecolor" }
for _, name in pairs(OPTIONS) do table.insert(Axes.shared, name) end
for _, file in ipairs(ARTISTS) do
  for name, method in pairs(require("tocha.plot.artists." .. file)) do
    Axes[name] = method
    table.insert(Axes.artist_names, name)
    table.insert(Axes.shared, name)
  end
end

return Axes
