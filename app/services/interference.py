"""What merging one task costs another, measured: pairs, leaving one out, adding one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.bootstrap import Estimate
from analysis.intervals import PairedDifference, holm, paired_difference
from analysis.paired_loss import paired_loss_change
from analysis.recipe import Recipe
from app.services.filling import Cell
from app.services.runs import Run, is_correct
from app.services.workbench import Workbench

Tasks = frozenset[str]
"""Tasks that are merged."""

PAIR_SCALING = 1.0
"""λ of measured pairs unless another is chosen: a task alone is then its own fine-tuned model."""

ORDERS = 5
"""Random orders in which tasks are added."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one task loses when another joins it in the merge, on the same images."""

    task: str
    other: str
    alone_accuracy: float
    merged_accuracy: float
    accuracy: PairedDifference
    """Accuracy with the other less accuracy without; < 0 is a loss."""
    adjusted_p: float
    """McNemar's mid-p value after Holm's correction over all that were measured together."""
    alone_loss: float
    """Nats."""
    merged_loss: float
    """Nats."""
    loss: Estimate
    """Mean loss with the other less mean loss without, nats; > 0 is a cost."""

    @property
    def is_clear(self) -> bool:
        """Whether the change of the loss is told from none at 95 %."""
        return self.loss.low > 0 or self.loss.high < 0


def merged_only(recipe: Recipe, tasks: Tasks) -> Recipe:
    """The recipe with weight 0 for every other task."""
    weights = {task: weight if task in tasks else 0.0 for task, weight in recipe.weights.items()}
    return replace(recipe, weights=weights)


def merged_tasks(recipe: Recipe) -> tuple[str, ...]:
    """Tasks a recipe merges: those with a weight other than 0."""
    return tuple(task for task, weight in recipe.weights.items() if weight)


def pair_recipe(tasks: Sequence[str], scaling: float) -> Recipe:
    """Task arithmetic with one λ, for `merged_only`."""
    return Recipe.from_mapping({"method": "task_arithmetic", "scaling": scaling}, tasks=tasks)


def evaluated_tasks(bench: Workbench) -> list[str]:
    """Tasks that can be evaluated on validation, in the zoo's order."""
    return [task for task in bench.tasks if task in bench.setup.eval_sets["val"]]


def measurement(
    bench: Workbench, recipe: Recipe, merged: Tasks, evaluated: Sequence[str]
) -> Cell[Tasks, Run]:
    """One merge of some of the tasks, measured on all validation images of some tasks."""
    chosen = merged_only(recipe, merged)
    return Cell(
        merged,
        lambda context: bench.measure(chosen, context, n_images=None, kind="sweep", tasks=evaluated),
        lambda: bench.find(chosen, n_images=None, tasks=evaluated),
    )


def pair_cells(bench: Workbench, recipe: Recipe) -> list[Cell[Tasks, Run]]:
    """Every task alone, then every pair."""
    tasks = evaluated_tasks(bench)
    alone = [measurement(bench, recipe, frozenset({task}), [task]) for task in tasks]
    pairs = [
        measurement(bench, recipe, frozenset({a, b}), [a, b])
        for i, a in enumerate(tasks)
        for b in tasks[i + 1 :]
    ]
    return alone + pairs


def leave_out_cells(bench: Workbench, recipe: Recipe) -> list[Cell[Tasks, Run]]:
    """All tasks the recipe merges, then all but one."""
    tasks, everything = evaluated_tasks(bench), frozenset(merged_tasks(recipe))
    merged = [everything, *(everything - {task} for task in merged_tasks(recipe))]
    return [measurement(bench, recipe, one, tasks) for one in merged if one]


def orders(tasks: Sequence[str], *, n_orders: int = ORDERS, seed: int = 0) -> list[tuple[str, ...]]:
    """Orders in which the tasks are added; the first is the zoo's own."""
    generator = np.random.default_rng(seed)
    drawn = [tuple(tasks[k] for k in generator.permutation(len(tasks))) for _ in range(n_orders - 1)]
    return list(dict.fromkeys([tuple(tasks), *drawn]))


def adding_cells(bench: Workbench, recipe: Recipe) -> list[Cell[Tasks, Run]]:
    """Every beginning of every order, each merge once; short ones first."""
    tasks = evaluated_tasks(bench)
    beginnings = {
        frozenset(order[:k]) for order in orders(merged_tasks(recipe)) for k in range(1, len(order) + 1)
    }
    in_order = sorted(beginnings, key=lambda one: (len(one), sorted(one)))
    return [measurement(bench, recipe, one, tasks) for one in in_order]


def pair_costs(results: Mapping[Tasks, Run]) -> dict[tuple[str, str], Cost]:
    """What each task loses to each other, by (task, other); Holm's correction over all of them."""
    found = [
        (task, other)
        for merged in results
        if len(merged) == 2
        for task in sorted(merged)
        for other in merged - {task}
        if frozenset({task}) in results and task in results[merged].predictions
    ]
    return _costs({key: (results[frozenset(key)], results[frozenset({key[0]})]) for key in found})


