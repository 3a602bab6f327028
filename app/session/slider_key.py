"""Names of the numbers in a recipe that a slider can change."""

from dataclasses import dataclass
from enum import StrEnum


class SliderKind(StrEnum):
    """Part of a recipe that a number belongs to."""

    SCALING = "scaling"
    ALPHA = "alpha"
    BETA = "beta"
    OUTSIDE = "outside"
    BLOCK = "block"
    WEIGHT = "weight"
    PARAM = "param"


@dataclass(frozen=True, slots=True)
class SliderKey:
    """One number of a recipe; as text it is what the slider on screen is called.

    >>> str(SliderKey(SliderKind.WEIGHT, "digits")), str(SliderKey(SliderKind.SCALING))
    ('weight:digits', 'scaling')
    """

    kind: SliderKind
    name: str = ""
    """Task of a weight, setting of a method or number of a block; empty for a kind of one number only."""

    def __str__(self) -> str:
        """The kind and, after a colon, the name if there is one."""
        return f"{self.kind}:{self.name}" if self.name else str(self.kind)


SCALING = SliderKey(SliderKind.SCALING)
ALPHA = SliderKey(SliderKind.ALPHA)
BETA = SliderKey(SliderKind.BETA)
OUTSIDE = SliderKey(SliderKind.OUTSIDE)


def block_key(block: int) -> SliderKey:
    """The factor of a residual block, counted from the input."""
    return SliderKey(SliderKind.BLOCK, str(block))


def weight_key(task: str) -> SliderKey:
    """The weight of a task."""
    return SliderKey(SliderKind.WEIGHT, task)


def param_key(name: str) -> SliderKey:
    """A number that the method declares."""
    return SliderKey(SliderKind.PARAM, name)
