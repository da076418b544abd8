-- Transforms: what is drawn, batches, seeds, loaders, errors. Values are compared with other tools'
-- in vision_transforms_golden_spec.

local tocha = require "tocha"

local T <const> = tocha.vision.transforms
local F <const> = T.functional

local function bytes(...) return tocha.randint(0, 255, { ... }, { dtype = "uint8" }) end

local function same(a, b) return a.dtype == b.dtype and tocha.equal(a, b) end

local function has(message, f, ...)
  local ok <const>, why <const> = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(tostring(why):find(message, 1, true), why)
end

-- A picture whose pixels say where they are: row * 100 + column, as int64.
local function places(height, width)
  local rows <const> = tocha.arange(1, height):reshape { 1, height, 1 } * 100
  return rows + tocha.arange(1, width):reshape { 1, 1, width }
end

local function count(n, f)
  local k = 0
  for _ = 1, n do
    if f() then k = k + 1 end
  end
  return k
end

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
        assert.is_true((f(x) - f(wanting)):abs():max():item() < 1e-4)
      end
    end
  end)

  it("blends in the fill at the border, and a white picture in white stays white", function()
    local white <const> = tocha.full({ 1, 9, 9 }, 255, { dtype = "uint8" })
    local options <const> = { interpolation = "bilinear", fill = 255 }
    assert.is_true(F.rotate(white, 30, options):eq(255):all():item())
    assert.is_true(F.rotate(white:float():requires_grad_(), 30, options):sub(255):abs():max():item()
      < 1e-3)
  end)

  it("turns by quarters without computing", function()
    local x <const> = places(4, 6)
    assert.is_true(same(tocha.rot90(x, 1, { 2, 3 }), F.rotate(x, 90, { expand = true })))
    assert.are.same({ 1, 6, 4 }, F.rotate(x, 270, { expand = true }).shape)
    assert.are.same({ 1, 4, 6 }, F.rotate(x:float(), 90).shape)
  end)
end)

-- ---- what is drawn ------------------------------------------------------------------------------

