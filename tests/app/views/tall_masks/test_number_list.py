import pytest

from analysis.errors import ParameterRangeError
from app.views.tall_masks.number_list import MOST, number_list


@pytest.mark.parametrize("text", ["0.2, 0.4", "0.4;0.2", " .4  .2 .4", "0.2,0.4,"])
def test_numbers_are_read_ascending_and_once(text):
    assert number_list(text, what="λ", low=0) == (0.2, 0.4)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0.2, many", "'0.2, many' is no list of λ; write numbers between commas"),
        ("-0.1, 0.2", "holds a λ below 0"),
        ("0.1, inf", "infinite"),
        ("nan", "infinite"),
        ("", "A grid of 0 λ"),
        (" ".join(map(str, range(MOST + 1))), f"must hold 1 to {MOST}"),
    ],
)
def test_what_is_no_grid_is_refused(text, why):
    with pytest.raises(ParameterRangeError, match=why):
        number_list(text, what="λ", low=0)
