-- Derived from the registry: what must hold for every operation, whatever it computes.

local tocha = require "tocha"
local registry = require "tocha.op"
local support = require "spec.support"

local make <const>, call <const> = support.make, support.call
local function each_sample(filter, f) support.each_sample(filter, f, true) end
local title <const>, assert_alike <const> = support.title, support.assert_alike

-- Results that are not a function of the arguments' values.
local function is_empty(decl) return decl.name:match "^empty" ~= nil end

describe("the registry", function()
  it("lacks nothing: doc, sample, kernel", function()
    assert.same({}, registry.problems())
  end)

  it("shows examples that run", function()
    local env <const> = setmetatable({ tocha = tocha }, { __index = _G })
    for _, decl in ipairs(registry.list) do
      local text <const> = require "tocha.describe".example(decl)
      if text then
        local chunk <const> = load("return " .. text, "=example", "t", env)
          or assert(load(text, "=example", "t", env), text)
        local ok <const>, message <const> = pcall(chunk)
        assert(ok, text .. "\n" .. tostring(message))
      end
    end
  end)
end)

describe("called twice with the same arguments, the same results:", function()
  each_sample(function(d) return not is_empty(d) end, function(decl, sample, k)
    it(title(decl, k), function()
      assert_alike(call(decl, make(sample)), call(decl, make(sample)))
    end)
  end)
end)

describe("the kernel agrees with the definition:", function()
  each_sample(function(d)
    return d.ref and (d.kernel or d.run) and not d.random
  end, function(decl, sample, k)
    it(title(decl, k), function()
      local args = make(sample)
      local got = call(decl, args)
      -- the definition gets the arguments as the declaration brings them to form
      local want
      local probe = require "tocha.core".op(
        setmetatable({ kind = "function", own_grad = false }, { __index = decl }),
        function(...) want = table.pack(decl.ref(...)) end, registry.defaults[decl.name])
      probe(table.unpack(args, 1, args.n))
      for j = 1, decl.differentiable or 1 do assert_alike(got[j], want[j], 1e-9, 1e-12) end
    end)
  end)
end)

-- The same values, lying differently in memory.
local LAYOUTS <const> = {
  transposed = function(x)
    if x.ndim < 2 then return nil end
    return x:transpose(1, x.ndim):clone():transpose(1, x.ndim)
  end,
  sliced = function(x)
    if x.ndim == 0 then return nil end
    local shape = x.shape
    shape[#shape] = 2 * shape[#shape] + 1
    local big = tocha.zeros(shape, { dtype = x.dtype })
    local part = big:slice(-1, 2, 2 * x:size(-1), 2)
    if x:numel() > 0 then part:copy_(x) end
    return part
  end,
  offset = function(x)
    local big = tocha.zeros({ x:numel() + 3 }, { dtype = x.dtype })
    local part = big:narrow(1, 4, x:numel()):view(x.shape)
    part:copy_(x)
    return part
  end,
}

for name, layout in pairs(LAYOUTS) do
  describe("on " .. name .. " arguments, the same results:", function()
    each_sample(function(d)
      return not is_empty(d) and not d.name:match "strided" and d.name ~= "view"
        and d.name ~= "view_as"
    end, function(decl, sample, k)
      it(title(decl, k), function()
        local args, other = make(sample), make(sample)
        local changed = false
        for j = 1, other.n do
          local laid = tocha.is_tensor(other[j]) and layout(other[j])
          if laid then other[j], changed = laid, true end
        end
        if changed then assert_alike(call(decl, other), call(decl, args), 1e-12, 1e-14) end
      end)
    end)
  end)
end

describe("an argument of the wrong kind is an error that names operation and argument:", function()
  for _, decl in ipairs(registry.list) do
    for k, param in ipairs(decl.params) do
      if param.code ~= "a" then
        it(decl.name .. ", " .. param.name, function()
          local args = make(support.samples_of(decl, true)[1])
          args[k] = function() end
          local ok, message = pcall(registry.ops[decl.name],
            table.unpack(args, 1, math.max(args.n, k)))
          assert.is_false(ok)
          assert.truthy(message:find("[" .. decl.name .. "]", 1, true), message)
          assert.truthy(message:find("'" .. param.name .. "'", 1, true), message)
          assert.truthy(message:find "registry_spec", message)
        end)
      end
    end
  end
end)

describe("half types compute as float32 does:", function()
  local function has_float(args)
    for k = 1, args.n do
      if tocha.is_tensor(args[k]) and args[k]:is_floating_point() then return true end
    end
    return false
  end
  each_sample(function(d)
    return d.half ~= false and not is_empty(d) and not d.random
  end, function(decl, sample, k)
    it(title(decl, k), function()
      local half = make(sample, "bfloat16")
      if not has_float(half) then return end
      local wide = { n = half.n }
      for j = 1, half.n do
        local x = half[j]
        wide[j] = tocha.is_tensor(x) and x.dtype == "bfloat16" and x:to "float32" or x
      end
      local got, want = call(decl, half)[1], call(decl, wide)[1]
      if not (tocha.is_tensor(got) and got:is_floating_point()) then return end
      assert_alike(got:to "float32", want:to "bfloat16":to "float32", 2e-2, 2e-2)
    end)
  end)
end)

describe("in place as beside:", function()
  each_sample(function(d) return d.pointwise and d.class ~= "COMPARE" and d.class ~= "SELECT" end,
    function(decl, sample, k)
      local args = make(sample)
      local inplace = registry.methods[decl.name .. "_"]
      it(title(decl, k), function()
        local want = call(decl, args)[1]
        local x = args[1]:clone()
        if not want:is_same_size(x) then return end
        assert_alike(inplace(x, table.unpack(args, 2, args.n)), want)
        assert_alike(x, want)
      end)
    end)
end)

