-- Transforms: what they draw, seeds and loaders, mixtures of pictures.

local tocha = require "tocha"
local support = require "spec.transforms_support"
local fails <const> = require "spec.support".fails_with

local T <const> = tocha.vision.transforms

local bytes <const>, same <const>, places <const> = support.bytes, support.same, support.places

local function count(n, f)
  local k = 0
  for _ = 1, n do
    if f() then k = k + 1 end
  end
  return k
end

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
    local firsts, low, high = 0, 9, 0
    for _ = 1, 300 do
      local steps <const> = jitter:make_params()
      assert.are.equal(2, #steps)
      if steps[1][1] == "brightness" then firsts = firsts + 1 end
      for _, step in ipairs(steps) do
        local range <const> = step[1] == "hue" and { -0.1, 0.2 } or { 0.6, 1.4 }
        assert.is_true(step[2] >= range[1] and step[2] <= range[2])
        if step[1] == "brightness" then
          low, high = math.min(low, step[2]), math.max(high, step[2])
        end
      end
    end
    assert.is_true(firsts > 110 and firsts < 190, firsts)
    assert.is_true(low < 0.65 and high > 1.35)
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

  it("are others in each batch of a loader, with a seed too", function()
    local draws <const> = {}
    epoch(T.Compose({ function(...)
      draws[#draws + 1] = tocha.rand(1):item()
      return ...
    end }, { seed = 9 }), 0)
    local seen <const> = {}
    for _, v in ipairs(draws) do
      assert.is_nil(seen[v])
      seen[v] = true
    end
    assert.are.equal(7, #draws)
  end)

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
    fails("expected a batch of pictures (N, C, H, W), got (3, 8, 10)", T.MixUp { num_classes = 3 },
      x[1], labels)
    fails("expected labels (3) or probabilities (3, classes), got (2,)",
      T.CutMix { num_classes = 3 },
      x, tocha.tensor { 1, 2 })
    fails("is needed where labels are numbers", T.MixUp(), x, labels)
    fails("argument 'alpha': expected a number above 0, got 0", T.MixUp, { alpha = 0 })
    fails("out of range", T.MixUp { num_classes = 2 }, x, labels)
  end)
end)
