-- Texts side by side: lists in as many columns as fit, rows under each other.

local terminal = require "tocha.terminal"
local text = require "tocha.columns"

local columns <const> = {}

local width_of <const> = terminal.width

local function padded(name, width) return name .. (" "):rep(width - width_of(name)) end

local function widest(list)
  local width = 0
  for _, name in ipairs(list) do width = math.max(width, width_of(name)) end
  return width
end

--- columns.columns(list, most): read downwards, as ls has it; of more than `most` lines the rest is
--- counted.
function columns.columns(list, most)
  local wide <const> = widest(list) + 2
  local across <const> = math.max(1, (terminal.columns() - 1) // wide)
  local down <const> = (#list + across - 1) // across
  local lines <const> = {}
  for row = 1, math.min(down, most or down) do
    local cells <const> = {}
    for k = row, #list, down do cells[#cells + 1] = padded(list[k], wide) end
    lines[row] = table.concat(cells):gsub(" +$", "")
  end
  if down > #lines then
    local hidden = 0
    for k = 1, #list do if (k - 1) % down >= #lines then hidden = hidden + 1 end end
    lines[#lines + 1] = ("... and %d more"):format(hidden)
  end
  return table.concat(lines, "\n")
end

--- columns.rows(rows): a table; all rows have as many cells.
function columns.rows(rows)
  local widths <const>, lines <const> = text.widths(rows), {}
  for r, row in ipairs(rows) do lines[r] = text.line(row, widths, {}) end
  return table.concat(lines, "\n")
end

return columns
