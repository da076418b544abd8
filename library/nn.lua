---@meta tocha.nn
-- Written by `make annotations`; do not edit.

---tocha.nn: layers, losses, containers. A file per family; this is the table of contents.
---@class tocha.nn
---@field CAddTable tocha.nn.Add.class
---@field CMulTable tocha.nn.Mul.class
---@field CrossMapLRN2d tocha.nn.LocalResponseNorm.class
---@field JoinTable tocha.nn.Cat.class
---@field functional tocha
---@field init tocha.nn.init
---@field utils tocha.nn.utils
local nn = {}

do
---@class tocha.nn.ALiBi: tocha.nn.Module
---@field num_heads integer
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, rows, keys)
---nn.ALiBi(num_heads): a mask to add to scores (Press et al., 2022): minus the distance to the key
---times a slope of each head. alibi(rows, keys = rows): (1, heads, rows, keys), for the last
---`rows` of `keys` tokens; give it as `attn_mask`.
---@return any ...
function object:forward(rows, keys) end

end

---nn.ALiBi(num_heads): a mask to add to scores (Press et al., 2022): minus the distance to the key
---times a slope of each head. alibi(rows, keys = rows): (1, heads, rows, keys), for the last
---`rows` of `keys` tokens; give it as `attn_mask`.
---@class tocha.nn.ALiBi.class: tocha.Class
---@overload fun(num_heads: integer, device?: string, dtype?: tocha.dtype): tocha.nn.ALiBi
---@overload fun(num_heads: integer, options: {device?: string, dtype?: tocha.dtype}): tocha.nn.ALiBi
nn.ALiBi = {}

do
---@class tocha.nn.AdaptiveAvgPool1d: tocha.nn.Module
---@field output_size integer|integer[]
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.AdaptiveAvgPool1d(output_size)
---Means of windows over 1 dimension, with `output_size` results; -1 keeps a size.
---It calls the operation adaptive_avg_pool1d(input, output_size)
---@class tocha.nn.AdaptiveAvgPool1d.class: tocha.Class
---@overload fun(output_size: integer|integer[]): tocha.nn.AdaptiveAvgPool1d
nn.AdaptiveAvgPool1d = {}

do
---@class tocha.nn.AdaptiveAvgPool2d: tocha.nn.Module
---@field output_size integer|integer[]
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.AdaptiveAvgPool2d(output_size)
---Means of windows over 2 dimensions, with `output_size` results; -1 keeps a size.
---It calls the operation adaptive_avg_pool2d(input, output_size)
---@class tocha.nn.AdaptiveAvgPool2d.class: tocha.Class
---@overload fun(output_size: integer|integer[]): tocha.nn.AdaptiveAvgPool2d
nn.AdaptiveAvgPool2d = {}

do
---@class tocha.nn.AdaptiveAvgPool3d: tocha.nn.Module
---@field output_size integer|integer[]
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.AdaptiveAvgPool3d(output_size)
---Means of windows over 3 dimensions, with `output_size` results; -1 keeps a size.
---It calls the operation adaptive_avg_pool3d(input, output_size)
---@class tocha.nn.AdaptiveAvgPool3d.class: tocha.Class
---@overload fun(output_size: integer|integer[]): tocha.nn.AdaptiveAvgPool3d
nn.AdaptiveAvgPool3d = {}

do
---@class tocha.nn.AdaptiveLogSoftmaxWithLoss: tocha.nn.Module
---@field in_features integer
---@field n_classes any
---@field cutoffs any
---@field div_value number
---@field head_bias boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x, target)
---loss(x, target): x is (N, in_features) or (in_features), target (N) or a single class id from 1.
---Returns the log-probabilities of the targets, (N), and their negative mean. Classes are ordered
---from the most frequent to the rarest. Grave et al., "Efficient softmax approximation for GPUs"
---(2017).
---@return any ...
function object:forward(x, target) end

---loss:log_prob(x): the log-probabilities of all classes, (N, n_classes).
---@return any ...
function object:log_prob(x) end

---loss:predict(x): the most probable classes, (N).
---@return any ...
function object:predict(x) end

end

---nn.AdaptiveLogSoftmaxWithLoss(in_features, n_classes, cutoffs, div_value = 4.0, head_bias = false, device = nil, dtype = nil)
---Losses with a layer of their own: the projection onto the classes is part of them.
---AdaptiveLogSoftmaxWithLoss, LinearCrossEntropyLoss.
---@class tocha.nn.AdaptiveLogSoftmaxWithLoss.class: tocha.Class
---@overload fun(in_features: integer, n_classes: any, cutoffs: any, div_value?: number, head_bias?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.AdaptiveLogSoftmaxWithLoss
---@overload fun(in_features: integer, n_classes: any, cutoffs: any, options: {div_value?: number, head_bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.AdaptiveLogSoftmaxWithLoss
nn.AdaptiveLogSoftmaxWithLoss = {}

do
---@class tocha.nn.AdaptiveMaxPool1d: tocha.nn.Module
---@field output_size integer|integer[]
---@field return_indices boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.AdaptiveMaxPool1d(output_size, return_indices = false)
---Largest elements of windows over 1 dimension, with `output_size` results; -1 keeps a size.
---It calls the operation adaptive_max_pool1d(input, output_size, return_indices = false)
---@class tocha.nn.AdaptiveMaxPool1d.class: tocha.Class
---@overload fun(output_size: integer|integer[], return_indices?: boolean): tocha.nn.AdaptiveMaxPool1d
---@overload fun(output_size: integer|integer[], options: {return_indices?: boolean}): tocha.nn.AdaptiveMaxPool1d
nn.AdaptiveMaxPool1d = {}

do
---@class tocha.nn.AdaptiveMaxPool2d: tocha.nn.Module
---@field output_size integer|integer[]
---@field return_indices boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.AdaptiveMaxPool2d(output_size, return_indices = false)
---Largest elements of windows over 2 dimensions, with `output_size` results; -1 keeps a size.
---It calls the operation adaptive_max_pool2d(input, output_size, return_indices = false)
---@class tocha.nn.AdaptiveMaxPool2d.class: tocha.Class
---@overload fun(output_size: integer|integer[], return_indices?: boolean): tocha.nn.AdaptiveMaxPool2d
---@overload fun(output_size: integer|integer[], options: {return_indices?: boolean}): tocha.nn.AdaptiveMaxPool2d
nn.AdaptiveMaxPool2d = {}

do
---@class tocha.nn.AdaptiveMaxPool3d: tocha.nn.Module
---@field output_size integer|integer[]
---@field return_indices boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.AdaptiveMaxPool3d(output_size, return_indices = false)
---Largest elements of windows over 3 dimensions, with `output_size` results; -1 keeps a size.
---It calls the operation adaptive_max_pool3d(input, output_size, return_indices = false)
---@class tocha.nn.AdaptiveMaxPool3d.class: tocha.Class
---@overload fun(output_size: integer|integer[], return_indices?: boolean): tocha.nn.AdaptiveMaxPool3d
---@overload fun(output_size: integer|integer[], options: {return_indices?: boolean}): tocha.nn.AdaptiveMaxPool3d
nn.AdaptiveMaxPool3d = {}

do
---@class tocha.nn.Add: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(first, ...) end

end

---nn.Add(), nn.Mul(): the sum or product of several inputs; nn.Cat(dim = 2): one behind the
---other. Torch's CAddTable, CMulTable and JoinTable.
---@class tocha.nn.Add.class: tocha.Class
---@overload fun(): tocha.nn.Add
nn.Add = {}

do
---@class tocha.nn.AlphaDropout: tocha.nn.Module
---@field p number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.AlphaDropout(p = 0.5, inplace = false)
---Dropout for `selu` networks: mean and variance stay as they are.
---It calls the operation alpha_dropout(input, p = 0.5, training = false)
---@class tocha.nn.AlphaDropout.class: tocha.Class
---@overload fun(p?: number, inplace?: boolean): tocha.nn.AlphaDropout
---@overload fun(options: {p?: number, inplace?: boolean}): tocha.nn.AlphaDropout
nn.AlphaDropout = {}

do
---@class tocha.nn.AvgPool1d: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field ceil_mode boolean
---@field count_include_pad boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.AvgPool1d(kernel_size, stride = nil, padding = 0, ceil_mode = false, count_include_pad = true)
---Means of windows over 1 dimension; padding counts as zeros unless `count_include_pad` is false.
---It calls the operation avg_pool1d(input, kernel_size, stride?, padding = 0, ceil_mode = false, count_include_pad = true)
---@class tocha.nn.AvgPool1d.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, ceil_mode?: boolean, count_include_pad?: boolean): tocha.nn.AvgPool1d
---@overload fun(kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, ceil_mode?: boolean, count_include_pad?: boolean}): tocha.nn.AvgPool1d
nn.AvgPool1d = {}

do
---@class tocha.nn.AvgPool2d: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field ceil_mode boolean
---@field count_include_pad boolean
---@field divisor_override any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.AvgPool2d(kernel_size, stride = nil, padding = 0, ceil_mode = false, count_include_pad = true, divisor_override = nil)
---Means of windows over 2 dimensions; padding counts as zeros unless `count_include_pad` is false.
---It calls the operation avg_pool2d(input, kernel_size, stride?, padding = 0, ceil_mode = false, count_include_pad = true, divisor_override?)
---@class tocha.nn.AvgPool2d.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: any): tocha.nn.AvgPool2d
---@overload fun(kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: any}): tocha.nn.AvgPool2d
nn.AvgPool2d = {}

do
---@class tocha.nn.AvgPool3d: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field ceil_mode boolean
---@field count_include_pad boolean
---@field divisor_override any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.AvgPool3d(kernel_size, stride = nil, padding = 0, ceil_mode = false, count_include_pad = true, divisor_override = nil)
---Means of windows over 3 dimensions; padding counts as zeros unless `count_include_pad` is false.
---It calls the operation avg_pool3d(input, kernel_size, stride?, padding = 0, ceil_mode = false, count_include_pad = true, divisor_override?)
---@class tocha.nn.AvgPool3d.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: any): tocha.nn.AvgPool3d
---@overload fun(kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: any}): tocha.nn.AvgPool3d
nn.AvgPool3d = {}

do
---@class tocha.nn.BCELoss: tocha.nn.Loss
---@field weight any
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.BCELoss(weight = nil, reduction = 'mean')
---Cross entropy of probabilities in [0, 1]; logarithms are at least -100.
---It calls the operation binary_cross_entropy(input, target, weight?, reduction = "mean")
---@class tocha.nn.BCELoss.class: tocha.Class
---@overload fun(weight?: any, reduction?: string): tocha.nn.BCELoss
---@overload fun(options: {weight?: any, reduction?: string}): tocha.nn.BCELoss
nn.BCELoss = {}

do
---@class tocha.nn.BCEWithLogitsLoss: tocha.nn.Loss
---@field weight any
---@field reduction string
---@field pos_weight any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.BCEWithLogitsLoss(weight = nil, reduction = 'mean', pos_weight = nil)
---Cross entropy of sigmoid(input) and target, without overflow; `pos_weight` weighs the positives.
---It calls the operation binary_cross_entropy_with_logits(input, target, weight?, reduction = "mean", pos_weight?)
---@class tocha.nn.BCEWithLogitsLoss.class: tocha.Class
---@overload fun(weight?: any, reduction?: string, pos_weight?: any): tocha.nn.BCEWithLogitsLoss
---@overload fun(options: {weight?: any, reduction?: string, pos_weight?: any}): tocha.nn.BCEWithLogitsLoss
nn.BCEWithLogitsLoss = {}

do
---@class tocha.nn.BatchNorm1d: tocha.nn.Module
---@field num_features integer
---@field eps number
---@field momentum number
---@field affine boolean
---@field track_running_stats boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.BatchNorm1d(num_features, eps = 1e-5, momentum = 0.1, affine = true, track_running_stats = true, device = nil, dtype = nil)
---Normalisation: batch, instance, layer, RMS, group, local response.
---
---nn.BatchNorm2d() without a number of features learns it from its first input.
---@class tocha.nn.BatchNorm1d.class: tocha.Class
---@overload fun(num_features: integer, eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.BatchNorm1d
---@overload fun(num_features: integer, options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.BatchNorm1d
---@overload fun(eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.BatchNorm1d
---@overload fun(options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.BatchNorm1d
nn.BatchNorm1d = {}

do
---@class tocha.nn.BatchNorm2d: tocha.nn.Module
---@field num_features integer
---@field eps number
---@field momentum number
---@field affine boolean
---@field track_running_stats boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.BatchNorm2d(num_features, eps = 1e-5, momentum = 0.1, affine = true, track_running_stats = true, device = nil, dtype = nil)
---Normalisation: batch, instance, layer, RMS, group, local response.
---
---nn.BatchNorm2d() without a number of features learns it from its first input.
---@class tocha.nn.BatchNorm2d.class: tocha.Class
---@overload fun(num_features: integer, eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.BatchNorm2d
---@overload fun(num_features: integer, options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.BatchNorm2d
---@overload fun(eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.BatchNorm2d
---@overload fun(options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.BatchNorm2d
nn.BatchNorm2d = {}

do
---@class tocha.nn.BatchNorm3d: tocha.nn.Module
---@field num_features integer
---@field eps number
---@field momentum number
---@field affine boolean
---@field track_running_stats boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.BatchNorm3d(num_features, eps = 1e-5, momentum = 0.1, affine = true, track_running_stats = true, device = nil, dtype = nil)
---Normalisation: batch, instance, layer, RMS, group, local response.
---
---nn.BatchNorm2d() without a number of features learns it from its first input.
---@class tocha.nn.BatchNorm3d.class: tocha.Class
---@overload fun(num_features: integer, eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.BatchNorm3d
---@overload fun(num_features: integer, options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.BatchNorm3d
---@overload fun(eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.BatchNorm3d
---@overload fun(options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.BatchNorm3d
nn.BatchNorm3d = {}

do
---@class tocha.nn.Bilinear: tocha.nn.Module
---@field in1_features any
---@field in2_features any
---@field out_features integer
---@field bias boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x1, x2)
---nn.Bilinear(in1_features, in2_features, out_features, bias = true): y_k = x1' W_k x2 + b_k
---@return any ...
function object:forward(x1, x2) end

end

---nn.Bilinear(in1_features, in2_features, out_features, bias = true): y_k = x1' W_k x2 + b_k
---@class tocha.nn.Bilinear.class: tocha.Class
---@overload fun(in1_features: any, in2_features: any, out_features: integer, bias?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.Bilinear
---@overload fun(in1_features: any, in2_features: any, out_features: integer, options: {bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.Bilinear
nn.Bilinear = {}

---nn.Buffer(tensor, persistent = true): a tensor that becomes a buffer of the module to whose
---field it is assigned; saved unless `persistent` is false.
---@return any ...
function nn.Buffer(x, persistent) end

do
---@class tocha.nn.CELU: tocha.nn.Module
---@field alpha number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.CELU(alpha = 1.0, inplace = false)
---x where positive, else alpha (exp(x / alpha) - 1).
---It calls the operation celu(input, alpha = 1)
---@class tocha.nn.CELU.class: tocha.Class
---@overload fun(alpha?: number, inplace?: boolean): tocha.nn.CELU
---@overload fun(options: {alpha?: number, inplace?: boolean}): tocha.nn.CELU
nn.CELU = {}

do
---@class tocha.nn.CTCLoss: tocha.nn.Loss
---@field blank number
---@field reduction string
---@field zero_infinity boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.CTCLoss(blank = 1, reduction = 'mean', zero_infinity = false)
---Loss of sequences of labels against frames of log-probabilities of which nobody knows which belongs to which. `blank` is the class of no label.
---It calls the operation ctc_loss(log_probs, targets, input_lengths, target_lengths, blank = 1, reduction = "mean", zero_infinity = false)
---@class tocha.nn.CTCLoss.class: tocha.Class
---@overload fun(blank?: number, reduction?: string, zero_infinity?: boolean): tocha.nn.CTCLoss
---@overload fun(options: {blank?: number, reduction?: string, zero_infinity?: boolean}): tocha.nn.CTCLoss
nn.CTCLoss = {}

do
---@class tocha.nn.Cat: tocha.nn.Module
---@field dim number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(first, ...) end

end

---nn.Cat(dim = 2)
---nn.Add(), nn.Mul(): the sum or product of several inputs; nn.Cat(dim = 2): one behind the
---other. Torch's CAddTable, CMulTable and JoinTable.
---@class tocha.nn.Cat.class: tocha.Class
---@overload fun(dim?: number): tocha.nn.Cat
---@overload fun(options: {dim?: number}): tocha.nn.Cat
nn.Cat = {}

do
---@class tocha.nn.ChannelShuffle: tocha.nn.Module
---@field groups any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ChannelShuffle(groups)
---Channels of (N, C, ...) interleaved over `groups`.
---It calls the operation channel_shuffle(input, groups)
---@class tocha.nn.ChannelShuffle.class: tocha.Class
---@overload fun(groups: any): tocha.nn.ChannelShuffle
nn.ChannelShuffle = {}

do
---@class tocha.nn.CircularPad1d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.CircularPad1d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.CircularPad1d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.CircularPad1d
nn.CircularPad1d = {}

do
---@class tocha.nn.CircularPad2d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.CircularPad2d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.CircularPad2d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.CircularPad2d
nn.CircularPad2d = {}

do
---@class tocha.nn.CircularPad3d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.CircularPad3d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.CircularPad3d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.CircularPad3d
nn.CircularPad3d = {}

do
---@class tocha.nn.Concat: tocha.nn.Module
---@field dim any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---accept(self, value)
---list.as_module(self, value): a module, or a function as a layer.
---@return any ...
function object:accept(value) end

---add(self, value, name)
---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:add(value, name) end

---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:append(value, name) end

---list:clear(): empties it.
---@return any ...
function object:clear() end

---Module:extend(name, args): a new class; `args` is the signature of its constructor
---(signature.lua).
---@return any ...
function object:extend(...) end

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object:extra_repr() end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(...) end

---list:insert(place, thing, name): puts it there, before what was there.
---@return any ...
function object:insert(place, value, name) end

---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:pop(place) end

---remove(self, place)
---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:remove(place) end

---list:slice(first = 1, last = -1): a new list of the same kind with these; they are shared.
---@return any ...
function object:slice(first, last) end

---list:values(): for place, thing in ... do; ipairs(list) does the same.
---@return any ...
function object:values() end

end

---nn.Concat(dim, a, b, ...): a(x), b(x), ... one behind the other along `dim` (2: channels).
---@class tocha.nn.Concat.class: tocha.Class
---@overload fun(dim?: any, ...: any): tocha.nn.Concat
---@overload fun(options: {dim?: any}): tocha.nn.Concat
nn.Concat = {}

do
---@class tocha.nn.ConcatTable: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---accept(self, value)
---list.as_module(self, value): a module, or a function as a layer.
---@return any ...
function object:accept(value) end

---add(self, value, name)
---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:add(value, name) end

---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:append(value, name) end

---list:clear(): empties it.
---@return any ...
function object:clear() end

---Module:extend(name, args): a new class; `args` is the signature of its constructor
---(signature.lua).
---@return any ...
function object:extend(...) end

---forward(self, ...)
---nn.ConcatTable(a, b, ...): x -> {a(x), b(x), ...}
---@return any ...
function object:forward(...) end

---list:insert(place, thing, name): puts it there, before what was there.
---@return any ...
function object:insert(place, value, name) end

---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:pop(place) end

---remove(self, place)
---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:remove(place) end

---list:slice(first = 1, last = -1): a new list of the same kind with these; they are shared.
---@return any ...
function object:slice(first, last) end

---list:values(): for place, thing in ... do; ipairs(list) does the same.
---@return any ...
function object:values() end

end

---nn.ConcatTable(a, b, ...): x -> {a(x), b(x), ...}
---@class tocha.nn.ConcatTable.class: tocha.Class
---@overload fun(...: any): tocha.nn.ConcatTable
nn.ConcatTable = {}

do
---@class tocha.nn.ConstantPad1d: tocha.nn.Module
---@field padding integer|integer[]|string
---@field value any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ConstantPad1d(padding, value)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ConstantPad1d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string, value: any): tocha.nn.ConstantPad1d
nn.ConstantPad1d = {}

do
---@class tocha.nn.ConstantPad2d: tocha.nn.Module
---@field padding integer|integer[]|string
---@field value any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ConstantPad2d(padding, value)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ConstantPad2d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string, value: any): tocha.nn.ConstantPad2d
nn.ConstantPad2d = {}

do
---@class tocha.nn.ConstantPad3d: tocha.nn.Module
---@field padding integer|integer[]|string
---@field value any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ConstantPad3d(padding, value)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ConstantPad3d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string, value: any): tocha.nn.ConstantPad3d
nn.ConstantPad3d = {}

do
---@class tocha.nn.Conv1d: tocha.nn.Module
---@field in_channels integer
---@field out_channels integer
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field dilation integer|integer[]
---@field groups number
---@field bias boolean
---@field padding_mode string
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Conv1d(in_channels, out_channels, kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, padding_mode = "zeros", device = nil, dtype = nil)
---Convolutions and their transposes in one to three dimensions.
---
---nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias,
---padding_mode). With two numbers, nn.Conv2d(out_channels, kernel_size), the number of input
---channels comes from the first input; everything else then goes into the options table:
---nn.Conv2d(32, 3, {padding = 1}).
---@class tocha.nn.Conv1d.class: tocha.Class
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, ...: any): tocha.nn.Conv1d
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.Conv1d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, padding_mode?: string, ...: any): tocha.nn.Conv1d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.Conv1d
nn.Conv1d = {}

do
---@class tocha.nn.Conv2d: tocha.nn.Module
---@field in_channels integer
---@field out_channels integer
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field dilation integer|integer[]
---@field groups number
---@field bias boolean
---@field padding_mode string
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Conv2d(in_channels, out_channels, kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, padding_mode = "zeros", device = nil, dtype = nil)
---Convolutions and their transposes in one to three dimensions.
---
---nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias,
---padding_mode). With two numbers, nn.Conv2d(out_channels, kernel_size), the number of input
---channels comes from the first input; everything else then goes into the options table:
---nn.Conv2d(32, 3, {padding = 1}).
---@class tocha.nn.Conv2d.class: tocha.Class
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, ...: any): tocha.nn.Conv2d
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.Conv2d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, padding_mode?: string, ...: any): tocha.nn.Conv2d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.Conv2d
nn.Conv2d = {}

do
---@class tocha.nn.Conv3d: tocha.nn.Module
---@field in_channels integer
---@field out_channels integer
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field dilation integer|integer[]
---@field groups number
---@field bias boolean
---@field padding_mode string
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Conv3d(in_channels, out_channels, kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, padding_mode = "zeros", device = nil, dtype = nil)
---Convolutions and their transposes in one to three dimensions.
---
---nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias,
---padding_mode). With two numbers, nn.Conv2d(out_channels, kernel_size), the number of input
---channels comes from the first input; everything else then goes into the options table:
---nn.Conv2d(32, 3, {padding = 1}).
---@class tocha.nn.Conv3d.class: tocha.Class
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, ...: any): tocha.nn.Conv3d
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.Conv3d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, padding_mode?: string, ...: any): tocha.nn.Conv3d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean, padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.Conv3d
nn.Conv3d = {}

do
---@class tocha.nn.ConvTranspose1d: tocha.nn.Module
---@field in_channels integer
---@field out_channels integer
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field output_padding number
---@field groups number
---@field bias boolean
---@field dilation integer|integer[]
---@field padding_mode string
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x, output_size)
---net(x, output_size): output_size is needed where a stride leaves several sizes possible.
---@return any ...
function object:forward(x, output_size) end

end

---nn.ConvTranspose1d(in_channels, out_channels, kernel_size, stride = 1, padding = 0, output_padding = 0, groups = 1, bias = true, dilation = 1, padding_mode = "zeros", device = nil, dtype = nil)
---Convolutions and their transposes in one to three dimensions.
---
---nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias,
---padding_mode). With two numbers, nn.Conv2d(out_channels, kernel_size), the number of input
---channels comes from the first input; everything else then goes into the options table:
---nn.Conv2d(32, 3, {padding = 1}).
---@class tocha.nn.ConvTranspose1d.class: tocha.Class
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, ...: any): tocha.nn.ConvTranspose1d
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, dilation?: integer|integer[], padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.ConvTranspose1d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, dilation?: integer|integer[], ...: any): tocha.nn.ConvTranspose1d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, dilation?: integer|integer[], padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.ConvTranspose1d
nn.ConvTranspose1d = {}

