-- Turns scikit-learn's copy of the UCI handwritten digits into examples/data/digits.bin:
--
--   apt-get download python3-sklearn && dpkg -x python3-sklearn_*.deb sklearn
--   zcat sklearn/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz |
--     lua5.4 dev/convert-digits.lua > examples/data/digits.bin
--
-- examples/data/digits.md describes the format.

local records <const> = {}
for line in io.lines() do
  local values <const> = {}
  for text in line:gmatch "[^,]+" do
    values[#values + 1] = assert(math.tointeger(tonumber(text)))
  end
  assert(#values == 65, "expected 64 pixels and a label")
  records[#records + 1] = string.char(table.unpack(values))
end
io.write(("digits %d 8 8\n"):format(#records), table.concat(records))
