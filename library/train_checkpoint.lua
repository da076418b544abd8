---@meta tocha.train.checkpoint
-- Written by `make annotations`; do not edit.

---Checkpoints: everything that a training run needs to go on, in one file that is whole or not
---there.
---
---    train.checkpoint.save("run.ckpt", { model = net, optimizer = optimizer, epoch = 3 })
---    local saved = train.checkpoint.load("run.ckpt", { model = net, optimizer = optimizer })
---    print(saved.epoch)
---
---What has a state_dict is saved by it and restored by load_state_dict; numbers, strings, tensors
---and tables of them are saved as they are and returned. The states of both generators of random
---numbers, Tocha's and math.random's, are always saved and restored. The file is safetensors
---(tocha.io): the model's weights are in it as "model.NAME".
---
---Writing is atomic: beside, to the disk, renamed. A kill at any moment leaves the last whole file.
---@class tocha.train.checkpoint
local checkpoint = {}

---file.exists(path)
---@return any ...
function checkpoint.exists(path) end

---checkpoint.load(path, things, {random = true}): restores what is in `things` and can be
---restored, and the random state unless told not to; returns the rest by name.
---@return any ...
function checkpoint.load(path, things, options) end

---checkpoint.random_state(): where both generators stand: Tocha's, and math.random's as
---hexadecimal text where its state can be read.
---@return any ...
function checkpoint.random_state() end

---checkpoint.read(path): the state that a file holds, to be restored later.
---@return any ...
function checkpoint.read(path) end

---checkpoint.restore(state, things, {random = true}): what checkpoint.load does with what
---checkpoint.read returned.
---@return any ...
function checkpoint.restore(state, things, options) end

---checkpoint.save(path, things): replaces the file when the new one is on the disk.
---@return any ...
function checkpoint.save(path, things) end

---checkpoint.set_random_state(state): back to there.
---@return any ...
function checkpoint.set_random_state(state) end

---checkpoint.state(things): what would be saved.
---@return any ...
function checkpoint.state(things) end

return checkpoint
