import numpy as np
import pytest

from analysis.merge.recipe import Recipe
from app.views.merge_lab.geometry import (
    Seen,
    geometry_hovers,
    geometry_labels,
    geometry_rows,
    geometry_takeaway,
    geometry_texts,
    geometry_values,
    layer_geometry,
)
from app.work.jobs import JobContext


@pytest.fixture
def found(bench):
    def found(**recipe):
        whole = Recipe.from_mapping(recipe, tasks=bench.tasks)
        return layer_geometry(bench, whole).compute(JobContext())

    return found


@pytest.mark.parametrize(
    "recipe",
    [
        {"scaling": 0.7},
        {"method": "ties", "scaling": 1.0},
        {"lines": {"alpha": 0.2, "beta": 0.6}},
        {"scaling": -0.5},
        {"scaling": 0.3, "scope": "all", "weights": {"deep": 0.0}},
    ],
)
def test_whole_merge_is_what_the_merged_weights_say(bench, found, recipe):
    got = found(**recipe)

    bench.engine.merge(Recipe.from_mapping(recipe, tasks=bench.tasks))
    vectors = bench.zoo.task_vectors
    update = (bench.engine.theta.double() - vectors.theta_0.double()).numpy()
    for t, delta in enumerate(vectors.deltas.double().numpy()):
        cosine = update @ delta / np.linalg.norm(update) / np.linalg.norm(delta)
        against = np.abs(delta) * (update * delta < 0)
        assert got.by_place.whole.cosines[0, t] == pytest.approx(cosine, abs=1e-3)
        assert got.by_place.whole.opposed[0, t] == pytest.approx(
            against.sum() / np.abs(delta).sum(), abs=0.01
        )


def test_rows_are_the_whole_merge_and_each_layer(found):
    got = found(scaling=0.3)

    assert geometry_labels(got) == ["whole merge", "stem", "ln_pre", "0", "1", "2", "ln_post", "proj"]
    assert np.shape(geometry_values(got, Seen.OPPOSED)) == (8, 3)
    assert len(geometry_rows(got)) == 24
    assert geometry_rows(got)[0].keys() == {"layer", "task", "cosine", "opposed", "length"}


def test_one_task_alone_is_named_with_its_cosine(found):
    got = found(scaling=0.3, weights={"shallow": 1.0, "deep": 0.0, "everywhere": 0.0})

    row = dict(zip(got.tasks, geometry_texts(got, Seen.COSINE)[0], strict=True))
    assert row["shallow"] == "1.00"
    assert geometry_takeaway(got).startswith(
        "The merged update lies closest to 'shallow' (cosine 1.00) and least close to"
    )
    assert geometry_hovers(got)[0][got.tasks.index("shallow")].split("<br>") == [
        "the whole merge, shallow",
        "cosine 1.00",
        "0\xa0% of |τ| opposed",
        "0.30 times as long as τ",
    ]


def test_negated_merge_has_negated_references(found):
    plus, minus = found(scaling=0.3), found(scaling=-0.3)

    np.testing.assert_allclose(minus.at_right_angles, -plus.at_right_angles)
    np.testing.assert_allclose(minus.by_place.whole.cosines, -plus.by_place.whole.cosines)


def test_merge_of_nothing_has_no_direction(found):
    got = found(scaling=0.0)

    assert geometry_takeaway(got) == "The recipe changes no weight, so that it has no direction."
    assert geometry_texts(got, Seen.COSINE)[0] == ["", "", ""]
