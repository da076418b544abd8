-- Derived from the registry: results and gradients against those of PyTorch in spec/golden/ops.txt,
-- which `python spec/golden/make.py` makes. An operation that is not in there by name is an error.

local tocha = require "tocha"
local registry = require "tocha.op"
local gradcheck = require "tocha.gradcheck"
local support = require "spec.support"
local samples_of = require "spec.golden.samples"
local arguments = require "spec.golden.arguments"

local REMEDY <const> = "regenerate with: python spec/golden/make.py"

-- ---- the file -----------------------------------------------------------------------------------

-- name -> { absent = reason } or a list of { fingerprint =, results = lines, gradients = lines }
local function read(path)
  local golden <const> = {}
  local op, sample
  for line in io.lines(path) do
    local kind <const>, rest <const> = line:match "^(%S+) (.*)$"
    if kind == "op" then
      op = {}
      golden[rest] = op
    elseif kind == "absent" then
      local name <const>, reason <const> = rest:match "^(%S+): (.*)$"
      golden[name] = { absent = reason }
    elseif kind == "sample" then
      sample = { fingerprint = rest, results = {}, gradients = {} }
      op[#op + 1] = sample
    elseif kind == "result" or kind == "gradient" then
      local lines <const> = sample[kind .. "s"]
      lines[#lines + 1] = rest
    end
  end
  return golden
end

local golden <const> = read "spec/golden/ops.txt"

local SPECIAL_NUMBERS <const> = { nan = 0 / 0, inf = math.huge, ["-inf"] = -math.huge }

local function numbers(text)
  local list <const> = {}
  for word in text:gmatch "%S+" do list[#list + 1] = SPECIAL_NUMBERS[word] or tonumber(word) end
  return list
end

-- ---- comparing ----------------------------------------------------------------------------------

local function flatten(results, list)
  for k = 1, results.n or #results do
    local y <const> = results[k]
    if type(y) == "table" then flatten(y, list)
    elseif y ~= nil then list[#list + 1] = y end
  end
  return list
end

local function values_of(y)
  if not tocha.is_tensor(y) then return { y == true and 1 or y == false and 0 or y } end
  local list <const> = y:detach():reshape({ -1 }):totable()
  for k, v in ipairs(list) do
    if type(v) == "boolean" then list[k] = v and 1 or 0 end
  end
  return list
end

-- The largest number of float32 where PyTorch has that of float64.
local function both_largest(got, want)
  return math.abs(want) > 1e308 and math.abs(got) >= 0x1.fffffep127 and (got > 0) == (want > 0)
end

local function check(values, want, rtol, atol, where)
  assert.equal(#want, #values, where .. ": number of elements")
  for k, v in ipairs(want) do
    local got <const> = values[k]
    local exact <const> = math.type(v) == "integer" and math.type(got) == "integer"
    local same <const> = got == v or (got ~= got and v ~= v) or both_largest(got, v)
      or (not exact and math.abs(got - v) <= math.min(1e300, atol + rtol * math.abs(v)))
    if not same then
      error(("%s, element %d: got %.15g, PyTorch gives %.15g"):format(where, k, got, v), 0)
    end
  end
end

local function check_result(y, line, dtype_too, rtol, atol, where)
  local dtype <const>, sizes <const>, data <const> = line:match "^(%S+) (%S-): ?(.*)$"
  if dtype ~= "value" then
    assert.equal(sizes, table.concat(y.shape, ","), where .. ": shape")
    if dtype_too then assert.equal(dtype, y.dtype, where .. ": dtype") end
    if dtype == "float32" then rtol = math.max(rtol, 1e-6) end
  end
  check(values_of(y), numbers(data), rtol, atol, where)
end

-- Vectors have either sign: that of the first element is positive. Those that full_matrices adds
-- may be any that complete the basis: without them.
local CANONICAL <const> = {
  svd = function(u, s, vh)
    local k <const> = s:size(-1)
    local sign <const> = u:narrow(-2, 1, 1):narrow(-1, 1, k):sign():detach()
    return u:narrow(-1, 1, k) * sign, s, vh:narrow(-2, 1, k) * sign:transpose(-1, -2)
  end,
  eigh = function(values, vectors)
    return values, vectors * vectors:narrow(-2, 1, 1):sign():detach()
  end,
}

local function results_of(decl, args)
  local results <const> = flatten(support.call(decl, args), {})
  local canonical <const> = CANONICAL[decl.name]
  return canonical and { canonical(table.unpack(results)) } or results
end

local function check_results(decl, sample, record, dtype, rtol, atol)
  local found <const> = results_of(decl, support.make(sample, dtype))
  assert.equal(#record.results, #found, "number of results")
  for k, line in ipairs(record.results) do
    check_result(found[k], line, dtype == "float64", rtol, atol, "result " .. k)
  end
end

-- ---- gradients ----------------------------------------------------------------------------------

-- place ("2", or "1.3" in a list) -> the leaf
local function leaves(args)
  local found <const> = {}
  local function add(place, x)
    if tocha.is_tensor(x) and x:is_floating_point() and x:numel() > 0 then
      found[place] = x:requires_grad_()
    end
  end
  for k = 1, args.n do
    add(tostring(k), args[k])
    if type(args[k]) == "table" then
      for j, x in ipairs(args[k]) do add(k .. "." .. j, x) end
    end
  end
  return found
end

local function weighted_sum(found)
  local total
  for k, y in ipairs(found) do
    if tocha.is_tensor(y) and y.requires_grad then
      local part = (y * gradcheck.weights(y, k)):sum()
      total = total and total + part or part
    end
  end
  return total
end

-- Where PyTorch's gradient is less exact than 1e-8.
local GRADIENT_TOLERANCE <const> = {
  hardsigmoid = 1e-7,  -- its 1/6 is a float
}

local function check_gradients(decl, sample, record)
  local rtol = GRADIENT_TOLERANCE[decl.name] or 1e-8
  if record.results[1]:find "^float32" then rtol = 1e-6 end
  local args <const> = support.make(sample, "float64")
  local leaf <const> = leaves(args)
  local total <const> = weighted_sum(results_of(decl, args))
  for _, line in ipairs(record.gradients) do
    local place <const>, data <const> = line:match "^(%S+): ?(.*)$"
    if data ~= "none" then
      local grad = total and tocha.autograd.grad(total, { leaf[place] },
        { allow_unused = true, retain_graph = true })[1]
      local want <const> = numbers(data)
      if not grad then grad = tocha.zeros_like(leaf[place]) end
      check(values_of(grad), want, rtol, 1e-11, "gradient of argument " .. place)
    end
  end
end

-- ---- all of them --------------------------------------------------------------------------------

local function record_of(decl, sample, k)
  local record <const> = golden[decl.name][k]
  local found <const> = arguments.fingerprint(arguments.text(support.make(sample)))
  if not record or record.fingerprint ~= found then
    error(("sample %d of %s has changed: %s"):format(k, decl.name, REMEDY), 0)
  end
  return record
end

describe("golden values:", function()
  it("the file knows every operation, and no other", function()
    for _, decl in ipairs(registry.list) do
      assert.truthy(golden[decl.name], decl.name .. " is not in spec/golden/ops.txt: " .. REMEDY)
    end
    for name in pairs(golden) do
      assert.truthy(registry.decl[name], name .. " is no operation any more: " .. REMEDY)
    end
  end)

  it("every record has a sample", function()
    for name, records in pairs(golden) do
      local decl <const> = registry.decl[name]
      if decl and not records.absent then
        assert.equal(#samples_of(decl), #records, name .. ": " .. REMEDY)
      end
    end
  end)
end)

-- A test for each sample that has golden values.
local function each_recorded(title, f)
  describe(title, function()
    for _, decl in ipairs(registry.list) do
      if golden[decl.name] and not golden[decl.name].absent then
        for k, sample in ipairs(samples_of(decl)) do
          it(support.title(decl, k), function() f(decl, sample, record_of(decl, sample, k)) end)
        end
      end
    end
  end)
end

each_recorded("as PyTorch in float64:", function(decl, sample, record)
  check_results(decl, sample, record, "float64", 1e-9, 1e-12)
end)

each_recorded("as PyTorch within float32:", function(decl, sample, record)
  check_results(decl, sample, record, "float32", 1e-4, 1e-5)
end)

each_recorded("gradients as PyTorch's:", check_gradients)
