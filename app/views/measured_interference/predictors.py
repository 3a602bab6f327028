"""Which number read off the weights predicts what a pair of tasks costs each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Numbers
from analysis.evaluation.intervals import holm
from analysis.evaluation.rank_correlation import RankCorrelation, rank_correlation
from analysis.masks.counts import MaskSums
from analysis.weights.statistics import Sums
from app.words.numbers import fixed

CLEAR = 0.05


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
    def said_relation(self) -> str:
        """ρ with two digits; empty where there is none."""
        rho = self.relation.value
        return "" if rho is None else fixed(rho, 2)


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


def predictors_takeaway(found: Sequence[Predictor]) -> str:
    """Which diagnostics go with the measured loss, if any does."""
    n_pairs = max((one.relation.n_pairs for one in found), default=0)
    if n_pairs < 3:
        return "Too few pairs are measured for a relation."
    judged = [one for one in found if one.adjusted_p is not None]
    if not judged:
        return (
            "No relation can be judged yet: tasks are renamed for it, which needs every pair of them, and "
            "diagnostics that differ between pairs."
        )
    if all(one.relation.least_p * len(judged) >= CLEAR for one in judged):
        return (
            f"Too few tasks to tell: over {n_pairs} pairs even a perfect relation would not stand out among "
            f"the renamings of the tasks, once corrected for {len(judged)} diagnostics."
        )
    clear = [one for one in judged if one.adjusted_p is not None and one.adjusted_p < CLEAR]
    if not clear:
        return (
            f"No relation found: over {n_pairs} pairs, no diagnostic of {len(judged)} judged goes with the "
            "measured loss more than renamed tasks would."
        )
    said = ", ".join(
        f"{one.name} (ρ = {one.said_relation}, p = {one.adjusted_p or 0.0:.3f})" for one in clear
    )
    return f"Over {n_pairs} pairs the measured loss goes with {said}."


def _divided(above: Numbers, below: Numbers) -> Numbers:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
