import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import duckdb
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from cache.errors import CacheError, StoreError
from cache.keys import ResultKey
from cache.records import RunRecord, TaskRecord
from cache.store import Store

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path / "results")
    yield store
    store.close()


def run_of(**changes) -> RunRecord:
    run = RunRecord(
        zoo_name="Demo",
        zoo_fingerprint="zoo",
        recipe='{"method": "ties"}',
        recipe_digest="recipe",
        method="ties",
        split="val",
        n_images=128,
        device="cpu",
        dtype="float32",
        merge_ms=1.5,
        evaluate_ms=20.0,
        kind="lab",
        mean_accuracy=0.75,
        mean_normalized=None,
        versions={"torch": "2.15"},
    )
    return replace(run, **changes)


DIGITS = TaskRecord(
    task="digits",
    is_control=False,
    n=4,
    correct=3,
    accuracy=0.75,
    low=0.3,
    high=0.95,
    loss=0.5,
    normalized_accuracy=0.8,
)
LETTERS = replace(DIGITS, task="letters", is_control=True, normalized_accuracy=None)


def test_a_run_comes_back_as_it_was_appended(store):
    run = run_of(created=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), note="why")

    store.append_run(run, [LETTERS, DIGITS])

    (found,) = store.runs()
    assert found.record == run
    assert found.tasks == (LETTERS, DIGITS)


def test_a_run_survives_reopening(store, tmp_path):
    run = run_of()
    store.append_run(run, [DIGITS], {"digits/prediction": np.array([1, 2], dtype=np.int16)})
    store.close()

    reopened = Store.open(tmp_path / "results")

    assert [found.record for found in reopened.runs()] == [run]
    assert reopened.predictions(run.run_id)["digits/prediction"].tolist() == [1, 2]
    assert reopened.notice is None
    reopened.close()


def test_runs_come_newest_first_and_of_one_zoo(store):
    for zoo, note in [("a", "1"), ("b", "2"), ("a", "3"), ("a", "4")]:
        store.append_run(run_of(zoo_fingerprint=zoo, note=note), [])

    assert [run.record.note for run in store.runs()] == ["4", "3", "2", "1"]
    assert [run.record.note for run in store.runs("a", limit=2)] == ["4", "3"]


def test_runs_of_other_kinds_take_no_room_in_the_list(store):
    for kind, note in [("lab", "1"), ("cli", "2"), ("sweep", "3"), ("anchor", "4")]:
        store.append_run(run_of(kind=kind, note=note), [])

    assert [run.record.note for run in store.runs(kinds=["lab", "cli"], limit=2)] == ["2", "1"]
    assert store.runs("other", kinds=["lab"]) == []


def test_predictions_come_back_to_the_bit(store):
    run = run_of()
    predictions = {
        "digits/prediction": np.array([3, 1], dtype=np.int32),
        "digits/log_prob": np.array([-0.1, -2.5], dtype=np.float32),
        "digits/margin": np.array([0.25, -1.0], dtype=np.float32),
    }

    store.append_run(run, [DIGITS], predictions)

    found = store.predictions(run.run_id)
    assert_same(found, predictions)


def test_a_run_without_predictions_has_none(store):
    run = run_of()
    store.append_run(run, [DIGITS])

    assert store.predictions(run.run_id) is None


def test_a_run_whose_predictions_cannot_be_written_is_not_kept(store, tmp_path):
    (tmp_path / "results" / "blobs").write_text("a file in the way")

    with pytest.raises(CacheError, match="cannot be made"):
        store.append_run(run_of(), [DIGITS], {"digits/prediction": np.array([1])})

    assert store.runs() == []


def test_a_run_whose_tasks_cannot_be_written_is_not_kept(store):
    many: Any = "many"

    with pytest.raises(StoreError):
        store.append_run(run_of(), [DIGITS, replace(DIGITS, n=many)])

    assert store.runs() == []
    store.append_run(run_of(), [DIGITS])
    assert len(store.runs()) == 1


