---@meta tocha
-- Written by `make annotations`; do not edit.

---@class tocha.Object
local Object = {}

---Is it of this class, or of one that extends it?
---@return boolean
function Object:is(class) end

---@class tocha.Class
---@field super any
local Class = {}

---A new class; `args` is the signature of its constructor.
---@param name string
---@param args? string
---@return any
function Class:extend(name, args) end

---Tocha: deep learning in Lua. `local tocha = require "tocha"` returns this table and
---sets no global.
---
---Operations are functions of it and methods of tensors; `tocha.nn`, `tocha.optim`, `tocha.data`
---and the other rooms load when they are first named.
---@class tocha
---@field autograd tocha.autograd
---@field cuda tocha.cuda
---@field data tocha.data
---@field format tocha.format
---@field help tocha.help
---@field hub tocha.hub
---@field inf number
---@field io tocha.io
---@field keras tocha.keras
---@field linalg tocha.linalg
---@field nan number
---@field nn tocha.nn
---@field onnx tocha.onnx
---@field ops table
---@field optim tocha.optim
---@field pi number
---@field plot tocha.plot
---@field profiler tocha.profiler
---@field threads tocha.threads
---@field train tocha.train
---@field vision tocha.vision
local tocha = {}

do
---@class tocha.GradScaler: tocha.Object
local object = {}

---get_scale(self)
---scaler:is_enabled(), scaler:get_scale(): the factor (1 where it is off).
---@return any ...
function object:get_scale() end

---scaler:is_enabled(), scaler:get_scale(): the factor (1 where it is off).
---@return boolean
function object:is_enabled() end

---load_state_dict(self, state)
---scaler:state_dict(), scaler:load_state_dict(state): by PyTorch's names.
---@return any ...
function object:load_state_dict(state) end

---scaler:scale(loss): times the factor; a list of tensors gives a list.
---@return any ...
function object:scale(value) end

---scaler:state_dict(), scaler:load_state_dict(state): by PyTorch's names.
---@return table<string, any>
function object:state_dict() end

---scaler:step(optimizer, ...): the optimiser's step, left out where a gradient is not finite.
---Returns what the optimiser returns, nil where it was left out.
---@return any ...
function object:step(optimizer, ...) end

---scaler:unscale_(optimizer): its gradients over the factor, for what looks at them before the
---step (clipping). At most once a step; scaler:step does it where it was not done.
---@return any ...
function object:unscale_(optimizer) end

---scaler:update(new_scale): after the steps of all optimisers: the factor for the next ones.
---@return any ...
function object:update(new_scale) end

end

---tocha.GradScaler("cuda", {init_scale = 65536, growth_factor = 2, backoff_factor = 0.5,
---growth_interval = 2000, enabled = true}):
---
---    scaler:scale(loss):backward()
---    scaler:step(optimizer)   -- leaves the step out where a gradient is infinite or NaN
---    scaler:update()          -- halves the factor then; doubles it after 2000 good steps
---@class tocha.GradScaler.class: tocha.Class
---@overload fun(...: any): tocha.GradScaler
tocha.GradScaler = {}

---Absolute value.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.abs(input) end

---Inverse cosine.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.acos(input) end

---Inverse hyperbolic cosine.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.acosh(input) end

---Means of windows over 1 dimension, with `output_size` results; -1 keeps a size.
---@param input tocha.Tensor
---@param output_size integer|integer[]
---@return tocha.Tensor
function tocha.adaptive_avg_pool1d(input, output_size) end

---Means of windows over 2 dimensions, with `output_size` results; -1 keeps a size.
---@param input tocha.Tensor
---@param output_size integer|integer[]
---@return tocha.Tensor
function tocha.adaptive_avg_pool2d(input, output_size) end

---Means of windows over 3 dimensions, with `output_size` results; -1 keeps a size.
---@param input tocha.Tensor
---@param output_size integer|integer[]
---@return tocha.Tensor
function tocha.adaptive_avg_pool3d(input, output_size) end

---Largest elements of windows over 1 dimension, with `output_size` results; -1 keeps a size.
---@param input tocha.Tensor
---@param output_size integer|integer[]
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, output_size: integer|integer[], options: {return_indices?: boolean}): tocha.Tensor
function tocha.adaptive_max_pool1d(input, output_size, return_indices) end

---Largest elements of windows over 2 dimensions, with `output_size` results; -1 keeps a size.
---@param input tocha.Tensor
---@param output_size integer|integer[]
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, output_size: integer|integer[], options: {return_indices?: boolean}): tocha.Tensor
function tocha.adaptive_max_pool2d(input, output_size, return_indices) end

---Largest elements of windows over 3 dimensions, with `output_size` results; -1 keeps a size.
---@param input tocha.Tensor
---@param output_size integer|integer[]
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, output_size: integer|integer[], options: {return_indices?: boolean}): tocha.Tensor
function tocha.adaptive_max_pool3d(input, output_size, return_indices) end

---Sum, `input + alpha * other`.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor|number, other: tocha.Tensor|number, options: {alpha?: number}): tocha.Tensor
function tocha.add(input, other, alpha) end

---beta * input + alpha * the sum of the products of two batches of matrices.
---@param input tocha.Tensor
---@param batch1 tocha.Tensor
---@param batch2 tocha.Tensor
---@param beta? number 1 by default
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, batch1: tocha.Tensor, batch2: tocha.Tensor, options: {beta?: number, alpha?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, batch1: tocha.Tensor, batch2: tocha.Tensor, beta: number, options: {alpha?: number}): tocha.Tensor
function tocha.addbmm(input, batch1, batch2, beta, alpha) end

---`input + value * tensor1 / tensor2`.
---@param input tocha.Tensor|number
---@param tensor1 tocha.Tensor|number
---@param tensor2 tocha.Tensor|number
---@param value? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor|number, tensor1: tocha.Tensor|number, tensor2: tocha.Tensor|number, options: {value?: number}): tocha.Tensor
function tocha.addcdiv(input, tensor1, tensor2, value) end

---`input + value * tensor1 * tensor2`.
---@param input tocha.Tensor|number
---@param tensor1 tocha.Tensor|number
---@param tensor2 tocha.Tensor|number
---@param value? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor|number, tensor1: tocha.Tensor|number, tensor2: tocha.Tensor|number, options: {value?: number}): tocha.Tensor
function tocha.addcmul(input, tensor1, tensor2, value) end

---beta * input + alpha * the product of two matrices; `input` broadcasts.
---@param input tocha.Tensor
---@param mat1 tocha.Tensor
---@param mat2 tocha.Tensor
---@param beta? number 1 by default
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, mat1: tocha.Tensor, mat2: tocha.Tensor, options: {beta?: number, alpha?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, mat1: tocha.Tensor, mat2: tocha.Tensor, beta: number, options: {alpha?: number}): tocha.Tensor
function tocha.addmm(input, mat1, mat2, beta, alpha) end

---beta * input + alpha * the product of a matrix and a vector.
---@param input tocha.Tensor
---@param mat tocha.Tensor
---@param vec tocha.Tensor
---@param beta? number 1 by default
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, mat: tocha.Tensor, vec: tocha.Tensor, options: {beta?: number, alpha?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, mat: tocha.Tensor, vec: tocha.Tensor, beta: number, options: {alpha?: number}): tocha.Tensor
function tocha.addmv(input, mat, vec, beta, alpha) end

---beta * input + alpha * the outer product of two vectors.
---@param input tocha.Tensor
---@param vec1 tocha.Tensor
---@param vec2 tocha.Tensor
---@param beta? number 1 by default
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, vec1: tocha.Tensor, vec2: tocha.Tensor, options: {beta?: number, alpha?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, vec1: tocha.Tensor, vec2: tocha.Tensor, beta: number, options: {alpha?: number}): tocha.Tensor
function tocha.addr(input, vec1, vec2, beta, alpha) end

---The grid (N, ..., 2 or 3) for grid_sample that maps by the affine matrices `theta` (N, 2, 3) or (N, 3, 4).
---@param theta tocha.Tensor
---@param size integer|integer[]
---@param align_corners? boolean false by default
---@return tocha.Tensor
---@overload fun(theta: tocha.Tensor, size: integer|integer[], options: {align_corners?: boolean}): tocha.Tensor
function tocha.affine_grid(theta, size, align_corners) end

---The tensor itself, as another view of its memory.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.alias(input) end

---Is each element over `dim` (nil: all) other than 0? A bool tensor (uint8 for uint8).
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor
function tocha.all(input, dim, keepdim) end

---Is every element close, as `isclose` has it? Returns a boolean.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param rtol? number 1e-5 by default
---@param atol? number 1e-8 by default
---@param equal_nan? boolean false by default
---@return boolean
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, options: {rtol?: number, atol?: number, equal_nan?: boolean}): boolean
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, rtol: number, options: {atol?: number, equal_nan?: boolean}): boolean
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, rtol: number, atol: number, options: {equal_nan?: boolean}): boolean
function tocha.allclose(input, other, rtol, atol, equal_nan) end

---Dropout for `selu` networks: mean and variance stay as they are.
---@param input tocha.Tensor
---@param p? number 0.5 by default
---@param training? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {p?: number, training?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, options: {training?: boolean}): tocha.Tensor
function tocha.alpha_dropout(input, p, training) end

---Largest value over `dim` (nil: all). Equal ones share the gradient.
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor
function tocha.amax(input, dim, keepdim) end

---Smallest value over `dim` (nil: all). Equal ones share the gradient.
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor
function tocha.amin(input, dim, keepdim) end

---Smallest and largest value over `dim` (nil: all).
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor, tocha.Tensor
function tocha.aminmax(input, dim, keepdim) end

---Is one element over `dim` (nil: all) other than 0? A bool tensor (uint8 for uint8).
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor
function tocha.any(input, dim, keepdim) end

