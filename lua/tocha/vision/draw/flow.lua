-- Optical flow as colours: the direction is the hue, the length the saturation. Baker et al., "A
-- Database and Evaluation Methodology for Optical Flow", 2007.

local core = require "tocha.core"
local registry = require "tocha.op"
local tensor = require "tocha.tensor"

local ops <const> = registry.ops

-- ---- the wheel ----------------------------------------------------------------------------------

-- From each of six colours to the next in so many steps, in which one channel rises or falls.
local STEPS <const> = {
  { 15, { 255, 0, 0 }, 2, 1 },      -- red to yellow
  { 6, { 255, 255, 0 }, 1, -1 },    -- to green
  { 4, { 0, 255, 0 }, 3, 1 },       -- to cyan
  { 11, { 0, 255, 255 }, 2, -1 },   -- to blue
  { 13, { 0, 0, 255 }, 1, 1 },      -- to magenta
  { 6, { 255, 0, 255 }, 3, -1 },    -- to red
}

-- (55, 3) float32 of 0 to 1.
local function make_wheel()
  local rows <const> = {}
  for _, part in ipairs(STEPS) do
    local n <const>, from <const>, channel <const>, sign <const> = table.unpack(part)
    for k = 0, n - 1 do
      local row <const> = { from[1], from[2], from[3] }
      row[channel] = row[channel] + sign * (255 * k // n)
      rows[#rows + 1] = row
    end
  end
  return tensor.from(rows, { dtype = "float32" }) / 255
end

-- ---- colours ------------------------------------------------------------------------------------

local function check(flow)
  local x = core.is_tensor(flow) and flow:detach():to("cpu"):float():nan_to_num(0) or nil
  if x and x.ndim == 3 then x = x:unsqueeze(1) end
  if not x or x.ndim ~= 4 or x:size(2) ~= 2 or x:numel() == 0 then
    core.fail("flow_to_image", 1, "expected flow (2, H, W) or (N, 2, H, W), got %s",
      x and registry.rule.text(flow.shape) or type(flow))
  end
  return x
end

-- Of u, v (N, H, W) with lengths up to 1, (N, 3, H, W) uint8.
local function colored(u, v)
  local wheel <const> = make_wheel()
  local n <const>, shape <const> = wheel:size(1), { u:size(1), u:size(2), u:size(3), 3 }
  local length <const> = (u * u + v * v):sqrt():unsqueeze(2)
  local place <const> = (ops.atan2(-v, -u) / math.pi + 1) / 2 * (n - 1)
  local low <const> = place:floor()
  local part <const> = (place - low):unsqueeze(-1)
  local function at(k)
    return wheel:index_select(1, k:long():flatten() % n + 1):reshape(shape)
  end
  local hue <const> = (at(low) * (1 - part) + at(low + 1) * part):permute(1, 4, 2, 3)
  return ((1 - length * (1 - hue)) * 255):floor():clamp(0, 255):byte()
end

--- vision.draw.flow_to_image(flow): optical flow (2, H, W), how far each pixel moves to the right
--- and down, or (N, 2, H, W), as pictures (3, H, W) or (N, 3, H, W) uint8: white where nothing
--- moves, the longest in full colour. As torchvision's.
local function flow_to_image(flow)
  local x <const> = check(flow)
  local longest <const> = x:square():sum(2):sqrt():max():item()
  local unit <const> = x / (longest + 2^-23)
  local seen <const> = colored(unit:select(2, 1), unit:select(2, 2))
  return flow.ndim == 3 and seen:squeeze(1) or seen
end

return { flow_to_image = flow_to_image }
