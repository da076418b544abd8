-- Whole files: read (gzip undone), written so that a crash leaves the old one, listed, hashed.
--
-- Errors carry the name of the function that was called by the user (`who`).

local core = require "tocha.core"

local file <const> = {}

local function check_path(who, path)
  if type(path) ~= "string" then core.fail(who, 1, "expected a path, got %s", type(path)) end
end

-- ---- compression --------------------------------------------------------------------------------

--- file.zlib(who): the module tocha.zlib, or an error that says what is missing.
function file.zlib(who)
  local ok <const>, zlib <const> = pcall(require, "tocha.zlib")
  if ok then return zlib end
  core.fail(who, nil, "compressed data need zlib, which this build of Tocha is without "
    .. "(Debian: zlib1g-dev, then `make build`)")
end

--- file.unpacked(who, path, bytes, limit): the bytes, decompressed where they are gzip's.
function file.unpacked(who, path, bytes, limit)
  if bytes:sub(1, 2) ~= "\31\139" then return bytes end
  local plain <const>, problem <const> = file.zlib(who).decompress(bytes, "gzip", limit)
  if not plain then core.fail(who, 1, "%s: %s", path, problem) end
  return plain
end

-- ---- reading ------------------------------------------------------------------------------------

--- file.open(who, path): a handle to read from.
function file.open(who, path)
  check_path(who, path)
  if core.file_kind(path) == "folder" then core.fail(who, 1, "%s is a folder", path) end
  local handle <const>, problem <const> = io.open(path, "rb")
  if not handle then core.fail(who, 1, "%s", problem) end
  return handle
end

--- file.read(who, path, limit): the bytes of a file, of a .gz file what is in it.
function file.read(who, path, limit)
  local handle <close> = file.open(who, path)
  local bytes <const>, failure <const> = handle:read "a"
  if not bytes then core.fail(who, 1, "%s: %s", path, failure) end
  return file.unpacked(who, path, bytes, limit)
end

--- file.exists(path)
function file.exists(path) return core.file_kind(path) ~= nil end

--- file.first(paths): the first of them that is there, or nil.
function file.first(paths)
  for _, path in ipairs(paths) do
    if file.exists(path) then return path end
  end
end

--- file.beside(who, path, name): the path of a file that the one at `path` names, which must lie in
--- its folder or below.
function file.beside(who, path, name)
  if type(name) ~= "string" or name == "" or name:find "^/" or name:find "[%z\\]"
    or ("/" .. name .. "/"):find("/../", 1, true) then
    core.fail(who, 1, "%s names a file that is not in its folder: %s", path, tostring(name))
  end
  return (path:match "^(.*/)" or "") .. name
end

--- file.list(who, folder): the names in it, sorted.
function file.list(who, folder)
  check_path(who, folder)
  local names <const>, problem <const> = core.list_folder(folder)
  if not names then core.fail(who, 1, "%s", problem) end
  table.sort(names)
  return names
end

-- ---- writing ------------------------------------------------------------------------------------

local function new_name(path)
  return ("%s.%s.tmp"):format(path, tostring({}):match "0x(%x+)" or "new")
end

local function fill(handle, write)
  write(handle)
  assert(handle:close())
end

-- A device or a pipe (/dev/null, /dev/stdout) is written to, never renamed over.
local function fill_in_place(who, path, write)
  local handle <close>, problem <const> = io.open(path, "wb")
  if not handle then core.fail(who, 1, "%s", problem) end
  local ok <const>, failure <const> = pcall(fill, handle, write)
  if not ok then core.fail(who, 1, "%s: %s", path, tostring(failure)) end
end

--- file.replace(who, path, write, {sync = false, beside = nil}): write(handle) fills a new file
--- beside, which then takes the place of the old one; with `sync` only when it has reached the
--- disk. What is no regular file is written to as it is. A process that is killed on the way leaves
--- the new file; where its name is given (`beside`) the next write takes it over.
function file.replace(who, path, write, options)
  check_path(who, path)
  if core.file_kind(path) == "other" then return fill_in_place(who, path, write) end
  options = options or {}
  local temporary <const> = options.beside or new_name(path)
  local handle, problem = io.open(temporary, "wb")
  if not handle then
    core.fail(who, 1, "%s", path .. problem:sub(#temporary + 1))  -- the name that was asked for
  end
  local ok, failure = pcall(fill, handle, write)
  if ok and options.sync then ok, failure = core.sync_file(temporary) end
  if ok then ok, failure = os.rename(temporary, path) end
  if ok then
    if options.sync then core.sync_file(path:match "^(.*)/" or ".") end
    return
  end
  pcall(handle.close, handle)
  os.remove(temporary)
  core.fail(who, 1, "%s: %s", path, tostring(failure))
end

--- file.make_folders(who, path): the folder and those above it.
function file.make_folders(who, path)
  local so_far = path:sub(1, 1) == "/" and "/" or ""
  for part in path:gmatch "[^/]+" do
    so_far = so_far .. part
    local ok <const>, problem <const> = core.make_folder(so_far)
    if not ok then core.fail(who, 1, "%s", problem) end
    so_far = so_far .. "/"
  end
end

return file
