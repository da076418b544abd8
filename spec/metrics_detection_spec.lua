-- Mean average precision by numbers worked out by hand.

local tocha = require "tocha"
local metrics <const> = tocha.train.metrics

describe("mean average precision", function()
  local A <const>, B <const>, FAR <const> = { 0, 0, 10, 10 }, { 20, 0, 30, 10 }, { 60, 60, 70, 70 }
  local function found(boxes, scores, labels)
    return { boxes = tocha.tensor(boxes), scores = tocha.tensor(scores),
      labels = tocha.tensor(labels) }
  end
  local function objects(boxes, labels)
    return { boxes = tocha.tensor(boxes), labels = tocha.tensor(labels) }
  end
  local function score(options, ...)
    local metric <const> = metrics.MeanAveragePrecision(options)
    for _, picture in ipairs { ... } do metric:update({ picture[1] }, { picture[2] }) end
    return metric:compute(), metric
  end
  local function about(want, got)
    assert.is_true(math.abs(want - got) < 1e-6, ("expected %g, got %g"):format(want, got))
  end

  it("is the area under the best precision by recall", function()
    -- right, wrong, right: precision 1, then 2/3 from a recall of 1/2
    local picture <const> = { found({ A, FAR, B }, { 0.9, 0.8, 0.7 }, { 1, 1, 1 }),
      objects({ A, B }, { 1, 1 }) }
    about(0.5 * 1 + 0.5 * 2 / 3, (score({}, picture)))
    about((6 * 1 + 5 * 2 / 3) / 11, (score({ points = 11 }, picture)))
    about((51 * 1 + 50 * 2 / 3) / 101, (score({ points = 101 }, picture)))
  end)

  it("counts an object once, and detections of other classes and pictures not", function()
    local twice <const> = found({ A, A }, { 0.9, 0.8 }, { 1, 1 })
    about(0.5, (score({}, { twice, objects({ A, B }, { 1, 1 }) })))
    about(0, (score({}, { found({ A }, { 0.9 }, { 2 }), objects({ A }, { 1 }) })))
    about(0, (score({}, { found({ A }, { 0.9 }, { 1 }), objects({ B }, { 1 }) },
      { found({ B }, { 0.9 }, { 1 }), objects({ A }, { 1 }) })))
  end)

  it("averages over classes and thresholds", function()
    local shifted <const> = { 0, 0, 10, 8 }  -- overlaps A by 0.8
    local picture <const> = { found({ shifted, B }, { 0.9, 0.8 }, { 1, 2 }),
      objects({ A, B }, { 1, 2 }) }
    about(1, (score({}, picture)))
    about((0.7 + 1) / 2, (score({ iou = "coco" }, picture)))  -- 0.5 ... 0.8 of ten
    about(0.5, (score({ iou = 0.85 }, picture)))
    local _, metric <const> = score({ iou = { 0.5, 0.85 } }, picture)
    assert.same({ 0.5, 1 }, metric:by_class())
  end)

  it("takes so many of each picture, and restarts", function()
    local value <const>, metric <const> = score({ most = 1 },
      { found({ FAR, A }, { 0.9, 0.8 }, { 1, 1 }), objects({ A }, { 1 }) })
    about(0, value)
    metric:reset()
    assert.is_true(metric:compute() ~= metric:compute())  -- nan
    about(0, (score({}, { { boxes = tocha.zeros(0, 4), scores = tocha.zeros(0),
      labels = tocha.zeros(0) }, objects({ A }, { 1 }) })))
    assert.error_matches(function() metric:update(3) end, "expected a list of detections")
    assert.error_matches(function() metrics.MeanAveragePrecision { iou = "all" } end,
      "a number, a list or \"coco\"")
  end)

  it("goes on from its state", function()
    local _, metric <const> = score({}, { found({ A }, { 0.9 }, { 1 }), objects({ A }, { 1 }) })
    local other <const> = metrics.MeanAveragePrecision()
    other:load_state_dict(metric:state_dict())
    about(1, other:compute())
  end)
end)
