-- What an operation returns for its first sample: for docs/ops.md and the annotations.
--
--     local first_call = dofile "dev/first_call.lua"
--     first_call(decl, "float32")        -- true and the results, or false

local registry = require "tocha.op"

-- Arguments for an elementwise operation, which needs no sample.
local function elementwise_sample(decl)
  local S <const>, list <const> = registry.samples, {}
  for k = 1, decl.inputs do
    list[k] = decl.class == "BITS" and S.ids(7, { 2, 2 })
      or decl.class == "SELECT" and k == 1 and S.mask { 2, 2 } or { 2, 2 }
  end
  for k = decl.inputs + 1, decl.nargs do
    if not decl.params[k].default then list[k] = 1 end
  end
  return list
end

return function(decl, dtype)
  local sample <const> = (decl.sample or {})[1] or (decl.nograd_sample or {})[1]
    or elementwise_sample(decl)
  local args <const> = registry.samples.make(sample, dtype)
  return pcall(registry.ops[decl.name], table.unpack(args, 1, args.n))
end
