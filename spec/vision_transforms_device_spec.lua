-- Transforms on another device give what they give on the CPU; without memory they fail as they
-- should, and leak none.

local tocha = require "tocha"
local core = require "tocha.core"
local device = require "spec.cuda_support"

local T <const> = tocha.vision.transforms
local F <const> = T.functional
local describe_cuda <const> = device.suite(describe, pending)

local SOME <const> = {
  T.Resize(13), T.Resize({ 9, 30 }, { interpolation = "lanczos" }), T.CenterCrop(9),
  T.Resize({ 30, 9 }, { antialias = false }), T.RandomCrop(18, { padding = 3 }),
  T.Pad({ 1, 2 }, { fill = { 0, 0.5, 1 } }), T.Pad(2, { padding_mode = "symmetric" }),
  T.RandomResizedCrop(11), T.RandomErasing { p = 1, value = "random" },
  T.RandomHorizontalFlip { p = 1 }, T.RandomRotation(40, { fill = { 0.2, 0, 1 } }),
  T.RandomAffine(20, { interpolation = "bilinear" }), T.RandomPerspective { p = 1 },
  T.ElasticTransform { sigma = 1 }, T.RandomChannelPermutation(), T.RandomGrayscale { p = 1 },
  T.ColorJitter { brightness = 0.3, contrast = 0.3, saturation = 0.3, hue = 0.1 },
  T.RandomPosterize(3, { p = 1 }), T.RandomSolarize(0.5, { p = 1 }), T.RandAugment(),
  T.RandomAdjustSharpness(2, { p = 1 }), T.RandomAutocontrast { p = 1 }, T.GaussianBlur(3),
  T.RandomEqualize { p = 1 }, T.ToDtype("uint8", { scale = true }), T.AugMix(),
  T.ImageClassification { crop_size = 10, resize_size = 12 },
}

-- Where a rounding may put a pixel elsewhere, most must agree; NaN agrees with nothing.
local function agree(got, want, most)
  assert.are.same(want.shape, got.shape)
  local near <const> = (got:to("cpu"):double() - want:double()):abs():le(most)
  return near:double():mean():item() > 0.99
end

describe_cuda("on the device", function()
  local x <const> = tocha.rand(2, 3, 20, 24)

  for _, t in ipairs(SOME) do
    it("is done what is done on the CPU: " .. tostring(t), function()
      tocha.manual_seed(8)
      local want <const> = t(x)
      tocha.manual_seed(8)
      local got <const> = t(x:to "cuda")
      assert.matches("^cuda", got.device)
      assert.are.equal(want.dtype, got.dtype)
      assert.is_true(agree(got, want, want.dtype == "uint8" and 1 or 1e-3))
    end)
  end

  it("bytes are taken too", function()
    local bytes <const> = F.to_dtype(x, "uint8", { scale = true })
    for _, f in ipairs {
      function(p) return F.resize(p, 13) end,
      function(p) return F.rotate(p, 30, { interpolation = "bilinear", fill = 9 }) end,
      function(p) return T.ImageClassification { crop_size = 10, resize_size = 12 } (p) end,
      F.equalize,
    } do
      local want <const> = f(bytes)
      assert.is_true(agree(f(bytes:to "cuda"), want, want.dtype == "uint8" and 1 or 0.02))
    end
  end)

  it("batches are mixed", function()
    for _, mix in ipairs { T.MixUp { num_classes = 3, seed = 1 }, T.CutMix { num_classes = 3 } } do
      local pictures <const>, soft <const> = mix(x:to "cuda", tocha.tensor { 1, 3 }:to "cuda")
      assert.matches("^cuda", pictures.device .. soft.device)
      assert.are.same({ 2, 3 }, soft.shape)
    end
  end)
end)

describe("without memory", function()
  local bytes <const> = tocha.randint(0, 255, { 3, 40, 50 }, { dtype = "uint8" })

  local evaluate <const> = T.ImageClassification { crop_size = 9, resize_size = 9 }

  local function in_use()
    collectgarbage()
    collectgarbage()
    return tocha.memory().in_use
  end

  for name, f in pairs {
    resizing = function() return F.resize(bytes, { 20, 70 }, { interpolation = "lanczos" }) end,
    turning = function() return F.rotate(bytes, 30, { interpolation = "bilinear" }) end,
    normalising = function() return evaluate(bytes) end,
    tables = function() return F.resize(bytes:float(), { 20, 70 }) end,
  } do
    it(name .. " fails at every allocation in turn, and nothing is lost", function()
      local want <const>, before <const> = f():double():sum():item(), in_use()
      local failed = 0
      for n = 1, 500 do
        core.fail_after(n)
        local ok <const>, got <const> = pcall(f)
        core.fail_after(0)
        if ok then
          assert.are.equal(want, got:double():sum():item())
          break
        end
        failed = n
        assert.truthy(tostring(got):find "not enough memory", tostring(got))
      end
      assert.is_true(failed >= 2 and failed < 500, failed)
      assert.are.equal(before, in_use())
    end)
  end
end)
