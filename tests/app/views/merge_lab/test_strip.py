import pytest

from app.session.strip import StripPoint
from app.views.merge_lab.strip import StripCurves, strip_caption, strip_curves
from tests.made_runs import made_run


def point(value, digits, shapes):
    return StripPoint(value, made_run({"digits": digits, "shapes": shapes}))


def test_curves_run_through_the_measured_positions():
    curves = strip_curves([point(0.0, "1100", "1000"), point(0.5, "1111", "1000")])

    assert (curves.values, curves.mean) == ([0.0, 0.5], [0.375, 0.625])
    assert curves.tasks == {"digits": [0.5, 1.0], "shapes": [0.25, 0.25]}


def test_one_position_is_no_curve():
    assert strip_curves([point(0.0, "1100", "1000")]) is None
    assert strip_curves([]) is None


def test_best_position_is_the_first_of_the_highest_and_as_exact_as_the_next_ones_are_near():
    curves = StripCurves([0.0, 0.5, 0.6], [0.25, 0.75, 0.75], {})

    assert curves.best == 1
    assert "Best of 3 measured positions: 0.5 ± 0.5, with 75.0\xa0%." in strip_caption(curves, None)


@pytest.mark.parametrize(
    ("chosen", "key"),
    [
        ("digits", "dark: 'digits'; grey: other tasks;"),
        (None, "grey: single tasks;"),
        ("a control", "grey: single"),
    ],
)
def test_caption_names_every_line(chosen, key):
    curves = StripCurves([0.0, 1.0], [0.5, 0.5], {"digits": [0.5, 0.5]})

    assert strip_caption(curves, chosen).startswith(f"Blue: mean of all tasks; {key}")
