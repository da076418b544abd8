-- Mean average precision of detections, as Pascal VOC and COCO score detectors.
--
-- Of each class, detections of all pictures are taken from the surest down. One is right where it
-- overlaps an object of its picture, that no surer one has found, by at least the threshold; of
-- several objects it finds the one that it overlaps most. Precision, made to fall with recall, is
-- averaged over recall.

local Metric = require "tocha.train.metrics.metric"

--- train.metrics.MeanAveragePrecision{iou = 0.5, points = 0, most = 100, name = "map"}:
--- update(found, targets) takes for each picture { boxes = (N, 4), scores = (N), labels = (N) }, as
--- net:detect and net:postprocess give them, and { boxes = (n, 4), labels = (n) }. iou: a
--- threshold, a list of them to average over, or "coco" (0.5, 0.55 ... 0.95). points: 0 takes the
--- whole area under the curve, as VOC since 2010; 11 as VOC before; 101 as COCO, which "coco" means
--- unless told. most: detections that count of each picture.
---
--- compute() is the mean over the classes that occur in targets; nan without any.
local MeanAveragePrecision <const> = Metric:extend("MeanAveragePrecision",
  "iou = 0.5, points = nil, most = 100, name = 'map'")
MeanAveragePrecision.start = { pictures = {} }
MeanAveragePrecision.takes_anything = true

function MeanAveragePrecision:check()
  if self.iou == "coco" then
    self.iou, self.points = {}, self.points or 101
    for k = 0, 9 do self.iou[k + 1] = 0.5 + 0.05 * k end
  elseif type(self.iou) == "number" then
    self.iou = { self.iou }
  elseif type(self.iou) ~= "table" then
    self:fail("'iou': expected a number, a list or \"coco\", got %s", tostring(self.iou))
  end
  self.points = self.points or 0
end

-- ---- what is kept -------------------------------------------------------------------------------

local function rows(x) return x and x:totable() or {} end

function MeanAveragePrecision:add(found, targets)
  if type(found) ~= "table" or type(targets) ~= "table" then
    self:fail("expected a list of detections and a list of targets, one for each picture")
  end
  if #found ~= #targets then
    self:fail("detections of %d pictures, and targets of %d", #found, #targets)
  end
  for k, each in ipairs(found) do
    local scores <const>, order = rows(each.scores), {}
    for j = 1, #scores do order[j] = j end
    table.sort(order, function(a, b)
      if scores[a] ~= scores[b] then return scores[a] > scores[b] end
      return a < b
    end)
    order = table.move(order, 1, math.min(#order, self.most), 1, {})
    table.insert(self.pictures, { boxes = rows(each.boxes), scores = scores, order = order,
      labels = rows(each.labels), objects = rows(targets[k].boxes),
      classes = rows(targets[k].labels) })
  end
end

-- ---- matching -----------------------------------------------------------------------------------

local function iou(a, b)
  local w <const> = math.min(a[3], b[3]) - math.max(a[1], b[1])
  local h <const> = math.min(a[4], b[4]) - math.max(a[2], b[2])
  if w <= 0 or h <= 0 then return 0 end
  return w * h / ((a[3] - a[1]) * (a[4] - a[2]) + (b[3] - b[1]) * (b[4] - b[2]) - w * h)
end

-- Of the objects of this class that nobody has found: the one that the box overlaps most.
local function find(picture, box, class, threshold, taken)
  local best, place = threshold, nil
  for k, object in ipairs(picture.objects) do
    if picture.classes[k] == class and not taken[k] then
      local overlap <const> = iou(box, object)
      if overlap >= best then best, place = overlap, k end
    end
  end
  return place
end

-- All detections of a class, { score, right } each, the surest first; and how many objects there
-- are.
local function judged(pictures, class, threshold)
  local list <const>, objects = {}, 0
  for _, picture in ipairs(pictures) do
    local taken <const> = {}
    for _, each in ipairs(picture.classes) do objects = objects + (each == class and 1 or 0) end
    for _, k in ipairs(picture.order) do
      if picture.labels[k] == class then
        local place <const> = find(picture, picture.boxes[k], class, threshold, taken)
        if place then taken[place] = true end
        list[#list + 1] = { score = picture.scores[k], right = place ~= nil, at = #list }
      end
    end
  end
  table.sort(list, function(a, b)
    if a.score ~= b.score then return a.score > b.score end
    return a.at < b.at
  end)
  return list, objects
end

-- ---- the curve ----------------------------------------------------------------------------------

-- recall[k], and the best precision that is reached there or later
local function curve(list, objects)
  local recall <const>, precision <const>, right = {}, {}, 0
  for k, each in ipairs(list) do
    right = right + (each.right and 1 or 0)
    recall[k], precision[k] = right / objects, right / k
  end
  for k = #list - 1, 1, -1 do precision[k] = math.max(precision[k], precision[k + 1]) end
  return recall, precision
end

local function area(recall, precision)
  local sum, before = 0, 0
  for k, r in ipairs(recall) do sum, before = sum + (r - before) * precision[k], r end
  return sum
end

-- At `n` recalls from 0 to 1; no precision where the curve does not reach.
local function sampled(recall, precision, n)
  local sum, k = 0, 1
  for p = 0, n - 1 do
    while recall[k] and recall[k] < p / (n - 1) - 1e-12 do k = k + 1 end
    sum = sum + (precision[k] or 0)
  end
  return sum / n
end

local function average_precision(self, class, threshold)
  local list <const>, objects <const> = judged(self.pictures, class, threshold)
  local recall <const>, precision <const> = curve(list, objects)
  if self.points == 0 then return area(recall, precision) end
  return sampled(recall, precision, self.points)
end

--- metric:by_class(): class -> average precision, for the classes that occur in targets.
function MeanAveragePrecision:by_class()
  local values <const> = {}
  for _, picture in ipairs(self.pictures) do
    for _, class in ipairs(picture.classes) do values[class] = 0 end
  end
  for class in pairs(values) do
    local sum = 0
    for _, threshold in ipairs(self.iou) do
      sum = sum + average_precision(self, class, threshold)
    end
    values[class] = sum / #self.iou
  end
  return values
end

function MeanAveragePrecision:compute()
  local sum, count = 0, 0
  for _, value in pairs(self:by_class()) do sum, count = sum + value, count + 1 end
  return sum / count
end

return { MeanAveragePrecision = MeanAveragePrecision }
