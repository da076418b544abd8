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

-- From the token after `local`: the ranges of text to blank, and where " = nil" has to be added, or
-- nothing for what has to stay.
local function edits_of(tokens, k)
  if tokens[k] and tokens[k].text == "function" then return {} end
  local blanks <const> = {}
  while tokens[k] and tokens[k].kind == "name" do
    local name <const> = tokens[k]
    k = k + 1
    if tokens[k] and tokens[k].text == "<" then
      local attribute <const>, close <const> = tokens[k + 1], tokens[k + 2]
      if not close or attribute.text == "close" then return nil end
      blanks[#blanks + 1] = { tokens[k].from, close.to }
      k = k + 3
    end
    local next_one <const> = tokens[k] and tokens[k].text
    if next_one == "=" then return blanks end
    if next_one ~= "," then return blanks, math.max(name.to, tokens[k - 1].to) end
    k = k + 1
  end
  return nil
end

local function collect(tokens)
  local depth, blanks, nils = 0, {}, {}
  for k, token in ipairs(tokens) do
    if token.kind == "keyword" then depth = depth + (OPENS[token.text] or 0) end
    if depth == 0 and token.text == "local" then
      local ranges <const>, unset <const> = edits_of(tokens, k + 1)
      if ranges then
        blanks[#blanks + 1] = { token.from, token.to }
        table.move(ranges, 1, #ranges, #blanks + 1, blanks)
        if unset then nils[unset] = true end
      end
    end
  end
  return blanks, nils
end

--- statement.global(text): the same text with its top-level locals made global.
function statement.global(text)
  if not text:find("local", 1, true) then return text end
  local blanks <const>, nils <const> = collect(lexer.tokens(text))
  local parts, at = {}, 1
  local ends <const> = {}
  for place in pairs(nils) do ends[#ends + 1] = { place + 1, place, " = nil" } end
  for _, range in ipairs(blanks) do
    ends[#ends + 1] = { range[1], range[2], (" "):rep(range[2] - range[1] + 1) }
  end
  table.sort(ends, function(a, b)
    if a[1] ~= b[1] then return a[1] < b[1] end
    return a[2] < b[2]
  end)
  for _, edit in ipairs(ends) do
    parts[#parts + 1] = text:sub(at, edit[1] - 1) .. edit[3]
    at = edit[2] + 1
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
