import numpy as np
import pytest

from analysis.errors import AnalysisError, MismatchError
from analysis.evaluation.confusion import class_scores, confusion_difference, confusion_matrix, flips
from analysis.evaluation.intervals import wilson_interval

LABELS = np.array([0, 0, 0, 1, 1, 2])
PREDICTED = np.array([0, 0, 1, 1, 2, 2])
BASELINE = np.array([0, 1, 1, 1, 1, 0])


def test_confusion_counts_true_classes_in_rows_and_chosen_ones_in_columns():
    assert confusion_matrix(PREDICTED, LABELS, 3).tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]


def test_classes_without_images_keep_their_row_and_column():
    assert confusion_matrix(np.array([0]), np.array([0]), 3).shape == (3, 3)


def test_difference_to_the_baseline_is_positive_where_the_model_answers_so_more_often():
    difference = confusion_difference(PREDICTED, BASELINE, LABELS, 3)

    assert difference.tolist() == [[1, -1, 0], [0, -1, 1], [-1, 0, 1]]


def test_class_scores_carry_their_own_numbers_and_intervals():
    scores = class_scores(confusion_matrix(PREDICTED, LABELS, 4))

    assert [(one.label, one.n, one.correct) for one in scores] == [(0, 3, 2), (1, 2, 1), (2, 1, 1), (3, 0, 0)]
    assert [one.accuracy for one in scores] == [pytest.approx(2 / 3), 0.5, 1.0, None]
    assert (scores[0].low, scores[0].high) == wilson_interval(2, 3)
    assert (scores[3].low, scores[3].high) == pytest.approx((0.0, 1.0))


def test_flips_name_the_images_won_and_lost():
    found = flips(PREDICTED == LABELS, BASELINE == LABELS)

    assert (found.won.tolist(), found.lost.tolist()) == ([1, 5], [4])


@pytest.mark.parametrize(
    ("predicted", "label", "message"),
    [
        (3, 0, r"A prediction is class 3; it must lie in 0\.\.\.2"),
        (0, -1, r"A label is class -1; it must lie in 0\.\.\.2"),
    ],
)
def test_a_class_outside_the_head_is_refused(predicted, label, message):
    with pytest.raises(AnalysisError, match=message):
        confusion_matrix(np.array([predicted]), np.array([label]), 3)


def test_arrays_of_different_images_are_refused():
    with pytest.raises(MismatchError, match="6 predictions came with 5 labels"):
        confusion_matrix(PREDICTED, LABELS[1:], 3)
    with pytest.raises(MismatchError, match="Flips got 6 and 5 images"):
        flips(PREDICTED == LABELS, np.ones(5, dtype=bool))
