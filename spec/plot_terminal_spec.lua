-- Plots in the terminal: drawings with characters as golden text, colours, and pictures between
-- escape codes, read back.

local tocha = require "tocha"
local screen = require "tocha.plot.screen"
local graphics = require "tocha.plot.graphics"
local plot = tocha.plot

local function drawn(fig, options)
  options.colors = options.colors or 0
  return "\n" .. fig:render(options) .. "\n"
end

describe("a drawing with characters", function()
  it("has axes, ticks, titles and curves in braille", function()
    local fig = plot.figure { title = "ramp", xlabel = "step", ylabel = "loss" }
    fig:plot({ 0, 10 }, { 0, 4 })
    assert.equal([[

                  ramp
loss
4┤                                ⢀⡠⠔⠂
 │                           ⢀⣀⠤⠒⠉⠁
 │                       ⣀⠤⠔⠊⠁
2┤                  ⣀⡠⠔⠒⠉
 │              ⣀⠤⠔⠊⠁
 │         ⢀⡠⠔⠒⠉
 │    ⢀⣀⠤⠒⠉⠁
0┤ ⠠⠔⠊⠁
 └─┬──────┬──────┬─────┬──────┬──────┬─
   0      2      4     6      8     10
                  step
]], drawn(fig, { width = 40, height = 13 }))
  end)

  it("tells curves apart by dashes and points by letters", function()
    local fig = plot.figure():plot({ 1, 2, 3 }, { label = "a" }):plot({ 3, 2, 1 }, { label = "b" })
    fig:scatter({ 1, 2, 3 }, { 2, 2, 2 }, { label = "c" })
    assert.equal([[

          ─── a   ╌╌╌ b   + c
3┤ ⠐⠢⠤ ⡀                         ⢀⣀⠤⠔⠂
 │     ⠈⠑ ⠤⢄                ⢀⡠⠤⠒⠊⠁
 │           ⠉⠒ ⢄⣀     ⣀⡠⠔⠒⠉⠁
2┤ +              ⣀⡱+⢊⣉              +
 │          ⢀⣀⠤⠔⠊⠉     ⠁⠐⠢⠄⢀⡀
 │     ⢀⡠⠤⠒⠊⠁               ⠈⠁⠐⠤⠄
1┤ ⠠⠔⠒⠉⠁                         ⠈⠉⠂⠠⠄
 └─┬────────┬───────┬───────┬────────┬─
  1.0      1.5     2.0     2.5      3.0
]], drawn(fig, { width = 40, height = 10 }))
  end)

  it("does without Unicode", function()
    local fig = plot.figure { yscale = "log" }:plot({ 1, 2, 3 }, { 1e-2, 1, 100 })
    assert.equal([[

 1e2+                    _--
    |                _--'
 1e0+           __--'
    |        _--'
    |    _--'
1e-2+ --'
    +-+---------+----------+-
      1         2          3
]], drawn(fig, { width = 30, height = 8, ascii = true }))
  end)

  it("has bars of blocks", function()
    local fig = plot.figure():bar({ "cat", "dog", "fox" }, { 3.5, 1, 2 })
    assert.equal([[

 │ ▄▄▄▄▄▄▄
 │ ███████
 │ ███████
2┤ ███████           ▂▂▂▂▂▂▂
 │ ███████           ███████
 │ ███████  ▂▂▂▂▂▂▂  ███████
 │ ███████  ███████  ███████
0┤ ███████  ███████  ███████
 └────┬────────┬────────┬────
     cat      dog      fox
]], drawn(fig, { width = 30, height = 10 }))
  end)

  it("has images in shades", function()
    local fig = plot.figure():imshow({ { 0, 1, 2 }, { 3, 4, 5 } }, { cmap = "gray" })
    assert.equal([[

 │                ░░░░░░░░
1┤                ░░░░░░░░
 │                ░░░░░░░░
 │                ░░░░░░░░
 │▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓████████
2┤▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓████████
 │▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓████████
 │▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓████████
 └───┬───────┬───────┬────
     1       2       3
]], drawn(fig, { width = 30, height = 10 }))
  end)

  it("has matrices with their numbers", function()
    local fig = plot.figure()
    fig:confusion({ { 5, 1 }, { 0, 4 } }, { "cat", "dog" }, { colorbar = false })
    assert.equal([[

true
   │            █████████████
cat┤      5     █████ 1 █████
   │            █████████████
   │████████████░░░░░░░░░░░░░
dog┤█████ 0 ████░░░░░ 4 ░░░░░
   │████████████░░░░░░░░░░░░░
   └──────┬───────────┬──────
         cat         dog
            predicted
]], drawn(fig, { width = 30, height = 10 }))
  end)

  it("has faint areas in scattered dots", function()
    local fig = plot.figure():fill_between({ 0, 1, 2 }, { 0, 2, 1 }, 0)
    assert.equal([[

2┤          ⠄⡀
 │        ⠄⡂⠅⡂⠅⡂⠄⡀
1┤       ⡂⠅⡂⠅⡂⠅⡂⠅⡂⠅⡂⠄⡀
 │     ⡂⠅⡂⠅⡂⠅⡂⠅⡂⠅⡂⠅⡂⠅⡂
 │   ⡀⠅⡂⠅⡂⠅⡂⠅⡂⠅⡂⠅⡂⠅⡂⠅⡂
0┤  ⠅⠂⠅⠂⠅⠂⠅⠂⠅⠂⠅⠂⠅⠂⠅⠂⠅⠂
 └┬─────────┬─────────┬
  0         1         2
]], drawn(fig, { width = 24, height = 8 }))
  end)

  it("has plots side by side", function()
    local fig, axes = plot.subplots(1, 2, { suptitle = "both" })
    axes[1]:plot { 1, 2 }
    axes[2]:hist { 1, 1, 2 }
    local lines = {}
    for line in fig:render({ width = 60, height = 12, colors = 0 }):gmatch "[^\n]*" do
      lines[#lines + 1] = line
    end
    assert.equal(12, #lines)
    assert.truthy(lines[1]:find "^ +both$")
    assert.equal(2, select(2, lines[11]:gsub("└", "")))
  end)

  it("is no wider and no higher than asked for", function()
    local fig = plot.figure { title = ("long "):rep(50), xlabel = ("x"):rep(90) }
    fig:set_ylabel(("y"):rep(90))
    fig:plot({ 1, 1e6 }, { 1e-9, 1 }, { label = ("z"):rep(200) }):heatmap(tocha.rand(3, 3))
    for _, size in ipairs { { 20, 6 }, { 37, 11 }, { 200, 50 } } do
      local text = fig:render { width = size[1], height = size[2], colors = 0 }
      local n = 0
      for line in (text .. "\n"):gmatch "(.-)\n" do
        n = n + 1
        assert.is_true(utf8.len(line) <= size[1])
      end
      assert.equal(size[2], n)
    end
    assert.error_matches(function() fig:render { width = 5 } end, "'width': expected 20 to 1000")
  end)

  it("is what print shows, without escapes where there is no terminal", function()
    local fig = plot.figure():plot { 1, 2 }
    assert.is_nil(tostring(fig):find "\27")
    assert.equal(tostring(fig), fig:render {})
  end)
end)

describe("colours", function()
  local function codes(colors)
    local fig = plot.figure():imshow(tocha.tensor { { { 255, 0, 0 } }, { { 0, 0, 255 } } }:byte())
    return fig:render { width = 20, height = 6, colors = colors }
  end

  it("are exact in 24 bits, upper half over lower", function()
    -- a red pixel over a blue one: in the middle row, or rows of one colour
    assert.truthy(codes(1 << 24):find("\27[38;2;255;0;0;48;2;255;0;0m▀", 1, true))
    assert.truthy(codes(1 << 24):find("\27[38;2;0;0;255;48;2;0;0;255m▀", 1, true))
  end)

  it("are two to a cell", function()
    local Cells = require "tocha.plot.cells"
    local cells = Cells(2, 1)
    cells:pixel(0, 0, { 255, 0, 0, 1 })
    cells:pixel(0, 1, { 0, 0, 255, 1 })
    cells:pixel(1, 1, { 1, 2, 3, 1 })
    assert.equal("\27[38;2;255;0;0;48;2;0;0;255m▀\27[38;2;1;2;3;49m▄\27[0m",
      cells:render { colors = 1 << 24 })
  end)

  it("are the nearest of 256", function()
    assert.truthy(codes(256):find("\27[38;5;196;48;5;196m▀", 1, true))
    assert.truthy(codes(256):find("\27[38;5;21;48;5;21m▀", 1, true))
  end)

  it("end with their line", function()
    for line in codes(256):gmatch "[^\n]+" do
      if line:find "\27" then assert.truthy(line:find "\27%[0m$") end
    end
  end)

  it("leave black lines in the terminal's own colour", function()
    local text = plot.figure():plot({ 1, 2 }, { color = "k" }):render { width = 20, height = 6,
      colors = 256 }
    assert.is_nil(text:find "\27")
  end)
end)

describe("what a terminal can", function()
  local function graphics_of(env) return screen.graphics(function(name) return env[name] end) end

  it("is told by its variables", function()
    assert.equal("none", graphics_of { TERM = "xterm-256color" })
    assert.equal("none", graphics_of {})
    assert.equal("kitty", graphics_of { TERM = "xterm-kitty" })
    assert.equal("kitty", graphics_of { TERM = "xterm-256color", KITTY_WINDOW_ID = "1" })
    assert.equal("sixel", graphics_of { TERM = "foot" })
    assert.equal("iterm", graphics_of { TERM = "xterm-256color", TERM_PROGRAM = "WezTerm" })
    assert.equal("none", graphics_of { TERM = "screen-256color", TERM_PROGRAM = "WezTerm" })
    assert.equal("none", graphics_of { TERM = "foot", TMUX = "/tmp/tmux-0/default" })
    assert.equal("sixel", graphics_of { TERM = "xterm", TOCHA_GRAPHICS = "sixel" })
  end)

  it("are colours, too", function()
    local function colors(env) return screen.colors(function(name) return env[name] end) end
    assert.equal(1 << 24, colors { COLORTERM = "truecolor" })
    assert.equal(256, colors { TERM = "xterm-256color" })
  end)
end)

describe("pictures between escape codes", function()
  -- The colours of a sixel text, by rows: { {r, g, b in percent}, ... }
  local function read_sixel(text)
    local body = assert(text:match "^\27Pq\"1;1;%d+;%d+(.*)\27\\$")
    local palette, rows, x, band, now = {}, {}, 1, 0, nil
    local at = 1
    local function put(letter, n)
      local bits = letter:byte() - 63
      for _ = 1, n do
        for k = 0, 5 do
          if bits >> k & 1 == 1 then
            rows[band * 6 + k + 1] = rows[band * 6 + k + 1] or {}
            rows[band * 6 + k + 1][x] = palette[now]
          end
        end
        x = x + 1
      end
    end
    while at <= #body do
      local _, last, a, b, c, d = body:find("^#(%d+);2;(%d+);(%d+);(%d+)", at)
      if last then palette[a] = { tonumber(b), tonumber(c), tonumber(d) } end
      if not last then
        _, last, a = body:find("^#(%d+)", at)
        now = last and a or now
      end
      if not last then
        _, last, a, b = body:find("^!(%d+)(.)", at)
        if last then put(b, tonumber(a)) end
      end
      if not last then
        last = at
        local letter = body:sub(at, at)
        if letter == "$" then x = 1
        elseif letter == "-" then x, band = 1, band + 1
        else put(letter, 1) end
      end
      at = last + 1
    end
    return rows
  end

  it("in sixel have every pixel", function()
    tocha.manual_seed(2)
    local x = (tocha.randint(0, 2, { 14, 23, 4 }) * 127):byte()
    x[{ 5, { 3, 20 }, {} }] = 254
    local rows, expected = read_sixel(graphics.sixel(x)), x:totable()
    assert.equal(14, #rows)
    for i = 1, 14 do
      for j = 1, 23 do
        for k = 1, 3 do assert.equal(expected[i][j][k] * 100 // 255, rows[i][j][k]) end
      end
    end
  end)

  it("in kitty's way come in chunks", function()
    local png = ("\0\1\2"):rep(3000)
    local chunks = {}
    for keys, body in graphics.kitty(png):gmatch "\27_G([^;]*);([^\27]*)\27\\" do
      chunks[#chunks + 1] = { keys, body }
    end
    assert.equal(3, #chunks)
    assert.equal("f=100,a=T,q=2,m=1", chunks[1][1])
    assert.equal("m=1", chunks[2][1])
    assert.equal("m=0", chunks[3][1])
    assert.equal(4096, #chunks[1][2])
    local all = chunks[1][2] .. chunks[2][2] .. chunks[3][2]
    assert.equal(require "tocha.plot.base64" (png), all)
    assert.truthy(graphics.kitty(("x"):rep(3072)):find "^\27_Gf=100,a=T,q=2,m=0;[^\27]*\27\\$")
  end)

  it("in iTerm2's way tell their size", function()
    assert.equal("\27]1337;File=inline=1;size=3:Zm9v\a", graphics.iterm "foo")
  end)

  it("are made when asked for", function()
    if not (pcall(require, "tocha.cairo") and pcall(require, "tocha.png")) then
      pending "libcairo or libpng is not here" return
    end
    local fig = plot.figure { width = 60, height = 50 }:plot { 1, 2 }
    assert.truthy(graphics.picture(fig, { graphics = "kitty" }):find "^\27_Gf=100")
    assert.truthy(graphics.picture(fig, { graphics = "sixel" }):find "^\27Pq")
    assert.truthy(graphics.picture(fig, { graphics = "iterm" }):find "^\27]1337")
    assert.is_nil(graphics.picture(fig, { graphics = "none" }))
    assert.error_matches(function() fig:show { graphics = "regis" } end, "unknown way 'regis'")
  end)
end)

describe("one line", function()
  it("makes a figure and shows it", function()
    local written, write = {}, io.write
    io.write = function(...)  -- luacheck: ignore
      for _, text in ipairs { ... } do written[#written + 1] = text end
    end
    local ok, problem = pcall(plot.plot, { 1, 2, 3 }, { title = "the title", color = "red" })
    io.write = write  -- luacheck: ignore
    assert(ok, problem)
    assert.truthy(table.concat(written):find "the title")
    assert.error_matches(function() plot.scatter({ 1 }, { 1 }, { colour = "red" }) end, "'colour'")
  end)
end)
