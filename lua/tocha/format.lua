-- Tensors as text: aligned columns, one common format a tensor, and a last line with dtype, size
-- and device, as Torch had it:
--
--    0.8147  0.9058
--    0.1270  0.9134
--   [float32 tensor of size 2x2 on cpu]
--
-- More than two dimensions are blocks headed by their index, "(1,2,.,.) =". A tensor of more than
-- `threshold` elements shows `edgeitems` at each end of every dimension. A tensor without
-- dimensions reads as its number.

local core = require "tocha.core"

local format <const> = {}

local settings <const> = { precision = 4, threshold = 1000, edgeitems = 3, linewidth = 80 }
local DEFAULTS <const> = { precision = 4, threshold = 1000, edgeitems = 3, linewidth = 80 }

--- tocha.set_printoptions { precision =, threshold =, edgeitems =, linewidth = }: digits after the
--- point, elements from which a tensor is summarised, elements shown at its edges, columns.
--- "default" restores all; what is not named stays. Returns the settings.
function format.set_printoptions(options)
  for name, value in pairs(options == "default" and DEFAULTS or options or {}) do
    if DEFAULTS[name] == nil or math.type(value) ~= "integer" or value < 0 then
      core.fail("set_printoptions", nil, "expected integers precision, threshold, edgeitems and "
        .. "linewidth, got %s = %s", tostring(name), tostring(value))
    end
    settings[name] = value
  end
  local copy <const> = {}
  for name, value in pairs(settings) do copy[name] = value end
  return copy
end

-- ---- what is shown ------------------------------------------------------------------------------

local GAP <const> = {}  -- stands in a list for what is left out

