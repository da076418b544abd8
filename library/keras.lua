---@meta tocha.keras
-- Written by `make annotations`; do not edit.

---tocha.keras: Keras's names, arguments, defaults and numerics over tocha.nn and tocha.train.
---
---    local keras = tocha.keras
---    local model = keras.Sequential {
---      keras.Input(784), keras.Dense(384, "relu"), keras.Dense(10, "softmax"),
---    }
---    model:compile { optimizer = "sgd", loss = "categorical_crossentropy", metrics = "accuracy" }
---    model:fit { x = images, y = labels, epochs = 2, batch_size = 100 }
---
---Layers stand in keras.layers and here. Shapes are Keras's, channels last; what counts, counts
---from 1 (dimensions, with the batch as 1; ids of classes and words).
---@class tocha.keras
---@field AvgPool1D tocha.keras.AveragePooling1D.class
---@field AvgPool2D tocha.keras.AveragePooling2D.class
---@field AvgPool3D tocha.keras.AveragePooling3D.class
---@field Convolution1D tocha.keras.Conv1D.class
---@field Convolution2D tocha.keras.Conv2D.class
---@field Convolution2DTranspose tocha.keras.Conv2DTranspose.class
---@field Convolution3D tocha.keras.Conv3D.class
---@field Deconvolution2D tocha.keras.Conv2DTranspose.class
---@field DropOut tocha.keras.Dropout.class
---@field GlobalAvgPool1D tocha.keras.GlobalAveragePooling1D.class
---@field GlobalAvgPool2D tocha.keras.GlobalAveragePooling2D.class
---@field GlobalAvgPool3D tocha.keras.GlobalAveragePooling3D.class
---@field GlobalMaxPool1D tocha.keras.GlobalMaxPooling1D.class
---@field GlobalMaxPool2D tocha.keras.GlobalMaxPooling2D.class
---@field GlobalMaxPool3D tocha.keras.GlobalMaxPooling3D.class
---@field Layer tocha.keras.Layer
---@field MaxPool1D tocha.keras.MaxPooling1D.class
---@field MaxPool2D tocha.keras.MaxPooling2D.class
---@field MaxPool3D tocha.keras.MaxPooling3D.class
---@field SeparableConvolution2D tocha.keras.SeparableConv2D.class
---@field activations tocha.keras.activations
---@field backend tocha.keras.backend
---@field callbacks tocha.keras.callbacks
---@field constraints tocha.keras.constraints
---@field datasets tocha.keras.datasets
---@field initializers tocha.keras.initializers
---@field layers table
---@field losses tocha.keras.losses
---@field metrics tocha.keras.metrics
---@field models tocha.keras.models
---@field optimizers tocha.keras.optimizers
---@field regularizers tocha.keras.regularizers
---@field utils tocha.keras.utils
local keras = {}

