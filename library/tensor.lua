---@meta tocha.tensor
-- Written by `make annotations`; do not edit.

---@alias tocha.dtype "bfloat16"|"bool"|"float16"|"float32"|"float64"|"int16"|"int32"|"int64"|"int8"|"uint8"

---@class tocha.Tensor
---@field shape integer[] its sizes, a new list
---@field dtype tocha.dtype
---@field device string
---@field ndim integer
---@field requires_grad boolean
---@field grad tocha.Tensor nil before backward
---@field data tocha.Tensor
---@field T tocha.Tensor transposed
---@field mT tocha.Tensor the last two dimensions transposed
---@field [integer] tocha.Tensor t[i]
---@field [table] tocha.Tensor t[{i, {a, b}, {}}]
---@field [tocha.Tensor] tocha.Tensor t[mask], t[ids]
---@operator add(tocha.Tensor|number): tocha.Tensor
---@operator sub(tocha.Tensor|number): tocha.Tensor
---@operator mul(tocha.Tensor|number): tocha.Tensor
---@operator div(tocha.Tensor|number): tocha.Tensor
---@operator idiv(tocha.Tensor|number): tocha.Tensor
---@operator mod(tocha.Tensor|number): tocha.Tensor
---@operator pow(tocha.Tensor|number): tocha.Tensor
---@operator band(tocha.Tensor|number): tocha.Tensor
---@operator bor(tocha.Tensor|number): tocha.Tensor
---@operator bxor(tocha.Tensor|number): tocha.Tensor
---@operator shl(tocha.Tensor|number): tocha.Tensor
---@operator shr(tocha.Tensor|number): tocha.Tensor
---@operator unm: tocha.Tensor
---@operator bnot: tocha.Tensor
---@operator len: integer
local Tensor = {}

---Absolute value.
---@return tocha.Tensor
function Tensor:abs() end

---Absolute value.
---@return tocha.Tensor
function Tensor:abs_() end

---Inverse cosine.
---@return tocha.Tensor
function Tensor:acos() end

---Inverse cosine.
---@return tocha.Tensor
function Tensor:acos_() end

---Inverse hyperbolic cosine.
---@return tocha.Tensor
function Tensor:acosh() end

---Inverse hyperbolic cosine.
---@return tocha.Tensor
function Tensor:acosh_() end

---Means of windows over 1 dimension, with `output_size` results; -1 keeps a size.
---@param output_size integer|integer[]
---@return tocha.Tensor
function Tensor:adaptive_avg_pool1d(output_size) end

---Means of windows over 2 dimensions, with `output_size` results; -1 keeps a size.
---@param output_size integer|integer[]
---@return tocha.Tensor
function Tensor:adaptive_avg_pool2d(output_size) end

---Means of windows over 3 dimensions, with `output_size` results; -1 keeps a size.
---@param output_size integer|integer[]
---@return tocha.Tensor
function Tensor:adaptive_avg_pool3d(output_size) end

---Largest elements of windows over 1 dimension, with `output_size` results; -1 keeps a size.
---@param output_size integer|integer[]
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, output_size: integer|integer[], options: {return_indices?: boolean}): tocha.Tensor
function Tensor:adaptive_max_pool1d(output_size, return_indices) end

---Largest elements of windows over 2 dimensions, with `output_size` results; -1 keeps a size.
---@param output_size integer|integer[]
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, output_size: integer|integer[], options: {return_indices?: boolean}): tocha.Tensor
function Tensor:adaptive_max_pool2d(output_size, return_indices) end

---Largest elements of windows over 3 dimensions, with `output_size` results; -1 keeps a size.
---@param output_size integer|integer[]
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, output_size: integer|integer[], options: {return_indices?: boolean}): tocha.Tensor
function Tensor:adaptive_max_pool3d(output_size, return_indices) end

---Sum, `input + alpha * other`.
---@param other tocha.Tensor|number
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor|number, options: {alpha?: number}): tocha.Tensor
function Tensor:add(other, alpha) end

---Sum, `input + alpha * other`.
---@param other tocha.Tensor|number
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor|number, options: {alpha?: number}): tocha.Tensor
function Tensor:add_(other, alpha) end

---beta * input + alpha * the sum of the products of two batches of matrices.
---@param batch1 tocha.Tensor
---@param batch2 tocha.Tensor
---@param beta? number 1 by default
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, batch1: tocha.Tensor, batch2: tocha.Tensor, options: {beta?: number, alpha?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, batch1: tocha.Tensor, batch2: tocha.Tensor, beta: number, options: {alpha?: number}): tocha.Tensor
function Tensor:addbmm(batch1, batch2, beta, alpha) end

---`input + value * tensor1 / tensor2`.
---@param tensor1 tocha.Tensor|number
---@param tensor2 tocha.Tensor|number
---@param value? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, tensor1: tocha.Tensor|number, tensor2: tocha.Tensor|number, options: {value?: number}): tocha.Tensor
function Tensor:addcdiv(tensor1, tensor2, value) end

---`input + value * tensor1 / tensor2`.
---@param tensor1 tocha.Tensor|number
---@param tensor2 tocha.Tensor|number
---@param value? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, tensor1: tocha.Tensor|number, tensor2: tocha.Tensor|number, options: {value?: number}): tocha.Tensor
function Tensor:addcdiv_(tensor1, tensor2, value) end

---`input + value * tensor1 * tensor2`.
---@param tensor1 tocha.Tensor|number
---@param tensor2 tocha.Tensor|number
---@param value? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, tensor1: tocha.Tensor|number, tensor2: tocha.Tensor|number, options: {value?: number}): tocha.Tensor
function Tensor:addcmul(tensor1, tensor2, value) end

---`input + value * tensor1 * tensor2`.
---@param tensor1 tocha.Tensor|number
---@param tensor2 tocha.Tensor|number
---@param value? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, tensor1: tocha.Tensor|number, tensor2: tocha.Tensor|number, options: {value?: number}): tocha.Tensor
function Tensor:addcmul_(tensor1, tensor2, value) end

---beta * input + alpha * the product of two matrices; `input` broadcasts.
---@param mat1 tocha.Tensor
---@param mat2 tocha.Tensor
---@param beta? number 1 by default
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, mat1: tocha.Tensor, mat2: tocha.Tensor, options: {beta?: number, alpha?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, mat1: tocha.Tensor, mat2: tocha.Tensor, beta: number, options: {alpha?: number}): tocha.Tensor
function Tensor:addmm(mat1, mat2, beta, alpha) end

---beta * input + alpha * the product of a matrix and a vector.
---@param mat tocha.Tensor
---@param vec tocha.Tensor
---@param beta? number 1 by default
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, mat: tocha.Tensor, vec: tocha.Tensor, options: {beta?: number, alpha?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, mat: tocha.Tensor, vec: tocha.Tensor, beta: number, options: {alpha?: number}): tocha.Tensor
function Tensor:addmv(mat, vec, beta, alpha) end

---beta * input + alpha * the outer product of two vectors.
---@param vec1 tocha.Tensor
---@param vec2 tocha.Tensor
---@param beta? number 1 by default
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, vec1: tocha.Tensor, vec2: tocha.Tensor, options: {beta?: number, alpha?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, vec1: tocha.Tensor, vec2: tocha.Tensor, beta: number, options: {alpha?: number}): tocha.Tensor
function Tensor:addr(vec1, vec2, beta, alpha) end

---The grid (N, ..., 2 or 3) for grid_sample that maps by the affine matrices `theta` (N, 2, 3) or (N, 3, 4).
---@param size integer|integer[]
---@param align_corners? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, size: integer|integer[], options: {align_corners?: boolean}): tocha.Tensor
function Tensor:affine_grid(size, align_corners) end

---The tensor itself, as another view of its memory.
---@return tocha.Tensor
function Tensor:alias() end

---Is each element over `dim` (nil: all) other than 0? A bool tensor (uint8 for uint8).
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor
function Tensor:all(dim, keepdim) end

---Is every element close, as `isclose` has it? Returns a boolean.
---@param other tocha.Tensor
---@param rtol? number 1e-5 by default
---@param atol? number 1e-8 by default
---@param equal_nan? boolean false by default
---@return boolean
---@overload fun(self: tocha.Tensor, other: tocha.Tensor, options: {rtol?: number, atol?: number, equal_nan?: boolean}): boolean
---@overload fun(self: tocha.Tensor, other: tocha.Tensor, rtol: number, options: {atol?: number, equal_nan?: boolean}): boolean
---@overload fun(self: tocha.Tensor, other: tocha.Tensor, rtol: number, atol: number, options: {equal_nan?: boolean}): boolean
function Tensor:allclose(other, rtol, atol, equal_nan) end

---Largest value over `dim` (nil: all). Equal ones share the gradient.
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor
function Tensor:amax(dim, keepdim) end

---Smallest value over `dim` (nil: all). Equal ones share the gradient.
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor
function Tensor:amin(dim, keepdim) end

---Smallest and largest value over `dim` (nil: all).
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor, tocha.Tensor
function Tensor:aminmax(dim, keepdim) end

---Is one element over `dim` (nil: all) other than 0? A bool tensor (uint8 for uint8).
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor
function Tensor:any(dim, keepdim) end

---Where the largest value stands, along `dim` or (nil) among all elements in row order; the first of equal ones.
---@param dim? integer
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {keepdim?: boolean}): tocha.Tensor
function Tensor:argmax(dim, keepdim) end

---Where the smallest value stands, along `dim` or (nil) among all elements in row order; the first of equal ones.
---@param dim? integer
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {keepdim?: boolean}): tocha.Tensor
function Tensor:argmin(dim, keepdim) end

---The indices that put the elements along `dim` in order. Always stable.
---@param dim? integer -1 by default
---@param descending? boolean false by default
---@param stable? boolean true by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer, descending?: boolean, stable?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {descending?: boolean, stable?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, descending: boolean, options: {stable?: boolean}): tocha.Tensor
function Tensor:argsort(dim, descending, stable) end

---The places of the elements that are not 0, a row of indices each.
---@return tocha.Tensor
function Tensor:argwhere() end

---A view by sizes, strides and offset (in elements, from 0) into the storage of `input`; no two of its elements may share a place where a gradient is wanted.
---@param size integer|integer[]
---@param stride integer|integer[]
---@param storage_offset? integer 0 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, size: integer|integer[], stride: integer|integer[], options: {storage_offset?: integer}): tocha.Tensor
function Tensor:as_strided(size, stride, storage_offset) end

---Inverse sine.
---@return tocha.Tensor
function Tensor:asin() end

---Inverse sine.
---@return tocha.Tensor
function Tensor:asin_() end

---Inverse hyperbolic sine.
---@return tocha.Tensor
function Tensor:asinh() end

---Inverse hyperbolic sine.
---@return tocha.Tensor
function Tensor:asinh_() end

---Inverse tangent.
---@return tocha.Tensor
function Tensor:atan() end

---Angle of the point (other, input).
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:atan2(other) end

---Angle of the point (other, input).
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:atan2_(other) end

---Inverse tangent.
---@return tocha.Tensor
function Tensor:atan_() end

---Inverse hyperbolic tangent.
---@return tocha.Tensor
function Tensor:atanh() end

---Inverse hyperbolic tangent.
---@return tocha.Tensor
function Tensor:atanh_() end

---Means of windows over 1 dimension; padding counts as zeros unless `count_include_pad` is false.
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param ceil_mode? boolean false by default
---@param count_include_pad? boolean true by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {ceil_mode?: boolean, count_include_pad?: boolean}): tocha.Tensor
function Tensor:avg_pool1d(kernel_size, stride, padding, ceil_mode, count_include_pad) end

---Means of windows over 2 dimensions; padding counts as zeros unless `count_include_pad` is false.
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param ceil_mode? boolean false by default
---@param count_include_pad? boolean true by default
---@param divisor_override? integer
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
function Tensor:avg_pool2d(kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override) end

---Means of windows over 3 dimensions; padding counts as zeros unless `count_include_pad` is false.
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param ceil_mode? boolean false by default
---@param count_include_pad? boolean true by default
---@param divisor_override? integer
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {ceil_mode?: boolean, count_include_pad?: boolean, divisor_override?: integer}): tocha.Tensor
function Tensor:avg_pool3d(kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override) end

---y:backward(gradient?, {retain_graph = false, create_graph = false}): adds the gradients of y to
---the `grad` of every leaf that led to it. `gradient` is needed where y has more than one element.
---@return any ...
function Tensor:backward(gradient, options) end

