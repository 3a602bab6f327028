"""LoRA adapters as peft writes them: factors of updates, and whole tensors that were trained beside them.

Source: Hu et al., LoRA: Low-rank adaptation of large language models, ICLR 2022, arXiv:2106.09685. Scaling by
the root of the rank: Kalajdzievski, A rank stabilization scaling factor for fine-tuning with LoRA,
arXiv:2312.03732.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cache.checkpoints import Checkpoint, open_checkpoint
from cache.errors import CheckpointError
from cache.recognised.beside import description

SETTINGS = "adapter_config.json"
_FACTOR = re.compile(r"(.+)\.lora_(?:(embedding)_)?([AB])(?:\.default)?(?:\.weight)?")
_WRAPPERS = re.compile(r"^base_model\.model\.|\.(?:modules_to_save(?:\.default)?|base_layer)(?=\.)")
"""What peft puts into the name of a tensor of the base."""
_CHANGED_STARTS = ("pissa", "olora", "corda", "loftq", "lora_ga")
"""Ways to begin a training that change the base's own weights."""
_LONGEST_PATTERN = 200
_SLOW_PATTERN = re.compile(r"\)\s*[*+{]|(?:[*+}].*){3}")
"""Patterns whose search may never end on some name: a repeated group, or three repeated parts."""
_LARGEST_ALPHA = 1e6
"""Above what anybody trains with; a larger one would overflow float32 with its factors."""
_OTHER_SUMS = {
    "use_dora": "DoRA",
    "use_qalora": "QALoRA",
    "use_bdlora": "BD-LoRA",
    "lora_bias": "a bias of its own in LoRA",
    "layer_replication": "layers used more than once",
    "trainable_token_indices": "single tokens trained apart",
    "target_parameters": "parameters that are no layer's weight",
    "kasa_config": "KaSA",
    "velora_config": "VeLoRA",
    "monteclora_config": "MonteCLoRA",
    "alora_invocation_tokens": "aLoRA",
    "arrow_config": "Arrow",
}
"""Settings under which an update is more than scaling · B A, and what a person calls each."""


@dataclass(frozen=True, slots=True)
class LowRank:
    """The update of one layer's weight: scaling · B A."""

    module: str
    """Name of the layer; its weight is "<module>.weight"."""
    down: str
    """The adapter's name of A, (r, in)."""
    up: str
    """The adapter's name of B, (out, r)."""
    scaling: float
    is_transposed: bool
    """Whether the weight is (in, out), so that its update is (B A) transposed."""


@dataclass(frozen=True, slots=True)
class LoraAdapter:
    """An adapter's table of contents."""

    checkpoint: Checkpoint
    low_rank: tuple[LowRank, ...]
    whole: Mapping[str, str]
    """Tensors that were trained whole: the adapter's name by the base's."""
    model_class: str
    """What the adapter was put on, such as CLIPVisionTransformer; "" where it is not stated."""


def is_adapter(path: Path) -> bool:
    """Whether a path leads to an adapter's folder, or to a file in one."""
    folder = path if path.is_dir() else path.parent
    is_in_it = path.is_dir() or path.stem.startswith("adapter_")
    return is_in_it and bool(description(folder / SETTINGS)) and not (folder / "model.safetensors").exists()


