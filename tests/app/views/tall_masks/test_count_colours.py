import pytest

from app.figures.palette import DARK, LIGHT
from app.views.tall_masks.count_colours import count_colours, counts_key, group_colour


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("n_tasks", [1, 2, 3, 8, 32])
def test_every_count_has_its_own_colour(colours, n_tasks):
    shades = count_colours(n_tasks, colours)

    assert shades[:2] == [colours.catastrophic, colours.selfish]
    assert len(set(shades)) == n_tasks + 1


def test_group_has_the_colour_of_its_middle():
    shades = count_colours(5, LIGHT)

    assert group_colour((2, 3, 4), 5, LIGHT) == shades[3]
    assert group_colour((1,), 5, LIGHT) == shades[1]


def test_key_names_every_group_with_its_numbers_of_masks():
    key = counts_key(5, LIGHT)

    for colour, label in zip(
        (LIGHT.catastrophic, LIGHT.selfish, count_colours(5, LIGHT)[3], count_colours(5, LIGHT)[5]),
        ("catastrophic 0", "selfish 1", "shared 2–4", "universal 5"),
        strict=True,
    ):
        assert f'style="background:{colour}"></i>{label}</span>' in key


@pytest.mark.parametrize("with_null", [True, False])
def test_key_names_random_signs_where_they_are_drawn(with_null):
    assert ("random signs" in counts_key(3, LIGHT, with_null=with_null)) == with_null
