-- tocha.linalg: linear algebra under the names of torch.linalg. The functions are operations, which
-- are also there as tocha.NAME and methods; tocha/ops/linalg.lua has them.

local ops <const> = require "tocha.op".ops

local NAMES <const> = {
  "cholesky", "qr", "svd", "svdvals", "eigh", "eigvalsh", "solve", "solve_triangular", "lstsq",
    "inv",
  "det", "slogdet", "matrix_rank", "pinv", "matrix_power", "cross", "matmul", "norm",
  "matrix_exp", "householder_product",
}

local linalg <const> = {}
for _, name in ipairs(NAMES) do linalg[name] = ops[name] end
return linalg
