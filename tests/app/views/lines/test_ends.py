import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Lines
from app.views.lines.ends import alpha_warning, ends_caption, slider_range
from app.views.lines.scales import factors_of
from app.views.lines.settings import ALPHA, BETA, LinesSettings
from tests.made_profiles import made_profile as made


def test_alpha_that_explodes_is_warned_about_with_its_number():
    warning = alpha_warning(made([1.0], alpha=17.4), 17.4, 5)

    assert "α is 17.4" in warning
    assert "sum of the 5 updates has 87 times the norm" in warning
    assert warning.endswith("Type a smaller α.")
    assert alpha_warning(made([1.0], alpha=17.4), 0.5, 5).endswith("This ramp uses α = 0.5 instead.")


def test_alpha_of_a_sum_and_of_an_average_is_no_reason_to_warn():
    assert alpha_warning(made([1.0], alpha=0.2), 0.2, 5) == ""
    assert alpha_warning(made([1.0], alpha=1.0 + 1e-9), 1.0, 5) == ""  # an average's 1, rounded


def test_alpha_without_a_number_is_explained():
    assert alpha_warning(made([1.0], alpha=None, why="Mixed signs."), 0.3, 2) == "Mixed signs."


def settings(scale, profile):
    recipe = Recipe("ties", None, {}, scale)
    factors = factors_of(recipe, profile)
    return LinesSettings(recipe, scale, profile, factors, factors.outside, is_linear=False)


def test_caption_shows_where_alpha_comes_from():
    by_rule = ends_caption(settings(Lines(None, 0.5), made([1.0, 2.0], alpha=0.125)))
    typed = ends_caption(settings(Lines(0.3, 0.5), made([1.0, 2.0], alpha=0.125)))

    assert by_rule.startswith("α = 0.125 by the paper's rule")
    assert typed.startswith("α = 0.3, typed; the paper's rule gives 0.125. ")
    assert "no number" in ends_caption(settings(Lines(0.3, 0.5), made([1.0, 2.0], alpha=None)))


def test_caption_gives_the_last_blocks_factor():
    assert ends_caption(settings(Lines(0.3, 0.5), made([1.0, 2.0]))).endswith("the last block 0.8.")


@pytest.mark.parametrize(
    ("name", "value", "ends"),
    [
        (ALPHA, 0.3, (-1.0, 3.0)),
        (BETA, 0.3, (-1.0, 4.0)),
        (BETA, 7.5, (-1.0, 8.0)),
        (ALPHA, -2.5, (-3.0, 3.0)),
    ],
)
def test_slider_is_stretched_by_a_value_beyond_it(name, value, ends):
    assert slider_range(name, value) == ends
