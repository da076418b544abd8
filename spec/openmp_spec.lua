-- How long idle threads of OpenMP spin: shortly, unless the user has said; and nothing stays in the
-- environment. GNU's library shows what it has read.

local function shown(settings)
  local command <const> = settings .. " OMP_DISPLAY_ENV=verbose bin/tocha -e "
    .. "'print(\"left\", os.getenv \"GOMP_SPINCOUNT\")' 2>&1"
  local pipe <const> = assert(io.popen(command))
  local text <const> = pipe:read "a"
  pipe:close()
  return text:match "GOMP_SPINCOUNT = '(%d+)'", text:match "left%s+(%S+)"
end

local spins <const> = shown ""

describe("idle threads of OpenMP", function()
  if not spins then return pending "this OpenMP is not GNU's" end

  it("spin shortly, and processes that are started later know nothing of it", function()
    local number, left = shown "env -u GOMP_SPINCOUNT -u OMP_WAIT_POLICY"
    assert.equal("2000", number)
    assert.equal("nil", left)
  end)

  it("do as the user has set", function()
    local number, left = shown "env GOMP_SPINCOUNT=77"
    assert.equal("77", number)
    assert.equal("77", left)
    assert.not_equal("2000", (shown "env -u GOMP_SPINCOUNT OMP_WAIT_POLICY=passive"))
  end)
end)
