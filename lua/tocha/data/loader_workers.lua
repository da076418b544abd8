-- An epoch's batches from worker threads: made ahead, handed out in order.
--
-- Worker number (k - 1) % n + 1 makes batch k of a stream; any may make those of other data sets.
-- At most num_workers * prefetch_factor batches are under way or wait, so memory stays flat.

local core = require "tocha.core"
local threads = require "tocha.threads"
local collate = require "tocha.data.collate"
local worker = require "tocha.data.worker"

local loader_workers <const> = {}

-- ---- in the worker ------------------------------------------------------------------------------

--- What a worker does first; returns what makes a batch.
function loader_workers.set_up(id, setup)
  worker.info = { id = id, num_workers = setup.num_workers, dataset = setup.dataset }
  collate.stopped = threads.stopping
  if setup.worker_init_fn then setup.worker_init_fn(id) end
  return worker.maker(setup)
end

-- ---- in the caller ------------------------------------------------------------------------------

local Workers <const> = threads.Pool:extend "Workers"
Workers.op, Workers.labels = "DataLoader", { "setup", "" }

-- A pool that an earlier epoch left (persistent_workers), or a new one.
local function pool_of(loader)
  local kept <const> = loader.kept
  loader.kept = nil
  if kept then return kept end
  return Workers(loader.num_workers, loader_workers.set_up, {
    dataset = loader.dataset, collate_fn = loader.collate_fn, batch_size = loader.batch_size,
    drop_last = loader.drop_last, pin_memory = loader.pin_memory,
    num_workers = loader.num_workers,
    worker_init_fn = loader.worker_init_fn,
  })
end

local function give_back(loader, pool)
  if loader.persistent_workers and not loader.kept then loader.kept = pool else pool:close() end
end

-- Posts batches until enough are under way. `posted` and `at` are numbers of batches.
local function post_ahead(e)
  while e.more and e.posted - e.at < e.window do
    local ids <const> = e.next_ids()
    if not ids then
      e.more = false
    else
      e.posted = e.posted + 1
      if e.in_turn then
        e.pool:post_to((e.posted - 1) % e.pool.n + 1, e.posted, e.seed, e.posted, true)
      else
        e.pool:post(e.posted, e.seed, e.posted, ids)
      end
    end
  end
end

-- The message { ticket, ok, values... } of batch e.at, which may have come already.
local function message_of(e)
  while not e.ready[e.at] do
    local message <const> = table.pack(e.pool:take(e.timeout))
    if message.n <= 1 then
      e.pool:stop()
      core.fail("DataLoader", nil, "no batch %d after %s s (the option timeout)", e.at, e.timeout)
    end
    e.ready[message[1]] = message
  end
  local message <const> = e.ready[e.at]
  e.ready[e.at] = nil
  return message
end

local function fail(e, message)
  e.pool:close()
  core.fail("DataLoader", nil, "batch %d: %s", e.at, message[3])
end

-- The next batch. In a stream a worker answers with nothing when its part has ended.
local function next_batch(e)
  for _ = 1, e.pool.n do
    post_ahead(e)
    if e.at == e.posted then return end
    e.at = e.at + 1
    local message <const> = message_of(e)
    if not message[2] then fail(e, message) end
    if message[3] ~= nil then return table.unpack(message, 3, message.n) end
  end
end

-- At the end of an epoch there is little left to wait for; where a loop was left, the pool goes.
local function finish(loader, pool, complete)
  if pool.closed then return end
  while complete and pool:jobs() > 0 do pool:take() end
  if complete then give_back(loader, pool) else pool:close() end
end

local function numbered(e, ...) return e.at, ... end

--- start(loader, progress, next_ids): a function that returns the number and the values of the next
--- batch, and finish(complete), which ends the epoch.
function loader_workers.start(loader, progress, next_ids)
  local e <const> = {
    pool = pool_of(loader), next_ids = next_ids, seed = progress.seed, ready = {}, more = true,
    at = progress.batch, posted = progress.batch, timeout = loader.timeout,
    window = loader.num_workers * loader.prefetch_factor,
    in_turn = worker.is_stream(loader.dataset),
  }
  local function step() return numbered(e, next_batch(e)) end
  return step, function(complete) finish(loader, e.pool, complete) end
end

return loader_workers