---beta * input + alpha * the products of two batches of matrices; `input` broadcasts.
---@param batch1 tocha.Tensor
---@param batch2 tocha.Tensor
---@param beta? number 1 by default
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, batch1: tocha.Tensor, batch2: tocha.Tensor, options: {beta?: number, alpha?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, batch1: tocha.Tensor, batch2: tocha.Tensor, beta: number, options: {alpha?: number}): tocha.Tensor
function Tensor:baddbmm(batch1, batch2, beta, alpha) end

---A term of `binary_cross_entropy_with_logits`.
---@param target tocha.Tensor|number
---@param pos_weight tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bce_logits_term(target, pos_weight) end

---A term of `binary_cross_entropy_with_logits`.
---@param target tocha.Tensor|number
---@param pos_weight tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bce_logits_term_(target, pos_weight) end

---A term of `binary_cross_entropy`.
---@param target tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bce_term(target) end

---A term of `binary_cross_entropy`.
---@param target tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bce_term_(target) end

---1 with the probability that each element of `input` gives (or `p`, a number or a tensor), else 0. In place, `x:bernoulli_(p = 0.5)`, the values of x do not matter.
---@param p? tocha.Tensor|number
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {p?: tocha.Tensor|number}): tocha.Tensor
function Tensor:bernoulli(p) end

---1 with the probability that each element of `input` gives (or `p`, a number or a tensor), else 0. In place, `x:bernoulli_(p = 0.5)`, the values of x do not matter.
---@param p? tocha.Tensor|number
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {p?: tocha.Tensor|number}): tocha.Tensor
function Tensor:bernoulli_(p) end

---The tensor as bfloat16.
---@return tocha.Tensor
function Tensor:bfloat16() end

---input1 A_k input2 + bias for each of the matrices A_k of `weight`, (out, in1, in2).
---@param input2 tocha.Tensor
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, input2: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor
function Tensor:bilinear(input2, weight, bias) end

---How often each of the numbers 1, 2, ... occurs in `input`: element k counts (or adds the weights of) k.
---@param weights? tocha.Tensor
---@param minlength? integer 0 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {weights?: tocha.Tensor, minlength?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weights: tocha.Tensor, options: {minlength?: integer}): tocha.Tensor
function Tensor:bincount(weights, minlength) end

---Bits set in both.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bitwise_and(other) end

---Bits set in both.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bitwise_and_(other) end

---Bits moved up by `other`.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bitwise_left_shift(other) end

---Bits moved up by `other`.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bitwise_left_shift_(other) end

---Every bit turned; for bool, logical not.
---@return tocha.Tensor
function Tensor:bitwise_not() end

---Every bit turned; for bool, logical not.
---@return tocha.Tensor
function Tensor:bitwise_not_() end

---Bits set in one or both.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bitwise_or(other) end

---Bits set in one or both.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bitwise_or_(other) end

---Bits moved down by `other`, the sign kept.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bitwise_right_shift(other) end

---Bits moved down by `other`, the sign kept.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bitwise_right_shift_(other) end

---Bits set in just one.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bitwise_xor(other) end

---Bits set in just one.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:bitwise_xor_(other) end

---The products of two batches of matrices, pair by pair.
---@param mat2 tocha.Tensor
---@return tocha.Tensor
function Tensor:bmm(mat2) end

---The tensor as bool.
---@return tocha.Tensor
function Tensor:bool() end

---The tensor expanded to a shape. A view.
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
function Tensor:broadcast_to(size, ...) end

---Which bucket (from 1) each element falls into; bucket k ends with boundary k, which belongs to it, or to the next one (`right`).
---@param boundaries tocha.Tensor
---@param out_int32? boolean false by default
---@param right? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, boundaries: tocha.Tensor, options: {out_int32?: boolean, right?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, boundaries: tocha.Tensor, out_int32: boolean, options: {right?: boolean}): tocha.Tensor
function Tensor:bucketize(boundaries, out_int32, right) end

---The tensor as uint8.
---@return tocha.Tensor
function Tensor:byte() end

---Random numbers from the Cauchy distribution, in the shape and dtype of `input`, whose values do not matter. In place: `cauchy_`.
---@param median? number 0 by default
---@param sigma? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {median?: number, sigma?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, median: number, options: {sigma?: number}): tocha.Tensor
function Tensor:cauchy(median, sigma) end

---Random numbers from the Cauchy distribution, in the shape and dtype of `input`, whose values do not matter. In place: `cauchy_`.
---@param median? number 0 by default
---@param sigma? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {median?: number, sigma?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, median: number, options: {sigma?: number}): tocha.Tensor
function Tensor:cauchy_(median, sigma) end

---Smallest integer not below.
---@return tocha.Tensor
function Tensor:ceil() end

---Smallest integer not below.
---@return tocha.Tensor
function Tensor:ceil_() end

---x where positive, else alpha (exp(x / alpha) - 1).
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {alpha?: number}): tocha.Tensor
function Tensor:celu(alpha) end

---x where positive, else alpha (exp(x / alpha) - 1).
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {alpha?: number}): tocha.Tensor
function Tensor:celu_(alpha) end

---Channels of (N, C, ...) interleaved over `groups`.
---@param groups integer
---@return tocha.Tensor
function Tensor:channel_shuffle(groups) end

---The tensor as int8.
---@return tocha.Tensor
function Tensor:char() end

---The triangular factor of symmetric positive-definite matrices: L L^T, or U^T U with `upper`. Only that triangle of the input is read.
---@param upper? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {upper?: boolean}): tocha.Tensor
function Tensor:cholesky(upper) end

---The solution X of A X = input, where `factor` is the Cholesky factor of A.
---@param factor tocha.Tensor
---@param upper? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, factor: tocha.Tensor, options: {upper?: boolean}): tocha.Tensor
function Tensor:cholesky_solve(factor, upper) end

---A list of `chunks` views of equal size along `dim`; the last may be smaller, or missing.
---@param chunks integer
---@param dim? integer 1 by default
---@return tocha.Tensor[]
---@overload fun(self: tocha.Tensor, chunks: integer, options: {dim?: integer}): tocha.Tensor[]
function Tensor:chunk(chunks, dim) end

---`input` between `min` and `max`, numbers or tensors; nil leaves a side open. NaN stays.
---@param min? tocha.Tensor|number
---@param max? tocha.Tensor|number
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {min?: tocha.Tensor|number, max?: tocha.Tensor|number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, min: tocha.Tensor|number, options: {max?: tocha.Tensor|number}): tocha.Tensor
function Tensor:clamp(min, max) end

---`input` between `min` and `max`, numbers or tensors; nil leaves a side open. NaN stays.
---@param min? tocha.Tensor|number
---@param max? tocha.Tensor|number
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {min?: tocha.Tensor|number, max?: tocha.Tensor|number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, min: tocha.Tensor|number, options: {max?: tocha.Tensor|number}): tocha.Tensor
function Tensor:clamp_(min, max) end

---`input` between two numbers: see `clamp`.
---@param min tocha.Tensor|number
---@param max tocha.Tensor|number
---@return tocha.Tensor
function Tensor:clamp_both(min, max) end

---`input` between two numbers: see `clamp`.
---@param min tocha.Tensor|number
---@param max tocha.Tensor|number
---@return tocha.Tensor
function Tensor:clamp_both_(min, max) end

---`input`, but not above a number: see `clamp_max`.
---@param max tocha.Tensor|number
---@return tocha.Tensor
function Tensor:clamp_high(max) end

---`input`, but not above a number: see `clamp_max`.
---@param max tocha.Tensor|number
---@return tocha.Tensor
function Tensor:clamp_high_(max) end

---`input`, but not below a number: see `clamp_min`.
---@param min tocha.Tensor|number
---@return tocha.Tensor
function Tensor:clamp_low(min) end

---`input`, but not below a number: see `clamp_min`.
---@param min tocha.Tensor|number
---@return tocha.Tensor
function Tensor:clamp_low_(min) end

---`input`, but not above `max`, a number or a tensor.
---@param max tocha.Tensor|number
---@return tocha.Tensor
function Tensor:clamp_max(max) end

---`input`, but not above `max`, a number or a tensor.
---@param max tocha.Tensor|number
---@return tocha.Tensor
function Tensor:clamp_max_(max) end

---`input`, but not below `min`, a number or a tensor.
---@param min tocha.Tensor|number
---@return tocha.Tensor
function Tensor:clamp_min(min) end

---`input`, but not below `min`, a number or a tensor.
---@param min tocha.Tensor|number
---@return tocha.Tensor
function Tensor:clamp_min_(min) end

---A copy with memory of its own: contiguous, or channels last as the tensor is.
---@return tocha.Tensor
function Tensor:clone() end

---`input` with `value` around it; `pad` holds (before, after) of the last dimension, then of the one before.
---@param pad integer|integer[]
---@param value? number 0 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, pad: integer|integer[], options: {value?: number}): tocha.Tensor
function Tensor:constant_pad_nd(pad, value) end

---The tensor itself where its elements lie in row order, else a copy in which they do; `memory_format` "channels_last" (four dimensions, (N, C, H, W)) or "channels_last_3d": with the channels of a pixel side by side, which tensor cores read best.
---@param memory_format? string "contiguous_format" by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {memory_format?: string}): tocha.Tensor
function Tensor:contiguous(memory_format) end

---Convolution (cross-correlation) over 1 spatial dimension. `padding`: an integer, one a dimension, a pair (before, after) a dimension, "valid", or "same" (ceil(size / stride) results).
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param dilation? integer|integer[] 1 by default
---@param groups? integer 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
function Tensor:conv1d(weight, bias, stride, padding, dilation, groups) end

---Convolution (cross-correlation) over 2 spatial dimensions. `padding`: an integer, one a dimension, a pair (before, after) a dimension, "valid", or "same" (ceil(size / stride) results).
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param dilation? integer|integer[] 1 by default
---@param groups? integer 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
function Tensor:conv2d(weight, bias, stride, padding, dilation, groups) end

---Convolution (cross-correlation) over 3 spatial dimensions. `padding`: an integer, one a dimension, a pair (before, after) a dimension, "valid", or "same" (ceil(size / stride) results).
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param dilation? integer|integer[] 1 by default
---@param groups? integer 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, dilation?: integer|integer[], groups?: integer}): tocha.Tensor
function Tensor:conv3d(weight, bias, stride, padding, dilation, groups) end

---Transposed convolution over 1 spatial dimension: the gradient of conv1d as an operation. weight is (C, O / groups, ...).
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param output_padding? integer|integer[] 0 by default
---@param groups? integer 1 by default
---@param dilation? integer|integer[] 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
function Tensor:conv_transpose1d(weight, bias, stride, padding, output_padding, groups, dilation) end

---Transposed convolution over 2 spatial dimensions: the gradient of conv2d as an operation. weight is (C, O / groups, ...).
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param output_padding? integer|integer[] 0 by default
---@param groups? integer 1 by default
---@param dilation? integer|integer[] 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
function Tensor:conv_transpose2d(weight, bias, stride, padding, output_padding, groups, dilation) end

---Transposed convolution over 3 spatial dimensions: the gradient of conv3d as an operation. weight is (C, O / groups, ...).
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@param stride? integer|integer[] 1 by default
---@param padding? any 0 by default
---@param output_padding? integer|integer[] 0 by default
---@param groups? integer 1 by default
---@param dilation? integer|integer[] 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor, stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, options: {stride?: integer|integer[], padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, bias: tocha.Tensor, stride: integer|integer[], options: {padding?: any, output_padding?: integer|integer[], groups?: integer, dilation?: integer|integer[]}): tocha.Tensor
function Tensor:conv_transpose3d(weight, bias, stride, padding, output_padding, groups, dilation) end

---@param src tocha.Tensor|number
---@return tocha.Tensor
function Tensor:copy_(src) end

---`input` with the sign of `other`.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:copysign(other) end

---`input` with the sign of `other`.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:copysign_(other) end

---Cosine.
---@return tocha.Tensor
function Tensor:cos() end

---Cosine.
---@return tocha.Tensor
function Tensor:cos_() end

---Hyperbolic cosine.
---@return tocha.Tensor
function Tensor:cosh() end

---Hyperbolic cosine.
---@return tocha.Tensor
function Tensor:cosh_() end

