-- What a module saves and loads: names as in PyTorch, so that weights from its model zoos fit.

local core = require "tocha.core"
local hooks = require "tocha.nn.hooks"
local plan = require "tocha.nn.state_plan"
local tensors = require "tocha.nn.tensors"

local state <const> = {}

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
      hooks.run(value, "save_pre", plan.inside(name))
      need_size(value, name)
      entered[#entered + 1] = { value, plan.inside(name) }
    elseif kind ~= "temporary" then
      dict[name] = value:detach()
    end
  end, prefix)
  for k = #entered, 1, -1 do hooks.run(entered[k][1], "save", dict, entered[k][2]) end
  return dict
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
  local strict <const> = options.strict ~= false
  local found <const> = plan.make(self, dict, options.prefix)
  if #found.shapes > 0 or strict and #found.missing + #found.unexpected > 0 then
    local title <const> = "the state dict does not fit this " .. getmetatable(self).__name
    core.fail("load_state_dict", nil, "%s", plan.text(title, found, strict))
  end
  return plan.apply(self, found, options.assign)
end

return state
