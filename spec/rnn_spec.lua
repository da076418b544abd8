-- Recurrent layers, cells and packed sequences: as PyTorch, and against each other.

local tocha = require "tocha"
local registry = require "tocha.op"
local support = require "spec.support"
local weights <const> = require "tocha.gradcheck".weights

local nn <const>, rnn <const>, ops <const> = tocha.nn, tocha.nn.utils.rnn, registry.ops
local alike <const>, fails_with <const> = support.assert_alike, support.fails_with
local KINDS <const> = { "RNN", "LSTM", "GRU" }

local function random(...) return tocha.randn({ ... }, { dtype = "float64" }) end
local function states_of(state) return tocha.is_tensor(state) and { state } or state end

describe("as PyTorch, results and gradients:", function()
  for title, test in require "spec.golden.cases".of "spec/golden/rnn.safetensors" do
    it(title, test)
  end
end)

-- ---- kernels ------------------------------------------------------------------------------------

-- Gradients of the weighted outputs, by the kernels or by the definition.
local function gradients(decl, args, f)
  local wanted <const>, total = {}, 0
  for k = 1, args.n do
    if tocha.is_tensor(args[k]) and args[k]:is_floating_point() then
      wanted[#wanted + 1] = args[k]:requires_grad_()
    end
  end
  local results <const> = { f(table.unpack(args, 1, decl.nargs)) }
  for k = 1, decl.differentiable do
    total = total + (results[k] * weights(results[k], k)):sum()
  end
  return tocha.autograd.grad(total, wanted)
end

describe("a layer", function()
  for _, kind in ipairs(KINDS) do
    local decl <const> = registry.decl[kind:lower() .. "_layer"]
    for k, sample in ipairs(decl.nograd_sample) do
      it(("has the gradients of its definition: %s, %d"):format(kind, k), function()
        if sample[1][1] == 0 then return end
        local function definition(...)
          local args <const> = { ... }
          args[decl.nargs] = args[decl.nargs] or false
          return decl.ref(table.unpack(args, 1, decl.nargs))
        end
        alike(gradients(decl, support.make(sample), ops[decl.name]),
          gradients(decl, support.make(sample), definition), 1e-8, 1e-10)
      end)
    end

    it("gives the same bits whatever the number of threads: " .. kind, function()
      local layer <const>, x <const> = nn[kind](16, 64), tocha.randn(6, 32, 16)
      local function run(threads)
        local before <const> = tocha.get_num_threads()
        tocha.set_num_threads(threads)
        layer:zero_grad()
        local y <const>, state <const> = layer(x)
        local loss <const> = (y * weights(y, 1)):sum()
        loss:backward()
        tocha.set_num_threads(before)
        local found <const> = { y, table.unpack(states_of(state)) }
        for _, p in ipairs(layer:parameters()) do found[#found + 1] = p.grad end
        return found
      end
      local one <const>, four <const> = run(1), run(4)
      for k, each in ipairs(one) do assert.same(each:totable(), four[k]:totable()) end
    end)
  end
end)

-- ---- looked up rows ---------------------------------------------------------------------------

-- Outputs, and the gradients of layer and table, of layer(change(embed(ids))).
local function looked_up(layer, embed, ids, change)
  layer:zero_grad()
  embed:zero_grad()
  local y <const> = layer(change(embed(ids)))
  local loss <const> = (y * weights(y, 1)):sum()
  loss:backward()
  local found <const> = { y:detach(), embed.weight.grad }
  for _, p in ipairs(layer:parameters()) do found[#found + 1] = p.grad end
  return found
end

describe("rows that an embedding looked up", function()
  local function same(x) return x end

  for _, kind in ipairs(KINDS) do
    local layer <const> = nn[kind](3, 4, { bidirectional = true, batch_first = true }):double()
    local embed <const> = nn.Embedding(5, 3):double()
    local ids <const> = tocha.randint(1, 5, { 6, 4 })

    it("are multiplied as a table, with the same results and gradients: " .. kind, function()
      local name <const> = kind:lower() .. "_layer"
      local run <const>, tables = ops[name], 0
      ops[name] = function(...)
        for k = 1, select("#", ...) do
          local x <const> = select(k, ...)
          if tocha.is_tensor(x) and tocha.equal(x, embed.weight) then tables = tables + 1 end
        end
        return run(...)
      end
      local found <const> = looked_up(layer, embed, ids, same)
      ops[name] = run
      assert.equal(2, tables)
      alike(found, looked_up(layer, embed, ids, function(x) return x * 1 end), 1e-10, 1e-12)
    end)

    it("count as any others once they or the table change: " .. kind, function()
      alike(looked_up(layer, embed, ids, function(x) return x:mul_(2) end),
        looked_up(layer, embed, ids, function(x) return x * 2 end), 1e-10, 1e-12)
      local expected <const> = looked_up(layer, embed, ids, function(x) return x * 1 end)
      local found <const> = looked_up(layer, embed, ids, function(x)
        tocha.no_grad(function() embed.weight:zero_() end)
        return x
      end)
      alike(found, expected, 1e-10, 1e-12)
    end)
  end

  it("keep a gradient that the embedding treats in its own way", function()
    local layer <const> = nn.GRU(3, 4):double()
    local ids <const> = tocha.randint(1, 5, { 6, 4 })
    for _, options in ipairs { { padding_idx = 2 }, { scale_grad_by_freq = true } } do
      local embed <const> = nn.Embedding(5, 3, options):double()
      alike(looked_up(layer, embed, ids, same),
        looked_up(layer, embed, ids, function(x) return x * 1 end), 1e-10, 1e-12)
    end
  end)

  it("pass by hooks, and kept gradients", function()
    local layer <const>, embed <const> = nn.LSTM(3, 4):double(), nn.Embedding(5, 3):double()
    local ids <const> = tocha.randint(1, 5, { 6, 4 })
    local plain <const> = looked_up(layer, embed, ids, same)
    local kept
    alike(looked_up(layer, embed, ids, function(x)
      kept = x
      x:retain_grad()
      x:register_hook(function(g) return g * 2 end)
      return x
    end)[2], plain[2] * 2, 1e-10, 1e-12)
    assert.same(kept.shape, kept.grad.shape)
  end)

  it("may have gradients of their own", function()
    local layer <const>, embed <const> = nn.LSTM(3, 4):double(), nn.Embedding(5, 3):double()
    local ids <const> = tocha.randint(1, 5, { 6, 4 })
    local function gradient(change)
      local x <const> = embed(ids)
      return tocha.autograd.grad(layer(change(x)):sum(), { x })
    end
    alike(gradient(same), gradient(function(x) return x * 1 end), 1e-10, 1e-12)
  end)
end)

-- ---- modules ------------------------------------------------------------------------------------

describe("a recurrent module", function()
  before_each(function() tocha.manual_seed(3) end)

  for _, kind in ipairs(KINDS) do
    it("step by step gives what it gives at once: " .. kind, function()
      local layer <const>, x <const> = nn[kind](3, 5, { num_layers = 2 }):double(), random(6, 4, 3)
      local y <const>, last <const> = layer(x)
      local state, step
      for t = 1, 6 do
        step, state = layer(x[{ { t, t } }], state)
        alike(step[1]:detach(), y[t]:detach(), 1e-12, 1e-14)
      end
      alike(states_of(state), states_of(last), 1e-12, 1e-14)
    end)

    it("leaves the given state as it was: " .. kind, function()
      local layer <const> = nn[kind](3, 5)
      local _, state <const> = layer(tocha.randn(2, 4, 3))
      local before <const> = {}
      for k, s in ipairs(states_of(state)) do before[k] = s:totable() end
      layer(tocha.randn(2, 4, 3), state)
      for k, s in ipairs(states_of(state)) do assert.same(before[k], s:totable()) end
    end)

    it("and its cell agree: " .. kind, function()
      local layer <const>, cell <const> = nn[kind](3, 5):double(), nn[kind .. "Cell"](3, 5):double()
      local dict <const> = {}
      for name, p in pairs(layer:state_dict()) do dict[name:gsub("_l0", "")] = p end
      cell:load_state_dict(dict)
      local x <const>, state = random(3, 4, 3), nil
      local y <const> = layer(x)
      for t = 1, 3 do
        local found <const> = { cell(x[t], state) }
        alike(found[1]:detach(), y[t]:detach(), 1e-12, 1e-14)
        state = #found == 2 and found or found[1]
      end
      local one <const> = cell(x[1][2])
      alike(one:detach(), y[1][2]:detach(), 1e-12, 1e-14)
    end)

    it("treats a packed sequence as each one alone: " .. kind, function()
      local layer <const> = nn[kind](3, 5, { num_layers = 2, bidirectional = true }):double()
      local list <const> = { random(3, 3), random(5, 3), random(1, 3), random(5, 3) }
      local y <const>, last <const> = layer(rnn.pack_sequence(list, false))
      for k, found in ipairs(rnn.unpack_sequence(y)) do
        local alone <const>, state <const> = layer(list[k])
        alike(found:detach(), alone:detach(), 1e-12, 1e-14)
        for j, s in ipairs(states_of(state)) do
          alike(states_of(last)[j]:select(2, k):detach(), s:detach(), 1e-12, 1e-14)
        end
      end
    end)

    it("learns its input size, from an input or from weights: " .. kind, function()
      local layer <const> = nn[kind](5, { bidirectional = true })
      assert.is_nil(layer.input_size)
      layer(tocha.randn(2, 1, 7))
      assert.equal(7, layer.weight_ih_l0_reverse:size(2))
      local other <const> = nn[kind](5, { bidirectional = true })
      other:load_state_dict(layer:state_dict())
      assert.equal(7, other.input_size)
      local cell <const> = nn[kind .. "Cell"](5)
      cell(tocha.randn(2, 7))
      assert.equal(7, cell.input_size)
    end)

    it("computes in bfloat16: " .. kind, function()
      local layer <const>, x <const> = nn[kind](3, 5), tocha.randn(4, 2, 3)
      local y <const> = layer(x)
      layer:to "bfloat16"
      local half <const> = layer(x:to "bfloat16")
      assert.equal("bfloat16", half.dtype)
      alike(half:detach():to "float32", y:detach(), 0, 3e-2)
      half:sum():backward()
      assert.equal("bfloat16", layer.weight_ih_l0.grad.dtype)
    end)
  end

  it("of no sequences, or none with steps, is empty and has zero gradients", function()
    for _, kind in ipairs(KINDS) do
      for _, shape in ipairs { { 0, 2, 3 }, { 4, 0, 3 } } do
        local layer <const> = nn[kind](3, 5, { bidirectional = true })
        local y <const>, state <const> = layer(tocha.zeros(shape))
        assert.same({ shape[1], shape[2], 10 }, y.shape)
        assert.same({ 2, shape[2], 5 }, states_of(state)[1].shape)
        y:sum():backward()
        assert.equal(0, layer.weight_hh_l0.grad:abs():sum():item())
      end
    end
  end)

  it("is one of a family that is read when it is named, or when all are", function()
    local found <const> = {}
    for name in pairs(nn) do found[name] = true end
    assert.is_true(found.LSTM and found.KVCache and found.Transformer and found.ALiBi)
    assert.is_nil(nn.NoSuchLayer)
  end)

  it("drops out between layers, in training only", function()
    local x <const> = tocha.randn(4, 2, 3)
    local one <const> = nn.GRU(3, 5, { dropout = 0.5 })
    alike(one(x):detach(), one(x):detach())
    local two <const> = nn.GRU(3, 5, 2, { dropout = 0.5 })
    assert.is_false((support.alike(two(x):detach(), two(x):detach(), 0, 1e-6)))
    two:eval()
    alike(two(x):detach(), two(x):detach())
  end)

  it("gives only its outputs to the next layer of a Sequential", function()
    local net <const> = nn.Sequential(nn.LSTM(3, 5), nn.Linear(5, 2))
    assert.same({ 4, 2, 2 }, net(tocha.randn(4, 2, 3)).shape)
  end)

  it("initialises uniformly within 1 / sqrt(hidden_size)", function()
    for _, kind in ipairs(KINDS) do
      for _, layer in ipairs { nn[kind](40, 16), nn[kind .. "Cell"](40, 16) } do
        for name, p in layer:named_parameters() do
          local most <const> = p:detach():abs():max():item()
          assert.is_true(most <= 0.25 and most > (name:find "ih" and p.ndim == 2 and 0.245 or 0.15))
        end
      end
    end
  end)

  it("says what is wrong", function()
    local lstm <const>, gru <const> = nn.LSTM(3, 5), nn.GRU(3, 5, { bidirectional = true })
    local x <const> = tocha.randn(4, 2, 3)
    fails_with("[LSTM] argument 1: expected 3 features, got 4", lstm, tocha.randn(4, 2, 4))
    fails_with("[LSTM] argument 1: expected 2 or 3 dimensions", lstm, tocha.randn(4))
    fails_with("[LSTM] argument 1: expected a tensor or a packed sequence, got a number", lstm, 3)
    fails_with("expected a state {h, c}, got one tensor", lstm, x, tocha.zeros(1, 2, 5))
    fails_with("expected a state of the shape (1, 2, 5), got (1, 3, 5)", lstm, x,
      { tocha.zeros(1, 3, 5), tocha.zeros(1, 2, 5) })
    fails_with("expected a state of the shape (2, 2, 5)", gru, x, tocha.zeros(1, 2, 5))
    fails_with("'hidden_size'", nn.LSTM, 3, 0)
    fails_with("'num_layers'", nn.GRU, 3, 5, 0.5)
    fails_with("expected 'tanh' or 'relu', got 'sine'", nn.RNN, 3, 5, { nonlinearity = "sine" })
    fails_with("less than hidden_size 5", nn.LSTM, 3, 5, { proj_size = 5 })
    fails_with("'dropout'", nn.GRU, 3, 5, { dropout = 2 })
    fails_with("[GRUCell] argument 1: expected 3 features, got 4", nn.GRUCell(3, 5),
      tocha.randn(2, 4))
  end)
end)
