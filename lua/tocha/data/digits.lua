-- data.digits(): the UCI handwritten digits, 1,797 images of 8 x 8, that come with Tocha.
--
-- examples/data/digits.md tells their source, licence and format. The file is checked before use.

local core = require "tocha.core"
local tensor = require "tocha.tensor"

local INK <const> = 16  -- the darkest pixel

-- In a checkout the file lies with the examples; an installed library has it beside this one.
local function default_path()
  local here <const> = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$" or "."
  local installed <const> = here .. "/digits.bin"
  local file <const> = io.open(installed, "rb")
  if file then file:close() end
  return file and installed or here .. "/../../../examples/data/digits.bin"
end

local function read(path)
  local file <close>, message <const> = io.open(path, "rb")
  if not file then core.fail("digits", nil, "cannot read the data: %s", message) end
  local head <const>, body <const> = file:read("l", "a")
  return head or "", body or ""
end

-- The number of images, or an error when the file is not what it should be.
local function check(path, head, body)
  local n <const>, rows <const>, columns <const> = head:match "^digits (%d+) (%d+) (%d+)$"
  if rows ~= "8" or columns ~= "8" then
    core.fail("digits", nil, "'%s' does not begin with 'digits N 8 8'", path)
  end
  local wanted <const> = (math.tointeger(n) or 0) * 65
  if #body ~= wanted then
    core.fail("digits", nil, "'%s' should have %d bytes after its first line, not %d",
      path, wanted, #body)
  end
  return math.tointeger(n)
end

--- data.digits(path): images (N, 1, 8, 8), float32 from 0 (paper) to 1 (ink); labels (N), int64:
--- the digit d is class d + 1.
local function digits(path)
  path = path or default_path()
  local head <const>, body <const> = read(path)
  local n <const> = check(path, head, body)
  local records <const> = tensor.from_bytes(body, { n, 65 }, "uint8")
  local images <const> = records:narrow(2, 1, 64):to "float32" / INK
  local labels <const> = records:select(2, 65):to "int64" + 1
  if n > 0 and labels:max():item() > 10 then
    core.fail("digits", nil, "'%s' has labels above 9", path)
  end
  return images:view(n, 1, 8, 8), labels
end

return digits
