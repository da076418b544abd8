-- What the specs share: comparing tensors, files, networks, and walking declarations with their
-- samples.

local core = require "tocha.core"
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

--- Are two results (tensors, numbers, lists) alike within the tolerance? false comes with the
--- place.
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

--- Fails the running test unless f(...) raises an error whose message contains `text`.
function support.fails_with(text, f, ...)
  local ok, message = pcall(f, ...)
  if ok then error("no error; expected: " .. text, 2) end
  if not tostring(message):find(text, 1, true) then
    error(("expected '%s' in: %s"):format(text, tostring(message)), 2)
  end
end

--- The same with a pattern in place of a text.
function support.fails(pattern, f, ...)
  local ok, message = pcall(f, ...)
  if ok then error("no error; expected: " .. pattern, 2) end
  if not tostring(message):find(pattern) then
    error(("expected '%s' in: %s"):format(pattern, tostring(message)), 2)
  end
end

-- ---- files --------------------------------------------------------------------------------------

--- All that is in the file.
function support.read_bytes(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

--- Makes the file, or writes over it.
function support.write_bytes(path, bytes)
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(bytes))
end

--- An empty folder; whoever asks removes it.
function support.new_folder()
  local path <const> = os.tmpname()
  os.remove(path)
  assert(core.make_folder(path))
  return path
end

-- ---- networks -----------------------------------------------------------------------------------

--- The network with running estimates that are not 0 and 1, as one that has been trained has them,
--- and factors and terms of its batch norms that are not 1 and 0.
function support.lived(net)
  for _, m in ipairs(net:modules()) do
    if m.running_mean then
      m.running_mean:normal_()
      m.running_var:uniform_(0.5, 2)
      m.weight:detach():uniform_(0.5, 2)
      m.bias:detach():normal_()
    end
  end
  return net
end

-- ---- operations ---------------------------------------------------------------------------------

--- Calls an operation from the same place in the random sequence; its results as a list.
function support.call(decl, args)
  tocha.manual_seed(7)
  return table.pack(registry.ops[decl.name](table.unpack(args, 1, args.n)))
end

--- Arguments of a sample; a second call gives equal, separate ones.
function support.make(sample, dtype) return registry.samples.make(sample, dtype) end

-- Elementwise operations have no samples written: shapes are these, and values are of the first
-- kind on which the operation gives numbers.
local S <const> = registry.samples
local SHAPES <const> = {
  { { 3, 4 }, { 3, 4 }, { 3, 4 } }, { { 3, 1 }, { 4 }, {} }, { { 2, 1, 3 }, { 4, 1 }, { 3 } },
  { {}, {}, {} }, { { 0, 4 }, { 4 }, { 4 } },
}
local function plain(shape) return shape end
local KINDS <const> = { plain, S.positive, S.unit, S.prob, S.above_one }

local function value_kinds(decl)
  if decl.class == "BITS" then return { function(shape) return S.ids(7, shape) end } end
  return KINDS
end

local function elementwise_sample(decl, shapes, kind)
  local args <const> = {}
  for k = 1, decl.inputs do
    args[k] = decl.class == "SELECT" and k == 1 and S.mask(shapes[k]) or kind(shapes[k])
  end
  for k = decl.inputs + 1, decl.nargs do
    if not decl.params[k].default then args[k] = k - decl.inputs end
  end
  return args
end

-- Near a pole finite differences mean nothing.
local function gives_numbers(decl, kind)
  for _, shapes in ipairs(SHAPES) do
    local y = support.call(decl, support.make(elementwise_sample(decl, shapes, kind)))[1]
    if y:is_floating_point() and not tocha.abs(y):lt(1e3):all():item() then return false end
  end
  return true
end

local elementwise <const> = {}

local function elementwise_samples(decl)
  if elementwise[decl] then return elementwise[decl] end
  local kind
  for _, each in ipairs(value_kinds(decl)) do
    kind = kind or gives_numbers(decl, each) and each
  end
  assert(kind, decl.name .. " gives no numbers on any kind of sample")
  local list <const> = {}
  for k, shapes in ipairs(SHAPES) do list[k] = elementwise_sample(decl, shapes, kind) end
  elementwise[decl] = list
  return list
end

--- The samples of a declaration; `all` adds those that no gradient test can use.
function support.samples_of(decl, all)
  if decl.pointwise then return elementwise_samples(decl) end
  local list <const> = {}
  for _, sample in ipairs(decl.sample or {}) do list[#list + 1] = sample end
  for _, sample in ipairs(all and decl.nograd_sample or {}) do list[#list + 1] = sample end
  return list
end

--- Calls f(decl, sample, index) for every sample of every operation that passes `filter`;
--- `all`: also those that no gradient test can use.
function support.each_sample(filter, f, all)
  for _, decl in ipairs(registry.list) do
    if filter(decl) then
      for k, sample in ipairs(support.samples_of(decl, all)) do f(decl, sample, k) end
    end
  end
end

function support.title(decl, k) return ("%s, sample %d"):format(decl.name, k) end

return support
