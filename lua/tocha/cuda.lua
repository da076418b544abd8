-- tocha.cuda: the CUDA devices. Named (or a tensor put on "cuda"), it loads the back end; nothing
-- else does. Devices are numbered as the driver and PyTorch number them, from 0: "cuda:0" is the
-- first.
--
-- TOCHA_CUDA=emulated loads the back end whose kernels run on the CPU, thread for thread: slow, for
-- tests and for writing kernels without a GPU. TOCHA_CUDA=off loads none.

local core = require "tocha.core"

local backend <const> = core.backend

local cuda <const> = {}

local LIBRARIES <const> = { real = "tocha.backend_cuda", emulated = "tocha.backend_cuda_emulated" }
local tried, why  -- the back end loads once; why it did not

local wish  -- what cuda.emulate has asked for

local function load()
  local mode <const> = wish or os.getenv "TOCHA_CUDA" or "real"
  if mode == "off" then return "TOCHA_CUDA=off" end
  local name <const> = LIBRARIES[mode]
  if not name then return ("TOCHA_CUDA is '%s'; expected real, emulated or off"):format(mode) end
  local path <const> = package.searchpath(name, package.cpath)
  if not path then
    return "this build has no CUDA back end (it needs the CUDA toolkit when Tocha is built)"
  end
  return core.load_backend(path)
end

-- True, or false and why there is none.
local function ready()
  if not tried then
    tried, why = true, load()
    core.has_devices = why == nil
    if core.has_devices and core.on_devices then core.on_devices() end
  end
  return why == nil, why
end

-- What the core asks for a device that it does not know: the back end loads, or an error says why.
function cuda._open(name)
  if not name:find "^cuda" then
    core.fail("device", nil, "unknown device '%s' (there are: cpu, cuda, cuda:0, cuda:1 ...)", name)
  end
  local ok <const>, reason <const> = ready()
  if not ok then core.fail("device", nil, "no device '%s': %s", name, reason) end
  local count <const> = backend.count "cuda"
  local index <const> = name == "cuda" and 0 or math.tointeger(name:match "^cuda:(%d+)$")
  if index and index < count then return end
  core.fail("device", nil, "no device '%s': there are %d, numbered from 0", name, count)
end

-- "cuda:1", 1 or nil (the current one) as a number.
local function number_of(device)
  local ok <const>, reason <const> = ready()
  if not ok then core.fail("cuda", nil, "%s", reason) end
  if type(device) == "string" then
    device = math.tointeger(core.device_name(device):match ":(%d+)$")
  end
  return device
end

--- cuda.emulate(): "cuda" is the emulated back end, in this process and whatever TOCHA_CUDA says.
--- It must come before the first use of a CUDA device. Returns what cuda.is_available() does.
function cuda.emulate()
  wish = "emulated"
  return ready()
end

--- cuda.is_available(): can tensors be put on "cuda" here? Where not, also why.
function cuda.is_available() return ready() end

--- cuda.device_count(): how many devices there are; 0 where none can be used.
function cuda.device_count() return ready() and backend.count "cuda" or 0 end

--- cuda.current_device(): the number of what "cuda" means in this thread.
function cuda.current_device()
  number_of()
  return backend.current "cuda"
end

--- cuda.set_device(device): what "cuda" means in this thread from now on.
function cuda.set_device(device) backend.choose("cuda", number_of(device)) end

local Scope <const> = {}
Scope.__index = Scope
function Scope:__close() backend.choose("cuda", self.before) end

--- local _ <close> = cuda.device(1): the same for a scope.
function cuda.device(device)
  local scope <const> = setmetatable({ before = cuda.current_device() }, Scope)
  cuda.set_device(device)
  return scope
end

--- cuda.synchronize(device): waits for all work on it; an error of a kernel that ran before shows
--- here at the latest.
function cuda.synchronize(device) backend.synchronize("cuda", number_of(device)) end

--- cuda.get_device_properties(device): name, major, minor, multi_processor_count, total_memory.
function cuda.get_device_properties(device) return backend.facts("cuda", number_of(device)) end

--- cuda.get_device_name(device)
function cuda.get_device_name(device) return cuda.get_device_properties(device).name end

--- cuda.get_device_capability(device): major and minor compute capability.
function cuda.get_device_capability(device)
  local p <const> = cuda.get_device_properties(device)
  return p.major, p.minor
end

--- cuda.memory_stats(device): bytes allocated (held by tensors) and reserved (taken from the
--- driver), their peaks, allocations, retries after the cache was emptied, out_of_memory errors.
function cuda.memory_stats(device) return backend.memory("cuda", number_of(device)) end

--- cuda.set_memory_limit(bytes, device): of what is reserved; 0: no limit.
function cuda.set_memory_limit(bytes, device) core.cuda.limit(number_of(device), bytes) end

--- cuda.memory_allocated(device), cuda.memory_reserved(device), cuda.max_memory_allocated(device),
--- cuda.max_memory_reserved(device): bytes.
function cuda.memory_allocated(device) return cuda.memory_stats(device).allocated end
function cuda.memory_reserved(device) return cuda.memory_stats(device).reserved end
function cuda.max_memory_allocated(device) return cuda.memory_stats(device).allocated_peak end
function cuda.max_memory_reserved(device) return cuda.memory_stats(device).reserved_peak end

--- cuda.reset_peak_memory_stats(device): the peaks count from now on.
function cuda.reset_peak_memory_stats(device) backend.reset_peak("cuda", number_of(device)) end

--- cuda.empty_cache(): gives cached bytes of all devices back to the driver.
function cuda.empty_cache()
  number_of()
  backend.empty_cache "cuda"
end

--- cuda.allow_tf32(on): may products and convolutions of float32 be rounded to TensorFloat-32 (10
--- bits of mantissa) on their way into tensor cores? Several times as fast; no, unless turned on.
--- Returns the setting; nil changes nothing. Where there is no CUDA device it stays false.
function cuda.allow_tf32(on) return ready() and backend.tf32("cuda", on) end

--- cuda.libraries(): what is opened when it is first needed: cublasLt (products of matrices),
--- NVRTC, cuDNN (convolutions, attention, recurrent layers), NCCL. A list of tables: name, and
--- version and path where it was found, or problem, which tells what is missing, what for and where
--- it was looked for.
function cuda.libraries()
  number_of()
  return backend.libraries "cuda"
end

-- x:pin_memory()
function cuda._pin(x)
  local ok <const>, reason <const> = ready()
  if not ok then core.fail("pin_memory", 1, "no CUDA device: %s", reason) end
  return core.cuda.pin(x)
end

local streams <const> = require "tocha.cuda_stream"(number_of)
cuda.Stream, cuda.Event, cuda.stream = streams.Stream, streams.Event, streams.stream
cuda.current_stream = streams.current_stream

--- cuda.manual_seed(seed): the generator is one for all devices; the same as tocha.manual_seed.
function cuda.manual_seed(seed) return require("tocha.random").manual_seed(seed) end
cuda.manual_seed_all = cuda.manual_seed

return cuda