do
---@class tocha.keras.Activation: tocha.nn.Module
---@field activation any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Activation(name or function)
---@class tocha.keras.Activation.class: tocha.Class
---@overload fun(activation: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Activation
---@overload fun(activation: any, options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Activation
keras.Activation = {}

do
---@class tocha.keras.ActivityRegularization: tocha.nn.Module
---@field l1 number
---@field l2 number
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---ActivityRegularization(l1, l2): passes its input on and adds to the loss for it.
---@class tocha.keras.ActivityRegularization.class: tocha.Class
---@overload fun(l1?: number, l2?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.ActivityRegularization
---@overload fun(options: {l1?: number, l2?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.ActivityRegularization
keras.ActivityRegularization = {}

do
---@class tocha.keras.Add: tocha.nn.Module
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(...) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Add(name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: several inputs become one: Add, Subtract, Multiply, Average, Maximum, Minimum,
---Concatenate, Dot. They are called with a list, Add(){ a, b }, or with the inputs one by one; the
---functions add{ a, b } and so on make the layer and call it.
---@class tocha.keras.Add.class: tocha.Class
---@overload fun(name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Add
---@overload fun(options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Add
keras.Add = {}

do
---@class tocha.keras.AlphaDropout: tocha.nn.Module
---@field rate any
---@field noise_shape any
---@field seed any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.AlphaDropout(rate, noise_shape = nil, seed = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: dropout and noise; all of it is off outside training.
---@class tocha.keras.AlphaDropout.class: tocha.Class
---@overload fun(rate: any, noise_shape?: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, ...: any): tocha.keras.AlphaDropout
---@overload fun(rate: any, options: {noise_shape?: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.AlphaDropout
keras.AlphaDropout = {}

do
---@class tocha.keras.Attention: tocha.nn.Module
---@field use_scale boolean
---@field score_mode string
---@field dropout number
---@field seed any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(list, use_causal_mask) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Attention(){ query, value, key = value }: queries (N, Tq, E), values (N, Tv, Ev): what the
---queries see of the values, weighted by the softmax of the products with the keys (not scaled),
---or by score_mode = "concat" of tanh(query + key). use_scale: the scores are times a learned
---number.
---@class tocha.keras.Attention.class: tocha.Class
---@overload fun(use_scale?: boolean, score_mode?: string, dropout?: number, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, ...: any): tocha.keras.Attention
---@overload fun(options: {use_scale?: boolean, score_mode?: string, dropout?: number, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Attention
keras.Attention = {}

do
---@class tocha.keras.Average: tocha.nn.Module
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(...) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Average(name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: several inputs become one: Add, Subtract, Multiply, Average, Maximum, Minimum,
---Concatenate, Dot. They are called with a list, Add(){ a, b }, or with the inputs one by one; the
---functions add{ a, b } and so on make the layer and call it.
---@class tocha.keras.Average.class: tocha.Class
---@overload fun(name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Average
---@overload fun(options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Average
keras.Average = {}

do
---@class tocha.keras.AveragePooling1D: tocha.nn.Module
---@field pool_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.AveragePooling1D(pool_size = 2, strides = nil, padding = 'valid', data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.AveragePooling1D.class: tocha.Class
---@overload fun(pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, ...: any): tocha.keras.AveragePooling1D
---@overload fun(options: {pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.AveragePooling1D
keras.AveragePooling1D = {}

do
---@class tocha.keras.AveragePooling2D: tocha.nn.Module
---@field pool_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.AveragePooling2D(pool_size = 2, strides = nil, padding = 'valid', data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.AveragePooling2D.class: tocha.Class
---@overload fun(pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, ...: any): tocha.keras.AveragePooling2D
---@overload fun(options: {pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.AveragePooling2D
keras.AveragePooling2D = {}

do
---@class tocha.keras.AveragePooling3D: tocha.nn.Module
---@field pool_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.AveragePooling3D(pool_size = 2, strides = nil, padding = 'valid', data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.AveragePooling3D.class: tocha.Class
---@overload fun(pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, ...: any): tocha.keras.AveragePooling3D
---@overload fun(options: {pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.AveragePooling3D
keras.AveragePooling3D = {}

do
---@class tocha.keras.BatchNormalization: tocha.nn.Module
---@field axis number
---@field momentum number
---@field epsilon number
---@field center boolean
---@field scale boolean
---@field gamma_initializer string
---@field gamma_regularizer any
---@field gamma_constraint any
---@field beta_initializer string
---@field beta_regularizer any
---@field beta_constraint any
---@field moving_mean_initializer string
---@field moving_variance_initializer string
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---forward(self, x)
---BatchNormalization(): over the batch in training, with moving averages otherwise, and always so
---when it is not trainable.
---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---BatchNormalization(): over the batch in training, with moving averages otherwise, and always so
---when it is not trainable.
---@class tocha.keras.BatchNormalization.class: tocha.Class
---@overload fun(axis?: number, momentum?: number, epsilon?: number, center?: boolean, scale?: boolean, gamma_initializer?: string, gamma_regularizer?: any, gamma_constraint?: any, ...: any): tocha.keras.BatchNormalization
---@overload fun(options: {axis?: number, momentum?: number, epsilon?: number, center?: boolean, scale?: boolean, gamma_initializer?: string, gamma_regularizer?: any, gamma_constraint?: any, beta_initializer?: string, beta_regularizer?: any, beta_constraint?: any, moving_mean_initializer?: string, moving_variance_initializer?: string, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.BatchNormalization
keras.BatchNormalization = {}

do
---@class tocha.keras.Bidirectional: tocha.nn.Module
---@field layer any
---@field merge_mode string
---@field backward_layer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Bidirectional(layer, {merge_mode = "concat"}): a recurrent layer forward and a second one, with
---weights of its own, backward. merge_mode: "concat", "sum", "mul", "ave", or false for a list.
---@class tocha.keras.Bidirectional.class: tocha.Class
---@overload fun(layer: any, merge_mode?: string, backward_layer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, ...: any): tocha.keras.Bidirectional
---@overload fun(layer: any, options: {merge_mode?: string, backward_layer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Bidirectional
keras.Bidirectional = {}

do
---@class tocha.keras.Concatenate: tocha.nn.Module
---@field axis number
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(...) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Concatenate(axis = -1): 1 is the batch.
---@class tocha.keras.Concatenate.class: tocha.Class
---@overload fun(axis?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Concatenate
---@overload fun(options: {axis?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Concatenate
keras.Concatenate = {}

do
---@class tocha.keras.Conv1D: tocha.nn.Conv1d
---@field filters any
---@field kernel_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field dilation_rate integer|integer[]
---@field groups number
---@field activation any
---@field use_bias boolean
---@field kernel_initializer string
---@field kernel_regularizer any
---@field kernel_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Conv1D(filters, kernel_size, strides = 1, padding = 'valid', data_format = nil, dilation_rate = 1, groups = 1, activation = nil, use_bias = true, kernel_initializer = 'glorot_uniform', kernel_regularizer = nil, kernel_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: convolutions, their transposes, depthwise and separable ones. Shapes are (N, ...,
---C), kernels (sizes..., inputs, outputs); padding is "valid" or "same", for Conv1D also "causal".
---@class tocha.keras.Conv1D.class: tocha.Class
---@overload fun(filters: any, kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, ...: any): tocha.keras.Conv1D
---@overload fun(filters: any, kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv1D
---@overload fun(kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, use_bias?: boolean, ...: any): tocha.keras.Conv1D
---@overload fun(kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv1D
keras.Conv1D = {}

do
---@class tocha.keras.Conv1DTranspose: tocha.nn.ConvTranspose1d
---@field filters any
---@field kernel_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field output_padding any
---@field dilation_rate integer|integer[]
---@field activation any
---@field use_bias boolean
---@field kernel_initializer string
---@field kernel_regularizer any
---@field kernel_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Conv1DTranspose(filters, kernel_size, strides = 1, padding = 'valid', data_format = nil, output_padding = nil, dilation_rate = 1, activation = nil, use_bias = true, kernel_initializer = 'glorot_uniform', kernel_regularizer = nil, kernel_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: convolutions, their transposes, depthwise and separable ones. Shapes are (N, ...,
---C), kernels (sizes..., inputs, outputs); padding is "valid" or "same", for Conv1D also "causal".
---@class tocha.keras.Conv1DTranspose.class: tocha.Class
---@overload fun(filters: any, kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, ...: any): tocha.keras.Conv1DTranspose
---@overload fun(filters: any, kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv1DTranspose
---@overload fun(kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, ...: any): tocha.keras.Conv1DTranspose
---@overload fun(kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv1DTranspose
keras.Conv1DTranspose = {}

do
---@class tocha.keras.Conv2D: tocha.nn.Conv2d
---@field filters any
---@field kernel_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field dilation_rate integer|integer[]
---@field groups number
---@field activation any
---@field use_bias boolean
---@field kernel_initializer string
---@field kernel_regularizer any
---@field kernel_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Conv2D(filters, kernel_size, strides = 1, padding = 'valid', data_format = nil, dilation_rate = 1, groups = 1, activation = nil, use_bias = true, kernel_initializer = 'glorot_uniform', kernel_regularizer = nil, kernel_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: convolutions, their transposes, depthwise and separable ones. Shapes are (N, ...,
---C), kernels (sizes..., inputs, outputs); padding is "valid" or "same", for Conv1D also "causal".
---@class tocha.keras.Conv2D.class: tocha.Class
---@overload fun(filters: any, kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, ...: any): tocha.keras.Conv2D
---@overload fun(filters: any, kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv2D
---@overload fun(kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, use_bias?: boolean, ...: any): tocha.keras.Conv2D
---@overload fun(kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv2D
keras.Conv2D = {}

do
---@class tocha.keras.Conv2DTranspose: tocha.nn.ConvTranspose2d
---@field filters any
---@field kernel_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field output_padding any
---@field dilation_rate integer|integer[]
---@field activation any
---@field use_bias boolean
---@field kernel_initializer string
---@field kernel_regularizer any
---@field kernel_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Conv2DTranspose(filters, kernel_size, strides = 1, padding = 'valid', data_format = nil, output_padding = nil, dilation_rate = 1, activation = nil, use_bias = true, kernel_initializer = 'glorot_uniform', kernel_regularizer = nil, kernel_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: convolutions, their transposes, depthwise and separable ones. Shapes are (N, ...,
---C), kernels (sizes..., inputs, outputs); padding is "valid" or "same", for Conv1D also "causal".
---@class tocha.keras.Conv2DTranspose.class: tocha.Class
---@overload fun(filters: any, kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, ...: any): tocha.keras.Conv2DTranspose
---@overload fun(filters: any, kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv2DTranspose
---@overload fun(kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, ...: any): tocha.keras.Conv2DTranspose
---@overload fun(kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv2DTranspose
keras.Conv2DTranspose = {}

do
---@class tocha.keras.Conv3D: tocha.nn.Conv3d
---@field filters any
---@field kernel_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field dilation_rate integer|integer[]
---@field groups number
---@field activation any
---@field use_bias boolean
---@field kernel_initializer string
---@field kernel_regularizer any
---@field kernel_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Conv3D(filters, kernel_size, strides = 1, padding = 'valid', data_format = nil, dilation_rate = 1, groups = 1, activation = nil, use_bias = true, kernel_initializer = 'glorot_uniform', kernel_regularizer = nil, kernel_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: convolutions, their transposes, depthwise and separable ones. Shapes are (N, ...,
---C), kernels (sizes..., inputs, outputs); padding is "valid" or "same", for Conv1D also "causal".
---@class tocha.keras.Conv3D.class: tocha.Class
---@overload fun(filters: any, kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, ...: any): tocha.keras.Conv3D
---@overload fun(filters: any, kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv3D
---@overload fun(kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, use_bias?: boolean, ...: any): tocha.keras.Conv3D
---@overload fun(kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], groups?: number, activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv3D
keras.Conv3D = {}

do
---@class tocha.keras.Conv3DTranspose: tocha.nn.ConvTranspose3d
---@field filters any
---@field kernel_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field output_padding any
---@field dilation_rate integer|integer[]
---@field activation any
---@field use_bias boolean
---@field kernel_initializer string
---@field kernel_regularizer any
---@field kernel_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Conv3DTranspose(filters, kernel_size, strides = 1, padding = 'valid', data_format = nil, output_padding = nil, dilation_rate = 1, activation = nil, use_bias = true, kernel_initializer = 'glorot_uniform', kernel_regularizer = nil, kernel_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: convolutions, their transposes, depthwise and separable ones. Shapes are (N, ...,
---C), kernels (sizes..., inputs, outputs); padding is "valid" or "same", for Conv1D also "causal".
---@class tocha.keras.Conv3DTranspose.class: tocha.Class
---@overload fun(filters: any, kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, ...: any): tocha.keras.Conv3DTranspose
---@overload fun(filters: any, kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv3DTranspose
---@overload fun(kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, ...: any): tocha.keras.Conv3DTranspose
---@overload fun(kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, output_padding?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Conv3DTranspose
keras.Conv3DTranspose = {}

do
---@class tocha.keras.Cropping1D: tocha.nn.Module
---@field cropping number
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Cropping1D(cropping = 1, data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: other shapes of the same elements, padding, cropping, enlarging. Sizes are without
---the batch. Elements come in Keras's order, channels last.
---@class tocha.keras.Cropping1D.class: tocha.Class
---@overload fun(cropping?: number, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Cropping1D
---@overload fun(options: {cropping?: number, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Cropping1D
keras.Cropping1D = {}

do
---@class tocha.keras.Cropping2D: tocha.nn.Module
---@field cropping number
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Cropping2D(cropping = 1, data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: other shapes of the same elements, padding, cropping, enlarging. Sizes are without
---the batch. Elements come in Keras's order, channels last.
---@class tocha.keras.Cropping2D.class: tocha.Class
---@overload fun(cropping?: number, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Cropping2D
---@overload fun(options: {cropping?: number, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Cropping2D
keras.Cropping2D = {}

do
---@class tocha.keras.Cropping3D: tocha.nn.Module
---@field cropping number
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Cropping3D(cropping = 1, data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: other shapes of the same elements, padding, cropping, enlarging. Sizes are without
---the batch. Elements come in Keras's order, channels last.
---@class tocha.keras.Cropping3D.class: tocha.Class
---@overload fun(cropping?: number, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Cropping3D
---@overload fun(options: {cropping?: number, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Cropping3D
keras.Cropping3D = {}

do
---@class tocha.keras.Dense: tocha.nn.Linear
---@field units any
---@field activation any
---@field use_bias boolean
---@field kernel_initializer string
---@field kernel_regularizer any
---@field kernel_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Dense(units, activation): y = f(x kernel + bias), on the last dimension. The kernel is (in,
---out).
---@class tocha.keras.Dense.class: tocha.Class
---@overload fun(units: any, activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, ...: any): tocha.keras.Dense
---@overload fun(units: any, options: {activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Dense
---@overload fun(activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, ...: any): tocha.keras.Dense
---@overload fun(options: {activation?: any, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Dense
keras.Dense = {}

do
---@class tocha.keras.DepthwiseConv1D: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field depth_multiplier number
---@field data_format any
---@field dilation_rate integer|integer[]
---@field activation any
---@field use_bias boolean
---@field depthwise_initializer string
---@field depthwise_regularizer any
---@field depthwise_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.DepthwiseConv1D(kernel_size, strides = 1, padding = 'valid', depth_multiplier = 1, data_format = nil, dilation_rate = 1, activation = nil, use_bias = true, depthwise_initializer = 'glorot_uniform', depthwise_regularizer = nil, depthwise_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: convolutions, their transposes, depthwise and separable ones. Shapes are (N, ...,
---C), kernels (sizes..., inputs, outputs); padding is "valid" or "same", for Conv1D also "causal".
---@class tocha.keras.DepthwiseConv1D.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, depth_multiplier?: number, data_format?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, ...: any): tocha.keras.DepthwiseConv1D
---@overload fun(kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, depth_multiplier?: number, data_format?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, depthwise_initializer?: string, depthwise_regularizer?: any, depthwise_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.DepthwiseConv1D
keras.DepthwiseConv1D = {}

do
---@class tocha.keras.DepthwiseConv2D: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field depth_multiplier number
---@field data_format any
---@field dilation_rate integer|integer[]
---@field activation any
---@field use_bias boolean
---@field depthwise_initializer string
---@field depthwise_regularizer any
---@field depthwise_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.DepthwiseConv2D(kernel_size, strides = 1, padding = 'valid', depth_multiplier = 1, data_format = nil, dilation_rate = 1, activation = nil, use_bias = true, depthwise_initializer = 'glorot_uniform', depthwise_regularizer = nil, depthwise_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: convolutions, their transposes, depthwise and separable ones. Shapes are (N, ...,
---C), kernels (sizes..., inputs, outputs); padding is "valid" or "same", for Conv1D also "causal".
---@class tocha.keras.DepthwiseConv2D.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, depth_multiplier?: number, data_format?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, ...: any): tocha.keras.DepthwiseConv2D
---@overload fun(kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, depth_multiplier?: number, data_format?: any, dilation_rate?: integer|integer[], activation?: any, use_bias?: boolean, depthwise_initializer?: string, depthwise_regularizer?: any, depthwise_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.DepthwiseConv2D
keras.DepthwiseConv2D = {}

do
---@class tocha.keras.Dot: tocha.nn.Module
---@field axes any
---@field normalize boolean
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(...) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Dot(axes): products summed along a dimension of each: a number, or one for each input. 1 is the
---batch. {normalize = true} gives the cosine of the angle.
---@class tocha.keras.Dot.class: tocha.Class
---@overload fun(axes: any, normalize?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Dot
---@overload fun(axes: any, options: {normalize?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Dot
keras.Dot = {}

do
---@class tocha.keras.Dropout: tocha.nn.Module
---@field rate any
---@field noise_shape any
---@field seed any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Dropout(rate): that share of the inputs becomes 0, the rest grows by 1 / (1 - rate).
---@class tocha.keras.Dropout.class: tocha.Class
---@overload fun(rate: any, noise_shape?: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, ...: any): tocha.keras.Dropout
---@overload fun(rate: any, options: {noise_shape?: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Dropout
keras.Dropout = {}

do
---@class tocha.keras.ELU: tocha.nn.Module
---@field alpha number
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.ELU(alpha = 1.0, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: activations that are layers of their own.
---@class tocha.keras.ELU.class: tocha.Class
---@overload fun(alpha?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.ELU
---@overload fun(options: {alpha?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.ELU
keras.ELU = {}

do
---@class tocha.keras.Embedding: tocha.nn.Embedding
---@field input_dim integer
---@field output_dim integer
---@field embeddings_initializer string
---@field embeddings_regularizer any
---@field embeddings_constraint any
---@field mask_zero boolean
---@field input_length any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(ids) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Embedding(input_dim, output_dim): ids 1 ... input_dim to vectors. Ids count from 1: Keras's id
---plus one. Under mask_zero the id 1 (Keras's 0) is padding.
---@class tocha.keras.Embedding.class: tocha.Class
---@overload fun(input_dim: integer, output_dim: integer, embeddings_initializer?: string, embeddings_regularizer?: any, embeddings_constraint?: any, mask_zero?: boolean, input_length?: any, name?: string, ...: any): tocha.keras.Embedding
---@overload fun(input_dim: integer, output_dim: integer, options: {embeddings_initializer?: string, embeddings_regularizer?: any, embeddings_constraint?: any, mask_zero?: boolean, input_length?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, batch_input_shape?: any}): tocha.keras.Embedding
keras.Embedding = {}

do
---@class tocha.keras.Flatten: tocha.nn.Module
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Flatten(): an example becomes a row.
---@class tocha.keras.Flatten.class: tocha.Class
---@overload fun(data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Flatten
---@overload fun(options: {data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Flatten
keras.Flatten = {}

do
---@class tocha.keras.GRU: tocha.nn.Module
---@field units any
---@field activation string
---@field recurrent_activation string
---@field use_bias boolean
---@field kernel_initializer string
---@field kernel_regularizer any
---@field kernel_constraint any
---@field recurrent_initializer string
---@field recurrent_regularizer any
---@field recurrent_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field dropout number
---@field recurrent_dropout number
---@field return_sequences boolean
---@field return_state boolean
---@field go_backwards boolean
---@field stateful boolean
---@field unroll boolean
---@field seed any
---@field reset_after boolean
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---forward(self, x, given)
---lstm(x, initial_state): x is (N, T, features), the state a tensor or, for LSTM, a list of two.
---Returns the last output (N, units), or with return_sequences all of them (N, T, units); with
---return_state the states as well.
---@return any ...
function object:forward(x, given) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:reset_states(): a stateful layer begins anew.
---@return any ...
function object:reset_states() end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.GRU(units, activation = 'tanh', recurrent_activation = 'sigmoid', use_bias = true, kernel_initializer = 'glorot_uniform', kernel_regularizer = nil, kernel_constraint = nil, recurrent_initializer = 'orthogonal', recurrent_regularizer = nil, recurrent_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, dropout = 0.0, recurrent_dropout = 0.0, return_sequences = false, return_state = false, go_backwards = false, stateful = false, unroll = false, seed = nil, reset_after = true, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: SimpleRNN, LSTM, GRU on sequences (N, T, features), with Keras's weights, masks and
---starting values.
---
---With Keras's own activations the whole of time is one operation (ops/rnn.lua); other activations,
---masks and recurrent dropout are walked step by step. A masked step leaves state and output as
---they were.
---@class tocha.keras.GRU.class: tocha.Class
---@overload fun(units: any, activation?: string, recurrent_activation?: string, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, recurrent_initializer?: string, ...: any): tocha.keras.GRU
---@overload fun(units: any, options: {activation?: string, recurrent_activation?: string, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, recurrent_initializer?: string, recurrent_regularizer?: any, recurrent_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, dropout?: number, recurrent_dropout?: number, return_sequences?: boolean, return_state?: boolean, go_backwards?: boolean, stateful?: boolean, unroll?: boolean, seed?: any, reset_after?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.GRU
keras.GRU = {}

do
---@class tocha.keras.GaussianDropout: tocha.nn.Module
---@field rate any
---@field seed any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.GaussianDropout(rate, seed = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: dropout and noise; all of it is off outside training.
---@class tocha.keras.GaussianDropout.class: tocha.Class
---@overload fun(rate: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.GaussianDropout
---@overload fun(rate: any, options: {seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.GaussianDropout
keras.GaussianDropout = {}

do
---@class tocha.keras.GaussianNoise: tocha.nn.Module
---@field stddev any
---@field seed any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.GaussianNoise(stddev, seed = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: dropout and noise; all of it is off outside training.
---@class tocha.keras.GaussianNoise.class: tocha.Class
---@overload fun(stddev: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.GaussianNoise
---@overload fun(stddev: any, options: {seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.GaussianNoise
keras.GaussianNoise = {}

do
---@class tocha.keras.GlobalAveragePooling1D: tocha.nn.Module
---@field data_format any
---@field keepdims boolean
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.GlobalAveragePooling1D(data_format = nil, keepdims = false, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.GlobalAveragePooling1D.class: tocha.Class
---@overload fun(data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.GlobalAveragePooling1D
---@overload fun(options: {data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.GlobalAveragePooling1D
keras.GlobalAveragePooling1D = {}

do
---@class tocha.keras.GlobalAveragePooling2D: tocha.nn.Module
---@field data_format any
---@field keepdims boolean
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.GlobalAveragePooling2D(data_format = nil, keepdims = false, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.GlobalAveragePooling2D.class: tocha.Class
---@overload fun(data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.GlobalAveragePooling2D
---@overload fun(options: {data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.GlobalAveragePooling2D
keras.GlobalAveragePooling2D = {}

do
---@class tocha.keras.GlobalAveragePooling3D: tocha.nn.Module
---@field data_format any
---@field keepdims boolean
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.GlobalAveragePooling3D(data_format = nil, keepdims = false, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.GlobalAveragePooling3D.class: tocha.Class
---@overload fun(data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.GlobalAveragePooling3D
---@overload fun(options: {data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.GlobalAveragePooling3D
keras.GlobalAveragePooling3D = {}

do
---@class tocha.keras.GlobalMaxPooling1D: tocha.nn.Module
---@field data_format any
---@field keepdims boolean
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.GlobalMaxPooling1D(data_format = nil, keepdims = false, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.GlobalMaxPooling1D.class: tocha.Class
---@overload fun(data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.GlobalMaxPooling1D
---@overload fun(options: {data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.GlobalMaxPooling1D
keras.GlobalMaxPooling1D = {}

do
---@class tocha.keras.GlobalMaxPooling2D: tocha.nn.Module
---@field data_format any
---@field keepdims boolean
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.GlobalMaxPooling2D(data_format = nil, keepdims = false, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.GlobalMaxPooling2D.class: tocha.Class
---@overload fun(data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.GlobalMaxPooling2D
---@overload fun(options: {data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.GlobalMaxPooling2D
keras.GlobalMaxPooling2D = {}

do
---@class tocha.keras.GlobalMaxPooling3D: tocha.nn.Module
---@field data_format any
---@field keepdims boolean
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.GlobalMaxPooling3D(data_format = nil, keepdims = false, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.GlobalMaxPooling3D.class: tocha.Class
---@overload fun(data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.GlobalMaxPooling3D
---@overload fun(options: {data_format?: any, keepdims?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.GlobalMaxPooling3D
keras.GlobalMaxPooling3D = {}

do
---@class tocha.keras.GroupNormalization: tocha.nn.Module
---@field groups number
---@field axis number
---@field epsilon number
---@field center boolean
---@field scale boolean
---@field gamma_initializer string
---@field gamma_regularizer any
---@field gamma_constraint any
---@field beta_initializer string
---@field beta_regularizer any
---@field beta_constraint any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---GroupNormalization(groups = 32): over groups of channels; -1: each channel is one.
---@class tocha.keras.GroupNormalization.class: tocha.Class
---@overload fun(groups?: number, axis?: number, epsilon?: number, center?: boolean, scale?: boolean, gamma_initializer?: string, gamma_regularizer?: any, gamma_constraint?: any, ...: any): tocha.keras.GroupNormalization
---@overload fun(options: {groups?: number, axis?: number, epsilon?: number, center?: boolean, scale?: boolean, gamma_initializer?: string, gamma_regularizer?: any, gamma_constraint?: any, beta_initializer?: string, beta_regularizer?: any, beta_constraint?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.GroupNormalization
keras.GroupNormalization = {}

do
---@class tocha.keras.Identity: tocha.nn.Module
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Identity(name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: Dense, Activation, Embedding, Lambda, Masking, Identity and the input of a model.
---@class tocha.keras.Identity.class: tocha.Class
---@overload fun(name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Identity
---@overload fun(options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Identity
keras.Identity = {}

---keras.Input{28, 28, 1}, Input(784), Input{shape = {28, 28, 1}, dtype = "float32", name =}: a
---symbolic tensor; the shape is without the batch, false where it varies.
---@return any ...
function keras.Input(...) end

do
---@class tocha.keras.InputLayer: tocha.nn.Module
---@field shape any
---@field dtype_name string
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.InputLayer(shape, dtype_name = 'float32', name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---The layer that stands for an input in `model.layers`.
---@class tocha.keras.InputLayer.class: tocha.Class
---@overload fun(shape: any, dtype_name?: string, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.InputLayer
---@overload fun(shape: any, options: {dtype_name?: string, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.InputLayer
keras.InputLayer = {}

do
---@class tocha.keras.LSTM: tocha.nn.Module
---@field units any
---@field activation string
---@field recurrent_activation string
---@field use_bias boolean
---@field kernel_initializer string
---@field kernel_regularizer any
---@field kernel_constraint any
---@field recurrent_initializer string
---@field recurrent_regularizer any
---@field recurrent_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field dropout number
---@field recurrent_dropout number
---@field return_sequences boolean
---@field return_state boolean
---@field go_backwards boolean
---@field stateful boolean
---@field unroll boolean
---@field seed any
---@field unit_forget_bias boolean
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---forward(self, x, given)
---lstm(x, initial_state): x is (N, T, features), the state a tensor or, for LSTM, a list of two.
---Returns the last output (N, units), or with return_sequences all of them (N, T, units); with
---return_state the states as well.
---@return any ...
function object:forward(x, given) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:reset_states(): a stateful layer begins anew.
---@return any ...
function object:reset_states() end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.LSTM(units, activation = 'tanh', recurrent_activation = 'sigmoid', use_bias = true, kernel_initializer = 'glorot_uniform', kernel_regularizer = nil, kernel_constraint = nil, recurrent_initializer = 'orthogonal', recurrent_regularizer = nil, recurrent_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, dropout = 0.0, recurrent_dropout = 0.0, return_sequences = false, return_state = false, go_backwards = false, stateful = false, unroll = false, seed = nil, unit_forget_bias = true, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: SimpleRNN, LSTM, GRU on sequences (N, T, features), with Keras's weights, masks and
---starting values.
---
---With Keras's own activations the whole of time is one operation (ops/rnn.lua); other activations,
---masks and recurrent dropout are walked step by step. A masked step leaves state and output as
---they were.
---@class tocha.keras.LSTM.class: tocha.Class
---@overload fun(units: any, activation?: string, recurrent_activation?: string, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, recurrent_initializer?: string, ...: any): tocha.keras.LSTM
---@overload fun(units: any, options: {activation?: string, recurrent_activation?: string, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, recurrent_initializer?: string, recurrent_regularizer?: any, recurrent_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, dropout?: number, recurrent_dropout?: number, return_sequences?: boolean, return_state?: boolean, go_backwards?: boolean, stateful?: boolean, unroll?: boolean, seed?: any, unit_forget_bias?: boolean, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.LSTM
keras.LSTM = {}

do
---@class tocha.keras.Lambda: tocha.nn.Module
---@field f function
---@field output_shape any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(...) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Lambda(function): any function of tensors as a layer; a model with one cannot be saved whole.
---@class tocha.keras.Lambda.class: tocha.Class
---@overload fun(f: function, output_shape?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Lambda
---@overload fun(f: function, options: {output_shape?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Lambda
keras.Lambda = {}

do
---@class tocha.keras.LayerNormalization: tocha.nn.Module
---@field axis number
---@field epsilon number
---@field center boolean
---@field scale boolean
---@field gamma_initializer string
---@field gamma_regularizer any
---@field gamma_constraint any
---@field beta_initializer string
---@field beta_regularizer any
---@field beta_constraint any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---LayerNormalization(axis = -1): over these dimensions of each example.
---@class tocha.keras.LayerNormalization.class: tocha.Class
---@overload fun(axis?: number, epsilon?: number, center?: boolean, scale?: boolean, gamma_initializer?: string, gamma_regularizer?: any, gamma_constraint?: any, beta_initializer?: string, ...: any): tocha.keras.LayerNormalization
---@overload fun(options: {axis?: number, epsilon?: number, center?: boolean, scale?: boolean, gamma_initializer?: string, gamma_regularizer?: any, gamma_constraint?: any, beta_initializer?: string, beta_regularizer?: any, beta_constraint?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.LayerNormalization
keras.LayerNormalization = {}

do
---@class tocha.keras.LeakyReLU: tocha.nn.Module
---@field negative_slope number
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.LeakyReLU(negative_slope = 0.3, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: activations that are layers of their own.
---@class tocha.keras.LeakyReLU.class: tocha.Class
---@overload fun(negative_slope?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.LeakyReLU
---@overload fun(options: {negative_slope?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.LeakyReLU
keras.LeakyReLU = {}

do
---@class tocha.keras.Masking: tocha.nn.Module
---@field mask_value number
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Masking(mask_value = 0): steps of a sequence whose features all are that value are skipped.
---@class tocha.keras.Masking.class: tocha.Class
---@overload fun(mask_value?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Masking
---@overload fun(options: {mask_value?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Masking
keras.Masking = {}

do
---@class tocha.keras.MaxPooling1D: tocha.nn.Module
---@field pool_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.MaxPooling1D(pool_size = 2, strides = nil, padding = 'valid', data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.MaxPooling1D.class: tocha.Class
---@overload fun(pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, ...: any): tocha.keras.MaxPooling1D
---@overload fun(options: {pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.MaxPooling1D
keras.MaxPooling1D = {}

do
---@class tocha.keras.MaxPooling2D: tocha.nn.Module
---@field pool_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.MaxPooling2D(pool_size = 2, strides = nil, padding = 'valid', data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.MaxPooling2D.class: tocha.Class
---@overload fun(pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, ...: any): tocha.keras.MaxPooling2D
---@overload fun(options: {pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.MaxPooling2D
keras.MaxPooling2D = {}

do
---@class tocha.keras.MaxPooling3D: tocha.nn.Module
---@field pool_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.MaxPooling3D(pool_size = 2, strides = nil, padding = 'valid', data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: pooling over windows and over everything, on (N, ..., C). Under "same", what lies
---outside the input counts as nothing: less than all for a maximum, left out of an average.
---@class tocha.keras.MaxPooling3D.class: tocha.Class
---@overload fun(pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, ...: any): tocha.keras.MaxPooling3D
---@overload fun(options: {pool_size?: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.MaxPooling3D
keras.MaxPooling3D = {}

do
---@class tocha.keras.Maximum: tocha.nn.Module
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(...) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Maximum(name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: several inputs become one: Add, Subtract, Multiply, Average, Maximum, Minimum,
---Concatenate, Dot. They are called with a list, Add(){ a, b }, or with the inputs one by one; the
---functions add{ a, b } and so on make the layer and call it.
---@class tocha.keras.Maximum.class: tocha.Class
---@overload fun(name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Maximum
---@overload fun(options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Maximum
keras.Maximum = {}

do
---@class tocha.keras.Minimum: tocha.nn.Module
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(...) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Minimum(name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: several inputs become one: Add, Subtract, Multiply, Average, Maximum, Minimum,
---Concatenate, Dot. They are called with a list, Add(){ a, b }, or with the inputs one by one; the
---functions add{ a, b } and so on make the layer and call it.
---@class tocha.keras.Minimum.class: tocha.Class
---@overload fun(name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Minimum
---@overload fun(options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Minimum
keras.Minimum = {}

do
---@class tocha.keras.Model: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---model:compile{optimizer = "rmsprop", loss =, metrics =, loss_weights =, weighted_metrics =}: how
---it is trained. Names, or what keras.optimizers, keras.losses and keras.metrics make; a loss may
---be a function of (y_true, y_pred). compile{loss = "mse"} is enough.
---@return any ...
function object:compile(...) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---saving.from_config(config, custom_objects): the model, with new weights.
---@return any ...
function object.from_config(config) end

---model:get_config(), model:to_json(): what keras.models.model_from_json makes it from again,
---without weights.
---@return any ...
function object:get_config() end

---model:get_layer("dense_1"), get_layer(2), get_layer{name =, index =}
---@return any ...
function object:get_layer(key) end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---load_weights(self, path, options)
---model:save_weights(path), load_weights(path, {by_name = false}): a safetensors file, or for a
---name that ends in .h5 one that Keras reads; what Keras wrote (.h5, .weights.h5, .keras) is read.
---@return any ...
function object:load_weights(path, options) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---model:predict_on_batch(x)
---@return any ...
function object:predict_on_batch(x) end

---model:save(path): layers, weights, and how it was compiled, as a safetensors file whatever the
---name; keras.models.load_model reads it.
---@return any ...
function object:save(path) end

---model:save_weights(path), load_weights(path, {by_name = false}): a safetensors file, or for a
---name that ends in .h5 one that Keras reads; what Keras wrote (.h5, .weights.h5, .keras) is read.
---@return any ...
function object:save_weights(path) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

---model:summary({print = print, expand_nested = false}): prints the table that Keras prints, and
---returns its rows (nn/summary.lua).
---@return any ...
function object:summary(options) end

---model:test_on_batch(x, y, ...): the same without learning.
---@return any ...
function object:test_on_batch(...) end

---to_json(self)
---model:get_config(), model:to_json(): what keras.models.model_from_json makes it from again,
---without weights.
---@return any ...
function object:to_json() end

---model:train_on_batch(x, y, {sample_weight =, class_weight =, return_dict = false}): one step;
---the loss, then the metrics, of this batch.
---@return any ...
function object:train_on_batch(...) end

end

---keras.Model{inputs = x, outputs = y, name =}, keras.Model(x, y): of a graph. A class of one's
---own, keras.Model:extend "Net" with `new` and `forward`, has the same methods.
---@class tocha.keras.Model.class: tocha.Class
---@overload fun(...: any): tocha.keras.Model
keras.Model = {}

do
---@class tocha.keras.MultiHeadAttention: tocha.nn.Module
---@field num_heads integer
---@field key_dim integer
---@field value_dim integer
---@field dropout number
---@field use_bias boolean
---@field output_shape any
---@field kernel_initializer string
---@field kernel_regularizer any
---@field kernel_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field seed any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(...) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---MultiHeadAttention(num_heads, key_dim, {value_dim = key_dim, dropout = 0, use_bias = true,
---output_shape = E}): mha(query, value, key = value, {attention_mask =, use_causal_mask = false})
---gives (N, Tq, E). attention_mask is true where a key may be seen, (N, Tq, Tv).
---@class tocha.keras.MultiHeadAttention.class: tocha.Class
---@overload fun(num_heads: integer, key_dim: integer, value_dim?: integer, dropout?: number, use_bias?: boolean, output_shape?: any, kernel_initializer?: string, kernel_regularizer?: any, ...: any): tocha.keras.MultiHeadAttention
---@overload fun(num_heads: integer, key_dim: integer, options: {value_dim?: integer, dropout?: number, use_bias?: boolean, output_shape?: any, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.MultiHeadAttention
keras.MultiHeadAttention = {}

do
---@class tocha.keras.Multiply: tocha.nn.Module
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(...) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Multiply(name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: several inputs become one: Add, Subtract, Multiply, Average, Maximum, Minimum,
---Concatenate, Dot. They are called with a list, Add(){ a, b }, or with the inputs one by one; the
---functions add{ a, b } and so on make the layer and call it.
---@class tocha.keras.Multiply.class: tocha.Class
---@overload fun(name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Multiply
---@overload fun(options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Multiply
keras.Multiply = {}

do
---@class tocha.keras.PReLU: tocha.nn.Module
---@field alpha_initializer string
---@field alpha_regularizer any
---@field alpha_constraint any
---@field shared_axes any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---PReLU(): a slope for each element of an example; one for all along `shared_axes` (2 is the first
---dimension after the batch).
---@class tocha.keras.PReLU.class: tocha.Class
---@overload fun(alpha_initializer?: string, alpha_regularizer?: any, alpha_constraint?: any, shared_axes?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, ...: any): tocha.keras.PReLU
---@overload fun(options: {alpha_initializer?: string, alpha_regularizer?: any, alpha_constraint?: any, shared_axes?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.PReLU
keras.PReLU = {}

do
---@class tocha.keras.Permute: tocha.nn.Module
---@field dims any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Permute(dims): of an example; 1 is its first dimension.
---@class tocha.keras.Permute.class: tocha.Class
---@overload fun(dims: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Permute
---@overload fun(dims: any, options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Permute
keras.Permute = {}

do
---@class tocha.keras.ReLU: tocha.nn.Module
---@field max_value any
---@field negative_slope number
---@field threshold number
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.ReLU(max_value = nil, negative_slope = 0.0, threshold = 0.0, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: activations that are layers of their own.
---@class tocha.keras.ReLU.class: tocha.Class
---@overload fun(max_value?: any, negative_slope?: number, threshold?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, ...: any): tocha.keras.ReLU
---@overload fun(options: {max_value?: any, negative_slope?: number, threshold?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.ReLU
keras.ReLU = {}

do
---@class tocha.keras.RepeatVector: tocha.nn.Module
---@field n integer
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---RepeatVector(n): (N, features) to (N, n, features)
---@class tocha.keras.RepeatVector.class: tocha.Class
---@overload fun(n: integer, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.RepeatVector
---@overload fun(n: integer, options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.RepeatVector
keras.RepeatVector = {}

do
---@class tocha.keras.Rescaling: tocha.nn.Module
---@field scale any
---@field offset number
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Rescaling(scale, offset): x * scale + offset
---@class tocha.keras.Rescaling.class: tocha.Class
---@overload fun(scale: any, offset?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Rescaling
---@overload fun(scale: any, options: {offset?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Rescaling
keras.Rescaling = {}

do
---@class tocha.keras.Reshape: tocha.nn.Module
---@field target_shape any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Reshape(sizes): one of them may be -1.
---@class tocha.keras.Reshape.class: tocha.Class
---@overload fun(target_shape: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Reshape
---@overload fun(target_shape: any, options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Reshape
keras.Reshape = {}

do
---@class tocha.keras.SeparableConv1D: tocha.nn.Module
---@field filters any
---@field kernel_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field dilation_rate integer|integer[]
---@field depth_multiplier number
---@field activation any
---@field use_bias boolean
---@field depthwise_initializer string
---@field depthwise_regularizer any
---@field depthwise_constraint any
---@field pointwise_initializer string
---@field pointwise_regularizer any
---@field pointwise_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.SeparableConv1D(filters, kernel_size, strides = 1, padding = 'valid', data_format = nil, dilation_rate = 1, depth_multiplier = 1, activation = nil, use_bias = true, depthwise_initializer = 'glorot_uniform', depthwise_regularizer = nil, depthwise_constraint = nil, pointwise_initializer = 'glorot_uniform', pointwise_regularizer = nil, pointwise_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: convolutions, their transposes, depthwise and separable ones. Shapes are (N, ...,
---C), kernels (sizes..., inputs, outputs); padding is "valid" or "same", for Conv1D also "causal".
---@class tocha.keras.SeparableConv1D.class: tocha.Class
---@overload fun(filters: any, kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], depth_multiplier?: number, activation?: any, ...: any): tocha.keras.SeparableConv1D
---@overload fun(filters: any, kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], depth_multiplier?: number, activation?: any, use_bias?: boolean, depthwise_initializer?: string, depthwise_regularizer?: any, depthwise_constraint?: any, pointwise_initializer?: string, pointwise_regularizer?: any, pointwise_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.SeparableConv1D
keras.SeparableConv1D = {}

do
---@class tocha.keras.SeparableConv2D: tocha.nn.Module
---@field filters any
---@field kernel_size integer|integer[]
---@field strides integer|integer[]
---@field padding integer|integer[]|string
---@field data_format any
---@field dilation_rate integer|integer[]
---@field depth_multiplier number
---@field activation any
---@field use_bias boolean
---@field depthwise_initializer string
---@field depthwise_regularizer any
---@field depthwise_constraint any
---@field pointwise_initializer string
---@field pointwise_regularizer any
---@field pointwise_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.SeparableConv2D(filters, kernel_size, strides = 1, padding = 'valid', data_format = nil, dilation_rate = 1, depth_multiplier = 1, activation = nil, use_bias = true, depthwise_initializer = 'glorot_uniform', depthwise_regularizer = nil, depthwise_constraint = nil, pointwise_initializer = 'glorot_uniform', pointwise_regularizer = nil, pointwise_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: convolutions, their transposes, depthwise and separable ones. Shapes are (N, ...,
---C), kernels (sizes..., inputs, outputs); padding is "valid" or "same", for Conv1D also "causal".
---@class tocha.keras.SeparableConv2D.class: tocha.Class
---@overload fun(filters: any, kernel_size: integer|integer[], strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], depth_multiplier?: number, activation?: any, ...: any): tocha.keras.SeparableConv2D
---@overload fun(filters: any, kernel_size: integer|integer[], options: {strides?: integer|integer[], padding?: integer|integer[]|string, data_format?: any, dilation_rate?: integer|integer[], depth_multiplier?: number, activation?: any, use_bias?: boolean, depthwise_initializer?: string, depthwise_regularizer?: any, depthwise_constraint?: any, pointwise_initializer?: string, pointwise_regularizer?: any, pointwise_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.SeparableConv2D
keras.SeparableConv2D = {}

do
---@class tocha.keras.Sequential: tocha.nn.Sequential
---@field first any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---model:add(layer): also a keras.Input first, a function, or a module of tocha.nn.
---@return any ...
function object:add(value, name) end

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---append(self, value, name)
---model:add(layer): also a keras.Input first, a function, or a module of tocha.nn.
---@return any ...
function object:append(value, name) end

---model:build{false, 784}: the shape of the input with the batch.
---@return any ...
function object:build(shape) end

---model:compile{optimizer = "rmsprop", loss =, metrics =, loss_weights =, weighted_metrics =}: how
---it is trained. Names, or what keras.optimizers, keras.losses and keras.metrics make; a loss may
---be a function of (y_true, y_pred). compile{loss = "mse"} is enough.
---@return any ...
function object:compile(...) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x, ...) end

---saving.from_config(config, custom_objects): the model, with new weights.
---@return any ...
function object.from_config(config) end

---model:get_config(), model:to_json(): what keras.models.model_from_json makes it from again,
---without weights.
---@return any ...
function object:get_config() end

---model:get_layer("dense_1"), get_layer(2), get_layer{name =, index =}
---@return any ...
function object:get_layer(key) end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---load_weights(self, path, options)
---model:save_weights(path), load_weights(path, {by_name = false}): a safetensors file, or for a
---name that ends in .h5 one that Keras reads; what Keras wrote (.h5, .weights.h5, .keras) is read.
---@return any ...
function object:load_weights(path, options) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---model:pop(): takes the last layer off and returns it.
---@return any ...
function object:pop() end

---model:predict_on_batch(x)
---@return any ...
function object:predict_on_batch(x) end

---model:save(path): layers, weights, and how it was compiled, as a safetensors file whatever the
---name; keras.models.load_model reads it.
---@return any ...
function object:save(path) end

---model:save_weights(path), load_weights(path, {by_name = false}): a safetensors file, or for a
---name that ends in .h5 one that Keras reads; what Keras wrote (.h5, .weights.h5, .keras) is read.
---@return any ...
function object:save_weights(path) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

---model:summary({print = print, expand_nested = false}): prints the table that Keras prints, and
---returns its rows (nn/summary.lua).
---@return any ...
function object:summary(options) end

---symbolic_inputs(self)
---Its arguments, as symbolic tensors, for summary.
---@return any ...
function object:symbolic_inputs() end

---model:test_on_batch(x, y, ...): the same without learning.
---@return any ...
function object:test_on_batch(...) end

---to_json(self)
---model:get_config(), model:to_json(): what keras.models.model_from_json makes it from again,
---without weights.
---@return any ...
function object:to_json() end

---model:train_on_batch(x, y, {sample_weight =, class_weight =, return_dict = false}): one step;
---the loss, then the metrics, of this batch.
---@return any ...
function object:train_on_batch(...) end

end

---keras.Sequential(), Sequential{ layer, ... }, Sequential({ layer, ... }, {name =}).
---@class tocha.keras.Sequential.class: tocha.Class
---@overload fun(first?: any, ...: any): tocha.keras.Sequential
---@overload fun(options: {first?: any}): tocha.keras.Sequential
keras.Sequential = {}

do
---@class tocha.keras.SimpleRNN: tocha.nn.Module
---@field units any
---@field activation string
---@field use_bias boolean
---@field kernel_initializer string
---@field kernel_regularizer any
---@field kernel_constraint any
---@field recurrent_initializer string
---@field recurrent_regularizer any
---@field recurrent_constraint any
---@field bias_initializer string
---@field bias_regularizer any
---@field bias_constraint any
---@field activity_regularizer any
---@field dropout number
---@field recurrent_dropout number
---@field return_sequences boolean
---@field return_state boolean
---@field go_backwards boolean
---@field stateful boolean
---@field unroll boolean
---@field seed any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---forward(self, x, given)
---lstm(x, initial_state): x is (N, T, features), the state a tensor or, for LSTM, a list of two.
---Returns the last output (N, units), or with return_sequences all of them (N, T, units); with
---return_state the states as well.
---@return any ...
function object:forward(x, given) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:reset_states(): a stateful layer begins anew.
---@return any ...
function object:reset_states() end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.SimpleRNN(units, activation = 'tanh', use_bias = true, kernel_initializer = 'glorot_uniform', kernel_regularizer = nil, kernel_constraint = nil, recurrent_initializer = 'orthogonal', recurrent_regularizer = nil, recurrent_constraint = nil, bias_initializer = 'zeros', bias_regularizer = nil, bias_constraint = nil, activity_regularizer = nil, dropout = 0.0, recurrent_dropout = 0.0, return_sequences = false, return_state = false, go_backwards = false, stateful = false, unroll = false, seed = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: SimpleRNN, LSTM, GRU on sequences (N, T, features), with Keras's weights, masks and
---starting values.
---
---With Keras's own activations the whole of time is one operation (ops/rnn.lua); other activations,
---masks and recurrent dropout are walked step by step. A masked step leaves state and output as
---they were.
---@class tocha.keras.SimpleRNN.class: tocha.Class
---@overload fun(units: any, activation?: string, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, recurrent_initializer?: string, recurrent_regularizer?: any, ...: any): tocha.keras.SimpleRNN
---@overload fun(units: any, options: {activation?: string, use_bias?: boolean, kernel_initializer?: string, kernel_regularizer?: any, kernel_constraint?: any, recurrent_initializer?: string, recurrent_regularizer?: any, recurrent_constraint?: any, bias_initializer?: string, bias_regularizer?: any, bias_constraint?: any, activity_regularizer?: any, dropout?: number, recurrent_dropout?: number, return_sequences?: boolean, return_state?: boolean, go_backwards?: boolean, stateful?: boolean, unroll?: boolean, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.SimpleRNN
keras.SimpleRNN = {}

do
---@class tocha.keras.Softmax: tocha.nn.Module
---@field axis number
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---Softmax(axis = -1)
---@class tocha.keras.Softmax.class: tocha.Class
---@overload fun(axis?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Softmax
---@overload fun(options: {axis?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Softmax
keras.Softmax = {}

do
---@class tocha.keras.SpatialDropout1D: tocha.nn.Module
---@field rate any
---@field data_format any
---@field seed any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.SpatialDropout1D(rate, data_format = nil, seed = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: dropout and noise; all of it is off outside training.
---@class tocha.keras.SpatialDropout1D.class: tocha.Class
---@overload fun(rate: any, data_format?: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, ...: any): tocha.keras.SpatialDropout1D
---@overload fun(rate: any, options: {data_format?: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.SpatialDropout1D
keras.SpatialDropout1D = {}

do
---@class tocha.keras.SpatialDropout2D: tocha.nn.Module
---@field rate any
---@field data_format any
---@field seed any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.SpatialDropout2D(rate, data_format = nil, seed = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: dropout and noise; all of it is off outside training.
---@class tocha.keras.SpatialDropout2D.class: tocha.Class
---@overload fun(rate: any, data_format?: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, ...: any): tocha.keras.SpatialDropout2D
---@overload fun(rate: any, options: {data_format?: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.SpatialDropout2D
keras.SpatialDropout2D = {}

do
---@class tocha.keras.SpatialDropout3D: tocha.nn.Module
---@field rate any
---@field data_format any
---@field seed any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.SpatialDropout3D(rate, data_format = nil, seed = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: dropout and noise; all of it is off outside training.
---@class tocha.keras.SpatialDropout3D.class: tocha.Class
---@overload fun(rate: any, data_format?: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, ...: any): tocha.keras.SpatialDropout3D
---@overload fun(rate: any, options: {data_format?: any, seed?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.SpatialDropout3D
keras.SpatialDropout3D = {}

do
---@class tocha.keras.Subtract: tocha.nn.Module
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(...) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.Subtract(name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: several inputs become one: Add, Subtract, Multiply, Average, Maximum, Minimum,
---Concatenate, Dot. They are called with a list, Add(){ a, b }, or with the inputs one by one; the
---functions add{ a, b } and so on make the layer and call it.
---@class tocha.keras.Subtract.class: tocha.Class
---@overload fun(name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.Subtract
---@overload fun(options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.Subtract
keras.Subtract = {}

do
---@class tocha.keras.ThresholdedReLU: tocha.nn.Module
---@field theta number
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.ThresholdedReLU(theta = 1.0, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: activations that are layers of their own.
---@class tocha.keras.ThresholdedReLU.class: tocha.Class
---@overload fun(theta?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.ThresholdedReLU
---@overload fun(options: {theta?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.ThresholdedReLU
keras.ThresholdedReLU = {}

do
---@class tocha.keras.TimeDistributed: tocha.nn.Module
---@field layer any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---TimeDistributed(layer): the layer on every step of (N, T, ...).
---@class tocha.keras.TimeDistributed.class: tocha.Class
---@overload fun(layer: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.TimeDistributed
---@overload fun(layer: any, options: {name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.TimeDistributed
keras.TimeDistributed = {}

do
---@class tocha.keras.UnitNormalization: tocha.nn.Module
---@field axis number
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---UnitNormalization(axis = -1): vectors of length 1.
---@class tocha.keras.UnitNormalization.class: tocha.Class
---@overload fun(axis?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.UnitNormalization
---@overload fun(options: {axis?: number, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.UnitNormalization
keras.UnitNormalization = {}

do
---@class tocha.keras.UpSampling1D: tocha.nn.Module
---@field size number
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.UpSampling1D(size = 2, data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: other shapes of the same elements, padding, cropping, enlarging. Sizes are without
---the batch. Elements come in Keras's order, channels last.
---@class tocha.keras.UpSampling1D.class: tocha.Class
---@overload fun(size?: number, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.UpSampling1D
---@overload fun(options: {size?: number, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.UpSampling1D
keras.UpSampling1D = {}

do
---@class tocha.keras.UpSampling2D: tocha.nn.Module
---@field size number
---@field data_format any
---@field interpolation string
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.UpSampling2D(size = 2, data_format = nil, interpolation = 'nearest', name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: other shapes of the same elements, padding, cropping, enlarging. Sizes are without
---the batch. Elements come in Keras's order, channels last.
---@class tocha.keras.UpSampling2D.class: tocha.Class
---@overload fun(size?: number, data_format?: any, interpolation?: string, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, ...: any): tocha.keras.UpSampling2D
---@overload fun(options: {size?: number, data_format?: any, interpolation?: string, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.UpSampling2D
keras.UpSampling2D = {}

do
---@class tocha.keras.UpSampling3D: tocha.nn.Module
---@field size number
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.UpSampling3D(size = 2, data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: other shapes of the same elements, padding, cropping, enlarging. Sizes are without
---the batch. Elements come in Keras's order, channels last.
---@class tocha.keras.UpSampling3D.class: tocha.Class
---@overload fun(size?: number, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.UpSampling3D
---@overload fun(options: {size?: number, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.UpSampling3D
keras.UpSampling3D = {}

do
---@class tocha.keras.ZeroPadding1D: tocha.nn.Module
---@field padding integer|integer[]|string
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.ZeroPadding1D(padding = 1, data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: other shapes of the same elements, padding, cropping, enlarging. Sizes are without
---the batch. Elements come in Keras's order, channels last.
---@class tocha.keras.ZeroPadding1D.class: tocha.Class
---@overload fun(padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.ZeroPadding1D
---@overload fun(options: {padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.ZeroPadding1D
keras.ZeroPadding1D = {}

do
---@class tocha.keras.ZeroPadding2D: tocha.nn.Module
---@field padding integer|integer[]|string
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.ZeroPadding2D(padding = 1, data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: other shapes of the same elements, padding, cropping, enlarging. Sizes are without
---the batch. Elements come in Keras's order, channels last.
---@class tocha.keras.ZeroPadding2D.class: tocha.Class
---@overload fun(padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.ZeroPadding2D
---@overload fun(options: {padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.ZeroPadding2D
keras.ZeroPadding2D = {}

do
---@class tocha.keras.ZeroPadding3D: tocha.nn.Module
---@field padding integer|integer[]|string
---@field data_format any
---@field name string
---@field trainable boolean
---@field dtype tocha.dtype
---@field input_shape any
---@field input_dim integer
---@field batch_input_shape any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---layer:add_loss(x): a scalar that is added to the loss of this call of the model.
---@return any ...
function object:add_loss(x) end

---layer:count_params(): how many numbers its weights hold, those that are not trained too.
---@return any ...
function object:count_params() end

---layer:finish(y): the activation of y, which has channels first, and Keras's order again.
---@return any ...
function object:finish(y) end

---@return any ...
function object:forward(x) end

---Class.from_config(config): the layer that get_config came from, with new weights.
---@return any ...
function object.from_config(config) end

---layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
---@return any ...
function object:get_config() end

---layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
---@return any ...
function object:get_weights() end

---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:inside(x) end

---outside(self, y)
---layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
---data has channels first.
---@return any ...
function object:outside(y) end

---layer:set_activation(spec)
---@return any ...
function object:set_activation(spec) end

---layer:set_weights(list): the other way. Nothing is changed when one does not fit.
---@return any ...
function object:set_weights(list) end

end

---keras.ZeroPadding3D(padding = 1, data_format = nil, name = nil, trainable = true, dtype = nil, input_shape = nil, input_dim = nil, batch_input_shape = nil)
---keras.layers: other shapes of the same elements, padding, cropping, enlarging. Sizes are without
---the batch. Elements come in Keras's order, channels last.
---@class tocha.keras.ZeroPadding3D.class: tocha.Class
---@overload fun(padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any): tocha.keras.ZeroPadding3D
---@overload fun(options: {padding?: integer|integer[]|string, data_format?: any, name?: string, trainable?: boolean, dtype?: tocha.dtype, input_shape?: any, input_dim?: integer, batch_input_shape?: any}): tocha.keras.ZeroPadding3D
keras.ZeroPadding3D = {}

---keras.add{ a, b }, subtract, multiply, average, maximum, minimum, concatenate, dot: the layer
---of that name, made and called.
---@return any ...
function keras.add(list, ...) end

---keras.average(list, ...)
---keras.add{ a, b }, subtract, multiply, average, maximum, minimum, concatenate, dot: the layer
---of that name, made and called.
---@return any ...
function keras.average(list, ...) end

---keras.concatenate(list, ...)
---keras.add{ a, b }, subtract, multiply, average, maximum, minimum, concatenate, dot: the layer
---of that name, made and called.
---@return any ...
function keras.concatenate(list, ...) end

---keras.dot(list, ...)
---keras.add{ a, b }, subtract, multiply, average, maximum, minimum, concatenate, dot: the layer
---of that name, made and called.
---@return any ...
function keras.dot(list, ...) end

---keras.maximum(list, ...)
---keras.add{ a, b }, subtract, multiply, average, maximum, minimum, concatenate, dot: the layer
---of that name, made and called.
---@return any ...
function keras.maximum(list, ...) end

---keras.minimum(list, ...)
---keras.add{ a, b }, subtract, multiply, average, maximum, minimum, concatenate, dot: the layer
---of that name, made and called.
---@return any ...
function keras.minimum(list, ...) end

---keras.multiply(list, ...)
---keras.add{ a, b }, subtract, multiply, average, maximum, minimum, concatenate, dot: the layer
---of that name, made and called.
---@return any ...
function keras.multiply(list, ...) end

---keras.subtract(list, ...)
---keras.add{ a, b }, subtract, multiply, average, maximum, minimum, concatenate, dot: the layer
---of that name, made and called.
---@return any ...
function keras.subtract(list, ...) end

return keras
