-- Scales of an axis, linear and logarithmic: where a number lies, where ticks stand, what they say.
--
-- A scale has forward(v) (the coordinate; no number for what it cannot show), inverse(c),
-- `positive` (only numbers above 0), and ticks(low, high, most, integer) -> values, labels, minor
-- values.

local scale <const> = {}

local floor <const>, abs <const>, max <const> = math.floor, math.abs, math.max

-- ---- labels -------------------------------------------------------------------------------------

local MINUS <const> = "−"
local SUPERSCRIPTS <const> = {
  ["-"] = "⁻", ["0"] = "⁰", ["1"] = "¹", ["2"] = "²", ["3"] = "³", ["4"] = "⁴", ["5"] = "⁵",
  ["6"] = "⁶", ["7"] = "⁷", ["8"] = "⁸", ["9"] = "⁹",
}

local function pretty(text) return (text:gsub("^%-", MINUS)) end

-- The fewest decimals that tell every one of the values exactly enough.
local function decimals_for(list, step)
  for d = 0, 15 do
    local fits = true
    for _, v in ipairs(list) do
      local places <const> = v * 10 ^ d
      if abs(places - floor(places + 0.5)) > step * 10 ^ d * 1e-4 then fits = false break end
    end
    if fits then return d end
  end
  return 15
end

local function largest(list)
  local most = 0
  for _, v in ipairs(list) do most = max(most, abs(v)) end
  return most
end

--- scale.labels(list): what stands at these ticks: 0.25, or 2.5e6 where that is shorter.
function scale.labels(list)
  local most <const> = largest(list)
  local exponent = most > 0 and floor(math.log(most, 10) + 1e-9) or 0
  if exponent > -4 and exponent < 6 then exponent = 0 end
  local scaled <const>, labels <const> = {}, {}
  for k, v in ipairs(list) do scaled[k] = v / 10.0 ^ exponent end
  local step <const> = #list > 1 and abs(scaled[2] - scaled[1]) or 1
  local format <const> = ("%%.%df"):format(decimals_for(scaled, step))
  for k, v in ipairs(scaled) do
    local text <const> = format:format(v == 0 and 0 or v)
    labels[k] = pretty(exponent ~= 0 and v ~= 0 and text .. "e" .. exponent or text)
  end
  return labels
end

-- ---- linear -------------------------------------------------------------------------------------

-- Heckbert's nice numbers: the least of 1, 2, 2.5, 5 times a power of ten that is not below `raw`.
local function nice_step(raw, integer)
  local power <const> = 10.0 ^ floor(math.log(raw, 10))
  for _, factor in ipairs { 1, 2, 2.5, 5, 10 } do
    local step <const> = factor * power
    local allowed <const> = not integer or step >= 1 and step == floor(step)
    if allowed and step >= raw * (1 - 1e-9) then return step end
  end
  return max(1, 10 * power)
end

local function linear_ticks(low, high, most, integer)
  local span <const> = high - low
  if not (span > 0 and span < math.huge) then return { low }, scale.labels { low }, {} end
  local step <const> = nice_step(span / (1.3 * max(1, most) + 1), integer)
  local list <const> = {}
  local first <const> = math.ceil(low / step - 1e-9)
  local last <const> = floor(high / step + 1e-9)
  for k = 0, math.min(last - first, 1000) do list[k + 1] = (first + k) * step end
  return list, scale.labels(list), {}
end

local function same(v) return v end

scale.linear = { name = "linear", forward = same, inverse = same, ticks = linear_ticks }

-- ---- logarithmic --------------------------------------------------------------------------------

local function power_label(k)
  return "10" .. ("%d"):format(k):gsub(".", SUPERSCRIPTS)
end

local function decades(first, last, stride)
  local list <const>, labels <const> = {}, {}
  for k = first, last do
    if k % stride == 0 then
      list[#list + 1], labels[#labels + 1] = 10.0 ^ k, power_label(k)
    end
  end
  return list, labels
end

local function multiples(low, high, factors)
  local list <const> = {}
  for k = floor(math.log(low, 10)), floor(math.log(high, 10)) do
    for _, factor in ipairs(factors) do
      local v <const> = factor * 10.0 ^ k
      if v >= low * (1 - 1e-9) and v <= high * (1 + 1e-9) then list[#list + 1] = v end
    end
  end
  return list
end

local function short_labels(list)
  local labels <const> = {}
  for k, v in ipairs(list) do labels[k] = ("%.6g"):format(v) end
  return labels
end

local function log_ticks(low, high, most)
  local first <const> = math.ceil(math.log(low, 10) - 1e-9)
  local last <const> = floor(math.log(high, 10) + 1e-9)
  local n <const> = last - first + 1
  local minor <const> = n <= 10 and multiples(low, high, { 2, 3, 4, 5, 6, 7, 8, 9 }) or {}
  if n >= 3 or n == 2 and most < 4 then
    local list <const>, labels <const> = decades(first, last, math.ceil((n - 1) / max(1, most)))
    return list, labels, minor
  end
  local list <const> = multiples(low, high, { 1, 2, 5 })
  if #list < 3 then return linear_ticks(low, high, most) end
  return list, short_labels(list), minor
end

scale.log = {
  name = "log", positive = true, ticks = log_ticks,
  forward = function(v) return v > 0 and math.log(v, 10) or 0 / 0 end,
  inverse = function(c) return 10.0 ^ c end,
}

return scale
