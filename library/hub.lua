---@meta tocha.hub
-- Written by `make annotations`; do not edit.

---tocha.hub: published weights by name: where they lie, their checksum, licence, accuracy, classes
---and what is done to a picture before.
---
---    local net = tocha.vision.models.resnet50 { weights = "imagenet1k_v2" }
---    local logits = net:eval()(net.preprocess(picture):unsqueeze(1))
---    print(net.classes[logits:argmax(2):item()])
---
---Files are looked for in the cache ($TOCHA_HOME/weights, else ~/.cache/tocha/weights), then where
---PyTorch keeps its own, and downloaded where they are in neither (tocha.io.download). Nothing but
---the names is here: no weights come with Tocha.
---@class tocha.hub
local hub = {}

---hub.add(entry): registers weights: { model = "resnet18", weights = "mine", files = { { name =,
---url =, sum = "sha256:...", size = nil } }, default = false, classes = nil, preprocess = nil,
---options = nil, licence = nil, accuracy = nil }. `options` are the constructor's; `preprocess` is
---{ resize =, crop =, interpolation =, mean =, std = }.
---@return any ...
function hub.add(entry) end

---hub.constructor(model, make): make(options), of a model of the zoo, with {weights =} besides.
---@return any ...
function hub.constructor(model, make) end

---hub.download_url_to_file(url, path, {sum = nil, quiet = false}): fetches the file,
---going on where an earlier download broke off, and checks it ("sha256:...", "md5:...", or their
---first eight digits and more); returns the path.
---@return any ...
function hub.download_url_to_file(url, path, options) end

---hub.fetch(name, {weights = "default", download = true, root = nil, quiet = false}): the path of
---the file (of several, the first), looked for in `root` alone where it is given.
---@return any ...
function hub.fetch(name, options) end

---hub.find(model, weights = "default"): what is known of weights, also by "MODEL.WEIGHTS" as
---hub.list has it: { name, model, weights, files, licence, accuracy, classes, preprocess }.
---@return any ...
function hub.find(name, weights) end

---hub.get_dir(): the folder in which downloads are kept.
---@return any ...
function hub.get_dir() end

---hub.list(pattern = nil): the names of all weights ("resnet50.imagenet1k_v2"), sorted, or of
---those with the Lua pattern in it.
---@return any ...
function hub.list(pattern) end

---hub.load(name, options): the tensors of the weights by name; options as hub.fetch has them.
---@return any ...
function hub.load(name, options) end

---hub.load_state_dict_from_url(url, {model_dir = nil, file_name = nil, check_hash = false, sum =
---nil, quiet = false}): the tensors of a file at an address, kept in the cache. check_hash: the
---name is NAME-HASH.pth, as PyTorch's are, and HASH begins the SHA-256.
---@return any ...
function hub.load_state_dict_from_url(url, options) end

---hub.preprocessing{resize = nil, crop = nil, interpolation = nil, mean = nil, std = nil}: the
---function of a picture, (C, H, W) or a batch, bytes or floats, that the weights expect.
---@return any ...
function hub.preprocessing(recipe) end

---hub.set_dir(path): keeps downloads there.
---@return any ...
function hub.set_dir(path) end

return hub
