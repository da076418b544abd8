"""Writes multiply_adds.txt: name, side of the picture, parameters and 10^9 multiply-adds that torchvision
publishes with its weights, a network a line."""
import pathlib
import sys

sys.path.pop(0)  # beside this file lie others that are called as libraries are

import torchvision.models as models  # noqa: E402

with open(pathlib.Path(__file__).with_suffix(".txt"), "w") as out:
    for name in models.list_models(module=models):
        weights = models.get_model_weights(name).IMAGENET1K_V1 if "IMAGENET1K_V1" in \
            models.get_model_weights(name).__members__ else models.get_model_weights(name).DEFAULT
        meta, size = weights.meta, weights.transforms().crop_size[0]
        print(name, size, meta["num_params"], meta["_ops"], file=out)
