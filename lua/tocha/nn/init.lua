-- tocha.nn: layers, losses, containers. A file per family; this is the table of contents.

local lazy = require "tocha.lazy"
local registry = require "tocha.op"
local Module = require "tocha.nn.module"

local nn <const> = {
  Module = Module,
  Parameter = require "tocha.nn.tensors".Parameter,
  Buffer = require "tocha.nn.tensors".Buffer,
  functional = registry.ops,
  init = require "tocha.nn.initialize",
  utils = require "tocha.nn.utils",
}

local FAMILIES <const> = {
  "container", "branch", "shape", "linear", "embedding", "conv", "pool", "norm", "pointwise",
  "dropout", "resize", "loss",
}

for _, family in ipairs(FAMILIES) do
  for name, class in pairs(require("tocha.nn." .. family)) do
    assert(nn[name] == nil, name)
    nn[name] = class
  end
end

for name, f in pairs(require "tocha.nn.hooks".functions) do nn[name] = f end

-- PyTorch's names for layers that learn their input size: nn.LazyLinear(10) is nn.Linear(nil, 10).
local unsized <const> = {}
for name, class in pairs(nn) do
  if type(class) == "table" and rawget(class, "lazy") then
    --- nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
    unsized["Lazy" .. name] = function(...) return class(nil, ...) end
  end
end
for name, make in pairs(unsized) do nn[name] = make end

-- ---- families that are read when one of their names is asked for --------------------------------

local LATER <const> = {
  graph = { "Input", "Model" },
  fuse_graph = { "fuse" },
  distance = { "CosineSimilarity", "PairwiseDistance" },
  softmax_loss = { "AdaptiveLogSoftmaxWithLoss", "LinearCrossEntropyLoss" },
  rnn = { "RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell" },
  attention = { "MultiheadAttention", "KVCache" },
  transformer = { "TransformerEncoderLayer", "TransformerDecoderLayer", "TransformerEncoder",
    "TransformerDecoder", "Transformer" },
  position = { "PositionalEncoding", "PositionalEmbedding", "RotaryEmbedding", "ALiBi" },
}

local places <const> = {}
for family, names in pairs(LATER) do
  for _, name in ipairs(names) do places[name] = { "tocha.nn." .. family, name } end
end

return lazy(nn, places)