---The numbers from `start` to `end`, both included, by `step`; `arange(n)` is 1 to n. int64 where all are integers. (PyTorch's arange starts at 0 and leaves the end out.)
---@param start number
---@param end_? number
---@param step? number 1 by default
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(start: number, options: {["end"]?: number, step?: number, dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(start: number, end_: number, options: {step?: number, dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(start: number, end_: number, step: number, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
function tocha.arange(start, end_, step, dtype, device, requires_grad) end

---Where the largest value stands, along `dim` or (nil) among all elements in row order; the first of equal ones.
---@param input tocha.Tensor
---@param dim? integer
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {keepdim?: boolean}): tocha.Tensor
function tocha.argmax(input, dim, keepdim) end

---Where the smallest value stands, along `dim` or (nil) among all elements in row order; the first of equal ones.
---@param input tocha.Tensor
---@param dim? integer
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {keepdim?: boolean}): tocha.Tensor
function tocha.argmin(input, dim, keepdim) end

---The indices that put the elements along `dim` in order. Always stable.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param descending? boolean false by default
---@param stable? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, descending?: boolean, stable?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {descending?: boolean, stable?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, descending: boolean, options: {stable?: boolean}): tocha.Tensor
function tocha.argsort(input, dim, descending, stable) end

---tocha.arguments(text, list = arg): the options of a script by name, and a list of what is none.
---
---    local options, files = tocha.arguments "epochs = 20, lr = 0.1, save = nil, quiet = false"
---
---takes `--epochs 5 --lr=0.01 --quiet photo.png`. The default says what a value must be: a whole
---number, a number, true where the option stands alone (false), or any text; a name without a
---default must be given. Behind `--` all is no option.
---@return any ...
function tocha.arguments(text, list) end

---The places of the elements that are not 0, a row of indices each.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.argwhere(input) end

---A view by sizes, strides and offset (in elements, from 0) into the storage of `input`; no two of its elements may share a place where a gradient is wanted.
---@param input tocha.Tensor
---@param size integer|integer[]
---@param stride integer|integer[]
---@param storage_offset? integer 0 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, size: integer|integer[], stride: integer|integer[], options: {storage_offset?: integer}): tocha.Tensor
function tocha.as_strided(input, size, stride, storage_offset) end

---Inverse sine.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.asin(input) end

---Inverse hyperbolic sine.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.asinh(input) end

---Inverse tangent.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.atan(input) end

---Angle of the point (other, input).
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.atan2(input, other) end

---Inverse hyperbolic tangent.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.atanh(input) end

---The tensor with dimensions of size 1 added until it has 1.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.atleast_1d(input) end

---The tensor with dimensions of size 1 added until it has 2.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.atleast_2d(input) end

---The tensor with dimensions of size 1 added until it has 3.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.atleast_3d(input) end

---Fused attention of (heads, rows, width) tensors, and the logarithm of each row's summed weights (in float32 for halves). `mask` is (1 or heads, 1 or rows, 1 or keys).
---@param query tocha.Tensor
---@param key tocha.Tensor
---@param value tocha.Tensor
---@param mask? tocha.Tensor
---@param causal boolean
---@param scale number
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(query: tocha.Tensor, key: tocha.Tensor, value: tocha.Tensor, options: {mask?: tocha.Tensor}): tocha.Tensor, tocha.Tensor
function tocha.attention(query, key, value, mask, causal, scale) end

---The gradients of `attention` for query, key and value.
---@param query tocha.Tensor
---@param key tocha.Tensor
---@param value tocha.Tensor
---@param output tocha.Tensor
---@param lse tocha.Tensor
---@param grad tocha.Tensor
---@param grad_lse? tocha.Tensor
---@param mask? tocha.Tensor
---@param causal boolean
---@param scale number
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(query: tocha.Tensor, key: tocha.Tensor, value: tocha.Tensor, output: tocha.Tensor, lse: tocha.Tensor, grad: tocha.Tensor, options: {grad_lse?: tocha.Tensor, mask?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(query: tocha.Tensor, key: tocha.Tensor, value: tocha.Tensor, output: tocha.Tensor, lse: tocha.Tensor, grad: tocha.Tensor, grad_lse: tocha.Tensor, options: {mask?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor
function tocha.attention_backward(query, key, value, output, lse, grad, grad_lse, mask, causal, scale) end

---The weights with which `attention` sums the values, (heads, rows, keys).
---@param query tocha.Tensor
---@param key tocha.Tensor
---@param mask? tocha.Tensor
---@param causal boolean
---@param scale number
---@return tocha.Tensor
---@overload fun(query: tocha.Tensor, key: tocha.Tensor, options: {mask?: tocha.Tensor}): tocha.Tensor
function tocha.attention_weights(query, key, mask, causal, scale) end

---tocha.autocast("cuda", "bfloat16"): a scope in which linear layers, matrix products,
---convolutions and attention compute in a half type, losses in float32: `local _ <close> =
---tocha.autocast(...)` around the forward pass. Device "cpu" (bfloat16 only) or "cuda" (float16
---unless told; scale the loss then, see tocha.GradScaler). Options: dtype; `enabled = false` turns
---it off inside another scope; `cache_enabled = false` casts a parameter at each use. On the CPU,
---products run at twice float32's speed where it has AVX512_BF16, elsewhere no faster.
---@return any ...
function tocha.autocast(device, dtype, options) end

---Average pooling with a result of shape `size`; padding as pairs, divisor 0 for none.
---@param input tocha.Tensor
---@param size integer|integer[]
---@param kernel_size integer|integer[]
---@param stride integer|integer[]
---@param padding integer|integer[]
---@param count_include_pad boolean
---@param divisor_override integer
---@return tocha.Tensor
function tocha.avg_pool(input, size, kernel_size, stride, padding, count_include_pad, divisor_override) end

---Means of windows over 1 dimension; padding counts as zeros unless `count_include_pad` is false.
---@param input tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param ceil_mode? boolean false by default
---@param count_include_pad? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {ceil_mode?: boolean, count_include_pad?: boolean}): tocha.Tensor
function tocha.avg_pool1d(input, kernel_size, stride, padding, ceil_mode, count_include_pad) end

---Means of windows over 2 dimensions; padding counts as zeros unless `count_include_pad` is false.
---@param input tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param ceil_mode? boolean false by default
---@param count_include_pad? boolean true by default
---@param divisor_override? integer
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
function tocha.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override) end

---Means of windows over 3 dimensions; padding counts as zeros unless `count_include_pad` is false.
---@param input tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param ceil_mode? boolean false by default
---@param count_include_pad? boolean true by default
---@param divisor_override? integer
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
function tocha.avg_pool3d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override) end

---The gradient of avg_pool with respect to its input of shape `size`.
---@param grad tocha.Tensor
---@param size integer|integer[]
---@param kernel_size integer|integer[]
---@param stride integer|integer[]
---@param padding integer|integer[]
---@param count_include_pad boolean
---@param divisor_override integer
---@return tocha.Tensor
function tocha.avg_pool_backward(grad, size, kernel_size, stride, padding, count_include_pad, divisor_override) end

---beta * input + alpha * the products of two batches of matrices; `input` broadcasts.
---@param input tocha.Tensor
---@param batch1 tocha.Tensor
---@param batch2 tocha.Tensor
---@param beta? number 1 by default
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, batch1: tocha.Tensor, batch2: tocha.Tensor, options: {beta?: number, alpha?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, batch1: tocha.Tensor, batch2: tocha.Tensor, beta: number, options: {alpha?: number}): tocha.Tensor
function tocha.baddbmm(input, batch1, batch2, beta, alpha) end

---Each channel with mean 0 and variance 1 over the batch (`training`; the running estimates are updated in place) or by the running estimates, then scaled and shifted.
---@param input tocha.Tensor
---@param running_mean? tocha.Tensor
---@param running_var? tocha.Tensor
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param training? boolean false by default
---@param momentum? number 0.1 by default
---@param eps? number 1e-5 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {running_mean?: tocha.Tensor, running_var?: tocha.Tensor, weight?: tocha.Tensor, bias?: tocha.Tensor, training?: boolean, momentum?: number, eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, running_mean: tocha.Tensor, options: {running_var?: tocha.Tensor, weight?: tocha.Tensor, bias?: tocha.Tensor, training?: boolean, momentum?: number, eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, running_mean: tocha.Tensor, running_var: tocha.Tensor, options: {weight?: tocha.Tensor, bias?: tocha.Tensor, training?: boolean, momentum?: number, eps?: number}): tocha.Tensor
function tocha.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps) end

---Gradients of `batch_norm` for input, weight and bias; `training`: mean and var are those of the input.
---@param grad tocha.Tensor
---@param input tocha.Tensor
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param mean tocha.Tensor
---@param var tocha.Tensor
---@param training boolean
---@param eps number
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(grad: tocha.Tensor, input: tocha.Tensor, options: {weight?: tocha.Tensor, bias?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(grad: tocha.Tensor, input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor
function tocha.batch_norm_backward(grad, input, weight, bias, mean, var, training, eps) end

---`batch_norm` by given statistics.
---@param input tocha.Tensor
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param mean tocha.Tensor
---@param var tocha.Tensor
---@param eps number
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {weight?: tocha.Tensor, bias?: tocha.Tensor}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor
function tocha.batch_norm_eval(input, weight, bias, mean, var, eps) end

---relu(batch_norm(input, ...) + residual): in `training` one operation, whose gradient is one too; nothing in between is kept.
---@param input tocha.Tensor
---@param running_mean? tocha.Tensor
---@param running_var? tocha.Tensor
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param residual? tocha.Tensor
---@param training? boolean false by default
---@param momentum? number 0.1 by default
---@param eps? number 1e-5 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {running_mean?: tocha.Tensor, running_var?: tocha.Tensor, weight?: tocha.Tensor, bias?: tocha.Tensor, residual?: tocha.Tensor, training?: boolean, momentum?: number, eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, running_mean: tocha.Tensor, options: {running_var?: tocha.Tensor, weight?: tocha.Tensor, bias?: tocha.Tensor, residual?: tocha.Tensor, training?: boolean, momentum?: number, eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, running_mean: tocha.Tensor, running_var: tocha.Tensor, options: {weight?: tocha.Tensor, bias?: tocha.Tensor, residual?: tocha.Tensor, training?: boolean, momentum?: number, eps?: number}): tocha.Tensor
function tocha.batch_norm_relu(input, running_mean, running_var, weight, bias, residual, training, momentum, eps) end

---Gradients of `batch_norm_relu_train` for input, residual, weight and bias.
---@param grad tocha.Tensor
---@param output tocha.Tensor
---@param input tocha.Tensor
---@param residual? tocha.Tensor
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param mean tocha.Tensor
---@param var tocha.Tensor
---@param eps number
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(grad: tocha.Tensor, output: tocha.Tensor, input: tocha.Tensor, options: {residual?: tocha.Tensor, weight?: tocha.Tensor, bias?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(grad: tocha.Tensor, output: tocha.Tensor, input: tocha.Tensor, residual: tocha.Tensor, options: {weight?: tocha.Tensor, bias?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(grad: tocha.Tensor, output: tocha.Tensor, input: tocha.Tensor, residual: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
function tocha.batch_norm_relu_backward(grad, output, input, residual, weight, bias, mean, var, eps) end

---relu(batch_norm(input) + residual) by the statistics of the batch, in one pass after them; they are written into `mean` and `var`.
---@param input tocha.Tensor
---@param residual? tocha.Tensor
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param mean tocha.Tensor
---@param var tocha.Tensor
---@param eps number
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {residual?: tocha.Tensor, weight?: tocha.Tensor, bias?: tocha.Tensor}): tocha.Tensor
---@overload fun(input: tocha.Tensor, residual: tocha.Tensor, options: {weight?: tocha.Tensor, bias?: tocha.Tensor}): tocha.Tensor
---@overload fun(input: tocha.Tensor, residual: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor
function tocha.batch_norm_relu_train(input, residual, weight, bias, mean, var, eps) end

---`batch_norm` by the statistics of the batch, which are written into `mean` and `var`.
---@param input tocha.Tensor
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param mean tocha.Tensor
---@param var tocha.Tensor
---@param eps number
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {weight?: tocha.Tensor, bias?: tocha.Tensor}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor
function tocha.batch_norm_train(input, weight, bias, mean, var, eps) end

---A term of `binary_cross_entropy_with_logits`.
---@param input tocha.Tensor|number
---@param target tocha.Tensor|number
---@param pos_weight tocha.Tensor|number
---@return tocha.Tensor
function tocha.bce_logits_term(input, target, pos_weight) end

---A term of `binary_cross_entropy`.
---@param input tocha.Tensor|number
---@param target tocha.Tensor|number
---@return tocha.Tensor
function tocha.bce_term(input, target) end

---1 with the probability that each element of `input` gives (or `p`, a number or a tensor), else 0. In place, `x:bernoulli_(p = 0.5)`, the values of x do not matter.
---@param input tocha.Tensor
---@param p? tocha.Tensor|number
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {p?: tocha.Tensor|number}): tocha.Tensor
function tocha.bernoulli(input, p) end

---input1 A_k input2 + bias for each of the matrices A_k of `weight`, (out, in1, in2).
---@param input1 tocha.Tensor
---@param input2 tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@return tocha.Tensor
---@overload fun(input1: tocha.Tensor, input2: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor
function tocha.bilinear(input1, input2, weight, bias) end

---Cross entropy of probabilities in [0, 1]; logarithms are at least -100.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param weight? tocha.Tensor
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {weight?: tocha.Tensor, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, weight: tocha.Tensor, options: {reduction?: string}): tocha.Tensor
function tocha.binary_cross_entropy(input, target, weight, reduction) end

---Cross entropy of sigmoid(input) and target, without overflow; `pos_weight` weighs the positives.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param weight? tocha.Tensor
---@param reduction? string "mean" by default
---@param pos_weight? tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {weight?: tocha.Tensor, reduction?: string, pos_weight?: tocha.Tensor}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, weight: tocha.Tensor, options: {reduction?: string, pos_weight?: tocha.Tensor}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, weight: tocha.Tensor, reduction: string, options: {pos_weight?: tocha.Tensor}): tocha.Tensor
function tocha.binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weight) end

---How often each of the numbers 1, 2, ... occurs in `input`: element k counts (or adds the weights of) k.
---@param input tocha.Tensor
---@param weights? tocha.Tensor
---@param minlength? integer 0 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {weights?: tocha.Tensor, minlength?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weights: tocha.Tensor, options: {minlength?: integer}): tocha.Tensor
function tocha.bincount(input, weights, minlength) end

---Bits set in both.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.bitwise_and(input, other) end

---Bits moved up by `other`.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.bitwise_left_shift(input, other) end

---Every bit turned; for bool, logical not.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.bitwise_not(input) end

---Bits set in one or both.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.bitwise_or(input, other) end

---Bits moved down by `other`, the sign kept.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.bitwise_right_shift(input, other) end

---Bits set in just one.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.bitwise_xor(input, other) end

---The products of two batches of matrices, pair by pair.
---@param input tocha.Tensor
---@param mat2 tocha.Tensor
---@return tocha.Tensor
function tocha.bmm(input, mat2) end

---A list of the tensors, expanded to the shape they broadcast to.
---@param tensors tocha.Tensor[]
---@return tocha.Tensor[]
function tocha.broadcast_tensors(tensors) end

---The tensor expanded to a shape. A view.
---@param input tocha.Tensor
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
function tocha.broadcast_to(input, size, ...) end

---Which bucket (from 1) each element falls into; bucket k ends with boundary k, which belongs to it, or to the next one (`right`).
---@param input tocha.Tensor|number
---@param boundaries tocha.Tensor
---@param out_int32? boolean false by default
---@param right? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor|number, boundaries: tocha.Tensor, options: {out_int32?: boolean, right?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor|number, boundaries: tocha.Tensor, out_int32: boolean, options: {right?: boolean}): tocha.Tensor
function tocha.bucketize(input, boundaries, out_int32, right) end

---All combinations of one element from each vector, a row each.
---@param tensors tocha.Tensor[]
---@return tocha.Tensor
function tocha.cartesian_prod(tensors) end

---Tensors joined along dimension `dim`; their other sizes agree.
---@param tensors tocha.Tensor[]
---@param dim? integer 1 by default
---@return tocha.Tensor
---@overload fun(tensors: tocha.Tensor[], options: {dim?: integer}): tocha.Tensor
function tocha.cat(tensors, dim) end

---p-norm distances between every row of x1 (..., P, M) and every row of x2 (..., R, M): (..., P, R).
---@param x1 tocha.Tensor
---@param x2 tocha.Tensor
---@param p? number 2 by default
---@return tocha.Tensor
---@overload fun(x1: tocha.Tensor, x2: tocha.Tensor, options: {p?: number}): tocha.Tensor
function tocha.cdist(x1, x2, p) end

---Smallest integer not below.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.ceil(input) end

---x where positive, else alpha (exp(x / alpha) - 1).
---@param input tocha.Tensor
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {alpha?: number}): tocha.Tensor
function tocha.celu(input, alpha) end

---Channels of (N, C, ...) interleaved over `groups`.
---@param input tocha.Tensor
---@param groups integer
---@return tocha.Tensor
function tocha.channel_shuffle(input, groups) end

---The triangular factor of symmetric positive-definite matrices: L L^T, or U^T U with `upper`. Only that triangle of the input is read.
---@param input tocha.Tensor
---@param upper? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {upper?: boolean}): tocha.Tensor
function tocha.cholesky(input, upper) end

---The solution X of A X = input, where `factor` is the Cholesky factor of A.
---@param input tocha.Tensor
---@param factor tocha.Tensor
---@param upper? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, factor: tocha.Tensor, options: {upper?: boolean}): tocha.Tensor
function tocha.cholesky_solve(input, factor, upper) end

---A list of `chunks` views of equal size along `dim`; the last may be smaller, or missing.
---@param input tocha.Tensor
---@param chunks integer
---@param dim? integer 1 by default
---@return tocha.Tensor[]
---@overload fun(input: tocha.Tensor, chunks: integer, options: {dim?: integer}): tocha.Tensor[]
function tocha.chunk(input, chunks, dim) end

---`input` between `min` and `max`, numbers or tensors; nil leaves a side open. NaN stays.
---@param input tocha.Tensor
---@param min? tocha.Tensor|number
---@param max? tocha.Tensor|number
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {min?: tocha.Tensor|number, max?: tocha.Tensor|number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, min: tocha.Tensor|number, options: {max?: tocha.Tensor|number}): tocha.Tensor
function tocha.clamp(input, min, max) end

---`input` between two numbers: see `clamp`.
---@param input tocha.Tensor|number
---@param min tocha.Tensor|number
---@param max tocha.Tensor|number
---@return tocha.Tensor
function tocha.clamp_both(input, min, max) end

---`input`, but not above a number: see `clamp_max`.
---@param input tocha.Tensor|number
---@param max tocha.Tensor|number
---@return tocha.Tensor
function tocha.clamp_high(input, max) end

---`input`, but not below a number: see `clamp_min`.
---@param input tocha.Tensor|number
---@param min tocha.Tensor|number
---@return tocha.Tensor
function tocha.clamp_low(input, min) end

---`input`, but not above `max`, a number or a tensor.
---@param input tocha.Tensor
---@param max tocha.Tensor|number
---@return tocha.Tensor
function tocha.clamp_max(input, max) end

---`input`, but not below `min`, a number or a tensor.
---@param input tocha.Tensor
---@param min tocha.Tensor|number
---@return tocha.Tensor
function tocha.clamp_min(input, min) end

---tocha.clock(): seconds of a clock that only goes forward, for timing.
---@return number
function tocha.clock(...) end

---A copy with memory of its own: contiguous, or channels last as the tensor is.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.clone(input) end

---`input` with `value` around it; `pad` holds (before, after) of the last dimension, then of the one before.
---@param input tocha.Tensor
---@param pad integer|integer[]
---@param value? number 0 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, pad: integer|integer[], options: {value?: number}): tocha.Tensor
function tocha.constant_pad_nd(input, pad, value) end

---The tensor itself where its elements lie in row order, else a copy in which they do; `memory_format` "channels_last" (four dimensions, (N, C, H, W)) or "channels_last_3d": with the channels of a pixel side by side, which tensor cores read best.
---@param input tocha.Tensor
---@param memory_format? string "contiguous_format" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {memory_format?: string}): tocha.Tensor
function tocha.contiguous(input, memory_format) end

---Convolution (cross-correlation) over 1 spatial dimension. `padding`: an integer, one a dimension, a pair (before, after) a dimension, "valid", or "same" (ceil(size / stride) results).
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param dilation? integer|integer[] 1 by default
---@param groups? integer 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
function tocha.conv1d(input, weight, bias, stride, padding, dilation, groups) end

---Convolution (cross-correlation) over 2 spatial dimensions. `padding`: an integer, one a dimension, a pair (before, after) a dimension, "valid", or "same" (ceil(size / stride) results).
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param dilation? integer|integer[] 1 by default
---@param groups? integer 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
function tocha.conv2d(input, weight, bias, stride, padding, dilation, groups) end

---Convolution (cross-correlation) over 3 spatial dimensions. `padding`: an integer, one a dimension, a pair (before, after) a dimension, "valid", or "same" (ceil(size / stride) results).
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param dilation? integer|integer[] 1 by default
---@param groups? integer 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
function tocha.conv3d(input, weight, bias, stride, padding, dilation, groups) end

---Convolution with a result of shape `size`; padding as pairs (before, after). What conv1d to conv3d do.
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param size integer|integer[]
---@param stride integer|integer[]
---@param padding integer|integer[]
---@param dilation integer|integer[]
---@param groups integer
---@return tocha.Tensor
function tocha.conv_forward(input, weight, size, stride, padding, dilation, groups) end

---clamp(conv(input) + residual, low, high) in one pass: convNd by the dimensions of `weight`, with a ReLU where `low` is 0. What nn.fuse makes of a network.
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param residual? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param dilation? integer|integer[] 1 by default
---@param groups? integer 1 by default
---@param low? number -1/0 by default
---@param high? number 1/0 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, residual?: tocha.Tensor, stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer, low?: number, high?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {residual?: tocha.Tensor, stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer, low?: number, high?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, residual: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer, low?: number, high?: number}): tocha.Tensor
function tocha.conv_fused(input, weight, bias, residual, stride, padding, dilation, groups, low, high) end

---The gradient of a convolution with respect to its input of shape `size`.
---@param grad tocha.Tensor
---@param weight tocha.Tensor
---@param size integer|integer[]
---@param stride integer|integer[]
---@param padding integer|integer[]
---@param dilation integer|integer[]
---@param groups integer
---@return tocha.Tensor
function tocha.conv_input_grad(grad, weight, size, stride, padding, dilation, groups) end

---Transposed convolution over 1 spatial dimension: the gradient of conv1d as an operation. weight is (C, O / groups, ...).
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param output_padding? integer|integer[] 0 by default
---@param groups? integer 1 by default
---@param dilation? integer|integer[] 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
function tocha.conv_transpose1d(input, weight, bias, stride, padding, output_padding, groups, dilation) end

---Transposed convolution over 2 spatial dimensions: the gradient of conv2d as an operation. weight is (C, O / groups, ...).
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param output_padding? integer|integer[] 0 by default
---@param groups? integer 1 by default
---@param dilation? integer|integer[] 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
function tocha.conv_transpose2d(input, weight, bias, stride, padding, output_padding, groups, dilation) end

---Transposed convolution over 3 spatial dimensions: the gradient of conv3d as an operation. weight is (C, O / groups, ...).
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param output_padding? integer|integer[] 0 by default
---@param groups? integer 1 by default
---@param dilation? integer|integer[] 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
function tocha.conv_transpose3d(input, weight, bias, stride, padding, output_padding, groups, dilation) end

---The gradient of a convolution with respect to its weight of shape `size`.
---@param input tocha.Tensor
---@param grad tocha.Tensor
---@param size integer|integer[]
---@param stride integer|integer[]
---@param padding integer|integer[]
---@param dilation integer|integer[]
---@param groups integer
---@return tocha.Tensor
function tocha.conv_weight_grad(input, grad, size, stride, padding, dilation, groups) end

---`input` with the sign of `other`.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.copysign(input, other) end

---Cosine.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.cos(input) end

---Hyperbolic cosine.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.cosh(input) end

---1 - cos(x1, x2) where the target is 1; max(0, cos(x1, x2) - margin) where it is -1.
---@param input1 tocha.Tensor
---@param input2 tocha.Tensor
---@param target tocha.Tensor
---@param margin? number 0 by default
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input1: tocha.Tensor, input2: tocha.Tensor, target: tocha.Tensor, options: {margin?: number, reduction?: string}): tocha.Tensor
---@overload fun(input1: tocha.Tensor, input2: tocha.Tensor, target: tocha.Tensor, margin: number, options: {reduction?: string}): tocha.Tensor
function tocha.cosine_embedding_loss(input1, input2, target, margin, reduction) end

---Cosine of the angle between vectors along `dim`; norms are at least `eps`.
---@param x1 tocha.Tensor
---@param x2 tocha.Tensor
---@param dim? integer 2 by default
---@param eps? number 1e-8 by default
---@return tocha.Tensor
---@overload fun(x1: tocha.Tensor, x2: tocha.Tensor, options: {dim?: integer, eps?: number}): tocha.Tensor
---@overload fun(x1: tocha.Tensor, x2: tocha.Tensor, dim: integer, options: {eps?: number}): tocha.Tensor
function tocha.cosine_similarity(x1, x2, dim, eps) end

---How many elements over `dim` (nil: all) are not 0.
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[]}): tocha.Tensor
function tocha.count_nonzero(input, dim) end

---The cross products of vectors of three elements along `dim`; other dimensions broadcast.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param dim? integer -1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, options: {dim?: integer}): tocha.Tensor
function tocha.cross(input, other, dim) end

---Cross entropy of logits and class ids (from 1) or class probabilities. `ignore_index`: the id that does not count (nil: -100). `inplace`: the caller needs the logits no more, and `backward` writes their gradient over them, which saves their size in memory.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param weight? tocha.Tensor
---@param ignore_index? integer
---@param reduction? string "mean" by default
---@param label_smoothing? number 0 by default
---@param inplace? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {weight?: tocha.Tensor, ignore_index?: integer, reduction?: string, label_smoothing?: number, inplace?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, weight: tocha.Tensor, options: {ignore_index?: integer, reduction?: string, label_smoothing?: number, inplace?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, weight: tocha.Tensor, ignore_index: integer, options: {reduction?: string, label_smoothing?: number, inplace?: boolean}): tocha.Tensor
function tocha.cross_entropy(input, target, weight, ignore_index, reduction, label_smoothing, inplace) end

---The gradient of `cross_entropy` with class ids for its input.
---@param grad tocha.Tensor
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param weight? tocha.Tensor
---@param ignore_index? integer
---@param reduction string
---@param label_smoothing number
---@return tocha.Tensor
---@overload fun(grad: tocha.Tensor, input: tocha.Tensor, target: tocha.Tensor, options: {weight?: tocha.Tensor, ignore_index?: integer}): tocha.Tensor
---@overload fun(grad: tocha.Tensor, input: tocha.Tensor, target: tocha.Tensor, weight: tocha.Tensor, options: {ignore_index?: integer}): tocha.Tensor
function tocha.cross_entropy_backward(grad, input, target, weight, ignore_index, reduction, label_smoothing) end

---Loss of sequences of labels against frames of log-probabilities of which nobody knows which belongs to which. `blank` is the class of no label.
---@param log_probs tocha.Tensor
---@param targets tocha.Tensor
---@param input_lengths any
---@param target_lengths any
---@param blank? integer 1 by default
---@param reduction? string "mean" by default
---@param zero_infinity? boolean false by default
---@return tocha.Tensor
---@overload fun(log_probs: tocha.Tensor, targets: tocha.Tensor, input_lengths: any, target_lengths: any, options: {blank?: integer, reduction?: string, zero_infinity?: boolean}): tocha.Tensor
---@overload fun(log_probs: tocha.Tensor, targets: tocha.Tensor, input_lengths: any, target_lengths: any, blank: integer, options: {reduction?: string, zero_infinity?: boolean}): tocha.Tensor
---@overload fun(log_probs: tocha.Tensor, targets: tocha.Tensor, input_lengths: any, target_lengths: any, blank: integer, reduction: string, options: {zero_infinity?: boolean}): tocha.Tensor
function tocha.ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity) end

---The loss of `ctc_loss` for each sample.
---@param log_probs tocha.Tensor
---@param targets tocha.Tensor
---@param input_lengths tocha.Tensor
---@param target_lengths tocha.Tensor
---@param blank integer
---@return tocha.Tensor
function tocha.ctc_losses(log_probs, targets, input_lengths, target_lengths, blank) end

---The gradient of `ctc_losses` for log_probs.
---@param grad tocha.Tensor
---@param log_probs tocha.Tensor
---@param targets tocha.Tensor
---@param input_lengths tocha.Tensor
---@param target_lengths tocha.Tensor
---@param blank integer
---@return tocha.Tensor
function tocha.ctc_losses_backward(grad, log_probs, targets, input_lengths, target_lengths, blank) end

---The largest value up to each place along `dim`, and its index (the last of equal ones).
---@param input tocha.Tensor
---@param dim integer
---@return tocha.Tensor
---@return tocha.Tensor
function tocha.cummax(input, dim) end

---The smallest value up to each place along `dim`, and its index (the last of equal ones).
---@param input tocha.Tensor
---@param dim integer
---@return tocha.Tensor
---@return tocha.Tensor
function tocha.cummin(input, dim) end

---Products of all elements up to each along `dim`. Integers and bools give int64.
---@param input tocha.Tensor
---@param dim integer
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {dtype?: tocha.dtype}): tocha.Tensor
function tocha.cumprod(input, dim, dtype) end

