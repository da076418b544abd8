-- What the specs share: comparing tensors, and walking declarations with their samples.

local tocha = require "tocha"
local registry = require "tocha.op"

local support <const> = {}

local function same_number(a, b, rtol, atol)
  if a == b or (a ~= a and b ~= b) then return true end
  return math.abs(a - b) <= atol + rtol * math.abs(b)
end

local function compare(a, b, rtol, atol, where)
  if type(a) ~= "table" or type(b) ~= "table" then
    if type(a) == "number" and type(b) == "number" then
      return same_number(a, b, rtol, atol), ("%s: got %s, expected %s"):format(where, a, b)
    end
    return a == b, ("%s: got %s, expected %s"):format(where, tostring(a), tostring(b))
  end
  if #a ~= #b then return false, ("%s: %d elements, expected %d"):format(where, #a, #b) end
  for k = 1, #b do
    local ok, why = compare(a[k], b[k], rtol, atol, where .. "[" .. k .. "]")
    if not ok then return false, why end
  end
  return true
end

--- Are two results (tensors, numbers, lists) alike within the tolerance? false comes with the place.
function support.alike(a, b, rtol, atol, where)
  where = where or "result"
  if tocha.is_tensor(a) and tocha.is_tensor(b) then
    local sa, sb = table.concat(a.shape, "x"), table.concat(b.shape, "x")
    if sa ~= sb then return false, ("%s: shape %s, expected %s"):format(where, sa, sb) end
    return compare(a:totable(), b:totable(), rtol or 0, atol or 0, where)
  end
  if type(a) == "table" and type(b) == "table" then
    if #a ~= #b then return false, ("%s: %d results, expected %d"):format(where, #a, #b) end
    for k = 1, #b do
      local ok, why = support.alike(a[k], b[k], rtol, atol, where .. " " .. k)
      if not ok then return false, why end
    end
    return true
  end
  return compare(a, b, rtol or 0, atol or 0, where)
end

--- Fails the running test unless they are alike.
function support.assert_alike(a, b, rtol, atol, where)
  local ok, why = support.alike(a, b, rtol, atol, where)
  if not ok then error(why, 2) end
end

--- The samples of a declaration. Elementwise operations have none written: their class tells.
function support.samples_of(decl)
  if decl.sample then return decl.sample end
  local S <const> = registry.samples
  local make <const> = ({
    BITS = function(shape) return S.ids(7, shape) end,
    SELECT = function(shape, k) return k == 1 and S.mask(shape) or shape end,
  })[decl.class] or function(shape) return shape end
  local function sample(...)
    local args <const> = {}
    for k = 1, decl.inputs do args[k] = make(select(k, ...), k) end
    return args
  end
  if decl.inputs == 1 then return { sample { 3, 4 }, sample {}, sample { 0, 4 } } end
  return { sample({ 3, 4 }, { 3, 4 }, { 3, 4 }), sample({ 3, 1 }, { 4 }, {}),
    sample({ 2, 1, 3 }, { 4, 1 }, { 3 }) }
end

--- Calls f(decl, sample, index) for every sample of every operation that passes `filter`.
function support.each_sample(filter, f)
  for _, decl in ipairs(registry.list) do
    if filter(decl) then
      for k, sample in ipairs(support.samples_of(decl)) do f(decl, sample, k) end
    end
  end
end

--- The function of a declaration, whether it is a function, a method or neither.
function support.call(decl, args)
  tocha.manual_seed(7)
  return table.pack(registry.ops[decl.name](table.unpack(args, 1, args.n)))
end

function support.title(decl, k) return ("%s, sample %d"):format(decl.name, k) end

--- Arguments of a sample; a second call gives equal, separate ones.
function support.make(sample, dtype) return registry.samples.make(sample, dtype) end

return support
