"""Pictures in files: the formats read, and every kind of pixel as 8 bits a channel or refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torchvision.transforms.functional import pil_to_tensor

from app.errors import UnreadablePictureError
from cache.regular_files import open_regular

Resize = Callable[[Image.Image], Image.Image]

FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
"""Formats that are tried; others stay closed, for a file may claim one whose reader starts a program."""

_ORIENTATION = 0x0112
_STATES_ORIENTATION = ("JPEG", "MPO", "WEBP")

_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N")
_WIDENED = ("PNG", "PPM")
"""Formats whose 16-bit values Pillow may give as 32-bit ones."""


def picture_extensions() -> frozenset[str]:
    """Ends of file names that state one of the formats: ".png"."""
    return frozenset(end for end, kind in Image.registered_extensions().items() if kind in FORMATS)


def decoded(path: Path, resize: Resize) -> Tensor:
    """Read a picture and resize it to what the encoder takes.

    Returns:
        Uint8, (3, H, W).

    Raises:
        FileError: The file cannot be opened.
        UnreadablePictureError: It is no picture in a format read here, or its numbers have no known range.
    """
    return as_pixels(picture_in(path), resize)


def picture_in(path: Path) -> Image.Image:
    """Read a picture of a file, with 8 bits a channel.

    Raises:
        FileError: The file cannot be opened.
        UnreadablePictureError: It is no picture in a format read here, or its numbers have no known range.
    """
    with open_regular(path) as file:
        return _picture(file, f"'{path}'")


def picture_from(content: bytes, *, name: str) -> Image.Image:
    """Read a picture that lies in another file, with 8 bits a channel.

    Args:
        content: The picture as a file would hold it.
        name: What it is called in a message.

    Raises:
        UnreadablePictureError: It is no picture in a format read here, or its numbers have no known range.
    """
    return _picture(BytesIO(content), name)


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture's file says before its pixels."""

    is_turned: bool
    """Whether a viewer turns or mirrors it, by EXIF's orientation."""


def header(path: Path) -> Header:
    """Read a picture's header; nothing is decoded.

    Raises:
        FileError: The file cannot be opened.
        UnreadablePictureError: It is no picture in a format read here.
    """
    with open_regular(path) as file, _opened(file, f"'{path}'") as image:
        # Pillow turns a TIFF itself; a PNG states its orientation only after all pixels were decoded.
        turned = image.format in _STATES_ORIENTATION and image.getexif().get(_ORIENTATION, 1) != 1
        return Header(is_turned=turned)


def grey_or_colour(pixels: NDArray[np.uint8]) -> Image.Image:
    """A picture of pixels, (H, W), (H, W, 1) or (H, W, 3)."""
    return Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels)


def as_pixels(image: Image.Image, resize: Resize) -> Tensor:
    """Resize to what the encoder takes, uint8 (3, H, W)."""
    pixels: Tensor = pil_to_tensor(resize(image))
    return pixels


def _picture(file: BinaryIO, name: str) -> Image.Image:
    with _opened(file, name) as image:
        try:
            image.load()
        except Exception as error:  # a decoder raises anything on a damaged file
            raise _unreadable(name, error) from error
        return _with_eight_bits(image, name).copy()


@contextmanager
def _opened(file: BinaryIO, name: str) -> Iterator[Image.Image]:
    try:
        image = Image.open(file, formats=FORMATS)
    except Exception as error:  # a reader raises anything on a header that lies
        raise _unreadable(name, error) from error
    with image:
        yield image


def _unreadable(name: str, error: Exception) -> UnreadablePictureError:
    reason = str(error) or type(error).__name__
    begins = f"{name[0].upper()}{name[1:]}"
    return UnreadablePictureError(
        f"{begins} cannot be read as an image: {reason}. Formats read: {', '.join(FORMATS)}. Replace it, or "
        'leave such pictures out: unreadable = "skip" beside val in zoo.toml.',
        name.strip("'"),
    )


def _with_eight_bits(image: Image.Image, name: str) -> Image.Image:
    """The same picture with 8 bits a channel; Pillow itself would clip 16 bits at 255."""
    is_wide = image.mode in _SIXTEEN_BITS or (image.mode == "I" and image.format in _WIDENED)
    if is_wide:
        values = np.asarray(image).astype(np.int64)
        if values.min() >= 0 and values.max() <= 65535:
            return Image.fromarray(((values + 128) // 257).astype(np.uint8))  # 65535 is 255, rounded
    if is_wide or image.mode.startswith(("I", "F")):
        kind = "floating point" if image.mode.startswith("F") else "integer"
        raise UnreadablePictureError(
            f"{name[0].upper()}{name[1:]} holds {kind} numbers whose range the file does not state (Pillow's "
            f"mode '{image.mode}'); save it with 8 or 16 bits a channel.",
            name.strip("'"),
        )
    return image
