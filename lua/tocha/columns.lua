-- Numbers and rows as text: digits in groups of three, sizes of memory, columns that line up.

local columns <const> = {}

--- columns.grouped(n): "1,199,882"
function columns.grouped(n)
  local text = ("%d"):format(n)
  repeat
    local longer <const>, changed <const> = text:gsub("^(%-?%d+)(%d%d%d)", "%1,%2")
    text = longer
  until changed == 0
  return text
end

local UNITS <const> = { "B", "KB", "MB", "GB", "TB" }

--- columns.bytes(n): "4.58 MB"; a KB has 1024 bytes.
function columns.bytes(n)
  local k = 1
  while n >= 1024 and k < #UNITS do n, k = n / 1024, k + 1 end
  return (k == 1 and "%d %s" or "%.2f %s"):format(n, UNITS[k])
end

--- columns.widths(rows): of each column, the longest text, in characters. Rows are lists of texts.
function columns.widths(rows)
  local widths <const> = {}
  for _, row in ipairs(rows) do
    for c, text in ipairs(row) do widths[c] = math.max(widths[c] or 0, utf8.len(text) or #text) end
  end
  return widths
end

--- columns.line(row, widths, right): the texts padded to their widths, two spaces apart; those of
--- the columns in the set `right` stand at the right.
function columns.line(row, widths, right)
  local parts <const> = {}
  for c, text in ipairs(row) do
    local pad <const> = (" "):rep(widths[c] - (utf8.len(text) or #text))
    parts[c] = right[c] and pad .. text or text .. pad
  end
  return (table.concat(parts, "  "):gsub("%s+$", ""))
end

--- columns.numbers(rows, left): the rows as lines of one text, all columns at the right but those
--- in the set `left`.
function columns.numbers(rows, left)
  local widths <const>, right <const>, lines <const> = columns.widths(rows), {}, {}
  for c = 1, #widths do right[c] = not (left and left[c]) end
  for k, row in ipairs(rows) do lines[k] = columns.line(row, widths, right) end
  return table.concat(lines, "\n")
end

return columns
