"""A tiny zoo as files: a three-block CLIP image encoder whose fine-tuned copies classify made-up images."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from open_clip.model import CLIPVisionCfg, _build_vision_tower
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import interpolate, normalize

TASKS = ("shallow", "deep", "everywhere")
"""What moved: block 0 alone, block 2 alone, every weight of the image tower."""

CLASSES = ("red", "green", "blue")
MEAN, STD = (0.4, 0.5, 0.6), (0.25, 0.25, 0.25)
CONFIG: dict[str, Any] = {
    "embed_dim": 8,
    "vision_cfg": {"layers": 3, "width": 16, "head_width": 8, "patch_size": 4, "image_size": 16},
}
N_IMAGES = {"val": 40, "test": 60}

_MOVED = {"shallow": "resblocks.0.", "deep": "resblocks.2.", "everywhere": "visual."}
_STRENGTH = {"shallow": 0.06, "deep": 0.06, "everywhere": 0.03}


def write_zoo(
    folder: Path,
    *,
    tasks: Sequence[str] = TASKS,
    controls: Sequence[str] = (),
    with_encoder: bool = True,
    with_heads: bool = True,
    splits: Sequence[str] = ("val", "test"),
    expected: Mapping[str, float] | None = None,
    prefix: str = "",
    file_format: str = "safetensors",
    dtype: torch.dtype = torch.float32,
    int_buffer: bool = False,
    seed: int = 0,
) -> Path:
    """Write a zoo; equal arguments give equal files.

    A fine-tuned model gets 9 of 10 images of its task right, to the image; the base gets fewer. The text
    leftovers `logit_scale` and `token_embedding.weight` are frozen: scopes "all" and "changed" differ.

    Args:
        folder: Made if missing.
        tasks: Some of `TASKS`.
        controls: Names of entries that are evaluated and never merged; the base labels their images.
        with_encoder: Whether zoo.toml has an [encoder].
        with_heads: Whether its entries have heads.
        splits: Evaluation sets the entries have.
        expected: `zeroshot` and `finetuned` of the first task.
        prefix: Put before every tensor name, such as "model.".
        file_format: "safetensors", or "pt" for `torch.save`.
        dtype: Of the weights on disk.
        int_buffer: Whether checkpoints carry an int64 tensor, `visual.position_ids`.
        seed: Of weights and images.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(seed)
    tower = _tower(generator)
    base = _stored(tower, generator, dtype)
    models = {
        name: base if name in controls else _moved(base, name, generator) for name in (*tasks, *controls)
    }
    for name, weights in {"base": base, **{task: models[task] for task in tasks}}.items():
        buffers = {"visual.position_ids": torch.arange(17)} if int_buffer else {}
        _save(folder / f"{name}.{file_format}", {prefix + k: v for k, v in (weights | buffers).items()})
    heads = {}
    for name, weights in models.items():
        images = {split: _images(n, generator) for split, n in N_IMAGES.items()}
        heads[name], labels = _head_and_labels(tower, weights, images, generator)
        for split in splits:
            pixels = images[split].permute(0, 2, 3, 1).contiguous()
            save_file({"images": pixels, "labels": labels[split]}, folder / f"{name}_{split}.safetensors")
    save_file(heads, folder / "heads.safetensors")
    (folder / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    encoder = f"[encoder]\nmodel = 'config.json'\nimage_mean = {list(MEAN)}\nimage_std = {list(STD)}\n"
    text = ["name = 'Tiny zoo'\n", encoder + "logit_scale = 10.0\n" if with_encoder else ""]
    text.append(f"[base]\ncheckpoint = 'base.{file_format}'\n")
    for name in models:
        text.append(f"[[{'controls' if name in controls else 'tasks'}]]\nname = '{name}'\n")
        text.append(f"classes = {list(CLASSES)}\n")
        text.append("" if name in controls else f"checkpoint = '{name}.{file_format}'\n")
        text.append(f"head = 'heads.safetensors#{name}'\n" if with_heads else "")
        text.extend(f"{split} = '{name}_{split}.safetensors'\n" for split in splits)
        if expected and name == tasks[0]:
            text.append(f"expected = {{ {', '.join(f'{k} = {v}' for k, v in expected.items())} }}\n")
    (folder / "zoo.toml").write_text("".join(text), encoding="utf-8")
    return folder


def _tower(generator: torch.Generator) -> nn.Module:
    tower: nn.Module = _build_vision_tower(CONFIG["embed_dim"], CLIPVisionCfg(**CONFIG["vision_cfg"])).eval()
    with torch.no_grad():
        for name, weight in tower.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            is_gain = "ln_" in name and name.endswith("weight")
            weight.copy_(1 + 0.1 * noise if is_gain else 0.2 * noise)
    return tower


def _stored(tower: nn.Module, generator: torch.Generator, dtype: torch.dtype) -> dict[str, Tensor]:
    visual = {
        f"visual.{name}": weight.detach().to(dtype, copy=True) for name, weight in tower.state_dict().items()
    }
    text = {
        "logit_scale": torch.tensor(2.3),
        "token_embedding.weight": torch.randn(5, 8, generator=generator),
    }
    return visual | {name: weight.to(dtype) for name, weight in text.items()}


def _moved(base: Mapping[str, Tensor], task: str, generator: torch.Generator) -> dict[str, Tensor]:
    return {
        name: (weight + _STRENGTH[task] * torch.randn(weight.shape, generator=generator)).to(weight.dtype)
        if _MOVED[task] in name
        else weight.clone()
        for name, weight in base.items()
    }


def _images(n: int, generator: torch.Generator) -> Tensor:
    # Coarse blobs of colour: noise looks alike to any encoder.
    coarse = torch.rand(n, 3, 4, 4, generator=generator)
    return (255 * interpolate(coarse, scale_factor=4)).to(torch.uint8)


def _head_and_labels(
    tower: nn.Module, weights: Mapping[str, Tensor], images: Mapping[str, Tensor], generator: torch.Generator
) -> tuple[Tensor, dict[str, Tensor]]:
    tower.load_state_dict({k.removeprefix("visual."): v for k, v in weights.items() if "visual." in k})
    mean, std = (torch.tensor(channels).view(3, 1, 1) for channels in (MEAN, STD))
    with torch.inference_mode():
        features = {split: normalize(tower((x / 255 - mean) / std), dim=1) for split, x in images.items()}
    common = normalize(features["val"].mean(dim=0), dim=0)
    head = torch.randn(len(CLASSES), CONFIG["embed_dim"], generator=generator)
    head = normalize(head - (head @ common)[:, None] * common, dim=1)  # so that no class wins everywhere
    labels = {split: (x @ head.T).argmax(dim=1) for split, x in features.items()}
    for one in labels.values():
        one[::10] = (one[::10] + 1) % len(CLASSES)
    return head, labels


def _save(path: Path, tensors: dict[str, Tensor]) -> None:
    if path.suffix == ".safetensors":
        save_file(tensors, path)
    else:
        torch.save(tensors, path)
