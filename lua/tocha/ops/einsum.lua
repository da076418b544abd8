-- einsum and tensordot: sums of products over named dimensions, brought to batched matrix products.
--
-- Operands are contracted from left to right, two at a time; a dimension is summed as soon as no
-- other operand and not the result names it. Inside, dimensions of an ellipsis are named ".1",
-- ".2" ... counted from the right, so that they broadcast.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"

local function fail(at, ...) core.fail("einsum", at, ...) end

-- ---- reading the equation -----------------------------------------------------------------------

-- "b...ij" -> { "b", "...", "i", "j" }
local function read_term(text)
  local labels, at = {}, 1
  while at <= #text do
    local label = text:sub(at, at + 2) == "..." and "..." or text:match("^%a", at)
    if not label then
      fail("equation", "'%s' is no dimension's name in '%s'", text:sub(at, at), text)
    end
    labels[#labels + 1], at = label, at + #label
  end
  return labels
end

local function split_terms(text)
  local terms <const> = {}
  for term in (text .. ","):gmatch "([^,]*)," do terms[#terms + 1] = read_term(term) end
  return terms
end

-- The term's labels with the ellipsis replaced by `n` numbered ones.
local function spell_out(labels, n)
  local list <const> = {}
  for _, label in ipairs(labels) do
    if label == "..." then
      for k = n, 1, -1 do list[#list + 1] = "." .. k end
    else
      list[#list + 1] = label
    end
  end
  return list
end

local function has_ellipsis(labels)
  for _, label in ipairs(labels) do
    if label == "..." then return true end
  end
  return false
end

-- How many dimensions the ellipsis of an operand stands for.
local function ellipsis_size(k, labels, x)
  local named <const> = has_ellipsis(labels) and #labels - 1 or #labels
  if x.ndim < named or (x.ndim > named and not has_ellipsis(labels)) then
    fail("operands", "operand %d is a %s tensor, the equation names %d of its dimensions", k,
      rule.text(x.shape), named)
  end
  return x.ndim - named
end

-- Without "->" the result has what is named once, in alphabetical order, after the ellipsis.
local function implied_output(terms)
  local count, names = {}, {}
  local ellipsis = false
  for _, labels in ipairs(terms) do
    for _, label in ipairs(labels) do
      if label == "..." then ellipsis = true else count[label] = (count[label] or 0) + 1 end
    end
  end
  for label, n in pairs(count) do
    if n == 1 then names[#names + 1] = label end
  end
  table.sort(names)
  if ellipsis then table.insert(names, 1, "...") end
  return names
end

local function read_equation(equation, operands)
  local text <const> = equation:gsub("%s", "")
  local left, right = text:match "^(.-)%->(.*)$"
  local terms <const> = split_terms(left or text)
  if #terms ~= #operands then
    fail("equation", "'%s' has %d terms for %d operands", equation, #terms, #operands)
  end
  local output <const> = right and read_term(right) or implied_output(terms)
  local most = 0
  for k, labels in ipairs(terms) do
    local n = ellipsis_size(k, labels, operands[k])
    terms[k], most = spell_out(labels, n), math.max(most, n)
  end
  return terms, spell_out(output, most)
end

local function label_sizes(terms, operands)
  local size <const> = {}
  for k, labels in ipairs(terms) do
    for d, label in ipairs(labels) do
      local s, known = operands[k]:size(d), size[label] or 1
      if s ~= known and s ~= 1 and known ~= 1 then
        fail("operands", "dimension '%s' has the sizes %d and %d", label, known, s)
      end
      size[label] = known == 1 and s or known
    end
  end
  return size
end

local function check_output(output, size)
  local seen <const> = {}
  for _, label in ipairs(output) do
    if not size[label] then
      fail("equation", "no operand has the result's dimension '%s'", label)
    end
    if seen[label] then fail("equation", "the result names the dimension '%s' twice", label) end
    seen[label] = true
  end
end

-- ---- labelled tensors: { x, labels } ------------------------------------------------------------

local function index_of(labels, label)
  for d, each in ipairs(labels) do
    if each == label then return d end
  end
end

-- A label that an operand has twice: its diagonal.
local function take_diagonals(x, labels)
  local d = 1
  while d <= #labels do
    local again = index_of({ table.unpack(labels, d + 1) }, labels[d])
    if again then
      local label = labels[d]
      x = x:diagonal(0, d, d + again)
      table.remove(labels, d + again)
      table.remove(labels, d)
      labels[#labels + 1] = label
    else
      d = d + 1
    end
  end
  return x
end

local function expand_sizes(x, labels, size)
  local shape, grows = {}, false
  for d, label in ipairs(labels) do
    shape[d] = size[label]
    grows = grows or x:size(d) ~= size[label]
  end
  return grows and x:expand(shape) or x
end

-- Summed over the labels that nothing else needs.
local function sum_unneeded(t, needed)
  local dims, kept = {}, {}
  for d, label in ipairs(t.labels) do
    if needed[label] then kept[#kept + 1] = label else dims[#dims + 1] = d end
  end
  if #dims == 0 then return t end
  return { x = ops.sum(t.x, dims), labels = kept }
end

-- x with its dimensions in the order of `labels`; those it lacks have size 1.
local function arranged(t, labels)
  local order, shape = {}, {}
  for _, label in ipairs(labels) do
    local d = index_of(t.labels, label)
    if d then order[#order + 1] = d end
    shape[#shape + 1] = d and t.x:size(d) or 1
  end
  return t.x:permute(order):reshape(shape)
end

-- ---- contraction --------------------------------------------------------------------------------

-- The labels of two tensors: of both and kept, of both and summed, of one alone.
local function sort_labels(a, b, needed)
  local both, summed, left, right = {}, {}, {}, {}
  for _, label in ipairs(a.labels) do
    local list = not index_of(b.labels, label) and left or needed[label] and both or summed
    list[#list + 1] = label
  end
  for _, label in ipairs(b.labels) do
    if not index_of(a.labels, label) then right[#right + 1] = label end
  end
  return both, summed, left, right
end

local function concat(...)
  local list <const> = {}
  for _, each in ipairs { ... } do table.move(each, 1, #each, #list + 1, list) end
  return list
end

local function total(labels, size)
  local n = 1
  for _, label in ipairs(labels) do n = n * size[label] end
  return n
end

local function contract(a, b, needed, size)
  local both, summed, left, right = sort_labels(a, b, needed)
  local labels <const> = concat(both, left, right)
  if #summed == 0 then
    return { x = arranged(a, labels) * arranged(b, labels), labels = labels }
  end
  local batch, m = total(both, size), total(left, size)
  local k, n = total(summed, size), total(right, size)
  local x = arranged(a, concat(both, left, summed)):reshape(batch, m, k)
  local y = arranged(b, concat(both, summed, right)):reshape(batch, k, n)
  local shape <const> = {}
  for d, label in ipairs(labels) do shape[d] = size[label] end
  return { x = ops.bmm(x, y):reshape(shape), labels = labels }
end

-- What the result and the operands after the k-th need.
local function needed_after(terms, k, output)
  local needed <const> = {}
  for j = k + 1, #terms do
    for _, label in ipairs(terms[j]) do needed[label] = true end
  end
  for _, label in ipairs(output) do needed[label] = true end
  return needed
end

local function with_labels(needed, labels)
  local more <const> = {}
  for label in pairs(needed) do more[label] = true end
  for _, label in ipairs(labels) do more[label] = true end
  return more
end

local function einsum(equation, operands)
  local terms <const>, output <const> = read_equation(equation, operands)
  local size <const> = label_sizes(terms, operands)
  check_output(output, size)
  local list <const> = {}
  for k, labels in ipairs(terms) do
    local x = expand_sizes(operands[k], labels, size)
    list[k] = { x = take_diagonals(x, labels), labels = labels }
  end
  local result = sum_unneeded(list[1], needed_after(terms, 1, output))
  for k = 2, #list do
    local needed = needed_after(terms, k, output)
    local other = sum_unneeded(list[k], with_labels(needed, result.labels))
    result = sum_unneeded(contract(result, other, needed, size), needed)
  end
  return arranged(result, output)
end

local function operand_list(first, rest)
  if not core.is_tensor(first) then
    if type(first) ~= "table" then
      fail("operands", "expected tensors or a list of them, got a %s", type(first))
    end
    for k, x in ipairs(first) do
      if not core.is_tensor(x) then fail("operands", "number %d of the list is no tensor", k) end
    end
    return first
  end
  local list <const> = { first }
  for k = 1, rest.n do
    if rest[k] then list[#list + 1] = rest[k] end
  end
  return list
end

local MORE <const> = {}
for k = 2, 8 do MORE[#MORE + 1] = (", operand%d: tensor?"):format(k) end

op "einsum" {
  doc = "Sums of products over named dimensions: einsum(\"bij,bjk->bik\", a, b). Operands follow "
    .. "one by one or as a list; \"...\" stands for dimensions without a name.",
  args = "equation: string, operands: any" .. table.concat(MORE), method = false,
  ref = function(equation, first, ...)
    return einsum(equation, operand_list(first, table.pack(...)))
  end,
  sample = {
    { "ij,jk->ik", { 2, 3 }, { 3, 4 } }, { "ii->i", { 3, 3 } }, { "ii", { 3, 3 } }, { "ij->ji",
      { 2, 3 } },
    { "bij,bjk", { 2, 3, 4 }, { 2, 4, 2 } }, { "...ij,...jk->...ik", { 2, 3, 4 }, { 4, 2 } },
    { "i,j->ij", { 3 }, { 4 } }, { "ij,kj,k->i", { 2, 3 }, { 4, 3 }, { 4 } }, { "iij,jk->k",
      { 2, 2, 3 }, { 3, 2 } },
    { "ij,ij->", { 2, 3 }, { 2, 3 } }, { "ab,ab->b", { 1, 3 }, { 4, 3 } },
    { "bhid,bhjd->bhij", S.tensors { { 2, 2, 3, 4 }, { 2, 2, 3, 4 } } },
  },
}

-- ---- tensordot ----------------------------------------------------------------------------------

local function sizes_of(x, dims)
  local list <const> = {}
  for k, d in ipairs(dims) do list[k] = x:size(d) end
  return list
end

local function rest_of(n, dims)
  local taken, rest = {}, {}
  for _, d in ipairs(dims) do taken[d] = true end
  for d = 1, n do
    if not taken[d] then rest[#rest + 1] = d end
  end
  return rest
end

local function positive(dims, x)
  local list <const> = {}
  for k, d in ipairs(dims) do
    if d == 0 or math.abs(d) > x.ndim then
      core.fail("tensordot", "dims", "dimension %d is out of range for a %s tensor", d,
        rule.text(x.shape))
    end
    list[k] = d < 0 and d + x.ndim + 1 or d
  end
  return list
end

-- dims: n (the last n of a, the first n of b) or two lists.
local function paired_dims(a, b, dims)
  if math.type(dims) ~= "integer" then return positive(dims[1], a), positive(dims[2], b) end
  local da, db = {}, {}
  for k = 1, dims do da[k], db[k] = k - dims - 1, k end
  return positive(da, a), positive(db, b)
end

local function check_paired(a, b, da, db)
  if #da ~= #db then core.fail("tensordot", "dims", "%d dimensions against %d", #da, #db) end
  for k, d in ipairs(da) do
    if a:size(d) ~= b:size(db[k]) then
      core.fail("tensordot", "dims", "dimension %d of %s and dimension %d of %s differ", d,
        rule.text(a.shape),
        db[k], rule.text(b.shape))
    end
  end
end

op "tensordot" {
  doc = "Sums of products over pairs of dimensions: `dims` is a count (the last of one, the "
    .. "first of the other) or two lists.",
  args = "input: tensor, other: tensor, dims: any = 2",
  ref = function(a, b, dims)
    local da, db = paired_dims(a, b, dims)
    check_paired(a, b, da, db)
    local ra, rb = rest_of(a.ndim, da), rest_of(b.ndim, db)
    local sa <const>, sb <const> = sizes_of(a, ra), sizes_of(b, rb)
    local inner <const> = rule.product(sizes_of(a, da))
    local left = a:permute(concat(ra, da)):reshape(rule.product(sa), inner)
    local right = b:permute(concat(db, rb)):reshape(inner, rule.product(sb))
    return ops.mm(left, right):reshape(concat(sa, sb))
  end,
  sample = { { { 2, 3, 4 }, { 3, 4, 5 } }, { { 2, 3 }, { 3, 4 }, 1 }, { { 2, 3 }, { 4 }, 0 },
    { { 2, 3, 4 }, { 4, 5, 2 }, S.list { { 1, 3 }, { 3, 1 } } } },
}
