-- tocha.nn: layers and losses against PyTorch (golden/model.lua), and what a module can do.

local tocha = require "tocha"
local golden = require "spec.golden.model"
local nn = tocha.nn
local case = require "spec.golden.case"
local fill <const> = require "spec.golden.formula".fill

describe("as in PyTorch", function()
  for _, row in ipairs(golden.layers) do
    it(row.code, function() case.check(row, "nn." .. row.code) end)
  end
end)

describe("every layer that is one operation", function()
  local registry = require "tocha.op"
  local signature = require "tocha.signature"

  local function takes(decl, name)
    for _, param in ipairs(decl.params) do
      if param.name == name then return true end
    end
    return false
  end

  for name, class in pairs(nn) do
    local op <const> = type(class) == "table" and rawget(class, "op")
    if op then
      it(name, function()
        local decl <const> = assert(registry.decl[op], op)
        for _, argument in ipairs(signature.parse(class.args).names) do
          if argument == "inplace" then
            assert.is_truthy(name:find "Dropout" or registry.methods[op .. "_"]
              or takes(decl, argument))
          else
            assert.is_true(takes(decl, argument), argument)
          end
        end
      end)
    end
  end

  it("has no argument that hides a method of modules", function()
    for name, class in pairs(nn) do
      local args <const> = type(class) == "table" and rawget(class, "__name") and class.args
      for _, argument in ipairs(args and signature.parse(args).names or {}) do
        local hidden <const> = nn.Module[argument] ~= nil and not (class.owns or {})[argument]
        assert.is_false(hidden, name .. ": " .. argument)
      end
    end
    assert.are.equal("PReLU({num_parameters = 4})", tostring(nn.PReLU(4)))
    assert.are.equal(4, nn.PReLU(4):num_parameters())
  end)

  it("finds the way back from a maximum", function()
    local pool <const>, unpool <const> = nn.MaxPool2d(2, { return_indices = true }),
      nn.MaxUnpool2d(2)
    local x <const> = tocha.arange(1, 16):reshape(1, 1, 4, 4):to "float32"
    local y, indices = pool(x)
    local back <const> = unpool(y, indices)
    assert.are.same({ { 0, 0, 0, 0 }, { 0, 6, 0, 8 }, { 0, 0, 0, 0 }, { 0, 14, 0, 16 } },
      back[1][1]:to("int64"):totable())
  end)

  it("makes a transposed convolution as large as asked", function()
    local layer <const> = nn.ConvTranspose2d(2, 3, 3, { stride = 2, padding = 1 })
    assert.are.same({ 1, 3, 9, 7 }, layer(tocha.ones(1, 2, 5, 4)).shape)
    assert.are.same({ 1, 3, 10, 7 }, layer(tocha.ones(1, 2, 5, 4), { 10, 7 }).shape)
    assert.error_matches(function() layer(tocha.ones(1, 2, 5, 4), { 11, 7 }) end,
      "possible are 9 to 10")
  end)
end)

describe("the demo network", function()
  -- float64: the same numbers up to rounding. float32: what ten steps make of rounding errors.
  local TOLERANCE <const> = { float64 = 1e-9, float32 = 1e-4 }

  local function demo()
    return nn.Sequential(
      nn.Conv2d(8, 3, { padding = 1 }), nn.BatchNorm2d(), nn.ReLU(),
      nn.Conv2d(16, 3, { padding = 1 }), nn.BatchNorm2d(), nn.ReLU(),
      nn.MaxPool2d(2), nn.Flatten(), nn.Linear(10))
  end

  local function batch(step, dtype)
    return fill({ 12, 1, 8, 8 }, 49 + step):to(dtype),
      (tocha.arange(0, 11) * 7 + (step - 1)):remainder(10):to "int64" + 1
  end

  for _, row in ipairs(golden.demo) do
    it(("has PyTorch's ten losses: %s, %s"):format(row.name, row.dtype), function()
      local net <const>, criterion <const> = demo():to(row.dtype), nn.CrossEntropyLoss()
      local options <const> = load("return " .. row.options)()
      net:eval()(batch(1, row.dtype))  -- sizes become known
      net:train()
      do
        local _ <close> = tocha.no_grad()
        for j, p in ipairs(net:parameters()) do p:copy_(fill(p.shape, j) * 0.2) end
      end
      local optimiser <const> = tocha.optim[row.name](net:parameters(), options)
      for step, expected in ipairs(row.losses) do
        local x, y = batch(step, row.dtype)
        optimiser:zero_grad()
        local loss = criterion(net(x), y)
        loss:backward()
        optimiser:step()
        local off <const> = math.abs(loss:item() - expected) / expected
        assert.is_true(off <= TOLERANCE[row.dtype],
          ("step %d: expected %.9g, got %.9g"):format(step, expected,
          loss:item()))
      end
    end)
  end
end)
