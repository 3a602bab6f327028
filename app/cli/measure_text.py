"""Measured tables as aligned text, and as CSV."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.cli.report_text import aligned
from app.words.numbers import as_csv

Row = Mapping[str, Any]

_NONE = "–"
_EMPTY = "nothing to compare"


def tables_of(report: Any) -> dict[str, list[Row]]:
    """The flat tables inside a report: itself, its lists of rows, and its remaining numbers as one row."""
    if isinstance(report, list):
        return {"": [_flat(row) for row in report]}
    lists = {name: rows for name, rows in report.items() if _is_rows(rows)}
    rest = {name: value for name, value in report.items() if name not in lists}
    tables: dict[str, list[Row]] = {"": [_flat(rest)]} if rest else {}
    return tables | {name: [_flat(row) for row in rows] for name, rows in lists.items()}


def as_text(report: Any) -> str:
    """Every table with its columns aligned."""
    texts = []
    for name, rows in tables_of(report).items():
        cells = [tuple(_cell(value) for value in row.values()) for row in rows]
        table = aligned([tuple(rows[0]), *cells]) if rows else _EMPTY
        texts.append(f"{name}\n{table}" if name else table)
    return "\n\n".join(texts)


def report_csv(report: Any) -> str:
    """Every table with its own header, an empty line between two."""
    return "\n".join(as_csv(rows) for rows in tables_of(report).values() if rows).rstrip("\n")


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _flat(row: Row) -> dict[str, Any]:
    """Lists and tables inside a row as columns of their own."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            flat |= {f"{name} {key}": one for key, one in value.items()}
        elif isinstance(value, Sequence) and not isinstance(value, str):
            flat |= {f"{name} {place}": one for place, one in enumerate(value)}
        else:
            flat[name] = value
    return flat


def _cell(value: Any) -> str:
    if value is None:
        return _NONE
    return f"{value:.4g}" if isinstance(value, float) else str(value)
