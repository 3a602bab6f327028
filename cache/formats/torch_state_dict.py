"""State dicts written by `torch.save`: a zip archive with one stored record per tensor storage.

The pickle inside is read by torch's weights-only unpickler onto the meta device: nothing in it is
executed and no weight is touched. It only gives where each tensor lies, which is checked against the
archive.
"""

import pickle
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch

from cache.contents import Contents, Format, Span
from cache.errors import CheckpointError
from cache.regular_files import open_regular
from cache.zip_records import record_start

_PLAIN_ONLY = (
    "only plain state dicts of tensors are accepted, because a checkpoint is data, never code; "
    "save model.state_dict() instead"
)
# A damaged pickle fails in whatever operation the damage happens to spell.
_DAMAGED = (
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    EOFError,
    AssertionError,
    OverflowError,
    struct.error,
)


def begins(head: bytes) -> bool:
    """Whether a file begins as `torch.save` begins it: a zip archive, or the bare pickle of old."""
    return head.startswith((b"PK\x03\x04", b"\x80\x02"))


def read_contents(path: Path) -> Contents:
    """Read the table of contents.

    A training checkpoint may keep its tensors one level down, under ``state_dict``; text and numbers
    beside it become metadata.

    Raises:
        CheckpointError: The file is damaged, or holds anything but dense tensors by name.
    """
    records = _stored_records(path)
    try:
        with open_regular(path) as file:
            saved = torch.load(file, map_location="meta", weights_only=True)
    except pickle.UnpicklingError as error:
        raise CheckpointError(f"'{path.name}' holds pickled objects; {_PLAIN_ONLY}.") from error
    except _DAMAGED as error:
        raise CheckpointError(
            f"'{path.name}' cannot be read as a state dict: it is damaged, or was not written by torch.save; "
            f"{_PLAIN_ONLY}."
        ) from error
    outer = _named(path, saved)
    tensors = _named(path, outer["state_dict"]) if "state_dict" in outer else outer
    spans = {name: _span(path, name, value, records) for name, value in tensors.items()}
    return Contents(spans, _metadata(outer) if "state_dict" in outer else {})


FORMAT = Format("torch state dict", (".pt", ".pth"), begins, read_contents)


def _stored_records(path: Path) -> dict[int, int]:
    """Size in bytes of every record of the archive, by where its content starts in the file."""
    records = {}
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                if info.compress_type != zipfile.ZIP_STORED:
                    raise CheckpointError(
                        f"'{path.name}' holds compressed records, as TorchScript modules do; {_PLAIN_ONLY}."
                    )
                records[record_start(file, info)] = info.file_size
                if info.filename.endswith("/byteorder") and archive.read(info) != b"little":
                    raise CheckpointError(
                        f"'{path.name}' is big-endian; save it as safetensors where it was made."
                    )
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise CheckpointError(
            f"'{path.name}' is not an archive of torch.save: it is truncated, or from before PyTorch 1.6; "
            f"{_PLAIN_ONLY}."
        ) from error
    return records


def _named(path: Path, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise CheckpointError(f"'{path.name}' holds a {type(value).__name__} without names; {_PLAIN_ONLY}.")
    return value


def _metadata(outer: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in outer.items() if isinstance(value, str | int | float)}


def _span(path: Path, name: str, value: object, records: Mapping[int, int]) -> Span:
    if not isinstance(value, torch.Tensor):
        raise CheckpointError(f"'{path.name}': '{name}' is {_article(value)}, not a tensor; {_PLAIN_ONLY}.")
    if not _is_dense(value):
        raise CheckpointError(f"'{path.name}': '{name}' is not a dense tensor; make it dense before saving.")
    storage = value.untyped_storage()
    n_bytes, place = storage.nbytes(), storage._checkpoint_offset
    span = Span(
        dtype=value.dtype,
        shape=tuple(value.shape),
        start=(place or 0) + int(value.storage_offset()) * value.dtype.itemsize,
        strides=None if value.is_contiguous() else value.stride(),
    )
    if place is None or records.get(place) != n_bytes or span.stop > place + n_bytes:
        raise CheckpointError(
            f"'{path.name}': '{name}' lies outside the bytes that the archive holds for it; "
            "copy or download it again."
        )
    return span


def _is_dense(tensor: torch.Tensor) -> bool:
    return tensor.layout is torch.strided and not (
        tensor.is_quantized or tensor.is_nested or tensor.is_conj() or tensor.is_neg()
    )


def _article(value: object) -> str:
    kind = type(value).__name__
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