do
---@class tocha.nn.ConvTranspose2d: tocha.nn.Module
---@field in_channels integer
---@field out_channels integer
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field output_padding number
---@field groups number
---@field bias boolean
---@field dilation integer|integer[]
---@field padding_mode string
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x, output_size)
---net(x, output_size): output_size is needed where a stride leaves several sizes possible.
---@return any ...
function object:forward(x, output_size) end

end

---nn.ConvTranspose2d(in_channels, out_channels, kernel_size, stride = 1, padding = 0, output_padding = 0, groups = 1, bias = true, dilation = 1, padding_mode = "zeros", device = nil, dtype = nil)
---Convolutions and their transposes in one to three dimensions.
---
---nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias,
---padding_mode). With two numbers, nn.Conv2d(out_channels, kernel_size), the number of input
---channels comes from the first input; everything else then goes into the options table:
---nn.Conv2d(32, 3, {padding = 1}).
---@class tocha.nn.ConvTranspose2d.class: tocha.Class
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, ...: any): tocha.nn.ConvTranspose2d
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, dilation?: integer|integer[], padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.ConvTranspose2d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, dilation?: integer|integer[], ...: any): tocha.nn.ConvTranspose2d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, dilation?: integer|integer[], padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.ConvTranspose2d
nn.ConvTranspose2d = {}

do
---@class tocha.nn.ConvTranspose3d: tocha.nn.Module
---@field in_channels integer
---@field out_channels integer
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field output_padding number
---@field groups number
---@field bias boolean
---@field dilation integer|integer[]
---@field padding_mode string
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x, output_size)
---net(x, output_size): output_size is needed where a stride leaves several sizes possible.
---@return any ...
function object:forward(x, output_size) end

end

---nn.ConvTranspose3d(in_channels, out_channels, kernel_size, stride = 1, padding = 0, output_padding = 0, groups = 1, bias = true, dilation = 1, padding_mode = "zeros", device = nil, dtype = nil)
---Convolutions and their transposes in one to three dimensions.
---
---nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias,
---padding_mode). With two numbers, nn.Conv2d(out_channels, kernel_size), the number of input
---channels comes from the first input; everything else then goes into the options table:
---nn.Conv2d(32, 3, {padding = 1}).
---@class tocha.nn.ConvTranspose3d.class: tocha.Class
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, ...: any): tocha.nn.ConvTranspose3d
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, dilation?: integer|integer[], padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.ConvTranspose3d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, dilation?: integer|integer[], ...: any): tocha.nn.ConvTranspose3d
---@overload fun(out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, output_padding?: number, groups?: number, bias?: boolean, dilation?: integer|integer[], padding_mode?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.ConvTranspose3d
nn.ConvTranspose3d = {}

do
---@class tocha.nn.CosineEmbeddingLoss: tocha.nn.Loss
---@field margin number
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.CosineEmbeddingLoss(margin = 0.0, reduction = 'mean')
---1 - cos(x1, x2) where the target is 1; max(0, cos(x1, x2) - margin) where it is -1.
---It calls the operation cosine_embedding_loss(input1, input2, target, margin = 0, reduction = "mean")
---@class tocha.nn.CosineEmbeddingLoss.class: tocha.Class
---@overload fun(margin?: number, reduction?: string): tocha.nn.CosineEmbeddingLoss
---@overload fun(options: {margin?: number, reduction?: string}): tocha.nn.CosineEmbeddingLoss
nn.CosineEmbeddingLoss = {}

do
---@class tocha.nn.CosineSimilarity: tocha.nn.Module
---@field dim number
---@field eps number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(a, b) end

end

---nn.CosineSimilarity(dim = 2, eps = 1e-8): the cosine of the angle between vectors along `dim`.
---@class tocha.nn.CosineSimilarity.class: tocha.Class
---@overload fun(dim?: number, eps?: number): tocha.nn.CosineSimilarity
---@overload fun(options: {dim?: number, eps?: number}): tocha.nn.CosineSimilarity
nn.CosineSimilarity = {}

do
---@class tocha.nn.CrossEntropyLoss: tocha.nn.Loss
---@field weight any
---@field ignore_index number
---@field reduction string
---@field label_smoothing number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.CrossEntropyLoss(weight = nil, ignore_index = -100, reduction = 'mean', label_smoothing = 0.0, inplace = false)
---Cross entropy of logits and class ids (from 1) or class probabilities. `ignore_index`: the id that does not count (nil: -100). `inplace`: the caller needs the logits no more, and `backward` writes their gradient over them, which saves their size in memory.
---It calls the operation cross_entropy(input, target, weight?, ignore_index?, reduction = "mean", label_smoothing = 0, inplace = false)
---@class tocha.nn.CrossEntropyLoss.class: tocha.Class
---@overload fun(weight?: any, ignore_index?: number, reduction?: string, label_smoothing?: number, inplace?: boolean): tocha.nn.CrossEntropyLoss
---@overload fun(options: {weight?: any, ignore_index?: number, reduction?: string, label_smoothing?: number, inplace?: boolean}): tocha.nn.CrossEntropyLoss
nn.CrossEntropyLoss = {}

do
---@class tocha.nn.DiceLoss: tocha.nn.Loss
---@field smooth number
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.DiceLoss(smooth = 1e-5, reduction = 'mean')
---1 - (2 TP + s) / (2 TP + FP + FN + s) for each example and class, from probabilities (N, C, ...) and masks of the same shape or class ids (N, ...). Milletari et al., "V-Net" (2016).
---It calls the operation dice_loss(input, target, smooth = 1e-5, reduction = "mean")
---@class tocha.nn.DiceLoss.class: tocha.Class
---@overload fun(smooth?: number, reduction?: string): tocha.nn.DiceLoss
---@overload fun(options: {smooth?: number, reduction?: string}): tocha.nn.DiceLoss
nn.DiceLoss = {}

do
---@class tocha.nn.DropPath: tocha.nn.Module
---@field drop_prob number
---@field scale_by_keep boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.DropPath(drop_prob = 0, scale_by_keep = true): the branch of a residual block is left out,
---example by example, with this probability. Huang et al., "Deep networks with stochastic depth"
---(2016).
---@class tocha.nn.DropPath.class: tocha.Class
---@overload fun(drop_prob?: number, scale_by_keep?: boolean): tocha.nn.DropPath
---@overload fun(options: {drop_prob?: number, scale_by_keep?: boolean}): tocha.nn.DropPath
nn.DropPath = {}

do
---@class tocha.nn.Dropout: tocha.nn.Module
---@field p number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Dropout(p = 0.5, inplace = false)
---Sets each element to 0 with probability `p` and divides the others by 1 - p; without `training`, nothing.
---It calls the operation dropout(input, p = 0.5, training = true)
---@class tocha.nn.Dropout.class: tocha.Class
---@overload fun(p?: number, inplace?: boolean): tocha.nn.Dropout
---@overload fun(options: {p?: number, inplace?: boolean}): tocha.nn.Dropout
nn.Dropout = {}

do
---@class tocha.nn.Dropout1d: tocha.nn.Module
---@field p number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Dropout1d(p = 0.5, inplace = false)
---Sets whole channels of 1 dimensions to 0 with probability `p`.
---It calls the operation dropout1d(input, p = 0.5, training = true)
---@class tocha.nn.Dropout1d.class: tocha.Class
---@overload fun(p?: number, inplace?: boolean): tocha.nn.Dropout1d
---@overload fun(options: {p?: number, inplace?: boolean}): tocha.nn.Dropout1d
nn.Dropout1d = {}

do
---@class tocha.nn.Dropout2d: tocha.nn.Module
---@field p number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Dropout2d(p = 0.5, inplace = false)
---Sets whole channels of 2 dimensions to 0 with probability `p`.
---It calls the operation dropout2d(input, p = 0.5, training = true)
---@class tocha.nn.Dropout2d.class: tocha.Class
---@overload fun(p?: number, inplace?: boolean): tocha.nn.Dropout2d
---@overload fun(options: {p?: number, inplace?: boolean}): tocha.nn.Dropout2d
nn.Dropout2d = {}

do
---@class tocha.nn.Dropout3d: tocha.nn.Module
---@field p number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Dropout3d(p = 0.5, inplace = false)
---Sets whole channels of 3 dimensions to 0 with probability `p`.
---It calls the operation dropout3d(input, p = 0.5, training = true)
---@class tocha.nn.Dropout3d.class: tocha.Class
---@overload fun(p?: number, inplace?: boolean): tocha.nn.Dropout3d
---@overload fun(options: {p?: number, inplace?: boolean}): tocha.nn.Dropout3d
nn.Dropout3d = {}

do
---@class tocha.nn.ELU: tocha.nn.Module
---@field alpha number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ELU(alpha = 1.0, inplace = false)
---x where positive, else alpha (exp(x) - 1).
---It calls the operation elu(input, alpha = 1)
---@class tocha.nn.ELU.class: tocha.Class
---@overload fun(alpha?: number, inplace?: boolean): tocha.nn.ELU
---@overload fun(options: {alpha?: number, inplace?: boolean}): tocha.nn.ELU
nn.ELU = {}

do
---@class tocha.nn.Embedding: tocha.nn.Module
---@field num_embeddings integer
---@field embedding_dim integer
---@field padding_idx any
---@field max_norm any
---@field norm_type number
---@field scale_grad_by_freq boolean
---@field sparse boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, ids)
---nn.Embedding(num_embeddings, embedding_dim, {padding_idx =, max_norm =, ...}): ids of any shape
---(...) to vectors (..., embedding_dim). nn.Embedding.from_pretrained(weight, {freeze = true,
---padding_idx = ...}) takes a table that there is.
---@return any ...
function object:forward(ids) end

end

---nn.Embedding(num_embeddings, embedding_dim, {padding_idx =, max_norm =, ...}): ids of any shape
---(...) to vectors (..., embedding_dim). nn.Embedding.from_pretrained(weight, {freeze = true,
---padding_idx = ...}) takes a table that there is.
---@class tocha.nn.Embedding.class: tocha.Class
---@overload fun(num_embeddings: integer, embedding_dim: integer, padding_idx?: any, max_norm?: any, norm_type?: number, scale_grad_by_freq?: boolean, sparse?: boolean, device?: string, ...: any): tocha.nn.Embedding
---@overload fun(num_embeddings: integer, embedding_dim: integer, options: {padding_idx?: any, max_norm?: any, norm_type?: number, scale_grad_by_freq?: boolean, sparse?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.Embedding
nn.Embedding = {}

do
---@class tocha.nn.EmbeddingBag: tocha.nn.Module
---@field num_embeddings integer
---@field embedding_dim integer
---@field max_norm any
---@field norm_type number
---@field scale_grad_by_freq boolean
---@field mode string
---@field sparse boolean
---@field include_last_offset boolean
---@field padding_idx any
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, ids, offsets, per_sample_weights)
---nn.EmbeddingBag(num_embeddings, embedding_dim, {mode = "mean", ...}): bag(ids, offsets,
---per_sample_weights) is the "sum", "mean" or "max" of the vectors of each bag, (bags,
---embedding_dim): the rows of a matrix of ids, or parts of a vector that begin at `offsets` (from
---1; with include_last_offset the last one is the end, one more than there are ids).
---per_sample_weights scale the vectors of sums. Ids equal to padding_idx do not count.
---@return any ...
function object:forward(ids, offsets, per_sample_weights) end

end

---nn.EmbeddingBag(num_embeddings, embedding_dim, {mode = "mean", ...}): bag(ids, offsets,
---per_sample_weights) is the "sum", "mean" or "max" of the vectors of each bag, (bags,
---embedding_dim): the rows of a matrix of ids, or parts of a vector that begin at `offsets` (from
---1; with include_last_offset the last one is the end, one more than there are ids).
---per_sample_weights scale the vectors of sums. Ids equal to padding_idx do not count.
---@class tocha.nn.EmbeddingBag.class: tocha.Class
---@overload fun(num_embeddings: integer, embedding_dim: integer, max_norm?: any, norm_type?: number, scale_grad_by_freq?: boolean, mode?: string, sparse?: boolean, include_last_offset?: boolean, ...: any): tocha.nn.EmbeddingBag
---@overload fun(num_embeddings: integer, embedding_dim: integer, options: {max_norm?: any, norm_type?: number, scale_grad_by_freq?: boolean, mode?: string, sparse?: boolean, include_last_offset?: boolean, padding_idx?: any, device?: string, dtype?: tocha.dtype}): tocha.nn.EmbeddingBag
nn.EmbeddingBag = {}

do
---@class tocha.nn.FeatureAlphaDropout: tocha.nn.Module
---@field p number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.FeatureAlphaDropout(p = 0.5, inplace = false)
---`alpha_dropout` of whole channels of (N, C, ...).
---It calls the operation feature_alpha_dropout(input, p = 0.5, training = false)
---@class tocha.nn.FeatureAlphaDropout.class: tocha.Class
---@overload fun(p?: number, inplace?: boolean): tocha.nn.FeatureAlphaDropout
---@overload fun(options: {p?: number, inplace?: boolean}): tocha.nn.FeatureAlphaDropout
nn.FeatureAlphaDropout = {}

do
---@class tocha.nn.Flatten: tocha.nn.Module
---@field start_dim integer
---@field end_dim integer
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x)
---nn.Flatten(start_dim = 2, end_dim = -1): dimensions become one; the first is the batch.
---@return any ...
function object:forward(x) end

