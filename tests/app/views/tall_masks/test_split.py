import numpy as np
import pytest

from analysis.masks.multi_task_vector import MaskInputs
from analysis.masks.tall import tall_counts
from analysis.model.places import places
from app.views.tall_masks.split import (
    Split,
    by_component,
    by_place,
    mean_shares,
    part_names,
    split_rows,
    split_takeaway,
)
from tests.made_vectors import big_updates, task_vectors_of, whole
from tests.planted_masks import planted_counts, planted_vectors


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
    takeaway = split_takeaway(split([0.1, 0.3, 0.2]), [], what="layer")

    assert plain(takeaway) == (
        "Selfish weights are most frequent in layer q (30 % of the changed weights) and least frequent in "
        "layer p (10 %)."
    )


def test_no_row_is_named_where_all_are_alike():
    takeaway = split_takeaway(split([0.10, 0.12]), [], what="layer")

    assert plain(takeaway) == "Every layer has about the same share of selfish weights, 10 % to 12 %."


def test_empty_rows_are_not_the_least():
    found = split([0.1, 0.3])

    takeaway = split_takeaway(
        Split(found.keys, found.labels, np.array([0, 100]), found.kept_by, found.owners), [], what="layer"
    )

    assert plain(takeaway) == "Every layer has about the same share of selfish weights, 30 % to 30 %."


LAYERS = {f"visual.transformer.resblocks.{layer}.mlp.c_fc.weight": (2000,) for layer in range(6)}


def split_of(taus, sign_seed=None):
    vectors = task_vectors_of(taus, LAYERS)
    counts = tall_counts(MaskInputs(vectors, whole(vectors), sign_seed=sign_seed), [0.4] * len(taus))
    return by_place(counts, places(vectors.layout), None)


def takeaway_of(taus):
    nulls = [split_of(taus, sign_seed=seed) for seed in range(5)]
    return plain(split_takeaway(split_of(taus), nulls, what="layer"))


def test_layers_of_independent_tasks_have_as_many_selfish_weights_as_random_signs_give():
    taus = big_updates(4, 12_000)
    taus[0, :4000] *= 5  # large updates of one task make selfish weights by size alone

    assert takeaway_of(taus) == (
        "In no layer does the share of selfish weights differ clearly from that with random signs."
    )


def test_a_layer_in_which_tasks_agree_stands_out_of_random_signs():
    taus = big_updates(4, 12_000)
    taus[:, 4000:6000] = np.abs(taus[:, 4000:6000])

    takeaway = takeaway_of(taus)

    assert takeaway.startswith(
        "Selfish weights are clearly more frequent than with random signs in 1 of 6 layers, most of all in "
        "layer 2 ("
    )


def test_small_layers_do_not_stand_out_by_noise():
    found = split([0.30, 0.34])
    null = split([0.30, 0.30])

    assert plain(split_takeaway(found, [null], what="layer")).startswith("In no layer")


def test_rows_with_more_and_rows_with_fewer_selfish_weights_are_named():
    n = np.full(3, 100_000)
    found, null = (
        Split(one.keys, one.labels, n, one.kept_by, one.owners)
        for one in (split([0.5, 0.3, 0.1]), split([0.3, 0.3, 0.3]))
    )

    takeaway = plain(split_takeaway(found, [null], what="component"))

    assert takeaway == (
        "Selfish weights are clearly more frequent than with random signs in 1 of 3 components, most of all "
        "in component p (50 % against 30 %); they are clearly less frequent than with random signs in 1 of 3 "
        "components, most of all in component r (10 % against 30 %)."
    )


def test_rows_without_changed_weights_have_no_takeaway():
    found = split([0.1])

    nothing = Split(found.keys, found.labels, np.array([0]), found.kept_by, found.owners)

    assert split_takeaway(nothing, [], what="layer") == "No task changed these weights."


def test_rows_are_found_by_key_and_by_label():
    found = by_component(planted_counts(), ["mlp_out", "mlp_in"], None)

    assert found.label("mlp_in") == "MLP in"
    assert found.key("MLP out") == "mlp_out"
    assert found.label("embedding") is found.label(None) is None
    assert found.key("embeddings") is None


def test_shares_of_the_null_are_the_mean_of_the_draws():
    assert mean_shares([split([0.2]), split([0.4])]) == [[pytest.approx(0.7), pytest.approx(0.3)]]
    assert mean_shares([]) is None


def test_parts_are_named_by_how_many_masks_keep_them():
    assert part_names(2) == ["kept by 0 (catastrophic)", "kept by 1 (selfish)", "kept by 2 (universal)"]


def test_table_has_a_row_per_layer(rows):
    found = by_place(planted_counts(), rows, None)

    assert [row["weights changed"] for row in split_rows(found, [], what="layer")] == [4, 10, 7]
    with_null = split_rows(found, [found, found], what="layer")[2]
    assert with_null["1 (selfish), random signs"] == with_null["1 (selfish)"] == pytest.approx(1 / 7)
    assert len(with_null) == 2 + 2 * 5
