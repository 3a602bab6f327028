import json

import pytest

from app.errors import ZooError
from app.zoo.encoder_config import read_encoder_config
from cache.errors import FileError, MissingFileError

ARCHITECTURE = {"embed_dim": 8, "vision_cfg": {"layers": 1, "width": 16}}


def written(folder, config):
    path = folder / "config.json"
    path.write_text(json.dumps(config))
    return path


def test_a_file_may_hold_the_architecture_at_the_top(tmp_path):
    config = read_encoder_config(written(tmp_path, ARCHITECTURE))

    assert (config.name, config.embed_dim, config.vision_cfg["width"]) == ("config.json", 8, 16)
    assert config.text_cfg is None
    assert config.quick_gelu is False


def test_a_file_may_hold_the_architecture_under_model_cfg(tmp_path):
    whole = {"model_cfg": ARCHITECTURE | {"quick_gelu": True}, "preprocess_cfg": {"mean": [0.5, 0.5, 0.5]}}

    config = read_encoder_config(written(tmp_path, whole))

    assert config.embed_dim == 8
    assert config.quick_gelu is True
    assert config.preprocess == {"mean": [0.5, 0.5, 0.5]}


def test_a_name_is_looked_up_among_the_models_open_clip_ships():
    assert read_encoder_config("ViT-B-32").quick_gelu is False
    assert read_encoder_config("ViT-B-32-quickgelu").quick_gelu is True


def test_an_unknown_name_is_refused_with_the_nearest_ones():
    with pytest.raises(ZooError, match=r"no model named 'ViT-B-33'\. Did you mean 'ViT-B-32'"):
        read_encoder_config("ViT-B-33")


def test_a_name_on_a_hub_is_refused_without_asking_the_hub():
    with pytest.raises(ZooError, match=r"no model named 'hf-hub:someone/model'"):
        read_encoder_config("hf-hub:someone/model")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(MissingFileError, match=r"absent\.json' cannot be read: No such file"):
        read_encoder_config(tmp_path / "absent.json")


def test_a_file_that_is_not_json_is_refused(tmp_path):
    path = tmp_path / "config.json"
    path.write_bytes(b"\xff{")

    with pytest.raises(FileError, match=r"config\.json' is not text in UTF-8"):
        read_encoder_config(path)
    for text in ("{", "[" * 100_000):
        path.write_text(text)
        with pytest.raises(ZooError, match=r"'config\.json' is not a JSON file"):
            read_encoder_config(path)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ([], "must hold an object with embed_dim and vision_cfg"),
        ({"vision_cfg": {}}, "embed_dim is None; it must be a whole number"),
        ({"embed_dim": True, "vision_cfg": {}}, "embed_dim is True; it must be a whole number"),
        ({"embed_dim": 8}, "vision_cfg is None; it must be an object"),
        (ARCHITECTURE | {"text_cfg": 3}, "text_cfg and preprocess_cfg must be objects"),
    ],
)
def test_a_malformed_architecture_is_refused_by_field(tmp_path, config, message):
    with pytest.raises(ZooError, match=message):
        read_encoder_config(written(tmp_path, config))
