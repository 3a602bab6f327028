"""Headers of many pictures: which cannot be read, and how many are stored turned."""

from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.listing import few
from app.errors import UnreadablePictureError
from app.zoo.images.pictures import header

CHECKED = 2000
"""Pictures, evenly spread, whose headers are read when they are opened."""

_NAMED = 3


def header_notes(
    files: Sequence[Path], *, leaves_out_unreadable: bool, check: Callable[[], None]
) -> tuple[str, ...]:
    """Read the headers of up to `CHECKED` pictures; decoding comes later.

    Args:
        files: The pictures.
        leaves_out_unreadable: Whether those that cannot be read will be left out.
        check: Called before each; raises to stop.

    Returns:
        What may be wrong with them, each in half a sentence.

    Raises:
        FileError: A picture cannot be opened.
        UnreadablePictureError: One or more are no pictures, and are not to be left out.
    """
    looked_at = files[:: max(1, len(files) // CHECKED)]
    unreadable: list[UnreadablePictureError] = []
    n_turned = 0
    for file in looked_at:
        check()
        try:
            n_turned += header(file).is_turned
        except UnreadablePictureError as error:
            unreadable.append(error)
    if unreadable and not leaves_out_unreadable:
        raise _all_of(unreadable)
    if not n_turned:
        return ()
    return (
        f"{n_turned} of {len(looked_at)} pictures are stored turned (EXIF) and are taken as they are stored, "
        "which is what open_clip does",
    )


def left_out(pictures: Sequence[str], n: int) -> str:
    """That some of n pictures cannot be read, as half a sentence."""
    return f"{len(pictures)} of {n} pictures cannot be read and are left out ({few(pictures, _NAMED)})"


def _all_of(errors: Sequence[UnreadablePictureError]) -> UnreadablePictureError:
    first, *others = errors
    if not others:
        return first
    names = [error.picture for error in errors]
    return UnreadablePictureError(
        f"{first} So it is with {len(errors)}: {few(names, _NAMED)}.", first.picture
    )
