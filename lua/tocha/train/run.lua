-- A training run that can be killed at any moment and goes on as if it had not been.
--
--     local run = train.Run("run.ckpt", { model = net, optimizer = optimizer })
--     for epoch in run:epochs(10) do
--       for x, y in run:batches(loader) do
--         ...                                       -- the loop's body stays as it was
--       end
--     end
--
-- The two iterators count epochs and batches, write the checkpoint between steps, and, where the
-- file is there at the start, begin behind what was done: same weights, same optimiser, same place
-- in the same shuffled pass, same random numbers. What the loop itself adds up (a mean loss)
-- belongs into `run.state`, a plain table that is saved and restored too. An epoch has one loop
-- over batches. Training ends early by run:stop(), after the epoch.
--
-- A loader with a state (state_dict) is taken up by it; another source is asked for the same pass
-- again, from the random numbers with which it began, and what was done is skipped. Not kept: a
-- pass over a source that gives other batches each time for reasons of its own (a network, the
-- clock).

local core = require "tocha.core"
local Object = require "tocha.class"
local checkpoint = require "tocha.train.checkpoint"

local Run <const> = Object:extend "Run"

--- train.Run(path, things, options): no file is written without a path. `things` as
--- checkpoint.save has them. Options: every = n: a checkpoint every n batches besides that of each
--- epoch; seconds = 300: and after so much time.
function Run:new(path, things, options)
  options = options or {}
  if things.run ~= nil then core.fail("Run", 2, "the name 'run' is taken by the run itself") end
  self.path, self.things = path, things
  self.every, self.seconds = options.every, options.seconds or 300
  self.epoch, self.batch, self.step = 0, 0, 0  -- done: epochs, batches of this epoch, batches
  self.state = {}
  self.stopped, self.waiting = false, false
  self.saved_at = core.clock()
  if path and checkpoint.exists(path) then self:load() end
end

-- ---- saving and loading -------------------------------------------------------------------------

local COUNTERS <const> = { "epoch", "batch", "step", "stopped" }

local function has_state(source) return type(source) == "table" and source.load_state_dict end

--- run:state_dict(): where it stands.
function Run:state_dict()
  local pass <const> = self.pass and { rng = self.pass.rng, at = self.pass.at } or nil
  local source <const> = has_state(self.source) and self.source:state_dict() or nil
  local dict <const> = { state = self.state, pass = pass, source = source }
  for _, name in ipairs(COUNTERS) do dict[name] = self[name] end
  return dict
end

function Run:load_state_dict(dict)
  for _, name in ipairs(COUNTERS) do
    if type(dict[name]) ~= type(self[name]) then
      core.fail("Run", 1, "the checkpoint's '%s' is %s", name, tostring(dict[name]))
    end
    self[name] = dict[name]
  end
  if dict.pass and math.type(dict.pass.at) ~= "integer" then
    core.fail("Run", 1, "the checkpoint does not say where the pass stood")
  end
  self.state, self.pass, self.source_state = dict.state or {}, dict.pass, dict.source
end

local function all_things(self)
  local things <const> = { run = self }
  for name, value in pairs(self.things) do things[name] = value end
  return things
end

--- run:save(): now. The iterators call it.
function Run:save()
  if not self.path then return end
  checkpoint.save(self.path, all_things(self))
  self.saved_at, self.due = core.clock(), false
end

-- Restored at once, and again at the place where the loop goes on: what the loop does on its way
-- there (a schedule's step at the start of an epoch) was done before the checkpoint.
function Run:load()
  self.kept = checkpoint.read(self.path)
  checkpoint.restore(self.kept, all_things(self), { random = false })
  self.resumed = true
end

local function arrive(self)
  if not self.kept then return end
  checkpoint.restore(self.kept, all_things(self))
  self.kept = nil
end

--- run:stop(): no epoch after this one, also when it is resumed.
function Run:stop() self.stopped = true end

-- ---- epochs -------------------------------------------------------------------------------------

local function end_epoch(self)
  self.epoch, self.batch, self.inside, self.inner = self.epoch + 1, 0, false, false
  self:save()
end

--- run:epochs(last): the numbers of the epochs to do, up to `last`.
function Run:epochs(last)
  return function()
    if self.inside then end_epoch(self) end
    if self.batch == 0 then arrive(self) end
    if self.stopped or self.epoch >= last then return nil end
    self.inside = true
    return self.epoch + 1
  end
end

-- ---- batches ------------------------------------------------------------------------------------

local function begin_pass(pass, source)
  local next_batch <const>, _, _, closing <const> = source:batches()
  pass.next, pass.closing = next_batch, closing
  return pass
end

-- Ends what a pass has open: worker threads, a file.
local function close_pass(self)
  local pass <const> = self.pass
  self.pass = nil
  local _ <close> = pass and pass.closing
end

--- run:close(): ends what the pass over the data has open, where epochs are no whole passes: worker
--- threads, a file. `local run <close> = train.Run(...)` does so too.
function Run:close() close_pass(self) end
Run.__close = Run.close

-- A pass that has begun, begun again from its random numbers, up to where it stood.
local function repeat_pass(pass, source)
  local now <const> = checkpoint.random_state()
  checkpoint.set_random_state(pass.rng)
  begin_pass(pass, source)
  for k = 1, pass.at do
    if pass.next() == nil then
      core.fail("Run", nil, "batch %d of the pass was done before, and the data end before it: "
        .. "are they those of the checkpoint?", k)
    end
  end
  checkpoint.set_random_state(now)
end

-- What the checkpoint says of the source; returns whether that was all.
local function restore_source(self, source)
  local state <const> = self.source_state
  self.source_state = nil
  if not (state and has_state(source)) then return false end
  source:load_state_dict(state)
  if self.pass then begin_pass(self.pass, source) end
  return true
end

local function open(self, source)
  self.source = source
  local restored <const> = restore_source(self, source)
  if self.pass and not self.pass.next and not restored then repeat_pass(self.pass, source) end
  if not self.pass then
    self.pass = begin_pass({ rng = checkpoint.random_state(), at = 0 }, source)
  end
end

local function end_batch(self)
  self.inner = false
  self.batch, self.step = self.batch + 1, self.step + 1
  if not self.path then return end
  self.due = self.due or self.every and self.step % self.every == 0
    or core.clock() - self.saved_at > self.seconds
  if self.due and not self.waiting then self:save() end
end

-- Batch after batch of pass after pass, where an epoch has a number of batches of its own.
local function turn(self, source, limit, again, first, ...)
  if first ~= nil then
    self.pass.at, self.inner = self.pass.at + 1, true
    return first, ...
  end
  local empty <const> = self.pass.at == 0
  close_pass(self)
  if not limit or empty and again then return nil end
  open(self, source)
  return turn(self, source, limit, true, self.pass.next())
end

local Closing <const> = { __close = function(loop)
  if not loop.run.endless then close_pass(loop.run) end
end }

--- run:batches(source, limit): what source:batches() gives, from where the run stands. With a limit
--- an epoch has so many batches, and the next one goes on where it stopped.
function Run:batches(source, limit)
  arrive(self)
  self.endless = limit ~= nil
  open(self, source)
  local function next_batch()
    if self.inner then end_batch(self) end
    if limit and self.batch >= limit then return nil end
    return turn(self, source, limit, false, self.pass.next())
  end
  return next_batch, nil, nil, setmetatable({ run = self }, Closing)
end

return Run
