"""The recipe being edited: its changes, their undo, and the slider moved last."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

from analysis.errors import AnalysisError
from analysis.merge.engine import MergeEngine
from analysis.merge.recipe import Recipe
from analysis.merge.scaling import LayerFactors, Lines, layer_factors
from app.session.recipe_history import RecipeHistory
from app.session.slider_key import SCALING, SliderKey
from app.session.sliders import all_sliders, moved, value_of
from app.words.plain_text import sentence_of

START = {"method": "task_arithmetic"}
"""The recipe a lab opens with."""

GESTURE = 2.0
"""Seconds between two moves of one slider that undo takes back together: a drag, or a held key."""


@dataclass(frozen=True, slots=True)
class _Gesture:
    """Moves of one slider in quick succession."""

    key: SliderKey
    before: RecipeHistory
    latest: float
    """When it was moved last, in seconds."""


class Editing:
    """Recipes on their way to the engine; one that cannot be merged here is refused."""

    def __init__(self, engine: MergeEngine) -> None:
        """Start with plain task arithmetic."""
        self.history = RecipeHistory((Recipe.from_mapping(START, tasks=engine.task_vectors.tasks),))
        self.focus = SCALING
        """Key of the slider moved last, whose response the strip shows."""
        self.revision = 0
        """Grows when the recipe is changed otherwise than by moving a slider."""
        self._engine = engine
        self._gesture: _Gesture | None = None

    @property
    def recipe(self) -> Recipe:
        """The recipe as it stands."""
        return self.history.current

    def move(self, key: SliderKey, value: float) -> None:
        """Take a slider's new value; moves of one slider in quick succession are one step back."""
        now, gesture = monotonic(), self._gesture
        if gesture is None or gesture.key != key or now > gesture.latest + GESTURE:
            gesture = _Gesture(key, self.history, now)
        self.history = gesture.before.with_next(moved(self.recipe, key, value))
        self.focus = key
        self._gesture = replace(gesture, latest=now)

    def take(self, read: Callable[[], Recipe]) -> str | None:
        """Take a recipe from outside; where it cannot be used, keep the present one and return why."""
        try:
            recipe = read()
            layer_factors(recipe.scale, self._engine.depths(recipe.scope), auto_alpha=0.0)
        except AnalysisError as error:
            self.revision += 1  # inputs show the recipe that stays
            return sentence_of(error)
        self._step(self.history.with_next(recipe))
        return None

    def undo(self) -> None:
        """One recipe back."""
        self._step(self.history.undone())

    def redo(self) -> None:
        """One recipe forward."""
        self._step(self.history.redone())

    @property
    def depth(self) -> int:
        """L of the deepest tower in the recipe's scope; 0 without residual blocks."""
        return max(self._engine.depths(self.recipe.scope).values(), default=0)

    def factors(self, alpha: float | None) -> LayerFactors | None:
        """The factor of each layer under the recipe; None while LiNeS's α is not known."""
        scale = self.recipe.scale
        if isinstance(scale, Lines) and alpha is None:
            return None
        return layer_factors(scale, self._engine.depths(self.recipe.scope), auto_alpha=alpha)

    def _step(self, history: RecipeHistory) -> None:
        self.history = history
        self._gesture = None
        self.revision += 1
        movable = [key for key in all_sliders(self.recipe) if value_of(self.recipe, key) is not None]
        if self.focus not in movable:
            self.focus = movable[0]
