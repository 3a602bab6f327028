import pytest

from app.bench.runs import compare
from app.views.merge_lab.results import against_baseline, between_anchors
from tests.made_runs import made_anchors, made_run

UP, DOWN = "1" * 12, "0" * 12


def said(outcomes, baseline):
    run = made_run(outcomes)
    return against_baseline(compare(run, made_run(baseline)), run)


def test_nothing_is_called_different_when_nothing_changed():
    assert (
        said({"digits": UP}, {"digits": UP}) == "No task differs clearly from the pinned run on these images."
    )


def test_a_few_images_more_are_not_called_clear():
    assert "No task differs clearly" in said({"digits": "1111" + DOWN}, {"digits": "0000" + DOWN})


@pytest.mark.parametrize(
    ("outcomes", "baseline", "sentence"),
    [
        ({"digits": UP}, {"digits": DOWN}, "Digits is clearly above the pinned run."),
        ({"digits": DOWN}, {"digits": UP}, "Digits is clearly below the pinned run."),
        (
            {"digits": UP, "shapes": UP, "signs": DOWN},
            {"digits": DOWN, "shapes": DOWN, "signs": UP},
            "Digits and shapes are clearly above the pinned run; signs is clearly below it.",
        ),
    ],
)
def test_clear_differences_are_named_with_their_direction(outcomes, baseline, sentence):
    assert said(outcomes, baseline) == sentence


def test_controls_do_not_count_among_the_tasks():
    assert "No task differs" in said({"digits": UP, "letters": UP}, {"digits": UP, "letters": DOWN})


def test_runs_without_a_common_task_are_not_compared():
    assert said({"digits": UP}, {"shapes": UP}) == "The pinned run has no task in common with this one."


ZERO_SHOT = {"digits": "1000000000", "shapes": "1100000000"}
FINE_TUNED = {"digits": "1111111111", "shapes": "1111111100"}


def anchored(outcomes):
    return between_anchors(made_run(outcomes), made_anchors(ZERO_SHOT, FINE_TUNED))


def test_merge_is_placed_between_base_and_fine_tuned():
    assert anchored({"digits": "1111111000", "shapes": "1111100000"}) == (
        "+45 points over zero-shot, of 75 that fine-tuning gives; digits is furthest behind, by 30."
    )


def test_task_furthest_behind_follows_the_numbers():
    assert "shapes is furthest behind, by 60" in anchored({"digits": "1111111000", "shapes": "1100000000"})


def test_task_clearly_below_zero_shot_is_named():
    run, anchors = (
        made_run({"digits": DOWN, "shapes": UP}),
        made_anchors({"digits": UP, "shapes": UP}, {"digits": UP, "shapes": UP}),
    )

    assert between_anchors(run, anchors).endswith("Digits is clearly below zero-shot.")


def test_task_a_few_images_below_zero_shot_is_not_named():
    assert "below zero-shot" not in anchored({"digits": "0000000000", "shapes": "1100000000"})


def test_loss_against_zero_shot_carries_a_minus():
    assert anchored({"digits": "0000000000", "shapes": "0000000000"}).startswith("−15 points over zero-shot")


@pytest.mark.parametrize("outcomes", [{}, {"letters": "11"}, {"signs": "1111111111"}])
def test_without_a_task_that_has_both_anchors_nothing_is_claimed(outcomes):
    assert anchored(outcomes) == "No task of this zoo can be evaluated."
