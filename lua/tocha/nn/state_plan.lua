-- What of a table of tensors goes where in a module, what is missing and what does not fit: the
-- part that load_state_dict and load share.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local rule = require "tocha.rule"
local hooks = require "tocha.nn.hooks"
local tensors = require "tocha.nn.tensors"

local plan <const> = {}

local function join(prefix, name) return prefix == "" and name or prefix .. "." .. name end

--- plan.inside(name): "layer1." for the names of what the module "layer1" holds, as hooks get it.
function plan.inside(name) return name == "" and "" or name .. "." end

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
  local result <const> = { fits = {}, missing = {}, unexpected = {}, shapes = {}, known = {} }
  self:visit(function(name, value, kind)
    if kind ~= "parameter" and kind ~= "buffer" then return end
    result.known[name] = true
    local given <const> = dict[name]
    if not core.is_tensor(given) then
      table.insert(result.missing, name)
    elseif not given:is_same_size(value) then
      table.insert(result.shapes, ("%s: %s in the state dict, %s in the module"):format(name,
        rule.text(given.shape), rule.text(value.shape)))
    else
      result.fits[#result.fits + 1] = { value, given, name }
    end
  end)
  for name in pairs(dict) do
    if not result.known[name] then table.insert(result.unexpected, tostring(name)) end
  end
  table.sort(result.unexpected)
  return result
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
    if kind == "module" then hooks.run(module, "load_pre", rest, plan.inside(name)) end
  end)
  return rest
end

--- plan.make(module, dict, prefix): { fits = list of {tensor, given, name}, missing, unexpected,
--- shapes = lists of texts }. Hooks may rename what is in a copy of dict.
function plan.make(self, dict, prefix)
  dict = prepared(self, dict, prefix)
  size_lazy_modules(self, dict)
  return compare(self, dict)
end

-- ---- what was found, as text --------------------------------------------------------------------

local MOST <const> = 20  -- names of a kind

local function section(lines, title, names)
  if #names == 0 then return end
  lines[#lines + 1] = ("  %s (%d):"):format(title, #names)
  for k = 1, math.min(#names, MOST) do lines[#lines + 1] = "    " .. names[k] end
  if #names > MOST then lines[#lines + 1] = ("    ... and %d more"):format(#names - MOST) end
end

-- Would the names fit without a common first part, such as "module."?
local function prefix_hint(lines, found)
  local first <const> = found.unexpected[1] and found.unexpected[1]:match "^[^.]+%."
  if not first or #found.missing == 0 then return end
  for _, name in ipairs(found.unexpected) do
    if name:sub(1, #first) ~= first then return end
    if not found.known[name:sub(#first + 1)] then return end
  end
  lines[#lines + 1] = ("  They would fit without '%s': give {prefix = '%s'}"):format(first, first)
end

--- plan.text(title, found, strict): the title and what does not fit; without `strict` the shapes.
function plan.text(title, found, strict)
  local lines <const> = { title }
  if strict then
    section(lines, "missing: in the module only", found.missing)
    section(lines, "unexpected: in the state dict only", found.unexpected)
    prefix_hint(lines, found)
  end
  section(lines, "of another shape", found.shapes)
  return table.concat(lines, "\n")
end

-- ---- carrying it out ----------------------------------------------------------------------------

-- Copies, or takes over the memory and the dtype of what is given.
local function put(x, given, assign)
  if assign then core.set_data(x, given:detach()) else x:copy_(given) end
end

--- plan.apply(module, found, assign): puts what fits where it belongs; { missing, unexpected }.
function plan.apply(self, found, assign)
  local _ <close> = autograd.no_grad()
  for _, pair in ipairs(found.fits) do put(pair[1], pair[2], assign) end
  local result <const> = { missing = found.missing, unexpected = found.unexpected }
  for _, module in ipairs(self:modules()) do hooks.run(module, "load", result) end
  return result
end

return plan
