import pytest

from app.session.strip import StripPoint
from app.views.merge_lab.better_position import better_position, better_sentence
from tests.made_runs import made_run

MIXED, BETTER, SLIGHTLY = "10" * 30, "1" * 50 + "0" * 10, "10" * 29 + "11"


def strip(**outcomes):
    return [StripPoint(float(f"0.{name[1:]}"), made_run({"digits": one})) for name, one in outcomes.items()]


def test_clearly_better_position_is_named_with_both_means_and_how_many_were_measured():
    better = better_position(strip(x3=MIXED, x6=SLIGHTLY, x9=BETTER), 0.3)

    assert better_sentence(better, "λ").replace("\xa0", " ") == (
        "Best of 3 measured positions: λ 0.90, mean 83.3 % (here 50.0 %)."
    )


@pytest.mark.parametrize(
    ("points", "here"),
    [
        (strip(x3=MIXED, x6=SLIGHTLY), 0.3),  # within what the images leave open
        (strip(x3=BETTER, x9=MIXED), 0.3),  # the best is here
        (strip(x3=MIXED, x9=MIXED), 0.3),
        (strip(x9=BETTER), 0.3),  # here is not measured yet
        ([], 0.3),
        ([StripPoint(0.3, made_run({})), StripPoint(0.9, made_run({}))], 0.3),
    ],
)
def test_nothing_is_offered_where_nothing_is_clearly_better(points, here):
    assert better_position(points, here) is None