---Sums of all elements up to each along `dim`. Integers and bools give int64.
---@param input tocha.Tensor
---@param dim integer
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {dtype?: tocha.dtype}): tocha.Tensor
function tocha.cumsum(input, dim, dtype) end

---Sums of each element and all after it along `dim`.
---@param input tocha.Tensor
---@param dim integer
---@return tocha.Tensor
function tocha.cumsum_reversed(input, dim) end

---Degrees to radians.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.deg2rad(input) end

---The determinants of square matrices.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.det(input) end

---A vector as the diagonal of a matrix, or the diagonal of a matrix as a vector.
---@param input tocha.Tensor
---@param diagonal? integer 0 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {diagonal?: integer}): tocha.Tensor
function tocha.diag(input, diagonal) end

---The last dimension as the diagonal of matrices, whose dimensions are `dim1` and `dim2` of the result.
---@param input tocha.Tensor
---@param offset? integer 0 by default
---@param dim1? integer -2 by default
---@param dim2? integer -1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {offset?: integer, dim1?: integer, dim2?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, offset: integer, options: {dim1?: integer, dim2?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, offset: integer, dim1: integer, options: {dim2?: integer}): tocha.Tensor
function tocha.diag_embed(input, offset, dim1, dim2) end

---All elements as the diagonal of a matrix.
---@param input tocha.Tensor
---@param offset? integer 0 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {offset?: integer}): tocha.Tensor
function tocha.diagflat(input, offset) end

---The diagonal of two dimensions, as the last dimension of the result. A view.
---@param input tocha.Tensor
---@param offset? integer 0 by default
---@param dim1? integer 1 by default
---@param dim2? integer 2 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {offset?: integer, dim1?: integer, dim2?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, offset: integer, options: {dim1?: integer, dim2?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, offset: integer, dim1: integer, options: {dim2?: integer}): tocha.Tensor
function tocha.diagonal(input, offset, dim1, dim2) end

---1 - (2 TP + s) / (2 TP + FP + FN + s) for each example and class, from probabilities (N, C, ...) and masks of the same shape or class ids (N, ...). Milletari et al., "V-Net" (2016).
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param smooth? number 1e-5 by default
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {smooth?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, smooth: number, options: {reduction?: string}): tocha.Tensor
function tocha.dice_loss(input, target, smooth, reduction) end

---Differences of neighbours along `dim`, `n` times over.
---@param input tocha.Tensor
---@param n? integer 1 by default
---@param dim? integer -1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {n?: integer, dim?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, n: integer, options: {dim?: integer}): tocha.Tensor
function tocha.diff(input, n, dim) end

---Logarithmic derivative of the gamma function.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.digamma(input) end

---Quotient; `rounding_mode` "trunc" rounds it towards zero, "floor" down.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@param rounding_mode? string
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor|number, other: tocha.Tensor|number, options: {rounding_mode?: string}): tocha.Tensor
function tocha.div(input, other, rounding_mode) end

---The sum of the products of two vectors' elements.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@return tocha.Tensor
function tocha.dot(input, other) end

---Sets each element to 0 with probability `p` and divides the others by 1 - p; without `training`, nothing.
---@param input tocha.Tensor
---@param p? number 0.5 by default
---@param training? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {p?: number, training?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, options: {training?: boolean}): tocha.Tensor
function tocha.dropout(input, p, training) end

---Sets whole channels of 1 dimensions to 0 with probability `p`.
---@param input tocha.Tensor
---@param p? number 0.5 by default
---@param training? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {p?: number, training?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, options: {training?: boolean}): tocha.Tensor
function tocha.dropout1d(input, p, training) end

---Sets whole channels of 2 dimensions to 0 with probability `p`.
---@param input tocha.Tensor
---@param p? number 0.5 by default
---@param training? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {p?: number, training?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, options: {training?: boolean}): tocha.Tensor
function tocha.dropout2d(input, p, training) end

---Sets whole channels of 3 dimensions to 0 with probability `p`.
---@param input tocha.Tensor
---@param p? number 0.5 by default
---@param training? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {p?: number, training?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, options: {training?: boolean}): tocha.Tensor
function tocha.dropout3d(input, p, training) end

---`dropout` with the numbers of `seed` from block `offset` on: the same ones each time.
---@param input tocha.Tensor
---@param p number
---@param seed integer
---@param offset integer
---@return tocha.Tensor
function tocha.dropout_at(input, p, seed, offset) end

---Tensors joined one behind the other (along dimension 3).
---@param tensors tocha.Tensor[]
---@return tocha.Tensor
function tocha.dstack(tensors) end

---The eigenvalues of symmetric matrices in ascending order, and their vectors as columns. Only the lower ("L") or upper ("U") triangle is read.
---@param input tocha.Tensor
---@param UPLO? string "L" by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {UPLO?: string}): tocha.Tensor, tocha.Tensor
function tocha.eigh(input, UPLO) end

---The eigenvalues of symmetric matrices, of which one triangle is read, in ascending order.
---@param input tocha.Tensor
---@param UPLO? string "L" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {UPLO?: string}): tocha.Tensor
function tocha.eigvalsh(input, UPLO) end

---Sums of products over named dimensions: einsum("bij,bjk->bik", a, b). Operands follow one by one or as a list; "..." stands for dimensions without a name.
---@param equation string
---@param operands any
---@param operand2? tocha.Tensor
---@param operand3? tocha.Tensor
---@param operand4? tocha.Tensor
---@param operand5? tocha.Tensor
---@param operand6? tocha.Tensor
---@param operand7? tocha.Tensor
---@param operand8? tocha.Tensor
---@return tocha.Tensor
---@overload fun(equation: string, operands: any, options: {operand2?: tocha.Tensor, operand3?: tocha.Tensor, operand4?: tocha.Tensor, operand5?: tocha.Tensor, operand6?: tocha.Tensor, operand7?: tocha.Tensor, operand8?: tocha.Tensor}): tocha.Tensor
---@overload fun(equation: string, operands: any, operand2: tocha.Tensor, options: {operand3?: tocha.Tensor, operand4?: tocha.Tensor, operand5?: tocha.Tensor, operand6?: tocha.Tensor, operand7?: tocha.Tensor, operand8?: tocha.Tensor}): tocha.Tensor
---@overload fun(equation: string, operands: any, operand2: tocha.Tensor, operand3: tocha.Tensor, options: {operand4?: tocha.Tensor, operand5?: tocha.Tensor, operand6?: tocha.Tensor, operand7?: tocha.Tensor, operand8?: tocha.Tensor}): tocha.Tensor
function tocha.einsum(equation, operands, operand2, operand3, operand4, operand5, operand6, operand7, operand8) end

---x where positive, else alpha (exp(x) - 1).
---@param input tocha.Tensor
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {alpha?: number}): tocha.Tensor
function tocha.elu(input, alpha) end

---The rows of `weight` that the ids of `input` name. The row `padding_idx` gets no gradient; rows longer than `max_norm` are shortened in place first; `scale_grad_by_freq` divides by how often an id occurs.
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param padding_idx? integer
---@param max_norm? number
---@param norm_type? number 2 by default
---@param scale_grad_by_freq? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {padding_idx?: integer, max_norm?: number, norm_type?: number, scale_grad_by_freq?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, padding_idx: integer, options: {max_norm?: number, norm_type?: number, scale_grad_by_freq?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, padding_idx: integer, max_norm: number, options: {norm_type?: number, scale_grad_by_freq?: boolean}): tocha.Tensor
function tocha.embedding(input, weight, padding_idx, max_norm, norm_type, scale_grad_by_freq) end

---The rows of `grad` (row `rows[k]`, or k) times `scale[k]` added into `num` rows of zeros at `input[k]`, but for the row `padding_idx`.
---@param grad tocha.Tensor
---@param input tocha.Tensor
---@param num integer
---@param padding_idx? integer
---@param rows? tocha.Tensor
---@param scale? tocha.Tensor
---@return tocha.Tensor
---@overload fun(grad: tocha.Tensor, input: tocha.Tensor, num: integer, options: {padding_idx?: integer, rows?: tocha.Tensor, scale?: tocha.Tensor}): tocha.Tensor
---@overload fun(grad: tocha.Tensor, input: tocha.Tensor, num: integer, padding_idx: integer, options: {rows?: tocha.Tensor, scale?: tocha.Tensor}): tocha.Tensor
---@overload fun(grad: tocha.Tensor, input: tocha.Tensor, num: integer, padding_idx: integer, rows: tocha.Tensor, options: {scale?: tocha.Tensor}): tocha.Tensor
function tocha.embedding_backward(grad, input, num, padding_idx, rows, scale) end

---The sum, mean or maximum (`mode`) of the rows of `weight` that each bag of ids names: the rows of a matrix of ids, or parts of a vector that start at `offsets` (from 1; with `include_last_offset` the last one is the end). `per_sample_weights` scale the rows of sums; `padding_idx` does not count.
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param offsets? tocha.Tensor
---@param max_norm? number
---@param norm_type? number 2 by default
---@param scale_grad_by_freq? boolean false by default
---@param mode? string "mean" by default
---@param sparse? boolean false by default
---@param per_sample_weights? tocha.Tensor
---@param include_last_offset? boolean false by default
---@param padding_idx? integer
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {offsets?: tocha.Tensor, max_norm?: number, norm_type?: number, scale_grad_by_freq?: boolean, mode?: string, sparse?: boolean, per_sample_weights?: tocha.Tensor, include_last_offset?: boolean, padding_idx?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, offsets: tocha.Tensor, options: {max_norm?: number, norm_type?: number, scale_grad_by_freq?: boolean, mode?: string, sparse?: boolean, per_sample_weights?: tocha.Tensor, include_last_offset?: boolean, padding_idx?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, offsets: tocha.Tensor, max_norm: number, options: {norm_type?: number, scale_grad_by_freq?: boolean, mode?: string, sparse?: boolean, per_sample_weights?: tocha.Tensor, include_last_offset?: boolean, padding_idx?: integer}): tocha.Tensor
function tocha.embedding_bag(input, weight, offsets, max_norm, norm_type, scale_grad_by_freq, mode, sparse, per_sample_weights, include_last_offset, padding_idx) end

---A tensor of the given sizes whose values are whatever memory held.
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
---@overload fun(size: integer|integer[], options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.empty(size, ...) end

---tocha.reset_peak_memory(): the peak counts from now on. tocha.empty_cache(): gives cached bytes
---back to the system.
---@return any ...
function tocha.empty_cache(...) end

---As `empty`, with the sizes, dtype and device of `input`.
---@param input tocha.Tensor
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.empty_like(input, dtype, device, requires_grad) end

---tocha.enable_grad(): recording, inside a no_grad scope.
---@return any ...
function tocha.enable_grad(f, ...) end

---Equal.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.eq(input, other) end

---Have both the same shape and the same elements? Returns a boolean.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@return boolean
function tocha.equal(input, other) end

---Error function.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.erf(input) end

---One less the error function, exact in the tail.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.erfc(input) end

---Inverse of the error function.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.erfinv(input) end

---Exponential.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.exp(input) end

---Power of two.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.exp2(input) end

---Dimensions of size 1 repeated to the given sizes without a copy; -1 keeps a size. A view.
---@param input tocha.Tensor
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
function tocha.expand(input, size, ...) end

---The tensor expanded to the shape of another. A view.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@return tocha.Tensor
function tocha.expand_as(input, other) end

---Exponential less 1, exact near 0.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.expm1(input) end

---The n x m matrix (m = n where not given) with 1 on its diagonal and 0 elsewhere.
---@param n integer
---@param m? integer
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(n: integer, options: {m?: integer, dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(n: integer, m: integer, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(n: integer, m: integer, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
function tocha.eye(n, m, dtype, device, requires_grad) end

---`alpha_dropout` of whole channels of (N, C, ...).
---@param input tocha.Tensor
---@param p? number 0.5 by default
---@param training? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {p?: number, training?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, options: {training?: boolean}): tocha.Tensor
function tocha.feature_alpha_dropout(input, p, training) end

---Dimensions `start_dim` to `end_dim` as one.
---@param input tocha.Tensor
---@param start_dim? integer 1 by default
---@param end_dim? integer -1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {start_dim?: integer, end_dim?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, start_dim: integer, options: {end_dim?: integer}): tocha.Tensor
function tocha.flatten(input, start_dim, end_dim) end

---The order of elements reversed along the dimensions `dims`.
---@param input tocha.Tensor
---@param dims integer|integer[]
---@return tocha.Tensor
function tocha.flip(input, dims) end

---The order of columns reversed.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.fliplr(input) end

---The order of rows reversed.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.flipud(input) end

---Largest integer not above.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.floor(input) end

---Quotient rounded down.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.floor_divide(input, other) end

---The larger of two; a number if one is.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.fmax(input, other) end

---The smaller of two; a number if one is.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.fmin(input, other) end

---Remainder with the sign of `input`, as C's fmod.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.fmod(input, other) end

---Columns (N, C * taps, L) summed back into images (N, C, H, W) where patches overlap: PyTorch's F.fold.
---@param input tocha.Tensor
---@param output_size integer|integer[]
---@param kernel_size integer|integer[]
---@param dilation? integer|integer[] 1 by default
---@param padding? integer|integer[] 0 by default
---@param stride? integer|integer[] 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, output_size: integer|integer[], kernel_size: integer|integer[], options: {dilation?: integer|integer[], padding?: integer|integer[], stride?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, output_size: integer|integer[], kernel_size: integer|integer[], dilation: integer|integer[], options: {padding?: integer|integer[], stride?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, output_size: integer|integer[], kernel_size: integer|integer[], dilation: integer|integer[], padding: integer|integer[], options: {stride?: integer|integer[]}): tocha.Tensor
function tocha.fold(input, output_size, kernel_size, dilation, padding, stride) end

---Fraction, with the sign of `input`.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.frac(input) end

---Largest elements of windows over 2 dimensions of the size `kernel_size` at random places, `output_size` of them or `output_ratio` of the input's size; with `return_indices` also where they are in their plane, from 1. `_random_samples`: (N, C, 2) numbers in [0, 1) that place them.
---@param input tocha.Tensor
---@param kernel_size integer|integer[]
---@param output_size? integer|integer[]
---@param output_ratio? any
---@param return_indices? boolean false by default
---@param _random_samples? tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], options: {output_size?: integer|integer[], output_ratio?: any, return_indices?: boolean, _random_samples?: tocha.Tensor}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], output_size: integer|integer[], options: {output_ratio?: any, return_indices?: boolean, _random_samples?: tocha.Tensor}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], output_size: integer|integer[], output_ratio: any, options: {return_indices?: boolean, _random_samples?: tocha.Tensor}): tocha.Tensor, tocha.Tensor
function tocha.fractional_max_pool2d(input, kernel_size, output_size, output_ratio, return_indices, _random_samples) end

---Largest elements of windows over 3 dimensions of the size `kernel_size` at random places, `output_size` of them or `output_ratio` of the input's size; with `return_indices` also where they are in their plane, from 1. `_random_samples`: (N, C, 3) numbers in [0, 1) that place them.
---@param input tocha.Tensor
---@param kernel_size integer|integer[]
---@param output_size? integer|integer[]
---@param output_ratio? any
---@param return_indices? boolean false by default
---@param _random_samples? tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], options: {output_size?: integer|integer[], output_ratio?: any, return_indices?: boolean, _random_samples?: tocha.Tensor}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], output_size: integer|integer[], options: {output_ratio?: any, return_indices?: boolean, _random_samples?: tocha.Tensor}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], output_size: integer|integer[], output_ratio: any, options: {return_indices?: boolean, _random_samples?: tocha.Tensor}): tocha.Tensor, tocha.Tensor
function tocha.fractional_max_pool3d(input, kernel_size, output_size, output_ratio, return_indices, _random_samples) end

