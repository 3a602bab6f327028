"""LoRA adapters as peft writes them, with settings and tensors that a test chooses."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import Tensor

PREFIX = "base_model.model."


def write_adapter(folder: Path, tensors: Mapping[str, Tensor], **settings: Any) -> Path:
    """Write an adapter.

    Args:
        folder: Made if missing.
        tensors: By name, without what peft puts in front of all.
        **settings: Of adapter_config.json, where they differ from a plain LoRA with alpha 8.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    save_file(
        {f"{PREFIX}{name}": value for name, value in tensors.items()}, folder / "adapter_model.safetensors"
    )
    stated = {"peft_type": "LORA", "r": 2, "lora_alpha": 8, "init_lora_weights": True, **settings}
    (folder / "adapter_config.json").write_text(json.dumps(stated))
    return folder
