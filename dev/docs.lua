-- Writes docs/ops.md: every operation with signature, formula, gradient, example; and the support
-- table.
-- bin/tocha dev/docs.lua docs/ops.md       (make docs)

require "tocha"
local registry = require "tocha.op"
local describe = require "tocha.describe"
package.path = (arg[0]:match "^(.*/)" or "") .. "?.lua;" .. package.path
local first_call = require "first_call"

local out <const> = {}
local function put(...) out[#out + 1] = string.format(...) end

local function sorted()
  local list <const> = { table.unpack(registry.list) }
  table.sort(list, function(a, b) return a.name < b.name end)
  return list
end

local function kind_of(decl)
  if decl.pointwise then return "elementwise" end
  if decl.view then return "view" end
  if decl.kernel then return "kernel `" .. decl.kernel .. "`" end
  return decl.run and "Lua over kernels" or "made of operations"
end

-- Does the operation take the first sample in this dtype?
local function takes(decl, dtype) return (first_call(decl, dtype)) end

local DTYPES <const> = { "float32", "float64", "float16", "bfloat16", "int64" }

local function support_row(decl)
  local marks <const> = {}
  for k, dtype in ipairs(DTYPES) do marks[k] = takes(decl, dtype) and "x" or "" end
  put("| %s | %s | %s | %s |", decl.name, kind_of(decl), describe.gradient_kind(decl),
    table.concat(marks, " | "))
end

-- The kernels that CUDA has not, from the back end's own list.
local function exceptions()
  local here <const>, names <const> = arg[0]:match "^(.*/)" or "", {}
  local file <close> = assert(io.open(here .. "../csrc/cuda/exceptions.def"))
  for name in file:read "a":gmatch "\nEXCEPTION%(([%w_]+)%)" do
    names[#names + 1] = "`" .. name .. "`"
  end
  return table.concat(names, ", ")
end

put "# Operations"
put ""
put("Written by `make docs` from the registry; do not edit. Each is a function of `tocha` and, but "
  .. "for those that")
put "make tensors, a method of tensors. Names and meanings are PyTorch's, counted from 1."
put ""
for _, decl in ipairs(sorted()) do
  put("## %s", decl.name)
  put ""
  put("`%s`", describe.signature(decl))
  put ""
  put("%s", decl.doc or "")
  local formula <const> = describe.formula(decl)
  if formula then put("\n`%s`", formula) end
  for _, line in ipairs(describe.gradients(decl)) do put("  \n`%s`", line) end
  local example <const> = describe.example(decl)
  put(example and "\n    %s\n" or "", example)
end

put "# What runs where"
put ""
put("On the CPU every operation runs; the columns say in which dtypes its first sample does. On "
  .. "CUDA every one runs too, in the same dtypes, by kernels of its own (of 16 bits without "
  .. "conversion) but for these, which the CPU computes over copies: " .. exceptions() .. ".")
put ""
put("| operation | runs as | gradient | %s |", table.concat(DTYPES, " | "))
put("|---|---|---|%s", ("---|"):rep(#DTYPES))
for _, decl in ipairs(sorted()) do support_row(decl) end
put ""

local path <const> = arg[1] or "docs/ops.md"
local file <close> = assert(io.open(path, "w"))
file:write(table.concat(out, "\n"))
print(("%s: %d operations"):format(path, #registry.list))
