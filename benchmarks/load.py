"""Many visitors at once, each moving λ in the Merge lab over a real web socket: `make load`."""

import argparse
import asyncio
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import yaml

from analysis.merge.recipe import Recipe
from app.bench.measuring.measured_runs import QUICK_SAMPLE
from benchmarks.browser_tab import BrowserTab, Shown
from benchmarks.served import Served, served

_DEMO = Path(__file__).parents[1] / "zoos" / "demo"
_SLIDER = "merge_lab.0.scaling"
_THINKING = (0.5, 1.5)
"""Seconds between an answer and the next move, from and to."""
_PATIENCE = 240
"""Seconds after which a tab counts as starved."""
_CHECKED = 3
"""Answers a run that are measured again by the command line."""


@dataclass
class Visitor:
    """One tab and what it has seen."""

    tab: BrowserTab
    first: list[float] = field(default_factory=list)
    """Seconds from each move to its first new accuracy."""
    last: list[float] = field(default_factory=list)
    """Seconds from each move to its last accuracy."""
    n_lost: int = 0
    """Moves without an answer."""
    answers: dict[float, Shown] = field(default_factory=dict)
    """What was shown, by λ."""
    n_bytes: int = 0
    """On the wire, from the first move to the last answer."""


def main() -> None:
    """Print a table: one row per number of sessions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, nargs="+", default=[1, 6, 20, 30])
    parser.add_argument("--seconds", type=float, default=120, help="for which each number of sessions moves")
    chosen = parser.parse_args()
    print("sessions  settled/moves  first p50   last p50  p90  max (s)  kB a move  moves a tab  memory MB")
    for n_sessions in chosen.sessions:
        with TemporaryDirectory() as folder, served(_DEMO, Path(folder) / "cache") as server:
            visitors = asyncio.run(_visit(server, n_sessions, chosen.seconds))
            print(_row(visitors, server), flush=True)
            for visitor in visitors:
                for exception in visitor.tab.exceptions:
                    print(f"  {exception}")
        print(_checked(visitors), flush=True)


async def _visit(server: Served, n_sessions: int, seconds: float) -> list[Visitor]:
    """Open all tabs, let them come to rest, and let all of them move."""
    visitors = [Visitor(BrowserTab(server.address)) for _ in range(n_sessions)]
    for visitor in visitors:
        await visitor.tab.open()
    await asyncio.gather(*(_rest(visitor.tab) for visitor in visitors))
    end = perf_counter() + seconds
    await asyncio.gather(*(_move_until(end, visitor, random.Random(i)) for i, visitor in enumerate(visitors)))
    for visitor in visitors:
        await visitor.tab.close()
    return visitors


async def _rest(tab: BrowserTab) -> None:
    while tab.shown is None or not tab.shown.is_whole or not tab.has(_SLIDER):
        if not await tab.next_news(_PATIENCE):
            raise TimeoutError(f"A tab has no first numbers within {_PATIENCE} seconds.")


async def _move_until(end: float, visitor: Visitor, draw: random.Random) -> None:
    tab, at_first = visitor.tab, visitor.tab.traffic.wire
    await asyncio.sleep(draw.uniform(0, 2))
    while perf_counter() < end:
        value = round(draw.uniform(-0.5, 2.0), 2)
        if value in visitor.answers:
            continue
        wanted = _recipe(value, tab).digest()
        begin = await tab.move(_SLIDER, value)
        while tab.shown is None or tab.shown.recipe != wanted or not tab.shown.is_whole:
            left = begin + _PATIENCE - perf_counter()
            if left < 0 or not await tab.next_news(left):
                visitor.n_lost += 1
                break
        else:
            drawn = [one for one in tab.history if one.at > begin and one.recipe == wanted]
            visitor.first.append(next(one.at for one in drawn if one.n_new) - begin)
            visitor.last.append(next(one.at for one in drawn if one.is_whole) - begin)
            visitor.answers[value] = tab.shown
        await asyncio.sleep(draw.uniform(*_THINKING))
    visitor.n_bytes = tab.traffic.wire - at_first


def _recipe(value: float, tab: BrowserTab) -> Recipe:
    tasks = tuple(tab.shown.accuracies) if tab.shown else ()
    return Recipe.from_mapping(_recipe_words(value), tasks=tasks)


def _recipe_words(value: float) -> dict[str, object]:
    return {"method": "task_arithmetic", "scaling": value}


def _row(visitors: Sequence[Visitor], server: Served) -> str:
    first = [seconds for visitor in visitors for seconds in visitor.first]
    last = [seconds for visitor in visitors for seconds in visitor.last]
    n_moves = len(last) + sum(visitor.n_lost for visitor in visitors)
    if not last:
        return f"{len(visitors):8}  {0:7}/{n_moves:<5}"
    p50, p90 = np.quantile(last, [0.5, 0.9])
    kilobytes = sum(visitor.n_bytes for visitor in visitors) / 1000 / n_moves
    per_tab = [len(visitor.last) for visitor in visitors]
    return (
        f"{len(visitors):8}  {len(last):7}/{n_moves:<5}  "
        f"{np.median(first):9.2f}  {p50:9.2f}{p90:5.1f}{max(last):5.1f}"
        f"{kilobytes:15.0f}  {min(per_tab):5} to {max(per_tab):<3}{server.memory() / 1e6:9.0f}"
    )


def _checked(visitors: Sequence[Visitor]) -> str:
    """Measure some answers again by the command line, on its own cache, and compare every accuracy."""
    answers = [answer for visitor in visitors for answer in visitor.answers.items()]
    chosen = random.Random(0).sample(answers, min(_CHECKED, len(answers)))
    n_equal = sum(_evaluated(value) == shown.accuracies for value, shown in chosen)
    return f"          {n_equal} of {len(chosen)} answers equal to `evaluate`"


def _evaluated(value: float) -> dict[str, float | None]:
    with TemporaryDirectory() as folder:
        recipe = Path(folder) / "recipe.yaml"
        recipe.write_text(yaml.safe_dump(_recipe_words(value)), "utf-8")
        command = [sys.executable, "-m", "app", "evaluate", str(_DEMO), str(recipe)]
        options = ["--split", "val", "--images", str(QUICK_SAMPLE), "--json"]
        printed = subprocess.run([*command, *options], check=True, capture_output=True, text=True).stdout
    return {one["task"]: one["accuracy"] for one in json.loads(printed)["tasks"]}


if __name__ == "__main__":
    main()
