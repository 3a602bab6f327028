"""Expected accuracies of a zoo, compared with those of its base and fine-tuned models."""

from collections.abc import Mapping

import numpy as np

from analysis.evaluation.intervals import wilson_interval
from app.bench.evaluator import Predictions
from app.bench.runs import Anchors, is_correct
from app.words.numbers import percent
from app.zoo.zoo_file import ZooFile

_CAUSES = "Check QuickGELU, image mean and std, resize and head"


_CONFIDENCE = {"test": 0.95, "val": 0.999}
"""Of the interval that must leave out what is expected of test: validation images are others, somewhat
harder or easier."""


def anchor_warnings(file: ZooFile, anchors: Anchors, split: str) -> tuple[str, ...]:
    """Each anchor without accuracy, or whose interval leaves out what `zoo.toml` expects: a sentence each.

    Args:
        file: What the zoo expects of its models on test.
        anchors: Measured.
        split: "val" or "test": where.
    """
    confidence = _CONFIDENCE[split]
    found = []
    for entry in file.evaluated:
        measured: Mapping[str, Mapping[str, Predictions]] = {
            "zeroshot": anchors.zero_shot,
            "finetuned": anchors.fine_tuned,
        }
        for anchor, expected in entry.expected.items():
            predictions = measured[anchor].get(entry.name)
            if predictions is None:
                continue
            correct, n = int(np.count_nonzero(is_correct(predictions))), len(predictions.labels)
            low, high = wilson_interval(correct, n, confidence)
            if not low <= expected <= high:
                share, least, most, stated = (percent(one, 1) for one in (correct / n, low, high, expected))
                interval = f"{100 * confidence:g} % interval {least} to {most}"
                found.append(
                    f"'{entry.name}' scores {share} {anchor} on {split} (n = {n}, {interval}), zoo.toml "
                    f"expects {stated}. {_CAUSES}."
                )
    return (*anchors.without.values(), *found)