---tocha.from_bytes(string, size, dtype): the bytes as they are in memory, row by row.
---@return tocha.Tensor
function tocha.from_bytes(bytes, size, dtype) end

---A tensor of the given sizes (a list) filled with a value; int64 for an integer, bool for a boolean.
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
---@overload fun(size: integer|integer[], fill_value: any, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], fill_value: any, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], fill_value: any, dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.full(size, ...) end

---A tensor with the sizes, dtype and device of `input`, filled with a value.
---@param input tocha.Tensor
---@param fill_value any
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, fill_value: any, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, fill_value: any, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, fill_value: any, dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.full_like(input, fill_value, dtype, device, requires_grad) end

---The elements that `index` names along `dim`; the result has the shape of `index`.
---@param input tocha.Tensor
---@param dim integer
---@param index tocha.Tensor
---@return tocha.Tensor
function tocha.gather(input, dim, index) end

---Multiplies by normal noise around 1 whose variance p / (1 - p) is that of dropout; without `training`, nothing. Srivastava et al., "Dropout" (2014), section 10.
---@param input tocha.Tensor
---@param p? number 0.5 by default
---@param training? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {p?: number, training?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, options: {training?: boolean}): tocha.Tensor
function tocha.gaussian_dropout(input, p, training) end

---Negative log likelihood of a Gaussian with mean `input` and variance `var` (at least `eps`).
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param var tocha.Tensor|number
---@param full? boolean false by default
---@param eps? number 1e-6 by default
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, var: tocha.Tensor|number, options: {full?: boolean, eps?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, var: tocha.Tensor|number, full: boolean, options: {eps?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, var: tocha.Tensor|number, full: boolean, eps: number, options: {reduction?: string}): tocha.Tensor
function tocha.gaussian_nll_loss(input, target, var, full, eps, reduction) end

---Adds normal noise of the standard deviation `std`; without `training`, nothing.
---@param input tocha.Tensor
---@param std number
---@param training? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, std: number, options: {training?: boolean}): tocha.Tensor
function tocha.gaussian_noise(input, std, training) end

---Greater or equal.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.ge(input, other) end

---One half times the gelu of the other. `gate` says which half along `dim` goes through it, "first" or "last".
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param gate? string "last" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, gate?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {gate?: string}): tocha.Tensor
function tocha.geglu(input, dim, gate) end

---x times the normal distribution function; `approximate` = "tanh" comes near it by tanh.
---@param input tocha.Tensor
---@param approximate? string "none" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {approximate?: string}): tocha.Tensor
function tocha.gelu(input, approximate) end

---x times the normal distribution function: see `gelu`.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.gelu_erf(input) end

---gelu by tanh: see `gelu`.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.gelu_tanh(input) end

---Householder's QR decomposition in LAPACK's form: R with the reflectors below it, and the tau that `householder_product` takes.
---@param input tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
function tocha.geqrf(input) end

---The outer product of two vectors: all products of an element of each.
---@param input tocha.Tensor
---@param vec2 tocha.Tensor
---@return tocha.Tensor
function tocha.ger(input, vec2) end

---tocha.get_num_threads()
---tocha.set_num_threads(n), tocha.get_num_threads(): threads of one operation; in a thread of
---`tocha.threads` it is one, unless that thread sets it.
---@return integer
function tocha.get_num_threads() end

---tocha.get_rng_state(), tocha.set_rng_state(state): to come back to a place in the sequence.
---@return any ...
function tocha.get_rng_state() end

---tocha.get_winograd()
---tocha.set_winograd(on), tocha.get_winograd(): may float32 convolutions of 3 x 3 windows at
---stride 1 go by Winograd's transforms? A fourth of the products, about the error of a direct sum;
---an infinity or NaN then spreads over its 4 x 4 tile. On unless turned off; float64 never does.
---@return any ...
function tocha.get_winograd() end

---Gated linear unit: the first half along `dim` times the sigmoid of the second.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer}): tocha.Tensor
function tocha.glu(input, dim) end

---tocha.gradcheck(f, inputs, options): compares the gradients of f with finite differences.
---
---f takes the inputs and returns one tensor or several; inputs is a list (float64 for the default
---tolerances), those that require grad are checked. The outputs are weighted with fixed distinct
---numbers and summed, so one backward and two calls an element tell all. Returns true, or raises an
---error that names input, element and both numbers; with {raise = false} returns false and
---that text.
---@return any ...
function tocha.gradcheck(f, inputs, options) end

---tocha.gradgradcheck(f, inputs, options): the same for the gradients of the gradients.
---@return any ...
function tocha.gradgradcheck(f, inputs, options) end

---tocha.graph(f, {strict = false}): a function that does what f does, from the third call on
---without Lua. f takes tensors (also in tables) and other values, and returns tensors; it may be a
---module. The first call with arguments of a kind is f itself, the second is recorded: each kernel
---call with its memory. Other shapes, dtypes or values are recorded for themselves. What is
---returned are the same tensors each time: clone() what is to stay. On CUDA the fourth call
---captures what does not change between runs as CUDA graphs; what cannot be captured runs by
---itself, and print(step) tells which operations these are, and why. With {strict = true} they are
---an error of that call, which names the operation; nothing has run then.
---@return any ...
function tocha.graph(f, options) end

