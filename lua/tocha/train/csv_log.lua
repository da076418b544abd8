-- CSVLogger: the logs of every epoch as a line of a CSV file.

local core = require "tocha.core"
local signature = require "tocha.signature"
local Callback = require "tocha.train.callback"

local CSVLogger <const> = Callback:extend "CSVLogger"

--- train.CSVLogger(filename, {separator = ",", append = false}): the columns are epoch and the logs
--- of fit in their order. append = true goes on in a file that is there; its first line stays.
function CSVLogger:new(...)
  signature.read("filename, separator = nil, append = false", "CSVLogger", self, ...)
  self.separator = self.separator or ","
end

local function open(self, mode)
  local handle, problem = io.open(self.filename, mode)
  if not handle then self:fail("%s", problem) end
  self.handle = handle
end

-- In bytes; 0 where there is no such file.
local function size_of(path)
  local kind <const>, size <const> = core.file_kind(path)
  return kind and size or 0
end

-- A resumed run's file ends where it stood at the checkpoint: what came later is done again.
local function cut(self)
  if size_of(self.filename) < self.bytes then
    self:fail("%s is shorter than at the checkpoint", self.filename)
  end
  local ok <const>, problem <const> = core.truncate_file(self.filename, self.bytes)
  if not ok then self:fail("%s", problem) end
end

local function quoted(self, text)
  if not text:find(self.separator, 1, true) and not text:find '["\r\n]' then return text end
  return '"' .. text:gsub('"', '""') .. '"'
end

local function write_line(self, cells)
  for k, cell in ipairs(cells) do cells[k] = quoted(self, cell) end
  local handle <const> = self.handle
  if not handle:write(table.concat(cells, self.separator), "\n") or not handle:flush() then
    self:fail("%s cannot be written", self.filename)
  end
  self.bytes = handle:seek()
end

local function columns_of(self)
  local columns <const> = table.move(self.params.names, 1, #self.params.names, 1, {})
  if self.params.scheduled then columns[#columns + 1] = "learning_rate" end
  return columns
end

function CSVLogger:on_train_begin()
  self.columns = columns_of(self)
  local resumed <const> = self.params.resumed and self.bytes ~= nil
  if resumed then cut(self) end
  local fresh <const> = not (resumed or self.append and size_of(self.filename) > 0)
  open(self, fresh and "w" or "a")
  self.bytes = self.handle:seek "end"
  if fresh then write_line(self, table.move(self.columns, 1, #self.columns, 2, { "epoch" })) end
end

-- Seventeen digits give the same number again.
local function text_of(value)
  if value == nil then return "" end
  return math.type(value) == "integer" and ("%d"):format(value) or ("%.17g"):format(value)
end

function CSVLogger:on_epoch_end(epoch, logs)
  local cells <const> = { ("%d"):format(epoch) }
  for c, name in ipairs(self.columns) do cells[c + 1] = text_of(logs[name]) end
  write_line(self, cells)
end

function CSVLogger:on_train_end()
  if self.handle then self.handle:close() end
  self.handle, self.bytes = nil, nil
end

function CSVLogger:state_dict() return { bytes = self.bytes } end
function CSVLogger:load_state_dict(dict) self.bytes = dict.bytes end

return CSVLogger
