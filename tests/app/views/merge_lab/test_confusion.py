from app.views.merge_lab.confusion import confusion_counts
from app.views.merge_lab.task import TaskAnswers
from tests.made_runs import answers

BOTH = TaskAnswers(answers("digits", "1101"), answers("digits", "1000"), "zero-shot", is_pinned=False)
ALONE = TaskAnswers(BOTH.mine, None, "zero-shot", is_pinned=False)


def test_matrix_counts_images_of_the_merge():
    assert confusion_counts(BOTH, 2, is_difference=False) == [[3, 1], [0, 0]]


def test_difference_is_that_to_the_baseline():
    assert confusion_counts(BOTH, 2, is_difference=True) == [[2, -2], [0, 0]]


def test_without_a_baseline_nothing_is_subtracted():
    assert confusion_counts(ALONE, 2, is_difference=True) == [[3, 1], [0, 0]]
