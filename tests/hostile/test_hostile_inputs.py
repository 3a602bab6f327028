"""Every hostile input ends in one sentence, a few seconds and little memory, and leaves nothing behind."""

import json
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile import (
    archive_inputs,
    device_inputs,
    encoder_inputs,
    evaluation_inputs,
    pickle_inputs,
    recipe_inputs,
    safetensors_inputs,
    toml_inputs,
)
from tests.hostile.forked import Forked, Reading, forked
from tests.hostile.inputs import BAD, Input
from tests.zoo_on_disk import write_zoo

GROUPS = {
    "safetensors": safetensors_inputs.INPUTS,
    "pickle": pickle_inputs.INPUTS,
    "archive": archive_inputs.INPUTS,
    "toml": toml_inputs.INPUTS,
    "encoder": encoder_inputs.INPUTS,
    "evaluation": evaluation_inputs.INPUTS,
    "device": device_inputs.INPUTS,
    "recipe": recipe_inputs.INPUTS,
}
CASES = [
    pytest.param(one, id=f"{group}: {one.name}".encode("unicode_escape").decode()[:90])
    for group, inputs in GROUPS.items()
    for one in inputs
]
_LONGEST = 700
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Directions that turn the text behind them around."""
_SECONDS, _BYTES = 10, 500_000_000


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zoo without a fault, from which each input is made."""
    folder = write_zoo(tmp_path_factory.mktemp("hostile") / "zoo", controls=["letters"])
    (folder / "recipe.yaml").write_text("scaling: 0.4\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forked]:
    """Commands in processes of their own."""
    with forked(tmp_path_factory.mktemp("forked")) as commands:
        yield commands


@pytest.mark.parametrize("given", CASES)
def test_input_ends_in_one_sentence_and_leaves_nothing_behind(given, sound, run, tmp_path):
    zoo, out = tmp_path / "zoo", tmp_path / "out"
    shutil.copytree(sound, zoo)
    out.mkdir()
    given.change(zoo)
    before = _tree(tmp_path)

    reading = run([part.format(zoo=zoo, out=out) for part in given.command])

    _CHECKS[given.outcome](given, reading)
    assert reading.seconds < _SECONDS
    assert reading.n_bytes < _BYTES
    wrote = _tree(tmp_path) - before
    assert not wrote or (
        given.outcome == "accepted" and {name for name, *_ in wrote} == {"out/merged.safetensors"}
    )
    assert not before - _tree(tmp_path)


def test_there_are_as_many_inputs_as_promised_each_with_a_name():
    names = Counter((group, one.name) for group, inputs in GROUPS.items() for one in inputs)

    assert names.total() >= 600
    assert names.most_common(1)[0][1] == 1


def _refused(given: Input, reading: Reading) -> None:
    assert reading.exit_code == 2, _ended(reading)
    assert reading.out == ""
    *others, error = reading.err.splitlines()
    assert error.startswith(("Error: ", "Usage: "))
    assert all(line.startswith(("Warning: ", "Note: ")) for line in others), _ended(reading)
    _require_sentence(error)
    assert given.says in error, error


def _accepted(given: Input, reading: Reading) -> None:
    assert reading.exit_code == 0, _ended(reading)
    lines = reading.err.splitlines()
    assert all(line.startswith(("Warning: ", "Note: ")) for line in lines), _ended(reading)
    for line in lines:
        _require_sentence(line)
    assert given.says in reading.err + reading.out


def _costs_its_task(given: Input, reading: Reading) -> None:
    _accepted(given, reading)
    text = reading.out + reading.err
    if given.command[0] == "evaluate":
        skipped = json.loads(reading.out)["skipped"]
        assert [one["task"] for one in skipped] == [BAD]
        text = skipped[0]["reason"]
        _require_sentence(text)
    assert given.says in text


_CHECKS = {"refused": _refused, "accepted": _accepted, "costs its task": _costs_its_task}


def _require_sentence(line: str) -> None:
    assert "Traceback" not in line
    assert "Unexpected" not in line
    assert "Warning: " not in line[9:]
    assert len(line) <= _LONGEST, f"{len(line)} characters"
    odd = {one for one in line if unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"}}
    assert not odd | {one for one in line if unicodedata.bidirectional(one) in _TURNING}, ascii(line)


def _ended(reading: Reading) -> str:
    return f"exit {reading.exit_code}, {reading.seconds:.1f} s: {reading.out[-500:]} {reading.err[-3000:]}"


def _tree(folder: Path) -> set[tuple[str, int, int, int]]:
    """Everything in a folder: its name, kind, size and time of change."""
    found = set()
    for path in folder.rglob("*"):
        status = path.lstat()
        is_file = path.is_file() and not path.is_symlink()
        size, time = (status.st_size, status.st_mtime_ns) if is_file else (0, 0)
        found.add((str(path.relative_to(folder)), status.st_mode, size, time))
    return found
