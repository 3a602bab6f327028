"""A recipe on all validation images, as one cell of a chart that fills."""

from collections.abc import Hashable
from typing import TypeVar

from analysis.merge.recipe import Recipe
from app.bench.runs import Run
from app.bench.workbench import Workbench
from app.work.batch import Cell

K = TypeVar("K", bound=Hashable)


def validation_cell(bench: Workbench, name: K, recipe: Recipe) -> Cell[K, Run]:
    """Merge and evaluate on all tasks and controls; looked up where it was done before."""
    return Cell(
        name,
        lambda context: bench.measure(recipe, context, n_images=None, kind="sweep"),
        lambda: bench.find(recipe, n_images=None),
    )
