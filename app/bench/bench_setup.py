"""Encoder, heads and images of an open zoo, each checked, or the reason why there are none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from app.errors import MissingDataError, ZooError
from app.words.plain_text import sentence_of
from app.zoo.encoder import ImageEncoder, build_encoder
from app.zoo.eval_sets import EvalSet, load_eval_set
from app.zoo.heads import load_head, text_head
from app.zoo.image_sources import folder_classes
from app.zoo.opening import ZooWeights
from app.zoo.zoo_file import ControlEntry
from cache.checkpoints import Checkpoint

SPLITS = ("val", "test")
"""Coefficients are chosen on the first; the second is scored on purpose only."""


@dataclass(frozen=True, eq=False)
class EvaluationSetup:
    """Everything evaluation needs, put on the device."""

    encoder: ImageEncoder | None
    """Built, not yet bound to weights; None for a zoo without `[encoder]`."""
    heads: Mapping[str, Tensor]
    """Class embeddings (C, d) by task or control."""
    eval_sets: Mapping[str, Mapping[str, EvalSet]]
    """By split, then by task or control; only what can be evaluated."""
    skipped: Mapping[str, Mapping[str, str]]
    """By split, then by task or control: why it cannot be evaluated."""


def evaluation_setup(
    zoo: ZooWeights, *, device: torch.device, data_root: Path | None = None, check: Callable[[], None]
) -> EvaluationSetup:
    """Build the encoder, read heads and evaluation sets of every task and control.

    Raises:
        ZooError: Something the zoo names cannot be used.
    """
    entries = zoo.file.evaluated
    if zoo.file.encoder is None:
        missing = dict.fromkeys((entry.name for entry in entries), "zoo.toml has no [encoder]")
        return EvaluationSetup(None, {}, {split: {} for split in SPLITS}, dict.fromkeys(SPLITS, missing))
    encoder = build_encoder(zoo.file.encoder)
    classes = {entry.name: _classes(entry) for entry in entries}
    heads, texts = {}, _text_weights(zoo.base) if any(entry.templates for entry in entries) else {}
    for entry in entries:
        check()
        if entry.templates is not None:
            heads[entry.name] = text_head(
                encoder.config, texts, classes=entry.classes or (), templates=entry.templates
            )
        elif entry.head is not None:
            named = classes[entry.name]
            heads[entry.name] = load_head(
                entry.head,
                task=entry.name,
                n_classes=None if named is None else len(named),
                embed_dim=encoder.embed_dim,
            )
    sets: dict[str, dict[str, EvalSet]] = {split: {} for split in SPLITS}
    skipped: dict[str, dict[str, str]] = {split: {} for split in SPLITS}
    for split in SPLITS:
        for entry in entries:
            check()
            if entry.name not in heads:
                skipped[split][entry.name] = "zoo.toml gives it no head and no templates"
            elif split not in entry.eval_sets:
                skipped[split][entry.name] = f"zoo.toml gives it no {split} set"
            else:
                try:
                    sets[split][entry.name] = load_eval_set(
                        entry.eval_sets[split],
                        task=entry.name,
                        split=split,
                        classes=classes[entry.name] or _numbered(len(heads[entry.name])),
                        encoder=encoder,
                        device=device,
                        roots=zoo.file.roots,
                        data_root=data_root,
                    )
                except MissingDataError as missing:
                    skipped[split][entry.name] = sentence_of(missing).rstrip(".")
    return EvaluationSetup(encoder, heads, sets, skipped)


def _classes(entry: ControlEntry) -> Sequence[str] | None:
    """Class names as the zoo gives them, or as the folders of its images are called."""
    if entry.classes is not None:
        return entry.classes
    folders = [Path(source) for source in entry.eval_sets.values() if Path(source).is_dir()]
    return folder_classes(folders[0]) if folders else None


def _numbered(n_classes: int) -> tuple[str, ...]:
    return tuple(f"class {label}" for label in range(n_classes))


def _text_weights(base: Checkpoint) -> Mapping[str, Tensor]:
    names = [
        name
        for name, entry in base.entries.items()
        if entry.dtype.is_floating_point and not name.startswith("visual.")
    ]
    if not names:
        raise ZooError(f"'{base.path.name}' has no text tower, which templates need; give heads instead.")
    return {name: base.read(name) for name in names}
