-- Checkpoints: everything that a training run needs to go on, in one file that is whole or not
-- there.
--
--     train.checkpoint.save("run.ckpt", { model = net, optimizer = optimizer, epoch = 3 })
--     local saved = train.checkpoint.load("run.ckpt", { model = net, optimizer = optimizer })
--     print(saved.epoch)
--
-- What has a state_dict is saved by it and restored by load_state_dict; numbers, strings, tensors
-- and tables of them are saved as they are and returned. The states of both generators of random
-- numbers, Tocha's and math.random's, are always saved and restored. The file is safetensors
-- (tocha.io): the model's weights are in it as "model.NAME".
--
-- Writing is atomic: beside, to the disk, renamed. A kill at any moment leaves the last whole file.

local core = require "tocha.core"
local io_ = require "tocha.io"
local file = require "tocha.io.file"
local random = require "tocha.random"

local checkpoint <const> = {}
local FORMAT <const>, RANDOM <const> = "_checkpoint", "_random"
local VERSION <const> = 1

--- checkpoint.random_state(): where both generators stand: Tocha's, and math.random's as
--- hexadecimal text where its state can be read.
function checkpoint.random_state()
  local lua <const> = core.math_state()
  local hex <const> = lua and lua:gsub(".", function(c) return ("%02x"):format(c:byte()) end)
  return { tocha = random.get_rng_state(), lua = hex }
end

--- checkpoint.set_random_state(state): back to there.
function checkpoint.set_random_state(state)
  if type(state) ~= "table" then core.fail("checkpoint.load", 1, "there is no random state") end
  random.set_rng_state(state.tocha)
  if type(state.lua) ~= "string" then return end
  core.math_state((state.lua:gsub("%x%x", function(h) return string.char(tonumber(h, 16)) end)))
end

local function has(value, method)
  return type(value) == "table" and getmetatable(value) ~= nil and value[method] ~= nil
end

local function check_things(who, things)
  if type(things) ~= "table" then
    core.fail(who, 2, "expected a table such as {model = net, optimizer = optimizer}")
  end
  for name in pairs(things) do
    if type(name) ~= "string" or name:sub(1, 1) == "_" then
      core.fail(who, 2, "'%s' cannot be a name: a string that does not begin with '_'",
        tostring(name))
    end
  end
end

--- checkpoint.state(things): what would be saved.
function checkpoint.state(things)
  check_things("checkpoint.save", things)
  local state <const> = { [FORMAT] = VERSION, [RANDOM] = checkpoint.random_state() }
  for name, value in pairs(things) do
    state[name] = has(value, "state_dict") and value:state_dict() or value
  end
  return state
end

--- checkpoint.save(path, things): replaces the file when the new one is on the disk.
function checkpoint.save(path, things)
  if type(path) ~= "string" then
    core.fail("checkpoint.save", 1, "expected a path, got %s", type(path))
  end
  local state <const> = checkpoint.state(things)
  io_.save(state, path, { sync = true, beside = path .. ".tmp" })
end

local function check_state(path, state)
  if type(state) ~= "table" or state[FORMAT] == nil then
    core.fail("checkpoint.load", 1, "%s is no checkpoint", path)
  end
  if state[FORMAT] ~= VERSION then
    core.fail("checkpoint.load", 1, "%s is a checkpoint of version %s, this Tocha reads %d", path,
      tostring(state[FORMAT]), VERSION)
  end
end

--- checkpoint.read(path): the state that a file holds, to be restored later.
function checkpoint.read(path)
  local state <const> = io_.load(path)
  check_state(path, state)
  return state
end

local function restore_thing(name, value, saved)
  if saved == nil then
    core.fail("checkpoint.load", 2, "the checkpoint has no '%s'", name)
  end
  value:load_state_dict(saved)
end

-- Modules first: an optimiser's state is checked against parameters that have their sizes.
local function in_order(things)
  local names <const> = {}
  for name in pairs(things) do names[#names + 1] = name end
  local function rank(name)
    return (type(things[name]) == "table" and things[name].is_module and "1" or "2") .. name
  end
  table.sort(names, function(a, b) return rank(a) < rank(b) end)
  return names
end

--- checkpoint.restore(state, things, {random = true}): what checkpoint.load does with what
--- checkpoint.read returned.
function checkpoint.restore(state, things, options)
  check_things("checkpoint.load", things)
  local rest <const> = {}
  for name, value in pairs(state) do
    local taken <const> = name:sub(1, 1) == "_" or has(things[name], "load_state_dict")
    if not taken then rest[name] = value end
  end
  for _, name in ipairs(in_order(things)) do
    if has(things[name], "load_state_dict") then restore_thing(name, things[name], state[name]) end
  end
  if not options or options.random ~= false then checkpoint.set_random_state(state[RANDOM]) end
  return rest
end

--- checkpoint.load(path, things, {random = true}): restores what is in `things` and can be
--- restored, and the random state unless told not to; returns the rest by name.
function checkpoint.load(path, things, options)
  return checkpoint.restore(checkpoint.read(path), things or {}, options)
end

--- checkpoint.exists(path)
checkpoint.exists = file.exists

return checkpoint
