-- From the list of events to sums by name.
--
-- An event is { name, kind, parent (0: none), start, duration, allocated, shapes?, module? }; those
-- in an event come after it. complete() adds self_time and self_allocated, which leave out what is
-- inside, and gives every event the module it belongs to.

local averages <const> = {}

local TAPES_OWN <const> = { accumulate = true, pick = true, copy_slices = true }  -- no operations

local function belongs_to(event, parent)
  if event.kind == "module" then return event.name end
  return event.module or parent and parent.module
end

--- complete(events): the list itself.
function averages.complete(events)
  for _, event in ipairs(events) do
    local parent <const> = events[event.parent]
    event.self_time, event.self_allocated = event.duration, event.allocated
    event.module = belongs_to(event, parent)
    if event.kind == "backward" and not TAPES_OWN[event.name] then
      event.name = event.name .. " backward"
    end
    if parent then
      parent.self_time = parent.self_time - event.duration
      parent.self_allocated = parent.self_allocated - event.allocated
    end
  end
  return events
end

-- Steps are numbered in a trace, and one row in a table.
local function row_name(event) return (event.name:gsub("^(ProfilerStep)#%d+$", "%1*")) end

local function key_of(event, by)
  return table.concat({ row_name(event), event.kind, by.shape and event.shapes or "",
    by.module and event.module or "" }, "\n")
end

-- Is one of the events around it of the same key? Its time is in that one's.
local function is_inside_its_like(events, keys, k)
  local parent = events[k].parent
  while parent > 0 do
    if keys[parent] == keys[k] then return true end
    parent = events[parent].parent
  end
  return false
end

local function new_row(event, by)
  return { name = row_name(event), kind = event.kind, calls = 0, self_time = 0, total_time = 0,
    self_allocated = 0, allocated = 0, shapes = by.shape and (event.shapes or "") or nil,
    module = by.module and (event.module or "") or nil }
end

local function add(row, event, inside)
  row.calls = row.calls + 1
  row.self_time = row.self_time + event.self_time
  row.self_allocated = row.self_allocated + event.self_allocated
  if inside then return end
  row.total_time = row.total_time + event.duration
  row.allocated = row.allocated + event.allocated
end

--- rows(events, {shape =, module =}): a row for each name, and input shapes, and module. Modules
--- themselves are rows only by module.
function averages.rows(events, by)
  local rows <const>, keys <const> = {}, {}
  for k, event in ipairs(events) do
    keys[k] = key_of(event, by)
    if event.kind ~= "module" or by.module then
      local row = rows[keys[k]]
      if not row then
        row = new_row(event, by)
        rows[keys[k]], rows[#rows + 1] = row, row
      end
      add(row, event, is_inside_its_like(events, keys, k))
    end
  end
  return table.move(rows, 1, #rows, 1, {})
end

return averages
