-- The functional graph: symbolic tensors, their shapes, and models made of them.

local tocha = require "tocha"
local nn = tocha.nn

local function zero(x) return x:abs():max():item() end

local function names_of(iterator)
  local names <const> = {}
  for name in iterator do names[#names + 1] = name end
  return names
end

describe("a symbolic tensor", function()
  it("knows its shape but for the batch, and its dtype", function()
    local x <const> = nn.Input(28, 28, 1)
    assert.are.same({ false, 28, 28, 1 }, x.shape)
    assert.are.equal(4, x.ndim)
    assert.are.equal("Node((N, 28, 28, 1) float32, Input)", tostring(x))
    assert.are.equal("Node((N, 28, 28, 1) float32, of relu)", tostring(x:relu()))
    assert.are.same({ false, 7 }, nn.Input { 7 }.shape)
    assert.are.same({ false }, nn.Input().shape)
    assert.are.equal("int64", nn.Input(5, { dtype = "int64" }).dtype)
    assert.are.equal(28, x:size(2))
    assert.are.equal(1, x:size(-1))
  end)

  it("gives the shapes that layers would give", function()
    local x <const> = nn.Input(3, 32, 20)
    local y <const> = nn.Conv2d(3, 8, 3, 2, 1)(x)
    assert.are.same({ false, 8, 16, 10 }, y.shape)
    assert.are.same({ false, 1280 }, nn.Flatten()(y).shape)
    assert.are.same({ false, 8, 8, 5 }, nn.MaxPool2d(2)(nn.BatchNorm2d()(y)).shape)
    assert.are.same({ false, 6, 4 }, nn.Embedding(10, 4)(nn.Input(6, { dtype = "int64" })).shape)
  end)

  it("takes operators, methods, functions and indices of tensors", function()
    local x <const> = nn.Input(6, 4)
    local y <const> = 1 - (x + x * 2) / tocha.ones(4)
    assert.are.same({ false, 6, 4 }, y.shape)
    assert.are.same({ false, 4, 6 }, x:transpose(2, 3):relu().shape)
    assert.are.same({ false, 24 }, x:reshape(-1, 24).shape)
    assert.are.same({ false, 12, 4 }, tocha.cat({ x, y }, 2).shape)
    assert.are.same({ false, 4 }, x:mean(2).shape)
    assert.are.same({ false, 2, 4 }, x[{ {}, { 3, 4 } }].shape)
    assert.are.equal("bool", x:gt(0).dtype)
    assert.are.same({ false, 6, 4 }, (tocha.ones(4) - x).shape)
    assert.are.same({ false, 6, 4 }, (-x).shape)
    local largest <const>, places <const> = x:max(3)
    assert.are.same({ { false, 6 }, "int64" }, { largest.shape, places.dtype })
  end)

  it("leaves sizes open that vary", function()
    local x <const> = nn.Input(false, 8)
    assert.are.same({ false, false, 8 }, x.shape)
    assert.are.same({ false, false, 3 }, nn.Linear(3)(x).shape)
    assert.are.same({ false, 8 }, x:mean(2).shape)
    local image <const> = nn.Input(3, false, 40)
    local conv <const> = nn.Conv2d(4, 3, { stride = 2, padding = 1 })
    assert.are.same({ false, 4, false, 20 }, conv(image).shape)
    local model <const> = nn.Model { inputs = x, outputs = nn.Linear(3)(x):sum(2) }
    assert.are.same({ 2, 3 }, model(tocha.ones(2, 5, 8)).shape)
    assert.are.same({ 2, 3 }, model(tocha.ones(2, 9, 8)).shape)
  end)

  it("finds the batch where a layer does not take an empty one", function()
    local x <const> = nn.Input(6)
    local picky <const> = nn.Lambda(function(v)
      assert(#v > 0)
      return tocha.cat({ v, v }, 2)
    end)
    assert.are.same({ false, 12 }, picky(x).shape)
    local table <const> = nn.Embedding(10, 4)
    assert.are.same({ false, 5, 4 }, nn.Lambda(function(ids)
      assert(#ids > 0)
      return table(ids)
    end)(nn.Input(5, { dtype = "int64" })).shape)
    assert.are.same({ false, 3, 2 },
      nn.Lambda(function(v) return v:reshape(v:size(1), v:size(2) // 2, 2) end)(x).shape)
  end)

  it("has no values", function()
    local x <const> = nn.Input(4)
    assert.error_matches(function() x:item() end, "%[item%].*no values")
    assert.error_matches(function() x:fill_(0) end, "%[fill_%].*no values")
    assert.error_matches(function() x[1] = 2 end, "no values")
    assert.error_matches(function() x:size(1) end, "not known before the model runs")
    assert.error_matches(function() x:size(3) end, "out of range")
    assert.error_matches(function() nn.Input(0) end, "%[Input%].*positive size")
    assert.error_matches(function() nn.Input(3, { dtyp = "int64" }) end, "unknown option 'dtyp'")
    assert.error_matches(function() nn.Input(3, { dtype = "int65" }) end, "no dtype")
  end)

  it("tells at once what does not fit, at the user's line", function()
    local ok <const>, message <const> = pcall(function() return nn.Linear(5, 3)(nn.Input(4)) end)
    assert.is_false(ok)
    assert.is_truthy(message:find("graph_spec.lua", 1, true))
    assert.is_truthy(message:find("has 4 features, the weight (3, 5) takes 5", 1, true))
  end)
end)

describe("noting a call", function()
  it("changes neither statistics, mode nor random state", function()
    local norm <const>, drop <const> = nn.BatchNorm1d(4), nn.Dropout(0.5)
    tocha.manual_seed(3)
    local before <const> = tocha.get_rng_state()
    local noise <const> = nn.Lambda(function(v) return v + tocha.randn(1, 4) end)
    noise(drop(norm(nn.Input(4))))
    assert.are.same(before, tocha.get_rng_state())
    assert.are.equal(0, norm.num_batches_tracked:item())
    assert.are.equal(0.0, zero(norm.running_mean))
    assert.is_true(norm.is_training)
    assert.is_true(drop.is_training)
    drop:eval()
    drop(nn.Input(4))
    assert.is_false(drop.is_training)
  end)

  it("gives sizes that were left out, and weights that differ", function()
    local a <const>, b <const> = nn.Linear(5), nn.Linear(5)
    local x <const> = nn.Input(5)
    b(a(x))
    assert.are.equal(5, a.in_features)
    assert.is_true(zero(a.weight - b.weight) > 0)
    assert.is_true(a.weight.requires_grad)
  end)

  it("does not hide an error of a layer that fills its weights", function()
    local Odd <const> = nn.Linear:extend "Odd"
    Odd.args, Odd.short = nn.Linear.args, 1
    function Odd:reset_parameters() error "no numbers" end
    assert.error_matches(function() Odd(3)(nn.Input(4)) end, "no numbers")
  end)

  it("is off the tape and leaves it on after an error", function()
    pcall(function() return nn.Linear(5, 3)(nn.Input(4)) end)
    assert.is_true(tocha.is_grad_enabled())
  end)
end)

describe("a model", function()
  local function residual()
    local x <const> = nn.Input(8)
    local first <const>, second <const> = nn.Linear(8), nn.Linear(8)
    first.name = "first"
    local h <const> = first(x):relu()
    return nn.Model { inputs = x, outputs = second(h) + x }, first, second
  end

  it("computes what its layers compute, forward and back", function()
    local model <const>, first <const>, second <const> = residual()
    local x <const> = tocha.randn(3, 8)
    local y <const> = model(x)
    assert.are.equal(0.0, zero(y - (second(first(x):relu()) + x)))
    y:sum():backward()
    local got <const> = first.weight.grad
    first.weight.grad = nil
    (second(first(x):relu()) + x):sum():backward()
    assert.are.equal(0.0, zero(got - first.weight.grad))
  end)

  it("names its layers, in the order of the calls", function()
    local model <const>, first <const>, second <const> = residual()
    assert.are.same({ "first.weight", "first.bias", "linear_1.weight", "linear_1.bias" },
      names_of(model:named_parameters()))
    assert.are.equal(first, model:get_layer "first")
    assert.are.equal(second, model:get_layer(3))
    assert.are.same({ first, second }, { model.layers[1], model.layers[3] })
    assert.are.equal(2 * 72, model:num_parameters())
    assert.error_matches(function() model:get_layer "third" end,
      "no layer 'third' %(there are: first, relu_1, linear_1, add_1%)")
    assert.error_matches(function() model:get_layer(9) end, "no layer 9 of 4")
  end)

  it("lends the result of a layer to another model, with the same weights", function()
    local model <const>, first <const> = residual()
    local head <const> = nn.Model { inputs = model.inputs, outputs = model:output_of "first" }
    local x <const> = tocha.randn(3, 8)
    assert.are.equal(0.0, zero(head(x) - first(x)))
    assert.are.same({ "first.weight", "first.bias" }, names_of(head:named_parameters()))
    assert.error_matches(function() model:output_of "third" end, "no layer 'third'")
  end)

  it("saves and loads by these names", function()
    local a <const>, b <const> = residual(), residual()
    b:load_state_dict(a:state_dict())
    local x <const> = tocha.randn(3, 8)
    assert.are.equal(0.0, zero(a(x) - b(x)))
  end)

  it("counts a layer that is called twice once", function()
    local a <const>, b <const>, shared <const> = nn.Input(4), nn.Input(4), nn.Linear(4, 2)
    local model <const> = nn.Model { inputs = { a, b }, outputs = shared(a) - shared(b) }
    assert.are.equal(10, model:num_parameters())
    assert.are.equal(2, #model.layers)
    local p <const>, q <const> = tocha.randn(3, 4), tocha.randn(3, 4)
    assert.are.equal(0.0, zero(model(p, q) - (shared(p) - shared(q))))
    assert.are.equal(0.0, zero(model { p, q } - model(p, q)))
  end)

  it("takes and returns tables by name, and lists", function()
    local a <const>, b <const> = nn.Input(4), nn.Input(4)
    local model <const> = nn.Model {
      inputs = { left = a, right = b }, outputs = { sum = a + b, both = { a * b, a } },
    }
    local p <const>, q <const> = tocha.randn(3, 4), tocha.randn(3, 4)
    local y <const> = model { right = q, left = p }
    assert.are.equal(0.0, zero(y.sum - (p + q)))
    assert.are.equal(0.0, zero(y.both[1] - p * q))
    assert.are.equal(0.0, zero(y.both[2] - p))
  end)

  it("takes layers with several arguments and results, constants and options", function()
    local a <const>, b <const> = nn.Input(3), nn.Input(4)
    local bilinear <const> = nn.Bilinear(3, 4, 5)
    local y <const> = bilinear(a, b)
    local values <const>, places <const> = y:topk(2, { dim = 2 })
    local model <const> = nn.Model { inputs = { a, b }, outputs = { values, places, y:sum(2) } }
    local p <const>, q <const> = tocha.randn(6, 3), tocha.randn(6, 4)
    local got <const>, want <const> = model(p, q), bilinear(p, q)
    assert.are.equal(0.0, zero(got[1] - (want:topk(2, 2))))
    assert.are.same((select(2, want:topk(2, 2))):totable(), got[2]:totable())
    assert.are.equal(0.0, zero(got[3] - want:sum(2)))
  end)

  it("can begin and end anywhere", function()
    local model <const>, _, second <const> = residual()
    local inner <const> = model.layers[2]
    local h <const> = nn.Input(8)
    local head <const> = nn.Model { inputs = h, outputs = second(inner(h)) }
    local x <const> = tocha.randn(2, 8)
    assert.are.equal(0.0, zero(head(x) - second(x:relu())))
    local a <const> = nn.Input(4)
    local b <const> = a * 2
    local c <const> = b + 1
    local part <const> = nn.Model { inputs = b, outputs = c }
    assert.are.equal(4.0, part(tocha.ones(1, 4) * 3)[1][1]:item())
  end)

  it("is a layer of other models", function()
    local inner <const> = residual()
    inner.name = "block"
    local x <const> = nn.Input(8)
    local model <const> = nn.Model { inputs = x, outputs = nn.Linear(2)(inner(inner(x))) }
    assert.are.same({ "block.first.weight", "block.first.bias", "block.linear_1.weight",
      "block.linear_1.bias", "linear_1.weight", "linear_1.bias" },
      names_of(model:named_parameters()))
    assert.are.same({ 5, 2 }, model(tocha.ones(5, 8)).shape)
    assert.are.same({ 5, 2 }, nn.Sequential(model, nn.Softmax())(tocha.ones(5, 8)).shape)
  end)

  it("trains parameters that are operands", function()
    local scale <const> = nn.Parameter(tocha.full({ 4 }, 3.0))
    local x <const> = nn.Input(4)
    local model <const> = nn.Model { inputs = x, outputs = x * scale + tocha.ones(4) }
    assert.are.same({ "mul_1.constant_1" }, names_of(model:named_parameters()))
    model(tocha.ones(2, 4)):sum():backward()
    assert.are.equal(2.0, scale.grad[1]:item())
    model:double()
    assert.are.equal("float64", model(tocha.ones(2, 4, { dtype = "float64" })).dtype)
    local constant <const> = tocha.ones(4, 3)
    local moved <const> = nn.Model { inputs = x, outputs = x:matmul(constant) }:double()
    assert.are.equal("float64", constant.dtype)
    assert.are.same({}, moved:state_dict())
  end)

  it("has modes, and copies that share nothing with it", function()
    local x <const> = nn.Input(6)
    local model <const> = nn.Model { inputs = x, outputs = nn.Linear(2)(nn.Dropout(0.5)(x)) }
    model:eval()
    local p <const> = tocha.randn(4, 6)
    assert.are.equal(0.0, zero(model(p) - model(p)))
    local twin <const> = model:clone()
    assert.are.equal(0.0, zero(model(p) - twin(p)))
    local _ <close> = tocha.no_grad()
    twin:get_layer "linear_1".weight:zero_()
    assert.is_true(zero(model:get_layer "linear_1".weight) > 0)
    assert.are.equal(0.0, zero(twin(p) - twin:get_layer "linear_1".bias))
  end)

  it("lets go of what no later layer needs", function()
    local x <const> = nn.Input(1024)
    local y = x
    local seen <const>, watch <const> = setmetatable({}, { __mode = "v" }), { most = 0 }
    for k = 1, 6 do
      y = nn.Lambda(function(v)
        collectgarbage()
        local alive = 0
        for _ in pairs(seen) do alive = alive + 1 end
        watch.most = math.max(watch.most, alive)
        local result <const> = v + 1
        if #v > 0 then seen[k] = result end
        return result
      end)(y)
    end
    local model <const> = nn.Model { inputs = x, outputs = y }
    tocha.no_grad(function() return model(tocha.ones(64, 1024)) end)
    assert.are.equal(1, watch.most)
  end)

  it("lets go of what two branches were joined from", function()
    local x <const> = nn.Input(512)
    local seen <const>, alive = setmetatable({}, { __mode = "v" }), nil
    local function made(k)
      return nn.Lambda(function(v)
        local result <const> = v * 2
        if #v > 0 then seen[k] = result end
        return result
      end)
    end
    local joined <const> = made(1)(x) + made(2)(x)
    local model <const> = nn.Model { inputs = x, outputs = nn.Lambda(function(v)
      collectgarbage()
      alive = #v > 0 and (seen[1] ~= nil or seen[2] ~= nil)
      return v + 1
    end)(joined) }
    tocha.no_grad(function() return model(tocha.ones(64, 512)) end)
    assert.is_false(alive)
  end)

  it("names the layer in which an error arose", function()
    local x <const> = nn.Input(false)
    local model <const> = nn.Model { inputs = x, outputs = nn.Lambda(function(v)
      return #v == 5 and v:reshape(7, 7) or v
    end)(x) }
    assert.error_matches(function() model(tocha.ones(5, 2)) end,
      "in lambda_1 %(Lambda%) of Model")
  end)

  it("refuses what does not fit", function()
    local a <const>, b <const> = nn.Input(4, { name = "left" }), nn.Input(4)
    local model <const> = nn.Model { inputs = { a, b }, outputs = a + b }
    assert.error_matches(function() model(tocha.ones(2, 5), tocha.ones(2, 4)) end,
      "input 'left': expected a %(N, 4%) tensor, got %(2, 5%)")
    assert.error_matches(function() model(tocha.ones(2, 4)) end,
      "input 'input_1': expected a %(N, 4%) tensor, got nil")
    assert.error_matches(function() nn.Model { inputs = a, outputs = a + b } end,
      "need the input of shape %(N, 4%), which is not among")
    assert.error_matches(function() nn.Model { inputs = { a, a }, outputs = a * 2 } end, "twice")
    assert.error_matches(function() nn.Model { inputs = 3, outputs = a } end, "'inputs': expected")
    assert.error_matches(function() nn.Model { inputs = a } end, "'outputs': expected")
    local p <const>, q <const> = nn.Linear(4, 4), nn.Linear(4, 4)
    p.name, q.name = "fc", "fc"
    assert.error_matches(function() nn.Model { inputs = a, outputs = q(p(a)) } end,
      "two layers have the name 'fc'")
    q.name = "fc.2"
    assert.error_matches(function() nn.Model { inputs = a, outputs = q(p(a)) } end, "dots")
  end)

  it("refuses to be compared or counted", function()
    local a <const> = nn.Input(4)
    assert.error_matches(function() return a:sum() > 0 end, "%[compare%].*has no values")
    assert.error_matches(function() return 1 <= a end, "%[compare%].*has no values")
    assert.error_matches(function() return #a end, "dimension 1 is not known")
    assert.are.equal(3, #nn.Input(3, 4)[1])
  end)
end)
