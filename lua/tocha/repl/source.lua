-- Lines of source text: of files, and of what was typed at the prompt.

local source <const> = {}

local typed <const> = {}  -- chunk name ("=[3]") -> text

--- source.remember(name, text): the text of a chunk that is in no file.
function source.remember(name, text) typed[name] = text end

local function split(text)
  local lines <const> = {}
  for line in (text:gsub("\n$", "") .. "\n"):gmatch "(.-)\r?\n" do lines[#lines + 1] = line end
  return lines
end

local function read_file(path)
  local file <const> = io.open(path, "rb")
  if not file then return nil end
  local text <const> = file:read "a"
  file:close()
  return text
end

--- source.lines(chunk): the lines of a chunk by debug.getinfo's `source`; nil where they are not to
--- be had.
function source.lines(chunk)
  local text <const> = typed[chunk] or chunk:sub(1, 1) == "@" and read_file(chunk:sub(2))
    or not chunk:find "^[=@]" and chunk
  return text and split(text) or nil
end

return source
