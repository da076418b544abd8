-- What a module saves and loads: names as in PyTorch, so that weights from its model zoos fit.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local rule = require "tocha.rule"
local hooks = require "tocha.nn.hooks"
local tensors = require "tocha.nn.tensors"

local state <const> = {}

local function join(prefix, name) return prefix == "" and name or prefix .. "." .. name end

-- "layer1." for the names of what the module "layer1" holds, as hooks get it.
local function inside(name) return name == "" and "" or name .. "." end

local function need_size(module, name)
  local field <const> = tensors.unsized(module)
  if not field then return end
  core.fail("state_dict", nil, "'%s' (%s): its %s is not known before the first call", name,
    getmetatable(module).__name, field)
end

--- module:state_dict(prefix = ""): name -> tensor for all parameters and buffers. The tensors share
--- memory with the module and are off the tape. Hooks of register_state_dict_pre_hook get (module,
--- prefix), those of register_state_dict_post_hook (module, dict, prefix) and may change dict.
function state.state_dict(self, prefix)
  local dict <const>, entered <const> = {}, {}
  self:visit(function(name, value, kind)
    if kind == "module" then
      hooks.run(value, "save_pre", inside(name))
      need_size(value, name)
      entered[#entered + 1] = { value, inside(name) }
    elseif kind ~= "temporary" then
      dict[name] = value:detach()
    end
  end, prefix)
  for k = #entered, 1, -1 do hooks.run(entered[k][1], "save", dict, entered[k][2]) end
  return dict
end

-- ---- loading ------------------------------------------------------------------------------------

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

-- A copy of the dict, without the prefix, as the modules' hooks want it.
local function prepared(self, dict, prefix)
  local rest <const> = {}
  for name, value in pairs(dict) do
    if type(name) ~= "string" or not prefix then
      rest[name] = value
    elseif name:sub(1, #prefix) == prefix then
      rest[name:sub(#prefix + 1)] = value
    end
  end
  self:visit(function(name, module, kind)
    if kind == "module" then hooks.run(module, "load_pre", rest, inside(name)) end
  end)
  return rest
end

-- Copies, or takes over the memory and the dtype of what is given.
local function put(x, given, assign)
  if assign then core.set_data(x, given:detach()) else x:copy_(given) end
end

--- module:load_state_dict(dict, {strict = true, prefix = nil, assign = false}): copies the values
--- in; with `assign` the parameters share the memory of the tensors in `dict` from then on, and
--- have their dtype. Under strict every name must fit; shapes must always. Returns { missing =
--- names, unexpected = names }. Nothing is changed when there is an error. Hooks of
--- register_load_state_dict_pre_hook get (module, dict, prefix) and may rename what is in this copy
--- of dict; those of register_load_state_dict_post_hook get (module, result).
function state.load_state_dict(self, dict, options)
  options = type(options) == "table" and options or { strict = options }
  if type(dict) ~= "table" then
    core.fail("load_state_dict", 1, "expected a table of tensors by name, got %s", type(dict))
  end
  dict = prepared(self, dict, options.prefix)
  size_lazy_modules(self, dict)
  local plan <const>, strict <const> = compare(self, dict), options.strict ~= false
  if #plan.shapes > 0 or strict and #plan.missing + #plan.unexpected > 0 then
    core.fail("load_state_dict", nil, "%s", report(self, plan, strict))
  end
  local _ <close> = autograd.no_grad()
  for _, pair in ipairs(plan.fits) do put(pair[1], pair[2], options.assign) end
  local result <const> = { missing = plan.missing, unexpected = plan.unexpected }
  for _, module in ipairs(self:modules()) do hooks.run(module, "load", result) end
  return result
end

return state
