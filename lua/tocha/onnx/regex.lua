-- Regular expressions of RE2's syntax, asked one question: does the whole string match?
--
--     regex.compile "(\\w+)@(gmail|yahoo)\\.com" "ana@gmail.com"      -- true
--
-- A set of states goes through the string once (Thompson, "Regular expression search algorithm",
-- 1968), so time is at most the length of the string times that of the expression. Flags and
-- Unicode's classes are refused.

local core = require "tocha.core"

local regex <const> = {}

local REPEATS_MOST <const>, STATES_MOST <const> = 1000, 20000

-- ---- characters ---------------------------------------------------------------------------------
-- A class is f(code point).

local function range(low, high)
  return function(c) return c >= low and c <= high end
end

local function any_of(tests)
  return function(c)
    for _, test in ipairs(tests) do
      if test(c) then return true end
    end
    return false
  end
end

local function none_of(test) return function(c) return not test(c) end end

local function letters(text)
  local set <const> = {}
  for _, c in utf8.codes(text) do set[c] = true end
  return function(c) return set[c] == true end
end

local digit <const>, space <const> = range(48, 57), letters "\t\n\f\r "
local lower <const>, upper <const> = range(97, 122), range(65, 90)
local alpha <const> = any_of { lower, upper }
local word <const> = any_of { alpha, digit, letters "_" }

local ESCAPES <const> = { d = digit, s = space, w = word, D = none_of(digit), S = none_of(space),
  W = none_of(word), n = letters "\n", t = letters "\t", r = letters "\r", f = letters "\f",
  v = letters "\v", a = letters "\a" }

local POSIX <const> = { alpha = alpha, digit = digit, alnum = any_of { alpha, digit },
  lower = lower, upper = upper, word = word, space = any_of { space, letters "\v" },
  punct = any_of { range(33, 47), range(58, 64), range(91, 96), range(123, 126) },
  xdigit = any_of { digit, range(65, 70), range(97, 102) }, blank = letters " \t",
  cntrl = any_of { range(0, 31), range(127, 127) }, print = range(32, 126),
  graph = range(33, 126) }

-- Conditions between two characters, nil outside of the string.
local function is_word(c) return c ~= nil and word(c) end
local function at_start(before) return before == nil end
local function at_end(_, after) return after == nil end
local function at_boundary(before, after) return is_word(before) ~= is_word(after) end
local function within(before, after) return not at_boundary(before, after) end

local CONDITIONS <const> = { b = at_boundary, B = within, A = at_start, z = at_end }

-- ---- the expression -----------------------------------------------------------------------------
-- p: { text (list of characters), at, count (of states) }. A piece of it is compiled by a function
-- of the state that comes after, which returns the state where the piece begins: { test (of one
-- character) or condition or neither, the states after it }.

local function bad(p, what)
  core.fail("onnx", nil, "the expression '%s': %s", table.concat(p.text), what)
end

local function peek(p) return p.text[p.at] end

local function take(p, wanted)
  local c <const> = p.text[p.at]
  if c == nil or wanted and c ~= wanted then return nil end
  p.at = p.at + 1
  return c
end

local function state(p, s)
  p.count = p.count + 1
  if p.count > STATES_MOST then bad(p, "it is too long") end
  return s
end

local function single(p, test)
  return function(after) return state(p, { test = test, after }) end
end

local function between(p, condition)
  return function(after) return state(p, { condition = condition, after }) end
end

local function escape(p)
  local c <const> = take(p) or bad(p, "it ends in a \\")
  if ESCAPES[c] then return ESCAPES[c] end
  if c:find "^[%w_]$" then bad(p, ("\\%s is not known"):format(c)) end
  return letters(c), c
end

