"""Reports of `python -m app measure`: the tables behind the pages, as plain JSON objects."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.masks.multi_task_vector import Vector
from analysis.model.scope import Scope
from app.bench.interference import evaluated_tasks, pair_costs, pair_recipe, pair_runs
from app.bench.mask_statistics import MaskSettings
from app.bench.task_costs import cost_rows
from app.bench.weight_statistics import StatisticsSettings
from app.bench.workbench import Workbench
from app.errors import ZooError
from app.work.jobs import JobContext

Row = dict[str, Any]


def measured(
    bench: Workbench,
    what: str,
    *,
    scope: str,
    density: float,
    tall_lambda: float,
    vector: str,
    scaling: float,
) -> Any:
    """One of the reports below, by name, with those of the settings that it needs.

    Raises:
        ZooError: Interference of a zoo that cannot be evaluated.
    """
    context, chosen = JobContext(), Scope(scope)
    if what == "signs":
        return signs_report(bench, chosen, context, density=density)
    if what == "masks":
        return masks_report(bench, chosen, context, tall_lambda=tall_lambda, vector=Vector(vector))
    if what == "interference":
        return interference_report(bench, context, scaling=scaling)
    return {"norms": norms_report, "similarity": similarity_report}[what](bench, chosen, context)


def norms_report(bench: Workbench, scope: Scope, context: JobContext) -> list[Row]:
    """Sizes of every task's update of every parameter; null where a base of zeros has no relative norm."""
    found = bench.weights.statistics(StatisticsSettings(scope)).compute(context)
    names, sums = found.by(lambda segment: segment.parameter)
    parameters = bench.zoo.task_vectors.layout.by_name
    l2_squared, rows = np.einsum("gtt->gt", sums.gram), []
    for group, name in enumerate(names):
        parameter, n = parameters[name], int(sums.n[group])
        base = math.sqrt(sums.base_l2_squared[group])
        for row, task in enumerate(found.tasks):
            l2 = math.sqrt(l2_squared[group, row])
            rows.append(
                {
                    "task": task,
                    "parameter": name,
                    "tower": parameter.tower,
                    "layer": parameter.layer,
                    "component": parameter.component,
                    "n": n,
                    "l1": float(sums.l1[group, row]),
                    "l2": l2,
                    "max": float(sums.max[group, row]),
                    "rms": l2 / math.sqrt(n),
                    "relative": l2 / base if base else None,
                    "zeros": int(sums.zeros[group, row]),
                }
            )
    return rows


def signs_report(
    bench: Workbench, scope: Scope, context: JobContext, *, density: float
) -> dict[str, list[Row]]:
    """Agreeing and conflicting signs of the trimmed updates: of every pair, and over all tasks, by layer."""
    settings = StatisticsSettings(scope, None if density == 1 else density)
    found = bench.weights.statistics(settings).compute(context)
    layers, sums = found.by(lambda segment: (segment.tower, segment.layer))
    agree, conflict = sums.agree, sums.conflict
    movers = sums.moved_by
    pairs = [
        {
            "task_a": found.tasks[a],
            "task_b": found.tasks[b],
            "tower": tower,
            "layer": layer,
            "agree": int(agree[group, a, b]),
            "conflict": int(conflict[group, a, b]),
            "one_or_both_zero": int(sums.n[group] - agree[group, a, b] - conflict[group, a, b]),
        }
        for a, b in _pairs(found.tasks)
        for group, (tower, layer) in enumerate(layers)
    ]
    together = [
        {
            "tower": tower,
            "layer": layer,
            "agree": int(sums.unanimous[group, 2:].sum()),
            "conflict": int(movers[group, 2:].sum() - sums.unanimous[group, 2:].sum()),
            "one_task": int(movers[group, 1]),
            "untouched": int(movers[group, 0]),
        }
        for group, (tower, layer) in enumerate(layers)
    ]
    return {"pairs": pairs, "layers": together}


def masks_report(
    bench: Workbench, scope: Scope, context: JobContext, *, tall_lambda: float, vector: Vector
) -> Row:
    """Weights by number of TALL masks that keep them, at one λ; kept_by[0] includes untouched ones."""
    settings = MaskSettings(scope, vector, (tall_lambda,) * len(bench.tasks))
    found = bench.masks.counts(settings).compute(context)
    total = found.total
    layers, sums = found.by(lambda segment: (segment.tower, segment.layer))
    n = int(total.n[0])
    return {
        "scope": scope.value,
        "n": n,
        "vector": vector.value,
        "tall_lambda": dict.fromkeys(found.tasks, tall_lambda),
        "densities": {
            task: int(kept) / n if n else None for task, kept in zip(found.tasks, total.kept[0], strict=True)
        },
        "kept_by": total.kept_by[0].tolist(),
        "untouched": int(total.untouched[0]),
        "by_layer": [
            {
                "tower": tower,
                "layer": layer,
                "n": int(sums.n[group]),
                "kept_by": sums.kept_by[group].tolist(),
                "untouched": int(sums.untouched[group]),
            }
            for group, (tower, layer) in enumerate(layers)
        ],
    }


def similarity_report(bench: Workbench, scope: Scope, context: JobContext) -> list[Row]:
    """Cosine of every two tasks' updates; null for a task whose update is zero."""
    found = bench.weights.statistics(StatisticsSettings(scope)).compute(context)
    gram = found.total.gram[0]
    rows = []
    for a, b in _pairs(found.tasks):
        length = math.sqrt(gram[a, a] * gram[b, b])
        cosine = float(gram[a, b]) / length if length else None
        rows.append({"task_a": found.tasks[a], "task_b": found.tasks[b], "cosine": cosine})
    return rows


def interference_report(bench: Workbench, context: JobContext, *, scaling: float) -> list[Row]:
    """Loss of every task to every other, measured on all validation images.

    Raises:
        ZooError: The zoo cannot be evaluated, or has a single task.
    """
    tasks = evaluated_tasks(bench)
    if len(tasks) < 2:
        why = "; ".join(sorted(set(bench.setup.skipped["val"].values()))) or "there is one task only"
        raise ZooError(f"Interference needs two tasks that can be evaluated on validation: {why}.")
    runs = pair_runs(bench, pair_recipe(bench.tasks, scaling))
    costs = pair_costs({pair: run.compute(context) for pair, run in runs.items()})
    in_order = {(a, b): costs[a, b] for a in tasks for b in tasks if a != b}
    return cost_rows(in_order)


def _pairs(tasks: Sequence[str]) -> list[tuple[int, int]]:
    return [(a, b) for a in range(len(tasks)) for b in range(a + 1, len(tasks))]
