-- What the specs of training share.

local assert = require "luassert"

local function bytes_of(net)
  local parts <const> = {}
  for _, p in ipairs(net:parameters()) do parts[#parts + 1] = p:detach():to_bytes() end
  return table.concat(parts)
end

local function quiet(options)
  options.verbose = options.verbose or 0
  return options
end

local function assert_same(net, twin) assert.are.equal(bytes_of(net), bytes_of(twin)) end
local function part(x, first, last) return x:narrow(1, first, last - first + 1) end

return { bytes_of = bytes_of, quiet = quiet, assert_same = assert_same, part = part }
