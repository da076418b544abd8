-- %run, %edit, %history, %save, !shell: files and other programs.

local history = require "tocha.repl.history"
local run = require "tocha.repl.run"

local function refuse(format, ...) error(run.quiet(format:format(...))) end

-- "a.lua 'two words' 3": the words, in quotes or not.
local function words_of(text)
  local words, at = {}, 1
  while true do
    local quote <const>, from <const> = text:match("^%s*(['\"])()", at)
    local word, next_at
    if quote then word, next_at = text:match("^(.-)" .. quote .. "()", from)
    else word, next_at = text:match("^%s*(%S+)()", at) end
    if not word then return words end
    words[#words + 1], at = word, next_at
  end
end

local function read_file(path)
  local file <const>, message <const> = io.open(path, "rb")
  if not file then refuse("%s", message) end
  local text <const> = file:read "a"
  file:close()
  return text
end

local function write_file(path, text)
  local file <const>, message <const> = io.open(path, "wb")
  if not file then refuse("%s", message) end
  file:write(text)
  file:close()
end

local function exists(path)
  local file <const> = io.open(path, "rb")
  return file ~= nil and file:close()
end

-- ---- %run ---------------------------------------------------------------------------------------

local TELL <const> = "_tell_locals"  -- a global, while a script runs

-- The locals of the script that calls this become globals, but for those that would hide Lua's own.
local function keep_locals(session)
  for k = 1, 200 do
    local name <const>, value <const> = debug.getlocal(3, k)
    if not name then return end
    if name:find "^[%a_]" and not session.given[name] then _G[name] = value end
  end
end

-- The script with a last line that tells its locals; as it is where it cannot have one.
local function load_script(text, path)
  local body <const> = text:gsub("^#[^\n]*", "")
  local plain <const>, message <const> = load(body, "@" .. path)
  if not plain then refuse("%s", message) end
  return load(body .. "\n;_ENV." .. TELL .. "()", "@" .. path) or plain
end

local function forget_tell() _G[TELL] = nil end

local function run_file(session, rest)
  local words <const> = words_of(rest)
  local path <const> = table.remove(words, 1) or refuse "which file?"
  local chunk <const> = load_script(read_file(path), path)
  words[0] = path
  _G.arg = words  -- luacheck: ignore
  local _ <close> = setmetatable({}, { __close = forget_tell })
  _G[TELL] = function() keep_locals(session) end
  chunk(table.unpack(words))
end

-- ---- %edit --------------------------------------------------------------------------------------

local function editor_of()
  for _, name in ipairs { "VISUAL", "EDITOR" } do
    local editor <const> = os.getenv(name)
    if editor and editor ~= "" then return editor end
  end
  return "vi"
end

local function quoted(path) return "'" .. path:gsub("'", "'\\''") .. "'" end

local function edit_file(path)
  if not os.execute(editor_of() .. " " .. quoted(path)) then refuse "the editor failed" end
end

-- The last statement that was no command.
local function last_input(session)
  for n = session.number - 1, 1, -1 do
    local text <const> = session.inputs[n]
    if text and not require "tocha.repl.magic".parse(text) then return text end
  end
  return ""
end

local function edit_text(text)
  local path <const> = os.tmpname()
  local _ <close> = setmetatable({}, { __close = function() os.remove(path) end })
  write_file(path, text .. "\n")
  edit_file(path)
  return read_file(path)
end

local function edit(session, rest)
  local number <const> = math.tointeger(tonumber(rest))
  if rest ~= "" and not number then
    edit_file(rest)
    return run_file(session, quoted(rest))
  end
  local text <const> = edit_text(number and session.inputs[number] or last_input(session))
  session:note(text)
  local compiled <const>, message <const> = session:compile(text)
  if not compiled then refuse("%s", message) end
  session:compute(compiled)
end

-- ---- %history, %save ----------------------------------------------------------------------------

local function numbered(n, text)
  return ("%4d  %s"):format(n, (text:gsub("\n", "\n      ")))
end

local function show_history(session, pattern)
  if pattern ~= "" then
    for _, text in ipairs(history.load()) do
      if text:find(pattern, 1, true) then print((text:gsub("\n", "\n  "))) end
    end
    return
  end
  for n = 1, session.number - 1 do
    if session.inputs[n] then print(numbered(n, session.inputs[n])) end
  end
end

local function save(session, rest)
  local words <const> = words_of(rest)
  local path <const> = words[1] or refuse "into which file?"
  if exists(path) then refuse("%s is there already", path) end
  local from <const>, to <const> = (words[2] or ""):match "^(%d+)%-?(%d*)$"
  local first <const> = tonumber(from) or 1
  local last <const> = tonumber(to ~= "" and to or from) or session.number - 1
  local texts <const> = {}
  for n = first, last do
    local text <const> = session.inputs[n]
    if text and not require "tocha.repl.magic".parse(text) then texts[#texts + 1] = text end
  end
  write_file(path, table.concat(texts, "\n") .. "\n")
  print(("%d statements in %s"):format(#texts, path))
end

local function shell(_, command)
  local ok <const>, how <const>, code <const> = os.execute(command)
  if not ok then print(("(%s %s)"):format(how == "signal" and "signal" or "status", code)) end
end

return {
  { name = "run", args = "file [args]",
    doc = "runs a script; its top-level locals are yours afterwards", run = run_file },
  { name = "edit", args = "[number | file]",
    doc = "opens a statement (the last one) or a file in $EDITOR, then runs it", run = edit },
  { name = "history", args = "[text]",
    doc = "this session's statements, or all in the history file with the text",
    run = show_history },
  { name = "save", args = "file [first-last]", doc = "writes this session's statements into a file",
    run = save },
  { name = "shell", args = "command", doc = "runs a shell command; !command is the same",
    run = shell },
}
