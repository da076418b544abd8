-- The GPU's benchmark: every workload with its bars. bench/ours/gpu.lua and bench/peer/gpu.py have
-- the two sides under these names; "start" is a process of bench/ours/start.lua.
--
--   eager, compiled   bars on the ratio to the peer's eager and to its best compiled time
--   share             bar on the bytes a second, as a part of what row "copy" reached
--   seconds           bar on the time
--   unit              what is counted, and how many of it one step has
--   flop, bytes       of a step: what it multiplies and adds; what it must read and write
--
-- Where both sides tell their peak memory, ours is to be no more than the peer's.

local MB <const> = 1 << 20

-- { name, what it is, options }, by worth: a run that is cut short has the first of them.
local rows <const> = {
  { "gpt2", "GPT-2 124M, T = 1024, batch 16, bfloat16: training step", eager = 1.5, compiled = 1,
    unit = "tokens", count = 16 * 1024, flop = 16 * 1024 * 0.803e9 },
  { "resnet50", "ResNet-50, batch 128, bfloat16, channels last: training step", compiled = 1,
    unit = "images", count = 128, flop = 128 * 24.5e9 },
  { "mlp", "MNIST MLP 784-512-512-10, batch 128: training step", eager = 3 },
  { "lenet5", "LeNet-5, batch 128: training step", eager = 3 },
  { "char_lstm", "char-LSTM 2 x 128, batch 128, 50 steps: training step", eager = 3 },
  { "copy", "copy of 256 MB", bytes = 2 * 256 * MB },
  { "layer_norm", "LayerNorm of 16384 x 1600 in bfloat16, forward and backward", share = 0.85,
    bytes = 5 * 16384 * 1600 * 2 },
  { "cross_entropy", "cross-entropy of 8192 x 50304 in bfloat16, forward and backward",
    share = 0.85, bytes = 3 * 8192 * 50304 * 2 },
  { "adamw", "AdamW, 124 million parameters", share = 0.85, bytes = 7 * 124e6 * 4 },
  { "mm", "product of 8192 x 8192 in bfloat16", eager = 0.98, flop = 2 * 8192 ^ 3 },
  { "start", "from the start of a process to the end of its first training step", seconds = 2 },
  { "resnet50_half", "ResNet-50 in float16 with a scaler", compiled = 1, unit = "images",
    count = 128, flop = 128 * 24.5e9 },
}

for _, row in ipairs(rows) do
  row.name, row.title = row[1], row[2]
  rows[row.name] = row
end

return rows
