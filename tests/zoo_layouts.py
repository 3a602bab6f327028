"""Folders as people have them, with weights of a few numbers."""

import copy
import json
from collections.abc import Iterable
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor
from transformers import CLIPConfig, CLIPModel

from tests.lora_on_disk import write_adapter

VISION = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "image_size": 16,
    "patch_size": 8,
}
TEXT = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
}


def weights(seed: int = 0) -> dict[str, Tensor]:
    """A model of one layer."""
    generator = torch.Generator().manual_seed(seed)
    return {"layers.0.q_proj.weight": torch.randn(4, 4, generator=generator), "norm": torch.ones(4)}


def saved(path: Path, seed: int = 0) -> Path:
    """A model in a file, by what its name ends in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".safetensors":
        save_file(weights(seed), path)
    else:
        torch.save(weights(seed), path)
    return path


def papers(root: Path, tasks: Iterable[str] = ("MNIST", "SVHN")) -> Path:
    """As TALL-masks has it: one folder per task, heads beside them, the base in one folder only."""
    folder = root / "single_task" / "ViT-B-32"
    for number, task in enumerate(tasks):
        saved(folder / f"{task}Val" / "nonlinear_finetuned.pt", number + 1)
        torch.save({"weight": torch.ones(3, 4), "bias": torch.zeros(3)}, folder / f"head_{task}Val.pt")
        if number == 0:
            saved(folder / f"{task}Val" / "nonlinear_zeroshot.pt")
    return root


def hugging_face(root: Path, *, base: str = "clip", tasks: Iterable[str] = ("clip_cars", "clip_dtd")) -> Path:
    """Model folders side by side, each with its config."""
    for number, name in enumerate((base, *tasks)):
        saved(root / name / "model.safetensors", number)
        (root / name / "config.json").write_text(
            json.dumps({"model_type": "clip", "projection_dim": 8, "vision_config": VISION})
        )
    return root


def adapters(root: Path, tasks: Iterable[str] = ("clip_cars_lora-16", "clip_dtd_lora-16")) -> Path:
    """Adapters beside the folder of their base."""
    hugging_face(root, tasks=())
    for task in tasks:
        factors = {"A": torch.ones(2, 4), "B": torch.ones(4, 2)}
        write_adapter(
            root / task,
            {f"layers.0.q_proj.lora_{letter}.weight": value for letter, value in factors.items()},
        )
    return root


def pictures(folder: Path, classes: Iterable[str] = ("bird", "cat", "dog"), n: int = 2) -> Path:
    """One folder of images per class."""
    for number, name in enumerate(classes):
        (folder / name).mkdir(parents=True)
        for k in range(n):
            Image.new("RGB", (16, 16), (40 * number, 80, 120 + k)).save(folder / name / f"{k}.png")
    return folder


def hugging_face_clips(root: Path, tasks: Iterable[str] = ("cars", "dtd")) -> Path:
    """Small CLIP models with both towers, saved by transformers: the base, and one fine-tuned per task."""
    text = {**TEXT, "vocab_size": 49408, "max_position_embeddings": 77}
    config = CLIPConfig(text_config=text, vision_config=VISION, projection_dim=8)
    torch.manual_seed(0)
    model = CLIPModel(config)
    model.save_pretrained(root / "clip")
    for task in tasks:
        tuned = copy.deepcopy(model)
        with torch.no_grad():
            for parameter in tuned.vision_model.parameters():
                parameter.add_(0.01 * torch.randn_like(parameter))
        tuned.save_pretrained(root / f"clip_{task}")
    return root
