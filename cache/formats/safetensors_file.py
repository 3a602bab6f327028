"""Safetensors: a JSON table of contents, then the tensors back to back.

The header is checked here rather than by the safetensors library, so that a refusal names the tensor;
the rules are the library's: no gaps, no overlaps, every byte belongs to one tensor.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import torch

from cache.contents import Contents, Format, Span
from cache.errors import CheckpointError
from cache.regular_files import open_regular
from cache.sound_tensors import require_few, require_sound

MAX_HEADER_BYTES = 100_000_000
"""The safetensors library's own limit."""

_ONCE_A_TENSOR = b'"data_offsets"'

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U64": torch.uint64,
    "U32": torch.uint32,
    "U16": torch.uint16,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
"""Safetensors' names for the number formats read here."""


def begins(head: bytes) -> bool:
    """Whether a file begins with a length, then a JSON object."""
    return head[8:9] == b"{"


def read_contents(path: Path) -> Contents:
    """Read and check the header.

    Raises:
        CheckpointError: The file is truncated or its header contradicts itself or the file.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        length = int.from_bytes(file.read(8), "little")
        if size < 8:
            raise CheckpointError(f"'{path.name}' ends after {size} bytes; copy or download it again.")
        if length > MAX_HEADER_BYTES:
            raise CheckpointError(
                f"'{path.name}' claims a header of {length} bytes; the limit is {MAX_HEADER_BYTES}, "
                "so this is not a safetensors file."
            )
        if 8 + length > size:
            raise CheckpointError(
                f"'{path.name}' ends after {size} bytes, inside its header of {length} bytes; "
                "copy or download it again."
            )
        text = file.read(length)
        require_few(path, text.count(_ONCE_A_TENSOR))  # before it is parsed into objects by the million
        header = _parse(path, text)
    metadata = _metadata(path, header.pop("__metadata__", {}))
    spans = {name: _span(path, name, fields, 8 + length) for name, fields in header.items()}
    _require_back_to_back(path, spans, start=8 + length, stop=size)
    return Contents(spans, metadata)


FORMAT = Format("safetensors", (".safetensors",), begins, read_contents)


def _parse(path: Path, text: bytes) -> dict[str, object]:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        fields = dict(pairs)
        if len(fields) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise CheckpointError(f"'{path.name}': the header names '{twice}' twice; save it again.")
        return fields

    try:
        header = json.loads(text, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(
            f"'{path.name}': the header is not valid JSON, so this is not a safetensors file."
        ) from error
    if not isinstance(header, dict):
        raise CheckpointError(
            f"'{path.name}': the header is not a JSON object, so this is not a safetensors file."
        )
    return header


def _metadata(path: Path, metadata: object) -> Mapping[str, str]:
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise CheckpointError(f"'{path.name}': '__metadata__' must map text to text; save it again.")
    return metadata


def _span(path: Path, name: str, fields: object, data_start: int) -> Span:
    if not isinstance(fields, dict) or set(fields) != {"dtype", "shape", "data_offsets"}:
        raise CheckpointError(
            f"'{path.name}': '{name}' must have dtype, shape and data_offsets in the header; save it again."
        )
    dtype, shape, offsets = fields["dtype"], fields["shape"], fields["data_offsets"]
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise CheckpointError(
            f"'{path.name}': '{name}' has dtype {dtype!r}; the dtypes read here are {', '.join(DTYPES)}."
        )
    sizes, places = _whole_numbers(shape), _whole_numbers(offsets)
    if sizes is None or places is None or len(places) != 2:
        raise CheckpointError(
            f"'{path.name}': '{name}' has shape {shape} and data_offsets {offsets}; "
            "both must be lists of whole numbers >= 0, the second of two."
        )
    span = Span(DTYPES[dtype], sizes, data_start + places[0])
    require_sound(path, name, span)
    needed, given = span.stop - span.start, places[1] - places[0]
    if needed != given:
        raise CheckpointError(
            f"'{path.name}': '{name}' of shape {sizes} in {dtype} needs {needed} bytes, "
            f"but the header gives it {given}; copy or download it again."
        )
    return span


def _whole_numbers(value: object) -> tuple[int, ...] | None:
    if isinstance(value, list) and all(type(number) is int and 0 <= number < 2**63 for number in value):
        return tuple(value)
    return None


def _require_back_to_back(path: Path, spans: Mapping[str, Span], *, start: int, stop: int) -> None:
    previous = "the header"
    for name, span in sorted(spans.items(), key=lambda item: (item[1].start, item[1].stop)):
        if span.stop > stop:
            raise CheckpointError(
                f"'{path.name}' ends after {stop} bytes, but '{name}' reaches to byte {span.stop}; "
                "copy or download it again."
            )
        if span.start != start:
            fault = "overlaps" if span.start < start else "leaves a gap after"
            raise CheckpointError(f"'{path.name}': '{name}' {fault} {previous}; copy or download it again.")
        start, previous = span.stop, f"'{name}'"
    if start != stop:
        raise CheckpointError(
            f"'{path.name}' has {stop - start} bytes that belong to no tensor; copy or download it again."
        )
