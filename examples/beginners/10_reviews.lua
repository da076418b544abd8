-- Does the critic like the film? A bag of words and a network with dropout.
--
--     bin/tocha examples/beginners/10_reviews.lua [--data FOLDER] [--out FOLDER]
--
-- Needs text/review_polarity.tar.gz in FOLDER (2,000 film reviews, Pang and Lee 2004), and the
-- command tar. Expect a summary with 1,020,502 parameters; then networks with dropout and without,
-- each tested on a tenth of the reviews that it has not seen, ten times: on average about 0.868
-- right with the course's dropout, 0.878 without. Pictures: 10-dropout.svg, 10-words.svg. It takes
-- two or three minutes.

local tocha = require "tocha"
local data, keras, plot = tocha.data, tocha.keras, tocha.plot

local here = arg[0]:match "^.*/" or ""
local options = { data = os.getenv "TOCHA_DATA" or here .. "../../../shared/data", out = "." }
for k = 1, #arg, 2 do options[arg[k]:sub(3)] = arg[k + 1] end
local smoke = os.getenv "TOCHA_SMOKE"
local WORDS <const> = 10000
local EPOCHS <const> = smoke and 1 or 40

local path = options.data .. "/text/review_polarity.tar.gz"
if not io.open(path) then
  print "Get review_polarity.tar.gz (www.cs.cornell.edu/people/pabo/movie-review-data), put it"
  print("into FOLDER/text and say --data FOLDER. Looked for " .. path)
  return
end

-- ---- the reviews --------------------------------------------------------------------------------

-- Unpacked into a folder of its own, read, and removed again.
local function read_reviews()
  local folder = os.tmpname()
  os.remove(folder)
  local quoted = "'" .. path:gsub("'", "'\\''") .. "'"
  assert(os.execute(("mkdir %s && tar xzf %s -C %s"):format(folder, quoted, folder)))
  local set = data.FolderDataset(folder .. "/txt_sentoken", { extensions = { "txt" } })
  local texts, labels, folds = {}, {}, {}
  for k = 1, #set do
    local text, label = set:get(k)
    texts[k], labels[k] = data.tokenize(text, "space"), label   -- 1 is "neg", 2 is "pos"
    folds[k] = math.tointeger(set.samples[k][1]:match "cv(%d)%d%d_")
  end
  os.execute("rm -r " .. folder)
  return texts, labels, folds
end
local texts, labels, folds = read_reviews()
print(("%d reviews; the first begins: %s ..."):format(#texts, table.concat(texts[1], " ", 1, 12)))

-- The reviews inside (or outside) a fold: a list of texts and a tensor of one-hot rows.
local function part(fold, inside)
  local some, ids = {}, {}
  for k, text in ipairs(texts) do
    if (folds[k] == fold) == inside and (not smoke or k % 10 == 0) then
      some[#some + 1], ids[#ids + 1] = text, labels[k]
    end
  end
  return some, keras.utils.to_categorical(ids, 2)
end

-- A text becomes 10,000 numbers: 1 where the word is in it, 0 where it is not. The list of words is
-- made from the reviews to learn from alone: those to test with count as unseen.
local function prepare(fold)
  local train_texts, y_train = part(fold, false)
  local test_texts, y_test = part(fold, true)
  local words = data.Vocabulary(train_texts, { max_size = WORDS })
  return words, words:bag(train_texts), y_train, words:bag(test_texts), y_test
end

-- ---- the network --------------------------------------------------------------------------------

-- Dropout(0.8) puts a zero in place of 80 % of its inputs while learning, others each time: nothing
-- can rely on a single word, or learn a review by heart.
local function network(inputs, rates)
  tocha.manual_seed(1)
  local model = keras.Sequential { keras.Input(inputs) }
  for _, rate in ipairs(rates) do
    model:add(keras.Dense(100, "relu"))
    model:add(keras.Dropout(rate))
  end
  model:add(keras.Dense(2, "softmax"))
  model:compile { optimizer = "adam", loss = "categorical_crossentropy", metrics = { "accuracy" } }
  return model
end
network(WORDS, { 0.8, 0.8, 0.5 }):summary()

local function learn(rates, x, y, x_test, y_test)
  local model = network(x:size(2), rates)
  local history = model:fit { x = x, y = y, batch_size = 32, epochs = EPOCHS, verbose = 0,
    validation_data = { x_test, y_test } }
  return model, history.history
end

-- ---- ten times a tenth --------------------------------------------------------------------------

local DROPOUT <const>, NONE <const> = { 0.8, 0.8, 0.5 }, { 0, 0, 0 }
local folds_tried = smoke and 1 or 10
local sums = { 0, 0 }
local model, words, x_test, with, without
for fold = 0, folds_tried - 1 do
  local x, y, y_test
  words, x, y, x_test, y_test = prepare(fold)
  without = select(2, learn(NONE, x, y, x_test, y_test))
  model, with = learn(DROPOUT, x, y, x_test, y_test)
  local a, b = with.val_accuracy[EPOCHS], without.val_accuracy[EPOCHS]
  print(("fold %d, %d reviews: right %.3f with dropout, %.3f without"):format(fold, #x_test, a, b))
  sums = { sums[1] + a, sums[2] + b }
end
print(("on average %.4f with dropout, %.4f without; by chance it were 0.5"):format(
  sums[1] / folds_tried, sums[2] / folds_tried))

local fig, axes = plot.subplots(1, 2, { width = 760, height = 320, xlabel = "epoch" })
for _, run in ipairs { { with, "dropout" }, { without, "no dropout" } } do
  axes[1]:plot(run[1].val_loss, { label = run[2] })
  axes[2]:plot(run[1].val_accuracy, { label = run[2] })
end
axes[1]:set_title "loss, reviews not seen"
axes[2]:set { title = "accuracy, reviews not seen", legend = "lower right" }
fig:show()
fig:save(options.out .. "/10-dropout.svg")

-- ---- which words count? -------------------------------------------------------------------------

-- The slope of the verdict by each word, averaged over the reviews not seen.
model:eval()
x_test:requires_grad_(true)
local chances = model(x_test):log()
local verdict = chances:select(2, 2) - chances:select(2, 1)
verdict:mean():backward()
local weight = x_test.grad:sum(1)
local frequent = weight:narrow(1, 2, 2000)     -- the most frequent words; the first is "unknown"
local strong, names, colors = {}, {}, {}
for _, side in ipairs { false, true } do
  local values, ids = frequent:topk(12, 1, side)
  for k = 1, 12 do
    table.insert(strong, values[k]:item())
    table.insert(colors, side and "C1" or "C2")
    table.insert(names, words.tokens[ids[k]:item() + 1])
  end
end
print("against a film: " .. table.concat(names, " ", 1, 12))
print("for a film:     " .. table.concat(names, " ", 13, 24))
local bars = plot.figure { width = 520, height = 480, title = "Words against and for a film" }
bars:barh(names, strong, { color = colors })
bars:save(options.out .. "/10-words.svg")
