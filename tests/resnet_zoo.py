"""A tiny zoo of a ResNet with batch normalisation, whose running variances every task lowers."""

import json
from pathlib import Path

import torch
from open_clip.model import CLIPVisionCfg, _build_vision_tower
from safetensors.torch import save_file

TASKS = tuple(f"t{number}" for number in range(8))
VISION = {"layers": [1, 1, 1, 1], "width": 8, "image_size": 32, "head_width": 8}
LOWERED = 0.85
"""Factor of each task's running variances: eight tasks added up at λ = 1 make them negative."""


def write_resnet_zoo(folder: Path, *, n_images: int = 6) -> Path:
    """Write the zoo; its labels are made up."""
    folder.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    tower = _build_vision_tower(6, CLIPVisionCfg(**VISION))
    base = {
        f"visual.{name}": value for name, value in tower.state_dict().items() if value.is_floating_point()
    }
    save_file(base, folder / "base.safetensors")
    (folder / "config.json").write_text(json.dumps({"embed_dim": 6, "vision_cfg": VISION}))
    text = ['name = "ResNet"\n[encoder]\nmodel = "config.json"\n[base]\ncheckpoint = "base.safetensors"\n']
    heads = {}
    for task in TASKS:
        tuned = {
            name: LOWERED * value
            if name.endswith("running_var")
            else value + 1e-3 * torch.randn(value.shape, generator=generator)
            for name, value in base.items()
        }
        save_file(tuned, folder / f"{task}.safetensors")
        heads[task] = torch.randn(3, 6, generator=generator)
        images = torch.randint(0, 256, (n_images, 32, 32, 3), dtype=torch.uint8, generator=generator)
        save_file(
            {"images": images, "labels": torch.arange(n_images) % 3}, folder / f"{task}_val.safetensors"
        )
        text.append(
            f'[[tasks]]\nname = "{task}"\ncheckpoint = "{task}.safetensors"\n'
            f'head = "heads.safetensors#{task}"\n'
            f'val = "{task}_val.safetensors"\n'
        )
    save_file(heads, folder / "heads.safetensors")
    (folder / "zoo.toml").write_text("".join(text), encoding="utf-8")
    return folder
