-- Two folders of photos make a classifier: a network that knows ImageNet, and a new last layer.
--
--     bin/tocha examples/transfer_folder.lua DIR [--model tiny_darknet] [--weights FILE|NAME]
--         [--fine_tune EPOCHS] [--test DIR] [--save FILE] [--data FOLDER] [--out DIR]
--
-- DIR has a folder of photos for each class (two or more). The network, frozen, turns every photo
-- into the numbers that its own last layer decides by; on those a linear classifier is trained. How
-- good it is is measured by cross-validation: each photo (of more than 40, each tenth) is judged by
-- a classifier that has not seen it. Shown are the photos that it is least sure of; the classifier
-- is saved, and judges the photos of --test. --fine_tune goes on with the last stage of the network
-- as well, on photos that are cropped and mirrored at random; that is not cross-validated.
--
-- Without DIR it learns classic and modern cars (FOLDER/images/cars.tar.gz, ten each): expect 17 of
-- 20 or better, in two seconds. Picture: transfer.png.

local tocha = require "tocha"
local nn, optim, plot, vision = tocha.nn, tocha.optim, tocha.plot, tocha.vision
local progress = require "tocha.progress"
local F, T = nn.functional, vision.transforms

local here = arg[0]:match "^.*/" or ""
local options, folders = tocha.arguments("data = nil, fine_tune = 0, model = 'tiny_darknet', "
  .. "out = '.', save = 'transfer.safetensors', test = nil, weights = nil")
options.data = options.data or os.getenv "TOCHA_DATA" or here .. "../../shared/data"
local FOLDS <const>, DECAY <const>, BATCH <const> = 10, 0.1, 16
tocha.manual_seed(1)

-- ---- the network --------------------------------------------------------------------------------

local weights = options.weights
if options.model == "tiny_darknet" and not weights then
  weights = options.data .. "/models/darknettiny"
end
local made, net = pcall(assert(vision.models[options.model], "unknown --model"),
  { weights = weights or "default" })
if not made then
  print(net)
  return
end
net:eval():requires_grad_(false)

-- The last layer with weights decides between ImageNet's classes; what goes into it, averaged over
-- the places of a map, are the features.
local last
for _, module in net:named_modules() do
  if module.weight and (module.out_features or module.out_channels) then last = module end
end

local function features(x)
  local seen
  local hook = last:register_forward_pre_hook(function(_, arguments) seen = arguments[1] end)
  net(x)
  hook:remove()
  return seen.ndim == 4 and seen:mean { 3, 4 } or seen            -- (N, F)
end

-- ---- the photos ---------------------------------------------------------------------------------

local unpacked
local function cars()
  local archive = options.data .. "/images/cars.tar.gz"
  if not io.open(archive) then return nil end
  unpacked = os.tmpname()
  os.remove(unpacked)
  os.execute(("mkdir -p '%s' && tar xzf '%s' -C '%s' && mv '%s/cars/test' '%s'"):format(unpacked,
    archive, unpacked, unpacked, unpacked))
  return unpacked .. "/cars"
end

local folder = folders[1] or cars()
if not folder then
  print("Give it a folder with a folder of photos for each class")
  return
end
local set = vision.datasets.ImageFolder(folder)
local CLASSES <const> = #set.classes
if CLASSES < 2 then error(folder .. ": expected a folder of photos for each of two classes", 0) end

local function read(path) return vision.io.read(path, { mode = "rgb" }) end