---(N, C, ...) sampled at the points of `grid` (N, ..., 2 or 3), x first, in [-1, 1]. Modes: bilinear, bicubic, nearest.
---@param input tocha.Tensor
---@param grid tocha.Tensor
---@param mode? string "bilinear" by default
---@param padding_mode? string "zeros" by default
---@param align_corners? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, grid: tocha.Tensor, options: {mode?: string, padding_mode?: string, align_corners?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, grid: tocha.Tensor, mode: string, options: {padding_mode?: string, align_corners?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, grid: tocha.Tensor, mode: string, padding_mode: string, options: {align_corners?: boolean}): tocha.Tensor
function tocha.grid_sample(input, grid, mode, padding_mode, align_corners) end

---Each of `num_groups` groups of channels of a sample with mean 0 and variance 1, scaled, shifted.
---@param input tocha.Tensor
---@param num_groups integer
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param eps? number 1e-5 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, num_groups: integer, options: {weight?: tocha.Tensor, bias?: tocha.Tensor, eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, num_groups: integer, weight: tocha.Tensor, options: {bias?: tocha.Tensor, eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, num_groups: integer, weight: tocha.Tensor, bias: tocha.Tensor, options: {eps?: number}): tocha.Tensor
function tocha.group_norm(input, num_groups, weight, bias, eps) end

---Gradients of `group_norm` for input, weight and bias.
---@param grad tocha.Tensor
---@param input tocha.Tensor
---@param groups integer
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param eps number
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(grad: tocha.Tensor, input: tocha.Tensor, groups: integer, options: {weight?: tocha.Tensor, bias?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(grad: tocha.Tensor, input: tocha.Tensor, groups: integer, weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor
function tocha.group_norm_backward(grad, input, groups, weight, bias, eps) end

---A layer of gated recurrent units; blocks of the gates: reset, update, new. Returns the outputs and the last state; then what the reset gate multiplied, and the gates.
---@param input tocha.Tensor
---@param h0 tocha.Tensor
---@param weight_ih tocha.Tensor
---@param weight_hh tocha.Tensor
---@param bias_ih? tocha.Tensor
---@param bias_hh? tocha.Tensor
---@param batch_sizes? tocha.Tensor
---@param reverse? boolean false by default
---@param table? tocha.Tensor
---@param ids? tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, h0: tocha.Tensor, weight_ih: tocha.Tensor, weight_hh: tocha.Tensor, options: {bias_ih?: tocha.Tensor, bias_hh?: tocha.Tensor, batch_sizes?: tocha.Tensor, reverse?: boolean, table?: tocha.Tensor, ids?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, h0: tocha.Tensor, weight_ih: tocha.Tensor, weight_hh: tocha.Tensor, bias_ih: tocha.Tensor, options: {bias_hh?: tocha.Tensor, batch_sizes?: tocha.Tensor, reverse?: boolean, table?: tocha.Tensor, ids?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, h0: tocha.Tensor, weight_ih: tocha.Tensor, weight_hh: tocha.Tensor, bias_ih: tocha.Tensor, bias_hh: tocha.Tensor, options: {batch_sizes?: tocha.Tensor, reverse?: boolean, table?: tocha.Tensor, ids?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
function tocha.gru_layer(input, h0, weight_ih, weight_hh, bias_ih, bias_hh, batch_sizes, reverse, table, ids) end

---Greater.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.gt(input, other) end

---Samples from a relaxed choice among classes: softmax((logits + Gumbel noise) / tau). `hard`: one-hot forward, the soft gradient backward. Jang et al., "Categorical reparameterization with Gumbel-softmax" (2017).
---@param logits tocha.Tensor
---@param tau? number 1 by default
---@param hard? boolean false by default
---@param dim? integer -1 by default
---@return tocha.Tensor
---@overload fun(logits: tocha.Tensor, options: {tau?: number, hard?: boolean, dim?: integer}): tocha.Tensor
---@overload fun(logits: tocha.Tensor, tau: number, options: {hard?: boolean, dim?: integer}): tocha.Tensor
---@overload fun(logits: tocha.Tensor, tau: number, hard: boolean, options: {dim?: integer}): tocha.Tensor
function tocha.gumbel_softmax(logits, tau, hard, dim) end

---x, but 0 where |x| is at most `lambd`.
---@param input tocha.Tensor
---@param lambd? number 0.5 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {lambd?: number}): tocha.Tensor
function tocha.hardshrink(input, lambd) end

---(x + 3) / 6 between 0 and 1.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.hardsigmoid(input) end

---x hardsigmoid(x).
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.hardswish(input) end

---x between `min_val` and `max_val`.
---@param input tocha.Tensor
---@param min_val? number -1 by default
---@param max_val? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {min_val?: number, max_val?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, min_val: number, options: {max_val?: number}): tocha.Tensor
function tocha.hardtanh(input, min_val, max_val) end

---0 below zero, 1 above, `values` at zero.
---@param input tocha.Tensor|number
---@param values tocha.Tensor|number
---@return tocha.Tensor
function tocha.heaviside(input, values) end

---The input where the target is 1; max(0, margin - input) where it is -1.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param margin? number 1 by default
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {margin?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, margin: number, options: {reduction?: string}): tocha.Tensor
function tocha.hinge_embedding_loss(input, target, margin, reduction) end

---How many elements fall into each of `bins` equal parts of `min` .. `max` (both 0: of the data).
---@param input tocha.Tensor
---@param bins? integer 100 by default
---@param min? number 0 by default
---@param max? number 0 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {bins?: integer, min?: number, max?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, bins: integer, options: {min?: number, max?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, bins: integer, min: number, options: {max?: number}): tocha.Tensor
function tocha.histc(input, bins, min, max) end

---The first n columns of H_1 H_2 ... H_k, where H_i = I - tau_i v_i v_i^T and v_i is a one on the diagonal with what stands below it in column i of `input` (..., m, n); `tau` is (..., k).
---@param input tocha.Tensor
---@param tau tocha.Tensor
---@return tocha.Tensor
function tocha.householder_product(input, tau) end

---Tensors joined side by side (along dimension 2, vectors along 1).
---@param tensors tocha.Tensor[]
---@return tocha.Tensor
function tocha.hstack(tensors) end

---Half the squared difference up to `delta`, linear beyond.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param reduction? string "mean" by default
---@param delta? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {reduction?: string, delta?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, reduction: string, options: {delta?: number}): tocha.Tensor
function tocha.huber_loss(input, target, reduction, delta) end

---A term of `huber_loss`.
---@param input tocha.Tensor|number
---@param target tocha.Tensor|number
---@param delta? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor|number, target: tocha.Tensor|number, options: {delta?: number}): tocha.Tensor
function tocha.huber_term(input, target, delta) end

---Length of the vector (input, other).
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.hypot(input, other) end

---Patches of (N, C, H, W) as columns (N, C * taps, L): PyTorch's F.unfold (here `unfold` is the view).
---@param input tocha.Tensor
---@param kernel_size integer|integer[]
---@param dilation? integer|integer[] 1 by default
---@param padding? integer|integer[] 0 by default
---@param stride? integer|integer[] 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], options: {dilation?: integer|integer[], padding?: integer|integer[], stride?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], dilation: integer|integer[], options: {padding?: integer|integer[], stride?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], dilation: integer|integer[], padding: integer|integer[], options: {stride?: integer|integer[]}): tocha.Tensor
function tocha.im2col(input, kernel_size, dilation, padding, stride) end

---The elements at the places that index tensors (or masks) name together, one for each dimension, `false` for all of a dimension: what `t[{rows, columns}]` does. The tensors broadcast against each other; their shape stands where the first of them stood, or in front where others lie between.
---@param input tocha.Tensor
---@param indices any
---@return tocha.Tensor
function tocha.index(input, indices) end

---`input` with `alpha` times the slices of `source` added to those that `index` names along `dim`.
---@param input tocha.Tensor
---@param dim integer
---@param index tocha.Tensor
---@param source tocha.Tensor
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, index: tocha.Tensor, source: tocha.Tensor, options: {alpha?: number}): tocha.Tensor
function tocha.index_add(input, dim, index, source, alpha) end

---`input` with the slices that `index` names along `dim` replaced by those of `source`; the last of equal indices wins.
---@param input tocha.Tensor
---@param dim integer
---@param index tocha.Tensor
---@param source tocha.Tensor
---@return tocha.Tensor
function tocha.index_copy(input, dim, index, source) end

---`input` with the slices that `index` names along `dim` filled with `value`, a number or a 0-d tensor.
---@param input tocha.Tensor
---@param dim integer
---@param index tocha.Tensor
---@param value tocha.Tensor|number
---@return tocha.Tensor
function tocha.index_fill(input, dim, index, value) end

---`input` with the elements that `index` would give replaced by `values` (broadcast), or, with `accumulate`, increased by them. The last of equal places wins.
---@param input tocha.Tensor
---@param indices any
---@param values tocha.Tensor
---@param accumulate? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, indices: any, values: tocha.Tensor, options: {accumulate?: boolean}): tocha.Tensor
function tocha.index_put(input, indices, values, accumulate) end

---The slices along `dim` that a vector of indices names.
---@param input tocha.Tensor
---@param dim integer
---@param index tocha.Tensor
---@return tocha.Tensor
function tocha.index_select(input, dim, index) end

---tocha.initial_seed(): the seed in use.
---@return any ...
function tocha.initial_seed() end

---Dot products over the last dimension of both; a plain product where one is 0-d.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@return tocha.Tensor
function tocha.inner(input, other) end

---Each channel of each sample with mean 0 and variance 1 (or, without `use_input_stats`, by the running estimates), then scaled and shifted.
---@param input tocha.Tensor
---@param running_mean? tocha.Tensor
---@param running_var? tocha.Tensor
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param use_input_stats? boolean true by default
---@param momentum? number 0.1 by default
---@param eps? number 1e-5 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {running_mean?: tocha.Tensor, running_var?: tocha.Tensor, weight?: tocha.Tensor, bias?: tocha.Tensor, use_input_stats?: boolean, momentum?: number, eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, running_mean: tocha.Tensor, options: {running_var?: tocha.Tensor, weight?: tocha.Tensor, bias?: tocha.Tensor, use_input_stats?: boolean, momentum?: number, eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, running_mean: tocha.Tensor, running_var: tocha.Tensor, options: {weight?: tocha.Tensor, bias?: tocha.Tensor, use_input_stats?: boolean, momentum?: number, eps?: number}): tocha.Tensor
function tocha.instance_norm(input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps) end

---(N, C, ...) resized to `size` or by `scale_factor`. Modes: nearest, nearest-exact, linear, bilinear, trilinear, bicubic, area; `antialias` for bilinear and bicubic.
---@param input tocha.Tensor
---@param size? integer|integer[]
---@param scale_factor? any
---@param mode? string "nearest" by default
---@param align_corners? boolean
---@param recompute_scale_factor? boolean
---@param antialias? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {size?: integer|integer[], scale_factor?: any, mode?: string, align_corners?: boolean, recompute_scale_factor?: boolean, antialias?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, size: integer|integer[], options: {scale_factor?: any, mode?: string, align_corners?: boolean, recompute_scale_factor?: boolean, antialias?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, size: integer|integer[], scale_factor: any, options: {mode?: string, align_corners?: boolean, recompute_scale_factor?: boolean, antialias?: boolean}): tocha.Tensor
function tocha.interpolate(input, size, scale_factor, mode, align_corners, recompute_scale_factor, antialias) end

---The inverses of square matrices. `solve` is more exact where only inv(A) @ B is wanted.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.inv(input) end

---tocha.is_autocast_enabled(): inside such a scope?
---@return boolean
function tocha.is_autocast_enabled() end

---tocha.is_grad_enabled(): are operations recorded now?
---@return boolean
function tocha.is_grad_enabled() end

---tocha.is_tensor(value): is it one?
---@return boolean
function tocha.is_tensor(...) end

---Is |input - other| at most atol + rtol |other|? Equal infinities are.
---@param input tocha.Tensor
---@param other tocha.Tensor|number
---@param rtol? number 1e-5 by default
---@param atol? number 1e-8 by default
---@param equal_nan? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor|number, options: {rtol?: number, atol?: number, equal_nan?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor|number, rtol: number, options: {atol?: number, equal_nan?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor|number, rtol: number, atol: number, options: {equal_nan?: boolean}): tocha.Tensor
function tocha.isclose(input, other, rtol, atol, equal_nan) end

---Is neither infinite nor NaN.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.isfinite(input) end

---Is each element one of `test_elements`? (With `invert`: is it none of them?)
---@param elements tocha.Tensor|number
---@param test_elements tocha.Tensor|number
---@param assume_unique? boolean false by default
---@param invert? boolean false by default
---@return tocha.Tensor
---@overload fun(elements: tocha.Tensor|number, test_elements: tocha.Tensor|number, options: {assume_unique?: boolean, invert?: boolean}): tocha.Tensor
---@overload fun(elements: tocha.Tensor|number, test_elements: tocha.Tensor|number, assume_unique: boolean, options: {invert?: boolean}): tocha.Tensor
function tocha.isin(elements, test_elements, assume_unique, invert) end

---Is infinite.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.isinf(input) end

---Is not a number.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.isnan(input) end

---Is negative infinity.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.isneginf(input) end

---Is positive infinity.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.isposinf(input) end

---Divergence of the target's distribution from exp(input); "batchmean" divides the sum by the batch.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param reduction? string "mean" by default
---@param log_target? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {reduction?: string, log_target?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, reduction: string, options: {log_target?: boolean}): tocha.Tensor
function tocha.kl_div(input, target, reduction, log_target) end

---The Kronecker product: every element of `input` times the whole of `other`.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@return tocha.Tensor
function tocha.kron(input, other) end

---The `k`-th smallest element along `dim` (1 is the smallest), and its index.
---@param input tocha.Tensor
---@param k integer
---@param dim? integer -1 by default
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, k: integer, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, k: integer, dim: integer, options: {keepdim?: boolean}): tocha.Tensor, tocha.Tensor
function tocha.kthvalue(input, k, dim, keepdim) end

---Absolute differences of input and target.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {reduction?: string}): tocha.Tensor
function tocha.l1_loss(input, target, reduction) end

---Absolute difference: a term of `l1_loss`.
---@param input tocha.Tensor|number
---@param target tocha.Tensor|number
---@return tocha.Tensor
function tocha.l1_term(input, target) end

---A copy laid out by rows or with its channels last.
---@param input tocha.Tensor
---@param channels_last boolean
---@return tocha.Tensor
function tocha.lay_out(input, channels_last) end

---Each slice over the last dimensions (`normalized_shape`) with mean 0 and variance 1, scaled, shifted.
---@param input tocha.Tensor
---@param normalized_shape integer|integer[]
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param eps? number 1e-5 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, normalized_shape: integer|integer[], options: {weight?: tocha.Tensor, bias?: tocha.Tensor, eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, normalized_shape: integer|integer[], weight: tocha.Tensor, options: {bias?: tocha.Tensor, eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, normalized_shape: integer|integer[], weight: tocha.Tensor, bias: tocha.Tensor, options: {eps?: number}): tocha.Tensor
function tocha.layer_norm(input, normalized_shape, weight, bias, eps) end

---Gradients of `layer_norm` (or, not `centred`, of `rms_norm`) for input, weight and bias.
---@param grad tocha.Tensor
---@param input tocha.Tensor
---@param shape integer|integer[]
---@param weight? tocha.Tensor
---@param bias? tocha.Tensor
---@param eps number
---@param centred boolean
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(grad: tocha.Tensor, input: tocha.Tensor, shape: integer|integer[], options: {weight?: tocha.Tensor, bias?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(grad: tocha.Tensor, input: tocha.Tensor, shape: integer|integer[], weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor
function tocha.layer_norm_backward(grad, input, shape, weight, bias, eps, centred) end

---Less or equal.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.le(input, other) end

---x where positive, else `negative_slope` x.
---@param input tocha.Tensor
---@param negative_slope? number 0.01 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {negative_slope?: number}): tocha.Tensor
function tocha.leaky_relu(input, negative_slope) end

---From `input` (weight 0) to `end` (weight 1) in a straight line.
---@param input tocha.Tensor|number
---@param end_ tocha.Tensor|number
---@param weight tocha.Tensor|number
---@return tocha.Tensor
function tocha.lerp(input, end_, weight) end

---Logarithm of the absolute value of the gamma function.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.lgamma(input) end

---input @ weight^T + bias, over the last dimension; `weight` is (out, in).
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor
function tocha.linear(input, weight, bias) end

---activation(linear(input, weight, bias)), 'relu' or 'gelu_tanh': one pass where the device knows it.
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param activation? string "relu" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, activation?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {activation?: string}): tocha.Tensor
function tocha.linear_act(input, weight, bias, activation) end

---activation(linear(input, weight, bias)); what GELU is of is written into `before`, which is empty for ReLU.
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param before tocha.Tensor
---@param activation string
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor
function tocha.linear_act_train(input, weight, bias, before, activation) end

---The gradient of `linear` for its bias: the sum over all rows.
---@param grad tocha.Tensor
---@param bias tocha.Tensor
---@return tocha.Tensor
function tocha.linear_bias_grad(grad, bias) end

---The gradient of `linear` for its weight: the product of all rows, grad^T @ input.
---@param grad tocha.Tensor
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.linear_weight_grad(grad, input) end

---`steps` numbers from `start` to `end`, both included, evenly spaced.
---@param start number
---@param end_ number
---@param steps integer
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(start: number, end_: number, steps: integer, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(start: number, end_: number, steps: integer, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(start: number, end_: number, steps: integer, dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.linspace(start, end_, steps, dtype, device, requires_grad) end

---tocha.load(path, {device = "cpu", only = nil}): what tocha.save wrote, or weights of another
---tool, told apart by what is in the file: safetensors (also in several files, by the index or the
---folder), PyTorch's .pt and .pth, NumPy's .npy and .npz, Keras's .h5 and .keras, ONNX,
---TensorFlow.js's model.json, Torch7's .t7, GGUF, Darknet's .weights (with {cfg = path}). Name ->
---tensor, or the object that was saved. The second result is the file's metadata. `only`, a
---function of the name, says which tensors to read of safetensors, GGUF and HDF5.
---@return any ...
function tocha.load(path, options) end

---Each element over (k + alpha * mean of squares of `size` neighbouring channels) ^ beta.
---@param input tocha.Tensor
---@param size integer
---@param alpha? number 1e-4 by default
---@param beta? number 0.75 by default
---@param k? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, size: integer, options: {alpha?: number, beta?: number, k?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, size: integer, alpha: number, options: {beta?: number, k?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, size: integer, alpha: number, beta: number, options: {k?: number}): tocha.Tensor
function tocha.local_response_norm(input, size, alpha, beta, k) end

---Natural logarithm.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.log(input) end

---Logarithm to base 10.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.log10(input) end

---Logarithm of 1 + `input`, exact near 0.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.log1p(input) end

---Logarithm to base 2.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.log2(input) end

---Logarithm of `softmax`, exact where that is nearly 0.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {dtype?: tocha.dtype}): tocha.Tensor
function tocha.log_softmax(input, dim, dtype) end

---The gradient of `log_softmax`, from its result.
---@param grad tocha.Tensor
---@param output tocha.Tensor
---@param dim integer
---@return tocha.Tensor
function tocha.log_softmax_backward(grad, output, dim) end

---Logarithm of the sum of the exponentials.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.logaddexp(input, other) end

---Logarithm to base 2 of the sum of the powers of 2.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.logaddexp2(input, other) end

---log(cumsum(exp(x))) along `dim`, without overflow.
---@param input tocha.Tensor
---@param dim integer
---@return tocha.Tensor
function tocha.logcumsumexp(input, dim) end

---The gradient of `logcumsumexp`: exp(x) times the sums of g / exp(y) from each place on.
---@param grad tocha.Tensor
---@param input tocha.Tensor
---@param output tocha.Tensor
---@param dim integer
---@return tocha.Tensor
function tocha.logcumsumexp_backward(grad, input, output, dim) end

---The logarithm of the determinant; NaN where that is negative.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.logdet(input) end

---Both are not 0.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.logical_and(input, other) end

---Is 0.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.logical_not(input) end

---One or both are not 0.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.logical_or(input, other) end

---Just one is not 0.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.logical_xor(input, other) end

---Inverse of sigmoid; `eps`, when not negative, clamps `input` to [eps, 1 - eps].
---@param input tocha.Tensor
---@param eps? number -1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {eps?: number}): tocha.Tensor
function tocha.logit(input, eps) end

---Logarithm of sigmoid.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.logsigmoid(input) end

---`base` to the powers `linspace(start, end, steps)`.
---@param start number
---@param end_ number
---@param steps integer
---@param base? number 10 by default
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(start: number, end_: number, steps: integer, options: {base?: number, dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(start: number, end_: number, steps: integer, base: number, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(start: number, end_: number, steps: integer, base: number, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
function tocha.logspace(start, end_, steps, base, dtype, device, requires_grad) end

---log(sum(exp(x))) over `dim`, without overflow.
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor
function tocha.logsumexp(input, dim, keepdim) end

---The `norm_type`-norm of windows over 1 dimension.
---@param input tocha.Tensor
---@param norm_type number
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param ceil_mode? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], options: {stride?: integer|integer[], ceil_mode?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], stride: integer|integer[], options: {ceil_mode?: boolean}): tocha.Tensor
function tocha.lp_pool1d(input, norm_type, kernel_size, stride, ceil_mode) end

---The `norm_type`-norm of windows over 2 dimensions.
---@param input tocha.Tensor
---@param norm_type number
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param ceil_mode? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], options: {stride?: integer|integer[], ceil_mode?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], stride: integer|integer[], options: {ceil_mode?: boolean}): tocha.Tensor
function tocha.lp_pool2d(input, norm_type, kernel_size, stride, ceil_mode) end

---The `norm_type`-norm of windows over 3 dimensions.
---@param input tocha.Tensor
---@param norm_type number
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param ceil_mode? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], options: {stride?: integer|integer[], ceil_mode?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], stride: integer|integer[], options: {ceil_mode?: boolean}): tocha.Tensor
function tocha.lp_pool3d(input, norm_type, kernel_size, stride, ceil_mode) end

---A layer of long short-term memory; blocks of the gates: input, forget, cell, output. `weight_hr` (P, H) projects the output. Returns the outputs, the last state and cell; then the cells, the gates and the outputs before projection.
---@param input tocha.Tensor
---@param h0 tocha.Tensor
---@param c0 tocha.Tensor
---@param weight_ih tocha.Tensor
---@param weight_hh tocha.Tensor
---@param bias_ih? tocha.Tensor
---@param bias_hh? tocha.Tensor
---@param weight_hr? tocha.Tensor
---@param batch_sizes? tocha.Tensor
---@param reverse? boolean false by default
---@param table? tocha.Tensor
---@param ids? tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, h0: tocha.Tensor, c0: tocha.Tensor, weight_ih: tocha.Tensor, weight_hh: tocha.Tensor, options: {bias_ih?: tocha.Tensor, bias_hh?: tocha.Tensor, weight_hr?: tocha.Tensor, batch_sizes?: tocha.Tensor, reverse?: boolean, table?: tocha.Tensor, ids?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, h0: tocha.Tensor, c0: tocha.Tensor, weight_ih: tocha.Tensor, weight_hh: tocha.Tensor, bias_ih: tocha.Tensor, options: {bias_hh?: tocha.Tensor, weight_hr?: tocha.Tensor, batch_sizes?: tocha.Tensor, reverse?: boolean, table?: tocha.Tensor, ids?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, h0: tocha.Tensor, c0: tocha.Tensor, weight_ih: tocha.Tensor, weight_hh: tocha.Tensor, bias_ih: tocha.Tensor, bias_hh: tocha.Tensor, options: {weight_hr?: tocha.Tensor, batch_sizes?: tocha.Tensor, reverse?: boolean, table?: tocha.Tensor, ids?: tocha.Tensor}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
function tocha.lstm_layer(input, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh, weight_hr, batch_sizes, reverse, table, ids) end

---The solution X that makes |A X - other| least (and then X), the sums of squared residuals (where A is tall and of full rank, else empty), the ranks of A, and an empty tensor (where other drivers have singular values).
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param rcond? number
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, options: {rcond?: number}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
function tocha.lstsq(input, other, rcond) end

---`lstsq` for matrices with equal leading sizes: the solution and the ranks.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param rcond number
---@return tocha.Tensor
---@return tocha.Tensor
function tocha.lstsq_batch(input, other, rcond) end

---Less.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.lt(input, other) end

---tocha.manual_seed(seed): starts the sequence of this seed.
---@return any ...
function tocha.manual_seed(value) end

---max(0, -target (input1 - input2) + margin), the targets being 1 or -1.
---@param input1 tocha.Tensor
---@param input2 tocha.Tensor
---@param target tocha.Tensor
---@param margin? number 0 by default
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input1: tocha.Tensor, input2: tocha.Tensor, target: tocha.Tensor, options: {margin?: number, reduction?: string}): tocha.Tensor
---@overload fun(input1: tocha.Tensor, input2: tocha.Tensor, target: tocha.Tensor, margin: number, options: {reduction?: string}): tocha.Tensor
function tocha.margin_ranking_loss(input1, input2, target, margin, reduction) end

---`value` where `mask`, else `input`.
---@param input tocha.Tensor
---@param mask tocha.Tensor
---@param value tocha.Tensor|number
---@return tocha.Tensor
function tocha.masked_fill(input, mask, value) end

---`input` with the elements where the mask (broadcast) is true replaced by those of `source`, in order.
---@param input tocha.Tensor
---@param mask tocha.Tensor
---@param source tocha.Tensor
---@return tocha.Tensor
function tocha.masked_scatter(input, mask, source) end

---The elements where the mask (broadcast) is true, as a vector.
---@param input tocha.Tensor
---@param mask tocha.Tensor
---@return tocha.Tensor
function tocha.masked_select(input, mask) end

---The matrix product of vectors, matrices or batches of matrices, whose leading dimensions broadcast.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@return tocha.Tensor
function tocha.matmul(input, other) end

---The exponentials of square matrices, by scaling and squaring a Taylor polynomial.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.matrix_exp(input) end

---Square matrices multiplied `n` times by themselves; negative powers are those of the inverse.
---@param input tocha.Tensor
---@param n integer
---@return tocha.Tensor
function tocha.matrix_power(input, n) end

---How many singular values exceed max(atol, rtol * the largest); rtol is epsilon * max(m, n) unless given.
---@param input tocha.Tensor
---@param atol? number
---@param rtol? number
---@param hermitian? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {atol?: number, rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, atol: number, options: {rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, atol: number, rtol: number, options: {hermitian?: boolean}): tocha.Tensor
function tocha.matrix_rank(input, atol, rtol, hermitian) end

---x:max() is the largest value; x:max(dim, keepdim) values and indices along `dim`; max(x, y) compares two tensors.
---@param input tocha.Tensor
---@param dim? any
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: any, keepdim?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: any, options: {keepdim?: boolean}): tocha.Tensor
function tocha.max(input, dim, keepdim) end

---Largest values along `dim`, and the indices.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {keepdim?: boolean}): tocha.Tensor, tocha.Tensor
function tocha.max_dim(input, dim, keepdim) end

---Max pooling with a result of shape `size`; padding as pairs. What max_pool1d to max_pool3d do.
---@param input tocha.Tensor
---@param size integer|integer[]
---@param kernel_size integer|integer[]
---@param stride integer|integer[]
---@param padding integer|integer[]
---@param dilation integer|integer[]
---@return tocha.Tensor
function tocha.max_pool(input, size, kernel_size, stride, padding, dilation) end

---Largest elements of windows over 1 dimension; with `return_indices` also where they are in their plane, from 1.
---@param input tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param dilation? integer|integer[] 1 by default
---@param ceil_mode? boolean false by default
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
function tocha.max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) end

---Largest elements of windows over 2 dimensions; with `return_indices` also where they are in their plane, from 1.
---@param input tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param dilation? integer|integer[] 1 by default
---@param ceil_mode? boolean false by default
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
function tocha.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) end

---Largest elements of windows over 3 dimensions; with `return_indices` also where they are in their plane, from 1.
---@param input tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param dilation? integer|integer[] 1 by default
---@param ceil_mode? boolean false by default
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
function tocha.max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices) end

---The gradient of max_pool: each element of `grad` goes to the maximum of its window of `input`.
---@param grad tocha.Tensor
---@param input tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride integer|integer[]
---@param padding integer|integer[]
---@param dilation integer|integer[]
---@return tocha.Tensor
function tocha.max_pool_backward(grad, input, kernel_size, stride, padding, dilation) end

---max_pool with the indices of the maxima in each plane, from 1.
---@param input tocha.Tensor
---@param size integer|integer[]
---@param kernel_size integer|integer[]
---@param stride integer|integer[]
---@param padding integer|integer[]
---@param dilation integer|integer[]
---@return tocha.Tensor
---@return tocha.Tensor
function tocha.max_pool_with_indices(input, size, kernel_size, stride, padding, dilation) end

---Zeros with the elements of `input` where max pooling over 1 dimension found them.
---@param input tocha.Tensor
---@param indices tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param output_size? integer|integer[]
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {output_size?: integer|integer[]}): tocha.Tensor
function tocha.max_unpool1d(input, indices, kernel_size, stride, padding, output_size) end

---Zeros with the elements of `input` where max pooling over 2 dimensions found them.
---@param input tocha.Tensor
---@param indices tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param output_size? integer|integer[]
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {output_size?: integer|integer[]}): tocha.Tensor
function tocha.max_unpool2d(input, indices, kernel_size, stride, padding, output_size) end

---Zeros with the elements of `input` where max pooling over 3 dimensions found them.
---@param input tocha.Tensor
---@param indices tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param output_size? integer|integer[]
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {output_size?: integer|integer[]}): tocha.Tensor
function tocha.max_unpool3d(input, indices, kernel_size, stride, padding, output_size) end

---The larger of two; NaN if one is.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.maximum(input, other) end

---Mean over `dim` (nil: all) of a floating tensor, or of any in a floating `dtype`.
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], keepdim: boolean, options: {dtype?: tocha.dtype}): tocha.Tensor
function tocha.mean(input, dim, keepdim, dtype) end

---x:median() of all elements; x:median(dim, keepdim) values and indices along `dim`.
---@param input tocha.Tensor
---@param dim? any
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: any, keepdim?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: any, options: {keepdim?: boolean}): tocha.Tensor
function tocha.median(input, dim, keepdim) end

---The median of all elements. Equal ones share the gradient.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.median_all(input) end

---Medians (the lower of two middle values; NaN where there is one) along `dim`, and the indices.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {keepdim?: boolean}): tocha.Tensor, tocha.Tensor
function tocha.median_dim(input, dim, keepdim) end

---tocha.memory(): bytes in use, their peak, bytes cached for reuse, number of allocations.
---@return table<string, integer>
function tocha.memory(...) end

