import pytest

from app.views.tall_masks.random_signs import chance


def test_spread_is_two_standard_deviations_of_the_draws():
    assert chance([0.2, 0.4]).mean == pytest.approx(0.3)
    assert chance([0.2, 0.4]).spread == pytest.approx(2 * 0.02**0.5)


def test_one_draw_has_no_spread():
    assert chance([0.25]).spread == 0
    assert chance([]) is None
