from dataclasses import replace

import numpy as np
import pytest

from analysis.merge.recipe import Recipe
from app.bench.interference import pair_recipe
from app.views.measured_interference.disentanglement import (
    axis,
    disentanglement_error,
    disentanglement_errors,
    disentanglement_rows,
    disentanglement_runs,
    disentanglement_takeaway,
    images_of,
    lab_point,
    uncertainty,
)
from app.work.jobs import JobContext


def filled(plan):
    return {name: one.compute(JobContext()) for name, one in plan.items()}


def test_finer_grids_hold_the_coarser_ones():
    assert set(axis(7)) < set(axis(13)) < set(axis(25))
    assert {0.0, 1.0} < set(axis(7))


def test_on_the_axes_only_the_absent_tasks_answers_change(bench):
    pair = ("deep", "everywhere")
    results = filled(disentanglement_runs(bench, pair, 4))

    base = results[0.0, 0.0].predictions
    for a in axis(4):
        # Its own images see the same model; the other's see it instead of the base.
        alone = results[a, 0.0].predictions
        expected = np.mean(alone["everywhere"].prediction != base["everywhere"].prediction)
        assert disentanglement_error(results, pair, (a, 0.0)) == expected
    assert disentanglement_error(results, pair, (0.0, 0.0)) == 0


def test_error_is_the_share_of_answers_that_change(bench):
    pair = ("deep", "everywhere")
    results = filled(disentanglement_runs(bench, pair, 4))
    merged, first, second = results[1.0, 1.0], results[1.0, 0.0], results[0.0, 1.0]

    expected = np.mean(merged.predictions["deep"].prediction != first.predictions["deep"].prediction)
    expected += np.mean(
        merged.predictions["everywhere"].prediction != second.predictions["everywhere"].prediction
    )

    assert disentanglement_error(results, pair, (1.0, 1.0)) == pytest.approx(expected)
    del results[0.0, 1.0]
    assert disentanglement_error(results, pair, (1.0, 1.0)) is None


def test_errors_are_those_of_the_points_whose_merges_are_measured(bench):
    pair = ("deep", "everywhere")
    results = filled(disentanglement_runs(bench, pair, 4))
    del results[0.0, 1.0]

    errors = disentanglement_errors(results, pair, 4)

    assert set(errors) == {(a, b) for a in axis(4) for b in axis(4) if b != 1.0}
    assert errors[1.0, 2.0] == disentanglement_error(results, pair, (1.0, 2.0))


def test_takeaway_counts_the_points_without_interference_and_names_where_the_lab_stands():
    calm = disentanglement_takeaway({(0.5, 0.5): 0.0, (1.0, 1.0): 0.05, (2.0, 2.0): 1.5}, (0.9, 0.9))
    rough = disentanglement_takeaway({(0.5, 0.0): 0.0, (1.0, 1.0): 0.8}, None)

    assert "(ξ of at most 0.1) at 2 of 2 points" in calm
    assert "At (1, 1), nearest to the lab's coefficients, ξ is 0.05." in calm
    assert "1 of 2 points" in rough
    assert "ξ is largest at (1, 1): 0.80." in rough
    assert disentanglement_takeaway({(2.0, 2.0): 1.0}, None).startswith(
        "No point with both α between 0 and 1"
    )


def test_the_base_against_itself_does_not_count():
    sentence = disentanglement_takeaway({(0.0, 0.0): 0.0, (1.0, 1.0): 0.8}, None)

    assert "0 of 1 points" in sentence


def test_a_lab_beyond_the_grid_is_near_none_of_it():
    sentence = disentanglement_takeaway({(1.0, 1.0): 0.8}, (1.0, 2.5))

    assert sentence.endswith("The lab's coefficients, (1, 2.5), lie outside the measured range.")


def test_rows_carry_both_coefficients():
    assert disentanglement_rows({(0.5, 1.0): 0.25}) == [{"alpha_1": 0.5, "alpha_2": 1.0, "xi": 0.25}]


def test_images_are_counted_for_each_task(bench):
    pair = ("deep", "everywhere")
    results = filled(dict([next(iter(disentanglement_runs(bench, pair, 4).items()))]))

    assert images_of(results, pair) == (40, 40)
    assert images_of({}, pair) is None
    assert uncertainty({}, pair) == ""
    # 0.98 · √(1/40 + 1/40)
    assert uncertainty(results, pair) == (
        "Measured on 40 images of 'deep' and 40 of 'everywhere': any ξ is uncertain by up to ± 0.22 (95 %)."
    )


def test_the_lab_has_a_place_on_the_map_only_under_one_scale(bench):
    recipe = pair_recipe(bench.tasks, 0.5)
    lines = pair_recipe(bench.tasks, 0.5).from_mapping(
        {"lines": {"alpha": 0.2, "beta": 0.5}}, tasks=bench.tasks
    )

    weighed = replace(recipe, weights={**recipe.weights, "deep": 2.0})
    assert lab_point(weighed, ("deep", "everywhere")) == (1.0, 0.5)
    assert lab_point(lines, ("deep", "everywhere")) is None
    ties = Recipe.from_mapping({"method": "ties", "scaling": 1.0}, tasks=bench.tasks)
    assert lab_point(ties, ("deep", "everywhere")) is None


def test_average_has_a_place_too_and_a_task_left_out_stands_at_0(bench):
    weights = dict(zip(bench.tasks, (1.0, 0.0, 0.5), strict=True))
    recipe = Recipe.from_mapping({"method": "average", "weights": weights, "scaling": 0.8}, tasks=bench.tasks)

    found = {bench.tasks[k]: lab_point(recipe, (bench.tasks[0], bench.tasks[k])) for k in (1, 2)}

    assert found == {bench.tasks[1]: (0.4, 0.0), bench.tasks[2]: (0.4, 0.2)}


def test_a_recipe_without_a_place_is_stated():
    sentence = disentanglement_takeaway({(1.0, 1.0): 0.8}, None)

    assert sentence.endswith("has no single coefficient for a whole task, so it is not marked.")
