"""Sound files with random damage: every reader refuses what it cannot read, and raises nothing else."""

import random
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest
import torch
from safetensors.torch import save_file

from analysis.merge.recipe import Recipe
from app.errors import USER_ERRORS
from app.words.recipe_text import recipe_from_yaml
from app.zoo.zoo_file import read_zoo_file
from cache.checkpoints import open_checkpoint
from tests.zoo_on_disk import write_zoo

pytestmark = pytest.mark.slow

N_FILES = 3_000
SECONDS = 5
_PIECES = (
    b"\x00",
    b"\xff",
    b"{",
    b"}",
    b"[",
    b'"',
    b"'",
    b"\n",
    b"-1",
    b"99999999999999999999",
    b"nan",
    b".",
    b"(",
    b"R",
    b"\x80",
)


def damaged(content: bytes, draw: random.Random) -> bytes:
    """The content with a few bytes turned, cut out, doubled, exchanged, or put in."""
    data = bytearray(content)
    for _ in range(draw.choice((1, 1, 2, 4, 16))):
        at = draw.randrange(len(data) + 1)
        length = draw.choice((1, 1, 2, 8, 64))
        match draw.randrange(6):
            case 0 if at < len(data):
                data[at] ^= 1 << draw.randrange(8)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length] * draw.choice((1, 2, 50))
            case 3:
                data[at:at] = draw.choice(_PIECES)
            case 4:
                data[at : at + length] = draw.randbytes(length)
            case 5:
                other = draw.randrange(len(data) + 1)
                data[at : at + length] = data[other : other + length]
    return bytes(data)


def _read_recipe(path: Path) -> Recipe:
    return recipe_from_yaml(path.read_text(encoding="utf-8", errors="replace"), tasks=("deep", "shallow"))


def _state_dict(path: Path) -> None:
    inner = {"model.visual.proj": torch.zeros(2, 3), "model.ln.bias": torch.ones(3).half()}
    torch.save({"state_dict": inner, "epoch": 3, "args": {"lr": 1e-3}, "path": Path("a")}, path)


def _safetensors(path: Path) -> None:
    save_file({"visual.proj": torch.zeros(2, 3), "steps": torch.arange(2)}, path, {"format": "pt"})


def _recipe(path: Path) -> None:
    path.write_text(
        "method: ties\nparams: {density: 0.2}\nlines: {alpha: auto, beta: 0.6}\nweights: {deep: 1.0}\n"
    )


def _zoo(path: Path) -> None:
    write_zoo(path.parent, controls=["letters"], expected={"zeroshot": 0.5})


@pytest.mark.parametrize(
    ("name", "make", "read"),
    [
        ("sound.safetensors", _safetensors, open_checkpoint),
        ("sound.pt", _state_dict, open_checkpoint),
        ("recipe.yaml", _recipe, _read_recipe),
        ("zoo.toml", _zoo, read_zoo_file),
    ],
    ids=["safetensors", "pickle", "recipe", "zoo"],
)
def test_damage_is_refused_in_a_sentence_or_does_no_harm(
    tmp_path: Path, name: str, make: Callable[[Path], None], read: Callable[[Path], object]
) -> None:
    path = tmp_path / name
    make(path)
    sound, draw = path.read_bytes(), random.Random(0)
    read(path)
    refused = 0
    for _ in range(N_FILES):
        content = damaged(sound, draw)
        path.write_bytes(content)
        begin = process_time()
        try:
            read(path)
        except USER_ERRORS:
            refused += 1
        except Exception as error:
            raise AssertionError(f"{error!r} of {content!r}") from error
        assert process_time() - begin < SECONDS, content
    assert refused > N_FILES / 3
