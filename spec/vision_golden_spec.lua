-- The networks of tocha.vision.models against torchvision's own (golden/vision.py): every name and
-- shape, the published number of parameters, what they compute and two of the gradients.

local tocha = require "tocha"
local tensors = require "tocha.nn.tensors"
local golden = require "spec.golden.vision"
local formula = require "spec.golden.formula"

local models <const>, nn <const> = tocha.vision.models, tocha.nn

-- ---- the same contents on both sides ------------------------------------------------------------

-- Scale and offset of a parameter or buffer, see `fill` in vision.py.
local function spread(name, x)
  if x.ndim > 1 then return 1.5 / math.sqrt(x:numel() / x:size(1)), 0 end
  if name:find "running_var$" or name:find "weight$" then return 0.2, 1 end
  return 0.1, 0
end

local function fill(net)
  local _ <close> = tocha.no_grad()
  local j = 0
  local function put(name, x)
    j = j + 1
    x:copy_(formula.chirp(x.shape, j, spread(name, x)))
  end
  for name, p in net:named_parameters() do put(name, p) end
  for name, b in net:named_buffers() do
    if name:find "running_" then put(name, b) end
  end
end

-- ---- networks without starting values: these take most of the time ------------------------------

local real <const> = {}

local function restore()
  for name, f in pairs(real) do nn.init[name] = f end
  tensors.skip_reset = nil
end

local function bare(name, options)
  local _ <close> = setmetatable({}, { __close = restore })
  for key, f in pairs(nn.init) do
    if key:find "_$" then
      real[key] = f
      nn.init[key] = function(x) return x end
    end
  end
  tensors.skip_reset = true
  return models[name](options)
end

-- ---- what they are ------------------------------------------------------------------------------

local function digest(h, text)
  for k = 1, #text do h = (h * 31 + text:byte(k)) % 0x80000000 end
  return h
end

local function hash(net)
  local h = 0
  local function add(name, x) h = digest(h, name .. " " .. table.concat(x.shape, "x") .. "\n") end
  for name, p in net:named_parameters() do add(name, p) end
  for name, b in net:named_buffers() do add(name, b) end
  return h
end

describe("the structure of", function()
  for name, row in pairs(golden.structures) do
    it(name .. " is torchvision's", function()
      local net <const> = bare(name)
      local published <const> = row.options and bare(name, row.options) or net
      assert.equal(row.count, published:num_parameters())
      assert.equal(row.hash, hash(net), "names or shapes; see golden/vision.py --list " .. name)
    end)
  end
end)

-- ---- what they compute --------------------------------------------------------------------------

-- The first and the last weight, the only ones that are to have a gradient.
local function ends(net)
  local first, last
  for _, p in net:named_parameters() do
    p:requires_grad_(false)
    if p.ndim > 1 then first, last = first or p, p end
  end
  return first:requires_grad_(), last:requires_grad_()
end

-- Equal to 1e-4 of the largest.
local function near(expected, got, what)
  local most = 1e-3
  for _, v in ipairs(expected) do most = math.max(most, math.abs(v)) end
  for k, v in ipairs(expected) do
    assert(math.abs(v - got[k]) <= 1e-4 * most,
      ("%s %d: expected %.9g, got %.9g"):format(what, k, v, got[k]))
  end
end

-- In training in doubles: roundings of float32 take a ReLU near zero to its other side, on some
-- processors, and the gradient with it.
local function check(row)
  local dtype <const> = row.trained and "float64" or "float32"
  local net <const> = bare(row.name, row.options):to(dtype):train(row.trained)
  for _, m in net:named_modules() do
    if m:is(nn.BatchNorm2d) then m:eval() end
  end
  fill(net)
  local first <const>, last <const> = ends(net)
  local results <const>, loss = { net(formula.chirp(row.shape, 0, 1, 0):to(dtype)) }, 0
  assert.equal(#row.outputs, #results)
  for k, y in ipairs(results) do
    local flat <const> = y:reshape { -1 }
    near(row.outputs[k], flat:tolist(), "output " .. k)
    loss = loss + (flat * formula.weights(flat:numel()):to(dtype)):sum()
  end
  loss:backward()
  near(row.grads, { formula.checksum(first.grad), formula.checksum(last.grad) }, "gradient")
end

describe("a picture through", function()
  for _, row in ipairs(golden.runs) do
    it(row.name .. (row.trained and " in training" or "") .. " gives torchvision's logits",
      function() check(row) end)
  end
end)
