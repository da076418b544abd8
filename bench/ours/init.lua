-- Our side of the benchmark: every workload by name, a function of `small` (true: shapes for a
-- spec). It returns { unit = a function that does `inner` units of work, inner = 1, check = a
-- function to a list of numbers on which both sides must agree }.

local workloads <const> = {}

for _, file in ipairs { "training", "prediction", "ops" } do
  for name, make in pairs(require(file)) do workloads[name] = make end
end

return workloads