-- The elements as nested lists, with a GAP in the middle of every long dimension.
local function edges(x)
  if x.ndim == 0 then return x:item() end
  local n <const>, edge <const> = x:size(1), settings.edgeitems
  if n <= 2 * edge and x.ndim == 1 then return x:totable() end
  local list <const> = {}
  for i = 1, n do
    if n <= 2 * edge or i <= edge or i > n - edge then
      list[#list + 1] = edges(x:select(1, i))
    elseif i == edge + 1 then
      list[#list + 1] = GAP
    end
  end
  return list
end

-- The indices that belong to the entries of a list of n that may have a GAP.
local function index_of(list, k, n)
  return k > #list // 2 and n - (#list - k) or k
end

local function each_value(values, f)
  if type(values) ~= "table" then return f(values) end
  for _, v in ipairs(values) do each_value(v, f) end
end

-- ---- one format for all -------------------------------------------------------------------------

local function is_finite(v) return v == v and v ~= math.huge and v ~= -math.huge end

local function extent(values)
  local largest, smallest, integral = 0.0, math.huge, true
  each_value(values, function(v)
    if not is_finite(v) then return end
    local a <const> = math.abs(v)
    largest = math.max(largest, a)
    if a > 0 then smallest = math.min(smallest, a) end
    integral = integral and v == math.floor(v)
  end)
  return largest, smallest, integral
end

-- Scientific where a fixed point would hide digits: nothing but zero may read as zero.
local function number_format(values)
  local largest <const>, smallest <const>, integral <const> = extent(values)
  if integral and largest < 1e8 then return "%.0f" end
  if largest >= 1e8 or smallest < 1e-4 then return "%." .. settings.precision .. "e" end
  return "%." .. settings.precision .. "f"
end

local function special_text(v)
  return v ~= v and "nan" or v > 0 and "inf" or "-inf"
end

local function formatter(values, kind)
  if kind ~= "float" then return tostring end
  local pattern <const> = number_format(values)
  return function(v)
    if not is_finite(v) then return special_text(v) end
    return (pattern:format(v):gsub("^%-(0)$", "%1"))
  end
end

local function widest(values, text)
  local width = 0
  each_value(values, function(v) width = math.max(width, #text(v)) end)
  return width
end

-- ---- rows, matrices, blocks ---------------------------------------------------------------------

local DOTS <const> = "..."

local function cells(row, text, width)
  local list <const> = {}
  for k, v in ipairs(row) do
    local s <const> = v == GAP and DOTS or text(v)
    list[k] = v == GAP and s or (" "):rep(width - #s) .. s
  end
  return list
end

local function per_line(width) return math.max(1, (settings.linewidth - 1) // (width + 2)) end

-- A vector runs on in lines of equal columns.
local function add_vector(lines, row, text, width)
  local list <const>, n <const> = cells(row, text, width), per_line(width)
  for first = 1, #list, n do
    lines[#lines + 1] = " " .. table.concat(list, "  ", first, math.min(first + n - 1, #list))
  end
end

local function add_columns(lines, rows, first, last, width)
  for _, list in ipairs(rows) do
    lines[#lines + 1] = " " .. (list == GAP and (" "):rep(math.max(0, width - 3)) .. DOTS
      or table.concat(list, "  ", first, last))
  end
end

-- A matrix wider than the page is shown in several runs of columns.
local function add_matrix(lines, matrix, text, width, columns)
  local rows <const> = {}
  for k, row in ipairs(matrix) do rows[k] = row == GAP and GAP or cells(row, text, width) end
  local shown <const>, n <const> = #matrix[1], per_line(width)
  if shown <= n then return add_columns(lines, rows, 1, shown, width) end
  for first = 1, shown, n do
    local last <const> = math.min(first + n - 1, shown)
    local from <const> = index_of(matrix[1], first, columns)
    local to <const> = index_of(matrix[1], last, columns)
    lines[#lines + 1] = from == to and "Column " .. from or ("Columns %d to %d"):format(from, to)
    add_columns(lines, rows, first, last, width)
  end
end

local function add_blocks(lines, values, shape, depth, prefix, text, width)
  if depth == #shape - 1 then
    if prefix ~= "" then lines[#lines + 1] = "(" .. prefix .. ".,.) =" end
    return add_matrix(lines, values, text, width, shape[#shape])
  end
  for k, block in ipairs(values) do
    if k > 1 then lines[#lines + 1] = "" end
    if block == GAP then
      lines[#lines + 1] = DOTS
    else
      add_blocks(lines, block, shape, depth + 1, prefix .. index_of(values, k, shape[depth]) .. ",",
        text, width)
    end
  end
end

-- ---- a tensor -----------------------------------------------------------------------------------

local KIND <const> = core.dtypes()

local function footer(x)
  local sizes <const> = table.concat(x.shape, "x")
  local size <const> = x.ndim == 0 and "with no dimensions" or "of size " .. sizes
  local note <const> = x.requires_grad and ", requires_grad" or ""
  return ("[%s tensor %s on %s%s]"):format(x.dtype, size, x.device, note)
end

-- The fewest digits that name this number among those of its dtype.
local DIGITS <const> = { float64 = { 15, 17 }, float32 = { 6, 9 }, float16 = { 3, 5 },
  bfloat16 = { 2, 4 } }

local function scalar(x)
  local v <const>, digits <const> = x:item(), DIGITS[x.dtype]
  if not digits then return tostring(v) end
  if not is_finite(v) then return special_text(v) end
  for d = digits[1], digits[2] do
    local s <const> = ("%." .. d .. "g"):format(v)
    if d == digits[2] or core.from_table(tonumber(s), x.dtype):item() == v then
      return s:find "[.e]" and s or s .. ".0"
    end
  end
end

local function body(x)
  local values <const> = x:numel() > settings.threshold and edges(x) or x:totable()
  local text <const> = formatter(values, KIND[x.dtype])
  local width <const>, lines <const> = widest(values, text), {}
  if x.ndim == 1 then
    add_vector(lines, values, text, width)
  else
    add_blocks(lines, values, x.shape, 1, "", text, width)
  end
  return lines
end

--- The text of a tensor: what `print(x)` shows.
function format.tensor(x)
  if core.is_ghost(x) then return (footer(x):gsub("%]$", ", without values]")) end
  if x.device == "meta" then return footer(x) end
  if x.ndim == 0 then return scalar(x) end
  if x:numel() == 0 then return footer(x) end
  local lines <const> = body(x:detach())
  lines[#lines + 1] = footer(x)
  return table.concat(lines, "\n")
end

return format
