"""Predictions as arrays that can be kept, and back; their labels stay with the evaluation sets."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.bench.evaluator import Predictions
from app.zoo.eval_sets import EvalSet
from cache.store import Arrays


def packed_predictions(predictions: Mapping[str, Predictions]) -> Arrays:
    """Arrays `task/prediction` (n,) int32, `task/log_prob` and `task/margin` (n,) float32."""
    arrays: dict[str, NDArray[Any]] = {}
    for task, one in predictions.items():
        arrays[f"{task}/prediction"] = one.prediction.astype(np.int32)
        arrays[f"{task}/log_prob"] = one.log_prob
        arrays[f"{task}/margin"] = one.margin
    return arrays


def unpacked_predictions(arrays: Arrays, eval_set: EvalSet) -> Predictions:
    """The predictions of one task on the first images of its set."""
    task = eval_set.task
    prediction = arrays[f"{task}/prediction"].astype(np.int64)
    return Predictions(
        task=task,
        labels=eval_set.labels[: len(prediction)].cpu().numpy(),
        prediction=prediction,
        log_prob=arrays[f"{task}/log_prob"],
        margin=arrays[f"{task}/margin"],
    )
