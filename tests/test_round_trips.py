"""Models of the libraries that people use: saved by them, merged and saved here, opened by them again."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import open_clip
import pytest
import timm
import torch
from click.testing import CliRunner
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import (
    AutoModel,
    BertConfig,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
    GPT2Config,
    LlamaConfig,
    PreTrainedModel,
    Qwen2Config,
    T5Config,
    ViTConfig,
)

from app.__main__ import commands

WEIGHTS = {"one": 0.5, "two": 0.25}
SIZES: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
TEXT: dict[str, Any] = {**SIZES, "vocab_size": 40, "intermediate_size": 32, "max_position_embeddings": 16}
CONFIGS = {
    "BERT": BertConfig(**TEXT),
    "GPT-2": GPT2Config(n_embd=16, n_layer=2, n_head=2, vocab_size=40, n_positions=16),
    "LLaMA": LlamaConfig(**TEXT),
    "Qwen2": Qwen2Config(**TEXT, num_key_value_heads=1),
    "T5": T5Config(d_model=16, d_kv=8, d_ff=32, num_layers=2, num_heads=2, vocab_size=40),
    "ViT": ViTConfig(**SIZES, intermediate_size=32, image_size=16, patch_size=8),
}
TOKENS = torch.tensor([[3, 1, 4, 1, 5, 9, 2, 6]])


def moved(model: Any, seed: int) -> Any:
    """The same model with other parameters."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn(parameter.shape, generator=generator))
    return model.eval()


def family(make: Callable[[], Any]) -> dict[str, Any]:
    """A base and two models fine-tuned from it."""
    torch.manual_seed(0)
    models = {"base": moved(make(), 0)}
    for seed, name in enumerate(WEIGHTS, start=1):
        models[name] = make()
        models[name].load_state_dict(models["base"].state_dict())
        moved(models[name], seed)
    return models


def merged(folder: Path, base: str, tasks: Mapping[str, str]) -> Path:
    """Merge models of a folder by task arithmetic, as the command line does."""
    text = "".join(f"[[tasks]]\nname = '{task}'\ncheckpoint = '{path}'\n" for task, path in tasks.items())
    (folder / "zoo.toml").write_text(f"name = 'A'\n[base]\ncheckpoint = '{base}'\n{text}")
    recipe = {"method": "task_arithmetic", "weights": WEIGHTS, "scaling": 1.0, "scope": "all"}
    (folder / "recipe.yaml").write_text(json.dumps(recipe))
    out = folder / "merged.safetensors"
    result = CliRunner().invoke(commands, ["merge", str(folder), str(folder / "recipe.yaml"), "-o", str(out)])
    assert result.exit_code == 0, result.output
    return out


def by_hand(base: nn.Module, tasks: Mapping[str, nn.Module]) -> dict[str, Tensor]:
    """The same merge of state dicts."""
    start = base.state_dict()
    state = {name: value.clone() for name, value in start.items()}
    for task, model in tasks.items():
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                state[name] += WEIGHTS[task] * (value - start[name])
    return state


def answer(model: nn.Module) -> Tensor:
    kind = model.config.model_type if isinstance(model, PreTrainedModel) else ""
    inputs: dict[str, Tensor] = {"input_ids": TOKENS}
    if kind in ("vit", "clip_vision_model"):
        inputs = {"pixel_values": torch.linspace(-1, 1, 3 * 16 * 16).view(1, 3, 16, 16)}
    elif kind == "t5":
        inputs["decoder_input_ids"] = TOKENS
    with torch.no_grad():
        found: Tensor = model(**inputs)[0]
    return found


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_a_merge_opens_in_transformers_and_answers_as_one_by_hand(tmp_path: Path, config: Any) -> None:
    models = family(lambda: AutoModel.from_config(config))
    for name, model in models.items():
        model.save_pretrained(tmp_path / name)

    out = merged(tmp_path, "base", {"one": "one", "two": "two"})

    shutil.copytree(tmp_path / "base", tmp_path / "merged")
    shutil.copy(out, tmp_path / "merged" / "model.safetensors")
    found = AutoModel.from_pretrained(tmp_path / "merged").eval()
    expected = AutoModel.from_config(config).eval()
    expected.load_state_dict(by_hand(models["base"], {name: models[name] for name in WEIGHTS}))
    assert torch.allclose(answer(found), answer(expected), atol=1e-5)
    assert not torch.allclose(answer(found), answer(models["base"]), atol=1e-3)


