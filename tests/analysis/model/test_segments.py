import pytest

from analysis.model.layout import Layout
from analysis.model.places import places
from analysis.model.segments import segments

OPEN_CLIP = {
    "visual.class_embedding": (4,),
    "visual.positional_embedding": (5, 4),
    "visual.proj": (4, 2),
    "visual.conv1.weight": (4, 3, 2, 2),
    "visual.ln_pre.weight": (4,),
    **{
        f"visual.transformer.resblocks.{block}.{name}": shape
        for block in range(11)
        for name, shape in {
            "attn.in_proj_weight": (12, 4),
            "attn.in_proj_bias": (12,),
            "ln_1.weight": (4,),
        }.items()
    },
    "visual.ln_post.weight": (4,),
    "visual.ln_post.bias": (0,),
}


def whole(layout):
    return ((0, layout.n_weights),)


def test_rows_run_from_input_to_output_whatever_the_order_in_the_file():
    names = [place.name for place in places(Layout.from_shapes(OPEN_CLIP))]

    assert names == ["stem", "ln_pre", *map(str, range(11)), "ln_post", "proj"]


def test_towers_follow_one_another_and_have_keys_of_their_own():
    layout = Layout.from_shapes(
        {
            "encoder.block.0.layer.0.SelfAttention.q.weight": (2, 2),
            "encoder.final_layer_norm.weight": (2,),
            "decoder.block.0.layer.0.SelfAttention.q.weight": (2, 2),
            "shared.weight": (3, 2),
        }
    )

    assert [place.key for place in places(layout)] == [
        "encoder:0",
        "encoder:ln_post",
        "decoder:0",
        "model:stem",
    ]


def test_packed_queries_keys_and_values_are_segments_of_their_own():
    layout = Layout.from_shapes(OPEN_CLIP)
    packed = [s for s in segments(layout, whole(layout)) if "resblocks.10.attn.in_proj_weight" in s.parameter]

    assert [segment.component for segment in packed] == ["attn_q", "attn_k", "attn_v"]
    assert [segment.n_weights for segment in packed] == [16, 16, 16]
    assert packed[0].stop == packed[1].start
    assert packed[2].stop == layout.by_name["visual.transformer.resblocks.10.attn.in_proj_weight"].stop


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("vision_model.encoder.layers.3.self_attn.q_proj.weight", "attn_q"),
        ("vision_model.encoder.layers.3.self_attn.k_proj.bias", "attn_k"),
        ("encoder.layer.3.attention.self.value.weight", "attn_v"),
        ("encoder.block.0.layer.0.SelfAttention.k.weight", "attn_k"),
        ("h.3.attn.c_attn.weight", "attn_qkv"),
        ("model.layers.3.self_attn.o_proj.weight", "attn_out"),
    ],
)
def test_queries_keys_and_values_kept_apart_in_the_file_are_named_so(name, component):
    layout = Layout.from_shapes({name: (3, 2)})

    assert [segment.component for segment in segments(layout, whole(layout))] == [component]


def test_every_weight_in_scope_is_in_one_segment():
    layout = Layout.from_shapes(OPEN_CLIP)
    ranges = ((0, 4), (32, 80), (84, layout.n_weights))

    covered = [column for s in segments(layout, ranges) for column in range(s.start, s.stop)]

    assert covered == [column for start, stop in ranges for column in range(start, stop)]


def test_a_parameter_without_weights_has_no_segment():
    layout = Layout.from_shapes(OPEN_CLIP)

    assert "visual.ln_post.bias" not in [s.parameter for s in segments(layout, whole(layout))]
