---@meta tocha.cuda
-- Written by `make annotations`; do not edit.

---tocha.cuda: the CUDA devices. Named (or a tensor put on "cuda"), it loads the back end; nothing
---else does. Devices are numbered as the driver and PyTorch number them, from 0: "cuda:0" is the
---first.
---
---TOCHA_CUDA=emulated loads the back end whose kernels run on the CPU, thread for thread: slow, for
---tests and for writing kernels without a GPU. TOCHA_CUDA=off loads none.
---@class tocha.cuda
local cuda = {}

---cuda.Event{enable_timing = true}: methods record(stream), wait(stream), synchronize(),
---query(), elapsed_time(later): milliseconds between two that have a time.
---@return any ...
function cuda.Event(options) end

---cuda.Stream(device): a stream beside the others; methods synchronize(), query(),
---wait_stream(other), wait_event(event), record_event(event).
---@return any ...
function cuda.Stream(device) end

---cuda.allow_tf32(on): may products and convolutions of float32 be rounded to TensorFloat-32 (10
---bits of mantissa) on their way into tensor cores? Several times as fast; no, unless turned on.
---Returns the setting; nil changes nothing. Where there is no CUDA device it stays false.
---@return any ...
function cuda.allow_tf32(on) end

---cuda.current_device(): the number of what "cuda" means in this thread.
---@return any ...
function cuda.current_device() end

---cuda.current_stream(device): on which this thread works there.
---@return any ...
function cuda.current_stream(device) end

---cuda.device(device)
---local _ <close> = cuda.device(1): the same for a scope.
---@return any ...
function cuda.device(device) end

---cuda.device_count(): how many devices there are; 0 where none can be used.
---@return any ...
function cuda.device_count() end

---cuda.empty_cache(): gives cached bytes of all devices back to the driver.
---@return any ...
function cuda.empty_cache() end

---cuda.emulate(): "cuda" is the emulated back end, in this process and whatever TOCHA_CUDA says.
---It must come before the first use of a CUDA device. Returns what cuda.is_available() does.
---@return any ...
function cuda.emulate() end

---cuda.get_device_capability(device): major and minor compute capability.
---@return any ...
function cuda.get_device_capability(device) end

---cuda.get_device_name(device)
---@return any ...
function cuda.get_device_name(device) end

---cuda.get_device_properties(device): name, major, minor, multi_processor_count, total_memory.
---@return any ...
function cuda.get_device_properties(device) end

---cuda.is_available(): can tensors be put on "cuda" here? Where not, also why.
---@return boolean
function cuda.is_available() end

---cuda.libraries(): what is opened when it is first needed: cublasLt (products of matrices),
---NVRTC, cuDNN (convolutions, attention, recurrent layers), NCCL. A list of tables: name, and
---version and path where it was found, or problem, which tells what is missing, what for and where
---it was looked for.
---@return any ...
function cuda.libraries() end

---cuda.manual_seed(seed): the generator is one for all devices; the same as tocha.manual_seed.
---@return any ...
function cuda.manual_seed(seed) end

---cuda.manual_seed_all(seed)
---cuda.manual_seed(seed): the generator is one for all devices; the same as tocha.manual_seed.
---@return any ...
function cuda.manual_seed_all(seed) end

---cuda.max_memory_allocated(device)
---cuda.memory_allocated(device), cuda.memory_reserved(device), cuda.max_memory_allocated(device),
---cuda.max_memory_reserved(device): bytes.
---@return any ...
function cuda.max_memory_allocated(device) end

---@return any ...
function cuda.max_memory_reserved(device) end

---cuda.memory_allocated(device), cuda.memory_reserved(device), cuda.max_memory_allocated(device),
---cuda.max_memory_reserved(device): bytes.
---@return any ...
function cuda.memory_allocated(device) end

---cuda.memory_reserved(device)
---cuda.memory_allocated(device), cuda.memory_reserved(device), cuda.max_memory_allocated(device),
---cuda.max_memory_reserved(device): bytes.
---@return any ...
function cuda.memory_reserved(device) end

---cuda.memory_stats(device): bytes allocated (held by tensors) and reserved (taken from the
---driver), their peaks, allocations, retries after the cache was emptied, out_of_memory errors.
---@return any ...
function cuda.memory_stats(device) end

---cuda.reset_peak_memory_stats(device): the peaks count from now on.
---@return any ...
function cuda.reset_peak_memory_stats(device) end

---cuda.set_device(device): what "cuda" means in this thread from now on.
---@return any ...
function cuda.set_device(device) end

---cuda.set_memory_limit(bytes, device): of what is reserved; 0: no limit.
---@return any ...
function cuda.set_memory_limit(bytes, device) end

---cuda.stream(stream)
---local _ <close> = cuda.stream(s): this thread works on s, on the device of s.
---@return any ...
function cuda.stream(stream) end

---cuda.synchronize(device): waits for all work on it; an error of a kernel that ran before shows
---here at the latest.
---@return any ...
function cuda.synchronize(device) end

return cuda
