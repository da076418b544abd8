-- Rotary positions: pairs of columns turn by an angle that grows with the row.

local registry = require "tocha.op"
local op, rule, ops = registry.op, registry.rule, registry.ops
local core = require "tocha.core"

local function check(x, cos, sin)
  if x.ndim < 2 then
    core.fail("rotary", 1, "expected (..., rows, width), got a %s tensor", rule.text(x.shape))
  end
  if cos.ndim ~= 2 or cos:size(1) ~= x:size(-2) or 2 * cos:size(2) > x:size(-1) then
    core.fail("rotary", 2, "a %s tensor needs (%d, at most %d) cosines, got %s", rule.text(x.shape),
      x:size(-2), x:size(-1) // 2, rule.text(cos.shape))
  end
  if rule.text(sin.shape) ~= rule.text(cos.shape) then
    core.fail("rotary", 3, "expected the shape %s, got %s", rule.text(cos.shape),
      rule.text(sin.shape))
  end
end

-- The two columns of each pair, and what puts such columns together again.
local function pairs_of(x, n, interleaved)
  if not interleaved then
    return x:narrow(-1, 1, n), x:narrow(-1, n + 1, n), function(...) return ops.cat({ ... }, -1) end
  end
  local shape <const> = x.shape
  shape[#shape], shape[#shape + 1] = n, 2
  local sides <const> = x:narrow(-1, 1, 2 * n):reshape(shape)
  return sides:select(-1, 1), sides:select(-1, 2), function(a, b)
    return ops.stack({ a, b }, -1):flatten(-2, -1)
  end
end

op "rotary" {
  doc = "Turns the k-th pair of columns of `input` (..., rows, width) by the angles whose `cos` "
    .. "and `sin` are (rows, pairs). Pairs are (k, k + pairs), or (2k - 1, 2k) when `interleaved`; "
    .. "further columns stay. `inverse` turns back.",
  args = "input: float, cos: float, sin: float, interleaved: bool = false, inverse: bool = false",
  method = false, constant = "cos sin",
  run = function(x, cos, sin, interleaved, inverse)
    check(x, cos, sin)
    local y <const> = core.empty(x)
    core.kernel.rotary(y, x, cos, sin, interleaved, inverse)
    return y
  end,
  ref = function(x, cos, sin, interleaved, inverse)
    local n <const> = cos:size(2)
    local a, b, together = pairs_of(x, n, interleaved)
    if inverse then sin = -sin end
    local y = together(a * cos - b * sin, a * sin + b * cos)
    return ops.cat({ y, x:narrow(-1, 2 * n + 1, x:size(-1) - 2 * n) }, -1)
  end,
  saves = "cos sin",
  grad = { input = function(g, _, _, cos, sin, interleaved, inverse)
    return ops.rotary(g, cos, sin, interleaved, not inverse)
  end },
  sample = { { { 2, 3, 4 }, { 3, 2 }, { 3, 2 } }, { { 3, 7 }, { 3, 2 }, { 3, 2 }, true },
    { { 2, 2, 2, 4 }, { 2, 1 }, { 2, 1 }, false, true } },
}