---A list of n tensors of n dimensions, each repeating one of n vectors along the others: coordinates of a grid. `indexing` is "ij" (first vector along dimension 1) or "xy".
---@param tensors tocha.Tensor[]
---@param indexing? string "ij" by default
---@return tocha.Tensor[]
---@overload fun(tensors: tocha.Tensor[], options: {indexing?: string}): tocha.Tensor[]
function tocha.meshgrid(tensors, indexing) end

---x:min() is the smallest value; x:min(dim, keepdim) values and indices along `dim`; min(x, y) compares two tensors.
---@param input tocha.Tensor
---@param dim? any
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: any, keepdim?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: any, options: {keepdim?: boolean}): tocha.Tensor
function tocha.min(input, dim, keepdim) end

---Smallest values along `dim`, and the indices.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {keepdim?: boolean}): tocha.Tensor, tocha.Tensor
function tocha.min_dim(input, dim, keepdim) end

---The smaller of two; NaN if one is.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.minimum(input, other) end

---x tanh(softplus(x)).
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.mish(input) end

---Two linear layers with an activation between, 'relu' or 'gelu_tanh': on CUDA activations, their derivatives and the gradients of biases come with the products.
---@param input tocha.Tensor
---@param weight1 tocha.Tensor
---@param bias1? tocha.Tensor
---@param weight2 tocha.Tensor
---@param bias2? tocha.Tensor
---@param activation? string "relu" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight1: tocha.Tensor, options: {bias1?: tocha.Tensor, bias2?: tocha.Tensor, activation?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight1: tocha.Tensor, bias1: tocha.Tensor, options: {bias2?: tocha.Tensor, activation?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight1: tocha.Tensor, bias1: tocha.Tensor, weight2: tocha.Tensor, options: {bias2?: tocha.Tensor, activation?: string}): tocha.Tensor
function tocha.mlp(input, weight1, bias1, weight2, bias2, activation) end

---`mlp`; the activation's result is written into `hidden`, what GELU is of into `before`.
---@param input tocha.Tensor
---@param weight1 tocha.Tensor
---@param bias1? tocha.Tensor
---@param weight2 tocha.Tensor
---@param bias2? tocha.Tensor
---@param hidden tocha.Tensor
---@param before tocha.Tensor
---@param activation string
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, weight1: tocha.Tensor, options: {bias1?: tocha.Tensor, bias2?: tocha.Tensor}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight1: tocha.Tensor, bias1: tocha.Tensor, options: {bias2?: tocha.Tensor}): tocha.Tensor
---@overload fun(input: tocha.Tensor, weight1: tocha.Tensor, bias1: tocha.Tensor, weight2: tocha.Tensor, options: {bias2?: tocha.Tensor}): tocha.Tensor
function tocha.mlp_train(input, weight1, bias1, weight2, bias2, hidden, before, activation) end

---The product of two matrices.
---@param input tocha.Tensor
---@param mat2 tocha.Tensor
---@return tocha.Tensor
function tocha.mm(input, mat2) end

---Most frequent values along `dim` (the smallest of equally frequent ones) and their last indices.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {keepdim?: boolean}): tocha.Tensor, tocha.Tensor
function tocha.mode(input, dim, keepdim) end

---Most frequent values (the smallest of equally frequent ones) along `dim`, and the indices.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {keepdim?: boolean}): tocha.Tensor, tocha.Tensor
function tocha.mode_dim(input, dim, keepdim) end

---Another name of `movedim`.
---@param input tocha.Tensor
---@param source integer|integer[]
---@param destination integer|integer[]
---@return tocha.Tensor
function tocha.moveaxis(input, source, destination) end

---Dimensions moved from `source` to `destination`; the others keep their order. A view.
---@param input tocha.Tensor
---@param source integer|integer[]
---@param destination integer|integer[]
---@return tocha.Tensor
function tocha.movedim(input, source, destination) end

---Squared differences of input and target.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {reduction?: string}): tocha.Tensor
function tocha.mse_loss(input, target, reduction) end

---The gradient of `mse_loss` for its input: 2 (input - target), over the count for "mean".
---@param grad tocha.Tensor
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param reduction string
---@return tocha.Tensor
function tocha.mse_loss_backward(grad, input, target, reduction) end

---Squared difference: a term of `mse_loss`.
---@param input tocha.Tensor|number
---@param target tocha.Tensor|number
---@return tocha.Tensor
function tocha.mse_term(input, target) end

---The elements in order along dimension 1.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.msort(input) end

---Product.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.mul(input, other) end

---Sum over the other classes of max(0, margin - x[own] + x[other]) ^ p, over the number of classes.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param p? number 1 by default
---@param margin? number 1 by default
---@param weight? tocha.Tensor
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {p?: number, margin?: number, weight?: tocha.Tensor, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, p: number, options: {margin?: number, weight?: tocha.Tensor, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, p: number, margin: number, options: {weight?: tocha.Tensor, reduction?: string}): tocha.Tensor
function tocha.multi_margin_loss(input, target, p, margin, weight, reduction) end

---Sum over pairs of a target class and another of max(0, 1 - x[target] + x[other]), over the number of classes. A row of `target` lists its class ids up to the first 0.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {reduction?: string}): tocha.Tensor
function tocha.multilabel_margin_loss(input, target, reduction) end

---Mean over classes of the binary cross entropy of logits and 0-or-1 targets.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param weight? tocha.Tensor
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {weight?: tocha.Tensor, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, weight: tocha.Tensor, options: {reduction?: string}): tocha.Tensor
function tocha.multilabel_soft_margin_loss(input, target, weight, reduction) end

---`num_samples` indices (from 1) in each row, drawn with the probabilities that the weights of the row are in proportion to.
---@param input tocha.Tensor
---@param num_samples integer
---@param replacement? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, num_samples: integer, options: {replacement?: boolean}): tocha.Tensor
function tocha.multinomial(input, num_samples, replacement) end

---The product of a matrix and a vector.
---@param input tocha.Tensor
---@param vec tocha.Tensor
---@return tocha.Tensor
function tocha.mv(input, vec) end

---NaN becomes `nan`, the infinities `posinf` and `neginf` (by default the largest numbers).
---@param input tocha.Tensor
---@param nan? number 0 by default
---@param posinf? number
---@param neginf? number
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {nan?: number, posinf?: number, neginf?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, nan: number, options: {posinf?: number, neginf?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, nan: number, posinf: number, options: {neginf?: number}): tocha.Tensor
function tocha.nan_to_num(input, nan, posinf, neginf) end

---x:nanmedian() of all elements; x:nanmedian(dim, keepdim) values and indices along `dim`.
---@param input tocha.Tensor
---@param dim? any
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: any, keepdim?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: any, options: {keepdim?: boolean}): tocha.Tensor
function tocha.nanmedian(input, dim, keepdim) end

---The nanmedian of all elements. Equal ones share the gradient.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.nanmedian_all(input) end

---Medians of what is not NaN along `dim`, and the indices.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {keepdim?: boolean}): tocha.Tensor, tocha.Tensor
function tocha.nanmedian_dim(input, dim, keepdim) end

---The same among the elements that are not NaN.
---@param input tocha.Tensor
---@param q tocha.Tensor|number
---@param dim? integer
---@param keepdim? boolean false by default
---@param interpolation? string "linear" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, q: tocha.Tensor|number, options: {dim?: integer, keepdim?: boolean, interpolation?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, q: tocha.Tensor|number, dim: integer, options: {keepdim?: boolean, interpolation?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, q: tocha.Tensor|number, dim: integer, keepdim: boolean, options: {interpolation?: string}): tocha.Tensor
function tocha.nanquantile(input, q, dim, keepdim, interpolation) end

---Sum over `dim` (nil: all) in which NaN counts as 0.
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], keepdim: boolean, options: {dtype?: tocha.dtype}): tocha.Tensor
function tocha.nansum(input, dim, keepdim, dtype) end

---`length` elements of dimension `dim` from `start` on. A view.
---@param input tocha.Tensor
---@param dim integer
---@param start integer
---@param length integer
---@return tocha.Tensor
function tocha.narrow(input, dim, start, length) end

---Not equal.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.ne(input, other) end

---Negative.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.neg(input) end

---Minus the log-probability of the class (ids from 1), weighted. `ignore_index`: the id that does not count.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param weight? tocha.Tensor
---@param ignore_index? integer
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {weight?: tocha.Tensor, ignore_index?: integer, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, weight: tocha.Tensor, options: {ignore_index?: integer, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, weight: tocha.Tensor, ignore_index: integer, options: {reduction?: string}): tocha.Tensor
function tocha.nll_loss(input, target, weight, ignore_index, reduction) end

---The gradient of `nll_loss` for its input, which has the shape of `like`.
---@param grad tocha.Tensor
---@param like tocha.Tensor
---@param target tocha.Tensor
---@param weight? tocha.Tensor
---@param ignore_index? integer
---@param reduction string
---@return tocha.Tensor
---@overload fun(grad: tocha.Tensor, like: tocha.Tensor, target: tocha.Tensor, options: {weight?: tocha.Tensor, ignore_index?: integer}): tocha.Tensor
---@overload fun(grad: tocha.Tensor, like: tocha.Tensor, target: tocha.Tensor, weight: tocha.Tensor, options: {ignore_index?: integer}): tocha.Tensor
function tocha.nll_loss_backward(grad, like, target, weight, ignore_index, reduction) end

---tocha.no_grad(): no recording until the scope closes: `local _ <close> = tocha.no_grad()`. Or
---tocha.no_grad(f, ...): none inside f.
---@return any ...
function tocha.no_grad(f, ...) end

---The places of the elements that are not 0, a row of indices each (N x dimensions, int64); with `as_tuple`, a list of the columns.
---@param input tocha.Tensor
---@param as_tuple? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {as_tuple?: boolean}): tocha.Tensor
function tocha.nonzero(input, as_tuple) end

