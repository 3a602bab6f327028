from dataclasses import replace

import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Curve, Lines
from app.views.lines.comparison import Kind
from app.views.lines.profile import layer_profile
from app.views.lines.sweep import (
    best_caption,
    best_constant,
    betas_up_to,
    lambdas_up_to,
    point_name,
    point_words,
    sweep_curves,
    sweep_recipes,
    sweep_rows,
    sweep_takeaway,
)
from app.work.jobs import JobContext
from tests.made_runs import made_run
from tests.made_sweeps import run, swept


@pytest.fixture
def recipe(bench):
    return Recipe.from_mapping({"lines": {"alpha": 0.2, "beta": 0.6}}, tasks=bench.tasks)


def test_every_beta_is_compared_with_its_constant_and_its_mirror_image(bench, recipe):
    profile = layer_profile(bench, recipe).compute(JobContext())

    recipes = sweep_recipes(recipe, recipe.scale, profile, [0.3, 0.6])

    assert list(recipes) == [(kind, beta) for beta in (0.3, 0.6) for kind in Kind if kind is not Kind.FREE]
    assert recipes[Kind.LINES, 0.6] == recipe
    mirrored = recipes[Kind.REVERSED, 0.6].scale
    assert isinstance(mirrored, Curve)
    assert mirrored.blocks == pytest.approx((0.8, 0.5, 0.2))
    bench.engine.merge(recipe)
    size = (bench.engine.theta - bench.zoo.task_vectors.theta_0).norm()
    bench.engine.merge(recipes[Kind.CONSTANT, 0.6])
    assert float((bench.engine.theta - bench.zoo.task_vectors.theta_0).norm()) == pytest.approx(
        float(size), rel=1e-4
    )


def test_without_a_ramp_all_kinds_are_one_merge(bench, recipe):
    profile = layer_profile(bench, recipe).compute(JobContext())

    recipes = sweep_recipes(recipe, Lines(None, 0.6), profile, [0.0])

    assert {one.scale for one in recipes.values()} == {Lines(None, 0.0)}


def test_towers_of_other_depths_have_no_mirror_image(bench, recipe):
    profile = replace(layer_profile(bench, recipe).compute(JobContext()), depths={"visual": 3, "text": 2})

    assert {kind for kind, _ in sweep_recipes(recipe, recipe.scale, profile, [0.5])} == {
        Kind.LINES,
        Kind.CONSTANT,
    }


def test_table_shows_how_far_lines_is_above_each_other_scale():
    good, bad = made_run({"digits": "1" * 40}), made_run({"digits": "0" * 40})

    rows = sweep_rows({(Kind.CONSTANT, 0.5): bad, (Kind.LINES, 0.5): good, (Kind.LINES, 0.0): bad})

    assert [(row["scale"], row["beta"], row["lines_less_this"]) for row in rows] == [
        ("lines", 0.0, None),
        ("lines", 0.5, None),
        ("constant", 0.5, 1.0),
    ]


def test_betas_are_equally_spaced_from_0():
    betas = betas_up_to(2.0)

    assert (betas[0], betas[1], betas[-1], len(betas)) == (0.0, 0.2, 2.0, 11)


def test_curves_have_their_measured_points_in_order_with_their_hover():
    lines, constant, mirrored = sweep_curves(
        {(Kind.LINES, 0.6): run(90), (Kind.LINES, 0.3): run(40), (Kind.CONSTANT, 0.3): run(50)}
    )

    assert (lines["word"], lines["x"], lines["mean"]) == ("lines", [0.3, 0.6], [0.4, 0.9])
    assert lines["low"][1] < 0.9 < lines["high"][1]
    assert lines["hover"][1].replace("\xa0", " ").startswith("LiNeS, β = 0.6: 90.0 % (8")
    assert constant["x"] == [0.3]
    assert mirrored["x"] == []


def test_points_have_a_word_each():
    one = Recipe.from_mapping({"scaling": 0.3}, tasks=("a",))

    assert point_words({(Kind.CONSTANT, 0.6): one}) == {"constant~0.6": (Kind.CONSTANT, 0.6)}


def test_takeaway_shows_that_lines_earns_its_depth_where_it_does():
    text = sweep_takeaway(swept([run(60), run(90)], [run(50), run(40)], [run(30), run(20)]))

    assert text.startswith("LiNeS is above the best constant λ (+40 points, ")
    assert "; LiNeS is above the reversed ramp (+60 points, " in text


def test_takeaway_reports_no_difference_to_a_constant_and_a_loss_to_the_reversed_ramp():
    text = sweep_takeaway(swept([run(50), run(51)], [run(51), run(50)], [run(90), run(90)]))

    assert text.startswith("No significant difference between LiNeS and the best constant λ (0.0 points")
    assert "; LiNeS is below the reversed ramp (−39 points, " in text


def at(scaling, found):
    """A made run under a constant λ."""
    return replace(found, recipe=replace(found.recipe, scale=Constant(scaling)))


