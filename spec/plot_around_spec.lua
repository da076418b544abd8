-- Figures as what is drawn: titles, legends, notes; histories; errors.

local tocha = require "tocha"
local layout = require "tocha.plot.layout"
local plot = tocha.plot
local common = require "spec.plot_support"

local items_of <const> = common.items_of
local plain <const> = common.plain
local ticks_of <const> = common.ticks_of
local near <const> = common.near
local line_through <const> = common.line_through

describe("what stands around", function()
  it("are nice ticks", function()
    local scale = require "tocha.plot.scale"
    local function ticks(...) return table.concat(select(2, scale.linear.ticks(...)), " ") end
    assert.equal("0 2 4 6 8 10", ticks(0, 10, 5))
    assert.equal("−1.0 −0.5 0.0 0.5 1.0", ticks(-1, 1, 4))
    assert.equal("0 250 500 750 1000", ticks(0, 1000, 3))
    assert.equal("0 2e6 4e6 6e6 8e6", ticks(0, 8e6, 4))
    assert.equal("0 1e-5 2e-5 3e-5", ticks(0, 3e-5, 3))
    assert.equal("1 2 3", ticks(1, 3, 9, true))
    local _, labels, minor = scale.log.ticks(1, 1000, 5)
    assert.equal("10⁰ 10¹ 10² 10³", table.concat(labels, " "))
    assert.equal(24, #minor)
    _, labels = scale.log.ticks(2, 60, 5)
    assert.equal("2 5 10 20 50", table.concat(labels, " "))
    assert.is_true(#(scale.log.ticks(1e-300, 1e300, 8)) <= 10)
  end)

  it("do not overlap, and stay on the page", function()
    for _, size in ipairs { { 640, 420 }, { 200, 150 }, { 1200, 300 } } do
      local fig = plot.figure { width = size[1], height = size[2], xlabel = "x", ylabel = "y" }
      fig:plot({ 123456.5, 123458.25 }, { -1e-3, 1e-3 })
      local list = layout.draw(fig, 1)
      local right = -math.huge
      for _, t in ipairs(list) do
        if t.kind == "text" then
          local w = list.text_width(t.text, t.size)
          assert.is_true(t.x > 0 and t.x < size[1] and t.y > 0 and t.y <= size[2])
          if t.role == "tick" and t.valign == "top" then
            assert.is_true(t.x - w / 2 > right)
            right = t.x + w / 2
          end
        end
      end
    end
  end)

  it("has fewer ticks where labels are long", function()
    local fig = plot.figure { width = 200, height = 150, xlim = { 1000000.25, 1000000.5 } }
    local list = layout.draw(fig, 1)
    local right = -math.huge
    for _, t in ipairs(list) do
      if t.kind == "text" and t.role == "tick" and t.valign == "top" then
        local w = list.text_width(t.text, t.size)
        assert.is_true(t.x - w / 2 > right)
        right = t.x + w / 2
      end
    end
    assert.is_true(right > 0)
  end)

  it("keeps the legend off the data", function()
    local function place(y)
      local fig = plot.figure():plot(y, { label = "y" })
      local box = items_of(fig, "rect", function(r) return r.role == "legend" end)[1]
      local _, plans = layout.draw(fig, 1)
      local b = plans[1].box
      return (box.y + box.h / 2 < b.y + b.h / 2 and "upper " or "lower ")
        .. (box.x + box.w / 2 > b.x + b.w / 2 and "right" or "left")
    end
    assert.equal("upper left", place { 1, 2, 3, 4, 5 })
    assert.equal("upper right", place { 5, 4, 3, 2, 1 })
    local fig = plot.figure { legend = "lower left" }:plot({ 5, 1 }, { label = "y" })
    local box = items_of(fig, "rect", function(r) return r.role == "legend" end)[1]
    assert.is_true(box.y > 200 and box.x < 200)
    fig:legend(false)
    assert.equal(0, #items_of(fig, "rect", function(r) return r.role == "legend" end))
    fig:legend "nowhere"
    assert.error_matches(function() fig:svg() end, "unknown place 'nowhere'")
  end)

  it("gives plots of one column the same width, and sizes their sum", function()
    local fig, axes = plot.subplots(2, 3, { suptitle = "six" })
    axes[1][1]:plot { 1e6, 2e6 }
    axes[2][1]:plot { 1, 2 }
    local list, plans = layout.draw(fig, 1)
    assert.equal(plans[1].box.x, plans[4].box.x)
    assert.equal(plans[1].box.w, plans[6].box.w)
    for _, plan in ipairs(plans) do
      assert.is_true(plan.box.x > 0 and plan.box.x + plan.box.w < list.width)
    end
    assert.equal(6, #fig.axes)
    local _, row = plot.subplots(1, 3)
    assert.equal(3, #row)
    local _, one = plot.subplots()
    assert.truthy(one.plot)
  end)

  it("has room for its labels beside the neighbour's box", function()
    local fig, axes = plot.subplots(1, 2)
    axes[1]:plot { 1, 2 }
    axes[2]:plot({ 100000.25, 100000.5 }):set_ylabel "a label"
    local list, plans = layout.draw(fig, 1)
    local b = plans[1].box
    for _, t in ipairs(list) do
      if t.kind == "text" and t.role == "tick" and t.halign == "right" and t.x > b.x + b.w then
        assert.is_true(t.x - list.text_width(t.text, t.size) > b.x + b.w)
      end
    end
  end)

  it("is set by matplotlib's names", function()
    local fig = plot.figure():plot { 1, 2 }
    fig:set_title "T":set_xlabel "X":set_ylabel "Y":set_xlim(0, 3)
    fig:set_xticks({ 1, 2 }, { "a", "b" })
    local texts = {}
    for _, t in ipairs(items_of(fig, "text")) do texts[t.text] = true end
    for _, name in ipairs { "T", "X", "Y", "a", "b" } do assert.is_true(texts[name]) end
    fig:axis "off"
    assert.equal(1, #items_of(fig, "text"))
  end)

  it("draws words and arrows", function()
    local fig = plot.figure { xlim = { 0, 1 }, ylim = { 0, 1 } }
    fig:text(0.5, 0.5, "two\nlines"):annotate("look", { xy = { 0.2, 0.2 }, xytext = { 0.6, 0.8 } })
    local words = items_of(fig, "text", plain)
    assert.same({ "two", "lines", "look" }, { words[1].text, words[2].text, words[3].text })
    local head = items_of(fig, "path", function(p) return p.closed and p.fill ~= nil end)[1]
    local x, y = ticks_of(fig)
    near(line_through(x, "0.0", "1.0")(0.2), head.paths[1][1])
    near(line_through(y, "0.0", "1.0")(0.2), head.paths[1][2])
  end)
end)

describe("a history", function()
  local lists = { loss = { 3, 2, 1 }, val_loss = { 4, 3, 2 }, accuracy = { 0.1, 0.5, 0.7 } }

  it("has a plot for each quantity, the loss first", function()
    for _, history in ipairs { lists, { history = lists, epoch = { 1, 2, 3 } } } do
      local fig = plot.history(history)
      assert.equal(2, #fig.axes)
      assert.equal("loss", fig.axes[1].props.title)
      assert.equal(2, #fig.axes[1].artists)
      assert.equal("accuracy", fig.axes[2].props.title)
    end
    assert.equal(1, #plot.history(lists, { metrics = { "accuracy" } }).axes)
    assert.error_matches(function() plot.history(lists, { metrics = { "mae" } }) end, "no 'mae'")
    assert.error_matches(function() plot.history {} end, "nothing in it")
  end)
end)

describe("errors", function()
  local fig
  before_each(function() fig = plot.figure() end)

  local function says(f, text) assert.error_matches(f, text, 1, true) end

  it("name the option, the argument and the remedy", function()
    says(function() plot.figure { titel = "x" } end, "unknown option 'titel'")
    says(function() plot.figure { width = 0 } end, "'width': expected 20 to 20000 points, got 0")
    says(function() plot.figure { xscale = "cubic" } end, "\"linear\" or \"log\", got cubic")
    says(function() fig:plot({ 1, 2 }, { 1, 2, 3 }) end, "[plot] argument 2: has 3 values, x has 2")
    says(function() fig:plot({ 1, 2 }, { colour = "red" }) end, "unknown option 'colour'")
    says(function() fig:plot({ 1, 2 }, { color = "redd" }) end, "\"redd\" is no color")
    says(function() fig:plot({ 1, 2 }, { linestyle = "~" }) end, "unknown linestyle '~'")
    says(function() fig:plot({ 1, 2 }, { linewidth = "thick" }) end,
      "'linewidth': expected a number")
    says(function() fig:plot({ 1, 2 }, { marker = "q" }) end, "unknown marker 'q'")
    says(function() fig:plot("abc") end, "expected a tensor or a list of numbers, got string")
    says(function() fig:plot({ a = 1 }) end, "expected a tensor or a list of numbers")
    says(function() fig:hist({ 1, 2 }, { bins = 0 }) end, "argument 'bins': expected a number")
    says(function() fig:hist({ 1, 2 }, { bins = { 1, 1 } }) end, "edges must grow")
    says(function() fig:axhline "x" end, "expected a number, got string")
    says(function() fig:set_xlim(0, 0 / 0) end, "expected finite numbers")
    says(function() fig:imshow(tocha.zeros(2, 2), { cmap = "jett" }) end, "unknown map 'jett'")
    says(function() fig:colorbar() end, "nothing here has a color map")
    says(function() plot.subplots(0, 1) end, "expected a number from 1 to 100, got 0")
    says(function() plot.figure { yscale = "log", ylim = { 0, 1 } }:plot { 1 }:svg() end,
      "a logarithmic axis has limits above 0")
  end)

  it("leave the figure as it was", function()
    pcall(fig.plot, fig, { 1, 2 }, { color = "redd" })
    assert.equal(0, #fig.axes[1].artists)
  end)
end)
