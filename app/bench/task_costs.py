"""Losses of one task because another is in the merge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.evaluation.intervals import PairedDifference, holm, paired_difference
from analysis.evaluation.paired_loss import LossChange, paired_loss_change
from app.bench.runs import CLEAR, Run, is_correct


@dataclass(frozen=True, slots=True)
class Cost:
    """What one task loses when another joins it in the merge, on the same images."""

    task: str
    other: str
    alone_accuracy: float
    merged_accuracy: float
    accuracy: PairedDifference
    """Accuracy with the other less accuracy without; < 0 is a loss."""
    adjusted_p: float
    """McNemar's mid-p value of the accuracy after Holm's correction over all that were measured together."""
    alone_loss: float
    """Nats."""
    merged_loss: float
    """Nats."""
    loss: LossChange
    """Mean loss with the other less mean loss without, nats; > 0 is a cost."""
    adjusted_loss_p: float
    """p-value of the loss, corrected likewise."""

    @property
    def is_clear(self) -> bool:
        """Whether the change of the loss is significant."""
        return self.adjusted_loss_p < CLEAR


def task_costs(runs: Mapping[tuple[str, str], tuple[Run, Run]]) -> dict[tuple[str, str], Cost]:
    """Costs by (task, other), with Holm's correction over all of them.

    Args:
        runs: Of the merge with the other and of that without, by (task, other).
    """
    accuracies, losses = {}, {}
    for key, (with_it, without) in runs.items():
        merged, alone = with_it.predictions[key[0]], without.predictions[key[0]]
        accuracies[key] = paired_difference(is_correct(merged), is_correct(alone))
        losses[key] = paired_loss_change(alone.log_prob, merged.log_prob)
    p_values = holm([one.p_value for one in accuracies.values()])
    loss_p_values = holm([one.p_value for one in losses.values()])
    costs = {}
    for key, p_value, loss_p_value in zip(runs, p_values, loss_p_values, strict=True):
        merged, alone = (run.predictions[key[0]] for run in runs[key])
        costs[key] = Cost(
            task=key[0],
            other=key[1],
            alone_accuracy=float(is_correct(alone).mean()),
            merged_accuracy=float(is_correct(merged).mean()),
            accuracy=accuracies[key],
            adjusted_p=p_value,
            alone_loss=-float(alone.log_prob.mean(dtype=np.float64)),
            merged_loss=-float(merged.log_prob.mean(dtype=np.float64)),
            loss=losses[key],
            adjusted_loss_p=loss_p_value,
        )
    return costs


def mutual_loss(costs: Mapping[tuple[str, str], Cost], tasks: Sequence[str]) -> NDArray[np.float64]:
    """Mean loss the two of a pair cost each other, nats, (T, T), symmetric; NaN where it was not measured."""
    found = np.full((len(tasks), len(tasks)), np.nan)
    for i, a in enumerate(tasks):
        for j, b in enumerate(tasks):
            if (a, b) in costs and (b, a) in costs:
                found[i, j] = (costs[a, b].loss.value + costs[b, a].loss.value) / 2
    return found


def cost_rows(costs: Mapping[tuple[str, str], Cost]) -> list[dict[str, Any]]:
    """Costs as a table; accuracies 0 … 1, losses in nats."""
    return [
        {
            "task": cost.task,
            "other": cost.other,
            "n": cost.accuracy.n,
            "alone_accuracy": cost.alone_accuracy,
            "merged_accuracy": cost.merged_accuracy,
            "difference": cost.accuracy.difference,
            "low": cost.accuracy.low,
            "high": cost.accuracy.high,
            "p": cost.accuracy.p_value,
            "adjusted_p": cost.adjusted_p,
            "alone_loss": cost.alone_loss,
            "merged_loss": cost.merged_loss,
            "loss_difference": cost.loss.value,
            "loss_low": cost.loss.low,
            "loss_high": cost.loss.high,
            "loss_p": cost.loss.p_value,
            "adjusted_loss_p": cost.adjusted_loss_p,
        }
        for cost in costs.values()
    ]
