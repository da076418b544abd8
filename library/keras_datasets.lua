---@meta tocha.keras.datasets
-- Written by `make annotations`; do not edit.

---keras.datasets: tocha.data's sets in Keras's form. Each load_data{root =, download = false} gives
---two lists, { x, y } to learn from and { x, y } to test with:
---
---    local train, test = keras.datasets.mnist.load_data { root = "folder" }
---
---Images are uint8, 0..255, (N, 28, 28) or (N, 32, 32, 3); the id of the digit d is d + 1.
---@class tocha.keras.datasets
---@field cifar10 table
---@field fashion_mnist table
---@field mnist table
local datasets = {}

return datasets
