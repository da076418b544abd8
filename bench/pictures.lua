-- Photographs a second: bin/tocha bench/pictures.lua, or make bench W=pictures. Photographs of 500
-- x 375 (JPEG, quality 90) are decoded, augmented as for ImageNet (RandomResizedCrop to 224, flip,
-- normalised floats), prepared for evaluation (shorter side 256, middle 224), and come in batches
-- from a loader. Operations have one thread each.
--
-- TOCHA_PHOTOS: a folder of pictures of which they are made (../shared/data/images); TOCHA_PEER: a
-- Python with torchvision and Pillow, for the same by them; TOCHA_SECONDS: a measurement (2)

local root <const> = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = ("%s/bench/ours/?.lua;"):format(root) .. package.path

local tocha = require "tocha"
local core = require "tocha.core"
local stopwatch = require "stopwatch"

local io_ <const>, T <const> = tocha.vision.io, tocha.vision.transforms
local F <const> = T.functional
local COUNT <const>, BATCH <const> = 64, 32
local seconds <const> = tonumber(os.getenv "TOCHA_SECONDS" or 2)
local source <const> = os.getenv "TOCHA_PHOTOS" or root .. "/../shared/data/images"

local function put(...)
  print(string.format(...))
  io.stdout:flush()
end

-- ---- the photographs ----------------------------------------------------------------------------

local function pictures_in(folder)
  local list <const> = {}
  for _, name in ipairs(core.list_folder(folder) or {}) do
    if name:find "%.png$" or name:find "%.jpe?g$" then
      list[#list + 1] = io_.read(folder .. "/" .. name, { mode = "rgb" })
    end
  end
  if #list == 0 then
    error(("there are no pictures in %s; TOCHA_PHOTOS names another folder"):format(folder), 0)
  end
  return list
end

-- Parts of the pictures, each of another one in turn, as files of two classes.
local function make_photos(folder)
  local cut <const> = T.RandomResizedCrop({ 375, 500 }, { scale = { 0.5, 1 }, seed = 1 })
  local list <const> = pictures_in(source)
  for k = 1, COUNT do
    local class <const> = folder .. "/" .. (k % 2 == 0 and "even" or "odd")
    os.execute(("mkdir -p '%s'"):format(class))
    io_.write(cut(list[k % #list + 1]), ("%s/%02d.jpg"):format(class, k), { quality = 90 })
  end
end

-- ---- measurements -------------------------------------------------------------------------------

local MEAN <const>, STD <const> = { 0.485, 0.456, 0.406 }, { 0.229, 0.224, 0.225 }

local TRAIN <const> = T.Compose {
  T.RandomResizedCrop(224), T.RandomHorizontalFlip(), T.ToDtype("float32", { scale = true }),
  T.Normalize(MEAN, STD),
}

-- f for one of the list after the other.
local function in_turn(list, f)
  local k = 0
  return function()
    k = k % #list + 1
    return f(list[k])
  end
end

local function row(name, per_second)
  put("| %s | %.0f | %.3f |", name, per_second, 1e3 / per_second)
end

local function measure(name, unit) row(name, 1 / stopwatch.measure(unit, seconds)) end

-- Photographs a second of whole epochs, after one in which the workers start.
local function measure_loader(set, workers)
  local loader <const> = tocha.data.DataLoader(set, { batch_size = BATCH, shuffle = true,
    num_workers = workers, persistent_workers = workers > 0 })
  local function epoch()
    for x in loader:batches() do assert(x:size(2) == 3) end
  end
  row(("loader, %d workers"):format(workers), #set / stopwatch.measure(epoch, 2 * seconds))
  loader:close()
end

local function ours(folder)
  local set <const> = tocha.vision.datasets.ImageFolder(folder, { transform = TRAIN })
  local files <const>, decoded <const> = {}, {}
  for k, sample in ipairs(set.samples) do
    local file <close> = assert(io.open(sample[1], "rb"))
    files[k] = file:read "a"
    decoded[k] = io_.decode(files[k])
  end
  put("\n## Photographs a second, Tocha\n\n| | photos/s | ms |\n|---|---|---|")
  local evaluate <const> = T.ImageClassification()
  measure("decode", in_turn(files, io_.decode))
  measure("resize to 256", in_turn(decoded, function(x) return F.resize(x, 256) end))
  measure("augment", in_turn(decoded, TRAIN))
  measure("decode, augment", in_turn(files, function(b) return TRAIN(io_.decode(b)) end))
  measure("decode, evaluate", in_turn(files, function(b) return evaluate(io_.decode(b)) end))
  for workers = 0, 2 do measure_loader(set, workers) end
end

local folder <const> = os.tmpname()
os.remove(folder)
tocha.set_num_threads(1)
local ok <const>, why <const> = pcall(function()
  make_photos(folder)
  ours(folder)
  local peer <const> = os.getenv "TOCHA_PEER"
  if peer then
    os.execute(("'%s' '%s/bench/peer/pictures.py' '%s' %g"):format(peer, root, folder, seconds))
  end
end)
os.execute(("rm -rf '%s'"):format(folder))
if not ok then error(why, 0) end
