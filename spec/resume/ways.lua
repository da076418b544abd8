-- Ways to train a little, for resume_spec.lua and driver.lua: FOLDER/run.ckpt is the checkpoint.

local tocha = require "tocha"
local nn, optim, data, train = tocha.nn, tocha.optim, tocha.data, tocha.train

local function new_job(folder, epochs)
  tocha.manual_seed(5)
  math.randomseed(7)
  local x <const> = tocha.randn(96, 8)
  return {
    folder = folder, epochs = epochs, checkpoint = folder .. "/run.ckpt",
    x = x, y = (x:select(2, 1) * x:select(2, 2)):gt(0):long() + 1,
    model = nn.Sequential(nn.Linear(16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3),
      nn.Linear(16, 2)),
  }
end

local function weights(model)
  local parts <const> = {}
  local dict <const> = model:state_dict()
  local names <const> = {}
  for name in pairs(dict) do names[#names + 1] = name end
  table.sort(names)
  for k, name in ipairs(names) do parts[k] = name .. dict[name]:to_bytes() end
  return table.concat(parts)
end

local function exact(history)
  local lines <const> = {}
  for name, list in pairs(history.history) do
    local numbers <const> = {}
    for k, value in ipairs(list) do numbers[k] = ("%a"):format(value) end
    lines[#lines + 1] = name .. " " .. table.concat(numbers, " ")
  end
  table.sort(lines)
  return table.concat(lines, "\n")
end

local function callbacks(folder)
  return {
    train.EarlyStopping { monitor = "val_loss", patience = 50, restore_best_weights = true },
    train.ReduceLROnPlateau { monitor = "loss", patience = 2, factor = 0.7, min_delta = 0.1 },
    train.ModelCheckpoint(folder .. "/best.safetensors", { monitor = "val_accuracy",
      save_best_only = true, save_weights_only = true }),
    train.CSVLogger(folder .. "/log.csv"),
  }
end

local function compile(model)
  model:compile { optimizer = { "adam", lr = 0.02 }, loss = "cross_entropy",
    metrics = { "accuracy", "auc", "f1" } }
end

local WAYS <const> = {}

-- Tensors, callbacks with a state, gradients added up over two batches, a schedule by batches.
function WAYS.fit(job)
  compile(job.model)
  local history <const> = job.model:fit { x = job.x, y = job.y, epochs = job.epochs,
    batch_size = 8, verbose = 0, validation_split = 0.25, callbacks = callbacks(job.folder),
    accumulate = 2, resume = job.checkpoint, save_freq = 3 }
  return weights(job.model) .. exact(history)
end

-- Epochs that are no whole passes, over a loader with a seed of its own; BackupAndRestore; averaged
-- weights.
function WAYS.steps(job)
  local model <const> = job.model
  compile(model)
  local set <const> = data.TensorDataset(job.x, job.y)
  local loader <const> = data.DataLoader(set, { batch_size = 8, shuffle = true, seed = 3 })
  local schedule <const> = optim.lr_scheduler.OneCycleLR(model.optimizer, { max_lr = 0.05,
    total_steps = 7 * job.epochs + 1 })
  local history <const> = model:fit { x = loader, epochs = job.epochs, verbose = 0,
    steps_per_epoch = 7, schedule = schedule,
    validation_data = data.DataLoader(set, { batch_size = 20, shuffle = true, seed = 4 }),
    callbacks = { train.BackupAndRestore(job.checkpoint, { save_freq = 2 }),
      train.SwapEMAWeights { decay = 0.95 } } }
  return weights(model) .. exact(history)
end

-- A loader without a state, whose order and batches come from both generators.
local function noisy_loader(x, y)
  local loader <const> = {}
  function loader.batches()
    local order <const>, k = tocha.randperm(#y), 0
    return function()
      k = k + 1
      if k > 12 then return nil end
      local ids <const> = order:narrow(1, 8 * k - 7, 8)
      return x:index_select(1, ids) + 0.1 * tocha.randn(8, 8) + math.random() * 0.1,
        y:index_select(1, ids)
    end
  end
  return loader
end

-- The plain loop.
function WAYS.plain(job)
  local model <const> = job.model
  local optimizer <const> = optim.SGD(model:parameters(), { lr = 0.1, momentum = 0.9 })
  local schedule <const> = optim.lr_scheduler.StepLR(optimizer, { step_size = 1, gamma = 0.8 })
  local criterion <const>, loader <const> = nn.CrossEntropyLoss(), noisy_loader(job.x, job.y)
  local run <const> = train.Run(job.checkpoint, { model = model, optimizer = optimizer,
    schedule = schedule }, { every = 2 })
  for epoch in run:epochs(job.epochs) do
    if epoch > 1 then schedule:step() end
    for inputs, targets in run:batches(loader) do
      optimizer:zero_grad()
      local loss <const> = criterion(model(inputs), targets)
      loss:backward()
      optimizer:step()
      run.state.sum = (run.state.sum or 0.0) + loss:item()
    end
    run.state[epoch] = run.state.sum
  end
  local sums <const> = {}
  for k, sum in ipairs(run.state) do sums[k] = ("%a"):format(sum) end
  return weights(model) .. table.concat(sums, " ")
end

-- An error after so many batches, as a crash would be.
local function stop_after(model, batches)
  model:register_forward_hook(function()
    if model.is_training then batches = batches - 1 end
    if batches < 0 then error("stopped", 0) end
  end)
end

--- train_by(way, folder, epochs, stop): what came out, as text: weights and history to the bit.
return function(way, folder, epochs, stop)
  local job <const> = new_job(folder, epochs)
  if stop then stop_after(job.model, stop) end
  return WAYS[way](job)
end
