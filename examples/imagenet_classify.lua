-- What is on the photo? The five classes of ImageNet that a network finds likeliest, with bars.
--
--     bin/tocha examples/imagenet_classify.lua photo.jpg ... [--model tiny_darknet]
--         [--weights FILE|NAME] [--device cuda] [--data FOLDER]
--
-- Any network of vision.models with any weights of its shape: a file that another tool wrote, or a
-- name that tocha.hub knows and downloads (`--model resnet50 --weights imagenet1k_v2`). Without
-- --model it is Tiny Darknet, four megabytes, from FOLDER/models/darknettiny.
--
-- Without photos it is examined on the samples of FOLDER/imagenet: 60 photos, one of every
-- sixteenth class. Expect at least 60 % right at the first guess and 80 % among five.

local tocha = require "tocha"
local vision = tocha.vision
local progress = require "tocha.progress"

local here = arg[0]:match "^.*/" or ""
local options, photos = tocha.arguments("data = nil, device = 'cpu', model = 'tiny_darknet', "
  .. "weights = nil")
options.data = options.data or os.getenv "TOCHA_DATA" or here .. "../../shared/data"
local TOP <const>, CELLS <const> = 5, 30

-- ---- the network --------------------------------------------------------------------------------

local weights = options.weights
if options.model == "tiny_darknet" and not weights then
  weights = options.data .. "/models/darknettiny"
  if not io.open(weights .. "/model.json") then weights = "default" end
end
local made, net = pcall(vision.models.get_model, options.model, { weights = weights or "default" })
if not made then
  print(net)   -- says what is wrong with the file, or where to put which
  return
end
net:eval():to(options.device)

-- Probabilities (1, 1000) of the classes; the picture is cut and normalised as the weights want it.
local function read(path)
  local _ <close> = tocha.no_grad()
  local x = net.preprocess(vision.io.read(path, { mode = "rgb" })):unsqueeze(1)
  return net(x:to(options.device)):softmax(2):cpu()
end

-- ---- photos -------------------------------------------------------------------------------------

local function bar(p)
  local eighths = math.floor(p * CELLS * 8 + 0.5)
  local part = ({ "▏", "▎", "▍", "▌", "▋", "▊", "▉" })[eighths % 8] or ""
  return ("█"):rep(eighths // 8) .. part
end

local function show(path)
  local likely, ids = read(path):topk(TOP, 2)
  print(path)
  for k = 1, TOP do
    local p = likely[1][k]:item()
    print(("  %5.1f %%  %-24s %s"):format(100 * p, net.classes[ids[1][k]:item()], bar(p)))
  end
end

for _, path in ipairs(photos) do
  local ok, problem = pcall(show, path)
  if not ok then print(path .. ": " .. problem) end
end
if #photos > 0 then return end

-- ---- the exam -----------------------------------------------------------------------------------

-- Unpacks the samples; the folder, and a list of { file, name of the class }.
local function samples()
  local archive = options.data .. "/imagenet/samples60.tar"
  if not io.open(archive) then return nil end
  local folder = os.tmpname()
  os.remove(folder)
  os.execute(("mkdir -p '%s' && tar xf '%s' -C '%s'"):format(folder, archive, folder))
  local names, list = require "tocha.hub.imagenet", {}
  for line in io.lines(folder .. "/samples60/labels.csv") do
    local file, index0 = line:match "^([^,]+),(%d+),"
    if file then list[#list + 1] = { folder .. "/samples60/" .. file, names[index0 + 1] } end
  end
  return folder, list
end

local folder, list = samples()
if not folder then
  print("Give it photos: bin/tocha examples/imagenet_classify.lua photo.jpg ...")
  return
end
if os.getenv "TOCHA_SMOKE" then list = table.move(list, 1, 6, 1, {}) end

-- The place of the true class among the guesses, by its name. (Two pairs of classes share one.)
local function place_of(name, guesses)
  for k = 1, TOP do
    if net.classes[guesses[k]:item()] == name then return k end
  end
  return math.huge
end

local first, among, clock = 0, 0, tocha.clock()
do
  local progress_bar <close> = progress.bar(#list, "looking")
  for _, sample in ipairs(list) do
    local _, ids = read(sample[1]):topk(TOP, 2)
    local place = place_of(sample[2], ids[1])
    if place == 1 then first = first + 1 end
    if place <= TOP then among = among + 1 end
    progress_bar:step()
  end
end
os.execute("rm -r '" .. folder .. "'")
print(("%s: %d of %d right at the first guess (%.1f %%), %d among five (%.1f %%), %.1f s"):format(
  options.model, first, #list, 100 * first / #list, among, 100 * among / #list,
  tocha.clock() - clock))
