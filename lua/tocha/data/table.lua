-- A table of named, typed columns: what data.csv returns.
--
-- A column is a tensor (int64, float64, bool) or a list of strings. Where values are missing,
-- numbers are NaN (integers then become float64) and strings are false.

local core = require "tocha.core"
local registry = require "tocha.op"
local Object = require "tocha.class"

local ops <const> = registry.ops
local NAN <const> = 0 / 0

--- data.Table(names, columns): a list of names, and by name a tensor or a list of strings.
local Table <const> = Object:extend "Table"

local function length(column)
  return core.is_tensor(column) and column:size(1) or #column
end

function Table:new(names, columns)
  self.names, self.columns, self.rows = names, columns, 0
  for k, name in ipairs(names) do
    local n <const> = length(columns[name])
    if k > 1 and n ~= self.rows then
      core.fail("Table", 2, "'%s' has %d rows, '%s' %d", name, n, names[1], self.rows)
    end
    self.rows = n
  end
end

function Table:__len() return self.rows end

-- ---- types --------------------------------------------------------------------------------------

--- Table.number(text): the number that a field is, or nil: decimal, as people write it.
function Table.number(text)
  if text:find "^%s*[+-]?%d*%.?%d*[eE]?[+-]?%d*%s*$" then
    return tonumber((text:gsub("^(%s*)%+", "%1")))
  end
  local sign <const>, word <const> = text:lower():match "^%s*([+-]?)(inf%a*)%s*$"
  if word == "inf" or word == "infinity" then return sign == "-" and -math.huge or math.huge end
end

local TRUTH <const> = { ["true"] = true, ["false"] = false, True = true, False = false,
  TRUE = true, FALSE = false }

-- The values of a column of texts by `read`, nil if one of them cannot be read. What is missing
-- is `absent`.
local function try(texts, missing, read, absent)
  local values <const>, holes = {}, false
  for k, text in ipairs(texts) do
    if missing[text] then
      values[k], holes = absent, true
    else
      values[k] = read(text)
      if values[k] == nil then return nil end
    end
  end
  return values, holes
end

local function all_integers(values)
  for _, value in ipairs(values) do
    if math.type(value) ~= "integer" then return false end
  end
  return true
end

local function strings(texts, missing)
  local values <const> = {}
  for k, text in ipairs(texts) do values[k] = not missing[text] and text end
  return values
end

local function all_missing(texts, missing)
  for _, text in ipairs(texts) do
    if not missing[text] then return false end
  end
  return true
end

-- Integers, else numbers, else true and false, else text.
local function typed(texts, missing)
  local numbers <const>, holes <const> = try(texts, missing, Table.number, NAN)
  if numbers and not (holes and all_missing(texts, missing)) then
    local dtype <const> = not holes and all_integers(numbers) and "int64" or "float64"
    return core.from_table(numbers, dtype)
  end
  local truths <const>, gaps <const> = try(texts, missing, function(text) return TRUTH[text] end)
  if truths and not gaps and #truths > 0 then return core.from_table(truths, "bool") end
  return strings(texts, missing)
end

local function as_asked(name, texts, missing, kind)
  if kind == "string" then return strings(texts, missing) end
  if not core.dtypes()[kind] then
    core.fail("csv", "types", "'%s': expected \"string\" or a dtype, got '%s'", name,
      tostring(kind))
  end
  local numbers <const>, holes <const> = try(texts, missing, Table.number, NAN)
  if not numbers then core.fail("csv", "types", "'%s' holds more than numbers", name) end
  if holes and not kind:find "float" then
    core.fail("csv", "types", "'%s' has missing values, which %s cannot tell", name, kind)
  end
  return core.from_table(numbers, kind)
end

local function column_texts(rows, k)
  local texts <const> = {}
  for r, row in ipairs(rows) do texts[r] = row[k] end
  return texts
end

