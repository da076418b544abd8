-- Packed and padded sequences, and what recurrent layers refuse.

local tocha = require "tocha"
local registry = require "tocha.op"
local support = require "spec.support"

local rnn <const>, ops <const> = tocha.nn.utils.rnn, registry.ops
local fails_with <const> = support.fails_with
local KINDS <const> = { "RNN", "LSTM", "GRU" }

local function random(...) return tocha.randn({ ... }, { dtype = "float64" }) end

-- ---- nn.utils.rnn -------------------------------------------------------------------------------

describe("nn.utils.rnn", function()
  local padded <const> = tocha.tensor { { 1, 2, 3 }, { 4, 0, 6 }, { 7, 0, 0 } }  -- (T, B)

  it("packs step after step, and pads again", function()
    local packed <const> = rnn.pack_padded_sequence(padded, { 3, 1, 2 }, { enforce_sorted = false })
    assert.same({ 1, 3, 2, 4, 6, 7 }, packed.data:totable())
    assert.same({ 3, 2, 1 }, packed.batch_sizes:totable())
    assert.same({ 1, 3, 2 }, packed.sorted_indices:totable())
    local back <const>, lengths <const> = rnn.pad_packed_sequence(packed)
    assert.same(padded:totable(), back:totable())
    assert.same({ 3, 1, 2 }, lengths:totable())
  end)

  it("has the batch first where asked, other padding, more steps", function()
    local packed <const> = rnn.pack_padded_sequence(padded:t(), tocha.tensor { 3, 1, 2 }, true,
      false)
    assert.same({ 1, 3, 2, 4, 6, 7 }, packed.data:totable())
    local back <const> = rnn.pad_packed_sequence(packed,
      { batch_first = true, padding_value = -1, total_length = 4 })
    assert.same({ { 1, 4, 7, -1 }, { 2, -1, -1, -1 }, { 3, 6, -1, -1 } }, back:totable())
  end)

  it("passes gradients to what was no padding", function()
    local x <const> = random(3, 2, 2):requires_grad_()
    local packed <const> = rnn.pack_padded_sequence(x, { 3, 1 })
    local back <const> = rnn.pad_packed_sequence(packed)
    back:sum():backward()
    assert.same({ { 1.0, 1.0 }, { 1.0, 0.0 }, { 1.0, 0.0 } }, x.grad:select(3, 1):totable())
  end)

  it("pads lists of sequences on either side, and takes the padding off", function()
    local list <const> = { tocha.tensor { 1, 2 }, tocha.tensor { 3, 4, 5 } }
    local both <const> = rnn.pad_sequence(list, true, -1)
    assert.same({ { 1, 2, -1 }, { 3, 4, 5 } }, both:totable())
    assert.same({ { 0, 1, 2 }, { 3, 4, 5 } },
      rnn.pad_sequence(list, { batch_first = true, padding_side = "left" }):totable())
    local parts <const> = rnn.unpad_sequence(both, { 2, 3 }, true)
    assert.same({ 1, 2 }, parts[1]:totable())
    assert.same({ 3, 4, 5 }, parts[2]:totable())
  end)

  it("inverts permutations", function()
    assert.same({ 3, 1, 2 }, rnn.invert_permutation(tocha.tensor { 2, 3, 1 }):totable())
    assert.is_nil(rnn.invert_permutation(nil))
  end)

  it("moves what is packed", function()
    local packed <const> = rnn.pack_sequence { tocha.randn(2, 3) }
    assert.equal("float64", packed:to "float64".data.dtype)
    assert.equal("PackedSequence((2, 3) in 2 steps)", tostring(packed))
  end)

  it("says what is wrong", function()
    fails_with("give {enforce_sorted = false}", rnn.pack_padded_sequence, padded, { 1, 3, 2 })
    fails_with("expected 3 lengths, got 2", rnn.pack_padded_sequence, padded, { 3, 2 })
    fails_with("length 2: expected an integer in 1..3, got 0", rnn.pack_padded_sequence, padded,
      { 3, 0, 1 })
    fails_with("length 1: expected an integer in 1..3, got 4", rnn.pack_padded_sequence, padded,
      { 4, 1, 1 })
    fails_with("expected a packed sequence, got a number", rnn.pad_packed_sequence, 3)
    fails_with("total_length 1 is less than the longest sequence, 2", rnn.pad_packed_sequence,
      rnn.pack_sequence { tocha.randn(2, 3) }, { total_length = 1 })
    fails_with("'sequences' is missing", rnn.pad_sequence, {})
    fails_with("expected a list of tensors, got a number", rnn.pad_sequence, 3)
    fails_with("[pad_sequence] argument 4", rnn.pad_sequence, { padded }, { padding_side = "top" })
  end)
end)

