-- Shapes of markers, of diameter 1 around (0, 0): a circle, polygons, or strokes.

local markers <const> = {}

local function regular(n, first)
  local points <const> = {}
  for k = 0, n - 1 do
    local angle <const> = 2 * math.pi * (k / n) + first
    points[2 * k + 1], points[2 * k + 2] = 0.5 * math.sin(angle), -0.5 * math.cos(angle)
  end
  return points
end

local function star(n, inner)
  local points <const> = {}
  for k = 0, 2 * n - 1 do
    local angle <const>, r <const> = math.pi * k / n, k % 2 == 0 and 0.55 or 0.55 * inner
    points[2 * k + 1], points[2 * k + 2] = r * math.sin(angle), -r * math.cos(angle)
  end
  return points
end

local SHAPES <const> = {
  o = { radius = 0.5 }, ["."] = { radius = 0.25 },
  s = { polygon = { -0.45, -0.45, 0.45, -0.45, 0.45, 0.45, -0.45, 0.45 } },
  D = { polygon = { 0, -0.6, 0.6, 0, 0, 0.6, -0.6, 0 } },
  d = { polygon = { 0, -0.6, 0.36, 0, 0, 0.6, -0.36, 0 } },
  ["^"] = { polygon = { 0, -0.5, 0.5, 0.45, -0.5, 0.45 } },
  v = { polygon = { 0, 0.5, 0.5, -0.45, -0.5, -0.45 } },
  ["<"] = { polygon = { -0.5, 0, 0.45, -0.5, 0.45, 0.5 } },
  [">"] = { polygon = { 0.5, 0, -0.45, -0.5, -0.45, 0.5 } },
  p = { polygon = regular(5, 0) }, h = { polygon = regular(6, 0) },
  ["*"] = { polygon = star(5, 0.42) },
  ["+"] = { strokes = { { -0.5, 0, 0.5, 0 }, { 0, -0.5, 0, 0.5 } } },
  x = { strokes = { { -0.4, -0.4, 0.4, 0.4 }, { -0.4, 0.4, 0.4, -0.4 } } },
  ["|"] = { strokes = { { 0, -0.5, 0, 0.5 } } }, ["_"] = { strokes = { { -0.5, 0, 0.5, 0 } } },
}
SHAPES.X = SHAPES.x

--- markers.shape(name): { radius } or { polygon } or { strokes }; a circle for an unknown name.
function markers.shape(name) return SHAPES[name] or SHAPES.o end

--- markers.names: of all shapes, in one string.
markers.names = ". o s D d ^ v < > p h * + x X | _"

--- markers.exists(name)
function markers.exists(name) return SHAPES[name] ~= nil end

--- markers.at(points, x, y, size): the flat list of points, moved and scaled.
function markers.at(points, x, y, size)
  local moved <const> = {}
  for k = 1, #points, 2 do
    moved[k], moved[k + 1] = x + size * points[k], y + size * points[k + 1]
  end
  return moved
end

return markers