---How many elements over `dim` (nil: all) are not 0.
---@param dim? integer|integer[]
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[]}): tocha.Tensor
function Tensor:count_nonzero(dim) end

---The tensor in the host's memory; itself where it is there.
---@return tocha.Tensor
function Tensor:cpu() end

---The cross products of vectors of three elements along `dim`; other dimensions broadcast.
---@param other tocha.Tensor
---@param dim? integer -1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor, options: {dim?: integer}): tocha.Tensor
function Tensor:cross(other, dim) end

---x:cuda(device): on a CUDA device, by its number; without one, the current one.
---@return any ...
function Tensor:cuda(device) end

---The largest value up to each place along `dim`, and its index (the last of equal ones).
---@param dim integer
---@return tocha.Tensor
---@return tocha.Tensor
function Tensor:cummax(dim) end

---The smallest value up to each place along `dim`, and its index (the last of equal ones).
---@param dim integer
---@return tocha.Tensor
---@return tocha.Tensor
function Tensor:cummin(dim) end

---Products of all elements up to each along `dim`. Integers and bools give int64.
---@param dim integer
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {dtype?: tocha.dtype}): tocha.Tensor
function Tensor:cumprod(dim, dtype) end

---Sums of all elements up to each along `dim`. Integers and bools give int64.
---@param dim integer
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {dtype?: tocha.dtype}): tocha.Tensor
function Tensor:cumsum(dim, dtype) end

---Degrees to radians.
---@return tocha.Tensor
function Tensor:deg2rad() end

---Degrees to radians.
---@return tocha.Tensor
function Tensor:deg2rad_() end

---The determinants of square matrices.
---@return tocha.Tensor
function Tensor:det() end

---off the tape
---@return tocha.Tensor
function Tensor:detach() end

---x:detach_(x)
---@return any ...
function Tensor:detach_() end

---A vector as the diagonal of a matrix, or the diagonal of a matrix as a vector.
---@param diagonal? integer 0 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {diagonal?: integer}): tocha.Tensor
function Tensor:diag(diagonal) end

---The last dimension as the diagonal of matrices, whose dimensions are `dim1` and `dim2` of the result.
---@param offset? integer 0 by default
---@param dim1? integer -2 by default
---@param dim2? integer -1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {offset?: integer, dim1?: integer, dim2?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, offset: integer, options: {dim1?: integer, dim2?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, offset: integer, dim1: integer, options: {dim2?: integer}): tocha.Tensor
function Tensor:diag_embed(offset, dim1, dim2) end

---All elements as the diagonal of a matrix.
---@param offset? integer 0 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {offset?: integer}): tocha.Tensor
function Tensor:diagflat(offset) end

---The diagonal of two dimensions, as the last dimension of the result. A view.
---@param offset? integer 0 by default
---@param dim1? integer 1 by default
---@param dim2? integer 2 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {offset?: integer, dim1?: integer, dim2?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, offset: integer, options: {dim1?: integer, dim2?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, offset: integer, dim1: integer, options: {dim2?: integer}): tocha.Tensor
function Tensor:diagonal(offset, dim1, dim2) end

---Differences of neighbours along `dim`, `n` times over.
---@param n? integer 1 by default
---@param dim? integer -1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {n?: integer, dim?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, n: integer, options: {dim?: integer}): tocha.Tensor
function Tensor:diff(n, dim) end

---Logarithmic derivative of the gamma function.
---@return tocha.Tensor
function Tensor:digamma() end

---Logarithmic derivative of the gamma function.
---@return tocha.Tensor
function Tensor:digamma_() end

---@return integer
function Tensor:dim() end

---Quotient; `rounding_mode` "trunc" rounds it towards zero, "floor" down.
---@param other tocha.Tensor|number
---@param rounding_mode? string
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor|number, options: {rounding_mode?: string}): tocha.Tensor
function Tensor:div(other, rounding_mode) end

---Quotient; `rounding_mode` "trunc" rounds it towards zero, "floor" down.
---@param other tocha.Tensor|number
---@param rounding_mode? string
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor|number, options: {rounding_mode?: string}): tocha.Tensor
function Tensor:div_(other, rounding_mode) end

---The sum of the products of two vectors' elements.
---@param other tocha.Tensor
---@return tocha.Tensor
function Tensor:dot(other) end

---The tensor as float64.
---@return tocha.Tensor
function Tensor:double() end

---The eigenvalues of symmetric matrices in ascending order, and their vectors as columns. Only the lower ("L") or upper ("U") triangle is read.
---@param UPLO? string "L" by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {UPLO?: string}): tocha.Tensor, tocha.Tensor
function Tensor:eigh(UPLO) end

---The eigenvalues of symmetric matrices, of which one triangle is read, in ascending order.
---@param UPLO? string "L" by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {UPLO?: string}): tocha.Tensor
function Tensor:eigvalsh(UPLO) end

---bytes of an element
---@return integer
function Tensor:element_size() end

---x where positive, else alpha (exp(x) - 1).
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {alpha?: number}): tocha.Tensor
function Tensor:elu(alpha) end

---x where positive, else alpha (exp(x) - 1).
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {alpha?: number}): tocha.Tensor
function Tensor:elu_(alpha) end

---Equal.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:eq(other) end

---Equal.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:eq_(other) end

---Have both the same shape and the same elements? Returns a boolean.
---@param other tocha.Tensor
---@return boolean
function Tensor:equal(other) end

---Error function.
---@return tocha.Tensor
function Tensor:erf() end

---Error function.
---@return tocha.Tensor
function Tensor:erf_() end

---One less the error function, exact in the tail.
---@return tocha.Tensor
function Tensor:erfc() end

---One less the error function, exact in the tail.
---@return tocha.Tensor
function Tensor:erfc_() end

---Inverse of the error function.
---@return tocha.Tensor
function Tensor:erfinv() end

---Inverse of the error function.
---@return tocha.Tensor
function Tensor:erfinv_() end

---Exponential.
---@return tocha.Tensor
function Tensor:exp() end

---Power of two.
---@return tocha.Tensor
function Tensor:exp2() end

---Power of two.
---@return tocha.Tensor
function Tensor:exp2_() end

---Exponential.
---@return tocha.Tensor
function Tensor:exp_() end

---Dimensions of size 1 repeated to the given sizes without a copy; -1 keeps a size. A view.
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
function Tensor:expand(size, ...) end

---The tensor expanded to the shape of another. A view.
---@param other tocha.Tensor
---@return tocha.Tensor
function Tensor:expand_as(other) end

---Exponential less 1, exact near 0.
---@return tocha.Tensor
function Tensor:expm1() end

---Exponential less 1, exact near 0.
---@return tocha.Tensor
function Tensor:expm1_() end

---Random numbers from the exponential distribution with rate `lambd`, in the shape and dtype of `input`, whose values do not matter. In place: `exponential_`.
---@param lambd? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {lambd?: number}): tocha.Tensor
function Tensor:exponential(lambd) end

---Random numbers from the exponential distribution with rate `lambd`, in the shape and dtype of `input`, whose values do not matter. In place: `exponential_`.
---@param lambd? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {lambd?: number}): tocha.Tensor
function Tensor:exponential_(lambd) end

---x:fill_(x, value)
---@return any ...
function Tensor:fill_(value) end

---Dimensions `start_dim` to `end_dim` as one.
---@param start_dim? integer 1 by default
---@param end_dim? integer -1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {start_dim?: integer, end_dim?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, start_dim: integer, options: {end_dim?: integer}): tocha.Tensor
function Tensor:flatten(start_dim, end_dim) end

---The order of elements reversed along the dimensions `dims`.
---@param dims integer|integer[]
---@return tocha.Tensor
function Tensor:flip(dims) end

---The order of columns reversed.
---@return tocha.Tensor
function Tensor:fliplr() end

---The order of rows reversed.
---@return tocha.Tensor
function Tensor:flipud() end

---The tensor as float32.
---@return tocha.Tensor
function Tensor:float() end

---Largest integer not above.
---@return tocha.Tensor
function Tensor:floor() end

---Largest integer not above.
---@return tocha.Tensor
function Tensor:floor_() end

---Quotient rounded down.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:floor_divide(other) end

---Quotient rounded down.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:floor_divide_(other) end

---The larger of two; a number if one is.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:fmax(other) end

---The larger of two; a number if one is.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:fmax_(other) end

---The smaller of two; a number if one is.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:fmin(other) end

---The smaller of two; a number if one is.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:fmin_(other) end

---Remainder with the sign of `input`, as C's fmod.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:fmod(other) end

---Remainder with the sign of `input`, as C's fmod.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:fmod_(other) end

---Columns (N, C * taps, L) summed back into images (N, C, H, W) where patches overlap: PyTorch's F.fold.
---@param output_size integer|integer[]
---@param kernel_size integer|integer[]
---@param dilation? integer|integer[] 1 by default
---@param padding? integer|integer[] 0 by default
---@param stride? integer|integer[] 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, output_size: integer|integer[], kernel_size: integer|integer[], options: {dilation?: integer|integer[], padding?: integer|integer[], stride?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, output_size: integer|integer[], kernel_size: integer|integer[], dilation: integer|integer[], options: {padding?: integer|integer[], stride?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, output_size: integer|integer[], kernel_size: integer|integer[], dilation: integer|integer[], padding: integer|integer[], options: {stride?: integer|integer[]}): tocha.Tensor
function Tensor:fold(output_size, kernel_size, dilation, padding, stride) end

---Fraction, with the sign of `input`.
---@return tocha.Tensor
function Tensor:frac() end

---Fraction, with the sign of `input`.
---@return tocha.Tensor
function Tensor:frac_() end

---The elements that `index` names along `dim`; the result has the shape of `index`.
---@param dim integer
---@param index tocha.Tensor
---@return tocha.Tensor
function Tensor:gather(dim, index) end

---Greater or equal.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:ge(other) end

---Greater or equal.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:ge_(other) end

---One half times the gelu of the other. `gate` says which half along `dim` goes through it, "first" or "last".
---@param dim? integer -1 by default
---@param gate? string "last" by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer, gate?: string}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {gate?: string}): tocha.Tensor
function Tensor:geglu(dim, gate) end

---x times the normal distribution function; `approximate` = "tanh" comes near it by tanh.
---@param approximate? string "none" by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {approximate?: string}): tocha.Tensor
function Tensor:gelu(approximate) end

---x times the normal distribution function: see `gelu`.
---@return tocha.Tensor
function Tensor:gelu_erf() end

---x times the normal distribution function: see `gelu`.
---@return tocha.Tensor
function Tensor:gelu_erf_() end

---gelu by tanh: see `gelu`.
---@return tocha.Tensor
function Tensor:gelu_tanh() end

---gelu by tanh: see `gelu`.
---@return tocha.Tensor
function Tensor:gelu_tanh_() end

---How many trials of probability `p` it takes to succeed, in the shape and dtype of `input`, whose values do not matter. In place: `geometric_`.
---@param p number
---@return tocha.Tensor
function Tensor:geometric(p) end

---How many trials of probability `p` it takes to succeed, in the shape and dtype of `input`, whose values do not matter. In place: `geometric_`.
---@param p number
---@return tocha.Tensor
function Tensor:geometric_(p) end

---Householder's QR decomposition in LAPACK's form: R with the reflectors below it, and the tau that `householder_product` takes.
---@return tocha.Tensor
---@return tocha.Tensor
function Tensor:geqrf() end

---The outer product of two vectors: all products of an element of each.
---@param vec2 tocha.Tensor
---@return tocha.Tensor
function Tensor:ger(vec2) end

---Gated linear unit: the first half along `dim` times the sigmoid of the second.
---@param dim? integer -1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer}): tocha.Tensor
function Tensor:glu(dim) end

---(N, C, ...) sampled at the points of `grid` (N, ..., 2 or 3), x first, in [-1, 1]. Modes: bilinear, bicubic, nearest.
---@param grid tocha.Tensor
---@param mode? string "bilinear" by default
---@param padding_mode? string "zeros" by default
---@param align_corners? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, grid: tocha.Tensor, options: {mode?: string, padding_mode?: string, align_corners?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, grid: tocha.Tensor, mode: string, options: {padding_mode?: string, align_corners?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, grid: tocha.Tensor, mode: string, padding_mode: string, options: {align_corners?: boolean}): tocha.Tensor
function Tensor:grid_sample(grid, mode, padding_mode, align_corners) end

---Greater.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:gt(other) end

---Greater.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:gt_(other) end

---The tensor as float16.
---@return tocha.Tensor
function Tensor:half() end

---x, but 0 where |x| is at most `lambd`.
---@param lambd? number 0.5 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {lambd?: number}): tocha.Tensor
function Tensor:hardshrink(lambd) end