def test_runs_on_the_same_data_are_found_newest_first(store):
    store.append_run(run_of(note="old"), [DIGITS])
    store.append_run(run_of(note="new"), [DIGITS])
    store.append_run(run_of(split="test"), [DIGITS])

    found = store.find_runs("zoo", "recipe", "val", 128, device="cpu")

    assert [run.record.note for run in found] == ["new", "old"]
    assert found[0].tasks == (DIGITS,)
    assert store.find_runs("zoo", "recipe", "val", 128, device="cpu", limit=1) == found[:1]


def test_runs_of_an_earlier_start_are_found(tmp_path):
    earlier = Store.open(tmp_path)
    earlier.append_run(run_of(), [DIGITS])
    earlier.close()

    store = Store.open(tmp_path)

    assert len(store.find_runs("zoo", "recipe", "val", 128, device="cpu")) == 1


def test_only_runs_of_the_kinds_named_are_found(store):
    for kind in ("lab", "sweep"):
        store.append_run(run_of(kind=kind), [])

    found = store.find_runs("zoo", "recipe", "val", 128, device="cpu", kinds=["lab", "cli"])

    assert [run.record.kind for run in found] == ["lab"]


@pytest.mark.parametrize(
    "changes",
    [
        {"zoo_fingerprint": "other"},
        {"recipe_digest": "other"},
        {"split": "test"},
        {"n_images": None},
        {"device": "cuda"},
    ],
    ids=str,
)
def test_a_run_on_other_data_is_not_found(store, changes):
    store.append_run(run_of(**changes), [])

    assert store.find_runs("zoo", "recipe", "val", 128, device="cpu") == []


def test_a_run_on_all_images_is_found_as_such(store):
    store.append_run(run_of(n_images=None), [])

    assert len(store.find_runs("zoo", "recipe", "val", None, device="cpu")) == 1


def test_only_what_people_evaluated_on_test_is_counted(store):
    for kind, split in [("lab", "test"), ("cli", "test"), ("anchor", "test"), ("lab", "val")]:
        store.append_run(run_of(kind=kind, split=split), [])
    store.append_run(run_of(zoo_fingerprint="other", split="test"), [])

    assert store.count_test_evaluations("zoo") == 2


def test_the_last_remembered_setting_counts(store):
    store.remember("recent zoos", ["a"])
    store.remember("recent zoos", ["b", "a"])
    store.remember("theme", None)

    assert store.recall("recent zoos") == ["b", "a"]
    assert store.recall("theme") is None
    assert store.recall("never said") is None


KEY = ResultKey("norms", 1, {"base": "a1", "task": "b2"})


def sizes(l2=0.1):
    return {"l2": np.array([l2, 1e-300, np.pi]), "n": np.array([[3, 2**62]]), "none": np.zeros((0, 2))}


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


def never():
    pytest.fail("computed again")


def test_a_result_is_computed_once_and_remembered_after_reopening(store, tmp_path):
    computed = store.result(KEY, sizes)
    store.close()
    reopened = Store.open(tmp_path / "results")

    found, known = reopened.result(KEY, never), reopened.known_result(KEY)

    for one in (computed, found, known):
        assert_same(one, sizes())
    reopened.close()


def test_a_result_without_numbers_is_a_result(store):
    store.result(KEY, dict)

    assert store.result(KEY, never) == {}


@pytest.mark.parametrize(
    "other",
    [
        ResultKey("signs", 1, KEY.inputs),
        ResultKey("norms", 2, KEY.inputs),
        ResultKey("norms", 1, {"base": "b2", "task": "a1"}),
    ],
    ids=["name", "version", "inputs"],
)
def test_a_result_of_another_key_is_computed_by_itself(store, other):
    store.result(KEY, sizes)

    assert store.known_result(other) is None
    assert_same(store.result(other, lambda: sizes(2.0)), sizes(2.0))
    assert_same(store.known_result(KEY), sizes())


def test_eight_threads_asking_at_once_compute_once(store):
    together = Barrier(8)
    computations = []

    def compute():
        computations.append(1)
        time.sleep(0.05)
        return sizes()

    def ask(_):
        together.wait()
        return store.result(KEY, compute)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))

    for answer in answers:
        assert_same(answer, sizes())
    assert len(computations) == 1


