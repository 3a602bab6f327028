"""Checkpoints written by `torch.save`: a zip archive with one stored record per tensor storage.

The pickle inside is read as data (`cache.pickles`): nothing in it is imported, called or run. It only gives
where each tensor lies, which is checked against the archive. TorchScript archives are laid out alike.
"""

import os
import zipfile
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from cache.contents import Contents, Format
from cache.errors import CheckpointError
from cache.pickles.inert import SAVE_AGAIN, PickleError
from cache.pickles.machine import MAX_BYTES, read_pickle
from cache.pickles.placing import Place, placed_contents
from cache.pickles.tensors import Storage
from cache.regular_files import open_regular
from cache.zip_records import LimitedReads, record_start

_PICKLE = "/data.pkl"
_ENCRYPTED = 1


def begins(head: bytes) -> bool:
    """Whether a file begins as `torch.save` begins it since PyTorch 1.6: a zip archive."""
    return head.startswith(b"PK\x03\x04")


def read_contents(path: Path, key: str = "") -> Contents:
    """Read the table of contents.

    A training checkpoint may keep its weights among other things, or as a whole module; see
    `cache.pickles.weights`.

    Raises:
        CheckpointError: The file is damaged, or holds no weights that can be read as data.
    """
    try:
        with open_regular(path) as opened, LimitedReads(opened.raw) as file, zipfile.ZipFile(file) as archive:
            records = _records(archive)
            prefix = _prefix(records)
            _require_little_endian(archive, records.get(f"{prefix}/byteorder"))
            saved = read_pickle(BytesIO(_content(archive, records[prefix + _PICKLE])))

            def place(storage: Storage) -> Place | None:
                record = records.get(f"{prefix}/data/{storage.key}")
                return None if record is None else _place(file, record)

            return placed_contents(path, saved.value, place, key=key)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise CheckpointError(
            f"'{path.name}' is not an archive of torch.save: it is truncated or damaged; copy or download it "
            "again."
        ) from error
    except PickleError as error:
        raise CheckpointError(f"'{path.name}' {error}.") from error


FORMAT = Format("torch state dict", (".pt", ".pth"), begins, read_contents, read_contents)


def _records(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    records: dict[str, zipfile.ZipInfo] = {}
    for record in archive.infolist():
        if record.filename in records:
            raise PickleError(
                f"holds two records '{record.filename}', so that its content is not certain; save it again"
            )
        records[record.filename] = record
    return records


def _prefix(records: Collection[str]) -> str:
    """The folder inside the archive in which torch.save put everything."""
    found = [
        name.removesuffix(_PICKLE) for name in records if name.endswith(_PICKLE) and name.count("/") == 1
    ]
    if len(found) == 1:
        return found[0]
    if records and all(name.endswith(".npy") for name in records):
        raise PickleError(
            "is an archive of NumPy arrays (npz); save the weights as safetensors, with "
            "safetensors.numpy.save_file"
        )
    raise PickleError(
        "is a zip archive without exactly one data.pkl, so torch.save did not write it; unpack it and name "
        "the checkpoint inside, or save model.state_dict() with torch.save"
    )


def _require_little_endian(archive: zipfile.ZipFile, order: zipfile.ZipInfo | None) -> None:
    if order is not None and _content(archive, order) != b"little":
        raise PickleError("is big-endian; save it as safetensors where it was made")


def _content(archive: zipfile.ZipFile, record: zipfile.ZipInfo) -> bytes:
    """A record that is read whole."""
    _require_stored(record)
    if record.file_size > MAX_BYTES:
        raise PickleError(
            f"holds {record.file_size} bytes of objects beside its tensors; the limit is {MAX_BYTES}; "
            f"{SAVE_AGAIN}"
        )
    return archive.read(record)


def _place(file: BinaryIO, record: zipfile.ZipInfo) -> Place:
    _require_stored(record)
    start = record_start(file, record)
    if start + record.file_size > os.fstat(file.fileno()).st_size:
        raise zipfile.BadZipFile
    return Place(start, record.file_size)


def _require_stored(record: zipfile.ZipInfo) -> None:
    if record.compress_type != zipfile.ZIP_STORED or record.flag_bits & _ENCRYPTED:
        raise PickleError(
            f"holds compressed or encrypted records ('{record.filename}'), which torch.save does not write; "
            "unpack it and pack it without compression (zip -0), or save it again with torch.save"
        )
    if record.compress_size != record.file_size:
        raise zipfile.BadZipFile
