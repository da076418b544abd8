-- The ONNX project's node tests: the half of them that lies in ../shared/data/onnx.

local core = require "tocha.core"
local cuda = require "spec.cuda_support"
local support = require "spec.onnx_support"

local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/onnx_exam_spec.lua$"
local shared <const> = root .. "../shared/data/onnx/"

local RANDOM <const> = "its result is random"

-- Tests that do not pass, each with its cause. One that begins to pass is to be taken out.
local EXCEPTIONS <const> = {
  ["node/test_bernoulli"] = RANDOM, ["node/test_bernoulli_double"] = RANDOM,
  ["node/test_bernoulli_expanded"] = RANDOM, ["node/test_bernoulli_seed"] = RANDOM,
  ["node/test_dft_inverse"] = "it expects 2e-7, NumPy's rounding, where the result is 0",
  ["node/test_image_decoder_decode_tiff_rgb"] = "TIFF is not read",
}

-- Those whose operators are not of dense numbers.
local function is_dense(name)
  return not (name:find "image_decoder" or name:find "regex" or name:find "string"
    or name:find "strnorm" or name:find "STRING")
end

local function failures(members, device)
  local found <const>, dense <const> = {}, { passed = 0, all = 0 }
  for _, name in ipairs(support.tests(members)) do
    local problem <const> = support.run(members, name, device)
    found[name] = problem
    if is_dense(name) then
      dense.all, dense.passed = dense.all + 1, dense.passed + (problem and 0 or 1)
    end
  end
  return found, dense
end

local function exam(archive, number, device)
  if not core.file_kind(shared .. archive) then pending "../shared/data is not here" return end
  if not pcall(require, "tocha.zlib") then pending "this build has no zlib" return end
  local members <const> = support.untar(shared .. archive)
  assert.equal(number, #support.tests(members))
  return failures(members, device)
end

local function assert_exceptions(found)
  for name, problem in pairs(found) do
    if not EXCEPTIONS[name] then error(name .. ": " .. problem) end
  end
  for name, cause in pairs(EXCEPTIONS) do
    if not found[name] then error(("%s passes, although %s"):format(name, cause)) end
  end
end

describe("ONNX's own tests", function()
  it("of single operators", function()
    local found <const>, dense <const> = exam("node_open.tar.gz", 888)
    if not found then return end
    assert_exceptions(found)
    assert.is_true(dense.passed / dense.all > 0.99, dense.passed .. " of " .. dense.all)
  end)

  it("of small graphs", function()
    local found <const> = exam("simple.tar.gz", 23)
    if not found then return end
    for name, problem in pairs(found) do error(name .. ": " .. problem) end
  end)
end)

cuda.suite(describe, pending)("ONNX's own tests on CUDA", function()
  it("of single operators", function()
    local found <const> = exam("node_open.tar.gz", 888, "cuda")
    if found then assert_exceptions(found) end
  end)
end)
