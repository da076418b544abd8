-- Tiny YOLO: the small detectors of "YOLO9000" (2017) and "YOLOv3" (2018), as Darknet's
-- yolov2-tiny-voc.cfg and yolov3-tiny.cfg have them; their .weights load by number.

local core = require "tocha.core"
local signature = require "tocha.signature"
local Darknet = require "tocha.vision.models.darknet".Darknet

local yolo <const> = {}

local function text(v) return ("%d"):format(v) end

local function conv(filters, size)
  return { kind = "convolutional", batch_normalize = "1", filters = text(filters),
    size = text(size), stride = "1", pad = "1", activation = "leaky" }
end

local function last(filters)
  return { kind = "convolutional", filters = text(filters), size = "1", stride = "1", pad = "1",
    activation = "linear" }
end

local function pool(stride) return { kind = "maxpool", size = "2", stride = text(stride) } end

-- 3 x 3 convolutions with twice as many filters after each pooling: 1/32 of the picture's side.
local function backbone(size)
  local sections <const> = { { kind = "net", width = text(size), height = text(size),
    channels = "3" } }
  for k = 0, 5 do
    sections[#sections + 1] = conv(16 << k, 3)
    sections[#sections + 1] = pool(k < 5 and 2 or 1)
  end
  sections[#sections + 1] = conv(1024, 3)
  return sections
end

local function check_size(who, size)
  if math.type(size) ~= "integer" or size < 32 or size % 32 ~= 0 then
    core.fail(who, 1, "'size': expected a multiple of 32, got %s", tostring(size))
  end
end

local function build(sections, more)
  return Darknet(table.move(more, 1, #more, #sections + 1, sections))
end

local VOC <const> = "1.08,1.19, 3.42,4.41, 6.63,11.38, 9.42,5.11, 16.62,10.52"
local COCO <const> = "10,14, 23,27, 37,58, 81,82, 135,169, 344,319"

--- models.yolov2_tiny{num_classes = 20, size = 416}: one map of 1/32 of the side, five anchors. See
--- models.Darknet for what it does.
function yolo.yolov2_tiny(options)
  local o <const> = {}
  signature.read("num_classes = 20, size = 416", "yolov2_tiny", o, options)
  check_size("yolov2_tiny", o.size)
  return build(backbone(o.size), { conv(1024, 3), last(5 * (5 + o.num_classes)),
    { kind = "region", anchors = VOC, classes = text(o.num_classes), thresh = "0.6", rescore = "1",
      object_scale = "5" } })
end

--- models.yolov3_tiny{num_classes = 80, size = 416}: maps of 1/32 and 1/16 of the side, three
--- anchors each. See models.Darknet for what it does.
function yolo.yolov3_tiny(options)
  local o <const> = {}
  signature.read("num_classes = 80, size = 416", "yolov3_tiny", o, options)
  check_size("yolov3_tiny", o.size)
  local filters <const> = 3 * (5 + o.num_classes)
  local function head(mask)
    return { kind = "yolo", mask = mask, anchors = COCO, classes = text(o.num_classes),
      ignore_thresh = "0.7" }
  end
  return build(backbone(o.size), { conv(256, 1), conv(512, 3), last(filters), head "3,4,5",
    { kind = "route", layers = "-4" }, conv(128, 1), { kind = "upsample", stride = "2" },
    { kind = "route", layers = "-1,8" }, conv(256, 3), last(filters), head "0,1,2" })
end

return yolo
