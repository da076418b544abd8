-- keras.utils: class ids to rows, sequences of one length, seeds.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local random = require "tocha.random"
local tensor = require "tocha.tensor"
local layer = require "tocha.keras.layer"

local utils <const> = {}

--- utils.to_categorical(ids, num_classes): rows of zeros with a one at the id, float32. Ids count
--- from 1, up to the largest unless num_classes is given. (..., 1) is taken as (...).
function utils.to_categorical(ids, num_classes)
  if not core.is_tensor(ids) then ids = tensor.from(ids) end
  if ids.ndim > 1 and ids:size(-1) == 1 then ids = ids:squeeze(-1) end
  ids = ids:to "int64"
  if ids:numel() > 0 and ids:amin():item() < 1 then
    core.fail("to_categorical", 1, "class ids count from 1, got %d: add 1 to ids from Python",
      ids:amin():item())
  end
  local rows <const> = num_classes and ops.one_hot(ids, num_classes) or ops.one_hot(ids)
  return rows:to "float32"
end

local function part_of(sequence, maxlen, truncating)
  local n <const> = #sequence
  if n <= maxlen then return sequence end
  local first <const> = truncating == "pre" and n - maxlen + 1 or 1
  return table.move(sequence, first, first + maxlen - 1, 1, {})
end

local SIDES <const> = { pre = true, post = true }

local function read_padding(options)
  local o <const> = { padding = "pre", truncating = "pre", value = 0, dtype = "int64" }
  for name, value in pairs(options or {}) do o[name] = value end
  for _, name in ipairs { "padding", "truncating" } do
    if not SIDES[o[name]] then
      core.fail("pad_sequences", nil, "%s is 'pre' or 'post', not '%s'", name, tostring(o[name]))
    end
  end
  return o
end

--- utils.pad_sequences(lists, {maxlen = longest, padding = "pre", truncating = "pre", value = 0,
--- dtype = "int64"}): lists of numbers as the rows of one tensor. With ids from 1 and mask_zero in
--- Embedding, pad with {value = 1}.
function utils.pad_sequences(sequences, options)
  if type(sequences) ~= "table" then
    core.fail("pad_sequences", 1, "expected a list of lists, got %s", type(sequences))
  end
  local o <const>, longest = read_padding(options), 0
  for _, sequence in ipairs(sequences) do longest = math.max(longest, #sequence) end
  local maxlen <const>, rows <const> = o.maxlen or longest, {}
  for k, sequence in ipairs(sequences) do
    local row <const>, part <const> = {}, part_of(sequence, maxlen, o.truncating)
    for d = 1, maxlen do row[d] = o.value end
    local first <const> = o.padding == "pre" and maxlen - #part + 1 or 1
    rows[k] = table.move(part, 1, #part, first, row)
  end
  return tensor.from(rows, { dtype = o.dtype })
end

--- utils.normalize(x, axis = -1, order = 2): vectors of length 1 along a dimension.
function utils.normalize(x, axis, order) return ops.normalize(x, order or 2, axis or -1) end

--- utils.model_to_dot(model): the layers and what they are connected to, as a text for Graphviz.
function utils.model_to_dot(model)
  local lines <const>, before = { "digraph {", "  node [shape = box]" }, nil
  for _, row in ipairs(model:summary { print = false }.rows) do
    lines[#lines + 1] = ("  %q [label = %q]"):format(row.name, row.name .. ": " .. row.type)
    local sources <const> = row.connected_to or { before }
    for _, source in ipairs(sources) do
      lines[#lines + 1] = ("  %q -> %q"):format(source, row.name)
    end
    before = row.name
  end
  lines[#lines + 1] = "}"
  return table.concat(lines, "\n")
end

--- utils.set_random_seed(seed)
utils.set_random_seed = random.manual_seed

--- utils.clear_session(): automatic names begin anew.
function utils.clear_session() layer.reset_names() end

return utils
