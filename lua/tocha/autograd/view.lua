-- Writing in place into views: how the history of a base and that of its view meet.

local core = require "tocha.core"
local registry = require "tocha.op"
local tape = require "tocha.autograd.tape"

local views <const> = {}

local function geometry(view, base)
  return { size = view.shape, stride = view:stride(), offset = view:storage_offset(),
    channels_last = core.is_channels_last(base) }
end

local function strided_node(view, base)
  return tape.node(registry.decl.as_strided, nil, core.ghost(base), view.shape, view:stride(),
    view:storage_offset(), base.node)
end

-- What a view's history is after its base changed: that of the base, seen through the view.
function views.refresh_view(view)
  local base <const> = core.base(view)
  if base and base.requires_grad then core.set_node(view, strided_node(view, base)) end
end

-- After a write into a view: its base is now what copy_slices gives, and the view one of that.
function views.rebase_view(view)
  local base <const> = core.base(view)
  if not base then return end
  if base.requires_grad and base:is_leaf() then
    core.fail(nil, nil, "a view of a leaf that requires grad cannot be changed in place; "
      .. "do it under tocha.no_grad()")
  end
  local old <const> = base.requires_grad and base.node or false
  core.set_node(base, tape.node(tape.copy_slices, nil, geometry(view, base), nil, old, view.node))
  core.set_node(view, strided_node(view, base))
end

return views
