-- tocha.hub: published weights by name: where they lie, their checksum, licence, accuracy, classes
-- and what is done to a picture before.
--
--     local net = tocha.vision.models.resnet50 { weights = "imagenet1k_v2" }
--     local logits = net:eval()(net.preprocess(picture):unsqueeze(1))
--     print(net.classes[logits:argmax(2):item()])
--
-- Files are looked for in the cache ($TOCHA_HOME/weights, else ~/.cache/tocha/weights), then where
-- PyTorch keeps its own, and downloaded where they are in neither (tocha.io.download). Nothing but
-- the names is here: no weights come with Tocha.

local core = require "tocha.core"
local download = require "tocha.io.download"
local files = require "tocha.io.file"
local signature = require "tocha.signature"

local hub <const> = {}

local CLASSES <const> = { imagenet = "tocha.hub.imagenet", darknet = "tocha.hub.darknet" }
local ROOM_OVER_SIZE <const> = 1.05  -- sizes are told in rounded MB

-- ---- the register -------------------------------------------------------------------------------

local Entry <const> = { __name = "tocha.hub.Entry" }

local function megabytes(entry)
  local sum = 0
  for _, file in ipairs(entry.files) do sum = sum + (file.size or 0) end
  return sum > 0 and (", %.1f MB"):format(sum / (1 << 20)) or ""
end

-- `classes` is a list that is read when it is first asked for.
function Entry.__index(entry, key)
  if key ~= "classes" or not entry.class_list then return nil end
  return CLASSES[entry.class_list] and require(CLASSES[entry.class_list]) or entry.class_list
end

--- tostring(entry): "resnet18.imagenet1k_v1, 44.7 MB, top-1 69.758 %, ..."
function Entry.__tostring(entry)
  local accuracy <const> = entry.accuracy
  local text <const> = accuracy and accuracy.top1 and (", top-1 %g %% (%s)"):format(accuracy.top1,
    accuracy.data) or ""
  return entry.name .. megabytes(entry) .. text .. ", " .. (entry.licence or "licence unknown")
end

local register <const> = {}  -- model -> list of entries

--- hub.add(entry): registers weights: { model = "resnet18", weights = "mine", files = { { name =,
--- url =, sum = "sha256:...", size = nil } }, default = false, classes = nil, preprocess = nil,
--- options = nil, licence = nil, accuracy = nil }. `options` are the constructor's; `preprocess` is
--- { resize =, crop =, interpolation =, mean =, std = }.
function hub.add(entry)
  for _, key in ipairs { "model", "weights", "files" } do
    if type(entry) ~= "table" or not entry[key] then
      core.fail("hub.add", 1, "expected { model =, weights =, files = ... }: '%s' is missing", key)
    end
  end
  local own <const> = {}
  for key, value in pairs(entry) do own[key] = value end
  own.class_list, own.classes = entry.classes, nil
  own.name = own.model .. "." .. own.weights
  register[own.model] = register[own.model] or {}
  table.insert(register[own.model], setmetatable(own, Entry))
  return own
end

for _, source in ipairs { "torchvision", "others" } do
  for _, entry in ipairs(require("tocha.hub." .. source)) do hub.add(entry) end
end

local function sorted(list)
  table.sort(list)
  return list
end

