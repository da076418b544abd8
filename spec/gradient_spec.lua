-- Derived from the registry: gradients against finite differences, first and second order,
-- in float64.

local tocha = require "tocha"
local registry = require "tocha.op"
local support = require "spec.support"

local each_sample <const>, make <const>, title <const> = support.each_sample,
  support.make, support.title

local function differentiable(decl)
  if decl.grad == false or decl.class == "COMPARE" or decl.class == "BITS" then return false end
  if decl.pointwise then return decl.own_grad and decl.name ~= "copy" end
  return not decl.name:match "^empty" and not decl.random
end

-- The arguments with gradients wanted for the floating tensors, in lists too; nil when there is
-- none. What a declaration names as `constant` (the weights of classes, running estimates) has no
-- gradient.
local function wanting(decl, sample)
  local args, any = make(sample, "float64"), false
  local constant <const> = " " .. (decl.constant or "") .. " "
  for k = 1, args.n do
    local x = args[k]
    if tocha.is_tensor(x) and x:is_floating_point() and x:numel() > 0
      and not constant:find(" " .. decl.params[k].name .. " ", 1, true) then
      x:requires_grad_()
      any = true
    end
  end
  return any and args or nil
end

-- Without the results that have no gradient, where the declaration says which they are.
local function function_of(decl, n)
  return function(...)
    tocha.manual_seed(7)
    local results <const> = table.pack(registry.ops[decl.name](table.unpack({ ... }, 1, n)))
    return table.unpack(results, 1, decl.differentiable or results.n)
  end
end

local function results_want_grad(decl, args)
  for _, y in ipairs(support.call(decl, args)) do
    if tocha.is_tensor(y) and y.requires_grad then return true end
  end
  return false
end

local function checks(check, options)
  return function(decl, sample, k)
    it(title(decl, k), function()
      local args = wanting(decl, sample)
      if not args or not results_want_grad(decl, args) then return end
      check(function_of(decl, args.n), args, options)
    end)
  end
end

describe("gradients agree with finite differences:", function()
  each_sample(differentiable, checks(tocha.gradcheck))
end)

local function twice(d) return differentiable(d) and d.second ~= false end

describe("gradients of gradients agree with finite differences:", function()
  each_sample(twice, checks(tocha.gradgradcheck, { atol = 1e-4 }))
end)

describe("backward twice gives the same gradient:", function()
  each_sample(differentiable, function(decl, sample, k)
    it(title(decl, k), function()
      local function grads()
        local args = wanting(decl, sample)
        if not args or not results_want_grad(decl, args) then return {} end
        local total
        for _, y in ipairs(support.call(decl, args)) do
          if tocha.is_tensor(y) and y.requires_grad then
            total = total and total + y:sum() or y:sum()
          end
        end
        total:backward()
        local list = {}
        for j = 1, args.n do
          if tocha.is_tensor(args[j]) then list[#list + 1] = args[j].grad end
        end
        return list
      end
      support.assert_alike(grads(), grads())
    end)
  end)
end)
