from analysis.model.places import Place
from app.words.parts import place_name, row_labels

STEM, BLOCK = Place("visual", None, "stem"), Place("visual", 3, "3")
TEXT_BLOCK = Place("text", 3, "3")


def test_layers_of_one_tower_need_no_tower():
    assert [place_name(place, [STEM, BLOCK]) for place in (STEM, BLOCK)] == ["stem", "block 3"]
    assert row_labels([STEM, BLOCK]) == ["stem", "3"]


def test_layers_of_two_towers_have_different_names():
    both = [STEM, BLOCK, TEXT_BLOCK]

    assert [place_name(place, both) for place in both] == ["visual stem", "visual block 3", "text block 3"]
    assert row_labels(both) == ["visual stem", "visual 3", "text 3"]
