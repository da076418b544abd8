-- keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
-- outside the input counts as nothing: less than all for a maximum, left out of an average.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local window = require "tocha.window"
local Module = require "tocha.nn.module"
local layer = require "tocha.keras.layer"

-- ---- windows ------------------------------------------------------------------------------------

-- As ops.pad takes them, from the last dimension on; nil where nothing is padded.
local function pads_of(self, x, n)
  if self.padding == "valid" then return nil end
  local pads <const>, any = {}, false
  for d = n, 1, -1 do
    local before <const>, after <const> = window.same_pads(x:size(d + 2), self._window[d],
      self._strides[d], 1)
    pads[#pads + 1], pads[#pads + 2] = before, after
    any = any or after > 0
  end
  return any and pads or nil
end

local POOLS <const> = {}

function POOLS.Max(x, pads, n, self)
  if pads then x = ops.pad(x, pads, "constant", -math.huge) end
  return ops[("max_pool%dd"):format(n)](x, self._window, self._strides)
end

-- Averages over zeros as well, divided by the share of the window that lies inside.
function POOLS.Average(x, pads, n, self)
  local pool <const> = ops[("avg_pool%dd"):format(n)]
  if not pads then return pool(x, self._window, self._strides) end
  local sizes <const> = { 1, 1 }
  local ones <const> = ops.ones(table.move(x.shape, 3, x.ndim, 3, sizes),
    { dtype = x.dtype, device = x.device })
  local share <const> = pool(ops.pad(ones, pads), self._window, self._strides)
  return pool(ops.pad(x, pads), self._window, self._strides) / share
end

local function define_pool(kind, n)
  local name <const> = ("%sPooling%dD"):format(kind, n)
  local class <const> = layer.define(name, Module,
    "pool_size = 2, strides = nil, padding = 'valid', data_format = nil")

  function class:setup(args)
    if args.padding ~= "valid" and args.padding ~= "same" then
      core.fail(name, nil, "padding is 'valid' or 'same', not '%s'", tostring(args.padding))
    end
    rawset(self, "_window", window.list(name, 1, args.pool_size, n, 1))
    rawset(self, "_strides", window.list(name, 2, args.strides or args.pool_size, n, 1))
  end

  function class:forward(x)
    x = self:inside(x)
    return self:outside(POOLS[kind](x, pads_of(self, x, n), n, self))
  end
end

-- ---- everything ---------------------------------------------------------------------------------

local GLOBAL <const> = {
  Max = function(x, dims, keep) return x:amax(dims, { keepdim = keep }) end,
  Average = function(x, dims, keep) return x:mean(dims, { keepdim = keep }) end,
}

-- Of the steps of a sequence (N, T, C) that count.
local function masked_mean(self, x, mask)
  local weights <const> = mask:unsqueeze(3):to(x.dtype)
  local keep <const> = { keepdim = self.keepdims }
  return (x * weights):sum(2, keep) / weights:sum(2, keep)
end

local function define_global(kind, n)
  local class <const> = layer.define(("Global%sPooling%dD"):format(kind, n), Module,
    "data_format = nil, keepdims = false")
  local dims <const> = {}
  for d = 1, n do dims[d] = d + 2 end

  function class:forward(x)
    local mask <const> = kind == "Average" and layer.mask(x)
    if mask then return masked_mean(self, x, mask) end
    local y <const> = GLOBAL[kind](self:inside(x), dims, self.keepdims)
    return self.keepdims and self:outside(y) or y
  end
end

for kind in pairs(POOLS) do
  for n = 1, 3 do
    define_pool(kind, n)
    define_global(kind, n)
  end
end
