-- Files of data sets: found in the folders where they may lie, or downloaded and checked.
--
-- Nothing is downloaded unless asked for ({download = true}). Where a file is neither here nor to
-- be had, the error says which files to put where. Downloads are made by the curl command, resumed
-- when broken off, and take their place only when their checksum is right.

local core = require "tocha.core"
local files = require "tocha.io.file"

local fetch <const> = {}

local function home(variable, below)
  local folder <const> = os.getenv(variable)
  if folder and folder ~= "" then return folder end
  return (os.getenv "HOME" or ".") .. below
end

--- fetch.cache(name): the folder in which downloads of a data set are kept: $TOCHA_DATA/name, or
--- ~/.cache/tocha/name (after $XDG_CACHE_HOME).
function fetch.cache(name)
  local own <const> = os.getenv "TOCHA_DATA"
  if own and own ~= "" then return own .. "/" .. name end
  return home("XDG_CACHE_HOME", "/.cache") .. "/tocha/" .. name
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

-- ---- downloading --------------------------------------------------------------------------------

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local function has_command(name)
  return os.execute("command -v " .. name .. " >/dev/null 2>&1") == true
end

local function output_of(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "a"
end

-- A checksum is written "md5:..." or "sha256:...", as long as the commands' digests.
local function check_sum(who, path, sum)
  local kind <const>, wanted <const> = sum:match "^(%w+):(%x+)$"
  local got <const> = output_of(kind .. "sum " .. quoted(path) .. " 2>/dev/null"):match "^%x+"
  if not got then core.fail(who, nil, "the command %ssum, to check downloads, is missing", kind) end
  if got:lower() == wanted:lower() then return end
  os.remove(path)
  core.fail(who, nil, "%s was downloaded with the wrong checksum (%s, not %s): removed", path, got,
    wanted)
end

local CURL <const> = "curl --fail --location --retry 2 --connect-timeout 15 %s "
  .. "--continue-at - --output %s %s"

local function download(who, entry, path)
  if not has_command "curl" then
    core.fail(who, nil, "downloading needs the command curl (Debian: apt install curl)")
  end
  local partial <const> = path .. ".part"
  local quiet <const> = core.terminal_size(2) and "--progress-bar" or "--silent --show-error"
  if core.terminal_size(2) then io.stderr:write(entry.url, "\n") end
  if not os.execute(CURL:format(quiet, quoted(partial), quoted(entry.url))) then
    core.fail(who, nil, "could not download %s", entry.url)
  end
  check_sum(who, partial, entry.sum)
  assert(os.rename(partial, path))
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
  if #absent > 0 then files.make_folders(who, cache) end
  for _, pair in ipairs(absent) do
    paths[pair[1]] = cache .. "/" .. pair[2].name
    download(who, pair[2], paths[pair[1]])
  end
  return paths
end

return fetch
