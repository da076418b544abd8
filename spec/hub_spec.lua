-- Downloads over HTTP from a small server (spec/http_server.pl) by libcurl and by the curl command;
-- the register of published weights; networks that are made with them.

local tocha = require "tocha"
local core = require "tocha.core"
local download = require "tocha.io.download"
local files = require "tocha.io.file"
local support = require "spec.support"
local write_bytes <const>, new_folder <const> = support.write_bytes, support.new_folder

local hub <const> = tocha.hub
local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/hub_spec.lua$"
local shared <const> = root .. "../shared/data/models"

local function has(command) return os.execute("command -v " .. command .. " >/dev/null 2>&1") end

-- ---- downloads ----------------------------------------------------------------------------------

local CONTENT <const> = ("0123456789abcdef"):rep(40000) .. "the end"
local SUM <const> = "sha256:" .. core.digest("sha256", CONTENT)

local folder, base, server

local function start()
  folder = new_folder()
  for _, name in ipairs { "file.bin", "norange-file.bin", "cut-file.bin" } do
    write_bytes(folder .. "/" .. name, CONTENT)
  end
  server = assert(io.popen(("perl %sspec/http_server.pl %s %s/PORT"):format(root == "" and "./"
    or root, folder, folder), "w"))
  local waited <const> = core.clock()
  while not files.exists(folder .. "/PORT") do
    assert(core.clock() - waited < 10, "the server does not start")
    os.execute "sleep 0.02"
  end
  base = "http://127.0.0.1:" .. files.read("spec", folder .. "/PORT"):match "%d+" .. "/"
end

local function stop()
  server:close()
  os.execute("rm -r '" .. folder .. "'")
end

local function requests() return files.read("spec", folder .. "/LOG") end
local function forget() os.remove(folder .. "/LOG") end

local function part_of(path) return path .. ".part" end

