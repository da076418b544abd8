-- Matrices: MatMul, Gemm, Einsum, Det.

local ops = require "tocha.op".ops
local op = require "tocha.onnx.registry".op
local types = require "tocha.onnx.types"
local integer = require "tocha.onnx.integer"

local product <const> = integer.floating(ops.matmul)

op "MatMul" {
  since = 1, inputs = "A, B", doc = "Matrix product, as numpy.matmul",
  run = function(_, x, y) return product(x, y) end,
}

local function gemm(a)
  return function(x, y, c)
    local xy = ops.matmul(a.transA ~= 0 and x.T or x, a.transB ~= 0 and y.T or y)
    if a.alpha ~= 1 then xy = xy * a.alpha end
    return c and a.beta ~= 0 and xy + (a.beta ~= 1 and c * a.beta or c) or xy
  end
end

op "Gemm" {
  since = 1, inputs = "A, B, C?", doc = "alpha A B + beta C, either matrix transposed at will",
  attributes = { alpha = 1.0, beta = 1.0, transA = 0, transB = 0, broadcast = 0 },
  run = function(a, x, y, c)
    return integer.floating(gemm(a))(x, y, c)
  end,
}

op "Einsum" {
  since = 12, inputs = "Inputs...", attributes = { equation = op.need.string },
  doc = "Einstein's summation",
  run = function(a, ...)
    return integer.floating(function(...) return ops.einsum(a.equation, { ... }) end)(...)
  end,
}

op "Det" {
  since = 11, inputs = "X", doc = "Determinants of square matrices",
  run = function(_, x)
    if x.dtype:find "float16" then return ops.det(x:float()):to(x.dtype) end
    return types.mark(ops.det(x), types.of(x))
  end,
}
