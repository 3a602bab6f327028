"""`make faults`: processes killed at random moments, and caches that are damaged: what holds afterwards.

A killed process leaves the old file, none, or a whole one; results that were stored stay; the next start
works and clears what was left behind. A damaged cache costs a new measurement, never the zoo.
"""

import argparse
import json
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from cache.checkpoints import open_checkpoint
from tests.hostile.forked import Forked, Reading, forked
from tests.zoo_on_disk import write_zoo

_DATABASE = "results.duckdb"
NEWER = "a newer database"


@dataclass(slots=True)
class Line:
    """One promise: how often it was tried, and what broke it."""

    what: str
    n_tried: int = 0
    broken: list[str] = field(default_factory=list)

    def expect(self, holds: bool, otherwise: str) -> None:
        """Count one try."""
        self.n_tried += 1
        if not holds:
            self.broken.append(otherwise)

    def __str__(self) -> str:
        row = f"{self.what:60} {self.n_tried:6} {self.n_tried - len(self.broken):6} {len(self.broken):8}"
        return "\n".join([row, *(f"    {one[:200]}" for one in self.broken[:5])])


class Scene:
    """A small zoo, a recipe, and the process from which commands are forked."""

    def __init__(self, folder: Path, run: Forked) -> None:
        self.run, self.cache, self.folder = run, folder / "cache", folder
        self.zoo = write_zoo(folder / "zoo", controls=["letters"])
        self.merged = folder / "merged.safetensors"
        self.scores = self._scores(self.evaluate(0.4))

    def recipe(self, scaling: float) -> str:
        """A recipe's file."""
        path = self.folder / f"{scaling}.yaml"
        path.write_text(f"scaling: {scaling}\n", encoding="utf-8")
        return str(path)

    def evaluate(self, scaling: float, *, patience: float = 60) -> Reading:
        """Measure, or be killed while measuring."""
        arguments = ["evaluate", str(self.zoo), self.recipe(scaling), "--json"]
        return self.run(arguments, patience=patience)

    def merge(self, scaling: float, *, patience: float = 60) -> Reading:
        """Save, or be killed while saving."""
        arguments = ["merge", str(self.zoo), self.recipe(scaling), "-o", str(self.merged)]
        return self.run(arguments, patience=patience)

    def is_as_before(self, reading: Reading) -> bool:
        """Whether an evaluation of the first recipe gave what it gave at first."""
        return reading.exit_code == 0 and self._scores(reading) == self.scores

    def left_behind(self) -> list[str]:
        """Temporary files beside the output and in the cache."""
        return [str(path) for path in self.folder.rglob("*.tmp")]

    @staticmethod
    def _scores(reading: Reading) -> object:
        if reading.exit_code:
            raise RuntimeError(f"The sound zoo cannot be evaluated: {reading.err}")
        return [[one["task"], one["correct"], one["n"]] for one in json.loads(reading.out)["tasks"]]


def killed(scene: Scene, rounds: int, draw: random.Random) -> Iterator[Line]:
    """Kill savers and measurers at random moments."""
    files = Line("killed while saving: the file is old, none or whole")
    clean = Line("the next save works and leaves no temporary file")
    results = Line("killed while measuring: the next start measures the same")
    for number in range(rounds):
        scene.merge(0.1 + 0.001 * number, patience=draw.uniform(0.05, 0.9))
        files.expect(_is_whole(scene.merged), f"round {number}: {scene.merged.name} is half written")
        if number % 5 == 0:
            saved = scene.merge(0.4)
            clean.expect(
                saved.exit_code == 0 and not scene.left_behind(), f"{saved.err} {scene.left_behind()}"
            )
        scene.evaluate(0.1 + 0.001 * number, patience=draw.uniform(0.05, 1.2))
        if number % 5 == 0:
            found = scene.evaluate(0.4)
            results.expect(scene.is_as_before(found), f"round {number}: {found.err}")
    yield from (files, clean, results)


