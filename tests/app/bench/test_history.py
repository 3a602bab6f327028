from dataclasses import replace
from datetime import UTC, datetime

import pytest
import torch

from analysis.merge.recipe import Recipe
from app.bench.history import History
from app.work.jobs import JobContext
from cache.errors import CacheError
from cache.records import new_id
from cache.store import Store


@pytest.fixture
def run(bench):
    return bench.run(recipe(bench), n_images=16).compute(JobContext())


def recipe(bench, **given):
    return Recipe.from_mapping({"lines": {"beta": 0.5}, **given}, tasks=bench.tasks)


def history_of(bench, **others):
    known = {
        "zoo_name": "Tiny zoo",
        "fingerprint": bench.history.fingerprint,
        "tasks": bench.tasks,
        "device": bench.device,
        "eval_sets": bench.setup.eval_sets,
    }
    store = others.pop("store", bench.history.store)
    return History(store, **{**known, **others})


def find(history, a_recipe, *, split="val", n_images=16, names=("shallow",)):
    return history.find(a_recipe, split=split, n_images=n_images, names=names)


def test_run_comes_back_as_it_was(bench, run):
    found = find(bench.history, run.recipe)

    for field in ("run_id", "recipe", "split", "n_images", "tasks", "controls", "mean", "alpha"):
        assert getattr(found, field) == getattr(run, field)
    assert found.from_history
    assert list(found.predictions) == list(run.predictions)
    for task, one in run.predictions.items():
        for column in ("labels", "prediction", "log_prob", "margin"):
            before, after = getattr(one, column), getattr(found.predictions[task], column)
            assert (before.dtype, before.tolist()) == (after.dtype, after.tolist())


def test_run_outlives_the_process(bench, run, tmp_path):
    bench.history.store.close()

    store = Store.open(tmp_path / "store")

    assert find(history_of(bench, store=store), run.recipe).run_id == run.run_id


@pytest.mark.parametrize(
    "others",
    [{"split": "test"}, {"n_images": None}, {"n_images": 8}, {"names": ("shallow", "unheard of")}],
    ids=str,
)
def test_run_on_other_images_is_another_run(bench, run, others):
    assert find(bench.history, run.recipe, **others) is None


def test_another_recipe_is_another_run(bench, run):
    assert find(bench.history, recipe(bench, seed=1)) is None


@pytest.mark.parametrize("others", [{"fingerprint": "another"}, {"device": torch.device("cuda")}], ids=str)
def test_run_of_another_zoo_or_device_is_another_run(bench, run, others):
    assert find(history_of(bench, **others), run.recipe) is None


def test_run_is_found_behind_one_of_another_device(bench, run):
    history_of(bench, device=torch.device("cuda")).add(replace(run, run_id="on-cuda"), kind="lab")

    assert find(bench.history, run.recipe).run_id == run.run_id


def test_run_is_found_behind_one_of_fewer_tasks(bench, run):
    predictions = {"shallow": run.predictions["shallow"]}
    fewer = replace(run, run_id="fewer", tasks=run.tasks[:1], controls=(), predictions=predictions)
    bench.history.add(fewer, kind="lab")

    assert find(bench.history, run.recipe, names=("shallow", "deep")).run_id == run.run_id
    assert find(bench.history, run.recipe, names=("shallow",)).run_id == "fewer"


def test_run_without_its_predictions_is_not_restored(bench, run, tmp_path):
    for blob in (tmp_path / "store" / "blobs").iterdir():
        blob.unlink()

    assert find(bench.history, run.recipe) is None
    assert bench.history.restored(bench.history.latest()[0]) is None


def test_run_whose_method_is_gone_is_not_restored(bench, run):
    stored = bench.history.latest()[0]
    gone = replace(stored, record=replace(stored.record, recipe='{"method": "no_longer", "scaling": 1}'))

    assert bench.history.restored(gone) is None


def test_list_leaves_out_background_runs(bench, run):
    bench.run(recipe(bench, seed=1), kind="sweep").compute(JobContext())
    asked = bench.run(recipe(bench, seed=2), kind="cli").compute(JobContext())

    assert [stored.record.run_id for stored in bench.history.latest()] == [asked.run_id, run.run_id]
    assert [stored.record.run_id for stored in bench.history.latest(limit=1)] == [asked.run_id]


