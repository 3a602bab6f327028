import numpy as np
import pytest

from analysis.masks.curve import TallCurve
from app.views.tall_masks.curve import curve_rows, curve_takeaway, marked_lambdas, share_curves

STOPS = (0.2, 0.4, 0.6)


def curve(*kept_by):
    counts = np.array(kept_by)
    return TallCurve(STOPS, np.zeros((len(counts), counts.shape[1] - 1), dtype=np.int64), counts)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


RISING = curve([10, 10, 40, 40], [20, 20, 30, 30], [30, 40, 20, 10])
PEAKED = curve([10, 10, 40, 40], [20, 40, 10, 30], [60, 20, 10, 10])
NULL = curve([10, 20, 30, 40], [10, 20, 30, 40], [10, 20, 30, 40])


def test_lines_are_the_papers_groups_without_unchanged_weights():
    curves = share_curves(RISING, None, untouched=10)

    assert [one.label for one in curves] == [
        "catastrophic (0)",
        "selfish (1)",
        "shared (2)",
        "universal (3)",
    ]
    assert curves[0].shares == pytest.approx([0, 10 / 90, 20 / 90])
    assert sum(one.shares for one in curves) == pytest.approx([1, 1, 1])
    assert curves[0].by_chance is None


def test_shared_weights_are_all_between_one_and_all():
    curves = share_curves(curve([1, 1, 2, 3, 3]), None, untouched=0)

    assert curves[2].label == "shared (2–3)"
    assert curves[2].shares == pytest.approx([0.5])


def test_two_tasks_have_no_shared_line():
    assert [one.name for one in share_curves(curve([1, 1, 1]), None, untouched=0)] == [
        "catastrophic",
        "selfish",
        "universal",
    ]


@pytest.mark.parametrize(
    ("found", "null", "expected"),
    [
        (PEAKED, None, "most frequent at λ = 0.4: 40 % of the changed weights."),
        (PEAKED, NULL, "most frequent at λ = 0.4: 40 % of the changed weights (random signs: 20 %)."),
        (RISING, None, "most frequent at the largest λ shown, 0.6: 40 % of the changed weights."),
        (
            curve([0, 40, 30, 30], [0, 30, 40, 30]),
            None,
            "most frequent at the smallest λ shown, 0.2: 40 % of the changed weights.",
        ),
        (
            curve([0, 40, 40, 20], [0, 40, 30, 30]),
            None,
            "equally frequent at every λ: 40 % of the changed weights.",
        ),
        (
            curve([0, 40, 40, 20], [0, 40, 30, 30]),
            curve([10, 20, 30, 40], [10, 20, 30, 40]),
            "equally frequent at every λ: 40 % of the changed weights (random signs at λ = 0.2: 20 %).",
        ),
    ],
)
def test_takeaway_is_where_selfish_weights_are_most(found, null, expected):
    takeaway = curve_takeaway(share_curves(found, null, untouched=0), STOPS)

    assert plain(takeaway) == f"Selfish weights are {expected}"


def test_takeaway_without_selfish_weights():
    curves = share_curves(curve([100, 0, 0, 0]), None, untouched=0)

    assert curve_takeaway(curves, STOPS) == "No weight is kept by exactly one mask, whatever λ is."


def test_few_lambdas_are_marked_once_each():
    assert marked_lambdas((0.4, 0.4, 0.2)) == {"λ = 0.2": 0.2, "λ = 0.4": 0.4}
    assert marked_lambdas((0.1, 0.2, 0.3, 0.4)) == {}


def test_table_has_a_row_per_lambda():
    rows = curve_rows(share_curves(PEAKED, NULL, untouched=0), STOPS)

    assert [row["λ"] for row in rows] == list(STOPS)
    assert rows[1]["selfish (1)"] == 0.4
    assert rows[1]["selfish (1), random signs"] == 0.2