--- Table.from_rows(names, rows, missing, types): `rows` are lists of strings; `missing` a list of
--- the texts that stand for nothing; `types` by name, where they should not be guessed.
function Table.from_rows(names, rows, missing, types)
  local absent <const>, columns <const> = {}, {}
  for _, text in ipairs(missing) do absent[text] = true end
  if rows[1] and #names ~= #rows[1] then
    core.fail("csv", "names", "%d names for %d columns", #names, #rows[1])
  end
  for k, name in ipairs(names) do
    if columns[name] then core.fail("csv", nil, "two columns are named '%s'", name) end
    local texts <const>, kind <const> = column_texts(rows, k), types and types[name]
    columns[name] = kind and as_asked(name, texts, absent, kind) or typed(texts, absent)
  end
  return Table(names, columns)
end

-- ---- access -------------------------------------------------------------------------------------

--- t:column(name or number): a tensor (N), or a list of strings.
function Table:column(name)
  local column <const> = self.columns[math.type(name) and self.names[name] or name]
  if column == nil then
    core.fail("column", 1, "there is no column '%s' (there are: %s)", tostring(name),
      table.concat(self.names, ", "))
  end
  return column
end

local is_numeric <const> = core.is_tensor

local function numeric_names(self)
  local names <const> = {}
  for _, name in ipairs(self.names) do
    if is_numeric(self.columns[name]) then names[#names + 1] = name end
  end
  return names
end

--- t:tensor(names, {dtype = "float32"}): (N, k), the named columns side by side; without names all
--- that are numbers.
function Table:tensor(names, options)
  local list <const> = {}
  for k, name in ipairs(names or numeric_names(self)) do
    local column <const> = self:column(name)
    if not is_numeric(column) then
      core.fail("tensor", 1, "column '%s' is text: t:categories('%s') makes numbers of it", name,
        name)
    end
    list[k] = column:to(options and options.dtype or "float32")
  end
  if #list == 0 then core.fail("tensor", 1, "no column is numeric") end
  return ops.stack(list, 2)
end

-- The different values, sorted; with numbers for text.
local function distinct(values)
  local seen <const>, names <const> = {}, {}
  for _, value in ipairs(values) do
    if value and not seen[value] then
      seen[value] = true
      names[#names + 1] = value
    end
  end
  table.sort(names)
  return names
end

--- t:categories(name, names): ids (N), int64 from 1, and the list of the different values, sorted
--- (or in the order of `names`). A missing value, or one that `names` lacks, is an error.
function Table:categories(name, names)
  local column = self:column(name)
  if is_numeric(column) then column = column:totable() end
  names = names or distinct(column)
  local id_of <const>, ids <const> = {}, {}
  for k, value in ipairs(names) do id_of[value] = k end
  for k, value in ipairs(column) do
    ids[k] = id_of[value]
    if not ids[k] then
      core.fail("categories", 1, "row %d of '%s': %s is no category", k, name,
        value and "'" .. tostring(value) .. "'" or "a missing value")
    end
  end
  return core.from_table(ids, "int64"), names
end

-- ---- rows ---------------------------------------------------------------------------------------

--- t:row(i): { name = value } of a row.
function Table:row(i)
  if i < 1 or i > self.rows then core.fail("row", 1, "%d is not in 1..%d", i, self.rows) end
  local row <const> = {}
  for _, name in ipairs(self.names) do
    local column <const> = self.columns[name]
    row[name] = is_numeric(column) and column[i]:item() or column[i]
  end
  return row
end

--- t:select(rows): a Table of these rows: ids (a list or an int64 tensor) or a mask (bool tensor).
function Table:select(rows)
  if core.is_tensor(rows) and rows.dtype == "bool" then rows = rows:nonzero():select(2, 1) end
  local ids <const> = core.is_tensor(rows) and rows or core.from_table(rows, "int64")
  local columns <const> = {}
  for name, column in pairs(self.columns) do
    if is_numeric(column) then
      columns[name] = column:index_select(1, ids)
    else
      columns[name] = {}
      for k, i in ipairs(ids:totable()) do columns[name][k] = column[i] end
    end
  end
  return Table(self.names, columns)
end

--- t:drop_missing(names): a Table of the rows that lack nothing in these columns (all of them).
function Table:drop_missing(names)
  local kept <const>, columns <const> = {}, {}
  for k, name in ipairs(names or self.names) do
    local column <const> = self:column(name)
    columns[k] = is_numeric(column) and column:isnan():logical_not():totable() or column
  end
  for k = 1, self.rows do
    local whole = true
    for _, column in ipairs(columns) do whole = whole and column[k] ~= false end
    if whole then kept[#kept + 1] = k end
  end
  return self:select(kept)
end

-- ---- as text ------------------------------------------------------------------------------------

local HEAD <const> = 6

local function cell(column, k)
  if not is_numeric(column) then return column[k] or "-" end
  local value <const> = column[k]:item()
  if value ~= value then return "-" end
  return math.type(value) == "float" and ("%.6g"):format(value) or tostring(value)
end

local function column_lines(self, name)
  local column <const> = self.columns[name]
  local lines <const> = { name, is_numeric(column) and column.dtype or "string" }
  for k = 1, math.min(HEAD, self.rows) do lines[#lines + 1] = cell(column, k) end
  return lines
end

local function pad(lines)
  local wide = 0
  for _, line in ipairs(lines) do wide = math.max(wide, utf8.len(line) or #line) end
  for k, line in ipairs(lines) do
    lines[k] = (" "):rep(wide - (utf8.len(line) or #line)) .. line
  end
  return lines
end

function Table:__tostring()
  local columns <const>, text <const> = {}, {}
  for k, name in ipairs(self.names) do columns[k] = pad(column_lines(self, name)) end
  for r = 1, math.min(HEAD, self.rows) + 2 do
    local parts <const> = {}
    for k, lines in ipairs(columns) do parts[k] = lines[r] end
    text[r] = table.concat(parts, "  ")
  end
  text[#text + 1] = ("%d rows, %d columns"):format(self.rows, #self.names)
  return table.concat(text, "\n")
end

return Table
