import open_clip
import pytest
import torch
from safetensors.torch import save_file

from cache.checkpoints import open_checkpoint
from cache.errors import CheckpointError
from cache.naming.hugging_face_clip import as_open_clip
from tests.hugging_face_clip import as_hugging_face
from tests.read_into import read_into


@pytest.fixture(scope="module")
def clip():
    """A small CLIP model's own tensors, as open_clip names them."""
    torch.manual_seed(0)
    vision = {"image_size": 16, "layers": 2, "width": 16, "head_width": 8, "patch_size": 8}
    text = {"context_length": 8, "vocab_size": 20, "width": 16, "heads": 2, "layers": 2}
    model = open_clip.CLIP(embed_dim=12, vision_cfg=vision, text_cfg=text)
    return {name: torch.randn_like(value) for name, value in model.named_parameters()}


def opened(folder, tensors):
    save_file(tensors, folder / "model.safetensors")
    return open_checkpoint(folder)


def stripped(tensors, prefix):
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def test_every_weight_comes_back_under_open_clips_name(tmp_path, clip):
    checkpoint = opened(tmp_path, as_hugging_face(clip))

    assert set(checkpoint.entries) == set(clip)
    for name, value in clip.items():
        assert checkpoint.entries[name].shape == tuple(value.shape)
        assert torch.equal(checkpoint.read(name), value.detach())


def test_reading_all_at_once_gives_the_same(tmp_path, clip):
    checkpoint = opened(tmp_path, as_hugging_face(clip))
    targets = {name: torch.empty_like(value) for name, value in clip.items()}

    read_into(checkpoint, targets)

    assert all(torch.equal(targets[name], value) for name, value in clip.items())


@pytest.mark.parametrize("prefix", ["", "vision_model.", "clip.vision_model.", "model.model.vision_model."])
def test_a_vision_tower_is_known_under_any_prefix(tmp_path, clip, prefix):
    tower = stripped(as_hugging_face(clip), "vision_model.")

    checkpoint = opened(tmp_path, {f"{prefix}{name}": value for name, value in tower.items()})

    expected = {name for name in clip if name.startswith("visual.") and name != "visual.proj"}
    assert set(checkpoint.entries) == expected


def test_projections_and_scale_beside_wrapped_towers_are_known(clip):
    names = [f"clip.{name}" for name in as_hugging_face(clip)]

    assert {one.name for one in as_open_clip(names)} == set(clip)


def test_tensors_of_no_clip_model_beside_the_tower_keep_their_names(tmp_path, clip):
    more = {"classifier.weight": torch.ones(3, 16), "vision_model.embeddings.position_ids": torch.arange(5)}

    checkpoint = opened(tmp_path, as_hugging_face(clip) | more)

    assert set(checkpoint.entries) == {*clip, *more}


@pytest.mark.parametrize(
    "names",
    [
        ["model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight"],
        [
            "vision_model.embeddings.patch_embedding.bias",
            "vision_model.encoder.layers.0.self_attn.q_proj.weight",
        ],
        ["embeddings.class_embedding", "encoder.layers.0.attention.q_proj.weight"],
    ],
)
def test_other_models_keep_their_names(names):
    assert [one.name for one in as_open_clip(names)] == names


def test_parts_of_other_shapes_are_refused(tmp_path, clip):
    tensors = as_hugging_face(clip)
    tensors["vision_model.encoder.layers.0.self_attn.k_proj.weight"] = torch.ones(8, 16)

    with pytest.raises(
        CheckpointError, match=r"the parts of 'visual\.transformer\.resblocks\.0\.attn\.in_proj_"
    ):
        opened(tmp_path, tensors)


def test_a_block_without_its_key_keeps_its_names(tmp_path, clip):
    tensors = as_hugging_face(clip)
    del tensors["vision_model.encoder.layers.1.self_attn.k_proj.bias"]

    assert "vision_model.encoder.layers.1.self_attn.q_proj.bias" in opened(tmp_path, tensors).entries


def test_stored_parts_are_those_that_were_read(tmp_path, clip):
    tensors = as_hugging_face(clip)
    checkpoint = opened(tmp_path, tensors)

    stored = {}
    for name, entry in checkpoint.entries.items():
        stored |= entry.as_stored(checkpoint.read(name))

    assert stored.keys() == tensors.keys()
    assert all(torch.equal(stored[name], value) for name, value in tensors.items())
