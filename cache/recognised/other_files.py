"""Other kinds of files, known by their first bytes, with what to do about each."""

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cache.recognised.shards import TOGETHER

_PLAIN = 0.9
"""Share of plain letters from which bytes of no encoding are taken for text."""
N_BYTES = 512
"""First bytes that are looked at: a tar archive states what it is in byte 257."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of file."""

    what: str
    """As it stands behind "'a.pt' is "."""
    begins: Callable[[bytes], bool]


def _with(*magics: bytes, at: int = 0) -> Callable[[bytes], bool]:
    return lambda head: head[at:].startswith(magics)


def _is_onnx(head: bytes) -> bool:
    """Whether a file begins with the version of ONNX and who wrote it, as messages of protobuf do."""
    return (
        head[:1] == b"\x08" and head[2:3] == b"\x12" and any(one in head[:64] for one in (b"torch", b"onnx"))
    )


_UNPACK = "unpack it and name the checkpoint inside"
_AGAIN = "download the file itself"
_ARRAYS = "save the weights as safetensors, with safetensors.numpy.save_file"
_ORIGINAL = "load the safetensors or PyTorch model that it was made from"

_KINDS = (
    _Kind(f"a gzip archive; {_UNPACK}", _with(b"\x1f\x8b")),
    _Kind(f"an xz archive; {_UNPACK}", _with(b"\xfd7zXZ\0")),
    _Kind(f"a bzip2 archive; {_UNPACK}", _with(b"BZh")),
    _Kind(f"a zstd archive; {_UNPACK}", _with(b"\x28\xb5\x2f\xfd")),
    _Kind(f"a 7z archive; {_UNPACK}", _with(b"7z\xbc\xaf\x27\x1c")),
    _Kind(f"a rar archive; {_UNPACK}", _with(b"Rar!\x1a\x07")),
    _Kind(
        f"a tar archive; {_UNPACK}, or, if torch.save of before PyTorch 0.1.10 wrote it, load it there and "
        "save model.state_dict() again",
        _with(b"ustar", at=257),
    ),
    _Kind(f"a NumPy array; {_ARRAYS}", _with(b"\x93NUMPY")),
    _Kind(f"an HDF5 file, as Keras writes them; {_ARRAYS}", _with(b"\x89HDF\r\n\x1a\n")),
    _Kind(f"a GGUF model for llama.cpp; {_ORIGINAL}", _with(b"GGUF")),
    _Kind(
        f"a GGML model for llama.cpp; {_ORIGINAL}",
        _with(b"lmgg", b"fmgg", b"tjgg", b"algg", b"ggml", b"ggjt"),
    ),
    _Kind(f"a TensorFlow Lite model; {_ORIGINAL}", _with(b"TFL3", at=4)),
    _Kind(f"an ONNX model; {_ORIGINAL}", _is_onnx),
    _Kind("a Parquet table, which holds data; name a checkpoint", _with(b"PAR1")),
    _Kind("an Arrow table, which holds data; name a checkpoint", _with(b"ARROW1")),
    _Kind("an SQLite database; name a checkpoint", _with(b"SQLite format 3\0")),
    _Kind("a PDF document; name a checkpoint", _with(b"%PDF-")),
    _Kind("a picture; name a checkpoint", _with(b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8")),
    _Kind("a program; name a checkpoint", _with(b"\x7fELF", b"MZ\x90")),
)


_ENDINGS = {
    ".onnx": f"an ONNX model; {_ORIGINAL}",
    ".msgpack": f"a Flax model; {_ORIGINAL}",
    ".pb": f"a TensorFlow graph; {_ORIGINAL}",
    ".mlmodel": f"a Core ML model; {_ORIGINAL}",
    ".engine": f"a TensorRT engine; {_ORIGINAL}",
}
"""Kinds of files without first bytes of their own."""


def other_file(path: Path, head: bytes) -> str | None:
    """Which other kind of file this is, and what to do; None if it may be a checkpoint.

    Args:
        path: The file; its ending counts where the first bytes leave it open.
        head: Its first `N_BYTES` bytes, or all of them.

    >>> other_file(Path("a.pt"), b"GGUF")
    'a GGUF model for llama.cpp; load the safetensors or PyTorch model that it was made from'
    """
    for kind in _KINDS:
        if kind.begins(head):
            return kind.what
    return _text(path, head) or _pickle(head) or _by_ending(path, head)


def _by_ending(path: Path, head: bytes) -> str | None:
    may_be_tensors = head.startswith((b"PK", b"\x80\x02\x8a\n")) or head[8:9] == b"{"
    return None if may_be_tensors else _ENDINGS.get(path.suffix.lower())


def _pickle(head: bytes) -> str | None:
    """A pickle that is no part of what torch.save writes: nothing in it is a tensor that could be placed."""
    if head[:1] != b"\x80" or head[1:2] not in (b"\2", b"\3", b"\4", b"\5") or head[2:4] == b"\x8a\n":
        return None
    if b"numpy" in head:
        return f"a pickle of NumPy arrays; {_ARRAYS}"
    return (
        "a pickle that torch.save did not write, and pickles are code that is never run here; save the "
        "weights with torch.save(model.state_dict(), …) or as safetensors"
    )


def _decoded(head: bytes) -> str:
    """Text in the encodings of web pages, cut anywhere; empty if it is none."""
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        n_plain = sum(32 <= byte < 127 for byte in head)
        return head.decode("latin-1") if n_plain > _PLAIN * len(head) else ""


def _text(path: Path, head: bytes) -> str | None:
    """Text in place of weights, by what it begins with."""
    text = _decoded(head).strip()
    if not text or any(ord(char) < 32 and char not in "\t\n\r\f" for char in text):
        return None
    if text.startswith("version https://git-lfs"):
        return (
            "a Git LFS pointer, which stands in for the file; fetch the weights with 'git lfs pull', or "
            f"{_AGAIN}"
        )
    if text[:200].lower().startswith(("<!doctype html", "<html", "<head", "<?xml")):
        return f"a web page, not what its link promised; log in if the site asks for it, and {_AGAIN}"
    if path.name.endswith(".index.json") or '"weight_map"' in text:
        return f"the index of a model in several files and holds no weights; {TOGETHER}"
    if text.startswith(("{", "[")):
        return f"JSON, such as settings or a server's error; name the weights, or {_AGAIN}"
    return f"text, not a checkpoint; name the weights, or {_AGAIN}"
