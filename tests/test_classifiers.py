import copy
import json
from typing import Any

import numpy as np
import pytest
import timm
import torch
from PIL import Image
from safetensors.torch import save_file
from timm.data.transforms_factory import create_transform
from transformers import (
    AutoModelForImageClassification,
    ConvNextConfig,
    Dinov2Config,
    PreTrainedModel,
    ResNetConfig,
    ViTConfig,
)

from app.bench.bench_setup import evaluation_setup
from app.bench.evaluator import Evaluator
from app.errors import ZooError
from app.work.jobs import JobContext
from app.zoo.encoder import build_encoder
from app.zoo.encoder_config import read_encoder_config
from app.zoo.encoder_weights import bind
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import EncoderEntry, read_zoo_file

CPU = torch.device("cpu")
MEAN, STD = (0.5, 0.4, 0.3), (0.5, 0.6, 0.7)
IMAGES = torch.randint(0, 256, (9, 32, 32, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def timm_vit(n_classes):
    args: dict[str, Any] = {"embed_dim": 16, "depth": 2, "num_heads": 2, "img_size": 32, "patch_size": 8}
    model = timm.create_model("vit_tiny_patch16_224", num_classes=n_classes, **args)
    config = {
        "architecture": "vit_tiny_patch16_224",
        "model_args": {**args, "num_classes": n_classes},
        "pretrained_cfg": {"input_size": [3, 32, 32], "mean": MEAN, "std": STD, "crop_pct": 1.0},
    }
    return model, config, "head"


def timm_resnet(n_classes):
    args: dict[str, Any] = {"channels": [8, 8, 12, 16], "stem_width": 4}
    model = timm.create_model("resnet10t", num_classes=n_classes, **args)
    config = {
        "architecture": "resnet10t",
        "model_args": args,
        "pretrained_cfg": {"input_size": [3, 32, 32], "mean": MEAN, "std": STD, "crop_pct": 1.0},
    }
    return model, config, "fc"


def hugging_face(make, head, **sizes):
    def model(n_classes):
        config = make(num_labels=n_classes, image_size=32, **sizes)
        return AutoModelForImageClassification.from_config(config), config.to_dict(), head

    return model


MODELS = {
    "timm ViT": timm_vit,
    "timm ResNet": timm_resnet,
    "Hugging Face ViT": hugging_face(
        ViTConfig,
        "classifier",
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        patch_size=8,
    ),
    "DINOv2": hugging_face(
        Dinov2Config,
        "classifier",
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        patch_size=8,
    ),
    "Hugging Face ResNet": hugging_face(
        ResNetConfig,
        "classifier.1",
        embedding_size=8,
        hidden_sizes=[8, 12],
        depths=[1, 1],
        layer_type="basic",
    ),
    "Hugging Face ConvNeXt": hugging_face(
        ConvNextConfig, "classifier", num_stages=2, hidden_sizes=[8, 12], depths=[1, 1]
    ),
}


def shaken(model, seed):
    """Every number of a state another, but counters."""
    generator = torch.Generator().manual_seed(seed)
    state = {}
    for name, value in model.state_dict().items():
        is_float = value.is_floating_point()
        step = 0.05 * torch.rand(value.shape, generator=generator) if is_float else 0
        state[name] = (value + step).contiguous()
    model.load_state_dict(state)
    return model.eval()


def classifier_zoo(folder, make):
    """A base whose head has other classes, and two tasks with heads of their own; gives their models."""
    models = {}
    for seed, (name, n_classes) in enumerate((("base", 4), ("one", 3), ("two", 5))):
        model, config, head = make(n_classes)
        models[name] = shaken(model, seed)
        (folder / name).mkdir()
        (folder / name / "config.json").write_text(json.dumps(config))
        processor = {"image_mean": MEAN, "image_std": STD, "size": {"height": 32, "width": 32}}
        (folder / name / "preprocessor_config.json").write_text(json.dumps(processor))
        if isinstance(model, PreTrainedModel):
            model.save_pretrained(folder / name)
        else:
            save_file(model.state_dict(), folder / name / "model.safetensors")
        labels = torch.arange(len(IMAGES)) % n_classes
        save_file({"images": IMAGES, "labels": labels}, folder / f"{name}.safetensors")
    tasks = "".join(
        f"[[tasks]]\nname = '{name}'\ncheckpoint = '{name}'\nhead = '{name}#{head}.weight'\n"
        f"val = '{name}.safetensors'\n"
        for name in ("one", "two")
    )
    (folder / "zoo.toml").write_text(
        f"name = 'A'\n[encoder]\nmodel = 'base/config.json'\n[base]\ncheckpoint = 'base'\n{tasks}"
    )
    return models, head


def logits(model, images):
    pixels = images.permute(0, 3, 1, 2).float() / 255
    pixels = (pixels - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)
    with torch.no_grad():
        found = model(pixels)
    return getattr(found, "logits", found)


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_classifiers_answer_as_their_own_library_has_them_before_and_after_a_merge(tmp_path, make):
    torch.manual_seed(0)
    models, head = classifier_zoo(tmp_path, make)
    zoo = zoo_weights(read_zoo_file(tmp_path), JobContext(), device=CPU)
    setup = evaluation_setup(zoo, device=CPU, check=lambda: None)
    assert not any(setup.skipped["val"].values()), setup.skipped
    vectors = zoo.task_vectors
    for weights in ({"one": 1.0}, {"two": 1.0}, {"one": 0.5, "two": 0.5}):
        flat = vectors.theta_0 + sum(
            weight * vectors.deltas[vectors.tasks.index(task)] for task, weight in weights.items()
        )
        bind(setup.encoder, flat, vectors.layout)
        evaluator = Evaluator(setup.encoder, setup.heads, device=CPU)
        for task in ("one", "two"):
            predictions = evaluator.evaluate(setup.eval_sets["val"][task], 9, check=lambda: None)

            expected = merged_by_hand(models, weights, task, head)
            order = setup.eval_sets["val"][task].order
            found = logits(expected, IMAGES[order]).log_softmax(dim=1)
            at_truth = found.gather(1, torch.from_numpy(predictions.labels)[:, None])[:, 0]
            np.testing.assert_allclose(predictions.log_prob, at_truth.numpy(), atol=2e-5)
            assert (predictions.prediction == found.argmax(dim=1).numpy()).all()


def merged_by_hand(models, weights, task, head):
    """The task's model with merged weights and its own head; floats alone are added."""
    base, own = models["base"].state_dict(), models[task].state_dict()
    state = {}
    for name, value in own.items():
        if name.startswith(f"{head}."):
            state[name] = value
        elif not value.is_floating_point():
            state[name] = base[name]
        else:
            state[name] = base[name] + sum(
                weight * (models[one].state_dict()[name] - base[name]) for one, weight in weights.items()
            )
    merged = copy.deepcopy(models[task])
    merged.load_state_dict(state)
    return merged


def test_an_architecture_of_timm_needs_no_file():
    encoder = build_encoder(EncoderEntry("timm:resnet10t", None, None, None))

    own = timm.create_model("resnet10t", num_classes=0)
    assert encoder.embed_dim == own.num_features
    assert encoder.n_blocks == 4
    assert not encoder.normalises


def test_pictures_are_prepared_as_timm_does(tmp_path):
    encoder = build_encoder(EncoderEntry("timm:resnet10t", None, None, None))
    picture = Image.effect_noise((300, 200), 60).convert("RGB")
    images = timm.get_pretrained_cfg("resnet10t").to_dict()

    prepared = create_transform(
        images["input_size"],
        interpolation=images["interpolation"],
        crop_pct=images["crop_pct"],
        mean=(0, 0, 0),
        std=(1, 1, 1),
    )(picture)

    found = torch.from_numpy(np.array(encoder.resize(picture))).permute(2, 0, 1) / 255
    assert torch.allclose(found, prepared)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"architecture": "no_such_model"}, "timm has no architecture 'no_such_model'"),
        ({"architecture": "hf-hub:a/b"}, "timm has no architecture"),
        ({"architecture": "resnet10t", "model_args": {"a": {}}}, "model_args must map names to numbers"),
        ({"architecture": "vit_tiny_patch16_224", "model_args": {"depth": 10**6}}, "at most 128 are built"),
        ({"architecture": "vit_tiny_patch16_224", "model_args": {"embed_dim": 10**9}}, "must be at most"),
        ({"architecture": "resnet10t", "model_args": {"nonsense": 1}}, "timm cannot build"),
        ({"model_type": "vit", "hidden_size": 10**9}, "must be at most"),
        ({"model_type": "vit", "num_hidden_layers": 10**6}, "at most 128 are built"),
        ({"model_type": "vit", "image_size": "a"}, "it must be a whole number"),
    ],
)
def test_configs_that_cannot_be_built_are_refused_in_one_sentence(tmp_path, config, message):
    (tmp_path / "config.json").write_text(json.dumps(config))

    with pytest.raises(ZooError, match=message):
        read_encoder_config(tmp_path / "config.json")


