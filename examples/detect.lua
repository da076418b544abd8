-- A detector: learns to find shapes in a minute, or finds things in photos with Darknet's weights.
--
--     bin/tocha examples/detect.lua [--steps 800] [--out shapes.png]
--     bin/tocha examples/detect.lua --cfg yolov3-tiny.cfg --weights yolov3-tiny.weights
--                     [--names coco.names] [--threshold 0.5] [--out found.png] photo.jpg
--
-- Without --cfg it makes pictures of rectangles, discs and triangles, trains a small network of
-- YOLOv3's kind on them, and says how well it finds those in new ones. Expect a loss that falls
-- from about 300 to about 5, and a mean average precision above 0.9 at an overlap of one half.
-- Two cores take a minute. TOCHA_SMOKE=1: ten steps.

local tocha = require "tocha"
local progress = require "tocha.progress"
local optim, vision = tocha.optim, tocha.vision
local MeanAveragePrecision <const> = tocha.train.metrics.MeanAveragePrecision

local options, photos = tocha.arguments("cfg = nil, names = nil, out = nil, steps = 800, "
  .. "threshold = 0.5, weights = nil")
local photo = photos[1]
if photo and not options.cfg then
  error("a photo needs a detector of Darknet: --cfg FILE.cfg --weights FILE.weights", 0)
end
local STEPS <const> = os.getenv "TOCHA_SMOKE" and 10 or options.steps
local THRESHOLD <const> = options.threshold
local BATCH <const>, SIDE <const> = 16, 96

-- ---- what is found ------------------------------------------------------------------------------

local function print_found(boxes, scores, labels, names)
  for k, box in ipairs(boxes:totable()) do
    local label = labels[k]:item()
    print(("%-12s %3.0f %%  (%.0f, %.0f) to (%.0f, %.0f)"):format(names[label] or label,
      100 * scores[k]:item(), table.unpack(box)))
  end
  if boxes:size(1) == 0 then print "nothing found" end
end

local function draw(picture, boxes, scores, labels, names)
  local texts = {}
  for k, label in ipairs(labels:totable()) do
    texts[k] = ("%s %.0f %%"):format(names[label] or label, 100 * scores[k]:item())
  end
  return vision.draw.bounding_boxes(picture, boxes, { labels = texts, width = 2 })
end

-- ---- Darknet's networks -------------------------------------------------------------------------

