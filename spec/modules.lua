-- What the specs of modules share: lists of names, comparisons, and a module with all kinds of
-- fields.

local tocha = require "tocha"
local nn = tocha.nn

local modules <const> = {}

--- The names that an iterator of (name, value) gives, in order.
function modules.names_of(...)
  local names <const> = {}
  for name in ... do names[#names + 1] = name end
  return names
end

--- The keys of a table, sorted.
function modules.keys(dict)
  local names <const> = modules.names_of(pairs(dict))
  table.sort(names)
  return names
end

--- Do two tensors agree within `room` everywhere?
function modules.near(a, b, room) return (a - b):abs():max():item() <= (room or 1e-6) end
function modules.same(a, b) return modules.near(a, b, 0) end

local Net <const> = nn.Module:extend "Net"
modules.Net = Net

function Net:new()
  self.first = nn.Linear(3, 4)
  self.blocks = {}
  for k = 1, 2 do self.blocks[k] = nn.Linear(4, 4) end
  self.scale = nn.Parameter(tocha.ones(4))
  self:register_buffer("seen", tocha.zeros(1))
  self:register_buffer("scratch", tocha.zeros(1), false)
  self.note = tocha.zeros(2)
end

function Net:forward(x)
  x = self.first(x)
  for _, block in ipairs(self.blocks) do x = block(x):tanh() end
  return x * self.scale
end

return modules
