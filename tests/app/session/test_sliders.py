import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_methods
from analysis.merge.scaling import Lines
from app.session.slider_key import ALPHA, BETA, OUTSIDE, SCALING, param_key, weight_key
from app.session.sliders import all_sliders, moved, param_sliders, scale_sliders, value_of, weight_sliders

TASKS = ("digits", "shapes")


def recipe(**given):
    return Recipe.from_mapping(given, tasks=TASKS)


SCALES = {
    "scaling": recipe(scaling=0.3),
    "lines": recipe(lines={"alpha": 0.2, "beta": 0.5}),
    "curve": recipe(curve={"outside": 0.1, "blocks": [0.2, 0.3, 0.4]}),
    "ties": recipe(method="ties", scaling=0.3),
}


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("scaling", ["scaling"]),
        ("lines", ["alpha", "beta"]),
        ("curve", ["outside", "block:0", "block:1", "block:2"]),
    ],
)
def test_each_scale_has_its_sliders(name, keys):
    assert [str(slider.key) for slider in scale_sliders(SCALES[name])] == keys


def test_weights_have_one_slider_per_task():
    first, second = weight_sliders(TASKS)

    assert (first.key, second.key) == (weight_key("digits"), weight_key("shapes"))
    assert (first.low, first.high, first.label) == (-1.0, 2.0, "digits")


@pytest.mark.parametrize(
    ("key", "low", "high"), [(SCALING, -1, 3), (ALPHA, -1, 3), (BETA, -1, 4), (OUTSIDE, -1, 3)]
)
def test_ranges_of_the_scale_reach_beyond_what_methods_want(key, low, high):
    slider = next(all_sliders(one)[key] for one in SCALES.values() if key in all_sliders(one))

    assert (slider.low, slider.high) == (low, high)


def test_params_have_the_ranges_their_method_declares():
    (density,) = param_sliders("ties")

    assert (density.key, density.low, density.high, density.step) == (param_key("density"), 0.0, 1.0, 0.05)


@pytest.mark.parametrize("name", SCALES)
def test_every_slider_changes_its_own_number_and_no_other(name):
    before = SCALES[name]
    for key in all_sliders(before):
        after = moved(before, key, 0.75)

        changed = [one for one in all_sliders(before) if value_of(after, one) != value_of(before, one)]
        assert changed == [key]
        assert value_of(after, key) == 0.75


@pytest.mark.parametrize("name", SCALES)
def test_moving_a_slider_to_where_it_stands_changes_nothing(name):
    for key in all_sliders(SCALES[name]):
        assert moved(SCALES[name], key, value_of(SCALES[name], key)) == SCALES[name]


def test_positions_that_differ_by_rounding_are_one_recipe():
    one, other = (moved(SCALES["scaling"], SCALING, value) for value in (0.1 + 0.2, 0.3))

    assert one.digest() == other.digest()


def test_alpha_that_lines_finds_stands_nowhere_until_it_is_moved():
    auto = recipe(lines={"alpha": "auto", "beta": 0.5})

    assert value_of(auto, ALPHA) is None
    assert moved(auto, BETA, 0.9).scale == Lines(None, 0.9)
    assert moved(auto, ALPHA, 0.2).scale == Lines(0.2, 0.5)


def test_slider_widens_to_a_value_beyond_its_ends():
    slider = scale_sliders(SCALES["scaling"])[0]

    assert (slider.around(5.0).low, slider.around(5.0).high) == (-1.0, 5.0)
    assert (slider.around(-2.0).low, slider.around(-2.0).high) == (-2.0, 3.0)
    assert slider.around(0.5) == slider


@pytest.mark.parametrize("method", merge_methods())
def test_every_slider_can_reach_its_usual_places(method):
    for slider in all_sliders(recipe(method=method, scaling=0.3)).values():
        assert slider.low <= slider.usual[0] < slider.usual[1] <= slider.high
        assert 0 < slider.step < slider.high - slider.low


def test_task_whose_name_holds_a_colon_keeps_its_slider():
    odd = Recipe.from_mapping({"scaling": 0.3}, tasks=["set:a", "set:b"])

    assert moved(odd, weight_key("set:b"), 0.5).weights == {"set:a": 1.0, "set:b": 0.5}
