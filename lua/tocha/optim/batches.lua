-- Batches from whatever holds them: a DataLoader, a list of batches, or a function that returns the
-- next one. Gives an iterator.

return function(data)
  if type(data) == "function" then return data end
  if type(data) == "table" and data.batches then return data:batches() end
  local k = 0
  return function()
    k = k + 1
    return data[k]
  end
end
