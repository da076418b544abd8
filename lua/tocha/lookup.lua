-- Which tensors are rows of a table: embeddings note what they looked up, and who multiplies all
-- rows with a weight (recurrent layers) may multiply the table instead, which has fewer.
--
-- What was noted holds as long as none of the three tensors has been written into since.

local core = require "tocha.core"

local lookup <const> = {}
local noted <const> = setmetatable({}, { __mode = "k" })
local methods <const> = core.methods

--- lookup.note(x, ids, weight): x[k] = weight[ids[k]]. Kept where the table is much the smaller.
function lookup.note(x, ids, weight)
  if 2 * methods.size(weight, 1) > methods.numel(ids) then return end
  noted[x] = { ids = ids, weight = weight, versions = core.versions(x, ids, weight) }
end

--- lookup.of(x): the ids and the table, or nil.
function lookup.of(x)
  local found <const> = noted[x]
  if found and found.versions == core.versions(x, found.ids, found.weight) then
    return found.ids, found.weight
  end
end

return lookup
