-- Keras's weights in HDF5 files: which entries are weights, of which layer, in which order.
--
-- Keras 2 and Keras 3's .h5: a group (the file, or `model_weights` in it) lists its layers in the
-- attribute layer_names, each layer its weights in weight_names. Keras 3's .weights.h5 (also in a
-- .keras archive): layers lie at layers/CLASS_2/vars/0, and newer ones tell their name in an
-- attribute; what such weights are called is known by the class.

local core = require "tocha.core"
local json = require "tocha.io.json"

local keras_h5 <const> = {}

-- A list that was too long for one attribute lies in name0, name1 ...
local function list_of(attributes, name)
  if type(attributes[name]) == "table" then return attributes[name] end
  if attributes[name] then return {} end  -- an empty list has the type of numbers
  if not attributes[name .. "0"] then return nil end
  local list, k = {}, 0
  while attributes[name .. k] do
    table.move(attributes[name .. k], 1, #attributes[name .. k], #list + 1, list)
    k = k + 1
  end
  return list
end

local function by_path(entries)
  local at <const> = {}
  for _, e in ipairs(entries) do at[e.path] = e end
  return at
end

-- The group that lists the layers and the beginning of the paths in it.
local function root_of(at)
  local inner <const> = at["model_weights"]
  if inner and list_of(inner.attributes, "layer_names") then return inner, "model_weights/" end
  if at["/"] and list_of(at["/"].attributes, "layer_names") then return at["/"], "" end
end

-- "net/conv2d/kernel" and "conv2d/kernel:0" of the layer conv2d are both "kernel".
local function short(layer, name)
  local _, last <const> = ("/" .. name):find("/" .. layer .. "/", 1, true)
  return (name:sub(last or 1):gsub(":%d+$", ""))
end

-- Of Keras 2's kind of file.
local function listed_layers(at, root, base)
  local result <const> = {}
  for _, layer in ipairs(list_of(root.attributes, "layer_names")) do
    local group <const> = at[base .. layer]
    local names <const> = group and list_of(group.attributes, "weight_names") or {}
    local weights <const> = {}
    for k, name in ipairs(names) do
      local e <const> = at[base .. layer .. "/" .. name]
      if not e or not core.is_tensor(e.value) then
        core.fail("load", 1, "the weight '%s' of layer '%s' is missing", name, layer)
      end
      weights[k] = { name = short(layer, name), tensor = e.value }
    end
    if #weights > 0 then result[#result + 1] = { name = layer, weights = weights } end
  end
  return result
end

-- ---- Keras 3 ------------------------------------------------------------------------------------

local HOLDERS <const> = { layers = true, _layer_checkpoint_dependencies = true }
-- Parts of a layer whose weights come in another order than that of their names.
local PLACES <const> = { forward_layer = 1, backward_layer = 2, query_dense = 1, key_dense = 2,
  value_dense = 3, output_dense = 4 }
local NORMALISATION <const> = { "gamma", "beta", "moving_mean", "moving_variance" }
local KEYS <const> = {
  batch_normalization = NORMALISATION, layer_normalization = NORMALISATION,
  group_normalization = NORMALISATION, embedding = { "embeddings" }, p_re_lu = { "alpha" },
  cell = { "kernel", "recurrent_kernel", "bias" },
  separable_conv1d = { "depthwise_kernel", "pointwise_kernel", "bias" },
  separable_conv2d = { "depthwise_kernel", "pointwise_kernel", "bias" },
}
local USUAL <const> = { "kernel", "bias" }

local function key_of(class, index)
  return (KEYS[class:gsub("_%d+$", "")] or USUAL)[index + 1] or tostring(index)
end

-- The layer's own name, the names below it, and a key that sorts, of "layers/dense_1", ...
local function described(at, holder)
  local names <const>, keys <const>, class, path, inside = {}, {}, "", "", false
  for part in holder:gmatch "[^/]+" do
    path = path == "" and part or path .. "/" .. part
    if HOLDERS[part] then inside = true
    else
      local vars <const> = at[path .. "/vars"]
      names[#names + 1] = inside and vars and vars.attributes.name or part
      keys[#keys + 1] = (PLACES[part] or 5) .. part
      class, inside = part, false
    end
  end
  return names, table.concat(keys, "/"), class
end

local function in_order(a, b)
  if a.key ~= b.key then return a.key < b.key end
  return a.index < b.index
end

local function add_weight(at, by_layer, result, holder, index, tensor)
  local names <const>, key <const>, class <const> = described(at, holder)
  local name <const> = table.remove(names, 1)
  if not by_layer[name] then
    by_layer[name] = { name = name, group = holder:match "^[^/]+/([^/]+)", weights = {} }
    result[#result + 1] = by_layer[name]
  end
  names[#names + 1] = key_of(class, index)
  table.insert(by_layer[name].weights, { name = table.concat(names, "/"), tensor = tensor,
    key = key, index = index })
end

local function stored_layers(at, entries)
  local by_layer <const>, result <const> = {}, {}
  for _, e in ipairs(entries) do
    local holder <const>, index <const> = e.path:match "^(.*)/vars/(%d+)$"
    if holder and HOLDERS[holder:match "^[^/]+"] and core.is_tensor(e.value)
      and not holder:find "seed_generator" then
      add_weight(at, by_layer, result, holder, math.tointeger(tonumber(index)), e.value)
    end
  end
  for _, layer in ipairs(result) do table.sort(layer.weights, in_order) end
  return result
end

-- ---- both ---------------------------------------------------------------------------------------

--- keras_h5.layers(entries): the layers that have weights: { name, group = what a name is made of
--- where the file has none (nil in Keras 2's), weights = list of { name, tensor }, in Keras's order
--- }; nil where the file is none of Keras's. Keras 2's kind of file has them in the model's order.
function keras_h5.layers(entries)
  local at <const> = by_path(entries)
  local root <const>, base <const> = root_of(at)
  if root then return listed_layers(at, root, base) end
  local layers <const> = stored_layers(at, entries)
  return #layers > 0 and layers or nil
end

--- keras_h5.named(layers): "conv2d/kernel" -> tensor, in Keras's layout.
function keras_h5.named(layers)
  local tensors <const> = {}
  for _, layer in ipairs(layers) do
    for _, w in ipairs(layer.weights) do tensors[layer.name .. "/" .. w.name] = w.tensor end
  end
  return tensors
end

--- keras_h5.topology(entries, layers): the configuration of the model in the file, or one that has
--- no more than the names of the layers.
function keras_h5.topology(entries, layers)
  local text <const> = entries[1] and entries[1].attributes.model_config
  local config <const> = type(text) == "string" and json.decode(text)
  if type(config) == "table" then return config end
  local list <const> = {}
  for k, layer in ipairs(layers) do list[k] = { config = { name = layer.name } } end
  return { config = { layers = list } }
end

return keras_h5
