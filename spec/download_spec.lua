-- Downloads over HTTP from a small server (spec/http_server.pl) by libcurl and by the curl command,
-- of files, of tensors and of weights that are registered; checksums.

local tocha = require "tocha"
local core = require "tocha.core"
local download = require "tocha.io.download"
local files = require "tocha.io.file"
local support = require "spec.support"
local write_bytes <const>, new_folder <const> = support.write_bytes, support.new_folder

local hub <const> = tocha.hub
local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/download_spec.lua$"

local function has(command) return os.execute("command -v " .. command .. " >/dev/null 2>&1") end

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
