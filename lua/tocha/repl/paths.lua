-- Names of files and modules, for Tab.

local core = require "tocha.core"

local paths <const> = {}

local function expanded(folder)
  if folder == "" then return "." end
  local home <const> = os.getenv "HOME"
  return home and folder:gsub("^~/", home:gsub("%%", "%%%%") .. "/") or folder
end

--- paths.files(typed): the names in the folder that is typed so far, folders with a slash; and the
--- part of `typed` that they stand for. Hidden ones only where the dot is typed.
function paths.files(typed)
  local folder <const>, start <const> = typed:match "^(.*/)([^/]*)$"
  local place <const>, prefix <const> = expanded(folder or ""), start or typed
  local names <const> = {}
  for _, name in ipairs(core.list_folder(place) or {}) do
    if not name:find "^%." or prefix:find "^%." then
      local is_folder <const> = core.file_kind(place .. "/" .. name) == "folder"
      names[#names + 1] = is_folder and name .. "/" or name
    end
  end
  return names, prefix
end

-- The modules in `folder`, their names after `prefix`.
local function add_folder(set, folder, prefix, suffix)
  for _, name in ipairs(core.list_folder(folder) or {}) do
    if core.file_kind(folder .. "/" .. name) == "folder" then
      if core.file_kind(folder .. "/" .. name .. "/init.lua") then set[prefix .. name] = true end
      if name:find "^[%w_-]+$" then set[prefix .. name .. "."] = true end
    elseif name:sub(-#suffix) == suffix then
      local module <const> = name:sub(1, -#suffix - 1)
      if module:find "^[%w_-]+$" and module ~= "init" then set[prefix .. module] = true end
    end
  end
end

--- paths.modules(typed): what `require` finds that begins so.
function paths.modules(typed)
  local prefix <const> = typed:match "^.*%." or ""
  local set <const>, names <const> = {}, {}
  for template in (package.path .. ";" .. package.cpath):gmatch "[^;]+" do
    local folder <const>, suffix <const> = template:match "^(.*)/%?(%.%w+)$"
    if folder then add_folder(set, folder .. "/" .. prefix:gsub("%.", "/"), prefix, suffix) end
  end
  for name in pairs(package.loaded) do set[name] = true end
  for name in pairs(set) do names[#names + 1] = name end
  return names
end

return paths
