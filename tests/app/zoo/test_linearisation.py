import copy
import json

import pytest
import torch

from analysis.model.layout import Layout
from app.zoo.encoder import build_encoder, build_tower
from app.zoo.encoder_weights import bind
from app.zoo.linearisation import first_order
from app.zoo.zoo_file import EncoderEntry

VISION = {"layers": 2, "width": 16, "head_width": 8, "patch_size": 4, "image_size": 8}
MODELS = {
    "transformer": {"embed_dim": 6, "vision_cfg": VISION},
    "ResNet": {
        "embed_dim": 6,
        "vision_cfg": {"layers": [1, 1, 1, 1], "width": 8, "head_width": 8, "image_size": 32},
    },
}


@pytest.fixture(params=list(MODELS.values()), ids=list(MODELS))
def encoder(request, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(request.param))
    return build_encoder(EncoderEntry(tmp_path / "config.json", None, None, None))


def weights(tower, seed):
    generator = torch.Generator().manual_seed(seed)
    return {
        name: torch.rand(value.shape, generator=generator) * 0.2 + 0.1
        for name, value in tower.state_dict().items()
        if value.is_floating_point()
    }


def test_it_is_the_tangent_of_the_tower_at_the_base(encoder):
    """Against differences of the tower itself in float64."""
    tower = build_tower(encoder.config, device="cpu").double()
    base = {name: value.double() for name, value in weights(tower, 0).items()}
    parameters = dict(tower.named_parameters())
    move = {name: 0.1 * value.double() * (name in parameters) for name, value in weights(tower, 1).items()}
    images = torch.rand(3, 3, *encoder.image_size, dtype=torch.float64)

    def moved(step):
        other = copy.deepcopy(tower)
        other.load_state_dict({name: base[name] + step * move[name] for name in base}, strict=False)
        return other

    with torch.no_grad():
        step = 1e-5
        slope = (moved(step)(images) - moved(-step)(images)) / (2 * step)
        expected = moved(0)(images) + slope

        found = first_order(moved(1), base, images)

    assert torch.allclose(found, expected, rtol=1e-5, atol=1e-7)
    assert not torch.allclose(found, moved(1)(images), rtol=1e-3)


def test_a_bound_encoder_answers_to_first_order_and_hears_a_stop(encoder):
    named = {
        f"visual.{name}": value
        for name, value in weights(build_tower(encoder.config, device="cpu"), 0).items()
    }
    layout = Layout.from_shapes({name: tuple(value.shape) for name, value in named.items()})
    theta_0 = torch.cat([value.flatten() for value in named.values()])
    theta = theta_0 * 1.1
    images = torch.rand(2, 3, *encoder.image_size)

    def features(**at):
        bind(encoder, theta, layout, **at)
        calls = []
        with torch.inference_mode():
            return encoder.features(images * 1.0, check=lambda: calls.append(1)), len(calls)

    (plain, n_plain), (linear, n_linear) = features(), features(linear_at=theta_0)
    again, _ = features()

    assert n_plain == n_linear > 0
    assert not torch.allclose(plain, linear, rtol=1e-3)
    assert torch.equal(plain, again)
    theta.copy_(theta_0)
    base, _ = features()
    assert torch.allclose(features(linear_at=theta_0)[0], base, rtol=1e-4, atol=1e-6)
