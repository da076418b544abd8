-- Writes docs/onnx-ops.md: the operators of ONNX that are read, from their registry.
-- bin/tocha dev/onnx-docs.lua docs/onnx-ops.md       (make docs)

local tocha = require "tocha"
local signature = require "tocha.signature"

local out <const> = {}
local function put(...) out[#out + 1] = string.format(...) end

local function inputs_of(decl)
  local parts <const> = {}
  for k, input in ipairs(decl.inputs) do
    parts[k] = input.name .. (input.many and "..." or input.optional and "?" or "")
  end
  return table.concat(parts, ", ")
end

local function attribute_text(each)
  if each.default ~= nil then return each.name .. " = " .. signature.text(each.default) end
  return each.name .. (each.required and "" or "?") .. ": " .. each.kind
end

local HIDDEN <const> = { consumed_inputs = true }  -- of the first version, without a meaning

local function attributes_of(decl)
  local parts <const> = {}
  for _, each in ipairs(decl.attributes) do
    if not HIDDEN[each.name] then parts[#parts + 1] = attribute_text(each) end
  end
  return table.concat(parts, ", ")
end

local function cell(text) return (text:gsub("|", "\\|"):gsub("<", "&lt;"):gsub("\n", " ")) end

local function domains()
  local names <const>, by_name <const> = {}, {}
  for _, decl in ipairs(tocha.onnx.operators()) do
    if not by_name[decl.domain] then
      by_name[decl.domain], names[#names + 1] = {}, decl.domain
    end
    table.insert(by_name[decl.domain], decl)
  end
  table.sort(names)
  return names, by_name
end

put "# ONNX: operators"
put ""
put("Written by `make docs` from the registry; do not edit. Graphs of "
  .. "`tocha.onnx.load` are made of these,")
put("in every version of the operator set up to 28; the column says in which an "
  .. "operator first was there.")
put("\"?\": may be left out. Each runs on both devices and, where it has a "
  .. "derivative, passes gradients on.")
put ""
put("Element types: bool, uint8, int8, int16, int32, int64, float16, bfloat16, "
  .. "float32, float64; by value in")
put("wider ones uint16, uint32, uint64, int4, uint4, int2, uint2, the four float8, "
  .. "float8e8m0, float4e2m1")
put("and strings. Complex numbers are not read.")

local names <const>, by_name <const> = domains()
for _, domain in ipairs(names) do
  put("\n## %s (%d)\n", domain == "" and "ai.onnx" or domain, #by_name[domain])
  put "| operator | since | inputs | attributes | what it is |"
  put "|---|---|---|---|---|"
  for _, decl in ipairs(by_name[domain]) do
    put("| %s | %d | %s | %s | %s |", decl.op_type, decl.since, cell(inputs_of(decl)),
      cell(attributes_of(decl)), cell((decl.doc:gsub("%.$", ""))))
  end
end
put ""

local path <const> = arg[1] or "docs/onnx-ops.md"
local file <close> = assert(io.open(path, "w"))
file:write(table.concat(out, "\n"))
print(("%s: %d operators"):format(path, #tocha.onnx.operators()))
