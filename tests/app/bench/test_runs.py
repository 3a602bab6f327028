import pytest

from analysis.evaluation.bootstrap import Estimate
from analysis.merge.recipe import Recipe
from app.bench.runs import compare, first, is_correct, mean_scored, scored
from tests.made_runs import TASKS, answers, made_run


def test_score_counts_the_images_that_are_right():
    score = scored(answers("digits", "1101"))

    assert (score.task, score.n, score.correct, score.accuracy) == ("digits", 4, 3, 0.75)
    assert score.loss == pytest.approx(0.5)
    assert score.normalized_accuracy is None


def test_score_is_normalised_on_the_same_images_alone():
    score = scored(answers("digits", "1001"), answers("digits", "1101" + "0000"))

    assert score.normalized_accuracy == pytest.approx(2 / 3)


def test_mean_counts_every_task_the_same():
    mean = mean_scored({"digits": answers("digits", "1111"), "shapes": answers("shapes", "10")}, {})

    assert mean.accuracy == 0.75
    assert mean.normalized_accuracy is None


def test_first_images_are_a_prefix_of_every_column():
    one = first(answers("digits", "0111"), 2)

    assert is_correct(one).tolist() == [False, True]
    assert {len(column) for column in (one.labels, one.prediction, one.log_prob, one.margin)} == {2}


def test_controls_are_scored_apart_from_tasks():
    run = made_run({"digits": "11", "letters": "10"})

    assert [score.task for score in run.tasks] == ["digits"]
    assert [score.task for score in run.controls] == ["letters"]


def test_difference_is_counted_image_by_image():
    found = compare(made_run({"digits": "1110"}), made_run({"digits": "0011"})).tasks["digits"].paired

    assert (found.won, found.lost, found.n, found.difference) == (2, 1, 4, 0.25)


def test_difference_is_clear_only_after_the_correction_over_the_tasks():
    better, worse = "1" * 6 + "0" * 6, "0" * 12

    alone = compare(made_run({"digits": better}), made_run({"digits": worse}))
    among = compare(
        made_run({"digits": better, "shapes": worse, "signs": worse}),
        made_run({"digits": worse, "shapes": worse, "signs": worse}),
    )

    assert alone.tasks["digits"].adjusted_p == pytest.approx(2**-6)  # mid-p of 6 wins: (1/2)^6
    assert alone.tasks["digits"].is_clear
    assert among.tasks["digits"].adjusted_p == pytest.approx(3 * 2**-6)
    assert among.tasks["digits"].is_clear
    assert not compare(made_run({"digits": "1111"}), made_run({"digits": "0000"})).tasks["digits"].is_clear


def test_runs_of_two_sizes_are_compared_on_the_images_both_saw():
    large, small = made_run({"digits": "10101111"}), made_run({"digits": "1111"})

    assert compare(large, small).tasks["digits"].paired.n == 4
    assert compare(large, small).tasks["digits"].paired.difference == -0.5
    assert compare(small, large).tasks["digits"].paired.difference == 0.5


def test_only_what_both_runs_have_is_compared_in_the_order_of_the_run():
    run = made_run({"signs": "11", "letters": "11", "digits": "11"})
    baseline = made_run({"digits": "01", "letters": "11", "shapes": "00", "signs": "11"})

    assert list(compare(run, baseline).tasks) == ["signs", "letters", "digits"]


def test_mean_difference_leaves_controls_out():
    run, baseline = made_run({"digits": "11", "letters": "00"}), made_run({"digits": "01", "letters": "11"})

    mean = compare(run, baseline).mean

    assert mean is not None
    assert mean.value == 0.5


def test_runs_without_a_common_task_have_no_mean_difference():
    assert compare(made_run({"digits": "11"}), made_run({"shapes": "11"})).mean is None
    assert compare(made_run({"letters": "11"}), made_run({"letters": "11"})).mean is None


def test_a_run_against_itself_differs_nowhere():
    run = made_run({"digits": "1101", "shapes": "10"})

    comparison = compare(run, run)

    assert all(one.adjusted_p == 1 and one.paired.difference == 0 for one in comparison.tasks.values())
    assert comparison.mean is not None
    assert (comparison.mean.low, comparison.mean.high) == (0, 0)


def test_model_compared_with_itself_differs_by_exactly_nothing():
    run, again = made_run({"digits": "1101"}), made_run({"digits": "1101"})
    other = made_run({"digits": "1101"}, recipe=Recipe.from_mapping({"scaling": 0.4}, tasks=TASKS))

    itself, another = compare(run, again).mean, compare(run, other).mean

    assert itself == Estimate(0.0, 0.0, 0.0)
    assert another is not None
    assert another.low < another.value == 0.0 < another.high