def test_different_keys_do_not_wait_for_each_other(store):
    finished = Event()

    def wait():
        assert finished.wait(10)
        return {}

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(store.result, KEY, wait)
        store.result(ResultKey("signs", 1, {}), dict)
        finished.set()

        assert waiting.result() == {}


def test_a_failed_computation_is_not_remembered(store):
    with pytest.raises(ZeroDivisionError):
        store.result(KEY, lambda: {"l2": np.array([1 / 0])})

    assert_same(store.result(KEY, sizes), sizes())


def test_an_array_that_holds_no_numbers_is_refused_and_nothing_is_kept(store):
    with pytest.raises(StoreError, match="'task' holds <U6; it must hold numbers"):
        store.result(KEY, lambda: {**sizes(), "task": np.array(["digits"])})

    assert store.known_result(KEY) is None


def test_a_damaged_result_is_computed_again(store, tmp_path):
    store.result(KEY, sizes)
    (file,) = (tmp_path / "results" / "blobs").glob("result-*")
    file.write_bytes(file.read_bytes()[:-8])

    assert store.known_result(KEY) is None
    assert_same(store.result(KEY, lambda: sizes(3.0)), sizes(3.0))
    assert_same(store.known_result(KEY), sizes(3.0))


def test_eight_threads_append_and_read_without_losing_a_run(store):
    def work(thread):
        for number in range(10):
            store.append_run(run_of(note=f"{thread}.{number}"), [DIGITS, LETTERS])
            assert all(len(run.tasks) == 2 for run in store.runs(limit=5))
            store.remember("last", thread)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    notes = {run.record.note for run in store.runs()}
    assert notes == {f"{thread}.{number}" for thread in range(8) for number in range(10)}


def in_sql(statement):
    def change(folder):
        with duckdb.connect(folder / "results.duckdb") as connection:
            connection.execute(statement).fetchall()

    return change


def in_file(name, change):
    def changed(folder):
        change(next(folder.glob(name)) if "*" in name else folder / name)

    return changed


def cut_to(share):
    return lambda path: path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])


def filled_with(content):
    return lambda path: path.write_bytes(content)


def turned(at):
    def turn(path):
        content = bytearray(path.read_bytes())
        for place in range(int(at * len(content)), min(len(content), int(at * len(content)) + 512)):
            content[place] ^= 0xFF
        path.write_bytes(content)

    return turn


def replaced_by(make):
    def replaced(path):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        make(path)

    return replaced


def a_link_to(target):
    return replaced_by(lambda path: path.symlink_to(target))


A_PIPE, A_FOLDER, A_FILE = replaced_by(os.mkfifo), replaced_by(Path.mkdir), replaced_by(Path.touch)

DATABASE = {
    "newer": in_sql("update schema_version set version = 2"),
    "older": in_sql("update schema_version set version = 0"),
    "no version": in_sql("delete from schema_version"),
    "no table of runs": in_sql("drop table runs"),
    "no table of tasks": in_sql("drop table task_results"),
    "no table of settings": in_sql("drop table settings"),
    "no column": in_sql("alter table task_results drop column loss"),
    "renamed column": in_sql("alter table runs rename column recipe_digest to digest"),
    "column of another type": in_sql("alter table runs alter column merge_ms type text"),
    "empty": in_file("results.duckdb", filled_with(b"")),
    "text": in_file("results.duckdb", filled_with(b"no database at all" * 1000)),
    "zeros": in_file("results.duckdb", filled_with(bytes(300_000))),
    "cut to a tenth": in_file("results.duckdb", cut_to(0.1)),
    "first header only": in_file("results.duckdb", cut_to(0.005)),
    "turned header": in_file("results.duckdb", turned(0)),
    "pipe": in_file("results.duckdb", A_PIPE),
    "folder": in_file("results.duckdb", A_FOLDER),
    "link to itself": in_file("results.duckdb", a_link_to("results.duckdb")),
    "link to a device": in_file("results.duckdb", a_link_to("/dev/zero")),
    "pipe as log": in_file("results.duckdb.wal", A_PIPE),
    "folder as log": in_file("results.duckdb.wal", A_FOLDER),
}
"""Ways to spoil the database so that it cannot be opened."""

