-- The course's exercises with real weights and photos: what the examples say they reach. Needs the
-- folder of data beside the checkout.

local core = require "tocha.core"
local new_folder <const> = require "spec.support".new_folder

local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/course_spec.lua$"
local data <const> = root .. "../shared/data"

local function need(name)
  local path <const> = data .. "/" .. name
  if core.file_kind(path) == nil then pending(path .. " is absent") end
end

-- What an example prints; OUT in its arguments is a folder that goes afterwards.
local function output(example, arguments)
  local folder <const> = new_folder()
  local command <const> = ("'%sbin/tocha' '%sexamples/%s.lua' %s 2>&1"):format(
    root == "" and "./" or root, root, example, (arguments:gsub("OUT", folder)))
  local pipe <close> = assert(io.popen(command))
  local text <const> = pipe:read "a"
  os.execute("rm -r '" .. folder .. "'")
  return text
end

local function number(text, pattern)
  return tonumber(text:match(pattern) or error("no '" .. pattern .. "' in\n" .. text))
end

describe("The course's exercises", function()
  it("Tiny Darknet knows 60 % of the photos at the first guess, 80 % among five", function()
    need "models/darknettiny"
    need "imagenet/samples60.tar"
    local text <const> = output("imagenet_classify", "")
    assert.is_true(number(text, "first guess %((%d+%.%d) %%%)") >= 60, text)
    assert.is_true(number(text, "among five %((%d+%.%d) %%%)") >= 80, text)
  end)

  it("a cat is a cat", function()
    need "models/darknettiny"
    need "images/chelsea.png"
    local text <const> = output("imagenet_classify", "'" .. data .. "/images/chelsea.png'")
    assert.truthy(text:find("Egyptian Mau", 1, true), text)
  end)

  it("classic and modern cars are told apart, 17 of 20 and better", function()
    need "models/darknettiny"
    need "images/cars.tar.gz"
    local text <const> = output("transfer_folder", "--out OUT")
    assert.is_true(number(text, "cross%-validated: (%d+) of 20") >= 17, text)
  end)

  for model, expected in pairs { ["resnet20-12fca82f"] = 79.8, ["resnet32-d509ac18"] = 83.6 } do
    it("the published weights " .. model .. " score as they did", function()
      need("models/" .. model .. ".th")
      need "cifar10/test_batch.bin.gz"
      local text <const> = output("cifar10", ("--model %s --weights '%s/models/%s.th'"):format(
        model:match "^%w+", data, model))
      assert.equal(expected, number(text, "(%d+%.%d) %% of 500"))
    end)
  end
end)
