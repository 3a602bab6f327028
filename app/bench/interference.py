"""Merges of some of the tasks, and what each task loses in them: pairs, and leaving one out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named
from app.bench.measuring.measured_runs import RunKey
from app.bench.runs import Run
from app.bench.task_costs import Cost, task_costs
from app.bench.workbench import Workbench
from app.work.measurement import Measurement

Tasks = frozenset[str]
"""Tasks that are merged."""

Runs = dict[Tasks, Measurement[RunKey, Run]]
"""Runs to be measured, by the tasks they merge."""

PAIR_SCALING = 1.0
"""λ of measured pairs unless another is chosen: a task alone is then its own fine-tuned model."""


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


def run_of(
    bench: Workbench, recipe: Recipe, merged: Tasks, evaluated: Sequence[str], n_images: int | None
) -> Measurement[RunKey, Run]:
    """One merge of some of the tasks, evaluated on validation of some tasks, all or so many images each."""
    return bench.run(merged_only(recipe, merged), n_images=n_images, kind="sweep", tasks=evaluated)


def why_no_merge(recipe: Recipe, n_tasks: int) -> str | None:
    """Why merges of so few of a recipe's tasks cannot show what they cost; None where they can."""
    method = merge_method_named(recipe.method)
    needed = method.fewest_tasks(recipe.params)
    if n_tasks < 1:
        return "The lab's recipe merges fewer than two tasks: none can be left out."
    if n_tasks >= needed:
        return None
    return (
        f"{method.title} keeps nothing of fewer than {needed} tasks here: a merge of {n_tasks} is the base, "
        "and losses against it would mean nothing. Change its settings in the Merge lab."
    )


def pair_runs(bench: Workbench, recipe: Recipe, n_images: int | None = None) -> Runs:
    """Every task alone, then every pair, of those the recipe merges; none where a task alone is the base."""
    if why_no_merge(recipe, 1):
        return {}
    tasks = [task for task in evaluated_tasks(bench) if recipe.weights[task]]
    alone = [[task] for task in tasks]
    pairs = [[a, b] for i, a in enumerate(tasks) for b in tasks[i + 1 :]]
    return {frozenset(some): run_of(bench, recipe, frozenset(some), some, n_images) for some in alone + pairs}


def leave_out_runs(bench: Workbench, recipe: Recipe, n_images: int | None = None) -> Runs:
    """All tasks the recipe merges, then all but one; none where all but one merge to the base."""
    tasks, everything = evaluated_tasks(bench), frozenset(merged_tasks(recipe))
    if why_no_merge(recipe, len(everything) - 1):
        return {}
    merged = [everything, *(everything - {task} for task in merged_tasks(recipe))]
    return {some: run_of(bench, recipe, some, tasks, n_images) for some in merged if some}


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
    return task_costs({key: (results[frozenset(key)], results[frozenset({key[0]})]) for key in found})


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
    return task_costs({key: (results[everything], results[everything - {key[1]}]) for key in found})