---(sum |x|^p)^(1/p) over `dim` (nil: all); p = 0 counts, inf takes the largest, "fro" is 2.
---@param input tocha.Tensor
---@param p? any 2 by default
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {p?: any, dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: any, options: {dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: any, dim: integer|integer[], options: {keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
function tocha.norm(input, p, dim, keepdim, dtype) end

---Random numbers from normal distributions: `normal(mean, std, size)` with numbers, or with tensors of means or deviations. In place: `x:normal_(mean = 0, std = 1)`.
---@param mean? tocha.Tensor|number 0 by default
---@param std? tocha.Tensor|number 1 by default
---@param size? integer|integer[]
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(options: {mean?: tocha.Tensor|number, std?: tocha.Tensor|number, size?: integer|integer[], dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(mean: tocha.Tensor|number, options: {std?: tocha.Tensor|number, size?: integer|integer[], dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(mean: tocha.Tensor|number, std: tocha.Tensor|number, options: {size?: integer|integer[], dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
function tocha.normal(mean, std, size, dtype, device, requires_grad) end

---Each vector along `dim` divided by its p-norm (at least `eps`).
---@param input tocha.Tensor
---@param p? number 2 by default
---@param dim? integer|integer[] 2 by default
---@param eps? number 1e-12 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {p?: number, dim?: integer|integer[], eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, options: {dim?: integer|integer[], eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, dim: integer|integer[], options: {eps?: number}): tocha.Tensor
function tocha.normalize(input, p, dim, eps) end

---A new last dimension with 1 at the place each id (from 1) names and 0 elsewhere; `num_classes` places, as many as the largest id where it is not given.
---@param input tocha.Tensor
---@param num_classes? integer -1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {num_classes?: integer}): tocha.Tensor
function tocha.one_hot(input, num_classes) end

---A tensor of the given sizes filled with 1.
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
---@overload fun(size: integer|integer[], options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.ones(size, ...) end

---As `ones`, with the sizes, dtype and device of `input`.
---@param input tocha.Tensor
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.ones_like(input, dtype, device, requires_grad) end

---The outer product of two vectors: all products of an element of each.
---@param input tocha.Tensor
---@param vec2 tocha.Tensor
---@return tocha.Tensor
function tocha.outer(input, vec2) end

---`input` padded; `pad` holds (before, after) of the last dimension, then of the one before, and so on; negative ones crop. Modes: constant, reflect, replicate, circular.
---@param input tocha.Tensor
---@param pad integer|integer[]
---@param mode? string "constant" by default
---@param value? number 0 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, pad: integer|integer[], options: {mode?: string, value?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, pad: integer|integer[], mode: string, options: {value?: number}): tocha.Tensor
function tocha.pad(input, pad, mode, value) end

---p-norm of x1 - x2 + eps along the last dimension.
---@param x1 tocha.Tensor
---@param x2 tocha.Tensor
---@param p? number 2 by default
---@param eps? number 1e-6 by default
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(x1: tocha.Tensor, x2: tocha.Tensor, options: {p?: number, eps?: number, keepdim?: boolean}): tocha.Tensor
---@overload fun(x1: tocha.Tensor, x2: tocha.Tensor, p: number, options: {eps?: number, keepdim?: boolean}): tocha.Tensor
---@overload fun(x1: tocha.Tensor, x2: tocha.Tensor, p: number, eps: number, options: {keepdim?: boolean}): tocha.Tensor
function tocha.pairwise_distance(x1, x2, p, eps, keepdim) end

---p-norm distances between all pairs of rows of (N, M), those of row 1 with 2, 3, ... first: N (N - 1) / 2 of them.
---@param input tocha.Tensor
---@param p? number 2 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {p?: number}): tocha.Tensor
function tocha.pdist(input, p) end

---The dimensions in another order. A view.
---@param input tocha.Tensor
---@param dims integer|integer[]
---@param ... any
---@return tocha.Tensor
function tocha.permute(input, dims, ...) end

---The Moore-Penrose inverses; singular values up to max(atol, rtol * the largest) count as zero.
---@param input tocha.Tensor
---@param atol? number
---@param rtol? number
---@param hermitian? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {atol?: number, rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, atol: number, options: {rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, atol: number, rtol: number, options: {hermitian?: boolean}): tocha.Tensor
function tocha.pinv(input, atol, rtol, hermitian) end

---(..., C r^2, H, W) to (..., C, H r, W r).
---@param input tocha.Tensor
---@param upscale_factor integer
---@return tocha.Tensor
function tocha.pixel_shuffle(input, upscale_factor) end

---(..., C, H r, W r) to (..., C r^2, H, W): undoes pixel_shuffle.
---@param input tocha.Tensor
---@param downscale_factor integer
---@return tocha.Tensor
function tocha.pixel_unshuffle(input, downscale_factor) end

---Counts from Poisson distributions with the rates `input`.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.poisson(input) end

---Negative log likelihood of Poisson counts; `input` is the rate, or (log_input) its logarithm.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param log_input? boolean true by default
---@param full? boolean false by default
---@param eps? number 1e-8 by default
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {log_input?: boolean, full?: boolean, eps?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, log_input: boolean, options: {full?: boolean, eps?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, log_input: boolean, full: boolean, options: {eps?: number, reduction?: string}): tocha.Tensor
function tocha.poisson_nll_loss(input, target, log_input, full, eps, reduction) end

---The n-th derivative of digamma.
---@param input tocha.Tensor
---@param n number
---@return tocha.Tensor
function tocha.polygamma(input, n) end

---Power.
---@param input tocha.Tensor|number
---@param exponent tocha.Tensor|number
---@return tocha.Tensor
function tocha.pow(input, exponent) end

---x where positive, else `weight` x; one weight, or one a channel (dimension 2).
---@param input tocha.Tensor
---@param weight tocha.Tensor
---@return tocha.Tensor
function tocha.prelu(input, weight) end

---Product over `dim` (nil: all). Integers and bools give int64.
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], keepdim: boolean, options: {dtype?: tocha.dtype}): tocha.Tensor
function tocha.prod(input, dim, keepdim, dtype) end

---tocha.promote_types(dtype, dtype): the dtype of a sum of two such tensors.
---@return any ...
function tocha.promote_types(...) end

---The elements of the flattened tensor that `index` names replaced by those of `source` (or, with `accumulate`, increased by them).
---@param input tocha.Tensor
---@param index tocha.Tensor
---@param source tocha.Tensor
---@param accumulate? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, index: tocha.Tensor, source: tocha.Tensor, options: {accumulate?: boolean}): tocha.Tensor
function tocha.put(input, index, source, accumulate) end

---Q with orthonormal columns and upper triangular R, whose product the matrices are. `mode`: "reduced", "complete" (Q is square) or "r" (Q is empty).
---@param input tocha.Tensor
---@param mode? string "reduced" by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {mode?: string}): tocha.Tensor, tocha.Tensor
function tocha.qr(input, mode) end

---The value that a share `q` (a number, or a 1-d tensor, whose dimension then comes first) of the elements along `dim` (nil: all) stays below, between two elements by `interpolation`: linear, lower, higher, midpoint or nearest.
---@param input tocha.Tensor
---@param q tocha.Tensor|number
---@param dim? integer
---@param keepdim? boolean false by default
---@param interpolation? string "linear" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, q: tocha.Tensor|number, options: {dim?: integer, keepdim?: boolean, interpolation?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, q: tocha.Tensor|number, dim: integer, options: {keepdim?: boolean, interpolation?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, q: tocha.Tensor|number, dim: integer, keepdim: boolean, options: {interpolation?: string}): tocha.Tensor
function tocha.quantile(input, q, dim, keepdim, interpolation) end

---Radians to degrees.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.rad2deg(input) end

---Uniform random numbers in [0, 1).
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
---@overload fun(size: integer|integer[], options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.rand(size, ...) end

---Uniform random numbers in [0, 1). Sizes, dtype and device are those of `input`.
---@param input tocha.Tensor
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.rand_like(input, dtype, device, requires_grad) end

---Random integers from `low` to `high`, both included: `randint(1, 6, {10})`; `randint(6, {10})` starts at 1. (PyTorch's randint leaves `high` out.)
---@param low integer
---@param high any
---@param size? any
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(low: integer, high: any, options: {size?: any, dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(low: integer, high: any, size: any, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(low: integer, high: any, size: any, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
function tocha.randint(low, high, size, dtype, device, requires_grad) end

---Random integers from `low` to `high`, both included, with the sizes, dtype and device of `input`.
---@param input tocha.Tensor
---@param low integer
---@param high? integer
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, low: integer, options: {high?: integer, dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, low: integer, high: integer, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, low: integer, high: integer, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
function tocha.randint_like(input, low, high, dtype, device, requires_grad) end

---Random numbers from the standard normal distribution.
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
---@overload fun(size: integer|integer[], options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.randn(size, ...) end

---Random numbers from the standard normal distribution. Sizes, dtype and device are those of `input`.
---@param input tocha.Tensor
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.randn_like(input, dtype, device, requires_grad) end

---The numbers 1 to n in random order.
---@param n integer
---@param dtype? tocha.dtype "int64" by default
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(n: integer, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(n: integer, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(n: integer, dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.randperm(n, dtype, device, requires_grad) end

---All elements in one dimension.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.ravel(input) end

---One over `input`.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.reciprocal(input) end

---One half times the relu of the other. `gate` says which half along `dim` goes through it, "first" or "last".
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param gate? string "last" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, gate?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {gate?: string}): tocha.Tensor
function tocha.reglu(input, dim, gate) end

---The positive part.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.relu(input) end

---The positive part, up to 6.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.relu6(input) end

---Remainder with the sign of `other`, as Lua's `%`.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.remainder(input, other) end

---The tensor repeated along each dimension as often as `repeats` says, with new dimensions in front where it is longer. `repeat` is a word of Lua: write x["repeat"](x, ...) or x:repeat_dims(...).
---@param input tocha.Tensor
---@param repeats integer|integer[]
---@param ... any
---@return tocha.Tensor
function tocha.repeat_dims(input, repeats, ...) end

---Each element along `dim` (of the flattened tensor where not given) repeated `repeats` times: a number, or a tensor of counts.
---@param input tocha.Tensor
---@param repeats tocha.Tensor|number
---@param dim? integer
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, repeats: tocha.Tensor|number, options: {dim?: integer}): tocha.Tensor
function tocha.repeat_interleave(input, repeats, dim) end

---Three numbers for NaN and the infinities: see `nan_to_num`.
---@param input tocha.Tensor
---@param nan number
---@param posinf number
---@param neginf number
---@return tocha.Tensor
function tocha.replace_nonfinite(input, nan, posinf, neginf) end

---y[..., o, ...] = sum over t of weight[o, t] * x[..., index[o, t], ...] along `dim`. The weights get no gradient.
---@param input tocha.Tensor
---@param index tocha.Tensor
---@param weight tocha.Tensor
---@param dim integer
---@return tocha.Tensor
function tocha.resample(input, index, weight, dim) end

---The adjoint of resample, for an input of `size` elements along `dim`. The weights get no gradient.
---@param grad tocha.Tensor
---@param index tocha.Tensor
---@param weight tocha.Tensor
---@param dim integer
---@param size integer
---@return tocha.Tensor
function tocha.resample_adjoint(grad, index, weight, dim, size) end

---tocha.reset_peak_memory(): the peak counts from now on. tocha.empty_cache(): gives cached bytes
---back to the system.
---@return any ...
function tocha.reset_peak_memory(...) end

---The same elements in another shape: a view where that is possible, else a copy. One size may be -1.
---@param input tocha.Tensor
---@param shape integer|integer[]
---@param ... any
---@return tocha.Tensor
function tocha.reshape(input, shape, ...) end

---The elements in the shape of another tensor.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@return tocha.Tensor
function tocha.reshape_as(input, other) end

---Each slice over the last dimensions over its root mean square, then scaled; eps nil: the dtype's.
---@param input tocha.Tensor
---@param normalized_shape integer|integer[]
---@param weight? tocha.Tensor
---@param eps? number
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, normalized_shape: integer|integer[], options: {weight?: tocha.Tensor, eps?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, normalized_shape: integer|integer[], weight: tocha.Tensor, options: {eps?: number}): tocha.Tensor
function tocha.rms_norm(input, normalized_shape, weight, eps) end

---A layer of simple recurrent units, h = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu. Returns the outputs and the last state.
---@param input tocha.Tensor
---@param h0 tocha.Tensor
---@param weight_ih tocha.Tensor
---@param weight_hh tocha.Tensor
---@param bias_ih? tocha.Tensor
---@param bias_hh? tocha.Tensor
---@param batch_sizes? tocha.Tensor
---@param reverse? boolean false by default
---@param relu? boolean false by default
---@param table? tocha.Tensor
---@param ids? tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, h0: tocha.Tensor, weight_ih: tocha.Tensor, weight_hh: tocha.Tensor, options: {bias_ih?: tocha.Tensor, bias_hh?: tocha.Tensor, batch_sizes?: tocha.Tensor, reverse?: boolean, relu?: boolean, table?: tocha.Tensor, ids?: tocha.Tensor}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, h0: tocha.Tensor, weight_ih: tocha.Tensor, weight_hh: tocha.Tensor, bias_ih: tocha.Tensor, options: {bias_hh?: tocha.Tensor, batch_sizes?: tocha.Tensor, reverse?: boolean, relu?: boolean, table?: tocha.Tensor, ids?: tocha.Tensor}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, h0: tocha.Tensor, weight_ih: tocha.Tensor, weight_hh: tocha.Tensor, bias_ih: tocha.Tensor, bias_hh: tocha.Tensor, options: {batch_sizes?: tocha.Tensor, reverse?: boolean, relu?: boolean, table?: tocha.Tensor, ids?: tocha.Tensor}): tocha.Tensor, tocha.Tensor
function tocha.rnn_layer(input, h0, weight_ih, weight_hh, bias_ih, bias_hh, batch_sizes, reverse, relu, table, ids) end

---Elements moved by `shifts` places along `dims`, those that leave coming in at the other end; the flattened tensor where no dims are given.
---@param input tocha.Tensor
---@param shifts integer|integer[]
---@param dims? integer|integer[]
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, shifts: integer|integer[], options: {dims?: integer|integer[]}): tocha.Tensor
function tocha.roll(input, shifts, dims) end

---Turned `k` times by 90 degrees, from the first of two dimensions towards the second.
---@param input tocha.Tensor
---@param k? integer 1 by default
---@param dims? integer|integer[] {1, 2} by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {k?: integer, dims?: integer|integer[]}): tocha.Tensor
---@overload fun(input: tocha.Tensor, k: integer, options: {dims?: integer|integer[]}): tocha.Tensor
function tocha.rot90(input, k, dims) end

---Turns the k-th pair of columns of `input` (..., rows, width) by the angles whose `cos` and `sin` are (rows, pairs). Pairs are (k, k + pairs), or (2k - 1, 2k) when `interleaved`; further columns stay. `inverse` turns back.
---@param input tocha.Tensor
---@param cos tocha.Tensor
---@param sin tocha.Tensor
---@param interleaved? boolean false by default
---@param inverse? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, cos: tocha.Tensor, sin: tocha.Tensor, options: {interleaved?: boolean, inverse?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, cos: tocha.Tensor, sin: tocha.Tensor, interleaved: boolean, options: {inverse?: boolean}): tocha.Tensor
function tocha.rotary(input, cos, sin, interleaved, inverse) end

---Nearest integer, halves to the even one.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.round(input) end

---Leaky relu whose slope is drawn anew for each element, between `lower` and `upper`; without `training` it is the middle. Xu et al., "Empirical evaluation of rectified activations" (2015).
---@param input tocha.Tensor
---@param lower? number 0.125 by default
---@param upper? number 0.33333333333333331 by default
---@param training? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {lower?: number, upper?: number, training?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, lower: number, options: {upper?: number, training?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, lower: number, upper: number, options: {training?: boolean}): tocha.Tensor
function tocha.rrelu(input, lower, upper, training) end

---One over the square root.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.rsqrt(input) end

---Difference the other way round, `other - alpha * input`.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor|number, other: tocha.Tensor|number, options: {alpha?: number}): tocha.Tensor
function tocha.rsub(input, other, alpha) end

---tocha.save(object, path, options): tensors, numbers, strings and booleans in nested tables. The
---ending decides: .pt and .pth for PyTorch, .t7 for Torch7, .npz for NumPy (.npy of one tensor),
---.gguf, .h5 (HDF5), .safetensors.index.json for several files; all others are safetensors, and
---so is all with {format = "safetensors"}; endings of what is only read (.mat, .weights) are
---errors. {sync = true} waits until the disk has it.
---@return any ...
function tocha.save(object, path, options) end

---softmax(scale * query @ key^T + attn_mask) @ value. The mask is added, or says true where a key may be seen; `scale` is 1 / sqrt(width) unless given; enable_gqa lets query heads share key heads.
---@param query tocha.Tensor
---@param key tocha.Tensor
---@param value tocha.Tensor
---@param attn_mask? tocha.Tensor
---@param dropout_p? number 0 by default
---@param is_causal? boolean false by default
---@param scale? number
---@param enable_gqa? boolean false by default
---@return tocha.Tensor
---@overload fun(query: tocha.Tensor, key: tocha.Tensor, value: tocha.Tensor, options: {attn_mask?: tocha.Tensor, dropout_p?: number, is_causal?: boolean, scale?: number, enable_gqa?: boolean}): tocha.Tensor
---@overload fun(query: tocha.Tensor, key: tocha.Tensor, value: tocha.Tensor, attn_mask: tocha.Tensor, options: {dropout_p?: number, is_causal?: boolean, scale?: number, enable_gqa?: boolean}): tocha.Tensor
---@overload fun(query: tocha.Tensor, key: tocha.Tensor, value: tocha.Tensor, attn_mask: tocha.Tensor, dropout_p: number, options: {is_causal?: boolean, scale?: number, enable_gqa?: boolean}): tocha.Tensor
function tocha.scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, scale, enable_gqa) end

---`input` with the elements that `index` names along `dim` replaced by those of `src` (a tensor or a number); the last of equal places wins. `reduce`: "add" or "multiply" combine instead.
---@param input tocha.Tensor
---@param dim integer
---@param index tocha.Tensor
---@param src tocha.Tensor|number
---@param reduce? string
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, index: tocha.Tensor, src: tocha.Tensor|number, options: {reduce?: string}): tocha.Tensor
function tocha.scatter(input, dim, index, src, reduce) end

---`input` with the elements of `src` added at the places that `index` names along `dim`.
---@param input tocha.Tensor
---@param dim integer
---@param index tocha.Tensor
---@param src tocha.Tensor
---@return tocha.Tensor
function tocha.scatter_add(input, dim, index, src) end

---`input` with the elements of `src` combined into the places that `index` names along `dim`, by "sum", "prod", "mean", "amax" or "amin"; the values there before count unless `include_self` is false.
---@param input tocha.Tensor
---@param dim integer
---@param index tocha.Tensor
---@param src tocha.Tensor
---@param reduce string
---@param include_self? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, index: tocha.Tensor, src: tocha.Tensor, reduce: string, options: {include_self?: boolean}): tocha.Tensor
function tocha.scatter_reduce(input, dim, index, src, reduce, include_self) end

---Where each of `values` is to be put into `sorted_sequence` (along its last dimension), counted from 1: before elements that equal it, or after them (`right`, or side = "right"). One sequence serves all values; several go with the rows of `values`. `sorter`: the indices that sort an unsorted sequence.
---@param sorted_sequence tocha.Tensor
---@param values tocha.Tensor|number
---@param out_int32? boolean false by default
---@param right? boolean false by default
---@param side? string
---@param sorter? tocha.Tensor
---@return tocha.Tensor
---@overload fun(sorted_sequence: tocha.Tensor, values: tocha.Tensor|number, options: {out_int32?: boolean, right?: boolean, side?: string, sorter?: tocha.Tensor}): tocha.Tensor
---@overload fun(sorted_sequence: tocha.Tensor, values: tocha.Tensor|number, out_int32: boolean, options: {right?: boolean, side?: string, sorter?: tocha.Tensor}): tocha.Tensor
---@overload fun(sorted_sequence: tocha.Tensor, values: tocha.Tensor|number, out_int32: boolean, right: boolean, options: {side?: string, sorter?: tocha.Tensor}): tocha.Tensor
function tocha.searchsorted(sorted_sequence, values, out_int32, right, side, sorter) end

---tocha.seed(): a new sequence from the clock and the address of a table; returns its seed.
---@return any ...
function tocha.seed() end

---The slice at `index` of dimension `dim`, which disappears. A view.
---@param input tocha.Tensor
---@param dim integer
---@param index integer
---@return tocha.Tensor
function tocha.select(input, dim, index) end

---Scaled elu, for self-normalising networks.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.selu(input) end

---tocha.set_grad_enabled(flag): a scope with recording on or off.
---@return any ...
function tocha.set_grad_enabled(flag) end

---tocha.set_num_threads(n), tocha.get_num_threads(): threads of one operation; in a thread of
---`tocha.threads` it is one, unless that thread sets it.
---@return any ...
function tocha.set_num_threads(n) end

---tocha.set_printoptions { precision =, threshold =, edgeitems =, linewidth = }: digits after the
---point, elements from which a tensor is summarised, elements shown at its edges, columns.
---"default" restores all; what is not named stays. Returns the settings.
---@return any ...
function tocha.set_printoptions(options) end

---tocha.set_rng_state(state)
---tocha.get_rng_state(), tocha.set_rng_state(state): to come back to a place in the sequence.
---@return any ...
function tocha.set_rng_state(state) end

---tocha.set_winograd(on), tocha.get_winograd(): may float32 convolutions of 3 x 3 windows at
---stride 1 go by Winograd's transforms? A fourth of the products, about the error of a direct sum;
---an infinity or NaN then spreads over its 4 x 4 tile. On unless turned off; float64 never does.
---@return any ...
function tocha.set_winograd(on) end

---1 / (1 + exp(-x)).
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.sigmoid(input) end

---Focal loss of logits and targets in [0, 1]: alpha_t (1 - p_t)^gamma times the binary cross entropy, with p = sigmoid(input); alpha weighs the positives, 1 - alpha the negatives, a negative alpha neither. Lin et al., "Focal loss for dense object detection" (2017).
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param alpha? number 0.25 by default
---@param gamma? number 2 by default
---@param reduction? string "none" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {alpha?: number, gamma?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, alpha: number, options: {gamma?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, alpha: number, gamma: number, options: {reduction?: string}): tocha.Tensor
function tocha.sigmoid_focal_loss(input, target, alpha, gamma, reduction) end

----1, 0 or 1 by the sign.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.sign(input) end

---Has its sign bit set: negative, or -0.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.signbit(input) end

---x sigmoid(x), also called swish.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.silu(input) end

---tocha.simd(): which variant of the kernels runs ("v2", "avx2", "avx512").
---@return string
function tocha.simd() end

---Sine.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.sin(input) end

---sin(pi x) / (pi x).
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.sinc(input) end

---Hyperbolic sine.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.sinh(input) end

---Elements `first` to `last`, both included, of dimension `dim`, every `step`-th. A view.
---@param input tocha.Tensor
---@param dim integer
---@param first? integer 1 by default
---@param last? integer -1 by default
---@param step? integer 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {first?: integer, last?: integer, step?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, first: integer, options: {last?: integer, step?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, first: integer, last: integer, options: {step?: integer}): tocha.Tensor
function tocha.slice(input, dim, first, last, step) end

---The sign of the determinant, and the logarithm of its absolute value.
---@param input tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
function tocha.slogdet(input) end

---Absolute differences, but quadratic (d^2 / (2 beta)) below `beta`.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param reduction? string "mean" by default
---@param beta? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {reduction?: string, beta?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, reduction: string, options: {beta?: number}): tocha.Tensor
function tocha.smooth_l1_loss(input, target, reduction, beta) end

---A term of `smooth_l1_loss`.
---@param input tocha.Tensor|number
---@param target tocha.Tensor|number
---@param beta? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor|number, target: tocha.Tensor|number, options: {beta?: number}): tocha.Tensor
function tocha.smooth_l1_term(input, target, beta) end

---log(1 + exp(-target * input)), the targets being 1 or -1.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {reduction?: string}): tocha.Tensor
function tocha.soft_margin_loss(input, target, reduction) end

---log(1 + exp(x)) everywhere: a term of `soft_margin_loss`.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.softmargin_term(input) end

---Exponentials along `dim` that sum to one.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {dtype?: tocha.dtype}): tocha.Tensor
function tocha.softmax(input, dim, dtype) end

---The gradient of `softmax`, from its result.
---@param grad tocha.Tensor
---@param output tocha.Tensor
---@param dim integer
---@return tocha.Tensor
function tocha.softmax_backward(grad, output, dim) end

---Focal loss over classes: (1 - p)^gamma times the cross entropy, with p the softmax of the class of `target` (ids from 1). With gamma 0 it is `cross_entropy`: "mean" divides by the weights of the targets, and targets of `ignore_index` do not count.
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param gamma? number 2 by default
---@param weight? tocha.Tensor
---@param ignore_index? integer
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {gamma?: number, weight?: tocha.Tensor, ignore_index?: integer, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, gamma: number, options: {weight?: tocha.Tensor, ignore_index?: integer, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, gamma: number, weight: tocha.Tensor, options: {ignore_index?: integer, reduction?: string}): tocha.Tensor
function tocha.softmax_focal_loss(input, target, gamma, weight, ignore_index, reduction) end

---`softmax` of the negative.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {dtype?: tocha.dtype}): tocha.Tensor
function tocha.softmin(input, dim, dtype) end

---log(1 + exp(beta x)) / beta; x where beta x is above `threshold`.
---@param input tocha.Tensor
---@param beta? number 1 by default
---@param threshold? number 20 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {beta?: number, threshold?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, beta: number, options: {threshold?: number}): tocha.Tensor
function tocha.softplus(input, beta, threshold) end

---x moved towards 0 by `lambd`, 0 within it.
---@param input tocha.Tensor
---@param lambd? number 0.5 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {lambd?: number}): tocha.Tensor
function tocha.softshrink(input, lambd) end

---x / (1 + |x|).
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.softsign(input) end

---The solution X of A X = other, or of X A = other where `left` is false; `other` may be a vector.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param left? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, options: {left?: boolean}): tocha.Tensor
function tocha.solve(input, other, left) end

---`solve` for matrices with equal leading sizes.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@return tocha.Tensor
function tocha.solve_batch(input, other) end

---The solution X of A X = other (or X A = other where `left` is false), A triangular. The other triangle is not read, with `unitriangular` nor is the diagonal.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param upper boolean
---@param left? boolean true by default
---@param unitriangular? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, upper: boolean, options: {left?: boolean, unitriangular?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, upper: boolean, left: boolean, options: {unitriangular?: boolean}): tocha.Tensor
function tocha.solve_triangular(input, other, upper, left, unitriangular) end

---The elements in order along `dim`, and the index each came from. Always stable.
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param descending? boolean false by default
---@param stable? boolean true by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, descending?: boolean, stable?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {descending?: boolean, stable?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, descending: boolean, options: {stable?: boolean}): tocha.Tensor, tocha.Tensor
function tocha.sort(input, dim, descending, stable) end

---A list of views: parts of `split_size` elements along `dim` (the last may be smaller), or of the sizes in a list.
---@param input tocha.Tensor
---@param split_size integer|integer[]
---@param dim? integer 1 by default
---@return tocha.Tensor[]
---@overload fun(input: tocha.Tensor, split_size: integer|integer[], options: {dim?: integer}): tocha.Tensor[]
function tocha.split(input, split_size, dim) end

---Query, key and value side by side, (L, B, 3 E), or (B, L, 3 E) with `batch_first`, as three (B * heads, L, E / heads).
---@param input tocha.Tensor
---@param heads integer
---@param batch_first? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, heads: integer, options: {batch_first?: boolean}): tocha.Tensor, tocha.Tensor, tocha.Tensor
function tocha.split_qkv(input, heads, batch_first) end

---Square root.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.sqrt(input) end

---Square.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.square(input) end

---Without the dimensions of size 1: all of them, or those of `dim`. A view.
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[]}): tocha.Tensor
function tocha.squeeze(input, dim) end

---Without those dimensions of the list that have size 1; all of them for an empty list. A view.
---@param input tocha.Tensor
---@param dims integer|integer[]
---@return tocha.Tensor
function tocha.squeeze_dims(input, dims) end

---Tensors of one shape joined along a new dimension `dim`.
---@param tensors tocha.Tensor[]
---@param dim? integer 1 by default
---@return tocha.Tensor
---@overload fun(tensors: tocha.Tensor[], options: {dim?: integer}): tocha.Tensor
function tocha.stack(tensors, dim) end

---Standard deviation over `dim` (nil: all): the root of `var`. At 0 its gradient is 0.
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param unbiased? boolean
---@param keepdim? boolean false by default
---@param correction? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], unbiased: boolean, options: {keepdim?: boolean, correction?: number}): tocha.Tensor
function tocha.std(input, dim, unbiased, keepdim, correction) end

---Both `std` and `mean` over `dim` (nil: all).
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param unbiased? boolean
---@param keepdim? boolean false by default
---@param correction? number 1 by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], unbiased: boolean, options: {keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
function tocha.std_mean(input, dim, unbiased, keepdim, correction) end

---Sets whole examples ("row") or the whole batch ("batch") to 0 with probability `p`, and divides the others by 1 - p if `scale`. Huang et al., "Deep networks with stochastic depth" (2016).
---@param input tocha.Tensor
---@param p number
---@param mode? string "row" by default
---@param training? boolean true by default
---@param scale? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, options: {mode?: string, training?: boolean, scale?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, mode: string, options: {training?: boolean, scale?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, mode: string, training: boolean, options: {scale?: boolean}): tocha.Tensor
function tocha.stochastic_depth(input, p, mode, training, scale) end

---Difference, `input - alpha * other`.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor|number, other: tocha.Tensor|number, options: {alpha?: number}): tocha.Tensor
function tocha.sub(input, other, alpha) end

---Sum over `dim` (nil: all). Integers and bools give int64.
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], keepdim: boolean, options: {dtype?: tocha.dtype}): tocha.Tensor
function tocha.sum(input, dim, keepdim, dtype) end

---`input` summed to the shape of `like`, which is another one and broadcasts to it.
---@param input tocha.Tensor
---@param like tocha.Tensor
---@return tocha.Tensor
function tocha.sum_broadcast(input, like) end

---`input` summed over the dimensions along which `like` was broadcast to its shape.
---@param input tocha.Tensor
---@param like tocha.Tensor
---@return tocha.Tensor
function tocha.sum_to(input, like) end

---U, the singular values in descending order, and V^T (not V): U diag(S) V^T are the matrices.
---@param input tocha.Tensor
---@param full_matrices? boolean true by default
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {full_matrices?: boolean}): tocha.Tensor, tocha.Tensor, tocha.Tensor
function tocha.svd(input, full_matrices) end

