-- A room whose names are given by the files of its folder, each loaded when one of its names is
-- first used.
--
--     return contents("tocha.data", { csv = "csv", split = "random_split stratified_split" })
--
-- A file may return its one value, or a table of names (see tocha.lazy).

local lazy = require "tocha.lazy"

--- contents(folder, files): the room; files is a file's name -> the names that it gives.
return function(folder, files)
  local places <const> = {}
  for file, names in pairs(files) do
    for name in names:gmatch "%S+" do places[name] = { folder .. "." .. file, name } end
  end
  return lazy({}, places)
end
