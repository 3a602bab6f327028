"""Adapters: small tensors that change a model only together with it and with their settings."""

import re
from collections.abc import Collection
from pathlib import Path

from cache.recognised.beside import description

_KINDS = {
    "lora_magnitude_vector": "DoRA",
    "dora": "DoRA",
    "lora": "LoRA",
    "hada": "LoHa",
    "lokr": "LoKr",
    "ia3": "IA3",
    "boft": "BOFT",
    "oft": "OFT",
    "vera": "VeRA",
    "vblora": "VB-LoRA",
    "fourierft": "FourierFT",
}
"""Marks in names of tensors, the more special first, and what a person calls the adapter."""
_MARK = re.compile(rf"(?:^|[._])({'|'.join(_KINDS)})(?:[._]|$)", re.IGNORECASE)
_PROMPTS = re.compile(r"(?:^|[._])(prompt|prefix|adaption)_(embeddings|encoder|encodings|prompt|gate|tuning)")
_WHOLE_MODELS = re.compile(r"(model|pytorch_model|open_clip_.*)", re.IGNORECASE)
"""Stems of files that hold a whole model even where an adapter's settings lie beside them."""


def adapter(path: Path, names: Collection[str]) -> str | None:
    """Which adapter a file is, and what to do; None if it is none.

    >>> adapter(Path("a.safetensors"), ["layers.0.q_proj.lora_A.weight"])[:45]
    "is an adapter (LoRA, with tensors such as 'la"
    """
    kind, example = _kind(names)
    settings = description(path.with_name("adapter_config.json"))
    if kind is None and settings and _belongs(path, names):
        stated = settings.get("peft_type")
        kind = stated if isinstance(stated, str) else "of peft"
    if kind is None and names and all(_PROMPTS.search(name) for name in names):
        kind = "prompt tuning"
    if kind is None:
        return None
    if kind == "LoRA":
        return (
            f"is an adapter (LoRA, with tensors such as '{example}'), which is no model by itself; give a "
            "task the folder that holds it and adapter_config.json, beside the base it was trained on"
        )
    return (
        f"is an adapter ({kind}, with tensors such as '{example}'), whose update of the weights is no plain "
        "sum; merge it into its base model where it was trained (peft: model.merge_and_unload()) and save "
        "the whole model"
    )


def _kind(names: Collection[str]) -> tuple[str | None, str]:
    """What the names state, and one that states it."""
    marked = {found[1].lower(): name for name in names if (found := _MARK.search(name))}
    for mark, kind in _KINDS.items():
        if mark in marked:
            return kind, marked[mark]
    return None, next(iter(names), "")


def _belongs(path: Path, names: Collection[str]) -> bool:
    """Whether settings of an adapter beside a file are that file's."""
    return not _WHOLE_MODELS.fullmatch(path.stem) or any(name.startswith("base_model.") for name in names)
