-- When a profile records, by the number of steps.

local core = require "tocha.core"
local signature = require "tocha.signature"

local ARGS <const> = "wait = 0, warmup = 0, active = 1, times = 0, skip_first = 0"

local function check(plan)
  for _, name in ipairs { "wait", "warmup", "active", "times", "skip_first" } do
    local v <const> = plan[name]
    if math.type(v) ~= "integer" or v < (name == "active" and 1 or 0) then
      core.fail("schedule", name, "expected a count, got %s", tostring(v))
    end
  end
end

--- profiler.schedule{wait = 0, warmup = 0, active = 1, times = 0, skip_first = 0}: a function from
--- the number of steps done to "none", "warmup" (recorded and thrown away), "record", or "save",
--- for the last step of a record. After `skip_first` steps come `times` rounds (0: without end) of
--- `wait`, `warmup` and `active` steps.
return function(options)
  local plan <const> = {}
  signature.read(ARGS, "schedule", plan, options)
  check(plan)
  local round <const> = plan.wait + plan.warmup + plan.active
  return function(step)
    local done <const> = step - plan.skip_first
    if done < 0 or plan.times > 0 and done >= plan.times * round then return "none" end
    local place <const> = done % round
    if place < plan.wait then return "none" end
    if place < plan.wait + plan.warmup then return "warmup" end
    return place == round - 1 and "save" or "record"
  end
end
