---@meta tocha.nn.utils.rnn
-- Written by `make annotations`; do not edit.

---nn.utils.rnn: sequences of several lengths, padded to one tensor or packed without padding.
---
---    local x, lengths = rnn.pad_sequence(sequences), { 5, 3, 2 }
---    local y = lstm(rnn.pack_padded_sequence(x, lengths))   -- no step of padding is computed
---    local padded, lengths = rnn.pad_packed_sequence(y)
---
---A packed sequence holds the rows of all steps one after the other, longest sequences first:
---`data` (rows, ...), `batch_sizes` (int64, how many sequences each step has), and when they were
---sorted for it `sorted_indices` and `unsorted_indices`, which count from 1.
---@class tocha.nn.utils.rnn
local rnn = {}

do
---@class tocha.nn.utils.rnn.PackedSequence: tocha.Object
local object = {}

---packed:to(dtype or device)
---@return any ...
function object:to(...) end

---packed:with(data): other rows in the same order.
---@return any ...
function object:with(data) end

end

---rnn.PackedSequence(data, batch_sizes, sorted_indices, unsorted_indices): made by
---pack_padded_sequence and pack_sequence.
---@class tocha.nn.utils.rnn.PackedSequence.class: tocha.Class
---@overload fun(...: any): tocha.nn.utils.rnn.PackedSequence
rnn.PackedSequence = {}

---rnn.invert_permutation(permutation): the one that undoes it (int64, counted from 1); nil for
---nil.
---@return any ...
function rnn.invert_permutation(permutation) end

---rnn.pack_padded_sequence(input, lengths, batch_first = false, enforce_sorted = true): input
---(T, B, ...), or (B, T, ...) with batch_first; lengths, a list or tensor, longest first unless
---enforce_sorted is false.
---@return any ...
function rnn.pack_padded_sequence(...) end

---rnn.pack_sequence(sequences, enforce_sorted = true): packs a list of (T_k, ...) tensors.
---@return any ...
function rnn.pack_sequence(...) end

---rnn.pad_packed_sequence(packed, batch_first = false, padding_value = 0, total_length = nil):
---returns the padded tensor and the lengths (int64), in the order before packing.
---@return any ...
function rnn.pad_packed_sequence(...) end

---rnn.pad_sequence(sequences, batch_first = false, padding_value = 0, padding_side = "right"): a
---list of (T_k, ...) tensors as one (T, B, ...), (B, T, ...) with batch_first; T is the longest.
---@return any ...
function rnn.pad_sequence(...) end

---rnn.unpack_sequence(packed): the list of sequences, in the order before packing.
---@return any ...
function rnn.unpack_sequence(packed) end

---rnn.unpad_sequence(padded, lengths, batch_first = false): the list of sequences in `padded`.
---@return any ...
function rnn.unpad_sequence(...) end

return rnn
