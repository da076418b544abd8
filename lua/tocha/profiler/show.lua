-- A profile's rows as a table of text.

local core = require "tocha.core"
local columns = require "tocha.columns"

local show <const> = {}

-- What rows can be sorted by, PyTorch's names among them.
local ORDERS <const> = {
  self_time = "self_time", self_cpu_time_total = "self_time",
  total_time = "total_time", cpu_time_total = "total_time",
  calls = "calls", count = "calls",
  allocated = "self_allocated", self_cpu_memory_usage = "self_allocated",
  cpu_memory_usage = "allocated", name = "name",
}

--- sorted(rows, by): the largest first; names from a to z.
function show.sorted(rows, by)
  local field <const> = ORDERS[by]
  if not field then
    core.fail("table", "sort_by", "expected self_time, total_time, calls, allocated or name, "
      .. "got %s", tostring(by))
  end
  table.sort(rows, function(a, b)
    if a[field] == b[field] then return a.name < b.name end
    if field == "name" then return a.name < b.name end
    return a[field] > b[field]
  end)
  return rows
end

--- time(seconds): "12.3 us"
function show.time(s)
  if s < 1e-3 then return ("%.1f us"):format(s * 1e6) end
  if s < 1 then return ("%.2f ms"):format(s * 1e3) end
  return ("%.2f s"):format(s)
end

local function share(part, whole)
  return ("%.1f %%"):format(whole > 0 and 100 * part / whole or 0)
end

local function cells(row, whole)
  return { row.name, columns.grouped(row.calls), show.time(row.self_time),
    share(row.self_time, whole), show.time(row.total_time), share(row.total_time, whole),
    show.time(row.total_time / row.calls), columns.bytes(math.max(0, row.self_allocated)),
    row.shapes, row.module }
end

-- Shapes and modules come last, each only where they are asked for.
local function heading(by)
  local head <const> = { "name", "calls", "self", "", "total", "", "mean", "allocated" }
  if by.shape then head[#head + 1] = "input shapes" end
  if by.module then head[#head + 1] = "module" end
  return head
end

--- table(rows, whole, {shape =, module =, limit =}): text, without a line end. `whole`: the seconds
--- that shares are of.
function show.table(rows, whole, by)
  local lines <const>, left <const> = { heading(by) }, { [1] = true, [9] = true, [10] = true }
  for k = 1, math.min(#rows, by.limit or #rows) do
    local line <const> = cells(rows[k], whole)
    if not by.shape then line[9], line[10] = line[10], nil end
    lines[#lines + 1] = line
  end
  return columns.numbers(lines, left)
end

return show
