"""Merged weights as a file that states what it is."""

import json
from importlib.metadata import version
from pathlib import Path

import torch
from torch import Tensor

from analysis.merge.recipe import Recipe
from app.bench.workbench import Workbench
from app.errors import ZooError
from app.words.recipe_text import recipe_to_yaml
from app.work.jobs import JobContext
from cache.regular_files import resolved
from cache.writing import remove_left_behind, write_safetensors

DTYPES = {
    "float32": torch.float32,
    "base": None,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
}
"""Choices of `--dtype`; `base` keeps each tensor's type in the base checkpoint."""


def export_merged(
    bench: Workbench, recipe: Recipe, path: Path, context: JobContext, *, dtype: str = "float32"
) -> Path:
    """Merge a recipe and write it under the base's own tensor names.

    float32 gives the accuracies the lab shows; a 16-bit file flips a few predictions.

    Args:
        bench: The open zoo.
        recipe: What to merge; written into the file's metadata as YAML.
        path: Ends in `.safetensors`; an existing file is replaced in one step.
        context: Where to report, and whether to stop.
        dtype: A key of `DTYPES`.

    Raises:
        ZooError: The name does not end in `.safetensors`, its folder is missing, it is one of the
            zoo's own files, or a merged weight is too large for the type.
        CacheError: The file could not be written.
    """
    _require_writable(bench, path, dtype)
    bench.engine.merge(recipe, check=context.check)
    context.report(None, "Writing")
    zoo, wanted = bench.zoo, DTYPES[dtype]
    tensors: dict[str, Tensor] = {}
    for name, entry in zoo.base.entries.items():
        context.check()
        if name in zoo.task_vectors.layout.by_name:
            merged = zoo.task_vectors.layout.view(bench.engine.theta, name).to("cpu", wanted or entry.dtype)
            _require_finite(merged, name)
            tensors |= entry.as_stored(merged)
        else:
            tensors |= entry.as_stored(zoo.base.read(name))
    metadata = {
        "format": "pt",
        "recipe": recipe_to_yaml(recipe),
        "zoo": zoo.file.name,
        "dtype": dtype,
        "fingerprints": json.dumps(zoo.digests),
        "versions": json.dumps({"torch": version("torch")}),
    }
    remove_left_behind(path.parent)
    write_safetensors(path, tensors, metadata)
    return path.resolve()


def _require_finite(merged: Tensor, name: str) -> None:
    if not bool(merged.isfinite().all()):
        dtype = str(merged.dtype).removeprefix("torch.")
        raise ZooError(
            f"Merged weights of '{name}' exceed {torch.finfo(merged.dtype).max:.4g}, the largest {dtype}. "
            "Scale the merge down or choose another dtype."
        )


def _require_writable(bench: Workbench, path: Path, dtype: str) -> None:
    if dtype not in DTYPES:
        raise ZooError(f"dtype is '{dtype}'; choose one of {', '.join(DTYPES)}.")
    require_place(bench, path, what="merged weights")


def require_place(bench: Workbench, path: Path, *, what: str) -> None:
    """Refuse a file that cannot be or must not be written.

    Raises:
        ZooError: The name does not end in `.safetensors`, its folder is missing, or it is one of the zoo's
            own files.
        FileError: The path cannot be followed.
    """
    if path.suffix != ".safetensors":
        raise ZooError(f"'{path.name}' must end in .safetensors, the format {what} are saved in.")
    place = resolved(path)
    if not place.parent.is_dir():
        raise ZooError(f"The folder '{place.parent}' does not exist; make it first.")
    if place in _own_files(bench):
        raise ZooError(f"'{path}' is one of the zoo's own files; choose another name.")


def _own_files(bench: Workbench) -> set[Path]:
    """Checkpoints, heads and evaluation files: all of them may be safetensors."""
    entries = bench.zoo.file.evaluated
    heads = {entry.head_file for entry in entries if entry.head_file}
    images = {Path(source) for entry in entries for source in entry.eval_sets.values()}
    models = {path for facts in bench.zoo.checkpoints for path in facts.files}
    return {path.resolve() for path in {*heads, *images, *models}}
