-- What both back ends do with the texts of csrc/pointwise.def: which words a text uses, with those
-- that these use, in an order in which they can be defined.

local core = require "tocha.core"

local formulas <const> = {}

--- formulas.words(calls, known, language): the words of all elementwise calls, sorted by need;
--- `known` is word -> its definition. A word without one is an error that names the layer.
function formulas.words(calls, known, language)
  local done <const>, list <const> = {}, {}
  local function need(text, call)
    for word in text:gmatch "%f[%w_]([A-Z][A-Z0-9]*)%f[(]" do
      if not known[word] then
        core.fail("freeze", nil, "layer '%s': '%s' has no meaning in %s", call.layer,
          call.fn:gsub("^each_", ""), language)
      end
      if not done[word] then
        done[word] = true
        need(known[word], call)
        list[#list + 1] = word
      end
    end
  end
  for _, call in ipairs(calls) do
    if call.formula then need(call.formula, call) end
  end
  return list
end

local LETTERS <const> = { "y", "a", "b", "c" }

--- formulas.operands(call): the letters of the result and the operands: "y", "a", ...
function formulas.operands(call)
  local letters <const> = {}
  for k, arg in ipairs(call.args) do
    if arg.kind ~= "ref" then break end
    letters[k] = LETTERS[k]
  end
  return letters
end

return formulas
