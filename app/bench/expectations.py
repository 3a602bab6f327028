"""Expected accuracies of a zoo, compared with those of its base and fine-tuned models."""

from collections.abc import Mapping

import numpy as np

from analysis.evaluation.intervals import wilson_interval
from app.bench.evaluator import Predictions
from app.bench.runs import Anchors, is_correct
from app.words.numbers import percent
from app.zoo.zoo_file import ZooFile

_CAUSES = "Check QuickGELU, image mean and std, resize and head"


def unmet_expectations(file: ZooFile, anchors: Anchors) -> tuple[str, ...]:
    """Each anchor whose 95 % interval on test leaves out what `zoo.toml` expects, one sentence each.

    Args:
        file: What the zoo expects.
        anchors: Measured on test.
    """
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
            low, high = wilson_interval(correct, n)
            if not low <= expected <= high:
                share, least, most, stated = (percent(one, 1) for one in (correct / n, low, high, expected))
                found.append(
                    f"'{entry.name}' scores {share} {anchor} on test (n = {n}, 95 % interval {least} to "
                    f"{most}), zoo.toml expects {stated}. {_CAUSES}."
                )
    return tuple(found)
