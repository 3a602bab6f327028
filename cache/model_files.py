"""Files of one model: a file, a folder as Hugging Face writes it, or the index of several files."""

from dataclasses import dataclass
from pathlib import Path

from cache.errors import FileError, MissingFileError
from cache.listing import few_quoted
from cache.recognised.shards import parts_of
from cache.regular_files import read_text, unreadable

_INDEX = ".index.json"
_USUAL = (
    *("model.safetensors", "model.safetensors.index.json", "open_clip_model.safetensors"),
    *("adapter_model.safetensors", "pytorch_model.bin", "pytorch_model.bin.index.json"),
    *("open_clip_pytorch_model.bin", "adapter_model.bin"),
)
"""Names of a folder's weights, the first one present being read."""
_ENDINGS = (".safetensors", ".bin", ".pt", ".pth", ".ckpt")
_BESIDE = ("optimizer", "scheduler", "rng_state", "scaler", "training_args", "trainer_state")
"""Beginnings of what trainers keep beside a model's weights."""
_MOST_BYTES = 1000
"""Of a file that names a revision."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where one model's tensors lie."""

    paths: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    """Which were taken and which left aside, as sentences."""


def model_files(path: Path) -> ModelFiles:
    """Files that hold a model's tensors; none is opened but an index.

    Args:
        path: A file, a folder, or the index of a model in several files.

    Raises:
        FileError: A folder holds no weights, or several sets of them and nothing that says which; or a part
            that an index lists is missing.
    """
    if path.name.endswith(_INDEX):
        return ModelFiles(_listed(path))
    try:
        return _of_folder(_snapshot(path)) if path.is_dir() else ModelFiles((path,))
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def _of_folder(folder: Path) -> ModelFiles:
    names = sorted(entry.name for entry in folder.iterdir() if not entry.is_dir())
    weights = [name for name in names if name.endswith(_ENDINGS) and not name.startswith(_BESIDE)]
    indices = [name for name in names if name.endswith(_INDEX) and parts_of(folder / name)]
    taken = next((name for name in _USUAL if name in (*weights, *indices)), None)
    if taken is None and len(indices or weights) == 1:
        (taken,) = indices or weights
    if taken is None:
        several = f"several files of weights ({few_quoted(weights)}); name one of them"
        raise FileError(f"'{folder}' holds {several if weights else _none(folder)}.")
    paths = _listed(folder / taken) if taken in indices else (folder / taken,)
    aside = [name for name in weights if name not in {path.name for path in paths}]
    if not aside:
        return ModelFiles(paths)
    note = f"Weights were read from '{taken}', and not from {few_quoted(aside)} beside it."
    return ModelFiles(paths, (note,))


def _none(folder: Path) -> str:
    inside = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
    which = f"; name the one that holds the model, such as '{inside[0]}'" if inside else ""
    return f"no weights (no file that ends in {', '.join(_ENDINGS)}){which}"


def _listed(index: Path) -> tuple[Path, ...]:
    """Files that an index lists, all of them there."""
    parts = parts_of(index)
    if not parts:
        raise FileError(f"'{index}' is not the index of a model in several files: it lists none.")
    for name in parts:
        if Path(name).name != name:
            raise FileError(f"'{index}' lists '{name}', which lies in another folder; only its own is read.")
        if not (index.parent / name).exists():
            raise MissingFileError(
                f"'{index.parent}' lacks '{name}', one of the {len(parts)} files that '{index.name}' lists; "
                "download it."
            )
    return tuple(index.parent / name for name in parts)


def _snapshot(folder: Path) -> Path:
    """The folder itself, or the snapshot that is current where it is a model in Hugging Face's cache."""
    snapshots = folder / "snapshots"
    if not snapshots.is_dir():
        return folder
    found = sorted(entry for entry in snapshots.iterdir() if entry.is_dir())
    try:
        main = read_text(folder / "refs" / "main", limit=_MOST_BYTES).strip()
    except FileError:
        main = ""
    current = [entry for entry in found if entry.name == main] or found
    if len(current) == 1:
        return current[0]
    raise FileError(
        f"'{folder}' holds {len(found)} snapshots and refs/main names none of them; name one of the folders "
        "in 'snapshots'."
    )
