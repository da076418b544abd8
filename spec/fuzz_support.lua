-- Mutated files for the specs of readers: each must be read or refused with a message, within a
-- limit of memory and of time. TOCHA_FUZZ=10 tries ten times as many.

local tocha = require "tocha"
local core = require "tocha.core"

local fuzz <const> = {}

local EXTREME <const> = { "\0\0\0\0", "\xff\xff\xff\xff", "\xff\xff\xff\x7f", "\0\0\0\x80",
  "\xff\xff\xff\xff\xff\xff\xff\x7f", "\0\0\0\0\0\0\0\x80", "\0\0\0\0\1\0\0\0" }

local function over(bytes, at, with)
  return bytes:sub(1, at - 1) .. with .. bytes:sub(at + #with)
end

local MUTATIONS <const> = {
  function(b, at) return b:sub(1, at - 1) end,
  function(b, at) return over(b, at, string.char(math.random(0, 255))) end,
  function(b, at) return over(b, at, string.char(b:byte(at) ~ 1 << math.random(0, 7))) end,
  function(b, at) return over(b, at, EXTREME[math.random(#EXTREME)]) end,
  function(b, at) return b:sub(1, at - 1) .. b:sub(at + math.random(1, 8)) end,
  function(b, at)
    local from <const> = math.random(#b)
    return b:sub(1, at - 1) .. b:sub(from, from + math.random(1, 32)) .. b:sub(at)
  end,
}

-- In memory where that can be had: thousands of new files on a disk take their time.
local folder <const> = core.file_kind "/dev/shm" == "folder" and "/dev/shm/tocha_" or os.tmpname()

--- fuzz.path(): a name for a temporary file.
function fuzz.path() return folder .. tostring({}):match "0x(%x+)" .. math.random(1 << 40) end

--- fuzz.write(bytes): the path of a new temporary file (writing over one waits for the disk).
function fuzz.write(bytes)
  local path <const> = fuzz.path()
  local file <close> = assert(io.open(path, "wb"))
  file:write(bytes)
  return path
end

local ACCIDENTS <const> = { "stack overflow", "attempt to", "bad argument", "not enough memory" }

--- fuzz.one(bytes, read): read(path) of a file of these bytes succeeds or raises a message,
--- which must not be Lua's about a mistake in the reader.
function fuzz.one(bytes, read)
  local path <const> = fuzz.write(bytes)
  local ok <const>, problem <const> = pcall(read, path)
  os.remove(path)
  if not ok and type(problem) ~= "string" then error("an error that is no message", 2) end
  for _, accident in ipairs(ACCIDENTS) do
    if not ok and problem:find(accident, 1, true) then error(problem, 2) end
  end
  return ok
end

--- fuzz.read(bytes, read, {count = 2000, memory = 16 MiB}): how many mutated files were refused.
function fuzz.read(bytes, read, options)
  options = options or {}
  math.randomseed(11)
  local peak <const>, started <const> = tocha.memory().peak, os.clock()
  local refused = 0
  for _ = 1, (options.count or 2000) * (tonumber(os.getenv "TOCHA_FUZZ") or 1) do
    local mutated = bytes
    for _ = 1, math.random(1, 3) do
      if #mutated > 0 then
        mutated = MUTATIONS[math.random(#MUTATIONS)](mutated, math.random(#mutated))
      end
    end
    if not fuzz.one(mutated, read) then refused = refused + 1 end
  end
  assert(tocha.memory().peak - peak < (options.memory or 1 << 24), "a mutated file took memory")
  assert(os.getenv "TOCHA_FUZZ" or os.clock() - started < 60, "mutated files took long")
  return refused
end

return fuzz
