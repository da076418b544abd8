-- nn.utils.rnn: sequences of several lengths, padded to one tensor or packed without padding.
--
--     local x, lengths = rnn.pad_sequence(sequences), { 5, 3, 2 }
--     local y = lstm(rnn.pack_padded_sequence(x, lengths))   -- no step of padding is computed
--     local padded, lengths = rnn.pad_packed_sequence(y)
--
-- A packed sequence holds the rows of all steps one after the other, longest sequences first:
-- `data` (rows, ...), `batch_sizes` (int64, how many sequences each step has), and when they were
-- sorted for it `sorted_indices` and `unsorted_indices`, which count from 1.

local core = require "tocha.core"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local signature = require "tocha.signature"
local Object = require "tocha.class"

local ops <const> = registry.ops
local rnn <const> = {}

-- ---- the class ----------------------------------------------------------------------------------

local PackedSequence <const> = Object:extend "PackedSequence"
rnn.PackedSequence = PackedSequence

local FIELDS <const> = { "data", "batch_sizes", "sorted_indices", "unsorted_indices" }

--- rnn.PackedSequence(data, batch_sizes, sorted_indices, unsorted_indices): made by
--- pack_padded_sequence and pack_sequence.
function PackedSequence:new(...)
  for k, name in ipairs(FIELDS) do self[name] = select(k, ...) end
end

--- packed:with(data): other rows in the same order.
function PackedSequence:with(data)
  return PackedSequence(data, self.batch_sizes, self.sorted_indices, self.unsorted_indices)
end

--- packed:to(dtype or device)
function PackedSequence:to(...) return self:with(self.data:to(...)) end

function PackedSequence:__tostring()
  return ("PackedSequence(%s in %d steps)"):format(rule.text(self.data.shape),
    self.batch_sizes:size(1))
end

-- ---- lengths ------------------------------------------------------------------------------------

