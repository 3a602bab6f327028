"""Images in Parquet files as the Hugging Face Hub keeps them: encoded pictures beside labels."""

import glob
import json
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from PIL import Image

from analysis.listing import few
from app.errors import ZooError
from app.words.plain_text import sentence_of
from app.zoo.images.labelled import Labelled
from app.zoo.images.pictures import grey_or_colour, picture_from
from cache.regular_files import require_regular

_SPLITS = {"val": ("val", "valid", "validation", "dev"), "test": ("test",), "train": ("train",)}
_PLACES = ("*.parquet", "data/*.parquet")
_SHARD = re.compile(r"(.+)-(\d+)-of-(\d+)\.parquet")
_LABELS = ("label", "labels", "class", "target")
_PICTURES = re.compile(r"STRUCT\(.*bytes BLOB.*\)|BLOB")
_PIXELS = re.compile(r"U?(?:TINYINT|SMALLINT|INTEGER|BIGINT)(?:\[\d*\]){2,3}")


def parquet_files(path: Path, split: str) -> list[Path]:
    """Files of one split: the file that is named with its other parts, or those of a folder.

    Args:
        path: A file, or a folder with files named by their splits, in it or in its `data`.
        split: "val" or "test".
    """
    if path.is_dir():
        inside = [file for pattern in _PLACES for file in sorted(path.glob(pattern))]
        of_split = {file: _split_of(file) for file in inside}
        named = [file for file, one in of_split.items() if one == split]
        return named or (inside if list(of_split.values()) == [""] else [])
    found = _SHARD.fullmatch(path.name)
    return [path] if found is None else sorted(path.parent.glob(f"{found[1]}-*-of-{found[3]}.parquet"))


def _split_of(file: Path) -> str:
    """The split that a file's name begins with; "" where it begins with none."""
    first = re.split(r"[-_.]", file.stem.lower())[0]
    return next((split for split, words in _SPLITS.items() if first in words), "")


def holds_parquet(folder: Path) -> bool:
    """Whether a folder holds Parquet files, in it or in its `data`."""
    return any(True for pattern in _PLACES for _ in folder.glob(pattern))


def parquet_images(path: Path, split: str, column: str = "") -> Labelled:
    """Read labels and where the pictures are; no picture is decoded.

    Args:
        path: A file or a folder.
        split: "val" or "test".
        column: Of the labels, where there are several.

    Raises:
        FileError: A file cannot be opened.
        ZooError: There is no file of this split, it has no pictures or no labels, or it is damaged.
    """
    files = parquet_files(path, split)
    if not files:
        raise ZooError(f"'{path}' holds no Parquet file of the {split} split; name the file.")
    for file in files:
        require_regular(file)
    try:
        return _Table(path.name, files).labelled(column)
    except duckdb.Error as error:
        raise ZooError(
            f"'{files[0]}' cannot be read as Parquet: {sentence_of(error).rstrip('.')}."
        ) from error


class _Table:
    """Files that follow one another."""

    def __init__(self, name: str, files: Sequence[Path]) -> None:
        self.name = name
        self._files = [glob.escape(str(file)) for file in files]
        described = self._ask("DESCRIBE SELECT * FROM read_parquet($files)", files=self._files)
        self._types = {str(column): str(kind) for column, kind, *_ in described}

    def labelled(self, column: str) -> Labelled:
        pictures = next((one for one, kind in self._types.items() if _is_picture(kind)), None)
        if pictures is None:
            raise ZooError(f"'{self.name}' has no column of images; it has {few(self._types)}.")
        self._pictures = pictures
        features = self._features()
        labels = self._label_column(column, features)
        stated = features.get(labels, {}).get("names")
        found = [
            row[0]
            for row in self._ask(f"SELECT {_quoted(labels)} FROM read_parquet($files)", files=self._files)
        ]
        if any(one is None for one in found):
            raise ZooError(f"'{self.name}' has images without a label in '{labels}'.")
        is_named = isinstance(stated, list) and all(isinstance(one, str) for one in stated)
        names = tuple(stated) if is_named else None
        if names is not None and not all(isinstance(one, int) and 0 <= one < len(names) for one in found):
            raise ZooError(f"'{self.name}' has labels in '{labels}' beyond its {len(names)} classes.")
        return Labelled(self.name, found, names, self._image)

    def _label_column(self, given: str, features: dict[str, Any]) -> str:
        if given:
            if given not in self._types:
                raise ZooError(f"'{self.name}' has no column '{given}'; it has {few(self._types)}.")
            return given
        named = [one for one, what in features.items() if what.get("_type") == "ClassLabel"]
        plain = [one for one in self._types if one.lower() in _LABELS]
        ending = [one for one in self._types if one.lower().endswith("label")]
        found = next((some for some in (plain, named, ending) if some), [])
        if len(found) != 1:
            what = (
                f"several columns of labels ({few(found)})"
                if found
                else f"no column of labels ({few(self._types)})"
            )
            raise ZooError(f"'{self.name}' has {what}; name it behind the file: {self.name}#column.")
        return found[0]

    def _features(self) -> dict[str, Any]:
        """What the Hub's library states about the columns."""
        rows = self._ask(
            "SELECT decode(value) FROM parquet_kv_metadata($file) WHERE decode(key) = 'huggingface'",
            file=self._files[0],
        )
        try:
            found = json.loads(rows[0][0])["info"]["features"] if rows else {}
        except (ValueError, KeyError, TypeError):
            return {}
        return (
            {key: one for key, one in found.items() if isinstance(one, dict)}
            if isinstance(found, dict)
            else {}
        )

    @cached_property
    def _encoded(self) -> list[Any]:
        """Every picture as the file holds it: read once, since single rows cost as much as many."""
        column = _quoted(self._pictures)
        value = f"{column}.bytes" if self._types[self._pictures].startswith("STRUCT") else column
        return [row[0] for row in self._ask(f"SELECT {value} FROM read_parquet($files)", files=self._files)]

    def _image(self, index: int) -> Image.Image:
        value, name = self._encoded[index], f"row {index} of '{self.name}'"
        if isinstance(value, bytes):
            return picture_from(value, name=name)
        pixels = np.asarray(value)
        if (
            value is None
            or pixels.min() < 0
            or pixels.max() > 255
            or pixels.shape[2:] not in ((), (1,), (3,))
        ):
            raise ZooError(f"{name[0].upper()}{name[1:]} holds no picture.")
        return grey_or_colour(pixels.astype(np.uint8))

    @staticmethod
    def _ask(query: str, **given: Any) -> list[tuple[Any, ...]]:
        with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
            return connection.execute(query, given).fetchall()


def _is_picture(kind: str) -> bool:
    return _PICTURES.fullmatch(kind) is not None or _PIXELS.fullmatch(kind) is not None


def _quoted(column: str) -> str:
    """A column's name as SQL takes it, whatever it contains."""
    doubled = column.replace('"', '""')
    return f'"{doubled}"'