---x, but 0 where |x| is at most `lambd`.
---@param lambd? number 0.5 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {lambd?: number}): tocha.Tensor
function Tensor:hardshrink_(lambd) end

---(x + 3) / 6 between 0 and 1.
---@return tocha.Tensor
function Tensor:hardsigmoid() end

---(x + 3) / 6 between 0 and 1.
---@return tocha.Tensor
function Tensor:hardsigmoid_() end

---x hardsigmoid(x).
---@return tocha.Tensor
function Tensor:hardswish() end

---x hardsigmoid(x).
---@return tocha.Tensor
function Tensor:hardswish_() end

---x between `min_val` and `max_val`.
---@param min_val? number -1 by default
---@param max_val? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {min_val?: number, max_val?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, min_val: number, options: {max_val?: number}): tocha.Tensor
function Tensor:hardtanh(min_val, max_val) end

---x between `min_val` and `max_val`.
---@param min_val? number -1 by default
---@param max_val? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {min_val?: number, max_val?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, min_val: number, options: {max_val?: number}): tocha.Tensor
function Tensor:hardtanh_(min_val, max_val) end

---0 below zero, 1 above, `values` at zero.
---@param values tocha.Tensor|number
---@return tocha.Tensor
function Tensor:heaviside(values) end

---0 below zero, 1 above, `values` at zero.
---@param values tocha.Tensor|number
---@return tocha.Tensor
function Tensor:heaviside_(values) end

---How many elements fall into each of `bins` equal parts of `min` .. `max` (both 0: of the data).
---@param bins? integer 100 by default
---@param min? number 0 by default
---@param max? number 0 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {bins?: integer, min?: number, max?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, bins: integer, options: {min?: number, max?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, bins: integer, min: number, options: {max?: number}): tocha.Tensor
function Tensor:histc(bins, min, max) end

---The first n columns of H_1 H_2 ... H_k, where H_i = I - tau_i v_i v_i^T and v_i is a one on the diagonal with what stands below it in column i of `input` (..., m, n); `tau` is (..., k).
---@param tau tocha.Tensor
---@return tocha.Tensor
function Tensor:householder_product(tau) end

---A term of `huber_loss`.
---@param target tocha.Tensor|number
---@param delta? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, target: tocha.Tensor|number, options: {delta?: number}): tocha.Tensor
function Tensor:huber_term(target, delta) end

---A term of `huber_loss`.
---@param target tocha.Tensor|number
---@param delta? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, target: tocha.Tensor|number, options: {delta?: number}): tocha.Tensor
function Tensor:huber_term_(target, delta) end

---Length of the vector (input, other).
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:hypot(other) end

---Length of the vector (input, other).
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:hypot_(other) end

---Patches of (N, C, H, W) as columns (N, C * taps, L): PyTorch's F.unfold (here `unfold` is the view).
---@param kernel_size integer|integer[]
---@param dilation? integer|integer[] 1 by default
---@param padding? integer|integer[] 0 by default
---@param stride? integer|integer[] 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], options: {dilation?: integer|integer[], padding?: integer|integer[], stride?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], dilation: integer|integer[], options: {padding?: integer|integer[], stride?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], dilation: integer|integer[], padding: integer|integer[], options: {stride?: integer|integer[]}): tocha.Tensor
function Tensor:im2col(kernel_size, dilation, padding, stride) end

---The elements at the places that index tensors (or masks) name together, one for each dimension, `false` for all of a dimension: what `t[{rows, columns}]` does. The tensors broadcast against each other; their shape stands where the first of them stood, or in front where others lie between.
---@param indices any
---@return tocha.Tensor
function Tensor:index(indices) end

---`input` with `alpha` times the slices of `source` added to those that `index` names along `dim`.
---@param dim integer
---@param index tocha.Tensor
---@param source tocha.Tensor
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, index: tocha.Tensor, source: tocha.Tensor, options: {alpha?: number}): tocha.Tensor
function Tensor:index_add(dim, index, source, alpha) end

---`input` with `alpha` times the slices of `source` added to those that `index` names along `dim`.
---@param dim integer
---@param index tocha.Tensor
---@param source tocha.Tensor
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, index: tocha.Tensor, source: tocha.Tensor, options: {alpha?: number}): tocha.Tensor
function Tensor:index_add_(dim, index, source, alpha) end

---`input` with the slices that `index` names along `dim` replaced by those of `source`; the last of equal indices wins.
---@param dim integer
---@param index tocha.Tensor
---@param source tocha.Tensor
---@return tocha.Tensor
function Tensor:index_copy(dim, index, source) end

---`input` with the slices that `index` names along `dim` replaced by those of `source`; the last of equal indices wins.
---@param dim integer
---@param index tocha.Tensor
---@param source tocha.Tensor
---@return tocha.Tensor
function Tensor:index_copy_(dim, index, source) end

---`input` with the slices that `index` names along `dim` filled with `value`, a number or a 0-d tensor.
---@param dim integer
---@param index tocha.Tensor
---@param value tocha.Tensor|number
---@return tocha.Tensor
function Tensor:index_fill(dim, index, value) end

---`input` with the slices that `index` names along `dim` filled with `value`, a number or a 0-d tensor.
---@param dim integer
---@param index tocha.Tensor
---@param value tocha.Tensor|number
---@return tocha.Tensor
function Tensor:index_fill_(dim, index, value) end

---`input` with the elements that `index` would give replaced by `values` (broadcast), or, with `accumulate`, increased by them. The last of equal places wins.
---@param indices any
---@param values tocha.Tensor
---@param accumulate? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: any, values: tocha.Tensor, options: {accumulate?: boolean}): tocha.Tensor
function Tensor:index_put(indices, values, accumulate) end

---`input` with the elements that `index` would give replaced by `values` (broadcast), or, with `accumulate`, increased by them. The last of equal places wins.
---@param indices any
---@param values tocha.Tensor
---@param accumulate? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: any, values: tocha.Tensor, options: {accumulate?: boolean}): tocha.Tensor
function Tensor:index_put_(indices, values, accumulate) end

---The slices along `dim` that a vector of indices names.
---@param dim integer
---@param index tocha.Tensor
---@return tocha.Tensor
function Tensor:index_select(dim, index) end

---Dot products over the last dimension of both; a plain product where one is 0-d.
---@param other tocha.Tensor
---@return tocha.Tensor
function Tensor:inner(other) end

---The tensor as int32.
---@return tocha.Tensor
function Tensor:int() end

---(N, C, ...) resized to `size` or by `scale_factor`. Modes: nearest, nearest-exact, linear, bilinear, trilinear, bicubic, area; `antialias` for bilinear and bicubic.
---@param size? integer|integer[]
---@param scale_factor? any
---@param mode? string "nearest" by default
---@param align_corners? boolean
---@param recompute_scale_factor? boolean
---@param antialias? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {size?: integer|integer[], scale_factor?: any, mode?: string, align_corners?: boolean, recompute_scale_factor?: boolean, antialias?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, size: integer|integer[], options: {scale_factor?: any, mode?: string, align_corners?: boolean, recompute_scale_factor?: boolean, antialias?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, size: integer|integer[], scale_factor: any, options: {mode?: string, align_corners?: boolean, recompute_scale_factor?: boolean, antialias?: boolean}): tocha.Tensor
function Tensor:interpolate(size, scale_factor, mode, align_corners, recompute_scale_factor, antialias) end

---The inverses of square matrices. `solve` is more exact where only inv(A) @ B is wanted.
---@return tocha.Tensor
function Tensor:inv() end

---@return boolean
function Tensor:is_contiguous() end

---@return boolean
function Tensor:is_floating_point() end

---x:is_leaf(): was x made by the user and not by a recorded operation?
---@return any ...
function Tensor:is_leaf() end

---x:is_pinned is in C
---@return any ...
function Tensor:is_pinned() end

---@param other tocha.Tensor
---@return boolean
function Tensor:is_same_size(other) end

---Is |input - other| at most atol + rtol |other|? Equal infinities are.
---@param other tocha.Tensor|number
---@param rtol? number 1e-5 by default
---@param atol? number 1e-8 by default
---@param equal_nan? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor|number, options: {rtol?: number, atol?: number, equal_nan?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor|number, rtol: number, options: {atol?: number, equal_nan?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor|number, rtol: number, atol: number, options: {equal_nan?: boolean}): tocha.Tensor
function Tensor:isclose(other, rtol, atol, equal_nan) end

---Is neither infinite nor NaN.
---@return tocha.Tensor
function Tensor:isfinite() end

---Is neither infinite nor NaN.
---@return tocha.Tensor
function Tensor:isfinite_() end

---Is each element one of `test_elements`? (With `invert`: is it none of them?)
---@param test_elements tocha.Tensor|number
---@param assume_unique? boolean false by default
---@param invert? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, test_elements: tocha.Tensor|number, options: {assume_unique?: boolean, invert?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, test_elements: tocha.Tensor|number, assume_unique: boolean, options: {invert?: boolean}): tocha.Tensor
function Tensor:isin(test_elements, assume_unique, invert) end

---Is infinite.
---@return tocha.Tensor
function Tensor:isinf() end

---Is infinite.
---@return tocha.Tensor
function Tensor:isinf_() end

---Is not a number.
---@return tocha.Tensor
function Tensor:isnan() end

---Is not a number.
---@return tocha.Tensor
function Tensor:isnan_() end

---Is negative infinity.
---@return tocha.Tensor
function Tensor:isneginf() end

---Is negative infinity.
---@return tocha.Tensor
function Tensor:isneginf_() end

---Is positive infinity.
---@return tocha.Tensor
function Tensor:isposinf() end

---Is positive infinity.
---@return tocha.Tensor
function Tensor:isposinf_() end

---number or boolean
---@return any
function Tensor:item() end

---The Kronecker product: every element of `input` times the whole of `other`.
---@param other tocha.Tensor
---@return tocha.Tensor
function Tensor:kron(other) end

---The `k`-th smallest element along `dim` (1 is the smallest), and its index.
---@param k integer
---@param dim? integer -1 by default
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, k: integer, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, k: integer, dim: integer, options: {keepdim?: boolean}): tocha.Tensor, tocha.Tensor
function Tensor:kthvalue(k, dim, keepdim) end

---Absolute difference: a term of `l1_loss`.
---@param target tocha.Tensor|number
---@return tocha.Tensor
function Tensor:l1_term(target) end

---Absolute difference: a term of `l1_loss`.
---@param target tocha.Tensor|number
---@return tocha.Tensor
function Tensor:l1_term_(target) end

---Less or equal.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:le(other) end

---Less or equal.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:le_(other) end

---x where positive, else `negative_slope` x.
---@param negative_slope? number 0.01 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {negative_slope?: number}): tocha.Tensor
function Tensor:leaky_relu(negative_slope) end

---x where positive, else `negative_slope` x.
---@param negative_slope? number 0.01 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {negative_slope?: number}): tocha.Tensor
function Tensor:leaky_relu_(negative_slope) end

---From `input` (weight 0) to `end` (weight 1) in a straight line.
---@param end_ tocha.Tensor|number
---@param weight tocha.Tensor|number
---@return tocha.Tensor
function Tensor:lerp(end_, weight) end

---From `input` (weight 0) to `end` (weight 1) in a straight line.
---@param end_ tocha.Tensor|number
---@param weight tocha.Tensor|number
---@return tocha.Tensor
function Tensor:lerp_(end_, weight) end

---Logarithm of the absolute value of the gamma function.
---@return tocha.Tensor
function Tensor:lgamma() end

---Logarithm of the absolute value of the gamma function.
---@return tocha.Tensor
function Tensor:lgamma_() end

---input @ weight^T + bias, over the last dimension; `weight` is (out, in).
---@param weight tocha.Tensor
---@param bias? tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, weight: tocha.Tensor, options: {bias?: tocha.Tensor}): tocha.Tensor
function Tensor:linear(weight, bias) end

---Natural logarithm.
---@return tocha.Tensor
function Tensor:log() end

---Logarithm to base 10.
---@return tocha.Tensor
function Tensor:log10() end

---Logarithm to base 10.
---@return tocha.Tensor
function Tensor:log10_() end

