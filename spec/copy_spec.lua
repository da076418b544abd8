-- Copies between layouts, of every dtype: what `contiguous`, `copy_` and transposed operands read
-- and write, held against the definition, element by element.

local tocha = require "tocha"

local DTYPES <const> = { "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16",
  "float32", "float64" }

-- Values that differ between neighbours in every dtype.
local function numbered(dtype, ...)
  local n = 1
  for _, size in ipairs { ... } do n = n * size end
  local x = tocha.arange(0, n - 1) * 37 % 101
  return (dtype == "bool" and x % 3 or x):to(dtype):view(...)
end

-- All elements in row order, one index at a time.
local function elements(x)
  if x.ndim == 0 then return { x:item() } end
  local list <const> = {}
  for k = 1, x:size(1) do
    local row <const> = x[k]
    local part <const> = row.ndim == 0 and { row:item() } or elements(row)
    table.move(part, 1, #part, #list + 1, list)
  end
  return list
end

local VIEWS <const> = {
  { "transposed", { 37, 21 }, function(x) return x:t() end },
  { "transposed, whole tiles", { 32, 64 }, function(x) return x:t() end },
  { "transposed and narrow", { 40, 3 }, function(x) return x:t() end },
  { "part of a transposed one", { 40, 35 }, function(x)
    return x:t():narrow(1, 3, 30):narrow(2, 2, 19)
  end },
  { "channels last", { 2, 5, 4, 7 }, function(x) return x:permute(1, 3, 4, 2) end },
  { "channels first", { 2, 4, 7, 5 }, function(x) return x:permute(1, 4, 2, 3) end },
  { "dimensions reversed", { 5, 6, 7, 3 }, function(x) return x:permute(4, 3, 2, 1) end },
  { "heads", { 2, 9, 3, 4 }, function(x) return x:transpose(2, 3) end },
  { "every second column", { 9, 23 }, function(x) return x[{ {}, { 1, -1, 2 } }] end },
  { "every third of a transposed one", { 20, 23 }, function(x)
    return x:t()[{ {}, { 1, -1, 3 } }]
  end },
  { "narrow rows", { 30, 20 }, function(x) return x:narrow(2, 3, 16) end },
  { "repeated rows", { 21 }, function(x) return x:expand(6, 21) end },
  { "repeated columns", { 9, 1 }, function(x) return x:expand(9, 20) end },
  { "a repeated plane", { 6, 7 }, function(x) return x:t():expand(3, 7, 6) end },
  { "no element", { 0, 4 }, function(x) return x:t() end },
  { "one element", { 1, 1 }, function(x) return x:t() end },
}

describe("copies between layouts", function()
  for _, dtype in ipairs(DTYPES) do
    it("read what lies anyhow: " .. dtype, function()
      for _, case in ipairs(VIEWS) do
        local x <const> = case[3](numbered(dtype, table.unpack(case[2])))
        local y <const> = x:clone():contiguous()
        assert.same(elements(x), elements(y), case[1])
      end
    end)

    it("write what lies anyhow: " .. dtype, function()
      for _, case in ipairs(VIEWS) do
        local name <const> = case[1]
        if not name:find "repeated" then
          local base = tocha.zeros(case[2], { dtype = dtype })
          local x <const> = case[3](base)
          local values = numbered(dtype, table.unpack(x.shape))
          x:copy_(values)
          assert.same(elements(values), elements(x), name)
          -- What lies beside the view stayed 0.
          assert.equal(values:ne(0):sum():item(), base:ne(0):sum():item(), name)
        end
      end
    end)
  end

  it("are the same with one thread and with two", function()
    local threads <const> = tocha.get_num_threads()
    for _, shape in ipairs { { 301, 517 }, { 7, 33, 1025 }, { 3, 70001 } } do
      local x = tocha.randn(shape):transpose(1, #shape)
      tocha.set_num_threads(1)
      local one = x:contiguous()
      tocha.set_num_threads(2)
      local two = x:contiguous()
      assert.is_true(tocha.equal(one, two) and tocha.equal(two, x))
    end
    tocha.set_num_threads(threads)
  end)

  it("serve operands: a transposed one with a contiguous one, of two dtypes", function()
    local a, b = tocha.randn(80, 90), tocha.randn(90, 80)
    local c = tocha.arange(1, 7200):view(80, 90)
    local sum, mixed = a:t() + b, c:t() * b
    for _, at in ipairs { { 1, 1 }, { 90, 80 }, { 17, 42 }, { 90, 1 } } do
      local i <const>, j <const> = at[1], at[2]
      assert.equal((a[j][i] + b[i][j]):item(), sum[i][j]:item())
      assert.equal((c[j][i] * b[i][j]):item(), mixed[i][j]:item())
    end
  end)
end)