--- hub.list(pattern = nil): the names of all weights ("resnet50.imagenet1k_v2"), sorted, or of
--- those with the Lua pattern in it.
function hub.list(pattern)
  local ok <const>, problem <const> = pcall(string.find, "", pattern or "")
  if not ok then core.fail("hub.list", 1, "'%s' is no pattern of Lua: %s", pattern, problem) end
  local names <const> = {}
  for _, entries in pairs(register) do
    for _, entry in ipairs(entries) do
      if not pattern or entry.name:find(pattern) then names[#names + 1] = entry.name end
    end
  end
  return sorted(names)
end

local function named(entries, weights)
  for _, entry in ipairs(entries) do
    if entry.weights == weights or weights == "default" and entry.default then return entry end
  end
end

local function unknown(who, model, weights)
  local names <const> = {}
  for k, entry in ipairs(register[model]) do names[k] = entry.weights end
  core.fail(who, nil, "%s has no weights '%s'; there are: %s", model, weights,
    table.concat(sorted(names), ", "))
end

--- hub.find(model, weights = "default"): what is known of weights, also by "MODEL.WEIGHTS" as
--- hub.list has it: { name, model, weights, files, licence, accuracy, classes, preprocess }.
function hub.find(name, weights)
  if type(name) ~= "string" then core.fail("find", 1, "expected a name, got %s", type(name)) end
  local model <const>, rest <const> = name:match "^([^.]*)%.?(.*)$"
  weights = (weights or rest ~= "" and rest or "default"):lower()
  if not register[model] then
    core.fail("find", 1, "no weights of '%s' are known; hub.list() has the names", model)
  end
  return named(register[model], weights) or unknown("find", model, weights)
end

-- ---- files --------------------------------------------------------------------------------------

local folder  -- hub.set_dir's

--- hub.get_dir(): the folder in which downloads are kept.
function hub.get_dir() return folder or download.cache "weights" end

--- hub.set_dir(path): keeps downloads there.
function hub.set_dir(path) folder = path end

-- Where PyTorch keeps what it has downloaded.
local function torch_folder()
  local home <const> = os.getenv "TORCH_HOME"
    or (os.getenv "XDG_CACHE_HOME" or (os.getenv "HOME" or ".") .. "/.cache") .. "/torch"
  return home .. "/hub/checkpoints"
end

local function folders_of(options)
  if options.root then return { options.root } end
  return { hub.get_dir(), torch_folder() }
end

local function place_of(file, folders)
  local paths <const> = {}
  for k, each in ipairs(folders) do paths[k] = each .. "/" .. file.name end
  return files.first(paths)
end

local function is_absent(entry, folders)
  local list <const> = {}
  for _, file in ipairs(entry.files) do
    if not place_of(file, folders) then list[#list + 1] = file end
  end
  return list
end

local function missing(entry, absent, folders)
  local lines <const> = {}
  for k, file in ipairs(absent) do lines[k] = ("  %s  from %s"):format(file.name, file.url) end
  core.fail("hub", nil, "the weights %s are not here. Put\n%s\ninto one of\n  %s\n"
    .. "or leave {download = false} out where there is a network", entry.name,
    table.concat(lines, "\n"), table.concat(folders, "\n  "))
end

--- hub.fetch(name, {weights = "default", download = true, root = nil, quiet = false}): the path of
--- the file (of several, the first), looked for in `root` alone where it is given.
function hub.fetch(name, options)
  options = options or {}
  local entry <const> = getmetatable(name) == Entry and name or hub.find(name, options.weights)
  local folders <const> = folders_of(options)
  local absent <const> = is_absent(entry, folders)
  if #absent > 0 and options.download == false then missing(entry, absent, folders) end
  for _, file in ipairs(absent) do
    local most <const> = file.size and math.ceil(file.size * ROOM_OVER_SIZE)
    download.get("hub", file.url, folders[1] .. "/" .. file.name,
      { sum = file.sum, limit = most, quiet = options.quiet })
  end
  return place_of(entry.files[1], folders)
end

--- hub.load(name, options): the tensors of the weights by name; options as hub.fetch has them.
function hub.load(name, options)
  return require "tocha.io".load(hub.fetch(name, options))
end

local function need_text(who, k, what, value)
  if type(value) ~= "string" then core.fail(who, k, "expected %s, got %s", what, type(value)) end
end

--- hub.load_state_dict_from_url(url, {model_dir = nil, file_name = nil, check_hash = false, sum =
--- nil, quiet = false}): the tensors of a file at an address, kept in the cache. check_hash: the
--- name is NAME-HASH.pth, as PyTorch's are, and HASH begins the SHA-256.
function hub.load_state_dict_from_url(url, options)
  options = options or {}
  need_text("hub.load_state_dict_from_url", 1, "an address", url)
  local name <const> = options.file_name or url:match "([^/?#]+)[?#]?[^/]*$"
  local path <const> = (options.model_dir or hub.get_dir()) .. "/" .. name
  if not files.exists(path) then
    local hash <const> = options.check_hash and (name:match "%-(%x+)%.[^.]*$"
      or core.fail("hub", nil, "'%s' has no hash in its name", name))
    download.get("hub", url, path, { sum = hash and "sha256:" .. hash or options.sum,
      quiet = options.quiet })
  end
  return require "tocha.io".load(path)
end

--- hub.download_url_to_file(url, path, {sum = nil, quiet = false}): fetches the file,
--- going on where an earlier download broke off, and checks it ("sha256:...", "md5:...", or their
--- first eight digits and more); returns the path.
function hub.download_url_to_file(url, path, options)
  need_text("hub.download_url_to_file", 1, "an address", url)
  need_text("hub.download_url_to_file", 2, "a path", path)
  return download.get("hub", url, path, options)
end

-- ---- networks -----------------------------------------------------------------------------------

-- Both tables in one; what both have is as in `over`.
local function below(under, over)
  local all <const> = {}
  for _, part in ipairs { under, over } do
    for key, value in pairs(part) do all[key] = value end
  end
  return all
end

-- The given options, below those that the file wants, without what is no option of the network.
local function options_for(entry, given)
  local count <const> = entry.classes and #entry.classes
  if count and given.num_classes and given.num_classes ~= count then
    core.fail(entry.model, nil, "the weights %s have %d classes, not %d: make the network with "
      .. "them, then give it a new last layer", entry.name, count, given.num_classes)
  end
  return below(below({ num_classes = count }, given), entry.options or {})
end

local BLACK <const>, WHITE <const> = { 0, 0, 0 }, { 1, 1, 1 }

-- Without a crop the picture keeps its size, without statistics its values from 0 to 1.
local function preset_of(recipe)
  local transforms <const> = require "tocha.vision.transforms"
  local mean <const>, std <const> = recipe.mean or BLACK, recipe.std or WHITE
  if not recipe.crop then
    return transforms.SemanticSegmentation { resize_size = false, mean = mean, std = std }
  end
  return transforms.ImageClassification { resize_size = recipe.resize, crop_size = recipe.crop,
    interpolation = recipe.interpolation, mean = mean, std = std }
end

--- hub.preprocessing{resize = nil, crop = nil, interpolation = nil, mean = nil, std = nil}: the
--- function of a picture, (C, H, W) or a batch, bytes or floats, that the weights expect.
function hub.preprocessing(recipe)
  local preset
  return function(picture)
    preset = preset or preset_of(recipe)
    return preset(picture)
  end
end

-- Plain fields beside the weights, no part of the state.
local function describe(net, entry, count)
  local classes <const> = entry.classes
  rawset(net, "classes", classes and (not count or count == #classes) and classes or nil)
  rawset(net, "preprocess", entry.preprocess and hub.preprocessing(entry.preprocess))
  return net
end

-- The file has heads that only training needs; they stay where they are asked for.
local function drop_heads(net, entry, given)
  local keep = given.aux_logits
  if keep == nil then keep = entry.keep_heads end
  for _, name in ipairs(not keep and entry.heads or {}) do net:forget(name) end
end

-- "ResNet18_Weights.IMAGENET1K_V1" and "resnet18.imagenet1k_v1" are "imagenet1k_v1" too.
local function short_name(model, weights)
  if type(weights) ~= "string" then return weights end
  local class <const>, name <const> = weights:match "^([%w_]+)%.([%w_]+)$"
  return class and (class == model or class:find "_Weights$") and name or weights
end

local function is_path(weights) return weights:find "[/\\.]" end

local FETCH <const> = { "root", "download", "quiet" }

-- The constructor's options, and hub.fetch's among them.
local function divided(options)
  local own <const>, fetch <const> = {}, {}
  for key, value in pairs(options) do own[key] = value end
  for _, key in ipairs(FETCH) do fetch[key], own[key] = own[key], nil end
  own.weights = nil
  return own, fetch
end

-- The entry whose file or folder has this name, and true, or the model's default; nil where none is
-- known.
local function entry_of_file(model, path)
  local name <const> = type(path) == "string" and path:match "([^/\\]*)[/\\]*$"
  local default
  for _, entry in ipairs(register[model] or {}) do
    if entry.files[1].name:match "^[^/]*" == name then return entry, true end
    default = entry.default and entry or default
  end
  return default, false
end

-- From the path, or what is fetched.
local function load_entry(make, entry, given, path, fetch)
  local net <const> = make(options_for(entry, given))
  net:load(path or hub.fetch(entry, fetch))
  drop_heads(net, entry, given)
  return describe(net, entry)
end

local function from_file(model, make, given, weights)
  local entry <const>, is_its_file <const> = entry_of_file(model, weights)
  if is_its_file then return load_entry(make, entry, given, weights) end
  local net <const> = make(given)
  net:load(weights)
  return entry and describe(net, entry, given.num_classes) or net
end

local function with_weights(model, make, options)
  local given <const>, fetch <const> = divided(options)
  local weights <const> = short_name(model, options.weights)
  if type(weights) == "table" or is_path(weights) then
    return from_file(model, make, given, weights)
  end
  local entry <const> = hub.find(model, weights)
  return load_entry(make, entry, given, nil, fetch)
end

local IS_WEIGHTS <const> = { ["nil"] = true, string = true, table = true }

local function check_options(model, options)
  if options ~= nil and not signature.is_options(options) then
    core.fail(model, 1, "expected a table of options, such as {num_classes = 10} or {weights = "
      .. "\"default\"}, got %s", type(options))
  end
  if options and not IS_WEIGHTS[type(options.weights or nil)] then
    core.fail(model, "weights", "expected a name that hub.list(\"%s\") has, a path or a table of "
      .. "tensors, got %s", model, type(options.weights))
  end
  if options and options.pretrained ~= nil then
    core.fail(model, "pretrained", "is called weights: {weights = \"default\"}")
  end
end

--- hub.constructor(model, make): make(options), of a model of the zoo, with {weights =} besides.
function hub.constructor(model, make)
  --- models.NAME(options): the network by that name; its class says which options there are
  --- (num_classes ...). {weights = "default"} also loads weights: a name that hub.list() has
  --- ("imagenet1k_v2"), the path of a file or folder, or a table of tensors. The network then has
  --- `preprocess`, a function of a picture (C, H, W), and `classes`, the names in order: those of
  --- the weights, or of a file the model's default. {root = folder, download = false, quiet = true}
  --- are hub.fetch's.
  return function(options)
    check_options(model, options)
    if not options or not options.weights then return make(options) end
    return with_weights(model, make, options)
  end
end

return hub
