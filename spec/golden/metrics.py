"""Metrics by scikit-learn: writes spec/golden/metrics.safetensors, which spec/metrics_spec.lua reads.

    python spec/golden/metrics.py        (a Python with numpy, safetensors and scikit-learn 1.9)

Inputs are "CASE.y", "CASE.t", "CASE.w" (outputs, targets, weights); what scikit-learn makes of them
is "CASE.METRIC", float64. Class ids are written counting from 1.
"""

import os

import numpy as np
from safetensors.numpy import save_file
from sklearn import metrics as m

rng = np.random.default_rng(11)
out = {}


def put(name, value):
    out[name] = np.ascontiguousarray(np.asarray(value, dtype=np.float64))


def averages(case, predicted, actual, w, kinds, classes=None):
    for kind in kinds:
        label = kind or "none"
        of = {"average": kind, "zero_division": 0, "labels": None if kind else classes}
        for name, f in (("precision", m.precision_score), ("recall", m.recall_score), ("f1", m.f1_score)):
            put(f"{case}.{name}.{label}", f(actual, predicted, **of))
            put(f"{case}.{name}.{label}.weighted",
                f(actual, predicted, sample_weight=w, **of))


def binary():
    t = rng.integers(0, 2, 60)
    y = np.round(np.clip(0.5 * t + 0.6 * rng.random(60), 0, 1), 1)  # rounded: many ties
    w = rng.random(60) + 0.1
    put("binary.y", y)
    put("binary.t", t)
    put("binary.w", w)
    hard = (y > 0.5).astype(int)
    put("binary.accuracy", m.accuracy_score(t, hard))
    put("binary.accuracy.weighted", m.accuracy_score(t, hard, sample_weight=w))
    averages("binary", hard, t, w, ["binary", "macro", "micro", "weighted"])
    put("binary.roc", m.roc_auc_score(t, y))
    put("binary.roc.weighted", m.roc_auc_score(t, y, sample_weight=w))
    put("binary.pr", m.average_precision_score(t, y))
    put("binary.pr.weighted", m.average_precision_score(t, y, sample_weight=w))
    put("binary.confusion", m.confusion_matrix(t, hard))


def multiclass():
    n, c = 80, 6
    t = rng.integers(0, c - 2, n)  # the fifth class never occurs, and is predicted
    t[:n // 2] = t[:n // 2] % 2    # unbalanced
    logits = rng.normal(size=(n, c)) + 1.5 * np.eye(c)[t]
    logits[:, 5] -= 20             # the sixth is not even predicted
    y = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    w = rng.random(n) + 0.1
    put("classes.y", y)
    put("classes.logits", logits)
    put("classes.t", t + 1)
    put("classes.w", w)
    hard = y.argmax(1)
    put("classes.accuracy", m.accuracy_score(t, hard))
    put("classes.accuracy.weighted", m.accuracy_score(t, hard, sample_weight=w))
    put("classes.top2", m.top_k_accuracy_score(t, y, k=2, labels=range(c)))
    put("classes.top2.weighted", m.top_k_accuracy_score(t, y, k=2, labels=range(c), sample_weight=w))
    averages("classes", hard, t, w, ["macro", "micro", "weighted", None], range(c))
    put("classes.confusion", m.confusion_matrix(t, hard, labels=range(c)))
    put("classes.confusion.weighted", m.confusion_matrix(t, hard, labels=range(c), sample_weight=w))
    for kind in ("true", "pred", "all"):
        put(f"classes.confusion.{kind}", m.confusion_matrix(t, hard, labels=range(c), normalize=kind))
    put("classes.perplexity", np.exp(m.log_loss(t, y, labels=range(c))))
    put("classes.perplexity.weighted", np.exp(m.log_loss(t, y, labels=range(c), sample_weight=w)))


def one_against_rest():
    n, c = 60, 3
    t = np.concatenate([np.arange(c), rng.integers(0, c, n - c)])
    logits = rng.normal(size=(n, c)) + np.eye(c)[t]
    y = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    put("rest.y", y)
    put("rest.t", t + 1)
    put("rest.roc.macro", m.roc_auc_score(t, y, multi_class="ovr", average="macro"))
    put("rest.roc.weighted", m.roc_auc_score(t, y, multi_class="ovr", average="weighted"))
    put("rest.pr.macro", m.average_precision_score(np.eye(c)[t], y, average="macro"))
    put("rest.pr.none", m.average_precision_score(np.eye(c)[t], y, average=None))


def multilabel():
    t = rng.integers(0, 2, (40, 4))
    t[:, 3] = 0  # a label that nobody has
    y = np.clip(0.3 * t + rng.random((40, 4)) * 0.8, 0, 1)
    w = rng.random(40) + 0.1
    put("labels.y", y)
    put("labels.t", t)
    put("labels.w", w)
    hard = (y > 0.5).astype(int)
    averages("labels", hard, t, w, ["macro", "micro", "weighted", None])
    put("labels.accuracy", (hard == t).mean())
    put("labels.roc", m.roc_auc_score(t[:, :3], y[:, :3], average="macro"))


def regression():
    t = rng.normal(size=(50, 2)) * 3 + 100
    y = t + rng.normal(size=(50, 2))
    w = rng.random(50) + 0.1
    put("regression.y", y)
    put("regression.t", t)
    put("regression.w", w)
    for label, weights in (("", None), (".weighted", w)):
        put("regression.r2" + label, m.r2_score(t, y, sample_weight=weights))
        put("regression.mae" + label, m.mean_absolute_error(t, y, sample_weight=weights))
        put("regression.mse" + label, m.mean_squared_error(t, y, sample_weight=weights))
        put("regression.rmse" + label, m.mean_squared_error(t, y, sample_weight=weights) ** 0.5)
    put("regression.mape", 100 * m.mean_absolute_percentage_error(t, y))
    put("regression.msle", m.mean_squared_log_error(t, y))


for case in (binary, multiclass, one_against_rest, multilabel, regression):
    case()
save_file(out, os.path.join(os.path.dirname(__file__), "metrics.safetensors"))
print(len(out), "tensors")
