-- Frozen networks as C and as Lua: compiled with warnings as errors, run, and held against the
-- network; what has no meaning there; saved programs, and the command.

local tocha = require "tocha"
local support = require "spec.support"
local read_bytes <const>, write_bytes <const> = support.read_bytes, support.write_bytes
local lived <const> = support.lived

local nn <const>, models <const> = tocha.nn, tocha.vision.models
local fails_with <const> = support.fails_with

local FOLDER <const> = os.tmpname() .. ".d"

local function finds(program)
  return os.execute("command -v " .. program .. " >/dev/null 2>&1")
end
local COMPILER <const> = finds "cc"
local OLD_LUA <const> = finds "luajit" and "luajit" or finds "lua5.1" and "lua5.1"

local function lines_of(command)
  local pipe <close> = assert(io.popen(command))
  local numbers <const> = {}
  for line in pipe:lines() do numbers[#numbers + 1] = tonumber(line) or error(line) end
  return tocha.tensor(numbers)
end

local function numbers_text(x)
  local lines <const> = {}
  for k, v in ipairs(x:flatten():totable()) do lines[k] = ("%.9g"):format(v) end
  return table.concat(lines, "\n") .. "\n"
end

-- The last state of a recurrent layer, and a linear one.
local Last <const> = nn.Module:extend "Last"
function Last:new(kind, options)
  options.batch_first = true
  self.rnn = nn[kind](5, 6, options)
  self.fc = nn.Linear(options.bidirectional and 12 or 6, 3)
end
function Last:forward(x) return self.fc((self.rnn(x)):select(2, -1)) end

-- Branches, constants, slices, products that are broadcast.
local Odd <const> = nn.Module:extend "Odd"
function Odd:new()
  self.a, self.b = nn.Conv2d(2, 4, 1), nn.Conv2d(2, 4, 3, { padding = 1 })
  self.gate = nn.Linear(4, 4)
end
function Odd:forward(x)
  local y <const> = tocha.cat({ self.a(x), self.b(x) }, 2):narrow(2, 2, 4)
  local gate <const> = self.gate(y:mean { 3, 4 }):sigmoid():view(-1, 4, 1, 1)
  return ((y * gate):permute(1, 3, 4, 2) - 0.25):amax(2)
end

local CASES <const> = {
  { "mlp", nn.Sequential(nn.Linear(7, 16), nn.GELU(), nn.Linear(16, 10), nn.Softmax()), 7 },
  { "lenet", models.lenet5(), 1, 32, 32 },
  { "cnn", lived(nn.Sequential(nn.Conv2d(3, 8, 3, { padding = 1 }), nn.BatchNorm2d(8),
    nn.LeakyReLU(0.1), nn.MaxPool2d(3, { stride = 2, padding = 1 }),
    nn.Conv2d(8, 6, 3, { groups = 2, stride = 2 }), nn.SiLU(),
    nn.AvgPool2d(3, { stride = 1, padding = 1, count_include_pad = false }), nn.GroupNorm(2, 6),
    nn.BatchNorm2d(6), nn.Flatten(), nn.Linear(72, 4), nn.LogSoftmax())), 3, 15, 17 },
  { "conv1d", nn.Sequential(nn.Conv1d(3, 8, 3, { padding = 2, stride = 2, dilation = 2 }),
    nn.ReLU6(), nn.MaxPool1d(2), nn.AvgPool1d(3, { padding = 1 })), 3, 15 },
  { "words", nn.Sequential(nn.LayerNorm(6), nn.Linear(6, 6), nn.Mish(), nn.Linear(6, 6),
    nn.Hardswish(), nn.Softplus(), nn.ELU(), nn.Hardshrink(), nn.Tanh()), 4, 6 },
  { "odd", Odd(), 2, 5, 4 },
  { "attention", nn.Sequential(nn.TransformerEncoderLayer(8, 2, { dim_feedforward = 12,
    batch_first = true })), 5, 8 },
  { "up", nn.Sequential(nn.ConvTranspose2d(4, 6, 3, { stride = 2, groups = 2, padding = 1 }),
    nn.Upsample { scale_factor = 2, mode = "bilinear" }, nn.PixelShuffle(1)), 4, 4, 3 },
  { "lstm", Last("LSTM", { num_layers = 2 }), 4, 5 },
  { "gru", Last("GRU", { bidirectional = true }), 4, 5 },
  { "rnn", Last("RNN", { nonlinearity = "relu" }), 4, 5 },
  { "resnet20", lived(models.resnet20()), 3, 32, 32, slow = true },  -- in Lua: seconds
}

local MAIN <const> = [[
#include <stdio.h>
#include <stdlib.h>
void %s_forward(const float *in, float *out);
int main(void) {
  static float in[%d], out[%d];
  for (int k = 0; k < %d; k++) if (scanf("%%f", &in[k]) != 1) return 1;
  %s_forward(in, out);
  %s_forward(in, out);
  for (int k = 0; k < %d; k++) printf("%%.9g\n", out[k]);
  return 0;
}
]]

local function compile(name)
  return os.execute(("cd %s && cc -std=c99 -O1 -Wall -Wextra -Werror -o %s %s.c %s_main.c -lm")
    :format(FOLDER, name, name, name))
end

local function run_c(frozen, name, x, options)
  options.name = name
  frozen:write(("%s/%s.c"):format(FOLDER, name), options)
  local ins <const>, outs <const> = x:numel(), frozen(x):numel()
  write_bytes(("%s/%s_main.c"):format(FOLDER, name), MAIN:format(name, ins, outs, ins, name, name,
    outs))
  write_bytes(FOLDER .. "/in.txt", numbers_text(x))
  assert.is_true(compile(name))
  return lines_of(("%s/%s < %s/in.txt"):format(FOLDER, name, FOLDER))
end

local function run_lua(frozen, name, x, options)
  local path <const> = ("%s/%s.lua"):format(FOLDER, name)
  frozen:write(path, options)
  local model <const> = assert(loadfile(path, "t", {  -- what a plain Lua has
    math = math, string = string, setmetatable = setmetatable, error = error }))()
  local given <const>, out <const> = x:flatten():totable(), {}
  model(given)
  assert.equal(out, model(given, out))
  return tocha.tensor(out), path
end

-- The largest difference, of the largest value.
local function distance(got, want)
  want = want:flatten()
  assert.equal(want:numel(), got:numel())
  return ((got - want):abs():max() / want:abs():max():clamp(1e-6)):item()
end

describe("a frozen network as a file", function()
  setup(function() os.execute("mkdir -p " .. FOLDER) end)
  teardown(function() os.execute("rm -r " .. FOLDER) end)

  for _, case in ipairs(CASES) do
    local name <const>, net <const> = case[1], case[2]
    local frozen <const> = net:freeze(table.unpack(case, 3))
    local x <const> = tocha.randn(1, table.unpack(case, 3))

    it("computes the same in C: " .. name, function()
      if not COMPILER then return pending "there is no C compiler (cc)" end
      assert.is_true(distance(run_c(frozen, name, x, {}), frozen(x)) < 1e-5)
    end)

    if not case.slow then it("computes the same in Lua: " .. name, function()
      assert.is_true(distance(run_lua(frozen, name, x, {}), frozen(x)) < 1e-5)
    end) end
  end

  it("holds weights as int8, near the network and alike in both languages", function()
    local net <const> = lived(nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU(),
      nn.Flatten(), nn.Linear(16 * 36, 40), nn.ReLU(), nn.Linear(40, 10)))
    local frozen <const>, x <const> = net:freeze(3, 8, 8), tocha.randn(1, 3, 8, 8)
    local in_lua <const>, path <const> = run_lua(frozen, "small", x, { int8 = true })
    local off <const> = distance(in_lua, frozen(x))
    assert.is_true(off > 0 and off < 0.05, off)
    local _, small <const> = require "tocha.core".file_kind(path)
    frozen:write(path)
    local _, large <const> = require "tocha.core".file_kind(path)
    assert.is_true(small < large / 2.5)
    if not COMPILER then return end
    local in_c <const> = run_c(frozen, "small", x, { int8 = true })
    assert.is_true(distance(in_c, in_lua) < 1e-5)
  end)

  it("runs in Lua 5.1 or LuaJIT", function()
    if not OLD_LUA then return pending "neither luajit nor lua5.1 is here" end
    local net <const> = nn.Sequential(nn.Conv2d(1, 4, 3), nn.GELU(), nn.Flatten(), nn.Linear(64, 3))
    local frozen <const>, x <const> = net:freeze(1, 6, 6), tocha.randn(1, 1, 6, 6)
    frozen:write(FOLDER .. "/old.lua")
    write_bytes(FOLDER .. "/run.lua", "local model, x = dofile(arg[1]), {}\n"
      .. "for line in io.lines() do x[#x + 1] = tonumber(line) end\n"
      .. "for _, v in ipairs(model(x)) do print(('%.9g'):format(v)) end\n")
    write_bytes(FOLDER .. "/in.txt", numbers_text(x))
    local got <const> = lines_of(("%s %s/run.lua %s/old.lua < %s/in.txt"):format(OLD_LUA, FOLDER,
      FOLDER, FOLDER))
    assert.is_true(distance(got, frozen(x)) < 1e-5)
  end)

  it("keeps weights to the last bit, infinities and NaN too", function()
    local net <const> = nn.Linear(4, 1, false)
    net.weight:detach():copy_(tocha.tensor { { 1e-42, -0.1, 3.4e38, 2 ^ -126 } })
    local frozen <const> = net:freeze(4)
    for k = 1, 4 do
      local x <const> = tocha.zeros(1, 4)
      x[1][k] = 1
      assert.equal(frozen(x):item(), run_lua(frozen, "bits", x, {}):item())
    end
  end)

  it("takes several inputs, outputs that are views, and an input as it is", function()
    local Two <const> = nn.Module:extend("Two", "")
    function Two:forward(a, b)  -- luacheck: ignore self
      local sum <const> = a + b
      return sum:narrow(2, 2, 2), a
    end
    local a <const>, b <const> = tocha.randn(1, 4), tocha.randn(1, 4)
    Two():freeze(a, b):write(FOLDER .. "/two.lua")
    local model <const> = dofile(FOLDER .. "/two.lua")
    local part <const>, same <const> = model(a[1]:totable(), b[1]:totable())
    assert.is_true(distance(tocha.tensor(part), (a + b):narrow(2, 2, 2)) < 1e-6)
    assert.same(a[1]:totable(), same)
    assert.same({ 1, 2 }, model.outputs[1].shape)
  end)

  it("names the layer that has no meaning there, and other mistakes", function()
    local net <const> = nn.Sequential(nn.Linear(3, 3), nn.Lambda(function(x)
      return x:cumsum(2)
    end))
    fails_with("layer 'lambda_1 (1)': 'cumsum' has no meaning outside of Tocha", function()
      net:freeze(3):write(FOLDER .. "/x.c")
    end)
    local deep <const> = nn.Conv3d(1, 1, 1):freeze(1, 2, 2, 2)
    fails_with("three spatial dimensions", function() deep:write(FOLDER .. "/x.c") end)
    local frozen <const> = nn.Linear(2, 1):freeze(2)
    fails_with("[write] argument 1: expected a file that ends in .c or .lua", frozen.write, frozen,
      FOLDER .. "/x.py")
    fails_with("expected a name of C", frozen.write, frozen, FOLDER .. "/x.c", { name = "a b" })
    frozen:write(FOLDER .. "/short.lua")
    fails_with("x: expected 2 numbers, got 1", dofile(FOLDER .. "/short.lua"), { 1 })
  end)
end)

