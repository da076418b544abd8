-- HDF5 files and Keras's own models and weights in them: files of Keras 3 and h5py
-- (spec/golden/keras_files.py, which prints the results), damaged and mutated ones.

local tocha = require "tocha"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"
local hdf5 = require "tocha.io.hdf5"
local read_bytes <const> = support.read_bytes

local keras <const> = tocha.keras
local golden <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/keras_files_spec.lua$"
  .. "spec/golden/"

local function spread(...)
  local n = 1
  for _, size in ipairs { ... } do n = n * size end
  return tocha.linspace(-1, 1, n):view(...)
end

local function scratch(ending)
  local path <const> = fuzz.path() .. ending
  finally(function() os.remove(path) end)
  return path
end

if not pcall(require, "tocha.hdf5") then
  describe("HDF5", function()
    it("is missing, and says so", function()
      support.fails_with("HDF5 files need libhdf5", tocha.load, golden .. "hdf5.h5")
      pending "built without libhdf5"
    end)
  end)
  return
end

describe("HDF5", function()
  local DTYPES <const> = { uint16 = "int32", uint32 = "int64", uint64 = "int64", i4_big = "int32",
    f8_big = "float64", f2_big = "float16" }

  it("numbers of all types, in both byte orders", function()
    local tensors <const>, metadata <const> = tocha.load(golden .. "hdf5.h5")
    local n = 0
    for name, x in pairs(tensors) do
      local kind <const> = name:match "^types/(.*)$"
      if kind then
        n = n + 1
        assert.equal(DTYPES[kind] or kind, x.dtype)
        assert.same({ { 1, 0, 1 } }, x:to("int64"):totable(), kind)
      end
    end
    assert.equal(15, n)
    assert.equal(7, metadata.number)
    assert.same({ 1.5, 2.5 }, metadata.list:totable())
  end)

  it("texts, scalars, empty ones, packed ones; what has no counterpart is left out", function()
    local tensors <const> = tocha.load(golden .. "hdf5.h5")
    assert.equal(2.5, tensors.scalar:item())
    assert.same({ 0, 3 }, tensors.empty.shape)
    assert.equal("r\u{e9}seau", tensors.text)
    assert.same({ "one", "", "three" }, tensors.texts)
    assert.same({ "ab", "c" }, tensors.fixed)
    assert.is_true(tensors.packed:equal(tocha.arange(0, 1999):float():view(40, 50)))
    assert.is_nil(tensors.record)
    assert.is_nil(tensors.link)
    assert.is_nil(tensors.outside)
  end)

  it("the newer kind of file", function()
    local tensors <const> = tocha.load(golden .. "hdf5_new.h5")
    assert.same({ 0, 1, 2 }, tensors["a/b/c"]:totable())
    assert.is_true(tensors.packed:equal(tocha.arange(0, 1999):float():view(40, 50)))
  end)

  it("only what is asked for", function()
    local tensors <const> = tocha.load(golden .. "hdf5.h5",
      { only = function(path) return path == "packed" end })
    assert.is_not_nil(tensors.packed)
    assert.is_nil(tensors.scalar)
  end)

  it("what was written comes back", function()
    local path <const> = scratch ".h5"
    local list <const> = { { path = "/", attributes = { long = ("text "):rep(50000) } },
      { path = "g", attributes = { names = { "a", "b\u{e9}", "" } } } }
    local dtypes <const> = { "bool", "uint8", "int8", "int16", "int32", "int64", "float16",
      "bfloat16", "float32", "float64" }
    for _, dtype in ipairs(dtypes) do
      list[#list + 1] = { path = "g/" .. dtype, value = tocha.tensor({ { 1, 0 }, { 0, 1 } }):t()
        :to(dtype) }
    end
    list[#list + 1] = { path = "scalar", value = tocha.tensor(2.5) }
    hdf5.save(path, list)
    local entries <const> = hdf5.entries(path)
    assert.equal(("text "):rep(50000), entries[1].attributes.long)
    assert.same({ "a", "b\u{e9}", "" }, entries[2].attributes.names)
    local tensors <const> = tocha.load(path)
    for _, dtype in ipairs(dtypes) do
      local x <const> = tensors["g/" .. dtype]
      assert.equal(dtype == "bfloat16" and "float32" or dtype, x.dtype)
      assert.same({ { 1, 0 }, { 0, 1 } }, x:to("int64"):totable())
    end
    assert.equal(2.5, tensors.scalar:item())
    support.fails_with("/nowhere/x.h5", hdf5.save, "/nowhere/x.h5", list)
  end)

  it("tocha.save writes tensors by name, and nothing else", function()
    local path <const> = scratch ".h5"
    tocha.save({ ["a.b"] = tocha.ones(2), ["c/d"] = tocha.zeros(1, 2):half() }, path)
    local got <const> = tocha.load(path)
    assert.same({ 1, 1 }, got["a.b"]:totable())
    assert.equal("float16", got["c/d"].dtype)
    support.fails_with("HDF5 holds tensors by name", tocha.save, { n = 1 }, path)
  end)

  it("refuses what is promised and not there, cut files, and no files", function()
    support.fails_with("'promised' promises more than it holds", tocha.load,
      golden .. "hdf5_promise.h5")
    local bytes <const> = read_bytes(golden .. "hdf5.h5")
    for _, n in ipairs { 8, 100, 5000, #bytes - 1 } do
      local path <const> = fuzz.write(bytes:sub(1, n))
      support.fails_with("[load] argument 1", tocha.load, path)
      os.remove(path)
    end
    support.fails_with("No such file", hdf5.entries, "/nowhere/x.h5")
  end)

  it("a crash of the library is an error here", function()
    local apart <const> = require "tocha.hdf5".apart
    local function ended(f, seconds)
      local stream <const> = apart(f, seconds or 5, 0)
      local text <const> = stream:read "a"
      return text, select(2, stream:close())
    end
    local text, problem = ended(function(stream) stream:write "all of it" end)
    assert.same({ "all of it" }, { text, problem })
    text, problem = ended(function(stream)
      stream:write "half"
      stream:flush()
      os.execute("kill -SEGV " .. require "tocha.core".process_id())
    end)
    assert.equal("half", text)
    assert.truthy(problem:find "damaged")
    problem = select(2, ended(function() while true do end end, 1))
    assert.truthy(problem:find "does not come to an end")
    problem = select(2, ended(function() error "no" end))
    assert.truthy(problem:find "damaged")
  end)

  for _, name in ipairs { "hdf5.h5", "keras_two.h5", "hdf5_new.h5" } do
    it("mutated: " .. name, function()
      local function read(path) return hdf5.load(path, { seconds = 2 }) end
      assert.is_true(fuzz.read(read_bytes(golden .. name), read, { count = 120 }) > 5)
    end)
  end
end)

-- ---- Keras --------------------------------------------------------------------------------------

describe("Keras's models", function()
  local SEQ <const> = { { 0.187184, 0.337873, 0.157325, 0.317619 },
    { 0.111164, 0.603295, 0.053297, 0.232244 } }
  local FUN <const> = { { { -0.155479, -1.203993 }, { 0.056382, 1.197323 } },
    { { -0.017604, -0.153862, -0.147699, 1.45542 }, { -0.017759, 0.350883, 0.913984, -0.083505 } } }
  local REC <const> = { { -0.001469 }, { 0.000324 } }
  local ids <const> = tocha.tensor({ { 1, 2, 3, 0, 0 }, { 4, 5, 9, 7, 8 } }) + 1

  local function assert_near(want, y)
    support.assert_alike(y:detach(), tocha.tensor(want), 1e-5, 2e-6)
  end

  for _, name in ipairs { "keras_seq.keras", "keras_seq.h5" } do
    it(name, function()
      local model <const> = keras.models.load_model(golden .. name):eval()
      assert.equal("net", model.name)
      assert_near(SEQ, model(spread(2, 6, 6, 2)))
      assert.equal("L2", model:get_layer("head"):get_config().kernel_regularizer.class_name)
    end)
  end

  it("of a graph, with a model in it and a layer that is shared", function()
    local model <const> = keras.models.load_model(golden .. "keras_fun.keras"):eval()
    local x <const> = spread(2, 3)
    local first <const>, second <const> = table.unpack(model { x, x:flip { 1 } })
    assert_near(FUN[1], first)
    assert_near(FUN[2], second)
  end)

  it("recurrent ones, with masks", function()
    assert_near(REC, keras.models.load_model(golden .. "keras_rec.h5"):eval()(ids))
  end)

  it("Keras 2's", function()
    local model <const> = keras.models.load_model(golden .. "keras_two.h5"):eval()
    -- relu(x W + b), then normalised by mean (3, 1), variance (4, 1), gamma (1, 1), beta (2, 1)
    local y <const> = model(tocha.tensor { { 1.0, 0, 0 } })
    assert_near({ { (0.5 - 3) / math.sqrt(4.001) + 2, (0 - 1) / math.sqrt(1.001) + 1 } }, y)
  end)

  it("Keras 2's graphs", function()
    local function input(name)
      return { class_name = "InputLayer", name = name, inbound_nodes = {},
        config = { name = name, batch_input_shape = { false, 2 } } }
    end
    local function at(name, call) return { name, call or 0, 0, {} } end
    local model <const> = require "tocha.keras.foreign".model { class_name = "Model", config = {
      name = "old", input_layers = { at "a", at "b" }, output_layers = { at("twice", 1) },
      layers = {
        { class_name = "Add", name = "sum", config = { name = "sum" },  -- before what it needs
          inbound_nodes = { { at "twice", at "b" } } },
        input "a", input "b",
        { class_name = "Rescaling", name = "twice", config = { name = "twice", scale = 2 },
          inbound_nodes = { { at "a" }, { at "sum" } } } } } }
    local y <const> = model { tocha.tensor { { 1.0, 2 } }, tocha.tensor { { 10.0, 20 } } }
    assert.same({ { 24, 48 } }, y:totable())  -- 2 (2 a + b)
  end)

  it("weights without the layers' names, by the order of their classes", function()
    local path <const> = scratch ".weights.h5"
    local list <const> = {}
    for k, group in ipairs { "dense", "dense_1" } do
      local vars <const> = ("layers/%s/vars/"):format(group)
      list[#list + 1] = { path = vars .. "0", value = tocha.full({ 2, 2 }, k) }
      list[#list + 1] = { path = vars .. "1", value = tocha.full({ 2 }, 10 * k) }
    end
    hdf5.save(path, list)
    local layers <const> = keras.layers
    local model <const> = keras.Sequential { layers.Dense(2, { input_shape = { 2 }, name = "a" }),
      layers.Dense(2, { name = "b" }) }
    model:load_weights(path)
    assert.same({ 20, 20 }, model.layers[2].bias:detach():totable())
    assert.same({ { 1, 1 }, { 1, 1 } }, model.layers[1].weight:detach():totable())
  end)

  it("go on training", function()
    local model <const> = keras.models.load_model(golden .. "keras_seq.keras")
    model:compile { optimizer = "adam", loss = "categorical_crossentropy" }
    local y <const> = tocha.tensor { { 1.0, 0, 0, 0 }, { 0, 1.0, 0, 0 } }
    local x <const> = spread(2, 6, 6, 2)
    local before <const> = model:eval()(x):detach()
    model:fit(x, y, { epochs = 2, verbose = 0 })
    assert.is_false(model:eval()(x):detach():equal(before))
  end)

  it("weights alone", function()
    local function fresh()
      return keras.models.clone_model(keras.models.load_model(golden .. "keras_rec.h5")):eval()
    end
    local model <const> = fresh()
    assert.is_false((support.alike(model(ids):detach(), tocha.tensor(REC), 1e-5, 2e-6)))
    model:load_weights(golden .. "keras_rec.weights.h5")
    assert_near(REC, model(ids))
    local path <const> = scratch ".h5"  -- Keras 3's load_weights has read such a file
    model:save_weights(path)
    local other <const> = fresh()
    other:load_weights(path)
    assert_near(REC, other(ids))
    assert.same({ 10, 3 }, tocha.load(path)["embedding/embeddings"].shape)
  end)

  it("saved here under Keras's name are read here", function()
    local path <const> = scratch ".h5"
    local model <const> = keras.models.load_model(golden .. "keras_seq.keras"):eval()
    model:save(path)
    assert_near(SEQ, keras.models.load_model(path):eval()(spread(2, 6, 6, 2)))
  end)

  it("weights that do not fit", function()
    local model <const> = keras.Sequential { keras.layers.Dense(2, { input_shape = { 3 },
      name = "dense" }) }
    support.fails_with("no layer 'bn'", model.load_weights, model, golden .. "keras_two.h5")
    model:load_weights(golden .. "keras_two.h5", { by_name = true })
    assert.same({ { 0, 2, 4 }, { 1, 3, 5 } }, model.layers[1].weight:detach():totable())
    local wide <const> = keras.Sequential { keras.layers.Dense(7, { input_shape = { 3 },
      name = "dense" }) }
    support.fails_with("layer 'dense'", wide.load_weights, wide, golden .. "keras_two.h5",
      { by_name = true })
    support.fails_with("holds no model", keras.models.load_model, golden .. "keras_rec.weights.h5")
    support.fails_with("holds no weights of Keras", keras.models.load_model, golden .. "hdf5.h5")
  end)

  it("into a module of nn", function()
    local nn <const> = tocha.nn
    local net <const> = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3),
      nn.Conv2d(3, 3, 2, { groups = 3 }), nn.Linear(12, 4))
    for _, name in ipairs { "keras_seq.h5", "keras_seq.keras" } do
      assert.equal(10, #net:load(golden .. name).matched)
      local kernel <const> = tocha.load(golden .. name)["conv2d/kernel"]
      assert.is_true(net[1].weight:detach():equal(kernel:permute(4, 3, 1, 2)))
    end
  end)

  it("refuse configurations that mean something else", function()
    local foreign <const> = require "tocha.keras.foreign"
    local function model(class, config)
      return { class_name = "Sequential", config = { name = "m", layers = { { class_name =
        "InputLayer", config = { batch_shape = { false, 4 }, name = "i" } },
        { class_name = class, config = config } } } }
    end
    local null <const> = tocha.io.json.null
    support.fails_with("there is no layer class 'Secret'", foreign.model, model("Secret", {}))
    support.fails_with("the option 'twist' is not known", foreign.model,
      model("Dense", { units = 2, twist = 3 }))
    assert.is_table(foreign.model(model("Dense", { units = 2, twist = null })))
    support.fails_with("expected a Sequential or Functional", foreign.model, { class_name = "X" })
    support.fails_with("[Dense] argument 'units'", foreign.model, model("Dense", { units = {} }))
    support.fails_with("waits for what never comes", foreign.model, { class_name = "Functional",
      config = { name = "f", input_layers = {}, output_layers = {}, layers = { { class_name =
        "Dense", name = "d", config = { units = 1, name = "d" }, inbound_nodes = { { { "d", 0, 0,
        {} } } } } } } })
  end)

  it("mutated", function()
    local bytes <const> = read_bytes(golden .. "keras_seq.keras")
    assert.is_true(fuzz.read(bytes, keras.models.load_model, { count = 60 }) > 5)
  end)
end)
