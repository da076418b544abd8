-- What Tab does: names, fields, methods, options of a call, keys, files, modules, commands.
--
--     complete(before, after)     -- the text to insert or nil, the text to list or nil

local core = require "tocha.core"
local columns = require "tocha.repl.columns"
local doc = require "tocha.doc"
local expression = require "tocha.repl.expression"
local fields = require "tocha.repl.fields"
local lexer = require "tocha.repl.lexer"
local paths = require "tocha.repl.paths"
local registry = require "tocha.op"
local signature = require "tocha.signature"

local complete <const> = {}

-- ---- options of a call --------------------------------------------------------------------------

-- "f(x, {lr = 0.1, betas})" of a comment: lr, betas.
local function names_in_comment(f)
  local first <const> = table.concat(doc.of(f, "").lines, " ")
  local braces <const> = first:match "%b{}" or ""
  local names <const> = {}
  for name in braces:sub(2):gmatch "%f[%w_]([%a_][%w_]*)%s*[=,}?]" do
    names[#names + 1] = name
  end
  return names
end

-- The names that a call of the value takes in its table of options.
local function options_of(f)
  local decl <const> = registry.of[f]
  local names <const> = {}
  if decl then
    for k, param in ipairs(decl.params) do names[k] = param.name end
  elseif doc.is_class(f) and f.args then
    return signature.parse(f.args).names
  elseif type(f) == "function" or doc.is_class(f) then
    return names_in_comment(f)
  end
  return names
end

-- The function in whose call, at the end of the tokens, a table of options is open; nil.
local function call_with_options(tokens)
  local open <const>, outer <const> = expression.open(tokens)
  if not open or tokens[open].text ~= "{" then return nil end
  local last <const> = tokens[#tokens].text
  if last ~= "{" and last ~= "," then return nil end
  local direct <const> = expression.before(tokens, open - 1)
  if direct then return direct.value end
  local what <const> = outer and tokens[outer].text == "("
    and expression.before(tokens, outer - 1)
  return what and what.value
end

-- ---- strings ------------------------------------------------------------------------------------

local VALUES <const> = {
  device = { "cpu" }, reduction = { "mean", "sum", "none" },
  dtype = function()
    local names <const> = {}
    for name in pairs(core.dtypes()) do names[#names + 1] = name end
    return names
  end,
}

-- The string keys of the table that is indexed: t["
local function keys_of(tokens, k)
  local what <const> = tokens[k].text == "[" and expression.before(tokens, k - 1)
  if not what or type(what.value) ~= "table" then return nil end
  local names <const> = {}
  for key in next, what.value do
    if type(key) == "string" then names[#names + 1] = key end
  end
  return names
end

-- dtype = "   :to("
local function known_values(tokens, k)
  local name = tokens[k].text == "=" and tokens[k - 1] and tokens[k - 1].text
  if tokens[k].text == "(" and tokens[k - 1] and tokens[k - 1].text == "to" then name = "dtype" end
  local values <const> = VALUES[name]
  return type(values) == "function" and values() or values
end

local function is_require(tokens, k)
  return tokens[k].text == "require"
    or tokens[k].text == "(" and tokens[k - 1] and tokens[k - 1].text == "require"
end

-- Candidates inside a string of which `typed` is there; and how much of it they replace.
local function in_string(tokens, typed)
  local k <const> = #tokens
  if k > 0 then
    if is_require(tokens, k) then return paths.modules(typed), typed end
    local names <const> = keys_of(tokens, k) or known_values(tokens, k)
    if names then return names, typed end
  end
  return paths.files(typed)
end

-- ---- names --------------------------------------------------------------------------------------

local function global_names(tokens)
  local names <const>, seen <const> = {}, {}
  local function put(name)
    if not seen[name] then
      seen[name] = true
      names[#names + 1] = name
    end
  end
  for name in pairs(_G) do
    if type(name) == "string" and not name:find "^_%d*$" then put(name) end
  end
  for word in pairs(lexer.keywords) do put(word) end
  for k = 1, #tokens - 1 do
    if tokens[k].kind == "name" then put(tokens[k].text) end
  end
  return names
end

-- Candidates for a name of which `prefix` is there, after the tokens.
local function names_after(tokens, prefix)
  local last <const> = tokens[#tokens]
  if last and (last.text == "." or last.text == ":") then
    local what <const> = expression.before(tokens, #tokens - 1)
    return what and fields.names(what, last.text == ":", prefix) or {}, prefix
  end
  local f <const> = last and call_with_options(tokens)
  if f then
    local names <const> = {}
    for k, name in ipairs(options_of(f)) do names[k] = name .. " = " end
    if #names > 0 then return names, prefix end
  end
  return global_names(tokens), prefix
end

-- ---- what is asked ------------------------------------------------------------------------------

-- Candidates for the end of a piece of Lua, and the part of it that they replace.
local function in_lua(text)
  local tokens <const> = lexer.tokens(text)
  local last <const> = tokens[#tokens]
  if last and last.kind == "open" then
    if last.comment then return {}, "" end
    tokens[#tokens] = nil
    return in_string(tokens, last.text:gsub("^%[=*%[", ""):gsub("^['\"]", ""), nil)
  end
  if last and last.to == #text then
    if last.kind == "comment" or last.kind == "number" then return {}, "" end
    if last.kind == "name" or last.kind == "keyword" then
      tokens[#tokens] = nil
      return names_after(tokens, last.text)
    end
  end
  return names_after(tokens, "")
end

local FILES <const> = { run = true, edit = true, save = true, shell = true }

local function in_command(text)
  local typed <const> = text:match "^%s*%%(%a*)$"
  if typed then
    local names <const> = {}
    local commands <const> = require "tocha.repl.magic".list()
    for k, command in ipairs(commands) do names[k] = command.name .. " " end
    return names, typed
  end
  local name <const>, rest <const> = text:match "^%s*%%(%a+)%s+(.*)$"
  if name and not FILES[name] then return in_lua(rest) end
  local shell <const> = rest or text:match "^%s*!(.*)$"
  if shell then return paths.files(shell:match "%S*$") end
  return in_lua((text:gsub("^%s*%?+", "")))
end

local function candidates(text)
  if text:find "^%s*[%%!?]" then return in_command(text) end
  return in_lua(text)
end

-- ---- the answer ---------------------------------------------------------------------------------

local function starting(names, prefix)
  local found <const> = {}
  for _, name in ipairs(names) do
    if name:sub(1, #prefix) == prefix then found[#found + 1] = name end
  end
  table.sort(found)
  return found
end

local function common_start(list)
  local common = list[1]
  for k = 2, #list do
    while list[k]:sub(1, #common) ~= common do common = common:sub(1, -2) end
  end
  while #common > 0 and not utf8.len(common) do common = common:sub(1, -2) end
  return common
end

-- "f(" and Tab: the signature, and what f does.
local function call_hint(text)
  if not text:find "%($" then return nil end
  local tokens <const> = lexer.tokens(text)
  local what <const> = expression.before(tokens, #tokens - 1)
  local value <const> = what and what.value
  if type(value) ~= "function" and not doc.is_class(value) then return nil end
  local decl <const> = registry.of[value]
  if decl then return registry.signature(decl) .. "\n" .. (decl.doc or "") end
  return table.concat(doc.of(value, tokens[#tokens - 1].text).lines, "\n")
end

local function most_lines()
  local _, rows = core.terminal_size(1)
  return math.max(5, (rows and rows > 0 and rows or 24) - 4)
end

local function is_indent(text) return text:match "[^\n]*$":find "^%s*$" ~= nil end

--- complete.text(before): what Tab inserts and what it lists after this text, either of them nil.
function complete.text(before)
  if is_indent(before) then return "  " end
  local hint <const> = call_hint(before)
  if hint then return nil, hint end
  local names <const>, typed <const> = candidates(before)
  local found <const> = starting(names, typed)
  if #found == 0 then return nil end
  local insert <const> = common_start(found):sub(#typed + 1)
  return insert ~= "" and insert or nil, #found > 1 and columns.columns(found, most_lines()) or nil
end

return complete
