-- SummaryWriter: TensorBoard's event files, with the names of torch.utils.tensorboard.
--
--     local writer = train.SummaryWriter "runs/first"
--     writer:add_scalar("loss", 0.5, step)
--     writer:add_histogram("weights", net[1].weight, step)
--     writer:close()
--
-- A file is a row of records: eight bytes of length, their checksum, an Event message, its checksum
-- (tensorflow/core/lib/io/record_writer.h); the checksum is CRC-32C, masked. Scalars, histograms,
-- texts and pictures are written; graphs are not.

local core = require "tocha.core"
local file = require "tocha.io.file"
local rule = require "tocha.rule"
local protobuf = require "tocha.io.protobuf"
local Object = require "tocha.class"

local SummaryWriter <const> = Object:extend "SummaryWriter"

-- ---- records ------------------------------------------------------------------------------------

local TABLE <const> = {}  -- byte -> remainder by Castagnoli's polynomial, bits reversed
for byte = 0, 255 do
  local crc = byte
  for _ = 1, 8 do crc = crc & 1 == 1 and crc >> 1 ~ 0x82F63B78 or crc >> 1 end
  TABLE[byte] = crc
end

--- SummaryWriter.crc32c(bytes)
function SummaryWriter.crc32c(bytes)
  local crc = 0xFFFFFFFF
  for k = 1, #bytes do crc = TABLE[(crc ~ bytes:byte(k)) & 255] ~ crc >> 8 end
  return crc ~ 0xFFFFFFFF
end

-- A checksum of bytes that hold checksums is no good one: TensorFlow turns and shifts it.
local function masked(bytes)
  local crc <const> = SummaryWriter.crc32c(bytes)
  return ("<I4"):pack((crc >> 15 | crc << 17) + 0xA282EAD8 & 0xFFFFFFFF)
end

