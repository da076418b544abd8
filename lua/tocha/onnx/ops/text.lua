-- Strings, and counts of words: StringConcat, StringSplit, StringNormalizer, TfIdfVectorizer.
-- Case is that of ASCII; accents stay.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local op = require "tocha.onnx.registry".op
local regex = require "tocha.onnx.regex"
local types = require "tocha.onnx.types"

op "StringConcat" {
  since = 20, inputs = "X, Y", types = "own", doc = "X .. Y, broadcast",
  run = function(_, x, y)
    local pair <const> = ops.broadcast_tensors { x, y }
    local list <const>, ends <const> = {}, types.words(types.mark(ops.alias(pair[2]), types.of(y)))
    for k, word in ipairs(types.words(pair[1])) do list[k] = word .. ends[k] end
    return types.strings(list, pair[1].shape)
  end,
}

-- ---- splitting ----------------------------------------------------------------------------------

-- At runs of white space, those at the ends left out; after `most` splits the rest stays whole.
local function split_at_space(word, most)
  local parts <const>, at = {}, (word:find "%S")
  while at do
    if #parts == most then
      parts[#parts + 1] = word:sub(at):gsub("%s+$", "")
      break
    end
    local first <const>, last <const> = word:find("%S+", at)
    parts[#parts + 1] = word:sub(first, last)
    at = word:find("%S", last + 1)
  end
  return parts
end

local function split_at(word, delimiter, most)
  local parts <const>, at = {}, 1
  while #parts < most do
    local first <const>, last <const> = word:find(delimiter, at, true)
    if not first then break end
    parts[#parts + 1], at = word:sub(at, first - 1), last + 1
  end
  parts[#parts + 1] = word:sub(at)
  return parts
end

op "StringSplit" {
  since = 20, inputs = "X", attributes = { delimiter = "", maxsplit = op.int }, types = "own",
  doc = "Parts of each string, filled up with empty ones, and how many they are",
  run = function(a, x)
    local most <const>, all <const>, counts <const> = a.maxsplit or math.maxinteger, {}, {}
    local widest = 0
    for k, word in ipairs(types.words(x)) do
      all[k] = a.delimiter == "" and split_at_space(word, most) or split_at(word, a.delimiter, most)
      counts[k], widest = #all[k], math.max(widest, #all[k])
    end
    local flat <const>, shape <const> = {}, x.shape
    for _, parts in ipairs(all) do
      for k = 1, widest do flat[#flat + 1] = parts[k] or "" end
    end
    shape[#shape + 1] = widest
    local numbers <const> = #counts > 0 and core.from_table(counts, "int64")
      or core.empty({ 0 }, "int64")
    return types.strings(flat, shape), numbers:reshape(x.shape)
  end,
}

-- ---- normalising --------------------------------------------------------------------------------

local CASES <const> = { LOWER = string.lower, UPPER = string.upper,
  NONE = function(word) return word end }

op "StringNormalizer" {
  since = 10, inputs = "X", types = "own",
  attributes = { case_change_action = "NONE", is_case_sensitive = 0, locale = op.string,
    stopwords = op.strings },
  doc = "Words in another case, without stop words; (n) or (1, n)",
  run = function(a, x)
    local case <const> = CASES[a.case_change_action] or CASES.NONE
    local sensitive <const>, stops <const>, kept <const> = a.is_case_sensitive ~= 0, {}, {}
    local function key(word) return sensitive and word or word:lower() end
    for _, word in ipairs(a.stopwords or {}) do stops[key(word)] = true end
    for _, word in ipairs(types.words(x)) do
      if not stops[key(word)] then kept[#kept + 1] = case(word) end
    end
    if #kept == 0 then kept[1] = "" end
    return types.strings(kept, x.ndim == 2 and { 1, #kept } or { #kept })
  end,
}

op "RegexFullMatch" {
  since = 20, inputs = "X", attributes = { pattern = op.string }, types = "none",
  doc = "Does the whole string match the regular expression?",
  run = function(a, x)
    local test <const>, list <const> = regex.compile(a.pattern or ""), types.words(x)
    if #list == 0 then return core.empty(x.shape, "bool") end
    for k, word in ipairs(list) do list[k] = test(word) end
    return core.from_table(list, "bool"):reshape(x.shape)
  end,
}

-- ---- n-grams ------------------------------------------------------------------------------------

-- "a\0b" -> its place among the outputs. Grams of n words stand in the pool one after another, from
-- ngram_counts[n] to ngram_counts[n + 1].
local function grams_of(a)
  local pool <const>, places <const>, gram = a.pool_strings or a.pool_int64s or {}, {}, 0
  for n, first in ipairs(a.ngram_counts) do
    local last <const> = a.ngram_counts[n + 1] or #pool
    for k = first + 1, last, n do
      gram = gram + 1
      local key <const> = table.concat(pool, "\0", k, math.min(k + n - 1, #pool))
      local place <const> = a.ngram_indexes[gram] or op.fail "too few ngram_indexes"
      if place < 0 then op.fail("an index of %d", place) end
      places[key] = { n = n, at = place, weight = a.weights and a.weights[gram] }
    end
  end
  return places
end

-- Counts in `row` the grams of n words that stand `skip` apart.
local function count_grams(places, words, n, skip, row)
  for first = 1, #words - skip * (n - 1) do
    local gram <const> = {}
    for k = 0, n - 1 do gram[#gram + 1] = words[first + k * skip] end
    local hit <const> = places[table.concat(gram, "\0")]
    if hit and hit.n == n then row[hit.at + 1] = row[hit.at + 1] + 1 end
  end
end

local WEIGHTS <const> = {
  TF = function(count) return count end,
  IDF = function(count, weight) return count > 0 and weight or 0 end,
  TFIDF = function(count, weight) return count * weight end,
}

local function row_of(a, places, words, size, weight_at)
  local row <const> = {}
  for k = 1, size do row[k] = 0 end
  for n = a.min_gram_length, a.max_gram_length do
    -- single words are the same for every skip
    for skip = 1, n == 1 and 1 or a.max_skip_count + 1 do
      count_grams(places, words, n, skip, row)
    end
  end
  local weigh <const> = WEIGHTS[a.mode] or op.fail("unknown mode '%s'", a.mode)
  for k = 1, size do row[k] = weigh(row[k], weight_at[k] or 1.0) + 0.0 end
  return row
end

op "TfIdfVectorizer" {
  since = 9, inputs = "X", types = "none",
  attributes = { max_gram_length = op.need.int, max_skip_count = op.need.int,
    min_gram_length = op.need.int, mode = op.need.string, ngram_counts = op.need.ints,
    ngram_indexes = op.need.ints, pool_int64s = op.ints, pool_strings = op.strings,
    weights = op.floats },
  doc = "How often each n-gram of a pool occurs, in each row, weighted",
  run = function(a, x)
    local places <const>, weight_at <const>, size = grams_of(a), {}, 0
    for _, at in ipairs(a.ngram_indexes) do size = math.max(size, at + 1) end
    for _, hit in pairs(places) do weight_at[hit.at + 1] = hit.weight end
    local words <const> = a.pool_strings and types.words(x) or op.list(x)
    local count <const> = x.ndim == 2 and x:size(1) or 1
    local each <const>, rows <const> = #words // math.max(count, 1), {}
    for k = 1, count do
      local mine <const> = table.move(words, (k - 1) * each + 1, k * each, 1, {})
      rows[k] = row_of(a, places, mine, size, weight_at)
    end
    return core.from_table(x.ndim == 2 and rows or rows[1], "float32"):to(a.run.device)
  end,
}
