import numpy as np
import pytest

from app.views.tall_masks.variants import Variant, variant_measurement
from app.work.jobs import JobContext


def fine_tuned(bench, task, calls, scaling=1.0):
    row = bench.tasks.index(task)

    def write(update, context):
        calls.append(task)
        update.copy_(bench.zoo.task_vectors.deltas[row])

    return Variant("whole task vector", {"task": task}, write, scaling)


def test_a_variant_is_measured_once_and_found_from_then_on(bench):
    calls = []
    variant = fine_tuned(bench, "deep", calls)
    before = variant_measurement(bench, variant, tasks=["deep"]).find()
    measured = variant_measurement(bench, variant, tasks=["deep"]).compute(JobContext())
    again = variant_measurement(bench, variant, tasks=["deep"]).compute(JobContext())
    found = variant_measurement(bench, variant, tasks=["deep"]).find()

    assert before is None
    assert calls == ["deep"]
    anchors = bench.anchors(JobContext(), split="val", n_images=None)
    for one in (measured, again, found):
        assert list(one) == ["deep"]
        for column in ("labels", "prediction", "log_prob", "margin"):
            mine, theirs = getattr(one["deep"], column), getattr(anchors.fine_tuned["deep"], column)
            assert mine.dtype == theirs.dtype
            assert np.array_equal(mine, theirs)


@pytest.mark.parametrize("other", ["task", "scaling", "tasks"])
def test_another_update_scaling_or_choice_of_tasks_is_another_measurement(bench, other):
    calls = []
    variant_measurement(bench, fine_tuned(bench, "deep", calls), tasks=["deep"]).compute(JobContext())
    variant = fine_tuned(
        bench, "shallow" if other == "task" else "deep", calls, 0.5 if other == "scaling" else 1.0
    )
    tasks = ["deep", "shallow"] if other == "tasks" else ["deep"]

    assert variant_measurement(bench, variant, tasks=tasks).find() is None
    variant_measurement(bench, variant, tasks=tasks).compute(JobContext())
    assert len(calls) == 2


def test_a_quick_sample_is_the_beginning_of_all_images_and_another_measurement(bench):
    calls = []
    variant = fine_tuned(bench, "deep", calls)
    whole = variant_measurement(bench, variant, tasks=["deep"]).compute(JobContext())["deep"]
    quick = variant_measurement(bench, variant, tasks=["deep"], n_images=15)
    before = quick.find()
    found = quick.compute(JobContext())["deep"]

    assert (before, len(calls)) == (None, 2)
    for column in ("labels", "prediction", "log_prob", "margin"):
        assert np.array_equal(getattr(found, column), getattr(whole, column)[:15])


def test_time_of_a_variant_is_known_once_one_of_its_kind_was_measured(bench):
    variant = fine_tuned(bench, "deep", [])
    before = variant_measurement(bench, variant, tasks=["deep"]).seconds()
    variant_measurement(bench, variant, tasks=["deep"]).compute(JobContext())
    one, all_tasks = (
        variant_measurement(bench, variant, tasks=tasks).seconds() for tasks in (["deep"], bench.tasks)
    )

    assert before is None
    assert 0 < one < all_tasks
