"""Losses of each task to each other as the cells of a matrix: what is written, hatched and stated."""

from collections.abc import Mapping, Sequence

from analysis.evaluation.bootstrap import Estimate
from app.bench.runs import CLEAR
from app.bench.task_costs import Cost
from app.words.change_cells import ChangeCells
from app.words.numbers import likelihood, points, signed
from app.words.verdicts import points_within

MEASURES = ("loss", "accuracy")
"""Words of the choice: change of the mean loss, or of the accuracy."""

Costs = Mapping[tuple[str, str], Cost]
"""By the task that loses and the task that joins."""


def cost_matrix(costs: Costs, tasks: Sequence[str], *, measure: str) -> ChangeCells:
    """Cells of the measured changes of one of the `MEASURES`."""
    is_loss = measure == "loss"
    cells = [[costs.get((task, other)) for other in tasks] for task in tasks]
    values = [[None if cost is None else _gain(cost, is_loss=is_loss) for cost in row] for row in cells]
    return ChangeCells(
        values=values,
        text=[["" if one is None else signed(one, 2 if is_loss else 0) for one in row] for row in values],
        hover=[[_hover(costs.get((task, other)), task, other) for other in tasks] for task in tasks],
        hatched=[[cost is not None and _is_unclear(cost, is_loss=is_loss) for cost in row] for row in cells],
        largest=max((abs(one) for row in values for one in row if one is not None), default=1.0) or 1.0,
        unit="gain of log-likelihood, nats" if is_loss else "points of accuracy",
    )


def costs_takeaway(costs: Costs) -> str:
    """How many tasks lose significantly to another, and the largest of these losses."""
    if not costs:
        return "Nothing is measured yet."
    clear = [cost for cost in costs.values() if cost.is_clear and cost.loss.value > 0]
    if not clear:
        return f"No task loses significantly to another (0 of {len(costs)} cases)."
    worst = max(clear, key=lambda cost: cost.loss.value)
    return (
        f"A task loses significantly to another in {len(clear)} of {len(costs)} cases. The largest loss is "
        f"that of '{worst.task}' to '{worst.other}': {_likelihood(worst, 2)} and "
        f"{points(worst.accuracy.difference)} of accuracy."
    )


def _gain(cost: Cost, *, is_loss: bool) -> float:
    """Change in the task's favour: log-likelihood in nats, or accuracy in points."""
    return -cost.loss.value if is_loss else 100 * cost.accuracy.difference


def _hover(cost: Cost | None, task: str, other: str) -> str:
    if cost is None:
        return "" if task == other else f"'{task}' with '{other}': not measured"
    accuracy = Estimate(cost.accuracy.difference, cost.accuracy.low, cost.accuracy.high)
    return (
        f"'{task}' with '{other}', {cost.accuracy.n} images\n{_likelihood(cost, 3)}\n"
        f"accuracy {points_within(accuracy)}"
    )


def _is_unclear(cost: Cost, *, is_loss: bool) -> bool:
    return (cost.adjusted_loss_p if is_loss else cost.adjusted_p) >= CLEAR


def _likelihood(cost: Cost, decimals: int) -> str:
    return likelihood(cost.loss.value, decimals, (cost.loss.low, cost.loss.high))
