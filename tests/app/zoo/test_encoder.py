import json

import pytest
import torch
from open_clip.transform import image_transform
from PIL import Image

from analysis.model.layout import Layout
from app.errors import ZooError
from app.zoo.encoder import build_encoder, build_tower
from app.zoo.encoder_config import read_encoder_config
from app.zoo.encoder_weights import bind
from app.zoo.zoo_file import EncoderEntry

VISION = {"layers": 2, "width": 16, "head_width": 8, "mlp_ratio": 2.0, "patch_size": 4, "image_size": 8}


class StoppedError(Exception):
    pass


def entry(folder, *, image_mean=None, image_std=None, logit_scale=None, preprocess=None, **architecture):
    path = folder / "config.json"
    config = {"embed_dim": 6, "vision_cfg": VISION} | architecture
    path.write_text(json.dumps({"model_cfg": config, "preprocess_cfg": preprocess or {}}))
    return EncoderEntry(path, image_mean, image_std, logit_scale)


def weights_of(encoder):
    torch.manual_seed(0)
    tower = build_tower(encoder.config, device="cpu")
    named = {f"visual.{name}": weight for name, weight in tower.state_dict().items()}
    return tower, {name: weight for name, weight in named.items() if weight.is_floating_point()}


def layout_of(weights):
    return Layout.from_shapes({name: tuple(weight.shape) for name, weight in weights.items()})


def flattened(weights):
    return torch.cat([weight.flatten() for weight in weights.values()])


def keep_going():
    return None


def test_what_is_built_has_shapes_and_no_memory(tmp_path):
    encoder = build_encoder(entry(tmp_path))

    assert all(weight.is_meta for weight in encoder.tower.parameters())
    assert (encoder.image_size, encoder.embed_dim, encoder.n_blocks) == ((8, 8), 6, 2)


def test_operations_are_counted_by_hand(tmp_path):
    encoder = build_encoder(entry(tmp_path))

    tokens, width = 5, 16
    patches = 2 * 4 * (3 * 4 * 4) * width
    block = 2 * tokens * (4 + 4) * width**2 + 2 * (2 * tokens**2 * width)
    assert encoder.flops_per_image == patches + 2 * block + 2 * width * 6


def test_normalisation_is_open_clips_own_unless_given(tmp_path):
    assert build_encoder(entry(tmp_path)).mean == (0.48145466, 0.4578275, 0.40821073)
    assert build_encoder(entry(tmp_path, preprocess={"mean": [0.5, 0.5, 0.5]})).mean == (0.5, 0.5, 0.5)
    assert build_encoder(entry(tmp_path, image_mean=(0.1, 0.2, 0.3))).mean == (0.1, 0.2, 0.3)
    assert build_encoder(entry(tmp_path, image_std=(1.0, 1.0, 1.0))).std == (1.0, 1.0, 1.0)


def test_logit_scale_is_a_hundred_unless_given(tmp_path):
    assert build_encoder(entry(tmp_path)).logit_scale == 100.0
    assert build_encoder(entry(tmp_path, logit_scale=16.0)).logit_scale == 16.0


def test_quick_gelu_of_the_config_reaches_the_tower(tmp_path):
    plain, quick = build_encoder(entry(tmp_path)), build_encoder(entry(tmp_path, quick_gelu=True))

    assert (plain.quick_gelu, quick.quick_gelu) == (False, True)
    assert "QuickGELU" in str(quick.tower)
    assert "QuickGELU" not in str(plain.tower)


def test_images_are_resized_to_the_same_pixels_as_by_open_clip(tmp_path):
    encoder = build_encoder(entry(tmp_path))
    picture = Image.radial_gradient("L").resize((40, 24))

    resized = encoder.resize(picture)

    theirs = image_transform(8, is_train=False, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))(picture)
    assert resized.mode == "RGB"
    assert resized.size == (8, 8)
    assert resized.getchannel("R").getpixel((3, 5)) == round(float(theirs[0, 5, 3]) * 255)


