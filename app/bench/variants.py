"""Merges that no recipe gives, measured once: masked updates, removed weights."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from app.bench.evaluator import Predictions
from app.bench.workbench import Workbench
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.keys import ResultKey
from cache.tables import Tables

VERSION = 1
"""Raise when the numbers of a variant change."""


@dataclass(frozen=True, slots=True)
class Variant:
    """θ_0 + scaling · update."""

    name: str
    """Kind of update."""
    inputs: Mapping[str, str]
    """Whatever the update depends on besides the zoo's weights: equal inputs promise equal updates."""
    write: Callable[[Tensor, JobContext], None]
    """Fills all of the update, (P,), weight units; called on the worker's thread."""
    scaling: float = 1.0


def variant_measurement(
    bench: Workbench, variant: Variant, *, tasks: Collection[str]
) -> Measurement[str, dict[str, Predictions]]:
    """Predictions of a variant on all validation images of some tasks, by task."""
    key, store = _key(bench, variant, tasks), bench.history.store

    def compute(context: JobContext) -> dict[str, Predictions]:
        def measured() -> Tables:
            found = bench.evaluate_update(
                lambda update: variant.write(update, context), context, scaling=variant.scaling, tasks=tasks
            )
            return {"predictions": _as_table(found)}

        return _from_tables(bench, store.tables(key, measured))

    def find() -> dict[str, Predictions] | None:
        tables = store.known_tables(key)
        return None if tables is None else _from_tables(bench, tables)

    return Measurement(key.digest(), compute, find)


def _key(bench: Workbench, variant: Variant, tasks: Collection[str]) -> ResultKey:
    history = bench.history
    return ResultKey(
        f"variant {variant.name}",
        VERSION,
        {
            "zoo": history.fingerprint,
            "device": history.device,
            "tasks": "\n".join(sorted(tasks)),
            "scaling": repr(variant.scaling),
            **{f"input {name}": value for name, value in variant.inputs.items()},
        },
    )


def _as_table(predictions: Mapping[str, Predictions]) -> dict[str, np.ndarray]:
    each = list(predictions.values())
    return {
        "task": np.concatenate([np.full(len(one.labels), one.task) for one in each]),
        "prediction": np.concatenate([one.prediction for one in each]),
        "log_prob": np.concatenate([one.log_prob for one in each]).astype(np.float64),
        "margin": np.concatenate([one.margin for one in each]).astype(np.float64),
    }


def _from_tables(bench: Workbench, tables: Tables) -> dict[str, Predictions]:
    table, sets = tables["predictions"], bench.setup.eval_sets["val"]
    found = {}
    for task in dict.fromkeys(table["task"].tolist()):
        rows = table["task"] == task
        found[task] = Predictions(
            task=task,
            labels=sets[task].labels[: int(rows.sum())].cpu().numpy(),
            prediction=table["prediction"][rows],
            log_prob=table["log_prob"][rows].astype(np.float32),
            margin=table["margin"][rows].astype(np.float32),
        )
    return found
