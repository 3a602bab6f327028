from dataclasses import fields

import pytest

from app.figures.palette import DARK, LIGHT, Palette, palette


def luminance(colour):
    """WCAG 2.1's relative luminance of "#rrggbb"."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_has_the_largest_contrast_there_is():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_theme_chooses_the_palette_and_light_stands_in_until_it_is_known():
    assert palette("dark") is DARK
    assert palette("light") is LIGHT
    assert palette(None) is LIGHT


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("role", ["ink", "quiet", "better", "worse"])
def test_text_stands_out_from_the_card_as_wcag_aa_asks(colours, role):
    assert contrast(getattr(colours, role), colours.paper) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("role", ["merge", "pinned", "zero_shot", "fine_tuned"])
def test_marks_stand_out_from_the_card_as_wcag_aa_asks(colours, role):
    assert contrast(getattr(colours, role), colours.paper) >= 3


def test_themes_have_their_own_colour_for_every_role():
    same = [
        field.name for field in fields(Palette) if getattr(LIGHT, field.name) == getattr(DARK, field.name)
    ]

    assert same == ["short", "magnification"]


def test_axes_call_tasks_by_their_short_names():
    colours = palette("light", {"a-name-that-leaves-no-room-at-all": "room", "MNIST": "digits"})

    named = ["MNIST", "a-name-that-leaves-no-room-at-all, control", "MNIST, too"]
    assert colours.called(named) == ["digits", "room, control", "MNIST, too"]
    assert LIGHT.called(named) == named
