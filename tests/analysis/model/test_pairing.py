import pytest

from analysis.errors import MismatchError
from analysis.model.pairing import is_head, pairing

BASE = {
    "visual.conv1.weight": (8, 3, 2, 2),
    "visual.transformer.resblocks.0.ln_1.weight": (8,),
    "visual.transformer.resblocks.0.mlp.c_fc.weight": (32, 8),
    "visual.proj": (8, 4),
}
LLAMA = {
    "model.embed_tokens.weight": (20, 8),
    "model.layers.0.mlp.up_proj.weight": (16, 8),
    "model.norm.weight": (8,),
    "lm_head.weight": (20, 8),
}
BERT = {
    "bert.embeddings.word_embeddings.weight": (20, 8),
    "bert.encoder.layer.0.output.dense.weight": (8, 8),
    "bert.encoder.layer.0.output.dense.bias": (8,),
}


def prefixed(prefix, shapes):
    return {prefix + name: shape for name, shape in shapes.items()}


def paired(model, base):
    return pairing(model, base, where="Task 'digits'")


def test_same_names_and_shapes_are_paired_in_the_base_s_order():
    found = paired(dict(reversed(BASE.items())), BASE)

    assert list(found.names.items()) == [(name, name) for name in BASE]
    assert (found.missing, found.unexpected, found.other_heads) == ((), (), ())


@pytest.mark.parametrize("prefix", ["net.", "image_encoder.", "a.b.c.", "model.model.", "_x."])
@pytest.mark.parametrize("shapes", [BASE, LLAMA, BERT], ids=["clip", "llama", "bert"])
def test_prefix_of_either_side_is_no_difference(prefix, shapes):
    wrapped = prefixed(prefix, shapes)

    assert paired(wrapped, shapes).names == {name: prefix + name for name in shapes}
    assert paired(shapes, wrapped).names == {prefix + name: name for name in shapes}
    assert paired(prefixed("other.", shapes), wrapped).names == {
        prefix + name: f"other.{name}" for name in shapes
    }


def test_prefix_on_a_part_of_the_names_is_found_beside_a_head():
    model = {name.removeprefix("bert."): shape for name, shape in BERT.items()} | {
        "classifier.weight": (2, 8)
    }

    found = paired(model, BERT)

    assert found.names == {name: name.removeprefix("bert.") for name in BERT}
    assert found.unexpected == ("classifier.weight",)


def test_base_with_a_head_of_its_own_meets_a_task_that_is_wrapped_and_has_none():
    tied = {name: shape for name, shape in LLAMA.items() if name != "lm_head.weight"}

    found = paired(prefixed("policy.", tied), LLAMA)

    assert found.names == {name: f"policy.{name}" for name in tied}
    assert found.missing == ("lm_head.weight",)


def test_head_of_another_shape_is_left_to_the_base():
    base, model = BASE | {"head.fc.weight": (1000, 8)}, BASE | {"head.fc.weight": (10, 8)}

    found = paired(model, base)

    assert found.other_heads == ("head.fc.weight",)
    assert list(found.names) == list(BASE)
    assert (found.missing, found.unexpected) == ((), ())


@pytest.mark.parametrize(
    ("name", "shape"), [("visual.proj", (8, 5)), ("visual.conv1.weight", (8, 3, 4)), ("visual.proj", (4, 8))]
)
def test_other_shape_is_refused_even_with_as_many_weights(name, shape):
    with pytest.raises(
        MismatchError, match=rf"^Task 'digits': '{name}' has shape \({shape[0]}, .*the base has"
    ):
        paired(BASE | {name: shape}, BASE)


def test_tower_alone_meets_the_whole_model_however_large_the_rest_is():
    whole = BASE | {"token_embedding.weight": (50_000, 8), "ln_final.weight": (8,)}

    assert paired(BASE, whole).missing == ("token_embedding.weight", "ln_final.weight")
    assert paired(whole, BASE).unexpected == ("token_embedding.weight", "ln_final.weight")


def test_models_that_share_less_than_half_are_refused_with_one_example_each():
    with pytest.raises(
        MismatchError,
        match=r"^Task 'digits' has names of another kind, the base has open_clip's names: 'x' and 1 more un",
    ):
        paired({"x": (3,), "y": (4,)}, BASE)
    with pytest.raises(
        MismatchError,
        match=r"^Task 'digits' names other parameters than the base: 'x' unexpected, 'b' missing. Were both",
    ):
        paired({"a": (2,), "x": (3,)}, {"a": (2,), "b": (3,)})


def test_names_of_two_conventions_are_called_by_their_owners():
    hugging_face = {
        "vision_model.embeddings.patch_embedding.weight": (8, 3, 2, 2),
        "vision_model.encoder.layers.0.mlp.fc1.weight": (32, 8),
    }

    with pytest.raises(
        MismatchError, match=r"^Task 'digits' has Hugging Face's names, the base has open_clip's names: "
    ):
        paired(hugging_face, BASE)
    with pytest.raises(
        MismatchError, match=r"^Task 'digits' has open_clip's names, the base has Hugging Face's names: "
    ):
        paired(BASE, hugging_face)


def test_two_ways_that_fit_equally_well_are_refused():
    base = prefixed("student.", BERT) | prefixed("teacher.", BERT)

    with pytest.raises(MismatchError, match=r"two ways, under 'student\.' and under 'teacher\.'"):
        paired(BERT, base)
    with pytest.raises(MismatchError, match=r"two ways, under 'student\.' and under 'teacher\.'"):
        paired(base, BERT)


def test_names_that_meet_as_they_stand_are_no_guess_among_towers_of_equal_shapes():
    base = prefixed("vision_model.encoder.", BERT) | prefixed("text_model.encoder.", BERT)
    model = prefixed("vision_model.encoder.", BERT)

    found = paired(model, base)

    assert found.names == {name: name for name in model}
    assert set(found.missing) == set(prefixed("text_model.encoder.", BERT))


def test_of_two_towers_the_one_with_equal_shapes_is_met():
    base = prefixed("vision_model.", BERT) | {
        f"text_model.{name}": (*shape[:-1], 2 * shape[-1]) for name, shape in BERT.items()
    }

    assert set(paired(BERT, base).names) == set(prefixed("vision_model.", BERT))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("fc.weight", True),
        ("classifier.1.bias", True),
        ("heads.head.weight", True),
        ("model.score.weight", True),
        ("transformer.h.0.mlp.fc.weight", False),
        ("layers.3.attn.head.weight", False),
        ("visual.proj", False),
        ("headless.weight", False),
    ],
)
def test_what_counts_as_a_head(name, answer):
    assert is_head(name) is answer
