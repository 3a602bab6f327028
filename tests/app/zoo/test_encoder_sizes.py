import open_clip
import pytest

from app.errors import ZooError
from app.zoo.encoder_config import read_encoder_config
from app.zoo.encoder_sizes import require_sizes

VISION = {"layers": 3, "width": 16, "patch_size": 4, "image_size": 16}


def nested(levels):
    table = {}
    for _ in range(levels):
        table = {"act": table}
    return table


def test_every_encoder_that_open_clip_ships_is_within_the_bounds():
    for name in open_clip.list_models():
        read_encoder_config(name)


@pytest.mark.parametrize(
    "vision",
    [
        {},
        VISION,
        VISION | {"layers": [3, 15, 36, 10]},
        VISION | {"layers": [1, 1, 1, 1], "patch_size": None, "image_size": 32},
        VISION | {"image_size": [16, 32], "patch_size": [4, 8]},
        VISION | {"timm_model_name": "vit_tiny_patch16_224", "patch_size": 64},
    ],
)
def test_sizes_that_encoders_have_pass(vision):
    require_sizes(vision, None, name="config.json")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"layers": 1_000_000}, r"vision_cfg\.layers is 1000000; at most 128 are built"),
        ({"layers": [3, 4, 10**9, 3]}, r"vision_cfg\.layers is \[3, 4, 1000000000, 3\]; at most 128"),
        ({"layers": 10**400}, r"vision_cfg\.layers is .*; at most 128"),
        ({"image_size": 0}, r"vision_cfg\.image_size is 0; each side must have 1 to 4096 pixels"),
        ({"image_size": -16}, r"vision_cfg\.image_size is -16; each side"),
        ({"image_size": [16, 10**6]}, r"vision_cfg\.image_size is \[16, 1000000\]; each side"),
        ({"patch_size": 64}, r"vision_cfg\.patch_size is 64, larger than the image of 16 pixels"),
        ({"patch_size": 0}, r"vision_cfg\.patch_size is 0; it must be at least 1"),
        ({"image_size": 4096, "patch_size": 1}, r"patches of 1 pixels in an image of 4096 are too many"),
        ({"width": 10**9}, r"vision_cfg\.width is 1000000000; its size must be at most 1000000"),
        ({"mlp_ratio": float("nan")}, r"vision_cfg\.mlp_ratio is nan; its size must be at most"),
        ({"mlp_ratio": float("inf")}, r"vision_cfg\.mlp_ratio is inf; its size"),
        ({"act_kwargs": {"alpha": -(10**400)}}, r"vision_cfg\.act_kwargs is -1000.*; its size"),
        ({"norm_kwargs": nested(900)}, r"vision_cfg\.norm_kwargs is nested too deeply"),
    ],
)
def test_sizes_that_none_has_are_refused_before_anything_is_built(given, message):
    with pytest.raises(ZooError, match=rf"^'config\.json': {message}"):
        require_sizes(VISION | given, None, name="config.json")


def test_text_towers_have_bounds_too():
    with pytest.raises(ZooError, match=r"text_cfg\.layers is 1000000; at most 128"):
        require_sizes(VISION, {"layers": 1_000_000}, name="config.json")
    with pytest.raises(ZooError, match=r"text_cfg\.context_length is 1000000000; its size"):
        require_sizes(VISION, {"context_length": 10**9}, name="config.json")
