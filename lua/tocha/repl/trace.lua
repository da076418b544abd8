-- Errors with a traceback that a person reads: the innermost call last, calls inside Tocha folded,
-- the line that failed with its neighbours and the shapes of what it names.
--
--     ok, problem = xpcall(f, trace.capture)
--     io.stderr:write(trace.text(problem, paint))
--
-- A frame is described when the error happens, and keeps none of the values alive.

local core = require "tocha.core"
local source = require "tocha.repl.source"

local trace <const> = {}

local here <const> = debug.getinfo(1, "S").source
local LIBRARY <const> = here:gsub("repl/trace%.lua$", "")   -- where the chunks of the library begin
local COMMAND <const> = here:gsub("trace%.lua$", "")
local KEPT <const>, ENDS <const> = 40, 20  -- of a deeper stack the ends are kept
local LONGEST <const>, MOST <const> = 60, 12  -- characters of a value, values of a frame

-- ---- values -------------------------------------------------------------------------------------

local function shape_text(x)
  local text <const> = ("%s (%s)"):format(x.dtype, table.concat(x.shape, ", "))
  return x.ndim == 0 and not core.is_ghost(x) and text .. " " .. tostring(x:item()) or text
end

local function clipped(text)
  text = text:match "^[^\n]*"
  return #text <= LONGEST and text or text:sub(1, LONGEST - 3) .. "..."
end

local function is_module(value)
  local class <const> = getmetatable(value)
  return type(class) == "table" and class.is_module == true
end

-- "Linear(3, 4)"; "Sequential(...)" for one that holds others.
local function one_line(module)
  local first <const> = tostring(module):match "^[^\n]*":gsub("  .*", "")
  return first:find "%($" and first .. "...)" or first
end

local DESCRIBE <const> = {
  number = tostring, boolean = tostring,
  string = function(s) return clipped(("%q"):format(s)) end,
  userdata = function(x) return core.is_tensor(x) and shape_text(x) or nil end,
  table = function(t) return is_module(t) and clipped(one_line(t)) or nil end,
}

-- What a traceback says of a value, or nil where it says nothing.
local function describe(value)
  local f <const> = DESCRIBE[type(value)]
  if not f then return nil end
  local ok <const>, text <const> = pcall(f, value)
  return ok and text or nil
end

-- ---- the variables of a frame -------------------------------------------------------------------

