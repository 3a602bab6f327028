"""Pictures in files: the formats read, and every kind of pixel as 8 bits a channel or refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor
from torchvision.transforms.functional import pil_to_tensor

from app.errors import ZooError
from cache.regular_files import open_regular

Resize = Callable[[Image.Image], Image.Image]

FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
"""Formats that are tried; others stay closed, for a file may claim one whose reader starts a program."""

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
        ZooError: It is no picture in a format read here, or its numbers have no known range.
    """
    with _opened(path) as image:
        try:
            image.load()
        except Exception as error:  # a decoder raises anything on a damaged file
            raise _unreadable(path, error) from error
        return as_pixels(_with_eight_bits(image, path), resize)


def require_picture(path: Path) -> None:
    """Check a picture's header; nothing is decoded.

    Raises:
        FileError: The file cannot be opened.
        ZooError: It is no picture in a format read here.
    """
    with _opened(path):
        pass


def as_pixels(image: Image.Image, resize: Resize) -> Tensor:
    """Resize to what the encoder takes, uint8 (3, H, W)."""
    pixels: Tensor = pil_to_tensor(resize(image))
    return pixels


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    with open_regular(path) as file:
        try:
            image = Image.open(file, formats=FORMATS)
        except Exception as error:  # a reader raises anything on a header that lies
            raise _unreadable(path, error) from error
        with image:
            yield image


def _unreadable(path: Path, error: Exception) -> ZooError:
    reason = str(error) or type(error).__name__
    return ZooError(f"'{path}' cannot be read as an image: {reason}. Formats read: {', '.join(FORMATS)}.")


def _with_eight_bits(image: Image.Image, path: Path) -> Image.Image:
    """The same picture with 8 bits a channel; Pillow itself would clip 16 bits at 255."""
    is_wide = image.mode in _SIXTEEN_BITS or (image.mode == "I" and image.format in _WIDENED)
    if is_wide:
        values = np.asarray(image).astype(np.int64)
        if values.min() >= 0 and values.max() <= 65535:
            return Image.fromarray(((values + 128) // 257).astype(np.uint8))  # 65535 is 255, rounded
    if is_wide or image.mode.startswith(("I", "F")):
        kind = "floating point" if image.mode.startswith("F") else "integer"
        raise ZooError(
            f"'{path}' holds {kind} numbers whose range the file does not state (Pillow's mode "
            f"'{image.mode}'); save it with 8 or 16 bits a channel."
        )
    return image
