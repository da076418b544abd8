-- What a result of the GPU's benchmark means: rates, peak memory, and which bars are met.

local verdicts <const> = {}

--- rate(row, seconds): what is counted a second, FLOP/s or bytes a second.
function verdicts.rate(row, seconds)
  if row.count then return ("%.0f %s/s"):format(row.count / seconds, row.unit) end
  if row.flop then return ("%.0f TFLOP/s"):format(row.flop / seconds / 1e12) end
  return row.bytes and ("%.0f GB/s"):format(row.bytes / seconds / 1e9) or ""
end

--- memory(mine, theirs): both peaks in MB; theirs where it is known.
function verdicts.memory(mine, theirs)
  if not mine then return "" end
  local text <const> = ("%.0f"):format(mine / (1 << 20))
  return theirs and ("%s / %.0f"):format(text, theirs / (1 << 20)) or text
end

local function word(what, ok) return ("%s: %s"):format(what, ok and "met" or "**no**") end

--- met(row, result, copied): each bar of the row and whether it is met. `result`: { mine, theirs =
--- seconds, mode = the peer's, memory, peer_memory = bytes }; `copied`: a copy's bytes a second.
function verdicts.met(row, result, copied)
  local words <const> = {}
  local function bar(ok, ...) words[#words + 1] = word((...):format(select(2, ...)), ok) end
  local form <const> = result.theirs and result.mode:match "^%a+"
  if row[form] then bar(result.theirs / result.mine >= row[form], "%s %g x", form, row[form]) end
  if row.seconds then bar(result.mine <= row.seconds, "%g s", row.seconds) end
  if row.share and copied then
    local share <const> = row.bytes / result.mine / copied
    bar(share >= row.share, "%.0f %% of a copy, %.0f %%", 100 * share, 100 * row.share)
  end
  if result.memory and result.peer_memory then
    bar(result.memory <= result.peer_memory, "memory")
  end
  return table.concat(words, ", ")
end

return verdicts
