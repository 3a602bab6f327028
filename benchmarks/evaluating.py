"""From a recipe to the accuracies of the demo zoo, as the app's worker measures them."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from analysis.evaluation.scores import TaskScore
from analysis.merge.recipe import Recipe
from app.bench.workbenches import Workbenches
from app.work.jobs import JobContext
from app.work.threads import use_threads
from benchmarks.table import Line
from cache.store import Store

_DEMO = Path(__file__).parents[1] / "zoos" / "demo"
_REPEATS = 7


class _Timed(JobContext):
    """Notes when each accuracy is known."""

    def __init__(self) -> None:
        super().__init__()
        self.begin = perf_counter()
        self.seconds: list[float] = []

    def emit(self, value: Any) -> None:
        super().emit(value)
        if isinstance(value, TaskScore):
            self.seconds.append(perf_counter() - self.begin)


def lines(folder: Path, *, device: str) -> Iterator[Line]:
    """Evaluate one recipe after another with the app's own threads; results are kept in the folder."""
    use_threads()
    store = Store.open(folder)
    bench = Workbenches(store).open(_DEMO, JobContext(), device=device)
    firsts, lasts = [], []
    for move in range(_REPEATS + 1):  # the first also measures the reference models
        timed = _Timed()
        recipe = Recipe.from_mapping(
            {"method": "task_arithmetic", "scaling": 0.2 + 0.01 * move}, tasks=bench.tasks
        )
        bench.run(recipe).compute(timed)
        firsts.append(timed.seconds[0])
        lasts.append(timed.seconds[-1])
    store.close()
    yield Line(path="demo zoo, first accuracy", measured=median(firsts[1:]), target=0.3)
    yield Line(path="demo zoo, last accuracy", measured=median(lasts[1:]), target=1.0)
