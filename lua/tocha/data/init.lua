-- tocha.data: data sets, samplers, batches, and readers of the usual files.
--
--     local all = data.TensorDataset(images, labels)
--     local train, test = data.random_split(all, {0.8, 0.2}, {seed = 1})
--     local loader = data.DataLoader(train, {batch_size = 64, shuffle = true, num_workers = 2})
--     for x, y in loader:batches() do ... end
--
-- This is the table of contents: a file is read when one of its names is first used.

-- File of tocha/data -> the names it gives. A file may return its one function, or a table of
-- names.
return require "tocha.contents" ("tocha.data", {
  cifar = "cifar cifar10 cifar100",
  collate = "default_collate pad_collate",
  csv = "csv",
  dataset = "Dataset TensorDataset ListDataset FunctionDataset",
  derived = "Subset MapDataset ConcatDataset ZipDataset BatchDataset CacheDataset",
  digits = "digits",
  folder = "FolderDataset",
  idx = "idx",
  iterable = "IterableDataset",
  loader = "DataLoader get_worker_info",
  mnist = "mnist fashion_mnist",
  npy = "npy npz",
  preprocess = "StandardScaler MinMaxScaler standardize min_max one_hot train_test_split",
  sampler = "Sampler SequentialSampler RandomSampler SubsetRandomSampler WeightedRandomSampler "
    .. "StratifiedSampler DistributedSampler BatchSampler",
  split = "random_split stratified_split",
  table = "Table",
  text = "read_text read_lines tokenize Vocabulary",
})
