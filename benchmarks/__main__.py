"""`python -m benchmarks`: every hot path in one run and one table."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from benchmarks import (
    evaluating,
    memory,
    merging,
    on_cuda,
    opening,
    painting,
    statistics_passes,
    tall_passes,
)
from benchmarks.table import HEADER, show

VIT_B_32 = 87_849_216


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=int, default=VIT_B_32, help="of each model")
    parser.add_argument("--tasks", type=int, default=8)
    parser.add_argument("--files", type=Path, help="where the zoo to open is written, 3.2 GB by default")
    parser.add_argument(
        "--device", choices=["cpu", "cuda"], default="cpu", help="cuda: merging and evaluating"
    )
    given = parser.parse_args()
    size = given.tasks, given.weights
    print(f"{given.tasks} tasks, {given.weights:,} weights, {torch.get_num_threads()} threads\n\n{HEADER}")
    if given.device == "cuda":
        show(on_cuda.lines(*size))
        with TemporaryDirectory() as folder:
            show(evaluating.lines(Path(folder), device="cuda"))
        return
    show(merging.lines(*size))
    show(statistics_passes.lines(*size))
    show(tall_passes.lines(*size))
    show(memory.lines(*size))
    with TemporaryDirectory(dir=given.files) as folder:
        show(opening.lines(Path(folder), *size))
    with TemporaryDirectory() as folder:
        show(evaluating.lines(Path(folder), device="cpu"))
    with TemporaryDirectory() as folder:
        show(painting.lines(Path(folder)))


if __name__ == "__main__":
    main()
