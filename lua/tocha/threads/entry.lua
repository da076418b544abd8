-- Where a thread begins: csrc/lua/thread.c calls this function with what `spawn` packed.

require "tocha"          -- tensors have their methods,
require "tocha.threads"  -- and channels theirs, before anything is unpacked

local pack = require "tocha.threads.pack"
local trace = require "tocha.threads.trace"

local function set_globals(globals)
  for _, name in ipairs(globals) do _G[name] = require(name) end
end

local function start(bytes, list)
  local function call(globals, f, ...)
    set_globals(globals)
    return f(...)
  end
  return call(pack.unpack(bytes, list))
end

local RESULT <const> = { labels = setmetatable({}, {
  __index = function(_, k) return "result " .. k end,
}) }

return function(bytes, list)
  local results = table.pack(xpcall(start, trace, bytes, list))
  local packed = table.pack(pcall(pack.pack, RESULT, table.unpack(results, 2, results.n)))
  if packed[1] then return results[1], packed[2], packed[3] end
  return false, pack.pack(nil, tostring(packed[2]))
end
