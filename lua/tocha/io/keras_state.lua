-- Keras's weights under the names of a module of nn, layer by layer in order.
--
-- Keras names its weights by layers ("conv2d_7/kernel"), a module by attributes ("12.conv.weight"):
-- what tells which is which is the order in which both have their layers, and the kind of layer.
-- Convolutions, dense layers, batch normalisations and embeddings are known; kernels come with
-- their dimensions in PyTorch's order.

local core = require "tocha.core"
local layouts = require "tocha.keras.weights"

local keras_state <const> = {}
local same <const> = layouts.PLAIN.from_keras
local kernel <const>, depthwise <const> = layouts.KERNEL.from_keras, layouts.DEPTHWISE.from_keras

-- Kind of layer -> last part of Keras's name -> name in a module, what becomes of the tensor. A
-- kind is told by the weights that a layer has, or by its class: Keras 3 says `kernel` for all.
local KINDS <const> = {
  { name = "normalisation", has = "moving_mean", tensors = {
    gamma = { "weight", same }, beta = { "bias", same }, moving_mean = { "running_mean", same },
    moving_variance = { "running_var", same } } },
  { name = "depthwise", has = "depthwise_kernel", class = "^Depthwise", tensors = {
    depthwise_kernel = { "weight", depthwise }, kernel = { "weight", depthwise },
    bias = { "bias", same } } },
  { name = "weighted", has = "kernel", tensors = {
    kernel = { "weight", kernel }, bias = { "bias", same } } },
  { name = "layer norm", has = "gamma", tensors = {
    gamma = { "weight", same }, beta = { "bias", same } } },
  { name = "embedding", has = "embeddings", tensors = { embeddings = { "weight", same } } },
}

local function kind_of(layer)
  for _, kind in ipairs(KINDS) do
    local by_class <const> = kind.class and (layer.class or ""):find(kind.class)
    if by_class or layer.weights[kind.has] then return kind end
  end
  core.fail("load", 1, "layer '%s' of Keras has no counterpart whose weights are known", layer.name)
end

-- ---- Keras's side -------------------------------------------------------------------------------

local function object(v) return type(v) == "table" and v or {} end

-- A model's layers in order, those of models within it in their place: { name, class }.
local function layers_of(config, list)
  local inner <const> = object(object(config).config)
  for _, layer in ipairs(inner.layers or inner) do
    local own <const> = object(object(layer).config)
    if own.layers then layers_of(layer, list)
    elseif type(own.name) == "string" then
      list[#list + 1] = { name = own.name, class = layer.class_name }
    end
  end
  return list
end

--- keras_state.layers(weights, config): the layers that have weights, in order, as { name, class,
--- weights = last part of the name -> tensor }. weights: "conv2d_1/kernel" or "conv2d_1/kernel:0"
--- -> tensor; config: the model's { class_name, config = { layers } }.
function keras_state.layers(weights, config)
  local by_name <const>, list <const> = {}, {}
  for name, x in pairs(weights) do
    local layer <const>, last = name:match "^(.*)/([^/]+)$"
    if layer and core.is_tensor(x) then
      by_name[layer] = by_name[layer] or {}
      by_name[layer][last:gsub(":%d+$", "")] = x
    end
  end
  for _, layer in ipairs(layers_of(config, {})) do
    layer.weights = by_name[layer.name]
    if layer.weights then list[#list + 1] = layer end
  end
  return list
end

-- ---- the module's side --------------------------------------------------------------------------

local function is_norm(module) return module.running_mean ~= nil end

local function module_kind(module)
  local weight <const> = module.weight
  if is_norm(module) then return "normalisation" end
  if module.num_embeddings then return "embedding" end
  if weight.ndim == 1 then return "layer norm" end
  local groups <const> = module.groups or 1
  return groups > 1 and weight:size(2) == 1 and "depthwise" or "weighted"
end

-- Kind -> the names of the modules of that kind, in order.
local function modules_by_kind(self)
  local queues <const> = {}
  self:visit(function(name, module, what)
    if what == "module" and core.is_tensor(module.weight) then
      local kind <const> = module_kind(module)
      queues[kind] = queues[kind] or { first = 1 }
      table.insert(queues[kind], name)
    end
  end)
  return queues
end

local function next_name(queues, kind, layer)
  local queue <const> = queues[kind.name]
  local name <const> = queue and queue[queue.first]
  if not name then
    core.fail("load", 1, "Keras's layer '%s' (%s) is one more than the module has", layer.name,
      kind.name)
  end
  queue.first = queue.first + 1
  return name == "" and "" or name .. "."
end

--- keras_state.named(module, layers): what keras_state.layers gave as a state dict of `module`. A
--- layer for which the module has no counterpart is an error; shapes are left to load_state_dict.
function keras_state.named(self, layers)
  local dict <const>, queues <const> = {}, modules_by_kind(self)
  for _, layer in ipairs(layers) do
    local kind <const> = kind_of(layer)
    local prefix <const> = next_name(queues, kind, layer)
    for key, x in pairs(layer.weights) do
      local rule <const> = kind.tensors[key] or core.fail("load", 1,
        "'%s' of Keras's layer '%s' is not known", key, layer.name)
      dict[prefix .. rule[1]] = rule[2](x)
    end
  end
  return dict
end

return keras_state
