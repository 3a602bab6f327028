from dataclasses import replace

import numpy as np
import pytest

from analysis.merge.recipe import Recipe
from app.bench.interference import pair_recipe
from app.views.measured_interference.disentanglement import (
    axis,
    disentanglement_error,
    disentanglement_runs,
    disentanglement_takeaway,
    images_of,
    lab_point,
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


def test_disentanglement_says_where_the_square_is_calm_and_where_the_lab_stands():
    pair = ("a", "b")
    calm = disentanglement_takeaway({(0.5, 0.5): 0.0, (1.0, 1.0): 0.05, (2.0, 2.0): 1.5}, pair, (0.9, 0.9))
    rough = disentanglement_takeaway({(0.5, 0.0): 0.0, (1.0, 1.0): 0.8}, pair, None)

    assert "2 of 2 points have ξ of at most 0.1" in calm
    assert "Near the lab's coefficients, at (1, 1), ξ = 0.05" in calm
    assert "1 of 2 points" in rough
    assert "(1, 1), has 0.80" in rough
    assert "Nothing of the square" in disentanglement_takeaway({(2.0, 2.0): 1.0}, pair, None)


def test_the_base_against_itself_is_no_point_of_peace():
    said = disentanglement_takeaway({(0.0, 0.0): 0.0, (1.0, 1.0): 0.8}, ("a", "b"), None)

    assert "0 of 1 points" in said


def test_a_lab_beyond_the_grid_is_near_none_of_it():
    said = disentanglement_takeaway({(1.0, 1.0): 0.8}, ("a", "b"), (1.0, 2.5))

    assert said.endswith("The lab's coefficients, (1, 2.5), lie outside what is measured.")


def test_images_are_counted_for_each_task(bench):
    pair = ("deep", "everywhere")
    results = filled(dict([next(iter(disentanglement_runs(bench, pair, 4).items()))]))

    assert images_of(results, pair) == (40, 40)
    assert images_of({}, pair) is None


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


def test_a_recipe_without_a_place_is_told():
    said = disentanglement_takeaway({(1.0, 1.0): 0.8}, ("a", "b"), None)

    assert said.endswith("has no one coefficient for a whole task, so it is not marked.")
