-- Contours: contour draws lines of equal height, contourf fills between them.
--
-- Lines by marching squares with linear interpolation along the sides of the grid; where a saddle
-- is undecided the mean of the cell decides. Filled contours are a picture of the bilinear surface
-- at the resolution of the page, so their edges agree with the lines to a pixel.

local core = require "tocha.core"
local registry = require "tocha.op"
local tensor = require "tocha.tensor"
local Artist = require "tocha.plot.artists.artist"
local clip = require "tocha.plot.clip"
local color = require "tocha.plot.color"
local colormap = require "tocha.plot.colormap"
local isolines = require "tocha.plot.isolines"
local scale = require "tocha.plot.scale"
local values = require "tocha.plot.values"

local ops <const> = registry.ops
local methods <const> = {}

-- ---- the grid -----------------------------------------------------------------------------------

-- Coordinates of the columns (or rows): a list, or a matrix as meshgrid makes it.
local function coordinates(x, n, dim, who)
  if x == nil then return values.count(n) end
  if core.is_tensor(x) and x.ndim == 2 then x = x:select(3 - dim, 1) end
  if type(x) == "table" and not core.is_tensor(x) and type(x[1]) == "table" then
    return coordinates(tensor.from(x, { dtype = "float64" }), n, dim, who)
  end
  local list <const> = values.list(x, who, 3 - dim)
  if #list ~= n then
    core.fail(who, 3 - dim, "has %d values, the grid %d %s", #list, n,
      dim == 2 and "columns" or "rows")
  end
  for k = 2, #list do
    if list[k] <= list[k - 1] then core.fail(who, 3 - dim, "values must grow") end
  end
  return list
end

-- (z), (z, options), (x, y, z), (x, y, z, options): z is (rows of y, columns of x).
local function read_grid(who, x, y, z, options)
  if z == nil then x, y, z, options = nil, nil, x, y end
  local m <const> = values.matrix(z, who, x and 3 or 1)
  if m:size(1) < 2 or m:size(2) < 2 then
    core.fail(who, nil, "the grid needs two rows and columns")
  end
  return { xs = coordinates(x, m:size(2), 2, who), ys = coordinates(y, m:size(1), 1, who), z = m },
    options
end

-- About `n` nice numbers within the range, or the list given.
local function levels_of(grid, levels, who)
  if type(levels) == "table" or core.is_tensor(levels) then
    local list <const> = values.list(levels, who, "levels")
    table.sort(list)
    return list
  end
  local finite <const> = grid.z:masked_select(grid.z:isfinite())
  if finite:numel() == 0 then return {} end
  local low <const>, high <const> = finite:min():item(), finite:max():item()
  if low == high then return { low } end
  return (scale.linear.ticks(low, high, levels or 8))
end

local function grid_bounds(self, view)
  return Artist.ranges(view, self.grid.xs, self.grid.ys)
end

-- ---- lines --------------------------------------------------------------------------------------

local Contour <const> = Artist:extend "Contour"
Contour.bounds = grid_bounds

local function to_page(line, view)
  local points <const> = {}
  for k = 1, #line, 2 do
    points[k], points[k + 1] = view.fx(line[k]), view.fy(line[k + 1])
  end
  return points
end

local function longest_of(paths)
  local longest = paths[1]
  for _, path in ipairs(paths) do
    if #path > #longest then longest = path end
  end
  return longest
end

local SHORT <const> = 20  -- numbers: a line of fewer points carries no label

local ALONG <const> = { 0.5, 0.3, 0.7, 0.15, 0.85 }  -- where on a line a label may stand
local APART <const> = 30  -- points between two labels

