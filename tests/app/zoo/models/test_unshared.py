import pytest
import torch

from analysis.model.pairing import Pairing
from app.zoo.models.unshared import carried_tensors, unshared_tensors, unshared_weights
from cache.checkpoints import Entry

CLIP = {"visual.proj": (8, 4), "token_embedding.weight": (5, 8)}
PLAIN = {"encoder.weight": (8, 8)}


def paired(**others):
    return Pairing(**{"names": {}, "missing": (), "unexpected": (), "other_heads": ()} | others)


def test_nothing_is_said_of_tasks_that_have_what_the_base_has():
    assert unshared_weights({"a": paired(), "b": paired()}, CLIP) == ()


@pytest.mark.parametrize(
    ("base", "name", "kind"),
    [
        (CLIP, "token_embedding.weight", "text tower"),
        (CLIP, "transformer.resblocks.0.ln_1.weight", "text tower"),
        (CLIP, "logit_scale", "text tower"),
        (CLIP, "visual.proj", "vision tower"),
        (PLAIN, "text_model.encoder.layers.0.mlp.fc1.weight", "text tower"),
        (PLAIN, "vision_model.post_layernorm.weight", "vision tower"),
        (CLIP, "loss_weight", "weights"),
        (PLAIN, "token_embedding.weight", "weights"),
        (PLAIN, "classifier.weight", "head"),
        (PLAIN, "embeddings.position_ids", "buffers"),
        (PLAIN, "layers.0.rotary_emb.inv_freq", "buffers"),
        (PLAIN, "h.0.attn.masked_bias", "buffers"),
        (PLAIN, "layer1.0.bn1.running_var", "buffers"),
    ],
)
def test_a_tensor_is_called_what_it_is(base, name, kind):
    (sentence,) = unshared_weights({"a": paired(unexpected=(name,))}, base)

    assert sentence == f"Task 'a' has 1 tensor that the base lacks ({kind}: {name}); they are left out."


def test_tasks_that_differ_alike_are_told_in_one_sentence():
    alike = paired(missing=("classifier.weight", "classifier.bias"), other_heads=("fc.weight",))
    tasks = dict.fromkeys("abcdef", alike) | {"other": paired(missing=("encoder.weight",))}

    assert unshared_weights(tasks, PLAIN) == (
        "Tasks 'a', 'b', 'c' and 3 more lack 2 tensors of the base (head: classifier.weight, "
        "classifier.bias); they count as unchanged.",
        "Task 'other' lacks 1 tensor of the base (weights: encoder.weight); they count as unchanged.",
        "Tasks 'a', 'b', 'c' and 3 more have 1 tensor of another shape than the base (head: fc.weight); "
        "the base's are kept.",
    )


def entries(dtype=torch.float32, **shapes):
    return {name.replace("__", "."): Entry(shape, dtype, (name,)) for name, shape in shapes.items()}


def test_every_tensor_that_one_side_has_is_listed_once_with_its_size():
    base = entries(
        encoder__weight=(8, 8), classifier__weight=(3, 8), lm_head__weight=(5, 8), pooler__bias=(8,)
    )
    own = entries(torch.float16, encoder__weight=(8, 8), classifier__weight=(4, 8), score__weight=(2, 8))
    alike = paired(
        missing=("lm_head.weight",), other_heads=("classifier.weight",), unexpected=("score.weight",)
    )

    found = unshared_tensors(
        {"a": (alike, own), "b": (alike, own), "c": (paired(missing=("pooler.bias",)), own)}, base
    )

    assert [(one.name, one.kind, one.shape, one.n_bytes, one.where, one.fate) for one in found] == [
        ("lm_head.weight", "head", (5, 8), 160, "the base, not in a, b", "counts as unchanged there"),
        ("pooler.bias", "weights", (8,), 32, "the base, not in c", "counts as unchanged there"),
        ("score.weight", "head", (2, 8), 32, "a, b, not in the base", "left out"),
        ("classifier.weight", "head", (3, 8), 96, "the base, of another shape in a, b", "the base's is kept"),
    ]


def test_tensors_that_are_no_weights_are_listed_too():
    base = entries(torch.int64, embeddings__position_ids=(1, 77), steps=())

    found = carried_tensors(["embeddings.position_ids", "steps"], base)

    assert [(one.name, one.kind, one.n_bytes, one.fate) for one in found] == [
        ("embeddings.position_ids", "buffers", 616, "no weight: kept as it is"),
        ("steps", "weights", 8, "no weight: kept as it is"),
    ]
