from dataclasses import replace

import numpy as np
import pytest

from analysis.merge.recipe import Recipe
from app.bench.runs import is_correct
from app.views.map.images import (
    BASE,
    FINE_TUNED,
    MERGED,
    PINNED,
    Flips,
    features_takeaway,
    flipping,
    image_features,
    image_rows,
    layout_note,
)
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

    assert "the merge corrects 0 of 20 images of 'deep' and loses 0: " in same
    assert won > 0
    assert f"corrects {won} of 20 images" in features_takeaway(tuned)


def test_an_image_the_merge_loses_is_counted(bench):
    tuned = laid_out(bench, scaling=1.0, weights={"shallow": 0.0, "everywhere": 0.0})
    won = int((tuned.correct[MERGED] & ~tuned.correct[BASE]).sum())
    backwards = replace(
        tuned, correct={**tuned.correct, BASE: tuned.correct[MERGED], MERGED: tuned.correct[BASE]}
    )

    lost = int((tuned.correct[BASE] & ~tuned.correct[MERGED]).sum())
    assert f"corrects {lost} of 20 images of 'deep' and loses {won}: " in features_takeaway(backwards)


def test_the_note_states_what_the_layout_keeps(bench):
    by_pca = laid_out(bench, n_images=12)
    by_umap = replace(by_pca, explained=None)

    assert layout_note(by_pca).startswith("The axes explain ")
    assert layout_note(by_umap).startswith("UMAP (15 neighbours, minimum distance 0.1, seed 0): neighbours")
    assert all("random positions would keep 13\xa0%." in layout_note(one) for one in (by_pca, by_umap))


def test_every_image_has_a_row_under_every_model(bench):
    features = laid_out(bench, n_images=12)

    rows = image_rows(features)

    assert len(rows) == 36
    assert [row["right"] for row in rows if row["model"] == BASE] == features.correct[BASE].tolist()


def test_images_that_stay_are_those_whose_answer_changes_that_way(bench):
    features = laid_out(bench, scaling=1.0)
    before, after = features.correct[BASE], features.correct[MERGED]
    expected = {
        Flips.ALL: len(before),
        Flips.FLIPPED: int((before != after).sum()),
        Flips.CORRECTED: int((~before & after).sum()),
        Flips.LOST: int((before & ~after).sum()),
    }

    for which, n in expected.items():
        found = flipping(features, (BASE, MERGED), which)
        assert len(found.labels) == len(found.images) == n
        assert all(len(points) == n for points in found.points.values())
    assert expected[Flips.FLIPPED] > 0
    lost = flipping(features, (MERGED, BASE), Flips.CORRECTED)
    assert len(lost.labels) == expected[Flips.LOST]


def test_a_pinned_merge_has_points_and_answers_of_its_own(bench):
    of_one = Recipe.from_mapping(
        {"scaling": 1.0, "weights": {"shallow": 0.0, "everywhere": 0.0}}, tasks=bench.tasks
    )
    recipe = Recipe.from_mapping({"scaling": 0.0}, tasks=bench.tasks)

    features = image_features(bench, "deep", recipe, JobContext(), n_images=20, method="pca", pinned=of_one)

    assert list(features.points) == [BASE, FINE_TUNED, PINNED, MERGED]
    assert features.points[PINNED] == pytest.approx(features.points[FINE_TUNED], abs=1e-4)
    lost = flipping(features, (PINNED, MERGED), Flips.LOST)
    assert len(lost.labels) == int((features.correct[FINE_TUNED] & ~features.correct[BASE]).sum()) > 0
