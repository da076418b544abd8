-- Writes every operation with the arguments of its samples as JSON: what spec/golden/make.py reads.

local registry = require "tocha.op"
local support = require "spec.support"
local samples_of = require "spec.golden.samples"
local arguments = require "spec.golden.arguments"

local function params(decl)
  local parts <const> = {}
  for k, p in ipairs(decl.params) do parts[k] = ('["%s","%s"]'):format(p.name, p.code) end
  return "[" .. table.concat(parts, ",") .. "]"
end

local function samples(decl)
  local parts <const> = {}
  local list <const>, forward_only <const> = samples_of(decl)
  for k, sample in ipairs(list) do
    local text <const> = arguments.text(support.make(sample))
    parts[k] = ('\n  {"fingerprint":"%s","gradients":%s,"args":%s}'):format(
      arguments.fingerprint(text), tostring(not forward_only[k]), text)
  end
  return "[" .. table.concat(parts, ",") .. "]"
end

local ops <const> = {}
for k, decl in ipairs(registry.list) do
  ops[k] = ('{"name":"%s","random":%s,"params":%s,"samples":%s}'):format(decl.name,
    tostring(decl.random == true), params(decl), decl.random and "[]" or samples(decl))
end
print("[\n" .. table.concat(ops, ",\n") .. "\n]")
