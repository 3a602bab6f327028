"""The stages of the zoo, functions of the settings alone: pictures, heads, pre-training, fine-tuning."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from families import FAMILIES, draw
from torch import Tensor
from training import Images, deterministic_device, new_encoder, orthonormal, train
from weights import load_weights, save_weights

ENCODER: dict[str, Any] = {
    "embed_dim": 64,
    "vision_cfg": {
        "image_size": 32,
        "patch_size": 8,
        "layers": 12,
        "width": 64,
        "head_width": 32,
        "mlp_ratio": 2.0,
    },
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that shapes the zoo."""

    seed: int = 0
    severity: float = 0.6
    """Hardest pictures, of pre-training and of the tasks, in [0, 1]."""
    strangeness: float = 0.65
    """Share of the tasks' pictures whose look pre-training has not shown, in [0, 1]."""
    pretrain_steps: int = 1600
    pretrain_rate: float = 1.2e-3
    finetune_steps: int = 300
    """Three times as many for the digits, whose pictures are the hardest."""
    finetune_rate: float = 5e-4


def pictures(task: str, split: str, n: int, settings: Settings) -> Images:
    """Images of one task and split, "pretrain", "train", "val" or "test"; all familiar for pre-training."""
    stream = [settings.seed, list(FAMILIES).index(task), ["pretrain", "train", "val", "test"].index(split)]
    strangeness = 0.0 if split == "pretrain" else settings.strangeness
    pixels, labels = draw(
        task,
        split,
        n,
        severity=settings.severity,
        strangeness=strangeness,
        rng=np.random.default_rng(stream),
    )
    return Images(torch.from_numpy(pixels), torch.from_numpy(labels))


def heads(settings: Settings) -> dict[str, Tensor]:
    """Class embeddings (C, d) of every task, all rows orthonormal: no task has a claim on another's."""
    sizes = [len(family.classes) for family in FAMILIES.values()]
    torch.manual_seed(settings.seed)
    rows = orthonormal(sum(sizes), ENCODER["embed_dim"])
    return {task: row.clone() for task, row in zip(FAMILIES, rows.split(sizes), strict=True)}


def pretrain(folder: Path, settings: Settings) -> None:
    """Write theta_0: one encoder that learnt all tasks together, from familiar pictures."""
    device = deterministic_device()
    torch.manual_seed(settings.seed + 1)
    encoder = new_encoder(ENCODER).to(device)
    train(
        encoder,
        {task: head.to(device) for task, head in heads(settings).items()},
        {task: pictures(task, "pretrain", 20_000, settings).to(device) for task in FAMILIES},
        steps=settings.pretrain_steps,
        batch=12,
        peak=settings.pretrain_rate,
        seed=settings.seed,
    )
    save_weights(encoder, folder / "zeroshot.safetensors")


def fine_tune(task: str, folder: Path, settings: Settings) -> None:
    """Write theta_t: the encoder of ``folder`` after more training, on one task alone."""
    device = deterministic_device()
    encoder = new_encoder(ENCODER)
    encoder.load_state_dict(load_weights(folder / "zeroshot.safetensors"))
    encoder.to(device)
    train(
        encoder,
        {task: heads(settings)[task].to(device)},
        {task: pictures(task, "train", 20_000, settings).to(device)},
        steps=settings.finetune_steps * (3 if task == "digits" else 1),
        batch=64,
        peak=settings.finetune_rate,
        seed=settings.seed + 1 + list(FAMILIES).index(task),
    )
    save_weights(encoder, folder / f"{task}.safetensors")
