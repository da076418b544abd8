-- The statements of earlier sessions, in a file: one a line, "\n" for a line end and "\\" for a
-- backslash. Each is appended when it is entered, so that sessions side by side lose nothing.
--
-- The file is TOCHA_HISTORY (empty: none), or tocha/history in XDG_STATE_HOME or ~/.local/state.
-- Where it cannot be written, history ends with the session.

local core = require "tocha.core"

local history <const> = {}

local KEPT <const> = 10000  -- entries; a file twice as long is cut

local function make_folders(path)
  local at = 1
  while true do
    at = path:find("/", at + 1, true)
    if not at then return end
    core.make_folder(path:sub(1, at - 1))
  end
end

--- history.path(): where the file is; nil where none is wanted.
function history.path()
  local asked <const> = os.getenv "TOCHA_HISTORY"
  if asked then return asked ~= "" and asked or nil end
  local state <const>, home <const> = os.getenv "XDG_STATE_HOME", os.getenv "HOME"
  if state and state ~= "" then return state .. "/tocha/history" end
  return home and home ~= "" and home .. "/.local/state/tocha/history" or nil
end

local PLAIN <const> = { ["\\n"] = "\n", ["\\\\"] = "\\" }
local CODED <const> = { ["\n"] = "\\n", ["\\"] = "\\\\" }

local function encode(entry) return (entry:gsub("[\n\\]", CODED)) end
local function decode(line) return (line:gsub("\\[n\\]", PLAIN)) end

local function rewrite(path, entries)
  local beside <const> = path .. ".new"
  local file <const> = io.open(beside, "w")
  if not file then return end
  for _, entry in ipairs(entries) do file:write(encode(entry), "\n") end
  file:close()
  os.rename(beside, path)
end

--- history.load(): the entries of the file, oldest first.
function history.load()
  local path <const> = history.path()
  local file <const> = path and io.open(path)
  if not file then return {} end
  local entries = {}
  for line in file:lines() do entries[#entries + 1] = decode(line) end
  file:close()
  if #entries <= KEPT then return entries end
  local first <const>, long <const> = #entries - KEPT + 1, #entries > 2 * KEPT
  entries = table.move(entries, first, #entries, 1, {})
  if long then rewrite(path, entries) end
  return entries
end

--- history.append(entry): adds it to the file.
function history.append(entry)
  local path <const> = history.path()
  if not path then return end
  local file = io.open(path, "a")
  if not file then
    make_folders(path)
    file = io.open(path, "a")
  end
  if not file then return end
  file:write(encode(entry), "\n")
  file:close()
end

return history