WITHIN = {
    "cut to a half": in_file("results.duckdb", cut_to(0.5)),
    "cut to nine tenths": in_file("results.duckdb", cut_to(0.9)),
    "turned middle": in_file("results.duckdb", turned(0.5)),
    "turned end": in_file("results.duckdb", turned(0.97)),
    "text as log": in_file("results.duckdb.wal", filled_with(b"no log")),
    "no time": in_sql("update runs set created = null"),
    "versions that are no JSON": in_sql("update runs set versions = '{'"),
    "no versions": in_sql("update runs set versions = null"),
    "settings that are no JSON": in_sql("update settings set value = '{'"),
    "blobs gone": lambda folder: shutil.rmtree(folder / "blobs"),
    "blobs a file": in_file("blobs", A_FILE),
    "blobs a pipe": in_file("blobs", A_PIPE),
    "blobs a link to nowhere": in_file("blobs", a_link_to("nowhere")),
    "blobs a link to themselves": in_file("blobs", a_link_to("blobs")),
    "empty result": in_file("blobs/result-*", filled_with(b"")),
    "cut result": in_file("blobs/result-*", cut_to(0.5)),
    "turned result": in_file("blobs/result-*", turned(0.9)),
    "pipe for a result": in_file("blobs/result-*", A_PIPE),
    "folder for a result": in_file("blobs/result-*", A_FOLDER),
    "another result": in_file("blobs/result-*", lambda path: save_file({"l2": torch.zeros(3)}, path)),
}
"""Ways to spoil what is in the folder, some of which are noticed when it is read."""


@pytest.fixture
def used(tmp_path):
    """A folder of results that was used and given back, and its run."""
    folder, run = tmp_path / "results", run_of()
    store = Store.open(folder)
    store.append_run(run, [DIGITS], {"digits/prediction": np.array([1])})
    store.remember("recent zoos", ["a"])
    store.result(KEY, sizes)
    store.close()
    return folder, run


def use(folder, run):
    """Whatever a store is used for, with an answer each time; what is known is right, the rest is none."""
    store = Store.open(folder)
    assert store.recall("recent zoos") in (["a"], None)
    assert store.predictions(run.run_id) in ({"digits/prediction": np.array([1])}, None)
    found = [one.record for one in store.find_runs("zoo", "recipe", "val", 128, device="cpu")]
    assert found in ([run], [replace(run, versions={})], [])
    assert len(store.runs()) in (0, 1)
    assert store.count_test_evaluations("zoo") == 0
    assert_same(store.result(KEY, sizes), sizes())
    with suppress(CacheError):
        store.append_run(run_of(note="new"), [DIGITS], {"digits/prediction": np.array([1])})
    store.remember("recent zoos", ["b"])
    return store


@pytest.mark.timeout(60)
@pytest.mark.parametrize("spoil", DATABASE.values(), ids=DATABASE)
def test_results_that_cannot_be_opened_cost_the_history_and_nothing_else(used, spoil):
    folder, run = used
    spoil(folder)
    before = sorted((path.name, path.lstat().st_size) for path in folder.iterdir())

    store = use(folder, run)

    assert store.notice.endswith("This session's runs are not kept.")
    assert "elete" not in store.notice
    assert "TAUSCOPE_CACHE" in store.notice or "it is a" in store.notice or "links" in store.notice
    assert [one.record.note for one in store.runs()] == ["new"]
    assert store.recall("recent zoos") == ["b"]
    assert sorted((path.name, path.lstat().st_size) for path in folder.iterdir()) == before
    store.close()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("spoil", WITHIN.values(), ids=WITHIN)
def test_results_that_are_damaged_inside_are_computed_again(used, spoil):
    folder, run = used
    spoil(folder)

    use(folder, run).close()


