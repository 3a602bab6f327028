"""Encoder, heads and images of an open zoo, each checked, or the reason why there are none."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from analysis.listing import few
from app.errors import USER_ERRORS, ZooError
from app.words.plain_text import sentence_of
from app.zoo.encoder import ImageEncoder, build_encoder
from app.zoo.eval_sets import EvalSet, load_eval_set
from app.zoo.head import Head
from app.zoo.heads import load_head, text_head
from app.zoo.images.class_folders import class_folders, order_is_a_guess
from app.zoo.images.labelled_files import class_names
from app.zoo.opening import ZooWeights
from app.zoo.zoo_file import ControlEntry

SPLITS = ("val", "test")
"""Coefficients are chosen on the first; the second is scored on purpose only."""


@dataclass(frozen=True, eq=False)
class EvaluationSetup:
    """Everything evaluation needs, put on the device."""

    encoder: ImageEncoder | None
    """Built, not yet bound to weights; None for a zoo without `[encoder]`."""
    heads: Mapping[str, Head]
    """By task or control."""
    eval_sets: dict[str, Mapping[str, EvalSet]]
    """By split, then by task or control; only what can be evaluated."""
    skipped: dict[str, Mapping[str, str]]
    """By split, then by task or control: why it cannot be evaluated."""
    warnings: tuple[str, ...] = ()
    """What may be wrong with what can be evaluated, one sentence each."""

    def leave_out(self, split: str, task: str, error: Exception) -> None:
        """Evaluate a task no more: its pictures turn out to be unreadable only when they are decoded."""
        # New mappings, for pages may be going through the ones before.
        self.skipped[split] = {**self.skipped[split], task: _reason(error)}
        self.eval_sets[split] = {name: one for name, one in self.eval_sets[split].items() if name != task}


def evaluation_setup(
    zoo: ZooWeights, *, device: torch.device, data_root: Path | None = None, check: Callable[[], None]
) -> EvaluationSetup:
    """Build the encoder, read heads and evaluation sets of every task and control.

    What cannot be used leaves its task without accuracy and states why; the weights need none of it.
    """
    entries = zoo.file.evaluated
    if zoo.file.encoder is None:
        return without_encoder(zoo, "zoo.toml has no [encoder]")
    try:
        if zoo.file.encoder.refused is not None:
            raise ZooError(zoo.file.encoder.refused)
        encoder = build_encoder(zoo.file.encoder)
    except USER_ERRORS as error:
        return without_encoder(zoo, _reason(error), is_expected=False)
    parts = _Parts(zoo, encoder)
    sets: dict[str, dict[str, EvalSet]] = {split: {} for split in SPLITS}
    skipped: dict[str, dict[str, str]] = {split: {} for split in SPLITS}
    for entry in entries:
        check()
        for split in SPLITS:
            try:
                classes = parts.classes_of(entry)
                sets[split][entry.name] = load_eval_set(
                    _source(entry, split),
                    task=entry.name,
                    split=split,
                    classes=classes,
                    encoder=encoder,
                    device=device,
                    roots=zoo.file.roots,
                    check=check,
                    data_root=data_root,
                    leaves_out_unreadable=entry.leaves_out_unreadable,
                    takes_half=entry.are_halves,
                )
            except USER_ERRORS as error:
                skipped[split][entry.name] = _reason(error)
    warnings = (*parts.guessed, *_notes(sets), *_in_both(sets, check))
    return EvaluationSetup(encoder, parts.heads, dict(sets), dict(skipped), warnings)


def without_encoder(zoo: ZooWeights, reason: str, *, is_expected: bool = True) -> EvaluationSetup:
    """The setup of a zoo whose weights alone can be used.

    Args:
        zoo: Its weights.
        reason: Why nothing can be evaluated, without a full stop.
        is_expected: Whether the zoo is meant so; else the reason is a warning too.
    """
    skipped = dict.fromkeys((entry.name for entry in zoo.file.evaluated), reason)
    sets: dict[str, Mapping[str, EvalSet]] = {split: {} for split in SPLITS}
    warnings = () if is_expected else (f"Nothing can be evaluated: {reason}.",)
    return EvaluationSetup(None, {}, sets, dict.fromkeys(SPLITS, skipped), warnings)


class _Parts:
    """Heads and class names, of one entry at a time: one that cannot be used costs no other."""

    def __init__(self, zoo: ZooWeights, encoder: ImageEncoder) -> None:
        self.heads: dict[str, Head] = {}
        self.guessed: list[str] = []
        self._zoo, self._encoder = zoo, encoder
        self._classes: dict[str, Sequence[str]] = {}
        self._refused: dict[str, Exception] = {}

    def classes_of(self, entry: ControlEntry) -> Sequence[str]:
        """An entry's classes, in the order of the rows of its head, which is kept.

        Raises:
            FileError: A folder or the head's file cannot be opened.
            ZooError: There is no head, or it cannot be used; each time it is asked for.
        """
        if entry.name in self._refused:
            raise self._refused[entry.name]
        if entry.name not in self.heads:
            try:
                self._read(entry)
            except USER_ERRORS as error:
                self._refused[entry.name] = error
                raise
        return self._classes[entry.name]

    def _read(self, entry: ControlEntry) -> None:
        named = self._named(entry)
        if entry.templates is not None:
            rows = text_head(
                self._encoder.config,
                self._text_weights,
                classes=entry.classes or (),
                templates=entry.templates,
            )
            head = Head(rows, None, normalises=True, scale=self._encoder.logit_scale)
        elif entry.head is not None:
            head = load_head(
                entry.head,
                task=entry.name,
                n_classes=None if named is None else len(named),
                encoder=self._encoder,
                normalises=entry.normalises,
            )
        else:
            raise ZooError(entry.refused.get("head", "zoo.toml gives it no head and no templates."))
        self.heads[entry.name], self._classes[entry.name] = head, named or _numbered(len(head))

    def _named(self, entry: ControlEntry) -> Sequence[str] | None:
        """Class names as the zoo gives them, as its files of images state them, or as folders are called."""
        if entry.classes is not None:
            return entry.classes
        if (stated := class_names(entry.eval_sets, self._zoo.file.roots)) is not None:
            return stated
        folders = [Path(source) for source in entry.eval_sets.values() if Path(source).is_dir()]
        if not folders:
            return None
        names = [folder.name for folder in class_folders(folders[0], self._zoo.file.roots)]
        if order_is_a_guess(names):
            self.guessed.append(
                f"'{entry.name}' states no classes, so its folders are taken in the order of their numbers: "
                f"{few(names, 3)}. If the rows of its head are in another order, state classes in zoo.toml."
            )
        return names

    @cached_property
    def _text_weights(self) -> Mapping[str, Tensor]:
        base = self._zoo.base
        names = [
            name
            for name, entry in base.entries.items()
            if entry.dtype.is_floating_point and not name.startswith("visual.")
        ]
        if not names:
            raise ZooError(f"'{base.path.name}' has no text tower, which templates need; give heads instead.")
        return {name: base.read(name) for name in names}


def _source(entry: ControlEntry, split: str) -> str:
    if split not in entry.eval_sets:
        raise ZooError(entry.refused.get(split, f"zoo.toml gives it no {split} set."))
    return entry.eval_sets[split]


def _reason(error: Exception) -> str:
    return sentence_of(error).rstrip(".")


def _notes(sets: Mapping[str, Mapping[str, EvalSet]]) -> Iterator[str]:
    for split, by_task in sets.items():
        for task, found in by_task.items():
            for note in found.notes:
                yield f"The {split} images of '{task}': {note}."


def _in_both(sets: Mapping[str, Mapping[str, EvalSet]], check: Callable[[], None]) -> Iterator[str]:
    """Which tasks have images of test in validation too, a sentence each."""
    for task, tested in sets["test"].items():
        chosen_on = sets["val"].get(task)
        n = None if chosen_on is None else tested.n_shared_with(chosen_on, check=check)
        if n:
            yield (
                f"{n} of the {len(tested)} test images of '{task}' are among its validation images too, to "
                "the byte; scores on test are too good by what was chosen on them."
            )


def _numbered(n_classes: int) -> tuple[str, ...]:
    return tuple(f"class {label}" for label in range(n_classes))
