import numpy as np

from analysis.model.places import places
from analysis.weights.descriptors import DESCRIPTORS
from analysis.weights.statistics import statistics
from app.views.map.layers import layer_dots, layer_map_rows, layer_map_takeaway, layers_of, layers_resemble
from tests.made_vectors import big_updates, task_vectors_of, whole

N = 6000


def laid_out(taus, n_layers, method="pca", *, by_component=False):
    shapes = {
        f"visual.transformer.resblocks.{layer}.mlp.c_fc.weight": (taus.shape[1] // n_layers,)
        for layer in range(n_layers)
    }
    vectors = task_vectors_of(taus, shapes)
    found = statistics(vectors, whole(vectors))
    return layers_of(found, places(vectors.layout), by_component=by_component, method=method)


def test_layers_of_a_task_with_an_update_of_its_own_kind_lie_together_and_the_sentence_states_it():
    taus = big_updates(4, N)
    tails = np.array([[0.5], [1.0], [2.0], [3.0]], dtype=np.float32)

    found = laid_out(np.sign(taus) * np.abs(taus) ** tails, 12)

    assert layers_resemble(found)
    assert "a task's layers resemble one another" in layer_map_takeaway(found)


def test_layers_that_differ_by_chance_alone_are_no_more_alike_and_the_sentence_states_it():
    found = laid_out(big_updates(4, N), 12)

    assert not layers_resemble(found)
    assert "no more alike than those of different tasks." in layer_map_takeaway(found)


def test_tasks_that_differ_in_norm_alone_have_layers_no_more_alike():
    taus = big_updates(4, N) * np.array([[0.01], [0.1], [1.0], [10.0]], dtype=np.float32)

    found, alike = laid_out(taus, 12), laid_out(big_updates(4, N), 12)

    assert not layers_resemble(found)
    assert found.same_task == alike.same_task
    assert abs(found.values[:, 0] - alike.values[:, 0]).max() > 1


def test_layers_a_task_did_not_change_have_no_point():
    taus = big_updates(2, N)
    taus[0, : N // 3] = 0

    found = laid_out(taus, 3)

    assert [(spot.task, spot.layer) for spot in found.spots] == [
        ("task1", "0"), ("task0", "1"), ("task1", "1"), ("task0", "2"), ("task1", "2")
    ]  # fmt: skip
    rows = layer_map_rows(found)
    assert len(rows) == 5
    assert set(DESCRIPTORS) <= rows[0].keys()


def test_few_points_are_laid_out_by_pca_whatever_was_asked():
    few = laid_out(big_updates(2, N), 3, method="umap")
    many = laid_out(big_updates(4, N), 12, method="umap")

    assert (few.method, many.method) == ("pca", "umap")
    assert (few.explained is None, many.explained is None) == (False, True)


def test_a_zoo_that_changed_nothing_has_no_map():
    found = laid_out(np.zeros((2, 12), np.float32), 3)

    assert found.spots == ()
    assert layer_map_takeaway(found) == "Too few layers changed for a map."


def test_points_are_grouped_by_what_their_colours_show():
    found = laid_out(big_updates(2, N), 3, by_component=True)

    by_task, by_layer = layer_dots(found, "task", ["task1", "task0"]), layer_dots(found, "layer", [])
    (by_component,) = layer_dots(found, "component", [])

    assert [group.name for group in by_task] == ["task1", "task0"]
    assert [group.name for group in by_layer] == ["0", "1", "2"]
    assert by_layer[1].labels == ["task0, layer 1", "task1, layer 1"]
    assert by_layer[1].keys == [["task0", "visual:1"], ["task1", "visual:1"]]
    assert (by_component.name, len(by_component.x)) == ("MLP in", 6)


def test_a_task_without_points_keeps_its_place_among_the_colours():
    taus = big_updates(3, N)
    taus[1] = 0

    dots = layer_dots(laid_out(taus, 3), "task", ["task0", "task1", "task2"])

    assert [len(group.x) for group in dots] == [3, 0, 3]
