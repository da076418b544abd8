-- Transform: what all transforms are: objects that are called with a picture (C, H, W), or a batch
-- (N, C, H, W), and return it changed.
--
--     local flip = transforms.RandomHorizontalFlip { p = 0.3 }
--     x = flip(x)                     -- or x, label = flip(x, label): the rest goes through
--
-- A transform of your own says what it draws and what it then does:
--
--     local Dim = transforms.Transform:extend("Dim", "strength = 0.5, seed = nil")
--     function Dim:make_params() return 1 - self.strength * tocha.rand(1):item() end
--     function Dim:transform(x, factor) return functional.adjust_brightness(x, factor) end
--
-- A batch is one picture to it: all of its pictures get the same parameters (transforms.Each draws
-- for every one). Random numbers are those of Tocha's generator, so in a DataLoader they depend on
-- its seed and the batch's number, with any number of workers. A transform with a `seed` has
-- numbers of its own, which do not move those of others: outside of a loader they go on from call
-- to call; in a loader they begin anew with each batch, from this seed and the batch's.

local core = require "tocha.core"
local Object = require "tocha.class"
local signature = require "tocha.signature"
local seeds = require "tocha.data.seed"
local draw = require "tocha.vision.transforms.draw"
local picture = require "tocha.vision.transforms.picture"

local Transform <const> = Object:extend "Transform"
Transform.args = ""

--- Transform:extend(name, args): a new class; `args` is the signature of its constructor, such as
--- "size, p = 0.5, seed = nil". With an argument `p` it is applied with this probability.
function Transform:extend(name, args)
  local class <const> = Object.extend(self, name)
  if args then class.args = args end
  return class
end

-- Fields from the arguments, which `build` may then check and change; what was given is kept for
-- print.
function Transform:new(...)
  local class <const> = getmetatable(self)
  local given <const> = {}
  signature.read(class.args, class.__name, given, ...)
  for name, value in pairs(given) do self[name] = value end
  self.given = given
  if self.seed ~= nil and math.type(self.seed) ~= "integer" then
    core.fail(class.__name, "seed", "expected an integer, got %s", signature.text(self.seed))
  end
  if given.p ~= nil and type(given.p) ~= "table" then
    draw.check_probability(class.__name, given.p)
  end
  self:build(class.__name)
end

--- transform:build(name): checks the arguments and completes the fields.
function Transform:build() end  -- luacheck: ignore

--- transform:make_params(x): what is drawn for this picture.
function Transform:make_params() end  -- luacheck: ignore

--- transform:transform(x, params): the picture changed, by these parameters.
function Transform:transform()
  core.fail(getmetatable(self).__name, nil, "this class defines no transform(x, params)")
end

-- A visit of the transform's own numbers, to be closed; nil where it has none.
local function enter(self)
  if not self.seed then return nil end
  local outer <const> = seeds.entered()
  if not self.stream or self.outer ~= outer then
    self.stream, self.outer = seeds.stream(seeds.mix(self.seed, outer or 0)), outer
  end
  return self.stream:enter()
end

--- transform:run(x, ...): what a call does under the transform's numbers. Containers have their
--- own.
function Transform:run(x, ...)
  picture.check(getmetatable(self).__name, x)
  if type(self.p) == "number" and not draw.chance(self.p) then return x, ... end
  return self:transform(x, self:make_params(x)), ...
end

function Transform:__call(...)
  local _ <close> = enter(self)
  return self:run(...)
end

function Transform:__tostring()
  local class <const> = getmetatable(self)
  return ("%s(%s)"):format(class.__name, signature.show(class.args, self.given, self.given))
end

return { Transform = Transform }
