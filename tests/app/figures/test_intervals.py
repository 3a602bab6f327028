import pytest

from app.figures.intervals import interval


def test_bars_reach_from_low_to_high():
    bars = interval([0.5, 0.75], [0.25, 0.75], [0.625, 1.0], "#123456")

    assert (bars["arrayminus"], bars["array"]) == ([0.25, 0.0], [0.125, 0.25])
    assert (bars["symmetric"], bars["color"]) == (False, "#123456")


def test_value_or_end_that_is_unknown_has_no_bar_on_that_side():
    bars = interval([None, 0.5], [0.25, None], [0.5, 0.75], "#123456")

    assert (bars["arrayminus"], bars["array"]) == ([None, None], [None, 0.25])


def test_every_value_needs_both_ends():
    with pytest.raises(ValueError, match="shorter"):
        interval([0.5, 0.6], [0.25], [0.75, 0.8], "#123456")
