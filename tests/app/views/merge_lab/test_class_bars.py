import numpy as np
import pytest

from app.bench.evaluator import Predictions
from app.views.merge_lab.class_bars import class_rows


def answered(labels, prediction):
    n = len(labels)
    return Predictions(
        task="digits",
        labels=np.array(labels),
        prediction=np.array(prediction),
        log_prob=np.zeros(n, np.float32),
        margin=np.zeros(n, np.float32),
    )


def test_each_class_counts_its_own_images():
    mine, theirs = answered([0, 0, 1], [0, 1, 1]), answered([0, 0, 1], [0, 0, 0])

    zero, one, two = class_rows(mine, theirs, ("zero", "one", "two"))

    assert (zero.name, zero.n, zero.accuracy, zero.baseline) == ("zero", 2, 0.5, 1.0)
    assert (one.n, one.accuracy, one.baseline) == (1, 1.0, 0.0)
    assert (two.n, two.accuracy, two.baseline) == (0, None, None)
    assert zero.low < 0.5 < zero.high


@pytest.mark.parametrize("name", ["zero", "one"])
def test_without_a_baseline_no_class_has_one(name):
    rows = class_rows(answered([0, 1], [0, 1]), None, ("zero", "one"))

    assert {row.name: row.baseline for row in rows}[name] is None