---The singular values in descending order.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.svdvals(input) end

---Two dimensions exchanged. A view. Another name of `transpose`.
---@param input tocha.Tensor
---@param axis0 integer
---@param axis1 integer
---@return tocha.Tensor
function tocha.swapaxes(input, axis0, axis1) end

---Two dimensions exchanged. A view. Another name of `transpose`.
---@param input tocha.Tensor
---@param axis0 integer
---@param axis1 integer
---@return tocha.Tensor
function tocha.swapdims(input, axis0, axis1) end

---One half times the silu of the other. `gate` says which half along `dim` goes through it, "first" or "last".
---@param input tocha.Tensor
---@param dim? integer -1 by default
---@param gate? string "first" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer, gate?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer, options: {gate?: string}): tocha.Tensor
function tocha.swiglu(input, dim, gate) end

---A matrix transposed; a vector stays as it is. A view.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.t(input) end

---The elements of the flattened tensor that `index` names, in the shape of `index`.
---@param input tocha.Tensor
---@param index tocha.Tensor
---@return tocha.Tensor
function tocha.take(input, index) end

---`gather` with input and indices broadcast in the other dimensions; of the flattened tensor where no `dim` is given. Fits the results of argsort and argmax.
---@param input tocha.Tensor
---@param indices tocha.Tensor
---@param dim? integer
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, indices: tocha.Tensor, options: {dim?: integer}): tocha.Tensor
function tocha.take_along_dim(input, indices, dim) end

---Tangent.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.tan(input) end

---Hyperbolic tangent.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.tanh(input) end

---x - tanh(x).
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.tanhshrink(input) end

---tocha.tensor(data, {dtype, device, requires_grad}): from a number, a boolean, nested tables, or
---a copy of a tensor. Integers give int64, booleans bool, anything else float32.
---@return tocha.Tensor
function tocha.tensor(data, options) end

---A list of views along `dim`: so many of nearly equal size, or, for a list, parts that end with these indices and the rest.
---@param input tocha.Tensor
---@param indices_or_sections integer|integer[]
---@param dim? integer 1 by default
---@return tocha.Tensor[]
---@overload fun(input: tocha.Tensor, indices_or_sections: integer|integer[], options: {dim?: integer}): tocha.Tensor[]
function tocha.tensor_split(input, indices_or_sections, dim) end

---Sums of products over pairs of dimensions: `dims` is a count (the last of one, the first of the other) or two lists.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param dims? any 2 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, options: {dims?: any}): tocha.Tensor
function tocha.tensordot(input, other, dims) end

---x where above `threshold`, else `value`.
---@param input tocha.Tensor
---@param threshold number
---@param value number
---@return tocha.Tensor
function tocha.threshold(input, threshold, value) end

---The tensor repeated along its last dimensions as `dims` says; counts that are missing in front are 1.
---@param input tocha.Tensor
---@param dims integer|integer[]
---@param ... any
---@return tocha.Tensor
function tocha.tile(input, dims, ...) end

---The tensor in another dtype, or on another device (`"cpu"`, `"cuda"`, `"cuda:1"`); itself where nothing changes. `{non_blocking = true}`: a pinned tensor is copied to the device while the program, and the device, go on. `{memory_format = "channels_last"}`: laid out so, see `contiguous`.
---@param input tocha.Tensor
---@param dtype? string
---@param device? string
---@param non_blocking? boolean false by default
---@param memory_format? string
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dtype?: string, device?: string, non_blocking?: boolean, memory_format?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: string, options: {device?: string, non_blocking?: boolean, memory_format?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: string, device: string, options: {non_blocking?: boolean, memory_format?: string}): tocha.Tensor
function tocha.to(input, dtype, device, non_blocking, memory_format) end

---A copy on another device.
---@param input tocha.Tensor
---@param device string
---@param non_blocking? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, device: string, options: {non_blocking?: boolean}): tocha.Tensor
function tocha.to_device(input, device, non_blocking) end

---A copy in another dtype.
---@param input tocha.Tensor
---@param dtype tocha.dtype
---@return tocha.Tensor
function tocha.to_dtype(input, dtype) end

---The `k` largest (or smallest) elements along `dim`, and the index of each; in order where `sorted`.
---@param input tocha.Tensor
---@param k integer
---@param dim? integer -1 by default
---@param largest? boolean true by default
---@param sorted? boolean true by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, k: integer, options: {dim?: integer, largest?: boolean, sorted?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, k: integer, dim: integer, options: {largest?: boolean, sorted?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, k: integer, dim: integer, largest: boolean, options: {sorted?: boolean}): tocha.Tensor, tocha.Tensor
function tocha.topk(input, k, dim, largest, sorted) end

---The sum of a matrix's diagonal.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.trace(input) end

---Two dimensions exchanged. A view.
---@param input tocha.Tensor
---@param dim0 integer
---@param dim1 integer
---@return tocha.Tensor
function tocha.transpose(input, dim0, dim1) end

---`solve_triangular` for tensors with equal leading sizes.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param upper boolean
---@param left boolean
---@param unitriangular boolean
---@return tocha.Tensor
function tocha.triangular_batch(input, other, upper, left, unitriangular) end

---The lower triangle of each matrix: 0 above diagonal number `diagonal` (0 the main one, above it positive).
---@param input tocha.Tensor
---@param diagonal? integer 0 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {diagonal?: integer}): tocha.Tensor
function tocha.tril(input, diagonal) end

---Rows and columns, as a 2 x N int64 tensor, of the elements that `tril` keeps.
---@param row integer
---@param col integer
---@param offset? integer 0 by default
---@param dtype? tocha.dtype "int64" by default
---@param device? string
---@return tocha.Tensor
---@overload fun(row: integer, col: integer, options: {offset?: integer, dtype?: tocha.dtype, device?: string}): tocha.Tensor
---@overload fun(row: integer, col: integer, offset: integer, options: {dtype?: tocha.dtype, device?: string}): tocha.Tensor
---@overload fun(row: integer, col: integer, offset: integer, dtype: tocha.dtype, options: {device?: string}): tocha.Tensor
function tocha.tril_indices(row, col, offset, dtype, device) end

---max(0, d(anchor, positive) - d(anchor, negative) + margin) with the p-norm of differences; `swap`: the negative's distance may be that from the positive.
---@param anchor tocha.Tensor
---@param positive tocha.Tensor
---@param negative tocha.Tensor
---@param margin? number 1 by default
---@param p? number 2 by default
---@param eps? number 1e-6 by default
---@param swap? boolean false by default
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(anchor: tocha.Tensor, positive: tocha.Tensor, negative: tocha.Tensor, options: {margin?: number, p?: number, eps?: number, swap?: boolean, reduction?: string}): tocha.Tensor
---@overload fun(anchor: tocha.Tensor, positive: tocha.Tensor, negative: tocha.Tensor, margin: number, options: {p?: number, eps?: number, swap?: boolean, reduction?: string}): tocha.Tensor
---@overload fun(anchor: tocha.Tensor, positive: tocha.Tensor, negative: tocha.Tensor, margin: number, p: number, options: {eps?: number, swap?: boolean, reduction?: string}): tocha.Tensor
function tocha.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction) end

---max(0, d(anchor, positive) - d(anchor, negative) + margin), where d is `distance_function` (nil: `pairwise_distance`).
---@param anchor tocha.Tensor
---@param positive tocha.Tensor
---@param negative tocha.Tensor
---@param distance_function? any
---@param margin? number 1 by default
---@param swap? boolean false by default
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(anchor: tocha.Tensor, positive: tocha.Tensor, negative: tocha.Tensor, options: {distance_function?: any, margin?: number, swap?: boolean, reduction?: string}): tocha.Tensor
---@overload fun(anchor: tocha.Tensor, positive: tocha.Tensor, negative: tocha.Tensor, distance_function: any, options: {margin?: number, swap?: boolean, reduction?: string}): tocha.Tensor
---@overload fun(anchor: tocha.Tensor, positive: tocha.Tensor, negative: tocha.Tensor, distance_function: any, margin: number, options: {swap?: boolean, reduction?: string}): tocha.Tensor
function tocha.triplet_margin_with_distance_loss(anchor, positive, negative, distance_function, margin, swap, reduction) end

---The upper triangle of each matrix: 0 below diagonal number `diagonal` (0 the main one, above it positive).
---@param input tocha.Tensor
---@param diagonal? integer 0 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {diagonal?: integer}): tocha.Tensor
function tocha.triu(input, diagonal) end

---Rows and columns, as a 2 x N int64 tensor, of the elements that `triu` keeps.
---@param row integer
---@param col integer
---@param offset? integer 0 by default
---@param dtype? tocha.dtype "int64" by default
---@param device? string
---@return tocha.Tensor
---@overload fun(row: integer, col: integer, options: {offset?: integer, dtype?: tocha.dtype, device?: string}): tocha.Tensor
---@overload fun(row: integer, col: integer, offset: integer, options: {dtype?: tocha.dtype, device?: string}): tocha.Tensor
---@overload fun(row: integer, col: integer, offset: integer, dtype: tocha.dtype, options: {device?: string}): tocha.Tensor
function tocha.triu_indices(row, col, offset, dtype, device) end

---Quotient, not rounded: see `div`.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.true_divide(input, other) end

---Integer part.
---@param input tocha.Tensor
---@return tocha.Tensor
function tocha.trunc(input) end

---Quotient rounded towards zero.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.trunc_divide(input, other) end

---1 - (TP + s) / (TP + alpha FP + beta FN + s) for each example and class, from probabilities (N, C, ...) and masks of the same shape or class ids (N, ...). Salehi et al., "Tversky loss function for image segmentation" (2017).
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param alpha? number 0.5 by default
---@param beta? number 0.5 by default
---@param smooth? number 1e-5 by default
---@param reduction? string "mean" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {alpha?: number, beta?: number, smooth?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, alpha: number, options: {beta?: number, smooth?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, alpha: number, beta: number, options: {smooth?: number, reduction?: string}): tocha.Tensor
function tocha.tversky_loss(input, target, alpha, beta, smooth, reduction) end

---The tensor in the dtype of another.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@return tocha.Tensor
function tocha.type_as(input, other) end

---A list of the slices along `dim`, without that dimension. Views.
---@param input tocha.Tensor
---@param dim? integer 1 by default
---@return tocha.Tensor[]
---@overload fun(input: tocha.Tensor, options: {dim?: integer}): tocha.Tensor[]
function tocha.unbind(input, dim) end

---Dimension `dim` parted into the given sizes, one of which may be -1.
---@param input tocha.Tensor
---@param dim integer
---@param sizes integer|integer[]
---@param ... any
---@return tocha.Tensor
function tocha.unflatten(input, dim, sizes, ...) end

---Windows of `size` elements along `dim`, `step` apart, as the last dimension of the result. A view.
---@param input tocha.Tensor
---@param dim integer
---@param size integer
---@param step integer
---@return tocha.Tensor
function tocha.unfold(input, dim, size, step) end

---The distinct elements in order, or the distinct slices along `dim`. With `return_inverse`, also where each element is found among them; with `return_counts`, also how often each occurs.
---@param input tocha.Tensor
---@param sorted? boolean true by default
---@param return_inverse? boolean false by default
---@param return_counts? boolean false by default
---@param dim? integer
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {sorted?: boolean, return_inverse?: boolean, return_counts?: boolean, dim?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, sorted: boolean, options: {return_inverse?: boolean, return_counts?: boolean, dim?: integer}): tocha.Tensor
---@overload fun(input: tocha.Tensor, sorted: boolean, return_inverse: boolean, options: {return_counts?: boolean, dim?: integer}): tocha.Tensor
function tocha.unique(input, sorted, return_inverse, return_counts, dim) end

---The elements (or slices along `dim`) without those that equal the one before them; inverse and counts as for `unique`.
---@param input tocha.Tensor
---@param return_inverse? boolean false by default
---@param return_counts? boolean false by default
---@param dim? integer
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {return_inverse?: boolean, return_counts?: boolean, dim?: integer}): tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, return_inverse: boolean, options: {return_counts?: boolean, dim?: integer}): tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, return_inverse: boolean, return_counts: boolean, options: {dim?: integer}): tocha.Tensor, tocha.Tensor, tocha.Tensor
function tocha.unique_consecutive(input, return_inverse, return_counts, dim) end

---A dimension of size 1 put in at `dim` of the result. A view.
---@param input tocha.Tensor
---@param dim integer
---@return tocha.Tensor
function tocha.unsqueeze(input, dim) end

---Variance over `dim` (nil: all): squared deviations over n - `correction`.
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param unbiased? boolean
---@param keepdim? boolean false by default
---@param correction? number 1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], unbiased: boolean, options: {keepdim?: boolean, correction?: number}): tocha.Tensor
function tocha.var(input, dim, unbiased, keepdim, correction) end

---Both `var` and `mean` over `dim` (nil: all).
---@param input tocha.Tensor
---@param dim? integer|integer[]
---@param unbiased? boolean
---@param keepdim? boolean false by default
---@param correction? number 1 by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dim?: integer|integer[], unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], options: {unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
---@overload fun(input: tocha.Tensor, dim: integer|integer[], unbiased: boolean, options: {keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
function tocha.var_mean(input, dim, unbiased, keepdim, correction) end

---The same elements in another shape; one size may be -1. A view: an error where only a copy would do.
---@param input tocha.Tensor
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
function tocha.view(input, size, ...) end

---The elements in the shape of another tensor.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@return tocha.Tensor
function tocha.view_as(input, other) end

---Tensors joined one below the other.
---@param tensors tocha.Tensor[]
---@return tocha.Tensor
function tocha.vstack(tensors) end

---`input` where `condition`, else `other`.
---@param condition tocha.Tensor|number
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.where(condition, input, other) end

---`input * log(other)`, 0 where `input` is.
---@param input tocha.Tensor|number
---@param other tocha.Tensor|number
---@return tocha.Tensor
function tocha.xlogy(input, other) end

---A tensor of the given sizes filled with 0.
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
---@overload fun(size: integer|integer[], options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(size: integer|integer[], dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.zeros(size, ...) end

---As `zeros`, with the sizes, dtype and device of `input`.
---@param input tocha.Tensor
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: tocha.dtype, options: {device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, dtype: tocha.dtype, device: string, options: {requires_grad?: boolean}): tocha.Tensor
function tocha.zeros_like(input, dtype, device, requires_grad) end

return tocha
