-- tocha.vision.datasets: folders, layouts of ImageNet, the MNIST family, CIFAR in both forms, SVHN;
-- with transforms, in a loader's threads; what is missing and what is damaged.

local tocha = require "tocha"
local core = require "tocha.core"
local files = require "tocha.io.file"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"
local fails_with <const>, read_bytes <const> = support.fails_with, support.read_bytes
local data, vision = tocha.data, tocha.vision
local datasets = vision.datasets

local spec_root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/vision_datasets_spec.lua$"
local has_zlib <const> = pcall(require, "tocha.zlib")

local function golden(name) return spec_root .. "spec/golden/" .. name end

local folder
before_each(function() folder = fuzz.path() end)
after_each(function() os.execute("rm -rf '" .. folder .. "'") end)

-- Writes bytes to folder/path and makes the folders on the way.
local function put(path, bytes)
  local whole <const> = folder .. "/" .. path
  files.make_folders("put", whole:match "^(.*)/")
  local file <close> = assert(io.open(whole, "wb"))
  file:write(bytes)
end

-- A picture whose pixels are all v.
local function picture(v, format)
  return vision.io.encode(tocha.full({ 1, 2, 3 }, v):byte(), format or "pgm")
end

local function first_pixel(x) return x[1][1][1]:item() end

