-- The functions of an emitted Lua file, by the names that calls.lua gives: plain Lua 5.1 and later,
-- LuaJIT too. A tensor is a table and an offset: element k, from 0, of (x, xo) is x[xo + k + 1].
-- `scale` is the scale of each output of int8 weights, or nil.

local kernels <const> = {}

--- What functions need: name -> list of the names of others.
kernels.needs = { lstm = { "gates_of", "sigmoid", "tanh" }, gru = { "gates_of", "sigmoid", "tanh" },
  rnn = { "gates_of", "tanh" } }

kernels.text = {}
local text <const> = kernels.text

text.conv = [[
-- min(max(convolution + bias + residual, low), high); w is (outputs, channels / groups, kh, kw)
local function conv(y, yo, x, xo, w, wo, scale, bias, bo, residual, ro, images, channels, h, wd,
  outputs, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw, groups, low, high)
  local inputs, share, taps = channels / groups, outputs / groups, kh * kw
  local at = 0
  for j = 0, images * outputs - 1 do
    local o = j % outputs
    local plane = xo + ((j - o) / outputs * channels + floor(o / share) * inputs) * h * wd + 1
    local filter = wo + o * inputs * taps + 1
    local s, b = scale and scale[o + 1] or 1, bias and bias[bo + o + 1] or 0
    for r = 0, oh - 1 do
      local top = r * sh - ph
      for c = 0, ow - 1 do
        local left, sum = c * sw - pw, 0
        for v = 0, kh - 1 do
          local i = top + v * dh
          if i >= 0 and i < h then
            for u = 0, kw - 1 do
              local k = left + u * dw
              if k >= 0 and k < wd then
                local from, tap = plane + i * wd + k, filter + v * kw + u
                for n = 0, inputs - 1 do
                  sum = sum + w[tap + n * taps] * x[from + n * h * wd]
                end
              end
            end
          end
        end
        at = at + 1
        sum = sum * s + b
        if residual then sum = sum + residual[ro + at] end
        if sum < low then sum = low end
        if sum > high then sum = high end
        y[yo + at] = sum
      end
    end
  end
end
]]

text.conv_transpose = [[
-- w is (channels, outputs / groups, kh, kw); y is what a convolution would have as its input
local function conv_transpose(y, yo, x, xo, w, wo, bias, bo, images, channels, h, wd, outputs, oh,
  ow, kh, kw, sh, sw, ph, pw, dh, dw, groups)
  local share, each, plane = channels / groups, outputs / groups, oh * ow
  for k = 0, images * outputs * plane - 1 do
    y[yo + k + 1] = bias and bias[bo + floor(k / plane) % outputs + 1] or 0
  end
  for j = 0, images * channels - 1 do
    local c, from = j % channels, xo + j * h * wd + 1
    local to = yo + ((j - c) / channels * outputs + floor(c / share) * each) * plane + 1
    for o = 0, each - 1 do
      for tap = 0, kh * kw - 1 do
        local weight = w[wo + (c * each + o) * kh * kw + tap + 1]
        local top, left = floor(tap / kw) * dh - ph, tap % kw * dw - pw
        for r = 0, h - 1 do
          local i = r * sh + top
          for k = 0, wd - 1 do
            local at = k * sw + left
            if i >= 0 and i < oh and at >= 0 and at < ow then
              local place = to + o * plane + i * ow + at
              y[place] = y[place] + weight * x[from + r * wd + k]
            end
          end
        end
      end
    end
  end
end
]]

text.linear = [[
-- y = x w' + bias; element (o, i) of w is w[o * down + i * across]
local function linear(y, yo, x, xo, w, wo, scale, bias, bo, rows, inputs, outputs, down, across)
  for r = 0, rows - 1 do
    local from, to = xo + r * inputs, yo + r * outputs
    for o = 0, outputs - 1 do
      local sum, at = 0, wo + o * down + 1
      for i = 1, inputs do
        sum = sum + w[at] * x[from + i]
        at = at + across
      end
      if scale then sum = sum * scale[o + 1] end
      y[to + o + 1] = bias and sum + bias[bo + o + 1] or sum
    end
  end
end
]]

