-- The dtype of a result of two operands, against PyTorch for every pair of dtypes, for tensors
-- without dimensions and for numbers. `python spec/golden/promotion.py` prints the tables.

local tocha = require "tocha"

local LETTERS <const> = "bucsilhgfd"
local DTYPES <const> = {
  b = "bool", u = "uint8", c = "int8", s = "int16", i = "int32", l = "int64",
  h = "float16", g = "bfloat16", f = "float32", d = "float64",
}

-- A row a first operand: the dtypes, then an integer and a float. Letters of a row: against
-- tensors with dimensions, against tensors without, against an integer and a float. "-": PyTorch
-- refuses.
local GOLDEN <const> = {
  add = {
    "bucsilhgfd bucsilhgfd lf",
    "uussilhgfd uuuuuuhgfd uf",
    "cscsilhgfd cccccchgfd cf",
    "ssssilhgfd sssssshgfd sf",
    "iiiiilhgfd iiiiiihgfd if",
    "llllllhgfd llllllhgfd lf",
    "hhhhhhhffd hhhhhhhhhh hh",
    "ggggggfgfd gggggggggg gg",
    "fffffffffd ffffffffff ff",
    "dddddddddd dddddddddd dd",
    "lucsilhgfd lucsilhgfd",
    "ffffffhgfd ffffffhgfd",
  },
  div = {
    "ffffffhgfd ffffffhgfd ff",
    "ffffffhgfd ffffffhgfd ff",
    "ffffffhgfd ffffffhgfd ff",
    "ffffffhgfd ffffffhgfd ff",
    "ffffffhgfd ffffffhgfd ff",
    "ffffffhgfd ffffffhgfd ff",
    "hhhhhhhffd hhhhhhhhhh hh",
    "ggggggfgfd gggggggggg gg",
    "fffffffffd ffffffffff ff",
    "dddddddddd dddddddddd dd",
    "ffffffhgfd ffffffhgfd",
    "ffffffhgfd ffffffhgfd",
  },
  pow = {
    "-ucsilhgfd -ucsilhgfd lf",
    "uussilhgfd uuuuuuhgfd uf",
    "cscsilhgfd cccccchgfd cf",
    "ssssilhgfd sssssshgfd sf",
    "iiiiilhgfd iiiiiihgfd if",
    "llllllhgfd llllllhgfd lf",
    "hhhhhhhffd hhhhhhhhhh hh",
    "ggggggfgfd gggggggggg gg",
    "fffffffffd ffffffffff ff",
    "dddddddddd dddddddddd dd",
    "lucsilhgfd lucsilhgfd",
    "ffffffhgfd ffffffhgfd",
  },
}

local function tensors(sizes)
  local list <const> = {}
  for letter in LETTERS:gmatch "." do
    list[#list + 1] = tocha.ones(sizes, { dtype = DTYPES[letter] })
  end
  return list
end

local NUMBERS <const> = { 2, 2.0 }
local WITH <const>, WITHOUT <const> = tensors { 2 }, tensors {}
local FIRST <const> = { table.unpack(WITH) }
table.move(NUMBERS, 1, 2, #FIRST + 1, FIRST)

local function name(operand)
  return tocha.is_tensor(operand) and operand.ndim .. "-d " .. operand.dtype or math.type(operand)
end

-- Calls f(a, b, letter) for every pair of a golden table.
local function each_pair(rows, f)
  for k, row in ipairs(rows) do
    local group, groups = 0, { WITH, WITHOUT, NUMBERS }
    for letters in row:gmatch "%S+" do
      group = group + 1
      for j = 1, #letters do f(FIRST[k], groups[group][j], letters:sub(j, j)) end
    end
  end
end

for op, rows in pairs(GOLDEN) do
  it("the dtype of " .. op .. " is PyTorch's for every pair", function()
    each_pair(rows, function(a, b, letter)
      if letter == "-" then return end
      assert.equal(DTYPES[letter], tocha[op](a, b).dtype, name(a) .. ", " .. name(b))
    end)
  end)
end

it("comparisons give bool for every pair", function()
  each_pair(GOLDEN.add, function(a, b)
    assert.equal("bool", tocha.gt(a, b).dtype, name(a) .. ", " .. name(b))
  end)
end)

it("the first operand's place does not matter where both are tensors", function()
  for k, a in ipairs(WITHOUT) do
    for j, b in ipairs(WITH) do
      assert.equal(tocha.add(b, a).dtype, tocha.add(a, b).dtype, k .. ", " .. j)
    end
  end
end)
