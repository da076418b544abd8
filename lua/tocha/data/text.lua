-- Text for networks: files read, words or characters told apart, a vocabulary, a bag of words.
--
--     local words = data.tokenize("The cat sat.")            -- {"the", "cat", "sat", "."}
--     local vocabulary = data.Vocabulary(words, {max_size = 10000})
--     local ids = vocabulary:encode(words)                   -- int64, from 1
--     print(vocabulary:decode(ids))

local core = require "tocha.core"
local files = require "tocha.io.file"
local signature = require "tocha.signature"
local Object = require "tocha.class"

local text <const> = {}

-- ---- reading and splitting ----------------------------------------------------------------------

--- data.read_text(path): the bytes of a text file (.gz too), with line ends as "\n".
function text.read_text(path)
  return (files.read("read_text", path):gsub("^\239\187\191", ""):gsub("\r\n?", "\n"))
end

--- data.read_lines(path): its lines, as a list.
function text.read_lines(path)
  local lines <const> = {}
  for line in text.read_text(path):gmatch "([^\n]*)\n?" do lines[#lines + 1] = line end
  if lines[#lines] == "" then lines[#lines] = nil end
  return lines
end

local WORD <const> = "[%w'\128-\255]+"

-- Words (bytes above 127 belong to letters) and single marks of punctuation.
local function words(s)
  local list, at = {}, 1
  s = s:lower()
  while true do
    at = s:find("%S", at)
    if not at then return list end
    local token <const> = s:match("^" .. WORD, at) or s:sub(at, at)
    list[#list + 1] = token
    at = at + #token
  end
end

local function characters(s)
  local list <const> = {}
  for _, code in utf8.codes(s, true) do list[#list + 1] = utf8.char(code) end
  return list
end

local function whitespace(s)
  local list <const> = {}
  for token in s:gmatch "%S+" do list[#list + 1] = token end
  return list
end

local BY <const> = { word = words, char = characters, space = whitespace }

--- data.tokenize(s, by = "word"): a list of tokens: "word" (lower case; punctuation apart), "char"
--- (UTF-8 characters), "space" (what whitespace parts), or a function of s.
function text.tokenize(s, by)
  local split <const> = type(by) == "function" and by or BY[by or "word"]
  if not split then core.fail("tokenize", 2, "expected word, char or space, got '%s'", by) end
  local ok <const>, list <const> = pcall(split, s)
  if not ok and by == "char" then core.fail("tokenize", 1, "this text is no UTF-8") end
  if not ok then error(list, 0) end
  return list
end

-- ---- the vocabulary -----------------------------------------------------------------------------

--- data.Vocabulary(tokens, {max_size = nil, min_freq = 1, specials = {"<unk>"}, unknown =
--- "<unk>"}): ids for tokens, the most frequent first, after the specials. `tokens` is a list of
--- tokens, a list of such lists, or a table of counts. A token that it lacks becomes `unknown`, or
--- is an error where there is none (unknown = false).
local Vocabulary <const> = Object:extend "Vocabulary"
text.Vocabulary = Vocabulary

local ARGS <const> = "max_size = nil, min_freq = 1, specials = {'<unk>'}, unknown = '<unk>'"

local function count_into(counts, tokens)
  for _, token in ipairs(tokens) do
    if type(token) == "table" then count_into(counts, token)
    else counts[token] = (counts[token] or 0) + 1 end
  end
  return counts
end

-- Most frequent first; equals by their bytes, so that the same text gives the same ids.
local function ranked(counts, least)
  local list <const> = {}
  for token, n in pairs(counts) do
    if n >= least then list[#list + 1] = token end
  end
  table.sort(list, function(a, b)
    if counts[a] ~= counts[b] then return counts[a] > counts[b] end
    return a < b
  end)
  return list
end

local function add(self, token)
  if self.ids[token] then return end
  self.tokens[#self.tokens + 1] = token
  self.ids[token] = #self.tokens
end

function Vocabulary:new(tokens, options)
  local o <const> = {}
  signature.read(ARGS, "Vocabulary", o, options or {})
  if type(tokens) ~= "table" then
    core.fail("Vocabulary", 1, "expected a list of tokens, got %s", type(tokens))
  end
  self.counts = (#tokens > 0 or not next(tokens)) and count_into({}, tokens) or tokens
  self.tokens, self.ids = {}, {}
  for _, token in ipairs(o.specials) do add(self, token) end
  for _, token in ipairs(ranked(self.counts, o.min_freq)) do
    if o.max_size and #self.tokens >= o.max_size then break end
    add(self, token)
  end
  self.unknown = o.unknown and self.ids[o.unknown] or nil
end

function Vocabulary:__len() return #self.tokens end

--- vocabulary:id(token): from 1; that of `unknown` where it lacks the token.
function Vocabulary:id(token)
  local id <const> = self.ids[token] or self.unknown
  if not id then core.fail("Vocabulary", nil, "'%s' is not in the vocabulary", tostring(token)) end
  return id
end

--- vocabulary:encode(tokens): their ids, an int64 tensor.
function Vocabulary:encode(tokens)
  local ids <const> = {}
  for k, token in ipairs(tokens) do ids[k] = self:id(token) end
  return core.from_table(ids, "int64")
end

--- vocabulary:decode(ids): the list of tokens of a tensor (or a list) of ids.
function Vocabulary:decode(ids)
  local tokens <const> = {}
  for k, id in ipairs(core.is_tensor(ids) and ids:totable() or ids) do
    tokens[k] = self.tokens[id]
    if not tokens[k] then
      core.fail("Vocabulary", nil, "id %s is out of range 1..%d", tostring(id), #self)
    end
  end
  return tokens
end

--- vocabulary:bag(list of token lists, {binary = true}): (N, #vocabulary), float32: 1 where a text
--- holds the token (or how often, with binary = false).
function Vocabulary:bag(texts, options)
  local binary <const> = not options or options.binary ~= false
  local bag <const> = core.empty({ #texts, #self }, "float32"):zero_()
  for row, tokens in ipairs(texts) do
    local counts <const> = bag[row]
    local ids <const> = self:encode(tokens)
    if #tokens > 0 then counts:index_add_(1, ids, core.empty({ #tokens }, "float32"):fill_(1)) end
  end
  return binary and bag:clamp_ { max = 1 } or bag
end

function Vocabulary:__tostring()
  local first <const> = table.concat(self.tokens, " ", 1, math.min(#self, 12))
  return ("Vocabulary of %d tokens: %s%s"):format(#self, first, #self > 12 and " ..." or "")
end

return text
