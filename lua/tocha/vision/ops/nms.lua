-- Non-maximum suppression, by a kernel (csrc/cpu/nms.c): torchvision's indices, ties in order.

local core = require "tocha.core"
local boxes = require "tocha.vision.ops.boxes"

local suppression <const> = {}

local function check(name, x, scores, threshold, place)
  x = boxes.check(name, 1, x)
  if not core.is_tensor(scores) then
    core.fail(name, 2, "expected a tensor, got %s", type(scores))
  end
  if type(threshold) ~= "number" then
    core.fail(name, place, "'iou_threshold': expected a number, got %s", type(threshold))
  end
  if x.ndim ~= 2 then core.fail(name, 1, "expected boxes (N, 4)") end
  if scores.ndim ~= 1 or scores:size(1) ~= x:size(1) then
    core.fail(name, 2, "expected a score for each of %d boxes, got a (%s) tensor", x:size(1),
      table.concat(scores.shape, ", "))
  end
  return x:detach()
end

local function run(x, scores, groups, threshold)
  local order <const> = scores:argsort(1, true)
  local keep <const> = core.empty({ x:size(1) }, "bool", x)
  core.kernel.nms(keep, x, order, groups, threshold)
  return order:masked_select(keep:index_select(1, order))
end

--- ops.nms(boxes, scores, iou_threshold): from the best score down, keeps each of the (N, 4) boxes
--- that overlaps none that was kept by more than the threshold. Returns their indices, from 1, best
--- first; equal scores in their order.
function suppression.nms(x, scores, threshold)
  return run(check("nms", x, scores, threshold, 3), scores, nil, threshold)
end

--- ops.batched_nms(boxes, scores, idxs, iou_threshold): the same within each group of equal `idxs`
--- (N,), such as classes, and of all groups together.
function suppression.batched_nms(x, scores, idxs, threshold)
  x = check("batched_nms", x, scores, threshold, 4)
  if idxs.ndim ~= 1 or idxs:size(1) ~= x:size(1) then
    core.fail("batched_nms", 3, "expected a group for each of %d boxes, got a (%s) tensor",
      x:size(1), table.concat(idxs.shape, ", "))
  end
  if x:size(1) == 0 then return scores:argsort(1) end
  local _, groups <const> = idxs:unique(true, true)
  return run(x, scores, groups, threshold)
end

return suppression
