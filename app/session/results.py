"""Runs that the Merge lab shows: the latest, what it lies between, the pinned one, and those before."""

from dataclasses import replace

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Lines
from app.bench.runs import Anchors, Comparison, Run, compare

FINISHED = 50
"""Runs a tab keeps at hand; all of them are in the store."""


class Results:
    """What one tab has measured on validation."""

    def __init__(self) -> None:
        """Start with nothing measured."""
        self.shown: Run | None = None
        """The latest finished run."""
        self.anchors: Anchors | None = None
        """What it lies between."""
        self.finished: tuple[Run, ...] = ()
        """Every run, the latest first, each recipe once."""
        self.baseline: Run | None = None
        """The pinned run."""
        self._comparison: tuple[Run, Run, Comparison] | None = None

    def add(self, run: Run, anchors: Anchors) -> None:
        """Show a finished run."""
        self.shown, self.anchors = run, anchors
        others = [other for other in self.finished if other.recipe != run.recipe]
        self.finished = (run, *others)[:FINISHED]

    def are_of(self, recipe: Recipe, n_images: int | None) -> bool:
        """Whether the shown run is of this recipe on so many images per task."""
        return self.shown is not None and self.shown.recipe == recipe and self.shown.n_images == n_images

    def alpha(self, recipe: Recipe) -> float | None:
        """LiNeS's α under a recipe: its own, or the rule's if the shown run has found it."""
        scale, shown = recipe.scale, self.shown
        if not isinstance(scale, Lines):
            return None
        if scale.alpha is None and shown is not None and replace(shown.recipe, scale=scale) == recipe:
            return shown.alpha
        return scale.alpha

    def pin(self) -> None:
        """Make the shown run the baseline."""
        self.baseline = self.shown

    def unpin(self) -> None:
        """Compare with nothing."""
        self.baseline = None

    def comparison(self) -> Comparison | None:
        """The shown run against the pinned one; None while nothing is pinned or it is the run shown."""
        if self.shown is None or self.baseline is None or self.shown.run_id == self.baseline.run_id:
            return None
        known = self._comparison
        if known is None or known[0] is not self.shown or known[1] is not self.baseline:
            known = self._comparison = (self.shown, self.baseline, compare(self.shown, self.baseline))
        return known[2]