-- One of a class in brackets: its test, and the character if it is a single one.
local function member(p)
  local c <const> = take(p) or bad(p, "a ] is missing")
  if c == "\\" then return escape(p) end
  if c == "[" and take(p, ":") then
    local name <const> = {}
    while peek(p) and peek(p) ~= ":" do name[#name + 1] = take(p) end
    local test <const> = POSIX[table.concat(name)]
    if not (test and take(p, ":") and take(p, "]")) then bad(p, "an unknown class") end
    return test
  end
  return letters(c), c
end

local function class(p)
  local negated <const>, tests <const> = take(p, "^") ~= nil, {}
  repeat
    local test, first = member(p)
    if first and peek(p) == "-" and p.text[p.at + 1] ~= "]" then
      p.at = p.at + 1
      local _ <const>, last <const> = member(p)
      if not last then bad(p, "a range without an end") end
      test = range(utf8.codepoint(first), utf8.codepoint(last))
    end
    tests[#tests + 1] = test
  until take(p, "]")
  local test <const> = any_of(tests)
  return single(p, negated and none_of(test) or test)
end

local alternatives

local function group(p)
  if take(p, "?") and not take(p, ":") then
    if not (take(p, "P") and take(p, "<")) then bad(p, "flags are not known") end
    repeat local c <const> = take(p) until c == ">" or c == nil
  end
  local inner <const> = alternatives(p)
  if not take(p, ")") then bad(p, "a ) is missing") end
  return inner
end

local function not_newline(c) return c ~= 10 end

local ATOMS <const> = {
  ["("] = group, ["["] = class,
  ["."] = function(p) return single(p, not_newline) end,
  ["\\"] = function(p)
    local condition <const> = CONDITIONS[peek(p)]
    if not condition then return single(p, (escape(p))) end
    p.at = p.at + 1
    return between(p, condition)
  end,
  ["^"] = function(p) return between(p, at_start) end,
  ["$"] = function(p) return between(p, at_end) end,
}

local function atom(p)
  local c <const> = take(p)
  if c:find "^[*+?]$" then bad(p, c .. " repeats nothing") end
  return ATOMS[c] and ATOMS[c](p) or single(p, letters(c))
end

local function repeated(p, piece, low, high)
  return function(after)
    local begin = after
    if not high then
      local loop <const> = state(p, { after })
      loop[2] = piece(loop)
      begin = loop
    end
    for _ = low + 1, high or low do begin = state(p, { piece(begin), after }) end
    for _ = 1, low do begin = piece(begin) end
    return begin
  end
end

-- {n}, {n,} or {n,m}; anything else in braces is text.
local function counts(p)
  local text <const> = table.concat(p.text, "", p.at, math.min(p.at + 12, #p.text))
  local low <const>, comma <const>, high <const> = text:match "^{(%d+)(,?)(%d*)}"
  if not low then return nil end
  p.at = p.at + #low + #comma + #high + 2
  local first <const> = tonumber(low)
  local last <const> = comma == "" and first or tonumber(high)
  if first > REPEATS_MOST or (last or 0) > REPEATS_MOST or last and last < first then
    bad(p, "wrong numbers in braces")
  end
  return first, last
end

local QUANTIFIERS <const> = { ["*"] = { 0 }, ["+"] = { 1 }, ["?"] = { 0, 1 } }

local function quantified(p)
  local piece = atom(p)
  while peek(p) do
    local q <const> = QUANTIFIERS[peek(p)]
    local low, high = q and q[1], q and q[2]
    if q then p.at = p.at + 1 elseif peek(p) == "{" then low, high = counts(p) end
    if not low then break end
    take(p, "?")  -- lazy ones match the same strings
    piece = repeated(p, piece, low, high)
  end
  return piece
end

local function sequence(p)
  local pieces <const> = {}
  while peek(p) and peek(p) ~= "|" and peek(p) ~= ")" do pieces[#pieces + 1] = quantified(p) end
  return function(after)
    for k = #pieces, 1, -1 do after = pieces[k](after) end
    return after
  end
end

function alternatives(p)
  p.depth = (p.depth or 0) + 1
  if p.depth > 100 then bad(p, "groups within groups, too deep") end
  local list <const> = { sequence(p) }
  while take(p, "|") do list[#list + 1] = sequence(p) end
  p.depth = p.depth - 1
  if #list == 1 then return list[1] end
  return function(after)
    local begin <const> = {}
    for k, each in ipairs(list) do begin[k] = each(after) end
    return state(p, begin)
  end
end

-- ---- matching -----------------------------------------------------------------------------------

-- Adds to `set` (a list, and the states in it) all that is reached from s between two characters.
local function reach(set, s, before, after)
  local todo <const> = { s }
  while #todo > 0 do
    local each <const> = table.remove(todo)
    local passes <const> = not each.condition or each.condition(before, after)
    if not set[each] and passes then
      set[each], set[#set + 1] = true, each
      if not each.test then table.move(each, 1, #each, #todo + 1, todo) end
    end
  end
end

local function matches(begin, accept, text)
  local codes <const> = {}
  for _, c in utf8.codes(text) do codes[#codes + 1] = c end
  local now = {}
  reach(now, begin, nil, codes[1])
  for k, c in ipairs(codes) do
    local next_ <const> = {}
    for _, s in ipairs(now) do
      if s.test and s.test(c) then reach(next_, s[1], c, codes[k + 1]) end
    end
    now = next_
  end
  return now[accept] == true
end

--- regex.compile(text): f(string) that tells whether all of it matches; an error says what is wrong
--- with the expression.
function regex.compile(text)
  local p <const> = { text = {}, at = 1, count = 0 }
  for _, c in utf8.codes(text) do p.text[#p.text + 1] = utf8.char(c) end
  local piece <const> = alternatives(p)
  if peek(p) then bad(p, "a ( is missing") end
  local accept <const> = {}
  local begin <const> = piece(accept)
  return function(string) return matches(begin, accept, string) end
end

return regex
