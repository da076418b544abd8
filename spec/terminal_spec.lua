-- The terminal's abilities, progress bars; files written whole, the process.

local core = require "tocha.core"
local file = require "tocha.io.file"
local progress = require "tocha.progress"
local terminal = require "tocha.terminal"

-- A file that keeps what is written, and how often.
local function sink()
  local out <const> = { text = "", writes = 0 }
  function out:write(...)
    self.text, self.writes = self.text .. table.concat { ... }, self.writes + 1
  end
  function out.flush() end
  return out
end

local function ticking(step)
  local now = 0
  return function()
    now = now + step
    return now
  end
end

local function last_line(out) return out.text:match "\r([^\r]-)\27%[K$" end

local function bar_on(out, columns, utf8, step)
  return progress.bar(10, "epoch 1", { file = out, live = true, columns = columns, utf8 = utf8,
    color = false, clock = ticking(step or 1) })
end

-- What Lua prints in a shell with these variables set.
local function printed(variables, code)
  local command <const> = ("%s lua5.4 -e 'package.path, package.cpath = %q, %q %s'"):format(
    variables, package.path, package.cpath, code)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "a"
end

describe("a progress bar", function()
  it("redraws one line: bar, share, rate, time left, note", function()
    local out <const> = sink()
    local bar <const> = bar_on(out, 80, true)
    for _ = 1, 4 do bar:step "loss 0.5" end
    -- the clock was read once at the start and twice a step: 8 seconds when the 4th is drawn
    assert.are.equal("epoch 1 ▕" .. ("█"):rep(12) .. (" "):rep(18)
      .. "▏  40 %  2.0 s each  0:12  loss 0.5", last_line(out))
    assert.are.equal(4, out.writes)
  end)

  it("has a smooth tip in UTF-8, and ASCII elsewhere", function()
    local smooth <const>, plain <const> = sink(), sink()
    bar_on(smooth, 80, true):step()
    assert.is_truthy(smooth.text:find("▕███ ", 1, true))
    local odd <const> = progress.bar(16, "", { file = smooth, live = true, columns = 80,
      utf8 = true, color = false, clock = ticking(1) })
    odd:step()
    assert.is_truthy(smooth.text:find("▕█▉ ", 1, true))
    bar_on(plain, 80, false):step()
    assert.is_truthy(plain.text:find("[===>..........................]", 1, true))
    assert.is_nil(plain.text:find "[\x80-\xff]")
  end)

  it("is never wider than the terminal", function()
    for _, columns in ipairs { 12, 25, 40, 60, 80, 200 } do
      for _, utf8 in ipairs { true, false } do
        local out <const> = sink()
        local bar <const> = bar_on(out, columns, utf8)
        bar:step "loss 0.1234  accuracy 0.9876  größe 1"
        local width <const> = terminal.width(last_line(out))
        assert.is_true(width < columns, ("%d in %d"):format(width, columns))
      end
    end
  end)

  it("draws ten times a second at most, and the last step always", function()
    local out <const> = sink()
    local bar <const> = bar_on(out, 80, true, 0.01)
    for _ = 1, 10 do bar:step() end
    assert.are.equal(2, out.writes)
    assert.is_truthy(last_line(out):find("100 %", 1, true))
  end)

  it("gives way to its last line; elsewhere than on a terminal that is all", function()
    local live <const>, plain <const> = sink(), sink()
    bar_on(live, 80, true):finish "done"
    assert.are.equal("\rdone\27[K\n", live.text)
    local bar <const> = progress.bar(2, "epoch 1", { file = plain, live = false })
    bar:step()
    bar:step()
    bar:finish "done"
    assert.are.equal("done\n", plain.text)
  end)

  it("ends its line when an error passes", function()
    local out <const> = sink()
    pcall(function()
      local bar <close> = bar_on(out, 80, true)
      bar:step()
      error "no"
    end)
    assert.is_truthy(out.text:find "\27%[K\n$")
    local quiet <const> = sink()
    do local bar <close> = bar_on(quiet, 80, true) bar:finish "x" end
    assert.are.equal("\rx\27[K\n", quiet.text)
  end)

  it("counts where the total is not known", function()
    local out <const> = sink()
    local bar <const> = progress.bar(nil, "reading", { file = out, live = true, columns = 80,
      clock = ticking(0.25) })
    bar:step()
    assert.are.equal("reading  1  2.0/s", last_line(out))
  end)

  it("writes durations", function()
    assert.are.equal("0:07", progress.duration(7.2))
    assert.are.equal("12:31", progress.duration(751))
    assert.are.equal("1:02:03", progress.duration(3723))
  end)
end)

describe("the terminal", function()
  local ask <const> = 'local t = require "tocha.terminal" io.write(tostring(t.%s), " ")'

  local function answer(variables, what) return printed(variables, ask:format(what)) end

  it("is as wide as COLUMNS says, else 80 where there is no window", function()
    assert.are.equal("33 ", answer("COLUMNS=33", "columns()"))
    assert.are.equal("80 ", answer("COLUMNS=", "columns()"))
    assert.are.equal("80 ", answer("COLUMNS=-4", "columns()"))
  end)

  it("takes UTF-8 where the locale says so", function()
    assert.are.equal("true ", answer("LC_ALL= LC_CTYPE= LANG=en_US.UTF-8", "is_utf8()"))
    assert.are.equal("true ", answer("LC_ALL=C.utf8 LANG=C", "is_utf8()"))
    assert.are.equal("false ", answer("LC_ALL=C LANG=en_US.UTF-8", "is_utf8()"))
    assert.are.equal("false ", answer("LC_ALL= LC_CTYPE= LANG=", "is_utf8()"))
  end)

  it("is none in a pipe", function()
    assert.are.equal("false ", answer("TERM=xterm", "is_terminal()"))
    assert.are.equal("false ", answer("TERM=xterm", "has_color()"))
  end)

  it("counts characters, not bytes or escapes", function()
    assert.are.equal(5, terminal.width "größe")
    assert.are.equal(2, terminal.width "\27[36mab\27[0m")
  end)
end)

describe("a file written whole", function()
  local path <const> = os.tmpname()
  after_each(function() os.remove(path) end)

  local function content()
    local handle <close> = io.open(path, "rb")
    return handle and handle:read "a"
  end

  it("is on the disk before it gets its name, and takes over what a kill left beside it", function()
    local beside <const> = path .. ".tmp"
    do local left <close> = io.open(beside, "w") left:write "a longer rest" end
    local options <const> = { sync = true, beside = beside }
    file.replace("test", path, function(handle) handle:write "one" end, options)
    assert.are.equal("one", content())
    assert.is_false(file.exists(beside))
    assert.error_matches(function()
      file.replace("test", path, function(handle)
        handle:write "half"
        error("no more", 0)
      end, options)
    end, "%[test%].*no more")
    assert.are.equal("one", content())
    assert.is_false(file.exists(beside))
  end)

  it("is cut", function()
    do local handle <close> = io.open(path, "w") handle:write "abcdef" end
    assert.is_true(core.truncate_file(path, 2))
    assert.are.equal("ab", content())
    assert.has_error(function() core.truncate_file(path, -1) end)
    local ok <const>, problem <const> = core.truncate_file("/nowhere/x", 0)
    assert.is_nil(ok)
    assert.is_truthy(problem:find("/nowhere/x", 1, true))
  end)
end)

describe("the process", function()
  it("has a number and a machine", function()
    local pipe <close> = io.popen "echo $PPID"
    assert.are.equal(core.process_id(), pipe:read "n")
    assert.is_truthy(#core.host_name() > 0)
  end)
end)
