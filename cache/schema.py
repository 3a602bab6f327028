"""Tables of the results store; rows are only ever added.

So threads never conflict, no history is lost, and DuckDB's own `rowid` shows which row is the newest,
also after the clock was set back.
"""

import duckdb

from cache.errors import StoreError

VERSION = 1
"""Raise when a table changes."""

TABLES = {
    "runs": """
        run_id text, created timestamp, zoo_name text, zoo_fingerprint text,
        recipe text, recipe_digest text, method text, split text, n_images bigint,
        device text, dtype text, merge_ms double, evaluate_ms double, kind text,
        mean_accuracy double, mean_normalized double, versions text,
        mean_low double, mean_high double, normalized_low double, normalized_high double,
        alpha double, note text
    """,
    "task_results": """
        run_id text, position integer, task text, is_control boolean, n bigint, correct bigint,
        accuracy double, low double, high double, loss double, normalized_accuracy double
    """,
    "settings": "name text, value text",
}
"""Columns by table."""

KEEP_IT = "Set TAUSCOPE_CACHE to another folder, or move the file away to start a new history."
"""Advice about a file that cannot be used: what is in it may be worth keeping."""


def require_schema(root: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make the tables in a new file; in an old one, check that this code knows them.

    Args:
        root: Connection to the file.
        name: What to call the file in a refusal.

    Raises:
        StoreError: The file was made by another version, or by something else, or lacks a table or a column.
    """
    with root.cursor() as cursor:
        tables = {table for (table,) in cursor.execute("select table_name from duckdb_tables()").fetchall()}
        if not tables:
            _make_tables(cursor)
            return
        if "schema_version" not in tables:
            raise StoreError(f"{name} is a database of something else. {KEEP_IT}")
        (found,) = cursor.execute("select max(version) from schema_version").fetchall()[0]
        if isinstance(found, int) and found > VERSION:
            raise StoreError(
                f"{name} was written by a newer Tauscope (schema {found}, this one knows {VERSION}). Open it "
                "with the newer one, or set TAUSCOPE_CACHE to another folder."
            )
        if found != VERSION:
            raise StoreError(f"{name} has schema {found}, this Tauscope knows {VERSION}. {KEEP_IT}")
        if missing := _missing(cursor):
            raise StoreError(f"{name} is damaged: it lacks {missing}. {KEEP_IT}")


def _make_tables(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute("begin").fetchall()
    for table, columns in TABLES.items():
        cursor.execute(f"create table {table} ({columns})").fetchall()
    cursor.execute("create table schema_version (version integer)").fetchall()
    cursor.execute("insert into schema_version values (?)", [VERSION]).fetchall()
    cursor.execute("commit").fetchall()


def _missing(cursor: duckdb.DuckDBPyConnection) -> str | None:
    """The first column that should be there, as "table.column type"."""
    query = "select table_name, column_name, lower(data_type) from duckdb_columns()"
    found = set(cursor.execute(query).fetchall())
    for table, columns in TABLES.items():
        for column in columns.split(","):
            name, kind = column.split()
            if (table, name, _KINDS.get(kind, kind)) not in found:
                return f"{table}.{name} {kind}"
    return None


_KINDS = {"text": "varchar"}
"""Types that DuckDB lists under another name."""
