-- A program (program.lua) as one Lua file that needs nothing but Lua 5.1 or later, LuaJIT included:
--
--     local model = require "model"
--     local scores = model(numbers)          -- a flat table; model(numbers, scores) fills one
--
-- Weights are base64 of little-endian float32 or int8.

local formula = require "tocha.formula"
local calls = require "tocha.freeze.calls"
local formulas = require "tocha.freeze.formulas"
local kernels = require "tocha.freeze.lua_kernels"
local pointwise = require "tocha.freeze.pointwise"
local words = require "tocha.freeze.lua_words"

local lua <const> = {}

local function float_text(v)
  if v ~= v then return "0 / 0" end
  if v == math.huge then return "huge" end
  if v == -math.huge then return "-huge" end
  return ("%.17g"):format(v)
end

-- ---- weights ------------------------------------------------------------------------------------

local ALPHABET <const> = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local WIDTH <const> = 100

local function base64(bytes)
  local parts <const> = {}
  for at = 1, #bytes, 3 do
    local a <const>, b <const>, c <const> = bytes:byte(at, at + 2)
    local word <const> = a << 16 | (b or 0) << 8 | (c or 0)
    for k = 0, 3 do
      local place <const> = (word >> (18 - 6 * k) & 63) + 1
      parts[#parts + 1] = (k == 2 and not b or k == 3 and not c) and "="
        or ALPHABET:sub(place, place)
    end
    if #parts % WIDTH == 0 then parts[#parts] = parts[#parts] .. "\n" end
  end
  return table.concat(parts)
end

local HEAD <const> = [[
-- A network frozen by Tocha: plain Lua 5.1 and later. Returns a table that is called with flat
-- tables of numbers; `inputs` and `outputs` tell their sizes.
]]

local DECODER <const> = [[
local floor, huge, max, exp, log, sqrt = math.floor, math.huge, math.max, math.exp, math.log,
  math.sqrt

local digit = {}
for k = 1, 64 do
  digit[("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"):byte(k)] = k - 1
end

local function bytes_of(text)
  return (text:gsub("%s", ""):gsub("(.)(.)(.)(.)", function(a, b, c, d)
    local e, f = digit[c:byte()], digit[d:byte()]
    local word = digit[a:byte()] * 262144 + digit[b:byte()] * 4096 + (e or 0) * 64 + (f or 0)
    local all = string.char(floor(word / 65536), floor(word / 256) % 256, word % 256)
    return all:sub(1, e and (f and 3 or 2) or 1)
  end))
end

local function float_of(a, b, c, d)
  local exponent, digits = d % 128 * 2 + floor(c / 128), c % 128 * 65536 + b * 256 + a
  local value
  if exponent == 0 then value = digits * 2 ^ -149
  elseif exponent == 255 then value = digits == 0 and huge or 0 / 0
  else value = (digits + 8388608) * 2 ^ (exponent - 150) end
  return d >= 128 and -value or value
end

local function floats(text)
  local bytes, list = bytes_of(text), {}
  for k = 1, #bytes / 4 do list[k] = float_of(bytes:byte(4 * k - 3, 4 * k)) end
  return list
end

local function int8s(text)
  local bytes, list = bytes_of(text), {}
  for k = 1, #bytes do
    local byte = bytes:byte(k)
    list[k] = byte < 128 and byte or byte - 256
  end
  return list
end

local function zeros(n)
  local list = {}
  for k = 1, n do list[k] = 0 end
  return list
end

local W, S = {}, {}
]]

local function put_weights(out, weights)
  for k, weight in ipairs(weights) do
    if weight.dtype == "int32" then
      out[#out + 1] = ("W[%d] = {%s}"):format(k, table.concat(weight.values:totable(), ", "))
    else
      out[#out + 1] = ("W[%d] = %s[[\n%s]]"):format(k, weight.dtype == "int8" and "int8s"
        or "floats", base64(weight.values:to_bytes()))
    end
    if weight.scale then
      out[#out + 1] = ("S[%d] = floats[[\n%s]]"):format(k, base64(weight.scale:to_bytes()))
    end
  end
end

-- ---- functions ----------------------------------------------------------------------------------

local function put_words(out, list)
  for _, word in ipairs(formulas.words(list, words, "Lua")) do
    local params <const>, body <const> = words[word]:match "^(%b())%s*(.*)$"
    out[#out + 1] = ("local function %s%s %s end"):format(word, params, body)
  end
end

local function each_head(call, letters)
  local head <const> = {}
  for _, letter in ipairs(letters) do head[#head + 1] = ("%s_, %so"):format(letter, letter) end
  head[#head + 1] = "g"
  for _, letter in ipairs(pointwise.NUMBERS) do
    if formula.mentions(call.formula, letter) then head[#head + 1] = letter end
  end
  return ("local function %s(%s)"):format(call.fn, table.concat(head, ", "))
end

-- "yo + i1 * g[7] + ... + 1"
local function row_text(letter, k)
  local terms <const> = { letter .. "o" }
  for d = 1, pointwise.DIMS - 1 do
    terms[d + 1] = ("i%d * g[%d]"):format(d, k * pointwise.DIMS + d)
  end
  return table.concat(terms, " + ") .. " + 1"
end

local function each_function(call)
  local letters <const>, last <const> = formulas.operands(call), pointwise.DIMS
  local out <const>, loads <const>, steps <const> = { each_head(call, letters) }, {}, {}
  for d = 1, last - 1 do out[#out + 1] = ("  for i%d = 0, g[%d] - 1 do"):format(d, d) end
  for k, letter in ipairs(letters) do
    out[#out + 1] = ("    local %sr = %s"):format(letter, row_text(letter, k))
    loads[k] = ("      local %s = %s_[%sr]"):format(letter, letter, letter)
    steps[k] = ("      %sr = %sr + g[%d]"):format(letter, letter, k * last + last)
  end
  out[#out + 1] = ("    for _ = 1, g[%d] do"):format(last)
  table.move(loads, 2, #loads, #out + 1, out)
  out[#out + 1] = ("      y_[yr] = %s"):format(call.formula)
  table.move(steps, 1, #steps, #out + 1, out)
  out[#out + 1] = "    end" .. (" end"):rep(last - 1) .. "\nend\n"
  return table.concat(out, "\n")
end

local function put_functions(out, list)
  local done <const> = {}
  local function put(fn)
    if done[fn] then return end
    done[fn] = true
    for _, other in ipairs(kernels.needs[fn] or {}) do put(other) end
    out[#out + 1] = kernels.text[fn]
  end
  for _, call in ipairs(list) do
    if not call.formula then put(call.fn)
    elseif not done[call.fn] then
      done[call.fn] = true
      out[#out + 1] = each_function(call)
    end
  end
end

-- ---- calls --------------------------------------------------------------------------------------

local function ref_text(arg, scaled, places)
  local k <const> = places[arg.base]
  local text <const> = ("%s, %d"):format(k and ("W[%d]"):format(k) or arg.base, arg.offset)
  if not scaled then return text end
  return text .. (arg.weight and arg.weight.scale and (", S[%d]"):format(k) or ", nil")
end

local function argument_text(call, k, places, lists)
  local arg <const> = call.args[k]
  if arg.kind == "none" then return "nil, 0" end
  if arg.kind == "ref" then return ref_text(arg, calls.SCALED[call.fn] == k, places) end
  if arg.kind == "int" then return ("%d"):format(arg.value) end
  if arg.kind == "float" then return float_text(arg.value) end
  local text <const> = table.concat(arg.list, ", ")
  if not lists[text] then
    lists[#lists + 1] = text
    lists[text] = ("G[%d]"):format(#lists)
  end
  return lists[text]
end

local function call_lines(p, lists)
  local places <const>, lines <const>, layer = {}, {}, nil
  for k, weight in ipairs(p.weights) do places[weight.name] = k end
  for _, call in ipairs(p.calls) do
    if call.layer ~= layer then
      layer = call.layer
      lines[#lines + 1] = "  -- " .. layer:gsub("%s", " ")
    end
    local args <const> = {}
    for k = 1, #call.args do args[k] = argument_text(call, k, places, lists) end
    lines[#lines + 1] = ("  %s(%s)"):format(call.fn, table.concat(args, ", "))
  end
  return lines
end

-- ---- the file -----------------------------------------------------------------------------------

local function ends_text(list)
  local parts <const> = {}
  for k, each in ipairs(list) do
    parts[k] = ("{ name = %q, size = %d, shape = {%s} }"):format(each.name, each.size,
      table.concat(each.shape, ", "))
  end
  return "{ " .. table.concat(parts, ", ") .. " }"
end

-- `in` is a word of Lua: inputs are named x.
local function renamed(p)
  for _, call in ipairs(p.calls) do
    for _, arg in ipairs(call.args) do
      if arg.base then arg.base = arg.base:gsub("^in(%d*)$", "x%1") end
    end
  end
  for _, input in ipairs(p.inputs) do input.name = input.name:gsub("^in", "x") end
  return p
end

local function names_of(list)
  local names <const> = {}
  for k, each in ipairs(list) do names[k] = each.name end
  return table.concat(names, ", ")
end

-- Inputs that are too short would be found deep inside.
local function put_checks(out, inputs)
  for _, x in ipairs(inputs) do
    out[#out + 1] = ('  if #%s < %d then error("%s: expected %d numbers, got " .. #%s, 3) end')
      :format(x.name, x.size, x.name, x.size, x.name)
  end
end

local function put_forward(out, p)
  local lists <const> = {}
  local lines <const> = call_lines(p, lists)
  for k, list in ipairs(lists) do lists[k] = "{" .. list .. "}" end
  out[#out + 1] = ("local G = {%s}"):format(table.concat(lists, ",\n  "))
  if p.arena > 0 then out[#out + 1] = ("local arena = zeros(%d)"):format(p.arena) end
  for _, buffer in ipairs(p.buffers) do
    out[#out + 1] = ("local %s = zeros(%d)"):format(buffer.name, buffer.size)
  end
  out[#out + 1] = ("\nlocal function forward(%s, %s)"):format(names_of(p.inputs),
    names_of(p.outputs))
  put_checks(out, p.inputs)
  for _, y in ipairs(p.outputs) do out[#out + 1] = ("  %s = %s or {}"):format(y.name, y.name) end
  table.move(lines, 1, #lines, #out + 1, out)
  out[#out + 1] = ("  return %s\nend\n"):format(names_of(p.outputs))
  out[#out + 1] = ("return setmetatable({ forward = forward,\n  inputs = %s,\n  outputs = %s },\n"
    .. "  { __call = function(_, ...) return forward(...) end })\n"):format(ends_text(p.inputs),
    ends_text(p.outputs))
end

--- lua.write(program): the text of the file.
function lua.write(p)
  p = renamed(p)
  local out <const> = { HEAD, DECODER }
  put_weights(out, p.weights)
  put_words(out, p.calls)
  put_functions(out, p.calls)
  put_forward(out, p)
  return table.concat(out, "\n")
end

return lua
