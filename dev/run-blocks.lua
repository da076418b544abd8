-- Runs the Lua blocks of Markdown pages: tocha dev/run-blocks.lua README.md docs/guide/*.md
--
-- The ```lua blocks of a page are one program, in order: what a block defines, a later one may use.
-- What they print is dropped. A failure is shown with the line of the page, and skips the rest of
-- the page. A block that is meant to fail, or not to run, is fenced as ```text.
-- Ends with "blocks: N passed, N failed, N skipped".

local passed, failed, skipped = 0, 0, 0

-- The page with all but its blocks blanked, so that lines keep their numbers; each block ends in a
-- call that counts it. Returns the text and the number of blocks.
local function program_of(path)
  local lines <const> = {}
  local language, count = nil, 0  -- of the fenced block that the line is in
  for line in io.lines(path) do
    local fence <const> = line:match "^%s*```(.*)$"
    local ends <const> = fence and language == "lua"
    local inside <const> = not fence and language == "lua"
    lines[#lines + 1] = ends and "; block_passed()" or inside and line or ""
    if ends then count = count + 1 end
    if fence then language = not language and fence:match "^%s*(%a*)" or nil end
  end
  return table.concat(lines, "\n"), count
end

local function quiet_environment(count)
  return setmetatable({ print = function() end, block_passed = count }, { __index = _G })
end

local function run_page(path)
  local text <const>, count <const> = program_of(path)
  local done = 0
  local env <const> = quiet_environment(function() done = done + 1 end)
  local chunk, message = load(text, "@" .. path, "t", env)
  local ok = chunk ~= nil
  if chunk then ok, message = xpcall(chunk, debug.traceback) end
  passed = passed + done
  if ok then
    print(("ok    %s (%d blocks)"):format(path, count))
  else
    print(("FAIL  %s\n      %s"):format(path, tostring(message):gsub("\n", "\n      ")))
    failed, skipped = failed + 1, skipped + count - done - 1
  end
end

local function exists(path)
  local file <const> = io.open(path)
  return file and file:close()
end

for _, path in ipairs(arg) do
  if exists(path) then run_page(path) end  -- an unmatched "*.md" of the shell is no page
end
print(("blocks: %d passed, %d failed, %d skipped"):format(passed, failed, skipped))
if failed > 0 then os.exit(1, true) end
