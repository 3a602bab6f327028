"""Models in the layouts that people hold, with what each of their task vectors must be.

The cases lie outside of the repository, made with the libraries themselves: one folder each, with an
`expect.json` that gives base, tasks, the norm of every task vector by tensor, or the words of a refusal.
TAUSCOPE_FORMATS names the folder of the cases; a new case needs no code.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from app.errors import USER_ERRORS
from app.work.jobs import JobContext
from app.zoo.building.proposal import proposal
from app.zoo.opening import ZooWeights, zoo_weights
from app.zoo.zoo_file import read_zoo_file
from tests.weights_on_disk import toml_string

_CASES = Path(os.environ.get("TAUSCOPE_FORMATS", "nowhere"))


def cases() -> Iterator[Any]:
    """Every task of cases whose tasks stand alone, and else every case."""
    for file in sorted(_CASES.glob("*/expect.json")):
        expected = json.loads(file.read_text())
        files = expected.get("files")
        if not isinstance(files, dict) or "base" not in files:
            continue
        tasks = files.get("tasks") or files.get("adapters") or {}
        if expected.get("wrappings"):
            tasks = {name: name for name in expected["wrappings"]}
        tasks = {name: path for name, path in tasks.items() if path}
        is_alone = expected["outcome"] != "open" or expected.get("wrappings")
        groups = [{name: path} for name, path in tasks.items()] if is_alone else [tasks]
        for group in groups:
            name = f"{file.parent.name}-{next(iter(group), '')}" if is_alone else file.parent.name
            yield pytest.param(file.parent, expected, group, id=name)


def opened(zoo: Path, case: Path, base: str, tasks: dict[str, str]) -> ZooWeights:
    """A zoo of a case's models, named where they lie; those in a cache of the Hub by their names there."""
    is_cached = (case / "hub").is_dir()

    def path(written: str) -> str:
        return toml_string(f"hf:{written}" if is_cached else str(case / written))

    text = f"name = 'A'\n[base]\ncheckpoint = {path(base)}\n"
    for name, written in tasks.items():
        text += f"[[tasks]]\nname = {toml_string(name)}\ncheckpoint = {path(written)}\n"
    (zoo / "zoo.toml").write_text(text)
    return zoo_weights(read_zoo_file(zoo, roots=[case]), JobContext(), device=torch.device("cpu"))


def updates(zoo: ZooWeights, task: str) -> dict[str, Tensor]:
    """A task vector by canonical names, and by those of the base's files."""
    vectors = zoo.task_vectors
    row = vectors.deltas[vectors.tasks.index(task)]
    found: dict[str, Tensor] = {}
    for name in vectors.layout.by_name:
        view = vectors.layout.view(row, name)
        found |= zoo.base.entries[name].as_stored(view) | {name: view}
    return found


def known_as(name: str, found: dict[str, Tensor]) -> Tensor | None:
    """A tensor under its name, or under the one it has with a prefix more or less."""
    if name in found:
        return found[name]
    return next(
        (one for other, one in found.items() if name.endswith(f".{other}") or other.endswith(f".{name}")),
        None,
    )


def is_tied(tensor: dict[str, Any], tensors: list[dict[str, Any]]) -> bool:
    """Whether another line is about the same values of the base."""
    return len([one for one in tensors if one.get("base") == tensor.get("base")]) > 1


def is_copied_cache(case: Path) -> bool:
    """Whether a cache's links became small files, as some ways to copy a folder make of them."""
    return any(not file.is_symlink() for file in case.glob("hub/*/snapshots/*/*"))


@pytest.mark.skipif(not _CASES.is_dir(), reason="TAUSCOPE_FORMATS names no folder of cases")
@pytest.mark.parametrize(("case", "expected", "tasks"), list(cases()))
def test_every_case_opens_to_its_numbers_or_is_refused_in_its_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    case: Path,
    expected: dict[str, Any],
    tasks: dict[str, str],
) -> None:
    if is_copied_cache(case):
        pytest.skip("the links of this cache were lost when it was copied")
    monkeypatch.setenv("HF_HUB_CACHE", str(case / "hub"))
    must_say = expected.get("must_say", [])
    words = must_say if isinstance(must_say, list) else must_say.get(next(iter(tasks), ""), [])
    told = expected.get("wrappings", {}).get(next(iter(tasks), ""), {})
    outcome = told.get("outcome", expected["outcome"])
    try:
        zoo = opened(tmp_path, case, expected["files"]["base"], tasks)
    except USER_ERRORS as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert outcome != "open", refusal
        assert all(word.lower() in refusal.lower() for word in words)
        return
    if outcome == "refuse":  # better than asked for, if it is said what was taken
        notes = " ".join(note for facts in zoo.checkpoints for note in facts.notes)
        assert told.get("must_say")
        assert all(word in notes for word in told["must_say"])
    for task in tasks:
        found = updates(zoo, task)
        for tensor in expected["tensors"]:
            stated = (tensor.get("tau") or {}).get(task)
            if stated is None:
                continue
            update = known_as(tensor["name"], found)
            if update is None and is_tied(tensor, expected["tensors"]):
                continue  # counted under the other name, which has a line of its own
            assert update is not None, tensor["name"]
            assert float(update.double().norm()) == pytest.approx(stated["l2"], rel=1e-5, abs=1e-7)


def pools() -> Iterator[Any]:
    """Every model pool of a case, with what is expected of it."""
    for file in sorted(_CASES.glob("*/expect.json")):
        for name, told in json.loads(file.read_text()).get("modelpools", {}).items():
            yield pytest.param(file.parent, file.parent / "modelpool" / name, told, id=name)


@pytest.mark.skipif(not _CASES.is_dir(), reason="TAUSCOPE_FORMATS names no folder of cases")
@pytest.mark.parametrize(("case", "path", "told"), list(pools()))
def test_every_pool_is_read_or_refused_in_its_words(case: Path, path: Path, told: dict[str, Any]) -> None:
    refusal = ""
    try:
        found = proposal(path)
    except USER_ERRORS as error:
        refusal = str(error)
    if refusal:
        assert told["outcome"] != "open", refusal
        assert all(word in refusal for word in told.get("must_say", []))
        return
    assert found.parts is not None
    if told["outcome"] == "refuse":  # the rest is taken, if it is said what is not
        assert all(word in " ".join(found.files.aside.values()) for word in told["must_say"])
        return
    assert found.files.root == case
    assert not found.refused
    assert str(found.parts.base) == told["base"]
    tasks = found.parts.tasks
    assert {task.name: str(task.checkpoint) for task in tasks} == told.get("tasks", told.get("adapters"))
    assert {task.name: task.head for task in tasks if task.head} == told.get("heads", {})
    assert {task.name: str(path) for task in tasks for path in task.images.values()} == told.get("test", {})
