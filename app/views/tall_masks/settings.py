"""Settings that decide the masks, as words of the selection: the multi-task vector, and λ for each task."""

from analysis.masks.multi_task_vector import Vector
from app.bench.mask_statistics import MaskSettings
from app.session.diagnosis import Diagnosis
from app.session.selection import Selection

TALL, VECTOR = "tall", "vector"
DEFAULT = 0.4
"""λ of every task until another is chosen."""

MOST = 1000.0
"""Largest λ that can be typed; far beyond it nothing is kept."""


def mask_settings(diagnosis: Diagnosis) -> MaskSettings:
    """What is chosen."""
    selection = diagnosis.selection
    shared = shared_lambda(selection)
    return MaskSettings(
        diagnosis.scope,
        Vector(selection.one_of(VECTOR, list(Vector)) or Vector.SUM),
        tuple(_number(selection, lambda_word(task), shared) for task in selection.tasks),
    )


def shared_lambda(selection: Selection) -> float:
    """λ of every task that has none of its own."""
    return _number(selection, TALL, DEFAULT)


def is_separate(selection: Selection) -> bool:
    """Whether any task has a λ of its own."""
    return any(lambda_word(task) in selection.words for task in selection.tasks)


def use_lambdas(selection: Selection, tall_lambda: dict[str, float]) -> None:
    """Give tasks λ of their own."""
    selection.take({lambda_word(task): f"{value:g}" for task, value in tall_lambda.items()})


def lambda_word(task: str) -> str:
    """Name of a task's own λ in the address."""
    return f"{TALL}_{task}"


def _number(selection: Selection, name: str, default: float) -> float:
    return selection.number(name, default, low=0.0, high=MOST)
