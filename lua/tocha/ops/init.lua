-- The declarations, a file per family. The order does not matter.

local registry = require "tocha.op"

-- What nearly every program needs, loaded at the start; the rest when one of its names is asked
-- for.
local FIRST <const> = {
  "view", "pointwise", "create", "random", "reduce", "matmul", "linear", "join",
}
local LATER <const> = {
  "choose", "scan", "softmax", "gated", "norm", "batch_norm", "distance", "dropout", "noise",
  "loss", "cross_entropy", "margin_loss", "region_loss", "ctc",
  "conv", "fold", "pool", "pool_adaptive", "pool_fractional", "resample", "grid", "pad",
  "einsum", "attention", "rotary", "rnn", "linalg", "decompose", "orthogonal",
  "linear_act", "shape", "triangle", "index", "mask", "scatter", "sort", "quantile", "embedding",
}

local function load(families)
  for _, family in ipairs(families) do require("tocha.ops." .. family) end
end

-- The family in whose text a name is declared, among those that are not loaded: reading a file
-- takes a tenth of running it. A name that is made in a loop is not found.
local texts, begun <const> = nil, {}

local function read_all()
  texts = {}
  for _, family in ipairs(LATER) do
    local file <const> = io.open(package.searchpath("tocha.ops." .. family, package.path) or "")
    if file then
      texts[family] = file:read "a"
      file:close()
    end
  end
end

local function load_for(name)
  if type(name) ~= "string" then return end
  if not texts then read_all() end
  local line <const> = ('op "%s" {'):format(name:gsub("_$", ""))
  for _, family in ipairs(LATER) do
    if not begun[family] and texts[family] and texts[family]:find(line, 1, true) then
      begun[family] = true
      require("tocha.ops." .. family)
    end
  end
end

load(FIRST)
registry.later(function() load(LATER) end, load_for)
