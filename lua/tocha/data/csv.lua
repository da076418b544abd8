-- CSV: RFC 4180 and what is met beside it, read into a table of typed columns.
--
--     local t = data.csv "weather.csv"             -- also .csv.gz
--     print(t)                                     -- names, types, first rows
--     local x = t:tensor { "temp_min", "wind" }    -- (N, 2), float32
--     local y, classes = t:categories "weather"    -- (N) int64 from 1, and the names
--
-- Fields may be quoted, with line ends and doubled quotes inside; lines end in LF or CRLF; a byte
-- order mark is passed over. A row with another number of fields is an error that tells its line.

local core = require "tocha.core"
local files = require "tocha.io.file"
local Table = require "tocha.data.table"
local signature = require "tocha.signature"

local ARGS <const> = "path = nil, text = nil, separator = nil, header = nil, names = nil, "
  .. "missing = nil, types = nil, skip = 0, limit = nil, comment = nil"

local SEPARATORS <const> = { ",", ";", "\t", "|" }
local MISSING <const> = { "", "?", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None" }

local function fail(where, format, ...) core.fail("csv", nil, "%s: " .. format, where, ...) end

-- ---- fields -------------------------------------------------------------------------------------

-- A field that begins with a quote at `at`: its text and where it ends.
local function quoted(s, at)
  local parts, from = {}, at + 1
  while true do
    local quote <const> = s.text:find('"', from, true)
    if not quote then fail(s.where, "line %d: a quoted field does not end", s.line) end
    parts[#parts + 1] = s.text:sub(from, quote - 1)
    if s.text:byte(quote + 1) ~= 34 then
      local value <const> = table.concat(parts)
      s.line = s.line + select(2, value:gsub("\n", "\n"))
      return value, quote + 1
    end
    parts[#parts + 1] = '"'
    from = quote + 2
  end
end

-- The fields of the row at `at`, and where the next row begins.
local function read_row(s, at)
  local row <const>, text <const> = {}, s.text
  while true do
    local value, stop
    if text:byte(at) == 34 then
      value, at = quoted(s, at)
      stop = text:find(s.stops, at)
      if (stop or #text + 1) ~= at then fail(s.where, "line %d: text after a quote", s.line) end
    else
      stop = text:find(s.stops, at)
      value = text:sub(at, (stop or #text + 1) - 1)
    end
    row[#row + 1] = value
    if not stop then return row, #text + 1 end
    local byte <const> = text:byte(stop)
    if byte == 13 then return row, text:byte(stop + 1) == 10 and stop + 2 or stop + 1 end
    if byte == 10 then return row, stop + 1 end
    at = stop + 1
  end
end

local function is_blank(row) return #row == 1 and row[1]:find "^%s*$" ~= nil end

-- All rows, with the line of each, after the lines to be skipped.
local function read_rows(s, skip, limit, comment)
  local rows, lines, at = {}, {}, s.first
  for _ = 1, skip do
    at = (s.text:find("\n", at, true) or #s.text) + 1
    s.line = s.line + 1
  end
  while at <= #s.text and not (limit and #rows >= limit) do
    local line <const> = s.line
    local row <const>, next_at <const> = read_row(s, at)
    if not is_blank(row) and not (comment and row[1]:sub(1, #comment) == comment) then
      rows[#rows + 1], lines[#lines + 1] = row, line
    end
    at, s.line = next_at, s.line + 1
  end
  return rows, lines
end

-- The separator that the first line has most of, outside quotes.
local function guess_separator(text, first)
  local line <const> = (text:match("^[^\r\n]*", first):gsub('"[^"]*"', ""))
  local best, most = ",", 0
  for _, separator in ipairs(SEPARATORS) do
    local _, n <const> = line:gsub(separator, "")
    if n > most then best, most = separator, n end
  end
  return best
end

-- ---- the header ---------------------------------------------------------------------------------

local function has_number(rows, column, from)
  for k = from, #rows do
    if Table.number(rows[k][column]) then return true end
  end
  return false
end

-- The first row names the columns when it has no number, and there are numbers below.
local function guess_header(rows)
  for _, field in ipairs(rows[1]) do
    if Table.number(field) then return false end
  end
  for column = 1, #rows[1] do
    if has_number(rows, column, 2) then return true end
  end
  return false
end

local function numbered(n)
  local names <const> = {}
  for k = 1, n do names[k] = ("column%d"):format(k) end
  return names
end

local function check_rows(where, rows, lines, n)
  for k, row in ipairs(rows) do
    if #row ~= n then
      fail(where, "line %d has %d fields, not %d as the first row", lines[k], #row, n)
    end
  end
end

local function trimmed(names)
  local result <const> = {}
  for k, name in ipairs(names) do result[k] = name:match "^%s*(.-)%s*$" end
  return result
end

-- ---- csv ----------------------------------------------------------------------------------------

local function source_of(options)
  if type(options.text) == "string" then return options.text, "the text" end
  return files.read("csv", options.path), options.path
end

local function open(options)
  local text <const>, where <const> = source_of(options)
  local first <const> = text:sub(1, 3) == "\239\187\191" and 4 or 1
  local separator <const> = options.separator or guess_separator(text, first)
  if type(separator) ~= "string" or #separator ~= 1 or separator == '"' then
    core.fail("csv", "separator", "expected one character, got '%s'", tostring(separator))
  end
  return { text = text, where = where, first = first, line = 1,
    stops = ("[%%%s\r\n]"):format(separator) }
end

--- data.csv(path, options): a Table. Options: separator (guessed from , ; tab |), header (true,
--- false; guessed: no number in the first row and numbers below), names (a list, in place of a
--- header), missing (the texts that stand for nothing: empty, ?, NA, NaN, null ...), types (name ->
--- "string" or a dtype), skip (lines at the top), limit (rows), comment ("#": lines to pass over),
--- text (a string instead of a file).
return function(path, ...)
  local options <const> = {}
  if type(path) == "table" then signature.read(ARGS, "csv", options, path)
  else signature.read(ARGS, "csv", options, path, ...) end
  local s <const> = open(options)
  local limit <const> = options.limit and options.limit + 1
  local rows <const>, lines <const> = read_rows(s, options.skip, limit, options.comment)
  if #rows == 0 then fail(s.where, "there are no rows") end
  check_rows(s.where, rows, lines, #rows[1])
  local header = options.header
  if header == nil then header = not options.names and guess_header(rows) end
  local names = options.names or header and trimmed(rows[1]) or numbered(#rows[1])
  if header then table.remove(rows, 1) end
  if options.limit and #rows > options.limit then rows[#rows] = nil end
  return Table.from_rows(names, rows, options.missing or MISSING, options.types)
end