if options.cfg then
  local net = vision.models.Darknet(options.cfg)
  print(net:load(options.weights or error("which --weights?", 0)))
  local names = {}
  if options.names then
    for line in io.lines(options.names) do names[#names + 1] = line end
  end
  local picture = vision.io.read(photo or error("which photo?", 0), { mode = "rgb" })
  local boxes, scores, labels = net:eval():detect(picture, { threshold = THRESHOLD })
  print_found(boxes, scores, labels, names)
  if options.out then
    vision.io.write(draw(picture, boxes, scores, labels, names), options.out)
  end
  return
end

-- ---- pictures of shapes -------------------------------------------------------------------------

local NAMES <const> = { "rectangle", "disc", "triangle" }
local down = tocha.arange(0, SIDE - 1):float():unsqueeze(2) + 0.5
local across = tocha.arange(0, SIDE - 1):float() + 0.5

-- Which pixels belong to a shape in a box, (SIDE, SIDE).
local INSIDE <const> = {
  function(u, v) return u:abs():maximum(v:abs()):le(1) end,
  function(u, v) return (u * u + v * v):le(1) end,
  function(u, v) return (u:abs() * 2 - v - 1):maximum(v:abs() - 1):le(0) end,
}

-- A box that covers none of the others by a lot.
local function place(boxes)
  for _ = 1, 20 do
    local w, h = math.random(14, 48), math.random(14, 48)
    local x, y = math.random(0, SIDE - w), math.random(0, SIDE - h)
    local box = tocha.tensor { { x, y, x + w, y + h } }:float()
    if #boxes == 0 or vision.ops.box_iou(box, tocha.cat(boxes, 1)):max():item() < 0.1 then
      return box, x, y, w, h
    end
  end
end

-- A picture (3, SIDE, SIDE) and what is in it.
local function make()
  local picture = tocha.rand(3, 1, 1) * 0.6 + tocha.rand(3, SIDE, SIDE) * 0.2
  local boxes, labels = {}, {}
  for _ = 1, math.random(3) do
    local box, x, y, w, h = place(boxes)
    if box then
      local kind = math.random(#INSIDE)
      local u, v = (across - x - w / 2) / (w / 2), (down - y - h / 2) / (h / 2)
      picture = tocha.where(INSIDE[kind](u, v), tocha.rand(3, 1, 1), picture)
      boxes[#boxes + 1], labels[#labels + 1] = box, kind
    end
  end
  return picture, { boxes = tocha.cat(boxes, 1), labels = tocha.tensor(labels) }
end

local function batch(n)
  local pictures, targets = {}, {}
  for k = 1, n do pictures[k], targets[k] = make() end
  return tocha.stack(pictures, 1), targets
end

-- ---- the network, as a .cfg ---------------------------------------------------------------------

local function convolutional(filters, size)
  return ("[convolutional]\nbatch_normalize=1\nfilters=%d\nsize=%d\npad=1\nactivation=leaky\n")
    :format(filters, size)
end
local HALF <const> = "[maxpool]\nsize=2\nstride=2\n"
local CFG <const> = ("[net]\nwidth=%d\nheight=%d\nchannels=3\n"):format(SIDE, SIDE)
  .. convolutional(16, 3) .. HALF .. convolutional(32, 3) .. HALF .. convolutional(64, 3) .. HALF
  .. convolutional(128, 3) .. convolutional(128, 3) .. [[
[convolutional]
filters=24
size=1
activation=linear
[yolo]
anchors=16,16, 28,28, 44,44
classes=3
ignore_thresh=0.5
]]

tocha.manual_seed(1)
math.randomseed(7)
local net = vision.models.Darknet(CFG)
net:summary(3, SIDE, SIDE)

local optimizer = optim.Adam(net:parameters(), { lr = 4e-3 })
local schedule = optim.lr_scheduler.OneCycleLR(optimizer, { max_lr = 4e-3, total_steps = STEPS })
do
  local bar <close>, smooth = progress.bar(STEPS, "training"), nil
  for step = 1, STEPS do
    local x, targets = batch(BATCH)
    optimizer:zero_grad()
    local loss = net:loss(net(x), targets)
    loss:backward()
    optimizer:step()
    schedule:step()
    smooth = smooth and 0.95 * smooth + 0.05 * loss:item() or loss:item()
    bar:step(("loss %.2f"):format(smooth))
    if step == 1 then print(("loss at the start %.2f"):format(smooth)) end
  end
  bar:finish(("loss at the end   %.2f"):format(smooth))
end

-- ---- how well ----------------------------------------------------------------------------------

net:eval()
local half, coco = MeanAveragePrecision { iou = 0.5 }, MeanAveragePrecision { iou = "coco" }
for _ = 1, math.min(8, STEPS // 10) do
  local x, targets = batch(BATCH)
  local _ <close> = tocha.no_grad()
  local found = net:postprocess(net(x), SIDE, SIDE, { threshold = 0.05 })
  half:update(found, targets)
  coco:update(found, targets)
end
print(("mean average precision %.3f at 0.5, %.3f as COCO has it"):format(half:compute(),
  coco:compute()))
for class, precision in ipairs(half:by_class()) do
  print(("%-12s %.3f"):format(NAMES[class], precision))
end

local found = {}
for k = 1, 8 do
  local picture = make()
  local boxes, scores, labels = net:detect(picture, { threshold = THRESHOLD })
  print(("picture %d:"):format(k))
  print_found(boxes, scores, labels, NAMES)
  if options.out then
    local large = picture:clamp(0, 1):repeat_interleave(3, 2):repeat_interleave(3, 3)
    found[k] = draw(large, boxes * 3, scores, labels, NAMES)
  end
end
if options.out then
  vision.draw.save_image(found, options.out, { nrow = 4 })
  print("wrote " .. options.out)
end
