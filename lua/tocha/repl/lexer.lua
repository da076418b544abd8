-- Lua text in tokens, also text that is not finished yet: for what has to know where strings and
-- blocks are, not for compiling.
--
-- A token is { kind, from, to, text }: kind is "name", "keyword", "number", "string", "comment" or
-- "symbol", or "open" for a string or long comment whose end is not there (with `quote`: what would
-- end it).

local lexer <const> = {}

local KEYWORDS <const> = {}
for word in ("and break do else elseif end false for function goto if in local nil not or repeat "
  .. "return then true until while"):gmatch "%a+" do KEYWORDS[word] = true end
lexer.keywords = KEYWORDS

-- The end of "[==[ ... ]==]" that begins at `at`; nil where it is no long bracket, false where it
-- does not end; and what would end it.
local function long_bracket(text, at)
  local level <const> = text:match("^%[(=*)%[", at)
  if not level then return nil end
  local close <const> = "]" .. level .. "]"
  local _, stop <const> = text:find(close, at, true)
  return stop or false, close
end

local function finish(kind, at, stop, text, quote)
  if stop then return { kind = kind, from = at, to = stop } end
  return { kind = "open", from = at, to = #text, quote = quote, comment = kind == "comment" }
end

local function comment(text, at)
  local stop <const>, close <const> = long_bracket(text, at + 2)
  if stop ~= nil then return finish("comment", at, stop, text, close) end
  return { kind = "comment", from = at, to = (text:find("\n", at, true) or #text + 1) - 1 }
end

local function quoted(text, at, quote)
  local k = at + 1
  while true do
    local found <const> = text:find("[\\\n" .. quote .. "]", k)
    if not found then return finish("string", at, nil, text, quote) end
    local c <const> = text:sub(found, found)
    if c == quote then return finish("string", at, found) end
    if c == "\n" then return finish("string", at, found - 1) end  -- an error of its own
    k = found + 2
  end
end

local SYMBOLS <const> = { "^%.%.%.", "^[=~<>]=", "^//", "^::", "^<<", "^>>", "^%.%." }

local function symbol(text, at)
  for _, pattern in ipairs(SYMBOLS) do
    local _, stop <const> = text:find(pattern, at)
    if stop then return finish("symbol", at, stop) end
  end
  return finish("symbol", at, at)
end

local function token(text, at)
  local c <const> = text:sub(at, at)
  if c:find "[%a_]" then
    local _, stop <const> = text:find("^[%w_]+", at)
    return finish(KEYWORDS[text:sub(at, stop)] and "keyword" or "name", at, stop)
  end
  if text:find("^%.?%d", at) then
    local _, stop <const> = text:find("^0[xX][%x.]*[pP]?[+-]?%x*", at)
    local _, plain <const> = text:find("^[%d.]+[eE]?[+-]?%d*", at)
    return finish("number", at, stop or plain)
  end
  if text:find("^%-%-", at) then return comment(text, at) end
  if c == '"' or c == "'" then return quoted(text, at, c) end
  local stop <const>, close <const> = long_bracket(text, at)
  if stop ~= nil then return finish("string", at, stop, text, close) end
  return symbol(text, at)
end

--- lexer.tokens(text): the list of tokens; blanks lie between them.
function lexer.tokens(text)
  local list <const> = {}
  local at = text:find "%S"
  while at do
    local found <const> = token(text, at)
    found.text = text:sub(found.from, found.to)
    list[#list + 1] = found
    at = text:find("%S", found.to + 1)
  end
  return list
end

return lexer
