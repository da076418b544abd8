---@meta tocha.io.json
-- Written by `make annotations`; do not edit.

---A strict JSON reader and writer, for the headers of files from outside.
---
---Objects become tables by key, arrays lists; null becomes json.null. Integers stay integers. Depth
---is limited; a key given twice is an error. The writer sorts keys, so that equal tables give equal
---text.
---@class tocha.io.json
---@field null table
local json = {}

---json.decode(text): the value, or nil and what is wrong with the text.
---@return any ...
function json.decode(text) end

---json.encode(value): lists become arrays, other tables (the empty one too) objects.
---@return any ...
function json.encode(value) end

return json
