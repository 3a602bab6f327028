import numpy as np
import pytest

from analysis.masks.multi_task_vector import MaskInputs
from analysis.masks.tall import tall_counts
from analysis.model.places import places
from app.views.tall_masks.layers import (
    Split,
    by_component,
    by_place,
    owner_rows,
    owners_takeaway,
    split_rows,
    split_takeaway,
)
from tests.made_vectors import big_updates, task_vectors_of, whole
from tests.planted_masks import TASKS, planted_counts, planted_vectors


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def rows():
    return [place for place in places(planted_vectors().layout) if place.tower == "visual"]


def split(selfish, owners=None):
    n = np.full(len(selfish), 100)
    kept_by = np.array([[1 - share, share] for share in selfish])
    owners = np.array([[share, 0.0] for share in selfish] if owners is None else owners)
    labels = tuple("pqr"[: len(selfish)])
    return Split(labels, labels, n, kept_by, owners)


def test_layers_stand_from_input_to_output(rows):
    found = by_place(planted_counts(), rows, None)

    assert found.keys == ("visual:stem", "visual:0", "visual:1")
    assert found.n.tolist() == [4, 10, 7]
    assert (found.kept_by * found.n[:, None]).round(9).tolist() == [
        [0, 0, 0, 0, 4],
        [0, 6, 2, 0, 2],
        [6, 1, 0, 0, 0],
    ]


def test_selfish_weights_belong_to_the_task_they_were_planted_for(rows):
    found = by_place(planted_counts(), rows, None)

    assert (found.owners * found.n[:, None]).round(9).tolist() == [[0] * 4, [4, 2, 0, 0], [0, 0, 1, 0]]


def test_layers_of_one_component_count_only_it(rows):
    found = by_place(planted_counts(), rows, "mlp_in")

    assert found.n.tolist() == [0, 10, 0]
    assert not found.kept_by[[0, 2]].any()


def test_components_stand_in_the_order_a_block_applies_them():
    found = by_component(planted_counts(), ["embedding", "mlp_out", "mlp_in"], None)

    assert found.labels == ("MLP in", "MLP out", "embeddings")
    assert found.n.tolist() == [10, 7, 4]


def test_components_of_one_layer_count_only_it():
    found = by_component(planted_counts(), ["mlp_in", "mlp_out", "embedding"], "visual:1")

    assert found.n.tolist() == [0, 7, 0]


def test_row_with_most_selfish_weights_is_named():
    said = split_takeaway(split([0.1, 0.3, 0.2]), [], what="layer")

    assert plain(said) == "Selfish weights are most frequent in layer q, 30 %, and least in p, 10 %."


def test_no_row_is_named_where_all_are_alike():
    said = split_takeaway(split([0.10, 0.12]), [], what="layer")

    assert plain(said) == "Every layer has about the same share of selfish weights, 10 % to 12 %."


def test_empty_rows_are_not_the_least():
    found = split([0.1, 0.3])

    said = split_takeaway(
        Split(found.keys, found.labels, np.array([0, 100]), found.kept_by, found.owners), [], what="layer"
    )

    assert "p" not in plain(said).split()[-3:]


LAYERS = {f"visual.transformer.resblocks.{layer}.mlp.c_fc.weight": (2000,) for layer in range(6)}


def split_of(taus, sign_seed=None):
    vectors = task_vectors_of(taus, LAYERS)
    counts = tall_counts(MaskInputs(vectors, whole(vectors), sign_seed=sign_seed), [0.4] * len(taus))
    return by_place(counts, places(vectors.layout), None)


def said_of(taus):
    nulls = [split_of(taus, sign_seed=seed) for seed in range(5)]
    return plain(split_takeaway(split_of(taus), nulls, what="layer"))


def test_layers_of_independent_tasks_have_as_many_selfish_weights_as_random_signs_give():
    taus = big_updates(4, 12_000)
    taus[0, :4000] *= 5  # one task moves some layers far, which makes selfish weights by size alone

    assert said_of(taus) == ("In no layer are selfish weights clearly more or fewer than random signs give.")


def test_a_layer_in_which_tasks_agree_stands_out_of_random_signs():
    taus = big_updates(4, 12_000)
    taus[:, 4000:6000] = np.abs(taus[:, 4000:6000])

    said = said_of(taus)

    assert said.startswith("Selfish weights are more frequent than with random signs in 1 of 6 layers")
    assert "furthest in 2: " in said


def test_small_layers_do_not_stand_out_by_noise():
    found = split([0.30, 0.34])
    null = split([0.30, 0.30])

    assert plain(split_takeaway(found, [null], what="layer")).startswith("In no layer")


def test_owner_by_size_is_told_from_owner_by_sign():
    mine = split([0.4], owners=[[0.3, 0.1]])

    by_size = owners_takeaway(mine, ["a", "b"], [split([0.4], owners=[[0.3, 0.1]])])
    by_sign = owners_takeaway(mine, ["a", "b"], [split([0.4], owners=[[0.2, 0.2]])])

    assert plain(by_size) == (
        "a owns 75 % of the selfish weights; an even split would give 50 %, its sizes with random signs "
        "75 %: the size of its update decides."
    )
    assert plain(by_sign).endswith("its sizes with random signs 50 %.")


def test_even_owners_are_not_told_apart_by_size():
    even = split([0.4], owners=[[0.2, 0.2]])

    said = plain(owners_takeaway(even, ["a", "b"], [even]))

    assert said.endswith("its sizes with random signs 50 %: nobody owns clearly more than others.")


def test_nobody_owns_what_does_not_exist():
    assert owners_takeaway(split([0.0]), ["a", "b"], []) == "No weight is kept by one mask alone."


def test_tables_have_a_row_a_layer(rows):
    found = by_place(planted_counts(), rows, None)

    assert [row["weights moved"] for row in split_rows(found, [], what="layer")] == [4, 10, 7]
    with_null = split_rows(found, [found, found], what="layer")[2]
    assert with_null["1 (selfish), random signs"] == with_null["1 (selfish)"] == pytest.approx(1 / 7)
    assert len(with_null) == 2 + 2 * 5
    assert owner_rows(found, TASKS, what="layer")[1]["a"] == pytest.approx(0.4)
