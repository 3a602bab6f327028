"""Disk space of masks and of models for the open zoo, with the paper's formula spelled out."""

from dataclasses import dataclass
from typing import Any

from analysis.masks.storage import Storage, storage
from app.words.numbers import count, file_size


@dataclass(frozen=True, slots=True)
class ZooStorage:
    """Ways to keep all tasks of one zoo."""

    n_tasks: int
    n_tuned: int
    """P: weights of parameters that some task changed."""
    n_frozen: int
    """F: weights of all others."""
    bits: Storage


def zoo_storage(n_tasks: int, n_tuned: int, n_frozen: int) -> ZooStorage:
    """Count the bits that each way takes."""
    return ZooStorage(n_tasks, n_tuned, n_frozen, storage(n_tasks, n_tuned, n_frozen))


def storage_ways(found: ZooStorage) -> tuple[tuple[str, str, str, int], ...]:
    """Every way by name, formula, formula with this zoo's numbers, and bits."""
    t, p, f = found.n_tasks, count(found.n_tuned), count(found.n_frozen)
    return (
        ("every fine-tuned model", "32 (T·P + F)", f"32 ({t} · {p} + {f})", found.bits.individual),
        ("base, sum and masks", "(64 + T)·P + 32·F", f"(64 + {t}) · {p} + 32 · {f}", found.bits.masks),
        ("one merged model", "32 (P + F)", f"32 ({p} + {f})", found.bits.one_merged),
    )


def storage_takeaway(found: ZooStorage) -> str:
    """How much smaller the masks are than the models, or that they are not."""
    models, masks, one = found.bits.individual, found.bits.masks, found.bits.one_merged
    models_are = f"{found.n_tasks} fine-tuned model{' takes' if found.n_tasks == 1 else 's take'}"
    if masks >= models:
        return (
            f"For {found.n_tasks} task{'' if found.n_tasks == 1 else 's'}, masks save nothing: base, sum and "
            f"masks take {file_size(masks / 8)}, the {models_are} {file_size(models / 8)}."
        )
    return (
        f"Base, sum and masks take {file_size(masks / 8)}, {masks / one:.1f} times the size of one model; "
        f"the {models_are} {file_size(models / 8)}, {models / one:.1f} times."
    )


def storage_formulas(found: ZooStorage) -> list[str]:
    """One line per way: its formula, with this zoo's numbers, and the result."""
    return [
        f"{name}: {formula} = {numbers} = {count(bits)} bits"
        for name, formula, numbers, bits in storage_ways(found)
    ]


def storage_rows(found: ZooStorage) -> list[dict[str, Any]]:
    """The ways as a table."""
    return [
        {"what is kept": name, "bits": formula, "for this zoo": numbers, "bytes": bits // 8}
        for name, formula, numbers, bits in storage_ways(found)
    ]
