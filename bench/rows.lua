-- The benchmark's table: every workload with its bars and the work it does. bench/ours and
-- bench/peer have the two sides under these names; nothing else lists them.
--
--   must, aim   bars on the ratio, the peer's time over ours; "copy": nine tenths of the bandwidth
--               of a copy instead
--   flop, bytes what one unit multiplies and adds in products and convolutions; what it must at
--               least read and write in memory
--   tolerance   by how much the numbers of the two sides may differ, relative (1e-4)
--   memory      its peak memory is compared too: a training step
--   peer        the peer's workload, where it has another name

local MB <const> = 1 << 20
local BIG <const> = 16 * MB * 4           -- bytes of 16 M floats
local MAPS <const> = 16 * 64 * 56 * 56 * 4  -- bytes of 16 pictures of 64 x 56 x 56

-- { name, what it is, options }
local rows <const> = {
  { "add4", "`a + b`, 4 elements", must = 2, aim = 4 },
  { "add4_grad", "`a + b`, 4 elements, recorded", must = 2, aim = 4 },
  { "tiny_train", "net 2-8-8-1, batch 10: training step", must = 5, aim = 12, memory = true },
  { "tiny_captured", "the same, captured by tocha.graph", must = 20, aim = 60,
    peer = "tiny_train" },
  { "tiny_predict", "the same, one prediction", must = 5, aim = 10 },
  { "tiny_frozen", "the same, net:freeze()", must = 20, aim = 40, peer = "tiny_predict" },
  { "mlp_sgd", "MLP 784-512-512-10, batch 64: training step, SGD", must = 1.3, aim = 2,
    flop = 205389824, memory = true },
  { "mlp_adam", "the same, Adam", must = 1.3, aim = 2, flop = 205389824, memory = true },
  { "lenet5", "LeNet-5, batch 64: training step", must = 2, aim = 4, flop = 144890880,
    memory = true },
  { "mnist_cnn", "MNIST CNN 32-64-128, batch 64: training step", must = 1.2, aim = 1.8,
    flop = 4580179968, memory = true },
  { "digits_cnn", "CNN of the digits 32-64-128, batch 64, AdamW: training step",
    flop = 264192000, memory = true },
  { "resnet18", "ResNet-18, 32 x 32, batch 64: training step", must = 1, aim = 1.5,
    flop = 213055832064, memory = true, tolerance = 5e-3 },
  { "resnet50", "ResNet-50, 224 x 224, batch 1: prediction, net:freeze()", must = 1, aim = 1.4,
    flop = 8178368512, tolerance = 1e-3 },
  { "resnet18_predict", "ResNet-18, 32 x 32, batch 1: prediction, net:freeze()", must = 1,
    aim = 1.4, flop = 1110845440, tolerance = 1e-3 },
  { "resnet18_predict_32", "the same, batch 32", must = 1, aim = 1.4, flop = 32 * 1110845440,
    tolerance = 1e-3 },
  { "lstm_train", "char-LSTM 2 x 128, batch 50, 50 steps: training step", must = 2, aim = 4,
    flop = 4056960000, memory = true },
  { "lstm_generate", "the same: one character generated", must = 3, aim = 6, flop = 540928 },
  { "gpt_train", "GPT 6 x 384, 256 tokens, batch 4: training step", must = 1.1, aim = 1.4,
    flop = 72630927360, memory = true, tolerance = 1e-3 },
  { "gpt_generate", "the same: one token generated with its cache", must = 2.5, aim = 4.5,
    flop = 22463232, bytes = 43 * MB },
  { "adam_10m", "Adam, 10 million parameters", must = 4, aim = 8, bytes = 7 * 40e6 },
  { "tanh_16m", "tanh of 16 M", must = 2.5, aim = "copy", bytes = 2 * BIG },
  { "log_16m", "log of 16 M", must = 2.5, aim = "copy", bytes = 2 * BIG },
  { "gelu_16m", "gelu of 16 M", must = 2.5, aim = "copy", bytes = 2 * BIG },
  { "exp_16m", "exp of 16 M", must = 1.2, aim = "copy", bytes = 2 * BIG },
  { "add_16m", "`a + b` of 16 M", bytes = 3 * BIG },
  { "relu_16m", "relu of 16 M", bytes = 2 * BIG },
  { "sum_16m", "sum of 16 M", bytes = BIG },
  { "copy_16m", "copy of 16 M", bytes = 2 * BIG },
  { "max_pool", "max pooling 3 x 3 stride 2 of 16 x 64 x 112 x 112", must = 8, aim = 20,
    bytes = 5 * MAPS },
  { "max_pool_grad", "the same, forward and backward", must = 8, aim = 20, bytes = 10 * MAPS },
  { "batch_norm", "batch norm of 16 x 64 x 56 x 56, training", must = 3, aim = 5,
    bytes = 2 * MAPS },
  { "batch_norm_grad", "the same, forward and backward", must = 3, aim = 5, bytes = 5 * MAPS },
  { "layer_norm_grad", "LayerNorm of 1024 x 384, forward and backward", must = 1.3, aim = 3,
    bytes = 5 * 1024 * 384 * 4 },
  { "softmax_grad", "softmax of 6144 x 256, forward and backward", must = 1.3, aim = 3,
    bytes = 5 * 6144 * 256 * 4 },
  { "cross_entropy_grad", "cross-entropy of 1024 x 65, forward and backward", must = 1.3, aim = 3,
    bytes = 3 * 1024 * 65 * 4 },
  { "transpose", "1024 x 1024 transposed", must = 1.5, aim = 3, bytes = 8 * MB },
  { "channels_last", "16 x 64 x 56 x 56 to channels last", must = 1.5, aim = 3,
    bytes = 2 * MAPS },
  { "strided", "every second column of 4096 x 4096", must = 1.5, aim = 3,
    bytes = 3 * 8 * 4 * MB },
  { "mm_512", "product of 512 x 512", flop = 2 * 512 ^ 3 },
  { "mm_1024", "product of 1024 x 1024", flop = 2 * 1024 ^ 3 },
  { "mm_2048", "product of 2048 x 2048", flop = 2 * 2048 ^ 3 },
  { "start", "start to the end of a first training step", must = 20, aim = 50 },
}

for k, row in ipairs(rows) do
  row.name, row.what = row[1], row[2]
  row.peer = row.peer or row.name
  row.tolerance = row.tolerance or 1e-4
  rows[row.name], row[1], row[2], row.place = row, nil, nil, k
end

return rows
