---@meta tocha.data
-- Written by `make annotations`; do not edit.

---tocha.data: data sets, samplers, batches, and readers of the usual files.
---
---    local all = data.TensorDataset(images, labels)
---    local train, test = data.random_split(all, {0.8, 0.2}, {seed = 1})
---    local loader = data.DataLoader(train, {batch_size = 64, shuffle = true, num_workers = 2})
---    for x, y in loader:batches() do ... end
---
---This is the table of contents: a file is read when one of its names is first used.
---@class tocha.data
---@field idx tocha.data.idx
---@field npy table
---@field npz table
local data = {}

do
---@class tocha.data.BatchDataset: tocha.data.Dataset
---@field set any
---@field size any
---@field options table
local object = {}

---set:get(i): the values of example i, from 1 to #set.
---@return any ...
function object:get(k) end

end

---data.BatchDataset(set, size, {drop_last, collate_fn}): example k is the k-th batch of the set.
---@class tocha.data.BatchDataset.class: tocha.Class
---@overload fun(set?: any, size?: any, options?: table): tocha.data.BatchDataset
---@overload fun(options: {set?: any, size?: any, options?: table}): tocha.data.BatchDataset
data.BatchDataset = {}

do
---@class tocha.data.BatchSampler: tocha.Object
---@field sampler any
---@field batch_size integer|integer[]
---@field drop_last any
local object = {}

---batch_sampler:batches(seed, epoch): an iterator of int64 tensors of places.
---@return any ...
function object:batches(seed, epoch) end

end

---data.BatchSampler(sampler, batch_size, drop_last = false): the sampler's places by batches.
---@class tocha.data.BatchSampler.class: tocha.Class
---@overload fun(sampler?: any, batch_size?: integer|integer[], drop_last?: any): tocha.data.BatchSampler
---@overload fun(options: {sampler?: any, batch_size?: integer|integer[], drop_last?: any}): tocha.data.BatchSampler
data.BatchSampler = {}

do
---@class tocha.data.CacheDataset: tocha.data.Dataset
---@field set any
local object = {}

---set:get(i): the values of example i, from 1 to #set.
---@return any ...
function object:get(i) end

end

---data.CacheDataset(set): makes each example once and keeps it.
---@class tocha.data.CacheDataset.class: tocha.Class
---@overload fun(set?: any): tocha.data.CacheDataset
---@overload fun(options: {set?: any}): tocha.data.CacheDataset
data.CacheDataset = {}

do
---@class tocha.data.ConcatDataset: tocha.data.Dataset
---@field sets any
local object = {}

---set:get(i): the values of example i, from 1 to #set.
---@return any ...
function object:get(i) end

end

---data.ConcatDataset({set, ...}): one after the other.
---@class tocha.data.ConcatDataset.class: tocha.Class
---@overload fun(sets?: any): tocha.data.ConcatDataset
---@overload fun(options: {sets?: any}): tocha.data.ConcatDataset
data.ConcatDataset = {}

do
---@class tocha.data.DataLoader: tocha.Object
---@field dataset any
---@field options table
local object = {}

---loader:batches(): `for x, y in loader:batches() do`: one epoch; each call begins the next one.
---@return any ...
function object:batches() end

---loader:close(): ends the workers that persistent_workers kept.
---@return any ...
function object:close() end

---loader:load_state_dict(state): the next `batches()` begins where the state was taken: after the
---last batch with an empty rest of the epoch, and after the loop has ended with the next epoch.
---@return any ...
function object:load_state_dict(state) end

---loader:state_dict(): how many batches of which epoch were handed out. A loader of the same data
---set and options that loads it goes on with the next batch.
---@return table<string, any>
function object:state_dict() end

end

