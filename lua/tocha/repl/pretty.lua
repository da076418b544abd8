-- Values as text, as one would write them in Lua: strings quoted, tables nested and in order, with
-- limits so that nothing floods the screen. A tensor on its own is shown whole, inside a table by
-- dtype and shape. Objects that have a text of their own keep it.

local core = require "tocha.core"
local lexer = require "tocha.repl.lexer"
local registry = require "tocha.op"

local pretty <const> = {}

local DEEPEST <const>, ITEMS <const>, LONGEST <const> = 5, 60, 2000

-- ---- one value ----------------------------------------------------------------------------------

local function quoted(text)
  local cut <const> = #text > LONGEST
  local body <const> = ("%q"):format(cut and text:sub(1, LONGEST) or text):gsub("\\\n", "\\n")
  return cut and ("%s... (%d bytes)"):format(body, #text) or body
end

local function function_text(f)
  local decl <const> = registry.of[f]
  if decl then return "function tocha." .. registry.signature(decl) end
  local info <const> = debug.getinfo(f, "S")
  if info.what == "C" then return "function (in C)" end
  return ("function (%s:%d)"):format(info.short_src, info.linedefined)
end

--- pretty.shape(x): "float32 (3, 4)"
function pretty.shape(x) return ("%s (%s)"):format(x.dtype, table.concat(x.shape, ", ")) end

local TEXT <const> = {
  string = function(s, paint) return paint("string", quoted(s)) end,
  number = function(n, paint) return paint("number", tostring(n)) end,
  boolean = function(b, paint) return paint("keyword", tostring(b)) end,
  ["nil"] = function(_, paint) return paint("keyword", "nil") end,
  ["function"] = function(f, paint) return paint("dim", function_text(f)) end,
}

-- Has the value a text of its own, better than its fields?
local function has_text(value)
  local meta <const> = getmetatable(value)
  return type(meta) == "table" and (meta.__tostring ~= nil or meta.__name ~= nil)
end

local function scalar(value, paint)
  local text <const> = TEXT[type(value)]
  if text then return text(value, paint) end
  if core.is_tensor(value) then return paint("dim", pretty.shape(value)) end
  return tostring(value)
end

-- ---- tables -------------------------------------------------------------------------------------

local RANK <const> = { number = 1, string = 2, boolean = 3 }

local function before(a, b)
  local ra <const>, rb <const> = RANK[type(a)] or 4, RANK[type(b)] or 4
  if ra ~= rb then return ra < rb end
  if ra <= 2 then return a < b end
  return tostring(a) < tostring(b)
end

-- The keys that are not in the list part, in order.
local function named_keys(t)
  local keys <const>, n <const> = {}, rawlen(t)
  for key in next, t do
    if not (math.type(key) == "integer" and key >= 1 and key <= n) then keys[#keys + 1] = key end
  end
  table.sort(keys, before)
  return keys
end

local function key_text(key, paint)
  if type(key) == "string" and key:find "^[%a_][%w_]*$" and not lexer.keywords[key] then
    return paint("key", key) .. " = "
  end
  return "[" .. scalar(key, paint) .. "] = "
end

-- The columns that a text takes: UTF-8 counted by characters, colours not at all.
local function columns(text)
  local bare <const> = text:gsub("\27%[[%d;]*m", "")
  return utf8.len(bare) or #bare
end
pretty.columns = columns

local render

-- The items of a table as texts; the second result: is it a list and nothing else?
local function items_of(t, indent, state)
  local items <const>, n <const> = {}, rawlen(t)
  for k = 1, math.min(n, ITEMS) do items[k] = render(rawget(t, k), indent + 2, state) end
  if n > ITEMS then items[#items + 1] = state.paint("dim", ("... %d more"):format(n - ITEMS)) end
  local keys <const> = named_keys(t)
  for k = 1, math.min(#keys, ITEMS) do
    local name <const> = key_text(keys[k], state.paint)
    items[#items + 1] = name .. render(rawget(t, keys[k]), indent + 2 + columns(name), state)
  end
  if #keys > ITEMS then
    items[#items + 1] = state.paint("dim", ("... %d more"):format(#keys - ITEMS))
  end
  return items, #keys == 0
end

-- Short items of a list run on in lines.
local function filled(items, indent, width)
  local lines, line, used = {}, {}, indent
  for _, item in ipairs(items) do
    local size <const> = columns(item) + 2
    if #line > 0 and used + size > width then
      lines[#lines + 1] = table.concat(line, ", ")
      line, used = {}, indent
    end
    line[#line + 1] = item
    used = used + size
  end
  lines[#lines + 1] = table.concat(line, ", ")
  return lines
end

local function fits(items, room)
  local size = 4
  for _, item in ipairs(items) do
    if item:find "\n" then return false end
    size = size + columns(item) + 2
    if size > room then return false end
  end
  return true
end

local function is_flat(t)
  for k = 1, math.min(rawlen(t), ITEMS) do
    if type(rawget(t, k)) == "table" then return false end
  end
  return true
end

local function lay_out(t, indent, state)
  local items <const>, is_list <const> = items_of(t, indent, state)
  if #items == 0 then return "{}" end
  if fits(items, state.width - indent) then return "{ " .. table.concat(items, ", ") .. " }" end
  local lines <const> = is_list and is_flat(t) and filled(items, indent + 2, state.width) or items
  local margin <const> = "\n" .. (" "):rep(indent + 2)
  return "{" .. margin .. table.concat(lines, "," .. margin) .. "\n" .. (" "):rep(indent) .. "}"
end

local function indented(text, indent)
  return (text:gsub("\n", "\n" .. (" "):rep(indent)))
end

function render(value, indent, state)
  if type(value) ~= "table" or has_text(value) then
    return indented(scalar(value, state.paint), indent)
  end
  if state.above[value] then return state.paint("dim", "{ itself }") end
  if state.depth >= DEEPEST then return state.paint("dim", "{ ... }") end
  state.above[value], state.depth = true, state.depth + 1
  local text <const> = lay_out(value, indent, state)
  state.above[value], state.depth = nil, state.depth - 1
  return text
end

local function no_paint(_, text) return text end

--- pretty.text(value, {paint =, width = 80}): the text, in several lines where it needs them.
function pretty.text(value, options)
  options = options or {}
  if core.is_tensor(value) then return tostring(value) end
  local paint <const> = options.paint or no_paint
  return render(value, 0, { paint = paint, width = options.width or 80, above = {}, depth = 0 })
end

--- pretty.brief(value, width = 60): one line, cut where it is longer.
function pretty.brief(value, width)
  width = width or 60
  local text <const> = core.is_tensor(value) and pretty.shape(value)
    or pretty.text(value, { width = 1e6 })
  local line <const> = text:match "^[^\n]*"
  if #line == #text and #line <= width then return line end
  return line:sub(1, (utf8.offset(line, math.min(width - 2, utf8.len(line) or width - 2)) or width)
    - 1) .. "..."
end

return pretty
