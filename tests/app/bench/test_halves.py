import numpy as np
import torch

from app.bench.evaluator import Predictions
from app.bench.halves import choosing_half, reporting_half
from app.zoo.eval_sets import nested_order


def predictions(labels):
    n = np.arange(len(labels))
    return Predictions("task", np.asarray(labels), n, n.astype(np.float32), -n.astype(np.float32))


def test_halves_share_no_image_and_lose_none():
    whole = predictions(np.zeros(7, dtype=np.int64))

    first, second = choosing_half(whole), reporting_half(whole)

    assert [*first.prediction, *second.prediction] == list(range(7))
    assert [*first.log_prob, *second.log_prob] == list(range(7))
    assert [*first.margin, *second.margin] == [-n for n in range(7)]
    assert len(first.labels) == 3


def test_both_halves_have_every_class_as_often():
    labels = torch.arange(5).repeat_interleave(20)
    whole = predictions(labels[nested_order(labels)].numpy())

    counts = [np.bincount(half(whole).labels) for half in (choosing_half, reporting_half)]

    assert np.abs(counts[0] - counts[1]).max() <= 2
