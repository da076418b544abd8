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
  local names <const>, by_hand = {}, false
  for k, entry in ipairs(entries) do
    names[k] = "  " .. entry.name .. "  from " .. entry.url
    by_hand = by_hand or entry.by_hand
  end
  core.fail(who, nil, "the data are not here. Put these files (a .gz one packed or not)\n%s\n"
    .. "into one of\n  %s\nor give {root = folder}%s", table.concat(names, "\n"),
    table.concat(folders, "\n  "),
    by_hand and "" or ", or {download = true} where there is a network")
end

-- The folder of downloads, and all in which files may lie.
local function folders_of(options)
  local cache <const> = options.root or fetch.cache(options.name)
  local folders <const> = { cache }
  for _, below in ipairs(options.below or {}) do folders[#folders + 1] = cache .. "/" .. below end
  if not options.root then
    table.move(options.folders or {}, 1, #(options.folders or {}), #folders + 1, folders)
  end
  return cache, folders
end

--- fetch.files(who, entries, {root =, download =, folders =, below =, name =}): the path of each
--- entry { name, url, sum }, in their order; one that is `by_hand` is never downloaded. Looked for
--- in `root` where it is given, else in fetch.cache(name), in folders `below` these, and without a
--- root in the other folders.
function fetch.files(who, entries, options)
  local cache <const>, folders <const> = folders_of(options)
  local paths <const>, absent <const> = {}, {}
  for k, entry in ipairs(entries) do
    paths[k] = find_in(folders, entry.name)
    if not paths[k] then absent[#absent + 1] = { k, entry } end
  end
  if #absent > 0 and (not options.download or absent[1][2].by_hand) then
    missing(who, entries, folders)
  end
  for _, pair in ipairs(absent) do
    local entry <const> = pair[2]
    paths[pair[1]] = download.get(who, entry.url, cache .. "/" .. entry.name, { sum = entry.sum })
  end
  return paths
end

return fetch