--- SummaryWriter.record(bytes): the bytes as one record of a file.
function SummaryWriter.record(bytes)
  local length <const> = ("<I8"):pack(#bytes)
  return length .. masked(length) .. bytes .. masked(bytes)
end

-- ---- events -------------------------------------------------------------------------------------
-- Numbers of fields, from tensorflow/core/util/event.proto and framework/summary.proto:
-- Event: wall_time 1, step 2, file_version 3, summary 5, session_log 7
-- Summary.Value: tag 1, simple_value 2, image 4, histo 5, tensor 8, metadata 9

local START <const> = 1  -- of SessionLog: what was logged from this step on is void

local EPOCH <const> = os.time() - core.clock()

-- Seconds since 1970, with fractions.
local function now() return EPOCH + core.clock() end

local function write(self, fields)
  table.insert(fields, 1, { 1, "double", self.wall_time() })
  local handle <const> = self.handle
  if not handle then core.fail("SummaryWriter", nil, "it is closed") end
  local ok <const>, problem <const> = handle:write(
    SummaryWriter.record(protobuf.message(fields)))
  if not ok then core.fail("SummaryWriter", nil, "%s: %s", self.path, problem) end
end

local written = 0  -- files of this process, each with a name of its own

local function new_path(folder)
  written = written + 1
  return ("%s/events.out.tfevents.%010d.%s.%d.%d"):format(folder, os.time(), core.host_name(),
    core.process_id(), written)
end

--- train.SummaryWriter(log_dir = "runs", {purge_step = nil, wall_time = nil}): a new file in the
--- folder, which is made. purge_step: what an earlier file in it has from this step on no longer
--- counts (a resumed run). wall_time: a function, instead of the clock.
function SummaryWriter:new(log_dir, options)
  options = options or {}
  self.log_dir, self.wall_time = log_dir or "runs", options.wall_time or now
  file.make_folders("SummaryWriter", self.log_dir)
  self.path = new_path(self.log_dir)
  local handle, problem = io.open(self.path, "wb")
  if not handle then core.fail("SummaryWriter", 1, "%s", problem) end
  self.handle = handle
  write(self, { { 3, "bytes", "brain.Event:2" } })
  if options.purge_step then
    write(self, { { 2, "int", options.purge_step }, { 7, "message", { { 1, "int", START } } } })
  end
end

local function add(self, tag, step, ...)
  if type(tag) ~= "string" then
    core.fail("SummaryWriter", 1, "expected a tag (a string), got %s", type(tag))
  end
  local value <const> = { "message", { { 1, "bytes", tag }, ... } }
  write(self, { { 2, "int", math.tointeger(step) or 0 },
    { 5, "message", { { 1, table.unpack(value) } } } })
end

local function number_of(value)
  return core.is_tensor(value) and value:item() or value
end

--- writer:add_scalar(tag, value, step): a number or a tensor of one element.
function SummaryWriter:add_scalar(tag, value, step)
  add(self, tag, step, { 2, "float", number_of(value) + 0.0 })
end

--- writer:add_scalars(tag, {name = value, ...}, step): each under "tag/name".
function SummaryWriter:add_scalars(tag, values, step)
  local names <const> = {}
  for name in pairs(values) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do self:add_scalar(tag .. "/" .. name, values[name], step) end
end

-- ---- histograms ---------------------------------------------------------------------------------

-- Right edges and counts of `bins` equal parts; all values in one, where they do not differ.
local function buckets_of(x, low, high, bins)
  if low == high then return { high }, { x:numel() + 0.0 } end
  local limits <const> = {}
  for k = 1, bins do limits[k] = low + (high - low) * k / bins end
  return limits, x:histc(bins, low, high):totable()
end

--- writer:add_histogram(tag, tensor, step, bins = 30): of the finite elements.
function SummaryWriter:add_histogram(tag, tensor, step, bins)
  local x = tensor:detach():double():flatten()
  x = x:masked_select(x:isfinite())
  if x:numel() == 0 then return end
  local low <const>, high <const> = x:min():item(), x:max():item()
  local limits <const>, counts <const> = buckets_of(x, low, high, bins or 30)
  for k, n in ipairs(counts) do counts[k] = n + 0.0 end
  add(self, tag, step, { 5, "message", { { 1, "double", low }, { 2, "double", high },
    { 3, "double", x:numel() + 0.0 }, { 4, "double", x:sum():item() },
    { 5, "double", x:square():sum():item() }, { 6, "doubles", limits },
    { 7, "doubles", counts } } })
end

-- ---- texts --------------------------------------------------------------------------------------

local STRING <const> = 7  -- DT_STRING

--- writer:add_text(tag, text, step): Markdown.
function SummaryWriter:add_text(tag, text, step)
  local tensor <const> = { { 1, "int", STRING },
    { 2, "message", { { 2, "message", { { 1, "int", 1 } } } } }, { 8, "bytes", text } }
  local metadata <const> = { { 1, "message", { { 1, "bytes", "text" } } } }
  add(self, tag, step, { 8, "message", tensor }, { 9, "message", metadata })
end

-- ---- pictures -----------------------------------------------------------------------------------

-- (H, W) and (C, H, W), floating numbers from 0 to 1, as bytes (C, H, W).
local function pixels_of(x)
  if x.ndim == 2 then x = x:unsqueeze(1) end
  if x.ndim ~= 3 or x:size(1) > 4 then
    core.fail("SummaryWriter", 2, "expected a picture (C, H, W) or (H, W), got %s",
      rule.text(x.shape))
  end
  x = x:detach()
  if x:is_floating_point() then x = (x * 255):clamp(0, 255):round() end
  return x:byte()
end

--- writer:add_image(tag, picture, step): (C, H, W) or (H, W), bytes or numbers from 0 to 1; C is 1,
--- 2, 3 or 4. Needs libpng.
function SummaryWriter:add_image(tag, picture, step)
  local x <const> = pixels_of(picture)
  local bytes <const> = require("tocha.vision.io").encode(x, "png")
  add(self, tag, step, { 4, "message", { { 1, "int", x:size(2) }, { 2, "int", x:size(3) },
    { 3, "int", x:size(1) }, { 4, "bytes", bytes } } })
end

--- writer:add_figure(tag, figure, step): a figure of tocha.plot. Needs libcairo and libpng.
function SummaryWriter:add_figure(tag, figure, step)
  self:add_image(tag, figure:pixels():permute { 3, 1, 2 }, step)
end

-- ---- the end ------------------------------------------------------------------------------------

--- writer:flush(), writer:close()
function SummaryWriter:flush()
  if self.handle then self.handle:flush() end
end

function SummaryWriter:close()
  if self.handle then self.handle:close() end
  self.handle = nil
end

SummaryWriter.__close = SummaryWriter.close

return SummaryWriter
