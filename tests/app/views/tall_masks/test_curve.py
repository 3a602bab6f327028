import numpy as np
import pytest

from analysis.masks.curve import TallCurve
from app.views.tall_masks.curve import curve_rows, curve_takeaway, share_curves

STOPS = (0.2, 0.4, 0.6)


def curve(*kept_by):
    counts = np.array(kept_by)
    return TallCurve(STOPS, np.zeros((len(counts), counts.shape[1] - 1), dtype=np.int64), counts)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


RISING = curve([10, 10, 40, 40], [20, 20, 30, 30], [30, 40, 20, 10])
PEAKED = curve([10, 10, 40, 40], [20, 40, 10, 30], [60, 20, 10, 10])
NULL = curve([10, 20, 30, 40], [10, 20, 30, 40], [10, 20, 30, 40])


def test_lines_are_the_papers_groups_without_untouched_weights():
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
        (PEAKED, None, "Selfish weights are most frequent at λ = 0.4, 40 %."),
        (
            PEAKED,
            NULL,
            "Selfish weights are most frequent at λ = 0.4, 40 %; random signs give 20 % there.",
        ),
        (RISING, None, "Selfish weights are still rising at λ = 0.6, 40 %."),
        (
            curve([0, 40, 30, 30], [0, 30, 40, 30]),
            None,
            "Selfish weights only fall from λ = 0.2 on, 40 %.",
        ),
        (
            curve([0, 40, 40, 20], [0, 40, 30, 30]),
            None,
            "Selfish weights are equally frequent at every λ, 40 %.",
        ),
        (curve([100, 0, 0, 0]), None, "At no λ is any weight kept by one mask alone."),
    ],
)
def test_sentence_says_where_selfish_weights_are_most(found, null, expected):
    assert plain(curve_takeaway(share_curves(found, null, untouched=0), STOPS)) == expected


def test_table_has_a_row_a_stop():
    rows = curve_rows(share_curves(PEAKED, NULL, untouched=0), STOPS)

    assert [row["λ"] for row in rows] == list(STOPS)
    assert rows[1]["selfish (1)"] == 0.4
    assert rows[1]["selfish (1), random signs"] == 0.2
