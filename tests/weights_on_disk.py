"""Zoos of weights alone, of any size and with any names."""

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor


def write_weights_zoo(
    folder: Path,
    base: Mapping[str, Tensor],
    tasks: Mapping[str, Mapping[str, Tensor]],
    *,
    name: str = "Small",
) -> Path:
    """Write a zoo without an encoder.

    Args:
        folder: Made if missing.
        base: Weights of the base by tensor.
        tasks: Weights of each fine-tuned model by task.
        name: The zoo's.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    save_file(dict(base), folder / "base.safetensors")
    text = [f"name = {toml_string(name)}\n[base]\ncheckpoint = 'base.safetensors'\n"]
    for number, (task, weights) in enumerate(tasks.items()):
        save_file(dict(weights), folder / f"{number}.safetensors")
        text.append(f"[[tasks]]\nname = {toml_string(task)}\ncheckpoint = '{number}.safetensors'\n")
    (folder / "zoo.toml").write_text("".join(text), encoding="utf-8")
    return folder


def toml_string(text: str) -> str:
    """Any text as TOML writes it."""
    return '"' + "".join(one if one.isalnum() else f"\\U{ord(one):08x}" for one in text) + '"'