-- Kernels trust sizes: each argument of another shape must be refused before.
describe("a layer refuses an argument that does not fit:", function()
  for _, kind in ipairs(KINDS) do
    local decl <const> = registry.decl[kind:lower() .. "_layer"]
    for k, param in ipairs(decl.params) do
      if param.code == "F" and param.name ~= "table" then
        it(("%s, %s"):format(decl.name, param.name), function()
          local sample <const> = decl.sample[param.name == "weight_hr" and 2 or 1]
          for _, change in ipairs { { 1, 3 }, { 2, 1 }, { 2, -1 } } do
            local args <const> = support.make(sample)
            local shape <const> = args[k].shape
            if shape[change[1]] then
              shape[change[1]] = shape[change[1]] + change[2]
              args[k] = tocha.zeros(shape, { dtype = "float64" })
              fails_with("[" .. decl.name .. "]", ops[decl.name], table.unpack(args, 1, args.n))
            end
          end
          local args <const> = support.make(sample)
          args[k] = tocha.zeros({ 1, 1, 1 }, { dtype = "float64" })
          fails_with("'" .. param.name .. "'", ops[decl.name], table.unpack(args, 1, args.n))
        end)
      end
    end

    it(decl.name .. ", table and ids", function()
      local args <const> = support.make(decl.sample[1])
      local rows <const>, width <const> = args[1]:size(1), args[1]:size(2)
      local function with(rows_of, ids)
        args[decl.nargs - 1], args[decl.nargs] = rows_of, ids
        return ops[decl.name](table.unpack(args, 1, decl.nargs))
      end
      local function zeros(...) return tocha.zeros({ ... }, { dtype = "float64" }) end
      local ids <const> = tocha.ones({ rows }, { dtype = "int64" })
      with(zeros(2, width), ids)
      fails_with("'table'", with, zeros(2, width + 1), ids)
      fails_with("'table'", with, zeros(width), ids)
      fails_with("'ids'", with, zeros(2, width), ids:narrow(1, 1, rows - 1))
      fails_with("'ids'", with, zeros(2, width), nil)
      fails_with("out of range", with, zeros(2, width), ids * 3)
    end)
  end
end)

describe("packed rows from outside are checked:", function()
  local function run(sizes, rows)
    return pcall(ops.rnn_layer, tocha.randn(rows, 3), tocha.zeros(3, 4), tocha.randn(4, 3),
      tocha.randn(4, 4), nil, nil, tocha.tensor(sizes, { dtype = "int64" }))
  end
  for text, case in pairs {
    ["growing steps"] = { { 3, 1, 2 }, 6 }, ["too many rows"] = { { 3, 2 }, 6 },
    ["too few rows"] = { { 3, 3, 3 }, 6 }, ["an empty step"] = { { 3, 0, 3 }, 6 },
    ["another batch"] = { { 2, 2, 2 }, 6 }, ["a negative step"] = { { 3, -3, 6 }, 6 },
  } do
    it(text, function()
      local ok, message = run(table.unpack(case))
      assert.is_false(ok)
      assert.truthy(message:find("[rnn_layer]", 1, true), message)
    end)
  end
  it("right ones pass", function() assert.is_true((run({ 3, 2, 1 }, 6))) end)
end)