@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")
def test_adapters_of_peft_are_what_peft_itself_merges(tmp_path: Path) -> None:
    torch.manual_seed(0)
    base = AutoModel.from_config(CONFIGS["LLaMA"])
    base.save_pretrained(tmp_path / "base")
    tasks = {}
    settings: dict[str, dict[str, Any]] = {
        "one": {"r": 2, "target_modules": ["q_proj", "v_proj"]},
        "two": {"r": 3, "use_rslora": True, "target_modules": ["q_proj", "down_proj"]},
    }
    for seed, (name, own) in enumerate(settings.items()):
        stated: dict[str, Any] = {"lora_alpha": 8, **own}
        adapted = get_peft_model(AutoModel.from_pretrained(tmp_path / "base"), LoraConfig(**stated))
        moved(adapted, seed)
        adapted.save_pretrained(str(tmp_path / name))
        again = PeftModel.from_pretrained(AutoModel.from_pretrained(tmp_path / "base"), tmp_path / name)
        tasks[name] = again.merge_and_unload()

    out = load_file(merged(tmp_path, "base", {"one": "one", "two": "two"}))

    expected = by_hand(base, tasks)
    assert out.keys() >= expected.keys()
    for name, value in expected.items():
        assert torch.allclose(out[name], value, atol=1e-6), name


def test_hugging_face_clips_and_open_clips_are_one_model(tmp_path: Path) -> None:
    vision: dict[str, Any] = {**SIZES, "intermediate_size": 32, "image_size": 16, "patch_size": 8}
    config = CLIPVisionConfig(**vision, projection_dim=8)
    models = family(lambda: CLIPVisionModelWithProjection(config))
    for name, model in models.items():
        model.save_pretrained(tmp_path / name)

    out = merged(tmp_path, "base", {"one": "one", "two": "two"})

    shutil.copytree(tmp_path / "base", tmp_path / "merged")
    shutil.copy(out, tmp_path / "merged" / "model.safetensors")
    found = CLIPVisionModelWithProjection.from_pretrained(tmp_path / "merged").eval()
    expected = CLIPVisionModelWithProjection(config).eval()
    expected.load_state_dict(by_hand(models["base"], {name: models[name] for name in WEIGHTS}))
    assert torch.allclose(answer(found), answer(expected), atol=1e-5)


def test_a_merge_opens_in_open_clip(tmp_path: Path) -> None:
    sizes: dict[str, Any] = {
        "embed_dim": 8,
        "vision_cfg": {"image_size": 16, "layers": 2, "width": 16, "head_width": 8, "patch_size": 8},
        "text_cfg": {"context_length": 8, "vocab_size": 40, "width": 16, "heads": 2, "layers": 2},
    }
    models = family(lambda: open_clip.CLIP(**sizes))
    for name, model in models.items():
        save_file(model.state_dict(), tmp_path / f"{name}.safetensors")

    out = merged(tmp_path, "base.safetensors", {name: f"{name}.safetensors" for name in WEIGHTS})

    found, expected = open_clip.CLIP(**sizes), open_clip.CLIP(**sizes)
    found.load_state_dict(load_file(out))
    expected.load_state_dict(by_hand(models["base"], {name: models[name] for name in WEIGHTS}))
    image = torch.linspace(-1, 1, 3 * 16 * 16).view(1, 3, 16, 16)
    with torch.no_grad():
        assert torch.allclose(found.encode_image(image), expected.encode_image(image), atol=1e-5)
        assert torch.allclose(found.encode_text(TOKENS), expected.encode_text(TOKENS), atol=1e-5)


def test_a_merge_opens_in_timm(tmp_path: Path) -> None:
    def model() -> nn.Module:
        return timm.create_model("resnet10t", channels=[8, 8, 12, 16], stem_width=4, num_classes=3).eval()

    models = family(model)
    for name, one in models.items():
        torch.save({"state_dict": one.state_dict(), "epoch": 3}, tmp_path / f"{name}.pth.tar")

    out = merged(tmp_path, "base.pth.tar", {name: f"{name}.pth.tar" for name in WEIGHTS})

    found, expected = model(), model()
    found.load_state_dict(load_file(out))
    expected.load_state_dict(by_hand(models["base"], {name: models[name] for name in WEIGHTS}))
    image = torch.linspace(-1, 1, 3 * 32 * 32).view(1, 3, 32, 32)
    with torch.no_grad():
        assert torch.allclose(found(image), expected(image), atol=1e-5)
