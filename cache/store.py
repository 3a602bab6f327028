"""The store: every run and every remembered result of this user, appended and never changed."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cache import run_rows
from cache.blobs import BlobStore
from cache.database import Database, FileTakenError, Statement, insertion
from cache.errors import CacheError, StoreError
from cache.folders import cache_folder
from cache.keys import ResultKey
from cache.measured import Measured
from cache.records import Kind, RunRecord, Split, StoredRun, TaskRecord
from cache.turns import Turns

_RESULT = "result-"
Arrays = Mapping[str, NDArray[Any]]
"""A remembered result: arrays of numbers by name, of any shape."""


class Store:
    """Runs, predictions, results and settings; any thread may call any method."""

    notice: str | None
    """What is not kept and why, for a person; None while everything is."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self.notice = None
        self._database = database
        self._blobs = blobs
        self._measured = Measured()
        self._turns = Turns()
        self._appending = Lock()
        self._scratch: TemporaryDirectory[str] | None = None

    @classmethod
    def open(cls, folder: Path | None = None) -> "Store":
        """Open the results of this user, or start them.

        Where they cannot be used, the store works in memory alone and states why in `notice`: nobody needs
        a history to merge.

        Args:
            folder: Where the results live; by default `cache_folder()`.
        """
        folder = folder or cache_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            database = Database(folder / "results.duckdb")
        except FileTakenError:
            return cls._without_history(f"Another process uses the results in '{folder}'.")
        except CacheError as error:
            return cls._without_history(f"In '{folder}', {error}")
        except OSError as error:
            return cls._without_history(
                f"'{folder}' cannot hold results: {error.strerror}. Set TAUSCOPE_CACHE to another folder."
            )
        blobs = BlobStore(folder / "blobs")
        blobs.remove_left_behind()  # no other process writes there: the database is ours
        return cls(database, blobs)

    @classmethod
    def _without_history(cls, why: str) -> "Store":
        scratch = TemporaryDirectory(prefix="tauscope-")
        store = cls(Database(None), BlobStore(Path(scratch.name)))
        store._scratch = scratch
        store.notice = f"{why} This session's runs are not kept."
        return store

    def append_run(
        self, run: RunRecord, tasks: Sequence[TaskRecord], predictions: Arrays | None = None
    ) -> None:
        """Keep a finished run.

        Args:
            run: The run.
            tasks: Its tasks and controls, in order.
            predictions: ``task/prediction`` (n,) integer, ``task/log_prob`` and ``task/margin`` (n,) float32.

        Raises:
            CacheError: It could not be written; then nothing of it is kept.
        """
        if predictions is not None:  # first, so that a run in the table always has its predictions
            self._blobs.write(run.run_id, _as_tensors(predictions))
        self._measured.add(run.zoo_fingerprint, run.recipe_digest)
        self._append(run_rows.insertions(run, tasks))

    def runs(
        self, zoo_fingerprint: str | None = None, *, kinds: Sequence[Kind] = get_args(Kind), limit: int = 1000
    ) -> list[StoredRun]:
        """Runs of some kinds, newest first; of one zoo, or of all."""
        asked = "(? is null or zoo_fingerprint = ?) and list_contains(?::text[], kind)"
        return self._select(asked, [zoo_fingerprint, zoo_fingerprint, list(kinds)], limit)

    def find_runs(
        self,
        zoo_fingerprint: str,
        recipe_digest: str,
        split: Split,
        n_images: int | None,
        *,
        device: str,
        kinds: Sequence[Kind] = get_args(Kind),
        limit: int = 20,
    ) -> list[StoredRun]:
        """Runs of the same recipe on the same images and kind of device, newest first."""
        same = (
            "zoo_fingerprint = ? and recipe_digest = ? and split = ? and n_images is not distinct from ? "
            "and device = ? and list_contains(?::text[], kind)"
        )
        wanted = [zoo_fingerprint, recipe_digest, split, n_images, device, list(kinds)]
        with self._reading():
            if not self._measured.may_hold(self._database, zoo_fingerprint, recipe_digest):
                return []
        return self._select(same, wanted, limit)

    def predictions(self, run_id: str) -> Arrays | None:
        """What `append_run` was given for this run, or None."""
        return _as_arrays(self._blobs.read(run_id))

    def count_test_evaluations(self, zoo_fingerprint: str) -> int:
        """How often the test images of a zoo were measured; its own reference models do not count."""
        query = "select count(*) from runs where zoo_fingerprint = ? and split = 'test' and kind != 'anchor'"
        with self._reading():
            return int(self._database.rows(query, [zoo_fingerprint])[0][0])
        return 0

    def remember(self, name: str, value: object) -> None:
        """Keep a small setting, any JSON value; the last one counts."""
        try:
            self._append([insertion("settings", {"name": name, "value": json.dumps(value)})])
        except CacheError as error:
            self.notice = f"A setting could not be kept for later: {error}"

    def recall(self, name: str) -> Any:
        """The setting last remembered under a name, or None."""
        query = "select arg_max(value, rowid) from settings where name = ?"
        with self._reading():
            found = self._database.rows(query, [name])[0][0]
            return None if found is None else json.loads(found)
        return None

    def result(self, key: ResultKey, compute: Callable[[], Arrays]) -> Arrays:
        """The remembered result, or else the computed one, remembered from now on unless the disk is full.

        However many threads ask for one key, one of them computes while the others wait. When it fails,
        its caller gets the error and the next in line tries.

        Args:
            key: Whatever the result depends on.
            compute: Gives arrays of numbers by name.

        Raises:
            StoreError: An array holds something else than numbers.
        """
        with self._turns.of(key.digest()):
            found = self.known_result(key)
            if found is None:
                found = compute()
                origin = {
                    "name": key.name,
                    "version": str(key.version),
                    "inputs": json.dumps(dict(key.inputs)),
                }
                tensors = _as_tensors(found)
                try:
                    self._blobs.write(_blob_key(key), tensors, origin)
                except CacheError as error:
                    self.notice = f"A result could not be kept for later: {error}"
            return found

    def known_result(self, key: ResultKey) -> Arrays | None:
        """The remembered result, or None; one whose file was damaged is computed again."""
        return _as_arrays(self._blobs.read(_blob_key(key)))

    def results_with(self, name: str, value: str) -> dict[str, Arrays]:
        """Remembered results of which one input is this, by the digests of their keys."""
        found = {}
        for blob, about in self._blobs.beginning_with(_RESULT):
            if json.loads(about.get("inputs", "{}")).get(name) == value:
                arrays = _as_arrays(self._blobs.read(blob))
                if arrays is not None:
                    found[blob.removeprefix(_RESULT)] = arrays
        return found

    def _select(self, condition: str, parameters: Sequence[object], limit: int) -> list[StoredRun]:
        with self._reading():
            return run_rows.select(self._database, condition, parameters, limit)
        return []

    def _append(self, statements: Sequence[Statement]) -> None:
        with self._appending:
            if self._database.is_gone:
                self._continue_in_memory()
            self._database.append(statements)

    def _continue_in_memory(self) -> None:
        self._database = self._database.copied_to_memory()  # others may still read the one before
        self.notice = (
            "The file of results was removed or replaced while Tauscope runs: runs from now on are kept "
            "until it ends. Start it again to keep later ones."
        )

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """What cannot be read is as good as not there, and measured again."""
        try:
            yield
        except (StoreError, ValueError) as error:  # ValueError: no JSON
            self.notice = f"Earlier results cannot be read: {error}"

    def close(self) -> None:
        """Give the file back; the store cannot be used afterwards."""
        self._database.close()
        if self._scratch:
            self._scratch.cleanup()


def _blob_key(key: ResultKey) -> str:
    return f"{_RESULT}{key.digest()}"


def _as_arrays(tensors: Mapping[str, Tensor] | None) -> Arrays | None:
    return None if tensors is None else {name: tensor.numpy() for name, tensor in tensors.items()}


def _as_tensors(arrays: Arrays) -> dict[str, Tensor]:
    tensors = {}
    for name, array in arrays.items():
        try:
            tensors[name] = torch.from_numpy(np.require(array, requirements=["C", "W"]))
        except TypeError as error:
            raise StoreError(f"Result '{name}' holds {array.dtype}; it must hold numbers.") from error
    return tensors
