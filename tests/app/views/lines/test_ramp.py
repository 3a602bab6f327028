from dataclasses import replace

import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Lines
from app.views.lines.profile import layer_profile
from app.views.lines.ramp import columns, ramp_rows, ramp_takeaway
from app.views.lines.scales import factors_of
from app.work.jobs import JobContext
from tests.made_profiles import made_profile as made


@pytest.fixture
def recipe(bench):
    return Recipe.from_mapping({"lines": {"alpha": 0.2, "beta": 0.6}}, tasks=bench.tasks)


@pytest.fixture
def profile(bench, recipe):
    return layer_profile(bench, recipe).compute(JobContext())


def test_columns_hold_all_of_the_update_once(recipe, profile):
    found = columns(profile, factors_of(recipe, profile))

    assert [column.name for column in found] == ["outside", "0", "1", "2"]
    assert sum(column.before**2 for column in found) == pytest.approx(sum(profile.squares))
    for column, factor in zip(found, (0.2, 0.2, 0.5, 0.8), strict=True):
        assert column.factor == pytest.approx(factor)
        assert column.after == pytest.approx(factor * column.before)


def test_negative_factor_leaves_a_size_that_is_none():
    (_, first, _) = columns(
        made([4.0, 4.0]), factors_of(Recipe("ties", None, {}, Lines(-0.5, 1.0)), made([4, 4]))
    )

    assert (first.factor, first.after) == (-0.5, 1.0)


def test_blocks_that_nobody_moved_are_columns_without_height():
    profile = replace(made([4.0]), depths={"visual": 3})

    found = columns(profile, factors_of(Recipe("ties", None, {}, Constant(1.0)), profile))

    assert [(column.name, column.before) for column in found] == [
        ("outside", 1.0),
        ("0", 2.0),
        ("1", 0.0),
        ("2", 0.0),
    ]


def test_towers_have_columns_of_their_own():
    profile = made([1.0, 4.0], towers=("text", "visual"))

    found = columns(profile, factors_of(Recipe("ties", None, {}, Constant(1.0)), profile))

    assert [column.name for column in found] == ["outside", "text 0", "text 1", "visual 0", "visual 1"]


def test_table_has_a_row_per_column():
    profile = made([4.0])
    found = columns(profile, factors_of(Recipe("ties", None, {}, Constant(0.5)), profile))

    assert ramp_rows(found)[1] == {"layer": "0", "factor": 0.5, "before": 2.0, "after": 1.0}


def test_takeaway_shows_what_the_ramp_does_to_the_deeper_half():
    profile = made([3.0, 4.0])

    rising = ramp_takeaway(profile, factors_of(Recipe("ties", None, {}, Lines(0.5, 0.5)), profile))
    level = ramp_takeaway(profile, factors_of(Recipe("ties", None, {}, Lines(0.5, 0.0)), profile))

    assert rising.startswith("The factor goes from 0.5 in the first block to 1 in the last. ")
    assert (
        "holds 50\xa0% of ‖τ‖² before scaling and 80\xa0% after" in rising
    )  # 4 of 8, then 4 of 0.75 + 4 + 0.25
    assert "holds 50\xa0% of ‖τ‖² before scaling and 50\xa0% after" in level
    assert level.startswith("Every block gets the factor 0.5. ")
    assert level.endswith("constant λ of 0.5.")


def test_takeaway_of_an_update_of_size_0_or_without_blocks():
    nothing = factors_of(Recipe("ties", None, {}, Constant(0.0)), made([1.0]))

    assert "its size is 0" in ramp_takeaway(made([1.0]), nothing)
    assert "no residual blocks" in ramp_takeaway(replace(made([]), depths={}), nothing)