def open_adapter(path: Path) -> LoraAdapter:
    """Open an adapter, reading its settings and table of contents only.

    Args:
        path: A folder with adapter_config.json, or the file of tensors in it.

    Raises:
        FileError: A file is missing or cannot be read.
        CheckpointError: It is no LoRA, its update is more than scaling · B A, or a factor is missing.
    """
    settings = description((path if path.is_dir() else path.parent) / SETTINGS)
    _require_plain(path, settings)
    checkpoint = open_checkpoint(path, is_adapter=True)
    factors: dict[tuple[str, bool], dict[str, str]] = {}
    whole: dict[str, str] = {}
    for name in checkpoint.entries:
        found = _FACTOR.fullmatch(name)
        if found is None:
            whole[_WRAPPERS.sub("", name)] = name
            continue
        module, embedding, letter = found.groups()
        factors.setdefault((_WRAPPERS.sub("", module), bool(embedding)), {})[letter] = name
    return LoraAdapter(
        checkpoint=checkpoint,
        low_rank=tuple(
            _low_rank(path, checkpoint, settings, module, letters, is_embedding=is_embedding)
            for (module, is_embedding), letters in factors.items()
        ),
        whole=whole,
        model_class=str(_table(path, settings, "auto_mapping").get("base_model_class") or ""),
    )


def _require_plain(path: Path, settings: Mapping[str, Any]) -> None:
    kind = str(settings.get("peft_type") or "of another kind")
    start = str(settings.get("init_lora_weights")).lower()
    reason = "" if kind.upper() == "LORA" else kind
    reason = reason or next((title for key, title in _OTHER_SUMS.items() if settings.get(key)), "")
    if not reason and start.startswith(_CHANGED_STARTS):
        reason = f"begun with {start}, which changes the base's own weights"
    if reason:
        raise CheckpointError(
            f"'{path.name}' is an adapter ({reason}), whose update of the weights is no plain sum; merge it "
            "into its base model where it was trained (peft: model.merge_and_unload()) and save the whole "
            "model."
        )


def _low_rank(
    path: Path,
    checkpoint: Checkpoint,
    settings: Mapping[str, Any],
    module: str,
    letters: Mapping[str, str],
    *,
    is_embedding: bool,
) -> LowRank:
    if len(letters) < 2:
        (letter,) = letters
        raise CheckpointError(
            f"'{path.name}' has lora_{letter} of '{module}' and lacks lora_{'A' if letter == 'B' else 'B'}; "
            "save the adapter again."
        )
    down, up = (checkpoint.entries[letters[letter]].shape for letter in "AB")
    if len(down) < 2 or len(up) != len(down) or down[0] != up[1]:
        raise CheckpointError(
            f"'{path.name}': the factors of '{module}' have shapes {down} and {up}, which cannot be "
            "multiplied."
        )
    alpha = _patterned(path, settings, "alpha_pattern", module, settings.get("lora_alpha", 8))
    if isinstance(alpha, bool) or not isinstance(alpha, int | float) or not abs(alpha) <= _LARGEST_ALPHA:
        raise CheckpointError(
            f"'{path.name}' states lora_alpha {alpha!r:.60}; it must be a number of at most "
            f"{_LARGEST_ALPHA:g}."
        )
    return LowRank(
        module=module,
        down=letters["A"],
        up=letters["B"],
        scaling=alpha / (math.sqrt(down[0]) if settings.get("use_rslora") else down[0]),
        is_transposed=is_embedding or bool(settings.get("fan_in_fan_out")),
    )


def _table(path: Path, settings: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = settings.get(key) or {}
    if not isinstance(found, dict):
        raise CheckpointError(f"'{path.name}' states {key} {found!r:.60}; it must be a table.")
    return found


def _patterned(path: Path, settings: Mapping[str, Any], key: str, module: str, usual: object) -> object:
    """A setting that some layers have otherwise: the first pattern that ends a name, as in peft."""
    for pattern, value in _table(path, settings, key).items():
        if len(pattern) > _LONGEST_PATTERN or _SLOW_PATTERN.search(pattern):
            raise CheckpointError(
                f"'{path.name}' states a {key} that takes too long to look for: '{pattern[:60]}'; write the "
                "layers' names instead."
            )
        try:
            if re.fullmatch(rf"(?:.*\.)?(?:{pattern})", module):
                return value
        except re.error as error:
            raise CheckpointError(
                f"'{path.name}' states a {key} that is no pattern: '{pattern[:60]}' ({error})."
            ) from error
    return usual
