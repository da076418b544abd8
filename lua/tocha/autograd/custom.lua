-- Custom functions: an operation made by the user, with a gradient of its own.

local core = require "tocha.core"

--- autograd.Function { name =, forward = function(ctx, ...),
--- backward = function(ctx, gradients...) }: an operation with a gradient of its own. `ctx` is a
--- table for what backward needs. Called like a function; backward returns one gradient (or nil)
--- for each argument.
local function Function(spec)
  assert(type(spec.forward) == "function" and type(spec.backward) == "function",
    "autograd.Function: forward and backward must be functions")
  return function(...)
    local ctx <const> = {}
    local args <const> = table.pack(...)
    local params <const> = {}
    for k = 1, args.n do params[k] = { name = "a" .. k, code = "a", optional = true } end
    local decl <const> = {
      name = spec.name or "function", kind = "function", params = params, nargs = args.n,
      own_grad = true, custom = true, saves_bits = 0,
      outputs = spec.outputs or 1, differentiable = spec.outputs or 1,
      joint = function(g)
        if spec.outputs and spec.outputs > 1 then
          return spec.backward(ctx, table.unpack(g, 1, spec.outputs))
        end
        return spec.backward(ctx, g)
      end,
    }
    return core.op(decl, function(...) return spec.forward(ctx, ...) end, {})(...)
  end
end

return Function
