-- Trains a convolutional network to read handwritten digits: 1,797 images of 8 x 8 pixels.
--
--     make demo        or        bin/tocha examples/digits.lua [where-to-save.safetensors]
--
-- Expect a few seconds on two cores and 98.6 % on digits that training has not seen; the same
-- numbers on every run. With TOCHA_SMOKE=1 in the environment it trains for one short epoch.

local tocha = require "tocha"
local progress = require "tocha.progress"
local nn, optim, data = tocha.nn, tocha.optim, tocha.data

local smoke = os.getenv "TOCHA_SMOKE" ~= nil
local EPOCHS <const> = smoke and 1 or 12
local path = arg and arg[1] or "digits.safetensors"

tocha.manual_seed(1)

-- Images are (1797, 1, 8, 8); the label of the digit d is class d + 1. A fifth is held out.
local images, labels = data.digits()
local digits = data.TensorDataset(images, labels)
local train, test = data.random_split(digits, { 0.8, 0.2 }, { seed = 7 })
local loader = data.DataLoader(train, { batch_size = 32, shuffle = true, drop_last = smoke })

local model = nn.Sequential(
  nn.Conv2d(1, 32, 3, { padding = 1 }),   -- (B, 32, 8, 8)
  nn.BatchNorm2d(32),
  nn.ReLU(),
  nn.Conv2d(32, 64, 3, { padding = 1 }),  -- (B, 64, 8, 8)
  nn.BatchNorm2d(64),
  nn.ReLU(),
  nn.MaxPool2d(2),                        -- (B, 64, 4, 4)
  nn.Flatten(),
  nn.Dropout(0.3),
  nn.Linear(64 * 4 * 4, 10)
)
local criterion = nn.CrossEntropyLoss()
local optimizer = optim.AdamW(model:parameters(), { lr = 2e-3, weight_decay = 1e-2 })

-- The class that the model finds most likely, for each image.
local function predict(x)
  local _ <close> = tocha.no_grad()
  return model(x):argmax(2)
end

local function accuracy(predicted, y) return (predicted:eq(y)):to("float32"):mean():item() end

-- One pass over the training digits; returns the mean loss and the accuracy on the way.
local function train_epoch(epoch)
  model:train()
  local bar = progress.bar(#loader, ("epoch %2d/%d"):format(epoch, EPOCHS))
  local total, right, seen = 0, 0, 0
  for x, y in loader:batches() do
    optimizer:zero_grad()
    local logits = model(x)
    local loss = criterion(logits, y)
    loss:backward()
    optimizer:step()

    local n = #y
    total, seen = total + loss:item() * n, seen + n
    right = right + accuracy(logits:argmax(2), y) * n
    bar:step(("loss %.4f"):format(total / seen))
  end
  bar:finish(("epoch %2d/%d  loss %.4f  accuracy %5.1f %%"):format(
    epoch, EPOCHS, total / seen, 100 * right / seen))
end

-- Rows are the digits that were written, columns those that the model read.
local function print_confusion(predicted, y)
  local counts = tocha.bincount((y - 1) * 10 + predicted, { minlength = 100 })
  print("\nread as      0    1    2    3    4    5    6    7    8    9")
  for digit, row in ipairs(counts:view(10, 10):totable()) do
    local texts = {}
    for k, count in ipairs(row) do texts[k] = count == 0 and "    ." or ("%5d"):format(count) end
    print(("written %d"):format(digit - 1) .. table.concat(texts))
  end
end

print(("%d digits to learn from, %d held out, %d parameters, %d threads"):format(
  #train, #test, model:num_parameters(), tocha.get_num_threads()))
local start = tocha.clock()
for epoch = 1, EPOCHS do train_epoch(epoch) end

model:eval()
local x, y = test:all()
local predicted = predict(x)
print_confusion(predicted, y)
tocha.save(model:state_dict(), path)
print(("\ntest accuracy %.2f %% after %.1f s; the model is in %s"):format(
  100 * accuracy(predicted, y), tocha.clock() - start, path))
