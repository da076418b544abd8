-- From a picture of any size to boxes in it, and from targets to a loss: methods of detectors whose
-- heads are YoloHeads (yolo_head.lua).

local core = require "tocha.core"
local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"
local nms = require "tocha.vision.ops.nms"
local boxes = require "tocha.vision.ops.boxes"

local detect <const> = {}

local GREY <const> = 0.5

-- ---- letterbox ----------------------------------------------------------------------------------

local function check_picture(picture)
  if not core.is_tensor(picture) or picture.ndim ~= 3 then
    core.fail("detect", 1, "expected a picture (C, H, W)")
  end
end

-- (C, H, W) as floats in 0 to 1
local function as_unit(picture)
  check_picture(picture)
  return picture:is_floating_point() and picture or picture:float() / 255
end

--- net:letterbox(picture, height, width): the picture (C, H, W), of bytes or of floats in 0 to 1,
--- as large as fits, in the middle of a grey (1, C, height, width); and where it lies: { scale,
--- left, top, height, width }, in the last two as it was.
function detect.letterbox(self, picture, height, width)
  height, width = height or self._height, width or self._width
  local x <const> = as_unit(picture)
  local C <const>, H <const>, W <const> = table.unpack(x.shape)
  local wide, high = width, math.max(1, H * width // W)
  if width * H > height * W then wide, high = math.max(1, W * height // H), height end
  local small <const> = (high == H and wide == W) and x:unsqueeze(1)
    or nn.functional.interpolate(x:unsqueeze(1), { size = { high, wide }, mode = "bilinear",
      align_corners = true })  -- as Darknet resizes
  local left <const>, top <const> = (width - wide) // 2, (height - high) // 2
  local page <const> = tocha.full({ 1, C, height, width }, GREY,
    { dtype = x.dtype, device = x.device })
  page:narrow(3, top + 1, high):narrow(4, left + 1, wide):copy_(small)
  return page, { across = wide / W, down = high / H, left = left, top = top, height = H, width = W }
end

-- Boxes (N, 4) of the letterbox in pixels of the picture, within it.
local function to_picture(found, place)
  local x1 <const>, y1 <const>, x2 <const>, y2 <const> = boxes.columns(found)
  local function x(v) return ((v - place.left) / place.across):clamp(0, place.width) end
  local function y(v) return ((v - place.top) / place.down):clamp(0, place.height) end
  return tocha.stack({ x(x1), y(y1), x(x2), y(y2) }, 2)
end

-- ---- detection ----------------------------------------------------------------------------------

-- Of one picture: boxes (N, 4), scores (N, classes).
local function candidates(self, maps, b, height, width)
  local found <const>, scores <const> = {}, {}
  for k, head in ipairs(self:heads()) do
    local map <const> = maps[k]:narrow(1, b, 1)
    local own <const>, object <const>, classes <const> = head:decode(map, height, width)
    found[k] = own:select(1, 1)
    scores[k] = (classes * object:unsqueeze(-1)):select(1, 1)
  end
  return tocha.cat(found, 1), tocha.cat(scores, 1)
end

local function pick(found, scores, threshold, iou)
  local sure <const> = scores:gt(threshold)
  local places <const> = sure:nonzero()                      -- (M, 2): box, class
  local own <const> = found:index_select(1, places:select(2, 1))
  local labels <const> = places:select(2, 2)
  local values <const> = scores:masked_select(sure)
  local keep <const> = nms.batched_nms(own, values, labels, iou)
  return own:index_select(1, keep), values:index_select(1, keep), labels:index_select(1, keep)
end

--- net:postprocess(maps, height, width, {threshold = 0.5, iou = 0.45}): of what the network gives
--- for pictures of height x width: for each { boxes = (N, 4), scores = (N), labels = (N) }, best
--- first. A score is that of an object times that of its class.
function detect.postprocess(self, maps, height, width, options)
  local o <const>, list <const> = {}, {}
  signature.read("threshold = 0.5, iou = 0.45", "postprocess", o, options or {})
  for b = 1, maps[1]:size(1) do
    local found <const>, scores <const> = candidates(self, maps, b, height, width)
    local own <const>, values <const>, labels <const> = pick(found, scores, o.threshold, o.iou)
    list[b] = { boxes = own, scores = values, labels = labels }
  end
  return list
end

--- net:detect(picture, {threshold = 0.5, iou = 0.45, height, width}): what is in a picture (C, H,
--- W), of bytes or of floats in 0 to 1: boxes (N, 4) in its pixels, (x1, y1, x2, y2), scores (N),
--- labels (N) from 1, best first. It is looked at in the .cfg's size unless told. In evaluation
--- mode.
function detect.detect(self, picture, options)
  local o <const> = {}
  signature.read("threshold = 0.5, iou = 0.45, height = nil, width = nil", "detect", o,
    options or {})
  check_picture(picture)
  if #self:heads() == 0 then core.fail("detect", nil, "the network has no [yolo] or [region]") end
  local _ <close> = tocha.no_grad()
  local device <const> = (self:parameters()[1] or picture).device
  local page <const>, place <const> = self:letterbox(picture:to(device), o.height, o.width)
  local was <const> = self.is_training
  self:eval()
  local maps <const> = self(page)
  if was then self:train() end
  local found <const> = self:postprocess(maps, page:size(3), page:size(4),
    { threshold = o.threshold, iou = o.iou })[1]
  return to_picture(found.boxes, place), found.scores, found.labels
end

-- ---- training -----------------------------------------------------------------------------------

--- net:loss(maps, targets, height, width): of what the network gave for a batch of pictures of
--- height x width (the .cfg's unless told): the loss for one picture, a number on the tape, and its
--- parts { box, object, class }. targets: for each picture { boxes = (n, 4) in pixels, labels = (n)
--- from 1 }. Darknet's: an object's cell and best anchor answer for it; others shall see no object
--- there, unless their box fits one anyway.
function detect.loss(self, maps, targets, height, width)
  height, width = height or self._height, width or self._width
  if type(maps) ~= "table" or not core.is_tensor(maps[1]) then
    core.fail("loss", 1, "expected the list of maps that the network gives, got %s", type(maps))
  end
  if type(targets) ~= "table" then
    core.fail("loss", 2, "expected a list of { boxes, labels }, got %s", type(targets))
  end
  if #targets ~= maps[1]:size(1) then
    core.fail("loss", 2, "expected targets for %d pictures, got %d", maps[1]:size(1), #targets)
  end
  local parts <const> = { box = 0, object = 0, class = 0 }
  for k, head in ipairs(self:heads()) do
    local box <const>, object <const>, class <const> = head:loss(maps[k], targets, height, width)
    parts.box, parts.object = parts.box + box / #targets, parts.object + object / #targets
    parts.class = parts.class + class / #targets
  end
  return parts.box + parts.object + parts.class, parts
end

return detect
