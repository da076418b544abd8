-- In-place forms of operations that change a few places of a large tensor: `x:scatter_(...)` writes
-- into x itself instead of into a copy. With gradients being recorded, the general way (the pure
-- operation, then copy_) is taken.

local core = require "tocha.core"
local registry = require "tocha.op"

local write <const> = {}
local current  -- the tensor that an in-place form is writing into

--- What an operation's `run` writes into: a copy of x, or x itself under its in-place form.
function write.target(x)
  if rawequal(x, current) then return x end
  return core.convert_to(x, x.dtype)
end

local function wants_grad(...)
  if not core.grad_enabled() then return false end
  for k = 1, select("#", ...) do
    local value <const> = select(k, ...)
    if core.is_tensor(value) and value.requires_grad then return true end
  end
  return false
end

--- Runs f(x, ...) with x as the target of the write.
local function direct(f, x, ...)
  local outer <const> = current
  current = x
  local ok <const>, result <const> = pcall(f, x, ...)
  current = outer
  if not ok then error(result, 0) end
  return rawequal(result, x) and x or x:copy_(result)
end

--- Gives the operations `name` their methods `name_`.
function write.methods(...)
  for _, name in ipairs { ... } do
    local f <const> = registry.ops[name]
    registry.methods[name .. "_"] = function(x, ...)
      if wants_grad(x, ...) then return x:copy_((f(x, ...))) end
      core.before_write(x, name .. "_")
      return direct(f, x, ...)
    end
  end
end

return write
