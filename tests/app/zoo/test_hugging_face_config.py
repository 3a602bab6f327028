import json

import pytest
import torch

from app.errors import ZooError
from app.zoo.encoder import build_encoder
from app.zoo.encoder_config import read_encoder_config
from app.zoo.zoo_file import EncoderEntry

VISION = {
    "hidden_size": 16,
    "intermediate_size": 40,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "image_size": 32,
    "patch_size": 8,
}
TEXT = {"hidden_size": 24, "num_attention_heads": 3, "max_position_embeddings": 9, "vocab_size": 30}
CLIP = {"model_type": "clip", "projection_dim": 12, "vision_config": VISION, "text_config": TEXT}


def written(folder, config, **preprocessor):
    (folder / "config.json").write_text(json.dumps(config))
    if preprocessor:
        (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor))
    return folder / "config.json"


def read(folder, config=CLIP, **preprocessor):
    return read_encoder_config(written(folder, config, **preprocessor))


def test_sizes_are_those_that_open_clip_builds(tmp_path):
    entry = EncoderEntry(written(tmp_path, CLIP), None, None, None)

    encoder = build_encoder(entry)

    shapes = {name: tuple(value.shape) for name, value in encoder.tower.state_dict().items()}
    assert encoder.n_blocks == 3
    assert shapes["conv1.weight"] == (16, 3, 8, 8)
    assert shapes["positional_embedding"] == (17, 16)
    assert shapes["transformer.resblocks.0.mlp.c_fc.weight"] == (40, 16)
    assert shapes["proj"] == (16, 12)
    assert encoder.tower.get_submodule("transformer.resblocks.0.attn").num_heads == 2


def test_the_text_tower_has_its_own_sizes_and_transformers_own_where_none_are_stated(tmp_path):
    text = read(tmp_path).text_cfg

    assert (text["width"], text["heads"], text["context_length"], text["vocab_size"]) == (24, 3, 9, 30)
    assert text["layers"] == 12


def test_a_vision_tower_alone_has_its_sizes_at_the_top(tmp_path):
    config = read(tmp_path, {"model_type": "clip_vision_model", "projection_dim": 12, **VISION})

    assert (config.vision_cfg["layers"], config.embed_dim, config.text_cfg) == (3, 12, None)


@pytest.mark.parametrize(("stated", "quick"), [(None, True), ("quick_gelu", True), ("gelu", False)])
def test_the_activation_is_the_stated_one_or_openais(tmp_path, stated, quick):
    act = {} if stated is None else {"hidden_act": stated}
    config = CLIP | {"vision_config": VISION | act, "text_config": TEXT | act}

    assert read(tmp_path, config).quick_gelu is quick


def test_images_are_prepared_as_the_file_beside_it_states(tmp_path):
    config = read(tmp_path, image_mean=[0.1, 0.2, 0.3], image_std=[0.4, 0.5, 0.6], resample=2)

    assert config.preprocess == {
        "mean": [0.1, 0.2, 0.3],
        "std": [0.4, 0.5, 0.6],
        "interpolation": "bilinear",
    }


@pytest.mark.parametrize("beside", ["{", "[]", "7"])
def test_a_broken_file_beside_it_is_passed_over(tmp_path, beside):
    path = written(tmp_path, CLIP)
    (tmp_path / "preprocessor_config.json").write_text(beside)

    assert read_encoder_config(path).preprocess == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hidden_size": "16"}, "hidden_size is '16'; it must be a whole number"),
        ({"num_hidden_layers": 0}, "num_hidden_layers is 0"),
        ({"num_attention_heads": -2}, "num_attention_heads is -2"),
        ({"layer_norm_eps": 1e-6}, r"layer_norm_eps is 1e-06; open_clip builds models with 1e-05"),
        ({"hidden_act": "relu"}, "hidden_act is quick_gelu and relu"),
        ({"num_hidden_layers": 10**6}, "at most 128 are built"),
    ],
)
def test_what_open_clip_would_build_otherwise_is_refused(tmp_path, change, message):
    with pytest.raises(ZooError, match=message):
        read(tmp_path, CLIP | {"vision_config": VISION | change})


def test_a_table_that_is_none_counts_as_not_stated(tmp_path):
    config = read(tmp_path, CLIP | {"vision_config": None})

    assert config.vision_cfg["layers"] == 12


def test_other_models_of_hugging_face_are_no_encoders(tmp_path):
    with pytest.raises(ZooError, match="embed_dim"):
        read(tmp_path, {"model_type": "bert", **VISION})


def test_the_same_image_gives_the_same_features_under_either_config(tmp_path):
    """A tower built from open_clip's own config, with the same weights."""
    own = {
        "embed_dim": 12,
        "quick_gelu": True,
        "vision_cfg": {
            "image_size": 32,
            "layers": 3,
            "width": 16,
            "head_width": 8,
            "patch_size": 8,
            "mlp_ratio": 2.5,
        },
    }
    (tmp_path / "own.json").write_text(json.dumps(own))
    ours, theirs = (
        build_encoder(EncoderEntry(path, None, None, None)).tower.to_empty(device="cpu")
        for path in (tmp_path / "own.json", written(tmp_path, CLIP))
    )
    torch.manual_seed(0)
    with torch.no_grad():
        for weight in ours.parameters():
            weight.normal_(std=0.1)
    theirs.load_state_dict(ours.state_dict())
    image = torch.randn(2, 3, 32, 32)

    assert torch.equal(ours(image), theirs(image))
