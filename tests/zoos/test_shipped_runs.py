import json
from pathlib import Path

import numpy as np
import pytest

from analysis.merge.recipe import Recipe
from app.bench.workbenches import Workbenches
from app.work.jobs import JobContext
from cache.shipped import FILE
from cache.store import Store

DEMO = Path(__file__).parents[2] / "zoos" / "demo"
SAMPLE = 6


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    store = Store.open(tmp_path_factory.mktemp("store"))
    yield Workbenches(store, measures_again=False).open(DEMO, JobContext(), device="cpu")
    store.close()


@pytest.fixture(scope="module")
def measuring(tmp_path_factory):
    store = Store.open(tmp_path_factory.mktemp("store"))
    yield Workbenches(store).open(DEMO, JobContext(), device="cpu")
    store.close()


def test_file_is_small_and_of_the_zoo_as_it_is(demo):
    assert (DEMO / FILE).stat().st_size <= 10_000_000
    assert len(demo.history.shipped.runs) > 200
    assert demo.warnings == ()


@pytest.mark.parametrize("place", range(SAMPLE))
def test_sample_measured_again_lies_within_the_shipped_intervals(place, demo, measuring):
    runs = [run for run in demo.history.shipped.runs if run.record.kind != "anchor"]
    chosen = runs[int(np.random.default_rng(42).permutation(len(runs))[place])]
    recipe = Recipe.from_mapping(json.loads(chosen.record.recipe), tasks=demo.tasks)
    tasks = [task.task for task in chosen.tasks]

    run = measuring.run(recipe, n_images=chosen.record.n_images, tasks=tasks).compute(JobContext())

    assert run.shipped == ""
    for score, shipped in zip((*run.tasks, *run.controls), chosen.tasks, strict=True):
        assert score.task == shipped.task
        assert score.n == shipped.n
        assert shipped.low <= score.accuracy <= shipped.high
        assert score.loss == pytest.approx(shipped.loss, abs=0.02)
