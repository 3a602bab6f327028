"""Rank correlations of numbers read off the weights with what a pair of tasks costs each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Numbers
from analysis.evaluation.intervals import holm
from analysis.evaluation.rank_correlation import RankCorrelation, rank_correlation
from analysis.masks.counts import MaskSums
from analysis.weights.statistics import Sums
from app.bench.runs import CLEAR
from app.words.numbers import fixed


@dataclass(frozen=True, eq=False, slots=True)
class Predictor:
    """A diagnostic of pairs against the loss they measurably cost each other."""

    name: str
    values: Numbers
    """(T, T), symmetric; NaN where it is not defined."""
    relation: RankCorrelation
    adjusted_p: float | None
    """p-value after Holm's correction over the diagnostics."""

    @property
    def rho(self) -> str:
        """ρ with two digits; empty where there is none."""
        return "" if self.relation.value is None else fixed(self.relation.value, 2)

    @property
    def caption(self) -> str:
        """The correlation, for the title of its plot."""
        if self.relation.value is None or self.adjusted_p is None:
            return "no correlation yet"
        return f"ρ = {self.rho}, p = {self.adjusted_p:.2f}, n = {self.relation.n_pairs}"


@dataclass(frozen=True, slots=True)
class PairPoint:
    """One pair of tasks in the plot of one diagnostic."""

    pair: tuple[str, str]
    value: float
    """Of the diagnostic."""
    mutual_loss: float
    """Nats."""


def diagnostics_of_pairs(whole: Sums, trimmed: Sums, masks: MaskSums) -> dict[str, Numbers]:
    """Diagnostics of every two tasks, (T, T) each, from sums of one group.

    Args:
        whole: Of all weights.
        trimmed: Of the weights each task keeps by trimming.
        masks: Of the TALL masks.
    """
    gram, length = whole.gram[0], np.sqrt(np.diagonal(whole.gram[0]))
    both, kept = masks.both[0].astype(np.float64), masks.kept[0].astype(np.float64)
    larger, smaller = np.maximum.outer(length, length), np.minimum.outer(length, length)
    agree, conflict = trimmed.agree[0].astype(np.float64), trimmed.conflict[0].astype(np.float64)
    return {
        "cosine": _divided(gram, np.outer(length, length)),
        "trimmed conflict": _divided(conflict, agree + conflict),
        "mask overlap": _divided(both, np.add.outer(kept, kept) - both),
        "norm ratio": _divided(larger, smaller),
    }


def predictors(diagnostics: Mapping[str, Numbers], measured: Numbers) -> list[Predictor]:
    """Each diagnostic's rank correlation with the measured loss of the pairs."""
    relations = {name: rank_correlation(values, measured) for name, values in diagnostics.items()}
    known = [name for name, relation in relations.items() if relation.p_value is not None]
    adjusted = dict(zip(known, holm([relations[name].p_value or 0.0 for name in known]), strict=True))
    return [
        Predictor(name, values, relations[name], adjusted.get(name)) for name, values in diagnostics.items()
    ]


def pair_points(one: Predictor, measured: Numbers, tasks: Sequence[str]) -> list[PairPoint]:
    """The pairs that have both the diagnostic and a measured loss."""
    return [
        PairPoint((tasks[i], tasks[j]), float(one.values[i, j]), float(measured[i, j]))
        for i in range(len(tasks))
        for j in range(i + 1, len(tasks))
        if np.isfinite(one.values[i, j]) and np.isfinite(measured[i, j])
    ]


def predictor_rows(
    found: Sequence[Predictor], measured: Numbers, tasks: Sequence[str]
) -> list[dict[str, Any]]:
    """The plots as a table: one row per diagnostic and pair."""
    return [
        {
            "diagnostic": one.name,
            "task_a": point.pair[0],
            "task_b": point.pair[1],
            "value": point.value,
            "mutual_loss": point.mutual_loss,
            "rho": one.relation.value,
            "p": one.relation.p_value,
            "adjusted_p": one.adjusted_p,
            "pairs": one.relation.n_pairs,
        }
        for one in found
        for point in pair_points(one, measured, tasks)
    ]


def predictors_takeaway(found: Sequence[Predictor]) -> str:
    """Which diagnostics correlate with the measured loss, if any does."""
    n_pairs = max((one.relation.n_pairs for one in found), default=0)
    if n_pairs < 3:
        return "Fewer than three pairs are measured: too few for a correlation."
    judged = [one for one in found if one.adjusted_p is not None]
    if not judged:
        return (
            "No correlation can be tested yet: the test permutes the tasks, so it needs every pair of them "
            "measured, and diagnostics that differ between pairs."
        )
    tested = f"{len(judged)} diagnostic{'' if len(judged) == 1 else 's'}"
    if all(one.relation.least_p * len(judged) >= CLEAR for one in judged):
        return (
            f"Too few tasks for a test: with {n_pairs} pairs even a perfect correlation would not be "
            f"significant after correction for {tested}."
        )
    clear = [one for one in judged if one.adjusted_p is not None and one.adjusted_p < CLEAR]
    if not clear:
        return (
            f"No diagnostic correlates significantly with the measured loss ({tested} tested over {n_pairs} "
            "pairs)."
        )
    listed = ", ".join(f"{one.name} (ρ = {one.rho}, p = {one.adjusted_p or 0.0:.3f})" for one in clear)
    return f"Over {n_pairs} pairs the measured loss correlates with {listed}."


def _divided(above: Numbers, below: Numbers) -> Numbers:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
