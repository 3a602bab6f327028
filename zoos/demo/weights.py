"""The encoder's weights as the zoo ships them: float16 files under open_clip's names."""

from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor, nn

PREFIX = "visual."

Weights = dict[str, Tensor]
"""A vision tower's state dict in float32, holding only values that float16 can hold."""


def save_weights(encoder: nn.Module, path: Path) -> None:
    """Write an encoder, rounded to float16."""
    halves = {PREFIX + name: weight.cpu().half() for name, weight in encoder.state_dict().items()}
    save_file(halves, path)


def load_weights(path: Path) -> Weights:
    """Read them back, for arithmetic in float32."""
    return {name.removeprefix(PREFIX): weight.float() for name, weight in load_file(path).items()}
