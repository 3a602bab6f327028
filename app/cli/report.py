"""Reports of the command line as plain data, with the keys of its JSON."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from analysis.model.layout import Layout, Parameter
from app.bench.bench_setup import SPLITS
from app.bench.runs import Run
from app.bench.workbench import Workbench
from app.zoo.devices import memory_needed, memory_of_machine
from cache.checkpoints import Checkpoint

Report = dict[str, Any]
"""A table of values that JSON can hold."""


def run_report(run: Run, skipped: Mapping[str, str]) -> Report:
    """A measured recipe.

    Args:
        run: The measurement.
        skipped: Why a task or control was not evaluated.
    """
    return {
        "recipe": run.recipe.to_mapping(),
        "split": run.split,
        "tasks": [asdict(score) for score in run.tasks],
        "controls": [asdict(score) for score in run.controls],
        "mean": asdict(run.mean),
        "skipped": _reasons(skipped),
    }


def file_report(checkpoint: Checkpoint) -> Report:
    """Contents of a checkpoint by its header; no weight is read."""
    entries = checkpoint.entries
    floats = {name: entry.shape for name, entry in entries.items() if entry.dtype.is_floating_point}
    return {
        "file": str(checkpoint.path),
        "format": checkpoint.format,
        "bytes": checkpoint.n_bytes,
        "tensors": len(entries),
        "dtypes": Counter(str(entry.dtype).removeprefix("torch.") for entry in entries.values()),
        **_structure(Layout.from_shapes(floats)),
        "carried": [name for name in entries if name not in floats],
        "metadata": dict(checkpoint.metadata),
        "notes": [*checkpoint.notes, *checkpoint.doubts],
    }


def zoo_report(bench: Workbench) -> Report:
    """Contents of an open zoo, its memory, and its evaluation images."""
    zoo, setup = bench.zoo, bench.setup
    return {
        "zoo": zoo.file.name,
        "folder": str(zoo.file.folder),
        "fingerprint": zoo.fingerprint,
        "device": bench.device.type,
        "memory": {
            "needed": memory_needed(zoo.task_vectors.n_tasks, zoo.task_vectors.layout.n_weights),
            "machine": memory_of_machine(),
            "on_device": zoo.task_vectors.deltas.device.type == bench.device.type,
        },
        **_structure(zoo.task_vectors.layout),
        "carried": list(zoo.carried),
        "checkpoints": [
            {
                "name": facts.name,
                "file": str(facts.path),
                "format": facts.format,
                "dtypes": facts.dtypes,
                "bytes": facts.n_bytes,
                "fingerprint": facts.digest,
                "notes": list(facts.notes),
                "relative_norm": facts.relative_norm,
            }
            for facts in zoo.checkpoints
        ],
        "evaluation": {
            split: {
                "tasks": _sizes(setup.eval_sets[split], lambda name: name in bench.tasks),
                "controls": _sizes(setup.eval_sets[split], lambda name: name not in bench.tasks),
                "skipped": _reasons(setup.skipped[split]),
            }
            for split in SPLITS
        },
        "warnings": list(bench.warnings),
    }


def _structure(layout: Layout) -> Report:
    """Number of tensors and weights in each tower and in each kind of component."""
    towers = _counted(layout, lambda parameter: parameter.tower)
    return {
        "weights": layout.n_weights,
        "towers": {tower: {"layers": layout.depths.get(tower, 0)} | count for tower, count in towers.items()},
        "components": _counted(layout, lambda parameter: parameter.component),
    }


def _counted(layout: Layout, part: Callable[[Parameter], str]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for parameter in layout.parameters:
        count = counts.setdefault(part(parameter), {"tensors": 0, "weights": 0})
        count["tensors"] += 1
        count["weights"] += parameter.n_weights
    return counts


def _sizes(sets: Mapping[str, Any], belongs: Callable[[str], bool]) -> list[Report]:
    return [{"task": name, "n": len(one)} for name, one in sets.items() if belongs(name)]


def _reasons(skipped: Mapping[str, str]) -> list[Report]:
    return [{"task": task, "reason": reason} for task, reason in skipped.items()]
