"""Measured tables: columns of numbers and names, kept as real tables of the results store."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cache.database import Database, Statement
from cache.errors import StoreError

Table = Mapping[str, NDArray[Any]]
"""Columns of equal length by name: int64, float64 or text."""

Tables = Mapping[str, Table]

_TYPES = {"i": "bigint", "f": "double", "U": "text"}


def table_name(name: str, version: int) -> str:
    """What a measured table is called in the file; another version may have other columns."""
    return f"measured_{name}_{version}"


def insertions(key: str, version: int, tables: Tables) -> tuple[list[Statement], dict[str, Table]]:
    """The statements that keep some tables, and the columns they read.

    Raises:
        StoreError: Columns of a table differ in length, or hold something else than numbers and text.
    """
    statements: list[Statement] = []
    incoming: dict[str, Table] = {}
    for name, table in tables.items():
        types = {column: _type(name, column, values) for column, values in table.items()}
        lengths = {len(values) for values in table.values()}
        if len(lengths) != 1:
            raise StoreError(f"Columns of '{name}' have {sorted(lengths)} rows; they must be equally long.")
        source, target = f"incoming_{name}", table_name(name, version)
        columns = "".join(f', "{column}" {kind}' for column, kind in types.items())
        named = "".join(f', "{column}"::{kind}' for column, kind in types.items())
        statements.append((f"create table if not exists {target} (key text, position bigint{columns})", ()))
        statements.append((f"insert into {target} select ?, position{named} from {source}", (key,)))
        # A position of its own: without one no order of rows is guaranteed.
        incoming[source] = {"position": np.arange(lengths.pop()), **table}
    return statements, incoming


def read(database: Database, key: str, version: int, names: Mapping[str, list[str]]) -> dict[str, Table]:
    """Tables as they were given to `insertions`, rows in their order.

    Args:
        database: Where they are.
        key: They were kept under.
        version: Of the computation.
        names: Columns of each table.
    """
    found: dict[str, Table] = {}
    for name, columns in names.items():
        listed = ", ".join(f'"{column}"' for column in columns)
        query = f"select {listed} from {table_name(name, version)} where key = ? order by position"
        found[name] = {
            column: np.asarray(values, dtype=str) if values.dtype.kind == "O" else values
            for column, values in database.columns(query, [key]).items()
        }
    return found


def _type(name: str, column: str, values: NDArray[Any]) -> str:
    if values.ndim != 1 or values.dtype.kind not in _TYPES:
        raise StoreError(
            f"Column '{column}' of '{name}' is {values.dtype} of shape {values.shape}; "
            "it must be one row of whole numbers, floats or text."
        )
    return _TYPES[values.dtype.kind]