end

---nn.Flatten(start_dim = 2, end_dim = -1): dimensions become one; the first is the batch.
---@class tocha.nn.Flatten.class: tocha.Class
---@overload fun(start_dim?: integer, end_dim?: integer): tocha.nn.Flatten
---@overload fun(options: {start_dim?: integer, end_dim?: integer}): tocha.nn.Flatten
nn.Flatten = {}

do
---@class tocha.nn.FocalLoss: tocha.nn.Loss
---@field alpha number
---@field gamma number
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.FocalLoss(alpha = 0.25, gamma = 2.0, reduction = 'mean')
---Focal loss of logits and targets in [0, 1]: alpha_t (1 - p_t)^gamma times the binary cross entropy, with p = sigmoid(input); alpha weighs the positives, 1 - alpha the negatives, a negative alpha neither. Lin et al., "Focal loss for dense object detection" (2017).
---It calls the operation sigmoid_focal_loss(input, target, alpha = 0.25, gamma = 2, reduction = "none")
---@class tocha.nn.FocalLoss.class: tocha.Class
---@overload fun(alpha?: number, gamma?: number, reduction?: string): tocha.nn.FocalLoss
---@overload fun(options: {alpha?: number, gamma?: number, reduction?: string}): tocha.nn.FocalLoss
nn.FocalLoss = {}

do
---@class tocha.nn.Fold: tocha.nn.Module
---@field output_size integer|integer[]
---@field kernel_size integer|integer[]
---@field dilation integer|integer[]
---@field padding integer|integer[]|string
---@field stride integer|integer[]
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Fold(output_size, kernel_size, dilation = 1, padding = 0, stride = 1)
---Columns (N, C * taps, L) summed back into images (N, C, H, W) where patches overlap: PyTorch's F.fold.
---It calls the operation fold(input, output_size, kernel_size, dilation = 1, padding = 0, stride = 1)
---@class tocha.nn.Fold.class: tocha.Class
---@overload fun(output_size: integer|integer[], kernel_size: integer|integer[], dilation?: integer|integer[], padding?: integer|integer[]|string, stride?: integer|integer[]): tocha.nn.Fold
---@overload fun(output_size: integer|integer[], kernel_size: integer|integer[], options: {dilation?: integer|integer[], padding?: integer|integer[]|string, stride?: integer|integer[]}): tocha.nn.Fold
nn.Fold = {}

do
---@class tocha.nn.FractionalMaxPool2d: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field output_size integer|integer[]
---@field output_ratio any
---@field return_indices boolean
---@field _random_samples any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.FractionalMaxPool2d(kernel_size, output_size = nil, output_ratio = nil, return_indices = false, _random_samples = nil)
---Largest elements of windows over 2 dimensions of the size `kernel_size` at random places, `output_size` of them or `output_ratio` of the input's size; with `return_indices` also where they are in their plane, from 1. `_random_samples`: (N, C, 2) numbers in [0, 1) that place them.
---It calls the operation fractional_max_pool2d(input, kernel_size, output_size?, output_ratio?, return_indices = false, _random_samples?)
---@class tocha.nn.FractionalMaxPool2d.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], output_size?: integer|integer[], output_ratio?: any, return_indices?: boolean, _random_samples?: any): tocha.nn.FractionalMaxPool2d
---@overload fun(kernel_size: integer|integer[], options: {output_size?: integer|integer[], output_ratio?: any, return_indices?: boolean, _random_samples?: any}): tocha.nn.FractionalMaxPool2d
nn.FractionalMaxPool2d = {}

do
---@class tocha.nn.FractionalMaxPool3d: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field output_size integer|integer[]
---@field output_ratio any
---@field return_indices boolean
---@field _random_samples any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.FractionalMaxPool3d(kernel_size, output_size = nil, output_ratio = nil, return_indices = false, _random_samples = nil)
---Largest elements of windows over 3 dimensions of the size `kernel_size` at random places, `output_size` of them or `output_ratio` of the input's size; with `return_indices` also where they are in their plane, from 1. `_random_samples`: (N, C, 3) numbers in [0, 1) that place them.
---It calls the operation fractional_max_pool3d(input, kernel_size, output_size?, output_ratio?, return_indices = false, _random_samples?)
---@class tocha.nn.FractionalMaxPool3d.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], output_size?: integer|integer[], output_ratio?: any, return_indices?: boolean, _random_samples?: any): tocha.nn.FractionalMaxPool3d
---@overload fun(kernel_size: integer|integer[], options: {output_size?: integer|integer[], output_ratio?: any, return_indices?: boolean, _random_samples?: any}): tocha.nn.FractionalMaxPool3d
nn.FractionalMaxPool3d = {}

do
---@class tocha.nn.GEGLU: tocha.nn.Module
---@field dim number
---@field gate string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GEGLU(dim = -1, gate = 'last')
---One half times the gelu of the other. `gate` says which half along `dim` goes through it, "first" or "last".
---It calls the operation geglu(input, dim = -1, gate = "last")
---@class tocha.nn.GEGLU.class: tocha.Class
---@overload fun(dim?: number, gate?: string): tocha.nn.GEGLU
---@overload fun(options: {dim?: number, gate?: string}): tocha.nn.GEGLU
nn.GEGLU = {}

do
---@class tocha.nn.GELU: tocha.nn.Module
---@field approximate string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GELU(approximate = 'none')
---x times the normal distribution function; `approximate` = "tanh" comes near it by tanh.
---It calls the operation gelu(input, approximate = "none")
---@class tocha.nn.GELU.class: tocha.Class
---@overload fun(approximate?: string): tocha.nn.GELU
---@overload fun(options: {approximate?: string}): tocha.nn.GELU
nn.GELU = {}

do
---@class tocha.nn.GLU: tocha.nn.Module
---@field dim number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GLU(dim = -1)
---Gated linear unit: the first half along `dim` times the sigmoid of the second.
---It calls the operation glu(input, dim = -1)
---@class tocha.nn.GLU.class: tocha.Class
---@overload fun(dim?: number): tocha.nn.GLU
---@overload fun(options: {dim?: number}): tocha.nn.GLU
nn.GLU = {}

do
---@class tocha.nn.GRU: tocha.nn.Module
---@field input_size integer|integer[]
---@field hidden_size integer|integer[]
---@field num_layers integer
---@field bias boolean
---@field batch_first boolean
---@field dropout number
---@field bidirectional boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x, given) end

end