---Logarithm of 1 + `input`, exact near 0.
---@return tocha.Tensor
function Tensor:log1p() end

---Logarithm of 1 + `input`, exact near 0.
---@return tocha.Tensor
function Tensor:log1p_() end

---Logarithm to base 2.
---@return tocha.Tensor
function Tensor:log2() end

---Logarithm to base 2.
---@return tocha.Tensor
function Tensor:log2_() end

---Natural logarithm.
---@return tocha.Tensor
function Tensor:log_() end

---Random numbers whose logarithm is normal, in the shape and dtype of `input`, whose values do not matter. In place: `log_normal_`.
---@param mean? number 1 by default
---@param std? number 2 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {mean?: number, std?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, mean: number, options: {std?: number}): tocha.Tensor
function Tensor:log_normal(mean, std) end

---Random numbers whose logarithm is normal, in the shape and dtype of `input`, whose values do not matter. In place: `log_normal_`.
---@param mean? number 1 by default
---@param std? number 2 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {mean?: number, std?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, mean: number, options: {std?: number}): tocha.Tensor
function Tensor:log_normal_(mean, std) end

---Logarithm of `softmax`, exact where that is nearly 0.
---@param dim? integer -1 by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {dtype?: tocha.dtype}): tocha.Tensor
function Tensor:log_softmax(dim, dtype) end

---Logarithm of the sum of the exponentials.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:logaddexp(other) end

---Logarithm to base 2 of the sum of the powers of 2.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:logaddexp2(other) end

---Logarithm of the sum of the exponentials.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:logaddexp_(other) end

---log(cumsum(exp(x))) along `dim`, without overflow.
---@param dim integer
---@return tocha.Tensor
function Tensor:logcumsumexp(dim) end

---The logarithm of the determinant; NaN where that is negative.
---@return tocha.Tensor
function Tensor:logdet() end

---Both are not 0.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:logical_and(other) end

---Both are not 0.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:logical_and_(other) end

---Is 0.
---@return tocha.Tensor
function Tensor:logical_not() end

---Is 0.
---@return tocha.Tensor
function Tensor:logical_not_() end

---One or both are not 0.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:logical_or(other) end

---One or both are not 0.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:logical_or_(other) end

---Just one is not 0.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:logical_xor(other) end

---Just one is not 0.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:logical_xor_(other) end

---Inverse of sigmoid; `eps`, when not negative, clamps `input` to [eps, 1 - eps].
---@param eps? number -1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {eps?: number}): tocha.Tensor
function Tensor:logit(eps) end

---Inverse of sigmoid; `eps`, when not negative, clamps `input` to [eps, 1 - eps].
---@param eps? number -1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {eps?: number}): tocha.Tensor
function Tensor:logit_(eps) end

---Logarithm of sigmoid.
---@return tocha.Tensor
function Tensor:logsigmoid() end

---Logarithm of sigmoid.
---@return tocha.Tensor
function Tensor:logsigmoid_() end

---log(sum(exp(x))) over `dim`, without overflow.
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean}): tocha.Tensor
function Tensor:logsumexp(dim, keepdim) end

---The tensor as int64.
---@return tocha.Tensor
function Tensor:long() end

---The `norm_type`-norm of windows over 1 dimension.
---@param norm_type number
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param ceil_mode? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], options: {stride?: integer|integer[], ceil_mode?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], stride: integer|integer[], options: {ceil_mode?: boolean}): tocha.Tensor
function Tensor:lp_pool1d(norm_type, kernel_size, stride, ceil_mode) end

---The `norm_type`-norm of windows over 2 dimensions.
---@param norm_type number
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param ceil_mode? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], options: {stride?: integer|integer[], ceil_mode?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], stride: integer|integer[], options: {ceil_mode?: boolean}): tocha.Tensor
function Tensor:lp_pool2d(norm_type, kernel_size, stride, ceil_mode) end

---The `norm_type`-norm of windows over 3 dimensions.
---@param norm_type number
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param ceil_mode? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], options: {stride?: integer|integer[], ceil_mode?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, norm_type: number, kernel_size: integer|integer[], stride: integer|integer[], options: {ceil_mode?: boolean}): tocha.Tensor
function Tensor:lp_pool3d(norm_type, kernel_size, stride, ceil_mode) end

---The solution X that makes |A X - other| least (and then X), the sums of squared residuals (where A is tall and of full rank, else empty), the ranks of A, and an empty tensor (where other drivers have singular values).
---@param other tocha.Tensor
---@param rcond? number
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor, options: {rcond?: number}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
function Tensor:lstsq(other, rcond) end

---Less.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:lt(other) end

---Less.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:lt_(other) end

---`value` where `mask`, else `input`.
---@param mask tocha.Tensor
---@param value tocha.Tensor|number
---@return tocha.Tensor
function Tensor:masked_fill(mask, value) end

---`value` where `mask`, else `input`.
---@param mask tocha.Tensor
---@param value tocha.Tensor|number
---@return tocha.Tensor
function Tensor:masked_fill_(mask, value) end

---`input` with the elements where the mask (broadcast) is true replaced by those of `source`, in order.
---@param mask tocha.Tensor
---@param source tocha.Tensor
---@return tocha.Tensor
function Tensor:masked_scatter(mask, source) end

---`input` with the elements where the mask (broadcast) is true replaced by those of `source`, in order.
---@param mask tocha.Tensor
---@param source tocha.Tensor
---@return tocha.Tensor
function Tensor:masked_scatter_(mask, source) end

---The elements where the mask (broadcast) is true, as a vector.
---@param mask tocha.Tensor
---@return tocha.Tensor
function Tensor:masked_select(mask) end

---The matrix product of vectors, matrices or batches of matrices, whose leading dimensions broadcast.
---@param other tocha.Tensor
---@return tocha.Tensor
function Tensor:matmul(other) end

---The exponentials of square matrices, by scaling and squaring a Taylor polynomial.
---@return tocha.Tensor
function Tensor:matrix_exp() end

---Square matrices multiplied `n` times by themselves; negative powers are those of the inverse.
---@param n integer
---@return tocha.Tensor
function Tensor:matrix_power(n) end

---How many singular values exceed max(atol, rtol * the largest); rtol is epsilon * max(m, n) unless given.
---@param atol? number
---@param rtol? number
---@param hermitian? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {atol?: number, rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, atol: number, options: {rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, atol: number, rtol: number, options: {hermitian?: boolean}): tocha.Tensor
function Tensor:matrix_rank(atol, rtol, hermitian) end

---x:max() is the largest value; x:max(dim, keepdim) values and indices along `dim`; max(x, y) compares two tensors.
---@param dim? any
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: any, keepdim?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: any, options: {keepdim?: boolean}): tocha.Tensor
function Tensor:max(dim, keepdim) end

---Largest elements of windows over 1 dimension; with `return_indices` also where they are in their plane, from 1.
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param dilation? integer|integer[] 1 by default
---@param ceil_mode? boolean false by default
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
function Tensor:max_pool1d(kernel_size, stride, padding, dilation, ceil_mode, return_indices) end

---Largest elements of windows over 2 dimensions; with `return_indices` also where they are in their plane, from 1.
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param dilation? integer|integer[] 1 by default
---@param ceil_mode? boolean false by default
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
function Tensor:max_pool2d(kernel_size, stride, padding, dilation, ceil_mode, return_indices) end

---Largest elements of windows over 3 dimensions; with `return_indices` also where they are in their plane, from 1.
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param dilation? integer|integer[] 1 by default
---@param ceil_mode? boolean false by default
---@param return_indices? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {dilation?: integer|integer[], ceil_mode?: boolean, return_indices?: boolean}): tocha.Tensor
function Tensor:max_pool3d(kernel_size, stride, padding, dilation, ceil_mode, return_indices) end

---Zeros with the elements of `input` where max pooling over 1 dimension found them.
---@param indices tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param output_size? integer|integer[]
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {output_size?: integer|integer[]}): tocha.Tensor
function Tensor:max_unpool1d(indices, kernel_size, stride, padding, output_size) end

---Zeros with the elements of `input` where max pooling over 2 dimensions found them.
---@param indices tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param output_size? integer|integer[]
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {output_size?: integer|integer[]}): tocha.Tensor
function Tensor:max_unpool2d(indices, kernel_size, stride, padding, output_size) end

---Zeros with the elements of `input` where max pooling over 3 dimensions found them.
---@param indices tocha.Tensor
---@param kernel_size integer|integer[]
---@param stride? integer|integer[]
---@param padding? integer|integer[] 0 by default
---@param output_size? integer|integer[]
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], options: {padding?: integer|integer[], output_size?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: tocha.Tensor, kernel_size: integer|integer[], stride: integer|integer[], padding: integer|integer[], options: {output_size?: integer|integer[]}): tocha.Tensor
function Tensor:max_unpool3d(indices, kernel_size, stride, padding, output_size) end

---The larger of two; NaN if one is.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:maximum(other) end

---The larger of two; NaN if one is.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:maximum_(other) end

---Mean over `dim` (nil: all) of a floating tensor, or of any in a floating `dtype`.
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], keepdim: boolean, options: {dtype?: tocha.dtype}): tocha.Tensor
function Tensor:mean(dim, keepdim, dtype) end

---x:median() of all elements; x:median(dim, keepdim) values and indices along `dim`.
---@param dim? any
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: any, keepdim?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: any, options: {keepdim?: boolean}): tocha.Tensor
function Tensor:median(dim, keepdim) end

---x:min() is the smallest value; x:min(dim, keepdim) values and indices along `dim`; min(x, y) compares two tensors.
---@param dim? any
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: any, keepdim?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: any, options: {keepdim?: boolean}): tocha.Tensor
function Tensor:min(dim, keepdim) end

---The smaller of two; NaN if one is.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:minimum(other) end

---The smaller of two; NaN if one is.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:minimum_(other) end

---x tanh(softplus(x)).
---@return tocha.Tensor
function Tensor:mish() end

---x tanh(softplus(x)).
---@return tocha.Tensor
function Tensor:mish_() end

---The product of two matrices.
---@param mat2 tocha.Tensor
---@return tocha.Tensor
function Tensor:mm(mat2) end

---Most frequent values along `dim` (the smallest of equally frequent ones) and their last indices.
---@param dim? integer -1 by default
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer, keepdim?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {keepdim?: boolean}): tocha.Tensor, tocha.Tensor
function Tensor:mode(dim, keepdim) end

---Another name of `movedim`.
---@param source integer|integer[]
---@param destination integer|integer[]
---@return tocha.Tensor
function Tensor:moveaxis(source, destination) end

---Dimensions moved from `source` to `destination`; the others keep their order. A view.
---@param source integer|integer[]
---@param destination integer|integer[]
---@return tocha.Tensor
function Tensor:movedim(source, destination) end

---Squared difference: a term of `mse_loss`.
---@param target tocha.Tensor|number
---@return tocha.Tensor
function Tensor:mse_term(target) end

---Squared difference: a term of `mse_loss`.
---@param target tocha.Tensor|number
---@return tocha.Tensor
function Tensor:mse_term_(target) end

---The elements in order along dimension 1.
---@return tocha.Tensor
function Tensor:msort() end

---Product.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:mul(other) end

---Product.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:mul_(other) end

---`num_samples` indices (from 1) in each row, drawn with the probabilities that the weights of the row are in proportion to.
---@param num_samples integer
---@param replacement? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, num_samples: integer, options: {replacement?: boolean}): tocha.Tensor
function Tensor:multinomial(num_samples, replacement) end

---The product of a matrix and a vector.
---@param vec tocha.Tensor
---@return tocha.Tensor
function Tensor:mv(vec) end