local function checked_lengths(who, lengths, batch, steps)
  if core.is_tensor(lengths) then lengths = lengths:reshape(-1):totable() end
  if type(lengths) ~= "table" or #lengths ~= batch then
    core.fail(who, 2, "expected %d lengths, got %s", batch,
      type(lengths) == "table" and tostring(#lengths) or "a " .. type(lengths))
  end
  for k, n in ipairs(lengths) do
    if math.type(n) ~= "integer" or n < 1 or n > steps then
      core.fail(who, 2, "length %d: expected an integer in 1..%d, got %s", k, steps, tostring(n))
    end
  end
  return lengths
end

-- The sequences from the longest to the shortest; among equals the earlier first.
local function sorted_order(lengths)
  local order <const> = {}
  for k = 1, #lengths do order[k] = k end
  table.sort(order, function(a, b)
    if lengths[a] ~= lengths[b] then return lengths[a] > lengths[b] end
    return a < b
  end)
  return order
end

local function inverse(order)
  local places <const> = {}
  for k, place in ipairs(order) do places[place] = k end
  return places
end

local function ids(list, device)
  local x <const> = core.from_table(list, "int64")
  return device and x:to(device) or x
end

--- rnn.invert_permutation(permutation): the one that undoes it (int64, counted from 1); nil for
--- nil.
function rnn.invert_permutation(permutation)
  return permutation and ids(inverse(permutation:totable()), permutation.device)
end

-- How many sequences each step has, from their sorted lengths.
local function step_counts(lengths, order)
  local counts <const>, running = {}, #order
  for t = 1, lengths[order[1]] do
    while lengths[order[running]] < t do running = running - 1 end
    counts[t] = running
  end
  return counts
end

-- Which rows of a padded tensor, its first two dimensions made one, each packed row is.
local function padded_rows(counts, order, steps, batch, batch_first)
  local rows <const> = {}
  for t, count in ipairs(counts) do
    for k = 1, count do
      rows[#rows + 1] = batch_first and (order[k] - 1) * steps + t or (t - 1) * batch + order[k]
    end
  end
  return ids(rows)
end

local function features(x) return { table.unpack(x.shape, 3) } end

local function sizes_of(x, batch_first)
  if batch_first then return x:size(2), x:size(1) end
  return x:size(1), x:size(2)
end

local function read(text, who, ...)
  local args <const> = {}
  signature.read(text, who, args, ...)
  return args
end

-- ---- packing ------------------------------------------------------------------------------------

local function need_sorted(who, order)
  for k, place in ipairs(order) do
    if k ~= place then
      core.fail(who, 2, "lengths must not increase; give {enforce_sorted = false} to have the "
        .. "sequences sorted")
    end
  end
end

--- rnn.pack_padded_sequence(input, lengths, batch_first = false, enforce_sorted = true): input
--- (T, B, ...), or (B, T, ...) with batch_first; lengths, a list or tensor, longest first unless
--- enforce_sorted is false.
function rnn.pack_padded_sequence(...)
  local who <const> = "pack_padded_sequence"
  local args <const> = read("input, lengths, batch_first = false, enforce_sorted = true", who, ...)
  local x <const> = args.input
  if not core.is_tensor(x) or x.ndim < 2 then core.fail(who, 1, "expected a (T, B, ...) tensor") end
  local steps <const>, batch <const> = sizes_of(x, args.batch_first)
  if batch == 0 then core.fail(who, 1, "a %s tensor has no sequence", rule.text(x.shape)) end
  local lengths <const> = checked_lengths(who, args.lengths, batch, steps)
  local order <const> = sorted_order(lengths)
  if args.enforce_sorted then need_sorted(who, order) end
  local counts <const> = step_counts(lengths, order)
  local rows <const> = padded_rows(counts, order, steps, batch, args.batch_first)
  local data <const> = x:reshape(steps * batch, table.unpack(features(x)))
    :index_select(1, rows:to(x.device))
  if args.enforce_sorted then return PackedSequence(data, ids(counts)) end
  return PackedSequence(data, ids(counts), ids(order, x.device), ids(inverse(order), x.device))
end

-- The length of each sequence in sorted order.
local function lengths_of(counts)
  local lengths <const> = {}
  for t, count in ipairs(counts) do
    for k = 1, count do lengths[k] = t end
  end
  return lengths
end

local function need_packed(who, value)
  if getmetatable(value) ~= PackedSequence then
    core.fail(who, 1, "expected a packed sequence, got a %s", type(value))
  end
end

--- rnn.pad_packed_sequence(packed, batch_first = false, padding_value = 0, total_length = nil):
--- returns the padded tensor and the lengths (int64), in the order before packing.
function rnn.pad_packed_sequence(...)
  local who <const> = "pad_packed_sequence"
  local args <const> = read("sequence, batch_first = false, padding_value = 0, total_length = nil",
    who, ...)
  local packed <const> = args.sequence
  need_packed(who, packed)
  local counts <const> = packed.batch_sizes:totable()
  local steps <const>, batch <const> = args.total_length or #counts, counts[1]
  if steps < #counts then
    core.fail(who, 4, "total_length %d is less than the longest sequence, %d", steps, #counts)
  end
  local lengths <const>, order <const> = lengths_of(counts), packed.sorted_indices
    and packed.sorted_indices:totable() or sorted_order(lengths_of(counts))
  local rows <const> = padded_rows(counts, order, steps, batch, args.batch_first)
  local size <const> = { table.unpack(packed.data.shape, 2) }
  local data <const> = packed.data
  local y <const> = core.empty({ steps * batch, table.unpack(size) }, data.dtype, data)
    :fill_(args.padding_value):index_copy(1, rows:to(data.device), data)
  local first <const>, second <const> = steps, batch
  local padded <const> = args.batch_first and y:view(second, first, table.unpack(size))
    or y:view(first, second, table.unpack(size))
  local sorted <const> = ids(lengths)
  local places <const> = packed.unsorted_indices
  return padded, places and sorted:index_select(1, places:to "cpu") or sorted
end

-- ---- lists of sequences -------------------------------------------------------------------------

local function check_list(who, sequences)
  if type(sequences) ~= "table" or not core.is_tensor(sequences[1]) then
    core.fail(who, 1, "expected a list of tensors, got a %s", type(sequences))
  end
  for k, x in ipairs(sequences) do
    if x.ndim < 1 then core.fail(who, 1, "sequence %d has no dimension", k) end
  end
end

-- x with rows of `value` to make `steps` of them.
local function filled_up(x, steps, value, left)
  if x:size(1) == steps then return x end
  local shape <const> = x.shape
  shape[1] = steps - shape[1]
  local more <const> = core.empty(shape, x.dtype, x):fill_(value)
  return ops.cat(left and { more, x } or { x, more }, 1)
end

--- rnn.pad_sequence(sequences, batch_first = false, padding_value = 0, padding_side = "right"): a
--- list of (T_k, ...) tensors as one (T, B, ...), (B, T, ...) with batch_first; T is the longest.
function rnn.pad_sequence(...)
  local args <const> = read("sequences, batch_first = false, padding_value = 0, "
    .. "padding_side = 'right'", "pad_sequence", ...)
  check_list("pad_sequence", args.sequences)
  local side <const> = args.padding_side
  if side ~= "right" and side ~= "left" then
    core.fail("pad_sequence", 4, "expected 'right' or 'left', got '%s'", tostring(side))
  end
  local steps, list <const> = 0, {}
  for _, x in ipairs(args.sequences) do steps = math.max(steps, x:size(1)) end
  for k, x in ipairs(args.sequences) do
    list[k] = filled_up(x, steps, args.padding_value, side == "left")
  end
  return ops.stack(list, args.batch_first and 1 or 2)
end

--- rnn.unpad_sequence(padded, lengths, batch_first = false): the list of sequences in `padded`.
function rnn.unpad_sequence(...)
  local args <const> = read("padded_sequences, lengths, batch_first = false", "unpad_sequence", ...)
  local x <const> = args.padded_sequences
  local steps <const>, batch <const> = sizes_of(x, args.batch_first)
  local list <const> = {}
  for k, n in ipairs(checked_lengths("unpad_sequence", args.lengths, batch, steps)) do
    list[k] = x:select(args.batch_first and 1 or 2, k):narrow(1, 1, n)
  end
  return list
end

--- rnn.pack_sequence(sequences, enforce_sorted = true): packs a list of (T_k, ...) tensors.
function rnn.pack_sequence(...)
  local args <const> = read("sequences, enforce_sorted = true", "pack_sequence", ...)
  check_list("pack_sequence", args.sequences)
  local lengths <const> = {}
  for k, x in ipairs(args.sequences) do lengths[k] = x:size(1) end
  return rnn.pack_padded_sequence(rnn.pad_sequence(args.sequences), lengths,
    { enforce_sorted = args.enforce_sorted })
end

--- rnn.unpack_sequence(packed): the list of sequences, in the order before packing.
function rnn.unpack_sequence(packed)
  need_packed("unpack_sequence", packed)
  return rnn.unpad_sequence(rnn.pad_packed_sequence(packed))
end

return rnn
