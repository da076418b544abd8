-- Stand-ins for NVIDIA's libraries (spec/cuda/fake_*.c): code and specs run on the emulated device
-- beside them, in processes of their own.

local assert = require "luassert"

local stand_ins <const> = {}
local BUILD <const> = os.getenv "TOCHA_BUILD" or "build"
local LIBRARIES <const> = BUILD .. "/c/libraries"
stand_ins.BUILD, stand_ins.LIBRARIES = BUILD, LIBRARIES

-- The output and the status of a command.
function stand_ins.run(command)
  local pipe <const> = assert(io.popen(command .. " 2>&1"))
  local text <const> = pipe:read "a"
  local _, _, status = pipe:close()
  return text, status
end

function stand_ins.each_library(f)
  for name in stand_ins.run("ls " .. LIBRARIES .. " 2>/dev/null"):gmatch "[^\n]+" do f(name) end
end

local function has_libraries()
  local n = 0
  stand_ins.each_library(function() n = n + 1 end)
  return n == 2
end

-- Runs Lua code on the emulated device beside the stand-ins; what they noted is the second result.
function stand_ins.beside(code, folder, environment)
  local log <const> = os.tmpname()
  local script <const> = os.tmpname()
  local f <const> = assert(io.open(script, "w"))
  f:write('local tocha, ops = require "tocha", require "tocha.op".ops\n',
    "assert(tocha.cuda.emulate())\n", code)
  f:close()
  local text <const>, status <const> = stand_ins.run(
    ("%s TOCHA_FAKE_LOG='%s' TOCHA_CUDA_STAND_INS='%s' bin/tocha '%s'"):format(environment or "",
      log, folder or LIBRARIES, script))
  local noted <const> = assert(io.open(log)):read "a"
  os.remove(log)
  os.remove(script)
  assert.equal(0, status, text)
  return text, noted
end

-- Another spec once more, or its tests whose names have one of these words, now by the libraries.
function stand_ins.again(spec, ...)
  local filters <const> = select("#", ...) > 0
    and "--filter=" .. table.concat({ ... }, " --filter=") or ""
  local text <const>, status <const> = stand_ins.run((
    "TOCHA_CUDA_STAND_INS='%s' busted --lua=lua5.4 "
    .. "-o plainTerminal %s spec/%s_spec.lua"):format(LIBRARIES, filters, spec))
  assert.equal(0, status, text)
  assert.truthy(text:find "[1-9]%d* successes / 0 failures / 0 errors", text)
end

-- it(title, f), where the stand-ins are built.
function stand_ins.it_beside(it, pending)
  return function(title, f)
    it(title, function()
      if has_libraries() then return f() end
      pending "the stand-ins are not built (CHECKS=ON, with CUDA)"
    end)
  end
end

return stand_ins
