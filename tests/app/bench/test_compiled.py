import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.bench.compiled import COMPILING, PREPARING, compile_merges
from app.work.jobs import JobCancelled, JobContext

ROOT = Path(__file__).parents[3]

_COUNTED = """
import json, sys
import app, numba, torch
from app.bench.compiled import COMPILING, PREPARING, compile_merges
from app.work.jobs import JobContext
from analysis.merge.engine import MergeEngine
from analysis.merge.registry import merge_methods
from analysis.merge.recipe import Recipe
from tests.conftest import SHAPES
from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors

def loops():
    return [
        value for name, module in sys.modules.items() if name.startswith("analysis.kernels.")
        for value in vars(module).values() if hasattr(value, "signatures")
    ]

def n_compiled():
    return sum(len(loop.signatures) for loop in loops())

compile_merges({n_tasks}, JobContext())
before = n_compiled()
layout = Layout.from_shapes(SHAPES)
tasks = [str(t) for t in range({n_tasks})]
deltas = torch.randn({n_tasks}, layout.n_weights)
changed = (True,) * len(layout.parameters)
engine = MergeEngine(TaskVectors(layout, tuple(tasks), torch.ones(layout.n_weights), deltas, changed))
for method in merge_methods():
    for first in (1.0, 0.0, -1.0):
        for scale in ({{"scaling": 0.3}}, {{"scaling": 0.4}}, {{"lines": {{"alpha": 0.1, "beta": 0.5}}}}):
            weights = {{"0": first}}
            engine.merge(Recipe.from_mapping({{"method": method, "weights": weights, **scale}}, tasks=tasks))
misses = sum(sum(loop.stats.cache_misses.values()) for loop in loops())
print(json.dumps({{"before": before, "after": n_compiled(), "misses": misses}}))
"""


def _counted(n_tasks, folder=ROOT, **environment):
    known = {name: value for name, value in os.environ.items() if name not in environment}
    done = subprocess.run(
        [sys.executable, "-c", _COUNTED.format(n_tasks=n_tasks)],
        cwd=folder,
        env={**known, **{name: value for name, value in environment.items() if value is not None}},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("n_tasks", [2, 11])
def test_no_slider_waits_for_a_compiler(n_tasks):
    counted = _counted(n_tasks)

    assert counted["after"] == counted["before"] > 0


def test_compiled_loops_are_kept_in_the_users_folder_and_found_again(tmp_path):
    copy = tmp_path / "copy"
    for package in ("analysis", "app", "cache", "tests"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    kept = {"TAUSCOPE_CACHE": str(tmp_path / "user"), "NUMBA_CACHE_DIR": None}

    first, again = _counted(2, copy, **kept), _counted(2, copy, **kept)

    assert first["misses"] > 0
    assert again["misses"] == 0
    assert list((tmp_path / "user" / "kernels").rglob("*.nbi"))
    assert not list(copy.rglob("*.nbi"))


def test_compiling_can_be_stopped():
    context = JobContext()
    context.cancelled = True

    with pytest.raises(JobCancelled):
        compile_merges(2, context)


@pytest.mark.parametrize(("kept", "note"), [([], COMPILING), (["k/loop.nbc"], PREPARING)])
def test_first_start_on_a_machine_says_that_it_compiles_and_how_long(kept, note, tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    for name in kept:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    context = JobContext()

    compile_merges(2, context)

    assert context.progress.note == note
