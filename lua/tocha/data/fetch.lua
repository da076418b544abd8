-- Files of data sets: found in the folders where they may lie, or downloaded and checked.
--
-- Nothing is downloaded unless asked for ({download = true}). Where a file is neither here nor to
-- be had, the error says which files to put where. Downloads: see tocha.io.download.

local core = require "tocha.core"
local download = require "tocha.io.download"
local files = require "tocha.io.file"

local fetch <const> = {}

--- fetch.cache(name): the folder in which downloads of a data set are kept: $TOCHA_DATA/name, or
--- tocha.io.download's cache.
function fetch.cache(name)
  local own <const> = os.getenv "TOCHA_DATA"
  if own and own ~= "" then return own .. "/" .. name end
  return download.cache(name)
end

-- ---- finding ------------------------------------------------------------------------------------

-- A file may lie there packed or not, under the first of its names.
local function find_in(folders, name)
  for _, folder in ipairs(folders) do
    local path <const> = folder .. "/" .. name
    local found <const> = files.first { path, (path:gsub("%.gz$", "")) }
    if found then return found end
  end
end

-- ---- what data sets call ------------------------------------------------------------------------

local function missing(who, entries, folders)
  local names <const> = {}
  for k, entry in ipairs(entries) do names[k] = "  " .. entry.name .. "  from " .. entry.url end
  core.fail(who, nil, "the data are not here. Put these files (a .gz one packed or not)\n%s\n"
    .. "into one of\n  %s\nor give {root = folder}, or {download = true} where there is a network",
    table.concat(names, "\n"), table.concat(folders, "\n  "))
end

--- fetch.files(who, entries, {root =, download =, folders =, name =}): the path of each entry
--- { name, url, sum }, in their order. Looked for in `root` alone where it is given, else in
--- fetch.cache(name) and the folders.
function fetch.files(who, entries, options)
  local cache <const> = options.root or fetch.cache(options.name)
  local folders <const> = { cache }
  if not options.root then
    table.move(options.folders or {}, 1, #(options.folders or {}), 2, folders)
  end
  local paths <const>, absent <const> = {}, {}
  for k, entry in ipairs(entries) do
    paths[k] = find_in(folders, entry.name)
    if not paths[k] then absent[#absent + 1] = { k, entry } end
  end
  if #absent > 0 and not options.download then missing(who, entries, folders) end
  for _, pair in ipairs(absent) do
    local entry <const> = pair[2]
    paths[pair[1]] = download.get(who, entry.url, cache .. "/" .. entry.name, { sum = entry.sum })
  end
  return paths
end

return fetch
