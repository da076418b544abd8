---@meta tocha.keras.Layer
-- Written by `make annotations`; do not edit.

---What Keras's layers share. A layer extends a module of tocha.nn and gets, by `layer.define`,
---
---  * Keras's arguments, and the common ones: name, trainable, dtype, input_shape, input_dim;
---  * Keras's automatic names ("dense", "dense_1");
---  * initialisers, regularisers, constraints of its weights, named "kernel_initializer" and so on;
---  * get_weights, set_weights in Keras's layout, count_params (weights.lua), get_config.
---
---Fields hold PyTorch's layout, under PyTorch's names (weight, bias): state dicts of nn's layers
---fit.
---@class tocha.keras.Layer
---@field KERNEL table
---@field KERNEL_OPTIONS string
---@field classes table
local Layer = {}

---layer.define(name, base, args, weight_list): a new class of layers over a class of nn, with its
---weights in Keras's order, { Keras's name, field, layout }. It then gets `forward`, and
---`setup(args)`, which sets the fields that the base reads, before `build`.
---@return any ...
function Layer.define(name, base, args, weight_list) end

---@return any ...
function Layer.equip(class) end

---layer.set_mask(x, mask), layer.mask(x), layer.pass_mask(x, y): y has the mask of x.
---@return any ...
function Layer.mask(x) end

---layer.options("kernel", "glorot_uniform"): the arguments of a weight, as part of a signature.
---@return any ...
function Layer.options(name, start) end

---Layer.pass_mask(x, y)
---layer.set_mask(x, mask), layer.mask(x), layer.pass_mask(x, y): y has the mask of x.
---@return any ...
function Layer.pass_mask(x, y) end

---layer.reset_names(): names begin anew.
---@return any ...
function Layer.reset_names() end

---layer.set_mask(x, mask), layer.mask(x), layer.pass_mask(x, y): y has the mask of x.
---@return any ...
function Layer.set_mask(x, mask) end

---layer.unique_name("dense"): "dense", "dense_1", ...
---@return any ...
function Layer.unique_name(base) end

return Layer