text.matmul = [[
-- y (batches, m, n) = alpha a b; strides of batches, rows and columns
local function matmul(y, yo, a, ao, b, bo, batches, m, n, k, ab, ar, ac, bb, br, bc, alpha)
  local at = yo
  for q = 0, batches - 1 do
    for i = 0, m - 1 do
      for j = 0, n - 1 do
        local sum, l, r = 0, ao + q * ab + i * ar + 1, bo + q * bb + j * bc + 1
        for _ = 1, k do
          sum = sum + a[l] * b[r]
          l, r = l + ac, r + br
        end
        at = at + 1
        y[at] = alpha * sum
      end
    end
  end
end
]]

text.max_pool = [[
local function max_pool(y, yo, x, xo, planes, h, wd, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw)
  local at = yo
  for p = 0, planes - 1 do
    local plane = xo + p * h * wd + 1
    for r = 0, oh - 1 do
      for c = 0, ow - 1 do
        local most = -huge
        for v = 0, kh - 1 do
          local i = r * sh - ph + v * dh
          for u = 0, kw - 1 do
            local j = c * sw - pw + u * dw
            if i >= 0 and i < h and j >= 0 and j < wd then
              local value = x[plane + i * wd + j]
              if value > most or value ~= value then most = value end
            end
          end
        end
        at = at + 1
        y[at] = most
      end
    end
  end
end
]]

text.avg_pool = [[
-- eh, ew: pads behind; counted are the elements under the window, with pads or without, or `by`
local function avg_pool(y, yo, x, xo, planes, h, wd, oh, ow, kh, kw, sh, sw, ph, pw, eh, ew, pads,
  by)
  local at = yo
  for p = 0, planes - 1 do
    local plane = xo + p * h * wd + 1
    for r = 0, oh - 1 do
      for c = 0, ow - 1 do
        local sum, count = 0, 0
        for v = 0, kh - 1 do
          local i = r * sh - ph + v
          for u = 0, kw - 1 do
            local j = c * sw - pw + u
            local inside = i >= 0 and i < h and j >= 0 and j < wd
            if inside then sum = sum + x[plane + i * wd + j] end
            if inside or pads ~= 0 and i < h + eh and j < wd + ew then count = count + 1 end
          end
        end
        at = at + 1
        y[at] = sum / (by ~= 0 and by or count)
      end
    end
  end
end
]]

text.batch_norm = [[
local function batch_norm(y, yo, x, xo, w, wo, b, bo, mean, mo, var, vo, images, channels, plane,
  eps)
  for k = 0, images * channels - 1 do
    local c = k % channels + 1
    local s = (w and w[wo + c] or 1) / sqrt(var[vo + c] + eps)
    local t = (b and b[bo + c] or 0) - mean[mo + c] * s
    for i = k * plane + 1, (k + 1) * plane do y[yo + i] = x[xo + i] * s + t end
  end
end
]]

text.layer_norm = [[
-- centred: less the mean, which is not so in an RMS norm
local function layer_norm(y, yo, x, xo, w, wo, b, bo, rows, n, centred, eps)
  for r = 0, rows - 1 do
    local from, to, mean, square = xo + r * n, yo + r * n, 0, 0
    if centred ~= 0 then
      for i = 1, n do mean = mean + x[from + i] end
    end
    mean = mean / n
    for i = 1, n do square = square + (x[from + i] - mean) ^ 2 end
    local s = 1 / sqrt(square / n + eps)
    for i = 1, n do
      y[to + i] = (x[from + i] - mean) * s * (w and w[wo + i] or 1) + (b and b[bo + i] or 0)
    end
  end
end
]]

text.group_norm = [[
local function group_norm(y, yo, x, xo, w, wo, b, bo, images, channels, plane, groups, eps)
  local share = channels / groups
  local n = share * plane
  for k = 0, images * groups - 1 do
    local from, to, mean, square = xo + k * n, yo + k * n, 0, 0
    for i = 1, n do mean = mean + x[from + i] end
    mean = mean / n
    for i = 1, n do square = square + (x[from + i] - mean) ^ 2 end
    local s = 1 / sqrt(square / n + eps)
    for i = 1, n do
      local c = k % groups * share + floor((i - 1) / plane) + 1
      y[to + i] = (x[from + i] - mean) * s * (w and w[wo + c] or 1) + (b and b[bo + c] or 0)
    end
  end
end
]]