def test_bound_weights_are_views_of_the_buffer(tmp_path):
    encoder = build_encoder(entry(tmp_path))
    _, weights = weights_of(encoder)
    flat = flattened(weights)

    bind(encoder, flat, layout_of(weights))

    first, past = flat.data_ptr(), flat.data_ptr() + flat.nbytes
    assert all(first <= weight.data_ptr() < past for weight in encoder.tower.parameters())
    assert not any(weight.requires_grad for weight in encoder.tower.parameters())


def test_bound_encoder_gives_the_features_of_open_clips_own_tower(tmp_path):
    encoder = build_encoder(entry(tmp_path))
    tower, weights = weights_of(encoder)
    images = torch.rand(3, 3, 8, 8)

    bind(encoder, flattened(weights), layout_of(weights))

    torch.testing.assert_close(encoder.features(images, check=keep_going), tower(images).detach())


def test_writing_to_the_buffer_changes_the_encoder(tmp_path):
    encoder = build_encoder(entry(tmp_path))
    _, weights = weights_of(encoder)
    flat, layout = flattened(weights), layout_of(weights)
    bind(encoder, flat, layout)

    layout.view(flat, "visual.proj").zero_()

    assert encoder.features(torch.rand(1, 3, 8, 8), check=keep_going).abs().max() == 0


def test_a_text_tower_beside_the_encoder_is_ignored(tmp_path):
    encoder = build_encoder(entry(tmp_path))
    tower, weights = weights_of(encoder)
    weights = {"token_embedding.weight": torch.ones(7, 3)} | weights
    images = torch.rand(1, 3, 8, 8)

    bind(encoder, flattened(weights), layout_of(weights))

    torch.testing.assert_close(encoder.features(images, check=keep_going), tower(images).detach())


def test_running_statistics_of_a_resnet_are_weights_and_its_counters_are_not(tmp_path):
    vision = {"layers": [1, 1, 1, 1], "width": 8, "image_size": 32, "head_width": 8}
    encoder = build_encoder(entry(tmp_path, vision_cfg=vision))
    tower, weights = weights_of(encoder)
    weights["visual.bn1.running_mean"] += 0.5
    images = torch.rand(1, 3, 32, 32)

    bind(encoder, flattened(weights), layout_of(weights))

    assert (encoder.image_size, encoder.n_blocks) == ((32, 32), 4)
    torch.testing.assert_close(encoder.features(images, check=keep_going), tower(images).detach())
    assert int(encoder.tower.get_buffer("bn1.num_batches_tracked")) == 0


def test_position_tables_outside_the_checkpoint_are_computed_however_often_bound(tmp_path):
    vision = {"timm_model_name": "eva02_tiny_patch14_224", "image_size": 224, "timm_pool": "token"}
    encoder = build_encoder(entry(tmp_path, vision_cfg=vision))
    tower, weights = weights_of(encoder)
    images = torch.rand(1, 3, 224, 224)

    for _ in range(2):
        bind(encoder, flattened(weights), layout_of(weights))

    assert [name for name, _ in encoder.tower.named_buffers()] != []
    with torch.no_grad():
        torch.testing.assert_close(encoder.features(images, check=keep_going), tower(images))


def test_every_block_can_be_stopped_before(tmp_path):
    encoder = build_encoder(entry(tmp_path))
    _, weights = weights_of(encoder)
    bind(encoder, flattened(weights), layout_of(weights))
    calls = []

    encoder.features(torch.rand(1, 3, 8, 8), check=lambda: calls.append(1))

    assert len(calls) == encoder.n_blocks


def test_a_stop_reaches_the_caller_and_is_forgotten(tmp_path):
    encoder = build_encoder(entry(tmp_path))
    _, weights = weights_of(encoder)
    bind(encoder, flattened(weights), layout_of(weights))

    def stop():
        raise StoppedError

    with pytest.raises(StoppedError):
        encoder.features(torch.rand(1, 3, 8, 8), check=stop)
    assert encoder.tower(torch.rand(1, 3, 8, 8)).shape == (1, 6)


