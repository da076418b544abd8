-- What the benchmark runs on: its name, and what it does at most, measured by native.c.

local machine <const> = {}

local function capture(command)
  local pipe <close> = assert(io.popen(command .. " 2>/dev/null"))
  return (pipe:read "a":gsub("%s+$", ""))
end
machine.capture = capture

--- describe(root): processor, commit, compiler's and libraries' versions.
function machine.describe(root)
  local lines <const> = {
    capture "grep -m1 'model name' /proc/cpuinfo | cut -d: -f2":gsub("^%s+", ""),
    "commit " .. capture(("git -C '%s' describe --always --dirty"):format(root)),
    capture "cc --version | head -1",
    "OpenBLAS " .. capture "pkg-config --modversion openblas",
  }
  return table.concat(lines, "; ")
end

--- native(root): a function from arguments to the number that native.c prints, or nil where it does
--- not compile; and what to close.
function machine.native(root)
  local binary <const> = os.tmpname()
  local built <const> = os.execute(("cc -O3 -march=native -fopenmp '%s/bench/native.c' -o '%s' "
    .. "$(pkg-config --cflags --libs openblas) 2>/dev/null"):format(root, binary))
  local guard <const> = setmetatable({}, { __close = function() os.remove(binary) end })
  if not built then return nil, guard end
  return function(...) return tonumber(capture(binary .. " " .. table.concat({ ... }, " "))) end,
    guard
end

--- peaks(native, threads): { flops = multiplications and additions a second, bytes = read and
--- written a second by a copy past the cache }; empty without native.
function machine.peaks(native, threads)
  if not native then return {} end
  return { flops = native("fma", 0, threads), bytes = native("copy", 256 << 20, threads) }
end

return machine
