"""Evaluation sets, heads and pictures that cannot be used: each costs its task and no other."""

import io
import struct
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from safetensors.torch import load_file, save, save_file

from tests.hostile.inputs import BAD, EVALUATE, Change, Input, replaced, written
from tests.zoo_on_disk import CLASSES

VAL = f"{BAD}_val.safetensors"
_costs = partial(Input, outcome="costs its task", command=EVALUATE)


def edited(edit: Callable[[dict[str, torch.Tensor]], Any], file: str = VAL) -> Change:
    """The file with other tensors."""

    def change(zoo: Path) -> None:
        tensors = {name: value.clone() for name, value in load_file(zoo / file).items()}
        edit(tensors)
        save_file({name: value.contiguous() for name, value in tensors.items()}, zoo / file)

    return change


def _images(change: Callable[[torch.Tensor], torch.Tensor]) -> Change:
    return edited(lambda tensors: tensors.update(images=change(tensors["images"])))


def _labels(change: Callable[[torch.Tensor], torch.Tensor]) -> Change:
    return edited(lambda tensors: tensors.update(labels=change(tensors["labels"])))


def _head(change: Callable[[torch.Tensor], torch.Tensor]) -> Change:
    return edited(lambda tensors: tensors.update({BAD: change(tensors[BAD])}), "heads.safetensors")


SETS = (
    [
        _costs(f"images {what}", change)
        for what, change in {
            "of floats below 0": _images(lambda images: images.float() - 1),
            "of int64 beyond a byte": _images(lambda images: images.long() + 300),
            "of booleans": _images(lambda images: images > 0),
            "with alpha": _images(lambda images: torch.cat([images, images[..., :1]], 3)),
            "flat": _images(lambda images: images.flatten(1)),
            "none": _images(lambda images: images[:0]),
            "fewer than labels": _images(lambda images: images[:-1]),
            "missing": edited(lambda tensors: tensors.pop("images")),
        }.items()
    ]
    + [
        _costs(f"labels {what}", change)
        for what, change in {
            "of floats": _labels(lambda labels: labels.float()),
            "of -1": _labels(lambda labels: labels - 1),
            "from 1": _labels(lambda labels: labels + 1),
            "far away": _labels(lambda labels: labels + 2**62),
            "missing": edited(lambda tensors: tensors.pop("labels")),
            "of a hundred classes": _labels(lambda labels: labels * 100),
            "fewer than images": _labels(lambda labels: labels[:-1]),
        }.items()
    ]
    + [
        _costs(f"a set of {what}", written(VAL, content))
        for what, content in {
            "nothing": b"",
            "zeros": bytes(100),
            "text": b"hello",
            "a pickle": b"\x80\x02}.",
            "a zip": b"PK\x03\x04" + bytes(50),
            "other tensors": save({"a": torch.zeros(2)}),
            "a header of 2**60": (2**60).to_bytes(8, "little") + b"{}",
            "a header that is cut": (100).to_bytes(8, "little") + b"{",
            "no tensors": save({}),
        }.items()
    ]
    + [
        _costs(
            f"a set cut to {share}/10",
            lambda zoo, share=share: (zoo / VAL).write_bytes((zoo / VAL).read_bytes()[: share * 3_000]),
        )
        for share in range(1, 10)
    ]
)
READ_TOO = [
    Input(what, change, outcome="accepted", command=EVALUATE)
    for what, change in {
        "images of floats": _images(lambda images: images.float()),
        "images of int64": _images(lambda images: images.long()),
        "images, channels first": _images(lambda images: images.permute(0, 3, 1, 2)),
        "images in gray": _images(lambda images: images[..., :1]),
        "images that are larger": _images(lambda images: images.repeat(1, 2, 2, 1)),
        "images that are smaller": _images(lambda images: images[:, :8, :8]),
        "labels of int32": _labels(lambda labels: labels.int()),
        "labels of uint8": _labels(lambda labels: labels.byte()),
        "labels one-hot": _labels(lambda labels: torch.nn.functional.one_hot(labels)),
        "labels in a column": _labels(lambda labels: labels[:, None]),
    }.items()
]
HEADS = [
    _costs(f"a head {what}", change)
    for what, change in {
        "transposed": _head(lambda head: head.T),
        "of integers": _head(lambda head: head.long()),
        "flat": _head(lambda head: head.flatten()),
        "too wide": _head(lambda head: torch.cat([head, head], 1)),
        "too narrow": _head(lambda head: head[:, :-1]),
        "of two rows": _head(lambda head: head[:2]),
        "of no rows": _head(lambda head: head[:0]),
        "of four rows": _head(lambda head: torch.cat([head, head[:1]])),
        "that is missing": edited(lambda tensors: tensors.pop(BAD), "heads.safetensors"),
        "of NaN": _head(lambda head: head * float("nan")),
        "of infinity": _head(lambda head: head / 0),
        "of one number": _head(lambda head: head[0, 0]),
        "of three axes": _head(lambda head: head[None]),
        "of booleans": _head(lambda head: head > 0),
        "far too long": _head(lambda head: head * 1e36),
        "in another file": replaced("zoo.toml", f"heads.safetensors#{BAD}", f"other.safetensors#{BAD}"),
        "in a text": replaced("zoo.toml", f"heads.safetensors#{BAD}", f"zoo.toml#{BAD}"),
        "of another key": replaced("zoo.toml", f"heads.safetensors#{BAD}", "heads.safetensors#none"),
    }.items()
]


