"""Files of other formats under a checkpoint's name, and archives that are not what they seem."""

import gzip
import io
import lzma
import tarfile
import warnings
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import torch

from tests.hostile.inputs import BAD, Change, Input, written
from tests.hostile.pickle_inputs import FILE, named

_OTHERS = {
    "nothing": b"",
    "one byte": b"\x00",
    "zeros": bytes(10_000),
    "ones": b"\xff" * 10_000,
    "text": b"weights\n" * 100,
    "a Git LFS pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:"
    + b"0" * 64
    + b"\nsize 3\n",
    "a web page": b"<!DOCTYPE html><html><body>Not found</body></html>",
    "an answer": b'{"error":"Repository not found"}',
    "GGUF": b"GGUF\x03\x00\x00\x00" + bytes(100),
    "gzip": gzip.compress(b"weights"),
    "xz": lzma.compress(b"weights"),
    "zstd": b"\x28\xb5\x2f\xfd" + bytes(50),
    "bzip2": b"BZh91AY&SY" + bytes(50),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(50),
    "rar": b"Rar!\x1a\x07\x00" + bytes(50),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(100),
    "Parquet": b"PAR1" + bytes(100) + b"PAR1",
    "ONNX": b"\x08\x07\x12\x07pytorch" + bytes(50),
    "ELF": b"\x7fELF" + bytes(100),
    "PNG": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "PDF": b"%PDF-1.7\n" + bytes(100),
    "SQLite": b"SQLite format 3\x00" + bytes(100),
    "a script": b"#!/bin/sh\ntouch ran\n",
    "YAML": b"a: [1, 2]\n",
    "TOML": b"[a]\nb = 1\n",
    "UTF-16": "weights".encode("utf-16"),
}


def _npy() -> bytes:
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


def _tar(*names: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name))
    return file.getvalue()


def zipped(records: list[tuple[str, bytes]], kind: int = zipfile.ZIP_STORED) -> Change:
    """A zip archive under the checkpoint's name."""

    def change(zoo: Path) -> None:
        with warnings.catch_warnings(), zipfile.ZipFile(zoo / FILE, "w", kind) as archive:
            warnings.simplefilter("ignore")  # of two records with one name
            for name, content in records:
                archive.writestr(name, content)

    return named(change)


def edited(before: bytes, after: bytes) -> Change:
    """A sound archive of torch.save in which every such run of bytes is another."""

    def change(zoo: Path) -> None:
        torch.save({"visual.proj": torch.zeros(16, 8)}, zoo / FILE)
        content = (zoo / FILE).read_bytes()
        assert before in content
        (zoo / FILE).write_bytes(content.replace(before, after))

    return named(change)


def shortened(share: float) -> Change:
    """The beginning of a sound archive of torch.save."""

    def change(zoo: Path) -> None:
        torch.save({"visual.proj": torch.zeros(16, 8)}, zoo / FILE)
        content = (zoo / FILE).read_bytes()
        (zoo / FILE).write_bytes(content[: int(share * len(content))])

    return named(change)


_refused = partial(Input, says=f"'{FILE}'")
_EMPTY = b"\x80\x02}."
OTHERS = [
    Input(
        f"{what} as {suffix}",
        named(written(FILE, content)) if suffix == ".pt" else written(f"{BAD}{suffix}", content),
        f"'{BAD}{suffix}'",
    )
    for what, content in {
        **_OTHERS,
        "npy": _npy(),
        "tar": _tar("a", "../b"),
        "a tar of torch": _tar("storages", "tensors", "pickle"),
    }.items()
    for suffix in (".pt", ".safetensors")
]
CUT = [_refused(f"archive cut to {share}/20", shortened(share / 20)) for share in range(1, 20)]
ZIPS = [
    _refused("zip of nothing", zipped([])),
    _refused("zip without a pickle", zipped([("archive/version", b"3")])),
    _refused("zip with two pickles", zipped([("a/data.pkl", _EMPTY), ("b/data.pkl", _EMPTY)])),
    _refused("zip with one pickle twice", zipped([("a/data.pkl", _EMPTY), ("a/data.pkl", b"\x80\x02N.")])),
    _refused("zip with a path upwards", zipped([("../../data.pkl", _EMPTY)])),
    _refused("zip with a path from the root", zipped([("/data.pkl", _EMPTY)])),
    _refused("zip with a pickle in a folder", zipped([("a/b/data.pkl", _EMPTY)])),
    _refused("zip compressed", zipped([("a/data.pkl", _EMPTY)], zipfile.ZIP_DEFLATED)),
    _refused("zip bomb", zipped([("a/data.pkl", bytes(200_000_000))], zipfile.ZIP_DEFLATED)),
    _refused("zip of bzip2", zipped([("a/data.pkl", bytes(1000))], zipfile.ZIP_BZIP2)),
    _refused("zip of lzma", zipped([("a/data.pkl", bytes(1000))], zipfile.ZIP_LZMA)),
    _refused("zip, big-endian", zipped([("a/data.pkl", _EMPTY), ("a/byteorder", b"big")])),
    _refused("zip with an odd byte order", zipped([("a/data.pkl", _EMPTY), ("a/byteorder", b"x" * 100)])),
    _refused("zip of arrays", zipped([("a.npy", _npy())])),
    _refused("zip of 30,000 records", zipped([(f"a/{number}", b"") for number in range(30_000)])),
    _refused("zip in a zip", zipped([("a.zip", b"PK\x03\x04")])),
    _refused(
        "zip that says it is encrypted",
        edited(b"PK\x01\x02\x00\x00\x00\x00", b"PK\x01\x02\x00\x00\x00\x00\x01"),
        says="",
    ),
    _refused("zip with another record's name", edited(b"data/0", b"data/1")),
    _refused("zip without its directory", edited(b"PK\x05\x06", b"PK\x09\x09")),
    _refused("zip with headers gone", edited(b"PK\x01\x02", b"XX\x01\x02")),
]
INPUTS = (*OTHERS, *CUT, *ZIPS)
