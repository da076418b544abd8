-- Transforms: batches, floats and bytes, resizing, warping, errors. What they draw is in
-- vision_transforms_random_spec; values are compared with other tools' in
-- vision_transforms_golden_spec.

local tocha = require "tocha"
local support = require "spec.transforms_support"
local fails <const> = require "spec.support".fails_with

local T <const> = tocha.vision.transforms
local F <const> = T.functional

local bytes <const>, same <const>, places <const> = support.bytes, support.same, support.places

-- Every transform, with arguments that suit a picture of 3 x 20 x 24 bytes.
local ALL <const> = {
  T.Resize(13), T.RandomShortestSize({ 10, 14 }, { max_size = 15 }), T.RandomResize(8, 15),
  T.CenterCrop(9), T.Pad({ 1, 2 }, { padding_mode = "reflect" }), T.RandomCrop(18, { padding = 3 }),
  T.RandomResizedCrop(11), T.RandomErasing { p = 1 }, T.RandomHorizontalFlip { p = 1 },
  T.RandomVerticalFlip { p = 1 }, T.RandomRotation(40), T.RandomPerspective { p = 1 },
  T.RandomAffine(20, { translate = { 0.1, 0.2 }, scale = { 0.8, 1.2 }, shear = { -5, 5, -3, 3 } }),
  T.ElasticTransform { sigma = 1 }, T.RandomZoomOut { p = 1 }, T.RandomPhotometricDistort(),
  T.ColorJitter { brightness = 0.3, contrast = 0.3, saturation = 0.3, hue = 0.1 },
  T.RandomChannelPermutation(), T.Grayscale(), T.RandomGrayscale { p = 1 }, T.RGB(),
  T.RandomInvert { p = 1 }, T.RandomPosterize(3, { p = 1 }), T.RandomSolarize(0.5, { p = 1 }),
  T.RandomAdjustSharpness(2, { p = 1 }), T.RandomAutocontrast { p = 1 },
  T.RandomEqualize { p = 1 }, T.ToDtype("float32", { scale = true }), T.GaussianBlur(3),
  T.RandAugment(), T.TrivialAugmentWide(), T.AutoAugment(), T.AutoAugment "cifar10",
  T.AutoAugment "svhn", T.ImageClassification { crop_size = 10, resize_size = 12 },
  T.SemanticSegmentation { resize_size = 12 }, T.Identity(),
}

describe("every transform", function()
  local batch <const> = bytes(3, 3, 20, 24)
  for _, t in ipairs(ALL) do
    it("does to a batch what it does to each picture: " .. tostring(t), function()
      tocha.manual_seed(5)
      local all <const> = t(batch)
      assert.are.equal(4, all.ndim)
      for k = 1, 3 do
        tocha.manual_seed(5)
        assert.is_true(same(all[k], t(batch[k])))
      end
    end)

    it("takes floats and gives floats, leaving its input as it is: " .. tostring(t), function()
      local x <const> = tocha.rand(3, 20, 24)
      local before <const> = x:clone()
      local y <const> = t(x)
      assert.are.equal("float32", y.dtype)
      assert.is_true(same(before, x))
      assert.is_true(y:isfinite():all():item())
    end)
  end

  it("leaves bytes as they are", function()
    local before <const> = batch:clone()
    for _, t in ipairs(ALL) do t(batch) end
    assert.is_true(same(before, batch))
  end)

  it("takes pictures whose rows and channels lie apart", function()
    local x <const> = bytes(24, 40, 3):permute(3, 1, 2):narrow(3, 5, 24):transpose(2, 3)
    for _, t in ipairs(ALL) do
      tocha.manual_seed(2)
      local a <const> = t(x)
      tocha.manual_seed(2)
      assert.is_true(same(a, t(x:contiguous())), tostring(t))
    end
  end)

  it("lets what comes with the picture through", function()
    local _, label, name = T.Compose { T.Resize(5), function(...) return ... end,
      T.RandomApply({ T.Identity() }, { p = 1 }) }(batch, 7, "cat")
    assert.are.equal(7, label)
    assert.are.equal("cat", name)
  end)

  it("prints as it was made", function()
    assert.are.equal("Resize(13)", tostring(ALL[1]))
    assert.are.equal("RandomCrop(18, {padding = 3})", tostring(ALL[6]))
    assert.are.equal("ColorJitter({brightness = 0.3, hue = {-0.1, 0.2}})",
      tostring(T.ColorJitter { brightness = 0.3, hue = { -0.1, 0.2 } }))
    assert.are.equal("Compose(\n  Resize(3)\n  RandomApply(\n    RandomHorizontalFlip()\n"
      .. "  ) {p = 0.2}\n)", tostring(T.Compose { T.Resize(3),
      T.RandomApply({ T.RandomHorizontalFlip() }, { p = 0.2 }) }))
  end)
end)

