-- keras.datasets: tocha.data's sets in Keras's form. Each load_data{root =, download = false} gives
-- two lists, { x, y } to learn from and { x, y } to test with:
--
--     local train, test = keras.datasets.mnist.load_data { root = "folder" }
--
-- Images are uint8, 0..255, (N, 28, 28) or (N, 32, 32, 3); the id of the digit d is d + 1.

local core = require "tocha.core"
local data = require "tocha.data"

local datasets <const> = {}

local function grey(set)
  return { set.tensors[1]:squeeze(2), set.tensors[2] }
end

-- Keras has the ids of CIFAR-10 in a column.
local function coloured(set)
  return { set.tensors[1]:permute { 1, 3, 4, 2 }, set.tensors[2]:unsqueeze(2) }
end

local SETS <const> = { mnist = grey, fashion_mnist = grey, cifar10 = coloured }

for name, form in pairs(SETS) do
  datasets[name] = {
    load_data = function(options)
      if options ~= nil and type(options) ~= "table" then
        core.fail("load_data", 1, "expected options ({root = folder}), got %s", type(options))
      end
      local given <const> = { dtype = "uint8" }
      for key, value in pairs(options or {}) do given[key] = value end
      local train <const>, test <const> = data[name](given)
      return form(train), form(test)
    end,
  }
end

return datasets
