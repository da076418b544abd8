-- Every workload of the benchmark runs, in small shapes and on our side only; the tables of both
-- sides have the same names.

package.path = "bench/?.lua;bench/ours/?.lua;" .. package.path

local rows = require "rows"
local race = require "race"
local report = require "report"
local workloads = require "init"
local stopwatch = require "stopwatch"
local verdicts = require "gpu.verdicts"

describe("a workload of the benchmark:", function()
  for _, row in ipairs(rows) do
    it(row.name .. " runs, and its numbers are finite", function()
      if row.name == "start" then return dofile "bench/ours/start.lua" end
      local work <const> = workloads[row.name](true)
      work.unit()
      local numbers <const> = work.check()
      assert.is_true(#numbers > 0)
      for _, v in ipairs(numbers) do assert.is_true(v == v and math.abs(v) < math.huge) end
    end)
  end

  it("has a line in the table, and the peer has a builder for it", function()
    local text = ""
    for _, file in ipairs { "ops", "prediction", "training" } do
      local source <close> = assert(io.open("bench/peer/" .. file .. ".py"))
      text = text .. source:read "a"
    end
    for name in pairs(workloads) do assert.is_table(rows[name], name) end
    for _, row in ipairs(rows) do
      local peer <const> = row.peer:gsub("mm_%d+", "mm_%%%%d")
      if row.name ~= "start" then
        assert.is_truthy(text:find("def " .. peer .. "(", 1, true)
          or text:find('"' .. peer:gsub("%%%%", "%%") .. '"', 1, true), row.name)
      end
    end
  end)
end)

describe("the benchmark's harness", function()
  it("compares numbers relatively, and a NaN differs", function()
    assert.is_nil(race.agree("1 2e5 0", "1.00001 2.00001e5 1e-9", 1e-4))
    assert.matches("number 2", race.agree("1 2", "1 2.1", 1e-4))
    assert.matches("number 1", race.agree("nan", "nan", 1e-4))
    assert.matches("1 numbers against 2", race.agree("1", "1 2", 1e-4))
  end)

  it("times a unit", function()
    local calls = 0
    local took <const> = stopwatch.measure(function() calls = calls + 1 end, 0.01)
    assert.is_true(took > 0 and took < 1e-3 and calls > 100)
  end)

  it("holds a ratio against the bars", function()
    local row <const> = { name = "x", what = "x", must = 2, aim = 4 }
    assert.equal("aim", report.verdict(row, 4))
    assert.equal("must", report.verdict(row, 2))
    assert.equal("**no**", report.verdict(row, 1.9))
    assert.equal("must", report.verdict({ must = 2, aim = "copy" }, 3, 0.5))
    assert.equal("aim", report.verdict({ must = 2, aim = "copy" }, 1, 0.95))
    assert.equal("", report.verdict({}, 3))
  end)

  it("lists the peer's forms", function()
    assert.equal("jit, 1 thread: 8.31 us; eager, 2 threads: 2.00 ms", report.forms {
      { label = "jit, 1 thread", seconds = 8.31e-6 },
      { label = "eager, 2 threads", seconds = 2e-3 } })
  end)

  it("writes a row", function()
    local line, ratio = report.row({ name = "x", what = "work", must = 2, aim = 4, flop = 1e6 },
      { mine = 1e-3, theirs = 3e-3, form = "eager", memory = 1 << 20, peer_memory = 2 << 20 },
      { flops = 1e10, bytes = 1e10 })
    assert.equal(3, ratio)
    assert.equal("| `x` work | 1.00 ms | 3.00 ms | eager | 3.00 | 2 x, 4 x | must | 10 % FLOP/s "
      .. "| 1 / 2 MB, aim |", line)
  end)
end)

describe("the GPU's benchmark", function()
  it("has every row on both sides", function()
    local source <close> = assert(io.open "bench/peer/gpu.py")
    local text <const> = source:read "a"
    local ours <close> = assert(io.open "bench/ours/gpu.lua")
    local mine <const> = ours:read "a"
    for _, row in ipairs(require "gpu.rows") do
      if row.name ~= "start" then
        assert.is_truthy(text:find("def " .. row.name .. "(", 1, true), row.name)
        assert.is_truthy(mine:find("workloads." .. row.name .. "(", 1, true), row.name)
      end
    end
  end)

  it("holds ratios, shares of a copy, seconds and memory against the bars", function()
    local result <const> = { mine = 1e-3, theirs = 2e-3, mode = "compiled+reduced",
      memory = 2 << 20, peer_memory = 1 << 20 }
    assert.equal("compiled 1.5 x: met, memory: **no**",
      verdicts.met({ eager = 3, compiled = 1.5 }, result))
    assert.equal("eager 3 x: **no**",
      verdicts.met({ eager = 3 }, { mine = 1, theirs = 2, mode = "eager" }))
    assert.equal("90 % of a copy, 85 %: met",
      verdicts.met({ share = 0.85, bytes = 900 }, { mine = 1 }, 1000))
    assert.equal("2 s: **no**", verdicts.met({ seconds = 2 }, { mine = 2.1 }))
    assert.equal("2 / 1", verdicts.memory(result.memory, result.peer_memory))
    assert.equal("500 images/s", verdicts.rate({ count = 5, unit = "images" }, 0.01))
  end)
end)
