"""The merge of two tasks by which it is measured what they cost each other."""

from dataclasses import dataclass
from typing import Any

from analysis.merge.recipe import Recipe
from app.bench.interference import PAIR_SCALING, pair_recipe, pair_runs
from app.session.diagnosis import Diagnosis
from app.session.selection import Selection
from app.work.batch import Batch

MERGES = {"sum": "a plain sum", "lab": "the lab's recipe"}
"""Words of the choice, and their meaning."""

MERGE, SCALING = "pairs", "scaling"
"""Names of the selection: one of `MERGES`, and the λ of the plain sum."""

SCALINGS = (0.1, 1.5)
"""Ends of that λ."""


@dataclass(frozen=True, slots=True)
class PairMerge:
    """The recipe of all pairs; the weights of other tasks are 0."""

    recipe: Recipe
    in_words: str
    """How the pair is merged: "at λ = 1"."""


def pair_merge(selection: Selection, lab: Recipe) -> PairMerge:
    """What is chosen; a plain sum at λ = 1 unless another is.

    Args:
        selection: The tab's.
        lab: The Merge lab's recipe.
    """
    if selection.one_of(MERGE, list(MERGES)) == "lab":
        return PairMerge(lab, "by the lab's recipe")
    scaling = selection.number(SCALING, PAIR_SCALING, low=SCALINGS[0], high=SCALINGS[1])
    return PairMerge(pair_recipe(selection.tasks, scaling), f"at λ = {scaling:g}")


def planned_pairs(diagnosis: Diagnosis, merge: PairMerge) -> Batch[Any, Any]:
    """The measurements of all pairs merged that way; known ones are looked up."""
    batch = diagnosis.requests.batch("interference.pairs")
    n_images = diagnosis.sample.n_images
    batch.plan((merge.recipe.digest(), n_images), lambda: pair_runs(diagnosis.bench, merge.recipe, n_images))
    return batch
