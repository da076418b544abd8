-- Runs the cases that spec/golden/cases.py wrote: the module is made by the case's Lua code, gets
-- PyTorch's state dict, and must give PyTorch's results, gradients and losses in both precisions.

local tocha = require "tocha"
local json = require "tocha.io.json"

local cases <const> = {}
local TOLERANCE <const> = { float64 = 1e-10, float32 = 1e-5 }

-- x as one of `dtype`; integers stay.
local function as(x, dtype) return x:is_floating_point() and x:to(dtype) or x end

-- Relative to the largest element; small results may be off by the rounding of their terms.
local function compare(where, got, want, tolerance)
  assert(tocha.is_tensor(got), where .. ": there is none")
  assert(got:is_same_size(want), where .. ": another shape")
  if want:numel() == 0 then return end
  local off <const> = (got:detach():to "cpu":to "float64" - want:to "float64"):abs():max():item()
  local scale <const> = math.max(want:to "float64":abs():max():item(), 0.1)
  if off > tolerance * scale or off ~= off then
    error(("%s: off by %.3g of %.3g"):format(where, off, scale), 0)
  end
end

local function code(text) return load("local nn = ... return " .. text)(tocha.nn) end

-- What is stored of a case under a kind, by name.
local function of_kind(tensors, case, kind)
  local prefix <const>, found <const> = case.name .. "|" .. kind .. "|", {}
  for name, x in pairs(tensors) do
    if name:sub(1, #prefix) == prefix then found[name:sub(#prefix + 1)] = x end
  end
  return found
end

local function module_of(tensors, case, dtype)
  local module <const> = code(case.make):to(dtype)
  module:load_state_dict(of_kind(tensors, case, "state"))
  return (case.device and module:to(case.device) or module):eval()
end

local function inputs_of(tensors, case, dtype)
  local stored <const>, inputs <const> = of_kind(tensors, case, "input"), {}
  for k = 1, case.inputs do
    local x <const> = as(stored[tostring(k)], dtype):clone()
    inputs[k] = case.device and x:to(case.device) or x
  end
  return inputs
end

local function weighted_sum(outputs)
  local total
  for _, y in ipairs(outputs) do
    local w <const> = (tocha.arange(0, y:numel() - 1, { dtype = "float64" }) * 0.3 + 0.1):cos()
    local part <const> = (y:reshape(-1) * w:to(y.dtype):to(y.device)):sum()
    total = total and total + part or part
  end
  return total
end

local function each_gradient(tensors, case, module, inputs, f)
  local of <const> = {}
  for name, p in module:named_parameters() do of["grad|" .. name] = p end
  for k, x in ipairs(inputs) do of["input_grad|" .. k] = x end
  for _, kind in ipairs { "grad", "input_grad" } do
    for name, want in pairs(of_kind(tensors, case, kind)) do
      local x <const> = assert(of[kind .. "|" .. name], "no parameter " .. name)
      f(kind .. " " .. name, x.grad or tocha.zeros_like(x), want)
    end
  end
end

local function check_results(tensors, case, dtype)
  local module <const>, inputs <const> = module_of(tensors, case, dtype),
    inputs_of(tensors, case, dtype)
  for _, x in ipairs(inputs) do x:requires_grad_(x:is_floating_point()) end
  local outputs <const> = { code(case.call)(module, table.unpack(inputs)) }
  for k, want in pairs(of_kind(tensors, case, "output")) do
    compare("output " .. k, outputs[tonumber(k)], want, TOLERANCE[dtype])
  end
  weighted_sum(outputs):backward()
  each_gradient(tensors, case, module, inputs, function(where, got, want)
    compare(where, got, want, TOLERANCE[dtype])
  end)
end

local function check_losses(tensors, case, dtype)
  local module <const>, inputs <const> = module_of(tensors, case, dtype),
    inputs_of(tensors, case, dtype)
  local optimizer <const> = tocha.optim.SGD(module:parameters(), { lr = case.lr })
  local loss_of <const>, losses <const> = code(case.call), {}
  for k = 1, 10 do
    optimizer:zero_grad()
    local loss <const> = loss_of(module, table.unpack(inputs))
    loss:backward()
    optimizer:step()
    losses[k] = loss:item()
  end
  compare("losses", tocha.tensor(losses, { dtype = "float64" }), tensors[case.name .. "|losses"],
    TOLERANCE[dtype])
end

--- cases.of(path, device): an iterator of title, test: one for each case of a file and each
--- precision, on another device where one is given.
function cases.of(path, device)
  local tensors <const>, metadata <const> = tocha.load(path)
  local tests <const> = {}
  for _, case in ipairs(json.decode(metadata.cases)) do
    case.device = device
    local check <const> = case.lr and check_losses or check_results
    for dtype in pairs(TOLERANCE) do
      tests[case.name .. " in " .. dtype] = function() check(tensors, case, dtype) end
    end
  end
  return pairs(tests)
end

return cases
