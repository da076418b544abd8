-- What a metric is: numbers gathered batch by batch, and a value computed from them.
--
--     local accuracy = train.metrics.Accuracy()
--     for x, y in loader:batches() do accuracy:update(net(x), y) end
--     print(accuracy:compute())                 -- over all examples since reset()
--
-- A class says what it keeps and how it starts:
--
--     local Mean = Metric:extend("Mean", "name = 'mean'")
--     Mean.start = { total = 0.0, weight = 0.0 }
--     function Mean:add(y, t, w) ... end        -- y and t are off the tape
--     Mean.takes_anything = true                -- of this class alone; else y and t are tensors
--     function Mean:compute() ... end
--
-- What is kept is the metric's state_dict, so that a run may be resumed within an epoch.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local deepcopy = require "tocha.deepcopy"
local signature = require "tocha.signature"
local Object = require "tocha.class"

local Metric <const> = Object:extend "Metric"

--- Metric:extend(name, args): `args` is the signature of the constructor; one of them is `name`.
function Metric:extend(name, args)
  local class <const> = Object.extend(self, name)
  if args then class.args = args end
  return class
end

function Metric:new(...)
  signature.read(self.args, getmetatable(self).__name, self, ...)
  if self.check then self:check() end
  self:reset()
end

--- metric:reset(): forgets all examples.
function Metric:reset()
  for name, value in pairs(self.start) do self[name] = deepcopy(value) end
end

--- metric:update(y, t, w): takes a batch: the model's output, the targets and, where examples do
--- not count alike, their weights (B).
function Metric:update(y, t, w)
  local takes_anything <const> = rawget(getmetatable(self), "takes_anything")
  if not (takes_anything or core.is_tensor(y) and core.is_tensor(t)) then
    self:fail("expected update(output, target) with tensors, got %s and %s", type(y), type(t))
  end
  local _ <close> = autograd.no_grad()
  self:add(y, t, w)
end

--- Metric.spread(w, x): weights (B) as a tensor of the shape of x, (B, ...).
function Metric.spread(w, x)
  local shape <const> = w.shape
  for d = w.ndim + 1, x.ndim do shape[d] = 1 end
  return w:reshape(shape):expand_as(x)
end

--- metric:fail(format, ...): an error of this metric.
function Metric:fail(format, ...) core.fail(getmetatable(self).__name, nil, format, ...) end

function Metric:state_dict()
  local dict <const> = {}
  for name in pairs(self.start) do dict[name] = deepcopy(self[name]) end
  return dict
end

function Metric:load_state_dict(dict)
  for name, value in pairs(self.start) do
    if type(dict[name]) ~= type(value) then
      self:fail("the state has no '%s' of the right kind", name)
    end
  end
  for name in pairs(self.start) do self[name] = deepcopy(dict[name]) end
end

-- "accuracy 0.975"
function Metric:__tostring()
  local value <const> = self:compute()
  local text <const> = type(value) == "number" and ("%.4g"):format(value) or tostring(value)
  return ("%s %s"):format(self.name, text)
end

return Metric