@pytest.mark.parametrize("argument", ["checkpoint_path", "pretrained_cfg", "cache_dir"])
def test_a_config_cannot_have_timm_open_a_file(tmp_path, monkeypatch, argument):
    planted = tmp_path / "planted.pth"
    planted.write_bytes(b"no checkpoint")
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("a file was opened"))
    config = {"architecture": "resnet10t", "model_args": {argument: str(planted)}}
    (tmp_path / "config.json").write_text(json.dumps(config))

    assert read_encoder_config(tmp_path / "config.json").embed_dim == 512


@pytest.mark.parametrize(
    "planted",
    [
        {"auto_map": {"AutoModelForImageClassification": "somebody/code--modeling.Model"}},
        {"_attn_implementation": "somebody/kernel"},
        {"attn_implementation": "somebody/kernel"},
        {"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True}},
        {"_name_or_path": "somebody/model"},
    ],
)
def test_a_config_cannot_have_transformers_fetch_code(tmp_path, monkeypatch, planted):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("the network was asked"))
    config = {"model_type": "vit", "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    (tmp_path / "config.json").write_text(json.dumps(config | planted))

    found = build_encoder(EncoderEntry(tmp_path / "config.json", None, None, None))

    assert found.embed_dim == 16
    assert not any(key in found.config.vision_cfg["config"] for key in planted)


def test_weights_of_another_architecture_do_not_fit(tmp_path):
    classifier_zoo(tmp_path, timm_vit)
    config = json.loads((tmp_path / "base" / "config.json").read_text())
    zoo = zoo_weights(read_zoo_file(tmp_path), JobContext(), device=CPU)
    for changes, message in (
        ({"depth": 3}, "which the checkpoint lacks"),
        ({"depth": 1}, "does not build"),
        ({"embed_dim": 24}, "has shape"),
    ):
        other = config | {"model_args": config["model_args"] | changes}
        (tmp_path / "base" / "config.json").write_text(json.dumps(other))
        encoder = build_encoder(EncoderEntry(tmp_path / "base" / "config.json", None, None, None))

        with pytest.raises(ZooError, match=message):
            bind(encoder, zoo.task_vectors.theta_0, zoo.task_vectors.layout)
