-- module:load: weights from a file of any format into a module, and what came of it.

local core = require "tocha.core"
local signature = require "tocha.signature"
local plan = require "tocha.nn.state_plan"

local load <const> = {}

local DEEPEST <const> = 4  -- tables within tables in which the weights are looked for

-- ---- where in the file --------------------------------------------------------------------------
-- A file holds the tensors by name, or a checkpoint with that table somewhere in it, and the names
-- may have a first part of their own ("module." of DataParallel).

-- The first part that all names of tensors share, or nil.
local function common_first(dict)
  local first
  for name, x in pairs(dict) do
    if type(name) == "string" and core.is_tensor(x) then
      local own <const> = name:match "^[^.]+%."
      if not own or first and own ~= first then return nil end
      first = own
    end
  end
  return first
end

local function count(dict, prefix, names)
  local n = 0
  for name in pairs(names) do
    if core.is_tensor(dict[prefix .. name]) then n = n + 1 end
  end
  return n
end

local function consider(best, dict, prefix, path, names)
  local n <const> = count(dict, prefix, names)
  if n > best.count then best.count, best.dict, best.prefix, best.path = n, dict, prefix, path end
end

-- Tables may hold each other: each is looked at once.
local function search(best, t, path, names, depth)
  best.seen[t] = true
  for _, prefix in ipairs(best.given or { "", common_first(t) }) do
    consider(best, t, prefix, path, names)
  end
  if depth == DEEPEST then return end
  for key, value in pairs(t) do
    if type(value) == "table" and type(key) == "string" and not best.seen[value] then
      search(best, value, path == "" and key or path .. "." .. key, names, depth + 1)
    end
  end
end

-- The table of tensors that has most of the module's names.
local function find(self, object, options)
  local names <const> = {}
  self:visit(function(name, _, kind)
    if kind == "parameter" or kind == "buffer" then names[name] = true end
  end)
  local best <const> = { count = 0, dict = object, prefix = options.prefix or "", path = "",
    given = options.prefix and { options.prefix }, seen = {} }
  search(best, object, "", names, 1)
  return best
end

-- ---- the report ---------------------------------------------------------------------------------

local Report <const> = { __name = "tocha.nn.LoadReport" }
Report.__index = Report

local function title_of(report)
  local total <const> = #report.matched + #report.missing + #report.shapes
  local text = ("%s: %d of %d tensors from %s"):format(report.module, #report.matched, total,
    report.file)
  if report.path ~= "" then text = text .. (", its '%s'"):format(report.path) end
  if report.prefix ~= "" then text = text .. (", names without '%s'"):format(report.prefix) end
  return text
end

--- tostring(report): what matched, and the names of what did not.
function Report:__tostring() return plan.text(title_of(self), self, true) end

local function report_of(self, found, best, file)
  local matched <const> = {}
  for k, pair in ipairs(found.fits) do matched[k] = pair[3] end
  return setmetatable({ module = getmetatable(self).__name, file = file, matched = matched,
    missing = found.missing, unexpected = found.unexpected, shapes = found.shapes,
    path = best.path, prefix = best.prefix, known = found.known }, Report)
end

-- Counters of batches say nothing about results, and files of before 2018 or of other tools have
-- none.
local function is_complete(found)
  for _, name in ipairs(found.missing) do
    if not name:find "num_batches_tracked$" then return false end
  end
  return #found.unexpected + #found.shapes == 0
end

-- What the file holds, by this module's kind of names.
local function object_of(self, file)
  if type(file) == "table" and not file.torch_typename then return file end
  local object, rest = file, nil
  if type(file) == "string" then object, rest = require("tocha.io").load(file) end
  if type(object) ~= "table" then return object end
  if object.torch_typename then return require("tocha.io").t7.state_dict(object) end
  local topology <const> = type(rest) == "table" and rest.modelTopology
  if not topology then return object end
  local keras <const> = require "tocha.io.keras_state"
  return keras.named(self, keras.layers(object, topology.model_config or topology))
end

--- module:load(file, {strict = true, prefix = nil}): weights from a file that tocha.load reads, or
--- from the table that it gave. They are looked for in checkpoints too, and a first part that all
--- names share is left out. Returns a report { matched, missing, unexpected, shapes } that prints.
--- Under strict anything but a full match (counters of batches aside) is an error that prints it;
--- otherwise only what fits is loaded, and it is an error where nothing does. Nothing is changed
--- when there is an error.
function load.load(self, file, given)
  local options <const> = {}
  signature.read("strict = true, prefix = nil", "load", options, given or {})
  if options.prefix ~= nil and type(options.prefix) ~= "string" then
    core.fail("load", "prefix", "expected a text, got %s", type(options.prefix))
  end
  local object <const> = object_of(self, file)
  if type(object) ~= "table" then core.fail("load", 1, "%s holds no table of tensors", file) end
  local best <const> = find(self, object, options)
  local found <const> = plan.make(self, best.dict, best.prefix ~= "" and best.prefix or nil)
  local report <const> = report_of(self, found, best, type(file) == "table" and "a table" or file)
  if not is_complete(found) and (options.strict or #found.fits == 0) then
    core.fail("load", nil, "%s", tostring(report))
  end
  plan.apply(self, found)
  return report
end

return load