---data.DataLoader(dataset, options). Options, with their defaults:
---  batch_size = 1       false: no batches, `get`'s values one by one
---  shuffle = false      a new order each epoch
---  drop_last = false    leave out a last batch that is not full
---  sampler              which examples, in which order (excludes shuffle)
---  batch_sampler        which examples make which batch: a BatchSampler or a list of lists
---  collate_fn           makes a batch of a list of examples (collate.lua); default_collate
---  seed                 of the order and of what examples draw; else from Tocha's generator
---  num_workers = 0      threads that make the batches; 0: they are made here, when asked for
---  prefetch_factor = 2  batches that each worker makes ahead
---  worker_init_fn       called in each worker, with its number, when it starts
---  persistent_workers = false   keep the workers from epoch to epoch
---  timeout = 0          seconds to wait for a batch before that is an error; 0: no limit
---  pin_memory           batches in page-locked memory, for x:to("cuda", {non_blocking = true});
---                       without a CUDA device it means nothing
---The data set and the functions are copied into each worker (tocha.threads says how; tensors are
---shared), when an epoch begins: what a worker changes in them, only it sees.
---@class tocha.data.DataLoader.class: tocha.Class
---@overload fun(dataset?: any, options?: table): tocha.data.DataLoader
---@overload fun(options: {dataset?: any, options?: table}): tocha.data.DataLoader
data.DataLoader = {}

do
---@class tocha.data.Dataset: tocha.Object
local object = {}

---set:all(): every example, as one batch.
---@return any ...
function object:all() end

---set:batch(size, {drop_last = false, collate_fn}): a data set whose examples are batches.
---@return any ...
function object:batch(size, options) end

---set:cache(): remembers each example once it was made. (Each worker of a loader remembers its
---own.)
---@return any ...
function object:cache() end

---set:concat(other, ...): the examples of this one, then those of the others.
---@return any ...
function object:concat(...) end

---examples(self)
---`for i, x, y in set:examples() do`: one after the other.
---@return any ...
function object:examples() end

---set:filter(keep): the examples for which keep(values...) is true. Looks at each once, now.
---@return any ...
function object:filter(keep) end

---set:first(n), set:skip(n): the first n examples; all but those.
---@return any ...
function object:first(n) end

---set:get(i): the values of example i, from 1 to #set.
---@return any ...
function object:get() end

