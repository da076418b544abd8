-- Commands of the prompt.
local magic = {}
function magic.parse(text) return nil end
return magic
