"""Models in Hugging Face's cache on this machine, by the names they have on the Hub."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import ZooError
from cache.errors import FileError
from cache.regular_files import read_text, resolved

_REFERENCE = re.compile(r"hf:([\w.-]+/[\w.-]+)(?:@([\w./-]+))?")
_MAIN = "main"
_MOST_BYTES = 1000
"""Of a file that names a revision."""


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model that was downloaded before."""

    cache: Path
    """Folder of the cache, in which the model's links lead."""
    snapshot: Path
    """Folder with the model's files."""


def hub_model(reference: str, environment: Mapping[str, str] = os.environ) -> HubModel | None:
    """Where a model lies that is written as `hf:organisation/name` or `hf:organisation/name@revision`.

    Args:
        reference: As `zoo.toml` writes it.
        environment: Variables that place the cache.

    Returns:
        None for anything that is no such reference.

    Raises:
        ZooError: The reference is no name of a model, or the model is not in the cache.
    """
    if not reference.startswith("hf:"):
        return None
    name, revision = hub_reference(reference)
    cache = resolved(hub_cache(environment))
    folder = cache / f"models--{name.replace('/', '--')}"
    snapshot = _snapshot(folder, revision)
    if snapshot is None:
        raise ZooError(
            f"'{reference}' is not in Hugging Face's cache at '{cache}'; fetch it with: "
            f"python -m app download {reference}"
        )
    return HubModel(cache, snapshot)


def hub_reference(reference: str) -> tuple[str, str]:
    """Name and revision of a model that is written as `hf:organisation/name` or with `@revision` behind it.

    Raises:
        ZooError: It is no such reference.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None or ".." in reference:
        raise ZooError(
            f"'{reference}' is no model of the Hugging Face Hub; write hf:organisation/name, or "
            "hf:organisation/name@revision."
        )
    return found[1], found[2] or _MAIN


def hub_cache(environment: Mapping[str, str]) -> Path:
    """Folder of the cache, where huggingface_hub keeps it under these variables."""
    if given := environment.get("HF_HUB_CACHE") or environment.get("HUGGINGFACE_HUB_CACHE"):
        return Path(given).expanduser()
    home = environment.get("HF_HOME")
    data = environment.get("XDG_CACHE_HOME") or "~/.cache"
    return (Path(home) if home else Path(data) / "huggingface").expanduser() / "hub"


def _snapshot(folder: Path, revision: str) -> Path | None:
    """The folder of a branch, a tag or a commit; the beginning of a commit's name is enough."""
    with suppress(FileError):  # else it is a commit's own name
        revision = read_text(folder / "refs" / revision, limit=_MOST_BYTES).strip()
    snapshots = folder / "snapshots"
    every = sorted(snapshots.glob("*"))
    fitting = [entry for entry in every if revision and entry.name.startswith(revision)]
    if not fitting and revision == _MAIN:
        fitting = every  # one alone needs no branch
    return fitting[0] if len(fitting) == 1 else None