def pictures(
    content: bytes, name: str = "b.png", *, edit: Callable[[Path], Any] = lambda folder: None
) -> Change:
    """A folder of sound pictures, with one more file among them."""

    def change(zoo: Path) -> None:
        (zoo / VAL).unlink()
        for number, one in enumerate(CLASSES):
            (zoo / VAL / one).mkdir(parents=True)
            Image.new("RGB", (16, 16), (90 * number, 0, 0)).save(zoo / VAL / one / "a.png")
        if content:
            (zoo / VAL / CLASSES[0] / name).write_bytes(content)
        edit(zoo / VAL)

    return change


def _encoded(image: Image.Image, form: str = "PNG") -> bytes:
    file = io.BytesIO()
    image.save(file, form)
    return file.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 2) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + _chunk(b"IEND", b"")


_BOMB = zlib.compress(bytes(200_000_000))
_NOISE = _encoded(Image.effect_noise((64, 64), 60), "JPEG")
PICTURES = (
    [
        _costs(f"a picture of {what}", pictures(content, name))
        for what, content, name in (
            ("nothing", b"\x00", "b.png"),
            ("text", b"hello", "b.png"),
            ("a web page", b"<html></html>", "b.jpg"),
            ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "b.png"),
            ("PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(touch ran) run\n", "b.png"),
            ("PostScript by name", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "b.jpg"),
            ("a PDF", b"%PDF-1.7\n", "b.png"),
            ("WMF", b"\xd7\xcd\xc6\x9a" + bytes(100), "b.png"),
            ("a pickle", b"\x80\x02}.", "b.png"),
            ("an ELF", b"\x7fELF" + bytes(100), "b.png"),
            ("a header alone", b"\x89PNG\r\n\x1a\n", "b.png"),
            ("no size", _png(0, 0), "b.png"),
            ("a billion pixels", _png(40_000, 40_000), "b.png"),
            ("no data", _png(16, 16), "b.png"),
            ("data that ends", _png(16, 16, _chunk(b"IDAT", zlib.compress(bytes(20)))), "b.png"),
            ("a profile that is a bomb", _png(16, 16, _chunk(b"iCCP", b"x\x00\x00" + _BOMB)), "b.png"),
            ("a text that is a bomb", _png(16, 16, _chunk(b"zTXt", b"x\x00\x00" + _BOMB)), "b.png"),
            ("data that is no deflate", _png(16, 16, _chunk(b"IDAT", b"hello")), "b.png"),
            ("a JPEG cut short", _NOISE[:-400], "b.jpg"),
            ("a JPEG's header", _NOISE[:200], "b.jpg"),
            ("a GIF without frames", b"GIF89a\x10\x00\x10\x00\x00\x00\x00;", "b.gif"),
            ("a TIFF that points at itself", b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00", "b.tif"),
            ("a BMP of no size", b"BM" + bytes(60), "b.bmp"),
            ("a WebP of nothing", b"RIFF\x04\x00\x00\x00WEBP", "b.webp"),
            ("floats without a range", _encoded(Image.new("F", (16, 16), 3.5), "TIFF"), "b.tif"),
            ("32-bit integers", _encoded(Image.new("I", (16, 16), 70_000), "TIFF"), "b.tif"),
        )
    ]
    + [
        Input(f"a folder with {what}", pictures(content, name), outcome="accepted", command=EVALUATE)
        for what, content, name in (
            ("a list of labels", b"a.png 0\n", "labels.txt"),
            ("what a Mac leaves", b"\x00\x05\x16\x07", "._a.png"),
            ("what Windows leaves", b"\xd0\xcf\x11\xe0", "Thumbs.db"),
            ("a hidden file", b"x", ".DS_Store"),
            ("16 bits", _encoded(Image.new("I;16", (16, 16), 40_000)), "b.png"),
            ("gray", _encoded(Image.new("L", (16, 16), 9)), "b.png"),
            ("alpha", _encoded(Image.new("RGBA", (16, 16))), "b.png"),
            ("one pixel", _encoded(Image.new("RGB", (1, 1))), "b.png"),
            ("2000 x 2", _encoded(Image.new("RGB", (2000, 2))), "b.png"),
            ("CMYK", _encoded(Image.new("CMYK", (16, 16)), "JPEG"), "b.jpg"),
            ("a palette", _encoded(Image.new("P", (16, 16))), "b.png"),
            ("one bit", _encoded(Image.new("1", (16, 16))), "b.png"),
        )
    ]
    + [
        _costs(f"a folder {what}", pictures(b"", edit=edit))
        for what, edit in {
            "with one class more": lambda folder: (folder / "more").mkdir(),
            "with one class less": lambda folder: (
                (folder / CLASSES[0] / "a.png").unlink(),
                (folder / CLASSES[0]).rmdir(),
            ),
            "of links upwards": lambda folder: (folder / CLASSES[0] / "b.png").symlink_to("/etc/passwd"),
            "with a class that is a link away": lambda folder: (
                (folder / CLASSES[0] / "a.png").unlink(),
                (folder / CLASSES[0]).rmdir(),
                (folder / CLASSES[0]).symlink_to("/etc"),
            ),
            "with a class that is a link to itself": lambda folder: (
                (folder / CLASSES[0] / "a.png").unlink(),
                (folder / CLASSES[0]).rmdir(),
                (folder / CLASSES[0]).symlink_to(CLASSES[0]),
            ),
            "without a picture": lambda folder: [(folder / one / "a.png").unlink() for one in CLASSES],
        }.items()
    ]
)
INPUTS = (*SETS, *READ_TOO, *HEADS, *PICTURES)
