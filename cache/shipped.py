"""Shipped results: what was measured on a zoo, in a file beside it, so that its first visitor need not wait.

A Parquet file of one row per run or other result, with its numbers as safetensors. It is data from others:
what it states is checked, and a row that is not sound is left out.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

from cache.errors import CacheError
from cache.records import StoredRun
from cache.regular_files import open_regular, unreadable
from cache.store import Arrays
from cache.writing import written_whole

FILE = "runs.parquet"
"""Its name in a zoo's folder."""

MAX_BYTES = 100_000_000
"""Largest file that is read."""

_RUN, _RESULT = "run", "result"
_COLUMNS = ("what", "key", "fingerprint", "record", "arrays")
_RECORDS = TypeAdapter(StoredRun)


@dataclass(frozen=True, eq=False, slots=True)
class Shipped:
    """What a file holds of one zoo; empty where there is none."""

    runs: tuple[StoredRun, ...] = ()
    """The newest first."""
    arrays: Mapping[str, bytes] | None = None
    """Predictions by run, and other results by key."""

    @property
    def device(self) -> str:
        """Kind of device on which it was measured."""
        return self.runs[0].record.device if self.runs else ""

    def find(self, recipe_digest: str, split: str, n_images: int | None) -> list[StoredRun]:
        """Runs of a recipe on the same images."""
        wanted = recipe_digest, split, n_images
        return [run for run in self.runs if _images_of(run) == wanted]

    def numbers(self, key: str) -> Arrays | None:
        """Predictions of a run, or another result; None where there are none that can be read."""
        content = (self.arrays or {}).get(key)
        try:
            return None if content is None else load(content)
        except (SafetensorError, ValueError, KeyError):
            return None


def read_shipped(path: Path, fingerprint: str) -> Shipped:
    """What a file holds of the zoo that has this fingerprint; nothing where it is of others, or is not there.

    Raises:
        CacheError: The file is no Parquet file of these columns, is too large, or cannot be opened.
    """
    import pyarrow as pa  # a tenth of a second that a zoo without such a file does not need
    import pyarrow.parquet as pq

    with open_regular(path, limit=MAX_BYTES) as file:
        try:
            content = file.read(MAX_BYTES)
        except OSError as error:
            raise unreadable(path, error) from error
    try:
        with pq.ParquetFile(io.BytesIO(content)) as parquet:
            rows = list(_rows(parquet))
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        reason = " ".join(str(error).split())[:200]
        raise CacheError(f"'{path}' is not a file of shipped results: {reason}.") from error
    own = [row for row in rows if row["fingerprint"] == fingerprint]
    found = [run for row in own if row["what"] == _RUN and (run := _run(row)) is not None]
    arrays = {row["key"]: row["arrays"] for row in own if isinstance(row["arrays"], bytes)}
    return Shipped(tuple(found), arrays)


def write_shipped(
    path: Path, fingerprint: str, runs: Iterable[tuple[StoredRun, Arrays]], results: Mapping[str, Arrays]
) -> None:
    """Write what was measured on the zoo that has this fingerprint.

    Args:
        path: Of the file.
        fingerprint: Of everything the numbers depend on but their recipe.
        runs: With their predictions, the newest first.
        results: Other results by key.

    Raises:
        CacheError: The file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = [
        {
            "what": _RUN,
            "key": run.record.run_id,
            "record": _RECORDS.dump_json(run).decode(),
            "arrays": save(dict(arrays)),
        }
        for run, arrays in runs
    ]
    rows += [
        {"what": _RESULT, "key": key, "record": "", "arrays": save(dict(arrays))}
        for key, arrays in results.items()
    ]
    columns = {name: [row.get(name, fingerprint) for row in rows] for name in _COLUMNS}
    table = pa.table(columns, schema=_schema())
    with written_whole(path) as file:
        pq.write_table(table, file, compression="zstd", compression_level=19)


def _rows(parquet: Any) -> Iterator[dict[str, Any]]:
    """The rows, one by one: a few bytes may stand for a value of gigabytes, or for one repeated for ever.

    Raises:
        ValueError: They hold more than such a file ever does.
    """
    groups = range(parquet.metadata.num_row_groups)
    if sum(parquet.metadata.row_group(group).total_byte_size for group in groups) > MAX_BYTES:
        raise ValueError(f"unpacked it has more than {MAX_BYTES} bytes")
    n_bytes = 0
    for batch in parquet.iter_batches(batch_size=1, columns=list(_COLUMNS)):
        n_bytes += batch.nbytes
        if n_bytes > MAX_BYTES:
            raise ValueError(f"unpacked it has more than {MAX_BYTES} bytes")
        yield from batch.cast(_schema()).to_pylist()


def _schema() -> Any:
    import pyarrow as pa

    return pa.schema([(name, pa.binary() if name == "arrays" else pa.string()) for name in _COLUMNS])


def _run(row: Mapping[str, Any]) -> StoredRun | None:
    try:
        return _RECORDS.validate_json(row["record"], strict=False)
    except (ValidationError, TypeError):
        return None


def _images_of(run: StoredRun) -> tuple[str, str, int | None]:
    return run.record.recipe_digest, run.record.split, run.record.n_images
