-- A module as text: a tree of what one would write to make it, with the number of parameters of
-- each layer in a column.
--
--     Sequential(                                      parameters
--       [1] Conv2d(1, 32, 3)                                  320
--       [2] ReLU()
--       [3-5] 3 x Linear(10, 10)                              330
--     )                                                       650

local columns = require "tocha.columns"
local signature = require "tocha.signature"
local tensors = require "tocha.nn.tensors"

local show <const> = {}

--- module:extra_repr(): what stands between the parentheses; classes may have their own.
function show.extra_repr(self)
  return self.args and self._args and signature.show(self.args, self, self._args) or ""
end

-- ---- numbers ------------------------------------------------------------------------------------

local function has_unsized(self)
  for _, m in ipairs(self:modules()) do
    if tensors.unsized(m) then return true end
  end
  return false
end

local function count_text(self)
  if has_unsized(self) then return "?" end
  local n <const> = self:num_parameters()
  return n > 0 and columns.grouped(n) or ""
end

-- ---- lines --------------------------------------------------------------------------------------

local function label(name)
  if name:find "^%d+$" then return ("[%d] "):format(tonumber(name) + 1) end
  return name .. ": "
end

local function describe(self)
  return ("%s(%s"):format(getmetatable(self).__name, self:extra_repr())
end

local lines_of

local function key_of(lines)
  local parts <const> = {}
  for k, line in ipairs(lines) do parts[k] = line.text .. "|" .. line.count end
  return table.concat(parts, "\n")
end

-- Children with equal lines that follow each other become one entry with a number.
local function runs_of(children)
  local runs <const> = {}
  for _, child in ipairs(children) do
    local lines <const> = lines_of(child.value)
    local key <const>, last <const> = key_of(lines), runs[#runs]
    if last and last.key == key and child.name:find "^%d+$" and last.name:find "^%d+$" then
      last.n = last.n + 1
    else
      runs[#runs + 1] = { key = key, lines = lines, name = child.name, n = 1 }
    end
  end
  return runs
end

local function run_label(run)
  if run.n == 1 then return label(run.name) end
  local first <const> = tonumber(run.name) + 1
  return ("[%d-%d] %d x "):format(first, first + run.n - 1, run.n)
end

local function add_run(lines, run)
  for k, line in ipairs(run.lines) do
    lines[#lines + 1] = { text = "  " .. (k == 1 and run_label(run) or "") .. line.text,
      count = line.count }
  end
end

function lines_of(self)
  local children <const> = {}
  for _, e in ipairs(self:entries()) do
    if e.kind == "module" then children[#children + 1] = e end
  end
  if #children == 0 then return { { text = describe(self) .. ")", count = count_text(self) } } end
  local lines <const> = { { text = describe(self), count = "" } }
  for _, run in ipairs(runs_of(children)) do add_run(lines, run) end
  lines[#lines + 1] = { text = ")", count = count_text(self) }
  return lines
end

local function layout(lines)
  local wide, high = 0, 0
  for _, line in ipairs(lines) do
    wide, high = math.max(wide, #line.text), math.max(high, #line.count)
  end
  if high == 0 then return end
  if #lines > 1 then
    lines[1].count = "parameters"
    high = math.max(high, #lines[1].count)
  end
  for _, line in ipairs(lines) do
    if line.count ~= "" then
      line.text = line.text .. (" "):rep(wide + 2 + high - #line.text - #line.count) .. line.count
    end
  end
end

--- tostring(module), print(module)
function show.__tostring(self)
  local lines, texts = lines_of(self), {}
  if #lines > 1 then layout(lines) end
  for k, line in ipairs(lines) do texts[k] = line.text end
  return table.concat(texts, "\n")
end

return show