describe("resizing", function()
  it("is close for bytes and floats, by every filter, and the same for a view", function()
    local x <const> = bytes(2, 41, 33) // 2 + 64  -- nothing is cut off between the passes
    for _, mode in ipairs { "box", "bilinear", "hamming", "bicubic", "lanczos" } do
      for _, size in ipairs { { 12, 70 }, { 41, 9 }, { 3, 3 } } do
        local options <const> = { interpolation = mode }
        local want <const> = F.resize(x:double(), size, options):clamp(0, 255)
        -- two roundings, to the row and to the column
        local off <const> = (F.resize(x, size, options):double() - want):abs():max():item()
        assert.is_true(off <= 1.6, mode .. " off by " .. off)
      end
    end
  end)

  it("has gradients for floats", function()
    local x <const> = tocha.rand({ 1, 6, 7 }, { dtype = "float64", requires_grad = true })
    assert.is_true(tocha.gradcheck(function(v)
      return F.resize(v, { 3, 9 }, { interpolation = "bicubic" })
    end, { x }))
  end)

  it("keeps an even picture even, at any size", function()
    local x <const> = tocha.full({ 1, 30, 17 }, 201, { dtype = "uint8" })
    for _, mode in ipairs { "box", "bilinear", "hamming", "bicubic", "lanczos", "nearest" } do
      local y <const> = F.resize(x, { 7, 50 }, { interpolation = mode })
      assert.is_true(y:eq(201):all():item(), mode)
    end
  end)

  it("sees the part alone, not what is around it", function()
    local x <const> = tocha.full({ 1, 40, 40 }, 255, { dtype = "uint8" })
    x[{ {}, { 11, 20 }, { 6, 25 } }] = 7
    assert.is_true(F.resized_crop(x, 11, 6, 10, 20, { 4, 4 }):eq(7):all():item())
    assert.is_true(F.resized_crop(x, 11, 6, 10, 20, { 30, 60 }):eq(7):all():item())
  end)
end)

describe("warping", function()
  -- The kernel, and ops.grid_sample, which what wants gradients goes through.
  it("is the same by both ways", function()
    local x <const> = tocha.rand(2, 3, 15, 21)
    local wanting <const> = x:clone():requires_grad_()
    for _, mode in ipairs { "nearest", "bilinear" } do
      local options <const> = { interpolation = mode, fill = { 0.2, 0, 1 } }
      for _, f in ipairs {
        function(v) return F.affine(v, 31, { 2.5, -3 }, 0.8, { 12, 4 }, options) end,
        function(v) return F.perspective(v, { { 0, 0 }, { 20, 0 }, { 20, 14 }, { 0, 14 } },
          { { 2.3, 1.1 }, { 18.2, 2 }, { 19.4, 13 }, { 1.2, 12 } }, options) end,
        function(v) return F.elastic(v, tocha.full({ 1, 15, 21, 2 }, 0.123), options) end,
      } do
        local other <const> = f(wanting)
        assert.is_true(other.requires_grad)
        assert.is_true((f(x) - other):abs():max():item() < 1e-4)
      end
    end
  end)

  it("has gradients for floats", function()
    local x <const> = tocha.rand({ 1, 4, 5 }, { dtype = "float64", requires_grad = true })
    assert.is_true(tocha.gradcheck(function(v)
      return F.rotate(v, 25, { interpolation = "bilinear", fill = 0.3 })
    end, { x }))
  end)

  it("blends in the fill at the border, and a white picture in white stays white", function()
    local white <const> = tocha.full({ 1, 9, 9 }, 255, { dtype = "uint8" })
    local options <const> = { interpolation = "bilinear", fill = 255 }
    assert.is_true(F.rotate(white, 30, options):eq(255):all():item())
    assert.is_true(F.rotate(white:float():requires_grad_(), 30, options):sub(255):abs():max():item()
      < 1e-3)
  end)

  it("gives halves for halves", function()
    local x <const> = tocha.rand(3, 8, 9)
    local options <const> = { interpolation = "bilinear", fill = 1 }
    local y <const> = F.rotate(x:half(), 30, options)
    assert.are.equal("float16", y.dtype)
    assert.is_true((y:float() - F.rotate(x, 30, options)):abs():max():item() < 2e-3)
    assert.are.equal("float16", F.elastic(x:half(), tocha.zeros(1, 8, 9, 2)).dtype)
  end)

  it("turns by quarters without computing", function()
    local x <const> = places(4, 6)
    assert.is_true(same(tocha.rot90(x, 1, { 2, 3 }), F.rotate(x, 90, { expand = true })))
    assert.are.same({ 1, 6, 4 }, F.rotate(x, 270, { expand = true }).shape)
    assert.are.same({ 1, 4, 6 }, F.rotate(x:float(), 90).shape)
  end)
end)

-- ---- errors -------------------------------------------------------------------------------------

