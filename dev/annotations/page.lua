-- A file of annotations that is being written, line by line.

local page <const> = {}

local out = {}

--- page.begin(module): a new file, the meta file of this module.
function page.begin(module)
  out = { "---@meta " .. module, "-- Written by `make annotations`; do not edit.", "" }
end

--- page.put(text, ...): a line, formatted where there is more than the text.
function page.put(text, ...)
  out[#out + 1] = select("#", ...) > 0 and text:format(...) or text
end

--- page.comment(lines): what an editor shows of the thing that follows.
function page.comment(lines)
  for _, line in ipairs(lines) do
    if line ~= "" or #lines > 1 then page.put("---" .. (line:gsub("^@", " @"))) end
  end
end

--- page.write(path)
function page.write(path)
  local file <close> = assert(io.open(path, "w"))
  file:write(table.concat(out, "\n"), "\n")
end

return page
