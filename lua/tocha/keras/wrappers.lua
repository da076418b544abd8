-- keras.layers: layers around a layer: Bidirectional, TimeDistributed.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local Module = require "tocha.nn.module"
local layer = require "tocha.keras.layer"

-- A layer, or its configuration from a file.
local function as_layer(who, value)
  if Module.is_instance(value) then return value end
  if type(value) == "table" and value.class_name then
    return require "tocha.keras.saving".layer_from_config(value)
  end
  core.fail(who, 1, "expected a layer, got %s", type(value))
end

-- ---- TimeDistributed ----------------------------------------------------------------------------

--- TimeDistributed(layer): the layer on every step of (N, T, ...).
local TimeDistributed <const> = layer.define("TimeDistributed", Module, "layer")

function TimeDistributed:setup(args) self.layer = as_layer("TimeDistributed", args.layer) end

function TimeDistributed:forward(x)
  local n <const>, steps <const> = x:size(1), x:size(2)
  local y <const> = self.layer(x:reshape(table.move(x.shape, 3, x.ndim, 2, { n * steps })))
  return layer.pass_mask(x, y:reshape(table.move(y.shape, 2, y.ndim, 3, { n, steps })))
end

-- ---- Bidirectional ------------------------------------------------------------------------------

--- Bidirectional(layer, {merge_mode = "concat"}): a recurrent layer forward and a second one, with
--- weights of its own, backward. merge_mode: "concat", "sum", "mul", "ave", or false for a list.
local Bidirectional <const> = layer.define("Bidirectional", Module,
  "layer, merge_mode = 'concat', backward_layer = nil")

local MERGES <const> = {
  concat = function(a, b) return ops.cat({ a, b }, -1) end,
  sum = function(a, b) return a + b end, mul = function(a, b) return a * b end,
  ave = function(a, b) return (a + b) / 2 end,
}

-- The same layer the other way round, by another name.
local function turned(original)
  local config <const> = {}
  for name, value in pairs(original._args) do config[name] = value end
  config.go_backwards, config.name = not original.go_backwards, "backward_" .. original.name
  return getmetatable(original)(config)
end

function Bidirectional:setup(args)
  if args.merge_mode and not MERGES[args.merge_mode] then
    core.fail("Bidirectional", "merge_mode", "expected 'concat', 'sum', 'mul', 'ave' or false, got "
      .. "'%s'", tostring(args.merge_mode))
  end
  local original <const> = as_layer("Bidirectional", args.layer)
  if original.go_backwards == nil then
    core.fail("Bidirectional", 1, "expected a recurrent layer, got a %s",
      getmetatable(original).__name)
  end
  rawset(self, "layer", nil)
  self.forward_layer = original
  self.backward_layer = args.backward_layer and as_layer("Bidirectional", args.backward_layer)
    or turned(original)
end

function Bidirectional:forward(x)
  local ahead <const> = table.pack(self.forward_layer(x))
  local back <const> = table.pack(self.backward_layer(x))
  local a <const>, b = ahead[1], back[1]
  if self.forward_layer.return_sequences then b = b:flip(2) end
  local merge <const> = MERGES[self.merge_mode]
  local y <const> = merge and merge(a, b) or { a, b }
  local states <const> = table.move(ahead, 2, ahead.n, 1, {})
  table.move(back, 2, back.n, #states + 1, states)
  return merge and self.forward_layer.return_sequences and layer.pass_mask(x, y) or y,
    table.unpack(states)
end
