from dataclasses import replace

import pytest

from app.bench.runs import compare
from app.figures.dumbbells import DumbbellRow
from app.views.merge_lab.results import (
    accuracies_in_words,
    against_baseline,
    between_anchors,
    most_images,
    results_caption,
    results_table,
    results_takeaway,
)
from tests.made_runs import made_anchors, made_run

UP, DOWN = "1" * 12, "0" * 12


def compared(outcomes, baseline):
    run = made_run(outcomes)
    return against_baseline(compare(run, made_run(baseline)), run)


def test_nothing_is_called_different_when_nothing_changed():
    assert (
        compared({"digits": UP}, {"digits": UP})
        == "No task differs significantly from the pinned run on these images."
    )


def test_a_few_images_more_are_not_called_significant():
    assert "No task differs significantly" in compared({"digits": "1111" + DOWN}, {"digits": "0000" + DOWN})


@pytest.mark.parametrize(
    ("outcomes", "baseline", "sentence"),
    [
        ({"digits": UP}, {"digits": DOWN}, "'digits' is significantly above the pinned run."),
        ({"digits": DOWN}, {"digits": UP}, "'digits' is significantly below the pinned run."),
        (
            {"digits": UP, "shapes": UP, "signs": DOWN},
            {"digits": DOWN, "shapes": DOWN, "signs": UP},
            "'digits' and 'shapes' are significantly above the pinned run; "
            "'signs' is significantly below it.",
        ),
    ],
)
def test_significant_differences_are_named_with_their_direction(outcomes, baseline, sentence):
    assert compared(outcomes, baseline) == sentence


def test_controls_do_not_count_among_the_tasks():
    assert "No task differs" in compared({"digits": UP, "letters": UP}, {"digits": UP, "letters": DOWN})


def test_runs_without_a_common_task_are_not_compared():
    assert compared({"digits": UP}, {"shapes": UP}) == "The pinned run has no task in common with this one."


ZERO_SHOT = {"digits": "1000000000", "shapes": "1100000000"}
FINE_TUNED = {"digits": "1111111111", "shapes": "1111111100"}


def anchored(outcomes):
    return between_anchors(made_run(outcomes), made_anchors(ZERO_SHOT, FINE_TUNED))


def test_merge_is_placed_between_base_and_fine_tuned():
    assert anchored({"digits": "1111111000", "shapes": "1111100000"}) == (
        "Mean accuracy: +45 points from zero-shot, where fine-tuning gives +75 points. Furthest behind its "
        "fine-tuned model: 'digits', by 30 points."
    )


def test_task_furthest_behind_follows_the_numbers():
    assert "Furthest behind its fine-tuned model: 'shapes', by 60 points." in anchored(
        {"digits": "1111111000", "shapes": "1100000000"}
    )


def test_task_significantly_below_zero_shot_is_named():
    run, anchors = (
        made_run({"digits": DOWN, "shapes": UP}),
        made_anchors({"digits": UP, "shapes": UP}, {"digits": UP, "shapes": UP}),
    )

    assert between_anchors(run, anchors).endswith("'digits' is significantly below zero-shot.")


def test_task_a_few_images_below_zero_shot_is_not_named():
    assert "below zero-shot" not in anchored({"digits": "0000000000", "shapes": "1100000000"})


def test_loss_against_zero_shot_carries_a_minus():
    assert anchored({"digits": "0000000000", "shapes": "0000000000"}).startswith(
        "Mean accuracy: −15 points from zero-shot"
    )


@pytest.mark.parametrize("outcomes", [{}, {"letters": "11"}, {"signs": "1111111111"}])
def test_without_a_task_that_has_both_anchors_nothing_is_claimed(outcomes):
    assert anchored(outcomes) == "No task of this zoo can be evaluated."


def test_task_as_good_as_its_fine_tuned_model_is_not_behind():
    assert "behind" not in anchored({"digits": "1111111111", "shapes": "1111111100"})


def test_many_tasks_are_counted_and_not_named():
    names = [f"t{k}" for k in range(4)]
    run = replace(made_run(dict.fromkeys(names, UP)), tasks=made_run(dict.fromkeys(names, UP)).controls)
    baseline = made_run(dict.fromkeys(names, DOWN))

    assert against_baseline(compare(run, baseline), run) == "4 tasks are significantly above the pinned run."


def test_takeaway_compares_with_the_pinned_run_if_there_is_one():
    run, pinned = made_run({"digits": UP}), made_run({"digits": DOWN})
    anchors = made_anchors({"digits": DOWN}, {"digits": UP})

    assert "for the first time" in results_takeaway(None, None, None)
    assert results_takeaway(run, anchors, None).startswith("Mean accuracy: +100 points from zero-shot")
    assert "the pinned run" in results_takeaway(run, anchors, compare(run, pinned))


def test_caption_explains_the_last_column_only_where_there_is_one():
    assert "on 128 validation images per task" in results_caption(128, is_pinned=False)
    assert "pinned run" not in results_caption(128, is_pinned=False)
    assert "difference to the pinned run" in results_caption(128, is_pinned=True)


def test_images_are_those_of_the_largest_score_on_screen():
    run = made_run({"digits": "11", "shapes": "111"})

    assert most_images((), run) == 3
    assert most_images(made_run({"digits": "1111"}).tasks, run) == 4
    assert most_images((), None) == 0


def test_chart_is_read_out_and_tabled_with_what_is_known():
    rows = [DumbbellRow("digits", zero_shot=0.5, accuracy=0.625, difference=-0.125), DumbbellRow("shapes")]

    assert accuracies_in_words(rows) == "Accuracy of this merge: digits 62.5\xa0%"
    assert accuracies_in_words(rows[1:]) == "Accuracy of this merge: not measured yet"
    first, second = results_table(rows)
    assert (first["zero-shot %"], first["this merge %"], first["difference"]) == ("50.0", "62.5", "−12.5")
    assert set(second.values()) == {"shapes", "–"}