def test_takeaway_names_what_is_compared_and_where_a_better_one_may_lie_beyond():
    """The best β of LiNeS is the second of three, the constant the last of those of equal size."""
    results = swept(
        [run(50), run(90), run(60)], [run(30), run(40), run(50)], [run(20)] * 3, betas=(0.2, 0.4, 0.6)
    )
    results[Kind.CONSTANT, 0.6] = at(0.345, results[Kind.CONSTANT, 0.6])

    text = sweep_takeaway(results)

    assert text.endswith(
        "compared on the other: LiNeS at β = 0.4, the constant at λ = 0.34, of 2 tried. "
        "For the constant that is the largest tried; a better one may lie beyond."
    )


def test_takeaway_compares_with_the_best_constant_of_any_size():
    results = swept([run(50), run(60)], [run(30), run(40)], [run(20)] * 2)
    results |= {(Kind.FREE, scaling): at(scaling, run(n)) for scaling, n in ((0.1, 90), (0.7, 10))}

    text = sweep_takeaway(results)

    assert text.startswith("LiNeS is below the best constant λ (−30 points, ")
    assert "the constant at λ = 0.1, of 3 tried. For LiNeS" in text


def test_best_constant_on_all_images_is_named_once_one_of_its_own_is_measured():
    of_equal_size = swept([run(50), run(60)], [at(0.5, run(30)), at(0.6, run(95))], [])

    assert best_constant(of_equal_size) is None
    assert best_constant(of_equal_size | {(Kind.FREE, 0.1): at(0.1, run(90))}) == (
        "best constant λ = 0.6",
        pytest.approx(0.95),
    )


def test_alpha_is_the_constant_of_a_ramp_without_slope():
    flat = replace(run(99), recipe=replace(run(99).recipe, scale=Lines(0.25, 0.0)))
    by_the_rule = replace(flat, recipe=replace(flat.recipe, scale=Lines(None, 0.0)), alpha=0.125)
    other = {(Kind.FREE, 0.1): at(0.1, run(90))}

    assert best_constant(other | {(Kind.CONSTANT, 0.0): flat})[0] == "best constant λ = 0.25"
    assert best_constant(other | {(Kind.CONSTANT, 0.0): by_the_rule})[0] == "best constant λ = 0.12"


def test_free_constants_have_names_rows_and_recipes_of_their_own(bench, recipe):
    profile = layer_profile(bench, recipe).compute(JobContext())

    recipes = sweep_recipes(recipe, recipe.scale, profile, [0.3], lambdas_up_to(1.0))

    free = {point: one for point, one in recipes.items() if point[0] is Kind.FREE}
    assert [one.scale for one in free.values()] == [Constant(round(0.1 * k, 4)) for k in range(1, 11)]
    assert point_name((Kind.FREE, 0.4)) == "Constant λ = 0.4"
    assert point_name((Kind.LINES, 0.4)) == "LiNeS, β = 0.4"
    assert sweep_rows({(Kind.FREE, 0.4): run(30)})[0]["beta"] is None


def test_beta_that_is_not_measured_for_all_kinds_was_not_tried():
    results = swept([run(50), run(90)], [run(30), run(20)], [run(20)] * 2, betas=(0.2, 0.4))
    results[Kind.LINES, 0.6] = run(40)

    assert "For LiNeS and the constant that is the largest tried" in sweep_takeaway(results)


def test_takeaway_of_a_best_inside_the_tried_ones_ends_there():
    results = swept(
        [run(50), run(90), run(60)], [run(30), run(60), run(50)], [run(20)] * 3, betas=(0, 0.4, 1)
    )
    results[Kind.CONSTANT, 1] = at(0.9, results[Kind.CONSTANT, 1])

    assert "largest tried" not in sweep_takeaway(results)


def test_takeaway_waits_for_two_betas_of_every_kind():
    half_measured = swept([run(60), run(90)], [run(50)], [run(30)])

    assert "Too little" in sweep_takeaway(half_measured)
    assert "Too little" in sweep_takeaway({})
    assert "Too little" in sweep_takeaway(swept([run(60), run(90)], [], []))


def test_caption_of_the_best_counts_those_tried_and_those_alike():
    near = run(90, first_half=89)
    text = best_caption(swept([run(40), run(90), near], [run(50)] * 3, [near] * 3, betas=(0.2, 0.4, 0.6)))

    best, others = text.split(". At this β: ")
    assert best == (
        "Best of 3 β for LiNeS, on all images: 0.4, with a mean accuracy of 90.0\xa0%. "
        "No significant difference from 1 other β, between 0.4 and 0.6"
    )
    assert others.startswith("LiNeS is above a constant λ of equal size (+40.0 points, ")
    assert "; no significant difference between LiNeS and the reversed ramp (+0.5 points, " in others


def test_clear_best_has_nothing_alike():
    text = best_caption(swept([run(40), run(90)], [], []))

    assert text == "Best of 2 β for LiNeS, on all images: 0.6, with a mean accuracy of 90.0\xa0%."
    assert best_caption({}) == ""


def test_best_without_a_ramp_is_compared_with_nothing():
    assert "At this β" not in best_caption(swept([run(90)], [run(90)], [run(90)], betas=(0.0,)))
