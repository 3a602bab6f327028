import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.words.short_names import ROOM, in_short, short_names

HUB = "org/clip-vit-base-patch32-finetuned-{}-2024-seed0"
NAMES = st.lists(
    st.one_of(st.text(min_size=1, max_size=90), st.from_regex(r"\Aa-long-beginning-[a-c-]{1,60}-end\Z")),
    min_size=1,
    max_size=8,
    unique=True,
)


def test_what_all_names_share_is_left_out():
    names = [HUB.format(task) for task in ("digits", "street-signs", "cars")]

    assert list(short_names(names).values()) == ["digits", "street-signs", "cars"]


def test_names_that_fit_stay_whole():
    assert short_names(["task-digits", "task-cars", "x" * ROOM]) == {}


def test_words_are_not_cut_in_their_middle():
    names = [HUB.format("cars196"), HUB.format("cars10")]

    assert list(short_names(names).values()) == ["cars196", "cars10"]
    assert list(short_names([HUB.format("carts"), HUB.format("cards")]).values()) == ["carts", "cards"]


def test_one_that_is_the_beginning_of_another_keeps_something():
    shorts = short_names([HUB.format("cars"), HUB.format("cars") + "-v2"])

    assert len(set(shorts.values())) == 2
    assert all(0 < len(short) <= ROOM for short in shorts.values())


def test_a_lone_long_name_is_cut_in_its_middle():
    (short,) = short_names(["a" * 40 + "z" * 40]).values()

    assert short == "a" * 11 + "…" + "z" * 12


def test_given_names_are_taken_and_others_never_repeat_them():
    names = [HUB.format("digits"), HUB.format("cars"), "MNIST"]
    shorts = short_names(names, {HUB.format("cars"): "digits", "MNIST": "numbers"})

    assert shorts["MNIST"] == "numbers"
    assert shorts[names[1]] == "digits"
    assert shorts[names[0]] != "digits"


@given(NAMES)
def test_short_names_are_distinct_and_fit(names):
    shorts = short_names(names)
    shown = [shorts.get(name, name) for name in names]

    assert len(set(shown)) == len(names)
    assert all(0 < len(one) <= ROOM for one in shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (HUB.format("cars"), "cars"),
        (f"'{HUB.format('cars')}' by '{HUB.format('cars')}-v2'", "'cars' by 'cars 2'"),
        ("MNIST", "numbers"),
        ("MNIST is a set", "MNIST is a set"),
    ],
)
def test_texts_hold_short_names_of_long_ones(text, shown):
    short = {HUB.format("cars"): "cars", HUB.format("cars") + "-v2": "cars 2", "MNIST": "numbers"}

    assert in_short(text, short) == shown
