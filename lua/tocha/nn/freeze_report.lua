-- frozen:report(inputs, labels): what freezing changed, on data: the frozen network's results
-- against those of the network that it was made of.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local infer = require "tocha.nn.graph_infer"
local progress = require "tocha.progress"

local Report <const> = { __name = "tocha.FreezeReport" }
Report.__index = Report

local function percent(part, whole) return whole > 0 and 100 * part / whole or 0 end

function Report:__tostring()
  local lines <const> = { ("%d examples; largest difference %.3g, of values up to %.3g (%.2f %%)")
    :format(self.examples, self.largest, self.values, percent(self.largest, self.values)) }
  if self.same then
    lines[2] = ("the same class for %.2f %%"):format(percent(self.same, self.examples))
  end
  if self.right then
    lines[3] = ("right: %.2f %%, the network %.2f %%"):format(self.accuracy, self.net_accuracy)
  end
  return table.concat(lines, "\n")
end

-- Scores (N, classes): the class of each, and how many are right.
local function count_classes(self, got, want, labels)
  local a <const>, b <const> = got:argmax(2), want:argmax(2)
  self.same = (self.same or 0) + a:eq(b):sum():item()
  if not labels then return end
  self.right = (self.right or 0) + a:eq(labels):sum():item()
  self.net_right = (self.net_right or 0) + b:eq(labels):sum():item()
  self.labelled = (self.labelled or 0) + labels:numel()
end

local function add_batch(self, frozen, x, labels)
  local got <const>, want <const> = frozen(x), infer.quietly(frozen.net, function()
    return frozen.net(x)
  end)
  if not (core.is_tensor(got) and core.is_tensor(want)) then
    core.fail("report", nil, "goes with networks that return one tensor")
  end
  self.examples = self.examples + x:size(1)
  if x:size(1) == 0 then return end
  self.largest = math.max(self.largest, (got - want):abs():max():item())
  self.values = math.max(self.values, want:abs():max():item())
  if want.ndim == 2 and want:size(2) > 1 then count_classes(self, got, want, labels) end
end

-- for x, labels in each(inputs): of a loader, or of one batch.
local function each(inputs, labels)
  if not core.is_tensor(inputs) then return inputs:batches() end
  local done = false
  return function()
    if done then return nil end
    done = true
    return inputs, labels
  end
end

-- A loader over a stream does not know how long it is.
local function bar_for(inputs)
  if core.is_tensor(inputs) then return nil end
  local known <const>, count <const> = pcall(function() return #inputs end)
  return progress.bar(known and count or nil, "report")
end

-- What frozen:report does; nn/freeze.lua tells users.
return function(frozen, inputs, labels)
  if not frozen.net then
    core.fail("report", nil, "the frozen network is sealed: there is nothing to compare it with")
  end
  if type(inputs) ~= "table" and not core.is_tensor(inputs) then
    core.fail("report", 1, "expected a tensor or a loader, got %s", type(inputs))
  end
  local _ <close> = autograd.no_grad()
  local self <const> = setmetatable({ examples = 0, largest = 0, values = 0 }, Report)
  local bar <close> = bar_for(inputs)
  for x, y in each(inputs, labels) do
    add_batch(self, frozen, x, y)
    if bar then bar:step() end
  end
  if self.labelled then
    self.accuracy = percent(self.right, self.labelled)
    self.net_accuracy = percent(self.net_right, self.labelled)
  end
  return self
end
