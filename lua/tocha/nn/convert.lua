-- Modules moved to another dtype or device, and copied.

local core = require "tocha.core"
local layout = require "tocha.layout"
local tensors = require "tocha.nn.tensors"

local convert <const> = {}
local DTYPES <const> = core.dtypes()

-- ---- to -----------------------------------------------------------------------------------------

-- to("float64"), to("cuda"), to("cuda", "float16"), to{dtype =, device =, memory_format =},
-- to(tensor)
local function target_of(...)
  local target <const> = {}
  for _, value in ipairs { ... } do
    if core.is_tensor(value) then
      target.dtype, target.device = value.dtype, value.device
    elseif type(value) == "table" then
      target.dtype, target.device = value.dtype, value.device
      target.format = value.memory_format
    elseif DTYPES[value] then
      target.dtype = value
    else
      target.device = value
    end
  end
  if target.dtype and DTYPES[target.dtype] ~= "float" then
    core.fail("to", 1, "a module holds floating numbers, not %s", target.dtype)
  end
  target.dims = target.format and layout.dims_of("to", target.format)
  return target
end

local function moved(x, target)
  local y = x
  if target.dtype and x:is_floating_point() and x.dtype ~= target.dtype then
    y = y:to(target.dtype)
  end
  if target.device and x.device ~= target.device then y = y:to(target.device) end
  local fits <const> = target.dims == false or target.dims == x.ndim
  return fits and y:contiguous(target.format) or y
end

-- Parameters stay the same tensors, with other data: optimisers go on holding them.
local function move(x, target)
  local kept <const> = x:detach()
  local y <const> = moved(kept, target)
  if rawequal(y, kept) then return end
  local g <const> = x.grad
  core.set_data(x, y)
  if g then x.grad = moved(g:detach(), target) end
end

--- module:to(dtype or device or {dtype =, device =, memory_format =}): converts floating parameters
--- and buffers; moves all. `memory_format = "channels_last"` lays those of four dimensions out with
--- their channels last ("channels_last_3d": of five), and so are then the results of convolutions.
function convert.to(self, ...)
  local target <const> = target_of(...)
  for _, list in ipairs { self:parameters(), self:buffers() } do
    for _, x in ipairs(list) do move(x, target) end
  end
  return self
end

local SHORT <const> = {
  float = "float32", double = "float64", half = "float16", bfloat16 = "bfloat16",
}
for name, dtype in pairs(SHORT) do
  convert[name] = function(self) return self:to(dtype) end
end

--- module:type(dtype): the same as module:to(dtype).
function convert.type(self, dtype) return self:to(dtype) end

--- module:cpu(), module:cuda(device): to the host, to a CUDA device (its number; the current one).
function convert.cpu(self) return self:to "cpu" end
function convert.cuda(self, device) return self:to(device and "cuda:" .. device or "cuda") end

-- ---- clone --------------------------------------------------------------------------------------

local function copy_tensor(x)
  local y <const> = x:detach():clone()
  return tensors.is_parameter(x) and tensors.Parameter(y, x.requires_grad) or y
end

local FORGET <const> = { output = true, gradInput = true, _given = true, _tracked = true }

local function copy(value, made)
  if core.is_tensor(value) then
    made[value] = made[value] or copy_tensor(value)
    return made[value]
  end
  if type(value) ~= "table" then return value end
  if made[value] then return made[value] end
  local twin <const> = {}
  made[value] = twin
  for k, v in next, value do
    if not FORGET[k] then twin[copy(k, made)] = copy(v, made) end
  end
  local class <const> = getmetatable(value)
  -- a class may know more of its tensors than is in them
  if class and rawget(class, "copied") then class.copied(made) end
  return setmetatable(twin, class)
end

--- module:clone(): a deep copy; what was shared inside is shared inside the copy.
function convert.clone(self) return copy(self, {}) end

return convert
