-- What was typed, made a function: an expression whose values are shown, or statements.
--
-- `local` at the top level would end with its line: at the prompt it makes a global instead, so
-- that a block pasted from a script works. A local with <close> stays one, and is closed at the end
-- of its statement.

local lexer = require "tocha.repl.lexer"

local statement <const> = {}

-- ---- locals -------------------------------------------------------------------------------------

local OPENS <const> = { ["function"] = 1, ["if"] = 1, ["do"] = 1, ["repeat"] = 1, ["end"] = -1,
  ["until"] = -1 }

-- An edit: the characters from .. to become the text.
local function blank(from, to) return { from = from, to = to, text = (" "):rep(to - from + 1) } end
local function insert(at, text) return { from = at, to = at - 1, text = text } end

-- The edits, in order, for the `local` at token k; nil where it has to stay.
local function edits_of(tokens, k)
  local edits <const> = { blank(tokens[k].from, tokens[k].to) }
  k = k + 1
  if tokens[k] and tokens[k].text == "function" then return edits end
  while tokens[k] and tokens[k].kind == "name" do
    k = k + 1
    if tokens[k] and tokens[k].text == "<" then
      local attribute <const>, close <const> = tokens[k + 1], tokens[k + 2]
      if not close or attribute.text == "close" then return nil end
      edits[#edits + 1] = blank(tokens[k].from, close.to)
      k = k + 3
    end
    local next_one <const> = tokens[k] and tokens[k].text
    if next_one == "=" then return edits end
    if next_one ~= "," then
      edits[#edits + 1] = insert(tokens[k - 1].to + 1, " = nil")
      return edits
    end
    k = k + 1
  end
  return nil
end

local function all_edits(tokens)
  local depth, all = 0, {}
  for k, token in ipairs(tokens) do
    if token.kind == "keyword" then depth = depth + (OPENS[token.text] or 0) end
    if depth == 0 and token.text == "local" then
      local edits <const> = edits_of(tokens, k) or {}
      table.move(edits, 1, #edits, #all + 1, all)
    end
  end
  return all
end

--- statement.global(text): the same text with its top-level locals made global.
function statement.global(text)
  if not text:find("local", 1, true) then return text end
  local parts, at = {}, 1
  for _, edit in ipairs(all_edits(lexer.tokens(text))) do
    parts[#parts + 1] = text:sub(at, edit.from - 1) .. edit.text
    at = edit.to + 1
  end
  return table.concat(parts) .. text:sub(at)
end

-- ---- compiling ----------------------------------------------------------------------------------

-- Not `return f(x)`: a tail call leaves no line for the error that f raises.
local RETURN <const> = "return (function(...) return ... end)(%s\n)"

local function expression(text, chunk)
  local body <const>, quiet <const> = text:gsub("%s*;%s*$", "")
  local f <const> = load("return " .. body, chunk)
  if not f then return nil end
  return load(RETURN:format(body), chunk) or f, quiet > 0
end

--- statement.compile(text, chunk): { run = function, quiet = bool }; or nil, the message, and
--- whether more lines may complete it. An expression that ends in ";" is computed and not shown.
function statement.compile(text, chunk)
  text = text:gsub("^%s*=", "")
  local f <const>, quiet <const> = expression(text, chunk)
  if f then return { run = f, quiet = quiet } end
  local message
  local run
  run, message = load(statement.global(text), chunk)
  if run then return { run = run } end
  return nil, message, message:find "<eof>$" ~= nil
end

return statement
