-- tocha.train: fit against the loop written by hand, what it takes and refuses, evaluate, predict.

local tocha = require "tocha"
local nn, optim, data, train = tocha.nn, tocha.optim, tocha.data, tocha.train

local function points(n)
  local x <const> = tocha.rand(n, 2) * 2 - 1
  return x, x:pow(2):sum(2):lt(0.6):long() + 1  -- class 2 inside a circle
end

local function new_net()
  return nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Dropout(0.2), nn.Linear(16, 2))
end

local function bytes_of(net)
  local parts <const> = {}
  for _, p in ipairs(net:parameters()) do parts[#parts + 1] = p:detach():to_bytes() end
  return table.concat(parts)
end

local function quiet(options)
  options.verbose = options.verbose or 0
  return options
end

-- Nets and data made from one seed; `run` gets them right after.
local function from_seed(run)
  tocha.manual_seed(3)
  local x <const>, y <const> = points(50)
  local net <const> = new_net()
  return run(net, x, y), net
end

describe("fit", function()
  it("equals the loop written by hand, bit for bit", function()
    local by_hand <const>, net <const> = from_seed(function(net, x, y)
      local criterion <const> = nn.CrossEntropyLoss()
      local optimizer <const> = optim.Adam(net:parameters(), { lr = 0.01 })
      local loader <const> = data.DataLoader(data.TensorDataset(x, y),
        { batch_size = 8, shuffle = true })
      local losses <const> = {}
      for epoch = 1, 4 do
        net:train()
        local total, seen = 0.0, 0
        for xb, yb in loader:batches() do
          optimizer:zero_grad()
          local loss <const> = criterion(net(xb), yb)
          loss:backward()
          optimizer:step()
          total, seen = total + loss:item() * #yb, seen + #yb
        end
        losses[epoch] = total / seen
      end
      return losses
    end)
    local history <const>, twin <const> = from_seed(function(other, x, y)
      other:compile { optimizer = { "adam", lr = 0.01 }, loss = "cross_entropy" }
      return other:fit(quiet { x = x, y = y, epochs = 4, batch_size = 8 })
    end)
    assert.are.same(by_hand, history.history.loss)
    assert.are.same({ 1, 2, 3, 4 }, history.epoch)
    assert.are.equal(bytes_of(net), bytes_of(twin))
  end)

  it("equals train.epoch and train.step", function()
    local function loader_of(x, y)
      return data.DataLoader(data.TensorDataset(x, y), { batch_size = 8, shuffle = true })
    end
    local losses <const>, net <const> = from_seed(function(net, x, y)
      local optimizer <const>, list <const> = optim.SGD(net:parameters(), { lr = 0.1 }), {}
      for epoch = 1, 3 do
        list[epoch] = train.epoch(net, nn.CrossEntropyLoss(), optimizer, loader_of(x, y))
      end
      return list
    end)
    local history <const>, twin <const> = from_seed(function(other, x, y)
      other:compile { optimizer = { "SGD", lr = 0.1 }, loss = nn.CrossEntropyLoss() }
      return other:fit(quiet { x = loader_of(x, y), epochs = 3 })
    end)
    assert.are.same(losses, history.history.loss)
    assert.are.equal(bytes_of(net), bytes_of(twin))
  end)
end)
