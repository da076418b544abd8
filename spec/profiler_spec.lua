-- tocha.profiler: what is counted, how events nest, the table, the trace, schedules; and that
-- nothing stays behind.

local tocha = require "tocha"
local core = require "tocha.core"
local json = require "tocha.io.json"
local averages = require "tocha.profiler.averages"

local nn <const>, profiler <const> = tocha.nn, tocha.profiler

-- The rows by name; of several of one name the last.
local function by_name(prof, options)
  local rows <const> = {}
  for _, row in ipairs(prof:key_averages(options)) do rows[row.name] = row end
  return rows
end

local function names(prof)
  local list <const> = {}
  for k, event in ipairs(prof:events()) do list[k] = event.name end
  return table.concat(list, " ")
end

local function make_step()
  local net <const> = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))
  local optimizer <const> = tocha.optim.SGD(net:parameters(), { lr = 0.1 })
  local x <const>, y <const> = tocha.randn(3, 4), tocha.randn(3, 2)
  return function()
    optimizer:zero_grad()
    nn.MSELoss()(net(x), y):backward()
    optimizer:step()
  end
end

describe("a profile", function()
  it("counts operations and their bytes", function()
    local x <const> = tocha.ones(10000)
    local rows <const> = by_name(profiler.profile(function()
      for _ = 1, 3 do local _ = x:exp() + 1 end
    end))
    assert.equal(3, rows.exp.calls)
    assert.equal(3, rows.add.calls)
    assert.is_true(rows.exp.allocated >= 3 * 40000 and rows.exp.allocated < 3 * 60000)
    assert.is_true(rows.exp.self_time > 0 and rows.exp.self_time == rows.exp.total_time)
  end)

  it("records forward, backward by the operation's name, and the optimiser", function()
    local rows <const> = by_name(profiler.profile(make_step()))
    for _, name in ipairs { "linear", "linear backward", "tanh backward", "mse_loss backward",
      "backward", "SGD.step", "accumulate" } do
      assert.is_table(rows[name], name)
    end
    assert.equal(2, rows.linear.calls)
    assert.equal(2, rows["linear backward"].calls)
    assert.equal("backward", rows["tanh backward"].kind)
  end)

  it("splits rows by module, backward too, and by input shapes", function()
    local prof <const> = profiler.profile(make_step(), { record_shapes = true })
    local found <const> = {}
    for _, row in ipairs(prof:key_averages { group_by_module = true }) do
      found[row.name .. " @" .. row.module] = true
    end
    assert.is_true(found["linear @Sequential.0"] and found["linear @Sequential.2"])
    assert.is_true(found["linear backward @Sequential.0"])
    assert.is_true(found["tanh backward @Sequential.1"])
    for _, event in ipairs(prof:events()) do
      if event.name == "tanh" then assert.equal(event.shapes, event.results) end
    end
    local shapes <const> = {}
    for _, row in ipairs(prof:key_averages { group_by_input_shape = true }) do
      if row.name:find "^linear" then shapes[#shapes + 1] = row.name .. " " .. row.shapes end
    end
    table.sort(shapes)
    assert.same({ "linear (3, 4) (8, 4) (8)", "linear (3, 8) (2, 8) (2)",
      "linear backward (3, 2)", "linear backward (3, 8)" }, shapes)
  end)

  it("nests: what is inside is not self time", function()
    local prof <const> = profiler.profile(function()
      profiler.record_function("outer", function()
        local _ <close> = profiler.record_function "inner"
        for _ = 1, 50 do tocha.ones(100):exp() end
      end)
    end)
    local rows <const> = by_name(prof)
    assert.is_true(rows.outer.total_time >= rows.inner.total_time)
    assert.is_true(rows.outer.self_time < rows.inner.total_time)
    local sum = 0
    for _, row in ipairs(prof:key_averages()) do sum = sum + row.self_time end
    assert.near(rows.outer.total_time, sum, 1e-9)
    local events <const> = prof:events()
    assert.equal("outer", events[events[2].parent].name)
  end)

  it("counts the total of what calls itself once", function()
    local function event(parent, start, duration)
      return { name = "f", kind = "op", parent = parent, start = start, duration = duration,
        allocated = 0 }
    end
    local rows <const> = averages.rows(averages.complete {
      event(0, 0, 10), event(1, 1, 6), event(2, 2, 3), event(0, 20, 1) }, {})
    assert.equal(1, #rows)
    assert.equal(11, rows[1].total_time)
    assert.equal(11, rows[1].self_time)
    assert.equal(4, rows[1].calls)
  end)

  it("goes on after an error in an operation, a module and a backward pass", function()
    local failing <const> = nn.Sequential(nn.Linear(3, 2), nn.Linear(5, 2))
    local prof <const> = profiler.profile(function()
      pcall(tocha.mm, tocha.ones(2, 3), tocha.ones(2, 3))
      pcall(failing, tocha.ones(1, 3))
      tocha.ones(2):exp()
    end)
    for _, event in ipairs(prof:events()) do
      if event.name == "exp" then assert.equal(0, event.parent) end
    end
    assert.matches("exp$", names(prof))
  end)

  it("leaves nothing behind, also when the function fails", function()
    local message <const> = select(2, pcall(profiler.profile, function() error "mine" end))
    assert.matches("mine", message)
    assert.is_nil(core.profile_scope)
    assert.is_nil(core.tracing())
    assert.is_false(require "tocha.nn.hooks".any)
    assert.equal(0, core.profile_enter "outside")
    assert.equal("", names(profiler.profile(function() end)))
  end)

  it("is one at a time", function()
    local prof <close> = profiler.profile()
    assert.error_matches(function() profiler.profile() end, "a profile is recording")
    assert.error_matches(function() prof:start() end, "a profile is recording")
    assert.equal(prof, profiler.active())
    prof:stop()
    prof:stop()
    assert.is_nil(profiler.active())
  end)

  it("shows a recorded step as one event", function()
    local double <const> = tocha.graph(function(x) return (x * 2):exp() end)
    local x <const> = tocha.ones(3)
    for _ = 1, 3 do double(x) end
    assert.equal("recorded step", names(profiler.profile(function() double(x) end)))
  end)

  it("knows the peak of memory", function()
    local prof <const> = profiler.profile(function()
      local _ = tocha.ones(1 << 20) + 1
    end)
    assert.is_true(prof.peak_memory >= 8 << 20)
  end)
end)

describe("a profile's table", function()
  local prof <const> = profiler.profile(make_step(), { record_shapes = true })

  it("is what print shows", function()
    local text <const> = tostring(prof)
    assert.matches("^name +calls +self +total +mean +allocated\n", text)
    assert.matches("\nlinear +2 ", text)
    assert.matches("recorded, .* in operations; at most .* in use$", text)
  end)

  it("is sorted and cut", function()
    local text <const> = prof:table { sort_by = "name", row_limit = 2 }
    assert.matches("^name[^\n]*\nSGD.step [^\n]*\naccumulate [^\n]*\n[^\n]*$", text)
    assert.matches("\naccumulate ", prof:table { sort_by = "count", row_limit = 1 })
    assert.matches("input shapes *module\n", prof:table { group_by_input_shape = true,
      group_by_module = true })
    assert.error_matches(function() prof:table { sort_by = "colour" } end, "sort_by")
    assert.error_matches(function() prof:table { sorted = "name" } end, "unknown option")
  end)
end)

describe("a profile's trace", function()
  it("is what Perfetto reads: complete events that nest, in microseconds", function()
    local step <const> = make_step()
    local prof <const> = profiler.profile(function()
      profiler.record_function('a "quoted" name', step)
    end)
    local path <const> = os.tmpname()
    prof:export_chrome_trace(path)
    local file <close> = assert(io.open(path))
    local trace <const> = assert(json.decode(file:read "a"))
    os.remove(path)
    assert.equal("ms", trace.displayTimeUnit)
    assert.equal(#prof:events() + 1, #trace.traceEvents)
    local whole <const> = trace.traceEvents[2]
    assert.equal('a "quoted" name', whole.name)
    for k = 2, #trace.traceEvents do
      local event <const> = trace.traceEvents[k]
      assert.equal("X", event.ph)
      assert.is_true(event.ts >= 0 and event.dur >= 0)
      assert.is_true(event.ts + event.dur <= whole.ts + whole.dur + 1e-3)
    end
  end)

  it("says where it cannot be written", function()
    local prof <const> = profiler.profile(function() end)
    assert.error_matches(function() prof:export_chrome_trace "/nowhere/at/all" end,
      "export_chrome_trace.*/nowhere")
  end)
end)

describe("a schedule", function()
  it("says what each step is", function()
    local plan <const> = profiler.schedule { skip_first = 1, wait = 1, warmup = 1, active = 2,
      times = 2 }
    local list <const> = {}
    for step = 0, 10 do list[#list + 1] = plan(step) end
    assert.same({ "none", "none", "warmup", "record", "save", "none", "warmup", "record", "save",
      "none", "none" }, list)
    assert.error_matches(function() profiler.schedule { active = 0 } end, "active")
  end)

  it("records the active steps and calls back", function()
    local seen <const>, x <const> = {}, tocha.ones(4)
    local prof <close> = profiler.profile {
      schedule = profiler.schedule { wait = 1, warmup = 1, active = 2, times = 2 },
      on_trace_ready = function(p)
        local rows <const> = by_name(p)
        seen[#seen + 1] = ("%d %d"):format(rows.exp.calls, rows["ProfilerStep*"].calls)
      end,
    }
    for _ = 1, 10 do
      x:exp()
      prof:step()
    end
    assert.same({ "2 2", "2 2" }, seen)
  end)

  it("is called back with what there is when the program ends early", function()
    local calls = 0
    local prof <const> = profiler.profile { schedule = profiler.schedule { active = 5 },
      on_trace_ready = function() calls = calls + 1 end }
    prof:step()
    prof:stop()
    assert.equal(1, calls)
  end)
end)

describe("record_function", function()
  it("is nothing while nothing records, and returns what the function does", function()
    assert.equal(3, profiler.record_function("sum", function(a, b) return a + b end, 1, 2))
    local scope <close> = profiler.record_function "alone"
    assert.is_table(scope)
    assert.error_matches(function() profiler.record_function(3) end, "expected a string")
  end)

  it("may outlive the record it began in", function()
    local scope
    profiler.profile(function() scope = profiler.record_function "early" end)
    local prof <const> = profiler.profile(function()
      local _ <close> = profiler.record_function "late"
      getmetatable(scope).__close(scope)
      tocha.ones(2):exp()
    end)
    local events <const> = prof:events()
    assert.equal(1, events[#events].parent)
  end)
end)
