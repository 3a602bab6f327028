import torch

from analysis.model.layout import Layout
from analysis.model.scope import Scope, depths_in_scope, scope_ranges
from analysis.model.task_vectors import TaskVectors
from tests.vectors_of_weights import vectors_of_weights


def moved(shapes: dict[str, tuple[int, ...]], *names: str) -> TaskVectors:
    layout = Layout.from_shapes(shapes)
    weights = torch.zeros(1, layout.n_weights)
    for name in names:
        layout.view(weights[0], name).fill_(1.0)
    return vectors_of_weights(torch.zeros(layout.n_weights), weights, tasks=("task",), layout=layout)


def test_scope_all_is_the_whole_model(task_vectors: TaskVectors) -> None:
    assert scope_ranges(task_vectors, Scope.ALL) == ((0, 25),)


def test_scope_changed_leaves_out_the_parameter_no_task_changed(task_vectors: TaskVectors) -> None:
    assert scope_ranges(task_vectors, Scope.CHANGED) == ((0, 22),)


def test_scope_blocks_leaves_out_stem_and_head(task_vectors: TaskVectors) -> None:
    assert scope_ranges(task_vectors, Scope.BLOCKS) == ((2, 20),)


def test_neighbours_apart_are_not_joined() -> None:
    task_vectors = moved({"a": (2,), "b": (3,), "c": (1,), "d": (1,)}, "a", "c", "d")

    assert scope_ranges(task_vectors, Scope.CHANGED) == ((0, 2), (5, 7))


def test_parameter_moved_in_one_weight_is_wholly_in_scope() -> None:
    task_vectors = moved({"a": (4,), "one": (), "b": (2,)}, "one")

    assert scope_ranges(task_vectors, Scope.CHANGED) == ((4, 5),)


def test_empty_parameter_makes_no_range() -> None:
    task_vectors = moved({"h.0.empty": (0,), "fc.weight": (2,), "h.0.ln_1.weight": (3,)})

    assert scope_ranges(task_vectors, Scope.BLOCKS) == ((2, 5),)


def test_nothing_changed_means_nothing_in_scope() -> None:
    assert scope_ranges(moved({"a": (2,)}), Scope.CHANGED) == ()


def test_depth_counts_only_towers_with_a_block_in_scope() -> None:
    layout = Layout.from_shapes(
        {
            "visual.transformer.resblocks.0.ln_1.weight": (2,),
            "visual.transformer.resblocks.1.ln_1.weight": (2,),
            "transformer.resblocks.0.ln_1.weight": (2,),
        }
    )

    assert depths_in_scope(layout, ((2, 4),)) == {"visual": 2}
    assert depths_in_scope(layout, ((0, 6),)) == {"visual": 2, "text": 1}
    assert depths_in_scope(layout, ()) == {}
