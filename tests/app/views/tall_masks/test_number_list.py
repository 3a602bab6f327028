import pytest

from analysis.errors import ParameterRangeError
from app.views.tall_masks.number_list import MOST, number_list


@pytest.mark.parametrize("text", ["0.2, 0.4", "0.4;0.2", " .4  .2 .4", "0.2,0.4,"])
def test_numbers_are_read_ascending_and_once(text):
    assert number_list(text, what="λ", low=0) == (0.2, 0.4)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0.2, many", "λ to try: '0.2, many' is not a list of numbers; separate numbers by commas"),
        ("-0.1, 0.2", "holds a number that is not finite or lies below 0; remove it"),
        ("0.1, inf", "not finite"),
        ("nan", "not finite"),
        ("", "the list holds 0 numbers"),
        (" ".join(map(str, range(MOST + 1))), f"must hold 1 to {MOST}"),
    ],
)
def test_text_that_is_no_grid_is_refused(text, why):
    with pytest.raises(ParameterRangeError, match=why):
        number_list(text, what="λ to try", low=0)
