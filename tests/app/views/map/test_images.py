import numpy as np
import pytest

from analysis.merge.recipe import Recipe
from app.bench.runs import is_correct
from app.views.map.images import BASE, FINE_TUNED, MERGED, features_takeaway, image_features
from app.work.jobs import JobContext


def laid_out(bench, task="deep", n_images=20, method="pca", **given):
    recipe = Recipe.from_mapping({"scaling": 0.0, **given}, tasks=bench.tasks)
    return image_features(bench, task, recipe, JobContext(), n_images=n_images, method=method)


def test_a_merge_that_is_the_base_lies_where_the_base_does(bench):
    features = laid_out(bench)

    assert features.points[MERGED] == pytest.approx(features.points[BASE])
    assert not np.allclose(features.points[FINE_TUNED], features.points[BASE])


def test_a_merge_of_one_task_lies_where_its_model_does(bench):
    features = laid_out(bench, scaling=1.0, weights={"shallow": 0.0, "everywhere": 0.0})

    assert features.points[MERGED] == pytest.approx(features.points[FINE_TUNED], abs=1e-4)
    assert not np.allclose(features.points[MERGED], features.points[BASE])


def test_right_images_are_those_that_an_evaluation_finds_right(bench):
    features = laid_out(bench)
    anchors = bench.anchors(JobContext(), split="val", n_images=20)

    assert (features.correct[BASE] == is_correct(anchors.zero_shot["deep"])).all()
    assert (features.correct[FINE_TUNED] == is_correct(anchors.fine_tuned["deep"])).all()


def test_every_image_has_pixels_a_label_and_a_point(bench):
    features = laid_out(bench, n_images=12)

    assert features.images.shape == (12, 3, 16, 16)
    assert features.labels.shape == (12,)
    assert {points.shape for points in features.points.values()} == {(12, 2)}
    assert features.prototypes.shape == (3, 2)
    assert 0 < sum(features.explained) <= 1 + 1e-9
    assert features.kept_by_chance == pytest.approx(5 / (3 * 12 + 3 - 1))


def test_takeaway_counts_images_won_and_lost(bench):
    same = features_takeaway(laid_out(bench))
    tuned = laid_out(bench, scaling=1.0, weights={"shallow": 0.0, "everywhere": 0.0})
    won = int((tuned.correct[MERGED] & ~tuned.correct[BASE]).sum())

    assert "brings 0 to their class and drives 0 away" in same
    assert won > 0
    assert f"brings {won} to their class" in features_takeaway(tuned)