-- name -> value for what the function at `level` sees: its locals over its upvalues.
local function visible(level)
  local seen <const>, order <const> = {}, {}
  local function put(name, value)
    if not name or name:find "^%(" or name == "_ENV" then return end
    if seen[name] == nil then order[#order + 1] = name end
    seen[name] = value
  end
  local f <const> = debug.getinfo(level + 1, "f").func
  for k = 1, 60 do
    local name, value = debug.getupvalue(f, k)
    if not name then break end
    put(name, value)
  end
  for k = 1, 200 do
    local name, value = debug.getlocal(level + 1, k)
    if not name then break end
    put(name, value)
  end
  return seen, order
end

-- "a.b.c" read without metamethods, but for tensors' and classes' own fields.
local function walk(value, path)
  for name in path:gmatch "[^.]+" do
    if type(value) ~= "table" then return nil end
    value = rawget(value, name)
  end
  return value
end

local function note(notes, seen, name, value, wanted)
  if value == nil or seen[name] or #notes >= MOST then return end
  local text <const> = wanted(value) and describe(value)
  if text then
    notes[#notes + 1] = name .. " = " .. text
    seen[name] = true
  end
end

local function anything() return true end

-- What the failing line names, in its order; then the other tensors among the locals.
local function variables(level, line)
  local values <const>, order <const> = visible(level + 1)
  local notes <const>, seen <const> = {}, {}
  for path in (line or ""):gsub('%b""', ""):gsub("%b''", ""):gmatch "%f[%w_][%a_][%w_.]*" do
    local first <const>, rest <const> = path:match "^([%w_]+)%.?(.*)$"
    local base = values[first]
    if base == nil then base = rawget(_G, first) end
    local value <const> = walk(base, rest)
    if value ~= nil then note(notes, seen, path, value, anything)
    else note(notes, seen, first, base, anything) end
  end
  for _, name in ipairs(order) do note(notes, seen, name, values[name], core.is_tensor) end
  return notes
end

-- ---- frames -------------------------------------------------------------------------------------

local function starts(text, prefix) return text:sub(1, #prefix) == prefix end

local function frame_of(info)
  return {
    source = info.source, short = info.short_src, line = info.currentline,
    name = info.name, what = info.what, defined = info.linedefined,
    library = starts(info.source, LIBRARY), command = starts(info.source, COMMAND),
  }
end

-- The calls from `level` outwards, without C functions; the innermost of the user's gets its
-- variables.
local function frames_from(level)
  local frames <const> = {}
  local told = false
  while true do
    local info <const> = debug.getinfo(level, "Sln")
    if not info then return frames end
    if info.what ~= "C" then
      local frame <const> = frame_of(info)
      frames[#frames + 1] = frame
      if not frame.library and not told then
        told = true
        frame.lines = source.lines(frame.source)
        frame.variables = variables(level, frame.lines and frame.lines[frame.line])
      end
    end
    level = level + 1
  end
end

-- Without the command's own calls at both ends, and without the middle of a deep recursion.
local function trimmed(frames)
  while frames[1] and frames[1].command do table.remove(frames, 1) end
  local last = #frames
  while last > 0 and not frames[last].command do last = last - 1 end
  if last == 0 then last = #frames end  -- not called by the command
  while last > 0 and frames[last].command do last = last - 1 end
  local kept <const> = table.move(frames, 1, math.min(last, KEPT), 1, {})
  if last > KEPT then
    kept[ENDS + 1] = { gap = last - 2 * ENDS }
    table.move(frames, last - ENDS + 1, last, ENDS + 2, kept)
  end
  return kept
end

local function text_of(message)
  if type(message) == "string" then return message end
  local meta <const> = getmetatable(message)
  if type(meta) == "table" and meta.__tostring then return tostring(message) end
  return ("(error object is a %s value)"):format(type(message))
end

local inner  -- what was captured deeper inside, before a pcall of the library lost the stack

--- trace.capture(message): a message handler. Returns { message, frames }.
function trace.capture(message)
  local text <const> = text_of(message)
  if inner and starts(text, inner.message) then
    inner.message = text
    return inner
  end
  if text:find("stack overflow", 1, true) then  -- hardly any stack is left to look around with
    return { message = text:match "^[^\n]*", frames = {} }
  end
  local ok <const>, frames <const> = pcall(frames_from, 4)
  return { message = text, frames = ok and trimmed(frames) or {} }
end

--- trace.note(message): for a message handler inside the library that raises the error again.
function trace.note(message)
  inner = nil
  inner = trace.capture(message)
end

--- trace.forget(): a new statement begins; earlier errors were caught.
function trace.forget() inner = nil end

-- ---- text ---------------------------------------------------------------------------------------

local function place(frame, paint)
  local name <const> = frame.what == "main" and "main chunk" or frame.name
    and "'" .. frame.name .. "'" or "a function of line " .. frame.defined
  return ("%s, in %s"):format(paint("place", frame.short .. ":" .. frame.line), name)
end

local function add_line(out, frame, n, paint, failed)
  local text <const> = frame.lines[n]
  if not text then return end
  local number <const> = ("%5d | "):format(n)
  out[#out + 1] = failed and paint("mark", "  >") .. paint("dim", number) .. text
    or "   " .. paint("dim", number .. text)
end

-- The frame in which it happened: the line between its neighbours, and what it names.
local function add_failing(out, frame, paint)
  local around <const> = frame.what == "main" and #frame.lines <= 1 and 0 or 1
  for n = frame.line - around, frame.line + around do
    add_line(out, frame, n, paint, n == frame.line)
  end
  for _, note_text in ipairs(frame.variables or {}) do
    out[#out + 1] = "          " .. note_text
  end
end

local function add_frame(out, frame, paint)
  out[#out + 1] = "  " .. place(frame, paint)
  local failing <const> = frame.variables ~= nil
  frame.lines = frame.lines or source.lines(frame.source)
  if not frame.lines then return end
  if failing then add_failing(out, frame, paint)
  else add_line(out, frame, frame.line, paint, false) end
end

local function add_fold(out, n, paint)
  if n == 0 then return end
  out[#out + 1] = paint("dim", ("  ... %d call%s inside Tocha"):format(n, n == 1 and "" or "s"))
end

local function add_frames(out, frames, paint)
  local folded = 0
  for k = #frames, 1, -1 do
    local frame <const> = frames[k]
    if frame.library then
      folded = folded + 1
    else
      add_fold(out, folded, paint)
      folded = 0
      if frame.gap then out[#out + 1] = paint("dim", ("  ... %d more calls"):format(frame.gap))
      else add_frame(out, frame, paint) end
    end
  end
  add_fold(out, folded, paint)
end

--- trace.text(problem, paint, label): the whole report, ending in the message.
function trace.text(problem, paint, label)
  local out <const> = {}
  if #problem.frames > 1 then
    out[1] = paint("dim", "Traceback (the call that failed last)")
  end
  add_frames(out, problem.frames, paint)
  out[#out + 1] = paint("error", label) .. problem.message
  return table.concat(out, "\n") .. "\n"
end

return trace
