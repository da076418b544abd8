-- A program (program.lua) as one C99 file: a function of input and output arrays, constant weights,
-- static scratch, no memory from the system, nothing needed but math.h.

local formula = require "tocha.formula"
local calls = require "tocha.freeze.calls"
local formulas = require "tocha.freeze.formulas"
local kernels = require "tocha.freeze.c_kernels"
local pointwise = require "tocha.freeze.pointwise"
local words = require "tocha.freeze.c_words"

local c <const> = {}

-- ---- numbers ------------------------------------------------------------------------------------

-- Nine digits give a float32 back exactly.
local function float_text(v)
  if v ~= v then return "NAN" end
  if v == math.huge then return "INFINITY" end
  if v == -math.huge then return "-INFINITY" end
  local text <const> = ("%.9g"):format(v)
  return (text:find "[%.e]" and text or text .. ".0") .. "f"
end

local function integer_text(v) return ("%d"):format(v) end

local function put_list(out, values, text)
  local line, width = {}, 0
  for k = 1, #values do
    local word <const> = text(values[k])
    if width + #word > 96 then
      out[#out + 1] = "  " .. table.concat(line, " ")
      line, width = {}, 0
    end
    line[#line + 1] = word .. ","
    width = width + #word + 2
  end
  out[#out + 1] = "  " .. table.concat(line, " ")
end

-- ---- weights ------------------------------------------------------------------------------------

local TYPES <const> = { float32 = "float", int8 = "signed char", int32 = "int" }

local function put_array(out, ctype, name, values, text)
  out[#out + 1] = ("static const %s %s[%d] = {"):format(ctype, name, math.max(#values, 1))
  put_list(out, #values > 0 and values or { 0 }, text)
  out[#out + 1] = "};"
end

local function put_weight(out, weight)
  local values <const> = weight.values:flatten():totable()
  put_array(out, TYPES[weight.dtype], weight.name, values,
    weight.dtype == "float32" and float_text or integer_text)
  if weight.scale then
    put_array(out, "float", weight.name .. "_scale", weight.scale:totable(), float_text)
  end
end

-- ---- functions ----------------------------------------------------------------------------------

local function put_words(out, list)
  for _, word in ipairs(formulas.words(list, words, "C")) do
    out[#out + 1] = "#define " .. word .. words[word]
  end
end

local function each_head(call, letters)
  local head <const> = {}
  for k, letter in ipairs(letters) do
    head[k] = ("%sfloat *%s_"):format(k == 1 and "" or "const ", letter)
  end
  head[#head + 1] = "const int *g"
  for _, letter in ipairs(pointwise.NUMBERS) do
    if formula.mentions(call.formula, letter) then head[#head + 1] = "float " .. letter end
  end
  return ("static void %s(%s) {"):format(call.fn, table.concat(head, ", "))
end

-- "y_ + (long)i0 * g[6] + ...": where the row of the innermost loop begins.
local function row_text(letter, k)
  local terms <const> = { letter .. "_" }
  for d = 0, pointwise.DIMS - 2 do
    terms[d + 2] = ("(long)i%d * g[%d]"):format(d, k * pointwise.DIMS + d)
  end
  return table.concat(terms, " + ")
end

-- Six nested loops, the innermost over the last dimension.
local function each_function(call)
  local letters <const>, last <const> = formulas.operands(call), pointwise.DIMS - 1
  local out <const>, loads <const> = { each_head(call, letters) }, {}
  for d = 0, last - 1 do
    out[#out + 1] = ("  for (int i%d = 0; i%d < g[%d]; i%d++)%s"):format(d, d, d, d,
      d == last - 1 and " {" or "")
  end
  for k, letter in ipairs(letters) do
    local step <const> = k * pointwise.DIMS + last
    out[#out + 1] = ("    %sfloat *%s_row = %s;"):format(k == 1 and "" or "const ", letter,
      row_text(letter, k))
    loads[k] = ("      const float %s = %s_row[(long)j * g[%d]];"):format(letter, letter, step)
  end
  out[#out + 1] = ("    for (int j = 0; j < g[%d]; j++) {"):format(last)
  table.move(loads, 2, #loads, #out + 1, out)
  out[#out + 1] = ("      y_row[(long)j * g[%d]] = %s;"):format(pointwise.DIMS + last, call.formula)
  out[#out + 1] = "    }\n  }\n}\n"
  return table.concat(out, "\n")
end

local function is_int8(call)
  for _, arg in ipairs(call.args) do
    if arg.weight and arg.weight.dtype == "int8" then return true end
  end
  return false
end

local HAS_WEIGHT <const> = { conv = true, linear = true, gates_of = true, lstm = true, gru = true,
  rnn = true }

-- The name of a function for float weights, or for int8.
local function variant(fn, int8) return int8 and HAS_WEIGHT[fn] and fn .. "_int8" or fn end

local function text_of(fn, int8)
  local text = kernels.text[fn]
  if not HAS_WEIGHT[fn] then return text end
  text = text:gsub("WEIGHT", int8 and "signed char" or "float")
  for name in pairs(HAS_WEIGHT) do
    text = text:gsub("%f[%w_]" .. name .. "%f[(]", variant(name, int8))
  end
  return text
end

local function put_functions(out, list)
  local done <const> = {}
  local function put(fn, int8)
    local name <const> = variant(fn, int8)
    if done[name] then return end
    done[name] = true
    for _, other in ipairs(kernels.needs[fn] or {}) do put(other, int8) end
    out[#out + 1] = text_of(fn, int8)
  end
  for _, call in ipairs(list) do
    if not call.formula then put(call.fn, is_int8(call))
    elseif not done[call.fn] then
      done[call.fn] = true
      out[#out + 1] = each_function(call)
    end
  end
end

-- ---- calls --------------------------------------------------------------------------------------

local function ref_text(arg, scaled)
  local text = arg.base
  if arg.offset > 0 then text = ("%s + %d"):format(text, arg.offset) end
  if not scaled then return text end
  return text .. ", " .. (arg.weight and arg.weight.scale and arg.base .. "_scale" or "0")
end

local function argument_text(call, k, lists)
  local arg <const> = call.args[k]
  if arg.kind == "none" then return "0" end
  if arg.kind == "ref" then return ref_text(arg, calls.SCALED[call.fn] == k) end
  if arg.kind == "int" then return integer_text(arg.value) end
  if arg.kind == "float" then return float_text(arg.value) end
  local text <const> = table.concat(arg.list, ", ")
  if not lists[text] then
    lists[#lists + 1] = text
    lists[text] = "g" .. #lists
  end
  return lists[text]
end

local function call_lines(list, lists)
  local lines <const>, layer = {}, nil
  for _, call in ipairs(list) do
    if call.layer ~= layer then
      layer = call.layer
      lines[#lines + 1] = ("  /* %s */"):format(layer:gsub("%*/", "* /"))
    end
    local args <const> = {}
    for k = 1, #call.args do args[k] = argument_text(call, k, lists) end
    lines[#lines + 1] = ("  %s(%s);"):format(variant(call.fn, is_int8(call)),
      table.concat(args, ", "))
  end
  return lines
end

-- ---- the file -----------------------------------------------------------------------------------

local function shape_text(shape) return "(" .. table.concat(shape, ", ") .. ")" end

local function head_lines(p, name)
  local parts <const>, params <const> = {}, {}
  for _, x in ipairs(p.inputs) do
    parts[#parts + 1] = ("%s: float32 %s"):format(x.name, shape_text(x.shape))
    params[#params + 1] = "const float *" .. x.name
  end
  for _, y in ipairs(p.outputs) do
    parts[#parts + 1] = ("%s: float32 %s"):format(y.name, shape_text(y.shape))
    params[#params + 1] = "float *" .. y.name
  end
  local signature <const> = ("void %s_forward(%s)"):format(name, table.concat(params, ", "))
  return { ("/* A network frozen by Tocha. %s;"):format(signature),
    "   " .. table.concat(parts, "; ") .. ".",
    "   Arrays do not overlap. Scratch is static: calls must not overlap either. */",
    "#include <math.h>", "" }, signature
end

--- c.write(program, name): the text of the file; `name` is the prefix of its function.
function c.write(p, name)
  local out <const>, signature <const> = head_lines(p, name)
  put_words(out, p.calls)
  for _, weight in ipairs(p.weights) do put_weight(out, weight) end
  if p.arena > 0 then out[#out + 1] = ("static float arena[%d];"):format(p.arena) end
  for _, buffer in ipairs(p.buffers) do
    out[#out + 1] = ("static float %s[%d];"):format(buffer.name, buffer.size)
  end
  local lists <const> = {}
  local lines <const> = call_lines(p.calls, lists)
  for k, list in ipairs(lists) do
    out[#out + 1] = ("static const int g%d[] = {%s};"):format(k, list)
  end
  out[#out + 1] = ""
  put_functions(out, p.calls)
  out[#out + 1] = signature .. ";\n"
  out[#out + 1] = signature .. " {"
  table.move(lines, 1, #lines, #out + 1, out)
  out[#out + 1] = "}\n"
  return table.concat(out, "\n")
end

return c
