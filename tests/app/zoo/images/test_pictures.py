import io
import os
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from app.errors import ZooError
from app.zoo.images.pictures import FORMATS, decoded, header, picture_extensions
from cache.errors import FileError

VALUES = np.array([[0, 128, 129, 257], [20153, 35032, 50084, 65535]], dtype=np.uint16)
"""0, just below and above half a step, one step, three greys between, and white."""
EIGHT_BITS = np.rint(VALUES / 257).astype(np.uint8)


def unchanged(image):
    return image.convert("RGB")


def grey(path):
    pixels = decoded(path, unchanged)
    assert pixels.dtype == torch.uint8
    assert torch.equal(pixels[0], pixels[1])
    return pixels[0].numpy()


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.tiff", "a.pgm"])
def test_sixteen_bits_are_scaled_and_never_clipped(tmp_path, name):
    path = tmp_path / name
    if name.endswith("pgm"):
        path.write_bytes(b"P5 4 2 65535\n" + VALUES.astype(">u2").tobytes())
    else:
        Image.fromarray(VALUES).save(path)

    np.testing.assert_array_equal(grey(path), EIGHT_BITS)


def test_sixteen_bits_in_the_other_order_of_bytes_are_scaled_too(tmp_path):
    path = tmp_path / "a.tif"
    tags = {256: 4, 257: 2, 258: 16, 259: 1, 262: 1, 273: 122, 277: 1, 278: 2, 279: 16}
    entries = b"".join(struct.pack(">HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
    path.write_bytes(
        b"MM\0*"
        + struct.pack(">I", 8)
        + struct.pack(">H", len(tags))
        + entries
        + bytes(4)
        + VALUES.astype(">u2").tobytes()
    )

    np.testing.assert_array_equal(grey(path), EIGHT_BITS)


@pytest.mark.parametrize(("dtype", "kind"), [("float32", "floating point"), ("int32", "integer")])
def test_numbers_without_a_known_range_are_refused(tmp_path, dtype, kind):
    path = tmp_path / "a.tif"
    Image.fromarray(np.array([[0, 1], [2, 3]], dtype=dtype)).save(path)

    with pytest.raises(ZooError, match=rf"holds {kind} numbers whose range .* save it with 8 or 16 bits"):
        decoded(path, unchanged)


def test_portable_float_maps_are_refused(tmp_path):
    path = tmp_path / "a.pfm"
    path.write_bytes(b"Pf\n1 1\n-1.0\n" + struct.pack("<f", 0.5))

    with pytest.raises(ZooError, match="floating point"):
        decoded(path, unchanged)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_eight_bits_stay_as_they_are(tmp_path, mode):
    image = Image.new("RGB", (2, 2), (200, 100, 50)).convert(mode)
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    image.save(path)

    assert decoded(path, unchanged).tolist() == [
        np.asarray(image.convert("RGB"))[..., channel].tolist() for channel in range(3)
    ]


def test_no_reader_that_starts_a_program_is_tried(tmp_path, monkeypatch):
    ran = tmp_path / "ran"
    gs = tmp_path / "bin" / "gs"
    gs.parent.mkdir()
    gs.write_text(f"#!/bin/sh\ntouch {ran}\n")
    gs.chmod(0o755)
    monkeypatch.setenv("PATH", f"{gs.parent}{os.pathsep}{os.environ['PATH']}")
    path = tmp_path / "b.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\nshowpage\n%%EOF\n")

    with pytest.raises(ZooError, match=r"cannot be read as an image.*Formats read: .*PNG"):
        decoded(path, unchanged)
    assert not ran.exists()
    assert not {"EPS", "PDF", "WMF", "FITS"} & set(FORMATS)


def png(*chunks):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def jpeg():
    file = io.BytesIO()
    Image.new("RGB", (32, 32), "red").save(file, "JPEG")
    return file.getvalue()


BOMB = zlib.compress(bytes(80_000_000))
DAMAGED = {
    "empty.png": b"",
    "text.png": b"not a picture",
    "cut.jpg": jpeg()[:200],
    "comment-bomb.png": png((b"zTXt", b"a\0\0" + BOMB)),
    "profile-bomb.png": png((b"iTXt", b"a\0\1\0\0\0" + BOMB)),
    "cut.png": png()[:40],
    "huge.png": png().replace(struct.pack(">II", 1, 1), struct.pack(">II", 60000, 60000), 1),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_pictures_end_in_one_sentence(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(DAMAGED[name])

    with pytest.raises(ZooError, match="cannot be read as an image") as refused:
        decoded(path, unchanged)
    assert "\n" not in str(refused.value)


def test_pipe_with_the_name_of_a_picture_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "a.png")

    with pytest.raises(FileError, match="named pipe"):
        header(tmp_path / "a.png")


def test_extensions_are_those_of_the_formats():
    assert {".png", ".jpg", ".jpeg", ".webp", ".tif", ".pgm"} <= picture_extensions()
    assert not {".eps", ".ps", ".pdf", ".txt", ".csv", ".db", ".npy"} & picture_extensions()


def test_pictures_of_two_frames_as_phones_save_them_are_read_by_their_first(tmp_path):
    path = tmp_path / "a.jpg"
    other = Image.new("RGB", (16, 16), "green")
    Image.new("RGB", (16, 16), "red").save(path, "MPO", save_all=True, append_images=[other])

    assert decoded(path, unchanged)[:, 8, 8].tolist() == pytest.approx([255, 0, 0], abs=3)


def test_fault_of_ours_while_resizing_is_not_blamed_on_the_file(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (4, 4)).save(path)

    with pytest.raises(ZeroDivisionError):
        decoded(path, lambda image: image.resize((1 // 0, 1)))


def test_header_is_checked_without_decoding(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (64, 64)).save(path)
    path.write_bytes(path.read_bytes()[:60])

    header(path)
    with pytest.raises(ZooError, match="cannot be read as an image"):
        decoded(path, unchanged)
