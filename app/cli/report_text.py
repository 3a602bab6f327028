"""Reports of the command line as text."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis.listing import few
from app.words.numbers import count, file_size, fixed, percent_or_dash
from app.words.plain_text import LONGEST_NAME, LONGEST_SENTENCE, plain, sentence

Report = Mapping[str, Any]
"""A report from `app.cli.report`."""

_NONE = "–"
_LINES = 200
"""Lines of a file's metadata, which may have megabytes; a recipe over 100 layers has fewer."""

_SPLITS = {"val": "validation", "test": "test"}


def run_text(report: Report) -> str:
    """A measured recipe as a table."""
    rows: list[tuple[str, ...]] = [("task", "n", "accuracy", "95 % interval", "normalised", "loss")]
    rows += [_score(score, score["task"]) for score in report["tasks"]]
    if report["tasks"]:
        rows.append(("mean", "", *_accuracy(report["mean"]), ""))
    rows += [_score(score, f"{score['task']} (control)") for score in report["controls"]]
    title = f"{report['recipe']['method']} on {_SPLITS[report['split']]} images"
    table = [aligned(rows)] if len(rows) > 1 else []
    return "\n".join([title, "", *table, *_skipped(report["skipped"])])


def file_text(report: Report) -> str:
    """Contents of a checkpoint."""
    dtypes = ", ".join(f"{n} {dtype}" for dtype, n in report["dtypes"].items())
    facts = {
        "file": report["file"],
        "format": f"{report['format']}, {file_size(report['bytes'])}",
        "tensors": f"{report['tensors']} ({dtypes})",
        **_structure(report),
    }
    metadata = [line for name, text in report["metadata"].items() for line in _entry(name, text)]
    notes = ["", *map(sentence, report["notes"])] if report["notes"] else []
    return "\n".join([listed(facts), *notes, *(["", "Metadata", *_first(metadata)] if metadata else [])])


def zoo_text(report: Report) -> str:
    """Contents of a zoo, its memory, and its evaluation images."""
    memory = report["memory"]
    device = report["device"]
    where = f"on {device}" if memory["on_device"] else f"in main memory; merged weights on {device}"
    facts = {
        "zoo": report["zoo"],
        "folder": report["folder"],
        "fingerprint": report["fingerprint"],
        "memory": f"{file_size(memory['needed'])} of {file_size(memory['machine'])}, {where}",
        **_structure(report),
    }
    checkpoints = [("checkpoint", "format", "tensors", "size", "‖τ‖/‖θ₀‖", "fingerprint")]
    checkpoints += [
        (
            one["name"],
            one["format"],
            one["dtypes"],
            file_size(one["bytes"]),
            _number(one["relative_norm"]),
            one["fingerprint"][:12],
        )
        for one in report["checkpoints"]
    ]
    parts = [listed(facts), "", aligned(checkpoints)]
    notes = [
        f"{plain(one['name'])}: {sentence(note)}" for one in report["checkpoints"] for note in one["notes"]
    ]
    parts += ["", *notes] if notes else []
    for split, name in _SPLITS.items():
        found = report["evaluation"][split]
        sizes = [f"{plain(one['task'])} {one['n']}" for one in found["tasks"]]
        sizes += [f"{plain(one['task'])} {one['n']} (control)" for one in found["controls"]]
        parts += ["", f"{name} images: {', '.join(sizes) or 'none'}", *_skipped(found["skipped"])]
    return "\n".join(parts)


def _structure(report: Report) -> dict[str, str]:
    carried = report["carried"]
    return {
        "weights": f"{count(report['weights'])}",
        **{
            f"tower {tower}": f"{part['layers']} layers, {_counts(part)}"
            for tower, part in report["towers"].items()
        },
        **{component: _counts(part) for component, part in report["components"].items()},
        **({"carried along": few(carried)} if carried else {}),
    }


def _counts(part: Report) -> str:
    return f"{part['tensors']} tensors, {count(part['weights'])} weights"


def _score(score: Report, name: str) -> tuple[str, ...]:
    return (name, str(score["n"]), *_accuracy(score), _number(score["loss"]))


def _accuracy(score: Report) -> tuple[str, str, str]:
    interval = f"{percent_or_dash(score['low'], 1)} to {percent_or_dash(score['high'], 1)}"
    return percent_or_dash(score["accuracy"], 1), interval, percent_or_dash(score["normalized_accuracy"], 1)


def _skipped(skipped: Iterable[Report]) -> list[str]:
    return [sentence(f"'{one['task']}' is not evaluated: {one['reason']}.") for one in skipped]


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side, names aligned left and numbers right."""
    shown = [[plain(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    lines = []
    for first, *others in shown:
        cells = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join([f"{first:<{widths[0]}}", *cells]).rstrip())
    return "\n".join(lines)


def listed(facts: Mapping[str, str]) -> str:
    """One fact per line, its name in front."""
    width = max(map(len, facts))
    return "\n".join(f"{name:<{width}}  {plain(value, LONGEST_SENTENCE)}" for name, value in facts.items())


def _entry(name: str, text: str) -> list[str]:
    return [f"{plain(name)}:", *(f"  {plain(line, LONGEST_NAME)}" for line in text.splitlines())]


def _first(lines: Sequence[str]) -> list[str]:
    more = [f"… and {count(len(lines) - _LINES)} more lines; --json has all"] if len(lines) > _LINES else []
    return [*lines[:_LINES], *more]


def _number(value: float | None) -> str:
    return _NONE if value is None else fixed(value, 3)
