-- How a thread tells an error to the one who waits: as a text, with the thread's traceback.

local HINT <const> = "\n(a thread has globals of its own: the script's are not there, its local "
  .. "variables are copied)"

-- Called by xpcall. Errors that are no text, and cannot be made one, stay as they are.
return function(message)
  local meta <const> = getmetatable(message)
  if type(message) ~= "string" and not (meta and meta.__tostring) then return message end
  local text <const> = tostring(message)
  local hint <const> = text:find "a nil value %(global '" and HINT or ""
  return debug.traceback(text .. hint, 2)
end