---set:map(f): f(example's values...) gives the values of each example, every time it is asked for.
---@return any ...
function object:map(f) end

---set:repeated(n): n times one after the other. (`repeat` is a word of Lua's own.)
---@return any ...
function object:repeated(n) end

---set:shuffle(seed): in another order, always the same one for a seed.
---@return any ...
function object:shuffle(seed) end

---skip(self, n)
---set:first(n), set:skip(n): the first n examples; all but those.
---@return any ...
function object:skip(n) end

---set:subset(ids): the examples of a list or an int64 tensor of places, in that order.
---@return any ...
function object:subset(ids) end

---set:take(ids): the examples of an int64 tensor as one batch: what default_collate makes of them.
---Data sets that can do it faster have their own.
---@return any ...
function object:take(ids) end

---set:zip(other, ...): example i has the values of example i of each, side by side.
---@return any ...
function object:zip(...) end

end

---data.Dataset(...)
---Data sets: a number of examples that are asked for by place, and what every one of them can do.
---
---A data set of your own says how many examples it has and what they are; one example may be
---several values:
---
---    local Photos = data.Dataset:extend "Photos"
---    function Photos:new(paths) self.paths = paths end
---    function Photos:__len() return #self.paths end
---    function Photos:get(i) return vision.io.read(self.paths[i]), i end
---
---The methods that make one data set of another compute nothing yet: examples are made when they
---are asked for. (filter looks at each once.)
---@class tocha.data.Dataset.class: tocha.Class
---@overload fun(): tocha.data.Dataset
data.Dataset = {}

do
---@class tocha.data.DistributedSampler: tocha.data.Sampler
---@field set any
---@field options table
local object = {}

---sampler:indices(seed, epoch): the places of this epoch, an int64 tensor or a list. Without a
---seed it is drawn from Tocha's generator.
---@return any ...
function object:indices(_, epoch) end

end

---data.DistributedSampler(set, {num_replicas, rank, shuffle = true, seed = 0, drop_last = false}):
---the part of process `rank` (from 1) of `num_replicas`, all of one size: the order's beginning is
---used again where the examples do not divide, or its end is left out with drop_last.
---@class tocha.data.DistributedSampler.class: tocha.Class
---@overload fun(set?: any, options?: table): tocha.data.DistributedSampler
---@overload fun(options: {set?: any, options?: table}): tocha.data.DistributedSampler
data.DistributedSampler = {}

do
---@class tocha.data.FolderDataset: tocha.data.Dataset
---@field root any
---@field options table
local object = {}

---set:get(i): the values of example i, from 1 to #set.
---@return any ...
function object:get(i) end

end

---data.FolderDataset(root, {load = read file, extensions =, transform =, classes =}): example i is
---load(path) and the class, from 1. `load` gives the bytes of the file unless told otherwise;
---`extensions` {"png", "jpg"} leaves out other files; `transform` is called with what was loaded;
---`classes` names the folders, in their order, where not all are wanted. Fields: classes, and
---samples, a list of { path, label }.
---@class tocha.data.FolderDataset.class: tocha.Class
---@overload fun(root?: any, options?: table): tocha.data.FolderDataset
---@overload fun(options: {root?: any, options?: table}): tocha.data.FolderDataset
data.FolderDataset = {}

do
---@class tocha.data.FunctionDataset: tocha.data.Dataset
---@field n integer
---@field f function
local object = {}

---set:get(i): the values of example i, from 1 to #set.
---@return any ...
function object:get(i) end

end

---data.FunctionDataset(n, f): n examples, of which f(i) makes the i-th.
---@class tocha.data.FunctionDataset.class: tocha.Class
---@overload fun(n?: integer, f?: function): tocha.data.FunctionDataset
---@overload fun(options: {n?: integer, f?: function}): tocha.data.FunctionDataset
data.FunctionDataset = {}

do
---@class tocha.data.IterableDataset: tocha.Object
---@field pass any
local object = {}

---set:batch(size, {drop_last = false, collate_fn}): a data set whose examples are batches.
---@return any ...
function object:batch(size, options) end

---set:concat(other, ...): the examples of this one, then those of the others.
---@return any ...
function object:concat(...) end

---set:filter(keep): the examples for which keep(values...) is true.
---@return any ...
function object:filter(keep) end

---set:first(n), set:skip(n): the first n examples; all but those.
---@return any ...
function object:first(n) end

---iterate(self)
---`for x, y in set:iterate() do`
---@return any ...
function object:iterate() end

---set:map(f): f(values...) of each example.
---@return any ...
function object:map(f) end

---set:repeated(n): n passes one after the other; without n for ever.
---@return any ...
function object:repeated(n) end

---set:shuffle(buffer_size, seed): each example is drawn from the next `buffer_size` ones. With a
---seed every pass has the same order.
---@return any ...
function object:shuffle(buffer_size, seed) end

---skip(self, n)
---set:first(n), set:skip(n): the first n examples; all but those.
---@return any ...
function object:skip(n) end

---set:stepper(): a function that returns the next example of a new pass, and nothing after the
---last.
---@return any ...
function object:stepper() end

---set:zip(other): the values of both side by side, as long as both have some.
---@return any ...
function object:zip(other) end

end

---data.IterableDataset(pass): `pass()` returns an iterator, as `pairs` does. A class that extends
---this one has `iterate` instead. One that can be parted among the workers of a loader has
---`shard(k, n)`, which returns part k of n; else every worker reads all and leaves out what is not
---its.
---@class tocha.data.IterableDataset.class: tocha.Class
---@overload fun(pass?: any): tocha.data.IterableDataset
---@overload fun(options: {pass?: any}): tocha.data.IterableDataset
data.IterableDataset = {}

do
---@class tocha.data.ListDataset: tocha.data.Dataset
local object = {}

---set:get(i): the values of example i, from 1 to #set.
---@return any ...
function object:get(i) end

end

---data.ListDataset(list, ...): example i is list[i], ...: any values of Lua.
---@class tocha.data.ListDataset.class: tocha.Class
---@overload fun(...: any): tocha.data.ListDataset
data.ListDataset = {}

do
---@class tocha.data.MapDataset: tocha.data.Dataset
---@field set any
---@field f function
local object = {}

---set:get(i): the values of example i, from 1 to #set.
---@return any ...
function object:get(i) end

end

---data.MapDataset(set, f): f of each example's values.
---@class tocha.data.MapDataset.class: tocha.Class
---@overload fun(set?: any, f?: function): tocha.data.MapDataset
---@overload fun(options: {set?: any, f?: function}): tocha.data.MapDataset
data.MapDataset = {}

do
---@class tocha.data.MinMaxScaler: tocha.Object
local object = {}

---scaler:fit(x): learns shift and scale; returns the scaler.
---@return any ...
function object:fit(x) end

---fit_transform(self, x)
---scaler:transform(x), scaler:inverse_transform(y), scaler:fit_transform(x)
---@return any ...
function object:fit_transform(x) end

---inverse_transform(self, y)
---scaler:transform(x), scaler:inverse_transform(y), scaler:fit_transform(x)
---@return any ...
function object:inverse_transform(y) end

---load_state_dict(self, dict)
---scaler:state_dict(): { shift, scale }, for tocha.save; scaler:load_state_dict(dict).
---@return any ...
function object:load_state_dict(dict) end

---scaler:state_dict(): { shift, scale }, for tocha.save; scaler:load_state_dict(dict).
---@return table<string, any>
function object:state_dict() end

---scaler:transform(x), scaler:inverse_transform(y), scaler:fit_transform(x)
---@return any ...
function object:transform(x) end

end

---data.MinMaxScaler({low = 0, high = 1}): the least value to low, the greatest to high.
---@class tocha.data.MinMaxScaler.class: tocha.Class
---@overload fun(...: any): tocha.data.MinMaxScaler
data.MinMaxScaler = {}

do
---@class tocha.data.RandomSampler: tocha.data.Sampler
---@field set any
---@field options table
local object = {}

---sampler:indices(seed, epoch): the places of this epoch, an int64 tensor or a list. Without a
---seed it is drawn from Tocha's generator.
---@return any ...
function object:indices(seed, epoch) end

end

---data.RandomSampler(set, {replacement = false, num_samples, seed}): in random order; with
---replacement each is drawn from all. With a seed the order of an epoch is always the same.
---@class tocha.data.RandomSampler.class: tocha.Class
---@overload fun(set?: any, options?: table): tocha.data.RandomSampler
---@overload fun(options: {set?: any, options?: table}): tocha.data.RandomSampler
data.RandomSampler = {}

do
---@class tocha.data.Sampler: tocha.Object
local object = {}

---sampler:indices(seed, epoch): the places of this epoch, an int64 tensor or a list. Without a
---seed it is drawn from Tocha's generator.
---@return any ...
function object:indices() end

---iterate(self, seed, epoch)
---`for i in sampler:iterate(seed, epoch) do`
---@return any ...
function object:iterate(seed, epoch) end

end

---data.Sampler(...)
---data.Sampler: what every sampler is.
---@class tocha.data.Sampler.class: tocha.Class
---@overload fun(): tocha.data.Sampler
data.Sampler = {}

do
---@class tocha.data.SequentialSampler: tocha.data.Sampler
---@field set any
local object = {}

---sampler:indices(seed, epoch): the places of this epoch, an int64 tensor or a list. Without a
---seed it is drawn from Tocha's generator.
---@return any ...
function object:indices() end

end

---data.SequentialSampler(set): 1, 2, 3, ... Takes a data set or its number of examples.
---@class tocha.data.SequentialSampler.class: tocha.Class
---@overload fun(set?: any): tocha.data.SequentialSampler
---@overload fun(options: {set?: any}): tocha.data.SequentialSampler
data.SequentialSampler = {}

do
---@class tocha.data.StandardScaler: tocha.Object
local object = {}

---scaler:fit(x): learns shift and scale; returns the scaler.
---@return any ...
function object:fit(x) end

---fit_transform(self, x)
---scaler:transform(x), scaler:inverse_transform(y), scaler:fit_transform(x)
---@return any ...
function object:fit_transform(x) end

---inverse_transform(self, y)
---scaler:transform(x), scaler:inverse_transform(y), scaler:fit_transform(x)
---@return any ...
function object:inverse_transform(y) end

---load_state_dict(self, dict)
---scaler:state_dict(): { shift, scale }, for tocha.save; scaler:load_state_dict(dict).
---@return any ...
function object:load_state_dict(dict) end

---scaler:state_dict(): { shift, scale }, for tocha.save; scaler:load_state_dict(dict).
---@return table<string, any>
function object:state_dict() end

---scaler:transform(x), scaler:inverse_transform(y), scaler:fit_transform(x)
---@return any ...
function object:transform(x) end

end

---data.StandardScaler(): (x - mean) / deviation, the deviation over N and not N - 1, as
---scikit-learn has it.
---@class tocha.data.StandardScaler.class: tocha.Class
---@overload fun(): tocha.data.StandardScaler
data.StandardScaler = {}

do
---@class tocha.data.StratifiedSampler: tocha.data.Sampler
---@field labels any
---@field options table
local object = {}

---sampler:indices(seed, epoch): the places of this epoch, an int64 tensor or a list. Without a
---seed it is drawn from Tocha's generator.
---@return any ...
function object:indices(seed, epoch) end

end

---data.StratifiedSampler(labels, {seed}): random, but each class spread evenly, so that every
---batch has its share of each, to within one or two examples. Labels are integers, a list or a
---tensor.
---@class tocha.data.StratifiedSampler.class: tocha.Class
---@overload fun(labels?: any, options?: table): tocha.data.StratifiedSampler
---@overload fun(options: {labels?: any, options?: table}): tocha.data.StratifiedSampler
data.StratifiedSampler = {}

do
---@class tocha.data.Subset: tocha.data.Dataset
---@field set any
---@field ids any
local object = {}

---set:get(i): the values of example i, from 1 to #set.
---@return any ...
function object:get(k) end

---set:take(ids): the examples of an int64 tensor as one batch: what default_collate makes of them.
---Data sets that can do it faster have their own.
---@return any ...
function object:take(ids) end

end

---data.Subset(set, ids): example k is example ids[k] of the set; ids is a list or an int64 tensor.
---@class tocha.data.Subset.class: tocha.Class
---@overload fun(set?: any, ids?: any): tocha.data.Subset
---@overload fun(options: {set?: any, ids?: any}): tocha.data.Subset
data.Subset = {}

do
---@class tocha.data.SubsetRandomSampler: tocha.data.Sampler
---@field ids any
---@field options table
local object = {}

---sampler:indices(seed, epoch): the places of this epoch, an int64 tensor or a list. Without a
---seed it is drawn from Tocha's generator.
---@return any ...
function object:indices(seed, epoch) end

end

---data.SubsetRandomSampler(ids, {seed}): these examples in random order.
---@class tocha.data.SubsetRandomSampler.class: tocha.Class
---@overload fun(ids?: any, options?: table): tocha.data.SubsetRandomSampler
---@overload fun(options: {ids?: any, options?: table}): tocha.data.SubsetRandomSampler
data.SubsetRandomSampler = {}

do
---@class tocha.data.Table: tocha.Object
---@field names any
---@field columns any
local object = {}

---t:categories(name, names): ids (N), int64 from 1, and the list of the different values, sorted
---(or in the order of `names`). A missing value, or one that `names` lacks, is an error.
---@return any ...
function object:categories(name, names) end

---t:column(name or number): a tensor (N), or a list of strings.
---@return any ...
function object:column(name) end

---t:drop_missing(names): a Table of the rows that lack nothing in these columns (all of them).
---@return any ...
function object:drop_missing(names) end

---Table.from_rows(names, rows, missing, types): `rows` are lists of strings; `missing` a list of
---the texts that stand for nothing; `types` by name, where they should not be guessed.
---@return any ...
function object.from_rows(names, rows, missing, types) end

---Table.number(text): the number that a field is, or nil: decimal, as people write it.
---@return any ...
function object.number(text) end

---t:row(i): { name = value } of a row.
---@return any ...
function object:row(i) end

---t:select(rows): a Table of these rows: ids (a list or an int64 tensor) or a mask (bool tensor).
---@return any ...
function object:select(rows) end

---t:tensor(names, {dtype = "float32"}): (N, k), the named columns side by side; without names all
---that are numbers.
---@return tocha.Tensor
function object:tensor(names, options) end

end

---data.Table(names, columns): a list of names, and by name a tensor or a list of strings.
---@class tocha.data.Table.class: tocha.Class
---@overload fun(names?: any, columns?: any): tocha.data.Table
---@overload fun(options: {names?: any, columns?: any}): tocha.data.Table
data.Table = {}

do
---@class tocha.data.TensorDataset: tocha.data.Dataset
local object = {}

---set:get(i): the values of example i, from 1 to #set.
---@return any ...
function object:get(i) end

---set:take(ids): the examples of an int64 tensor as one batch: what default_collate makes of them.
---Data sets that can do it faster have their own.
---@return any ...
function object:take(ids) end

end

---data.TensorDataset(x, y, ...): example i is x[i], y[i], ...: tensors that share their first
---size.
---@class tocha.data.TensorDataset.class: tocha.Class
---@overload fun(...: any): tocha.data.TensorDataset
data.TensorDataset = {}

do
---@class tocha.data.Vocabulary: tocha.Object
---@field tokens any
---@field options table
local object = {}

---vocabulary:bag(list of token lists, {binary = true}): (N, #vocabulary), float32: 1 where a text
---holds the token (or how often, with binary = false).
---@return any ...
function object:bag(texts, options) end

---vocabulary:decode(ids): the list of tokens of a tensor (or a list) of ids.
---@return any ...
function object:decode(ids) end

---vocabulary:encode(tokens): their ids, an int64 tensor.
---@return any ...
function object:encode(tokens) end

---vocabulary:id(token): from 1; that of `unknown` where it lacks the token.
---@return any ...
function object:id(token) end

end

---data.Vocabulary(tokens, {max_size = nil, min_freq = 1, specials = {"<unk>"}, unknown =
---"<unk>"}): ids for tokens, the most frequent first, after the specials. `tokens` is a list of
---tokens, a list of such lists, or a table of counts. A token that it lacks becomes `unknown`, or
---is an error where there is none (unknown = false).
---@class tocha.data.Vocabulary.class: tocha.Class
---@overload fun(tokens?: any, options?: table): tocha.data.Vocabulary
---@overload fun(options: {tokens?: any, options?: table}): tocha.data.Vocabulary
data.Vocabulary = {}

do
---@class tocha.data.WeightedRandomSampler: tocha.data.Sampler
---@field weights any
---@field num_samples integer
---@field options table
local object = {}

---sampler:indices(seed, epoch): the places of this epoch, an int64 tensor or a list. Without a
---seed it is drawn from Tocha's generator.
---@return any ...
function object:indices(seed, epoch) end

end

---data.WeightedRandomSampler(weights, num_samples, {replacement = true, seed}): example i with a
---probability in proportion to weights[i].
---@class tocha.data.WeightedRandomSampler.class: tocha.Class
---@overload fun(weights?: any, num_samples?: integer, options?: table): tocha.data.WeightedRandomSampler
---@overload fun(options: {weights?: any, num_samples?: integer, options?: table}): tocha.data.WeightedRandomSampler
data.WeightedRandomSampler = {}

do
---@class tocha.data.ZipDataset: tocha.data.Dataset
---@field sets any
local object = {}

---set:get(i): the values of example i, from 1 to #set.
---@return any ...
function object:get(i) end

---set:take(ids): the examples of an int64 tensor as one batch: what default_collate makes of them.
---Data sets that can do it faster have their own.
---@return any ...
function object:take(ids) end

end

---data.ZipDataset({set, ...}): side by side. They have the same number of examples.
---@class tocha.data.ZipDataset.class: tocha.Class
---@overload fun(sets?: any): tocha.data.ZipDataset
---@overload fun(options: {sets?: any}): tocha.data.ZipDataset
data.ZipDataset = {}

---data.cifar(path, {dtype = "float32", label_bytes = 1}): images (N, 3, 32, 32), from 0 to 1 (or
---0..255 with dtype "uint8"), and labels (N), int64 from 1, of one file of records (.gz too).
---CIFAR-100's files have label_bytes = 2.
---@return any ...
function data.cifar(path, options) end

---data.cifar10{root =, download = false, dtype = "float32"}: two TensorDatasets, of the training
---batches that are there and of the test batch; dataset.classes has the names.
---@return any ...
function data.cifar10(options) end

---data.cifar100{...}: the same of a hundred classes (the fine ones).
---@return any ...
function data.cifar100(options) end

---data.csv(path, options): a Table. Options: separator (guessed from , ; tab |), header (true,
---false; guessed: no number in the first row and numbers below), names (a list, in place of a
---header), missing (the texts that stand for nothing: empty, ?, NA, NaN, null ...), types (name ->
---"string" or a dtype), skip (lines at the top), limit (rows), comment ("#": lines to pass over),
---text (a string instead of a file).
---@return any ...
function data.csv(path, ...) end

---data.default_collate(examples): tensors are stacked, numbers and booleans become tensors (as
---tocha.tensor makes them: integers int64, others float32), strings a list, and tables a table of
---such batches, key by key. The first of the values that an example has is the first of the
---batch's.
---@return any ...
function data.default_collate(examples) end

---data.digits(path): images (N, 1, 8, 8), float32 from 0 (paper) to 1 (ink); labels (N), int64:
---the digit d is class d + 1.
---@return any ...
function data.digits(path) end

---data.fashion_mnist{...}: the same of ten kinds of clothes.
---@return any ...
function data.fashion_mnist(options) end

---data.get_worker_info(): { id, num_workers, dataset } in a worker, nil elsewhere.
---@return any ...
function data.get_worker_info() end

---data.min_max(x, low, high)
---data.standardize(x): columns of mean 0 and deviation 1; data.min_max(x, low = 0, high = 1): into
---that range. The second result is the scaler, for the test data and the way back.
---@return any ...
function data.min_max(x, low, high) end

---data.mnist{root =, download = false, dtype = "float32"}: two TensorDatasets, to learn from and
---to test with. Images are (N, 1, 28, 28), from 0 (paper) to 1 (ink), or 0..255 with dtype
---"uint8"; the label of the digit d is class d + 1; dataset.classes has the names.
---@return any ...
function data.mnist(options) end

---data.one_hot(labels, classes, {dtype = "float32"}): (..., classes), 1 at the label. `classes` is
---the greatest label unless given. (tocha.one_hot gives int64.)
---@return any ...
function data.one_hot(labels, classes, options) end

---data.pad_collate{padding_value = 0, batch_first = true, fields = {1}}: a collate_fn for
---sequences of different lengths, tensors (T, ...) or lists of numbers. Each of the values at
---`fields` becomes two: the padded batch (B, T, ...), or (T, B, ...) where batch_first is false,
---and the lengths (B), int64. Where an example is one table, `fields` are keys, and the lengths
---are at key .. "_lengths".
---@return any ...
function data.pad_collate(options) end

---data.random_split(set, lengths, {seed}): parts of so many examples, or such fractions of them,
---drawn without repetition. With a seed the split is always the same.
---@return any ...
function data.random_split(set, lengths, options) end

---data.read_lines(path): its lines, as a list.
---@return any ...
function data.read_lines(path) end

---data.read_text(path): the bytes of a text file (.gz too), with line ends as "\n".
---@return any ...
function data.read_text(path) end

---data.standardize(x): columns of mean 0 and deviation 1; data.min_max(x, low = 0, high = 1): into
---that range. The second result is the scaler, for the test data and the way back.
---@return any ...
function data.standardize(x) end

---data.stratified_split(set, lengths, {labels, seed}): the same, with every class in the
---proportions of the whole. `labels` are integers, one an example; without them they are the
---second values.
---@return any ...
function data.stratified_split(set, lengths, options) end

---data.tokenize(s, by = "word"): a list of tokens: "word" (lower case; punctuation apart), "char"
---(UTF-8 characters), "space" (what whitespace parts), or a function of s.
---@return any ...
function data.tokenize(s, by) end

---data.train_test_split(x, y, ..., {test_size = 0.25, shuffle = true, stratify = nil, seed =
---nil}): x_train, x_test, y_train, y_test, ... `test_size` is a share, or a number of examples;
---with `stratify` (the labels) each class is split alike; with a seed always the same way.
---@return any ...
function data.train_test_split(...) end

return data