-- A place on the line that is far from the labels placed so far, or nil.
local function free_place(path, placed)
  for _, part in ipairs(ALONG) do
    local k <const> = math.floor(part * (#path // 2 - 1)) * 2 + 1
    local x <const>, y <const>, free = path[k], path[k + 1], true
    for _, other in ipairs(placed) do
      free = free and math.abs(x - other[1]) + math.abs(y - other[2]) > APART
    end
    if free then return x, y end
  end
end

local function draw_label(list, paths, text, placed)
  local path <const> = #paths > 0 and longest_of(paths)
  if not path or #path < SHORT then return end
  local x <const>, y <const> = free_place(path, placed)
  if not x then return end
  placed[#placed + 1] = { x, y }
  list:text {
    x = x, y = y, text = text, size = 9, halign = "center", valign = "middle",
    color = color.parse "0.1", halo = color.parse "white",
  }
end

function Contour:draw(view, list)
  local labels <const>, placed <const> = scale.labels(self.levels), {}
  for k, level in ipairs(self.levels) do
    local paths <const> = {}
    for _, line in ipairs(self.lines[k]) do
      for _, piece in ipairs(clip.polyline(to_page(line, view), view.box)) do
        paths[#paths + 1] = piece
      end
    end
    if #paths > 0 then
      list:path { paths = paths, stroke = self.colors[k], width = self.width,
        dash = level < 0 and self.dash_negative or nil }
    end
    if self.labels then draw_label(list, paths, labels[k], placed) end
  end
end

local function contour_colors(options, n, who)
  local given <const>, colors <const> = options.colors or options.color, {}
  local mapped <const> = not given and colormap.discrete(options.cmap or "viridis", n)
  for k = 1, n do
    local each = mapped and color.hex(mapped[k]) or given
    if not color.is(each) and type(each) == "table" then each = each[(k - 1) % #each + 1] end
    colors[k] = color.parse(each, options.alpha, who)
  end
  return colors
end

--- axes:contour(x, y, z, {levels = 8, cmap = "viridis", colors =, linewidth = 1.2, labels =
--- false}): lines of equal height of a surface. z is (rows, columns), x its columns' coordinates
--- and y its rows' (lists, or matrices as from meshgrid with "xy"); x and y may be left out.
--- `levels` is about how many, or a list of heights; `labels` writes the height on each.
function methods.contour(axes, ...)
  local grid <const>, given <const> = read_grid("contour", ...)
  local options <const> = Artist.check("contour", given,
    "levels cmap colors linewidth linewidths labels")
  local lines <const> = Contour()
  lines.grid, lines.levels = grid, levels_of(grid, options.levels, "contour")
  lines.lines = {}
  for k, level in ipairs(lines.levels) do lines.lines[k] = isolines(grid, level) end
  lines.colors = contour_colors(options, #lines.levels, "contour")
  lines.width = options.linewidth or options.linewidths or 1.2
  lines.labels, lines.label, lines.zorder = options.labels, options.label, options.zorder or 1.2
  lines.handle = { kind = "line", color = lines.colors[1], width = lines.width }
  lines.sticky = { all = true }
  axes:add(lines)
  return axes
end

-- ---- filled -------------------------------------------------------------------------------------

local Filled <const> = Artist:extend "Filled"
Filled.bounds = grid_bounds

-- For n pixels in a row, of which pixel k lies at coordinate_of(k): the grid's place before it (an
-- index tensor) and how far it is on the way to the next, (n).
local function between(list, n, coordinate_of)
  local before <const>, part <const>, j = {}, {}, 1
  local step <const> = coordinate_of(n) >= coordinate_of(1) and 1 or -1
  for k = step > 0 and 1 or n, step > 0 and n or 1, step do
    local v <const> = math.min(math.max(coordinate_of(k), list[1]), list[#list])
    while j < #list - 1 and list[j + 1] < v do j = j + 1 end
    before[k], part[k] = j, (v - list[j]) / (list[j + 1] - list[j])
  end
  return tensor.from(before, { dtype = "int64" }), tensor.from(part, { dtype = "float64" })
end

-- Interpolates along a dimension.
local function stretch(z, dim, before, part)
  local a <const>, b <const> = z:index_select(dim, before), z:index_select(dim, before + 1)
  if dim == 1 then part = part:unsqueeze(2) end
  return a + (b - a) * part
end

-- The surface at the pixels of a rectangle of the page, (h, w).
local function surface(grid, view, x, y, w, h, nx, ny)
  local columns <const>, t = between(grid.xs, nx, function(k)
    return view.ix(x + (k - 0.5) / nx * w)
  end)
  local rows <const>, s = between(grid.ys, ny, function(k)
    return view.iy(y + (k - 0.5) / ny * h)
  end)
  return stretch(stretch(grid.z, 2, columns, t), 1, rows, s)
end

-- A band's number for each pixel, then its colour; the last row of the table is for NaN.
local function band_pixels(z, levels, colors)
  local rows <const> = {}
  for k, c in ipairs(colors) do
    rows[k] = { color.bytes(c) }
    rows[k][4] = math.floor(c[4] * 255 + 0.5)
  end
  rows[#colors + 1] = { 255, 255, 255, 0 }
  local bands = ops.zeros(z.shape, { dtype = "int64" })
  for _, level in ipairs(levels) do bands = bands + z:ge(level):long() end
  bands = ops.where(z:isnan(), #colors, bands) + 1
  local table_ <const> = tensor.from(rows, { dtype = "uint8" })
  return table_:index_select(1, bands:flatten()):reshape(z:size(1), z:size(2), 4)
end

local MOST <const> = 2000  -- pixels of a side

function Filled:draw(view, list)
  local xs <const>, ys <const> = self.grid.xs, self.grid.ys
  local x <const>, y <const>, w <const>, h <const> = clip.rect(view.fx(xs[1]), view.fy(ys[1]),
    view.fx(xs[#xs]), view.fy(ys[#ys]), view.box)
  if not x or w <= 0 or h <= 0 then return end
  local nx <const> = math.min(MOST, math.max(1, math.ceil(w * view.resolution)))
  local ny <const> = math.min(MOST, math.max(1, math.ceil(h * view.resolution)))
  local z <const> = surface(self.grid, view, x, y, w, h, nx, ny)
  list:image { x = x, y = y, w = w, h = h, pixels = band_pixels(z, self.levels, self.colors) }
end

--- axes:contourf(x, y, z, {levels = 8, cmap = "viridis", colors =, alpha =, colorbar = false}): the
--- surface in bands of one colour each: below the first level, between levels, above the last.
--- Decision regions of a classifier: contourf(x, y, p, {levels = {0.5}, colors = {"C1", "C2"}}).
function methods.contourf(axes, ...)
  local grid <const>, given <const> = read_grid("contourf", ...)
  local options <const> = Artist.check("contourf", given, "levels cmap colors colorbar")
  local filled <const> = Filled()
  filled.grid, filled.levels = grid, levels_of(grid, options.levels, "contourf")
  filled.colors = contour_colors(options, #filled.levels + 1, "contourf")
  filled.zorder, filled.label = options.zorder or 0, options.label
  filled.handle = { kind = "patch", color = filled.colors[1] }
  filled.sticky = { all = true }
  if options.colorbar and #filled.levels > 1 then
    axes:set_mappable(filled.colors, filled.levels[1], filled.levels[#filled.levels], true,
      filled.levels)
  end
  axes:add(filled)
  return axes
end

return methods
