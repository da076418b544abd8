-- Plots: where things land on the page, what the pictures contain, and errors.

local tocha = require "tocha"
local plot = tocha.plot
local layout = require "tocha.plot.layout"

local function items_of(fig, kind)
  local found = {}
  for _, item in ipairs((layout.draw(fig, 1))) do
    if item.kind == kind then found[#found + 1] = item end
  end
  return found
end

-- The map from the page back to the data, from two ticks of each axis of the display list.
local function reader(fig)
  local _, plans = layout.draw(fig, 1)
  local plan = plans[1]
  local seen = require("tocha.plot.view").new(plan.found, plan.box, 1)
  return function(x, y) return seen.ix(x), seen.iy(y) end, plan
end

local function near(expected, got, tolerance)
  assert.is_true(math.abs(expected - got) <= (tolerance or 1e-9),
    ("expected %s, got %s"):format(expected, got))
end

describe("a figure", function()
  it("puts points where the axes' ticks say they are", function()
    local fig = plot.figure { xlim = { 0, 10 }, ylim = { -1, 1 } }
    fig:scatter({ 2, 5 }, { -0.5, 0.25 })
    local m = items_of(fig, "markers")[1]
    local back, plan = reader(fig)
    for k, at in ipairs { { 2, -0.5 }, { 5, 0.25 } } do
      local x, y = back(m.xs[k], m.ys[k])
      near(at[1], x)
      near(at[2], y)
    end
    local labels = {}
    for _, item in ipairs(items_of(fig, "text")) do labels[item.text] = item end
    near(m.xs[2] - m.xs[1], (labels["8"].x - labels["2"].x) / 2)
    near(plan.box.y + plan.box.h / 2, labels["0.0"].y)
  end)

  it("is well-formed SVG with its words escaped", function()
    local svg = plot.figure { title = "a < b & \"c\"" }:plot({ 1, 2 }, { label = "x > y" }):svg()
    assert.truthy(svg:find("a &lt; b &amp; &quot;c&quot;", 1, true))
    assert.truthy(svg:find("x &gt; y", 1, true))
  end)
end)
