---@meta tocha.linalg
-- Written by `make annotations`; do not edit.

---tocha.linalg: linear algebra under the names of torch.linalg. The functions are operations, which
---are also there as tocha.NAME and methods; tocha/ops/linalg.lua has them.
---@class tocha.linalg
local linalg = {}

---The triangular factor of symmetric positive-definite matrices: L L^T, or U^T U with `upper`. Only that triangle of the input is read.
---@param input tocha.Tensor
---@param upper? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {upper?: boolean}): tocha.Tensor
function linalg.cholesky(input, upper) end

---The cross products of vectors of three elements along `dim`; other dimensions broadcast.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param dim? integer -1 by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, options: {dim?: integer}): tocha.Tensor
function linalg.cross(input, other, dim) end

---The determinants of square matrices.
---@param input tocha.Tensor
---@return tocha.Tensor
function linalg.det(input) end

---The eigenvalues of symmetric matrices in ascending order, and their vectors as columns. Only the lower ("L") or upper ("U") triangle is read.
---@param input tocha.Tensor
---@param UPLO? string "L" by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {UPLO?: string}): tocha.Tensor, tocha.Tensor
function linalg.eigh(input, UPLO) end

---The eigenvalues of symmetric matrices, of which one triangle is read, in ascending order.
---@param input tocha.Tensor
---@param UPLO? string "L" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {UPLO?: string}): tocha.Tensor
function linalg.eigvalsh(input, UPLO) end

---The first n columns of H_1 H_2 ... H_k, where H_i = I - tau_i v_i v_i^T and v_i is a one on the diagonal with what stands below it in column i of `input` (..., m, n); `tau` is (..., k).
---@param input tocha.Tensor
---@param tau tocha.Tensor
---@return tocha.Tensor
function linalg.householder_product(input, tau) end

---The inverses of square matrices. `solve` is more exact where only inv(A) @ B is wanted.
---@param input tocha.Tensor
---@return tocha.Tensor
function linalg.inv(input) end

---The solution X that makes |A X - other| least (and then X), the sums of squared residuals (where A is tall and of full rank, else empty), the ranks of A, and an empty tensor (where other drivers have singular values).
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param rcond? number
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, options: {rcond?: number}): tocha.Tensor, tocha.Tensor, tocha.Tensor, tocha.Tensor
function linalg.lstsq(input, other, rcond) end

---The matrix product of vectors, matrices or batches of matrices, whose leading dimensions broadcast.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@return tocha.Tensor
function linalg.matmul(input, other) end

---The exponentials of square matrices, by scaling and squaring a Taylor polynomial.
---@param input tocha.Tensor
---@return tocha.Tensor
function linalg.matrix_exp(input) end

---Square matrices multiplied `n` times by themselves; negative powers are those of the inverse.
---@param input tocha.Tensor
---@param n integer
---@return tocha.Tensor
function linalg.matrix_power(input, n) end

---How many singular values exceed max(atol, rtol * the largest); rtol is epsilon * max(m, n) unless given.
---@param input tocha.Tensor
---@param atol? number
---@param rtol? number
---@param hermitian? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {atol?: number, rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, atol: number, options: {rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, atol: number, rtol: number, options: {hermitian?: boolean}): tocha.Tensor
function linalg.matrix_rank(input, atol, rtol, hermitian) end

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
function linalg.norm(input, p, dim, keepdim, dtype) end

---The Moore-Penrose inverses; singular values up to max(atol, rtol * the largest) count as zero.
---@param input tocha.Tensor
---@param atol? number
---@param rtol? number
---@param hermitian? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {atol?: number, rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, atol: number, options: {rtol?: number, hermitian?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, atol: number, rtol: number, options: {hermitian?: boolean}): tocha.Tensor
function linalg.pinv(input, atol, rtol, hermitian) end

---Q with orthonormal columns and upper triangular R, whose product the matrices are. `mode`: "reduced", "complete" (Q is square) or "r" (Q is empty).
---@param input tocha.Tensor
---@param mode? string "reduced" by default
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {mode?: string}): tocha.Tensor, tocha.Tensor
function linalg.qr(input, mode) end

---The sign of the determinant, and the logarithm of its absolute value.
---@param input tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
function linalg.slogdet(input) end

---The solution X of A X = other, or of X A = other where `left` is false; `other` may be a vector.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param left? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, options: {left?: boolean}): tocha.Tensor
function linalg.solve(input, other, left) end

---The solution X of A X = other (or X A = other where `left` is false), A triangular. The other triangle is not read, with `unitriangular` nor is the diagonal.
---@param input tocha.Tensor
---@param other tocha.Tensor
---@param upper boolean
---@param left? boolean true by default
---@param unitriangular? boolean false by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, upper: boolean, options: {left?: boolean, unitriangular?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, other: tocha.Tensor, upper: boolean, left: boolean, options: {unitriangular?: boolean}): tocha.Tensor
function linalg.solve_triangular(input, other, upper, left, unitriangular) end

---U, the singular values in descending order, and V^T (not V): U diag(S) V^T are the matrices.
---@param input tocha.Tensor
---@param full_matrices? boolean true by default
---@return tocha.Tensor
---@return tocha.Tensor
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, options: {full_matrices?: boolean}): tocha.Tensor, tocha.Tensor, tocha.Tensor
function linalg.svd(input, full_matrices) end

---The singular values in descending order.
---@param input tocha.Tensor
---@return tocha.Tensor
function linalg.svdvals(input) end

return linalg