---NaN becomes `nan`, the infinities `posinf` and `neginf` (by default the largest numbers).
---@param nan? number 0 by default
---@param posinf? number
---@param neginf? number
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {nan?: number, posinf?: number, neginf?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, nan: number, options: {posinf?: number, neginf?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, nan: number, posinf: number, options: {neginf?: number}): tocha.Tensor
function Tensor:nan_to_num(nan, posinf, neginf) end

---NaN becomes `nan`, the infinities `posinf` and `neginf` (by default the largest numbers).
---@param nan? number 0 by default
---@param posinf? number
---@param neginf? number
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {nan?: number, posinf?: number, neginf?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, nan: number, options: {posinf?: number, neginf?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, nan: number, posinf: number, options: {neginf?: number}): tocha.Tensor
function Tensor:nan_to_num_(nan, posinf, neginf) end

---x:nanmedian() of all elements; x:nanmedian(dim, keepdim) values and indices along `dim`.
---@param dim? any
---@param keepdim? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: any, keepdim?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: any, options: {keepdim?: boolean}): tocha.Tensor
function Tensor:nanmedian(dim, keepdim) end

---The same among the elements that are not NaN.
---@param q tocha.Tensor|number
---@param dim? integer
---@param keepdim? boolean false by default
---@param interpolation? string "linear" by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, q: tocha.Tensor|number, options: {dim?: integer, keepdim?: boolean, interpolation?: string}): tocha.Tensor
---@overload fun(self: tocha.Tensor, q: tocha.Tensor|number, dim: integer, options: {keepdim?: boolean, interpolation?: string}): tocha.Tensor
---@overload fun(self: tocha.Tensor, q: tocha.Tensor|number, dim: integer, keepdim: boolean, options: {interpolation?: string}): tocha.Tensor
function Tensor:nanquantile(q, dim, keepdim, interpolation) end

---Sum over `dim` (nil: all) in which NaN counts as 0.
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], keepdim: boolean, options: {dtype?: tocha.dtype}): tocha.Tensor
function Tensor:nansum(dim, keepdim, dtype) end

---`length` elements of dimension `dim` from `start` on. A view.
---@param dim integer
---@param start integer
---@param length integer
---@return tocha.Tensor
function Tensor:narrow(dim, start, length) end

---Not equal.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:ne(other) end

---Not equal.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:ne_(other) end

---Negative.
---@return tocha.Tensor
function Tensor:neg() end

---Negative.
---@return tocha.Tensor
function Tensor:neg_() end

---@return integer
function Tensor:nelement() end

---The places of the elements that are not 0, a row of indices each (N x dimensions, int64); with `as_tuple`, a list of the columns.
---@param as_tuple? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {as_tuple?: boolean}): tocha.Tensor
function Tensor:nonzero(as_tuple) end

---(sum |x|^p)^(1/p) over `dim` (nil: all); p = 0 counts, inf takes the largest, "fro" is 2.
---@param p? any 2 by default
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {p?: any, dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, p: any, options: {dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, p: any, dim: integer|integer[], options: {keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
function Tensor:norm(p, dim, keepdim, dtype) end

---Random numbers from normal distributions: `normal(mean, std, size)` with numbers, or with tensors of means or deviations. In place: `x:normal_(mean = 0, std = 1)`.
---@param std? tocha.Tensor|number 1 by default
---@param size? integer|integer[]
---@param dtype? tocha.dtype
---@param device? string
---@param requires_grad? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {std?: tocha.Tensor|number, size?: integer|integer[], dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, std: tocha.Tensor|number, options: {size?: integer|integer[], dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, std: tocha.Tensor|number, size: integer|integer[], options: {dtype?: tocha.dtype, device?: string, requires_grad?: boolean}): tocha.Tensor
function Tensor:normal_(std, size, dtype, device, requires_grad) end

---@return integer
function Tensor:numel() end

---A new last dimension with 1 at the place each id (from 1) names and 0 elsewhere; `num_classes` places, as many as the largest id where it is not given.
---@param num_classes? integer -1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {num_classes?: integer}): tocha.Tensor
function Tensor:one_hot(num_classes) end

---The outer product of two vectors: all products of an element of each.
---@param vec2 tocha.Tensor
---@return tocha.Tensor
function Tensor:outer(vec2) end

---`input` padded; `pad` holds (before, after) of the last dimension, then of the one before, and so on; negative ones crop. Modes: constant, reflect, replicate, circular.
---@param pad integer|integer[]
---@param mode? string "constant" by default
---@param value? number 0 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, pad: integer|integer[], options: {mode?: string, value?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, pad: integer|integer[], mode: string, options: {value?: number}): tocha.Tensor
function Tensor:pad(pad, mode, value) end

---The dimensions in another order. A view.
---@param dims integer|integer[]
---@param ... any
---@return tocha.Tensor
function Tensor:permute(dims, ...) end

---x:pin_memory(): a copy in page-locked memory, itself where it is there: from such a tensor
---`x:to("cuda", {non_blocking = true})` copies while the program goes on.
---@return any ...
function Tensor:pin_memory() end

---The Moore-Penrose inverses; singular values up to max(atol, rtol * the largest) count as zero.
---@param atol? number
---@param rtol? number
---@param hermitian? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {atol?: number, rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, atol: number, options: {rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, atol: number, rtol: number, options: {hermitian?: boolean}): tocha.Tensor
function Tensor:pinv(atol, rtol, hermitian) end

---(..., C r^2, H, W) to (..., C, H r, W r).
---@param upscale_factor integer
---@return tocha.Tensor
function Tensor:pixel_shuffle(upscale_factor) end

---(..., C, H r, W r) to (..., C r^2, H, W): undoes pixel_shuffle.
---@param downscale_factor integer
---@return tocha.Tensor
function Tensor:pixel_unshuffle(downscale_factor) end

---Counts from Poisson distributions with the rates `input`.
---@return tocha.Tensor
function Tensor:poisson() end

---The n-th derivative of digamma.
---@param n number
---@return tocha.Tensor
function Tensor:polygamma(n) end

---The n-th derivative of digamma.
---@param n number
---@return tocha.Tensor
function Tensor:polygamma_(n) end

---Power.
---@param exponent tocha.Tensor|number
---@return tocha.Tensor
function Tensor:pow(exponent) end

---Power.
---@param exponent tocha.Tensor|number
---@return tocha.Tensor
function Tensor:pow_(exponent) end

---x where positive, else `weight` x; one weight, or one a channel (dimension 2).
---@param weight tocha.Tensor
---@return tocha.Tensor
function Tensor:prelu(weight) end

---Product over `dim` (nil: all). Integers and bools give int64.
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], keepdim: boolean, options: {dtype?: tocha.dtype}): tocha.Tensor
function Tensor:prod(dim, keepdim, dtype) end

---The elements of the flattened tensor that `index` names replaced by those of `source` (or, with `accumulate`, increased by them).
---@param index tocha.Tensor
---@param source tocha.Tensor
---@param accumulate? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, index: tocha.Tensor, source: tocha.Tensor, options: {accumulate?: boolean}): tocha.Tensor
function Tensor:put(index, source, accumulate) end

---The elements of the flattened tensor that `index` names replaced by those of `source` (or, with `accumulate`, increased by them).
---@param index tocha.Tensor
---@param source tocha.Tensor
---@param accumulate? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, index: tocha.Tensor, source: tocha.Tensor, options: {accumulate?: boolean}): tocha.Tensor
function Tensor:put_(index, source, accumulate) end

---Q with orthonormal columns and upper triangular R, whose product the matrices are. `mode`: "reduced", "complete" (Q is square) or "r" (Q is empty).
---@param mode? string "reduced" by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {mode?: string}): tocha.Tensor, tocha.Tensor
function Tensor:qr(mode) end

---The value that a share `q` (a number, or a 1-d tensor, whose dimension then comes first) of the elements along `dim` (nil: all) stays below, between two elements by `interpolation`: linear, lower, higher, midpoint or nearest.
---@param q tocha.Tensor|number
---@param dim? integer
---@param keepdim? boolean false by default
---@param interpolation? string "linear" by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, q: tocha.Tensor|number, options: {dim?: integer, keepdim?: boolean, interpolation?: string}): tocha.Tensor
---@overload fun(self: tocha.Tensor, q: tocha.Tensor|number, dim: integer, options: {keepdim?: boolean, interpolation?: string}): tocha.Tensor
---@overload fun(self: tocha.Tensor, q: tocha.Tensor|number, dim: integer, keepdim: boolean, options: {interpolation?: string}): tocha.Tensor
function Tensor:quantile(q, dim, keepdim, interpolation) end

---Radians to degrees.
---@return tocha.Tensor
function Tensor:rad2deg() end

---Radians to degrees.
---@return tocha.Tensor
function Tensor:rad2deg_() end

---Random integers from `from` to `to`, both included (`random_(n)`: 1 to n; without arguments: from 0 to the largest that the dtype holds exactly), in the shape and dtype of `input`, whose values do not matter. In place: `random_`.
---@param from? integer
---@param to? integer
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {from?: integer, to?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, from: integer, options: {to?: integer}): tocha.Tensor
function Tensor:random(from, to) end

---Random integers from `from` to `to`, both included (`random_(n)`: 1 to n; without arguments: from 0 to the largest that the dtype holds exactly), in the shape and dtype of `input`, whose values do not matter. In place: `random_`.
---@param from? integer
---@param to? integer
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {from?: integer, to?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, from: integer, options: {to?: integer}): tocha.Tensor
function Tensor:random_(from, to) end

---All elements in one dimension.
---@return tocha.Tensor
function Tensor:ravel() end

---One over `input`.
---@return tocha.Tensor
function Tensor:reciprocal() end

---One over `input`.
---@return tocha.Tensor
function Tensor:reciprocal_() end

---x:record_stream is in C
---@return any ...
function Tensor:record_stream() end

---x:register_hook(f): f(gradient) is called when the gradient of x is known; what it returns, if
---anything, takes its place. Returns a handle with `remove()`.
---@return any ...
function Tensor:register_hook(f) end

---One half times the relu of the other. `gate` says which half along `dim` goes through it, "first" or "last".
---@param dim? integer -1 by default
---@param gate? string "last" by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer, gate?: string}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {gate?: string}): tocha.Tensor
function Tensor:reglu(dim, gate) end

---The positive part.
---@return tocha.Tensor
function Tensor:relu() end

---The positive part, up to 6.
---@return tocha.Tensor
function Tensor:relu6() end

---The positive part, up to 6.
---@return tocha.Tensor
function Tensor:relu6_() end

---The positive part.
---@return tocha.Tensor
function Tensor:relu_() end

---Remainder with the sign of `other`, as Lua's `%`.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:remainder(other) end

---Remainder with the sign of `other`, as Lua's `%`.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:remainder_(other) end

---The tensor repeated along each dimension as often as `repeats` says, with new dimensions in front where it is longer. `repeat` is a word of Lua: write x["repeat"](x, ...) or x:repeat_dims(...).
---@param input tocha.Tensor
---@param repeats integer|integer[]
---@param ... any
---@return tocha.Tensor
Tensor["repeat"] = function(input, repeats, ...) end

---The tensor repeated along each dimension as often as `repeats` says, with new dimensions in front where it is longer. `repeat` is a word of Lua: write x["repeat"](x, ...) or x:repeat_dims(...).
---@param repeats integer|integer[]
---@param ... any
---@return tocha.Tensor
function Tensor:repeat_dims(repeats, ...) end

---Each element along `dim` (of the flattened tensor where not given) repeated `repeats` times: a number, or a tensor of counts.
---@param repeats tocha.Tensor|number
---@param dim? integer
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, repeats: tocha.Tensor|number, options: {dim?: integer}): tocha.Tensor
function Tensor:repeat_interleave(repeats, dim) end

---Three numbers for NaN and the infinities: see `nan_to_num`.
---@param nan number
---@param posinf number
---@param neginf number
---@return tocha.Tensor
function Tensor:replace_nonfinite(nan, posinf, neginf) end

---Three numbers for NaN and the infinities: see `nan_to_num`.
---@param nan number
---@param posinf number
---@param neginf number
---@return tocha.Tensor
function Tensor:replace_nonfinite_(nan, posinf, neginf) end

---x:requires_grad_(flag = true)
---@return any ...
function Tensor:requires_grad_(flag) end

---The same elements in another shape: a view where that is possible, else a copy. One size may be -1.
---@param shape integer|integer[]
---@param ... any
---@return tocha.Tensor
function Tensor:reshape(shape, ...) end

---The elements in the shape of another tensor.
---@param other tocha.Tensor
---@return tocha.Tensor
function Tensor:reshape_as(other) end

---x:retain_grad(): keep the gradient of a tensor that is no leaf in x.grad.
---@return any ...
function Tensor:retain_grad() end

---Elements moved by `shifts` places along `dims`, those that leave coming in at the other end; the flattened tensor where no dims are given.
---@param shifts integer|integer[]
---@param dims? integer|integer[]
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, shifts: integer|integer[], options: {dims?: integer|integer[]}): tocha.Tensor
function Tensor:roll(shifts, dims) end

