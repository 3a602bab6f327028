"""The recipes a person went through: undo and redo."""

from dataclasses import dataclass, replace

from analysis.merge.recipe import Recipe

LONGEST = 200
"""Recipes remembered; the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class RecipeHistory:
    """A line of recipes and where one stands on it; changing it gives a new one."""

    recipes: tuple[Recipe, ...]
    position: int = 0

    @property
    def current(self) -> Recipe:
        """The recipe one stands at."""
        return self.recipes[self.position]

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier recipe."""
        return self.position > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a later recipe."""
        return self.position < len(self.recipes) - 1

    def with_next(self, recipe: Recipe) -> "RecipeHistory":
        """Step to a recipe; what had been undone is forgotten. The same recipe again is no step."""
        if recipe == self.current:
            return self
        line = (*self.recipes[: self.position + 1], recipe)[-LONGEST:]
        return RecipeHistory(line, len(line) - 1)

    def undone(self) -> "RecipeHistory":
        """One step back, if there is one."""
        return replace(self, position=max(0, self.position - 1))

    def redone(self) -> "RecipeHistory":
        """One step forward again, if there is one."""
        return replace(self, position=min(len(self.recipes) - 1, self.position + 1))
