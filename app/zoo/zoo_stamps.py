"""Stamps of the files that a zoo names: equal while nothing in them was written."""

from contextlib import suppress
from pathlib import Path

from app.errors import USER_ERRORS
from app.zoo.head_reference import head_parts
from app.zoo.images.table_of_files import TABLES, listed_files
from app.zoo.zoo_file import ZooFile
from cache.fingerprints import combined, file_fingerprint
from cache.shipped import FILE


def files_stamp(file: ZooFile) -> str:
    """Of the size and time of every file and folder a zoo names."""
    sources = [source for entry in file.evaluated for source in entry.eval_sets.values()]
    heads = [entry.head_file for entry in file.evaluated if entry.head_file]
    model = [file.encoder.model] if file.encoder and isinstance(file.encoder.model, Path) else []
    named = [
        file.folder / "zoo.toml",
        file.folder / FILE,
        file.base_checkpoint,
        *(task.checkpoint for task in file.tasks),
    ]
    paths = {*named, *model, *heads, *(head_parts(source)[0] for source in sources)}
    within = (inner for path in paths for inner in (path, *path.glob("*"), *_images(path)))
    return combined({str(path): _stamp(path) for path in sorted(within) if path.exists()})


def _stamp(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def source_fingerprint(source: str) -> object:
    """Content of a file; names and sizes of images in a folder or a table; the name of a torchvision set."""
    path, _ = head_parts(source)
    if path.is_dir():
        return [[str(image.relative_to(path)), image.stat().st_size] for image in _images(path)]
    if not path.is_file():
        return source
    if path.suffix in TABLES:
        with suppress(*USER_ERRORS):  # a table that cannot be read costs its task, which says why
            listed = [image for image in listed_files(path) if image.is_file()]
            return [file_fingerprint(path), [image.stat().st_size for image in listed]]
    return file_fingerprint(path)


def _images(path: Path) -> list[Path]:
    """Files in a folder and below it, sorted; none if the path is a file."""
    return sorted(file for file in path.glob("**/*") if file.is_file())
