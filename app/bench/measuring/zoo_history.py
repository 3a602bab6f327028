"""The history of one zoo: what everything measured on it depends on, and what came with it."""

import hashlib

import torch

from app.bench.bench_setup import EvaluationSetup
from app.bench.history import History
from app.errors import USER_ERRORS
from app.words.plain_text import sentence_of
from app.zoo.eval_sets import EvalSet
from app.zoo.opening import ZooWeights
from app.zoo.zoo_file import ZooFile
from app.zoo.zoo_stamps import source_fingerprint
from cache.fingerprints import combined
from cache.shipped import FILE, Shipped, read_shipped
from cache.store import Store

VERSION = 1
"""Raised whenever measured numbers change; runs of before are then not taken for new ones."""


def zoo_history(
    store: Store, zoo: ZooWeights, setup: EvaluationSetup, *, device: torch.device, takes_shipped: bool
) -> tuple[History, tuple[str, ...]]:
    """The runs of a zoo, and a warning where those that came with it cannot be used.

    Args:
        store: Where runs are kept.
        zoo: Its weights.
        setup: What evaluates them.
        device: Where it is measured.
        takes_shipped: Whether results that came with the zoo are used.
    """
    fingerprint = combined({"version": VERSION, "weights": zoo.fingerprint, **_measured_with(zoo, setup)})
    shipped, warnings = _shipped(zoo.file, fingerprint) if takes_shipped else (Shipped(), ())
    history = History(
        store,
        zoo_name=zoo.file.name,
        fingerprint=fingerprint,
        tasks=zoo.task_vectors.tasks,
        device=device,
        eval_sets=setup.eval_sets,
        shipped=shipped,
    )
    return history, warnings


def _shipped(file: ZooFile, fingerprint: str) -> tuple[Shipped, tuple[str, ...]]:
    path = file.folder / FILE
    if not path.exists():
        return Shipped(), ()
    try:
        file.roots.require_link(path)
        return read_shipped(path, fingerprint), ()
    except USER_ERRORS as error:
        return Shipped(), (f"What was measured on this zoo is not used: {sentence_of(error)}",)


def _measured_with(zoo: ZooWeights, setup: EvaluationSetup) -> dict[str, object]:
    """Fingerprints of what turns weights into accuracies."""
    if setup.encoder is None:
        return {}
    encoder = setup.encoder
    return {
        "encoder": [
            *(str(encoder.config), encoder.mean, encoder.std, encoder.logit_scale),
            *(["linearised"] if zoo.is_linearised else []),
        ],
        "heads": {task: head.digest for task, head in setup.heads.items()},
        "images": {
            f"{entry.name}/{split}": source_fingerprint(source)
            for entry in zoo.file.evaluated
            for split, source in entry.eval_sets.items()
        },
        "labels": {
            split: {task: [*_label_digests(one), one.classes] for task, one in sets.items()}
            for split, sets in setup.eval_sets.items()
        },
    }


def _label_digests(eval_set: EvalSet) -> list[str]:
    """Of labels and their order: in nested order, labels alone only show how many images a class has."""
    return [
        hashlib.sha256(column.cpu().numpy().tobytes()).hexdigest()
        for column in (eval_set.labels, eval_set.order)
    ]
