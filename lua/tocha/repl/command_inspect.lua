-- tocha inspect FILE ...: what is in files of weights.

local columns = require "tocha.columns"
local core = require "tocha.core"

local command <const> = { least = 1, most = math.huge, options = { ["--metadata"] = "flag" },
  usage = [[
usage: tocha inspect FILE ... [--metadata]

Prints the format of files of weights, their tensors with shape, dtype and size, and what else is in
them. --metadata prints all of the metadata, not only the beginning.]] }

local LONGEST <const>, MOST <const> = 70, 12

local function shape_text(shape) return #shape > 0 and table.concat(shape, " x ") or "()" end

--- command.table(entries): the lines of a table of tensors and their totals.
function command.table(entries)
  local rows <const>, numbers, bytes = {}, 0, 0
  for k, e in ipairs(entries) do
    local count = 1
    for _, size in ipairs(e.shape) do count = count * size end
    numbers, bytes = numbers + count, bytes + e.bytes
    local dtype <const> = e.was and e.was ~= e.dtype and e.was .. " -> " .. e.dtype or e.dtype
    rows[k] = { "  " .. e.name, shape_text(e.shape), dtype, columns.bytes(e.bytes) }
  end
  rows[#rows + 1] = { ("%d tensors"):format(#entries), columns.grouped(numbers) .. " numbers", "",
    columns.bytes(bytes) }
  return columns.numbers(rows, { true, false, true })
end

local function value_text(value, whole)
  if type(value) == "table" and getmetatable(value) == nil then
    value = #value > 0 and ("list of %d: %s"):format(#value, tostring(value[1])) or "(a table)"
  end
  local text <const> = tostring(value):gsub("%c", " ")
  if whole or #text <= LONGEST then return text end
  return text:sub(1, (utf8.offset(text, LONGEST) or LONGEST) - 1) .. "..."
end

local function print_values(title, values, whole)
  local names <const> = {}
  for name in pairs(values) do names[#names + 1] = name end
  if #names == 0 then return end
  table.sort(names)
  print(title)
  for k = 1, whole and #names or math.min(#names, MOST) do
    print(("  %s = %s"):format(names[k], value_text(values[names[k]], whole)))
  end
  if not whole and #names > MOST then print(("  ... and %d more"):format(#names - MOST)) end
end

local function inspect(path, whole)
  local what <const> = require "tocha.io.contents".of(path)
  local _, size <const> = core.file_kind(what.path)
  print(("%s: %s, %s"):format(what.path, what.format, columns.bytes(size)))
  print_values("metadata", what.metadata, whole)
  print_values("other values", what.rest, whole)
  print(command.table(what.entries))
end

function command.run(paths, options)
  for k, path in ipairs(paths) do
    if k > 1 then print() end
    inspect(path, options["--metadata"])
  end
end

return command
