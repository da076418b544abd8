-- What a module saves and loads: names as in PyTorch, so that weights from its model zoos fit.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local rule = require "tocha.rule"
local tensors = require "tocha.nn.tensors"

local state <const> = {}

--- module:state_dict(prefix = ""): name -> tensor for all parameters and buffers. The tensors share
--- memory with the module and are off the tape.
function state.state_dict(self, prefix)
  local dict <const> = {}
  self:visit(function(name, value, kind)
    if kind == "module" and tensors.unsized(value) then
      core.fail("state_dict", nil, "'%s' (%s): its %s is not known before the first call", name,
        getmetatable(value).__name, tensors.unsized(value))
    end
    if kind == "parameter" or kind == "buffer" then dict[name] = value:detach() end
  end, prefix)
  return dict
end

-- ---- loading ------------------------------------------------------------------------------------

local function join(prefix, name) return prefix == "" and name or prefix .. "." .. name end

-- Sizes that were left out come from the weights.
local function size_lazy_modules(self, dict)
  self:visit(function(name, module, kind)
    if kind ~= "module" or not tensors.unsized(module) then return end
    local weight <const> = dict[join(name, module.lazy.key or "weight")]
    if core.is_tensor(weight) then module:set_size(module.lazy.of_weight(module, weight.shape)) end
  end)
end

-- What goes where, and what does not fit.
local function compare(self, dict)
  local plan <const> = { fits = {}, missing = {}, unexpected = {}, shapes = {}, known = {} }
  self:visit(function(name, value, kind)
    if kind ~= "parameter" and kind ~= "buffer" then return end
    plan.known[name] = true
    local given <const> = dict[name]
    if not core.is_tensor(given) then
      table.insert(plan.missing, name)
    elseif not given:is_same_size(value) then
      table.insert(plan.shapes, ("%s: %s in the state dict, %s in the module"):format(name,
        rule.text(given.shape), rule.text(value.shape)))
    else
      plan.fits[#plan.fits + 1] = { value, given }
    end
  end)
  for name in pairs(dict) do
    if not plan.known[name] then table.insert(plan.unexpected, tostring(name)) end
  end
  table.sort(plan.unexpected)
  return plan
end

-- ---- the report ---------------------------------------------------------------------------------

local MOST <const> = 20  -- names of a kind

local function section(lines, title, names)
  if #names == 0 then return end
  lines[#lines + 1] = ("  %s (%d):"):format(title, #names)
  for k = 1, math.min(#names, MOST) do lines[#lines + 1] = "    " .. names[k] end
  if #names > MOST then lines[#lines + 1] = ("    ... and %d more"):format(#names - MOST) end
end

-- Would the names fit without a common first part, such as "module."?
local function prefix_hint(lines, plan)
  local first <const> = plan.unexpected[1] and plan.unexpected[1]:match "^[^.]+%."
  if not first or #plan.missing == 0 then return end
  for _, name in ipairs(plan.unexpected) do
    if name:sub(1, #first) ~= first then return end
    if not plan.known[name:sub(#first + 1)] then return end
  end
  lines[#lines + 1] = ("  They would fit without '%s': give {prefix = '%s'}"):format(first, first)
end

local function report(self, plan, strict)
  local lines <const> = { "the state dict does not fit this " .. getmetatable(self).__name }
  if strict then
    section(lines, "missing: in the module only", plan.missing)
    section(lines, "unexpected: in the state dict only", plan.unexpected)
    prefix_hint(lines, plan)
  end
  section(lines, "of another shape", plan.shapes)
  return table.concat(lines, "\n")
end

local function without_prefix(dict, prefix)
  if not prefix then return dict end
  local rest <const> = {}
  for name, value in pairs(dict) do
    if type(name) == "string" and name:sub(1, #prefix) == prefix then
      rest[name:sub(#prefix + 1)] = value
    end
  end
  return rest
end

--- module:load_state_dict(dict, {strict = true, prefix = nil}): copies the values in. Under strict
--- every name must fit; shapes must always. Returns { missing = names, unexpected = names }.
--- Nothing is changed when there is an error.
function state.load_state_dict(self, dict, options)
  options = type(options) == "table" and options or { strict = options }
  if type(dict) ~= "table" then
    core.fail("load_state_dict", 1, "expected a table of tensors by name, got %s", type(dict))
  end
  dict = without_prefix(dict, options.prefix)
  size_lazy_modules(self, dict)
  local plan <const>, strict <const> = compare(self, dict), options.strict ~= false
  if #plan.shapes > 0 or strict and #plan.missing + #plan.unexpected > 0 then
    core.fail("load_state_dict", nil, "%s", report(self, plan, strict))
  end
  local _ <close> = autograd.no_grad()
  for _, pair in ipairs(plan.fits) do pair[1]:copy_(pair[2]) end
  return { missing = plan.missing, unexpected = plan.unexpected }
end

return state