---nn.GRU(input_size, hidden_size, num_layers = 1, {bias = true, batch_first = false, dropout = 0,
---bidirectional = false}): gated recurrent units (Cho et al., 2014). y, h_n = gru(x, h_0), as for
---nn.RNN.
---@class tocha.nn.GRU.class: tocha.Class
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], num_layers?: integer, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, device?: string, ...: any): tocha.nn.GRU
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], options: {num_layers?: integer, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.GRU
---@overload fun(hidden_size: integer|integer[], num_layers?: integer, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.GRU
---@overload fun(hidden_size: integer|integer[], options: {num_layers?: integer, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.GRU
nn.GRU = {}

do
---@class tocha.nn.GRUCell: tocha.nn.Module
---@field input_size integer|integer[]
---@field hidden_size integer|integer[]
---@field bias boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x, given) end

end

---nn.GRUCell(input_size, hidden_size, bias = true): a step of nn.GRU. h = cell(x, h): sizes as
---for nn.RNNCell.
---@class tocha.nn.GRUCell.class: tocha.Class
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], bias?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.GRUCell
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], options: {bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.GRUCell
---@overload fun(hidden_size: integer|integer[], bias?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.GRUCell
---@overload fun(hidden_size: integer|integer[], options: {bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.GRUCell
nn.GRUCell = {}

do
---@class tocha.nn.GaussianDropout: tocha.nn.Module
---@field p number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GaussianDropout(p = 0.5): multiplies by normal noise around 1.
---@class tocha.nn.GaussianDropout.class: tocha.Class
---@overload fun(p?: number): tocha.nn.GaussianDropout
---@overload fun(options: {p?: number}): tocha.nn.GaussianDropout
nn.GaussianDropout = {}

do
---@class tocha.nn.GaussianNLLLoss: tocha.nn.Loss
---@field full boolean
---@field eps number
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.GaussianNLLLoss(full = false, eps = 1e-6, reduction = 'mean')
---Negative log likelihood of a Gaussian with mean `input` and variance `var` (at least `eps`).
---It calls the operation gaussian_nll_loss(input, target, var, full = false, eps = 1e-6, reduction = "mean")
---@class tocha.nn.GaussianNLLLoss.class: tocha.Class
---@overload fun(full?: boolean, eps?: number, reduction?: string): tocha.nn.GaussianNLLLoss
---@overload fun(options: {full?: boolean, eps?: number, reduction?: string}): tocha.nn.GaussianNLLLoss
nn.GaussianNLLLoss = {}

do
---@class tocha.nn.GaussianNoise: tocha.nn.Module
---@field std any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GaussianNoise(std): adds normal noise.
---@class tocha.nn.GaussianNoise.class: tocha.Class
---@overload fun(std: any): tocha.nn.GaussianNoise
nn.GaussianNoise = {}

do
---@class tocha.nn.GlobalAvgPool1d: tocha.nn.Module
---@field keepdim boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GlobalAvgPool1d(keepdim = false)
---Pooling: maximum, average, power average, adaptive, fractional, over everything, and the way back
---from a maximum.
---@class tocha.nn.GlobalAvgPool1d.class: tocha.Class
---@overload fun(keepdim?: boolean): tocha.nn.GlobalAvgPool1d
---@overload fun(options: {keepdim?: boolean}): tocha.nn.GlobalAvgPool1d
nn.GlobalAvgPool1d = {}

do
---@class tocha.nn.GlobalAvgPool2d: tocha.nn.Module
---@field keepdim boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GlobalAvgPool2d(keepdim = false)
---Pooling: maximum, average, power average, adaptive, fractional, over everything, and the way back
---from a maximum.
---@class tocha.nn.GlobalAvgPool2d.class: tocha.Class
---@overload fun(keepdim?: boolean): tocha.nn.GlobalAvgPool2d
---@overload fun(options: {keepdim?: boolean}): tocha.nn.GlobalAvgPool2d
nn.GlobalAvgPool2d = {}

do
---@class tocha.nn.GlobalAvgPool3d: tocha.nn.Module
---@field keepdim boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GlobalAvgPool3d(keepdim = false)
---Pooling: maximum, average, power average, adaptive, fractional, over everything, and the way back
---from a maximum.
---@class tocha.nn.GlobalAvgPool3d.class: tocha.Class
---@overload fun(keepdim?: boolean): tocha.nn.GlobalAvgPool3d
---@overload fun(options: {keepdim?: boolean}): tocha.nn.GlobalAvgPool3d
nn.GlobalAvgPool3d = {}

do
---@class tocha.nn.GlobalMaxPool1d: tocha.nn.Module
---@field keepdim boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GlobalMaxPool1d(keepdim = false)
---Pooling: maximum, average, power average, adaptive, fractional, over everything, and the way back
---from a maximum.
---@class tocha.nn.GlobalMaxPool1d.class: tocha.Class
---@overload fun(keepdim?: boolean): tocha.nn.GlobalMaxPool1d
---@overload fun(options: {keepdim?: boolean}): tocha.nn.GlobalMaxPool1d
nn.GlobalMaxPool1d = {}

do
---@class tocha.nn.GlobalMaxPool2d: tocha.nn.Module
---@field keepdim boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GlobalMaxPool2d(keepdim = false)
---Pooling: maximum, average, power average, adaptive, fractional, over everything, and the way back
---from a maximum.
---@class tocha.nn.GlobalMaxPool2d.class: tocha.Class
---@overload fun(keepdim?: boolean): tocha.nn.GlobalMaxPool2d
---@overload fun(options: {keepdim?: boolean}): tocha.nn.GlobalMaxPool2d
nn.GlobalMaxPool2d = {}

do
---@class tocha.nn.GlobalMaxPool3d: tocha.nn.Module
---@field keepdim boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GlobalMaxPool3d(keepdim = false)
---Pooling: maximum, average, power average, adaptive, fractional, over everything, and the way back
---from a maximum.
---@class tocha.nn.GlobalMaxPool3d.class: tocha.Class
---@overload fun(keepdim?: boolean): tocha.nn.GlobalMaxPool3d
---@overload fun(options: {keepdim?: boolean}): tocha.nn.GlobalMaxPool3d
nn.GlobalMaxPool3d = {}

do
---@class tocha.nn.GroupNorm: tocha.nn.Module
---@field num_groups integer
---@field num_channels integer
---@field eps number
---@field affine boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.GroupNorm(num_groups, num_channels, eps = 1e-5, affine = true, device = nil, dtype = nil)
---Normalisation: batch, instance, layer, RMS, group, local response.
---
---nn.BatchNorm2d() without a number of features learns it from its first input.
---@class tocha.nn.GroupNorm.class: tocha.Class
---@overload fun(num_groups: integer, num_channels: integer, eps?: number, affine?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.GroupNorm
---@overload fun(num_groups: integer, num_channels: integer, options: {eps?: number, affine?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.GroupNorm
nn.GroupNorm = {}

do
---@class tocha.nn.Hardshrink: tocha.nn.Module
---@field lambd number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Hardshrink(lambd = 0.5)
---x, but 0 where |x| is at most `lambd`.
---It calls the operation hardshrink(input, lambd = 0.5)
---@class tocha.nn.Hardshrink.class: tocha.Class
---@overload fun(lambd?: number): tocha.nn.Hardshrink
---@overload fun(options: {lambd?: number}): tocha.nn.Hardshrink
nn.Hardshrink = {}

do
---@class tocha.nn.Hardsigmoid: tocha.nn.Module
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Hardsigmoid(inplace = false)
---(x + 3) / 6 between 0 and 1.
---It calls the operation hardsigmoid(input)
---@class tocha.nn.Hardsigmoid.class: tocha.Class
---@overload fun(inplace?: boolean): tocha.nn.Hardsigmoid
---@overload fun(options: {inplace?: boolean}): tocha.nn.Hardsigmoid
nn.Hardsigmoid = {}

do
---@class tocha.nn.Hardswish: tocha.nn.Module
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Hardswish(inplace = false)
---x hardsigmoid(x).
---It calls the operation hardswish(input)
---@class tocha.nn.Hardswish.class: tocha.Class
---@overload fun(inplace?: boolean): tocha.nn.Hardswish
---@overload fun(options: {inplace?: boolean}): tocha.nn.Hardswish
nn.Hardswish = {}

do
---@class tocha.nn.Hardtanh: tocha.nn.Module
---@field min_val number
---@field max_val number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Hardtanh(min_val = -1.0, max_val = 1.0, inplace = false)
---x between `min_val` and `max_val`.
---It calls the operation hardtanh(input, min_val = -1, max_val = 1)
---@class tocha.nn.Hardtanh.class: tocha.Class
---@overload fun(min_val?: number, max_val?: number, inplace?: boolean): tocha.nn.Hardtanh
---@overload fun(options: {min_val?: number, max_val?: number, inplace?: boolean}): tocha.nn.Hardtanh
nn.Hardtanh = {}

do
---@class tocha.nn.HingeEmbeddingLoss: tocha.nn.Loss
---@field margin number
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.HingeEmbeddingLoss(margin = 1.0, reduction = 'mean')
---The input where the target is 1; max(0, margin - input) where it is -1.
---It calls the operation hinge_embedding_loss(input, target, margin = 1, reduction = "mean")
---@class tocha.nn.HingeEmbeddingLoss.class: tocha.Class
---@overload fun(margin?: number, reduction?: string): tocha.nn.HingeEmbeddingLoss
---@overload fun(options: {margin?: number, reduction?: string}): tocha.nn.HingeEmbeddingLoss
nn.HingeEmbeddingLoss = {}

do
---@class tocha.nn.HuberLoss: tocha.nn.Loss
---@field reduction string
---@field delta number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.HuberLoss(reduction = 'mean', delta = 1.0)
---Half the squared difference up to `delta`, linear beyond.
---It calls the operation huber_loss(input, target, reduction = "mean", delta = 1)
---@class tocha.nn.HuberLoss.class: tocha.Class
---@overload fun(reduction?: string, delta?: number): tocha.nn.HuberLoss
---@overload fun(options: {reduction?: string, delta?: number}): tocha.nn.HuberLoss
nn.HuberLoss = {}

do
---@class tocha.nn.Identity: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Identity(...)
---Linear, Bilinear, Maxout, Identity.
---@class tocha.nn.Identity.class: tocha.Class
---@overload fun(): tocha.nn.Identity
nn.Identity = {}

---nn.Input(sizes..., {dtype = "float32", name =, device = "cpu"}): what goes into a graph, without
---the batch: nn.Input(28, 28, 1), also nn.Input{28, 28, 1}. A size of false varies.
---@return any ...
function nn.Input(...) end

do
---@class tocha.nn.InstanceNorm1d: tocha.nn.Module
---@field num_features integer
---@field eps number
---@field momentum number
---@field affine boolean
---@field track_running_stats boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.InstanceNorm1d(num_features, eps = 1e-5, momentum = 0.1, affine = false, track_running_stats = false, device = nil, dtype = nil)
---Normalisation: batch, instance, layer, RMS, group, local response.
---
---nn.BatchNorm2d() without a number of features learns it from its first input.
---@class tocha.nn.InstanceNorm1d.class: tocha.Class
---@overload fun(num_features: integer, eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.InstanceNorm1d
---@overload fun(num_features: integer, options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.InstanceNorm1d
---@overload fun(eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.InstanceNorm1d
---@overload fun(options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.InstanceNorm1d
nn.InstanceNorm1d = {}

do
---@class tocha.nn.InstanceNorm2d: tocha.nn.Module
---@field num_features integer
---@field eps number
---@field momentum number
---@field affine boolean
---@field track_running_stats boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.InstanceNorm2d(num_features, eps = 1e-5, momentum = 0.1, affine = false, track_running_stats = false, device = nil, dtype = nil)
---Normalisation: batch, instance, layer, RMS, group, local response.
---
---nn.BatchNorm2d() without a number of features learns it from its first input.
---@class tocha.nn.InstanceNorm2d.class: tocha.Class
---@overload fun(num_features: integer, eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.InstanceNorm2d
---@overload fun(num_features: integer, options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.InstanceNorm2d
---@overload fun(eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.InstanceNorm2d
---@overload fun(options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.InstanceNorm2d
nn.InstanceNorm2d = {}

do
---@class tocha.nn.InstanceNorm3d: tocha.nn.Module
---@field num_features integer
---@field eps number
---@field momentum number
---@field affine boolean
---@field track_running_stats boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.InstanceNorm3d(num_features, eps = 1e-5, momentum = 0.1, affine = false, track_running_stats = false, device = nil, dtype = nil)
---Normalisation: batch, instance, layer, RMS, group, local response.
---
---nn.BatchNorm2d() without a number of features learns it from its first input.
---@class tocha.nn.InstanceNorm3d.class: tocha.Class
---@overload fun(num_features: integer, eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.InstanceNorm3d
---@overload fun(num_features: integer, options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.InstanceNorm3d
---@overload fun(eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.InstanceNorm3d
---@overload fun(options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.InstanceNorm3d
nn.InstanceNorm3d = {}

do
---@class tocha.nn.KLDivLoss: tocha.nn.Loss
---@field reduction string
---@field log_target boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.KLDivLoss(reduction = 'mean', log_target = false)
---Divergence of the target's distribution from exp(input); "batchmean" divides the sum by the batch.
---It calls the operation kl_div(input, target, reduction = "mean", log_target = false)
---@class tocha.nn.KLDivLoss.class: tocha.Class
---@overload fun(reduction?: string, log_target?: boolean): tocha.nn.KLDivLoss
---@overload fun(options: {reduction?: string, log_target?: boolean}): tocha.nn.KLDivLoss
nn.KLDivLoss = {}

do
---@class tocha.nn.KVCache: tocha.Object
---@field options table
local object = {}

---cache:append(k, v): k and v are (heads, L, width). Returns all keys and values.
---@return any ...
function object:append(k, v) end

---cache:get(): all keys and values, (heads, tokens, width).
---@return any ...
function object:get() end

---cache:reorder(ids, batch): goes on with the sequences `ids` (int64, from 1) of a batch of so
---many, as beam search needs it.
---@return any ...
function object:reorder(ids, batch) end

---cache:reset(): forgets everything.
---@return any ...
function object:reset() end

---cache:truncate(n): forgets all but the first n tokens.
---@return any ...
function object:truncate(n) end

end

---nn.KVCache{static = false}: a static one keeps what it is given first, such as the keys and
---values of an encoder's output.
---@class tocha.nn.KVCache.class: tocha.Class
---@overload fun(options?: table): tocha.nn.KVCache
---@overload fun(options: {options?: table}): tocha.nn.KVCache
nn.KVCache = {}

do
---@class tocha.nn.L1Loss: tocha.nn.Loss
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.L1Loss(reduction = 'mean')
---Absolute differences of input and target.
---It calls the operation l1_loss(input, target, reduction = "mean")
---@class tocha.nn.L1Loss.class: tocha.Class
---@overload fun(reduction?: string): tocha.nn.L1Loss
---@overload fun(options: {reduction?: string}): tocha.nn.L1Loss
nn.L1Loss = {}

do
---@class tocha.nn.LPPool1d: tocha.nn.Module
---@field norm_type any
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field ceil_mode boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.LPPool1d(norm_type, kernel_size, stride = nil, ceil_mode = false)
---The `norm_type`-norm of windows over 1 dimension.
---It calls the operation lp_pool1d(input, norm_type, kernel_size, stride?, ceil_mode = false)
---@class tocha.nn.LPPool1d.class: tocha.Class
---@overload fun(norm_type: any, kernel_size: integer|integer[], stride?: integer|integer[], ceil_mode?: boolean): tocha.nn.LPPool1d
---@overload fun(norm_type: any, kernel_size: integer|integer[], options: {stride?: integer|integer[], ceil_mode?: boolean}): tocha.nn.LPPool1d
nn.LPPool1d = {}

do
---@class tocha.nn.LPPool2d: tocha.nn.Module
---@field norm_type any
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field ceil_mode boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.LPPool2d(norm_type, kernel_size, stride = nil, ceil_mode = false)
---The `norm_type`-norm of windows over 2 dimensions.
---It calls the operation lp_pool2d(input, norm_type, kernel_size, stride?, ceil_mode = false)
---@class tocha.nn.LPPool2d.class: tocha.Class
---@overload fun(norm_type: any, kernel_size: integer|integer[], stride?: integer|integer[], ceil_mode?: boolean): tocha.nn.LPPool2d
---@overload fun(norm_type: any, kernel_size: integer|integer[], options: {stride?: integer|integer[], ceil_mode?: boolean}): tocha.nn.LPPool2d
nn.LPPool2d = {}

do
---@class tocha.nn.LPPool3d: tocha.nn.Module
---@field norm_type any
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field ceil_mode boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.LPPool3d(norm_type, kernel_size, stride = nil, ceil_mode = false)
---The `norm_type`-norm of windows over 3 dimensions.
---It calls the operation lp_pool3d(input, norm_type, kernel_size, stride?, ceil_mode = false)
---@class tocha.nn.LPPool3d.class: tocha.Class
---@overload fun(norm_type: any, kernel_size: integer|integer[], stride?: integer|integer[], ceil_mode?: boolean): tocha.nn.LPPool3d
---@overload fun(norm_type: any, kernel_size: integer|integer[], options: {stride?: integer|integer[], ceil_mode?: boolean}): tocha.nn.LPPool3d
nn.LPPool3d = {}

do
---@class tocha.nn.LSTM: tocha.nn.Module
---@field input_size integer|integer[]
---@field hidden_size integer|integer[]
---@field num_layers integer
---@field bias boolean
---@field batch_first boolean
---@field dropout number
---@field bidirectional boolean
---@field proj_size integer|integer[]
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x, given) end

end

---nn.LSTM(input_size, hidden_size, num_layers = 1, {bias = true, batch_first = false, dropout = 0,
---bidirectional = false, proj_size = 0}): long short-term memory (Hochreiter and Schmidhuber,
---1997). y, state = lstm(x, state): x and y as for nn.RNN; a state is {h, c}, h (D * num_layers,
---B, P), c (D * num_layers, B, hidden). With proj_size outputs and h are projected to P =
---proj_size columns.
---@class tocha.nn.LSTM.class: tocha.Class
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], num_layers?: integer, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, proj_size?: integer|integer[], ...: any): tocha.nn.LSTM
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], options: {num_layers?: integer, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, proj_size?: integer|integer[], device?: string, dtype?: tocha.dtype}): tocha.nn.LSTM
---@overload fun(hidden_size: integer|integer[], num_layers?: integer, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, proj_size?: integer|integer[], device?: string, ...: any): tocha.nn.LSTM
---@overload fun(hidden_size: integer|integer[], options: {num_layers?: integer, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, proj_size?: integer|integer[], device?: string, dtype?: tocha.dtype}): tocha.nn.LSTM
nn.LSTM = {}

do
---@class tocha.nn.LSTMCell: tocha.nn.Module
---@field input_size integer|integer[]
---@field hidden_size integer|integer[]
---@field bias boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x, given) end

end

---nn.LSTMCell(input_size, hidden_size, bias = true): a step of nn.LSTM. h, c = cell(x, {h, c}):
---sizes as for nn.RNNCell.
---@class tocha.nn.LSTMCell.class: tocha.Class
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], bias?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.LSTMCell
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], options: {bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.LSTMCell
---@overload fun(hidden_size: integer|integer[], bias?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.LSTMCell
---@overload fun(hidden_size: integer|integer[], options: {bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.LSTMCell
nn.LSTMCell = {}

do
---@class tocha.nn.Lambda: tocha.nn.Module
---@field f function
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object.extra_repr() end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(...) end

end

---nn.Lambda(f): a layer that calls f(x).
---@class tocha.nn.Lambda.class: tocha.Class
---@overload fun(f: function): tocha.nn.Lambda
nn.Lambda = {}

do
---@class tocha.nn.LayerNorm: tocha.nn.Module
---@field normalized_shape any
---@field eps number
---@field elementwise_affine boolean
---@field bias boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x)
---nn.LayerNorm(normalized_shape, {eps =, elementwise_affine =, bias =}): over the last dimensions.
---@return any ...
function object:forward(x) end

end

---nn.LayerNorm(normalized_shape, {eps =, elementwise_affine =, bias =}): over the last dimensions.
---@class tocha.nn.LayerNorm.class: tocha.Class
---@overload fun(normalized_shape: any, eps?: number, elementwise_affine?: boolean, bias?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.LayerNorm
---@overload fun(normalized_shape: any, options: {eps?: number, elementwise_affine?: boolean, bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.LayerNorm
nn.LayerNorm = {}

---nn.LazyBatchNorm1d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyBatchNorm1d(...) end

---nn.LazyBatchNorm2d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyBatchNorm2d(...) end

---nn.LazyBatchNorm3d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyBatchNorm3d(...) end

---nn.LazyConv1d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyConv1d(...) end

---nn.LazyConv2d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyConv2d(...) end

---nn.LazyConv3d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyConv3d(...) end

---nn.LazyConvTranspose1d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyConvTranspose1d(...) end

---nn.LazyConvTranspose2d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyConvTranspose2d(...) end

---nn.LazyConvTranspose3d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyConvTranspose3d(...) end

---nn.LazyInstanceNorm1d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyInstanceNorm1d(...) end

---nn.LazyInstanceNorm2d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyInstanceNorm2d(...) end

---nn.LazyInstanceNorm3d(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyInstanceNorm3d(...) end

---nn.LazyLinear(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyLinear(...) end

---nn.LazyMaxout(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazyMaxout(...) end

---nn.LazySyncBatchNorm(...)
---nn.LazyName(...): nn.Name without its first argument, which comes from the first input.
---@return any ...
function nn.LazySyncBatchNorm(...) end

do
---@class tocha.nn.LeakyReLU: tocha.nn.Module
---@field negative_slope number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.LeakyReLU(negative_slope = 0.01, inplace = false)
---x where positive, else `negative_slope` x.
---It calls the operation leaky_relu(input, negative_slope = 0.01)
---@class tocha.nn.LeakyReLU.class: tocha.Class
---@overload fun(negative_slope?: number, inplace?: boolean): tocha.nn.LeakyReLU
---@overload fun(options: {negative_slope?: number, inplace?: boolean}): tocha.nn.LeakyReLU
nn.LeakyReLU = {}

do
---@class tocha.nn.Linear: tocha.nn.Module
---@field in_features integer
---@field out_features integer
---@field bias boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x)
---nn.Linear(in_features, out_features, bias = true): y = x weight' + bias on the last dimension.
---nn.Linear(out_features) learns in_features from its first input.
---@return any ...
function object:forward(x) end

end

---nn.Linear(in_features, out_features, bias = true): y = x weight' + bias on the last dimension.
---nn.Linear(out_features) learns in_features from its first input.
---@class tocha.nn.Linear.class: tocha.Class
---@overload fun(in_features: integer, out_features: integer, bias?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.Linear
---@overload fun(in_features: integer, out_features: integer, options: {bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.Linear
---@overload fun(out_features: integer, bias?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.Linear
---@overload fun(out_features: integer, options: {bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.Linear
nn.Linear = {}

do
---@class tocha.nn.LinearCrossEntropyLoss: tocha.nn.Module
---@field in_features integer
---@field num_classes integer
---@field out_features integer
---@field bias boolean
---@field weight any
---@field reduction string
---@field ignore_index number
---@field label_smoothing number
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x, target)
---nn.LinearCrossEntropyLoss(in_features, num_classes, {out_features = {}, bias = false, ...}):
---loss(x, target) is the cross entropy of linear(x), with x (N, in_features) and target (N,
---out_features...) of ids from 1, or of probabilities (N, C, out_features...).
---@return any ...
function object:forward(x, target) end

end

---nn.LinearCrossEntropyLoss(in_features, num_classes, {out_features = {}, bias = false, ...}):
---loss(x, target) is the cross entropy of linear(x), with x (N, in_features) and target (N,
---out_features...) of ids from 1, or of probabilities (N, C, out_features...).
---@class tocha.nn.LinearCrossEntropyLoss.class: tocha.Class
---@overload fun(in_features: integer, num_classes: integer, out_features?: integer, bias?: boolean, weight?: any, reduction?: string, ignore_index?: number, label_smoothing?: number, ...: any): tocha.nn.LinearCrossEntropyLoss
---@overload fun(in_features: integer, num_classes: integer, options: {out_features?: integer, bias?: boolean, weight?: any, reduction?: string, ignore_index?: number, label_smoothing?: number, device?: string, dtype?: tocha.dtype}): tocha.nn.LinearCrossEntropyLoss
nn.LinearCrossEntropyLoss = {}

do
---@class tocha.nn.LocalResponseNorm: tocha.nn.Module
---@field size any
---@field alpha number
---@field beta number
---@field k number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.LocalResponseNorm(size, alpha = 1e-4, beta = 0.75, k = 1)
---Normalisation: batch, instance, layer, RMS, group, local response.
---
---nn.BatchNorm2d() without a number of features learns it from its first input.
---@class tocha.nn.LocalResponseNorm.class: tocha.Class
---@overload fun(size: any, alpha?: number, beta?: number, k?: number): tocha.nn.LocalResponseNorm
---@overload fun(size: any, options: {alpha?: number, beta?: number, k?: number}): tocha.nn.LocalResponseNorm
nn.LocalResponseNorm = {}

do
---@class tocha.nn.LogSigmoid: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.LogSigmoid()
---Logarithm of sigmoid.
---It calls the operation logsigmoid(input)
---@class tocha.nn.LogSigmoid.class: tocha.Class
---@overload fun(): tocha.nn.LogSigmoid
nn.LogSigmoid = {}

do
---@class tocha.nn.LogSoftmax: tocha.nn.Module
---@field dim number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.LogSoftmax(dim = -1)
---Logarithm of `softmax`, exact where that is nearly 0.
---It calls the operation log_softmax(input, dim = -1, dtype?)
---@class tocha.nn.LogSoftmax.class: tocha.Class
---@overload fun(dim?: number): tocha.nn.LogSoftmax
---@overload fun(options: {dim?: number}): tocha.nn.LogSoftmax
nn.LogSoftmax = {}

do
---@class tocha.nn.Loss: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object:backward(y) end

end

---nn.Loss(...)
---Losses: each calls the operation of its name with the options it was made with.
---
---criterion(y, target), or Torch's criterion:forward(y, target) and criterion:backward(y, target),
---which returns the gradient with respect to y. Class labels count from 1.
---@class tocha.nn.Loss.class: tocha.Class
---@overload fun(...: any): tocha.nn.Loss
nn.Loss = {}

do
---@class tocha.nn.MSELoss: tocha.nn.Loss
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.MSELoss(reduction = 'mean')
---Squared differences of input and target.
---It calls the operation mse_loss(input, target, reduction = "mean")
---@class tocha.nn.MSELoss.class: tocha.Class
---@overload fun(reduction?: string): tocha.nn.MSELoss
---@overload fun(options: {reduction?: string}): tocha.nn.MSELoss
nn.MSELoss = {}

do
---@class tocha.nn.MarginRankingLoss: tocha.nn.Loss
---@field margin number
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.MarginRankingLoss(margin = 0.0, reduction = 'mean')
---max(0, -target (input1 - input2) + margin), the targets being 1 or -1.
---It calls the operation margin_ranking_loss(input1, input2, target, margin = 0, reduction = "mean")
---@class tocha.nn.MarginRankingLoss.class: tocha.Class
---@overload fun(margin?: number, reduction?: string): tocha.nn.MarginRankingLoss
---@overload fun(options: {margin?: number, reduction?: string}): tocha.nn.MarginRankingLoss
nn.MarginRankingLoss = {}

do
---@class tocha.nn.MaxPool1d: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field dilation integer|integer[]
---@field return_indices boolean
---@field ceil_mode boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.MaxPool1d(kernel_size, stride = nil, padding = 0, dilation = 1, return_indices = false, ceil_mode = false)
---Largest elements of windows over 1 dimension; with `return_indices` also where they are in their plane, from 1.
---It calls the operation max_pool1d(input, kernel_size, stride?, padding = 0, dilation = 1, ceil_mode = false, return_indices = false)
---@class tocha.nn.MaxPool1d.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], return_indices?: boolean, ceil_mode?: boolean): tocha.nn.MaxPool1d
---@overload fun(kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], return_indices?: boolean, ceil_mode?: boolean}): tocha.nn.MaxPool1d
nn.MaxPool1d = {}

do
---@class tocha.nn.MaxPool2d: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field dilation integer|integer[]
---@field return_indices boolean
---@field ceil_mode boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.MaxPool2d(kernel_size, stride = nil, padding = 0, dilation = 1, return_indices = false, ceil_mode = false)
---Largest elements of windows over 2 dimensions; with `return_indices` also where they are in their plane, from 1.
---It calls the operation max_pool2d(input, kernel_size, stride?, padding = 0, dilation = 1, ceil_mode = false, return_indices = false)
---@class tocha.nn.MaxPool2d.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], return_indices?: boolean, ceil_mode?: boolean): tocha.nn.MaxPool2d
---@overload fun(kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], return_indices?: boolean, ceil_mode?: boolean}): tocha.nn.MaxPool2d
nn.MaxPool2d = {}

do
---@class tocha.nn.MaxPool3d: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field dilation integer|integer[]
---@field return_indices boolean
---@field ceil_mode boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.MaxPool3d(kernel_size, stride = nil, padding = 0, dilation = 1, return_indices = false, ceil_mode = false)
---Largest elements of windows over 3 dimensions; with `return_indices` also where they are in their plane, from 1.
---It calls the operation max_pool3d(input, kernel_size, stride?, padding = 0, dilation = 1, ceil_mode = false, return_indices = false)
---@class tocha.nn.MaxPool3d.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], return_indices?: boolean, ceil_mode?: boolean): tocha.nn.MaxPool3d
---@overload fun(kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], return_indices?: boolean, ceil_mode?: boolean}): tocha.nn.MaxPool3d
nn.MaxPool3d = {}

do
---@class tocha.nn.MaxUnpool1d: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x, indices, output_size)
---unpool(x, indices, output_size): zeros but for the places that MaxPool found.
---@return any ...
function object:forward(x, indices, output_size) end

end

---nn.MaxUnpool1d(kernel_size, stride = nil, padding = 0)
---Zeros with the elements of `input` where max pooling over 1 dimension found them.
---It calls the operation max_unpool1d(input, indices, kernel_size, stride?, padding = 0, output_size?)
---@class tocha.nn.MaxUnpool1d.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string): tocha.nn.MaxUnpool1d
---@overload fun(kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string}): tocha.nn.MaxUnpool1d
nn.MaxUnpool1d = {}

do
---@class tocha.nn.MaxUnpool2d: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x, indices, output_size)
---unpool(x, indices, output_size): zeros but for the places that MaxPool found.
---@return any ...
function object:forward(x, indices, output_size) end

end

---nn.MaxUnpool2d(kernel_size, stride = nil, padding = 0)
---Zeros with the elements of `input` where max pooling over 2 dimensions found them.
---It calls the operation max_unpool2d(input, indices, kernel_size, stride?, padding = 0, output_size?)
---@class tocha.nn.MaxUnpool2d.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string): tocha.nn.MaxUnpool2d
---@overload fun(kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string}): tocha.nn.MaxUnpool2d
nn.MaxUnpool2d = {}

do
---@class tocha.nn.MaxUnpool3d: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x, indices, output_size)
---unpool(x, indices, output_size): zeros but for the places that MaxPool found.
---@return any ...
function object:forward(x, indices, output_size) end

end

---nn.MaxUnpool3d(kernel_size, stride = nil, padding = 0)
---Zeros with the elements of `input` where max pooling over 3 dimensions found them.
---It calls the operation max_unpool3d(input, indices, kernel_size, stride?, padding = 0, output_size?)
---@class tocha.nn.MaxUnpool3d.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string): tocha.nn.MaxUnpool3d
---@overload fun(kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string}): tocha.nn.MaxUnpool3d
nn.MaxUnpool3d = {}

do
---@class tocha.nn.Maxout: tocha.nn.Module
---@field in_features integer
---@field out_features integer
---@field num_pieces integer
---@field bias boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x)
---nn.Maxout(in_features, out_features, num_pieces, bias = true): each output is the largest of
---`num_pieces` linear functions. Goodfellow et al., "Maxout networks" (2013). nn.Maxout(
---out_features, num_pieces) learns in_features from its first input.
---@return any ...
function object:forward(x) end

end

---nn.Maxout(in_features, out_features, num_pieces, bias = true): each output is the largest of
---`num_pieces` linear functions. Goodfellow et al., "Maxout networks" (2013). nn.Maxout(
---out_features, num_pieces) learns in_features from its first input.
---@class tocha.nn.Maxout.class: tocha.Class
---@overload fun(in_features: integer, out_features: integer, num_pieces: integer, bias?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.Maxout
---@overload fun(in_features: integer, out_features: integer, num_pieces: integer, options: {bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.Maxout
---@overload fun(out_features: integer, num_pieces: integer, bias?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.Maxout
---@overload fun(out_features: integer, num_pieces: integer, options: {bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.Maxout
nn.Maxout = {}

do
---@class tocha.nn.Mish: tocha.nn.Module
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Mish(inplace = false)
---x tanh(softplus(x)).
---It calls the operation mish(input)
---@class tocha.nn.Mish.class: tocha.Class
---@overload fun(inplace?: boolean): tocha.nn.Mish
---@overload fun(options: {inplace?: boolean}): tocha.nn.Mish
nn.Mish = {}

do
---@class tocha.nn.Model: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:entries(): its own parameters, buffers and submodules, as a list of { name, value, kind
---}, where kind is "parameter", "buffer", "temporary" (not saved) or "module".
---@return any ...
function object:entries() end

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object:extra_repr() end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(...) end

---model:get_layer(name or place)
---@return any ...
function object:get_layer(key) end

---model:input_names(): of the inputs, in order: their own, or "input_1" ...
---@return any ...
function object:input_names() end

---model:layer_sources(): layer -> the names of the layers and inputs that its calls take.
---@return any ...
function object:layer_sources() end

---model:name_layers(): layer -> name; classes may have their own way.
---@return any ...
function object:name_layers() end

---model:output_of(name or place): the symbolic result of a layer (of its first call), for a model
---that ends there: nn.Model{inputs = model.inputs, outputs = model:output_of "conv2d_2"}.
---@return any ...
function object:output_of(key) end

---model:symbolic_inputs(): its arguments, as symbolic tensors.
---@return any ...
function object:symbolic_inputs() end

end

---nn.Model{inputs = x, outputs = y, name =}, nn.Model(x, y): x and y are symbolic tensors, or
---lists or tables by name of them. The model is called with what `inputs` looks like, or with a
---list's elements one by one, and returns what `outputs` looks like. Inputs may lie anywhere in a
---graph.
---@class tocha.nn.Model.class: tocha.Class
---@overload fun(...: any): tocha.nn.Model
nn.Model = {}

do
---@class tocha.nn.Module: tocha.Object
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---add_module(self, name, module)
---module:register_parameter(name, p), module:add_module(name, m), also register_module: as
---assigning a field. Nil for `p`: there is none.
---@return any ...
function object:add_module(name, module) end

---module:apply(f): f(m) for every submodule, then for the module itself.
---@return any ...
function object:apply(f) end

---module:backward(x, gradOutput): after module:forward(x). Adds to the gradients of the parameters
---and returns gradInput, the gradient with respect to x. Derived from the tape, for every module.
---@return any ...
function object:backward(x, grad_output) end

---@return tocha.Tensor[]
function object:buffers(recurse) end

---module:children(): the direct submodules; named_children(): for name, child in ... do
---@return tocha.nn.Module[]
function object:children() end

---clear_state(self)
---Forgets output, gradInput and what backward would need.
---@return any ...
function object:clear_state() end

---module:clone(): a deep copy; what was shared inside is shared inside the copy.
---@return any ...
function object:clone() end

---model:compile{optimizer = "rmsprop", loss =, metrics =, loss_weights =, weighted_metrics =,
---regularizer =}: what fit and evaluate use. Also compile(optimizer, loss, ...). Returns the
---model.
---
---optimizer: one of tocha.optim, its name ("adam"), {"adam", lr = 0.01} or a function of the
---parameters; model.optimizer afterwards. The defaults are tocha.optim's, which are PyTorch's.
---loss: a name, {name, option = ...}, a criterion of tocha.nn, or function(output, target); for
---several outputs a list of them (or a table by name), with loss_weights. metrics: a list of names
---("accuracy"), {"top_k", k = 3}, train.metrics objects, or functions; for several outputs a list
---of such lists. weighted_metrics: those that take sample weights. regularizer: function(model) ->
---scalar, added to the loss.
---@return any ...
function object:compile(...) end

---module:cpu(), module:cuda(device): to the host, to a CUDA device (its number; the current one).
---@return any ...
function object:cpu() end

---cuda(self, device)
---module:cpu(), module:cuda(device): to the host, to a CUDA device (its number; the current one).
---@return any ...
function object:cuda(device) end

---module:entries(): its own parameters, buffers and submodules, as a list of { name, value, kind
---}, where kind is "parameter", "buffer", "temporary" (not saved) or "module".
---@return any ...
function object:entries() end

---module:eval(): evaluation mode; Torch's name is evaluate().
---@return any ...
function object:eval() end

---model:evaluate{x =, y =, batch_size = 32}: the loss, then the metrics in their order; with
---return_dict = true a table by name. x may be a data set or a loader, as in fit. The model is in
---evaluation mode meanwhile, and nothing is recorded. model:evaluate(), without an argument, is
---Torch's: evaluation mode.
---@return any ...
function object:evaluate(...) end

---Module:extend(name, args): a new class; `args` is the signature of its constructor
---(signature.lua).
---@return any ...
function object:extend(name, args) end

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object:extra_repr() end

---model:fit{x =, y =, epochs = 1, batch_size = 32, ...}: trains, and returns the history. Also
---fit(x, y, {...}).
---
---x, y: tensors, or lists of tensors for several inputs and outputs; x may be a data set, a loader
---or a function that gives an iterator of batches (also called `data`). shuffle = true, anew each
---epoch; does not concern loaders. sample_weight: (N), a factor of each example's loss.
---class_weight: {[class] = factor}.
---
---validation_data = {x, y}, a data set or a loader; or validation_split = 0.1: the last part of x
---and y, as they are. validation_freq: every so many epochs, or a list of epochs.
---
---epochs is the number of the last epoch, initial_epoch = 1 that of the first. steps_per_epoch:
---batches of an epoch, which may then be less or more than a pass.
---
---accumulate = k: one step for every k batches. clip_norm, clip_value: of the gradients. schedule:
---an optim.lr_scheduler, or function(epoch, lr) -> lr. callbacks: a list. verbose = 1, 0 or 2.
---
---resume = "run.ckpt": goes on from that file where it is there, and keeps it up to date, after
---every epoch, every five minutes and, with save_freq = n, every n batches.
---@return any ...
function object:fit(...) end

---module:forget(name): takes a field out, and its place in the order.
---@return any ...
function object:forget(name) end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward() end

---module:freeze(example..., options), module:freeze(sizes..., options), module:freeze(options): a
---network for inference, as the module is in evaluation mode: layers fused, memory planned, no
---memory taken in a call. Examples are tensors with the batch; sizes are those of one input
---without it, planned for a batch of `batch` (1). Without either the first call plans; other
---shapes are planned when they come. A call returns the same tensors each time: clone() what is to
---stay, or give {copy = true}. {int8 = true}: weights of linear layers and convolutions as 8-bit
---integers with a scale for each output. The module stays as it is; print(frozen) shows the plan.
---@return any ...
function object:freeze(...) end

---module:freeze_parameters(what): parameters get no gradients from now on; all of them, or those
---whose names match a Lua pattern ("^features%."), those of modules of a class (nn.BatchNorm2d),
---of a module inside it, those for which what(name, value) is true, or a list of these. Returns
---the module.
---@return any ...
function object:freeze_parameters(what) end

---get_buffer(self, path)
---module:get_parameter "layer1.0.weight", module:get_buffer "bn.running_mean"
---@return any ...
function object:get_buffer(path) end

---module:get_parameter "layer1.0.weight", module:get_buffer "bn.running_mean"
---@return any ...
function object:get_parameter(path) end

---module:get_submodule "layer1.0.conv1"; the empty name is the module itself.
---@return any ...
function object:get_submodule(path) end

---module:infer(x): the same, from the first input.
---@return any ...
function object:infer(x) end

---module:load(file, {strict = true, prefix = nil}): weights from a file that tocha.load reads, or
---from the table that it gave. They are looked for in checkpoints too, and a first part that all
---names share is left out. Returns a report { matched, missing, unexpected, shapes } that prints.
---Under strict anything but a full match (counters of batches aside) is an error that prints it;
---otherwise only what fits is loaded, and it is an error where nothing does. Nothing is changed
---when there is an error.
---@return any ...
function object:load(file, given) end

---module:load_state_dict(dict, {strict = true, prefix = nil, assign = false}): copies the values
---in; with `assign` the parameters share the memory of the tensors in `dict` from then on, and
---have their dtype. Under strict every name must fit; shapes must always. Returns { missing =
---names, unexpected = names }. Nothing is changed when there is an error. Hooks of
---register_load_state_dict_pre_hook get (module, dict, prefix) and may rename what is in this copy
---of dict; those of register_load_state_dict_post_hook get (module, result).
---@return any ...
function object:load_state_dict(dict, options) end

---module:locate "layer1.0.weight": the table that holds what is named, and the key in it.
---@return any ...
function object:locate(path) end

---@return tocha.nn.Module[]
function object:modules(recurse) end

---@return any ...
function object:named_buffers(prefix, recurse) end

---named_children(self)
---module:children(): the direct submodules; named_children(): for name, child in ... do
---@return any ...
function object:named_children() end

---module:named_matching(what): for name, m in ... do, the modules inside it (and itself, named "")
---that match: `what` is a class (nn.Conv2d), a Lua pattern of names ("^layer1%."), a predicate
---(name, module), or a list of these.
---@return any ...
function object:named_matching(what) end

---@return any ...
function object:named_modules(prefix, recurse) end

---@return any ...
function object:named_parameters(prefix, recurse) end

---module:num_parameters(trainable = false): how many numbers its parameters hold.
---@return integer
function object:num_parameters(trainable) end

---@return tocha.Tensor[]
function object:parameters(recurse) end

---model:predict(x, {batch_size = 32}): the outputs for all examples, (N, ...); of several outputs
---a list. x: a tensor, a list of inputs, a data set or a loader, of which the first value counts.
---The model is in evaluation mode meanwhile, and nothing is recorded.
---@return any ...
function object:predict(...) end

---module:put_raw(name, value): sets a field that is there, whatever its class does then.
---@return any ...
function object:put_raw(name, value) end

---module:register_buffer(name, tensor, persistent = true): state that is saved and moved, not
---trained.
---@return any ...
function object:register_buffer(name, x, persistent) end

---module:register_parameter(name, p), module:add_module(name, m), also register_module: as
---assigning a field. Nil for `p`: there is none.
---@return any ...
function object:register_parameter(name, p) end

---module:replace(what, new): puts `new` in the place of every module that matches; `what` is a
---class, a module, a Lua pattern of names, a predicate (name, module) or a list of these, and
---`new` a module or a function of (old, name) that makes one (nil: the old one stays). One that is
---used twice is replaced by one. Torch's module:replace(f) calls f for every module. Returns the
---module (its replacement, where it matched itself) and how many places changed.
---
---    net:replace(nn.ReLU, function() return nn.GELU() end)
---@return any ...
function object:replace(what, new) end

---module:requires_grad_(flag = true): freezes (false) or thaws all parameters.
---@return any ...
function object:requires_grad_(flag) end

---module:set_size(n): the input size that was left out.
---@return any ...
function object:set_size(n) end

---module:set_submodule("layer1.0.conv1", new): puts a module where the name leads.
---@return any ...
function object:set_submodule(path, new) end

---module:state_dict(prefix = ""): name -> tensor for all parameters and buffers. The tensors share
---memory with the module and are off the tape. Hooks of register_state_dict_pre_hook get (module,
---prefix), those of register_state_dict_post_hook (module, dict, prefix) and may change dict.
---@return table<string, any>
function object:state_dict(prefix) end

---module:summary(sizes..., {depth = 1, dtype = "float32", print = print}), such as
---net:summary(3, 224, 224): the sizes of the input without the batch; for several inputs a list
---each, or tensors. Models of nn.Input know theirs. `depth` says how far submodules of submodules
---are listed; `print` is called with the text, or not when false.
---
---Returns { rows, total, trainable, non_trainable, bytes, multiply_adds, activations (bytes of
---what layers without parts give) }, the last two for one example; a row is { name, type,
---output_shape (false for the batch and what varies), output_shapes, parameters, trainable,
---multiply_adds, connected_to = names, module, level }. tostring gives the text.
---@return any ...
function object:summary(...) end

---module:to(dtype or device or {dtype =, device =, memory_format =}): converts floating parameters
---and buffers; moves all. `memory_format = "channels_last"` lays those of four dimensions out with
---their channels last ("channels_last_3d": of five), and so are then the results of convolutions.
---@return any ...
function object:to(...) end

---module:train(mode = true): training mode for it and all it holds; Torch's name is training().
---@return any ...
function object:train(flag) end

---training(self)
---module:train(mode = true): training mode for it and all it holds; Torch's name is training().
---@return any ...
function object:training() end

---module:type(dtype): the same as module:to(dtype).
---@return any ...
function object:type(dtype) end

---module:unfreeze_parameters(what): the contrary.
---@return any ...
function object:unfreeze_parameters(what) end

---module:visit(f, prefix = ""): calls f(name, value, kind) for the module and all it holds; what
---is shared is visited as often as it is named.
---@return any ...
function object:visit(f, prefix) end

---module:zero_grad(set_to_none = true)
---@return any ...
function object:zero_grad(set_to_none) end

end

---nn.Module(...)
---nn.Module: what every layer, loss and network is.
---
---    local Net = nn.Module:extend "Net"
---    function Net:new() self.fc = nn.Linear(784, 10) end
---    function Net:forward(x) return self.fc(x:flatten(2)) end
---
---Parameters, buffers and submodules are its fields, in the order in which they were assigned;
---plain tables of modules count too. `net(x)` computes. `net:forward(x)` computes and keeps what
---Torch's `net:backward(x, gradOutput)` needs. In names, places in lists count from 0 ("0.weight"
---is the weight of net[1]), as in PyTorch's files. `is_training` tells the mode. Fields whose name
---begins with "_", `output` and `gradInput` are never searched.
---@class tocha.nn.Module.class: tocha.Class
---@overload fun(...: any): tocha.nn.Module
nn.Module = {}

do
---@class tocha.nn.ModuleDict: tocha.nn.Module
---@field given any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---accept(self, value)
---list.as_module(self, value): a module, or a function as a layer.
---@return any ...
function object:accept(value) end

---dict:clear(): empties it.
---@return any ...
function object:clear() end

---dict:contains(name): is there one of that name?
---@return any ...
function object:contains(name) end

---dict:copy(): another dict with the same things.
---@return any ...
function object:copy() end

---module:entries(): its own parameters, buffers and submodules, as a list of { name, value, kind
---}, where kind is "parameter", "buffer", "temporary" (not saved) or "module".
---@return any ...
function object:entries() end

---Module:extend(name, args): a new class; `args` is the signature of its constructor
---(signature.lua).
---@return any ...
function object.extend(class, ...) end

---dict:get(name, default)
---@return any ...
function object:get(name, default) end

---dict:items(): for name, thing in ... do
---@return any ...
function object:items() end

---dict:keys(): the list of names.
---@return any ...
function object:keys() end

---dict:pop(name, default): takes it out and returns it.
---@return any ...
function object:pop(name, default) end

---dict:popitem(): takes the last one out; returns its name and itself.
---@return any ...
function object:popitem() end

---module:put_raw(name, value): sets a field that is there, whatever its class does then.
---@return any ...
function object:put_raw(name, value) end

---dict:set(name, thing): what dict[name] = thing does.
---@return any ...
function object:set(name, value) end

---dict:setdefault(name, default): the thing of that name, which becomes the default if there is
---none.
---@return any ...
function object:setdefault(name, default) end

---dict:update(other): takes over all of another dict, of a list of pairs {name, thing}, or of a
---plain table (sorted by name).
---@return any ...
function object:update(other) end

---dict:values(): for thing in ... do
---@return any ...
function object:values() end

end

---nn.ModuleDict{{"name", module}, ...} or nn.ModuleDict{name = module, ...} (then sorted by name).
---@class tocha.nn.ModuleDict.class: tocha.Class
---@overload fun(given?: any): tocha.nn.ModuleDict
---@overload fun(options: {given?: any}): tocha.nn.ModuleDict
nn.ModuleDict = {}

do
---@class tocha.nn.ModuleList: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---accept(self, value)
---list.as_module(self, value): a module, or a function as a layer.
---@return any ...
function object:accept(value) end

---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:append(value, name) end

---list:clear(): empties it.
---@return any ...
function object:clear() end

---Module:extend(name, args): a new class; `args` is the signature of its constructor
---(signature.lua).
---@return any ...
function object:extend(...) end

---list:insert(place, thing, name): puts it there, before what was there.
---@return any ...
function object:insert(place, value, name) end

---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:pop(place) end

---remove(self, place)
---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:remove(place) end

---list:slice(first = 1, last = -1): a new list of the same kind with these; they are shared.
---@return any ...
function object:slice(first, last) end

---list:values(): for place, thing in ... do; ipairs(list) does the same.
---@return any ...
function object:values() end

end

---nn.ModuleList(...)
---What modules that are lists of things have in common: Sequential, ModuleList, ParameterList and
---the branches. Places count from 1, negative ones from the end; list[-1] is the last.
---
---    list.equip(class, accept)
---
---gives a class these methods; accept(list, value) returns what is to be stored, or fails. A thing
---with a name of its own, given as {"name", thing}, is also a field.
---@class tocha.nn.ModuleList.class: tocha.Class
---@overload fun(...: any): tocha.nn.ModuleList
nn.ModuleList = {}

do
---@class tocha.nn.Mul: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(first, ...) end

end

---nn.Mul()
---nn.Add(), nn.Mul(): the sum or product of several inputs; nn.Cat(dim = 2): one behind the
---other. Torch's CAddTable, CMulTable and JoinTable.
---@class tocha.nn.Mul.class: tocha.Class
---@overload fun(): tocha.nn.Mul
nn.Mul = {}

do
---@class tocha.nn.MultiLabelMarginLoss: tocha.nn.Loss
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.MultiLabelMarginLoss(reduction = 'mean')
---Sum over pairs of a target class and another of max(0, 1 - x[target] + x[other]), over the number of classes. A row of `target` lists its class ids up to the first 0.
---It calls the operation multilabel_margin_loss(input, target, reduction = "mean")
---@class tocha.nn.MultiLabelMarginLoss.class: tocha.Class
---@overload fun(reduction?: string): tocha.nn.MultiLabelMarginLoss
---@overload fun(options: {reduction?: string}): tocha.nn.MultiLabelMarginLoss
nn.MultiLabelMarginLoss = {}

do
---@class tocha.nn.MultiLabelSoftMarginLoss: tocha.nn.Loss
---@field weight any
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.MultiLabelSoftMarginLoss(weight = nil, reduction = 'mean')
---Mean over classes of the binary cross entropy of logits and 0-or-1 targets.
---It calls the operation multilabel_soft_margin_loss(input, target, weight?, reduction = "mean")
---@class tocha.nn.MultiLabelSoftMarginLoss.class: tocha.Class
---@overload fun(weight?: any, reduction?: string): tocha.nn.MultiLabelSoftMarginLoss
---@overload fun(options: {weight?: any, reduction?: string}): tocha.nn.MultiLabelSoftMarginLoss
nn.MultiLabelSoftMarginLoss = {}

do
---@class tocha.nn.MultiMarginLoss: tocha.nn.Loss
---@field p number
---@field margin number
---@field weight any
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.MultiMarginLoss(p = 1, margin = 1.0, weight = nil, reduction = 'mean')
---Sum over the other classes of max(0, margin - x[own] + x[other]) ^ p, over the number of classes.
---It calls the operation multi_margin_loss(input, target, p = 1, margin = 1, weight?, reduction = "mean")
---@class tocha.nn.MultiMarginLoss.class: tocha.Class
---@overload fun(p?: number, margin?: number, weight?: any, reduction?: string): tocha.nn.MultiMarginLoss
---@overload fun(options: {p?: number, margin?: number, weight?: any, reduction?: string}): tocha.nn.MultiMarginLoss
nn.MultiMarginLoss = {}

do
---@class tocha.nn.MultiheadAttention: tocha.nn.Module
---@field embed_dim integer
---@field num_heads integer
---@field dropout number
---@field bias boolean
---@field add_bias_kv boolean
---@field add_zero_attn boolean
---@field kdim any
---@field vdim any
---@field batch_first boolean
---@field device string
---@field dtype tocha.dtype
---@field rotary any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, ...)
---nn.MultiheadAttention(embed_dim, num_heads, {dropout = 0, bias = true, add_bias_kv = false,
---add_zero_attn = false, kdim = embed_dim, vdim = embed_dim, batch_first = false, rotary = nil}):
---attention of several heads (Vaswani et al., 2017). `rotary`, an nn.RotaryEmbedding of the width
---of a head, turns queries and keys.
---
---mha(query, key = query, value = key, {key_padding_mask =, need_weights = true, attn_mask =,
---average_attn_weights = true, is_causal = false, cache = nil}): inputs are (L, B, E), (B, L, E)
---with `batch_first`, or (L, E). Returns the output, and the weights (B, L, S) unless need_weights
---is false, for each head (B, heads, L, S) with average_attn_weights = false. Masks are boolean,
---true where a key is hidden, or floating and added: key_padding_mask (B, S), attn_mask (L, S),
---(B * heads, L, S) or (B, heads, L, S), where 1 stands for all. is_causal hides what comes later,
---beside attn_mask. `cache` is an nn.KVCache; masks are over all of its tokens.
---@return any ...
function object:forward(...) end

end

---nn.MultiheadAttention(embed_dim, num_heads, {dropout = 0, bias = true, add_bias_kv = false,
---add_zero_attn = false, kdim = embed_dim, vdim = embed_dim, batch_first = false, rotary = nil}):
---attention of several heads (Vaswani et al., 2017). `rotary`, an nn.RotaryEmbedding of the width
---of a head, turns queries and keys.
---
---mha(query, key = query, value = key, {key_padding_mask =, need_weights = true, attn_mask =,
---average_attn_weights = true, is_causal = false, cache = nil}): inputs are (L, B, E), (B, L, E)
---with `batch_first`, or (L, E). Returns the output, and the weights (B, L, S) unless need_weights
---is false, for each head (B, heads, L, S) with average_attn_weights = false. Masks are boolean,
---true where a key is hidden, or floating and added: key_padding_mask (B, S), attn_mask (L, S),
---(B * heads, L, S) or (B, heads, L, S), where 1 stands for all. is_causal hides what comes later,
---beside attn_mask. `cache` is an nn.KVCache; masks are over all of its tokens.
---@class tocha.nn.MultiheadAttention.class: tocha.Class
---@overload fun(embed_dim: integer, num_heads: integer, dropout?: number, bias?: boolean, add_bias_kv?: boolean, add_zero_attn?: boolean, kdim?: any, vdim?: any, ...: any): tocha.nn.MultiheadAttention
---@overload fun(embed_dim: integer, num_heads: integer, options: {dropout?: number, bias?: boolean, add_bias_kv?: boolean, add_zero_attn?: boolean, kdim?: any, vdim?: any, batch_first?: boolean, device?: string, dtype?: tocha.dtype, rotary?: any}): tocha.nn.MultiheadAttention
nn.MultiheadAttention = {}

do
---@class tocha.nn.NLLLoss: tocha.nn.Loss
---@field weight any
---@field ignore_index number
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.NLLLoss(weight = nil, ignore_index = -100, reduction = 'mean')
---Minus the log-probability of the class (ids from 1), weighted. `ignore_index`: the id that does not count.
---It calls the operation nll_loss(input, target, weight?, ignore_index?, reduction = "mean")
---@class tocha.nn.NLLLoss.class: tocha.Class
---@overload fun(weight?: any, ignore_index?: number, reduction?: string): tocha.nn.NLLLoss
---@overload fun(options: {weight?: any, ignore_index?: number, reduction?: string}): tocha.nn.NLLLoss
nn.NLLLoss = {}

do
---@class tocha.nn.PReLU: tocha.nn.Module
---@field num_parameters integer
---@field init number
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.PReLU(num_parameters = 1, init = 0.25): a slope that is learned, one or one a channel.
---@class tocha.nn.PReLU.class: tocha.Class
---@overload fun(num_parameters?: integer, init?: number, device?: string, dtype?: tocha.dtype): tocha.nn.PReLU
---@overload fun(options: {num_parameters?: integer, init?: number, device?: string, dtype?: tocha.dtype}): tocha.nn.PReLU
nn.PReLU = {}

do
---@class tocha.nn.PairwiseDistance: tocha.nn.Module
---@field p number
---@field eps number
---@field keepdim boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(a, b) end

end

---nn.PairwiseDistance(p = 2, eps = 1e-6, keepdim = false): the p-norm of x1 - x2 + eps along the
---last dimension.
---@class tocha.nn.PairwiseDistance.class: tocha.Class
---@overload fun(p?: number, eps?: number, keepdim?: boolean): tocha.nn.PairwiseDistance
---@overload fun(options: {p?: number, eps?: number, keepdim?: boolean}): tocha.nn.PairwiseDistance
nn.PairwiseDistance = {}

do
---@class tocha.nn.Parallel: tocha.nn.Module
---@field input_dim integer
---@field output_dim integer
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---accept(self, value)
---list.as_module(self, value): a module, or a function as a layer.
---@return any ...
function object:accept(value) end

---add(self, value, name)
---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:add(value, name) end

---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:append(value, name) end

---list:clear(): empties it.
---@return any ...
function object:clear() end

---Module:extend(name, args): a new class; `args` is the signature of its constructor
---(signature.lua).
---@return any ...
function object:extend(...) end

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object:extra_repr() end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

---list:insert(place, thing, name): puts it there, before what was there.
---@return any ...
function object:insert(place, value, name) end

---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:pop(place) end

---remove(self, place)
---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:remove(place) end

---list:slice(first = 1, last = -1): a new list of the same kind with these; they are shared.
---@return any ...
function object:slice(first, last) end

---list:values(): for place, thing in ... do; ipairs(list) does the same.
---@return any ...
function object:values() end

end

---nn.Parallel(input_dim, output_dim, a, b, ...): the k-th branch gets the k-th slice of x along
---`input_dim`, without that dimension; the results stand behind each other along `output_dim`.
---@class tocha.nn.Parallel.class: tocha.Class
---@overload fun(input_dim?: integer, output_dim?: integer, ...: any): tocha.nn.Parallel
---@overload fun(options: {input_dim?: integer, output_dim?: integer}): tocha.nn.Parallel
nn.Parallel = {}

do
---@class tocha.nn.ParallelTable: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---accept(self, value)
---list.as_module(self, value): a module, or a function as a layer.
---@return any ...
function object:accept(value) end

---add(self, value, name)
---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:add(value, name) end

---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:append(value, name) end

---list:clear(): empties it.
---@return any ...
function object:clear() end

---Module:extend(name, args): a new class; `args` is the signature of its constructor
---(signature.lua).
---@return any ...
function object:extend(...) end

---forward(self, first, ...)
---nn.ParallelTable(a, b, ...): {x, y, ...} -> {a(x), b(y), ...}
---@return any ...
function object:forward(first, ...) end

---list:insert(place, thing, name): puts it there, before what was there.
---@return any ...
function object:insert(place, value, name) end

---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:pop(place) end

---remove(self, place)
---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:remove(place) end

---list:slice(first = 1, last = -1): a new list of the same kind with these; they are shared.
---@return any ...
function object:slice(first, last) end

---list:values(): for place, thing in ... do; ipairs(list) does the same.
---@return any ...
function object:values() end

end

---nn.ParallelTable(a, b, ...): {x, y, ...} -> {a(x), b(y), ...}
---@class tocha.nn.ParallelTable.class: tocha.Class
---@overload fun(...: any): tocha.nn.ParallelTable
nn.ParallelTable = {}

---nn.Parameter(tensor, requires_grad = true): a tensor that modules list among their parameters.
---@return tocha.Tensor
function nn.Parameter(x, requires_grad) end

do
---@class tocha.nn.ParameterDict: tocha.nn.Module
---@field given any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---accept(_, value)
---dict.equip(class, accept): gives a class these methods; accept(dict, value) returns what is to
---be stored, or fails.
---@return any ...
function object.accept(_, value) end

---dict:clear(): empties it.
---@return any ...
function object:clear() end

---dict:contains(name): is there one of that name?
---@return any ...
function object:contains(name) end

---dict:copy(): another dict with the same things.
---@return any ...
function object:copy() end

---module:entries(): its own parameters, buffers and submodules, as a list of { name, value, kind
---}, where kind is "parameter", "buffer", "temporary" (not saved) or "module".
---@return any ...
function object:entries() end

---Module:extend(name, args): a new class; `args` is the signature of its constructor
---(signature.lua).
---@return any ...
function object.extend(class, ...) end

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object:extra_repr() end

---nn.ParameterDict.fromkeys(names, default): the same value by every name.
---@return any ...
function object.fromkeys(names, default) end

---dict:get(name, default)
---@return any ...
function object:get(name, default) end

---dict:items(): for name, thing in ... do
---@return any ...
function object:items() end

---dict:keys(): the list of names.
---@return any ...
function object:keys() end

---dict:pop(name, default): takes it out and returns it.
---@return any ...
function object:pop(name, default) end

---dict:popitem(): takes the last one out; returns its name and itself.
---@return any ...
function object:popitem() end

---module:put_raw(name, value): sets a field that is there, whatever its class does then.
---@return any ...
function object:put_raw(name, value) end

---dict:set(name, thing): what dict[name] = thing does.
---@return any ...
function object:set(name, value) end

---dict:setdefault(name, default): the thing of that name, which becomes the default if there is
---none.
---@return any ...
function object:setdefault(name, default) end

---dict:update(other): takes over all of another dict, of a list of pairs {name, thing}, or of a
---plain table (sorted by name).
---@return any ...
function object:update(other) end

---dict:values(): for thing in ... do
---@return any ...
function object:values() end

end

---nn.ParameterDict{{"name", tensor}, ...} or nn.ParameterDict{name = tensor, ...}
---@class tocha.nn.ParameterDict.class: tocha.Class
---@overload fun(given?: any): tocha.nn.ParameterDict
---@overload fun(options: {given?: any}): tocha.nn.ParameterDict
nn.ParameterDict = {}

do
---@class tocha.nn.ParameterList: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---accept(_, value)
---dict.equip(class, accept): gives a class these methods; accept(dict, value) returns what is to
---be stored, or fails.
---@return any ...
function object.accept(_, value) end

---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:append(value, name) end

---list:clear(): empties it.
---@return any ...
function object:clear() end

---Module:extend(name, args): a new class; `args` is the signature of its constructor
---(signature.lua).
---@return any ...
function object:extend(...) end

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object:extra_repr() end

---list:insert(place, thing, name): puts it there, before what was there.
---@return any ...
function object:insert(place, value, name) end

---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:pop(place) end

---remove(self, place)
---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:remove(place) end

---list:slice(first = 1, last = -1): a new list of the same kind with these; they are shared.
---@return any ...
function object:slice(first, last) end

---list:values(): for place, thing in ... do; ipairs(list) does the same.
---@return any ...
function object:values() end

end

---nn.ParameterList{tensor, ...}: parameters in a list; tensors that are none yet become one.
---@class tocha.nn.ParameterList.class: tocha.Class
---@overload fun(...: any): tocha.nn.ParameterList
nn.ParameterList = {}

do
---@class tocha.nn.Permute: tocha.nn.Module
---@field first any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object:extra_repr() end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Permute(dims...): the dimensions in this order, nn.Permute(1, 3, 4, 2) from (N, C, H, W) to
---(N, H, W, C).
---@class tocha.nn.Permute.class: tocha.Class
---@overload fun(first?: any, ...: any): tocha.nn.Permute
---@overload fun(options: {first?: any}): tocha.nn.Permute
nn.Permute = {}

do
---@class tocha.nn.PixelShuffle: tocha.nn.Module
---@field upscale_factor any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.PixelShuffle(upscale_factor)
---(..., C r^2, H, W) to (..., C, H r, W r).
---It calls the operation pixel_shuffle(input, upscale_factor)
---@class tocha.nn.PixelShuffle.class: tocha.Class
---@overload fun(upscale_factor: any): tocha.nn.PixelShuffle
nn.PixelShuffle = {}

do
---@class tocha.nn.PixelUnshuffle: tocha.nn.Module
---@field downscale_factor any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.PixelUnshuffle(downscale_factor)
---(..., C, H r, W r) to (..., C r^2, H, W): undoes pixel_shuffle.
---It calls the operation pixel_unshuffle(input, downscale_factor)
---@class tocha.nn.PixelUnshuffle.class: tocha.Class
---@overload fun(downscale_factor: any): tocha.nn.PixelUnshuffle
nn.PixelUnshuffle = {}

do
---@class tocha.nn.PoissonNLLLoss: tocha.nn.Loss
---@field log_input boolean
---@field full boolean
---@field eps number
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.PoissonNLLLoss(log_input = true, full = false, eps = 1e-8, reduction = 'mean')
---Negative log likelihood of Poisson counts; `input` is the rate, or (log_input) its logarithm.
---It calls the operation poisson_nll_loss(input, target, log_input = true, full = false, eps = 1e-8, reduction = "mean")
---@class tocha.nn.PoissonNLLLoss.class: tocha.Class
---@overload fun(log_input?: boolean, full?: boolean, eps?: number, reduction?: string): tocha.nn.PoissonNLLLoss
---@overload fun(options: {log_input?: boolean, full?: boolean, eps?: number, reduction?: string}): tocha.nn.PoissonNLLLoss
nn.PoissonNLLLoss = {}

do
---@class tocha.nn.PositionalEmbedding: tocha.nn.Module
---@field max_len any
---@field d_model any
---@field batch_first boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x, offset)
---nn.PositionalEmbedding(max_len, d_model, {batch_first = false}): adds a learned vector a place
---(initially N(0, 0.02)). embed(x, offset = 0), x as for PositionalEncoding.
---@return any ...
function object:forward(x, offset) end

end

---nn.PositionalEmbedding(max_len, d_model, {batch_first = false}): adds a learned vector a place
---(initially N(0, 0.02)). embed(x, offset = 0), x as for PositionalEncoding.
---@class tocha.nn.PositionalEmbedding.class: tocha.Class
---@overload fun(max_len: any, d_model: any, batch_first?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.PositionalEmbedding
---@overload fun(max_len: any, d_model: any, options: {batch_first?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.PositionalEmbedding
nn.PositionalEmbedding = {}

do
---@class tocha.nn.PositionalEncoding: tocha.nn.Module
---@field d_model any
---@field dropout number
---@field max_len number
---@field batch_first boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x, offset)
---nn.PositionalEncoding(d_model, dropout = 0.1, max_len = 5000, {batch_first = false}): adds sines
---and cosines of wavelengths 2 pi .. 10000 * 2 pi (Vaswani et al., 2017), then drops out.
---encode(x, offset = 0): x is (T, B, E), (B, T, E) with `batch_first`, or (T, E). The buffer `pe`,
---(max_len, 1, E), is that of PyTorch's tutorial.
---@return any ...
function object:forward(x, offset) end

end

---nn.PositionalEncoding(d_model, dropout = 0.1, max_len = 5000, {batch_first = false}): adds sines
---and cosines of wavelengths 2 pi .. 10000 * 2 pi (Vaswani et al., 2017), then drops out.
---encode(x, offset = 0): x is (T, B, E), (B, T, E) with `batch_first`, or (T, E). The buffer `pe`,
---(max_len, 1, E), is that of PyTorch's tutorial.
---@class tocha.nn.PositionalEncoding.class: tocha.Class
---@overload fun(d_model: any, dropout?: number, max_len?: number, batch_first?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.PositionalEncoding
---@overload fun(d_model: any, options: {dropout?: number, max_len?: number, batch_first?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.PositionalEncoding
nn.PositionalEncoding = {}

do
---@class tocha.nn.RMSNorm: tocha.nn.Module
---@field normalized_shape any
---@field eps any
---@field elementwise_affine boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.RMSNorm(normalized_shape, eps = nil, elementwise_affine = true, device = nil, dtype = nil)
---Normalisation: batch, instance, layer, RMS, group, local response.
---
---nn.BatchNorm2d() without a number of features learns it from its first input.
---@class tocha.nn.RMSNorm.class: tocha.Class
---@overload fun(normalized_shape: any, eps?: any, elementwise_affine?: boolean, device?: string, dtype?: tocha.dtype): tocha.nn.RMSNorm
---@overload fun(normalized_shape: any, options: {eps?: any, elementwise_affine?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.RMSNorm
nn.RMSNorm = {}

do
---@class tocha.nn.RNN: tocha.nn.Module
---@field input_size integer|integer[]
---@field hidden_size integer|integer[]
---@field num_layers integer
---@field nonlinearity string
---@field bias boolean
---@field batch_first boolean
---@field dropout number
---@field bidirectional boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x, given) end

end

---nn.RNN(input_size, hidden_size, num_layers = 1, nonlinearity = "tanh", {bias = true,
---batch_first = false, dropout = 0, bidirectional = false}): h = tanh(W_ih x + b_ih + W_hh h +
---b_hh), or relu (Elman, 1990). y, h_n = rnn(x, h_0): x is (T, B, in), (B, T, in) with
---`batch_first`, (T, in), or packed; y likewise with hidden_size columns, twice as many when
---bidirectional; states are (D * num_layers, B, hidden), D directions, zeros unless given.
---`dropout` acts between layers.
---@class tocha.nn.RNN.class: tocha.Class
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], num_layers?: integer, nonlinearity?: string, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, ...: any): tocha.nn.RNN
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], options: {num_layers?: integer, nonlinearity?: string, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.RNN
---@overload fun(hidden_size: integer|integer[], num_layers?: integer, nonlinearity?: string, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, device?: string, ...: any): tocha.nn.RNN
---@overload fun(hidden_size: integer|integer[], options: {num_layers?: integer, nonlinearity?: string, bias?: boolean, batch_first?: boolean, dropout?: number, bidirectional?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.RNN
nn.RNN = {}

do
---@class tocha.nn.RNNCell: tocha.nn.Module
---@field input_size integer|integer[]
---@field hidden_size integer|integer[]
---@field bias boolean
---@field nonlinearity string
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x, given) end

end

---nn.RNNCell(input_size, hidden_size, bias = true, nonlinearity = "tanh"): a step of nn.RNN.
---h = cell(x, h): x is (B, in) or (in), h (B, hidden) or (hidden), zeros unless given.
---@class tocha.nn.RNNCell.class: tocha.Class
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], bias?: boolean, nonlinearity?: string, device?: string, dtype?: tocha.dtype): tocha.nn.RNNCell
---@overload fun(input_size: integer|integer[], hidden_size: integer|integer[], options: {bias?: boolean, nonlinearity?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.RNNCell
---@overload fun(hidden_size: integer|integer[], bias?: boolean, nonlinearity?: string, device?: string, dtype?: tocha.dtype): tocha.nn.RNNCell
---@overload fun(hidden_size: integer|integer[], options: {bias?: boolean, nonlinearity?: string, device?: string, dtype?: tocha.dtype}): tocha.nn.RNNCell
nn.RNNCell = {}

do
---@class tocha.nn.RReLU: tocha.nn.Module
---@field lower number
---@field upper number
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.RReLU(lower = 1/8, upper = 1/3, inplace = false): a leaky relu with random slopes.
---@class tocha.nn.RReLU.class: tocha.Class
---@overload fun(lower?: number, upper?: number, inplace?: boolean): tocha.nn.RReLU
---@overload fun(options: {lower?: number, upper?: number, inplace?: boolean}): tocha.nn.RReLU
nn.RReLU = {}

do
---@class tocha.nn.ReGLU: tocha.nn.Module
---@field dim number
---@field gate string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ReGLU(dim = -1, gate = 'last')
---One half times the relu of the other. `gate` says which half along `dim` goes through it, "first" or "last".
---It calls the operation reglu(input, dim = -1, gate = "last")
---@class tocha.nn.ReGLU.class: tocha.Class
---@overload fun(dim?: number, gate?: string): tocha.nn.ReGLU
---@overload fun(options: {dim?: number, gate?: string}): tocha.nn.ReGLU
nn.ReGLU = {}

do
---@class tocha.nn.ReLU: tocha.nn.Module
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ReLU(inplace = false)
---The positive part.
---It calls the operation relu(input)
---@class tocha.nn.ReLU.class: tocha.Class
---@overload fun(inplace?: boolean): tocha.nn.ReLU
---@overload fun(options: {inplace?: boolean}): tocha.nn.ReLU
nn.ReLU = {}

do
---@class tocha.nn.ReLU6: tocha.nn.Module
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ReLU6(inplace = false)
---The positive part, up to 6.
---It calls the operation relu6(input)
---@class tocha.nn.ReLU6.class: tocha.Class
---@overload fun(inplace?: boolean): tocha.nn.ReLU6
---@overload fun(options: {inplace?: boolean}): tocha.nn.ReLU6
nn.ReLU6 = {}

do
---@class tocha.nn.ReflectionPad1d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ReflectionPad1d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ReflectionPad1d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.ReflectionPad1d
nn.ReflectionPad1d = {}

do
---@class tocha.nn.ReflectionPad2d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ReflectionPad2d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ReflectionPad2d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.ReflectionPad2d
nn.ReflectionPad2d = {}

do
---@class tocha.nn.ReflectionPad3d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ReflectionPad3d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ReflectionPad3d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.ReflectionPad3d
nn.ReflectionPad3d = {}

do
---@class tocha.nn.ReplicationPad1d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ReplicationPad1d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ReplicationPad1d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.ReplicationPad1d
nn.ReplicationPad1d = {}

do
---@class tocha.nn.ReplicationPad2d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ReplicationPad2d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ReplicationPad2d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.ReplicationPad2d
nn.ReplicationPad2d = {}

do
---@class tocha.nn.ReplicationPad3d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ReplicationPad3d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ReplicationPad3d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.ReplicationPad3d
nn.ReplicationPad3d = {}

do
---@class tocha.nn.Reshape: tocha.nn.Module
---@field first any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object:extra_repr() end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Reshape(sizes...): the sizes of one example; the batch stays. One may be -1.
---@class tocha.nn.Reshape.class: tocha.Class
---@overload fun(first?: any, ...: any): tocha.nn.Reshape
---@overload fun(options: {first?: any}): tocha.nn.Reshape
nn.Reshape = {}

do
---@class tocha.nn.Residual: tocha.nn.Module
---@field f function
---@field shortcut any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Residual(f, shortcut = identity): f(x) + shortcut(x); both are modules or functions. He et
---al., "Deep residual learning for image recognition" (2016).
---@class tocha.nn.Residual.class: tocha.Class
---@overload fun(f?: function, shortcut?: any): tocha.nn.Residual
---@overload fun(options: {f?: function, shortcut?: any}): tocha.nn.Residual
nn.Residual = {}

do
---@class tocha.nn.RotaryEmbedding: tocha.nn.Module
---@field dim any
---@field base number
---@field interleaved boolean
---@field scale number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x, offset)
---nn.RotaryEmbedding(dim, {base = 10000, interleaved = false, scale = 1}): turns the first `dim`
---columns of queries or keys by their positions (Su et al., 2021). Pairs are (k, k + dim / 2), as
---in GPT-NeoX and Llama's weights of Hugging Face, or (2k - 1, 2k) when `interleaved`, as in GPT-J
---and the paper. Positions are divided by `scale`. rotary(x, offset = 0): x is (..., T, width).
---@return any ...
function object:forward(x, offset) end

end

---nn.RotaryEmbedding(dim, {base = 10000, interleaved = false, scale = 1}): turns the first `dim`
---columns of queries or keys by their positions (Su et al., 2021). Pairs are (k, k + dim / 2), as
---in GPT-NeoX and Llama's weights of Hugging Face, or (2k - 1, 2k) when `interleaved`, as in GPT-J
---and the paper. Positions are divided by `scale`. rotary(x, offset = 0): x is (..., T, width).
---@class tocha.nn.RotaryEmbedding.class: tocha.Class
---@overload fun(dim: any, base?: number, interleaved?: boolean, scale?: number): tocha.nn.RotaryEmbedding
---@overload fun(dim: any, options: {base?: number, interleaved?: boolean, scale?: number}): tocha.nn.RotaryEmbedding
nn.RotaryEmbedding = {}

do
---@class tocha.nn.SELU: tocha.nn.Module
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.SELU(inplace = false)
---Scaled elu, for self-normalising networks.
---It calls the operation selu(input)
---@class tocha.nn.SELU.class: tocha.Class
---@overload fun(inplace?: boolean): tocha.nn.SELU
---@overload fun(options: {inplace?: boolean}): tocha.nn.SELU
nn.SELU = {}

do
---@class tocha.nn.Sequential: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---accept(self, value)
---list.as_module(self, value): a module, or a function as a layer.
---@return any ...
function object:accept(value) end

---add(self, value, name)
---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:add(value, name) end

---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:append(value, name) end

---list:clear(): empties it.
---@return any ...
function object:clear() end

---Module:extend(name, args): a new class; `args` is the signature of its constructor
---(signature.lua).
---@return any ...
function object:extend(...) end

---forward(self, x, ...)
---nn.Sequential(layer, ...), nn.Sequential{layer, ...}, nn.Sequential{{"name", layer}, ...}: one
---after the other; functions are layers too.
---@return any ...
function object:forward(x, ...) end

---list:insert(place, thing, name): puts it there, before what was there.
---@return any ...
function object:insert(place, value, name) end

---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:pop(place) end

---remove(self, place)
---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:remove(place) end

---list:slice(first = 1, last = -1): a new list of the same kind with these; they are shared.
---@return any ...
function object:slice(first, last) end

---list:values(): for place, thing in ... do; ipairs(list) does the same.
---@return any ...
function object:values() end

end

---nn.Sequential(layer, ...), nn.Sequential{layer, ...}, nn.Sequential{{"name", layer}, ...}: one
---after the other; functions are layers too.
---@class tocha.nn.Sequential.class: tocha.Class
---@overload fun(...: any): tocha.nn.Sequential
nn.Sequential = {}

do
---@class tocha.nn.SiLU: tocha.nn.Module
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.SiLU(inplace = false)
---x sigmoid(x), also called swish.
---It calls the operation silu(input)
---@class tocha.nn.SiLU.class: tocha.Class
---@overload fun(inplace?: boolean): tocha.nn.SiLU
---@overload fun(options: {inplace?: boolean}): tocha.nn.SiLU
nn.SiLU = {}

do
---@class tocha.nn.Sigmoid: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Sigmoid()
---1 / (1 + exp(-x)).
---It calls the operation sigmoid(input)
---@class tocha.nn.Sigmoid.class: tocha.Class
---@overload fun(): tocha.nn.Sigmoid
nn.Sigmoid = {}

do
---@class tocha.nn.SmoothL1Loss: tocha.nn.Loss
---@field reduction string
---@field beta number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.SmoothL1Loss(reduction = 'mean', beta = 1.0)
---Absolute differences, but quadratic (d^2 / (2 beta)) below `beta`.
---It calls the operation smooth_l1_loss(input, target, reduction = "mean", beta = 1)
---@class tocha.nn.SmoothL1Loss.class: tocha.Class
---@overload fun(reduction?: string, beta?: number): tocha.nn.SmoothL1Loss
---@overload fun(options: {reduction?: string, beta?: number}): tocha.nn.SmoothL1Loss
nn.SmoothL1Loss = {}

do
---@class tocha.nn.SoftMarginLoss: tocha.nn.Loss
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.SoftMarginLoss(reduction = 'mean')
---log(1 + exp(-target * input)), the targets being 1 or -1.
---It calls the operation soft_margin_loss(input, target, reduction = "mean")
---@class tocha.nn.SoftMarginLoss.class: tocha.Class
---@overload fun(reduction?: string): tocha.nn.SoftMarginLoss
---@overload fun(options: {reduction?: string}): tocha.nn.SoftMarginLoss
nn.SoftMarginLoss = {}

do
---@class tocha.nn.Softmax: tocha.nn.Module
---@field dim number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Softmax(dim = -1)
---Exponentials along `dim` that sum to one.
---It calls the operation softmax(input, dim = -1, dtype?)
---@class tocha.nn.Softmax.class: tocha.Class
---@overload fun(dim?: number): tocha.nn.Softmax
---@overload fun(options: {dim?: number}): tocha.nn.Softmax
nn.Softmax = {}

do
---@class tocha.nn.Softmax2d: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Softmax2d(): over the channels of (N, C, H, W) or (C, H, W).
---@class tocha.nn.Softmax2d.class: tocha.Class
---@overload fun(): tocha.nn.Softmax2d
nn.Softmax2d = {}

do
---@class tocha.nn.SoftmaxFocalLoss: tocha.nn.Loss
---@field gamma number
---@field weight any
---@field ignore_index number
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.SoftmaxFocalLoss(gamma = 2.0, weight = nil, ignore_index = -100, reduction = 'mean')
---Focal loss over classes: (1 - p)^gamma times the cross entropy, with p the softmax of the class of `target` (ids from 1). With gamma 0 it is `cross_entropy`: "mean" divides by the weights of the targets, and targets of `ignore_index` do not count.
---It calls the operation softmax_focal_loss(input, target, gamma = 2, weight?, ignore_index?, reduction = "mean")
---@class tocha.nn.SoftmaxFocalLoss.class: tocha.Class
---@overload fun(gamma?: number, weight?: any, ignore_index?: number, reduction?: string): tocha.nn.SoftmaxFocalLoss
---@overload fun(options: {gamma?: number, weight?: any, ignore_index?: number, reduction?: string}): tocha.nn.SoftmaxFocalLoss
nn.SoftmaxFocalLoss = {}

do
---@class tocha.nn.Softmin: tocha.nn.Module
---@field dim number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Softmin(dim = -1)
---`softmax` of the negative.
---It calls the operation softmin(input, dim = -1, dtype?)
---@class tocha.nn.Softmin.class: tocha.Class
---@overload fun(dim?: number): tocha.nn.Softmin
---@overload fun(options: {dim?: number}): tocha.nn.Softmin
nn.Softmin = {}

do
---@class tocha.nn.Softplus: tocha.nn.Module
---@field beta number
---@field threshold number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Softplus(beta = 1.0, threshold = 20.0)
---log(1 + exp(beta x)) / beta; x where beta x is above `threshold`.
---It calls the operation softplus(input, beta = 1, threshold = 20)
---@class tocha.nn.Softplus.class: tocha.Class
---@overload fun(beta?: number, threshold?: number): tocha.nn.Softplus
---@overload fun(options: {beta?: number, threshold?: number}): tocha.nn.Softplus
nn.Softplus = {}

do
---@class tocha.nn.Softshrink: tocha.nn.Module
---@field lambd number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Softshrink(lambd = 0.5)
---x moved towards 0 by `lambd`, 0 within it.
---It calls the operation softshrink(input, lambd = 0.5)
---@class tocha.nn.Softshrink.class: tocha.Class
---@overload fun(lambd?: number): tocha.nn.Softshrink
---@overload fun(options: {lambd?: number}): tocha.nn.Softshrink
nn.Softshrink = {}

do
---@class tocha.nn.Softsign: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Softsign()
---x / (1 + |x|).
---It calls the operation softsign(input)
---@class tocha.nn.Softsign.class: tocha.Class
---@overload fun(): tocha.nn.Softsign
nn.Softsign = {}

do
---@class tocha.nn.Squeeze: tocha.nn.Module
---@field dim any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Squeeze(dim): without this dimension of size 1, or without all of them.
---@class tocha.nn.Squeeze.class: tocha.Class
---@overload fun(dim?: any): tocha.nn.Squeeze
---@overload fun(options: {dim?: any}): tocha.nn.Squeeze
nn.Squeeze = {}

do
---@class tocha.nn.StochasticDepth: tocha.nn.Module
---@field p any
---@field mode any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.StochasticDepth(p, mode): the same by torchvision's name; `mode` is "row" or "batch".
---@class tocha.nn.StochasticDepth.class: tocha.Class
---@overload fun(p: any, mode: any): tocha.nn.StochasticDepth
nn.StochasticDepth = {}

do
---@class tocha.nn.SwiGLU: tocha.nn.Module
---@field dim number
---@field gate string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.SwiGLU(dim = -1, gate = 'first')
---One half times the silu of the other. `gate` says which half along `dim` goes through it, "first" or "last".
---It calls the operation swiglu(input, dim = -1, gate = "first")
---@class tocha.nn.SwiGLU.class: tocha.Class
---@overload fun(dim?: number, gate?: string): tocha.nn.SwiGLU
---@overload fun(options: {dim?: number, gate?: string}): tocha.nn.SwiGLU
nn.SwiGLU = {}

do
---@class tocha.nn.SyncBatchNorm: tocha.nn.Module
---@field num_features integer
---@field eps number
---@field momentum number
---@field affine boolean
---@field track_running_stats boolean
---@field process_group any
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---nn.SyncBatchNorm.convert_sync_batchnorm(module): with SyncBatchNorm in the place of every
---BatchNorm1d to 3d inside it, on the same parameters. Returns the module, or what replaces it.
---@return any ...
function object.convert_sync_batchnorm(module) end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.SyncBatchNorm(num_features, ...): batch normalisation of (N, C, ...) with any number of
---dimensions. The statistics are those of the process it runs in.
---@class tocha.nn.SyncBatchNorm.class: tocha.Class
---@overload fun(num_features: integer, eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, process_group?: any, device?: string, dtype?: tocha.dtype): tocha.nn.SyncBatchNorm
---@overload fun(num_features: integer, options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, process_group?: any, device?: string, dtype?: tocha.dtype}): tocha.nn.SyncBatchNorm
---@overload fun(eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, process_group?: any, device?: string, dtype?: tocha.dtype): tocha.nn.SyncBatchNorm
---@overload fun(options: {eps?: number, momentum?: number, affine?: boolean, track_running_stats?: boolean, process_group?: any, device?: string, dtype?: tocha.dtype}): tocha.nn.SyncBatchNorm
nn.SyncBatchNorm = {}

do
---@class tocha.nn.Tanh: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Tanh()
---Hyperbolic tangent.
---It calls the operation tanh(input)
---@class tocha.nn.Tanh.class: tocha.Class
---@overload fun(): tocha.nn.Tanh
nn.Tanh = {}

do
---@class tocha.nn.Tanhshrink: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Tanhshrink()
---x - tanh(x).
---It calls the operation tanhshrink(input)
---@class tocha.nn.Tanhshrink.class: tocha.Class
---@overload fun(): tocha.nn.Tanhshrink
nn.Tanhshrink = {}

do
---@class tocha.nn.Threshold: tocha.nn.Module
---@field threshold any
---@field value any
---@field inplace boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Threshold(threshold, value, inplace = false)
---x where above `threshold`, else `value`.
---It calls the operation threshold(input, threshold, value)
---@class tocha.nn.Threshold.class: tocha.Class
---@overload fun(threshold: any, value: any, inplace?: boolean): tocha.nn.Threshold
---@overload fun(threshold: any, value: any, options: {inplace?: boolean}): tocha.nn.Threshold
nn.Threshold = {}

do
---@class tocha.nn.Transformer: tocha.nn.Module
---@field d_model number
---@field nhead number
---@field num_encoder_layers integer
---@field num_decoder_layers integer
---@field dim_feedforward number
---@field dropout number
---@field activation string
---@field custom_encoder any
---@field custom_decoder any
---@field layer_norm_eps number
---@field batch_first boolean
---@field norm_first boolean
---@field bias boolean
---@field device string
---@field dtype tocha.dtype
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, ...)
---nn.Transformer(d_model = 512, nhead = 8, num_encoder_layers = 6, num_decoder_layers = 6,
---dim_feedforward = 2048, dropout = 0.1, activation = "relu", {custom_encoder =, custom_decoder =,
---layer_norm_eps = 1e-5, batch_first = false, norm_first = false, bias = true}).
---
---net(src, tgt, src_mask, tgt_mask, memory_mask, src_key_padding_mask, tgt_key_padding_mask,
---memory_key_padding_mask, src_is_causal, tgt_is_causal, memory_is_causal = false)
---@return any ...
function object:forward(...) end

---generate_square_subsequent_mask(n, options)
---masks.causal(n, {dtype =, device =}): (n, n), zero where a token may look, minus infinity after
---it.
---@return any ...
function object.generate_square_subsequent_mask(n, options) end

end

---nn.Transformer(d_model = 512, nhead = 8, num_encoder_layers = 6, num_decoder_layers = 6,
---dim_feedforward = 2048, dropout = 0.1, activation = "relu", {custom_encoder =, custom_decoder =,
---layer_norm_eps = 1e-5, batch_first = false, norm_first = false, bias = true}).
---
---net(src, tgt, src_mask, tgt_mask, memory_mask, src_key_padding_mask, tgt_key_padding_mask,
---memory_key_padding_mask, src_is_causal, tgt_is_causal, memory_is_causal = false)
---@class tocha.nn.Transformer.class: tocha.Class
---@overload fun(d_model?: number, nhead?: number, num_encoder_layers?: integer, num_decoder_layers?: integer, dim_feedforward?: number, dropout?: number, activation?: string, custom_encoder?: any, ...: any): tocha.nn.Transformer
---@overload fun(options: {d_model?: number, nhead?: number, num_encoder_layers?: integer, num_decoder_layers?: integer, dim_feedforward?: number, dropout?: number, activation?: string, custom_encoder?: any, custom_decoder?: any, layer_norm_eps?: number, batch_first?: boolean, norm_first?: boolean, bias?: boolean, device?: string, dtype?: tocha.dtype}): tocha.nn.Transformer
nn.Transformer = {}

do
---@class tocha.nn.TransformerDecoder: tocha.nn.Module
---@field decoder_layer any
---@field num_layers integer
---@field norm any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object.extra_repr() end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(...) end

---decoder:new_cache(): for each layer, one of its own tokens and a static one of the memory.
---@return any ...
function object:new_cache() end

end

---nn.TransformerDecoder(decoder_layer, num_layers, norm = nil): decoder(tgt, memory, tgt_mask,
---memory_mask, tgt_key_padding_mask, memory_key_padding_mask, tgt_is_causal = nil,
---memory_is_causal = false, {cache = decoder:new_cache()}).
---@class tocha.nn.TransformerDecoder.class: tocha.Class
---@overload fun(decoder_layer: any, num_layers: integer, norm?: any): tocha.nn.TransformerDecoder
---@overload fun(decoder_layer: any, num_layers: integer, options: {norm?: any}): tocha.nn.TransformerDecoder
nn.TransformerDecoder = {}

do
---@class tocha.nn.TransformerDecoderLayer: tocha.nn.Module
---@field d_model any
---@field nhead any
---@field dim_feedforward number
---@field dropout number
---@field activation string
---@field layer_norm_eps number
---@field batch_first boolean
---@field norm_first boolean
---@field bias boolean
---@field device string
---@field dtype tocha.dtype
---@field rotary any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object:extra_repr() end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(...) end

end

---nn.TransformerDecoderLayer(d_model, nhead, ...): as the encoder's, with attention to `memory`,
---the encoder's output, in between.
---
---layer(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask,
---tgt_is_causal = false, memory_is_causal = false, {cache = nil}): `cache` is {self_attn =,
---multihead_attn =}, the second one static.
---@class tocha.nn.TransformerDecoderLayer.class: tocha.Class
---@overload fun(d_model: any, nhead: any, dim_feedforward?: number, dropout?: number, activation?: string, layer_norm_eps?: number, batch_first?: boolean, norm_first?: boolean, ...: any): tocha.nn.TransformerDecoderLayer
---@overload fun(d_model: any, nhead: any, options: {dim_feedforward?: number, dropout?: number, activation?: string, layer_norm_eps?: number, batch_first?: boolean, norm_first?: boolean, bias?: boolean, device?: string, dtype?: tocha.dtype, rotary?: any}): tocha.nn.TransformerDecoderLayer
nn.TransformerDecoderLayer = {}

do
---@class tocha.nn.TransformerEncoder: tocha.nn.Module
---@field encoder_layer any
---@field num_layers integer
---@field norm any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object.extra_repr() end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(...) end

---encoder:new_cache(): an empty nn.KVCache for each layer.
---@return any ...
function object:new_cache() end

end

---nn.TransformerEncoder(encoder_layer, num_layers, norm = nil): copies of a layer one after the
---other. encoder(src, mask, src_key_padding_mask, is_causal = nil, {cache = encoder:new_cache()}).
---@class tocha.nn.TransformerEncoder.class: tocha.Class
---@overload fun(encoder_layer: any, num_layers: integer, norm?: any): tocha.nn.TransformerEncoder
---@overload fun(encoder_layer: any, num_layers: integer, options: {norm?: any}): tocha.nn.TransformerEncoder
nn.TransformerEncoder = {}

do
---@class tocha.nn.TransformerEncoderLayer: tocha.nn.Module
---@field d_model any
---@field nhead any
---@field dim_feedforward number
---@field dropout number
---@field activation string
---@field layer_norm_eps number
---@field batch_first boolean
---@field norm_first boolean
---@field bias boolean
---@field device string
---@field dtype tocha.dtype
---@field rotary any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object:extra_repr() end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(...) end

end

---nn.TransformerEncoderLayer(d_model, nhead, dim_feedforward = 2048, dropout = 0.1, activation =
---"relu", {layer_norm_eps = 1e-5, batch_first = false, norm_first = false, bias = true, rotary =
---nil}): self-attention and two linear layers, each with a residual and a norm (Vaswani et al.,
---2017). `activation`: the name of an operation, a function or a module.
---
---layer(src, src_mask, src_key_padding_mask, is_causal = false, {cache = nil}): src is (T, B, E),
---(B, T, E) with `batch_first`, or (T, E); masks and cache as for nn.MultiheadAttention.
---@class tocha.nn.TransformerEncoderLayer.class: tocha.Class
---@overload fun(d_model: any, nhead: any, dim_feedforward?: number, dropout?: number, activation?: string, layer_norm_eps?: number, batch_first?: boolean, norm_first?: boolean, ...: any): tocha.nn.TransformerEncoderLayer
---@overload fun(d_model: any, nhead: any, options: {dim_feedforward?: number, dropout?: number, activation?: string, layer_norm_eps?: number, batch_first?: boolean, norm_first?: boolean, bias?: boolean, device?: string, dtype?: tocha.dtype, rotary?: any}): tocha.nn.TransformerEncoderLayer
nn.TransformerEncoderLayer = {}

do
---@class tocha.nn.Transpose: tocha.nn.Module
---@field dim0 any
---@field dim1 any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Transpose(dim0, dim1): two dimensions change places.
---@class tocha.nn.Transpose.class: tocha.Class
---@overload fun(dim0: any, dim1: any): tocha.nn.Transpose
nn.Transpose = {}

do
---@class tocha.nn.TripletMarginLoss: tocha.nn.Loss
---@field margin number
---@field p number
---@field eps number
---@field swap boolean
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.TripletMarginLoss(margin = 1.0, p = 2.0, eps = 1e-6, swap = false, reduction = 'mean')
---max(0, d(anchor, positive) - d(anchor, negative) + margin) with the p-norm of differences; `swap`: the negative's distance may be that from the positive.
---It calls the operation triplet_margin_loss(anchor, positive, negative, margin = 1, p = 2, eps = 1e-6, swap = false, reduction = "mean")
---@class tocha.nn.TripletMarginLoss.class: tocha.Class
---@overload fun(margin?: number, p?: number, eps?: number, swap?: boolean, reduction?: string): tocha.nn.TripletMarginLoss
---@overload fun(options: {margin?: number, p?: number, eps?: number, swap?: boolean, reduction?: string}): tocha.nn.TripletMarginLoss
nn.TripletMarginLoss = {}

do
---@class tocha.nn.TripletMarginWithDistanceLoss: tocha.nn.Loss
---@field distance_function any
---@field margin number
---@field swap boolean
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.TripletMarginWithDistanceLoss(distance_function = nil, margin = 1.0, swap = false, reduction = 'mean')
---max(0, d(anchor, positive) - d(anchor, negative) + margin), where d is `distance_function` (nil: `pairwise_distance`).
---It calls the operation triplet_margin_with_distance_loss(anchor, positive, negative, distance_function?, margin = 1, swap = false, reduction = "mean")
---@class tocha.nn.TripletMarginWithDistanceLoss.class: tocha.Class
---@overload fun(distance_function?: any, margin?: number, swap?: boolean, reduction?: string): tocha.nn.TripletMarginWithDistanceLoss
---@overload fun(options: {distance_function?: any, margin?: number, swap?: boolean, reduction?: string}): tocha.nn.TripletMarginWithDistanceLoss
nn.TripletMarginWithDistanceLoss = {}

do
---@class tocha.nn.TverskyLoss: tocha.nn.Loss
---@field alpha number
---@field beta number
---@field smooth number
---@field reduction string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(...)
---criterion:backward(y, target): after criterion:forward(y, target).
---@return any ...
function object.forward(...) end

end

---nn.TverskyLoss(alpha = 0.5, beta = 0.5, smooth = 1e-5, reduction = 'mean')
---1 - (TP + s) / (TP + alpha FP + beta FN + s) for each example and class, from probabilities (N, C, ...) and masks of the same shape or class ids (N, ...). Salehi et al., "Tversky loss function for image segmentation" (2017).
---It calls the operation tversky_loss(input, target, alpha = 0.5, beta = 0.5, smooth = 1e-5, reduction = "mean")
---@class tocha.nn.TverskyLoss.class: tocha.Class
---@overload fun(alpha?: number, beta?: number, smooth?: number, reduction?: string): tocha.nn.TverskyLoss
---@overload fun(options: {alpha?: number, beta?: number, smooth?: number, reduction?: string}): tocha.nn.TverskyLoss
nn.TverskyLoss = {}

do
---@class tocha.nn.Unflatten: tocha.nn.Module
---@field dim any
---@field unflattened_size integer|integer[]
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---forward(self, x)
---nn.Unflatten(dim, sizes): one dimension becomes several.
---@return any ...
function object:forward(x) end

end

---nn.Unflatten(dim, sizes): one dimension becomes several.
---@class tocha.nn.Unflatten.class: tocha.Class
---@overload fun(dim: any, unflattened_size: integer|integer[]): tocha.nn.Unflatten
nn.Unflatten = {}

do
---@class tocha.nn.Unfold: tocha.nn.Module
---@field kernel_size integer|integer[]
---@field dilation integer|integer[]
---@field padding integer|integer[]|string
---@field stride integer|integer[]
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Unfold(kernel_size, dilation = 1, padding = 0, stride = 1)
---Patches of (N, C, H, W) as columns (N, C * taps, L): PyTorch's F.unfold (here `unfold` is the view).
---It calls the operation im2col(input, kernel_size, dilation = 1, padding = 0, stride = 1)
---@class tocha.nn.Unfold.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], dilation?: integer|integer[], padding?: integer|integer[]|string, stride?: integer|integer[]): tocha.nn.Unfold
---@overload fun(kernel_size: integer|integer[], options: {dilation?: integer|integer[], padding?: integer|integer[]|string, stride?: integer|integer[]}): tocha.nn.Unfold
nn.Unfold = {}

do
---@class tocha.nn.Unsqueeze: tocha.nn.Module
---@field dim any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Unsqueeze(dim): a dimension of size 1 more.
---@class tocha.nn.Unsqueeze.class: tocha.Class
---@overload fun(dim: any): tocha.nn.Unsqueeze
nn.Unsqueeze = {}

do
---@class tocha.nn.Upsample: tocha.nn.Module
---@field size any
---@field scale_factor any
---@field mode string
---@field align_corners any
---@field recompute_scale_factor any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.Upsample(size, scale_factor, mode = "nearest", align_corners, recompute_scale_factor): to a
---size, or by a factor. Modes: nearest, nearest-exact, linear, bilinear, bicubic, trilinear, area.
---@class tocha.nn.Upsample.class: tocha.Class
---@overload fun(size?: any, scale_factor?: any, mode?: string, align_corners?: any, recompute_scale_factor?: any): tocha.nn.Upsample
---@overload fun(options: {size?: any, scale_factor?: any, mode?: string, align_corners?: any, recompute_scale_factor?: any}): tocha.nn.Upsample
nn.Upsample = {}

do
---@class tocha.nn.UpsamplingBilinear2d: tocha.nn.Module
---@field size any
---@field scale_factor any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.UpsamplingBilinear2d(size = nil, scale_factor = nil)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.UpsamplingBilinear2d.class: tocha.Class
---@overload fun(size?: any, scale_factor?: any): tocha.nn.UpsamplingBilinear2d
---@overload fun(options: {size?: any, scale_factor?: any}): tocha.nn.UpsamplingBilinear2d
nn.UpsamplingBilinear2d = {}

do
---@class tocha.nn.UpsamplingNearest2d: tocha.nn.Module
---@field size any
---@field scale_factor any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.UpsamplingNearest2d(size = nil, scale_factor = nil)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.UpsamplingNearest2d.class: tocha.Class
---@overload fun(size?: any, scale_factor?: any): tocha.nn.UpsamplingNearest2d
---@overload fun(options: {size?: any, scale_factor?: any}): tocha.nn.UpsamplingNearest2d
nn.UpsamplingNearest2d = {}

do
---@class tocha.nn.View: tocha.nn.Module
---@field first any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:extra_repr(): what stands between the parentheses; classes may have their own.
---@return any ...
function object:extra_repr() end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.View(sizes...): all sizes anew; one may be -1.
---@class tocha.nn.View.class: tocha.Class
---@overload fun(first?: any, ...: any): tocha.nn.View
---@overload fun(options: {first?: any}): tocha.nn.View
nn.View = {}

do
---@class tocha.nn.ZeroPad1d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ZeroPad1d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ZeroPad1d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.ZeroPad1d
nn.ZeroPad1d = {}

do
---@class tocha.nn.ZeroPad2d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ZeroPad2d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ZeroPad2d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.ZeroPad2d
nn.ZeroPad2d = {}

do
---@class tocha.nn.ZeroPad3d: tocha.nn.Module
---@field padding integer|integer[]|string
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward(x) end

end

---nn.ZeroPad3d(padding)
---Layers that make images larger: by interpolation, and by a border of padding.
---@class tocha.nn.ZeroPad3d.class: tocha.Class
---@overload fun(padding: integer|integer[]|string): tocha.nn.ZeroPad3d
nn.ZeroPad3d = {}

---nn.fuse(net, sizes...): `net`, in evaluation mode, as an nn.Model whose convolutions
---normalise, add and rectify in the same pass, and whose linear layers normalise. The sizes are
---those of nn.Input: of an input, without the batch; false for one that varies.
---@return any ...
function nn.fuse(net, ...) end

---nn.register_module_forward_hook(f), ..._forward_pre_hook, ..._full_backward_hook,
---..._full_backward_pre_hook: the hook of that name for every module there is.
---@return any ...
function nn.register_module_forward_hook(f, options) end

---nn.register_module_forward_pre_hook(f, options)
---nn.register_module_forward_hook(f), ..._forward_pre_hook, ..._full_backward_hook,
---..._full_backward_pre_hook: the hook of that name for every module there is.
---@return any ...
function nn.register_module_forward_pre_hook(f, options) end

---nn.register_module_full_backward_hook(f, options)
---nn.register_module_forward_hook(f), ..._forward_pre_hook, ..._full_backward_hook,
---..._full_backward_pre_hook: the hook of that name for every module there is.
---@return any ...
function nn.register_module_full_backward_hook(f, options) end

---nn.register_module_full_backward_pre_hook(f, options)
---nn.register_module_forward_hook(f), ..._forward_pre_hook, ..._full_backward_hook,
---..._full_backward_pre_hook: the hook of that name for every module there is.
---@return any ...
function nn.register_module_full_backward_pre_hook(f, options) end

return nn
