from dataclasses import replace

import numpy as np
import pytest

from analysis.merge.recipe import Recipe
from app.bench.workbenches import Workbenches
from app.cli.shipping import ship
from app.work.jobs import JobContext
from cache.records import ASKED_FOR
from cache.shipped import FILE, read_shipped, write_shipped
from cache.store import Store
from tests.zoo_on_disk import CLASSES, write_zoo


@pytest.fixture
def zoo(tmp_path):
    """A zoo of this test alone, which is written into."""
    return write_zoo(tmp_path / "zoo")


@pytest.fixture
def elsewhere(tmp_path):
    """Workbenches of another person, who has measured nothing."""
    store = Store.open(tmp_path / "elsewhere")
    yield Workbenches(store, measures_again=False)
    store.close()


def opened(benches, folder):
    return benches.open(folder, JobContext(), device="cpu")


def recipe(bench, scaling):
    return Recipe.from_mapping({"scaling": scaling}, tasks=bench.tasks)


def measured(bench, *scalings, **others):
    return [bench.run(recipe(bench, one), n_images=16, **others).compute(JobContext()) for one in scalings]


def remembered(bench, compute):
    return bench.remembered.measurement("sum", "sum", compute, lambda arrays: float(arrays["x"].sum()))


def test_runs_that_came_with_a_zoo_are_found_and_marked_and_not_in_anybodys_list(bench, zoo, elsewhere):
    (mine,) = measured(bench, 0.4)
    ship(bench)

    there = opened(elsewhere, zoo)
    found, anchors = there.recall(recipe(there, 0.4), split="val", n_images=16, kind="sweep")

    assert found.shipped.startswith("torch 2.")
    assert found.tasks == mine.tasks
    assert found.mean == mine.mean
    for task, one in mine.predictions.items():
        np.testing.assert_array_equal(found.predictions[task].log_prob, one.log_prob)
    assert set(anchors.fine_tuned) == set(bench.tasks)
    assert there.history.latest() == []
    assert there.recall(recipe(there, 0.5), split="val", n_images=16) is None


def test_run_that_a_person_asked_for_is_in_the_list_and_stays_marked(bench, zoo, elsewhere):
    measured(bench, 0.4)
    ship(bench)
    there = opened(elsewhere, zoo)

    there.recall(recipe(there, 0.4), split="val", n_images=16, kind="lab")

    (listed,) = there.history.latest()
    assert listed.record.kind in ASKED_FOR
    assert there.history.run_named(listed.record.run_id).shipped.startswith("torch 2.")


def test_what_was_measured_here_comes_first(bench, zoo, elsewhere, tmp_path):
    measured(bench, 0.4)
    ship(bench)
    own = opened(Workbenches(elsewhere.store), zoo)
    assert own.history.shipped.runs == ()
    measured(own, 0.4)

    found, _ = opened(elsewhere, zoo).recall(recipe(own, 0.4), split="val", n_images=16)

    assert found.shipped == ""


def test_other_results_come_with_a_zoo_too(bench, zoo, elsewhere):
    value = remembered(bench, lambda _: {"x": np.arange(4)}).compute(JobContext())
    measured(bench, 0.4)
    ship(bench)

    there = remembered(opened(elsewhere, zoo), lambda _: pytest.fail("computed again"))

    assert there.find() == there.compute(JobContext()) == value == 6.0


def test_they_are_left_aside_on_request_until_they_are_wanted_again(bench, zoo, elsewhere):
    measured(bench, 0.4)
    ship(bench)

    elsewhere.measure_again(zoo.resolve(), again=True)
    assert opened(elsewhere, zoo).recall(recipe(bench, 0.4), split="val", n_images=16) is None
    elsewhere.measure_again(zoo.resolve(), again=False)
    assert opened(elsewhere, zoo).recall(recipe(bench, 0.4), split="val", n_images=16) is not None


def test_runs_of_other_weights_do_not_apply(bench, zoo, elsewhere):
    measured(bench, 0.4)
    ship(bench)
    text = (zoo / "zoo.toml").read_text("utf-8")
    (zoo / "zoo.toml").write_text(text.replace(f"'{CLASSES[0]}'", "'another class'"), "utf-8")

    there = opened(elsewhere, zoo)

    assert there.history.shipped.runs == ()
    assert there.recall(recipe(bench, 0.4), split="val", n_images=16) is None


def test_test_images_are_looked_at_by_whoever_opens_the_zoo(bench, zoo, elsewhere):
    measured(bench, 0.4)
    measured(bench, 0.4, split="test")
    ship(bench)

    there = opened(elsewhere, zoo)

    assert {run.record.split for run in there.history.shipped.runs} == {"val"}
    assert there.history.test_evaluations == 0


def test_run_whose_numbers_are_not_those_of_its_predictions_is_left_out(bench, zoo, elsewhere):
    measured(bench, 0.4)
    ship(bench)

    def better(stored, arrays):
        predictions = {name: one.copy() for name, one in arrays.items()}
        for name, one in predictions.items():
            if name.endswith("/prediction"):
                one[:] = (one + 1) % len(CLASSES)
        return stored, predictions

    digest = recipe(bench, 0.4).digest()
    found = read_shipped(zoo / FILE, bench.history.fingerprint)
    runs = [(run, found.numbers(run.record.run_id)) for run in found.runs]
    runs = [better(*one) if one[0].record.recipe_digest == digest else one for one in runs]
    write_shipped(zoo / FILE, bench.history.fingerprint, runs, {})

    assert opened(elsewhere, zoo).recall(recipe(bench, 0.4), split="val", n_images=16) is None


@pytest.mark.parametrize("field", ["accuracy", "low", "high", "loss", "correct", "mean_accuracy"])
def test_run_with_a_number_that_its_predictions_do_not_give_is_left_out(field, bench, zoo, elsewhere):
    measured(bench, 0.4)
    ship(bench)
    digest = recipe(bench, 0.4).digest()
    found = read_shipped(zoo / FILE, bench.history.fingerprint)

    def wrong(stored):
        first, *others = stored.tasks
        if field == "mean_accuracy":
            return replace(stored, record=replace(stored.record, mean_accuracy=0.987))
        return replace(stored, tasks=(replace(first, **{field: getattr(first, field) + 1}), *others))

    runs = [
        (wrong(run) if run.record.recipe_digest == digest else run, found.numbers(run.record.run_id))
        for run in found.runs
    ]
    write_shipped(zoo / FILE, bench.history.fingerprint, runs, {})

    assert opened(elsewhere, zoo).recall(recipe(bench, 0.4), split="val", n_images=16) is None


@pytest.mark.parametrize("content", [b"", b"no table", b"PAR1PAR1PAR1"])
def test_file_that_cannot_be_read_is_a_warning_and_costs_nothing_else(content, zoo, elsewhere):
    (zoo / FILE).write_bytes(content)

    bench = opened(elsewhere, zoo)

    (warning,) = bench.warnings
    assert warning.startswith("What was measured on this zoo is not used: ")
    assert measured(bench, 0.4)[0].shipped == ""


def test_link_out_of_the_zoo_is_not_followed(zoo, elsewhere, tmp_path):
    (tmp_path / "secret").write_bytes(b"PAR1")
    (zoo / FILE).symlink_to(tmp_path / "secret")

    (warning,) = opened(elsewhere, zoo).warnings

    assert "leads out of the zoo's folder" in warning
