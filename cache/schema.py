"""Tables of the results store; rows are only ever added.

So threads never conflict, no history is lost, and DuckDB's own `rowid` shows which row is the newest,
also after the clock was set back.
"""

import duckdb

from cache.errors import StoreError

VERSION = 1
"""Raise when a table changes."""

TABLES = (
    """
    create table runs (
        run_id text, created timestamp, zoo_name text, zoo_fingerprint text,
        recipe text, recipe_digest text, method text, split text, n_images bigint,
        device text, dtype text, merge_ms double, evaluate_ms double, kind text,
        mean_accuracy double, mean_normalized double, versions text,
        mean_low double, mean_high double, normalized_low double, normalized_high double,
        alpha double, note text
    )
    """,
    """
    create table task_results (
        run_id text, position integer, task text, is_control boolean, n bigint, correct bigint,
        accuracy double, low double, high double, loss double, normalized_accuracy double
    )
    """,
    "create table settings (name text, value text)",
    "create table schema_version (version integer)",
)


def require_schema(root: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make the tables in a new file; in an old one, check that this code knows them.

    Args:
        root: Connection to the file.
        name: What to call the file in a refusal.

    Raises:
        StoreError: The file was made by another version, or by something else.
    """
    with root.cursor() as cursor:
        tables = {table for (table,) in cursor.execute("select table_name from duckdb_tables()").fetchall()}
        if not tables:
            cursor.execute("begin").fetchall()
            for table in TABLES:
                cursor.execute(table).fetchall()
            cursor.execute("insert into schema_version values (?)", [VERSION]).fetchall()
            cursor.execute("commit").fetchall()
            return
        if "schema_version" not in tables:
            raise StoreError(f"{name} is a database of something else. Choose another folder for results.")
        (found,) = cursor.execute("select max(version) from schema_version").fetchall()[0]
    if found != VERSION:
        raise StoreError(
            f"{name} has schema version {found}, this code writes {VERSION}. Delete the file to rebuild it."
        )
