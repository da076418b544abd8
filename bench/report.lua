-- The benchmark's rows as text.

local report <const> = {}

--- time(seconds)
function report.time(s)
  if not s then return "-" end
  if s < 1e-3 then return ("%.2f us"):format(s * 1e6) end
  if s < 1 then return ("%.2f ms"):format(s * 1e3) end
  return ("%.2f s"):format(s)
end

local function number(x) return (("%.2f"):format(x):gsub("%.?0+$", "")) end

-- Has a ratio reached a bar? `share` is that of the copy bandwidth.
local function reached(bar, ratio, share)
  if bar == "copy" then return share ~= nil and share >= 0.9 end
  return bar and ratio >= bar
end

local function bar_text(row)
  if not row.must then return "" end
  return ("%s x, %s"):format(number(row.must),
    row.aim == "copy" and "copy" or number(row.aim) .. " x")
end

--- verdict(row, ratio, share): "aim", "must", "no", or nothing where there is no bar.
function report.verdict(row, ratio, share)
  if not row.must or not ratio then return "" end
  if reached(row.aim, ratio, share) then return "aim" end
  return reached(row.must, ratio) and "must" or "**no**"
end

--- shares(row, seconds, peak): of the FLOP/s and of the bytes/s that the machine has, or nil.
function report.shares(row, seconds, peak)
  local flops <const> = row.flop and peak.flops and row.flop / seconds / peak.flops
  local bytes <const> = row.bytes and peak.bytes and row.bytes / seconds / peak.bytes
  return flops, bytes
end

local function share_text(row, seconds, peak)
  local list <const> = {}
  local flops <const>, bytes <const> = report.shares(row, seconds, peak)
  if flops then list[#list + 1] = ("%.0f %% FLOP/s"):format(100 * flops) end
  if bytes then list[#list + 1] = ("%.0f %% bytes/s"):format(100 * bytes) end
  return table.concat(list, ", ")
end

-- Peaks of both sides, their ratio, and the bar: not above, 0.7.
local function memory_text(result)
  local mine <const>, theirs <const> = result.memory, result.peer_memory
  if not mine then return "" end
  local MB <const> = 1 << 20
  if not theirs then return ("%.0f MB"):format(mine / MB) end
  local part <const> = mine / theirs
  return ("%.0f / %.0f MB, %s"):format(mine / MB, theirs / MB,
    part <= 0.7 and "aim" or part <= 1 and "must" or "**no**")
end

report.head = "| workload | Tocha | PyTorch | its best form | ratio | bars | met | of the peak "
  .. "| memory |\n|---|---|---|---|---|---|---|---|---|"

--- row(row, result, peak): a line of the table, and the ratio where there is one.
function report.row(row, result, peak)
  local title <const> = ("`%s` %s"):format(row.name, row.what)
  if result.failed or not result.mine then
    return ("| %s | **%s** | | | | %s | | | |"):format(title, result.failed or "failed",
      bar_text(row))
  end
  local ratio <const> = result.theirs and result.theirs / result.mine
  peak = { flops = peak.flops, bytes = result.copy or peak.bytes }
  local _, bytes <const> = report.shares(row, result.mine, peak)
  return ("| %s | %s | %s | %s | %s | %s | %s | %s | %s |"):format(title, report.time(result.mine),
    report.time(result.theirs), result.form or "", ratio and ("%.2f"):format(ratio) or "-",
    bar_text(row), report.verdict(row, ratio, bytes), share_text(row, result.mine, peak),
    memory_text(result)), ratio
end

--- forms(entries): "jit, 2 threads: 8.31 us; ...", in their order.
function report.forms(entries)
  local parts <const> = {}
  for k, entry in ipairs(entries) do
    parts[k] = ("%s: %s"):format(entry.label, report.time(entry.seconds))
  end
  return table.concat(parts, "; ")
end

return report
