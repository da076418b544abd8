-- The parameters and buffers of a layer, from its `shapes`; input sizes that become known at the
-- first call.
--
-- A class says, for an object whose arguments are set,
--
--     function Linear:shapes(args)
--       return { { "weight", { self.out_features, self.in_features } },
--                args.bias and { "bias", { self.out_features } } }
--     end
--
-- ({ name, sizes, buffer = true, dtype = ... } for a buffer), fills them in `reset_parameters`, and
-- may say where a size comes from that was left out:
--
--     Linear.lazy = { field = "in_features", of_input = function(self, x) return x:size(-1) end,
--                     of_weight = function(self, shape) return shape[2] end }
--
-- Until then its tensors are there, without elements; optimisers may hold them already.

local core = require "tocha.core"

local tensors <const> = {}

local marked <const> = setmetatable({}, { __mode = "k" })  -- tensors known to be parameters

--- nn.Parameter(tensor, requires_grad = true): a tensor that modules list among their parameters.
function tensors.Parameter(x, requires_grad)
  local p <const> = x:detach()
  p:requires_grad_(requires_grad ~= false)
  marked[p] = true
  return p
end

--- Is it one: made so, or a leaf that requires grad? Once it is, it stays one when it is frozen.
function tensors.is_parameter(x)
  if not marked[x] and x.requires_grad and x:is_leaf() then marked[x] = true end
  return marked[x] or false
end

local buffers <const> = setmetatable({}, { __mode = "k" })  -- tensor -> its kind

--- nn.Buffer(tensor, persistent = true): a tensor that becomes a buffer of the module to whose
--- field it is assigned; saved unless `persistent` is false.
function tensors.Buffer(x, persistent)
  local b <const> = x:detach()
  buffers[b] = persistent == false and "temporary" or "buffer"
  return b
end

--- "buffer" or "temporary" for what nn.Buffer made, else nil.
function tensors.buffer_kind(x) return buffers[x] end

-- What a class has no use for is false in its list, not nil: the list has no holes.
local function listed(self)
  local list <const> = {}
  for _, entry in ipairs(self:shapes(self._args)) do
    if entry then list[#list + 1] = entry end
  end
  return list
end

local function check_sizes(self, name, sizes)
  for d, size in ipairs(sizes) do
    if type(size) ~= "number" or not math.tointeger(size) or size < 0 then
      core.fail(getmetatable(self).__name, nil, "size %d of '%s': expected an integer from 0, got "
        .. "%s", d, name, tostring(size))
    end
  end
end

local function make(self, entry)
  check_sizes(self, entry[1], entry[2])
  local args <const> = self._args
  local x <const> = core.empty(entry[2], entry.dtype or args.dtype or "float32", args.device)
  if entry.buffer then self:register_buffer(entry[1], x)
  else self[entry[1]] = tensors.Parameter(x) end
end

--- Is a size of this module not known yet? Returns the name of the field.
function tensors.unsized(self)
  local lazy <const> = self.lazy
  return lazy and self[lazy.field] == nil and lazy.field or nil
end

function tensors.build(self)
  if not self.shapes then return end
  local field <const> = tensors.unsized(self)
  if field then self[field] = 0 end
  for _, entry in ipairs(listed(self)) do make(self, entry) end
  if field then self[field] = nil
  elseif not tensors.skip_reset then self:reset_parameters(self._args) end
end

--- module:set_size(n): the input size that was left out.
function tensors.set_size(self, n)
  self[self.lazy.field] = n
  for _, entry in ipairs(listed(self)) do
    local old <const> = self[entry[1]]
    core.set_data(old, core.empty(entry[2], old.dtype, old))
  end
  self:reset_parameters(self._args)
end

--- module:infer(x): the same, from the first input.
function tensors.infer(self, x) self:set_size(self.lazy.of_input(self, x)) end

return tensors
