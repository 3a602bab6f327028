import pytest
import torch

from analysis.model.layout import Layout, Stretch, intersect


def layers_of(*names: str) -> list[tuple[str, int | None]]:
    layout = Layout.from_shapes(dict.fromkeys(names, (1,)))
    return [(parameter.tower, parameter.layer) for parameter in layout.parameters]


def test_parameters_follow_one_another_in_the_order_given() -> None:
    layout = Layout.from_shapes({"b": (2, 3), "a": (4,), "scalar": ()})

    assert [(p.name, p.start, p.stop) for p in layout.parameters] == [
        ("b", 0, 6),
        ("a", 6, 10),
        ("scalar", 10, 11),
    ]
    assert layout.n_weights == 11
    assert [p.n_weights for p in layout.parameters] == [6, 4, 1]


def test_model_without_parameters_has_no_weights_and_no_runs() -> None:
    layout = Layout.from_shapes({})

    assert layout.n_weights == 0
    assert layout.stretches == ()


def test_view_has_the_shape_of_the_parameter_and_shares_its_memory() -> None:
    layout = Layout.from_shapes({"first": (2,), "second": (2, 3)})
    flat = torch.zeros(8)

    view = layout.view(flat, "second")
    view[1, 0] = 7.0

    assert view.shape == (2, 3)
    assert flat.tolist() == [0, 0, 0, 0, 0, 7, 0, 0]


def test_view_of_one_task_shares_the_memory_of_the_matrix() -> None:
    layout = Layout.from_shapes({"first": (2,), "second": (2,)})
    deltas = torch.zeros(2, 4)

    layout.view(deltas[1], "second").fill_(1.0)

    assert deltas.tolist() == [[0, 0, 0, 0], [0, 0, 1, 1]]


def test_view_of_a_scalar_is_a_scalar() -> None:
    layout = Layout.from_shapes({"weight": (2,), "logit_scale": ()})

    assert layout.view(torch.tensor([1.0, 2.0, 3.0]), "logit_scale").item() == 3.0


def test_bare_names_beside_a_visual_tower_are_the_text_tower() -> None:
    assert layers_of(
        "visual.transformer.resblocks.0.ln_1.weight",
        "visual.transformer.resblocks.1.ln_1.weight",
        "transformer.resblocks.1.ln_1.weight",
        "token_embedding.weight",
    ) == [("visual", 0), ("visual", 1), ("text", 1), ("text", None)]


def test_two_towers_have_their_own_depth() -> None:
    layout = Layout.from_shapes(
        {
            **{f"vision_model.encoder.layers.{i}.mlp.fc1.weight": (1,) for i in range(3)},
            **{f"text_model.encoder.layers.{i}.mlp.fc1.weight": (1,) for i in range(2)},
            "logit_scale": (),
        }
    )

    assert layout.depths == {"visual": 3, "text": 2}


def test_encoder_and_decoder_of_t5_are_two_towers() -> None:
    assert layers_of(
        "shared.weight",
        "encoder.block.0.layer.0.SelfAttention.q.weight",
        "encoder.block.0.layer.1.DenseReluDense.wi.weight",
        "encoder.block.1.layer.0.SelfAttention.q.weight",
        "decoder.block.0.layer.2.DenseReluDense.wo.weight",
    ) == [("model", None), ("encoder", 0), ("encoder", 0), ("encoder", 1), ("decoder", 0)]


def test_blocks_of_a_resnet_are_counted_through_its_stages() -> None:
    assert layers_of(
        "visual.conv1.weight",
        "visual.layer1.0.conv1.weight",
        "visual.layer1.0.downsample.1.weight",
        "visual.layer1.1.conv1.weight",
        "visual.layer2.0.conv1.weight",
        "visual.layer3.0.conv1.weight",
        "visual.layer3.1.conv1.weight",
        "visual.attnpool.q_proj.weight",
    ) == [("visual", layer) for layer in (None, 0, 0, 1, 2, 3, 4, None)]


def test_stages_of_a_resnet_are_counted_from_the_input_whatever_the_order_of_the_file() -> None:
    assert layers_of("layer2.0.conv1.weight", "layer1.10.conv1.weight", "layer1.9.conv1.weight") == [
        ("model", 2),
        ("model", 1),
        ("model", 0),
    ]


def test_resnet_beside_a_text_transformer_does_not_renumber_it() -> None:
    assert layers_of(
        "visual.layer1.0.conv1.weight",
        "visual.layer2.0.conv1.weight",
        "transformer.resblocks.5.ln_1.weight",
    ) == [("visual", 0), ("visual", 1), ("text", 5)]


def test_blocks_of_a_swin_are_counted_through_its_stages() -> None:
    assert layers_of(
        "layers.0.blocks.0.mlp.fc1.weight",
        "layers.0.blocks.1.mlp.fc1.weight",
        "layers.0.downsample.reduction.weight",
        "layers.1.blocks.0.mlp.fc1.weight",
    ) == [("model", 0), ("model", 1), ("model", None), ("model", 2)]


def test_partial_stack_keeps_its_own_numbers() -> None:
    layout = Layout.from_shapes({"h.4.ln_1.weight": (1,), "h.10.ln_1.weight": (1,)})

    assert [parameter.layer for parameter in layout.parameters] == [4, 10]
    assert layout.depths == {"model": 11}


def test_model_without_blocks_has_no_depth() -> None:
    assert Layout.from_shapes({"fc.weight": (2, 2)}).depths == {}


def test_runs_join_neighbours_of_one_tower_and_layer(layout: Layout) -> None:
    assert layout.stretches == (
        Stretch(0, 2, "visual", None),
        Stretch(2, 8, "visual", 0),
        Stretch(8, 14, "visual", 1),
        Stretch(14, 20, "visual", 2),
        Stretch(20, 22, "visual", None),
        Stretch(22, 25, "text", None),
    )


def test_same_layer_of_two_towers_makes_two_runs() -> None:
    layout = Layout.from_shapes(
        {"visual.transformer.resblocks.0.ln_1.weight": (1,), "transformer.resblocks.0.ln_1.weight": (1,)}
    )

    assert layout.stretches == (Stretch(0, 1, "visual", 0), Stretch(1, 2, "text", 0))


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        (0, 9, ((0, 4), (6, 9))),
        (4, 6, ()),
        (3, 7, ((3, 4), (6, 7))),
        (9, 12, ()),
    ],
)
def test_intersection_keeps_what_lies_in_both(
    start: int, stop: int, expected: tuple[tuple[int, int], ...]
) -> None:
    assert intersect(((0, 4), (6, 9)), start, stop) == expected


def test_an_encoder_alone_is_one_tower_with_its_embeddings_and_head():
    names = ("embeddings.word_embeddings.weight", "encoder.layer.0.output.dense.weight", "classifier.weight")

    layout = Layout.from_shapes({f"bert.{name}": (2, 2) for name in names})

    assert {parameter.tower for parameter in layout.parameters} == {"model"}
    assert layout.depths == {"model": 1}


def test_an_encoder_beside_a_decoder_is_a_tower_of_its_own():
    names = ("shared.weight", "encoder.block.0.layer.0.wo.weight", "decoder.block.0.layer.0.wo.weight")

    layout = Layout.from_shapes(dict.fromkeys(names, (2, 2)))

    assert [parameter.tower for parameter in layout.parameters] == ["model", "encoder", "decoder"]
