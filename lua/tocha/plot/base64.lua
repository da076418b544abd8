-- base64(bytes): their text in base 64.

local LETTERS <const> = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local digits <const> = {}  -- of the 4096 values of twelve bits, two letters each
for k = 0, 4095 do
  local high <const>, low <const> = k >> 6, k & 63
  digits[k] = LETTERS:sub(high + 1, high + 1) .. LETTERS:sub(low + 1, low + 1)
end

return function(bytes)
  local parts <const>, whole <const> = {}, #bytes // 3 * 3
  for k = 1, whole, 3 do
    local a <const>, b <const>, c <const> = bytes:byte(k, k + 2)
    local n <const> = a << 16 | b << 8 | c
    parts[#parts + 1] = digits[n >> 12] .. digits[n & 4095]
  end
  local left <const> = #bytes - whole
  if left == 1 then
    parts[#parts + 1] = digits[bytes:byte(-1) << 4] .. "=="
  elseif left == 2 then
    local a <const>, b <const> = bytes:byte(-2, -1)
    local n <const> = (a << 8 | b) << 2
    parts[#parts + 1] = digits[n >> 6] .. LETTERS:sub((n & 63) + 1, (n & 63) + 1) .. "="
  end
  return table.concat(parts)
end