---Turned `k` times by 90 degrees, from the first of two dimensions towards the second.
---@param k? integer 1 by default
---@param dims? integer|integer[] {1, 2} by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {k?: integer, dims?: integer|integer[]}): tocha.Tensor
---@overload fun(self: tocha.Tensor, k: integer, options: {dims?: integer|integer[]}): tocha.Tensor
function Tensor:rot90(k, dims) end

---Nearest integer, halves to the even one.
---@return tocha.Tensor
function Tensor:round() end

---Nearest integer, halves to the even one.
---@return tocha.Tensor
function Tensor:round_() end

---Leaky relu whose slope is drawn anew for each element, between `lower` and `upper`; without `training` it is the middle. Xu et al., "Empirical evaluation of rectified activations" (2015).
---@param lower? number 0.125 by default
---@param upper? number 0.33333333333333331 by default
---@param training? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {lower?: number, upper?: number, training?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, lower: number, options: {upper?: number, training?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, lower: number, upper: number, options: {training?: boolean}): tocha.Tensor
function Tensor:rrelu(lower, upper, training) end

---Leaky relu whose slope is drawn anew for each element, between `lower` and `upper`; without `training` it is the middle. Xu et al., "Empirical evaluation of rectified activations" (2015).
---@param lower? number 0.125 by default
---@param upper? number 0.33333333333333331 by default
---@param training? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {lower?: number, upper?: number, training?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, lower: number, options: {upper?: number, training?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, lower: number, upper: number, options: {training?: boolean}): tocha.Tensor
function Tensor:rrelu_(lower, upper, training) end

---One over the square root.
---@return tocha.Tensor
function Tensor:rsqrt() end

---One over the square root.
---@return tocha.Tensor
function Tensor:rsqrt_() end

---Difference the other way round, `other - alpha * input`.
---@param other tocha.Tensor|number
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor|number, options: {alpha?: number}): tocha.Tensor
function Tensor:rsub(other, alpha) end

---Difference the other way round, `other - alpha * input`.
---@param other tocha.Tensor|number
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor|number, options: {alpha?: number}): tocha.Tensor
function Tensor:rsub_(other, alpha) end

---`input` with the elements that `index` names along `dim` replaced by those of `src` (a tensor or a number); the last of equal places wins. `reduce`: "add" or "multiply" combine instead.
---@param dim integer
---@param index tocha.Tensor
---@param src tocha.Tensor|number
---@param reduce? string
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, index: tocha.Tensor, src: tocha.Tensor|number, options: {reduce?: string}): tocha.Tensor
function Tensor:scatter(dim, index, src, reduce) end

---`input` with the elements that `index` names along `dim` replaced by those of `src` (a tensor or a number); the last of equal places wins. `reduce`: "add" or "multiply" combine instead.
---@param dim integer
---@param index tocha.Tensor
---@param src tocha.Tensor|number
---@param reduce? string
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, index: tocha.Tensor, src: tocha.Tensor|number, options: {reduce?: string}): tocha.Tensor
function Tensor:scatter_(dim, index, src, reduce) end

---`input` with the elements of `src` added at the places that `index` names along `dim`.
---@param dim integer
---@param index tocha.Tensor
---@param src tocha.Tensor
---@return tocha.Tensor
function Tensor:scatter_add(dim, index, src) end

---`input` with the elements of `src` added at the places that `index` names along `dim`.
---@param dim integer
---@param index tocha.Tensor
---@param src tocha.Tensor
---@return tocha.Tensor
function Tensor:scatter_add_(dim, index, src) end

---`input` with the elements of `src` combined into the places that `index` names along `dim`, by "sum", "prod", "mean", "amax" or "amin"; the values there before count unless `include_self` is false.
---@param dim integer
---@param index tocha.Tensor
---@param src tocha.Tensor
---@param reduce string
---@param include_self? boolean true by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, index: tocha.Tensor, src: tocha.Tensor, reduce: string, options: {include_self?: boolean}): tocha.Tensor
function Tensor:scatter_reduce(dim, index, src, reduce, include_self) end

---`input` with the elements of `src` combined into the places that `index` names along `dim`, by "sum", "prod", "mean", "amax" or "amin"; the values there before count unless `include_self` is false.
---@param dim integer
---@param index tocha.Tensor
---@param src tocha.Tensor
---@param reduce string
---@param include_self? boolean true by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, index: tocha.Tensor, src: tocha.Tensor, reduce: string, options: {include_self?: boolean}): tocha.Tensor
function Tensor:scatter_reduce_(dim, index, src, reduce, include_self) end

---Where each of `values` is to be put into `sorted_sequence` (along its last dimension), counted from 1: before elements that equal it, or after them (`right`, or side = "right"). One sequence serves all values; several go with the rows of `values`. `sorter`: the indices that sort an unsorted sequence.
---@param values tocha.Tensor|number
---@param out_int32? boolean false by default
---@param right? boolean false by default
---@param side? string
---@param sorter? tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, values: tocha.Tensor|number, options: {out_int32?: boolean, right?: boolean, side?: string, sorter?: tocha.Tensor}): tocha.Tensor
---@overload fun(self: tocha.Tensor, values: tocha.Tensor|number, out_int32: boolean, options: {right?: boolean, side?: string, sorter?: tocha.Tensor}): tocha.Tensor
---@overload fun(self: tocha.Tensor, values: tocha.Tensor|number, out_int32: boolean, right: boolean, options: {side?: string, sorter?: tocha.Tensor}): tocha.Tensor
function Tensor:searchsorted(values, out_int32, right, side, sorter) end

---The slice at `index` of dimension `dim`, which disappears. A view.
---@param dim integer
---@param index integer
---@return tocha.Tensor
function Tensor:select(dim, index) end

---Scaled elu, for self-normalising networks.
---@return tocha.Tensor
function Tensor:selu() end

---Scaled elu, for self-normalising networks.
---@return tocha.Tensor
function Tensor:selu_() end

---x:set_(x, y)
---@return any ...
function Tensor:set_(y) end

---The tensor as int16.
---@return tocha.Tensor
function Tensor:short() end

---1 / (1 + exp(-x)).
---@return tocha.Tensor
function Tensor:sigmoid() end

---1 / (1 + exp(-x)).
---@return tocha.Tensor
function Tensor:sigmoid_() end

----1, 0 or 1 by the sign.
---@return tocha.Tensor
function Tensor:sign() end

----1, 0 or 1 by the sign.
---@return tocha.Tensor
function Tensor:sign_() end

---Has its sign bit set: negative, or -0.
---@return tocha.Tensor
function Tensor:signbit() end

---Has its sign bit set: negative, or -0.
---@return tocha.Tensor
function Tensor:signbit_() end

---x sigmoid(x), also called swish.
---@return tocha.Tensor
function Tensor:silu() end

---x sigmoid(x), also called swish.
---@return tocha.Tensor
function Tensor:silu_() end

---Sine.
---@return tocha.Tensor
function Tensor:sin() end

---Sine.
---@return tocha.Tensor
function Tensor:sin_() end

---sin(pi x) / (pi x).
---@return tocha.Tensor
function Tensor:sinc() end

---sin(pi x) / (pi x).
---@return tocha.Tensor
function Tensor:sinc_() end

---Hyperbolic sine.
---@return tocha.Tensor
function Tensor:sinh() end

---Hyperbolic sine.
---@return tocha.Tensor
function Tensor:sinh_() end

---all sizes, or one
---@param dim? integer
---@return any
function Tensor:size(dim) end

---Elements `first` to `last`, both included, of dimension `dim`, every `step`-th. A view.
---@param dim integer
---@param first? integer 1 by default
---@param last? integer -1 by default
---@param step? integer 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {first?: integer, last?: integer, step?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, first: integer, options: {last?: integer, step?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, first: integer, last: integer, options: {step?: integer}): tocha.Tensor
function Tensor:slice(dim, first, last, step) end

---The sign of the determinant, and the logarithm of its absolute value.
---@return tocha.Tensor
---@return tocha.Tensor
function Tensor:slogdet() end

---A term of `smooth_l1_loss`.
---@param target tocha.Tensor|number
---@param beta? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, target: tocha.Tensor|number, options: {beta?: number}): tocha.Tensor
function Tensor:smooth_l1_term(target, beta) end

---A term of `smooth_l1_loss`.
---@param target tocha.Tensor|number
---@param beta? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, target: tocha.Tensor|number, options: {beta?: number}): tocha.Tensor
function Tensor:smooth_l1_term_(target, beta) end

---log(1 + exp(x)) everywhere: a term of `soft_margin_loss`.
---@return tocha.Tensor
function Tensor:softmargin_term() end

---log(1 + exp(x)) everywhere: a term of `soft_margin_loss`.
---@return tocha.Tensor
function Tensor:softmargin_term_() end

---Exponentials along `dim` that sum to one.
---@param dim? integer -1 by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {dtype?: tocha.dtype}): tocha.Tensor
function Tensor:softmax(dim, dtype) end

---`softmax` of the negative.
---@param dim? integer -1 by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {dtype?: tocha.dtype}): tocha.Tensor
function Tensor:softmin(dim, dtype) end

---log(1 + exp(beta x)) / beta; x where beta x is above `threshold`.
---@param beta? number 1 by default
---@param threshold? number 20 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {beta?: number, threshold?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, beta: number, options: {threshold?: number}): tocha.Tensor
function Tensor:softplus(beta, threshold) end

---log(1 + exp(beta x)) / beta; x where beta x is above `threshold`.
---@param beta? number 1 by default
---@param threshold? number 20 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {beta?: number, threshold?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, beta: number, options: {threshold?: number}): tocha.Tensor
function Tensor:softplus_(beta, threshold) end

---x moved towards 0 by `lambd`, 0 within it.
---@param lambd? number 0.5 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {lambd?: number}): tocha.Tensor
function Tensor:softshrink(lambd) end

---x moved towards 0 by `lambd`, 0 within it.
---@param lambd? number 0.5 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {lambd?: number}): tocha.Tensor
function Tensor:softshrink_(lambd) end

---x / (1 + |x|).
---@return tocha.Tensor
function Tensor:softsign() end

---x / (1 + |x|).
---@return tocha.Tensor
function Tensor:softsign_() end

---The solution X of A X = other, or of X A = other where `left` is false; `other` may be a vector.
---@param other tocha.Tensor
---@param left? boolean true by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor, options: {left?: boolean}): tocha.Tensor
function Tensor:solve(other, left) end

---The solution X of A X = other (or X A = other where `left` is false), A triangular. The other triangle is not read, with `unitriangular` nor is the diagonal.
---@param other tocha.Tensor
---@param upper boolean
---@param left? boolean true by default
---@param unitriangular? boolean false by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor, upper: boolean, options: {left?: boolean, unitriangular?: boolean}): tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor, upper: boolean, left: boolean, options: {unitriangular?: boolean}): tocha.Tensor
function Tensor:solve_triangular(other, upper, left, unitriangular) end

---The elements in order along `dim`, and the index each came from. Always stable.
---@param dim? integer -1 by default
---@param descending? boolean false by default
---@param stable? boolean true by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer, descending?: boolean, stable?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {descending?: boolean, stable?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, descending: boolean, options: {stable?: boolean}): tocha.Tensor, tocha.Tensor
function Tensor:sort(dim, descending, stable) end

---A list of views: parts of `split_size` elements along `dim` (the last may be smaller), or of the sizes in a list.
---@param split_size integer|integer[]
---@param dim? integer 1 by default
---@return tocha.Tensor[]
---@overload fun(self: tocha.Tensor, split_size: integer|integer[], options: {dim?: integer}): tocha.Tensor[]
function Tensor:split(split_size, dim) end

---Square root.
---@return tocha.Tensor
function Tensor:sqrt() end

---Square root.
---@return tocha.Tensor
function Tensor:sqrt_() end

---Square.
---@return tocha.Tensor
function Tensor:square() end

---Square.
---@return tocha.Tensor
function Tensor:square_() end

---Without the dimensions of size 1: all of them, or those of `dim`. A view.
---@param dim? integer|integer[]
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[]}): tocha.Tensor
function Tensor:squeeze(dim) end

---Standard deviation over `dim` (nil: all): the root of `var`. At 0 its gradient is 0.
---@param dim? integer|integer[]
---@param unbiased? boolean
---@param keepdim? boolean false by default
---@param correction? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], unbiased: boolean, options: {keepdim?: boolean, correction?: number}): tocha.Tensor
function Tensor:std(dim, unbiased, keepdim, correction) end

