-- Huge data: leaves out what no pixel would show. Both keep every extreme that can be seen.

local decimate <const> = {}

local COLUMN <const> = 0.5  -- points of the page that count as one column

-- Of a run of points within one column: the first, lowest, highest and last, in their order.
local function emit(out, run, first, low, high, last)
  local places <const> = { first, low, high, last }
  table.sort(places)
  local before
  for _, k in ipairs(places) do
    if k ~= before then out[#out + 1], out[#out + 2] = run[k], run[k + 1] end
    before = k
  end
end

--- decimate.line(run, view): a flat list of points; four stand for all that follow each other in
--- one column of pixels, so that the line drawn is the same.
function decimate.line(run, view)
  if #run // 2 < 8 * view.box.w / COLUMN then return run end
  local out <const> = {}
  local first, low, high, column = 1, 1, 1, run[1] // COLUMN
  for k = 3, #run, 2 do
    local here <const> = run[k] // COLUMN
    if here ~= column then
      emit(out, run, first, low, high, k - 2)
      first, low, high, column = k, k, k, here
    elseif run[k + 1] < run[low + 1] then low = k
    elseif run[k + 1] > run[high + 1] then high = k end
  end
  emit(out, run, first, low, high, #run - 1)
  return out
end

local MANY <const> = 20000

--- decimate.points(xs, ys, view, extra): of points at the same half pixel only the last is kept,
--- where there are many. `extra`, a list that goes with them, is thinned alike.
function decimate.points(xs, ys, view, extra)
  if #xs < MANY then return xs, ys, extra end
  local seen <const>, keep <const> = {}, {}
  local wide <const> = view.box.w / COLUMN // 1 + 3
  for k = #xs, 1, -1 do
    local cell <const> = ys[k] // COLUMN * wide + xs[k] // COLUMN
    if not seen[cell] then
      seen[cell] = true
      keep[#keep + 1] = k
    end
  end
  local x <const>, y <const>, e <const> = {}, {}, extra and {}
  for j = #keep, 1, -1 do
    local k <const> = keep[j]
    x[#x + 1], y[#y + 1] = xs[k], ys[k]
    if e then e[#e + 1] = extra[k] end
  end
  return x, y, e
end

return decimate
