import json
import os

import pytest
import torch
from click.testing import CliRunner

from app.__main__ import commands
from app.words.plain_text import LONGEST_SENTENCE
from tests.app.words.test_plain_text import NAMES, is_harmless
from tests.weights_on_disk import write_weights_zoo

ORDERS = (
    ["inspect"],
    ["measure", "norms"],
    ["measure", "signs"],
    ["measure", "masks"],
    ["measure", "similarity"],
    ["measure", "interference"],
    ["evaluate"],
    ["merge"],
)
NEED_IMAGES = (["measure", "interference"], ["evaluate"])


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("TAUSCOPE_CACHE", str(tmp_path / "store"))
    for name in ("ZOO", "ROOTS", "DATA", "DEVICE"):
        monkeypatch.delenv(f"TAUSCOPE_{name}", raising=False)


def call(*arguments):
    result = CliRunner().invoke(commands, list(map(str, arguments)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def zoo_called(folder, name):
    """A zoo in which everything that can have a name has this one, and a recipe of it."""
    base = {name: torch.zeros(4), "other": torch.zeros(3, dtype=torch.int64)}
    tasks = {task: base | {name: row} for task, row in zip((name, "B"), torch.eye(4), strict=False)}
    write_weights_zoo(folder, base, tasks, name=name)
    (folder / "recipe.yaml").write_text(
        json.dumps({"scaling": 1.0, "weights": {name: 2.0}}), encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_no_name_in_a_zoo_can_steer_the_terminal(tmp_path, order):
    names = [name for name in NAMES if name != "\ud800"]  # neither TOML nor safetensors writes it
    zoo = zoo_called(tmp_path / "zoo", "x".join(names))
    command, *what = order
    recipe = [zoo / "recipe.yaml"] if command in ("evaluate", "merge") else []
    output = ["-o", tmp_path / "out.safetensors"] if command == "merge" else []

    for form in [[], ["--json"], *([["--csv"]] if command == "measure" else [])]:
        if command == "merge" and form:
            continue
        result = call(command, zoo, *what, *recipe, *output, *form)

        assert result.exit_code == (2 if order in NEED_IMAGES else 0), result.stderr
        assert is_harmless(result.stdout + result.stderr)
        if form == ["--json"] and result.stdout:
            assert "\x1b" in json.dumps(json.loads(result.stdout)).encode().decode("unicode_escape")


def is_one_short_line(result):
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert len(result.stderr) <= LONGEST_SENTENCE + len("Error: \n")
    assert is_harmless(result.stdout + result.stderr)
    return result.exit_code == 2


@pytest.mark.parametrize("name", [*NAMES, "x" * 5000, "x y " * 1200])
def test_what_stands_in_a_recipe_is_repeated_on_one_short_line(tmp_path, name):
    zoo, recipe = zoo_called(tmp_path / "zoo", "A"), tmp_path / "recipe.yaml"

    for written in ({"method": name, "scaling": 1}, {"weights": {name: 1}, "scaling": 1}, {name: 1}):
        recipe.write_text(json.dumps(written), encoding="utf-8")
        assert is_one_short_line(call("evaluate", zoo, recipe))


@pytest.mark.parametrize(
    "name", [*sorted(set(NAMES) - {"a\0b", "\ud800"}), "\udcff", "x" * 5000, "x y " * 1200]
)
def test_what_is_typed_is_repeated_on_one_short_line(tmp_path, name):
    zoo = zoo_called(tmp_path / "zoo", "A")

    for arguments in (
        ("inspect", tmp_path / name),
        ("evaluate", zoo, tmp_path / name),
        ("merge", zoo, zoo / "recipe.yaml", "-o", tmp_path / name),
        ("measure", zoo, name),
        (name,),
    ):
        assert is_one_short_line(call(*arguments))


@pytest.mark.parametrize("home", ["~", "$HOME"])
def test_home_folder_is_found_where_the_shell_leaves_it_as_typed(tmp_path, monkeypatch, home):
    monkeypatch.setenv("HOME", str(tmp_path))
    zoo_called(tmp_path / "zoo", "A")

    result = call("merge", f"{home}/zoo", f"{home}/zoo/recipe.yaml", "-o", f"{home}/out.safetensors")

    assert result.exit_code == 0
    assert (tmp_path / "out.safetensors").exists()


@pytest.mark.parametrize(("written", "status"), [(b"\xef\xbb\xbfscaling: 1", 0), (b"\xffscaling: 1", 2)])
def test_recipe_may_come_from_a_pipe_that_the_shell_has_opened(tmp_path, written, status):
    zoo = zoo_called(tmp_path / "zoo", "A")
    reading, writing = os.pipe()
    os.write(writing, written)
    os.close(writing)

    result = call("merge", zoo, f"/dev/fd/{reading}", "-o", tmp_path / "out.safetensors")

    os.close(reading)
    assert result.exit_code == status, result.stderr


def test_table_keeps_its_columns_beside_a_long_name(tmp_path):
    zoo = zoo_called(tmp_path / "zoo", "long" * 1000)

    shown = call("measure", zoo, "norms").stdout.splitlines()

    assert max(map(len, shown)) < 300
    assert len({line.index("other") for line in shown if "other" in line}) <= 1
