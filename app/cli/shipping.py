"""Shipping of what was measured on a zoo: a file beside it, which whoever opens the zoo finds."""

from dataclasses import replace
from pathlib import Path

from app.bench.workbench import Workbench
from app.words.numbers import count, file_size
from cache.records import StoredRun
from cache.shipped import FILE, write_shipped
from cache.store import Arrays

_MOST = 100_000
"""Runs looked through, the newest first."""


def ship(bench: Workbench) -> str:
    """Write what is remembered of a zoo's merges on validation into its folder.

    Test runs stay: whoever opens the zoo looks at its test images for themselves. Of runs of one recipe on
    the same images the newest is written.

    Returns:
        What was written, in one sentence.

    Raises:
        CacheError: The file cannot be written.
    """
    history = bench.history
    runs: dict[object, tuple[StoredRun, Arrays]] = {}
    for stored in history.store.runs(history.fingerprint, limit=_MOST):
        record = stored.record
        what = record.recipe_digest, record.n_images, frozenset(task.task for task in stored.tasks)
        if record.split != "val" or record.note or record.device != history.device or what in runs:
            continue
        arrays = history.store.predictions(record.run_id)
        if arrays is not None:
            # Nobody asked for it where it is opened: it is not in that person's list of runs.
            kind = record.kind if record.kind == "anchor" else "sweep"
            runs[what] = replace(stored, record=replace(record, kind=kind)), arrays
    results = history.store.results_with("zoo", history.fingerprint)
    path: Path = bench.zoo.file.folder / FILE
    write_shipped(path, history.fingerprint, runs.values(), results)
    size = file_size(path.stat().st_size)
    return f"Shipped {count(len(runs))} runs and {count(len(results))} other results in '{path}' ({size})."
