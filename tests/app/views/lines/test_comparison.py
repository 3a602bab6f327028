import pytest

from app.views.lines.comparison import mean_difference
from tests.made_runs import made_run


def test_difference_counts_every_task_alike_and_no_control():
    one = made_run({"digits": "1111", "shapes": "10", "letters": "00"})
    other = made_run({"digits": "1100", "shapes": "10", "letters": "11"})

    assert mean_difference(one, other).value == pytest.approx(0.25)
