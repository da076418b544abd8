-- Markers of lines stay inside the axes, as those of scatter do.

local tocha = require "tocha"
local layout = require "tocha.plot.layout"

local function markers_of(fig)
  for _, item in ipairs((layout.draw(fig, 1))) do
    if item.kind == "markers" then return item end
  end
end

describe("the markers of a line", function()
  local far <const> = { 0, 0.5, 3, 1, -7 }

  it("are left out beyond the limits", function()
    local fig = tocha.plot.figure { xlim = { 1, 5 }, ylim = { -0.1, 1.1 } }
    fig:plot(far, { marker = "o" })
    assert.equal(3, #markers_of(fig).xs)   -- 0, 0.5 and 1
  end)

  it("are all there without limits", function()
    assert.equal(5, #markers_of(tocha.plot.figure():plot(far, { marker = "o" })).xs)
  end)
end)
