"""Contents of the open zoo: its checkpoints, its size and its encoder in words."""

from collections.abc import Mapping, Sized
from typing import Any

from analysis.listing import few
from analysis.model.task_vectors import TaskVectors
from app.bench.workbench import Workbench
from app.words.numbers import count


def changed_share(vectors: TaskVectors) -> float:
    """Share of the weights that lie in tensors which at least one fine-tuned model changed."""
    parameters = vectors.layout.parameters
    changed = sum(
        one.n_weights for one, is_changed in zip(parameters, vectors.changed, strict=True) if is_changed
    )
    return changed / vectors.layout.n_weights


def short_count(number: int) -> str:
    r"""A count of weights in a few characters: millions with two decimals from 100 000 on.

    >>> short_count(2_345_678), short_count(99_999)
    ('2.35 M', '99\xa0999')
    """
    return f"{number / 1e6:.2f} M" if number >= 1e5 else count(number)


def checkpoint_rows(bench: Workbench) -> list[dict[str, Any]]:
    """The base and every model that is evaluated: one row per file; sizes in MB, norms in percent."""
    sets, heads = bench.setup.eval_sets, bench.setup.heads
    return [
        {
            "name": facts.name,
            "relative": None if facts.relative_norm is None else 100 * facts.relative_norm,
            "classes": _length(heads, facts.task),
            "val": _length(sets["val"], facts.task),
            "test": _length(sets["test"], facts.task),
            "format": facts.format,
            "dtypes": facts.dtypes,
            "size": facts.n_bytes / 1e6,
            "file": facts.path.name,
            "digest": facts.digest[:12],
        }
        for facts in bench.zoo.checkpoints
    ]


def unmerged_rows(bench: Workbench) -> list[dict[str, Any]]:
    """Every tensor that a merge does not touch: one row each, sizes in kB."""
    return [
        {
            "tensor": one.name,
            "kind": one.kind,
            "shape": " × ".join(map(str, one.shape)) or "one number",
            "size": one.n_bytes / 1e3,
            "fate": one.fate,
            "where": one.where,
        }
        for one in bench.zoo.unmerged
    ]


def details(bench: Workbench) -> str:
    """The encoder, the tensors that are not merged and the controls."""
    zoo, encoder = bench.zoo, bench.setup.encoder
    if encoder is None:
        sentences = [
            "zoo.toml has no [encoder]: weights can be compared and merged, accuracy is not measured."
        ]
    else:
        height, width = encoder.image_size
        gelu = "QuickGELU" if encoder.quick_gelu else "GELU"
        of_kind = f"{gelu}, features of width {encoder.embed_dim}, logit scale {encoder.logit_scale:g}"
        if not encoder.normalises:
            of_kind = f"features of width {encoder.embed_dim}, each task's own last layer as its head"
        sentences = [
            f"Encoder {encoder.config.name}: {encoder.n_blocks} blocks, {height}×{width} pixels, {of_kind}."
        ]
    if zoo.carried:
        sentences.append(f"Kept from the base, not merged (no weights): {few(zoo.carried)}.")
    noted: dict[str, list[str]] = {}
    for facts in zoo.checkpoints:
        for note in facts.notes:
            noted.setdefault(note, []).append(facts.name)
    sentences += [f"{few(names)}: {note}" for note, names in noted.items()]
    if zoo.file.controls:
        names = few(control.name for control in zoo.file.controls)
        sentences.append(f"Controls, evaluated but never merged: {names}.")
    return " ".join(sentences)


def _length(by_task: Mapping[str, Sized], task: str | None) -> int | None:
    return len(by_task[task]) if task is not None and task in by_task else None
