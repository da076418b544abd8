-- What fit returns: the value of every metric after every epoch.
--
--     local history = model:fit{ ... }
--     print(history)                         -- a table, a line an epoch
--     print(history.history.val_loss[3])     -- the third that there is
--     print(history.epoch[1])                -- 1

local columns = require "tocha.columns"
local Callback = require "tocha.train.callback"

local History <const> = Callback:extend "History"

-- history.acc finds history.accuracy, as notebooks of 2017 ask for it.
local Lists <const> = {}
function Lists.__index(lists, name)
  local other <const> = Callback.alias(name)
  return other and rawget(lists, other)
end

function History:new() self.history, self.epoch, self.rows = setmetatable({}, Lists), {}, {} end

local function add(self, epoch, logs)
  local row <const> = {}
  for name, value in pairs(logs) do
    row[name] = value
    if not rawget(self.history, name) then self.history[name] = {} end
    table.insert(self.history[name], value)
  end
  self.epoch[#self.epoch + 1], self.rows[#self.rows + 1] = epoch, row
end

function History:on_epoch_end(epoch, logs) add(self, epoch, logs) end

function History:state_dict() return { epoch = self.epoch, rows = self.rows } end

function History:load_state_dict(dict)
  History.new(self)
  for k, epoch in ipairs(dict.epoch) do add(self, epoch, dict.rows[k]) end
end

-- ---- print --------------------------------------------------------------------------------------

-- The columns: those of the logs in their order, then what callbacks added.
local function columns_of(self)
  local list <const>, known <const> = {}, {}
  local function take(name)
    if known[name] or not rawget(self.history, name) then return end
    known[name] = true
    list[#list + 1] = name
  end
  for _, name in ipairs(self.params and self.params.names or {}) do take(name) end
  local rest <const> = {}
  for name in pairs(self.history) do rest[#rest + 1] = name end
  table.sort(rest)
  for _, name in ipairs(rest) do take(name) end
  return list
end

--- History.number(value): as it is shown: four digits after the point, small ones as 1.20e-05.
function History.number(value)
  if value ~= value then return "nan" end
  if value % 1 == 0 and math.abs(value) < 1e6 then
    return ("%.6g"):format(value)
  end
  local size <const> = math.abs(value)
  return (size < 1e-3 and "%.2e" or size < 1000 and "%.4f" or "%.5g"):format(value)
end

local function line_of(self, r, names)
  local line <const> = { tostring(self.epoch[r]) }
  for c, name in ipairs(names) do
    local value <const> = self.rows[r][name]
    line[c + 1] = value and History.number(value) or ""
  end
  return line
end

function History:__tostring()
  local names <const> = columns_of(self)
  local lines <const> = { table.move(names, 1, #names, 2, { "epoch" }) }
  for r in ipairs(self.epoch) do lines[r + 1] = line_of(self, r, names) end
  return columns.numbers(lines)
end

return History
