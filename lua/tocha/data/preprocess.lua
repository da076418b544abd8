-- What is done to numbers before a network sees them: scaled, split, one-hot.
--
--     local scaler = data.StandardScaler()
--     x = scaler:fit_transform(x)            -- columns of mean 0 and deviation 1
--     y = scaler:transform(test)             -- by the same numbers
--
-- Examples are rows: x is (N, ...), and each place behind the first dimension is scaled by itself.

local core = require "tocha.core"
local registry = require "tocha.op"
local seeds = require "tocha.data.seed"
local signature = require "tocha.signature"
local Object = require "tocha.class"

local ops <const> = registry.ops
local preprocess <const> = {}

-- ---- scalers ------------------------------------------------------------------------------------

-- y = (x - shift) / scale, with numbers from the examples that `fit` saw.
local Scaler <const> = Object:extend "Scaler"

local function check(self, x)
  local who <const> = getmetatable(self).__name
  if not core.is_tensor(x) or x.ndim == 0 or x:size(1) == 0 then
    core.fail(who, 1, "expected a tensor with examples in its first dimension")
  end
  return who
end

local function fitted(self)
  if not self.shift then core.fail(getmetatable(self).__name, nil, "call fit(x) first") end
end

-- What does not vary is only shifted.
local function without_zeros(scale) return ops.where(scale:eq(0), 1.0, scale) end

--- scaler:fit(x): learns shift and scale; returns the scaler.
function Scaler:fit(x)
  check(self, x)
  self.shift, self.scale = self:measure(x:is_floating_point() and x or x:to "float32")
  self.scale = without_zeros(self.scale)
  return self
end

--- scaler:transform(x), scaler:inverse_transform(y), scaler:fit_transform(x)
function Scaler:transform(x)
  fitted(self)
  return (x - self.shift) / self.scale
end

function Scaler:inverse_transform(y)
  fitted(self)
  return y * self.scale + self.shift
end

function Scaler:fit_transform(x) return self:fit(x):transform(x) end

--- scaler:state_dict(): { shift, scale }, for tocha.save; scaler:load_state_dict(dict).
function Scaler:state_dict()
  fitted(self)
  return { shift = self.shift, scale = self.scale }
end

function Scaler:load_state_dict(dict)
  self.shift, self.scale = dict.shift, dict.scale
  return self
end

--- data.StandardScaler(): (x - mean) / deviation, the deviation over N and not N - 1, as
--- scikit-learn has it.
local StandardScaler <const> = Scaler:extend "StandardScaler"

function StandardScaler:measure(x)  -- luacheck: ignore self
  return x:mean(1), x:std(1, { correction = 0 })
end

--- data.MinMaxScaler({low = 0, high = 1}): the least value to low, the greatest to high.
local MinMaxScaler <const> = Scaler:extend "MinMaxScaler"

function MinMaxScaler:new(...)
  signature.read("low = 0, high = 1", "MinMaxScaler", self, ...)
  if self.low >= self.high then
    core.fail("MinMaxScaler", nil, "low %g must be below high %g", self.low, self.high)
  end
end

function MinMaxScaler:measure(x)
  local least <const>, most <const> = x:amin(1), x:amax(1)
  local scale <const> = without_zeros(most - least) / (self.high - self.low)
  return least - self.low * scale, scale
end

preprocess.StandardScaler, preprocess.MinMaxScaler = StandardScaler, MinMaxScaler

--- data.standardize(x): columns of mean 0 and deviation 1; data.min_max(x, low = 0, high = 1): into
--- that range. The second result is the scaler, for the test data and the way back.
function preprocess.standardize(x)
  local scaler <const> = StandardScaler()
  return scaler:fit_transform(x), scaler
end

function preprocess.min_max(x, low, high)
  local scaler <const> = MinMaxScaler(low or 0, high or 1)
  return scaler:fit_transform(x), scaler
end

-- ---- labels -------------------------------------------------------------------------------------

--- data.one_hot(labels, classes, {dtype = "float32"}): (..., classes), 1 at the label. `classes` is
--- the greatest label unless given. (tocha.one_hot gives int64.)
function preprocess.one_hot(labels, classes, options)
  local dtype <const> = options and options.dtype or "float32"
  return ops.one_hot(labels, classes or -1):to(dtype)
end

-- ---- splits -------------------------------------------------------------------------------------

-- The ids of each class, each in a random order.
local function shuffled_by_class(labels)
  local groups <const>, order <const> = {}, {}
  local ids <const> = ops.randperm(labels:size(1)):totable()
  local label_of <const> = labels:totable()
  for _, id in ipairs(ids) do
    local label <const> = label_of[id]
    if not groups[label] then
      groups[label] = {}
      order[#order + 1] = label
    end
    table.insert(groups[label], id)
  end
  table.sort(order)
  return groups, order
end

-- From each class its share, as near as whole examples come.
local function stratified(labels, share)
  local groups <const>, order <const> = shuffled_by_class(labels)
  local train <const>, test <const> = {}, {}
  for _, label in ipairs(order) do
    local group <const> = groups[label]
    local n <const> = math.floor(#group * share + 0.5)
    for k, id in ipairs(group) do table.insert(k <= n and test or train, id) end
  end
  return core.from_table(train, "int64"), core.from_table(test, "int64")
end

local function plain(n, size, shuffle)
  local order <const> = shuffle and ops.randperm(n) or ops.arange(1, n)
  return order:narrow(1, 1, n - size), order:narrow(1, n - size + 1, size)
end

local function check_lengths(tensors)
  local n <const> = tensors[1] and tensors[1]:size(1)
  if not n then core.fail("train_test_split", 1, "expected tensors") end
  for k, x in ipairs(tensors) do
    if x:size(1) ~= n then
      core.fail("train_test_split", k, "has %d examples, argument 1 has %d", x:size(1), n)
    end
  end
  return n
end

local function split_ids(n, o)
  if type(o.test_size) ~= "number" or o.test_size <= 0 or o.test_size >= n then
    core.fail("train_test_split", "test_size", "expected a share below 1 or a number below %d", n)
  end
  local size <const> = o.test_size < 1 and math.ceil(o.test_size * n) or o.test_size
  if o.stratify then return stratified(o.stratify, size / n) end
  return plain(n, size, o.shuffle)
end

--- data.train_test_split(x, y, ..., {test_size = 0.25, shuffle = true, stratify = nil, seed =
--- nil}): x_train, x_test, y_train, y_test, ... `test_size` is a share, or a number of examples;
--- with `stratify` (the labels) each class is split alike; with a seed always the same way.
function preprocess.train_test_split(...)
  local tensors <const>, o <const> = { ... }, {}
  local options <const> = signature.is_options(tensors[#tensors]) and table.remove(tensors) or {}
  signature.read("test_size = 0.25, shuffle = true, stratify = nil, seed = nil",
    "train_test_split", o, options)
  local n <const> = check_lengths(tensors)
  local train <const>, test <const> = seeds.run(o.seed, split_ids, n, o)
  local parts <const> = {}
  for _, x in ipairs(tensors) do
    parts[#parts + 1] = x:index_select(1, train)
    parts[#parts + 1] = x:index_select(1, test)
  end
  return table.unpack(parts)
end

return preprocess