def leave_out_costs(results: Mapping[Tasks, Run], tasks: Sequence[str]) -> dict[tuple[str, str], Cost]:
    """What each task loses because each other one is in the merge of all, by (task, other)."""
    everything = frozenset(tasks)
    if everything not in results:
        return {}
    found = [
        (task, other)
        for other in tasks
        if everything - {other} in results
        for task in results[everything].predictions
        if task != other and task in everything
    ]
    return _costs({key: (results[everything], results[everything - {key[1]}]) for key in found})


def added_one_by_one(
    results: Mapping[Tasks, Run], tasks: Sequence[str]
) -> list[tuple[tuple[str, ...], list[float | None]]]:
    """For each order, the mean accuracy over the tasks merged so far; None where it was not measured."""
    curves = []
    for order in orders(tasks):
        curve: list[float | None] = []
        for k in range(1, len(order) + 1):
            run = results.get(frozenset(order[:k]))
            accuracies = [] if run is None else [one.accuracy for one in run.tasks if one.task in order[:k]]
            curve.append(sum(accuracies) / len(accuracies) if accuracies else None)
        curves.append((order, curve))
    return curves


def mutual_loss(costs: Mapping[tuple[str, str], Cost], tasks: Sequence[str]) -> NDArray[np.float64]:
    """Mean loss the two of a pair cost each other, nats, (T, T), symmetric; NaN where it was not measured."""
    found = np.full((len(tasks), len(tasks)), np.nan)
    for i, a in enumerate(tasks):
        for j, b in enumerate(tasks):
            if (a, b) in costs and (b, a) in costs:
                found[i, j] = (costs[a, b].loss.value + costs[b, a].loss.value) / 2
    return found


def cost_rows(costs: Mapping[tuple[str, str], Cost]) -> list[dict[str, Any]]:
    """Costs as a table; accuracies 0 … 1, losses in nats."""
    return [
        {
            "task": cost.task,
            "other": cost.other,
            "n": cost.accuracy.n,
            "alone_accuracy": cost.alone_accuracy,
            "merged_accuracy": cost.merged_accuracy,
            "difference": cost.accuracy.difference,
            "low": cost.accuracy.low,
            "high": cost.accuracy.high,
            "p": cost.accuracy.p_value,
            "adjusted_p": cost.adjusted_p,
            "alone_loss": cost.alone_loss,
            "merged_loss": cost.merged_loss,
            "loss_difference": cost.loss.value,
            "loss_low": cost.loss.low,
            "loss_high": cost.loss.high,
        }
        for cost in costs.values()
    ]


def costs_takeaway(costs: Mapping[tuple[str, str], Cost]) -> str:
    """Who loses most to whom, and how many of the losses are told from none."""
    if not costs:
        return "Nothing is measured yet."
    worst = max(costs.values(), key=lambda cost: cost.loss.value)
    clear = sum(cost.loss.low > 0 for cost in costs.values())
    if not clear:
        return f"No task clearly loses to another: all {len(costs)} intervals of the loss reach down to 0."
    return (
        f"{clear} of {len(costs)} changes are clear losses; {worst.task} loses most, to {worst.other}: "
        f"{_signed(-worst.loss.value, 2)} nats of log-likelihood and "
        f"{_signed(100 * worst.accuracy.difference, 1)} points of accuracy."
    )


def adding_takeaway(curves: Sequence[tuple[tuple[str, ...], Sequence[float | None]]]) -> str:
    """What the mean accuracy of the merged tasks does from one task to all of them."""
    first = [curve[0] for _, curve in curves if curve[0] is not None]
    last = next((curve[-1] for _, curve in curves if curve[-1] is not None), None)
    if not first or last is None or not curves:
        return "Not all tasks are added yet."
    start = sum(first) / len(first)
    middle = len(curves[0][0]) // 2
    halfway = [curve[middle - 1] for _, curve in curves if middle and curve[middle - 1] is not None]
    known = [one for one in halfway if one is not None]
    spread = f" Halfway the order decides between {min(known):.0%} and {max(known):.0%}." if known else ""
    verb = "falls" if last < start else "does not fall"
    return (
        f"The mean accuracy of the merged tasks {verb}: {start:.0%} with one, {last:.0%} with all "
        f"{len(curves[0][0])}.{spread}"
    )


def _costs(runs: Mapping[tuple[str, str], tuple[Run, Run]]) -> dict[tuple[str, str], Cost]:
    """Costs by (task, other) from the runs with and without the other."""
    paired = {}
    for (task, other), (with_it, without) in runs.items():
        mine, theirs = with_it.predictions[task], without.predictions[task]
        paired[task, other] = paired_difference(is_correct(mine), is_correct(theirs))
    adjusted = holm([one.p_value for one in paired.values()])
    costs = {}
    for (key, difference), p_value in zip(paired.items(), adjusted, strict=True):
        merged, alone = (run.predictions[key[0]] for run in runs[key])
        costs[key] = Cost(
            task=key[0],
            other=key[1],
            alone_accuracy=float(is_correct(alone).mean()),
            merged_accuracy=float(is_correct(merged).mean()),
            accuracy=difference,
            adjusted_p=p_value,
            alone_loss=-float(alone.log_prob.mean(dtype=np.float64)),
            merged_loss=-float(merged.log_prob.mean(dtype=np.float64)),
            loss=paired_loss_change(alone.log_prob, merged.log_prob),
        )
    return costs


def _signed(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", "−")