def damaged(scene: Scene, ways: Iterable[str]) -> Iterator[Line]:
    """Damage the cache in some of the ways of `DAMAGE`, and evaluate what was stored there."""
    line = Line("damaged cache: the zoo is measured as before")
    kept = Line("a history that another version wrote is not thrown away")
    whole = scene.folder / "whole"
    shutil.copytree(scene.cache, whole)
    for name in ways:
        _remove(scene.cache)
        shutil.copytree(whole, scene.cache)
        DAMAGE[name](scene.cache)
        newer = name == NEWER and (scene.cache / _DATABASE).read_bytes()
        found = scene.evaluate(0.4)
        line.expect(scene.is_as_before(found), f"{name}: exit {found.exit_code}, {found.err}")
        if newer:
            kept.expect((scene.cache / _DATABASE).read_bytes() == newer, name)
    yield from (line, kept)


def _remove(cache: Path) -> None:
    if cache.is_dir():
        shutil.rmtree(cache)
    else:
        cache.unlink(missing_ok=True)


def _is_whole(path: Path) -> bool:
    return not path.exists() or bool(open_checkpoint(path).digest())


def _cut(share: float, cache: Path) -> None:
    file = cache / _DATABASE
    file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])


def _flip(at: float, cache: Path) -> None:
    file = cache / _DATABASE
    content = bytearray(file.read_bytes())
    content[int(at * len(content))] ^= 0xFF
    file.write_bytes(bytes(content))


def _blobs(change: Callable[[Path], object], cache: Path) -> None:
    for blob in (cache / "blobs").rglob("*.safetensors"):
        change(blob)


def _instead(make: Callable[[Path], object], cache: Path) -> None:
    (cache / _DATABASE).unlink()
    make(cache / _DATABASE)


def _version(number: int, cache: Path) -> None:
    with duckdb.connect(str(cache / _DATABASE)) as database:
        database.execute("update schema_version set version = ?", [number])


def _all_the_same(cache: Path) -> None:
    content = next((cache / "blobs").rglob("*.safetensors")).read_bytes()
    _blobs(lambda blob: blob.write_bytes(content), cache)


def _a_file(cache: Path) -> None:
    shutil.rmtree(cache)
    cache.write_text("x", encoding="utf-8")


DAMAGE: dict[str, Callable[[Path], object]] = {
    **{f"the database cut to {share:.0%}": partial(_cut, share) for share in (0.0, 0.01, 0.3, 0.7, 0.99)},
    **{f"a byte turned at {at:.0%}": partial(_flip, at) for at in (0.0, 0.001, 0.2, 0.5, 0.8)},
    "blobs empty": partial(_blobs, lambda blob: blob.write_bytes(b"")),
    "blobs cut": partial(_blobs, lambda blob: blob.write_bytes(blob.read_bytes()[:-8])),
    "blobs turned": partial(
        _blobs, lambda blob: blob.write_bytes(blob.read_bytes()[:-4] + b"\xff\xff\xff\x7f")
    ),
    "blobs gone": partial(_blobs, Path.unlink),
    "all blobs the same": _all_the_same,
    "a pipe for a database": partial(_instead, os.mkfifo),
    "a folder for a database": partial(_instead, Path.mkdir),
    "text for a database": partial(_instead, lambda path: path.write_text("hello")),
    "a link to /dev/zero for a database": partial(_instead, lambda path: path.symlink_to("/dev/zero")),
    NEWER: partial(_version, 999),
    "an older database": partial(_version, 0),
    "a file for the cache": _a_file,
    "no cache": shutil.rmtree,
}


def main() -> None:
    """Print a table; the exit status is 1 if anything did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100, help="of killing, two processes each")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    print(f"{'promise':60} {'tried':>6} {'held':>6} {'did not':>8}")
    n_broken = 0
    with TemporaryDirectory() as folder, forked(Path(folder)) as run:
        scene = Scene(Path(folder), run)
        for lines in (killed(scene, chosen.rounds, random.Random(chosen.seed)), damaged(scene, DAMAGE)):
            for line in lines:
                print(line, flush=True)
                n_broken += len(line.broken)
    sys.exit(1 if n_broken else 0)


if __name__ == "__main__":
    main()
