-- What a YOLO network's last maps mean, and what they should have said: Redmon and Farhadi,
-- "YOLO9000: Better, Faster, Stronger" (2017; Darknet's [region] layer) and "YOLOv3: An Incremental
-- Improvement" (2018; [yolo]).
--
-- A map is (B, A (5 + classes), h, w): in each of h x w cells, for each of A anchors, tx, ty, tw,
-- th, objectness and classes. A box's centre is in its cell, and its size a factor of its anchor's.
-- Boxes here are (x1, y1, x2, y2) in pixels of the network's input, H x W.

local core = require "tocha.core"
local tocha = require "tocha"
local nn = require "tocha.nn"
local boxes = require "tocha.vision.ops.boxes"

local Head <const> = nn.Module:extend "YoloHead"
Head.is_head = true

--- Head{kind = "yolo" or "region", anchors = {w, h, ...}, mask = places from 0 or nil for all,
--- classes, ignore, scale, ...}: a layer that passes its map on and knows what it means. Anchors
--- are pixels of the input, or cells for "region".
function Head:new(o)
  for key, value in pairs(o) do self["_" .. key] = value end
  self._mask = o.mask or {}
  if not o.mask then
    for k = 1, #o.anchors // 2 do self._mask[k] = k - 1 end
  end
  for _, k in ipairs(self._mask) do
    if not o.anchors[2 * k + 2] then core.fail("YoloHead", 1, "there is no anchor %s", k) end
  end
end

function Head:channels() return #self._mask * (5 + self._classes) end

function Head:forward(x) return x end  -- luacheck: ignore

function Head:extra_repr()
  return ("%s, anchors=%d, classes=%d"):format(self._kind, #self._mask, self._classes)
end

-- ---- reading a map ------------------------------------------------------------------------------

-- (B, A (5 + classes), h, w) -> (B, A, h, w, 5 + classes)
local function by_cells(self, map)
  local A <const>, each <const> = #self._mask, 5 + self._classes
  return map:reshape(map:size(1), A, each, map:size(3), map:size(4)):permute(1, 2, 4, 5, 3)
end

-- All anchors as a list of { w, h } in pixels.
local function anchors_of(self, map, H, W)
  local list <const> = {}
  local across <const> = self._kind == "region" and W / map:size(4) or 1
  local down <const> = self._kind == "region" and H / map:size(3) or 1
  for k = 1, #self._anchors, 2 do
    list[#list + 1] = { self._anchors[k] * across, self._anchors[k + 1] * down }
  end
  return list
end

-- Those of the mask, (A, 1, 1) of widths or heights.
local function own_anchors(self, list, side, like)
  local values <const> = {}
  for j, k in ipairs(self._mask) do values[j] = list[k + 1][side] end
  return tocha.tensor(values, { dtype = like.dtype, device = like.device }):reshape(-1, 1, 1)
end

local function line(n, like)
  return tocha.arange(0, n - 1, 1, { dtype = like.dtype, device = like.device })
end

-- cells is (B, A, h, w, 5 + classes); boxes are (B, A, h, w, 4).
local function boxes_of(self, cells, anchors, H, W)
  local h <const>, w <const> = cells:size(3), cells:size(4)
  local function share(k)
    return cells:select(-1, k):sigmoid() * self._scale - (self._scale - 1) / 2
  end
  local x <const> = (share(1) + line(w, cells)) * (W / w)
  local y <const> = (share(2) + line(h, cells):unsqueeze(2)) * (H / h)
  local wide <const> = cells:select(-1, 3):exp() * own_anchors(self, anchors, 1, cells)
  local high <const> = cells:select(-1, 4):exp() * own_anchors(self, anchors, 2, cells)
  return boxes.box_convert(tocha.stack({ x, y, wide, high }, -1), "cxcywh", "xyxy")
end

--- head:decode(map, H, W): boxes (B, N, 4), objectness (B, N) and probabilities of the classes
--- given an object (B, N, classes), where N = A h w.
function Head:decode(map, H, W)
  local cells <const> = by_cells(self, map)
  local found <const> = boxes_of(self, cells, anchors_of(self, map, H, W), H, W)
  local logits <const> = cells:narrow(-1, 6, self._classes)
  local classes <const> = self._kind == "region" and logits:softmax(-1) or logits:sigmoid()
  return found:flatten(2, 4), cells:select(-1, 5):sigmoid():flatten(2), classes:flatten(2, 4)
end

-- ---- which cell answers for an object -----------------------------------------------------------

-- The anchor whose shape is most like w x h: its place among all, from 0.
local function best_anchor(anchors, w, h)
  local best, place = -1, 0
  for k, a in ipairs(anchors) do
    local inter <const> = math.min(a[1], w) * math.min(a[2], h)
    local iou <const> = inter / (a[1] * a[2] + w * h - inter)
    if iou > best then best, place = iou, k - 1 end
  end
  return place
end

local function place_in(list, value)
  for k, each in ipairs(list) do
    if each == value then return k end
  end
end

-- One object: where it belongs and what should stand there; nil where another head answers for it.
local function answer(self, box, label, anchors, geometry)
  local g <const> = geometry
  local w <const>, h <const> = box[3] - box[1], box[4] - box[2]
  local x <const>, y <const> = (box[1] + box[3]) / 2 * g.w / g.W, (box[2] + box[4]) / 2 * g.h / g.H
  local i <const>, j <const> = math.floor(x), math.floor(y)
  local anchor <const> = best_anchor(anchors, w, h)
  local a <const> = place_in(self._mask, anchor)
  if not a or w <= 0 or h <= 0 or i < 0 or j < 0 or i >= g.w or j >= g.h then return nil end
  local size <const> = anchors[anchor + 1]
  return { cell = ((a - 1) * g.h + j) * g.w + i, label = label,
    values = { x - i, y - j, math.log(w / size[1]), math.log(h / size[2]) },
    weight = 2 - w * h / (g.W * g.H), box = box }
end

-- All objects of all pictures, in the order of cells; of two for one cell the later counts.
local function answers(self, targets, anchors, geometry)
  local by_place <const>, places <const> = {}, {}
  for b, target in ipairs(targets) do
    local labels <const> = target.labels:totable()
    for k, box in ipairs(target.boxes:totable()) do
      if labels[k] < 1 or labels[k] > self._classes then
        core.fail("loss", 2, "a label %s, and there are %d classes", labels[k], self._classes)
      end
      local found <const> = answer(self, box, labels[k], anchors, geometry)
      if found then
        local place <const> = (b - 1) * geometry.cells + found.cell + 1
        if not by_place[place] then places[#places + 1] = place end
        by_place[place] = found
      end
    end
  end
  table.sort(places)
  local list <const> = {}
  for k, place in ipairs(places) do list[k] = by_place[place] end
  return list, places
end

-- 1 where a box overlaps no object by more than `ignore`, 0 where one does: (B, A h w).
local function is_background(self, found, targets)
  local rows <const> = {}
  for b, target in ipairs(targets) do
    local mine <const> = found:select(1, b)
    rows[b] = tocha.ones(mine:size(1), { dtype = mine.dtype, device = mine.device })
    if target.boxes:size(1) > 0 then
      local iou <const> = boxes.box_iou(mine, target.boxes:to(mine.dtype):to(mine.device))
      rows[b] = iou:amax(2):le(self._ignore):to(mine.dtype)
    end
  end
  return tocha.stack(rows, 1)
end

-- ---- losses -------------------------------------------------------------------------------------
-- Sums, whose gradients are Darknet's deltas: of `yolo` cross entropies, of `region` squares.

local function entropy(logits, target)
  return nn.functional.binary_cross_entropy_with_logits(logits, target, { reduction = "none" })
end
local function half_square(logits, target) return (logits:sigmoid() - target):square() / 2 end

local TERMS <const> = {
  yolo = {
    centre = entropy, object = entropy,
    classes = function(logits, labels)
      return entropy(logits, nn.functional.one_hot(labels, logits:size(2)):to(logits.dtype)):sum()
    end,
  },
  region = {
    centre = half_square, object = half_square,
    classes = function(logits, labels)
      return nn.functional.cross_entropy(logits, labels, { reduction = "sum" })
    end,
  },
}

local function column(list, field, like, dtype)
  local values <const> = {}
  for k, each in ipairs(list) do values[k] = each[field] end
  return tocha.tensor(values, { dtype = dtype or like.dtype, device = like.device })
end

-- What the objects' cells (P, 5 + classes) lack; their boxes (P, 4) say how well they fit.
local function object_losses(self, cells, list, found)
  local terms <const> = TERMS[self._kind]
  local want <const>, weight <const> = column(list, "values", cells), column(list, "weight", cells)
  local shift <const> = cells:narrow(2, 3, 2) - want:narrow(2, 3, 2)
  local box <const> = (terms.centre(cells:narrow(2, 1, 2), want:narrow(2, 1, 2))
    + shift:square() / 2) * weight:unsqueeze(2)
  local fit = tocha.ones(#list, { dtype = cells.dtype, device = cells.device })
  if self._rescore then fit = boxes.measure.iou(found, column(list, "box", cells), 0) end
  local object <const> = terms.object(cells:select(2, 5), fit)
  local classes <const> = terms.classes(cells:narrow(2, 6, self._classes),
    column(list, "label", cells, "int64"))
  return box:sum() * self._coord_scale, object:sum() * self._object_scale,
    classes * self._class_scale
end

--- head:loss(map, targets, H, W): sums over the batch: of boxes, of objectness, of classes.
--- targets: for each picture { boxes = (n, 4), labels = (n) from 1 }.
function Head:loss(map, targets, H, W)
  local cells <const>, anchors <const> = by_cells(self, map), anchors_of(self, map, H, W)
  local geometry <const> = { h = map:size(3), w = map:size(4), H = H, W = W,
    cells = cells:numel() // (cells:size(1) * cells:size(5)) }
  local found <const> = boxes_of(self, cells:detach(), anchors, H, W):flatten(2, 4)  -- (B, N, 4)
  local list <const>, places <const> = answers(self, targets, anchors, geometry)
  local flat <const> = cells:flatten(1, 4)                                     -- (B N, 5 + classes)
  local empty = is_background(self, found, targets):flatten()
  local where <const> = tocha.tensor(places, { dtype = "int64", device = map.device })
  if #list > 0 then empty = empty:index_fill(1, where, 0) end
  local objectness <const> = flat:select(2, 5)
  local background <const> = (TERMS[self._kind].object(objectness, objectness * 0):mul(empty)):sum()
    * self._noobject_scale
  if #list == 0 then return background * 0, background, background * 0 end
  local box <const>, object <const>, classes <const> = object_losses(self,
    flat:index_select(1, where), list, found:flatten(1, 2):index_select(1, where))
  return box, object + background, classes
end

return Head
