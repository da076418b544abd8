---@meta tocha.io.pytorch
-- Written by `make annotations`; do not edit.

---PyTorch's .pt and .pth files: what torch.save wrote, in both of its forms, read safely, and
---written.
---
---Since 1.6 such a file is a ZIP archive: data.pkl, a pickle of the object, and a member data/KEY a
---storage. Before, it was five pickles (a magic number, the version, the machine, the object, the
---storages' keys) and then the storages. Nothing is executed: see tocha.io.pickle. Tensors that
---shared a storage share it here. Whole modules (torch.save(net)) need their Python code and are
---refused, as are sparse, quantised and complex tensors.
---@class tocha.io.pytorch
local pytorch = {}

---pytorch.in_archive(archive): does an open ZIP archive hold what torch.save wrote?
---@return any ...
function pytorch.in_archive(archive) end

---pytorch.is_old(head): are these the first bytes of a file in the old form?
---@return boolean
function pytorch.is_old(head) end

---pytorch.load(path, {device = "cpu"}): the object that torch.save wrote: tensors, numbers,
---strings and booleans in tables. None is tocha.io.json.null.
---@return any ...
function pytorch.load(path, options) end

---pytorch.save(path, object): tensors, numbers, texts and booleans in tables, such as a state dict
---or a checkpoint, for torch.load (weights_only too). Needs zlib. Options: sync, as file.replace
---has it; watch, a function called with each tensor that is written.
---@return any ...
function pytorch.save(path, object, options) end

return pytorch
