-- Writes library/: `---@meta` files for the Lua language server, from the registry and the doc
-- comments. They hold types and comments, and never run.
-- bin/tocha dev/annotations.lua library        (make annotations)

package.path = (arg[0]:match "^(.*/)" or "") .. "?.lua;" .. package.path

local tocha = require "tocha"
local core = require "tocha.core"

local folder <const> = arg[1] or "library"
assert(core.make_folder(folder))
for _, name in ipairs(assert(core.list_folder(folder))) do
  if name:find "%.lua$" then os.remove(folder .. "/" .. name) end
end
require "annotations.tensors" (folder)
print(("%s: %d files"):format(folder, require "annotations.rooms".write(folder, tocha) + 1))
