-- Matrices: MatMul, Gemm, Einsum, Det.

local ops = require "tocha.op".ops
local op = require "tocha.onnx.registry".op
local types = require "tocha.onnx.types"

-- Products of integers, by way of float64: exact while sums stay below 2^53.
local function floating(f, x, y)
  if x:is_floating_point() then return f(x, y) end
  return f(x:to "float64", y:to "float64"):to(x.dtype)
end

op "MatMul" {
  since = 1, inputs = "A, B", doc = "Matrix product, as numpy.matmul",
  run = function(_, x, y) return floating(ops.matmul, x, y) end,
}

op "Gemm" {
  since = 1, inputs = "A, B, C?", doc = "alpha A B + beta C, either matrix transposed at will",
  attributes = { alpha = 1.0, beta = 1.0, transA = 0, transB = 0, broadcast = 0 },
  run = function(a, x, y, c)
    local dtype <const> = x.dtype
    if not x:is_floating_point() then x, y, c = x:double(), y:double(), c and c:double() end
    local product = ops.matmul(a.transA ~= 0 and x.T or x, a.transB ~= 0 and y.T or y)
    if a.alpha ~= 1 then product = product * a.alpha end
    if c and a.beta ~= 0 then product = product + (a.beta ~= 1 and c * a.beta or c) end
    return product:to(dtype)
  end,
}

op "Einsum" {
  since = 12, inputs = "Inputs...", attributes = { equation = op.need.string },
  doc = "Einstein's summation",
  run = function(a, ...)
    local operands <const>, dtype <const> = { ... }, (...).dtype
    local is_float <const> = (...):is_floating_point()
    for k, x in ipairs(operands) do operands[k] = is_float and x or x:double() end
    return ops.einsum(a.equation, operands):to(dtype)
  end,
}

op "Det" {
  since = 11, inputs = "X", doc = "Determinants of square matrices",
  run = function(_, x)
    if x.dtype:find "float16" then return ops.det(x:float()):to(x.dtype) end
    return types.mark(ops.det(x), types.of(x))
  end,
}
