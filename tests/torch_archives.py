"""Archives as torch.save lays them out, around any pickle."""

import zipfile
from pathlib import Path

import torch


def write_archive(path: Path, pickle: bytes, *storages: torch.Tensor, **more: bytes) -> Path:
    """A file of torch.save with this pickle; storages are called "0", "1", … and other records by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", pickle)
        for key, values in enumerate(storages):
            archive.writestr(f"archive/data/{key}", values.numpy().tobytes())
        for name, content in more.items():
            archive.writestr(f"archive/{name}", content)
    return path


def tensor_of(
    *, size: int, shape: str = "K\x02\x85", strides: str = "K\x01\x85", offset: str = "K\x00"
) -> bytes:
    """Instructions for a float32 tensor in storage "0" of ``size`` values; so are the other arguments."""
    return (
        b"ctorch._utils\n_rebuild_tensor_v2\n((U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK"
        + bytes([size])
        + b"tQ"
        + (offset + shape + strides).encode("latin-1")
        + b"\x89ccollections\nOrderedDict\n)RtR"
    )


def state_dict_of(**values: bytes) -> bytes:
    """A pickle of a mapping: the names, and the instructions that make each value."""
    items = (b"U" + bytes([len(name)]) + name.encode() + value for name, value in values.items())
    return b"\x80\x02}(" + b"".join(items) + b"u."
