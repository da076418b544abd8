-- What functions, classes and rooms say about themselves: the `---` comments above their
-- definitions, read from the source files when they are asked for.
--
--     doc.of(tocha.nn.Linear, "nn.Linear").lines    -- what help shows
--
-- By the house's style a comment begins with the call, "--- nn.Linear(in_features, ...): y = ...".
-- A class may have its comment above `new`, `forward` or its own line. Nothing is run but what the
-- debug library tells; where a source is missing, so is its text.

local core = require "tocha.core"
local registry = require "tocha.op"
local describe = require "tocha.describe"
local source = require "tocha.repl.source"

local doc <const> = {}

-- ---- comments -----------------------------------------------------------------------------------

local function comment_text(line)
  return line:match "^%s*%-%-%-%s?([^%-].*)$" or line:find "^%s*%-%-%-%s*$" and "" or nil
end

local files <const> = {}  -- chunk -> { lines, blocks }

-- The file's lines and its blocks: { text = lines, first, last, code = the line below }.
local function read(chunk)
  if files[chunk] then return files[chunk] end
  local lines <const> = source.lines(chunk)
  if not lines then return nil end
  local blocks, open = {}, nil
  for n, line in ipairs(lines) do
    local text <const> = comment_text(line)
    if text and not open then
      open = { text = {}, first = n }
      blocks[#blocks + 1] = open
    end
    if text then open.text[#open.text + 1] = text
    elseif open then open.last, open.code, open = n - 1, line, nil end
  end
  files[chunk] = { lines = lines, blocks = blocks }
  return files[chunk]
end

-- The block that ends above line n.
local function block_above(chunk, n)
  local file <const> = read(chunk)
  for _, block in ipairs(file and file.blocks or {}) do
    if block.last == n - 1 then return block end
  end
end

local function escaped(name) return (name:gsub("%p", "%%%0")) end

local NOTHING <const> = { lines = {}, blocks = {} }

-- "Conv2d" also stands for Conv1d and Conv3d.
local function any_digit(name) return (escaped(name):gsub("%d", "%%d")) end

-- The block whose first line calls the name (a pattern), else the one above its definition.
local function block_naming(chunk, name)
  local blocks <const> = (read(chunk) or NOTHING).blocks
  local call <const> = "%f[%w_]" .. name .. "%s*[%({\"]"
  for _, block in ipairs(blocks) do
    if block.text[1]:find(call) then return block end
  end
  for _, block in ipairs(blocks) do
    if (block.code or ""):find("^%s*local%s+" .. name .. "%f[^%w_]") then return block end
  end
end

-- The comment that a file opens with.
local function header(chunk)
  local lines <const> = {}
  for _, line in ipairs((read(chunk) or NOTHING).lines) do
    local text <const> = line:match "^%-%-%s?(.*)$"
    if not text then break end
    lines[#lines + 1] = text
  end
  return lines
end

-- ---- where things are ---------------------------------------------------------------------------

-- The modules of Tocha that are loaded, the most specific first.
local function modules()
  local names <const> = {}
  for name in pairs(package.loaded) do
    if name:find "^tocha" then names[#names + 1] = name end
  end
  table.sort(names, function(a, b) return #a > #b or #a == #b and a < b end)
  return names
end

local function chunk_of_module(name)
  local path <const> = package.searchpath(name, package.path)
  return path and "@" .. path
end

-- The chunk of the module that holds the class.
local function chunk_of_member(value)
  for _, name in ipairs(modules()) do
    local module <const> = package.loaded[name]
    local chunk <const> = type(module) == "table" and chunk_of_module(name)
    for _, each in next, chunk and module or {} do
      if rawequal(each, value) then return chunk end
    end
  end
end

local OWN <const> = { "forward", "new", "build", "setup", "step", "update", "shapes" }

-- The chunks in which a class may be described: where its methods are, and the module that has it.
local function chunks_of_class(class)
  local chunks <const> = {}
  for _, name in ipairs(OWN) do
    local f <const> = rawget(class, name)
    if type(f) == "function" then chunks[#chunks + 1] = debug.getinfo(f, "S").source end
  end
  chunks[#chunks + 1] = chunk_of_member(class)
  return chunks
end

-- ---- kinds --------------------------------------------------------------------------------------

--- doc.is_class(value): is it a class made by class.lua?
function doc.is_class(value)
  return type(value) == "table" and type(rawget(value, "__name")) == "string"
    and rawget(value, "__index") ~= nil
end

--- doc.parameters(f): "x, y, ..." of a Lua function; "..." of one in C.
function doc.parameters(f)
  local info <const> = debug.getinfo(f, "u")
  local names <const> = {}
  for k = 1, info.nparams do names[k] = debug.getlocal(f, k) end
  if info.isvararg then names[#names + 1] = "..." end
  return table.concat(names, ", ")
end

-- Does the comment begin with a call of the name? Then it needs no title.
local function tells_call(lines, name)
  local last <const> = name:match "[%w_]+$" or name
  return lines[1] and lines[1]:find("^[%w_.:]*" .. escaped(last) .. "%s*[%({\"]") ~= nil
end

local function titled(title, name, lines)
  local all <const> = tells_call(lines, name) and {} or { title }
  return table.move(lines, 1, #lines, #all + 1, all)
end

local MANUAL <const> = "https://www.lua.org/manual/5.4/manual.html"

-- The name under which Lua itself has the function.
local function lua_name(f)
  for _, room in ipairs { "_G", "string", "table", "math", "io", "os", "debug", "coroutine",
    "utf8", "package" } do
    for name, value in pairs(package.loaded[room]) do
      if value == f then return room == "_G" and name or room .. "." .. name end
    end
  end
end

-- The block that calls the name in the same file, else in another file of its folder.
local function block_in_room(chunk, name)
  local found = block_naming(chunk, name)
  local folder <const> = chunk:match "^.*/"
  for _, module in ipairs(found and {} or modules()) do
    local other <const> = chunk_of_module(module)
    if not found and folder and other and other:sub(1, #folder) == folder then
      found = block_naming(other, name)
    end
  end
  return found
end

-- The comment above it, one that calls its name, or the header of a file that is about it.
local function text_of_function(info, name)
  local block <const> = block_above(info.source, info.linedefined)
    or name and block_in_room(info.source, escaped(name:match "[%w_]*$"))
  if block then return block.text end
  local lines <const> = header(info.source)
  return name and tells_call(lines, name) and lines or nil
end

-- Lua's own, or one whose comment is where a room takes it from the core.
local function of_c_function(f, name)
  local known <const> = lua_name(f)
  if known then
    local text <const> = ("%s: a function of Lua, %s#pdf-%s"):format(known, MANUAL, known)
    return { kind = "function", lines = { text } }
  end
  local chunk <const> = name and chunk_of_member(f)
  local block <const> = chunk and block_in_room(chunk, escaped(name:match "[%w_]*$"))
  return { kind = "function", lines = block and block.text or { (name or "it") .. " is in C" },
    told = block ~= nil }
end

local function of_function(f, name)
  local decl <const> = registry.of[f]
  if decl then return { kind = "operation", lines = describe.page(decl), told = true } end
  local info <const> = debug.getinfo(f, "S")
  if info.what == "C" then return of_c_function(f, name) end
  local text <const> = text_of_function(info, name)
  local title <const> = ("%s(%s)"):format(name or "function", doc.parameters(f))
  local lines <const> = titled(title, name or "function", text or {})
  return { kind = "function", lines = lines, told = text ~= nil,
    place = ("%s:%d"):format(info.short_src, info.linedefined) }
end

-- The comment about a class: one that calls its name, or that of a relative in another dimension.
local function class_block(class)
  local name <const>, chunks <const> = rawget(class, "__name"), chunks_of_class(class)
  for _, pattern in ipairs { escaped(name), any_digit(name) } do
    for _, chunk in ipairs(chunks) do
      local block <const> = block_naming(chunk, pattern)
      if block then return block, chunk end
    end
  end
end

-- The header of the first file whose header speaks of the class, else of the first file.
local function class_header(class)
  local name <const> = "%f[%w_]" .. any_digit(rawget(class, "__name")) .. "%f[^%w_]"
  local chunks <const> = chunks_of_class(class)
  for _, chunk in ipairs(chunks) do
    local lines <const> = header(chunk)
    if table.concat(lines, "\n"):find(name) then return lines end
  end
  return chunks[1] and header(chunks[1])
end

-- Text for a class that has no comment of its own: its `doc`, the operation that it calls, or what
-- its file says.
local function other_text(class)
  local own <const> = rawget(class, "doc")
  if type(own) == "string" then return { own } end
  local decl <const> = type(class.op) == "string" and registry.decl[class.op]
  if decl then return { decl.doc, "It calls the operation " .. registry.signature(decl) } end
  return class_header(class) or {}
end

local function of_class(class, name)
  name = name or rawget(class, "__name")
  local block <const>, chunk <const> = class_block(class)
  local lines <const> = block and block.text or other_text(class)
  local title <const> = ("%s(%s)"):format(name, class.args or "...")
  local place <const> = block and ("%s:%d"):format(chunk:sub(2), block.first)
  return { kind = "class", lines = titled(title, name, lines), place = place, told = #lines > 0 }
end

--- doc.summary(value, name): the first sentence about it, in one line; "" where there is none.
function doc.summary(value, name)
  local found <const> = doc.of(value, name)
  if found.kind == "operation" then return (registry.of[value] or {}).doc or "" end
  local text <const> = table.concat(found.lines, " ")
  local rest <const> = text:gsub("^[%w_.:]+%s*%b()%s*:?%s*", "")
    :gsub("^[%w_.:]+%s*%b{}%s*:?%s*", ""):gsub("^[%w_.:]+:%s+", "")
  return rest:match "^(.-%.)%f[%s\0]" or rest
end

local function of_room(room, name)
  for _, module in ipairs(modules()) do
    local chunk <const> = package.loaded[module] == room and chunk_of_module(module)
    if chunk then return { kind = "room", lines = header(chunk), place = chunk:sub(2) } end
  end
  local of_lua <const> = room == package.loaded[name] and ", a library of Lua: " .. MANUAL or ""
  return { kind = "value", lines = { (name or "it") .. " is a table" .. of_lua } }
end

local function of_object(object, name)
  local class <const> = getmetatable(object)
  local found <const> = of_class(class)
  local lines <const> = { ("%s is a %s"):format(name or "it", class.__name), "" }
  table.move(found.lines, 1, #found.lines, 3, lines)
  return { kind = "object", lines = lines, place = found.place }
end

local function of_tensor(x, name)
  return { kind = "tensor", lines = {
    ("%s is a tensor: %s (%s) on %s"):format(name or "it", x.dtype, table.concat(x.shape, ", "),
      x.device),
    "Its methods are the operations: ?tocha.relu; docs/ops.md lists them." } }
end

--- doc.of(value, name): { kind, lines, place, told }: `told` where a comment was found. `name` is
--- how the user calls it, where known.
function doc.of(value, name)
  if type(value) == "function" then return of_function(value, name) end
  if core.is_tensor(value) then return of_tensor(value, name) end
  if doc.is_class(value) then return of_class(value, name) end
  if type(value) == "table" and doc.is_class(getmetatable(value)) then
    return of_object(value, name)
  end
  if type(value) == "table" then return of_room(value, name) end
  return { kind = "value", lines = { ("%s is a %s: %s"):format(name or "it", type(value),
    tostring(value)) } }
end

-- ---- sources ------------------------------------------------------------------------------------

local function excerpt(chunk, first, last)
  local file <const> = read(chunk)
  return file and table.concat(file.lines, "\n", first, math.min(last, #file.lines))
end

-- From the comment above to the last line.
local function function_source(f)
  local info <const> = debug.getinfo(f, "S")
  if info.what == "C" then return nil end
  local block <const> = block_above(info.source, info.linedefined)
  return excerpt(info.source, block and block.first or info.linedefined, info.lastlinedefined),
    ("%s:%d"):format(info.short_src, info.linedefined)
end

-- The declaration of an operation, `op "name" {` to the brace that ends it.
local function declaration(chunk, name)
  local file <const> = read(chunk)
  for n, line in ipairs(file and file.lines or {}) do
    if line:find('op "' .. name .. '"', 1, true) then
      local last = n
      while file.lines[last] and not file.lines[last]:find "^}" do last = last + 1 end
      return excerpt(chunk, n, last), ("%s:%d"):format(chunk:sub(2), n)
    end
  end
end

local function operation_source(decl)
  local f <const> = decl.ref or decl.run or decl.shape
  if type(f) ~= "function" then return describe.formula(decl) end
  local text <const>, place <const> = declaration(debug.getinfo(f, "S").source, decl.name)
  if text then return text, place end
  return function_source(f)
end

local function class_source(class)
  for _, name in ipairs(OWN) do
    local f <const> = rawget(class, name)
    if type(f) == "function" then return function_source(f) end
  end
end

--- doc.source(value): its text and place; nil where there is no source in Lua.
function doc.source(value)
  local decl <const> = registry.of[value]
  if decl then return operation_source(decl) end
  if type(value) == "function" then return function_source(value) end
  if doc.is_class(value) then return class_source(value) end
  return type(value) == "table" and doc.is_class(getmetatable(value))
    and class_source(getmetatable(value)) or nil
end

return doc
