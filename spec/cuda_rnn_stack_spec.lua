-- Recurrent modules beside a stand-in for cuDNN (spec/cuda/fake_cudnn_rnn.h): which stacks it gets,
-- what happens where it refuses or fails.

local device = require "spec.cuda_support"
local stand_ins = require "spec.cuda_stand_ins"

local describe_cuda <const> = device.suite(describe, pending)
local LIBRARIES <const>, beside <const> = stand_ins.LIBRARIES, stand_ins.beside
local again <const>, it_beside <const> = stand_ins.again, stand_ins.it_beside(it, pending)

-- A stack and its gradients on the device against the CPU: "true", or the error.
local RECURRENT <const> = [[
  local function results(net, x)
    local y, state = net(x)
    ;(y:sum() + state[1]:pow(2):sum() + state[2]:sum()):backward()
    local list = { y, state[1], state[2] }
    for _, p in ipairs(net:parameters()) do list[#list + 1] = p.grad end
    return list
  end
  local here = tocha.nn.LSTM(3, 4, { num_layers = 2, bidirectional = true })
  local there = tocha.nn.LSTM(3, 4, { num_layers = 2, bidirectional = true })
  there:load_state_dict(here:state_dict())
  there:to "cuda"
  local x = tocha.randn(5, 2, 3)
  local function check()
    local want = results(here, x)
    for k, y in ipairs(results(there, x:to "cuda")) do
      if not y:to "cpu":allclose(want[k], 1e-4, 1e-5) then error("result " .. k .. " differs") end
    end
    return true
  end
  local ok, reason = pcall(check)
  print(ok or reason:match "%[rnn_stack.*" or reason)
  print(tocha.matmul(x, x:transpose(2, 3)):to "cuda":to "cpu":numel())]]

describe_cuda("beside cuDNN's recurrent layers", function()
  it_beside("modules are PyTorch's and the CPU's", function() again "cuda_rnn_modules" end)

  it_beside("a stack is one call in each direction, layers alone only around dropout", function()
    local _, noted <const> = beside [[
      local x = tocha.randn(5, 2, 3):to "cuda"
      local function run(kind, options)
        local net = tocha.nn[kind](3, 4, options):to "cuda"
        local y = net(x)
        y:sum():backward()
        local _ <close> = tocha.no_grad()
        net(x)
      end
      run("LSTM", { num_layers = 3, bidirectional = true })
      run("GRU", { num_layers = 2, dropout = 0.5 })
      run("RNN", { nonlinearity = "relu" })]]
    assert.equal("lstm 3 x 2, training\nlstm 3 x 2, data\nlstm 3 x 2, weights\n"
      .. "lstm 3 x 2, inference\n"
      .. ("gru 1 x 1, training\n"):rep(2) .. ("gru 1 x 1, data\ngru 1 x 1, weights\n"):rep(2)
      .. ("gru 1 x 1, inference\n"):rep(2)
      .. "relu 1 x 1, training\nrelu 1 x 1, data\nrelu 1 x 1, weights\nrelu 1 x 1, inference\n",
      noted)
  end)

  it_beside("weights without gradients get none, and float64 and TOCHA_CUDNN_RNN=off go to the own "
    .. "kernels", function()
    local _, noted <const> = beside [[
      local net = tocha.nn.LSTM(3, 4):to "cuda"
      for _, p in ipairs(net:parameters()) do p:requires_grad_(false) end
      local x = tocha.randn(5, 2, 3):to "cuda":requires_grad_()
      net(x):sum():backward()
      net:to "float64"(x:to "float64")]]
    assert.equal("lstm 1 x 1, training\nlstm 1 x 1, data\n", (noted:gsub("heur.*", "")))
    local text <const>, own <const> = beside(RECURRENT, LIBRARIES, "TOCHA_CUDNN_RNN=off")
    assert.equal("true\n20\n", text)
    assert.is_nil(own:find("lstm", 1, true))
  end)

  it_beside("what it refuses goes to the own kernels", function()
    for _, name in ipairs { "CreateTensorDescriptor", "CreateDropoutDescriptor",
      "CreateRNNDescriptor", "CreateRNNDataDescriptor", "SetTensorNdDescriptor",
      "SetDropoutDescriptor", "SetRNNDescriptor_v8", "SetRNNDataDescriptor",
      "GetRNNWeightSpaceSize", "GetRNNTempSpaceSizes" } do
      local text <const>, noted <const> = beside(RECURRENT, LIBRARIES,
        "TOCHA_FAKE_FAIL=cudnn" .. name)
      assert.equal("true\n20\n", text, name)
      assert.is_nil(noted:find("lstm", 1, true), name)
    end
  end)

  it_beside("what fails later is an error that names it, and the program goes on", function()
    for name, what in pairs { RNNForward = "[rnn_stack] cudnnRNNForward failed",
      RNNBackwardData_v8 = "cudnnRNNBackwardData_v8 failed",
      RNNBackwardWeights_v8 = "cudnnRNNBackwardWeights_v8 failed",
      GetRNNWeightParams = "cuDNN does not tell where", GetTensorSizeInBytes = "does not tell" } do
      local text <const> = beside(RECURRENT, LIBRARIES, "TOCHA_FAKE_FAIL=cudnn" .. name)
      assert.truthy(text:find(what, 1, true), text)
      assert.truthy(text:find "\n20\n$", text)
    end
  end)
end)
