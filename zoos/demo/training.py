"""The encoder and how it learns: an open_clip vision tower under frozen heads."""

import math
import os
from typing import Any, NamedTuple

import torch
from open_clip.model import CLIPVisionCfg, _build_vision_tower
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.lr_scheduler import LambdaLR

LOGIT_SCALE = 16.0
MEAN = (0.5, 0.5, 0.5)
STD = (0.25, 0.25, 0.25)


class Images(NamedTuple):
    """A labelled set: ``pixels`` uint8 (N, 32, 32, 3), ``labels`` int64 (N,)."""

    pixels: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> "Images":
        """The same set on a device."""
        return Images(self.pixels.to(device), self.labels.to(device))


def deterministic_device() -> torch.device:
    """The GPU if there is one, else the processor, set so that the same seed gives the same bits.

    One thread a process: on models this small two threads mostly wait for each other, and the sums
    must not depend on how many cores there are.
    """
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
    torch.use_deterministic_algorithms(True)
    torch.backends.cuda.enable_flash_sdp(False)
    torch.backends.cuda.enable_mem_efficient_sdp(False)
    torch.backends.cuda.enable_cudnn_sdp(False)
    torch.set_num_threads(1)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def new_encoder(config: dict[str, Any]) -> nn.Module:
    """A vision tower as open_clip builds it from ``{embed_dim, vision_cfg}``, freshly initialised."""
    tower: nn.Module = _build_vision_tower(config["embed_dim"], CLIPVisionCfg(**config["vision_cfg"]))
    return tower


def orthonormal(rows: int, columns: int) -> Tensor:
    """Random orthonormal rows, (rows, columns), from torch's global generator."""
    directions: Tensor = torch.linalg.qr(torch.randn(columns, columns))[0]
    return directions[:rows].contiguous()


def embed(encoder: nn.Module, pixels: Tensor) -> Tensor:
    """Unit features (n, d) of images uint8 (n, 32, 32, 3)."""
    mean, std = torch.tensor(MEAN, device=pixels.device), torch.tensor(STD, device=pixels.device)
    return functional.normalize(encoder(((pixels / 255 - mean) / std).permute(0, 3, 1, 2)), dim=-1)


def train(
    encoder: nn.Module,
    heads: dict[str, Tensor],
    data: dict[str, Images],
    *,
    steps: int,
    batch: int,
    peak: float,
    seed: int,
) -> None:
    """Fit the encoder, in place, to frozen heads: AdamW, a short warm-up, a cosine down to zero.

    Args:
        encoder: On the device of the heads and the data.
        heads: Class embeddings (C, d) of every task.
        data: Training images of the tasks to learn.
        steps: How many updates.
        batch: Images of each of these tasks in every update.
        peak: Highest learning rate.
        seed: Which images meet in a batch.
    """
    optimizer = torch.optim.AdamW(
        encoder.parameters(), lr=peak, weight_decay=0.02, betas=(0.9, 0.98), fused=True
    )
    schedule = LambdaLR(
        optimizer, lambda step: min(20 * (step + 1) / steps, (1 + math.cos(math.pi * step / steps)) / 2)
    )
    picker = torch.Generator().manual_seed(seed)
    encoder.train()
    for _ in range(steps):
        picked = {task: _batch(images, batch, picker) for task, images in data.items()}
        features = embed(encoder, torch.cat([images.pixels for images in picked.values()])).split(batch)
        losses = [
            functional.cross_entropy(LOGIT_SCALE * mine @ heads[task].T, picked[task].labels)
            for task, mine in zip(picked, features, strict=True)
        ]
        optimizer.zero_grad()
        torch.stack(losses).mean().backward()
        nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()
        schedule.step()


def _batch(images: Images, size: int, picker: torch.Generator) -> Images:
    picks = torch.randint(len(images.labels), (size,), generator=picker).to(images.labels.device)
    return Images(images.pixels[picks], images.labels[picks])
