"""Opening a zoo, against reading its bytes once and against loading every file and subtracting."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from app.work.jobs import JobContext
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import read_zoo_file
from benchmarks.naive import state_dict_shapes
from benchmarks.table import Line
from benchmarks.timing import fastest, medians
from tests.peak_memory import added_at_peak

_PIECE = 1 << 20
_REPEATS = 3
_SLACK = 300e6  # bytes opening may take beyond base, task vectors and one more row

_SETUP = """
import torch
from pathlib import Path
from app.work.jobs import JobContext
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import read_zoo_file
"""
_OPEN = "zoo_weights(read_zoo_file(Path({folder!r})), JobContext(), device=torch.device('cpu'))"


def lines(folder: Path, n_tasks: int, n_weights: int) -> Iterator[Line]:
    """Write a zoo into the folder and open it, all ways in turns."""
    paths = _write_zoo(folder, n_tasks, n_weights)
    ways = {
        "floor: one reader": lambda: _read(paths, 1),
        "floor: two readers": lambda: _read(paths, 2),
        "zoo_weights": lambda: zoo_weights(read_zoo_file(folder), JobContext(), device=torch.device("cpu")),
        "load_file": lambda: _load_and_subtract(paths),
    }
    seconds = medians(ways, repeats=_REPEATS, warm_up=False, before=lambda: _forget(paths))
    yield Line(
        path="opening a zoo, cold",
        measured=seconds["zoo_weights"],
        floor=fastest(seconds, "floor"),
        n_bytes=sum(path.stat().st_size for path in paths),
        peer=seconds["load_file"],
        target=1.5,
    )
    yield Line(
        path="memory at most while opening",
        measured=added_at_peak(_SETUP, _OPEN.format(folder=str(folder))),
        floor=(n_tasks + 2) * 4 * n_weights + _SLACK,
        target=1.0,
        is_memory=True,
    )


def _write_zoo(folder: Path, n_tasks: int, n_weights: int) -> list[Path]:
    base = torch.randn(n_weights)
    names = ["base", *(f"task{t}" for t in range(n_tasks))]
    paths = [folder / f"{name}.safetensors" for name in names]
    for path in paths:
        save_file(_named(base), path)
        base = base + 1e-3 * torch.rand(n_weights)
    tasks = "".join(f'[[tasks]]\nname = "{name}"\ncheckpoint = "{name}.safetensors"\n' for name in names[1:])
    (folder / "zoo.toml").write_text(f'name = "Made up"\n[base]\ncheckpoint = "base.safetensors"\n{tasks}')
    return paths


def _named(flat: Tensor) -> dict[str, Tensor]:
    return {f"visual.{i}": part for i, part in enumerate(torch.split(flat, state_dict_shapes(flat.numel())))}


def _read(paths: Sequence[Path], n_readers: int) -> None:
    with ThreadPoolExecutor(n_readers) as pool:
        list(pool.map(_read_file, paths))


def _read_file(path: Path) -> None:
    piece = bytearray(_PIECE)
    with path.open("rb", buffering=0) as file:
        while file.readinto(piece):
            pass


def _forget(paths: Sequence[Path]) -> None:
    """Have the files read from disk again, where the system allows it."""
    for path in paths:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _load_and_subtract(paths: Sequence[Path]) -> list[dict[str, Tensor]]:
    base, *others = [load_file(path) for path in paths]
    return [{name: values - base[name] for name, values in other.items()} for other in others]
