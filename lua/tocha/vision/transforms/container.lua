-- Transforms made of transforms. What is in them are transforms and any functions of (x, ...).

local core = require "tocha.core"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local draw = require "tocha.vision.transforms.draw"
local Transform = require "tocha.vision.transforms.transform".Transform

local ops <const> = registry.ops

-- ---- what they share ----------------------------------------------------------------------------

local Container <const> = Transform:extend "Container"

local function is_callable(f)
  local meta <const> = getmetatable(f)
  return type(f) == "function" or type(meta) == "table" and meta.__call ~= nil
end

function Container:build(who)
  local list <const> = self.transforms
  if type(list) ~= "table" or getmetatable(list) or #list == 0 then
    core.fail(who, "transforms", "expected a list of transforms, got %s", signature.text(list))
  end
  for k, f in ipairs(list) do
    if not is_callable(f) then
      core.fail(who, "transforms", "number %d is a %s, not a transform or a function", k, type(f))
    end
  end
end

local function indented(text) return "  " .. text:gsub("\n", "\n  ") end

-- One line each; options after the list.
function Container:__tostring()
  local class <const>, lines <const> = getmetatable(self), {}
  for k, f in ipairs(self.transforms) do lines[k] = indented(tostring(f)) end
  local _, rest <const> = class.args:match "^([^,]*),%s*(.*)$"
  local options <const> = rest and signature.show(rest, self.given, self.given) or ""
  return ("%s(\n%s\n)%s"):format(class.__name, table.concat(lines, "\n"),
    options == "" and "" or " " .. options)
end

-- Two in a row that have a way of their own to be done at once.
local function joint(f, g, x)
  return type(f) == "table" and f.joins and g and f:joins(g, x)
end

local function run_from(list, k, ...)
  local f <const> = list[k]
  if not f then return ... end
  if joint(f, list[k + 1], (...)) then return run_from(list, k + 2, f:joined(list[k + 1], ...)) end
  return run_from(list, k + 1, f(...))
end

-- ---- all, some, one -----------------------------------------------------------------------------

--- transforms.Compose(transforms, {seed = nil}): one after the other, a list of transforms and
--- functions. Bytes that ToDtype and Normalize follow on are turned in one pass.
local Compose <const> = Container:extend("Compose", "transforms, seed = nil")

function Compose:run(...) return run_from(self.transforms, 1, ...) end

--- transforms.RandomApply(transforms, {p = 0.5, seed = nil}): all of them with probability p, or
--- none.
local RandomApply <const> = Container:extend("RandomApply", "transforms, p = 0.5, seed = nil")

function RandomApply:run(...)
  if not draw.chance(self.p) then return ... end
  return run_from(self.transforms, 1, ...)
end

--- transforms.RandomChoice(transforms, {p = nil, seed = nil}): one of them; `p` is a list of
--- weights.
local RandomChoice <const> = Container:extend("RandomChoice", "transforms, p = nil, seed = nil")

function RandomChoice:build(who)
  Container.build(self, who)
  if self.p == nil then return end
  local sum = 0
  for k = 1, #self.transforms do
    local w <const> = type(self.p) == "table" and self.p[k]
    if type(w) ~= "number" or not (w >= 0 and w < math.huge) or #self.p ~= #self.transforms then
      core.fail(who, "p", "expected %d weights, got %s", #self.transforms, signature.text(self.p))
    end
    sum = sum + w
  end
  if sum == 0 then core.fail(who, "p", "the weights are all 0") end
end

function RandomChoice:run(...)
  local k <const> = self.p and draw.weighted(self.p) or draw.integer(1, #self.transforms)
  return self.transforms[k](...)
end

--- transforms.RandomOrder(transforms, {seed = nil}): all of them, in an order that is drawn.
local RandomOrder <const> = Container:extend("RandomOrder", "transforms, seed = nil")

function RandomOrder:run(...)
  local list <const> = {}
  for k, at in ipairs(draw.order(#self.transforms)) do list[k] = self.transforms[at] end
  return run_from(list, 1, ...)
end

-- ---- others -------------------------------------------------------------------------------------

--- transforms.Each(transform, {seed = nil}): the transform for each picture of a batch, with
--- numbers of its own; the results must have one size. A single picture is transformed as it is.
local Each <const> = Transform:extend("Each", "f, seed = nil")

function Each:build(who)
  if not is_callable(self.f) then
    core.fail(who, 1, "expected a transform or a function, got %s", type(self.f))
  end
end

function Each:transform(x)
  if x.ndim == 3 then return (self.f(x)) end
  local list <const> = {}
  for k = 1, x:size(1) do list[k] = self.f(x[k]) end
  if #list == 0 then core.fail("Each", 1, "the batch %s is empty", registry.rule.text(x.shape)) end
  return ops.stack(list)
end

--- transforms.Lambda(f): f(x), as a transform.
local Lambda <const> = Transform:extend("Lambda", "f")
Lambda.build = Each.build

function Lambda:run(x, ...) return self.f(x), ... end

--- transforms.Identity(): the picture as it is.
local Identity <const> = Transform:extend "Identity"

function Identity:run(...) return ... end

return {
  Compose = Compose, RandomApply = RandomApply, RandomChoice = RandomChoice,
  RandomOrder = RandomOrder, Each = Each, Lambda = Lambda, Identity = Identity,
}