def test_a_weight_of_another_shape_is_refused_with_both_shapes(tmp_path):
    encoder = build_encoder(entry(tmp_path))
    _, weights = weights_of(encoder)
    weights["visual.conv1.weight"] = torch.zeros(16, 3, 2, 2)

    with pytest.raises(
        ZooError,
        match=r"'visual\.conv1\.weight' has shape \(16, 3, 2, 2\) in the checkpoint, "
        r"but 'config\.json' builds \(16, 3, 4, 4\)",
    ):
        bind(encoder, flattened(weights), layout_of(weights))


def test_a_weight_the_checkpoint_lacks_is_refused_by_name(tmp_path):
    encoder = build_encoder(entry(tmp_path))
    _, weights = weights_of(encoder)
    del weights["visual.ln_post.bias"]

    with pytest.raises(
        ZooError, match=r"'config\.json' builds 'visual\.ln_post\.bias', which the checkpoint"
    ):
        bind(encoder, flattened(weights), layout_of(weights))


def test_a_block_the_config_does_not_build_is_refused_by_name(tmp_path):
    encoder = build_encoder(entry(tmp_path))
    _, weights = weights_of(encoder)
    weights["visual.transformer.resblocks.2.ln_1.weight"] = torch.ones(16)

    with pytest.raises(ZooError, match=r"has 'visual\.transformer\.resblocks\.2\.ln_1\.weight', which"):
        bind(encoder, flattened(weights), layout_of(weights))


@pytest.mark.parametrize(
    ("vision", "message"),
    [
        (VISION | {"depth": 3}, "cannot build the vision tower of 'config.json': .*depth"),
        (VISION | {"head_width": 0}, "cannot build the vision tower of 'config.json'"),
        (VISION | {"pool_type": "none"}, r"features of shape \(1, 5, 6\) for one image, expected \(1, 6\)"),
        ({"timm_model_name": "hf-hub:someone/model"}, "names a model on a hub"),
    ],
)
def test_a_tower_that_cannot_be_built_is_refused(tmp_path, vision, message):
    with pytest.raises(ZooError, match=message):
        build_encoder(entry(tmp_path, vision_cfg=vision))


def test_a_model_is_built_by_its_open_clip_name():
    encoder = build_encoder(EncoderEntry("ViT-B-32-quickgelu", None, None, None))

    assert (encoder.image_size, encoder.embed_dim, encoder.n_blocks) == ((224, 224), 512, 12)
    assert encoder.quick_gelu
    assert read_encoder_config("ViT-B-32-quickgelu").text_cfg is not None


@pytest.mark.parametrize(
    ("vision", "preprocess", "message"),
    [
        ({"patch_size": 9}, {}, r"patch_size is 9, larger than the image of 8 pixels"),
        ({"pool_type": "x"}, {}, r"cannot build the vision tower of 'config\.json': assert pool_type in"),
        ({"act_kwargs": [1]}, {}, r"cannot build the vision tower of 'config\.json': .*must be a mapping"),
        ({"timm_model_name": 5}, {}, r"cannot build the vision tower of 'config\.json': 'int' object has no"),
        (
            {"timm_model_name": "vit_tiny_patch16_224", "image_size": 256},
            {},
            r"'config\.json' cannot take an image: Input height \(256\) doesn't match model",
        ),
        (
            {"layers": [1, 1, 1, 1], "width": 8, "image_size": 1},
            {},
            r"'config\.json' cannot take an image: .*Output size is too small",
        ),
        (
            {},
            {"interpolation": 5},
            r"cannot prepare images as 'config\.json' describes: assert",
        ),
        ({}, {"size": 10}, r"preprocess_cfg\.size is 10, but its tower takes images of 8 × 8 pixels"),
        ({}, {"mean": "abc"}, r"preprocess_cfg\.mean is 'abc'; it must be three numbers"),
        ({}, {"std": [70, 70, 70]}, r"preprocess_cfg\.std is \[70, 70, 70\]; .* Divide by 255"),
    ],
)
def test_whatever_a_config_makes_open_clip_raise_is_one_sentence(tmp_path, vision, preprocess, message):
    with pytest.raises(ZooError, match=message):
        build_encoder(entry(tmp_path, vision_cfg=VISION | vision, preprocess=preprocess))
