-- The operations of a network on a given input, as a list: what export writes down.
--
-- The network runs as it is, on values (core.set_tracing tells of each operation), so a `forward`
-- may be any Lua. What does not depend on the inputs is computed and becomes constant. An operation
-- that ONNX has no node for is followed into its definition.
--
--     { name = "conv2d", args = { Value, tensor, nil, 1, ... n = 7 }, results = { Value }, path = }
--
-- A Value is { id, shape, dtype }; tensors among the arguments are constants.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local calls = require "tocha.nn.call"
local tree = require "tocha.nn.graph_tree"
local views = require "tocha.onnx.export_views"

local trace <const> = {}
local is_tensor <const> = core.is_tensor

local Value <const> = { __name = "value" }

--- trace.is_value(x)
local function is_value(x) return getmetatable(x) == Value end
trace.is_value = is_value

local function fail(self, format, ...)
  local where <const> = self.path ~= "" and (" (in %s)"):format(self.path) or ""
  core.fail("onnx.export", nil, "%s%s", format:format(...), where)
end

-- ---- where --------------------------------------------------------------------------------------

-- "layer1.0.conv1 (Conv2d)" of the module that is being called, and its name alone.
local function place(self)
  local active <const>, depth <const> = calls.stack()
  for k = depth, 1, -1 do
    local name <const> = self.names[active[k]]
    if name and name ~= "" then
      return ("%s (%s)"):format(name, getmetatable(active[k]).__name), name
    end
  end
  return "", ""
end

-- ---- values -------------------------------------------------------------------------------------

local function new_value(self, x)
  self.count = self.count + 1
  local value <const> = setmetatable({ id = self.count, shape = x.shape, dtype = x.dtype }, Value)
  self.of[x] = value
  return value
end

local function depends(self, args)
  for _, x in ipairs(tree.leaves(args, is_tensor)) do
    if self.of[x] then return true end
  end
  return false
end

-- The arguments as they are now: lists of integers may change later.
local function noted(self, args)
  return tree.map(args, is_tensor, function(x) return self.of[x] or x end)
end

-- ---- writing in place ---------------------------------------------------------------------------

-- A tensor that is written into stands for the result from then on, and so does what it is a part
-- of. Gives what views.above does.
local function prepare_write(self, name, args)
  local x <const> = args[1]
  local above <const> = views.above(self.views, x, self.of)
  if not above then
    fail(self, "%s writes into a view of a tensor, which has no ONNX form", name)
  end
  if not self.of[x] then args[1] = x:clone() end  -- as it was
  return above
end

local function note_call(self, call, results)
  call.results = {}
  for k, x in ipairs(results) do call.results[k] = new_value(self, x) end
  self.calls[#self.calls + 1] = call
end

-- After the write into the part x: the new whole, step by step.
local function finish_write(self, x, call)
  views.mark(self.views, x, call.above, self.of)
  for _, link in ipairs(call.above) do
    local args <const> = table.move(link.args, 2, link.args.n, 3, { link.old, self.of[link.child] })
    args.n = link.args.n + 1
    note_call(self, { name = link.put, args = args, path = call.path, layer = call.layer },
      { link.parent })
  end
end

-- ---- before and after ---------------------------------------------------------------------------

local UNSEEN <const>, THROUGH <const> = {}, {}  -- in the place of calls that are not noted

local function check_fresh(self, args)
  for _, x in ipairs(tree.leaves(args, is_tensor)) do
    if not self.of[x] and views.is_stale(self.views, x) then
      self.path = place(self)
      fail(self, "a view is used whose memory was written through another tensor")
    end
  end
end

local function enter(self, decl, args)
  check_fresh(self, args)
  if not depends(self, args) then return UNSEEN, true end
  self.path, self.name = place(self)
  local in_place <const> = decl.kind == "inplace"
  local name <const> = in_place and decl.name:sub(1, -2) or decl.name
  local above <const> = in_place and prepare_write(self, decl.name, args)
  if self.has_form(name, args) then
    return { name = name, args = noted(self, args), path = self.path, layer = self.name,
      above = above }, true
  end
  if in_place then fail(self, "there is no ONNX form of the operation '%s'", decl.name) end
  return THROUGH, decl.ref
end

local function before(self, decl, ...)
  local args <const> = table.pack(...)
  local call <const>, how <const> = enter(self, decl, args)
  table.insert(self.frames, { call = call, view = decl.kind == "view" and table.pack(...) })
  return how
end

-- Kernels give what nobody saw being made.
local function check_seen(self, decl, results)
  for _, x in ipairs(tree.leaves(results, is_tensor)) do
    if not self.of[x] then
      fail(self, "there is no ONNX form of the operation '%s'", decl.name)
    end
  end
end

local function after(self, decl, ...)
  local frame <const> = table.remove(self.frames)
  local call <const>, results <const> = frame.call, table.pack(...)
  if frame.view then views.note(self.views, decl.name, frame.view, (...)) end
  if call == UNSEEN then return end
  if call == THROUGH then return check_seen(self, decl, results) end
  note_call(self, call, tree.leaves(results, is_tensor))
  if call.above then finish_write(self, (...), call) end
end

-- ---- what looks at values -----------------------------------------------------------------------

local READS <const> = { "item", "totable", "tolist" }

-- While this is open, reading a value that depends on the inputs is an error: it would be the
-- example's for ever. A tensor off the tape is the same value.
local function guarded(self)
  local methods <const>, kept <const> = core.methods, {}
  for _, name in ipairs(READS) do
    local method <const> = methods[name]
    kept[name] = method
    if method then
      methods[name] = function(x, ...)
        if self.of[x] then
          self.path = place(self)
          fail(self, "%s() reads a value that depends on the input: a graph has no such branch",
            name)
        end
        return method(x, ...)
      end
    end
  end
  kept.detach = methods.detach
  methods.detach = function(x)
    local y <const> = kept.detach(x)
    self.of[y] = self.of[x]
    return y
  end
  return setmetatable(kept, { __close = function()
    for name, method in pairs(kept) do methods[name] = method end
  end })
end

local function run(self, net, inputs)
  local _ <close> = autograd.no_grad()
  local _ <close> = guarded(self)
  local _ <close> = setmetatable({}, { __close = function() core.set_tracing() end })
  core.set_tracing(function(...) return before(self, ...) end,
    function(...) return after(self, ...) end)
  return table.pack(net(table.unpack(inputs)))
end

local function names_of(net)
  local names <const> = { [net] = "" }
  net:visit(function(name, value, kind)
    if kind == "module" and names[value] == nil then names[value] = name end
  end)
  return names
end

--- trace.run(net, inputs, has_form): { calls, inputs (Values), outputs (Values or constants, in the
--- order of the results) } of net(inputs...). has_form(name, args): is the operation to be listed,
--- or what it is made of?
function trace.run(net, inputs, has_form)
  local self <const> = { calls = {}, frames = {}, count = 0, has_form = has_form,
    views = views.new(), of = setmetatable({}, { __mode = "k" }), names = names_of(net),
    path = "" }
  local list <const> = {}
  for k, x in ipairs(inputs) do list[k] = new_value(self, x) end
  local results <const>, outputs <const> = run(self, net, inputs), {}
  for k, x in ipairs(tree.leaves(results, is_tensor)) do outputs[k] = self.of[x] or x end
  return { calls = self.calls, inputs = list, outputs = outputs }
end

return trace
