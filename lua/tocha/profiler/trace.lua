-- A profile as a file in Chrome's trace format, which Perfetto (ui.perfetto.dev) and
-- chrome://tracing show.

local json = require "tocha.io.json"

local trace <const> = {}

local function arguments(event)
  return { shapes = event.shapes, module = event.module, allocated = event.self_allocated }
end

-- A complete event: "X", with microseconds.
local function entry(event, first)
  return json.encode { ph = "X", pid = 1, tid = 1, name = event.name, cat = event.kind,
    ts = (event.start - first) * 1e6, dur = event.duration * 1e6, args = arguments(event) }
end

local HEAD <const> = '{"displayTimeUnit":"ms","traceEvents":[\n'
  .. '{"ph":"M","pid":1,"tid":1,"name":"process_name","args":{"name":"tocha"}}'

--- write(events, path): true, or nil and a message.
function trace.write(events, path)
  local file <close>, why = io.open(path, "w")
  if not file then return nil, why end
  local first <const> = events[1] and events[1].start or 0
  local ok, message = file:write(HEAD)
  for _, event in ipairs(events) do
    if not ok then break end
    ok, message = file:write(",\n", entry(event, first))
  end
  if ok then ok, message = file:write "\n]}\n" end
  if ok then ok, message = file:flush() end
  return ok and true or nil, message
end

return trace
