-- tocha spec/resume/driver.lua WAY FOLDER EPOCHS: trains (ways.lua) and writes FOLDER/out.
-- resume_spec.lua kills it at random moments and starts it again.

local train_by <const> = dofile "spec/resume/ways.lua"

local way <const>, folder <const>, epochs <const> = arg[1], arg[2], math.tointeger(arg[3])
local text <const> = train_by(way, folder, epochs)
local file <close> = assert(io.open(folder .. "/out", "wb"))
assert(file:write(text))