describe("what is drawn", function()
  before_each(function() tocha.manual_seed(11) end)

  it("has the probability that was asked for", function()
    local x <const> = places(1, 2)
    for _, p in ipairs { 0, 0.2, 0.5, 1 } do
      local flip <const> = T.RandomHorizontalFlip { p = p }
      local flips <const> = count(1000, function() return flip(x)[{ 1, 1, 1 }]:item() == 102 end)
      assert.is_true(math.abs(flips - 1000 * p) <= 4 * math.sqrt(1000 * p * (1 - p)), flips)
    end
    local some <const> = T.RandomApply({ T.RandomHorizontalFlip { p = 1 } }, { p = 0.3 })
    local n <const> = count(1000, function() return some(x)[{ 1, 1, 1 }]:item() == 102 end)
    assert.is_true(n > 240 and n < 360, n)
  end)

  it("puts crops everywhere, evenly, to the last row and column", function()
    local crop <const>, x <const> = T.RandomCrop { 3, 4 }, places(5, 6)
    local seen <const> = {}
    for _ = 1, 900 do
      local at <const> = crop(x)[{ 1, 1, 1 }]:item()
      seen[at] = (seen[at] or 0) + 1
    end
    for row = 1, 3 do
      for col = 1, 3 do
        local n <const> = seen[row * 100 + col] or 0
        assert.is_true(n > 60 and n < 145, ("%d, %d: %d"):format(row, col, n))
        seen[row * 100 + col] = nil
      end
    end
    assert.is_nil(next(seen))
  end)

  it("keeps to area and ratio in RandomResizedCrop, over their whole ranges", function()
    local t <const> = T.RandomResizedCrop(7, { scale = { 0.2, 0.5 }, ratio = { 0.5, 2 } })
    local x <const> = tocha.zeros(1, 200, 300)
    local low, high, tall, wide = 1, 0, 9, 0
    for _ = 1, 400 do
      local b <const> = t:make_params(x)
      local share <const>, ratio <const> = b.height * b.width / 60000, b.width / b.height
      low, high = math.min(low, share), math.max(high, share)
      tall, wide = math.min(tall, ratio), math.max(wide, ratio)
      assert.is_true(b.top >= 1 and b.top + b.height - 1 <= 200)
      assert.is_true(b.left >= 1 and b.left + b.width - 1 <= 300)
    end
    assert.is_true(low > 0.19 and low < 0.22 and high > 0.48 and high < 0.51)
    assert.is_true(tall > 0.48 and tall < 0.55 and wide > 1.85 and wide < 2.05)
  end)

  it("takes the middle where no part of that shape fits", function()
    local t <const> = T.RandomResizedCrop(7, { scale = { 1, 1 }, ratio = { 1, 1 } })
    assert.are.same({ top = 1, left = 96, height = 10, width = 10 },
      t:make_params(tocha.zeros(1, 10, 200)))
    assert.are.same({ top = 96, left = 1, height = 10, width = 10 },
      t:make_params(tocha.zeros(1, 200, 10)))
  end)

  it("keeps to the ranges of factors and angles", function()
    local jitter <const> = T.ColorJitter { brightness = 0.4, hue = { -0.1, 0.2 } }
    local firsts = 0
    for _ = 1, 300 do
      local steps <const> = jitter:make_params()
      assert.are.equal(2, #steps)
      if steps[1][1] == "brightness" then firsts = firsts + 1 end
      for _, step in ipairs(steps) do
        local range <const> = step[1] == "hue" and { -0.1, 0.2 } or { 0.6, 1.4 }
        assert.is_true(step[2] >= range[1] and step[2] <= range[2])
      end
    end
    assert.is_true(firsts > 110 and firsts < 190, firsts)
    local affine <const> = T.RandomAffine(30, { translate = { 0.1, 0.5 }, scale = { 2, 3 },
      shear = { -1, 1, 4, 5 } })
    for _ = 1, 200 do
      local p <const> = affine:make_params(tocha.zeros(1, 40, 100))
      assert.is_true(math.abs(p.angle) <= 30 and p.scale >= 2 and p.scale <= 3)
      assert.is_true(math.abs(p.translate[1]) <= 10 and math.abs(p.translate[2]) <= 20)
      assert.are.equal("integer", math.type(p.translate[1]))
      assert.is_true(math.abs(p.shear[1]) <= 1 and p.shear[2] >= 4 and p.shear[2] <= 5)
    end
  end)

  it("erases a box of that area", function()
    local t <const> = T.RandomErasing { p = 1, scale = { 0.1, 0.3 }, value = 7 }
    for _ = 1, 100 do
      local erased <const> = t(tocha.zeros(1, 50, 60)):eq(7):sum():item() / 3000
      assert.is_true(erased > 0.09 and erased < 0.32, erased)
    end
    local noise <const> = T.RandomErasing { p = 1, value = "random" } (tocha.zeros(3, 50, 60))
    assert.is_true(noise:ne(0):any():item())
  end)

  it("chooses by weights, and orders at random", function()
    local function add(k) return function(x) return x * 10 + k end end
    local choice <const> = T.RandomChoice({ add(1), add(2), add(3) }, { p = { 1, 0, 3 } })
    local x <const> = tocha.zeros(1, 1, 1)
    local n <const> = count(800, function()
      local v <const> = choice(x):item()
      assert.is_true(v ~= 2)
      return v == 3
    end)
    assert.is_true(n > 540 and n < 660, n)
    local order <const>, seen <const> = T.RandomOrder { add(1), add(2), add(3) }, {}
    for _ = 1, 120 do seen[order(x):item()] = true end
    for _, v in ipairs { 123, 132, 213, 231, 312, 321 } do assert.is_true(seen[v], v) end
  end)

  it("is Beta's in mixtures: mean 1/2, and its deviation", function()
    local draw <const> = require "tocha.vision.transforms.draw"
    for _, alpha in ipairs { 0.01, 0.2, 1, 4 } do
      local sum, squares, n = 0, 0, 1500
      for _ = 1, n do
        local v <const> = draw.beta(alpha)
        assert.is_true(v >= 0 and v <= 1)
        sum, squares = sum + v, squares + (v - 0.5) ^ 2
      end
      local variance <const> = 1 / (4 * (2 * alpha + 1))
      assert.is_true(math.abs(sum / n - 0.5) < 4 * math.sqrt(variance / n), alpha)
      assert.is_true(math.abs(squares / n / variance - 1) < 0.15, alpha)
    end
  end)

  it("is another for each picture under Each", function()
    local x <const> = places(1, 2):unsqueeze(1):expand(40, 1, 1, 2)
    local y <const> = T.Each(T.RandomHorizontalFlip())(x):select(4, 1):flatten()
    local flipped <const> = y:eq(102):sum():item()
    assert.is_true(flipped > 8 and flipped < 32, flipped)
    assert.is_true(T.RandomHorizontalFlip { p = 1 } (x):select(4, 1):eq(102):all():item())
  end)

  it("reaches every change and magnitude of the policies", function()
    local space <const> = require "tocha.vision.transforms.auto".space
    assert.are.equal(14, #space.rand.names)
    assert.are.equal(14, #space.auto.names)
    assert.are.equal(14, #space.wide.names)
    assert.are.equal(13, #space.mix.names)
    assert.are.equal(9, #space.mix_partial.names)
    local m <const> = space.wide.magnitudes
    assert.are.equal(2, m.Posterize.of(1))
    assert.are.equal(8, m.Posterize.of(0))
    assert.are.equal(135, m.Rotate.of(1))
    assert.are.equal(0, m.Solarize.of(1))
    assert.are.equal(45, space.rand.magnitudes.TranslateX.of(1, 10, 99.3))
    assert.are.equal(4, space.mix.magnitudes.Posterize.of(0))
  end)

  it("changes nothing in AugMix whose changes are none, and most pictures else", function()
    local x <const> = bytes(3, 20, 24)
    assert.is_false(same(x, T.AugMix { severity = 10 } (x)))
    local even <const> = tocha.full({ 4, 3, 9, 9 }, 100, { dtype = "uint8" })
    local t <const> = T.AugMix { all_ops = false, chain_depth = 1, seed = 3, fill = 100,
      severity = 1 }
    -- at severity 1 all magnitudes are 0, but for bits of posterising and for solarising
    for _ = 1, 20 do assert.is_true(t(even):sub(96):abs():max():item() <= 59) end
  end)
end)

-- ---- seeds --------------------------------------------------------------------------------------

describe("a transform's numbers", function()
  local x <const> = bytes(3, 12, 12)

  it("are Tocha's generator's", function()
    local t <const> = T.RandomCrop(5)
    tocha.manual_seed(3)
    local a <const>, b <const> = t(x), t(x)
    tocha.manual_seed(3)
    assert.is_true(same(a, t(x)) and same(b, t(x)))
  end)

  it("are its own with a seed, and then no one else's are moved", function()
    local function series(t)
      local list <const> = {}
      for k = 1, 6 do list[k] = t(x) end
      return tocha.stack(list)
    end
    tocha.manual_seed(3)
    local next_number <const> = tocha.rand(1):item()
    tocha.manual_seed(3)
    local a <const> = series(T.RandomCrop(5, { seed = 1 }))
    assert.are.equal(next_number, tocha.rand(1):item())
    assert.is_true(same(a, series(T.RandomCrop(5, { seed = 1 }))))
    assert.is_false(same(a, series(T.RandomCrop(5, { seed = 2 }))))
    assert.is_false(same(a[1], a[2]) and same(a[2], a[3]) and same(a[3], a[4]))
  end)

  -- Batches of an epoch, in one tensor.
  local function epoch(transform, workers)
    local set <const> = tocha.data.ListDataset({ 1, 2, 3, 4, 5, 6, 7 }):map(function(k)
      return transform(x:clone(), k)
    end)
    local loader <const> = tocha.data.DataLoader(set, { batch_size = 2, num_workers = workers,
      shuffle = true, seed = 4 })
    local list <const> = {}
    for pictures, label in loader:batches() do
      list[#list + 1] = pictures:float():mul(label:reshape { -1, 1, 1, 1 })
    end
    return tocha.cat(list)
  end

  it("are the same with any number of workers, with a seed and without", function()
    for _, seed in ipairs { false, 9 } do
      local t <const> = T.Compose({ T.RandomResizedCrop(6), T.RandomHorizontalFlip(),
        T.ColorJitter { brightness = 0.3, hue = 0.1 }, T.RandAugment(),
        T.RandomErasing { value = "random" } }, { seed = seed or nil })
      tocha.manual_seed(1)
      local alone <const> = epoch(t, 0)
      tocha.manual_seed(1)
      assert.is_true(same(alone, epoch(t, 1)))
      tocha.manual_seed(1)
      assert.is_true(same(alone, epoch(t, 2)))
    end
  end)
end)

-- ---- mixtures -----------------------------------------------------------------------------------

describe("MixUp and CutMix", function()
  before_each(function() tocha.manual_seed(2) end)
  local x <const> = tocha.stack { tocha.zeros(3, 8, 10), tocha.ones(3, 8, 10),
    tocha.full({ 3, 8, 10 }, 2.0) }
  local labels <const> = tocha.tensor { 1, 3, 2 }

  it("mix labels as they mix pictures", function()
    for _, class in ipairs { T.MixUp, T.CutMix } do
      for _ = 1, 20 do
        local pictures <const>, soft <const> = class { num_classes = 4 } (x, labels)
        assert.are.same({ 3, 4 }, soft.shape)
        assert.is_true(soft:sum(2):sub(1):abs():max():item() < 1e-6)
        -- picture 2 (ones) is mixed with picture 1 (zeros): its mean is its share
        assert.is_true(math.abs(pictures[2]:mean():item() - soft[{ 2, 3 }]:item()) < 1e-5)
        assert.is_true(math.abs(soft[{ 2, 1 }]:item() - (1 - soft[{ 2, 3 }]:item())) < 1e-6)
        assert.is_true(math.abs(pictures[1]:mean():item() - 2 * soft[{ 1, 2 }]:item()) < 1e-5)
      end
    end
  end)

  it("blend in MixUp, and cut a box in CutMix", function()
    local blended <const> = T.MixUp { num_classes = 3 } (x, labels)
    assert.is_true(blended[2]:std():item() < 1e-6)
    local cut <const> = T.CutMix { num_classes = 3, alpha = 50 } (x, labels)
    assert.is_true(cut[2]:eq(0):logical_or(cut[2]:eq(1)):all():item())
    assert.is_true(cut[2]:eq(0):any():item())
  end)

  it("give what cross_entropy takes, and take it again", function()
    local pictures <const>, soft <const> = T.MixUp { num_classes = 5 } (x, labels)
    local loss <const> = tocha.cross_entropy(tocha.randn(3, 5), soft)
    assert.is_true(loss:isfinite():item())
    local _, softer <const> = T.CutMix() (pictures, soft)
    assert.are.same({ 3, 5 }, softer.shape)
    assert.are.equal("uint8", T.MixUp { num_classes = 3 } (bytes(3, 3, 4, 4), labels).dtype)
  end)

  it("say what is wrong", function()
    has("expected a batch of pictures (N, C, H, W), got (3, 8, 10)", T.MixUp { num_classes = 3 },
      x[1], labels)
    has("expected labels (3) or probabilities (3, classes), got (2,)", T.CutMix { num_classes = 3 },
      x, tocha.tensor { 1, 2 })
    has("is needed where labels are numbers", T.MixUp(), x, labels)
    has("argument 'alpha': expected a number above 0, got 0", T.MixUp, { alpha = 0 })
    has("out of range", T.MixUp { num_classes = 2 }, x, labels)
  end)
end)

-- ---- errors -------------------------------------------------------------------------------------

describe("errors", function()
  local x <const> = bytes(3, 20, 24)

  it("say what a picture is", function()
    has("[Resize] argument 1: expected a picture, a tensor (C, H, W) or (N, C, H, W); got string",
      T.Resize(3), "x")
    has("[CenterCrop] argument 1: expected a picture (C, H, W) or a batch (N, C, H, W), "
      .. "got (20, 24)", T.CenterCrop(3), x[1])
    has("expected a picture of uint8 or floats, got int64", F.resize, x:long(), 5)
    has("expected 1 or 3 channels, got 2 (the picture is (2, 20, 24))", F.adjust_hue,
      x:narrow(1, 1, 2), 0.1)
    has("expected floats, got uint8", F.normalize, x, { 0 }, { 1 })
    has("has 2 numbers, the picture (3, 20, 24) has 3 channels",
      T.Compose { T.ToDtype("float32", { scale = true }), T.Normalize({ 0, 0 }, { 1, 1 }) }, x)
  end)

  it("are at the constructor's line where the arguments are wrong", function()
    has("[RandomCrop] argument 'size': expected a size or {height, width}", T.RandomCrop, { 3, 0 })
    has("[RandomResizedCrop] argument 'scale': expected {low, high} between 0 and 1",
      T.RandomResizedCrop, 8, { scale = { 0.5, 2 } })
    has("[RandomResizedCrop] argument 'ratio'", T.RandomResizedCrop, 8, { ratio = { 0, 1 } })
    has("[RandomHorizontalFlip] argument 'p': expected a probability, 0 to 1, got 2",
      T.RandomHorizontalFlip, { p = 2 })
    has("unknown option 'q'", T.RandomHorizontalFlip, { q = 2 })
    has("[Resize] argument 'interpolation': there is no 'cubic'", T.Resize, 3,
      { interpolation = "cubic" })
    has("[Resize] argument 'max_size': 5 must be above", T.Resize, 8, { max_size = 5 })
    has("[ColorJitter] argument 'hue'", T.ColorJitter, { hue = 0.7 })
    has("[GaussianBlur] argument 'kernel_size': expected odd integers, got 4", T.GaussianBlur, 4)
    has("[Normalize] argument 'std': a deviation of 0", T.Normalize, { 0 }, { 0 })
    has("[Compose] argument 'transforms': number 2 is a number", T.Compose, { T.Identity(), 3 })
    has("[RandomChoice] argument 'p': expected 1 weights", T.RandomChoice, { T.Identity() },
      { p = { 1, 2 } })
    has("[RandAugment] argument 'magnitude': expected an integer from 0 to 30, got 31",
      T.RandAugment, { magnitude = 31 })
    has("[AutoAugment] argument 'policy': expected imagenet, cifar10 or svhn", T.AutoAugment, "x")
    has("[RandomRotation] argument 'degrees'", T.RandomRotation, -3)
    has("[ToDtype] argument 'dtype': there is no dtype", T.ToDtype, "float7")
    has("[RandomCrop] argument 'seed': expected an integer", T.RandomCrop, 3, { seed = 0.5 })
  end)

  it("are errors where parameters are hostile", function()
    has("a crop of 21 x 5 is larger than the picture of 20 x 24", T.RandomCrop { 21, 5 }, x)
    has("expected a number", F.rotate, x, 0 / 0)
    has("expected a number above 0", F.affine, x, 0, { 0, 0 }, 0, { 0, 0 })
    has("lie on a line", F.perspective, x, { { 1, 1 }, { 24, 1 }, { 24, 20 }, { 1, 20 } },
      { { 1, 1 }, { 2, 2 }, { 3, 3 }, { 4, 4 } })
    has("expected a tensor (1, 20, 24, 2), got (1, 20, 24)", F.elastic, x, tocha.zeros(1, 20, 24))
    has("expected a number or one for each of 3 channels", F.pad, x, 1, { fill = { 1, 2 } })
    has("is not within the picture's 20 x 24", F.erase, x, 18, 1, 5, 5)
    has("expected the numbers 1 to 3 in some order", F.permute_channels, x, { 1, 1, 2 })
    has("nothing to resize", F.resize, x:narrow(2, 1, 0), 5)
    has("five_crop", F.five_crop, x, 50)
    local far <const> = { coefficients = { 1, 0, 0, 0, 1, 0, 9e99, 0 } }
    assert.are.same({ 3, 20, 24 }, F.perspective(x, far).shape)
    assert.are.same({ 3, 20, 24 }, F.rotate(x, 1e300).shape)
    assert.are.same({ 3, 20, 24 }, F.elastic(x, tocha.full({ 1, 20, 24, 2 }, 0 / 0)).shape)
  end)

  it("are no crash in the kernels", function()
    local kernel <const> = require "tocha.core".kernel
    local y <const> = bytes(3, 5, 5)
    has("the box is not within", kernel.picture_resize, y, x, { 0, 0, 21, 24 }, 1, 1.0)
    has("the box is not within", kernel.picture_resize, y, x, { 1 << 62, 0, 5, 5 }, 1, 1.0)
    has("there is no such filter", kernel.picture_resize, y, x, { 0, 0, 20, 24 }, 9, 1.0)
    has("there is no such filter", kernel.picture_resize, y, x, { 0, 0, 20, 24 }, 1, 0 / 0)
    has("expected bytes", kernel.picture_resize, y, x:float(), { 0, 0, 20, 24 }, 1, 1.0)
    has("expected (N, C, H, W)", kernel.picture_warp, y, x, tocha.zeros(9), tocha.zeros(3), nil,
      true)
  end)
end)
