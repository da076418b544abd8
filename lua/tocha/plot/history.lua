-- plot.history: how a training went, a plot for each quantity, with its validation beside it.

local core = require "tocha.core"
local Figure = require "tocha.plot.figure"
local values = require "tocha.plot.values"

local VALIDATION <const> = "val_"

-- Names without those of validation: the loss first, the others by the alphabet.
local function names_of(lists)
  local names <const> = {}
  for name, list in pairs(lists) do
    local base <const> = type(name) == "string" and name:gsub("^" .. VALIDATION, "")
    local only <const> = base and (base == name or lists[base] == nil)
    if only and type(list) == "table" and #list > 0 then names[#names + 1] = base end
  end
  table.sort(names, function(a, b)
    if (a == "loss") ~= (b == "loss") then return a == "loss" end
    return a < b
  end)
  return names
end

local function draw(axes, lists, name, epochs)
  local function curve(list, label, style)
    if not list then return end
    local xs <const> = #list == #(epochs or {}) and epochs or values.count(#list)
    axes:plot(xs, list, { label = label, marker = #list <= 30 and "o" or nil, markersize = 4,
      linestyle = style })
  end
  local validation <const> = lists[VALIDATION .. name]
  curve(lists[name], validation and "training" or nil)
  curve(validation, "validation", "--")
  axes.integer.x = true
  axes:set { title = (name:gsub("_", " ")), xlabel = "epoch" }
end

--- plot.history(history, {metrics =, yscale =, width =, height =, suptitle =}): a figure of a
--- training's history: of what `fit` returns, or of a table of lists by name. `loss` and `val_loss`
--- share a plot, as do other pairs; `metrics` (a list of names) chooses.
return function(history, options)
  options = options or {}
  if type(history) ~= "table" then
    core.fail("history", 1, "expected a history or a table of lists, got %s", type(history))
  end
  local lists <const> = type(history.history) == "table" and history.history or history
  local epochs <const> = type(history.epoch) == "table" and history.epoch or nil
  local names <const> = options.metrics or names_of(lists)
  if #names == 0 then core.fail("history", 1, "there is nothing in it yet") end
  for k, name in ipairs(names) do
    if not (lists[name] or lists[VALIDATION .. name]) then
      core.fail("history", "metrics", "there is no '%s' in it (name %d)", tostring(name), k)
    end
  end
  local cols <const> = math.min(#names, 3)
  local rows <const> = (#names + cols - 1) // cols
  local figure <const> = Figure(rows, cols, {
    width = options.width or math.max(480, 340 * cols), height = options.height or 300 * rows,
    suptitle = options.suptitle, yscale = options.yscale,
  })
  for k, name in ipairs(names) do draw(figure.axes[k], lists, name, epochs) end
  for k = #names + 1, rows * cols do figure.axes[k]:axis "off" end
  return figure
end
