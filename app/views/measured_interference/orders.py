"""Accuracy as tasks join a merge one by one, in several orders."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.evaluation.bootstrap import bootstrap_mean_difference
from analysis.merge.recipe import Recipe
from app.bench.interference import Runs, Tasks, evaluated_tasks, merged_tasks, run_of, why_no_merge
from app.bench.runs import Run, is_correct
from app.bench.workbench import Workbench
from app.words.numbers import percent
from app.words.verdicts import Verdict, points_within, verdict

ORDERS = 5
"""Orders in which tasks are added: the zoo's own and random ones."""

Curve = tuple[tuple[str, ...], list[float | None]]
"""An order, and the mean accuracy after each task; None where it was not measured."""


def orders(tasks: Sequence[str], *, n_orders: int = ORDERS, seed: int = 0) -> list[tuple[str, ...]]:
    """Orders in which the tasks are added; the first is the zoo's own."""
    generator = np.random.default_rng(seed)
    drawn = [tuple(tasks[k] for k in generator.permutation(len(tasks))) for _ in range(n_orders - 1)]
    return list(dict.fromkeys([tuple(tasks), *drawn]))


def adding_runs(bench: Workbench, recipe: Recipe, n_images: int | None = None) -> Runs:
    """Every beginning of every order, each merge once; short ones first; none if one task is the base."""
    if why_no_merge(recipe, 1):
        return {}
    tasks = evaluated_tasks(bench)
    beginnings = {
        frozenset(order[:k]) for order in orders(merged_tasks(recipe)) for k in range(1, len(order) + 1)
    }
    in_order = sorted(beginnings, key=lambda one: (len(one), sorted(one)))
    return {some: run_of(bench, recipe, some, tasks, n_images) for some in in_order}


def added_one_by_one(results: Mapping[Tasks, Run], tasks: Sequence[str], *, of_all: bool) -> list[Curve]:
    """For each order, the mean accuracy after each task.

    Args:
        results: Runs by the tasks merged.
        tasks: That are added.
        of_all: Over all evaluated tasks from the start, instead of those merged so far.
    """
    curves: list[Curve] = []
    for order in orders(tasks):
        curve: list[float | None] = []
        for k in range(1, len(order) + 1):
            run, counted = results.get(frozenset(order[:k])), order if of_all else order[:k]
            accuracies = [] if run is None else [one.accuracy for one in run.tasks if one.task in counted]
            curve.append(sum(accuracies) / len(accuracies) if accuracies else None)
        curves.append((order, curve))
    return curves


def mean_curve(curves: Sequence[Curve]) -> list[float | None]:
    """Mean over the orders after each task, of those that were measured; None where none was."""
    means: list[float | None] = []
    for values in zip(*(curve for _, curve in curves), strict=True):
        known = [value for value in values if value is not None]
        means.append(sum(known) / len(known) if known else None)
    return means


def order_rows(curves: Sequence[Curve]) -> list[dict[str, Any]]:
    """The curves as a table: one row per order and task."""
    return [
        {"order": number, "tasks": k + 1, "added": order[k], "mean_accuracy": value}
        for number, (order, curve) in enumerate(curves)
        for k, value in enumerate(curve)
    ]


def adding_takeaway(results: Mapping[Tasks, Run], tasks: Sequence[str]) -> str:
    """What the tasks that begin an order lose from standing alone to the merge of all of them."""
    if len(tasks) < 2:
        return "The lab's recipe merges fewer than two tasks: none can be added to another."
    everything = results.get(frozenset(tasks))
    begun = {
        order[0]: results[frozenset(order[:1])] for order in orders(tasks) if frozenset(order[:1]) in results
    }
    first = [task for task, run in begun.items() if task in run.predictions]
    if everything is None or not first:
        return "Accuracy as tasks are added is not measured yet."
    alone = {task: is_correct(begun[task].predictions[task]) for task in first}
    merged = {task: is_correct(everything.predictions[task]) for task in first}
    change = bootstrap_mean_difference(merged, alone)
    start, end = (float(np.mean([one.mean() for one in right.values()])) for right in (alone, merged))
    subject = "task that begins" if len(first) == 1 else f"{len(first)} tasks that begin"
    return (
        f"The mean accuracy of the {subject} an order {_VERBS[verdict(change)]} from "
        f"{percent(start, 1)} alone to {percent(end, 1)} in the merge of all {len(tasks)} "
        f"({points_within(change)}).{_halfway(results, tasks)}"
    )


_VERBS: dict[Verdict, str] = {
    "above": "rises",
    "below": "falls",
    "no significant difference from": "shows no significant change",
}


def _halfway(results: Mapping[Tasks, Run], tasks: Sequence[str]) -> str:
    middle = len(tasks) // 2
    found = [curve[middle - 1] for _, curve in added_one_by_one(results, tasks, of_all=True)]
    known = [one for one in found if one is not None]
    if len(known) < 2:
        return ""
    low, high = percent(min(known), 1), percent(max(known), 1)
    return (
        f" With {middle} task{'' if middle == 1 else 's'} merged, the mean over all tasks lies between {low} "
        f"and {high}, depending on the order."
    )
