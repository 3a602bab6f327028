"""A recipe as text: YAML for files, one compact word for the address bar."""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import AnalysisError
from analysis.merge.recipe import Recipe
from app.words.yaml_reader import read_yaml
from cache.regular_files import read_text

MAX_TEXT = 64 * 1024
"""Longest recipe read, characters; a curve over 200 layers takes a few thousand."""

MAX_BYTES = 1_000_000
"""Largest recipe file opened."""

_DAMAGED = "The link's recipe is damaged; ask for the link again."


def recipe_to_yaml(recipe: Recipe) -> str:
    """The recipe as YAML, defaults filled in."""
    text: str = yaml.safe_dump(recipe.to_mapping(), sort_keys=False, allow_unicode=True)
    return text


def recipe_from_yaml(text: str, *, tasks: Sequence[str]) -> Recipe:
    """Read a recipe file.

    Raises:
        AnalysisError: The text is not YAML, too long, or not a recipe of this zoo.
    """
    if len(text) > MAX_TEXT:
        raise AnalysisError(f"The recipe is {len(text)} characters long; at most {MAX_TEXT} are read.")
    return Recipe.from_mapping(read_yaml(text), tasks=tasks)


def read_recipe_file(path: Path, *, tasks: Sequence[str]) -> Recipe:
    """Read a recipe from a file.

    Raises:
        FileError: The file cannot be read.
        AnalysisError: It holds no recipe of this zoo.
    """
    return recipe_from_yaml(read_text(path, limit=MAX_BYTES), tasks=tasks)


def recipe_to_link(recipe: Recipe) -> str:
    """The recipe as one word of letters, digits, '-' and '_', for an address."""
    packed = zlib.compress(json.dumps(recipe.to_mapping(), separators=(",", ":")).encode(), level=9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def recipe_from_link(word: str, *, tasks: Sequence[str]) -> Recipe:
    """Read a recipe out of an address.

    Raises:
        AnalysisError: The word is damaged, or not a recipe of this zoo.
    """
    if len(word) > MAX_TEXT:
        raise AnalysisError(f"The link's recipe is {len(word)} characters long; at most {MAX_TEXT} are read.")
    try:
        packed = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        # A bound on what is unpacked: a few bytes must not become gigabytes.
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(packed, MAX_TEXT)
        data: Any = json.loads(text)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise AnalysisError(_DAMAGED) from error
    if not unpacking.eof:  # the check sum comes last: without it nothing was verified
        raise AnalysisError(_DAMAGED)
    return Recipe.from_mapping(data, tasks=tasks)