local function cases(quick)
  local path
  before_each(function()
    path = folder .. "/got/here/file.bin"
    os.remove(path)
    os.remove(part_of(path))
    forget()
  end)

  local function get(name, options)
    options = options or { sum = SUM }
    options.quiet = true
    return download.get("spec", base .. name, path, options)
  end

  local function assert_whole()
    assert.equal(CONTENT, files.read("spec", path))
    assert.is_false(files.exists(part_of(path)))
  end

  local function assert_fails(text, name, options)
    support.fails_with(text, get, name, options)
    assert.is_false(files.exists(path))
  end

  it("a file, into folders that are made", function()
    assert.equal(path, get "file.bin")
    assert_whole()
    assert.equal("file.bin - 200\n", requests())
  end)

  it("by way of a redirection", function()
    get "moved-file.bin"
    assert_whole()
  end)

  it("goes on where an earlier one broke off", function()
    files.make_folders("spec", folder .. "/got/here")
    write_bytes(part_of(path), CONTENT:sub(1, 100000))
    get "file.bin"
    assert_whole()
    assert.equal("file.bin 100000 206\n", requests())
  end)

  it("goes on by itself while the server breaks off", function()
    assert_fails("could not download", "cut-file.bin")
    local _, size <const> = core.file_kind(part_of(path))
    assert.equal(#CONTENT - (#CONTENT + 7) // 8, size)
    assert.equal("cut-file.bin - 200\ncut-file.bin 320003 206\ncut-file.bin 480005 206\n",
      requests())
    get "file.bin"  -- the rest, from a server that behaves
    assert_whole()
  end)

  it("begins anew where the server knows no ranges", function()
    files.make_folders("spec", folder .. "/got/here")
    write_bytes(part_of(path), CONTENT:sub(1, 5000))
    get "norange-file.bin"
    assert_whole()
  end)

  it("a complete part is no error, and a part that is too long begins anew", function()
    files.make_folders("spec", folder .. "/got/here")
    write_bytes(part_of(path), CONTENT)
    get "file.bin"
    assert_whole()
    os.remove(path)
    write_bytes(part_of(path), CONTENT .. CONTENT)
    get "file.bin"
    assert_whole()
  end)

  it("a damaged part is found out by the checksum, and fetched anew", function()
    files.make_folders("spec", folder .. "/got/here")
    write_bytes(part_of(path), ("x"):rep(1000))
    get "file.bin"
    assert_whole()
    assert.equal("file.bin 1000 206\nfile.bin - 200\n", requests())
  end)

  it("refuses a wrong checksum, and keeps nothing", function()
    assert_fails("the checksum is wrong: sha256:", "file.bin", { sum = "sha256:00000000" })
    assert.is_false(files.exists(part_of(path)))
    assert_fails("is no checksum", "file.bin", { sum = "sha256:1234567" })
    assert_fails("is no checksum", "file.bin", { sum = "crc32:12345678" })
  end)

  it("takes the beginning of a checksum, and MD5", function()
    get("file.bin", { sum = SUM:sub(1, 15) })
    os.remove(path)
    get("file.bin", { sum = "md5:" .. core.digest("md5", CONTENT) })
    assert_whole()
  end)

  it("refuses more bytes than there should be", function()
    assert_fails("longer than it should be", "file.bin", { limit = 1000 })
  end)

  it("tells what is wrong and what to do", function()
    assert_fails("Where this machine has no network, put the file at " .. path, "nothing.bin")
    assert_fails("404", "nothing.bin")
  end)

  it("an address that nobody answers", function()
    support.fails_with("could not download http://127.0.0.1:1/x", download.get, "spec",
      "http://127.0.0.1:1/x", path, { quiet = true })
    support.fails_with("could not download", download.get, "spec", "ftp://127.0.0.1/x", path,
      { quiet = true })
  end)

  if quick then return end

  it("an error in what watches ends the transfer and is raised again", function()
    local function watch() error("enough", 0) end
    local library <const> = require "tocha.curl"
    assert.error_matches(function() library.get(base .. "file.bin", path, 0, -1, watch) end,
      "^enough$")
  end)
end

describe("downloads", function()
  if not os.execute "perl -MIO::Socket::INET -MIO::Select -e 1 >/dev/null 2>&1" then
    pending "no perl with its sockets, in which the server is written"
    return
  end
  setup(start)
  teardown(stop)

  describe("by libcurl", function()
    if not pcall(require, "tocha.curl") then
      pending "built without libcurl"
      return
    end
    cases()
  end)

  describe("by the curl command", function()
    if not has "curl" then
      pending "no curl"
      return
    end
    local loaded, preload
    setup(function()
      loaded, preload = package.loaded["tocha.curl"], package.preload["tocha.curl"]
      package.loaded["tocha.curl"] = nil
      package.preload["tocha.curl"] = function() error "hidden" end
    end)
    teardown(function()
      package.loaded["tocha.curl"], package.preload["tocha.curl"] = loaded, preload
    end)
    cases "quick"
  end)

  it("tensors from an address, kept", function()
    local function net() return tocha.nn.Linear(2, 3) end
    local path <const> = folder .. "/net.safetensors"
    tocha.save(net():state_dict(), path)
    local hash <const> = core.digest_file("sha256", path):sub(1, 8)
    local name <const> = "net-" .. hash .. ".safetensors"
    os.rename(path, folder .. "/" .. name)
    forget()
    local options <const> = { model_dir = folder .. "/kept", check_hash = true, quiet = true }
    for _ = 1, 2 do
      local tensors <const> = hub.load_state_dict_from_url(base .. name, options)
      assert.same({ 3, 2 }, tensors.weight.shape)
    end
    assert.equal(name .. " - 200\n", requests())
    support.fails_with("has no hash in its name", hub.load_state_dict_from_url, base .. "file.bin",
      options)
  end)

  it("weights of the register into a network", function()
    local net <const> = tocha.vision.models.resnet20()
    local path <const> = folder .. "/mine.safetensors"
    tocha.save(net:state_dict(), path)
    hub.add { model = "resnet20", weights = "mine", classes = { "a", "b", "c", "d", "e", "f", "g",
      "h", "i", "j" }, files = { { name = "mine.safetensors", url = base .. "mine.safetensors",
      sum = "sha256:" .. core.digest_file("sha256", path) } } }
    local kept <const> = folder .. "/weights"
    local function make()
      return tocha.vision.models.resnet20 { weights = "mine", root = kept, quiet = true }
    end
    local got <const> = make()
    assert.same("d", got.classes[4])
    for name, x in pairs(net:state_dict()) do
      assert.is_true(got:state_dict()[name]:equal(x), name)
    end
    os.remove(path)
    make()  -- from the cache
    for _, name in ipairs { "resnet20.mine", "ResNet20_Weights.MINE" } do
      assert.equal("d", tocha.vision.models.resnet20 { weights = name, root = kept }.classes[4])
    end
    assert.equal("resnet20.mine", hub.list "mine"[1])
    local by_path <const> = tocha.vision.models.resnet20 { weights = kept .. "/mine.safetensors" }
    assert.is_true(by_path.linear.weight:equal(net.linear.weight))
    assert.equal("d", by_path.classes[4])
    local other <const> = folder .. "/other.safetensors"
    tocha.save(tocha.vision.models.resnet20 { num_classes = 3 }:state_dict(), other)
    local three <const> = tocha.vision.models.resnet20 { weights = other, num_classes = 3 }
    assert.is_nil(three.classes)
    assert.is_function(three.preprocess)
    support.fails_with("mine.safetensors  from http", hub.fetch, "resnet20.mine",
      { root = folder .. "/empty", download = false })
  end)
end)

-- ---- the register -------------------------------------------------------------------------------

describe("the register of weights", function()
  it("has torchvision's", function()
    local entry <const> = hub.find("resnet50", "IMAGENET1K_V2")
    assert.equal("https://download.pytorch.org/models/resnet50-11ad3fa6.pth", entry.files[1].url)
    assert.equal("sha256:11ad3fa6", entry.files[1].sum)
    assert.equal(math.floor(97.79 * 2 ^ 20 + 0.5), entry.files[1].size)
    assert.same({ top1 = 80.858, top5 = 95.434, data = "ImageNet-1K" }, entry.accuracy)
    assert.same({ resize = 232, crop = 224, interpolation = "bilinear",
      mean = { 0.485, 0.456, 0.406 }, std = { 0.229, 0.224, 0.225 } }, entry.preprocess)
    assert.equal(entry, hub.find "resnet50")
    assert.equal("imagenet1k_v1", hub.find("resnet50.imagenet1k_v1").weights)
    assert.equal(entry, hub.find("resnet50.IMAGENET1K_V2"))
    assert.same({ 0.5, 0.5, 0.5 }, hub.find("efficientnet_v2_l").preprocess.mean)
    assert.truthy(hub.find("vit_h_14").licence:find "CC%-BY%-NC")
  end)

  it("names a thousand classes", function()
    local names <const> = hub.find("alexnet").classes
    assert.equal(1000, #names)
    assert.equal("tench", names[1])
    assert.equal("toilet paper", names[1000])
    local darknet <const> = hub.find("tiny_darknet").classes
    assert.equal(1000, #darknet)
    local seen <const> = {}
    for _, name in ipairs(darknet) do seen[name] = true end
    for _, name in ipairs(names) do assert.is_true(seen[name], name) end
  end)

  it("is whole: each has an address, a checksum, a licence; each model one default", function()
    local defaults <const> = {}
    local list <const> = hub.list "%.[ic][mi]"  -- without those that this spec adds
    assert.is_true(#list > 100)
    for _, name in ipairs(list) do
      local entry <const> = hub.find(name)
      assert.truthy(entry.licence, name)
      if entry.default then defaults[entry.model] = (defaults[entry.model] or 0) + 1 end
      for _, file in ipairs(entry.files) do
        assert.truthy(file.url:find "^https?://", name)
        assert.truthy(file.sum:find "^sha256:%x%x%x%x%x%x%x%x", name)
      end
    end
    for _, name in ipairs(list) do
      local model <const> = hub.find(name).model
      assert.equal(1, defaults[model], model)
    end
  end)

  it("reaches every model of the zoo that torchvision has weights for", function()
    for _, model in ipairs { "alexnet", "vgg11", "googlenet", "inception_v3", "squeezenet1_1",
      "densenet121", "mobilenet_v2", "shufflenet_v2_x0_5", "efficientnet_b0", "convnext_tiny",
      "vit_b_16", "swin_v2_t", "resnet110" } do
      assert.is_function(tocha.vision.models[model], model)
      assert.truthy(hub.find(model), model)
    end
  end)

  it("says what there is", function()
    support.fails_with("no weights of 'resnet51' are known", hub.find, "resnet51")
    support.fails_with("resnet50 has no weights 'v3'; there are: imagenet1k_v1, imagenet1k_v2",
      hub.find, "resnet50", "v3")
    support.fails_with("the weights resnet18.imagenet1k_v1 have 1000 classes, not 10",
      tocha.vision.models.resnet18, { weights = "default", num_classes = 10 })
    support.fails_with("resnet18-f37072fd.pth  from https://download.pytorch.org", hub.fetch,
      "resnet18", { root = "/nowhere", download = false })
    assert.truthy(tostring(hub.find "resnet18"):find("44.7 MB, top-1 69.758 % (ImageNet-1K)", 1,
      true))
  end)

  it("heads that only training needs go, as torchvision does it", function()
    local models <const> = tocha.vision.models
    local file <const> = os.tmpname()
    tocha.save(models.GoogLeNet { transform_input = true }:state_dict(), file)
    local entry <const> = hub.find "googlenet"
    local name <const> = file:match "[^/]*$"
    hub.add { model = "googlenet", weights = "spec", classes = "imagenet", heads = entry.heads,
      options = entry.options, keep_heads = entry.keep_heads,
      files = { { name = name, url = "file://" .. file } } }
    local function make(more)
      local options <const> = { weights = "spec", root = file:match "^(.*)/" }
      for key, value in pairs(more or {}) do options[key] = value end
      return models.googlenet(options)
    end
    local net <const> = make()
    assert.is_nil(net.aux1)
    assert.is_true(net.transform_input)
    assert.is_nil(net:state_dict()["aux1.fc1.weight"])
    assert.is_not_nil(make({ aux_logits = true }).aux1)
    os.remove(file)
  end)

  it("the published weights of ../shared/data", function()
    if not core.file_kind(shared) then
      pending "../shared/data is not here"
      return
    end
    local net <const> = tocha.vision.models.resnet20 { weights = "cifar10", root = shared }
    assert.equal("truck", net.classes[10])
    local x <const> = net.preprocess(tocha.zeros(3, 32, 32):to "uint8")
    assert.same({ 3, 32, 32 }, x.shape)
    assert.near(-0.485 / 0.229, x[1]:mean():item(), 1e-5)
    assert.is_nil(download.check("spec", shared .. "/resnet20-12fca82f.th",
      hub.find("resnet20").files[1].sum))
    local tiny <const> = hub.load("tiny_darknet", { root = shared, download = false })
    assert.is_not_nil(next(tiny))
    for _, weights in ipairs { "imagenet1k", shared .. "/darknettiny" } do
      local darknet <const> = tocha.vision.models.tiny_darknet { weights = weights, root = shared }
      assert.equal(1000, #darknet.classes)
      assert.equal(0.001, darknet[1].bn.eps)
      local y <const> = darknet.preprocess(tocha.full({ 3, 300, 400 }, 255):to "uint8")
      assert.same({ 3, 224, 224 }, y.shape)
      assert.equal(1, y:mean():item())
    end
    for _, file in ipairs(hub.find("tiny_darknet").files) do
      assert.is_nil(download.check("spec", shared .. "/" .. file.name, file.sum))
    end
  end)
end)

describe("wrong calls", function()
  local models <const> = tocha.vision.models

  it("of constructors name the model and what it takes", function()
    support.fails_with("[resnet18] argument 1: expected a table of options", models.resnet18, 10)
    support.fails_with("argument 'weights': expected a name", models.resnet18, { weights = true })
    support.fails_with("is called weights", models.resnet18, { pretrained = true })
  end)

  it("of the hub name the argument", function()
    support.fails_with("'weights' is missing", tocha.hub.add, { model = "x" })
    support.fails_with("no pattern of Lua", tocha.hub.list, "(")
    support.fails_with("expected an address, got nil", tocha.hub.load_state_dict_from_url)
  end)
end)

describe("digests", function()
  it("are those of the standards", function()
    assert.equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      core.digest("sha256", ""))
    assert.equal("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      core.digest("sha256", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))
    assert.equal("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
      core.digest("sha256", ("a"):rep(1000000)))
    assert.equal("d41d8cd98f00b204e9800998ecf8427e", core.digest("md5", ""))
    assert.equal("c3fcd3d76192e4007dfb496cca67e13b",
      core.digest("md5", "abcdefghijklmnopqrstuvwxyz"))
    assert.equal("57edf4a22be3c955ac49da2e2107b67a", core.digest("md5", ("1234567890"):rep(8)))
  end)

  it("of a file, of any length", function()
    local path <const> = os.tmpname()
    for _, n in ipairs { 0, 1, 55, 56, 63, 64, 65, 119, 120, 16384, 100001 } do
      local bytes <const> = ("xyz"):rep(n):sub(1, n)
      write_bytes(path, bytes)
      for _, kind in ipairs { "sha256", "md5" } do
        assert.equal(core.digest(kind, bytes), core.digest_file(kind, path))
      end
    end
    os.remove(path)
    assert.is_nil((core.digest_file("md5", "/nowhere/x")))
    assert.error_matches(function() core.digest("sha1", "") end, "expected sha256 or md5")
  end)
end)