def test_background_runs_do_not_push_others_out_of_the_list(bench, run):
    for seed in (1, 2):
        bench.run(recipe(bench, seed=seed), n_images=8, kind="sweep").compute(JobContext())

    assert [stored.record.run_id for stored in bench.history.latest(limit=1)] == [run.run_id]


def test_looks_at_test_are_counted_without_the_anchors(bench, run):
    assert bench.history.test_evaluations == 0

    bench.run(recipe(bench), split="test").compute(JobContext())

    assert bench.history.test_evaluations == 1


def test_run_is_kept_with_what_made_it(bench, run):
    record = bench.history.latest()[0].record

    assert (record.zoo_name, record.method, record.device, record.dtype) == (
        "Tiny zoo",
        "task_arithmetic",
        "cpu",
        "float32",
    )
    assert record.recipe_digest == run.recipe.digest()
    assert torch.__version__.startswith(record.versions["torch"])
    assert record.alpha == pytest.approx(1 / 3, rel=1e-5)


def test_run_whose_outputs_were_not_finite_is_no_result(bench, run):
    """An earlier version kept such runs, with an accuracy."""
    history, store = bench.history, bench.history.store
    (stored,) = store.runs(history.fingerprint, kinds=["lab"])
    broken = replace(stored.record, run_id=new_id(), created=datetime.now(UTC))
    tasks = [replace(stored.tasks[0], loss=float("nan")), *stored.tasks[1:]]
    store.append_run(broken, tasks, store.predictions(run.run_id))

    assert [one.record.run_id for one in history.latest()] == [run.run_id]
    assert history.run_named(broken.run_id) is None
    assert find(history, run.recipe).run_id == run.run_id


def test_run_that_cannot_be_kept_is_given_all_the_same(bench, monkeypatch):
    def full(*_):
        raise CacheError("'blobs' cannot be written: No space left on device.")

    monkeypatch.setattr(bench.history.store, "append_run", full)

    run = bench.run(recipe(bench), n_images=16).compute(JobContext())

    assert run.mean.accuracy is not None
    assert bench.history.latest() == []
    assert bench.history.store.notice == (
        "A measured run could not be kept for later: 'blobs' cannot be written: No space left on device."
    )


@pytest.mark.parametrize("change", [{"n": 15}, {"task": "unknown"}])
def test_run_with_other_predictions_than_its_images_is_measured_again(bench, store, run, change):
    history = bench.history
    (stored,) = history.latest()
    other = replace(stored.record, run_id=new_id())
    tasks = [replace(stored.tasks[0], **change), *stored.tasks[1:]]
    store.append_run(other, tasks, store.predictions(run.run_id))

    assert history.run_named(other.run_id) is None
    assert find(history, run.recipe).run_id == run.run_id


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"method": 3}'])
def test_run_whose_recipe_was_damaged_is_as_good_as_gone(bench, store, run, text):
    history = bench.history
    (stored,) = history.latest()
    other = replace(stored.record, run_id=new_id(), recipe=text)
    store.append_run(other, stored.tasks, store.predictions(run.run_id))

    assert history.run_named(other.run_id) is None


def test_interval_without_width_of_before_is_found_with_the_width_it_deserves(bench, run):
    history, store = bench.history, bench.history.store
    (stored,) = store.runs(history.fingerprint, kinds=["lab"])
    all_right = [replace(task, correct=task.n, accuracy=1.0) for task in stored.tasks]
    before = replace(stored.record, run_id=new_id(), mean_accuracy=1.0, mean_low=1.0, mean_high=1.0)
    store.append_run(before, all_right, store.predictions(run.run_id))

    listed = next(one.record for one in history.latest() if one.record.run_id == before.run_id)

    assert (listed.mean_low, listed.mean_high) == pytest.approx((1 - 3.84 / (48 + 3.84), 1.0), abs=1e-3)
    assert history.run_named(before.run_id).mean.low == listed.mean_low
