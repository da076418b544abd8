-- Tocha: deep learning in Lua. `local tocha = require "tocha"` returns this table and
-- sets no global.
--
-- Operations are functions of it and methods of tensors; `tocha.nn`, `tocha.optim`, `tocha.data`
-- and the other rooms load when they are first named.

pcall(require, "tocha.openmp")  -- its settings, before core loads it
local core = require "tocha.core"
local lazy = require "tocha.lazy"

local here <const> = debug.getinfo(1, "S").source:gsub("init%.lua$", "")
core.set_library(here)

core.set_opener(function(name) require("tocha.cuda")._open(name) end)

local registry = require "tocha.op"
registry.pointwise()
require "tocha.ops"

local autograd = require "tocha.autograd"
local tensor = require "tocha.tensor"
tensor.set_operators()

local tocha <const> = {
  _VERSION = "0.1.0",
  autograd = autograd,
  tensor = tensor.from,
  from_bytes = tensor.from_bytes,
  no_grad = autograd.no_grad,
  enable_grad = autograd.enable_grad,
  set_grad_enabled = autograd.set_grad_enabled,
  is_grad_enabled = autograd.is_grad_enabled,
  inf = math.huge,
  nan = 0 / 0,
  pi = math.pi,
}

--- tocha.is_tensor(value): is it one?
tocha.is_tensor = core.is_tensor

--- tocha.promote_types(dtype, dtype): the dtype of a sum of two such tensors.
tocha.promote_types = core.promote

--- tocha.memory(): bytes in use, their peak, bytes cached for reuse, number of allocations.
tocha.memory = core.memory

--- tocha.reset_peak_memory(): the peak counts from now on. tocha.empty_cache(): gives cached bytes
--- back to the system.
tocha.reset_peak_memory, tocha.empty_cache = core.reset_peak, core.empty_cache

--- tocha.set_num_threads(n), tocha.get_num_threads(): threads of one operation; in a thread of
--- `tocha.threads` it is one, unless that thread sets it.
function tocha.set_num_threads(n) core.threads(n) end
function tocha.get_num_threads() return core.threads() end

--- tocha.set_winograd(on), tocha.get_winograd(): may float32 convolutions of 3 x 3 windows at
--- stride 1 go by Winograd's transforms? A fourth of the products, about the error of a direct sum;
--- an infinity or NaN then spreads over its 4 x 4 tile. On unless turned off; float64 never does.
function tocha.set_winograd(on) core.winograd(not not on) end
function tocha.get_winograd() return core.winograd() end

--- tocha.clock(): seconds of a clock that only goes forward, for timing.
tocha.clock = core.clock

--- tocha.simd(): which variant of the kernels runs ("v2", "avx2", "avx512").
function tocha.simd() return core.simd() end

local random = require "tocha.random"
for name, f in pairs(random) do tocha[name] = f end

local ROOMS <const> = { "nn", "optim", "data", "io", "linalg", "train", "help", "format", "plot",
  "threads", "vision", "keras", "profiler", "cuda", "onnx", "hub" }

-- Functions that live in a room but are called by their name alone.
local PLACES <const> = {
  save = { "tocha.io", "save" }, load = { "tocha.io", "load" },
  gradcheck = { "tocha.gradcheck", "check" }, gradgradcheck = { "tocha.gradcheck", "gradgrad" },
  graph = { "tocha.graph", "graph" },
  autocast = { "tocha.autocast", "autocast" },
  is_autocast_enabled = { "tocha.autocast", "is_autocast_enabled" },
  GradScaler = "tocha.grad_scaler",
  set_printoptions = { "tocha.format", "set_printoptions" }, arguments = "tocha.arguments",
}

for _, room in ipairs(ROOMS) do PLACES[room] = "tocha." .. room end

-- Operations become fields when they are first named: some families are not loaded before.
local function operation(name)
  if name == "ops" then return registry.list and registry.decl end
  local decl <const> = registry.decl[name]
  return decl and decl.func ~= false and registry.ops[name] or nil
end

local function operation_names()
  local list <const> = { "ops" }
  for _, decl in ipairs(registry.list) do
    if decl.func ~= false then list[#list + 1] = decl.name end
  end
  return list
end

return lazy(tocha, PLACES, { get = operation, names = operation_names })