def test_newer_results_are_left_to_the_newer_version(used):
    folder, run = used
    DATABASE["newer"](folder)

    store = use(folder, run)

    assert store.notice == (
        f"In '{folder}', results.duckdb was written by a newer Tauscope (schema 2, this one knows 1). Open "
        "it with the newer one, or set TAUSCOPE_CACHE to another folder. This session's runs are not kept."
    )
    store.close()


def test_a_database_of_something_else_is_left_alone(tmp_path):
    in_sql("create table groceries (item text)")(tmp_path)

    store = Store.open(tmp_path)

    assert "results.duckdb is a database of something else. Set TAUSCOPE_CACHE" in store.notice
    store.close()


@pytest.mark.parametrize("make", [Path.touch, os.mkfifo, lambda path: path.symlink_to(path)])
def test_a_folder_that_cannot_be_made_costs_the_history_only(tmp_path, make):
    make(tmp_path / "file")

    for folder in (tmp_path / "file", tmp_path / "file" / "results", Path("/proc/results")):
        store = use(folder, run_of())

        assert "cannot hold results: " in store.notice
        assert "Set TAUSCOPE_CACHE to another folder. This session's" in store.notice
        store.close()


def test_a_folder_in_which_nothing_can_be_written_costs_the_history_only():
    store = use(Path("/proc/self"), run_of())

    assert "results.duckdb cannot be used: " in store.notice
    store.close()


@pytest.mark.parametrize("is_fresh", [True, False])
@pytest.mark.parametrize("what", ["folder", "file", "another file"])
def test_results_removed_while_the_store_is_open_are_kept_in_memory_and_noticed(used, what, is_fresh):
    folder, run = used
    store = Store.open(folder)
    if not is_fresh:
        store.remember("recent zoos", ["a"])

    if what == "folder":
        shutil.rmtree(folder)
    else:
        (folder / "results.duckdb").unlink()
    if what == "another file":
        (folder / "results.duckdb").touch()
    store.append_run(run_of(note="new"), [DIGITS], {"digits/prediction": np.array([1])})

    assert [one.record for one in store.runs()][1:] == [run]
    assert store.runs()[0].tasks == (DIGITS,)
    assert store.recall("recent zoos") == ["a"]
    assert store.notice.startswith("The file of results was removed or replaced while Tauscope runs")
    store.close()
    if what != "another file":
        assert Store.open(folder).notice is None


def test_what_killed_processes_left_is_cleared_away_at_the_next_start(used):
    folder, _ = used
    for name in (".result-1.safetensors.0123456789abcdef.tmp", ".tmpAb12Cd"):
        (folder / "blobs" / name).touch()

    Store.open(folder).close()

    assert not list((folder / "blobs").glob(".*"))


def test_setting_that_cannot_be_kept_is_noticed(store, monkeypatch):
    def full(*_):
        raise StoreError("results.duckdb failed: No space left on device.")

    monkeypatch.setattr(store._database, "append", full)
    store.remember("recent zoos", ["a"])

    assert store.recall("recent zoos") is None
    assert store.notice == (
        "A setting could not be kept for later: results.duckdb failed: No space left on device."
    )


def test_the_environment_chooses_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TAUSCOPE_CACHE", str(tmp_path / "chosen"))

    Store.open().close()

    assert (tmp_path / "chosen" / "results.duckdb").exists()


HOLD = """
import sys
from pathlib import Path
from cache.store import Store
store = Store.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other_process(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def test_beside_another_process_the_store_works_without_history_and_states_so(other_process, tmp_path):
    store = Store.open(tmp_path)
    run = run_of()

    store.append_run(run, [DIGITS], {"digits/prediction": np.array([1])})

    assert "Another process uses the results" in store.notice
    assert [found.record for found in store.runs()] == [run]
    assert store.predictions(run.run_id)["digits/prediction"].tolist() == [1]
    assert not (tmp_path / "blobs").exists()
    store.close()


def test_a_killed_process_leaves_a_store_that_opens(other_process, tmp_path):
    other_process.kill()
    other_process.wait()

    store = Store.open(tmp_path)

    assert store.notice is None
    assert store.runs() == []
    store.close()
