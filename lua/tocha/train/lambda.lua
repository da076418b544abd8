-- LambdaCallback: functions as a callback; BackupAndRestore: fit's option resume as one.

local signature = require "tocha.signature"
local Callback = require "tocha.train.callback"

--- train.LambdaCallback{on_epoch_end = function(epoch, logs) ... end, ...}: any of the hooks of
--- Callback, as functions without self.
local LambdaCallback <const> = Callback:extend "LambdaCallback"

function LambdaCallback:new(hooks)
  for name, f in pairs(hooks or {}) do
    if not Callback.is_hook(name) then
      self:fail("there is no hook '%s' (there are: %s)", tostring(name), Callback.hook_names())
    end
    if type(f) ~= "function" then self:fail("%s: expected a function, got %s", name, type(f)) end
    self[name] = function(_, ...) return f(...) end
  end
end

--- train.BackupAndRestore(path, {save_freq = "epoch", delete_checkpoint = true}): fit goes on from
--- the file where it is there, and keeps it up to date after every epoch, every five minutes and,
--- with a number, every so many batches; when training has ended it is removed, unless told not to.
local BackupAndRestore <const> = Callback:extend "BackupAndRestore"
BackupAndRestore.is_backup = true

function BackupAndRestore:new(...)
  signature.read("path, save_freq = 'epoch', delete_checkpoint = true", "BackupAndRestore", self,
    ...)
end

function BackupAndRestore:on_train_end()
  if self.delete_checkpoint then os.remove(self.path) end
end

return { LambdaCallback = LambdaCallback, BackupAndRestore = BackupAndRestore }