local x, y, paths = {}, {}, {}
do
  local bar <close> = progress.bar(#set, "looking")
  for k, sample in ipairs(set.samples) do
    paths[k], y[k] = sample[1], sample[2]
    x[k] = features(net.preprocess(read(sample[1])):unsqueeze(1))
    bar:step()
  end
end
x, y = tocha.cat(x), tocha.tensor(y)
print(("%d photos of %d classes (%s), %d features each"):format(#x, CLASSES,
  table.concat(set.classes, ", "), x:size(2)))

-- ---- the classifier -----------------------------------------------------------------------------

-- Standardised features and a linear layer, by L-BFGS to the least cross-entropy with a penalty on
-- the weights: a network of its own, which has all it needs in its state.
local function new_classifier()
  return nn.Sequential(nn.BatchNorm1d(x:size(2), { affine = false, momentum = 1 }),
    nn.Linear(x:size(2), CLASSES))
end

local function train(classifier, features_of, classes)
  classifier[1]:train()(features_of)                     -- its mean and variance are these
  classifier:eval()
  local linear = classifier[2]
  nn.init.zeros_(linear.weight)
  nn.init.zeros_(linear.bias)
  local optimizer = optim.LBFGS(classifier:parameters(),
    { max_iter = 100, line_search_fn = "strong_wolfe" })
  optimizer:step(function()
    optimizer:zero_grad()
    local loss = F.cross_entropy(classifier(features_of), classes)
      + DECAY / 2 * linear.weight:square():sum()
    loss:backward()
    return loss
  end)
  return classifier
end

-- Probabilities of all photos (N, CLASSES), each by a classifier that has not seen it.
local function cross_validated()
  local folds = #x > 40 and FOLDS or #x
  local fold = tocha.randperm(#x) % folds
  local result = tocha.zeros(#x, CLASSES)
  local bar <close> = progress.bar(folds, "cross-validation")
  for k = 0, folds - 1 do
    local rest, out = fold:ne(k):nonzero():flatten(), fold:eq(k):nonzero():flatten()
    local classifier = train(new_classifier(), x:index_select(1, rest), y:index_select(1, rest))
    local guess = classifier(x:index_select(1, out)):detach():softmax(2)
    result:index_copy_(1, out, guess)
    bar:step()
  end
  return result
end

local guesses = cross_validated()
local right = guesses:argmax(2):eq(y)
print(("cross-validated: %d of %d right (%.1f %%)"):format(right:sum():item(), #x,
  100 * right:float():mean():item()))

-- ---- what it is least sure of -------------------------------------------------------------------

local of_truth = guesses:gather(2, y:unsqueeze(2)):flatten()      -- how likely the true class is
local order = of_truth:argsort()
local shown, titles = {}, {}
for k = 1, math.min(8, #x) do
  local id = order[k]:item()
  shown[k] = T.functional.center_crop(T.functional.resize(read(paths[id]), 160), 160)
  titles[k] = ("%s: %.0f %%"):format(set.classes[y[id]:item()], 100 * of_truth[id]:item())
  print(("  %4.1f %% sure of %s: %s"):format(100 * of_truth[id]:item(), set.classes[y[id]:item()],
    paths[id]:match "[^/]*$"))
end
plot.grid(shown, { nrow = 4, labels = titles, width = 700 }):save(options.out .. "/transfer.png")

-- ---- fine-tuning --------------------------------------------------------------------------------

local classifier = train(new_classifier(), x, y)
local EPOCHS <const> = options.fine_tune

-- The last stage: modules with weights from three quarters of the way on.
local function thaw()
  local list = {}
  for name, p in net:named_parameters() do list[#list + 1] = { name, p } end
  local trained = {}
  for k = #list * 3 // 4, #list do
    trained[#trained + 1] = list[k][2]:requires_grad_(true)
  end
  return trained
end

-- One step for the photos of these numbers; the sum of their losses.
local function fine_tune_step(optimizer, augment, ids)
  local pictures = {}
  for k, id in ipairs(ids:tolist()) do pictures[k] = net.preprocess(augment(read(paths[id]))) end
  optimizer:zero_grad()
  local loss = F.cross_entropy(classifier(features(tocha.stack(pictures))), y:index_select(1, ids))
  loss:backward()
  optimizer:step()
  return #ids * loss:item()
end

-- The normalisations keep their statistics: few photos would spoil them.
local function fine_tune()
  local parameters = thaw()
  for _, p in classifier:named_parameters() do parameters[#parameters + 1] = p end
  local optimizer = optim.Adam(parameters, { lr = 1e-5 })
  local augment = T.Compose { T.Resize(288), T.RandomCrop(256), T.RandomHorizontalFlip() }
  for epoch = 1, EPOCHS do
    local sum, mixed = 0, tocha.randperm(#x)
    for first = 1, #x, BATCH do
      local ids = mixed:narrow(1, first, math.min(BATCH, #x - first + 1))
      sum = sum + fine_tune_step(optimizer, augment, ids)
    end
    print(("fine-tuning, epoch %d/%d: loss %.4f"):format(epoch, EPOCHS, sum / #x))
  end
  net:requires_grad_(false)
end

if EPOCHS > 0 then fine_tune() end

-- ---- the saved model, and photos that nobody has seen -------------------------------------------

tocha.save({ model = options.model, net = net:state_dict(), classifier = classifier:state_dict(),
  classes = set.classes }, options.out .. "/" .. options.save)
print(("wrote %s/transfer.png and %s/%s"):format(options.out, options.out, options.save))

local test = options.test or unpacked and unpacked .. "/test"
if test then
  for path in io.popen("ls '" .. test .. "'"):lines() do
    local ok, picture = pcall(read, test .. "/" .. path)
    if ok then
      local p = classifier(features(net.preprocess(picture):unsqueeze(1))):softmax(2)[1]
      local best = p:argmax():item()
      print(("  %-36s %s, %.0f %%"):format(path, set.classes[best], 100 * p[best]:item()))
    end
  end
end
if unpacked then os.execute("rm -r '" .. unpacked .. "'") end