describe("errors", function()
  local x <const> = bytes(3, 20, 24)

  it("say what a picture is", function()
    fails("[Resize] argument 1: expected a picture, a tensor (C, H, W) or (N, C, H, W); got string",
      T.Resize(3), "x")
    fails("[CenterCrop] argument 1: expected a picture (C, H, W) or a batch (N, C, H, W), "
      .. "got (20, 24)", T.CenterCrop(3), x[1])
    fails("expected a picture of uint8 or floats, got int64", F.resize, x:long(), 5)
    fails("expected 1 or 3 channels, got 2 (the picture is (2, 20, 24))", F.adjust_hue,
      x:narrow(1, 1, 2), 0.1)
    fails("expected floats, got uint8", F.normalize, x, { 0 }, { 1 })
    fails("has 2 numbers, the picture (3, 20, 24) has 3 channels",
      T.Compose { T.ToDtype("float32", { scale = true }), T.Normalize({ 0, 0 }, { 1, 1 }) }, x)
  end)

  it("are at the constructor's line where the arguments are wrong", function()
    fails("[RandomCrop] argument 'size': expected a size or {height, width}", T.RandomCrop,
      { 3, 0 })
    fails("[RandomResizedCrop] argument 'scale': expected {low, high} between 0 and 1",
      T.RandomResizedCrop, 8, { scale = { 0.5, 2 } })
    fails("[RandomResizedCrop] argument 'ratio'", T.RandomResizedCrop, 8, { ratio = { 0, 1 } })
    fails("[RandomHorizontalFlip] argument 'p': expected a probability, 0 to 1, got 2",
      T.RandomHorizontalFlip, { p = 2 })
    fails("unknown option 'q'", T.RandomHorizontalFlip, { q = 2 })
    fails("[Resize] argument 'interpolation': there is no 'cubic'", T.Resize, 3,
      { interpolation = "cubic" })
    fails("[Resize] argument 'max_size': 5 must be above", T.Resize, 8, { max_size = 5 })
    fails("[ColorJitter] argument 'hue'", T.ColorJitter, { hue = 0.7 })
    fails("[GaussianBlur] argument 'kernel_size': expected odd integers, got 4", T.GaussianBlur, 4)
    fails("[Normalize] argument 'std': a deviation of 0", T.Normalize, { 0 }, { 0 })
    fails("[Compose] argument 'transforms': number 2 is a number", T.Compose, { T.Identity(), 3 })
    fails("[RandomChoice] argument 'p': expected 1 weights", T.RandomChoice, { T.Identity() },
      { p = { 1, 2 } })
    fails("[RandAugment] argument 'magnitude': expected an integer from 0 to 30, got 31",
      T.RandAugment, { magnitude = 31 })
    fails("[AutoAugment] argument 'policy': expected imagenet, cifar10 or svhn", T.AutoAugment, "x")
    fails("[RandomRotation] argument 'degrees'", T.RandomRotation, -3)
    fails("[ToDtype] argument 'dtype': there is no dtype", T.ToDtype, "float7")
    fails("[RandomCrop] argument 'seed': expected an integer", T.RandomCrop, 3, { seed = 0.5 })
  end)

  it("are errors where parameters are hostile", function()
    fails("a crop of 21 x 5 is larger than the picture of 20 x 24", T.RandomCrop { 21, 5 }, x)
    fails("expected a number", F.rotate, x, 0 / 0)
    fails("expected a number above 0", F.affine, x, 0, { 0, 0 }, 0, { 0, 0 })
    fails("lie on a line", F.perspective, x, { { 1, 1 }, { 24, 1 }, { 24, 20 }, { 1, 20 } },
      { { 1, 1 }, { 2, 2 }, { 3, 3 }, { 4, 4 } })
    fails("expected a tensor (1, 20, 24, 2), got (1, 20, 24)", F.elastic, x, tocha.zeros(1, 20, 24))
    fails("expected a number or one for each of 3 channels", F.pad, x, 1, { fill = { 1, 2 } })
    fails("is not within the picture's 20 x 24", F.erase, x, 18, 1, 5, 5)
    fails("expected the numbers 1 to 3 in some order", F.permute_channels, x, { 1, 1, 2 })
    fails("nothing to resize", F.resize, x:narrow(2, 1, 0), 5)
    fails("five_crop", F.five_crop, x, 50)
    local far <const> = { coefficients = { 1, 0, 0, 0, 1, 0, 9e99, 0 } }
    assert.are.same({ 3, 20, 24 }, F.perspective(x, far).shape)
    assert.are.same({ 3, 20, 24 }, F.rotate(x, 1e300).shape)
    assert.are.same({ 3, 20, 24 }, F.elastic(x, tocha.full({ 1, 20, 24, 2 }, 0 / 0)).shape)
  end)

  it("are no crash in the kernels", function()
    local kernel <const> = require "tocha.core".kernel
    local y <const> = bytes(3, 5, 5)
    fails("the box is not within", kernel.picture_resize, y, x, { 0, 0, 21, 24 }, 1, 1.0)
    fails("the box is not within", kernel.picture_resize, y, x, { 1 << 62, 0, 5, 5 }, 1, 1.0)
    fails("there is no such filter", kernel.picture_resize, y, x, { 0, 0, 20, 24 }, 9, 1.0)
    fails("there is no such filter", kernel.picture_resize, y, x, { 0, 0, 20, 24 }, 1, 0 / 0)
    fails("expected bytes", kernel.picture_resize, y, x:float(), { 0, 0, 20, 24 }, 1, 1.0)
    fails("expected (N, C, H, W)", kernel.picture_warp, y, x, tocha.zeros(9), tocha.zeros(3), nil,
      true)
  end)
end)