describe("ImageFolder", function()
  local function fill()
    put("dog/2.ppm", picture(2, "ppm"))
    put("dog/1.pgm", picture(1))
    put("cat/deep/er/3.PGM", picture(3))
    put("cat/.hidden.pgm", picture(9))
    put("cat/notes.txt", "no picture")
    put("stray.pgm", picture(8))
    put(".git/4.pgm", picture(4))
  end

  it("has sorted classes and pictures in three channels", function()
    fill()
    local set <const> = datasets.ImageFolder(folder)
    assert.same({ "cat", "dog" }, set.classes)
    assert.same({ cat = 1, dog = 2 }, set.class_to_idx)
    assert.same({ 1, 2, 2 }, set.targets)
    assert.equal(folder .. "/dog/1.pgm", set.samples[2][1])
    local seen <const> = {}
    for i, x, label in set:examples() do
      assert.same({ 3, 2, 3 }, x.shape)
      seen[i] = { first_pixel(x), label }
    end
    assert.same({ { 3, 1 }, { 1, 2 }, { 2, 2 } }, seen)
  end)

  it("has transforms, a loader, extensions and a choice of classes", function()
    fill()
    local set <const> = datasets.ImageFolder(folder, { extensions = { ".txt" }, classes = { "cat" },
      loader = read_bytes, transform = string.upper,
      target_transform = function(label) return -label end })
    assert.same({ "NO PICTURE", -1 }, { set:get(1) })
    assert.equal(1, #set)
    fails_with("x is not in 1..3", set.get, datasets.ImageFolder(folder), "x")
  end)

  it("says what is missing", function()
    fails_with("/nowhere", datasets.ImageFolder, "/nowhere")
    put("a/1.pgm", picture(1))
    put("b/none.txt", "")
    fails_with("no pictures (jpg, ", datasets.ImageFolder, folder)
    fails_with("in the folders of b;", datasets.ImageFolder, folder)
    assert.equal(1, #datasets.ImageFolder(folder, { allow_empty = true }))
    put("a/1.pgm", "P5 2 2 255 \1")
    local set <const> = datasets.ImageFolder(folder, { allow_empty = true })
    fails_with("a/1.pgm: the data end too early", set.get, set, 1)
    fails_with("unknown option 'tranform'", datasets.ImageFolder, folder, { tranform = 1 })
  end)

  it("takes wild names and does not leave its folder", function()
    local names <const> = { "a b.pgm", "ü\n.pgm", "'; rm -rf x.pgm", "-r.pgm", "..pgm.pgm",
      "%s.pgm" }
    for _, name in ipairs(names) do put("class $(touch x)/" .. name, picture(1)) end
    local set <const> = datasets.ImageFolder(folder)
    local n <const> = #set:filter(function(x) return first_pixel(x) == 1 end)
    assert.equal(5, n)  -- "..pgm.pgm" is hidden
  end)

  it("is read by a loader's threads as without", function()
    for k = 1, 24 do put(("%d/%02d.pgm"):format(k % 3, k), picture(k)) end
    local set <const> = datasets.ImageFolder(folder, {
      transform = function(x) return x:float() / 255 end })
    local function epoch(workers)
      local loader <const> = data.DataLoader(set, { batch_size = 5, num_workers = workers })
      local xs <const>, ys <const> = {}, {}
      for x, y in loader:batches() do
        xs[#xs + 1], ys[#ys + 1] = x, y
      end
      return tocha.cat(xs), tocha.cat(ys)
    end
    local x <const>, y <const> = epoch(0)
    local x2 <const>, y2 <const> = epoch(2)
    assert.same({ 24, 3, 2, 3 }, x.shape)
    assert.is_true(x:equal(x2) and y:equal(y2))
    put("1/99.pgm", "P5 9")
    local broken <const> = datasets.ImageFolder(folder)
    fails_with("1/99.pgm", function()
      for _ in data.DataLoader(broken, { batch_size = 4, num_workers = 2 }):batches() do end
    end)
  end)
end)

describe("ImageNet", function()
  local A <const>, B <const>, C <const> = "n01440764", "n02100735", "n02119789"

  local function flat(n)
    for k = 1, n do put(("val/ILSVRC2012_val_%08d.JPEG"):format(k), picture(k)) end
  end

  local function labels_of(set)
    local list <const> = {}
    for i, x, label in set:examples() do
      assert.equal(3, x:size(1))
      list[i] = label
    end
    return list
  end

  it("in folders, with names", function()
    put("train/" .. B .. "/1.JPEG", picture(1))
    put("train/" .. A .. "/1.JPEG", picture(2))
    put("train/" .. C .. "/1.JPEG", picture(3))
    put("val/" .. C .. "/9.JPEG", picture(4))
    put("names.json", '["tench", "setter", "fox"]')
    put("keras.json", ('{"0": ["%s", "TENCH"], "7": ["%s", "FOX"]}'):format(A, C))
    local train <const> = datasets.ImageNet(folder, { names = folder .. "/names.json" })
    assert.same({ A, B, C }, train.wnids)
    assert.same({ "tench", "setter", "fox" }, train.classes)
    assert.equal(3, train.class_to_idx.fox)
    assert.equal(2, train.wnid_to_idx[B])
    assert.same({ 1, 2, 3 }, labels_of(train))
    local val <const> = datasets.ImageNet(folder, { split = "val",
      names = folder .. "/keras.json" })
    assert.same({ "TENCH", B, "FOX" }, val.classes)
    assert.same({ 3 }, labels_of(val))
    put("two.json", '["a", "b"]')
    fails_with("2 names for 3 classes", datasets.ImageNet, folder,
      { names = folder .. "/two.json" })
    put("ids.txt", A .. "\n" .. C .. "\n")
    local named <const> = datasets.ImageNet(folder, { names = folder .. "/two.json",
      wnids = folder .. "/ids.txt" })
    assert.same({ "a", B, "b" }, named.classes)
  end)

  it("flat, with the devkit's truth", function()
    if not has_zlib then pending "no zlib" return end
    flat(4)
    fails_with("what its pictures show is not here", datasets.ImageNet, folder, { split = "val" })
    put("ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", "3\n1\n2\n3\n")
    fails_with("meta.mat, which should lie beside it", datasets.ImageNet, folder,
      { split = "val" })
    put("ILSVRC2012_devkit_t12/data/meta.mat", read_bytes(golden "imagenet_meta.mat"))
    local set <const> = datasets.ImageNet(folder, { split = "val" })
    assert.same({ A, B, C }, set.wnids)  -- their numbers are 3, 2, 1
    assert.same({ 1, 3, 2, 1 }, labels_of(set))
    assert.equal("tench, Tinca tinca", set.classes[1])
    put("ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", "3\n1\n2\n")
    fails_with("has 3 lines for 4 pictures", datasets.ImageNet, folder, { split = "val" })
    put("ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", "3\n1\n2\n1001\n")
    fails_with("line 4 is '1001', no number of a class", datasets.ImageNet, folder,
      { split = "val" })
  end)

  it("flat, with Kaggle's truth, in the classes of train", function()
    flat(3)
    put("LOC_val_solution.csv", ("ImageId,PredictionString\nILSVRC2012_val_00000003,%s 1 2 3 4\n"
      .. "ILSVRC2012_val_00000001,%s 1 2 3 4 %s 5 6 7 8\nILSVRC2012_val_00000002,%s 9 9 9 9\n")
      :format(C, B, B, A))
    local set <const> = datasets.ImageNet(folder, { split = "val" })
    assert.same({ 2, 1, 3 }, labels_of(set))
    put("train/" .. A .. "/1.JPEG", picture(2))
    put("train/" .. B .. "/1.JPEG", picture(2))
    fails_with("00000003.JPEG shows " .. C, datasets.ImageNet, folder, { split = "val" })
    os.remove(folder .. "/val/ILSVRC2012_val_00000003.JPEG")
    assert.same({ 2, 1 }, labels_of(datasets.ImageNet(folder, { split = "val" })))
  end)

  it("says what is missing", function()
    fails_with("/nowhere/train is not here", datasets.ImageNet, "/nowhere")
    fails_with("expected train or val, got test", datasets.ImageNet, "/nowhere", { split = "test" })
  end)
end)

describe("the MNIST family", function()
  local function put_idx(name, x)
    local path <const> = fuzz.path()
    data.idx.save(path, x)
    put(name, read_bytes(path))
    os.remove(path)
  end

  local digits <const> = tocha.arange(0, 2 * 28 * 28 - 1):remainder(251):reshape(2, 28, 28):byte()
  local labels <const> = tocha.tensor({ 7, 0 }, { dtype = "uint8" })

  it("has torchvision's files and folders", function()
    for name, where in pairs { MNIST = "MNIST/raw/", FashionMNIST = "", KMNIST = "KMNIST/raw/" } do
      put_idx(where .. "t10k-images-idx3-ubyte", digits)
      put_idx(where .. "t10k-labels-idx1-ubyte", labels)
      local set <const> = datasets[name](folder, { train = false,
        transform = function(x) return x:float() end })
      local x <const>, label <const> = set:get(1)
      assert.is_true(x:equal(digits[{ { 1 } }]:float()))
      assert.equal(8, label)
      assert.equal(10, #set.classes)
      os.execute("rm -r " .. folder)
    end
    fails_with("train-images-idx3-ubyte.gz", datasets.KMNIST, folder)
    fails_with("/MNIST/raw", datasets.MNIST, folder)
    assert.equal("KMNIST", tostring(datasets.KMNIST))
  end)

  it("EMNIST's splits: letters from 1, upright", function()
    put_idx("gzip/emnist-letters-test-images-idx3-ubyte", digits)
    put_idx("gzip/emnist-letters-test-labels-idx1-ubyte", labels + 1)
    local set <const> = datasets.EMNIST(folder, "letters", { train = false })
    local x <const>, label <const> = set:get(1)
    assert.equal("h", set.classes[label])
    assert.is_true(x[1]:equal(digits[1]:t()))
    put_idx("gzip/emnist-letters-test-labels-idx1-ubyte", labels)
    fails_with("its labels are not 1 to 26", datasets.EMNIST, folder, "letters", { train = false })
    fails_with("expected byclass, ", datasets.EMNIST, folder, "small")
    local _, message <const> = pcall(datasets.EMNIST, folder, "byclass", { train = true })
    assert.truthy(message:find("emnist-byclass-train-labels-idx1-ubyte.gz", 1, true))
    assert.falsy(message:find("download = true", 1, true))
  end)

  it("QMNIST's parts and rows of labels", function()
    local rows <const> = tocha.arange(0, 15):reshape(2, 8):int():remainder(10)
    put_idx("qmnist-test-images-idx3-ubyte", digits)
    put_idx("qmnist-test-labels-idx2-int", rows)
    local set <const> = datasets.QMNIST(folder, { train = false })
    assert.equal(9, select(2, set:get(2)))
    local all <const> = datasets.QMNIST(folder, { what = "test10k", compat = false })
    assert.same({ 8, 9, 0, 1, 2, 3, 4, 5 }, select(2, all:get(2)):totable())
    assert.equal(0, #datasets.QMNIST(folder, { what = "test50k" }))
    fails_with("xnist-images-idx3-ubyte", datasets.QMNIST, folder, { what = "nist" })
    fails_with("expected train, test, ", datasets.QMNIST, folder, { what = "all" })
  end)

  it("refuses files that do not belong together", function()
    put_idx("t10k-images-idx3-ubyte", digits)
    for _, wrong in ipairs { tocha.zeros(3):byte(), tocha.zeros(2), tocha.zeros(2, 0):int() } do
      put_idx("t10k-labels-idx1-ubyte", wrong)
      fails_with("do not belong together", datasets.MNIST, folder, { train = false })
    end
    put_idx("t10k-labels-idx1-ubyte", labels + 5)
    fails_with("its labels are not 0 to 9", datasets.MNIST, folder, { train = false })
  end)
end)

-- As Python 2 pickled the published files.
local function python2_batch(pixels, labels, key)
  local function text(s) return "U" .. string.pack("<s1", s) end
  local list <const> = {}
  for k, label in ipairs(labels) do list[k] = "K" .. string.char(label) end
  return "\x80\2}q\1(" .. text "batch_label" .. text "training batch 1 of 5" .. text(key) .. "](" ..
    table.concat(list) .. "e" .. text "data" .. "cnumpy.core.multiarray\n_reconstruct\n"
    .. "cnumpy\nndarray\nK\0\x85U\1b\x87R(K\1K" .. string.char(#labels)
    .. string.pack("<c1I2", "M", 3072)
    .. "\x86cnumpy\ndtype\nU\2u1K\0K\1\x87R(K\3U\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89T"
    .. string.pack("<s4", pixels) .. "tbu."
end

describe("CIFAR", function()
  local three <const> = tocha.arange(0, 3 * 3072 - 1):mul(11):remainder(253):reshape(3, 3, 32, 32)
    :byte()

  it("in Python's form, as Python 3 and Python 2 pickle it", function()
    put("cifar-10-batches-py/data_batch_2", read_bytes(golden "cifar_python.pickle"))
    local set <const> = datasets.CIFAR10(folder)
    assert.is_true(set.images:equal(three))
    assert.same({ 7, 10, 1 }, set.labels:totable())
    assert.equal("truck", set.classes[select(2, set:get(2))])
    put("test", python2_batch(three:to_bytes(), { 99, 0, 4 }, "fine_labels"))
    local test <const> = datasets.CIFAR100(folder, { train = false,
      target_transform = function(label) return label * 2 end })
    assert.is_true(test:get(3):equal(three[3]))
    assert.equal(200, select(2, test:get(1)))
    assert.equal("worm", test.classes[100])
    assert.equal(100, #test.classes)
  end)

  it("in binary form, packed and not", function()
    local records <const> = {}
    for k = 1, 3 do records[k] = string.char(k, 10 * k) .. three[k]:to_bytes() end
    put("cifar-100-binary/train.bin", table.concat(records))
    local set <const> = datasets.CIFAR100(folder)
    assert.is_true(set.images:equal(three))
    assert.same({ 11, 21, 31 }, set.labels:totable())
    local _, train <const> = pcall(data.cifar100, { root = folder })
    assert.truthy(tostring(train):find "there is no test.bin")
    put("cifar-100-binary/train.bin", table.concat(records):sub(1, -2))
    fails_with("no whole records of 3074", datasets.CIFAR100, folder)
    put("cifar-100-binary/train.bin", "\1\100" .. three[1]:to_bytes())
    fails_with("its labels are not 0 to 99", datasets.CIFAR100, folder)
  end)

  it("gives batches as one by one, in threads too", function()
    put("cifar-10-batches-py/data_batch_1", read_bytes(golden "cifar_python.pickle"))
    local plain <const> = datasets.CIFAR10(folder)
    local same <const> = datasets.CIFAR10(folder, { transform = function(x) return x end })
    local ids <const> = tocha.tensor { 3, 1, 1 }
    local x <const>, y <const> = plain:take(ids)
    local x2 <const>, y2 <const> = same:take(ids)
    assert.is_true(x:equal(x2) and y:equal(y2) and x:equal(three:index_select(1, ids)))
    for _, set in ipairs { plain, same } do
      for bx, by in data.DataLoader(set, { batch_size = 3, num_workers = 1 }):batches() do
        assert.is_true(bx:equal(three))
        assert.same({ 7, 10, 1 }, by:totable())
      end
    end
  end)

  it("in the archive as it is downloaded", function()
    if not has_zlib then pending "no zlib" return end
    put("from/cifar-10-batches-py/data_batch_1", read_bytes(golden "cifar_python.pickle"))
    put("from/cifar-10-batches-py/test_batch", read_bytes(golden "cifar_python.pickle"))
    local tar <const> = "tar -czf '%s/cifar-10-python.tar.gz' -C '%s/from' cifar-10-batches-py"
    if not os.execute(tar:format(folder, folder)) then pending "no tar" return end
    assert.is_true(datasets.CIFAR10(folder).images:equal(three))
    assert.equal(3, #datasets.CIFAR10(folder, { train = false }))
  end)

  it("is read from the data at hand", function()
    local shared <const> = spec_root .. "../shared/data/cifar10"
    if not core.file_kind(shared) or not has_zlib then
      pending "no ../shared/data/cifar10"
      return
    end
    local set <const> = datasets.CIFAR10(shared, { train = false })
    assert.equal(500, #set)
    assert.equal("airplane", set.classes[select(2, set:get(1))])
  end)

  it("says what is missing, and refuses what is damaged", function()
    fails_with("cifar-10-binary.tar.gz", datasets.CIFAR10, folder)
    local bytes <const> = read_bytes(golden "cifar_python.pickle")
    local function read(path)
      files.make_folders("spec", folder)
      assert(os.rename(path, folder .. "/test_batch"))
      local ok <const>, problem = pcall(datasets.CIFAR10, folder, { train = false })
      assert(os.rename(folder .. "/test_batch", path))
      if not ok then error(problem, 0) end
    end
    local times <const> = tonumber(os.getenv "TOCHA_FUZZ") or 1
    assert.equal(300 * times, fuzz.read(bytes:sub(1, 500), read, { count = 300 }))
    assert.is_true(fuzz.read(bytes, read, { count = 700 }) > 100)
    local evil <const> = "\x80\2cos\nsystem\nU\4true\x85R."
    put("test_batch", evil)
    fails_with("it needs Python's os.system", datasets.CIFAR10, folder, { train = false })
  end)
end)

describe("Pictures in memory", function()
  it("need no options, and say what they need", function()
    local set <const> = datasets.Pictures(tocha.zeros(2, 3, 4, 4), tocha.tensor { 2, 1 })
    assert.equal(2, select(2, set:get(1)))
    fails_with("expected images (N, C, H, W) and labels (N)", datasets.Pictures, {}, {})
    fails_with("1 labels for 2 images", datasets.Pictures, tocha.zeros(2, 3, 4, 4), tocha.ones(1))
  end)
end)

describe("SVHN", function()
  it("is MATLAB's arrays, the digit 0 being class 1", function()
    if not has_zlib then pending "no zlib" return end
    put("test_32x32.mat", read_bytes(golden "svhn_32x32.mat"))
    local set <const> = datasets.SVHN(folder, { split = "test" })
    assert.same({ 5, 3, 32, 32 }, set.images.shape)
    assert.same({ 2, 1, 10, 3, 1 }, set.labels:totable())
    -- X[r, c, k, i] of the file, counted from 0
    local function value(r, c, k, i) return ((((r * 32 + c) * 3 + k) * 5 + i) * 7) % 251 end
    for _, at in ipairs { { 0, 0, 0, 0 }, { 3, 17, 2, 4 }, { 31, 31, 1, 2 } } do
      local r <const>, c <const>, k <const>, i <const> = table.unpack(at)
      assert.equal(value(r, c, k, i), set:get(i + 1)[k + 1][r + 1][c + 1]:item())
    end
    assert.equal("0", set.classes[select(2, set:get(2))])
    fails_with("train_32x32.mat", datasets.SVHN, folder)
    fails_with("expected train, test or extra", datasets.SVHN, folder, { split = "val" })
    put("test_32x32.mat", read_bytes(golden "matlab.mat"))
    fails_with("are not in it", datasets.SVHN, folder, { split = "test" })
  end)
end)
