-- Downloads: the one place that speaks to a network.
--
-- A file grows beside its place (PATH.part), goes on where it broke off, now or the next time, and
-- takes its place only when its checksum is right. libcurl does it (tocha.curl), else the curl
-- command. Nothing here decides whether to download: that is asked by the user.

local core = require "tocha.core"
local files = require "tocha.io.file"
local progress = require "tocha.progress"
local terminal = require "tocha.terminal"

local download <const> = {}

local TRIES <const> = 3
local MB <const> = 1 << 20
-- libcurl's (and the command's) numbers: HTTP's status is an error; ranges are not to be had.
local STATUS_ERROR <const>, RANGE_ERROR <const> = 22, 33
local BEYOND_END <const> = 416

local function own(variable)
  local folder <const> = os.getenv(variable)
  return folder and folder ~= "" and folder or nil
end

--- download.cache(kind): the folder for downloads of a kind: $TOCHA_HOME/kind, else
--- ~/.cache/tocha/kind (after $XDG_CACHE_HOME).
function download.cache(kind)
  local home <const> = own "TOCHA_HOME"
  if home then return home .. "/" .. kind end
  return (own "XDG_CACHE_HOME" or (own "HOME" or ".") .. "/.cache") .. "/tocha/" .. kind
end

-- ---- checksums ----------------------------------------------------------------------------------

local KINDS <const>, FEWEST <const> = { sha256 = true, md5 = true }, 8

--- download.check(who, path, sum): nil where the file has the checksum, "sha256:..." or "md5:...",
--- of which the first 8 digits or more are given; else what is wrong.
function download.check(who, path, sum)
  local kind <const>, wanted <const> = sum:match "^(%w+):(%x+)$"
  if not KINDS[kind] or #wanted < FEWEST then
    core.fail(who, nil, "'%s' is no checksum: expected sha256: or md5: and 8 digits or more", sum)
  end
  local got <const>, problem <const> = core.digest_file(kind, path)
  if not got then return problem end
  if got:sub(1, #wanted) == wanted:lower() then return nil end
  return ("the checksum is wrong: %s:%s, not %s"):format(kind, got, sum)
end

local function size_of(path)
  local kind <const>, size <const> = core.file_kind(path)
  return kind and size or 0
end

-- ---- the two ways -------------------------------------------------------------------------------
-- get(url, path, offset, limit, watch): true, or nil, what is wrong, curl's number, HTTP's status

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local COMMAND <const> = "curl --fail --location --connect-timeout 15 --speed-limit 1 "
  .. "--speed-time 60 --max-redirs 10 --proto =http,https,file --proto-redir =http,https "
  .. "--continue-at %d --output %s --write-out '%%{http_code}' %s -- %s %s"

-- The command draws its own bar; what it says is read where it draws none.
local function by_command(url, path, offset, limit, watch)
  local look <const> = watch and "--progress-bar" or "--silent --show-error"
  local pipe <const> = assert(io.popen(COMMAND:format(offset, quoted(path), look, quoted(url),
    watch and "" or "2>&1")))
  local text <const> = pipe:read "a"
  local ok <const>, _, code <const> = pipe:close()
  if limit and size_of(path) > limit then return nil, "it is longer than it should be", 0, 0 end
  if ok then return true end
  local problem <const> = text:match "curl: %(%d+%) ([^\n]*)" or "curl's status " .. code
  return nil, problem, code, tonumber(text:match "%d%d%d") or 0
end

local function way(who)
  local ok <const>, library <const> = pcall(require, "tocha.curl")
  if ok then return library.get end
  if os.execute "command -v curl >/dev/null 2>&1" then return by_command end
  core.fail(who, nil, "downloading needs libcurl (Debian: libcurl4-openssl-dev, then `make build`) "
    .. "or the command curl")
end

-- ---- one file -----------------------------------------------------------------------------------

-- What draws the bar, and what ends it.
local function watcher(label)
  local bar
  local function watch(done, total)
    if done == 0 then return end
    bar = bar or progress.bar(total and total // MB + 1, label)
    bar.done = done // MB
    bar:step(total and ("%.1f of %.1f MB"):format(done / MB, total / MB) or "MB")
  end
  return watch, function() return bar and bar:close() end
end

-- Goes on with what is there. Where the server cannot, or there is no more to come, it begins anew.
local function transfer(get, url, part, limit, watch)
  local problem, code, status, ok
  for _ = 1, TRIES do
    local offset <const> = size_of(part)
    ok, problem, code, status = get(url, part, offset, limit, watch)
    if ok then return nil, offset > 0 end
    local anew <const> = offset > 0 and (code == RANGE_ERROR or status == BEYOND_END)
    if anew then os.remove(part)
    elseif code == STATUS_ERROR or size_of(part) <= offset then break end
  end
  return problem
end

local function give_up(who, url, path, problem)
  core.fail(who, nil, "could not download %s: %s\nWhere this machine has no network, put the file "
    .. "at %s", url, problem, path)
end

-- Downloads to `part` and checks it; what went on from an older part gets a second try.
local function fill(who, get, url, part, options, watch)
  local problem, resumed
  for _ = 1, 2 do
    problem, resumed = transfer(get, url, part, options.limit, watch)
    if problem then return problem end
    problem = options.sum and download.check(who, part, options.sum)
    if not problem then return nil end
    os.remove(part)
    if not resumed then break end
  end
  return problem
end

--- download.get(who, url, path, {sum = nil, limit = nil, quiet = false}): the file at the URL, put
--- at the path, whose folders are made. `sum` as download.check has it; more than `limit` bytes are
--- refused. Shows its progress on a terminal. Returns the path.
function download.get(who, url, path, options)
  options = options or {}
  local get <const>, part <const> = way(who), path .. ".part"
  files.make_folders(who, path:match "^(.*)/[^/]*$" or ".")
  local watch, close = function() end, nil  -- Ctrl-C is heard in it
  local live <const> = not options.quiet and terminal.is_smart()
  if live then watch, close = watcher(path:match "[^/]*$") end
  if not live and get == by_command then watch = nil end
  local ok <const>, problem <const> = pcall(fill, who, get, url, part, options, watch)
  if close then close() end
  if not ok then error(problem, 0) end
  if problem then give_up(who, url, path, problem) end
  assert(os.rename(part, path))
  return path
end

return download
