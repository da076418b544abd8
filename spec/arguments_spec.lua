-- tocha.arguments: the command line of a script.

local tocha = require "tocha"
local fails_with <const> = require "spec.support".fails_with

local TEXT <const> = "epochs = 20, lr = 0.5, device = 'cpu', save = nil, quiet = false"

describe("arguments", function()
  local function read(...) return tocha.arguments(TEXT, { ... }) end

  it("are defaults where nothing is said", function()
    local options <const>, rest <const> = read()
    assert.same({ epochs = 20, lr = 0.5, device = "cpu", quiet = false }, options)
    assert.same({}, rest)
  end)

  it("have the types of their defaults, in any order, among others", function()
    local options <const>, rest <const> = read("a.png", "--lr", "1", "--quiet", "b.png",
      "--epochs=3", "--save=x=1", "--device", "--odd", "--", "--lr", "c")
    assert.same({ epochs = 3, lr = 1, device = "--odd", save = "x=1", quiet = true }, options)
    assert.equal("integer", math.type(options.epochs))
    assert.same({ "a.png", "b.png", "--lr", "c" }, rest)
    assert.equal(-2, read("--epochs", "-2").epochs)
  end)

  it("are the script's own where none are given", function()
    local before <const> = _G.arg
    _G.arg = { [0] = "x.lua", "--epochs", "7" }  -- luacheck: ignore
    local ok <const>, options <const> = pcall(tocha.arguments, TEXT)
    _G.arg = before  -- luacheck: ignore
    assert.is_true(ok)
    assert.equal(7, options.epochs)
  end)

  it("say what is wrong", function()
    fails_with("unknown option --epoch (there are: --epochs, --lr, --device, --save, --quiet)",
      read, "--epoch", "3")
    fails_with("--epochs: expected a whole number, got '2.5'", read, "--epochs", "2.5")
    fails_with("--lr: expected a number, got 'fast'", read, "--lr=fast")
    fails_with("--save needs a value", read, "--save")
    fails_with("expected names and defaults", tocha.arguments)
    fails_with("--file is missing", tocha.arguments, "file, n = 1", { "--n", "2" })
    assert.equal("f", tocha.arguments("file, n = 1", { "--file", "f" }).file)
  end)
end)
