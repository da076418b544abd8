-- What every artist is: data with a style that says how far it reaches and draws itself.
--
--   artist:bounds(view)      -> x low, x high, y low, y high; nil where it has none
--   artist:draw(view, list)     adds its primitives to the display list
--   artist.handle            -> { kind = "line" | "patch" | "marker", ... }, for the legend
--   artist.sticky            -> { y_low = true, ... }, sides at which the axes add no margin
--
-- A view maps data to points: view.fx(x), view.fy(y) (no number where a scale cannot show it),
-- view.box, view.xscale, view.yscale, view.xlim, view.ylim.

local core = require "tocha.core"
local Object = require "tocha.class"
local color = require "tocha.plot.color"
local markers = require "tocha.plot.markers"
local values = require "tocha.plot.values"

local Artist <const> = Object:extend "Artist"

--- Options of lines, beside the common ones.
Artist.LINE = "linestyle linewidth marker markersize drawstyle ls lw"

local COMMON <const> = { label = true, color = true, alpha = true, zorder = true }

local NUMBERS <const> = {}
for name in ("alpha zorder linewidth linewidths lw markersize capsize fontsize rotation "
  .. "head_length s vmin vmax"):gmatch "%S+" do NUMBERS[name] = true end

local function check_value(who, name, value)
  if NUMBERS[name] and not (type(value) == "number" and value - value == 0) then
    core.fail(who, name, "expected a number, got %s", tostring(value))
  end
  if name == "marker" and not markers.exists(value) then
    core.fail(who, name, "unknown marker '%s' (there are: %s)", tostring(value), markers.names)
  end
end

--- Artist.check(who, options, "linewidth marker"): a table of options with these and the common
--- names.
function Artist.check(who, options, names)
  options = options or {}
  if type(options) ~= "table" then
    core.fail(who, nil, "expected a table of options, got %s", type(options))
  end
  local known <const> = " " .. names .. " "
  for name, value in pairs(options) do
    if not COMMON[name] and not known:find(" " .. tostring(name) .. " ", 1, true) then
      core.fail(who, nil, "unknown option '%s' (there are: alpha, color, label, zorder%s)",
        tostring(name), (" " .. names):gsub(" (%S+)", ", %1"))
    end
    check_value(who, name, value)
  end
  return options
end

--- Artist.points(who, x, y): two lists of one length. Strings as x become categories, and are
--- returned third.
function Artist.points(who, x, y)
  local categories
  if type(x) == "table" and type(x[1]) == "string" then
    categories, x = x, values.count(#x)
  end
  local xs <const>, ys <const> = values.list(x, who, 1), values.list(y, who, 2)
  if #xs ~= #ys then core.fail(who, 2, "has %d values, x has %d", #ys, #xs) end
  return xs, ys, categories
end

--- Artist.color_of(axes, options, who): the colour asked for, or the next of the cycle.
function Artist.color_of(axes, options, who)
  return color.parse(options.color or axes:next_color(), options.alpha, who)
end

--- Artist.ranges(view, xs, ys): bounds of two lists.
function Artist.ranges(view, xs, ys)
  local x0 <const>, x1 <const> = values.range(xs, view.xscale.positive)
  local y0 <const>, y1 <const> = values.range(ys, view.yscale.positive)
  return x0, x1, y0, y1
end

local DASHES <const> = {
  ["-"] = {}, solid = {}, ["--"] = { 3.7, 1.6 }, dashed = { 3.7, 1.6 },
  [":"] = { 1, 1.65 }, dotted = { 1, 1.65 }, ["-."] = { 6.4, 1.6, 1, 1.6 },
  dashdot = { 6.4, 1.6, 1, 1.6 }, none = false, [""] = false, [" "] = false,
}

--- Artist.dash_of(linestyle, width, who): the pattern {on, off, ...} in points, nil for a solid
--- line, and whether the line is drawn at all.
function Artist.dash_of(style, width, who)
  if style == nil then return nil, true end
  local pattern <const> = DASHES[style]
  if pattern == nil then
    core.fail(who, nil, "unknown linestyle '%s' (there are: - -- : -. none)", tostring(style))
  end
  if not pattern or #pattern == 0 then return nil, pattern ~= false end
  local dash <const> = {}
  for k, v in ipairs(pattern) do dash[k] = v * width end
  return dash, true
end

function Artist:bounds() end  -- luacheck: ignore

return Artist
