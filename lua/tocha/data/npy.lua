-- data.npy and data.npz: NumPy's files, which tocha.io reads and writes.

return require "tocha.io.npy"