-- ---- saved programs -----------------------------------------------------------------------------

describe("a saved program", function()
  local freeze <const> = require "tocha.freeze"
  setup(function() os.execute("mkdir -p " .. FOLDER) end)
  teardown(function() os.execute("rm -r " .. FOLDER) end)

  it("writes the file that the network writes", function()
    local frozen <const> = lived(nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.ReLU(),
      nn.Flatten(), nn.Linear(12, 2), nn.Softplus())):freeze(2, 4, 4)
    frozen:save(FOLDER .. "/a.safetensors")
    for _, options in ipairs { {}, { int8 = true } } do
      for _, ending in ipairs { "c", "lua" } do
        frozen:write(("%s/a.%s"):format(FOLDER, ending), options)
        freeze.write(freeze.load(FOLDER .. "/a.safetensors"), ("%s/b.%s"):format(FOLDER, ending),
          options)
        assert.equal(read_bytes(("%s/a.%s"):format(FOLDER, ending)),
          read_bytes(("%s/b.%s"):format(FOLDER, ending)))
      end
    end
  end)

  it("is checked before anything is written of it", function()
    local path <const> = FOLDER .. "/a.safetensors"
    nn.Sequential(nn.Linear(2, 3), nn.Tanh()):freeze(2):save(path)
    local function changed(change)
      local p <const> = tocha.load(path)
      change(p)
      tocha.save(p, FOLDER .. "/b.safetensors")
      return function() freeze.load(FOLDER .. "/b.safetensors") end
    end
    fails_with("no frozen network", changed(function(p) p.tocha_frozen = 2 end))
    fails_with("the function 'system'", changed(function(p) p.calls[1].fn = "system" end))
    fails_with("the operation 'each_nothing'", changed(function(p)
      p.calls[2].fn = "each_nothing"
    end))
    fails_with("an argument that is none", changed(function(p)
      p.calls[1].args[1].base = "*(int *)0"
    end))
    fails_with("its tables are not", changed(function(p) p.weights[1].name = "w1[0];" end))
    fails_with("its tables are not", changed(function(p) p.weights[1].rows = 0 end))
    fails_with("its tables are not", changed(function(p) p.arena = -1 end))
    tocha.save({ weight = tocha.ones(2) }, FOLDER .. "/c.safetensors")
    fails_with("no frozen network", freeze.load, FOLDER .. "/c.safetensors")
  end)

  it("reads nothing of memory that came and went without a call", function()
    local Idle <const> = nn.Module:extend "Idle"
    function Idle.forward(_, x)
      tocha.empty(1000)
      return x + 1
    end
    local core <const> = require "tocha.core"
    local frozen <const> = Idle():freeze():plan(tocha.ones(2))
    local idle = 0
    for _, storage in ipairs(core.graph_steps(frozen[1]).storages) do
      if storage.bytes == 4000 then
        idle = idle + 1
        assert.is_nil(storage.data)
      end
    end
    assert.equal(1, idle)
  end)

  it("comes from a Lua file by the command, with weights and sizes", function()
    write_bytes(FOLDER .. "/net.lua", "return require 'tocha'.nn.Linear(2, 1)\n")
    local net <const> = nn.Linear(2, 1)
    tocha.save(net:state_dict(), FOLDER .. "/w.safetensors")
    local command <const> = require "tocha.repl.command_freeze"
    local shown
    local was <const> = print
    _G.print = function(text) shown = text end  -- luacheck: ignore
    local ok <const>, problem <const> = pcall(command.run, { FOLDER .. "/net.lua",
      FOLDER .. "/w.safetensors" }, { ["-o"] = { FOLDER .. "/net_out.lua" },
      ["--input"] = { "2" } })
    _G.print = was  -- luacheck: ignore
    assert.is_true(ok, problem)
    assert.truthy(shown:find "1 calls, 2 weights")
    local x <const> = tocha.randn(1, 2)
    local got <const> = dofile(FOLDER .. "/net_out.lua")(x[1]:totable())[1]
    assert.is_true(math.abs(got - net(x):item()) < 1e-6)
    fails_with("the sizes of the input are not known", command.run, { FOLDER .. "/net.lua" },
      { ["-o"] = { "x.c" } })
  end)
end)
