import pytest

from app.figures.contrast import between, contrast, readable_on, stops
from app.figures.palette import DARK, LIGHT

GREYS = ("#000000", "#808080", "#ffffff")


@pytest.mark.parametrize(("share", "colour"), [(0.0, "#000000"), (0.25, "#404040"), (1.0, "#ffffff")])
def test_colour_of_a_scale_lies_between_its_neighbours(share, colour):
    assert between(GREYS, share) == colour


def test_beyond_the_ends_of_a_scale_its_ends_go_on():
    assert (between(GREYS, -3.0), between(GREYS, 7.0)) == ("#000000", "#ffffff")


def test_contrast_is_that_of_wcag():
    # Its well-known limit case: the lightest grey that still reaches 4.5 on white is #767676.
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#ffffff", "#767676") == contrast("#767676", "#ffffff")


def test_dark_text_is_read_on_light_ground_and_light_text_on_dark():
    colours = ("#000000", "#ffffff")

    assert readable_on("#dddddd", colours) == "#000000"
    assert readable_on("#222222", colours) == "#ffffff"


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["sequential", "diverging"])
def test_numbers_are_readable_on_every_colour_of_the_scales(colours, name):
    grounds = [between(getattr(colours, name), step / 50) for step in range(51)]

    worst = min(contrast(ground, readable_on(ground, (colours.ink, colours.paper))) for ground in grounds)

    assert worst > 3.7


def test_colours_of_a_scale_are_equal_steps_from_0_to_1():
    assert stops(GREYS) == [(0.0, "#000000"), (0.5, "#808080"), (1.0, "#ffffff")]
