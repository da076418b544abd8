-- What print(frozen) shows: the fused layers with their shapes and multiply-adds, and what is
-- planned for each shape of input.

local core = require "tocha.core"
local columns = require "tocha.columns"

local function value_text(x)
  if not core.is_tensor(x) then return type(x) end
  return ("%s(%s)"):format(x.dtype, table.concat(x.shape, ", "))
end

local function values_text(list)
  local texts <const> = {}
  for k, x in ipairs(list) do texts[k] = value_text(x) end
  return table.concat(texts, ", ")
end

local function program_line(program)
  local p <const> = core.graph_describe(program)
  return ("  %s -> %s: %d calls, %s planned (one by one %s), results %s, run %d times"):format(
    values_text(p.inputs), values_text(p.outputs), #p.calls, columns.bytes(p.arena),
    columns.bytes(p.temporaries), columns.bytes(p.kept), p.runs)
end

return function(self)
  local model <const>, lines <const> = self:model(), {}
  lines[1] = ("Frozen %s, weights %s%s"):format(getmetatable(self.net).__name,
    columns.bytes(self:memory().weights), self.options.int8 and " (int8)" or "")
  if model and model.summary then lines[2] = tostring(model:summary { print = false }) end
  if self.unfused then lines[#lines + 1] = "Not fused: " .. self.unfused end
  lines[#lines + 1] = #self == 0 and "Nothing is planned yet." or "Planned:"
  for _, program in ipairs(self) do lines[#lines + 1] = program_line(program) end
  return table.concat(lines, "\n")
end
