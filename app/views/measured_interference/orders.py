"""Accuracy as tasks join a merge one by one, in several orders."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.evaluation.bootstrap import bootstrap_mean_difference
from analysis.merge.recipe import Recipe
from app.bench.interference import Runs, Tasks, evaluated_tasks, merged_tasks, run_of, why_no_merge
from app.bench.runs import Run, is_correct
from app.bench.workbench import Workbench
from app.words.numbers import percent
from app.words.verdicts import points_within, verdict

ORDERS = 5
"""Orders in which tasks are added: the zoo's own and random ones."""

Curve = tuple[tuple[str, ...], list[float | None]]
"""An order, and the mean accuracy after each task; None where it was not measured."""


def orders(tasks: Sequence[str], *, n_orders: int = ORDERS, seed: int = 0) -> list[tuple[str, ...]]:
    """Orders in which the tasks are added; the first is the zoo's own."""
    generator = np.random.default_rng(seed)
    drawn = [tuple(tasks[k] for k in generator.permutation(len(tasks))) for _ in range(n_orders - 1)]
    return list(dict.fromkeys([tuple(tasks), *drawn]))


def adding_runs(bench: Workbench, recipe: Recipe) -> Runs:
    """Every beginning of every order, each merge once; short ones first; none if one task is the base."""
    if why_no_merge(recipe, 1):
        return {}
    tasks = evaluated_tasks(bench)
    beginnings = {
        frozenset(order[:k]) for order in orders(merged_tasks(recipe)) for k in range(1, len(order) + 1)
    }
    in_order = sorted(beginnings, key=lambda one: (len(one), sorted(one)))
    return {some: run_of(bench, recipe, some, tasks) for some in in_order}


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


def adding_takeaway(results: Mapping[Tasks, Run], tasks: Sequence[str]) -> str:
    """What the tasks that begin an order lose from standing alone to the merge of all of them."""
    everything = results.get(frozenset(tasks))
    begun = {
        order[0]: results[frozenset(order[:1])] for order in orders(tasks) if frozenset(order[:1]) in results
    }
    first = [task for task, run in begun.items() if task in run.predictions]
    if len(tasks) < 2 or everything is None or not first:
        return "Not all tasks are added yet."
    alone = {task: is_correct(begun[task].predictions[task]) for task in first}
    merged = {task: is_correct(everything.predictions[task]) for task in first}
    change = bootstrap_mean_difference(merged, alone)
    verbs = {
        "above": "rise",
        "below": "fall",
        "no significant difference from": "show no significant change",
    }
    start, end = (float(np.mean([one.mean() for one in right.values()])) for right in (alone, merged))
    return (
        f"The {len(first)} tasks that begin an order {verbs[verdict(change)]} from {percent(start, 1)} alone "
        f"to {percent(end, 1)} in the merge of all {len(tasks)} ({points_within(change)})."
        f"{_halfway(results, tasks)}"
    )


def _halfway(results: Mapping[Tasks, Run], tasks: Sequence[str]) -> str:
    middle = len(tasks) // 2
    found = [curve[middle - 1] for _, curve in added_one_by_one(results, tasks, of_all=True)]
    known = [one for one in found if one is not None]
    if len(known) < 2:
        return ""
    low, high = percent(min(known), 1), percent(max(known), 1)
    return f" With {middle} merged, the order decides between {low} and {high} over all."
