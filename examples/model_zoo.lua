-- All networks for pictures: parameters, multiply-adds, time and memory for one picture.
--
--     bin/tocha examples/model_zoo.lua [NAME ...] [--fuse] [--largest 100] [--device cuda]
--                                      [--seconds 0.5] [--out zoo.svg]
--
-- A NAME is a network or the beginning of several (resnet, vit_b_16); without any, all whose
-- parameters are at most --largest millions. Expect a table and a plot in which time grows with
-- multiply-adds, but not evenly: depthwise convolutions move more than they multiply. --fuse folds
-- batch norm and activations first (nn.fuse). Weights are random, which changes none of the
-- numbers, and to draw them takes longest. TOCHA_SMOKE=1: two small networks.

local tocha = require "tocha"
local columns = require "tocha.columns"
local progress = require "tocha.progress"
local models, nn, plot = tocha.vision.models, tocha.nn, tocha.plot

local options, wanted = tocha.arguments("device = 'cpu', fuse = false, largest = 100.0, out = nil, "
  .. "seconds = 0.5")
if os.getenv "TOCHA_SMOKE" then
  wanted, options.seconds = { "lenet5", "squeezenet1_1" }, 0.0
end
local SECONDS <const> = options.seconds
local LARGEST <const> = options.largest * 1e6

-- ---- which --------------------------------------------------------------------------------------

-- The picture that each takes, by the beginning of its name; others 3 x 224 x 224.
local PICTURES = {
  { "lenet5", 1, 32 }, { "resnet20", 3, 32 }, { "resnet32", 3, 32 }, { "resnet44", 3, 32 },
  { "resnet56", 3, 32 }, { "resnet110", 3, 32 }, { "preact_resnet", 3, 32 }, { "unet", 1, 572 },
  { "inception_v3", 3, 299 }, { "efficientnet_b1", 3, 240 }, { "efficientnet_b2", 3, 288 },
  { "efficientnet_b3", 3, 300 }, { "efficientnet_b4", 3, 380 }, { "efficientnet_b5", 3, 456 },
  { "efficientnet_b6", 3, 528 }, { "efficientnet_b7", 3, 600 }, { "efficientnet_v2_s", 3, 384 },
  { "efficientnet_v2", 3, 480 }, { "swin_v2", 3, 256 },
  { "tiny_yolo", 3, 416 }, { "yolo", 3, 416 },
}
-- Those that make pictures, or take something else beside one.
local OTHERS = { "autoencoder", "vae", "dcgan", "ddpm", "diffusion", "conv_" }

local function begins(name, list)
  for _, each in ipairs(list) do
    local start = type(each) == "table" and each[1] or each
    if name:sub(1, #start) == start then return each end
  end
end

local function picture_of(name)
  local found = begins(name, PICTURES) or { name, 3, 224 }
  return found[2], found[3], found[3]
end

local function chosen()
  local list = {}
  for _, name in ipairs(getmetatable(models).__names()) do
    local fits = #wanted == 0 and not begins(name, OTHERS) or begins(name, wanted)
    if name:find "^%l" and fits then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

-- ---- measuring ----------------------------------------------------------------------------------

-- The shortest of some runs: what disturbs only makes them longer.
local function time_of(net, x)
  local best, spent = math.huge, 0
  repeat
    local start = tocha.clock()
    net(x)
    if options.device ~= "cpu" then tocha.cuda.synchronize() end
    local taken = tocha.clock() - start
    best, spent = math.min(best, taken), spent + taken
  until spent >= SECONDS
  return best
end

local function peak_of(net, x)
  if options.device ~= "cpu" then return 0 end
  collectgarbage()
  tocha.reset_peak_memory()
  local before = tocha.memory().in_use
  net(x)
  return tocha.memory().peak - before
end

local function measure(name)
  local net = models[name]()
  if net:num_parameters() > LARGEST and not begins(name, wanted) then return nil end
  local C, H, W = picture_of(name)
  local summary = net:eval():summary(C, H, W, { print = false })
  local row = { name = name, parameters = summary.total, multiply_adds = summary.multiply_adds,
    size = ("%d x %d"):format(H, W) }
  net:to(options.device)
  local x = tocha.randn(1, C, H, W, { device = options.device })
  if options.fuse then net = nn.fuse(net, C, H, W) end
  row.memory = peak_of(net, x)  -- the first run also warms up
  row.seconds = time_of(net, x)
  return row
end

local rows = {}
do
  local names = chosen()
  if #names == 0 then
    error("no network begins with " .. table.concat(wanted, ", "), 0)
  end
  local bar <close> = progress.bar(#names, "measuring")
  local _ <close> = tocha.no_grad()
  for _, name in ipairs(names) do
    rows[#rows + 1] = measure(name)
    bar:step(name)
    collectgarbage()
  end
  bar:finish(("%d networks on %s, %d threads%s"):format(#rows, options.device,
    tocha.get_num_threads(), options.fuse and ", fused" or ""))
end

-- ---- showing ------------------------------------------------------------------------------------

local lines = { { "network", "picture", "parameters", "multiply-adds", "time", "G/s", "memory" } }
table.sort(rows, function(a, b) return a.multiply_adds < b.multiply_adds end)
for _, row in ipairs(rows) do
  lines[#lines + 1] = { row.name, row.size, ("%.2f M"):format(row.parameters / 1e6),
    ("%.3f G"):format(row.multiply_adds / 1e9), ("%.2f ms"):format(row.seconds * 1e3),
    ("%.0f"):format(row.multiply_adds / row.seconds / 1e9), columns.bytes(row.memory) }
end
print(columns.numbers(lines, { true }))

local function column(name, scale)
  local list = {}
  for k, row in ipairs(rows) do list[k] = row[name] * scale end
  return list
end

local fig = plot.figure { title = "time for one picture", xscale = "log",
  yscale = "log", xlabel = "multiply-adds (G)", ylabel = "milliseconds", width = 900, height = 600 }
fig:scatter(column("multiply_adds", 1e-9), column("seconds", 1e3),
  { c = column("parameters", 1e-6), cmap = "viridis", colorbar = "parameters (M)" })
for _, row in ipairs(options.out and rows or {}) do
  fig:text(row.multiply_adds / 1e9, row.seconds * 1e3, " " .. row.name, { fontsize = 7 })
end
if options.out then
  fig:save(options.out)
  print("wrote " .. options.out)
else
  fig:show()
end