---Both `std` and `mean` over `dim` (nil: all).
---@param dim? integer|integer[]
---@param unbiased? boolean
---@param keepdim? boolean false by default
---@param correction? number 1 by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], unbiased: boolean, options: {keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
function Tensor:std_mean(dim, unbiased, keepdim, correction) end

---@return integer
function Tensor:storage_offset() end

---all strides, or one
---@param dim? integer
---@return any
function Tensor:stride(dim) end

---Difference, `input - alpha * other`.
---@param other tocha.Tensor|number
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor|number, options: {alpha?: number}): tocha.Tensor
function Tensor:sub(other, alpha) end

---Difference, `input - alpha * other`.
---@param other tocha.Tensor|number
---@param alpha? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor|number, options: {alpha?: number}): tocha.Tensor
function Tensor:sub_(other, alpha) end

---Sum over `dim` (nil: all). Integers and bools give int64.
---@param dim? integer|integer[]
---@param keepdim? boolean false by default
---@param dtype? tocha.dtype
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {keepdim?: boolean, dtype?: tocha.dtype}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], keepdim: boolean, options: {dtype?: tocha.dtype}): tocha.Tensor
function Tensor:sum(dim, keepdim, dtype) end

---`input` summed over the dimensions along which `like` was broadcast to its shape.
---@param like tocha.Tensor
---@return tocha.Tensor
function Tensor:sum_to(like) end

---U, the singular values in descending order, and V^T (not V): U diag(S) V^T are the matrices.
---@param full_matrices? boolean true by default
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {full_matrices?: boolean}): tocha.Tensor, tocha.Tensor, tocha.Tensor
function Tensor:svd(full_matrices) end

---The singular values in descending order.
---@return tocha.Tensor
function Tensor:svdvals() end

---Two dimensions exchanged. A view. Another name of `transpose`.
---@param axis0 integer
---@param axis1 integer
---@return tocha.Tensor
function Tensor:swapaxes(axis0, axis1) end

---Two dimensions exchanged. A view. Another name of `transpose`.
---@param axis0 integer
---@param axis1 integer
---@return tocha.Tensor
function Tensor:swapdims(axis0, axis1) end

---One half times the silu of the other. `gate` says which half along `dim` goes through it, "first" or "last".
---@param dim? integer -1 by default
---@param gate? string "first" by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer, gate?: string}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer, options: {gate?: string}): tocha.Tensor
function Tensor:swiglu(dim, gate) end

---A matrix transposed; a vector stays as it is. A view.
---@return tocha.Tensor
function Tensor:t() end

---The elements of the flattened tensor that `index` names, in the shape of `index`.
---@param index tocha.Tensor
---@return tocha.Tensor
function Tensor:take(index) end

---`gather` with input and indices broadcast in the other dimensions; of the flattened tensor where no `dim` is given. Fits the results of argsort and argmax.
---@param indices tocha.Tensor
---@param dim? integer
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, indices: tocha.Tensor, options: {dim?: integer}): tocha.Tensor
function Tensor:take_along_dim(indices, dim) end

---Tangent.
---@return tocha.Tensor
function Tensor:tan() end

---Tangent.
---@return tocha.Tensor
function Tensor:tan_() end

---Hyperbolic tangent.
---@return tocha.Tensor
function Tensor:tanh() end

---Hyperbolic tangent.
---@return tocha.Tensor
function Tensor:tanh_() end

---x - tanh(x).
---@return tocha.Tensor
function Tensor:tanhshrink() end

---x - tanh(x).
---@return tocha.Tensor
function Tensor:tanhshrink_() end

---A list of views along `dim`: so many of nearly equal size, or, for a list, parts that end with these indices and the rest.
---@param indices_or_sections integer|integer[]
---@param dim? integer 1 by default
---@return tocha.Tensor[]
---@overload fun(self: tocha.Tensor, indices_or_sections: integer|integer[], options: {dim?: integer}): tocha.Tensor[]
function Tensor:tensor_split(indices_or_sections, dim) end

---Sums of products over pairs of dimensions: `dims` is a count (the last of one, the first of the other) or two lists.
---@param other tocha.Tensor
---@param dims? any 2 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, other: tocha.Tensor, options: {dims?: any}): tocha.Tensor
function Tensor:tensordot(other, dims) end

---x where above `threshold`, else `value`.
---@param threshold number
---@param value number
---@return tocha.Tensor
function Tensor:threshold(threshold, value) end

---x where above `threshold`, else `value`.
---@param threshold number
---@param value number
---@return tocha.Tensor
function Tensor:threshold_(threshold, value) end

---The tensor repeated along its last dimensions as `dims` says; counts that are missing in front are 1.
---@param dims integer|integer[]
---@param ... any
---@return tocha.Tensor
function Tensor:tile(dims, ...) end

---The tensor in another dtype, or on another device (`"cpu"`, `"cuda"`, `"cuda:1"`); itself where nothing changes. `{non_blocking = true}`: a pinned tensor is copied to the device while the program, and the device, go on. `{memory_format = "channels_last"}`: laid out so, see `contiguous`.
---@param dtype? string
---@param device? string
---@param non_blocking? boolean false by default
---@param memory_format? string
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dtype?: string, device?: string, non_blocking?: boolean, memory_format?: string}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dtype: string, options: {device?: string, non_blocking?: boolean, memory_format?: string}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dtype: string, device: string, options: {non_blocking?: boolean, memory_format?: string}): tocha.Tensor
function Tensor:to(dtype, device, non_blocking, memory_format) end

---the bytes as they are in memory
---@return string
function Tensor:to_bytes() end

---the same as totable
---@return any
function Tensor:tolist() end

---The `k` largest (or smallest) elements along `dim`, and the index of each; in order where `sorted`.
---@param k integer
---@param dim? integer -1 by default
---@param largest? boolean true by default
---@param sorted? boolean true by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, k: integer, options: {dim?: integer, largest?: boolean, sorted?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, k: integer, dim: integer, options: {largest?: boolean, sorted?: boolean}): tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, k: integer, dim: integer, largest: boolean, options: {sorted?: boolean}): tocha.Tensor, tocha.Tensor
function Tensor:topk(k, dim, largest, sorted) end

---nested tables; a number for a 0-d tensor
---@return any
function Tensor:totable() end

---The sum of a matrix's diagonal.
---@return tocha.Tensor
function Tensor:trace() end

---Two dimensions exchanged. A view.
---@param dim0 integer
---@param dim1 integer
---@return tocha.Tensor
function Tensor:transpose(dim0, dim1) end

---The lower triangle of each matrix: 0 above diagonal number `diagonal` (0 the main one, above it positive).
---@param diagonal? integer 0 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {diagonal?: integer}): tocha.Tensor
function Tensor:tril(diagonal) end

---The lower triangle of each matrix: 0 above diagonal number `diagonal` (0 the main one, above it positive).
---@param diagonal? integer 0 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {diagonal?: integer}): tocha.Tensor
function Tensor:tril_(diagonal) end

---The upper triangle of each matrix: 0 below diagonal number `diagonal` (0 the main one, above it positive).
---@param diagonal? integer 0 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {diagonal?: integer}): tocha.Tensor
function Tensor:triu(diagonal) end

---The upper triangle of each matrix: 0 below diagonal number `diagonal` (0 the main one, above it positive).
---@param diagonal? integer 0 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {diagonal?: integer}): tocha.Tensor
function Tensor:triu_(diagonal) end

---Quotient, not rounded: see `div`.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:true_divide(other) end

---Quotient, not rounded: see `div`.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:true_divide_(other) end

---Integer part.
---@return tocha.Tensor
function Tensor:trunc() end

---Integer part.
---@return tocha.Tensor
function Tensor:trunc_() end

---Quotient rounded towards zero.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:trunc_divide(other) end

---Quotient rounded towards zero.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:trunc_divide_(other) end

---The tensor in the dtype of another.
---@param other tocha.Tensor
---@return tocha.Tensor
function Tensor:type_as(other) end

---A list of the slices along `dim`, without that dimension. Views.
---@param dim? integer 1 by default
---@return tocha.Tensor[]
---@overload fun(self: tocha.Tensor, options: {dim?: integer}): tocha.Tensor[]
function Tensor:unbind(dim) end

---Dimension `dim` parted into the given sizes, one of which may be -1.
---@param dim integer
---@param sizes integer|integer[]
---@param ... any
---@return tocha.Tensor
function Tensor:unflatten(dim, sizes, ...) end

---Windows of `size` elements along `dim`, `step` apart, as the last dimension of the result. A view.
---@param dim integer
---@param size integer
---@param step integer
---@return tocha.Tensor
function Tensor:unfold(dim, size, step) end

---Uniform random numbers in [from, to), in the shape and dtype of `input`, whose values do not matter. In place: `uniform_`.
---@param from? number 0 by default
---@param to? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {from?: number, to?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, from: number, options: {to?: number}): tocha.Tensor
function Tensor:uniform(from, to) end

---Uniform random numbers in [from, to), in the shape and dtype of `input`, whose values do not matter. In place: `uniform_`.
---@param from? number 0 by default
---@param to? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {from?: number, to?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, from: number, options: {to?: number}): tocha.Tensor
function Tensor:uniform_(from, to) end

---The distinct elements in order, or the distinct slices along `dim`. With `return_inverse`, also where each element is found among them; with `return_counts`, also how often each occurs.
---@param sorted? boolean true by default
---@param return_inverse? boolean false by default
---@param return_counts? boolean false by default
---@param dim? integer
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {sorted?: boolean, return_inverse?: boolean, return_counts?: boolean, dim?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, sorted: boolean, options: {return_inverse?: boolean, return_counts?: boolean, dim?: integer}): tocha.Tensor
---@overload fun(self: tocha.Tensor, sorted: boolean, return_inverse: boolean, options: {return_counts?: boolean, dim?: integer}): tocha.Tensor
function Tensor:unique(sorted, return_inverse, return_counts, dim) end

---The elements (or slices along `dim`) without those that equal the one before them; inverse and counts as for `unique`.
---@param return_inverse? boolean false by default
---@param return_counts? boolean false by default
---@param dim? integer
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {return_inverse?: boolean, return_counts?: boolean, dim?: integer}): tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, return_inverse: boolean, options: {return_counts?: boolean, dim?: integer}): tocha.Tensor, tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, return_inverse: boolean, return_counts: boolean, options: {dim?: integer}): tocha.Tensor, tocha.Tensor, tocha.Tensor
function Tensor:unique_consecutive(return_inverse, return_counts, dim) end

---A dimension of size 1 put in at `dim` of the result. A view.
---@param dim integer
---@return tocha.Tensor
function Tensor:unsqueeze(dim) end

---Variance over `dim` (nil: all): squared deviations over n - `correction`.
---@param dim? integer|integer[]
---@param unbiased? boolean
---@param keepdim? boolean false by default
---@param correction? number 1 by default
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], unbiased: boolean, options: {keepdim?: boolean, correction?: number}): tocha.Tensor
function Tensor:var(dim, unbiased, keepdim, correction) end

---Both `var` and `mean` over `dim` (nil: all).
---@param dim? integer|integer[]
---@param unbiased? boolean
---@param keepdim? boolean false by default
---@param correction? number 1 by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(self: tocha.Tensor, options: {dim?: integer|integer[], unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], options: {unbiased?: boolean, keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
---@overload fun(self: tocha.Tensor, dim: integer|integer[], unbiased: boolean, options: {keepdim?: boolean, correction?: number}): tocha.Tensor, tocha.Tensor
function Tensor:var_mean(dim, unbiased, keepdim, correction) end

---The same elements in another shape; one size may be -1. A view: an error where only a copy would do.
---@param size integer|integer[]
---@param ... any
---@return tocha.Tensor
function Tensor:view(size, ...) end

---The elements in the shape of another tensor.
---@param other tocha.Tensor
---@return tocha.Tensor
function Tensor:view_as(other) end

---x:where(x, condition, other)
---@return any ...
function Tensor:where(condition, other) end

---`input * log(other)`, 0 where `input` is.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:xlogy(other) end

---`input * log(other)`, 0 where `input` is.
---@param other tocha.Tensor|number
---@return tocha.Tensor
function Tensor:xlogy_(other) end

---x:zero_(x)
---@return any ...
function Tensor:zero_() end

return Tensor
