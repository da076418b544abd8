-- isolines(grid, level): the lines at which a surface has this height, as flat lists {x1, y1, x2,
-- y2, ...} in the grid's coordinates; closed ones end where they began.
--
-- Marching squares: each cell's corners above the level say which of its sides the line crosses;
-- each crossing has a number of its own, by which the pieces of neighbouring cells are joined. A
-- cell with a corner that is no number has no line.

-- Sides of a cell: 1 top (row i), 2 right (column j + 1), 3 bottom (row i + 1), 4 left (column j).
-- The key is the sum of the corners above: 1 top left, 2 top right, 4 bottom right, 8 bottom left.
local SEGMENTS <const> = {
  [0] = {}, { { 4, 1 } }, { { 1, 2 } }, { { 4, 2 } }, { { 2, 3 } }, {}, { { 1, 3 } }, { { 4, 3 } },
  { { 3, 4 } }, { { 1, 3 } }, {}, { { 2, 3 } }, { { 2, 4 } }, { { 1, 2 } }, { { 1, 4 } }, {},
}
-- Saddles, two opposite corners above: by whether the middle is above, too.
local SADDLES <const> = {
  [5] = { [true] = { { 4, 3 }, { 1, 2 } }, [false] = { { 4, 1 }, { 2, 3 } } },
  [10] = { [true] = { { 4, 1 }, { 2, 3 } }, [false] = { { 1, 2 }, { 3, 4 } } },
}

local function fraction(a, b, level) return (level - a) / (b - a) end

-- The crossing of a side: its number (unique in the grid) and where it is.
local function crossing(grid, z, level, i, j, side)
  local xs <const>, ys <const>, columns <const> = grid.xs, grid.ys, #grid.xs
  if side == 3 then i, side = i + 1, 1 elseif side == 2 then j, side = j + 1, 4 end
  local key <const> = ((i - 1) * columns + j) * 2
  if side == 1 then
    local t <const> = fraction(z[i][j], z[i][j + 1], level)
    return key, xs[j] + t * (xs[j + 1] - xs[j]), ys[i]
  end
  local t <const> = fraction(z[i][j], z[i + 1][j], level)
  return key + 1, xs[j], ys[i] + t * (ys[i + 1] - ys[i])
end

local function segments_of(a, b, c, d, level)
  local sum <const> = a + b + c + d
  if sum - sum ~= 0 then return SEGMENTS[0] end
  local key <const> = (a >= level and 1 or 0) + (b >= level and 2 or 0) + (c >= level and 4 or 0)
    + (d >= level and 8 or 0)
  if SADDLES[key] then return SADDLES[key][sum / 4 >= level] end
  return SEGMENTS[key]
end

-- crossing -> its two neighbours along the line, and where it is.
local function links_of(grid, level)
  local z <const>, links <const>, order <const> = grid.z:totable(), {}, {}
  local function node(i, j, side)
    local key <const>, x <const>, y <const> = crossing(grid, z, level, i, j, side)
    if not links[key] then
      links[key] = { x = x, y = y }
      order[#order + 1] = key
    end
    return key, links[key]
  end
  for i = 1, #z - 1 do
    local upper <const>, lower <const> = z[i], z[i + 1]
    for j = 1, #upper - 1 do
      local found <const> = segments_of(upper[j], upper[j + 1], lower[j + 1], lower[j], level)
      for _, segment in ipairs(found) do
        local p <const>, from <const> = node(i, j, segment[1])
        local q <const>, to <const> = node(i, j, segment[2])
        from[#from + 1], to[#to + 1] = q, p
      end
    end
  end
  return links, order
end

-- Walks from a crossing along neighbours not yet seen.
local function walk(links, key, seen)
  local line <const>, start <const> = {}, key
  while key do
    local node <const> = links[key]
    seen[key] = true
    line[#line + 1], line[#line + 2] = node.x, node.y
    local next_key
    for _, other in ipairs(node) do
      if not seen[other] then next_key = other break end
    end
    if not next_key and #line > 4 and (node[1] == start or node[2] == start) then
      line[#line + 1], line[#line + 2] = links[start].x, links[start].y
    end
    key = next_key
  end
  return line
end

return function(grid, level)
  local links <const>, order <const> = links_of(grid, level)
  local seen <const>, lines <const> = {}, {}
  for pass = 1, 2 do  -- first lines that end at the border, from their end; then closed ones
    for _, key in ipairs(order) do
      if not seen[key] and (pass == 2 or #links[key] == 1) then
        lines[#lines + 1] = walk(links, key, seen)
      end
    end
  end
  return lines
end