text.softmax = [[
-- along the middle of (outer, n, inner); of the logarithm where `log` is 1
local function softmax(y, yo, x, xo, outer, n, inner, logarithm)
  for o = 0, outer - 1 do
    for j = 1, inner do
      local at, most, sum = o * n * inner + j, -huge, 0
      for i = 0, n - 1 do most = max(most, x[xo + at + i * inner]) end
      for i = 0, n - 1 do sum = sum + exp(x[xo + at + i * inner] - most) end
      for i = 0, n - 1 do
        local v = x[xo + at + i * inner] - most
        y[yo + at + i * inner] = logarithm ~= 0 and v - log(sum) or exp(v) / sum
      end
    end
  end
end
]]

text.sum = [[
local function sum(y, yo, x, xo, outer, n, inner, mean)
  for o = 0, outer - 1 do
    for j = 1, inner do
      local total = 0
      for i = 0, n - 1 do total = total + x[xo + (o * n + i) * inner + j] end
      y[yo + o * inner + j] = mean ~= 0 and total / n or total
    end
  end
end
]]

text.extreme = [[
local function extreme(y, yo, x, xo, outer, n, inner, largest)
  for o = 0, outer - 1 do
    for j = 1, inner do
      local best = x[xo + o * n * inner + j]
      for i = 1, n - 1 do
        local v = x[xo + (o * n + i) * inner + j]
        if v ~= v or largest ~= 0 and v > best or largest == 0 and v < best then best = v end
      end
      y[yo + o * inner + j] = best
    end
  end
end
]]

text.index_select = [[
local function index_select(y, yo, x, xo, ids, io, outer, n, count, inner)
  local at = yo
  for o = 0, outer - 1 do
    for k = 1, count do
      local from = xo + (o * n + ids[io + k]) * inner
      for j = 1, inner do
        at = at + 1
        y[at] = x[from + j]
      end
    end
  end
end
]]

text.resample = [[
local function resample(y, yo, x, xo, ids, io, w, wo, outer, n, count, taps, inner)
  local at = yo
  for o = 0, outer - 1 do
    for k = 0, count - 1 do
      for j = 1, inner do
        local sum = 0
        for t = k * taps + 1, (k + 1) * taps do
          sum = sum + w[wo + t] * x[xo + (o * n + ids[io + t]) * inner + j]
        end
        at = at + 1
        y[at] = sum
      end
    end
  end
end
]]

text.attention = [[
-- softmax(scale q k' + mask) v; kh, vh: from head to head; mh, mr, mc: strides of the mask
local function attention(y, yo, q, qo, k, ko, v, vo, mask, mo, heads, groups, rows, keys, width,
  out, kh, vh, mh, mr, mc, causal, scale)
  local scores = {}
  for row = 0, heads * rows - 1 do
    local r = row % rows
    local h = (row - r) / rows
    local key, value = ko + floor(h / groups) * kh, vo + floor(h / groups) * vh
    local seen, most, sum = causal ~= 0 and r + 1 < keys and r + 1 or keys, -huge, 0
    for j = 0, seen - 1 do
      local s = 0
      for i = 1, width do s = s + q[qo + row * width + i] * k[key + j * width + i] end
      scores[j] = scale * s + (mask and mask[mo + h * mh + r * mr + j * mc + 1] or 0)
      most = max(most, scores[j])
    end
    for j = 0, seen - 1 do
      scores[j] = most > -huge and exp(scores[j] - most) or 0
      sum = sum + scores[j]
    end
    for i = 1, out do
      local total = 0
      for j = 0, seen - 1 do total = total + scores[j] * v[value + j * out + i] end
      y[yo + row * out + i] = sum > 0 and total / sum or 0
    end
  end
end
]]

text.join = [[
local function join(y, yo, x, xo, outer, row, first, width)
  for o = 0, outer - 1 do
    local to, from = yo + o * row + first, xo + o * width
    for k = 1, width do y[to + k] = x[from + k] end
  end
end
]]

for name, body in pairs(require "tocha.freeze.lua_recurrent") do text[name] = body end

return kernels
