-- The operators of tocha.onnx against the standard: every operator, in every version, with every
-- input and attribute (golden/onnx_schemas.py), and what the registry promises about itself.

local tocha = require "tocha"
local registry = require "tocha.onnx.registry"

local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/onnx_registry_spec.lua$"

-- { name, first, since, inputs = list of { name, mark }, attributes = name -> is it required? }
local function schemas()
  local list <const> = {}
  for line in io.lines(root .. "spec/golden/onnx_schemas.txt") do
    local name <const>, first <const>, since <const>, inputs <const>, attributes <const> =
      line:match "^(%S+) (%d+) (%d+); ([^;]*); (.*)$"
    local s <const> = { name = name, first = tonumber(first), since = since, inputs = {},
      attributes = {} }
    for input, mark in inputs:gmatch "([%w_]+)([?.]*)" do
      s.inputs[#s.inputs + 1] = { name = input, mark = mark }
    end
    for attribute, mark in attributes:gmatch "([%w_]+)(!?)" do s.attributes[attribute] = mark end
    list[#list + 1] = s
  end
  return list
end

-- What keeps a node that the schema allows from being read.
local function problem_of(s)
  local decl <const> = registry.by_name[s.name]
  if not decl then return "it is missing" end
  if decl.since > s.first then return "it is there from version " .. s.first end
  for name in pairs(s.attributes) do
    if not decl.attribute[name] then return "attribute " .. name end
  end
  for _, each in ipairs(decl.attributes) do
    if each.required and s.attributes[each.name] ~= "!" then return each.name .. " is optional" end
  end
  local last <const> = decl.inputs[#decl.inputs]
  if #s.inputs > #decl.inputs and not last.many then return #s.inputs .. " inputs" end
  for k, input in ipairs(decl.inputs) do
    local there <const> = s.inputs[k]
    if not input.optional and (not there or there.mark ~= "") then
      return "input " .. input.name .. " is optional"
    end
  end
end

describe("the registry of ONNX's operators", function()
  registry.load()

  it("has every operator of the standard, in all versions", function()
    local problems <const>, all <const> = {}, schemas()
    assert.is_true(#all > 600)
    for _, s in ipairs(all) do
      local problem <const> = problem_of(s)
      if problem then
        problems[#problems + 1] = ("%s, version %s: %s"):format(s.name, s.since, problem)
      end
    end
    assert.same({}, problems)
  end)

  it("is what docs/onnx-ops.md says", function()
    local function read(path)
      local file <close> = assert(io.open(path))
      return file:read "a"
    end
    local path <const> = os.tmpname()
    finally(function() os.remove(path) end)
    local command <const> = root .. "bin/tocha " .. root .. "dev/onnx-docs.lua " .. path
    assert.is_true(os.execute(command .. " >/dev/null"))
    assert.is_true(read(path) == read(root .. "docs/onnx-ops.md"), "make docs")
  end)

  it("says of each what it does", function()
    local operators <const> = tocha.onnx.operators()
    assert.is_true(#operators > 200)
    for _, decl in ipairs(operators) do
      assert.is_true(#decl.doc > 0, decl.name)
      assert.is_true(decl.types == nil or decl.types == "own" or decl.types == "none"
        or decl.types == "all", decl.name)
    end
  end)
end)

describe("regular expressions", function()
  local regex <const> = require "tocha.onnx.regex"

  -- expression, what matches, what does not
  local CASES <const> = {
    { "a|bc", { "a", "bc" }, { "ab", "abc", "", "b" } },
    { "a*b+c?", { "b", "aabbc" }, { "a", "aac", "bcc" } },
    { "(ab){2,3}", { "abab", "ababab" }, { "ab", "abababab", "aba" } },
    { "x{2}y{1,}", { "xxy", "xxyyyy" }, { "xy", "xx", "xxx" } },
    { "[a-c]+[^x-z]", { "abcd", "ab" }, { "x", "abx" } },
    { "[]a-]+", { "]a-" }, { "b" } },
    { "\\d+\\.\\w*", { "12.ab_3", "1." }, { "a.b", "12" } },
    { "[[:upper:]]\\s.", { "A x" }, { "a x", "A  x" } },
    { "^(?:a|b)*?$", { "", "abba" }, { "abc" } },
    { "(a*)*b", { "b", "aaab" }, { ("a"):rep(2000) } },
    { ".é.", { "aéb", "ééé" }, { "aeb" } },
    { "(\\W|^)[\\w.\\-]{0,25}@(yahoo|gmail)\\.com(\\W|$)", { "ana.b@gmail.com" },
      { "x@mail.com" } },
    { "a\\b.*", { "a b", "a" }, { "ab" } }, { "a\\B.*", { "ab" }, { "a b", "a" } },
  }

  it("match whole strings", function()
    for _, case in ipairs(CASES) do
      local test <const> = regex.compile(case[1])
      for _, text in ipairs(case[2]) do assert.is_true(test(text), case[1] .. " on " .. text) end
      for _, text in ipairs(case[3]) do assert.is_false(test(text), case[1] .. " on " .. text) end
    end
  end)

  it("that are wrong or too long are refused", function()
    for _, text in ipairs { "(a", "a)", "[a", "*", "a{3,2}", "\\", "\\qx", "(?i)a", "a{1001}",
      "((a{99}){99}){99}", ("("):rep(200) } do
      assert.error_matches(function() regex.compile(text) end, "the expression", nil, false)
    end
  end)
end)
