-- Damaged .onnx files: read, refused or computed, never a crash, a hang or much memory.

local tocha = require "tocha"
local core = require "tocha.core"
local fuzz = require "spec.fuzz_support"
local support = require "spec.onnx_support"
local read_bytes <const> = require "spec.support".read_bytes

local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/onnx_fuzz_spec.lua$"
local shared <const> = root .. "../shared/data/onnx/"

describe("damaged models", function()
  it("an exported network: its graph", function()
    local bytes <const> = read_bytes(root .. "spec/golden/onnx_resnet18.onnx")
    fuzz.read(bytes, function(path) tocha.onnx.load(path) end, { count = 400 })
  end)

  it("graphs of every operator, loaded and run on their tests' inputs", function()
    if not core.file_kind(shared) then pending "../shared/data is not here" return end
    local members <const> = support.untar(shared .. "node_open.tar.gz")
    local refused = 0
    for k, name in ipairs(support.tests(members)) do
      local damaged <const> = setmetatable({}, { __index = members })
      if k % 3 == 0 then
        refused = refused + fuzz.read(members[name .. "/model.onnx"], function(path)
          damaged[name .. "/model.onnx"] = read_bytes(path)
          local problem <const> = support.run(damaged, name)
          if problem then error(problem, 0) end
        end, { count = 12, memory = 1 << 26 })
      end
    end
    assert.is_true(refused > 500, refused .. " refused")
  end)
end)
