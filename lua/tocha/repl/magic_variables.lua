-- %who, %whos, %reset, %memory: what the session holds.

local core = require "tocha.core"
local pretty = require "tocha.repl.pretty"
local bytes = require "tocha.columns".bytes
local columns = require "tocha.repl.columns"

local function who(session)
  local names <const> = session:names()
  print(#names == 0 and "nothing yet" or columns.columns(names))
end

local function type_text(value)
  if core.is_tensor(value) then return "tensor" end
  local meta <const> = getmetatable(value)
  local name <const> = type(value) == "table" and type(meta) == "table" and rawget(meta, "__name")
  return type(name) == "string" and name or math.type(value) or type(value)
end

local function bytes_of(value)
  if not core.is_tensor(value) then return "" end
  return bytes(value:numel() * value:element_size())
end

local function whos(session)
  local rows <const> = { { "name", "type", "size", "value" } }
  for _, name in ipairs(session:names()) do
    local value <const> = _G[name]
    rows[#rows + 1] = { name, type_text(value), bytes_of(value), pretty.brief(value, 50) }
  end
  print(#rows == 1 and "nothing yet" or columns.rows(rows))
end

local function reset(session)
  local n <const> = #session:names()
  session:reset()
  print(("%d name%s and all results forgotten"):format(n, n == 1 and "" or "s"))
end

local function memory()
  local m <const> = core.memory()
  print(columns.rows {
    { "tensors", bytes(m.in_use) }, { "at their peak", bytes(m.peak) },
    { "kept for reuse", bytes(m.cached) }, { "allocations", tostring(m.allocations) },
    { "Lua's heap", bytes(collectgarbage "count" * 1024 // 1) },
  })
end

return {
  { name = "who", args = "", doc = "the names that you have made", run = who },
  { name = "whos", args = "", doc = "the same with type, bytes and value", run = whos },
  { name = "reset", args = "", doc = "forgets your names and all results", run = reset },
  { name = "memory", args = "", doc = "bytes in tensors and in Lua", run = memory },
}
