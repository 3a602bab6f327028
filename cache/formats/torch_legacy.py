"""Checkpoints written by `torch.save` before PyTorch 1.6: five pickles, then the storages one after another.

The pickles are a magic number, a version, facts about the machine, the object, and the keys of the
storages in their order. Each storage is its number of values in eight bytes, then the values.
"""

import os
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from cache.contents import Contents, Format
from cache.errors import CheckpointError
from cache.pickles.inert import DAMAGED, Persistent, PickleError
from cache.pickles.machine import MAX_BYTES, read_pickle
from cache.pickles.placing import Place, placed_contents
from cache.pickles.tensors import Storage, saved_storage
from cache.regular_files import open_regular

_MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
_VERSION = 1001


def begins(head: bytes) -> bool:
    """Whether a file begins with the magic number."""
    return head.startswith(_MAGIC)


def read_contents(path: Path, key: str = "") -> Contents:
    """Read the table of contents.

    Raises:
        CheckpointError: The file is damaged, or holds no weights that can be read as data.
    """
    with open_regular(path) as file:
        pickles = BytesIO(file.read(MAX_BYTES))
        try:
            _, version, machine, saved, keys = (read_pickle(pickles) for _ in range(5))
            _require_readable(version.value, machine.value)
            places = _places(file, _storages(saved.references), keys.value, pickles.tell())
        except PickleError as error:
            raise CheckpointError(f"'{path.name}' {error}.") from error
    return placed_contents(path, saved.value, lambda storage: places.get(storage.key), key=key)


FORMAT = Format("torch state dict of before PyTorch 1.6", (), begins, read_contents, read_contents)


def _require_readable(version: object, machine: object) -> None:
    if version != _VERSION or not isinstance(machine, dict):
        raise PickleError(DAMAGED)
    if machine.get("little_endian") is not True:
        raise PickleError("is big-endian; save it as safetensors where it was made")


def _storages(references: list[Persistent]) -> dict[str, Storage]:
    storages: dict[str, Storage] = {}
    for reference in references:
        storage = saved_storage(reference)
        if storages.setdefault(storage.key, storage) != storage:
            raise PickleError(DAMAGED)
    return storages


def _places(file: BinaryIO, storages: dict[str, Storage], keys: object, start: int) -> dict[str, Place]:
    """Where each storage lies: they follow one another from byte ``start`` on, in the order of their keys."""
    size = os.fstat(file.fileno()).st_size
    places: dict[str, Place] = {}
    for key in keys if isinstance(keys, list) else ():
        storage = storages.get(key) if isinstance(key, str) else None
        file.seek(start)
        n_values = int.from_bytes(file.read(8), "little")
        if storage is None or storage.n_values != n_values or start + 8 + storage.n_bytes > size:
            raise PickleError(DAMAGED)
        places[storage.key] = Place(start + 8, storage.n_bytes)
        start += 8 + storage.n_bytes
    return places
