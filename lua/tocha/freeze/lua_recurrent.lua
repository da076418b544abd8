-- The recurrent layers of an emitted Lua file: lua_kernels.lua says what the words mean. Products
-- with the inputs are made before.

local text <const> = {}

text.sigmoid = [[
local function sigmoid(x) return 1 / (1 + exp(-x)) end
]]

text.tanh = [[
local function tanh(x)
  if x > 20 then return 1 elseif x < -20 then return -1 end
  local e = exp(2 * x)
  return (e - 1) / (e + 1)
end
]]

text.gates_of = [[
-- row j of w (rows, n) times h
local function gates_of(w, wo, scale, h, ho, j, n)
  local sum, at = 0, wo + j * n
  for p = 1, n do sum = sum + w[at + p] * h[ho + p] end
  return scale and sum * scale[j + 1] or sum
end
]]

text.lstm = [[
-- gates (steps, batch, 4 n) hold the products with the inputs: input, forget, cell, output
local function lstm(y, yo, h, ho, c, co, gates, go, w, wo, scale, steps, batch, n, reverse)
  for s = 0, steps - 1 do
    for b = 0, batch - 1 do
      local row = (reverse ~= 0 and steps - 1 - s or s) * batch + b
      local g, state, cell = go + row * 4 * n, ho + b * n, co + b * n
      for j = 0, 4 * n - 1 do
        gates[g + j + 1] = gates[g + j + 1] + gates_of(w, wo, scale, h, state, j, n)
      end
      for j = 1, n do
        c[cell + j] = sigmoid(gates[g + n + j]) * c[cell + j]
          + sigmoid(gates[g + j]) * tanh(gates[g + 2 * n + j])
        local out = sigmoid(gates[g + 3 * n + j]) * tanh(c[cell + j])
        h[state + j], y[yo + row * n + j] = out, out
      end
    end
  end
end
]]

text.gru = [[
-- gates (steps, batch, 3 n) hold the products with the inputs: reset, update, new
local function gru(y, yo, h, ho, gates, go, w, wo, scale, bias, bo, steps, batch, n, reverse)
  local function product(b, j)
    return gates_of(w, wo, scale, h, ho + b * n, j, n) + (bias and bias[bo + j + 1] or 0)
  end
  for s = 0, steps - 1 do
    for b = 0, batch - 1 do
      local row = (reverse ~= 0 and steps - 1 - s or s) * batch + b
      local g, to, state = go + row * 3 * n, yo + row * n, ho + b * n
      for j = 1, n do
        local r = sigmoid(gates[g + j] + product(b, j - 1))
        local z = sigmoid(gates[g + n + j] + product(b, n + j - 1))
        local fresh = tanh(gates[g + 2 * n + j] + r * product(b, 2 * n + j - 1))
        y[to + j] = fresh + z * (h[state + j] - fresh)
      end
      for j = 1, n do h[state + j] = y[to + j] end
    end
  end
end
]]

text.rnn = [[
-- y (steps, batch, n) holds the products with the inputs and becomes the states
local function rnn(y, yo, h, ho, w, wo, scale, steps, batch, n, reverse, relu)
  for s = 0, steps - 1 do
    for b = 0, batch - 1 do
      local to, state = yo + ((reverse ~= 0 and steps - 1 - s or s) * batch + b) * n, ho + b * n
      for j = 1, n do
        local v = y[to + j] + gates_of(w, wo, scale, h, state, j - 1, n)
        y[to + j] = relu ~= 0 and max(v, 0) or relu == 0 and tanh(v)
      end
      for j = 1, n do h[state + j] = y[to + j] end
    end
  end
end
]]

return text
