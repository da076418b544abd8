# Writes cifar_python.pickle: three pictures as a batch of CIFAR-10's Python form, pickled by Python 3 in
# protocol 2. (Python 2 wrote the published ones; spec/vision_datasets_spec.lua puts such a one together.)
#
#   python spec/golden/cifar.py        (a Python with numpy)
import os
import pickle

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
data = ((np.arange(3 * 3072) * 11) % 253).astype("u1").reshape(3, 3072)
batch = {"batch_label": "training batch 1 of 5", "labels": [6, 9, 0], "data": data, "filenames": ["a.png", "b.png", "c.png"]}
with open(os.path.join(here, "cifar_python.pickle"), "wb") as file:
    pickle.dump(batch, file, protocol=2)
