import pytest

from app.session.results import Results
from app.views.merge_lab.task import task_answers, task_takeaway
from tests.made_runs import made_anchors, made_run


@pytest.fixture
def results():
    one = Results()
    one.add(
        made_run({"digits": "110100"}),
        made_anchors({"digits": "101000"}, {"digits": "111111"}),
    )
    return one


def test_without_a_pinned_run_the_task_is_compared_with_zero_shot(results):
    sentence = task_takeaway(task_answers(results, "digits"))

    assert sentence == "Against zero-shot, on the same 6 images: 2 newly right, 1 newly wrong."


def test_pinned_run_is_compared_on_the_images_both_saw(results):
    results.baseline = made_run({"digits": "1001"}, run_id="1-run")

    answers = task_answers(results, "digits")

    assert len(answers.mine.labels) == len(answers.theirs.labels) == 4
    assert task_takeaway(answers) == (
        "Against the pinned run, on the same 4 images: 1 newly right, 0 newly wrong."
    )


def test_shown_run_is_not_compared_with_itself(results):
    results.pin()

    assert task_answers(results, "digits").baseline == "zero-shot"


def test_task_the_baseline_has_not_answered_is_shown_alone(results):
    results.baseline = made_run({"shapes": "11"}, run_id="1-run")

    answers = task_answers(results, "digits")

    assert (answers.theirs, len(answers.mine.labels)) == (None, 6)
    assert task_takeaway(answers) == ""


def test_task_that_was_not_answered_has_nothing_to_show(results):
    assert task_answers(results, "shapes") is None
    assert task_answers(Results(), "digits") is None
