import pytest

from app.views.lines.score import Score, score_rows, score_table, score_takeaway
from tests.made_runs import made_anchors, made_run

MANY = {"digits": "1" * 80 + "0" * 20, "shapes": "1" * 80 + "0" * 20}
FEW = {"digits": "1" * 50 + "0" * 50, "shapes": "1" * 50 + "0" * 50}


def score(outcomes, constant):
    control = {"letters": "1" * 100}
    return Score(
        made_run({**outcomes, **control}),
        made_run({**constant, **control}),
        made_anchors({**FEW, **control}, MANY),
    )


def test_takeaway_is_above_below_or_without_a_significant_difference():
    above, below = score_takeaway(score(MANY, FEW)), score_takeaway(score(FEW, MANY))
    same = score_takeaway(score(MANY, MANY))

    assert above.startswith("The mean accuracy is 80\xa0% (74\xa0% to 86\xa0%), above that of ")
    assert "above that of a constant λ of equal size (+30 points, " in above
    assert "below that of a constant λ of equal size (−30 points, " in below
    assert "with no significant difference from a constant λ of equal size (0.0 points" in same


def test_rows_lie_between_the_anchors_and_controls_come_last():
    rows = score_rows(score(MANY, FEW))

    assert [(row["task"], row["is_control"]) for row in rows] == [
        ("digits", False),
        ("shapes", False),
        ("letters", True),
    ]
    assert (rows[0]["zero_shot"], rows[0]["fine_tuned"], rows[0]["accuracy"], rows[0]["pinned"]) == (
        0.5,
        0.8,
        0.8,
        0.5,
    )
    assert rows[0]["difference"] == pytest.approx(0.3)
    assert rows[0]["is_clear"]
    assert rows[2]["fine_tuned"] is None
    assert not rows[2]["is_clear"]


def test_table_names_the_constant_and_the_images():
    row = score_table(score(MANY, FEW))[0]

    assert (row["n"], row["constant"]) == (100, 0.5)
    assert "pinned" not in row


def test_images_are_counted_by_the_task_with_most():
    run = made_run({"digits": "10", "shapes": "1110"})

    assert Score(run, run, made_anchors(MANY, MANY)).n_images == 4
