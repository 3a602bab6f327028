import gzip
import io
import json
import lzma
import pickle
import re
import tarfile
from pathlib import Path

import numpy as np
import pytest

from cache.recognised.other_files import N_BYTES, other_file


def tar_of(content):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo("a.pt")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def npy():
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
INDEX = {"metadata": {}, "weight_map": {"a": "model-00001-of-00002.safetensors"}}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (POINTER, "a Git LFS pointer, .* 'git lfs pull'"),
        (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "a web page"),
        (b"\n  <HTML lang='en'>", "a web page"),
        (b'{"error": "Entry not found"}', "JSON, such as settings or a server's error"),
        (b'\xef\xbb\xbf{\n "hidden_size": 768\n}', "JSON"),
        (json.dumps(INDEX).encode(), "the index of a model in several files"),
        ("<html><body>Nicht verf\N{LATIN SMALL LETTER U WITH DIAERESIS}gbar".encode("latin-1"), "a web page"),
        ("<html><body>Nicht".encode("utf-16"), "a web page"),
        (b"Entry not found", "text, not a checkpoint"),
        ("Zugriff verweigert: nicht ge\N{LATIN SMALL LETTER O WITH DIAERESIS}ffnet".encode(), "text"),
        (gzip.compress(b"a" * 99), "a gzip archive; unpack it"),
        (lzma.compress(b"a" * 99), "an xz archive; unpack it"),
        (tar_of(b"a" * 99), "a tar archive; unpack it"),
        (npy(), "a NumPy array; save the weights as safetensors"),
        (b"\x89HDF\r\n\x1a\n\0\0\0", "an HDF5 file"),
        (b"GGUF\3\0\0\0", "a GGUF model for llama.cpp"),
        (b"\x08\x07\x12\x07pytorch", "an ONNX model"),
        (b"PAR1\x15\4\x15", "a Parquet table"),
        (pickle.dumps({"a": np.zeros(3)}), "a pickle of NumPy arrays"),
        (pickle.dumps({"a": 3}), "a pickle that torch.save did not write"),
        (pickle.dumps(["a"], 2), "a pickle that torch.save did not write"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("name", ["a.pt", "a.safetensors", "a"])
def test_content_is_what_counts(name, content, found):
    assert re.match(found, other_file(Path(name), content[:N_BYTES]) or "")


@pytest.mark.parametrize(
    "head",
    [
        b"PK\x03\x04" + bytes(12),
        (100).to_bytes(8, "little") + b'{"a":',
        b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02",
        bytes(16),
        bytes(range(127, 255)) * 4,
        b"\xff\xfe" + bytes(14),
        (2**60).to_bytes(8, "little") + b"{}",
    ],
    ids=["archive", "safetensors", "old torch", "zeros", "bytes", "marked bytes", "long header"],
)
def test_what_may_be_a_checkpoint_is_left_to_its_reader(head):
    assert other_file(Path("a.pt"), head) is None


@pytest.mark.parametrize(
    ("ending", "found"),
    [("onnx", "an ONNX model"), ("msgpack", "a Flax model"), ("PB", "a TensorFlow graph")],
)
def test_an_ending_counts_where_the_first_bytes_may_be_anything(ending, found):
    assert other_file(Path(f"a.{ending}"), b"\x82\x01\x02").startswith(found)
    assert other_file(Path(f"a.{ending}"), b"PK\x03\x04") is None
    assert other_file(Path("a.safetensors"), b"\x82\x01\x02") is None


def test_text_may_be_cut_within_a_letter():
    text = "\N{LATIN SMALL LETTER E WITH ACUTE}".encode() * 300

    assert other_file(Path("a.pt"), b"a" + text[: N_BYTES - 1]).startswith("text")
